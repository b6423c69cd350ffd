import CQColumns

/// A column of a file of which only few rows are wanted: those with a number up to some rank. It is read in place, many rows
/// at a time; most have none that is wanted, and are never looked at one by one.
struct RankedColumn: Sendable {
  /// Rows that are looked at together.
  private static let stripRowCount = 256

  private let values: NumberValues
  private let states: ColumnBuffer<UInt8>?
  private let rows: Range<Int>
  private let isDescending: Bool
  private let last: Double

  /// - Parameter last: The rank of the last number that is wanted.
  /// - Returns: nil where the reader does more than to read a column, or the rows do not follow each other, or every number is
  ///   wanted.
  init?(_ reader: RowReader, upTo last: UInt64, isDescending: Bool) {
    guard case .numbers(let values, let states)? = reader.column, let rows = reader.selection.range else { return nil }
    let last = SortKey.value(ofRank: last, isDescending: isDescending)
    guard last.isFinite else { return nil }
    self.last = last
    self.values = values
    self.states = states
    self.rows = rows
    self.isDescending = isDescending
  }

  /// The rows at these positions that are wanted, with their numbers.
  func rows(_ positions: Range<Int>) -> FoundRows {
    switch values {
    case .int32(let values):
      return isDescending
        ? found(values, positions, from: Int32(rounded: last, .up), to: .max)
        : found(values, positions, from: .min, to: Int32(rounded: last, .down))
    case .int64(let values):
      // A 64-bit number is compared as the double that it is read as.
      return found(positions, { Double(values.element($0)) }) { Double(unsafe values.elements[$0]) }
    case .float64(let values): return found(positions, { values.element($0) }) { unsafe values.elements[$0] }
    }
  }

  private func found(
    _ values: ColumnBuffer<Int32>, _ positions: Range<Int>, from first: Int32?, to last: Int32?
  ) -> FoundRows {
    var found = FoundRows()
    guard let first, let last else { return found }
    strips(positions, values.count) { strip in
      var count: Int32 = 0
      let part = unsafe UnsafeBufferPointer(rebasing: values.elements[strip])
      for index in 0..<part.count {
        let value = unsafe part[index]
        count &+= value >= first && value <= last ? 1 : 0
      }
      guard count > 0 else { return }
      for row in strip where values.element(row) >= first && values.element(row) <= last {
        add(row, Double(values.element(row)), to: &found)
      }
    }
    return found
  }

  @inline(__always)
  private func found(
    _ positions: Range<Int>, _ value: (Int) -> Double, _ unchecked: (Int) -> Double
  ) -> FoundRows {
    var found = FoundRows()
    let (first, last) = isDescending ? (last, Double.infinity) : (-Double.infinity, last)
    strips(positions, values.count) { strip in
      var count: Int32 = 0
      for row in strip {
        let value = unchecked(row)
        count &+= value >= first && value <= last ? 1 : 0
      }
      guard count > 0 else { return }
      // A file may hold what is no number.
      for row in strip where value(row) >= first && value(row) <= last && value(row).isFinite {
        add(row, value(row), to: &found)
      }
    }
    return found
  }

  @inline(__always)
  private func strips(_ positions: Range<Int>, _ count: Int, _ body: (Range<Int>) -> Void) {
    let first = rows.lowerBound + positions.lowerBound
    let end = rows.lowerBound + positions.upperBound
    precondition(first >= 0 && first <= end && end <= count, "rows lie outside the column")
    for start in stride(from: first, to: end, by: Self.stripRowCount) {
      body(start..<min(end, start + Self.stripRowCount))
    }
  }

  private func add(_ row: Int, _ value: Double, to found: inout FoundRows) {
    let state = states.map { CellState(rawValue: $0.element(row)) ?? .missing } ?? .known
    guard state.hasValue else { return }
    found.positions.append(Int32(truncatingIfNeeded: row - rows.lowerBound))
    found.numbers.values.append(value)
    found.numbers.states.append(state)
  }
}

extension Int32 {
  /// The nearest whole number in a direction; nil where none of 32 bits lies there.
  fileprivate init?(rounded value: Double, _ rule: FloatingPointRoundingRule) {
    let whole = value.rounded(rule)
    if whole >= Double(Int32.max) {
      if rule == .up, whole > Double(Int32.max) { return nil }
      self = .max
    } else if whole <= Double(Int32.min) {
      if rule == .down, whole < Double(Int32.min) { return nil }
      self = .min
    } else {
      self = Int32(whole)
    }
  }
}
