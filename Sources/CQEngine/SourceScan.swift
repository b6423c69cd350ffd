import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// Answers grouping requests from the fact tables of one dataset.
final class SourceScan {
  private let catalog: Catalog
  private let source: FrameSource
  private let places: Places
  private let delineations: [String: Int]
  private let policy: SuppressionPolicy
  private let control: RunControl
  private let cache: SumCache?
  /// For a dataset whose rows are in an engine.
  private let remote: RemoteScan?
  /// Rows of each measure and period, with their sums where these are made.
  private var parts: [PartsKey: [Part]] = [:]
  private var ready: [SumCache.Key: PeriodSums] = [:]
  private var spreads: [(axis: ActivityAxis, isPresent: [Bool], spread: GroupsOfNodes)] = []
  /// The tree's node of each activity code, by fact table, for one tree after the other.
  private var nodesOfCodes: [Int: (tree: ActivityTree, nodes: [Int32])] = [:]
  private var placesOfCodes: [Int: [Member?]] = [:]
  private var lookups: [(axis: RegionAxis, tables: [Int], lookup: RegionLookup)] = []
  private var presence: [[Int]: [Bool]] = [:]
  /// For datasets without activities: nothing but the total.
  private static let onlyTotal = ActivityTree.Builder(scheme: "").finish()

  init(
    catalog: Catalog, source: FrameSource, places: Places, frame: Frame, control: RunControl, cache: SumCache?
  ) {
    self.cache = cache
    remote = source.dataset.remote.map { RemoteScan($0, control: control) }
    self.catalog = catalog
    self.source = source
    self.places = places
    self.delineations = frame.delineations
    self.policy = frame.policy
    self.control = control
  }

  private var dataset: Dataset { source.dataset }

  private struct PartsKey: Hashable {
    let measure: String
    let period: Int
  }

  /// A fact table that has rows of the measure in a period.
  private struct Part {
    let index: Int
    let facts: FactTable
    let rows: Range<Int>
    /// The rows added up by their codes; nil where the rows themselves are read.
    let sums: PeriodSums?
    let columns: MeasureColumns?
    let period: Int
    var hasCovers: Bool { columns?.covers != nil }
  }

  // MARK: - Sums by code

  /// Adds up what `requests` need, in one pass over the rows of all periods.
  func prepare(_ requests: [(request: GroupingRequest, measure: Measure)]) throws {
    if let remote {
      try remote.collect { for (request, measure) in requests { _ = try answer(request, measure) } }
      return try remote.fetch()
    }
    var tasks: [CodeScan.Task] = []
    var keys: [SumCache.Key] = []
    for (request, measure) in requests where !measure.additive.isEmpty {
      let periods = request.grid.years.compactMap { source.period($0) }
      for period in periods.flatMap({ self.periods(standingFor: $0, measure) }) {
        for (part, facts) in try dataset.facts(for: measure, period: period) where part.coverColumn == nil {
          let key = SumCache.Key(facts, measure.name, period)
          if ready[key] != nil || keys.contains(key) { continue }
          if control.limits.reusesSums, let sums = cache?.sums(key) {
            control.ledger.addReuse()
            ready[key] = sums
            continue
          }
          let task = CodeScan.Task(
            facts: facts, measure: measure, part: part, period: period, rows: facts.rows(of: period))
          guard !task.rows.isEmpty, CodeScan.isWorthwhile(task) else { continue }
          tasks.append(task)
          keys.append(key)
        }
      }
    }
    guard !tasks.isEmpty else { return }
    for (position, sums) in try CodeScan(control: control).sums(of: tasks).enumerated() {
      ready[keys[position]] = sums
      if control.limits.reusesSums { cache?.insert(sums, for: keys[position], of: tasks[position].facts) }
    }
  }

  /// The statements that would answer `requests` in the engine of the dataset; none for one in memory.
  func statements(_ requests: [(request: GroupingRequest, measure: Measure)]) throws -> [String] {
    guard let remote else { return [] }
    try remote.collect { for (request, measure) in requests { _ = try answer(request, measure) } }
    return remote.statements
  }

