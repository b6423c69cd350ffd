import CQColumns
import CVectorLoops
internal import Synchronization

/// The rows of a table that are left, in their order: all of a range, or a list.
///
/// Most tables keep their rows in order, and a table of millions of them should not need a list to say so.
struct RowSelection: RandomAccessCollection, Sendable {
  fileprivate enum Storage: Sendable {
    case range(Range<Int>)
    case list([Int32])
  }

  fileprivate let storage: Storage

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
    try control.elements(count) { element(self[$0]) }
  }

  /// The rows at these positions.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func at(_ positions: [Int32], _ control: RunControl) throws -> RowSelection {
    if case .range(let range) = storage, range.lowerBound == 0 { return RowSelection(positions) }
    return RowSelection(
      try control.elements(positions.count) { Int32(truncatingIfNeeded: self[Int(positions[$0])]) })
  }

  /// The rows at these positions.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func at(_ positions: RowSelection, _ control: RunControl) throws -> RowSelection {
    switch positions.storage {
    case .range(let range):
      if range == 0..<count { return self }
      if case .range(let own) = storage {
        return RowSelection(own.lowerBound + range.lowerBound..<own.lowerBound + range.upperBound)
      }
      return RowSelection(try control.elements(range.count) { Int32(truncatingIfNeeded: self[range.lowerBound + $0]) })
    case .list(let list): return try at(list, control)
    }
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

  /// The codes of the rows that are left, as wide as they are.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func picked(_ rows: RowSelection, _ control: RunControl) throws -> DictionaryCodes {
    switch self {
    case .bits8(let codes): .bits8(ColumnBuffer(try codes.gathered(rows, control)))
    case .bits16(let codes): .bits16(ColumnBuffer(try codes.gathered(rows, control)))
    case .bits32(let codes): .bits32(ColumnBuffer(try codes.gathered(rows, control)))
    }
  }

  /// What a table holds for the codes of the rows that are left.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func looked<Element: BitwiseCopyable & Sendable>(
    up table: [Element], _ rows: RowSelection, _ control: RunControl
  ) throws -> [Element] {
    switch self {
    case .bits8(let codes): try codes.looked(up: table, rows, control)
    case .bits16(let codes): try codes.looked(up: table, rows, control)
    case .bits32(let codes): try codes.looked(up: table, rows, control)
    }
  }
}

extension ColumnBuffer where Element: FixedWidthInteger {
  /// The numbers of the rows that are left, in bits that hold them all.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func gathered<Made: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ rows: RowSelection, _ control: RunControl
  ) throws -> [Made] {
    try unsafe control.written(rows.count) { positions, part in
      unsafe write(positions, of: rows, to: part) { Made(truncatingIfNeeded: $0) }
    }
  }

  /// What a table holds for the numbers of the rows that are left.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func looked<Made: BitwiseCopyable & Sendable>(
    up table: [Made], _ rows: RowSelection, _ control: RunControl
  ) throws -> [Made] {
    try unsafe control.written(rows.count) { positions, part in
      unsafe write(positions, of: rows, to: part) { table[Int(truncatingIfNeeded: $0)] }
    }
  }

  /// The smallest and the largest number of the rows that are left; nil where there are none.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func ends(of rows: RowSelection, _ control: RunControl) throws -> (low: Element, high: Element)? {
    if rows.isEmpty { return nil }
    let size = RunControl.morselRowCount
    let unitCount = (rows.count + size - 1) / size
    let ends = Mutex((low: Element.max, high: Element.min))
    try Scheduler(control.limits, isWorthwhile: unitCount > 2).run(unitCount) { unit in
      try control.check()
      var (low, high) = (Element.max, Element.min)
      let positions = unit * size..<min(rows.count, (unit + 1) * size)
      if let range = rows.range {
        let part = range.lowerBound + positions.lowerBound..<range.lowerBound + positions.upperBound
        precondition(part.lowerBound >= 0 && part.upperBound <= count, "rows lie outside the column")
        let elements = unsafe elements
        // SAFETY: checked above.
        for row in part {
          low = unsafe min(low, elements[row])
          high = unsafe max(high, elements[row])
        }
      } else {
        for position in positions {
          let value = element(rows[position])
          low = min(low, value)
          high = max(high, value)
        }
      }
      ends.withLock { $0 = (min($0.low, low), max($0.high, high)) }
    }
    return ends.withLock { $0 }
  }
}

/// Rows of a list may be far from each other in memory: so many of them are asked for before they are read.
private let rowsAhead = 32

extension ColumnBuffer {
  /// Writes what `made` gives for the values of the rows at some positions.
  ///
  /// - Precondition: `target` has as many elements.
  @inline(__always)
  func write<Made>(
    _ positions: Range<Int>, of rows: RowSelection, to target: UnsafeMutableBufferPointer<Made>,
    _ made: (Element) -> Made
  ) {
    let elements = unsafe elements
    let (count, elementCount) = (positions.count, elements.count)
    precondition(count <= target.count, "more rows than elements")
    switch rows.storage {
    case .range(let range):
      let first = range.lowerBound + positions.lowerBound
      precondition(first >= 0 && first + count <= elementCount, "rows lie outside the column")
      // SAFETY: checked above.
      for index in 0..<count { unsafe target[index] = made(elements[first &+ index]) }
    case .list(let list):
      unsafe list[positions].withUnsafeBufferPointer { listed in
        let farCount = unsafe Self.areFar(listed) ? max(0, count - rowsAhead) : 0
        for index in 0..<count {
          if index < farCount { unsafe prefetch(Int(listed[index + rowsAhead])) }
          let row = unsafe Int(listed[index])
          precondition(row >= 0 && row < elementCount, "a row lies outside the column")
          // SAFETY: checked above, and as many rows are listed as there are positions.
          unsafe target[index] = made(elements[row])
        }
      }
    }
  }

  /// Whether rows lie so far apart that it helps to say which are read soon.
  private static func areFar(_ rows: UnsafeBufferPointer<Int32>) -> Bool {
    guard let first = unsafe rows.first, let last = unsafe rows.last else { return false }
    return last < first || Int(last) - Int(first) > 8 * rows.count
  }

  /// Says that a row is read soon.
  @inline(__always)
  private func prefetch(_ row: Int) {
    // SAFETY: nothing is read.
    unsafe cq_prefetch(elements.baseAddress.map { unsafe UnsafeRawPointer($0 + row) })
  }

  /// As the subscript, which is a call for each element outside of its module.
  @inline(__always)
  func element(_ row: Int) -> Element {
    let elements = unsafe elements
    precondition(row >= 0 && row < elements.count, "a row lies outside the column")
    // SAFETY: checked above.
    return unsafe elements[row]
  }
}
