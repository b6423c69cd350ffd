import CQColumns
import CQPlan
import CQSemantics

/// Says which columns have rows without a number although the data have something there (N0542): a formula that divides by 0,
/// or lacks a year or an activity. Rows that the data do not have at all are no rows.
struct UndefinedNotes {
  let plan: QueryPlan
  let columns: [SourceColumn]
  /// The columns, as long as the grid.
  let vectors: [Vector]
  let answers: [GroupedCells]

  /// - Parameter shownRows: Grid rows that verbs left; nil where there were no verbs. Where they left none, all rows count: that may be why.
  /// - Complexity: O(cells), of columns with a number missing only.
  func notes(shownRows: [Int]?) -> [TableNote] {
    guard let grid = plan.grids.first else { return [] }
    let own = plan.requests.indices.filter { plan.requests[$0].grid == grid }
    // Plain arithmetic asks nothing of the data.
    let isAnywhere = plan.requests.isEmpty || answers.contains { $0.vector.states.contains { $0.hasValue } }
    return zip(columns, vectors).compactMap { column, vector in
      if column.name.isEmpty { return nil }
      if case .cell = column.expression.kind { return nil }
      guard vector.states.holds(.missing) else { return nil }
      let isUndefined = { (row: Int) in
        own.isEmpty ? isAnywhere : own.contains { answers[$0].vector.states[row].hasValue }
      }
      var count = 0
      if let shownRows, !shownRows.isEmpty {
        for row in shownRows where vector.states[row] == .missing && isUndefined(row) { count += 1 }
      } else {
        // Nothing is listed for a table that keeps all of its rows.
        for row in vector.states.indices where vector.states[row] == .missing && isUndefined(row) { count += 1 }
      }
      guard count > 0 else { return nil }
      let rows =
        grid.cellCount == 1 ? "no number" : count == 1 ? "1 row without a number" : "\(count) rows without a number"
      return TableNote(code: "N0542", text: "\(column.name): \(rows), where its formula divides by 0 or lacks a part")
    }
  }
}