  private func parts(_ measure: Measure, _ period: Int) throws -> [Part] {
    let key = PartsKey(measure: measure.name, period: period)
    if let known = parts[key] { return known }
    var found: [Part] = []
    for (part, facts) in try dataset.facts(for: measure, period: period) {
      let rows = facts.rows(of: period)
      guard !rows.isEmpty else { continue }
      let sums = ready[SumCache.Key(facts, measure.name, period)]
      let columns = sums == nil && remote == nil ? try MeasureColumns(measure, part, facts) : nil
      if sums == nil, remote == nil { control.ledger.addScan(rows: rows.count, threads: 1) }
      found.append(Part(index: part.factTable, facts: facts, rows: rows, sums: sums, columns: columns, period: period))
    }
    parts[key] = found
    return found
  }

  func answer(_ request: GroupingRequest, _ measure: Measure) throws -> GroupedCells {
    let grid = request.grid
    if let rolledUp = try rolledUp(grid, measure) { return rolledUp }
    var result = GroupedCells(missing: grid.cellCount)
    let absentIsZero = dataset.absentIsZero
    for (yearIndex, code) in grid.years.enumerated() {
      guard let period = source.period(code) else { continue }
      guard let sums = try sums(measure, grid, periods: periods(standingFor: period, measure)) else { continue }
      for group in sums.cells.sums.indices {
        let width = grid.activity.groupCount
        let exists = sums.exists[group % width] && sums.isListed[group / width]
        let cell = finish(sums.cells, group, measure, isZero: exists && absentIsZero)
        let target = group * grid.years.count + yearIndex
        var state = cell.state
        // Shares of codes among clusters are an approximation.
        if sums.isShared, state == .known { state = .estimated }
        result.vector.states[target] = state
        if policy == .exclude {
          result.leftOutCounts[target] = sums.cells.estimateCounts[group] + sums.cells.withheldCounts[group]
        }
        if state.hasValue {
          result.vector.values[target] = cell.sum * measure.scale
          result.estimatedParts[target] = cell.estimated * measure.scale
        }
      }
    }
    return result
  }

  /// The periods whose rows are added up for `period`: itself, or the quarters of a year that has no rows of its own.
  private func periods(standingFor period: Int, _ measure: Measure) -> [Int] {
    let known = measure.periods
    if known.contains(period) || Period.quarter(of: period) != nil || !measure.additive.contains(.period) {
      return [period]
    }
    let quarters = (1...4).map { period * 10 + $0 }
    return quarters.allSatisfy { known.contains($0) } ? quarters : [period]
  }

  private struct Sums {
    var cells: GroupSums<Double>
    /// Which activity groups have any code in this classification: a group without one is missing, not zero.
    var exists: [Bool]
    /// Which groups of places the facts have any place of.
    var isListed: [Bool]
    var isShared: Bool
  }

  private func sums(_ measure: Measure, _ grid: Grid, periods: [Int]) throws -> Sums? {
    var total: Sums?
    for period in periods {
      guard let sums = try sums(measure, grid, period: period) else { continue }
      guard var before = total else {
        total = sums
        continue
      }
      before.cells.add(sums.cells) { $0 }
      for group in before.exists.indices { before.exists[group] = before.exists[group] || sums.exists[group] }
      for group in before.isListed.indices {
        before.isListed[group] = before.isListed[group] || sums.isListed[group]
      }
      total = before
    }
    return total
  }

  private func sums(_ measure: Measure, _ grid: Grid, period: Int) throws -> Sums? {
    let parts = try parts(measure, period)
    guard !parts.isEmpty else { return nil }
    let tree = catalog.tree(for: dataset, in: period) ?? Self.onlyTotal
    if grid.activity.usesClusters, let weights = catalog.weights(scheme: dataset.scheme) {
      return try sharedSums(measure, parts, grid, tree, weights, period)
    }
    let (lookups, exists) = activityLookups(parts, grid.activity, tree, period)
    let cells = try groupSums(measure, parts, lookups, grid.region, width: grid.activity.groupCount)
    return Sums(
      cells: cells, exists: exists, isListed: regionLookup(parts, grid.region).isListed, isShared: false)
  }

