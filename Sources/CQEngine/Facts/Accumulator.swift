import CQCatalog
import CQColumns

/// The cells of one task of a scan, with the columns that fill them.
struct Accumulator: Sendable {
  private let facts: FactTable
  private let numbers: FactNumbers
  private let states: ColumnBuffer<UInt8>?
  private let control: RunControl
  let sums: PeriodSums

  /// The cells are not cleared yet: each worker clears those that it is going to add to.
  ///
  /// - Throws: ``LimitExceeded`` when the cells take more memory than is left, ``CatalogError`` when columns differ in
  ///   length.
  ///
  /// - Parameter sparseCount: Cells, where only those of some combinations of codes are wanted.
  init(_ task: CodeScan.Task, _ control: RunControl, sparseCount: Int? = nil) throws {
    facts = task.facts
    self.control = control
    numbers = try FactNumbers(facts, task.measure.name)
    states = try task.part.stateColumn.map { name throws(CatalogError) in try task.facts.bytes(name) }
    guard
      task.rows.upperBound <= numbers.count, task.rows.upperBound <= facts.activityCodes.count,
      task.rows.upperBound <= states?.count ?? Int.max
    else { throw CatalogError.damaged(dataset: facts.dataset, "its columns must be equally long") }
    sums = try Self.cells(numbers, facts, sparseCount: sparseCount, hasStates: states != nil, control)
  }

  /// Cells of the same shape without rows.
  func emptyCells() throws -> PeriodSums {
    let cells = try Self.cells(numbers, facts, sparseCount: nil, hasStates: states != nil, control)
    cells.clear(0..<facts.regions.count)
    return cells
  }

  private static func cells(
    _ numbers: FactNumbers, _ facts: FactTable, sparseCount: Int?, hasStates: Bool, _ control: RunControl
  ) throws -> PeriodSums {
    let (regions, activities) = (facts.regions.count, facts.activities.count)
    try control.ledger.reserve(
      (sparseCount ?? regions * activities) * PeriodSums.bytesPerCell(numbers, hasStates: hasStates), control.limits)
    switch numbers {
    case .int8, .uint8, .int16, .uint16, .int32:
      return .integers(
        CodeSums(
          regionCount: regions, activityCount: activities, sparseCount: sparseCount, hasStates: hasStates,
          isCleared: false))
    case .int64:
      return .wideIntegers(
        CodeSums(
          regionCount: regions, activityCount: activities, sparseCount: sparseCount, hasStates: hasStates,
          isCleared: false))
    case .float64:
      return .decimals(
        CodeSums(
          regionCount: regions, activityCount: activities, sparseCount: sparseCount, hasStates: hasStates,
          isCleared: false))
    }
  }

  /// Adds what another unit has added up.
  func merge(_ other: PeriodSums) {
    switch (sums, other) {
    case (.integers(let sums), .integers(let other)): sums.add(other)
    case (.wideIntegers(let sums), .wideIntegers(let other)): sums.add(other)
    case (.decimals(let sums), .decimals(let other)): sums.add(other)
    default: break
    }
    control.ledger.release(other.byteCount)
  }

