import CQColumns
import Testing

@testable import CQCatalog
@testable import CQEngine

/// Sums by code against a version that is too simple to be wrong, for every width, sorted or not, on 1, 2 and 7 threads.
struct CodeScanTests {
  private enum Values: CaseIterable { case int8, uint8, int16, uint16, int32, int64, float64 }

  private struct Table {
    var rowCount: Int
    var regionCount: Int
    var activityCount: Int
    var kind: Values
    var isSorted: Bool
    var hasStates: Bool
    /// Of the state column; nil for all of them.
    var onlyState: UInt8?
    var codeBits = 16
    /// Rows are sorted in so many parts, so that a region has a run in each.
    var partCount = 1
  }

  private struct Cell: Equatable {
    var sum = 0.0
    var estimated = 0.0
    var counts = [0, 0, 0, 0]
  }

  /// A fact table of made-up rows, and the naive sums of its only period.
  private func made(_ shape: Table, _ random: inout RandomSource) throws -> (FactTable, [Cell]) {
    var regions = (0..<shape.rowCount).map { _ in random.next(below: shape.regionCount) }
    var activities = (0..<shape.rowCount).map { _ in random.next(below: shape.activityCount) }
    if shape.isSorted {
      let parts = regions.indices.map { $0 * shape.partCount / shape.rowCount }
      let order = regions.indices.sorted {
        (parts[$0], regions[$0], activities[$0], $0) < (parts[$1], regions[$1], activities[$1], $1)
      }
      (regions, activities) = (order.map { regions[$0] }, order.map { activities[$0] })
    }
    let states = (0..<shape.rowCount).map { _ in shape.onlyState ?? UInt8(random.next(below: 4)) }
    let numbers = (0..<shape.rowCount).map { _ in random.next(below: 127) }
    let values: ColumnData =
      switch shape.kind {
      case .int8: .int8(ColumnBuffer(numbers.map { Int8($0) - 64 }))
      case .uint8: .uint8(ColumnBuffer(numbers.map { UInt8($0) }))
      case .int16: .int16(ColumnBuffer(numbers.map { Int16($0) * -257 }))
      case .uint16: .uint16(ColumnBuffer(numbers.map { UInt16($0) * 500 }))
      case .int32: .int32(ColumnBuffer(numbers.map { Int32($0) * 16_000_001 }))
      case .int64: .int64(ColumnBuffer(numbers.map { Int64($0) << 53 }))
      case .float64: .float64(ColumnBuffer(numbers.map { Double($0) * 0.25 }))
      }
    let number: (Int) -> Double = { row in
      switch values {
      case .int8(let values): Double(values[row])
      case .uint8(let values): Double(values[row])
      case .int16(let values): Double(values[row])
      case .uint16(let values): Double(values[row])
      case .int32(let values): Double(values[row])
      case .int64(let values): Double(values[row])
      case .float64(let values): values[row]
      default: .nan
      }
    }
    var cells = [Cell](repeating: Cell(), count: shape.regionCount * shape.activityCount)
    for row in 0..<shape.rowCount {
      let cell = regions[row] * shape.activityCount + activities[row]
      let state = shape.hasStates ? Int(states[row]) : 0
      cells[cell].counts[state] += 1
      if state <= 1 { cells[cell].sum += number(row) }
      if state == 1 { cells[cell].estimated += number(row) }
    }
    let activityCodes: DictionaryCodes =
      switch shape.codeBits {
      case 8: .bits8(ColumnBuffer(activities.map { UInt8($0) }))
      case 32: .bits32(ColumnBuffer(activities.map { UInt32($0) }))
      default: .bits16(ColumnBuffer(activities.map { UInt16($0) }))
      }
    let regionCodes: DictionaryCodes =
      shape.regionCount > 256
      ? .bits16(ColumnBuffer(regions.map { UInt16($0) })) : .bits8(ColumnBuffer(regions.map { UInt8($0) }))
    let fields: [ArrowTable.Field] = [
      .init(name: "year", data: .int16(ColumnBuffer([Int16](repeating: 2020, count: shape.rowCount)))),
      .init(
        name: "region", data: .dictionary(codes: regionCodes, values: (0..<shape.regionCount).map { "r\($0)" })),
      .init(
        name: "activity",
        data: .dictionary(codes: activityCodes, values: (0..<shape.activityCount).map { "a\($0)" })),
      .init(name: "value", data: values), .init(name: "state", data: .uint8(ColumnBuffer(states))),
    ]
    let table = ArrowTable(rowCount: shape.rowCount, fields: fields, metadata: [])
    return (try FactTable(table, dataset: "made"), cells)
  }

