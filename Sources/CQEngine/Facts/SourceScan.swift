import CQCatalog
import CQColumns
import CQPlan
import CQSemantics
internal import Synchronization

/// Answers grouping requests from the fact tables of one dataset.
final class SourceScan: @unchecked Sendable {
  // SAFETY: workers share what is looked up through a mutex; an engine is asked by one thread.
  let catalog: Catalog
  let source: FrameSource
  let policy: SuppressionPolicy
  let control: RunControl
  private let cache: SumCache?
  /// For a dataset whose rows are in an engine.
  private let remote: RemoteScan?
  let lookups: Mutex<SourceLookups>
  /// For datasets without activities: nothing but the total.
  static let onlyTotal = ActivityTree.Builder(scheme: "").finish()

  init(
    catalog: Catalog, source: FrameSource, places: Places, frame: Frame, control: RunControl, cache: SumCache?
  ) {
    self.cache = cache
    remote = source.dataset.remote.map { RemoteScan($0, control: control) }
    self.catalog = catalog
    self.source = source
    self.policy = frame.policy
    self.control = control
    lookups = Mutex(
      SourceLookups(
        catalog: catalog, source: source, places: places, delineations: frame.delineations,
        isRemote: source.dataset.remote != nil))
  }

  var dataset: Dataset { source.dataset }

  // MARK: - Sums by code

  /// Adds up what `requests` need, in one pass over the rows of all periods.
  ///
  /// - Parameter isSparse: Some answer has only the cells that rows have: then so have the sums by code, where there are many
  ///   more combinations than rows.
  func prepare(_ requests: [(request: GroupingRequest, measure: Measure)], isSparse: Bool) throws {
    if let remote {
      try remote.collect { for (request, measure) in requests { _ = try answer(request, measure) } }
      return try remote.fetch()
    }
    var reading = try reading(requests, isSparse: isSparse)
    for _ in reading.ready { control.ledger.addReuse() }
    let scan = CodeScan(control: control)
    let sums = try scan.sums(of: reading.tasks).map { SumsByCode($0) } + scan.sparseSums(of: reading.sparseTasks)
    for (task, sums) in zip(reading.tasks + reading.sparseTasks, sums) {
      let key = SumCache.Key(task.facts, task.measure.name, task.period)
      reading.ready[key] = sums
      if control.limits.reusesSums { cache?.insert(sums, for: key, of: task.facts) }
    }
    let found = reading.ready
    lookups.withLock { $0.ready = found }
  }

  /// What is read for some requests.
  private struct Reading {
    /// Sums that are there already.
    var ready: [SumCache.Key: SumsByCode] = [:]
    /// Rows that are added up by their codes, all in one pass; of the others only for the combinations that rows have.
    var tasks: [CodeScan.Task] = []
    var sparseTasks: [CodeScan.Task] = []
    /// Rows that are compared one by one.
    var singleRowCount = 0
  }

  private func reading(
    _ requests: [(request: GroupingRequest, measure: Measure)], isSparse: Bool
  ) throws -> Reading {
    var reading = Reading()
    var seen: Set<SumCache.Key> = []
    // Groups of the finest answer, of one period.
    let answerCellCount =
      requests.map { $0.request.grid.region.groupCount * $0.request.grid.activity.groupCount }.max() ?? 0
    for (request, measure) in requests {
      let periods = request.grid.years.compactMap { source.period($0) }
      for period in periods.flatMap({ measure.periods(standingFor: $0) }) {
        for (part, facts) in try dataset.facts(for: measure, period: period) {
          let key = SumCache.Key(facts, measure.name, period)
          guard seen.insert(key).inserted else { continue }
          let task = CodeScan.Task(
            facts: facts, measure: measure, part: part, period: period, rows: facts.rows(of: period))
          guard part.coverColumn == nil, !measure.additive.isEmpty else {
            reading.singleRowCount += task.rows.count
            continue
          }
          if control.limits.reusesSums, let sums = cache?.sums(key) {
            reading.ready[key] = sums
            continue
          }
          guard !task.rows.isEmpty, CodeScan.isWorthwhile(task, answerCellCount: answerCellCount) else {
            reading.singleRowCount += task.rows.count
            continue
          }
          if isSparse, SparseCodeScan.isFor(task) {
            reading.sparseTasks.append(task)
          } else {
            reading.tasks.append(task)
          }
        }
      }
    }
    return reading
  }

