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