  private func scanned(_ facts: FactTable, hasStates: Bool, threads: Int) throws -> [Cell] {
    let part = MeasurePart(
      factTable: 0, periods: [2020], activityLevels: nil, stateColumn: hasStates ? "state" : nil, coverColumn: nil)
    let measure = Measure(
      name: "value", label: "", quantity: .ratio, scale: 1, additive: [.region, .activity], priceYear: nil,
      parts: [part])
    var limits = Limits()
    limits.threads = threads
    let task = CodeScan.Task(facts: facts, measure: measure, part: part, period: 2020, rows: facts.rows(of: 2020))
    let control = RunControl(cancellation: Cancellation(), limits: limits)
    switch try CodeScan(control: control).sums(of: [task])[0] {
    case .integers(let sums): return cells(sums)
    case .wideIntegers(let sums): return cells(sums)
    case .decimals(let sums): return cells(sums)
    }
  }

  private func cells<Sum>(_ sums: CodeSums<Sum>) -> [Cell] {
    if !sums.hasStates { expectTotals(sums) }
    return (0..<sums.cellCount).map { cell in
      var found = Cell()
      unsafe found.sum = sums.sums[cell].number
      if sums.hasStates {
        unsafe found.estimated = sums.estimated[cell].number
        for state in 0..<4 { unsafe found.counts[state] = Int(sums.counts[4 * cell + state]) }
      } else {
        // Whether there are rows is all that is known.
        unsafe found.counts[0] = Int(sums.isPresent[cell])
      }
      return found
    }
  }

  /// The totals of regions and activities are the sums of their cells.
  private func expectTotals<Sum>(_ sums: CodeSums<Sum>) {
    let (regions, activities) = (0..<sums.regionCount, 0..<sums.activityCount)
    func expect(_ totals: CodeSums<Sum>.Totals, _ index: Int, _ cells: [Int]) {
      let sum = cells.reduce(into: Sum.zero) { unsafe $0.add(sums.sums[$1]) }
      let found = unsafe totals.sums[index]
      #expect(found == sum || Sum.self == Double.self && (found.number - sum.number).magnitude < 1e-9 * sum.number)
      #expect(unsafe totals.isPresent[index] == (cells.map { unsafe sums.isPresent[$0] }.max() ?? 0))
    }
    for region in regions { expect(sums.regionTotals, region, activities.map { region * activities.count + $0 }) }
    for activity in activities {
      expect(sums.activityTotals, activity, regions.map { $0 * activities.count + activity })
    }
  }

  private func check(_ shape: Table, seed: Int) throws {
    var random = RandomSource(seed: seed)
    var (facts, expected) = try made(shape, &random)
    if !shape.hasStates {
      for cell in expected.indices { expected[cell].counts[0] = min(1, expected[cell].counts[0]) }
    }
    for threads in [1, 2, 7] {
      let found = try scanned(facts, hasStates: shape.hasStates, threads: threads)
      let wrong = found.indices.first { found[$0] != expected[$0] }
      #expect(wrong == nil, "\(shape), \(threads) threads: cell \(wrong ?? -1)")
    }
  }

  @Test func everyWidthGivesTheNaiveSums() throws {
    for (index, kind) in Values.allCases.enumerated() {
      for bits in [8, 16, 32] {
        for (isSorted, hasStates) in [(true, true), (true, false), (false, true), (false, false)] {
          try check(
            Table(
              rowCount: 1_500, regionCount: 5, activityCount: 23, kind: kind, isSorted: isSorted,
              hasStates: hasStates, codeBits: bits), seed: 100 * index + bits)
        }
      }
    }
  }

