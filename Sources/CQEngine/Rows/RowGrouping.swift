import CQColumns
internal import Synchronization

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
  /// Whole numbers that lie no further apart are codes.
  private static let denseSpan = 1 << 20

  let selection: RowSelection
  let control: RunControl

  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func groups(_ columns: [RowInput]) throws -> RowGroups {
    if columns.isEmpty { return RowGroups(rowCount: selection.count) }
    let bytes = HashGroups.byteCount(rowCount: selection.count)
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    // The bits of one column are its keys, whatever they are.
    if columns.count == 1, let bits = try bits(columns[0]) {
      let groups = try RowGroups(hashing: bits, control)
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
        let groups = try RowGroups(hashing: try keys(digits), control)
        digits = [KeyDigit(source: .numbered(try groups.ofPosition(control)), radix: UInt64(groups.count))]
        keyCount = UInt64(max(1, groups.count)) * max(1, digit.radix)
      } else {
        keyCount = product
      }
      digits.append(digit)
    }
    let keys = try keys(digits)
    let isDense =
      keyCount <= UInt64(Self.denseLimit)
      && keyCount <= UInt64(max(Self.smallKeyCount, Self.denseKeysPerRow * selection.count))
    let groups =
      isDense
      ? try RowGroups(keys, below: Int(keyCount), control) : try RowGroups(hashing: keys, control)
    control.ledger.addGrouping(possible: possible, count: groups.count, isHashed: !isDense)
    return groups
  }

  // MARK: - Keys

  /// One number for each combination of digits.
  private func keys(_ digits: [KeyDigit]) throws -> [UInt64] {
    let units = units
    return try unsafe [UInt64](writing: selection.count) { keys in
      let keys = unsafe SharedElements(keys)
      try Scheduler(control.limits, isWorthwhile: units.count > 2).run(units.count) { unit in
        // So many that the keys stay in the cache while the columns take turns.
        for start in stride(from: units[unit].lowerBound, to: units[unit].upperBound, by: RowReader.blockRowCount) {
          try control.check()
          let positions = start..<min(units[unit].upperBound, start + RowReader.blockRowCount)
          let part = unsafe keys.part(positions)
          unsafe part.update(repeating: 0)
          for digit in digits { unsafe digit.add(to: part, positions, of: selection) }
        }
      }
    }
  }

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
    let units = units
    let ends = Mutex((low: Int.max, high: Int.min))
    try Scheduler(control.limits, isWorthwhile: units.count > 2).run(units.count) { unit in
      try control.check()
      var (low, high) = (Value.max, Value.min)
      let elements = unsafe values.elements
      if let rows = selection.range {
        let first = rows.lowerBound + units[unit].lowerBound
        precondition(first >= 0 && first + units[unit].count <= elements.count, "rows lie outside the column")
        // SAFETY: checked above.
        for row in first..<first + units[unit].count {
          low = unsafe min(low, elements[row])
          high = unsafe max(high, elements[row])
        }
      } else {
        for position in units[unit] {
          let value = values[selection[position]]
          low = min(low, value)
          high = max(high, value)
        }
      }
      if low <= high { ends.withLock { $0 = (min($0.low, Int(low)), max($0.high, Int(high))) } }
    }
    let (low, high) = ends.withLock { $0 }
    let (width, overflows) = high.subtractingReportingOverflow(low)
    guard low <= high, !overflows, width < Self.denseSpan else { return nil }
    return low...high
  }

  /// Numbers of any kind as a digit.
  private func hashed(_ column: RowInput) throws -> KeyDigit {
    let groups = try RowGroups(hashing: try bits(of: column), control)
    return KeyDigit(source: .numbered(try groups.ofPosition(control)), radix: UInt64(groups.count))
  }

  /// The keys of a table that is grouped by this column alone; nil where an array with all of its codes will do.
  private func bits(_ column: RowInput) throws -> [UInt64]? {
    switch column {
    case .codes, .members: return nil
    case .numbers(.int32(let values), nil):
      return try span(values) == nil ? try keys([KeyDigit(source: .int32(values, lowest: 0), radix: 0)]) : nil
    case .numbers(.int64(let values), nil):
      return try span(values) == nil ? try keys([KeyDigit(source: .int64(values, lowest: 0), radix: 0)]) : nil
    case .numbers, .vector, .inOrder, .groups: return try bits(of: column)
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

/// What a column adds to the key of a row: a number below `radix`.
private struct KeyDigit: Sendable {
  enum Source: Sendable {
    /// By the row of the table.
    case codes(DictionaryCodes)
    case members([Int32])
    case int32(ColumnBuffer<Int32>, lowest: Int32)
    case int64(ColumnBuffer<Int64>, lowest: Int64)
    /// By the position of the row among those that are left.
    case numbered([UInt32])
  }

  let source: Source
  let radix: UInt64

  /// Makes each key of the rows at `positions` a number of one more digit.
  ///
  /// - Precondition: `keys` has as many elements.
  func add(to keys: UnsafeMutableBufferPointer<UInt64>, _ positions: Range<Int>, of selection: RowSelection) {
    switch source {
    case .codes(.bits8(let codes)): unsafe add(codes.elements, to: keys, positions, selection) { UInt64($0) }
    case .codes(.bits16(let codes)): unsafe add(codes.elements, to: keys, positions, selection) { UInt64($0) }
    case .codes(.bits32(let codes)): unsafe add(codes.elements, to: keys, positions, selection) { UInt64($0) }
    case .int32(let values, let lowest):
      unsafe add(values.elements, to: keys, positions, selection) { UInt64(UInt32(bitPattern: $0 &- lowest)) }
    case .int64(let values, let lowest):
      unsafe add(values.elements, to: keys, positions, selection) { UInt64(bitPattern: $0 &- lowest) }
    case .members(let codes):
      unsafe codes.withUnsafeBufferPointer { codes in
        unsafe add(codes, to: keys, positions, selection) { UInt64(UInt32(bitPattern: $0)) }
      }
    case .numbered(let numbers):
      unsafe numbers.withUnsafeBufferPointer { numbers in
        unsafe add(numbers, to: keys, positions, RowSelection(0..<numbers.count)) { UInt64($0) }
      }
    }
  }

  @inline(__always)
  private func add<Element>(
    _ elements: UnsafeBufferPointer<Element>, to keys: UnsafeMutableBufferPointer<UInt64>, _ positions: Range<Int>,
    _ selection: RowSelection, _ digit: (Element) -> UInt64
  ) {
    let elementCount = elements.count
    let keyCount = keys.count
    precondition(positions.count == keyCount, "as many keys as rows")
    if let rows = selection.range {
      let first = rows.lowerBound + positions.lowerBound
      precondition(first >= 0 && first + positions.count <= elementCount, "rows lie outside the column")
      // SAFETY: checked above.
      for index in 0..<positions.count { unsafe keys[index] = keys[index] &* radix &+ digit(elements[first + index]) }
    } else {
      for index in 0..<positions.count {
        let row = selection[positions.lowerBound + index]
        precondition(row >= 0 && row < elementCount, "a row lies outside the column")
        unsafe keys[index] = keys[index] &* radix &+ digit(elements[row])
      }
    }
  }
}