  /// Adds rows to `cells`.
  ///
  /// Each pair of widths is its own specialised loop; the choice is made once per unit.
  func add(_ rows: Range<Int>, to cells: PeriodSums) throws {
    switch (numbers, facts.activityCodes, cells) {
    case (.int8(let values), .bits8(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int8(let values), .bits16(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int8(let values), .bits32(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.uint8(let values), .bits8(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.uint8(let values), .bits16(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.uint8(let values), .bits32(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int16(let values), .bits8(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int16(let values), .bits16(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int16(let values), .bits32(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.uint16(let values), .bits8(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.uint16(let values), .bits16(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.uint16(let values), .bits32(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int32(let values), .bits8(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int32(let values), .bits16(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int32(let values), .bits32(let codes), .integers(let cells)): try add(rows, values, codes, cells)
    case (.int64(let values), .bits8(let codes), .wideIntegers(let cells)): try add(rows, values, codes, cells)
    case (.int64(let values), .bits16(let codes), .wideIntegers(let cells)): try add(rows, values, codes, cells)
    case (.int64(let values), .bits32(let codes), .wideIntegers(let cells)): try add(rows, values, codes, cells)
    case (.float64(let values), .bits8(let codes), .decimals(let cells)): try add(rows, values, codes, cells)
    case (.float64(let values), .bits16(let codes), .decimals(let cells)): try add(rows, values, codes, cells)
    case (.float64(let values), .bits32(let codes), .decimals(let cells)): try add(rows, values, codes, cells)
    default: break
    }
  }

  @inline(__always)
  private func add<Value: FactValue, Code: FixedWidthInteger & UnsignedInteger>(
    _ rows: Range<Int>, _ values: ColumnBuffer<Value>, _ codes: ColumnBuffer<Code>, _ cells: CodeSums<Value.Sum>
  ) throws {
    guard let values = unsafe values.elements.baseAddress, let codes = unsafe codes.elements.baseAddress else { return }
    let states = unsafe self.states?.elements.baseAddress
    // SAFETY: units lie within all columns (checked in init), codes are below the count of their dictionary (checked when
    // the file was opened), and the cells have the shape of the table.
    if let runs = facts.regionRuns {
      for run in runs.indexes(of: rows) {
        let end = min(rows.upperBound, runs.ends[run])
        let first = Int(runs.codes[run]) * cells.activityCount
        var start = max(rows.lowerBound, run == 0 ? 0 : runs.ends[run - 1])
        while start < end {
          try control.check()
          let count = min(RunControl.morselRowCount, end - start)
          unsafe addRows(
            values + start, codes + start, states.map { unsafe $0 + start }, count: count, first: first, to: cells)
          start += count
        }
      }
      return
    }
    switch facts.regionCodes {
    case .bits8(let regions): try unsafe addLoose(rows, values, codes, regions, states, cells)
    case .bits16(let regions): try unsafe addLoose(rows, values, codes, regions, states, cells)
    case .bits32(let regions): try unsafe addLoose(rows, values, codes, regions, states, cells)
    }
  }

  /// Rows in no order.
  @inline(__always)
  private func addLoose<Value: FactValue, Code, Region>(
    _ rows: Range<Int>, _ values: UnsafePointer<Value>, _ codes: UnsafePointer<Code>, _ regions: ColumnBuffer<Region>,
    _ states: UnsafePointer<UInt8>?, _ cells: CodeSums<Value.Sum>
  ) throws
  where Code: FixedWidthInteger & UnsignedInteger, Region: FixedWidthInteger & UnsignedInteger {
    precondition(rows.upperBound <= regions.count, "rows lie outside the column")
    guard let regions = unsafe regions.elements.baseAddress else { return }
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      // SAFETY: as above; the regions have as many elements.
      unsafe addRows(
        values + start, codes + start, regions + start, states.map { unsafe $0 + start },
        count: min(RunControl.morselRowCount, rows.upperBound - start), to: cells)
    }
    cells.markSums()
  }

  // MARK: - Some combinations of codes

  /// Adds rows to those of the sparse ``sums`` whose numbers are in `positions`.
  ///
  /// - Parameter isOneRegion: Equal cells in a row are added up together first, as they are where codes choose the cell.
  /// - Precondition: There is a position for each row, and the rows lie within the columns.
  func add(_ rows: Range<Int>, at positions: [UInt32], isOneRegion: Bool) {
    switch (numbers, sums) {
    case (.int8(let values), .integers(let cells)): add(rows, values, positions, isOneRegion, cells)
    case (.uint8(let values), .integers(let cells)): add(rows, values, positions, isOneRegion, cells)
    case (.int16(let values), .integers(let cells)): add(rows, values, positions, isOneRegion, cells)
    case (.uint16(let values), .integers(let cells)): add(rows, values, positions, isOneRegion, cells)
    case (.int32(let values), .integers(let cells)): add(rows, values, positions, isOneRegion, cells)
    case (.int64(let values), .wideIntegers(let cells)): add(rows, values, positions, isOneRegion, cells)
    case (.float64(let values), .decimals(let cells)): add(rows, values, positions, isOneRegion, cells)
    default: break
    }
  }

  @inline(__always)
  private func add<Value: FactValue>(
    _ rows: Range<Int>, _ values: ColumnBuffer<Value>, _ positions: [UInt32], _ isOneRegion: Bool,
    _ cells: CodeSums<Value.Sum>
  ) {
    precondition(
      positions.count == rows.count && rows.upperBound <= values.count && positions.allSatisfy { $0 < cells.cellCount },
      "rows or cells lie outside")
    let states = unsafe self.states?.elements.baseAddress.map { unsafe $0 + rows.lowerBound }
    let noRegions = [UInt8](repeating: 0, count: isOneRegion ? 0 : rows.count)
    unsafe positions.withUnsafeBufferPointer { positions in
      unsafe noRegions.withUnsafeBufferPointer { regions in
        guard let positions = positions.baseAddress, let values = unsafe values.elements.baseAddress else { return }
        // SAFETY: checked above; all columns are equally long (checked in init).
        if isOneRegion {
          unsafe addRows(values + rows.lowerBound, positions, states, count: rows.count, first: 0, to: cells)
        } else if let regions = regions.baseAddress {
          unsafe addRows(values + rows.lowerBound, positions, regions, states, count: rows.count, to: cells)
        }
      }
    }
  }
}

/// A column of numbers in a type that the loops take in place.
enum FactNumbers: Sendable {
  case int8(ColumnBuffer<Int8>)
  case uint8(ColumnBuffer<UInt8>)
  case int16(ColumnBuffer<Int16>)
  case uint16(ColumnBuffer<UInt16>)
  case int32(ColumnBuffer<Int32>)
  case int64(ColumnBuffer<Int64>)
  case float64(ColumnBuffer<Double>)

  init(_ facts: FactTable, _ name: String) throws(CatalogError) {
    switch facts.columns.data(named: name) {
    case .int8(let values): self = .int8(values)
    case .uint8(let values): self = .uint8(values)
    case .int16(let values): self = .int16(values)
    case .uint16(let values): self = .uint16(values)
    default:
      switch try facts.numbers(name) {
      case .int32(let values): self = .int32(values)
      case .int64(let values): self = .int64(values)
      case .float64(let values): self = .float64(values)
      }
    }
  }

  var count: Int {
    switch self {
    case .int8(let values): values.count
    case .uint8(let values): values.count
    case .int16(let values): values.count
    case .uint16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float64(let values): values.count
    }
  }
}
