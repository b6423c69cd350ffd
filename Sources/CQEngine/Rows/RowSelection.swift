import CQColumns

/// The rows of a table that are left, in their order: all of a range, or a list.
///
/// Most tables keep their rows in order, and a table of millions of them should not need a list to say so.
struct RowSelection: RandomAccessCollection, Sendable {
  private enum Storage: Sendable {
    case range(Range<Int>)
    case list([Int32])
  }

  private let storage: Storage

  init(_ range: Range<Int>) { storage = .range(range) }

  init(_ rows: [Int32]) {
    guard let first = rows.first, let last = rows.last else {
      storage = .range(0..<0)
      return
    }
    let follow =
      Int(last) - Int(first) == rows.count - 1 && rows.indices.allSatisfy { Int(rows[$0]) == Int(first) + $0 }
    storage = follow ? .range(Int(first)..<Int(last) + 1) : .list(rows)
  }

  init(_ rows: [Int]) { self.init(rows.map { Int32(truncatingIfNeeded: $0) }) }

  var startIndex: Int { 0 }

  var endIndex: Int {
    switch storage {
    case .range(let range): range.count
    case .list(let rows): rows.count
    }
  }

  subscript(position: Int) -> Int {
    switch storage {
    case .range(let range):
      precondition(position >= 0 && position < range.count, "position lies outside the selection")
      return range.lowerBound + position
    case .list(let rows): return Int(rows[position])
    }
  }

  /// The range that the rows are, if they follow each other.
  var range: Range<Int>? {
    if case .range(let range) = storage { return range }
    return nil
  }

  /// The same rows as ranges, or listed.
  var rowOrder: RowOrder {
    switch storage {
    case .range(let range): .ranges(range.isEmpty ? [] : [range])
    case .list(let rows): .list(rows)
    }
  }

  /// Whether it is all rows of a table of so many, in their order.
  func isAll(of rowCount: Int) -> Bool {
    if case .range(let range) = storage { return range.lowerBound == 0 && range.upperBound == rowCount }
    return false
  }

  /// What `element` gives for each of the rows, on several threads where there are many.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  @inline(__always)
  func elements<Element: BitwiseCopyable & Sendable>(
    _ control: RunControl, _ element: @Sendable (_ row: Int) -> Element
  ) throws -> [Element] {
    switch storage {
    case .range(let range): try control.elements(range.count) { element(range.lowerBound + $0) }
    case .list(let rows): try control.elements(rows.count) { element(Int(rows[$0])) }
    }
  }

  /// Writes what `element` gives for the rows at some positions.
  ///
  /// - Precondition: `target` has as many elements.
  @inline(__always)
  func write<Element>(
    _ positions: Range<Int>, to target: UnsafeMutableBufferPointer<Element>, _ element: (_ row: Int) -> Element
  ) {
    switch storage {
    case .range(let range):
      let first = range.lowerBound + positions.lowerBound
      for index in 0..<positions.count { unsafe target[index] = element(first + index) }
    case .list(let rows):
      for (index, row) in rows[positions].enumerated() { unsafe target[index] = element(Int(row)) }
    }
  }

  /// The rows at these positions.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func at(_ positions: [Int32], _ control: RunControl) throws -> RowSelection {
    if case .range(let range) = storage, range.lowerBound == 0 { return RowSelection(positions) }
    return RowSelection(
      try control.elements(positions.count) { Int32(truncatingIfNeeded: self[Int(positions[$0])]) })
  }

  func at(_ positions: [Int]) -> RowSelection { RowSelection(positions.map { self[$0] }) }

  /// The first of them.
  func upTo(_ count: Int) -> RowSelection {
    switch storage {
    case .range(let range): RowSelection(range.prefix(count))
    case .list(let rows): RowSelection(Array(rows.prefix(count)))
    }
  }
}

extension DictionaryCodes {
  /// The codes of the rows that are left.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func gathered(_ rows: RowSelection, _ control: RunControl) throws -> [Int32] {
    switch self {
    case .bits8(let codes): try codes.gathered(rows, control)
    case .bits16(let codes): try codes.gathered(rows, control)
    case .bits32(let codes): try codes.gathered(rows, control)
    }
  }
}

extension ColumnBuffer where Element: FixedWidthInteger {
  /// The numbers of the rows that are left, all of which 32 bits hold.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  @inline(__always)
  func gathered(_ rows: RowSelection, _ control: RunControl) throws -> [Int32] {
    try rows.elements(control) { Int32(truncatingIfNeeded: element($0)) }
  }
}

extension ColumnBuffer {
  /// As the subscript, which is a call for each element outside of its module.
  @inline(__always)
  func element(_ row: Int) -> Element {
    let elements = unsafe elements
    precondition(row >= 0 && row < elements.count, "a row lies outside the column")
    // SAFETY: checked above.
    return unsafe elements[row]
  }
}