  @Test func edges() throws {
    let shapes = [
      Table(rowCount: 0, regionCount: 3, activityCount: 3, kind: .int32, isSorted: true, hasStates: true),
      Table(rowCount: 1, regionCount: 1, activityCount: 1, kind: .int32, isSorted: true, hasStates: false),
      Table(rowCount: 3_000, regionCount: 1, activityCount: 1, kind: .float64, isSorted: true, hasStates: false),
      Table(
        rowCount: 900, regionCount: 4, activityCount: 5, kind: .int16, isSorted: false, hasStates: true, onlyState: 2),
      Table(
        rowCount: 900, regionCount: 4, activityCount: 5, kind: .int16, isSorted: true, hasStates: true, onlyState: 3),
      // Regions with several runs; one unit, and many.
      Table(
        rowCount: 6_000, regionCount: 4, activityCount: 5, kind: .int32, isSorted: true, hasStates: false, partCount: 3),
      Table(
        rowCount: 600_000, regionCount: 4, activityCount: 5, kind: .int8, isSorted: true, hasStates: false, partCount: 2
      ),
      // 65,536 cells, most of them without a row.
      Table(rowCount: 30_000, regionCount: 256, activityCount: 256, kind: .int32, isSorted: false, hasStates: false),
      Table(rowCount: 30_000, regionCount: 512, activityCount: 128, kind: .uint16, isSorted: true, hasStates: false),
    ]
    for (index, shape) in shapes.enumerated() { try check(shape, seed: index) }
  }

  /// Enough rows for several units: those of sorted rows have their cells to themselves, the others are put together.
  @Test func manyUnitsGiveTheSameBits() throws {
    for (index, isSorted) in [true, false].enumerated() {
      for kind in [Values.int32, .float64] {
        try check(
          Table(
            rowCount: 700_000, regionCount: 40, activityCount: 60, kind: kind, isSorted: isSorted, hasStates: false),
          seed: index)
      }
    }
  }

  /// Sums of doubles that are not exact in any order still have the same bits for any number of threads.
  @Test func inexactSumsDoNotDependOnThreads() throws {
    var random = RandomSource(seed: 5)
    let count = 600_000
    let activities = (0..<count).map { _ in UInt16(random.next(below: 50)) }
    let values = (0..<count).map { _ in 1 / Double(1 + random.next(below: 1_000_000)) }
    for isSorted in [true, false] {
      let regions = (0..<count).map { UInt8(isSorted ? $0 * 30 / count : ($0 &* 7_919) % 30) }
      let fields: [ArrowTable.Field] = [
        .init(name: "year", data: .int16(ColumnBuffer([Int16](repeating: 2020, count: count)))),
        .init(
          name: "region", data: .dictionary(codes: .bits8(ColumnBuffer(regions)), values: (0..<30).map { "r\($0)" })),
        .init(
          name: "activity",
          data: .dictionary(codes: .bits16(ColumnBuffer(activities)), values: (0..<50).map { "a\($0)" })),
        .init(name: "value", data: .float64(ColumnBuffer(values))),
      ]
      let facts = try FactTable(ArrowTable(rowCount: count, fields: fields, metadata: []), dataset: "made")
      let first = try scanned(facts, hasStates: false, threads: 1)
      for threads in [2, 7] {
        let found = try scanned(facts, hasStates: false, threads: threads)
        #expect(found.map(\.sum.bitPattern) == first.map(\.sum.bitPattern), "\(threads) threads, sorted: \(isSorted)")
      }
    }
  }