  /// What answering `requests` is going to take, without a row read.
  func expected(
    _ requests: [(request: GroupingRequest, measure: Measure)], isSparse: Bool
  ) throws -> CostEstimate {
    var cost = CostEstimate()
    if remote != nil { return cost }
    let reading = try reading(requests, isSparse: isSparse)
    cost.add(reading.singleRowCount, .singleRow)
    // Periods are read in one pass.
    let isSorted = { (task: CodeScan.Task) in task.facts.regionRuns != nil }
    cost.add(reading.tasks.reduce(0) { $0 + (isSorted($1) ? $1.rows.count : 0) }, .sortedRow)
    cost.add(reading.tasks.reduce(0) { $0 + (isSorted($1) ? 0 : $1.rows.count) }, .looseRow)
    cost.add(reading.sparseTasks.reduce(0) { $0 + $1.rows.count }, .sparseRow)
    cost.add(reading.tasks.reduce(0) { $0 + $1.cellCount }, .codeCell)
    for task in reading.tasks {
      let numbers = try FactNumbers(task.facts, task.measure.name)
      cost.bytes += task.cellCount * PeriodSums.bytesPerCell(numbers, hasStates: task.part.stateColumn != nil)
    }
    for task in reading.sparseTasks {
      let numbers = try FactNumbers(task.facts, task.measure.name)
      cost.bytes +=
        CellSet.byteCount(spaceCount: task.cellCount)
        + task.rows.count * PeriodSums.bytesPerCell(numbers, hasStates: task.part.stateColumn != nil)
    }
    return cost
  }

  /// Rows of the periods that `requests` are about.
  func rowCount(_ requests: [(request: GroupingRequest, measure: Measure)]) throws -> Int {
    if remote != nil { return 0 }
    var counts: [SumCache.Key: Int] = [:]
    for (request, measure) in requests {
      for period in request.grid.years.compactMap({ source.period($0) }).flatMap({ measure.periods(standingFor: $0) }) {
        for (_, facts) in try dataset.facts(for: measure, period: period) {
          counts[SumCache.Key(facts, measure.name, period)] = facts.rows(of: period).count
        }
      }
    }
    return counts.values.reduce(0, +)
  }

  /// The statements that would answer `requests` in the engine of the dataset; none for one in memory.
  func statements(_ requests: [(request: GroupingRequest, measure: Measure)]) throws -> [String] {
    guard let remote else { return [] }
    try remote.collect { for (request, measure) in requests { _ = try answer(request, measure) } }
    return remote.statements
  }

  func parts(_ measure: Measure, _ period: Int) throws -> [FactPart] {
    try lookups.withLock { try $0.parts(measure, period, control) }
  }

  func answer(_ request: GroupingRequest, _ measure: Measure) throws -> GroupedCells {
    let grid = request.grid
    if let rollUp = try rollUp(grid, measure) { return try rollUp.cells() }
    var result = GroupedCells(missing: grid.cellCount)
    if policy != .exclude { result.leftOutCounts = [] }
    let scheduler = try scheduler(grid, measure)
    try result.withSharedParts { target in
      try scheduler.run(grid.years.count) { year in
        try control.check()
        try answer(grid, year, measure, target)
      }
    }
    if !result.vector.states.holds(.estimated) { result.estimatedParts = [] }
    return result
  }

  /// Years are answered side by side where they have enough rows or groups together.
  private func scheduler(_ grid: Grid, _ measure: Measure) throws -> Scheduler {
    if remote != nil { return Scheduler(threadCount: 1) }
    var rowCount = 0
    for period in grid.years.compactMap({ source.period($0) }).flatMap({ measure.periods(standingFor: $0) }) {
      rowCount += try parts(measure, period).reduce(0) { $0 + $1.rows.count }
    }
    return Scheduler(
      control.limits, isWorthwhile: grid.years.count > 1 && max(rowCount, grid.cellCount) >= RollUp.threadedCellCount)
  }

  /// Writes the cells of one year.
  private func answer(_ grid: Grid, _ year: Int, _ measure: Measure, _ target: SharedCells) throws {
    let (width, yearCount) = (grid.activity.groupCount, grid.years.count)
    guard let period = source.period(grid.years[year]),
      let sums = try sums(measure, grid, periods: measure.periods(standingFor: period))
    else { return }
    let absentIsZero = dataset.absentIsZero
    for region in 0..<grid.region.groupCount {
      if region % 64 == 0 { try control.check() }
      for activity in 0..<width {
        let group = region * width + activity
        let isZero = absentIsZero && sums.exists[activity] && sums.isListed[region]
        let cell = finish(sums.cells, group, measure, isZero: isZero)
        var state = cell.state
        // Shares of codes among clusters are an approximation.
        if sums.isShared, state == .known { state = .estimated }
        let element = group * yearCount + year
        target.set(
          element, state, value: cell.sum * measure.scale, estimated: cell.estimated * measure.scale)
        if policy == .exclude {
          target.setLeftOut(element, sums.cells.estimateCounts[group] + sums.cells.withheldCounts[group])
        }
      }
    }
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
    let (activities, exists) = lookups.withLock { $0.activities(parts, grid.activity, tree, period) }
    let cells = try groupSums(measure, parts, activities, grid.region, width: grid.activity.groupCount)
    return Sums(
      cells: cells, exists: exists, isListed: regionLookup(parts, grid.region).isListed, isShared: false)
  }

