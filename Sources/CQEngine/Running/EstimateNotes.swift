import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// Says how much of a result rests on estimates (N0502) and what was left out.
struct EstimateNotes {
  let plan: QueryPlan
  let frame: Frame
  let catalog: Catalog
  let answers: [GroupedCells]
  /// The cells of sparse grids.
  var sparse: [Int: SparseCells] = [:]
  let control: RunControl

  /// - Parameter shownRows: Rows of the grid.
  func notes(shownRows: RowSelection, listwiseLeftOut: Int) throws -> [TableNote] {
    var notes: [TableNote] = []
    var seen: Set<String> = []
    for request in plan.rowRequests {
      let measure = plan.requests[request].measure
      guard seen.insert(measure).inserted else { continue }
      let requests = plan.rowRequests.filter { plan.requests[$0].measure == measure }
      let base = plan.baseRequests.filter { plan.requests[$0].measure == measure }
      let rowShare = try estimatedShare(requests, shownRows)
      if let text = sentence(measure, rows: rowShare, base: try estimatedShare(base, nil)) {
        notes.append(TableNote(code: "N0502", text: text))
      }
    }
    let leftOut = try leftOutCount(shownRows)
    if leftOut > 0 {
      let cells = leftOut == 1 ? "1 withheld cell is" : "\(leftOut) withheld cells are"
      notes.append(TableNote(code: "N0503", text: "\(cells) left out; sums marked ~ lack them"))
    }
    if listwiseLeftOut > 0 {
      let members = listwiseLeftOut == 1 ? "1 member is" : "\(listwiseLeftOut) members are"
      notes.append(
        TableNote(code: "N0504", text: "\(members) left out of all columns because a number is withheld or missing"))
    }
    return notes
  }

  /// Who asks for withheld rows and gets none may not know that these carry estimates.
  func withheldNotes(rowCount: Int) -> [TableNote] {
    guard rowCount == 0, frame.policy == .estimate,
      plan.query.stages.contains(where: { stage in
        if case .filter(let condition) = stage { condition.asksForWithheld } else { false }
      })
    else { return [] }
    return [
      TableNote(
        code: "N0515",
        text: "what the agency withheld carries an estimate here: keep it with `is estimated`, or ask with "
          + "`suppressed:withhold`")
    ]
  }

  private func sentence(_ measure: String, rows: Double, base: Double) -> String? {
    let area = frame.baseName(catalog)
    switch (rows > 0, base > 0) {
    case (false, false): return nil
    case (true, false): return "\(percent(rows)) of the \(measure) behind these rows is estimated"
    case (false, true):
      return "\(percent(base)) of the \(measure) of the base area, \(area), is estimated; none behind these rows"
    case (true, true):
      return
        "\(percent(rows)) of the \(measure) behind these rows is estimated, and \(percent(base)) in the base area, \(area)"
    }
  }

  /// Estimated part of the total over the rows shown (all rows for nil).
  private func estimatedShare(_ requests: [Int], _ shownRows: RowSelection?) throws -> Double {
    if requests.allSatisfy({ answers[$0].estimatedParts.isEmpty }) { return 0 }
    var total = 0.0
    var estimated = 0.0
    for request in requests {
      let answer = answers[request]
      let numbers = try answer.numbers(control)
      try each(request, shownRows) { cell in
        guard numbers.states[cell].hasValue else { return }
        total += numbers.values[cell]
        estimated += answer.estimatedPart(cell)
      }
    }
    return total > 0 ? estimated / total : 0
  }

  private func leftOutCount(_ shownRows: RowSelection) throws -> Int {
    var count = 0
    for request in plan.rowRequests where !answers[request].leftOutCounts.isEmpty {
      let counts = answers[request].leftOutCounts
      try each(request, shownRows) { count += Int(counts[$0]) }
    }
    return count
  }

  /// Calls `body` for the cells of an answer that stand behind the rows shown: those of the same place and year, so that the
  /// members that a measure adds over are all behind their row. One year of a table with several is counted whole.
  private func each(_ request: Int, _ shownRows: RowSelection?, _ body: (Int) -> Void) throws {
    let count = answers[request].count
    let grid = plan.requests[request].grid
    // The first and the last year of growth stand behind the same rows, whichever year these are of.
    let sparseGrid = plan.sparseGrids.first { $0.requests.contains(request) }?.grid
    guard let shownRows, let rows = plan.grids.first, grid.region == rows.region, grid.years.count == rows.years.count
    else {
      guard let cells = sparseGrid.flatMap({ sparse[$0] }), cells.grid.years.count != grid.years.count else {
        return try control.morsels(count) { cells in for cell in cells { body(cell) } }
      }
      // One year stands behind all years of the grid.
      return try control.morsels(count) { elements in
        for element in elements where cells.numbers[element] % cells.grid.years.count == 0 { body(element) }
      }
    }
    if grid.activity == rows.activity {
      return try control.morsels(shownRows.count) { positions in for row in positions { body(shownRows[row]) } }
    }
    let yearCount = rows.years.count
    let (rowWidth, width) = (rows.activity.groupCount * yearCount, grid.activity.groupCount * yearCount)
    let (rowNumbers, numbers) = (sparse[0]?.numbers, sparseGrid.flatMap { sparse[$0]?.numbers })
    var isShown = [Bool](repeating: false, count: rows.region.groupCount * yearCount)
    try control.morsels(shownRows.count) { positions in
      for position in positions {
        let row = rowNumbers?[shownRows[position]] ?? shownRows[position]
        isShown[(row / rowWidth) * yearCount + row % yearCount] = true
      }
    }
    try control.morsels(count) { cells in
      for cell in cells {
        let number = numbers?[cell] ?? cell
        if isShown[(number / width) * yearCount + number % yearCount] { body(cell) }
      }
    }
  }

  private func percent(_ share: Double) -> String {
    if share > 0 && share < 0.0005 { return "under 0.1%" }
    let tenths = Int((share * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
