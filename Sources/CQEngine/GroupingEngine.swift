import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// The answer to one grouping request: region-major over the request's grid.
struct GroupedCells {
  var vector: Vector
  /// The estimated part of each value.
  var estimatedParts: [Double]
  /// Withheld rows that did not enter each value (`suppressed:exclude`).
  var leftOutCounts: [Int32]

  init(missing count: Int) {
    vector = Vector(repeating: .missing, count: count)
    estimatedParts = [Double](repeating: 0, count: count)
    leftOutCounts = [Int32](repeating: 0, count: count)
  }
}

/// Answers grouping requests from columns in memory.
final class GroupingEngine {
  private let catalog: Catalog
  private let frame: Frame
  private let control: RunControl
  /// The tree's node of each activity code, by fact table and vintage.
  private var nodesOfCodes: [[Int]: [Int32]] = [:]

  init(catalog: Catalog, frame: Frame, control: RunControl) {
    self.catalog = catalog
    self.frame = frame
    self.control = control
  }

  private func nodes(of job: Job, in tree: ActivityTree, vintage: Int) -> [Int32] {
    let key = [job.part.factTable, vintage]
    if let known = nodesOfCodes[key] { return known }
    let nodes = job.facts.activities.map { tree.index(of: $0).map(Int32.init) ?? -1 }
    nodesOfCodes[key] = nodes
    return nodes
  }

  func answer(_ request: GroupingRequest) throws -> GroupedCells {
    guard let measure = frame.dataset.measure(named: request.measure), let part = measure.parts.first else {
      return GroupedCells(missing: request.grid.cellCount)
    }
    let facts = try frame.dataset.facts(part.factTable)
    let columns = try MeasureColumns(measure, part, facts)
    let job = Job(request: request, measure: measure, part: part, facts: facts, columns: columns)
    switch columns.values {
    case .int32(let values): return try answer(job, values) { Double($0) }
    case .int64(let values): return try answer(job, values) { Double($0) }
    case .float64(let values): return try answer(job, values) { $0 }
    }
  }

  private struct Job {
    let request: GroupingRequest
    let measure: Measure
    let part: MeasurePart
    let facts: FactTable
    let columns: MeasureColumns
  }

  /// Year by year, since each year is one range of rows and has one vintage of the classification.
  private func answer<Value: FactValue>(
    _ job: Job, _ values: ColumnBuffer<Value>, number: (Value.Sum) -> Double
  ) throws -> GroupedCells {
    let grid = job.request.grid
    let lookups = LookupBuilder(catalog: catalog, dataset: frame.dataset)
    let width = grid.activity.groupCount
    let regionGroups = lookups.regionGroups(grid.region, codes: job.facts.regions)
    var lookup = GroupLookup(
      regionOffsets: regionGroups.map { $0 < 0 ? -1 : $0 * Int32(width) }, activityGroups: [], coverLimits: [])
    var exists: [Bool] = []
    var vintageOfLookup: Int?
    var result = GroupedCells(missing: grid.cellCount)
    for (yearIndex, year) in grid.years.enumerated() {
      let rows = job.facts.rows(of: year)
      guard !rows.isEmpty, let tree = catalog.tree(for: frame.dataset, in: year) else { continue }
      let vintage = frame.dataset.vintage(in: year) ?? 0
      if vintage != vintageOfLookup {
        (lookup.activityGroups, lookup.coverLimits, exists) = lookups.activityGroups(
          grid.activity, tree: tree, nodes: nodes(of: job, in: tree, vintage: vintage),
          hasCovers: job.columns.covers != nil)
        vintageOfLookup = vintage
      }
      var sums = GroupSums<Value.Sum>(groupCount: grid.region.groupCount * width)
      for start in stride(from: rows.lowerBound, to: rows.upperBound, by: RunControl.morselRowCount) {
        try control.check()
        let morsel = start..<min(start + RunControl.morselRowCount, rows.upperBound)
        job.columns.add(values, rows: morsel, lookup, into: &sums)
      }
      for group in sums.sums.indices {
        let cell = finish(sums, group, job.measure, exists: exists[group % width])
        let target = group * grid.years.count + yearIndex
        result.vector.states[target] = cell.state
        if frame.policy == .exclude {
          result.leftOutCounts[target] = sums.estimateCounts[group] + sums.withheldCounts[group]
        }
        if cell.state.hasValue {
          result.vector.values[target] = number(cell.sum) * job.measure.scale
          result.estimatedParts[target] = number(cell.estimated) * job.measure.scale
        }
      }
    }
    return result
  }

  /// The state that the rows of a group and the policy give its sum.
  private func finish<Sum>(
    _ sums: GroupSums<Sum>, _ group: Int, _ measure: Measure, exists: Bool
  ) -> (sum: Sum, estimated: Sum, state: CellState) {
    let (rowCount, withheldCount) = (sums.rowCounts[group], sums.withheldCounts[group])
    if rowCount == 0 && withheldCount == 0 {
      let isZero = sums.missingCounts[group] == 0 && exists && frame.dataset.absentIsZero
      return (.zero, .zero, isZero ? .known : .missing)
    }
    // Values that may not be added (a published quotient) are only there one by one.
    if measure.additive.isEmpty && rowCount > 1 { return (.zero, .zero, .missing) }
    let hasEstimate = sums.estimateCounts[group] > 0
    switch frame.policy {
    case .estimate:
      let state: CellState = withheldCount > 0 ? .withheld : hasEstimate ? .estimated : .known
      return (sums.sums[group], sums.estimated[group], state)
    case .exclude:
      let published = sums.sums[group] - sums.estimated[group]
      if rowCount == sums.estimateCounts[group] { return (.zero, .zero, .withheld) }
      return (published, .zero, withheldCount > 0 || hasEstimate ? .estimated : .known)
    case .withhold:
      return (sums.sums[group], .zero, withheldCount > 0 || hasEstimate ? .withheld : .known)
    }
  }
}
