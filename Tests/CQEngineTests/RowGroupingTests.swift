import CQColumns
import CQSemantics
import Testing

@testable import CQEngine

/// Groups of rows by an array of all possible keys and by hash, against a dictionary.
@Suite struct RowGroupingTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    var name: String
    var rowCount: Int
    /// Values that each column may have.
    var cardinalities: [Int]
    /// Of the possible values of a column one in so many occurs.
    var thinning = 1
    /// The share of rows that have the first value of each column.
    var skew = 0.0
    var isHashed: Bool
    /// So many groups and rows that these are dealt out to partitions.
    var isDealt = false

    var testDescription: String { name }
  }

  static let samples = [
    Sample(name: "nothing", rowCount: 0, cardinalities: [5, 7], isHashed: false),
    Sample(name: "one row", rowCount: 1, cardinalities: [3], isHashed: false),
    Sample(name: "one group", rowCount: 300_000, cardinalities: [1, 1], isHashed: false),
    Sample(name: "dense", rowCount: 40_000, cardinalities: [51, 30, 20], isHashed: false),
    Sample(name: "sparse", rowCount: 60_000, cardinalities: [3_200, 1_057, 20], isHashed: true, isDealt: true),
    // Few keys of many rows, some, and more than an array of them is quick for.
    Sample(name: "dense, many rows", rowCount: 140_000, cardinalities: [5, 7], isHashed: false),
    Sample(
      name: "dense, many rows and groups", rowCount: 140_000, cardinalities: [150, 200], isHashed: false, isDealt: true),
    Sample(name: "wide, many rows", rowCount: 263_000, cardinalities: [1_000, 200], isHashed: true, isDealt: true),
    Sample(
      name: "more than 32 bits", rowCount: 50_000, cardinalities: [65_536, 65_536, 7], isHashed: true, isDealt: true),
    Sample(name: "codes, many rows", rowCount: 140_000, cardinalities: [3_200], isHashed: false),
    Sample(name: "few of many codes", rowCount: 140_000, cardinalities: [65_536], thinning: 500, isHashed: false),
    Sample(name: "65,536 codes", rowCount: 140_000, cardinalities: [65_536], isHashed: false, isDealt: true),
    // Half of the rows are of one group.
    Sample(name: "skewed", rowCount: 150_000, cardinalities: [3_200, 1_057], skew: 0.5, isHashed: true, isDealt: true),
    Sample(
      name: "one group of many", rowCount: 50_000, cardinalities: [400_000], thinning: 400_000, isHashed: false),
    Sample(
      name: "few groups of many", rowCount: 50_000, cardinalities: [3_200, 1_057], thinning: 500, isHashed: true),
    Sample(
      name: "few groups in several units", rowCount: 200_000, cardinalities: [3_200, 10_570], thinning: 500,
      isHashed: true),
    // More combinations than a number has bits for.
    Sample(
      name: "beyond 64 bits", rowCount: 70_000, cardinalities: [65_536, 65_536, 65_536, 65_536, 9], isHashed: true,
      isDealt: true),
  ]

  private func control(_ threads: Int, memory: Int = 4 << 30) -> RunControl {
    RunControl(cancellation: Cancellation(), limits: Limits(memory: memory, threads: threads))
  }

  /// Codes of rows, column by column.
  private func codes(_ sample: Sample, _ random: inout RandomSource) -> [[UInt32]] {
    let areFirst = (0..<sample.rowCount).map { _ in sample.skew > 0 && random.chance(sample.skew) }
    return sample.cardinalities.map { cardinality in
      let different = max(1, cardinality / sample.thinning)
      return areFirst.map { $0 ? 0 : UInt32(random.next(below: different) * (cardinality / different)) }
    }
  }

  /// The same values in all the ways in which columns lie in memory.
  private func inputs(_ sample: Sample, _ columns: [[UInt32]], _ rowCount: Int) -> [RowInput] {
    columns.enumerated().map { index, codes in
      switch index % 4 {
      case 0:
        .codes(
          DictionaryCodes.narrowest(valueCount: sample.cardinalities[index], rowCount: rowCount) { codes[$0] },
          [Double](repeating: 0, count: sample.cardinalities[index]))
      case 1: .numbers(.int32(ColumnBuffer(codes.map { Int32($0) - 70 })), states: nil)
      case 2: .members(codes.map { Int32($0) }, [Double](repeating: 0, count: sample.cardinalities[index]))
      default: .numbers(.int64(ColumnBuffer(codes.map { Int64($0) << 33 })), states: nil)
      }
    }
  }

  private func expected(_ columns: [[UInt32]], _ rows: [Int]) -> (groups: [Int], firsts: [Int32]) {
    var numberOfKey: [[UInt32]: Int] = [:]
    var firsts: [Int32] = []
    let groups = rows.enumerated().map { position, row in
      let key = columns.map { $0[row] }
      if let known = numberOfKey[key] { return known }
      numberOfKey[key] = firsts.count
      firsts.append(Int32(position))
      return firsts.count - 1
    }
    return (groups, firsts)
  }

  @Test(arguments: samples) func groupsAreThoseOfADictionary(_ sample: Sample) throws {
    var random = RandomSource(seed: sample.rowCount + sample.cardinalities.count)
    let columns = codes(sample, &random)
    let inputs = inputs(sample, columns, sample.rowCount)
    let all = Array(0..<sample.rowCount)
    for rows in [all, all.filter { $0 % 3 != 1 }.reversed()] {
      let (groups, firsts) = expected(columns, rows)
      for threads in [1, 2, 7] {
        let control = control(threads)
        let found = try RowGrouping(selection: RowSelection(rows), control: control).groups(inputs)
        #expect(found.count == firsts.count)
        #expect(found.firstPositions == firsts)
        #expect(try found.ofPosition(control).map(Int.init) == groups)
        if rows.count == all.count {
          #expect((found.dealt != nil) == sample.isDealt)
          #expect(control.ledger.groupings.map(\.isHashed) == [sample.isHashed])
          #expect(control.ledger.groupings.map(\.count) == [firsts.count])
        }
      }
    }
  }

  @Test(arguments: samples.filter(\.isDealt))
  func dealtGroupsAddUpInTheOrderOfTheirRows(_ sample: Sample) throws {
    var random = RandomSource(seed: sample.rowCount)
    let columns = codes(sample, &random)
    let (groups, firsts) = expected(columns, Array(0..<sample.rowCount))
    // Sums of numbers of very different size tell in which order they were added.
    let values = (0..<sample.rowCount).map { _ in Double(random.next(below: 1_000)) * (random.chance(0.1) ? 1e13 : 0.1)
    }
    let states = (0..<sample.rowCount).map { _ in
      random.pick([CellState.known, .known, .known, .known, .estimated, .withheld, .missing])
    }
    let rows = Vector(values: zip(values, states).map { $1.hasValue ? $0 : 0 }, states: states)
    var rowsOfGroup = [[Int]](repeating: [], count: firsts.count)
    for (row, group) in groups.enumerated() { rowsOfGroup[group].append(row) }
    for threads in [1, 2, 7] {
      let control = control(threads)
      let found = try RowGrouping(selection: RowSelection(0..<sample.rowCount), control: control)
        .groups(inputs(sample, columns, sample.rowCount))
      guard let dealt = found.dealt else {
        Issue.record("not dealt")
        return
      }
      for aggregate in [Aggregate.sum, .mean, .min, .max, .count, .countWithheld, .first, .last] {
        let result = try dealt.aggregated(aggregate, control) { block in
          Vector(values: Array(rows.values[block]), states: Array(rows.states[block]))
        }
        for (group, members) in rowsOfGroup.enumerated() {
          let wanted = Aggregation(aggregate: aggregate).combine(
            members.map { rows.values[$0] }, members.map { rows.states[$0] })
          guard result.states[group] != wanted.state || result.values[group].bitPattern != wanted.value.bitPattern
          else { continue }
          Issue.record("\(aggregate) of group \(group): \(result.values[group]), not \(wanted.value)")
          break
        }
      }
    }
  }

  /// A dictionary whose codes come in the order of their first rows numbers the groups itself.
  @Test(arguments: [(1_000, 40, 1), (140_000, 20_000, 3), (140_000, 300, 7), (70_000, 70_000, 1)])
  func codesOfADictionaryAreGroups(rows: Int, different: Int, step: Int) throws {
    let inOrder = (0..<rows).map { UInt32(min($0 / step, ($0 &* 7_919) % different)) }
    var ordered: [UInt32: UInt32] = [:]
    let codes = inOrder.map { code in
      let number = ordered[code] ?? UInt32(ordered.count)
      ordered[code] = number
      return number
    }
    // The same codes, and others that are not in order of their rows.
    for codes in [codes, codes.map { UInt32(ordered.count - 1) - $0 }] {
      let column = RowInput.codes(
        .narrowest(valueCount: ordered.count, rowCount: rows) { codes[$0] },
        [Double](repeating: 0, count: ordered.count))
      for selected in [Array(0..<rows), (0..<rows).filter { $0 % 3 != 1 }.reversed()] {
        let (groups, firsts) = expected([codes], selected)
        for threads in [1, 2, 7] {
          let control = control(threads)
          let found = try RowGrouping(selection: RowSelection(selected), control: control).groups([column])
          #expect(found.firstPositions == firsts)
          #expect(try found.ofPosition(control).map(Int.init) == groups)
          #expect((found.dealt != nil) == (selected.count >= 1 << 17 && firsts.count > 1 << 14))
        }
      }
    }
  }

  /// Few keys at first and many behind them, each once or all again.
  @Test(arguments: [1, 5_000]) func manyKeysFarDown(_ repeats: Int) throws {
    let keys = (0..<180_000).map { $0 < 150_000 ? UInt64($0 % 3) << 40 : UInt64($0 / repeats * 7) }
    let control = control(2)
    let found = try RowGroups(hashing: RowKeys(keys), control)
    var numberOfKey: [UInt64: UInt32] = [:]
    let expected = keys.map { key in
      let number = numberOfKey[key] ?? UInt32(numberOfKey.count)
      numberOfKey[key] = number
      return number
    }
    #expect(try found.ofPosition(control) == expected)
    #expect(found.count == numberOfKey.count)
    #expect((found.dealt != nil) == (repeats == 1))
  }

  /// One column of numbers far apart needs no array of codes.
  @Test func oneColumnOfWideNumbers() throws {
    let values = (0..<90_000).map { Int64($0 % 700) << 34 }
    let control = control(2)
    let columns: [RowInput] = [
      .numbers(.int64(ColumnBuffer(values)), states: nil),
      .numbers(.int32(ColumnBuffer(values.map { Int32($0 >> 34) * 3_000_000 - 5 })), states: nil),
      .numbers(.float64(ColumnBuffer(values.map { Double($0) / 3 })), states: nil),
    ]
    for column in columns {
      let found = try RowGrouping(selection: RowSelection(0..<values.count), control: control).groups([column])
      #expect(found.count == 700)
      #expect(try found.ofPosition(control) == (0..<90_000).map { UInt32($0 % 700) })
    }
  }

  @Test func groupingIsCountedAndStops() throws {
    let sample = Self.samples[4]
    var random = RandomSource(seed: 5)
    let inputs = inputs(sample, codes(sample, &random), sample.rowCount)
    #expect(throws: LimitExceeded.self) {
      try RowGrouping(selection: RowSelection(0..<sample.rowCount), control: control(2, memory: 1 << 20)).groups(inputs)
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    let cancelled = RunControl(cancellation: cancellation, limits: Limits(threads: 2))
    #expect(throws: CancellationError.self) {
      try RowGrouping(selection: RowSelection(0..<sample.rowCount), control: cancelled).groups(inputs)
    }
  }
}
