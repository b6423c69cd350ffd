import CQColumns
import CQMethods
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
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  /// - Complexity: O(cells), of columns with a number missing only.
  func notes(shownRows: RowSelection?) throws -> [TableNote] {
    guard let grid = plan.grids.first else { return [] }
    let shownRows = shownRows.flatMap { $0.count > 0 ? $0 : nil }
    let own = plan.requests.indices.filter { plan.requests[$0].grid == grid }.map { answers[$0] }
    return try zip(columns, vectors).compactMap { column, vector in
      if column.name.isEmpty { return nil }
      if case .cell = column.expression.kind { return nil }
      guard vector.states.holds(.missing) else { return nil }
      let count: Int
      if own.isEmpty {
        // What is computed from other cells than those of the rows has no rows of its own to miss.
        count = try hasNumbers() ? missingCount(vector, shownRows) : 0
      } else {
        count = try undefinedCount(vector, own, shownRows)
      }
      guard count > 0 else { return nil }
      let what =
        grid.cellCount == 1 ? "no number" : count.counted("row without a number", "rows without a number")
      let why =
        Self.isOfNoDraws(column.expression)
        ? "as nothing is drawn: permutations:999 draws" : "where its formula divides by 0 or lacks a part"
      return TableNote(code: "N0542", text: "\(column.name): \(what), \(why)")
    }
  }

  /// Whether it is what a kernel would give from random draws, of which none were asked for.
  private static func isOfNoDraws(_ expression: TypedExpression) -> Bool {
    guard case .kernel(let call, let column) = expression.kind, call.columns[column].name == "p_sim",
      case .number(0)? = call.options["permutations"]
    else { return false }
    return true
  }

  /// Whether the data have a number anywhere; plain arithmetic asks nothing of them.
  private func hasNumbers() throws -> Bool {
    if plan.requests.isEmpty { return true }
    return try answers.contains { answer in try answer.numbers(control).states.contains { $0.hasValue } }
  }

  private func missingCount(_ vector: Vector, _ shownRows: RowSelection?) throws -> Int {
    var count = 0
    let rows = shownRows ?? RowSelection(vector.states.indices)
    try control.morsels(rows.count) { positions in
      for position in positions where vector.states[rows[position]] == .missing { count += 1 }
    }
    return count
  }

  /// Rows without a number although one of `own`, on the grid of the rows, has something there.
  private func undefinedCount(
    _ vector: Vector, _ own: [GroupedCells], _ shownRows: RowSelection?
  ) throws -> Int {
    var count = 0
    guard let shownRows else {
      // Nothing is listed for a table that keeps all of its rows, and most of these are not looked at.
      try control.morsels(vector.count) { rows in
        var next = rows.lowerBound
        while let row = vector.states.firstPosition(of: .missing, in: next..<rows.upperBound) {
          next = row + 1
          while next < rows.upperBound, vector.states[next] == .missing { next += 1 }
          let states = own.map { $0.states(row..<next) }
          count += (0..<next - row).count { position in
            states.contains { $0[$0.startIndex + position].hasValue }
          }
        }
      }
      return count
    }
    let states = try own.map { try $0.numbers(control).states }
    try control.morsels(shownRows.count) { positions in
      for position in positions {
        let row = shownRows[position]
        if vector.states[row] == .missing, states.contains(where: { $0[row].hasValue }) { count += 1 }
      }
    }
    return count
  }
}
