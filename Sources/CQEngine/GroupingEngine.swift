import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// The answer to one grouping request: region-major over the request's grid.
struct GroupedCells {
  var vector: Vector
  /// The estimated part of each value.
  var estimatedParts: [Double]
}

/// Answers grouping requests from columns in memory.
struct GroupingEngine {
  let catalog: Catalog
  let frame: Frame
  let control: RunControl

  func answer(_ request: GroupingRequest) throws -> GroupedCells {
    let grid = request.grid
    guard let measure = frame.dataset.measure(named: request.measure) else {
      return GroupedCells(
        vector: Vector(repeating: .missing, count: grid.cellCount),
        estimatedParts: [Double](repeating: 0, count: grid.cellCount))
    }
    let facts = try frame.dataset.facts(for: measure)
    let columns = try MeasureColumns(measure, facts)
    let lookups = LookupBuilder(catalog: catalog, dataset: frame.dataset)
    let width = grid.activity.groupCount
    let regionOffsets = lookups.regionGroups(grid.region, codes: facts.regions).map { $0 < 0 ? -1 : $0 * Int32(width) }

    var result = GroupedCells(
      vector: Vector(repeating: .missing, count: grid.cellCount),
      estimatedParts: [Double](repeating: 0, count: grid.cellCount))
    var lookup = GroupLookup(regionOffsets: regionOffsets, activityGroups: [], coverLimits: [])
    var exists: [Bool] = []
    var vintageOfLookup: Int?
    for (yearIndex, year) in grid.years.enumerated() {
      let rows = facts.rows(of: year)
      guard !rows.isEmpty, let tree = catalog.tree(for: frame.dataset, in: year) else { continue }
      let vintage = frame.dataset.vintage(in: year) ?? 0
      if vintage != vintageOfLookup {
        (lookup.activityGroups, lookup.coverLimits, exists) = lookups.activityGroups(
          grid.activity, tree: tree, codes: facts.activities, hasCovers: columns.covers != nil)
        vintageOfLookup = vintage
      }
      var sums = GroupSums(groupCount: grid.region.groupCount * width)
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: RunControl.morselRowCount) {
        try control.check()
        columns.add(rows: start..<min(start + RunControl.morselRowCount, rows.upperBound), lookup, into: &sums)
      }
      finish(sums, measure, exists: exists, width: width, yearIndex: yearIndex, grid: grid, into: &result)
    }
    return result
  }

  /// States and units: from sums of stored integers to cells.
  private func finish(
    _ sums: GroupSums, _ measure: Measure, exists: [Bool], width: Int, yearIndex: Int, grid: Grid,
    into result: inout GroupedCells
  ) {
    let absent: CellState = frame.dataset.absentIsZero ? .known : .missing
    for group in sums.sums.indices {
      let target = group * grid.years.count + yearIndex
      var sum = sums.sums[group]
      var state: CellState
      if sums.rowCounts[group] == 0 && sums.withheldCounts[group] == 0 {
        let isMissing = sums.missingCounts[group] > 0 || !exists[group % width]
        state = isMissing ? .missing : absent
      } else if sums.withheldCounts[group] > 0 {
        state = frame.policy == .exclude && sums.rowCounts[group] > 0 ? .estimated : .withheld
      } else {
        state = sums.estimateCounts[group] > 0 ? .estimated : .known
      }
      if state == .estimated {
        switch frame.policy {
        case .estimate: break
        case .exclude: sum -= sums.estimated[group]
        case .withhold: state = .withheld
        }
      }
      // Values that may not be added (a published quotient) are only there one by one.
      if measure.additive.isEmpty && sums.rowCounts[group] > 1 { state = .missing }
      result.vector.states[target] = state
      if state.hasValue {
        result.vector.values[target] = Double(sum) * measure.scale
        if frame.policy == .estimate { result.estimatedParts[target] = Double(sums.estimated[group]) * measure.scale }
      }
    }
  }
}
