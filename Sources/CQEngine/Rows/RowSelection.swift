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
