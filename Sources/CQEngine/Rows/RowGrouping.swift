import CQColumns

/// Numbers the groups of rows that agree in some columns.
///
/// Codes of dictionaries and of members, and whole numbers that lie near each other, are digits of one number that names
/// the combination: the *key* of a row. Where there may be an array with an element for each possible key, groups are looked
/// up in it; where that would be larger than ``denseLimit`` or much larger than the rows, keys are hashed.
///
/// - Complexity: O(rows × columns); 12 bytes per row, 28 where keys are hashed.
struct RowGrouping {
  /// The budget of the array of all possible keys: 16 Mi elements, 64 MB.
  static let denseLimit = 1 << 24
  /// An array that is so much larger than the rows takes longer to clear than rows take to hash.
  private static let denseKeysPerRow = 4
  /// Fewer elements are no matter.
  private static let smallKeyCount = 1 << 16
  /// So many rows are hashed rather than looked up in an array that is not in the cache.
  private static let manyRowCount = 1 << 18
  /// Whole numbers that lie no further apart are codes.
  private static let denseSpan = 1 << 20

  let selection: RowSelection
  let control: RunControl

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func groups(_ columns: [RowInput]) throws -> RowGroups {
    if columns.isEmpty { return RowGroups(rowCount: selection.count) }
    let bytes = DealtGroups.byteCount(rowCount: selection.count)
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    if columns.count == 1, case .codes(let codes, let table) = columns[0],
      let groups = try RowGroups(inOrder: codes, of: selection, control)
    {
      control.ledger.addGrouping(possible: Double(table.count), count: groups.count, isHashed: false)
      return groups
    }
    // The bits of one column are its keys, whatever they are.
    if columns.count == 1, let keys = try plainKeys(columns[0]) {
      let groups = try RowGroups(hashing: keys, areNarrow: columns[0].isNarrow, control)
      control.ledger.addGrouping(possible: Double(groups.count), count: groups.count, isHashed: true)
      return groups
    }
    var digits: [KeyDigit] = []
    var keyCount: UInt64 = 1
    var possible = 1.0
    for column in columns {
      let digit = try self.digit(column)
      let (product, overflows) = keyCount.multipliedReportingOverflow(by: max(1, digit.radix))
      possible *= Double(max(1, digit.radix))
      if overflows {
        // What would not fit into one number is numbered by itself.
        let groups = try RowGroups(hashing: RowKeys(digits, of: selection), control)
        digits = [KeyDigit(source: .numbered(try groups.ofPosition(control)), radix: UInt64(groups.count))]
        keyCount = UInt64(max(1, groups.count)) * max(1, digit.radix)
      } else {
        keyCount = product
      }
      digits.append(digit)
    }
    let keys = RowKeys(digits, of: selection)
    let isDense =
      keyCount <= UInt64(Self.denseLimit)
      && keyCount <= UInt64(max(Self.smallKeyCount, Self.denseKeysPerRow * selection.count))
      && (keyCount <= UInt64(Self.smallKeyCount) || selection.count < Self.manyRowCount)
    let groups =
      isDense
      ? try RowGroups(keys, below: Int(keyCount), control)
      : try RowGroups(hashing: keys, areNarrow: keyCount <= 1 << 32, control)
    control.ledger.addGrouping(possible: possible, count: groups.count, isHashed: !isDense)
    return groups
  }

  // MARK: - Keys

  private var units: [Range<Int>] {
    let size = RunControl.morselRowCount
    return stride(from: 0, to: selection.count, by: size).map { $0..<min(selection.count, $0 + size) }
  }

  /// What the values of a column add to keys.
  private func digit(_ column: RowInput) throws -> KeyDigit {
    switch column {
    case .codes(let codes, let table): return KeyDigit(source: .codes(codes), radix: UInt64(table.count))
    case .members(let codes, let table): return KeyDigit(source: .members(codes), radix: UInt64(table.count))
    case .numbers(.int32(let values), nil):
      guard let span = try span(values) else { return try hashed(column) }
      return KeyDigit(source: .int32(values, lowest: Int32(span.lowerBound)), radix: UInt64(span.count))
    case .numbers(.int64(let values), nil):
      guard let span = try span(values) else { return try hashed(column) }
      return KeyDigit(source: .int64(values, lowest: Int64(span.lowerBound)), radix: UInt64(span.count))
    case .numbers, .vector, .inOrder, .groups: return try hashed(column)
    }
  }

  /// The numbers of all rows from the smallest to the largest, if they lie near each other.
  private func span<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ values: ColumnBuffer<Value>
  ) throws -> ClosedRange<Int>? {
    guard let (low, high) = try values.ends(of: selection, control) else { return nil }
    let (width, overflows) = Int(high).subtractingReportingOverflow(Int(low))
    return overflows || width >= Self.denseSpan ? nil : Int(low)...Int(high)
  }

  /// Numbers of any kind as a digit.
  private func hashed(_ column: RowInput) throws -> KeyDigit {
    let groups = try RowGroups(hashing: RowKeys(try bits(of: column)), control)
    return KeyDigit(source: .numbered(try groups.ofPosition(control)), radix: UInt64(groups.count))
  }

  /// The keys of a table that is grouped by this column alone; nil where an array with all of its codes will do.
  private func plainKeys(_ column: RowInput) throws -> RowKeys? {
    switch column {
    case .codes, .members: return nil
    case .numbers(.int32(let values), nil):
      if try span(values) != nil { return nil }
      return RowKeys([KeyDigit(source: .int32(values, lowest: 0), radix: 0)], of: selection)
    case .numbers(.int64(let values), nil):
      if try span(values) != nil { return nil }
      return RowKeys([KeyDigit(source: .int64(values, lowest: 0), radix: 0)], of: selection)
    case .numbers, .vector, .inOrder, .groups: return RowKeys(try bits(of: column))
    }
  }

  /// Numbers of any kind by their bits; cells without a number, whose values mean nothing, are groups of their own.
  private func bits(of column: RowInput) throws -> [UInt64] {
    let units = units
    return try unsafe [UInt64](writing: selection.count) { bits in
      let bits = unsafe SharedElements(bits)
      try Scheduler(control.limits, isWorthwhile: units.count > 2).run(units.count) { unit in
        for start in stride(from: units[unit].lowerBound, to: units[unit].upperBound, by: RowReader.blockRowCount) {
          try control.check()
          let positions = start..<min(units[unit].upperBound, start + RowReader.blockRowCount)
          let block = column.read(positions, of: selection)
          for (index, position) in positions.enumerated() {
            bits[position] =
              switch block.states[index] {
              // Zero and minus zero are one number.
              case .known, .estimated: (block.values[index] + 0).bitPattern
              case .withheld: (-Double.infinity).bitPattern
              case .missing: Double.infinity.bitPattern
              }
          }
        }
      }
    }
  }
}

extension RowInput {
  /// Whether it holds whole numbers of 32 bits.
  fileprivate var isNarrow: Bool {
    if case .numbers(.int32, nil) = self { true } else { false }
  }
}
