import CQColumns
import CQSemantics

extension Aggregation {
  /// As ``reduce(_:parents:regionParents:regionCount:coarseCount:yearCount:skipped:)``, in one pass over the elements in
  /// their order, for aggregates that need no more of a cell than what has been added up so far.
  ///
  /// - Returns: nil for other aggregates.
  func streamed(
    _ fine: Vector, parents: [Int32], regionParents: [Int32], regionCount: Int, coarseCount: Int, yearCount: Int,
    skipped: [Bool]
  ) -> Vector? {
    switch aggregate {
    case .sum, .mean, .min, .max, .count, .countWithheld: break
    default: return nil
    }
    var cells = [RunningCell](repeating: RunningCell(), count: regionCount * coarseCount * yearCount)
    let placeCount = regionParents.isEmpty ? regionCount : regionParents.count
    for place in 0..<placeCount {
      let region = regionParents.isEmpty ? place : Int(regionParents[place])
      guard region >= 0, region < regionCount else { continue }
      for (member, parent) in parents.enumerated() {
        let from = (place * parents.count + member) * yearCount
        let target = (region * coarseCount + Int(parent)) * yearCount
        for year in 0..<yearCount where skipped.isEmpty || !skipped[from + year] {
          cells[target + year].add(fine.values[from + year], fine.states[from + year], aggregate)
        }
      }
    }
    var result = Vector(repeating: .missing, count: cells.count)
    for (index, cell) in cells.enumerated() {
      let (value, state) = cell.finished(aggregate)
      if value.isFinite {
        result.values[index] = value
        result.states[index] = state
      }
    }
    return result
  }
}

/// What is known of a cell so far.
private struct RunningCell {
  private var value = 0.0
  private var count: Int32 = 0
  private var withheldCount: Int32 = 0
  private var state = CellState.known

  @inline(__always)
  mutating func add(_ element: Double, _ elementState: CellState, _ aggregate: Aggregate) {
    guard elementState.hasValue else {
      if elementState == .withheld { withheldCount += 1 }
      return
    }
    switch aggregate {
    case .min: value = count == 0 ? element : min(value, element)
    case .max: value = count == 0 ? element : max(value, element)
    default: value += element
    }
    count += 1
    state = max(state, elementState)
  }

  func finished(_ aggregate: Aggregate) -> (value: Double, state: CellState) {
    if aggregate == .count { return (Double(count), .known) }
    if aggregate == .countWithheld { return (Double(withheldCount), .known) }
    if count == 0 { return (0, withheldCount > 0 ? .withheld : .missing) }
    if withheldCount > 0 && (aggregate == .sum || aggregate == .mean) { return (0, .withheld) }
    return (aggregate == .mean ? value / Double(count) : value, state)
  }
}
