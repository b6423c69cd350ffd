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

  /// - Parameter shownRows: Rows of the grid; asked for only where something is estimated or left out.
  func notes(shownRows: @autoclosure () -> [Int], listwiseLeftOut: Int) -> [TableNote] {
    var notes: [TableNote] = []
    var seen: Set<String> = []
    for request in plan.rowRequests {
      let measure = plan.requests[request].measure
      guard seen.insert(measure).inserted else { continue }
      let requests = plan.rowRequests.filter { plan.requests[$0].measure == measure }
      let base = plan.baseRequests.filter { plan.requests[$0].measure == measure }
      let rowShare = estimatedShare(requests) { shownRows() }
      if let text = sentence(measure, rows: rowShare, base: estimatedShare(base) { nil }) {
        notes.append(TableNote(code: "N0502", text: text))
      }
    }
    let leftOut = leftOutCount { shownRows() }
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
  private func estimatedShare(_ requests: [Int], _ shownRows: () -> [Int]?) -> Double {
    if requests.allSatisfy({ answers[$0].estimatedParts.isEmpty }) { return 0 }
    let shownRows = shownRows()
    var total = 0.0
    var estimated = 0.0
    for request in requests {
      let answer = answers[request]
      for row in rows(of: request, shownRows) where answer.vector.states[row].hasValue {
        total += answer.vector.values[row]
        estimated += answer.estimatedPart(row)
      }
    }
    return total > 0 ? estimated / total : 0
  }

  private func leftOutCount(_ shownRows: () -> [Int]) -> Int {
    let requests = plan.rowRequests.filter { !answers[$0].leftOutCounts.isEmpty }
    if requests.isEmpty { return 0 }
    let shownRows = shownRows()
    return requests.reduce(0) { count, request in
      rows(of: request, shownRows).reduce(count) { $0 + Int(answers[request].leftOutCounts[$1]) }
    }
  }

  /// The cells of an answer that stand behind the rows shown: those of the same place and year, so that the members that a
  /// measure adds over are all behind their row. One year of a table with several is counted whole.
  private func rows(of request: Int, _ shownRows: [Int]?) -> [Int] {
    let states = answers[request].vector.states
    guard let shownRows, let rows = plan.grids.first else { return Array(states.indices) }
    let grid = plan.requests[request].grid
    // The first and the last year of growth stand behind the same rows, whichever year these are of.
    guard grid.region == rows.region, grid.years.count == rows.years.count else { return Array(states.indices) }
    if grid.activity == rows.activity { return shownRows }
    let yearCount = rows.years.count
    let rowWidth = rows.activity.groupCount * yearCount
    let width = grid.activity.groupCount * yearCount
    let shown = Set(shownRows.map { ($0 / rowWidth) * yearCount + $0 % yearCount })
    return states.indices.filter { shown.contains(($0 / width) * yearCount + $0 % yearCount) }
  }

  private func percent(_ share: Double) -> String {
    if share > 0 && share < 0.0005 { return "under 0.1%" }
    let tenths = Int((share * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
