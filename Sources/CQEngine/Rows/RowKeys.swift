import CQColumns

/// A number for each row that is left, the same for rows of one group: as they lie, or put together from the values of some
/// columns whenever they are read, so that they need no memory.
struct RowKeys: Sendable {
  private enum Source: Sendable {
    case listed([UInt64])
    case digits([KeyDigit], RowSelection)
  }

  private let source: Source

  init(_ keys: [UInt64]) { source = .listed(keys) }

  /// One number for each combination of digits.
  init(_ digits: [KeyDigit], of selection: RowSelection) { source = .digits(digits, selection) }

  var count: Int {
    switch source {
    case .listed(let keys): keys.count
    case .digits(_, let selection): selection.count
    }
  }

  /// Rows whose keys are read together: these stay in the cache while the columns take turns.
  static let blockRowCount = 4_096

  /// Calls `body` with the keys of some positions, a block at a time.
  ///
  /// - Throws: `CancellationError`.
  func forEachBlock(
    of positions: Range<Int>, _ control: RunControl,
    _ body: (_ positions: Range<Int>, _ keys: UnsafeBufferPointer<UInt64>) throws -> Void
  ) throws {
    try unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: Self.blockRowCount) { space in
      for start in stride(from: positions.lowerBound, to: positions.upperBound, by: Self.blockRowCount) {
        try control.check()
        let block = start..<min(positions.upperBound, start + Self.blockRowCount)
        let keys = unsafe UnsafeMutableBufferPointer(rebasing: space[..<block.count])
        switch source {
        case .listed(let all): _ = unsafe keys.update(fromContentsOf: all[block])
        case .digits(let digits, let selection):
          unsafe keys.update(repeating: 0)
          for digit in digits { unsafe digit.add(to: keys, block, of: selection) }
        }
        try unsafe body(block, UnsafeBufferPointer(keys))
      }
    }
  }

  /// What `element` makes of the keys of all rows.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  @inline(__always)
  func mapped<Element: BitwiseCopyable & Sendable>(
    _ control: RunControl, _ element: @Sendable (UInt64) -> Element
  ) throws -> [Element] {
    let size = RunControl.morselRowCount
    let unitCount = (count + size - 1) / size
    return try unsafe [Element](writing: count) { elements in
      let elements = unsafe SharedElements(elements)
      try Scheduler(control.limits, isWorthwhile: unitCount > 2).run(unitCount) { unit in
        try unsafe forEachBlock(of: unit * size..<min(count, (unit + 1) * size), control) { positions, keys in
          let part = unsafe elements.part(positions)
          for index in 0..<keys.count { unsafe part[index] = element(keys[index]) }
        }
      }
    }
  }
}

/// What a column adds to the key of a row: a number below `radix`.
struct KeyDigit: Sendable {
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