  /// The group of every activity code of `parts`, and which groups have any code.
  private func activityLookups(
    _ parts: [Part], _ axis: ActivityAxis, _ tree: ActivityTree, _ period: Int
  ) -> (lookups: [ActivityLookup], exists: [Bool]) {
    let isPresent = presentNodes(parts.filter { !$0.hasCovers }, tree, period)
    let spread: GroupsOfNodes
    if let known = spreads.first(where: { $0.spread.tree === tree && $0.axis == axis && $0.isPresent == isPresent }) {
      spread = known.spread
    } else {
      spread = GroupsOfNodes(axis, tree: tree, isPresent: isPresent, catalog: catalog)
      spreads.append((axis, isPresent, spread))
    }
    var exists = [Bool](repeating: false, count: axis.groupCount)
    let lookups = parts.map { part in
      let nodes = nodes(of: part, in: tree)
      for node in nodes where node >= 0 {
        let group = spread.groups[Int(node)]
        if group >= 0 { exists[Int(group)] = true }
      }
      return ActivityLookup(spread, nodes: nodes, hasCovers: part.hasCovers)
    }
    return (lookups, exists)
  }

  /// Cells rolled up from sums by code: where every year is one part whose rows are all known.
  private func rolledUp(_ grid: Grid, _ measure: Measure) throws -> GroupedCells? {
    var years: [RollUp.Year?] = []
    for code in grid.years {
      guard let period = source.period(code) else {
        years.append(nil)
        continue
      }
      guard periods(standingFor: period, measure) == [period] else { return nil }
      let parts = try parts(measure, period)
      if parts.isEmpty {
        years.append(nil)
        continue
      }
      guard parts.count == 1, let sums = parts[0].sums, !sums.hasStates else { return nil }
      if grid.activity.usesClusters, catalog.weights(scheme: dataset.scheme) != nil { return nil }
      let regions = regionLookup(parts, grid.region)
      guard regions.isDirect else { return nil }
      let tree = catalog.tree(for: dataset, in: period) ?? Self.onlyTotal
      let (activities, exists) = activityLookups(parts, grid.activity, tree, period)
      years.append(
        RollUp.Year(
          sums: sums, regionGroups: regions.tiers[0][0].map { $0 < 0 ? -1 : regions.groupsOfSlot[Int($0)][0] },
          activityGroups: activities[0].groups, isListed: regions.isListed, exists: exists))
    }
    return try RollUp(
      grid: grid, years: years, scale: measure.scale, absentIsZero: dataset.absentIsZero, control: control
    ).cells()
  }

  /// Sums per place and code, then shared among the groups by weights.
  private func sharedSums(
    _ measure: Measure, _ parts: [Part], _ grid: Grid, _ tree: ActivityTree, _ weights: ClusterWeights, _ period: Int
  ) throws -> Sums {
    let isPresent = presentNodes(parts, tree, period)
    let shares = SharedLeaves(tree: tree, weights: weights, isPresent: isPresent, catalog: catalog)
      .weights(of: grid.activity)
    var columnOfNode: [Int: Int32] = [:]
    for share in shares where columnOfNode[share.node] == nil { columnOfNode[share.node] = Int32(columnOfNode.count) }
    let lookups = parts.map { part in
      var lookup = ActivityLookup(nodes: nodes(of: part, in: tree), columnOfNode: columnOfNode, tree: tree)
      // A row that its children stand for has a cover of 255; any other counts.
      for code in lookup.limits.indices { lookup.limits[code] = 255 }
      return lookup
    }
    let width = max(1, columnOfNode.count)
    let byCode = try groupSums(measure, parts, lookups, grid.region, width: width)
    let groupWidth = grid.activity.groupCount
    var cells = GroupSums<Double>(groupCount: grid.region.groupCount * groupWidth)
    var exists = [Bool](repeating: false, count: groupWidth)
    for share in shares { exists[Int(share.group)] = true }
    for region in 0..<grid.region.groupCount {
      for share in shares {
        let from = region * width + Int(columnOfNode[share.node] ?? 0)
        cells.add(byCode, from, times: share.weight, to: region * groupWidth + Int(share.group))
      }
    }
    return Sums(
      cells: cells, exists: exists, isListed: regionLookup(parts, grid.region).isListed, isShared: true)
  }

  // MARK: - Rows

