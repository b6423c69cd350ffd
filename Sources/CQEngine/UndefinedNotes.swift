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
  let control: RunControl

  /// - Parameter shownRows: Grid rows that verbs left; nil where there were no verbs. Where they left none, all rows count: that may be why.
  /// - Complexity: O(cells), of columns with a number missing only.
  func notes(shownRows: RowSelection?) throws -> [TableNote] {
    guard let grid = plan.grids.first else { return [] }
    let own = plan.requests.indices.filter { plan.requests[$0].grid == grid }
    // Plain arithmetic asks nothing of the data.
    let isAnywhere =
      plan.requests.isEmpty || answers.contains { answer in (0..<answer.count).contains { answer.state($0).hasValue } }
    return try zip(columns, vectors).compactMap { column, vector in
      if column.name.isEmpty { return nil }
      if case .cell = column.expression.kind { return nil }
      guard vector.states.holds(.missing) else { return nil }
      let isUndefined = { (row: Int) in
        own.isEmpty ? isAnywhere : own.contains { answers[$0].state(row).hasValue }
      }
      var count = 0
      if let shownRows, shownRows.count > 0 {
        try control.morsels(shownRows.count) { positions in
          for position in positions {
            let row = shownRows[position]
            if vector.states[row] == .missing, isUndefined(row) { count += 1 }
          }
        }
      } else {
        // Nothing is listed for a table that keeps all of its rows, and most of these are not looked at.
        try control.morsels(vector.count) { rows in
          var next = rows.lowerBound
          while let row = vector.states.firstPosition(of: .missing, in: next..<rows.upperBound) {
            if isUndefined(row) { count += 1 }
            next = row + 1
          }
        }
      }
      guard count > 0 else { return nil }
      let what =
        grid.cellCount == 1 ? "no number" : count == 1 ? "1 row without a number" : "\(count) rows without a number"
      return TableNote(code: "N0542", text: "\(column.name): \(what), where its formula divides by 0 or lacks a part")
    }
  }
}
