import CQCatalog
import CQColumns
import CQSource
import CQSyntax
import Testing

@testable import CQEngine
@testable import CQPlan
@testable import CQSemantics

/// Ranks, first rows, pivots and joins of a table of a file, held against versions of ten lines, for 1 and 3 threads.
@Suite struct FileVerbsTests {
  /// A column of texts, a year and a number.
  struct Sample: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let names: [String]
    let years: [Int32]
    let numbers: [Double?]

    var count: Int { names.count }

    var table: ImportedTable {
      let different = Array(Set(names)).sorted()
      let codes = Dictionary(uniqueKeysWithValues: different.enumerated().map { ($1, UInt32($0)) })
      let columns = [
        FileTable.Column(
          name: "name",
          values: .texts(
            codes: .narrowest(valueCount: different.count, rowCount: count) { codes[names[$0]] ?? 0 }, values: different
          )),
        FileTable.Column(name: "period", values: .numbers(.int32(ColumnBuffer(years)))),
        FileTable.Column(
          name: "x", values: .numbers(.float64(ColumnBuffer(numbers.map { $0 ?? 0 }))),
          states: ColumnBuffer(numbers.map { $0 == nil ? CellState.missing.rawValue : 0 })),
      ]
      return ImportedTable(
        path: "t", names: columns.map(\.name), columns: columns.map { .stored($0, isPeriod: false) }, rowCount: count)
    }
  }

  static func sample(
    _ name: String, _ count: Int, _ text: (Int) -> String, _ number: (inout RandomSource) -> Double?
  ) -> Sample {
    var random = RandomSource(seed: count)
    let rows = (0..<count).map { _ in Int.random(in: 0..<max(1, count), using: &random) }
    return Sample(
      testDescription: name, names: rows.map(text),
      years: (0..<count).map { _ in Int32.random(in: 2001...2004, using: &random) },
      numbers: (0..<count).map { _ in number(&random) })
  }

  static let samples = [
    sample("empty", 0, { "\($0)" }, { _ in 1 }),
    sample("one row", 1, { "\($0)" }, { _ in 1 }),
    sample("all equal", 3_000, { _ in "same" }, { _ in 7 }),
    sample("all missing", 500, { "\($0 % 9)" }, { _ in nil }),
    sample("65,536 texts", 66_000, { "text \($0 % 65_536)" }, { Double.random(in: 0..<50, using: &$0).rounded() }),
    sample(
      "long and foreign texts", 2_000,
      {
        ["Łódź ", "Zürich ", "ávila ", "日本 ", "e\u{301} "][$0 % 5] + String(repeating: "é", count: $0 % 90)
          + "\($0 % 300)"
      },
      { $0.chance(0.3) ? nil : Double.random(in: -1...1, using: &$0) }),
  ]

  private static let number = ValueType.number(.ratio)
  private static let types: [ValueType] = [.text, number, number]

  private func run(
    _ sample: Sample, _ stages: [QueryPlan.Stage], added: [ValueType] = [], visible: [Int], threads: Int? = nil,
    other: Table = Table(columns: [])
  ) throws -> Table {
    let types = Self.types + added
    let query = TypedQuery(
      source: .imported(sample.table), stages: [],
      visible: visible.map { VisibleColumn(name: "c\($0)", column: $0, type: types[$0]) }, title: [], notes: [],
      span: .init(0, 0))
    let plan = QueryPlan(
      query: query, grids: [], requests: [], reductions: [], bounds: [], formulas: [], stages: stages, texts: [],
      rowRequests: [], baseRequests: [])
    let rows = RowTable(
      sample.table, plan, try RandomWorld(seed: 1).catalog(),
      RunControl(cancellation: Cancellation(), limits: Limits(threads: threads)), runOther: { _ in other })
    return try rows.finished(title: [], notes: [])
  }

  private func numbers(_ table: Table, _ column: Int) -> [Double?] {
    guard case .numbers(let values, let states, _) = table.columns[column].values else { return [] }
    return zip(values, states).map { $1.hasValue ? $0 : nil }
  }

  private func texts(_ table: Table, _ column: Int) -> [String] {
    if case .texts(let texts) = table.columns[column].values { return Array(texts) }
    return []
  }

  private func load(_ column: Int) -> Formula {
    Formula(inputs: [.column(column)], instructions: [.load(0)], depth: 1)
  }

  // MARK: - Order

  @Test(arguments: samples) func textsAreSortedByTheirLettersAndKeepTheirOrder(_ sample: Sample) throws {
    let folded = sample.names.map { fold($0) }
    for isDescending in [false, true] {
      let order = sample.names.indices.sorted { lhs, rhs in
        if folded[lhs] == folded[rhs] { return lhs < rhs }
        return isDescending ? folded[lhs] > folded[rhs] : folded[lhs] < folded[rhs]
      }
      for threads in [1, 3] {
        let table = try run(sample, [.sort([(load(0), isDescending)])], visible: [0, 1, 2], threads: threads)
        #expect(texts(table, 0) == order.map { sample.names[$0] })
        #expect(numbers(table, 1) == order.map { Double(sample.years[$0]) })
        #expect(numbers(table, 2) == order.map { sample.numbers[$0] })
      }
    }
  }

  @Test(arguments: samples) func aRankCountsLargerNumbersOfTheGroup(_ sample: Sample) throws {
    for groups in [[], [1], [0, 1]] {
      var members: [String: [Double]] = [:]
      let keys = sample.names.indices.map { row in
        groups.map { $0 == 0 ? sample.names[row] : "\(sample.years[row])" }.joined(separator: "\t")
      }
      for row in sample.names.indices {
        if let number = sample.numbers[row] { members[keys[row], default: []].append(number) }
      }
      var first: [String: [Double: Double]] = [:]
      for (key, numbers) in members {
        for (place, number) in numbers.sorted(by: >).enumerated() where first[key]?[number] == nil {
          first[key, default: [:]][number] = Double(place + 1)
        }
      }
      let expected = sample.names.indices.map { row in sample.numbers[row].flatMap { first[keys[row]]?[$0] } }
      for threads in [1, 3] {
        let table = try run(
          sample, [.rank(load(2), groups: groups)], added: [Self.number], visible: [3], threads: threads)
        #expect(numbers(table, 0) == expected, "\(groups), \(threads) threads")
      }
    }
  }

  @Test(arguments: samples) func theFirstRowsAreThoseOfASortWithTheirTies(_ sample: Sample) throws {
    for largest in [true, false] {
      let order = sample.names.indices.sorted { lhs, rhs in
        guard let left = sample.numbers[lhs], let right = sample.numbers[rhs] else {
          return sample.numbers[lhs] == nil && sample.numbers[rhs] == nil ? lhs < rhs : sample.numbers[lhs] != nil
        }
        return left == right ? lhs < rhs : largest ? left > right : left < right
      }
      for count in [0, 1, 10, 1_500, sample.count, sample.count + 1] {
        var end = min(count, order.count)
        while end > 0, end < order.count, let last = sample.numbers[order[end - 1]], last == sample.numbers[order[end]]
        {
          end += 1
        }
        for threads in [1, 3] {
          let table = try run(
            sample, [.top(count, by: load(2), largest: largest)], visible: [0, 2], threads: threads)
          #expect(texts(table, 0) == order[..<end].map { sample.names[$0] }, "top \(count)")
          #expect(numbers(table, 1) == order[..<end].map { sample.numbers[$0] }, "top \(count)")
          #expect(table.notes.contains { $0.code == "N0505" } == (end > count))
        }
      }
    }
  }

  @Test(arguments: [1, 5_000]) func theFirstOfManyRowsAreFoundWithASample(_ count: Int) throws {
    // All large numbers lie together, where a sample of the rows may miss them.
    for (name, number) in [
      ("apart", { ($0 &* 7_919) % 140_001 }), ("together", { $0 < 6_000 ? 1_000_000 + $0 : $0 % 10 }),
      ("few different", { $0 % 3 }),
    ] as [(String, (Int) -> Int)] {
      let values = (0..<140_000).map { Double(number($0)) }
      let sample = Sample(
        testDescription: name, names: values.map { _ in "" }, years: values.map { _ in 2001 },
        numbers: values.map { $0 })
      let last = values.sorted(by: >)[count - 1]
      let expected = values.filter { $0 >= last }.sorted(by: >)
      let table = try run(sample, [.top(count, by: load(2), largest: true)], visible: [2], threads: 3)
      #expect(numbers(table, 0) == expected, "\(name)")
    }
  }

  @Test(arguments: samples) func columnsMadeBehindAConditionAreThoseOfItsRows(_ sample: Sample) throws {
    let more = Formula(
      inputs: [.column(2)], instructions: [.load(0), .constant(1, .known), .arithmetic(.add)], depth: 2)
    let isSmall = Formula(
      inputs: [.column(2)], instructions: [.load(0), .constant(6, .known), .compare(.less)], depth: 2)
    let isLate = Formula(
      inputs: [.column(1)], instructions: [.load(0), .constant(2001, .known), .compare(.greater)], depth: 2)
    let double = Formula(inputs: [.column(3)], instructions: [.load(0), .load(0), .arithmetic(.add)], depth: 2)
    let kept = sample.names.indices.filter { (sample.numbers[$0] ?? 9) < 6 }
    let sorted = kept.filter { sample.years[$0] > 2001 }.sorted { lhs, rhs in
      let (one, two) = (sample.numbers[lhs] ?? 0, sample.numbers[rhs] ?? 0)
      return one == two ? lhs < rhs : one > two
    }
    let groups = Dictionary(grouping: sorted.enumerated(), by: { sample.names[$0.element] })
    let firsts = groups.values.map { ($0[0].offset, $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    let size = RowAggregate(aggregate: .count, formula: load(2), groups: [0])
    let counted = QueryPlan.Stage.derive(
      Formula(inputs: [.rowAggregate(size)], instructions: [.load(0)], depth: 1), Self.number)
    for threads in [1, 3] {
      let stages: [QueryPlan.Stage] = [
        .filter(isSmall), .derive(more, Self.number), .filter(isLate), .sort([(load(2), true)]),
        .derive(double, Self.number),
      ]
      let added = [Self.number, Self.number, Self.number]
      let table = try run(sample, stages, added: added, visible: [0, 1, 2, 3, 4], threads: threads)
      #expect(texts(table, 0) == sorted.map { sample.names[$0] })
      #expect(numbers(table, 1) == sorted.map { Double(sample.years[$0]) })
      #expect(numbers(table, 2) == sorted.map { sample.numbers[$0] })
      #expect(numbers(table, 3) == sorted.map { sample.numbers[$0].map { $0 + 1 } })
      #expect(numbers(table, 4) == sorted.map { sample.numbers[$0].map { 2 * ($0 + 1) } })
      // The groups of these rows, of which few are shown in the end.
      let few = try run(
        sample, stages + [counted, .collapse(groups: [0]), .first(7)], added: added, visible: [0, 1, 3, 5],
        threads: threads)
      #expect(texts(few, 0) == firsts.prefix(7).map { sample.names[$0[0].element] })
      #expect(numbers(few, 1) == firsts.prefix(7).map { Double(sample.years[$0[0].element]) })
      #expect(numbers(few, 2) == firsts.prefix(7).map { sample.numbers[$0[0].element].map { $0 + 1 } })
      #expect(numbers(few, 3) == firsts.prefix(7).map { Double($0.count) })
    }
  }

  // MARK: - Other tables

  @Test(arguments: samples) func aJoinByOneTextFindsItsRow(_ sample: Sample) throws {
    let different = Array(Set(sample.names.map { fold($0) })).sorted()
    for known in [different, different.filter { $0.count % 2 == 0 || $0 == different[0] }, []] {
      let other = Table(columns: [
        TableColumn(name: "name", values: .texts(TableTexts(known.map { $0.uppercased() }))),
        TableColumn(
          name: "y",
          values: .numbers(
            known.indices.map { Double($0) }, states: known.indices.map { $0 % 5 == 3 ? .estimated : .known },
            quantity: .ratio)), TableColumn(name: "z", values: .texts(TableTexts(known.map { "\($0)!" }))),
      ])
      let rows = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, $0) })
      let expected = sample.names.map { rows[fold($0)] }
      let isEarly = Formula(
        inputs: [.column(1)], instructions: [.load(0), .constant(2004, .known), .compare(.less)], depth: 2)
      for threads in [1, 3] {
        for (keep, before) in [
          (JoinKeep.left, []), (.matched, []), (.left, [QueryPlan.Stage.filter(isEarly)]),
        ] {
          let table = try run(
            sample,
            before + [.join(try plan(sample, keyCount: 1), on: [(mine: 0, theirs: 0)], added: [1, 2], keep: keep)],
            added: [Self.number, .text], visible: [0, 3, 4], threads: threads, other: other)
          let left = expected.indices.filter { row in
            (before.isEmpty || sample.years[row] < 2004) && (keep == .left || expected[row] != nil)
          }
          #expect(texts(table, 0) == left.map { sample.names[$0] })
          #expect(numbers(table, 1) == left.map { expected[$0].map { Double($0) } })
          #expect(texts(table, 2) == left.map { expected[$0].map { "\(known[$0])!" } ?? "–" })
          let unmatched = expected.indices.filter { (before.isEmpty || sample.years[$0] < 2004) && expected[$0] == nil }
          #expect(table.notes.contains { $0.code == "N0506" } == !unmatched.isEmpty)
        }
      }
    }
  }

  private func plan(_ sample: Sample, keyCount: Int) throws -> QueryPlan {
    let types = Self.types.prefix(keyCount) + [Self.number, .text]
    return QueryPlan(
      query: TypedQuery(
        source: .imported(sample.table), stages: [],
        visible: types.enumerated().map { VisibleColumn(name: "c\($0)", column: $0, type: $1) }, title: [],
        notes: [], span: .init(0, 0)), grids: [], requests: [], reductions: [], bounds: [], formulas: [], stages: [],
      texts: [], rowRequests: [], baseRequests: [])
  }

  @Test(arguments: samples) func aPivotPutsTheLastNumberUnderItsYear(_ sample: Sample) throws {
    var order: [String] = []
    var cells: [String: [Int32: Double?]] = [:]
    for row in sample.names.indices {
      if cells[sample.names[row]] == nil { order.append(sample.names[row]) }
      cells[sample.names[row], default: [:]][sample.years[row]] = sample.numbers[row]
    }
    // 2004 is no column, and nothing is of 2005.
    let years = [2003, 2001, 2005]
    let stage = QueryPlan.Stage.pivot(key: 1, keys: years.map { .year($0) }, values: [2], groups: [0])
    for threads in [1, 3] {
      let table = try run(
        sample, [stage], added: years.map { _ in Self.number }, visible: [0, 3, 4, 5], threads: threads)
      #expect(texts(table, 0) == order)
      for (index, year) in years.enumerated() where index + 1 < table.columns.count {
        #expect(numbers(table, index + 1) == order.map { cells[$0]?[Int32(year)] ?? nil }, "\(year)")
      }
    }
  }

  @Test(arguments: samples) func aJoinFindsTheRowWithTheSameTextAndYear(_ sample: Sample) throws {
    // Every second text, in capitals, with the first two years.
    let different = Array(Set(sample.names.map { fold($0) })).sorted()
    let known = different.enumerated().filter { $0.offset % 2 == 0 }.map { $0.element.uppercased() }
    let keys = known.flatMap { [($0, 2001 as Int32), ($0, 2002 as Int32)] }
    let other = Table(columns: [
      TableColumn(name: "name", values: .texts(TableTexts(keys.map(\.0)))),
      TableColumn(name: "period", values: .periods(keys.map(\.1))),
      TableColumn(
        name: "y",
        values: .numbers(
          keys.indices.map { Double($0) }, states: keys.map { _ in .known }, quantity: .ratio)),
    ])
    var rows: [String: Double] = [:]
    for (row, key) in keys.enumerated() { rows["\(fold(key.0))\t\(key.1)"] = Double(row) }
    let expected = sample.names.indices.map { rows["\(fold(sample.names[$0]))\t\(sample.years[$0])"] }
    let plan = QueryPlan(
      query: TypedQuery(
        source: .imported(sample.table), stages: [],
        visible: Self.types.enumerated().map { VisibleColumn(name: "c\($0)", column: $0, type: $1) }, title: [],
        notes: [], span: .init(0, 0)), grids: [], requests: [], reductions: [], bounds: [], formulas: [], stages: [],
      texts: [], rowRequests: [], baseRequests: [])
    for threads in [1, 3] {
      let on = [(mine: 0, theirs: 0), (mine: 1, theirs: 1)]
      let left = try run(
        sample, [.join(plan, on: on, added: [2], keep: .left)], added: [Self.number], visible: [0, 3],
        threads: threads, other: other)
      #expect(numbers(left, 1) == expected)
      let matched = try run(
        sample, [.join(plan, on: on, added: [2], keep: .matched)], added: [Self.number], visible: [0, 3],
        threads: threads, other: other)
      #expect(texts(matched, 0) == expected.indices.filter { expected[$0] != nil }.map { sample.names[$0] })
      #expect(numbers(matched, 1) == expected.filter { $0 != nil })
    }
  }
}
