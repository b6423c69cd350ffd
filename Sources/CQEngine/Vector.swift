import CQColumns

/// Numbers with their states, one per cell of a grid or per row of a table.
struct Vector: Sendable {
  var values: [Double]
  var states: [CellState]

  init(values: [Double], states: [CellState]) {
    self.values = values
    self.states = states
  }

  init(repeating state: CellState, count: Int) {
    values = [Double](repeating: 0, count: count)
    states = [CellState](repeating: state, count: count)
  }

  var count: Int { values.count }

  /// The elements at `rows`, in that order.
  func gathered(_ rows: [Int]) -> Vector {
    if let range = rows.asRange {
      if range.count == count { return self }
      return Vector(values: Array(values[range]), states: Array(states[range]))
    }
    return Vector(values: rows.map { values[$0] }, states: rows.map { states[$0] })
  }
}

extension [Int] {
  /// The range that lists the same numbers, if they follow each other: most tables keep all of their rows, in order.
  var asRange: Range<Int>? {
    guard let first, let last, last - first == count - 1 else { return nil }
    for index in indices where self[index] != first + index { return nil }
    return first..<last + 1
  }
}

extension [CellState] {
  /// Whether some element is `state`; looks at many at a time.
  func holds(_ state: CellState) -> Bool {
    for start in stride(from: 0, to: count, by: 4_096) {
      var found: UInt8 = 0
      for index in start..<Swift.min(start + 4_096, count) { found |= self[index] == state ? 1 : 0 }
      if found != 0 { return true }
    }
    return false
  }
}

extension ArraySlice<CellState> {
  var allAreKnown: Bool {
    var worst: UInt8 = 0
    for index in indices { worst |= self[index].rawValue }
    return worst == CellState.known.rawValue
  }
}