  /// The rows of `parts` added up per group of places and column of activities.
  private func groupSums(
    _ measure: Measure, _ parts: [Part], _ activities: [ActivityLookup], _ axis: RegionAxis, width: Int
  ) throws -> GroupSums<Double> {
    let lookup = regionLookup(parts, axis)
    let cellCount = (lookup.isDirect ? axis.groupCount : lookup.slotCount) * width
    var filled: GroupSums<Double>?
    for tier in lookup.tiers {
      var sums: GroupSums<Double>?
      // Whole numbers of all parts, until they become doubles together.
      var integers: GroupSums<Int64>?
      for (position, part) in parts.enumerated() {
        let offsets = tier[position].map { slot -> Int32 in
          guard slot >= 0 else { return -1 }
          return (lookup.isDirect ? lookup.groupsOfSlot[Int(slot)][0] : slot) * Int32(width)
        }
        let rows = GroupLookup(
          regionOffsets: offsets, activityGroups: activities[position].groups,
          coverLimits: activities[position].limits)
        if let remote {
          let index = dataset.measureNames.firstIndex(of: measure.name) ?? 0
          let own = try remote.sums(
            measure: index, period: part.period, rows, width: width, cellCount: cellCount)
          if sums == nil { sums = own } else { sums?.add(own) { $0 } }
        } else {
          try add(part, rows, cellCount: cellCount, to: &sums, &integers)
        }
      }
      if let integers {
        if sums == nil { sums = integers.mapped { Double($0) } } else { sums?.add(integers) { Double($0) } }
      }
      guard let sums else { continue }
      if filled == nil { filled = sums } else { filled?.fillEmpty(from: sums) }
    }
    let slots = filled ?? GroupSums(groupCount: cellCount)
    if lookup.isDirect { return slots }
    var groups = GroupSums<Double>(groupCount: axis.groupCount * width)
    for slot in 0..<lookup.slotCount {
      for group in lookup.groupsOfSlot[slot] {
        for column in 0..<width {
          groups.add(slots, slot * width + column, times: 1, to: Int(group) * width + column)
        }
      }
    }
    return groups
  }

  private func add(
    _ part: Part, _ lookup: GroupLookup, cellCount: Int, to sums: inout GroupSums<Double>?,
    _ integers: inout GroupSums<Int64>?
  ) throws {
    if let byCode = part.sums {
      try control.check()
      var own = sums ?? GroupSums<Double>(groupCount: cellCount)
      sums = nil
      byCode.add(to: &own, lookup)
      sums = own
      return
    }
    guard let columns = part.columns else { return }
    switch columns.values {
    case .int32(let values):
      var own = integers ?? GroupSums(groupCount: cellCount)
      integers = nil
      try add(part, columns, values, lookup, &own)
      integers = own
    case .int64(let values):
      var own = GroupSums<Int128>(groupCount: cellCount)
      try add(part, columns, values, lookup, &own)
      let numbers = own.mapped { Double($0) }
      if sums == nil { sums = numbers } else { sums?.add(numbers) { $0 } }
    case .float64(let values):
      var own = GroupSums<Double>(groupCount: cellCount)
      try add(part, columns, values, lookup, &own)
      if sums == nil { sums = own } else { sums?.add(own) { $0 } }
    }
  }

  private func add<Value: FactValue>(
    _ part: Part, _ columns: MeasureColumns, _ values: ColumnBuffer<Value>, _ lookup: GroupLookup,
    _ sums: inout GroupSums<Value.Sum>
  ) throws {
    for start in stride(from: part.rows.lowerBound, to: part.rows.upperBound, by: RunControl.morselRowCount) {
      try control.check()
      let morsel = start..<min(start + RunControl.morselRowCount, part.rows.upperBound)
      columns.add(values, rows: morsel, lookup, into: &sums)
    }
  }

  private func regionLookup(_ parts: [Part], _ axis: RegionAxis) -> RegionLookup {
    let tables = parts.map(\.index)
    if let known = lookups.first(where: { $0.axis == axis && $0.tables == tables }) { return known.lookup }
    for part in parts where placesOfCodes[part.index] == nil {
      placesOfCodes[part.index] = part.facts.regions.map { place($0) }
    }
    let lookup = RegionLookup(
      axis, codes: tables.map { placesOfCodes[$0] ?? [] }, places: places, delineations: delineations)
    lookups.append((axis, tables, lookup))
    return lookup
  }

