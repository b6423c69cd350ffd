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
    Vector(values: rows.map { values[$0] }, states: rows.map { states[$0] })
  }
}