  /// A cell has rows although they come to 0, whether they are 0 or cancel each other; and a cell without has none.
  @Test(arguments: [1, 50, 70_000])
  func cellsThatComeToNothingHaveRows(rowsOfCell: Int) throws {
    // By cell: rows of 0, rows that cancel each other, rows above 0, none, all the same.
    let patterns: [(Int) -> Int32?] = [
      { _ in 0 }, { $0 % 2 == 0 ? 9 : -9 }, { Int32($0 + 1) }, { _ in nil }, { _ in 7 },
    ]
    var rows: [(cell: Int, value: Int32)] = []
    for row in 0..<(rowsOfCell + 1) / 2 * 2 {
      for cell in patterns.indices { if let value = patterns[cell](row) { rows.append((cell, value)) } }
    }
    for isSorted in [true, false] {
      let ordered = isSorted ? rows.sorted { $0.cell < $1.cell } : rows
      // The first three cells are of one region, the others of the next.
      let fields: [ArrowTable.Field] = [
        .init(name: "year", data: .int16(ColumnBuffer([Int16](repeating: 2020, count: rows.count)))),
        .init(
          name: "region",
          data: .dictionary(codes: .bits16(ColumnBuffer(ordered.map { UInt16($0.cell / 3) })), values: ["r0", "r1"])),
        .init(
          name: "activity",
          data: .dictionary(
            codes: .bits8(ColumnBuffer(ordered.map { UInt8($0.cell % 3) })), values: ["a0", "a1", "a2"])),
        .init(name: "value", data: .int32(ColumnBuffer(ordered.map(\.value)))),
      ]
      let facts = try FactTable(ArrowTable(rowCount: rows.count, fields: fields, metadata: []), dataset: "made")
      for threads in [1, 2, 7] {
        let found = try scanned(facts, hasStates: false, threads: threads)
        #expect(found.map { $0.counts[0] } == [1, 1, 1, 0, 1, 0], "\(threads) threads, sorted: \(isSorted)")
        let sums = (0..<6).map { cell in rows.reduce(0) { $1.cell == cell ? $0 + Double($1.value) : $0 } }
        #expect(found.map(\.sum) == sums)
      }
    }
  }

  @Test func memoryAndCancellationStopAScan() throws {
    var random = RandomSource(seed: 1)
    let shape = Table(
      rowCount: 2_000, regionCount: 100, activityCount: 100, kind: .int32, isSorted: false, hasStates: false)
    let (facts, _) = try made(shape, &random)
    let part = MeasurePart(factTable: 0, periods: [2020], activityLevels: nil, stateColumn: nil, coverColumn: nil)
    let measure = Measure(
      name: "value", label: "", quantity: .ratio, scale: 1, additive: [.region], priceYear: nil, parts: [part])
    let task = CodeScan.Task(facts: facts, measure: measure, part: part, period: 2020, rows: facts.rows(of: 2020))
    let small = RunControl(cancellation: Cancellation(), limits: Limits(memory: 50_000))
    #expect(throws: LimitExceeded.memory(needed: 90_000, limit: 50_000)) {
      try CodeScan(control: small).sums(of: [task])
    }
    let cancellation = Cancellation()
    cancellation.cancel()
    let stopped = RunControl(cancellation: cancellation, limits: Limits())
    #expect(throws: CancellationError.self) { try CodeScan(control: stopped).sums(of: [task]) }
  }

  @Test func sumsAreKeptWithinTheirBoundAndForgottenWithTheirTable() throws {
    var random = RandomSource(seed: 2)
    let shape = Table(
      rowCount: 100, regionCount: 10, activityCount: 100, kind: .int32, isSorted: true, hasStates: false)
    // 9,000 bytes of sums each; a quarter of the bound is the most that one may take.
    let cache = SumCache(byteLimit: 40_000)
    var tables: [FactTable] = []
    for period in 0..<6 {
      let (facts, _) = try made(shape, &random)
      tables.append(facts)
      let sums = PeriodSums.integers(CodeSums(regionCount: 10, activityCount: 100, hasStates: false))
      cache.insert(SumsByCode(sums), for: SumCache.Key(facts, "value", period), of: facts)
    }
    #expect(cache.byteCount == 36_000)
    #expect(cache.sums(SumCache.Key(tables[0], "value", 0)) == nil)
    #expect(cache.sums(SumCache.Key(tables[5], "value", 5)) != nil)
    #expect(cache.sums(SumCache.Key(tables[5], "other", 5)) == nil)
    let key = SumCache.Key(tables[5], "value", 5)
    tables = []
    #expect(cache.sums(key) == nil)
    let large = PeriodSums.integers(CodeSums(regionCount: 100, activityCount: 100, hasStates: false))
    let (facts, _) = try made(shape, &random)
    cache.insert(SumsByCode(large), for: SumCache.Key(facts, "value", 9), of: facts)
    #expect(cache.sums(SumCache.Key(facts, "value", 9)) == nil)
  }
}