  private func place(_ code: String) -> Member? {
    let levels = dataset.regionLevels.contains(.country) ? dataset.regionLevels : [.country] + dataset.regionLevels
    for level in levels {
      if level == .country {
        if source.countries.contains(code) { return catalog.list(.country).member(code: code, country: code) }
        continue
      }
      for country in source.countries {
        if let member = catalog.list(level).member(code: code, country: country) { return member }
      }
    }
    return nil
  }

  private func nodes(of part: Part, in tree: ActivityTree) -> [Int32] {
    if let known = nodesOfCodes[part.index], known.tree === tree { return known.nodes }
    let nodes = part.facts.activities.map { tree.index(of: $0).map(Int32.init) ?? -1 }
    nodesOfCodes[part.index] = (tree, nodes)
    return nodes
  }

  /// Nodes that rows of `period` are of, over all `parts`.
  private func presentNodes(_ parts: [Part], _ tree: ActivityTree, _ period: Int) -> [Bool] {
    var isPresent = [Bool](repeating: false, count: tree.nodeCount)
    for part in parts {
      let nodes = nodes(of: part, in: tree)
      let key = [part.index, period]
      let codes =
        presence[key] ?? part.sums?.presentActivities() ?? part.facts.activitiesPresent(in: part.rows)
      presence[key] = codes
      for (code, isThere) in codes.enumerated() where isThere && nodes[code] >= 0 { isPresent[Int(nodes[code])] = true }
    }
    return isPresent
  }

  // MARK: - States

  /// The state that the rows of a group and the policy give its sum.
  private func finish(
    _ sums: GroupSums<Double>, _ group: Int, _ measure: Measure, isZero: Bool
  ) -> (sum: Double, estimated: Double, state: CellState) {
    let (rowCount, withheldCount) = (sums.rowCounts[group], sums.withheldCounts[group])
    if rowCount == 0 && withheldCount == 0 {
      let isZero = isZero && sums.missingCounts[group] == 0
      return (0, 0, isZero ? .known : .missing)
    }
    // Values that may not be added (a published quotient) are only there one by one.
    if measure.additive.isEmpty && rowCount > 1 { return (0, 0, .missing) }
    let hasEstimate = sums.estimateCounts[group] > 0
    switch policy {
    case .estimate:
      let state: CellState = withheldCount > 0 ? .withheld : hasEstimate ? .estimated : .known
      return (sums.sums[group], sums.estimated[group], state)
    case .exclude:
      let published = sums.sums[group] - sums.estimated[group]
      if rowCount == sums.estimateCounts[group] { return (0, 0, .withheld) }
      return (published, 0, withheldCount > 0 || hasEstimate ? .estimated : .known)
    case .withhold:
      return (sums.sums[group], 0, withheldCount > 0 || hasEstimate ? .withheld : .known)
    }
  }
}

extension ActivityLookup {
  /// Each node of `columnOfNode` is a column by itself; a row of any other code is left out.
  init(nodes: [Int32], columnOfNode: [Int: Int32], tree: ActivityTree) {
    groups = nodes.map { $0 < 0 ? -1 : columnOfNode[Int($0)] ?? -1 }
    limits = [UInt8](repeating: 0, count: nodes.count)
  }
}

extension FactTable {
  /// Which activity codes rows in `rows` have.
  func activitiesPresent(in rows: Range<Int>) -> [Bool] {
    switch activityCodes {
    case .bits8(let codes): Self.present(codes, rows, count: activities.count)
    case .bits16(let codes): Self.present(codes, rows, count: activities.count)
    case .bits32(let codes): Self.present(codes, rows, count: activities.count)
    }
  }

  private static func present<Code: FixedWidthInteger>(
    _ codes: ColumnBuffer<Code>, _ rows: Range<Int>, count: Int
  ) -> [Bool] {
    var isPresent = [Bool](repeating: false, count: count)
    precondition(rows.lowerBound >= 0 && rows.upperBound <= codes.count, "rows lie outside the column")
    // SAFETY: the buffer is alive while `codes` is, and `rows` is within it.
    let elements = unsafe codes.elements
    for row in rows { unsafe isPresent[Int(truncatingIfNeeded: elements[row])] = true }
    return isPresent
  }
}