  /// Cells rolled up from sums by code: where every year is one part whose rows are all known.
  func rollUp(_ grid: Grid, _ measure: Measure) throws -> RollUp? {
    var years: [RollUp.Year?] = []
    for code in grid.years {
      guard let period = source.period(code) else {
        years.append(nil)
        continue
      }
      guard measure.periods(standingFor: period) == [period] else { return nil }
      let parts = try parts(measure, period)
      if parts.isEmpty {
        years.append(nil)
        continue
      }
      guard parts.count == 1, let sums = parts[0].sums, !sums.sums.hasStates else { return nil }
      if grid.activity.usesClusters, catalog.weights(scheme: dataset.scheme) != nil { return nil }
      let regions = regionLookup(parts, grid.region)
      guard regions.isDirect else { return nil }
      let tree = catalog.tree(for: dataset, in: period) ?? Self.onlyTotal
      let (activities, exists) = lookups.withLock { $0.activities(parts, grid.activity, tree, period) }
      years.append(
        RollUp.Year(
          sums, regionGroups: regions.tiers[0][0].map { $0 < 0 ? -1 : regions.groupsOfSlot[Int($0)][0] },
          activityGroups: activities[0].groups, isListed: regions.isListed, exists: exists))
    }
    return RollUp(
      grid: grid, years: years, scale: measure.scale, absentIsZero: dataset.absentIsZero, control: control)
  }

  /// Sums per place and code, then shared among the groups by weights.
  private func sharedSums(
    _ measure: Measure, _ parts: [FactPart], _ grid: Grid, _ tree: ActivityTree, _ weights: ClusterWeights,
    _ period: Int
  ) throws -> Sums {
    let isPresent = lookups.withLock { $0.presentNodes(parts, tree, period) }
    let shares = SharedLeaves(tree: tree, weights: weights, isPresent: isPresent, catalog: catalog)
      .weights(of: grid.activity)
    var columnOfNode: [Int: Int32] = [:]
    for share in shares where columnOfNode[share.node] == nil { columnOfNode[share.node] = Int32(columnOfNode.count) }
    let activities = parts.map { part in
      var lookup = ActivityLookup(nodes: part.facts.nodes(in: tree), columnOfNode: columnOfNode, tree: tree)
      // A row that its children stand for has a cover of 255; any other counts.
      for code in lookup.limits.indices { lookup.limits[code] = 255 }
      return lookup
    }
    let width = max(1, columnOfNode.count)
    let byCode = try groupSums(measure, parts, activities, grid.region, width: width)
    let groupWidth = grid.activity.groupCount
    var cells = GroupSums<Double>(groupCount: grid.region.groupCount * groupWidth)
    var exists = [Bool](repeating: false, count: groupWidth)
    for share in shares { exists[Int(share.group)] = true }
    for region in 0..<grid.region.groupCount {
      if region % 64 == 0 { try control.check() }
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
    _ measure: Measure, _ parts: [FactPart], _ activities: [ActivityLookup], _ axis: RegionAxis, width: Int
  ) throws -> GroupSums<Double> {
    let lookup = regionLookup(parts, axis)
    let cellCount = (lookup.isDirect ? axis.groupCount : lookup.slotCount) * width
    // Sums of a tier beside those of the tiers before it, and whole numbers before they become doubles.
    let bytes = cellCount * 2 * GroupSums<Double>.bytesPerGroup
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    var filled: GroupSums<Double>?
    for tier in lookup.tiers {
      try control.check()
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
          try add(part, rows, width: width, cellCount: cellCount, to: &sums, &integers)
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
      if slot % 64 == 0 { try control.check() }
      for group in lookup.groupsOfSlot[slot] {
        for column in 0..<width {
          groups.add(slots, slot * width + column, times: 1, to: Int(group) * width + column)
        }
      }
    }
    return groups
  }

  func add(
    _ part: FactPart, _ lookup: GroupLookup, width: Int, cellCount: Int, to sums: inout GroupSums<Double>?,
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
      try part.add(columns, values, lookup, width: width, to: &own, control)
      integers = own
    case .int64(let values):
      var own = GroupSums<Int128>(groupCount: cellCount)
      try part.add(columns, values, lookup, width: width, to: &own, control)
      let numbers = own.mapped { Double($0) }
      if sums == nil { sums = numbers } else { sums?.add(numbers) { $0 } }
    case .float64(let values):
      var own = GroupSums<Double>(groupCount: cellCount)
      try part.add(columns, values, lookup, width: width, to: &own, control)
      if sums == nil { sums = own } else { sums?.add(own) { $0 } }
    }
  }

  func regionLookup(_ parts: [FactPart], _ axis: RegionAxis) -> RegionLookup {
    lookups.withLock { $0.regions(parts, axis) }
  }

  // MARK: - States

  /// The state that the rows of a group and the policy give its sum.
  func finish(
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
