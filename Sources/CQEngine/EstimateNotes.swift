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

  func notes(shownRows: [Int], listwiseLeftOut: Int) -> [TableNote] {
    var notes: [TableNote] = []
    var seen: Set<String> = []
    for request in plan.rowRequests {
      let measure = plan.requests[request].measure
      guard seen.insert(measure).inserted else { continue }
      let requests = plan.rowRequests.filter { plan.requests[$0].measure == measure }
      guard let share = estimatedShare(requests, shownRows) else { continue }
      let base = plan.baseRequests.filter { plan.requests[$0].measure == measure }
      let inBase = estimatedShare(base, nil).map { "; in the base area \(frame.baseName(catalog)) \(percent($0))" } ?? ""
      if share > 0 || !inBase.isEmpty {
        notes.append(
          TableNote(code: "N0502", text: "\(percent(share)) of the \(measure) behind these rows is estimated\(inBase)"))
      }
    }
    if frame.policy == .exclude {
      notes.append(
        TableNote(code: "N0503", text: "withheld cells are left out; sums marked ~ lack them"))
    }
    if listwiseLeftOut > 0 {
      let members = listwiseLeftOut == 1 ? "1 member is" : "\(listwiseLeftOut) members are"
      notes.append(
        TableNote(code: "N0504", text: "\(members) left out of all columns because a number is withheld or missing"))
    }
    return notes
  }

  /// Estimated part of the total over the rows shown, nil when there is nothing estimated at all.
  private func estimatedShare(_ requests: [Int], _ shownRows: [Int]?) -> Double? {
    var total = 0.0
    var estimated = 0.0
    for request in requests {
      let answer = answers[request]
      // Requests of another shape (one year of several, say) are counted whole.
      let rows = answer.vector.count == plan.grids.first?.cellCount ? shownRows : nil
      for row in rows ?? Array(answer.vector.states.indices) where answer.vector.states[row].hasValue {
        total += answer.vector.values[row]
        estimated += answer.estimatedParts[row]
      }
    }
    return total > 0 && (estimated > 0 || shownRows != nil) ? estimated / total : nil
  }

  private func percent(_ share: Double) -> String {
    if share > 0 && share < 0.0005 { return "under 0.1%" }
    let tenths = Int((share * 1_000).rounded())
    return "\(tenths / 10).\(tenths % 10)%"
  }
}
