package import CQCatalog
package import CQColumns
package import CQPlan
import CQSemantics

/// Runs a plan: answers its requests, evaluates formulas on the grids, then the verbs on the rows.
package struct Executor {
  let catalog: Catalog
  let plan: QueryPlan
  let control: RunControl
  let cache: SumCache?

  /// - Parameter cache: Sums of earlier queries over the same catalogue.
  package init(
    catalog: Catalog, plan: QueryPlan, limits: Limits, cancellation: Cancellation, cache: SumCache? = nil
  ) {
    self.cache = cache
    self.catalog = catalog
    self.plan = plan
    control = RunControl(cancellation: cancellation, limits: limits)
  }

  /// What a query gives: its table, and the tables that `save` asked to be written.
  package struct Outcome: Sendable {
    package var table: Table
    package var saved: [(path: String, table: Table)]
    package var statistics = RunStatistics()
  }

  /// - Throws: ``LimitExceeded``, `CancellationError`, ``CatalogError`` for damaged data.
  package func run() throws -> Outcome {
    if plan.cellBound > control.limits.cells {
      throw LimitExceeded.cells(needed: plan.cellBound, limit: control.limits.cells, plan.sparseObstacles.first?.reason)
    }
    let start = ContinuousClock.now
    let bytes = plan.byteBound
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    let cost = try expected(plan)
    // Nothing is read for sums that would not fit.
    try control.ledger.reserve(cost.bytes, control.limits)
    control.ledger.release(cost.bytes)
    var outcome = try run(plan)
    outcome.statistics = statistics(since: start)
    outcome.statistics.estimatedMilliseconds = cost.milliseconds(threads: Scheduler(control.limits).threadCount)
    let outlines = MapOutlines(catalog: catalog, source: plan.query.source)
    try outlines.attach(to: &outcome.table)
    for index in outcome.saved.indices { try outlines.attach(to: &outcome.saved[index].table) }
    return outcome
  }

  /// The statements that engines would be asked to answer the plan, in the order in which they would run.
  package func statements() throws -> [String] { try statements(of: plan) }

  private func statements(of plan: QueryPlan) throws -> [String] {
    var texts: [String] = []
    if case .frame(let frame, _) = plan.query.source {
      texts += try GroupingEngine(catalog: catalog, frame: frame, control: control, cache: nil).statements(
        plan.requests)
    }
    for stage in plan.stages {
      switch stage {
      case .append(let other, _), .join(let other, _, _, _): texts += try statements(of: other)
      default: break
      }
    }
    return texts
  }

  private func statistics(since start: ContinuousClock.Instant) -> RunStatistics {
    var statistics = RunStatistics()
    statistics.rowsScanned = control.ledger.rowsScanned
    statistics.periodsReused = control.ledger.periodsReused
    statistics.cells = plan.cellBound + control.ledger.sparseCells
    statistics.sparseGrids = control.ledger.sparseGrids
    statistics.peakBytes = control.ledger.peakBytes
    statistics.threads = control.ledger.threads
    statistics.statements = control.ledger.statements
    statistics.receivedBytes = control.ledger.receivedBytes
    statistics.groupings = control.ledger.groupings
    statistics.milliseconds = (ContinuousClock.now - start).inMilliseconds
    statistics.readMilliseconds = control.ledger.milliseconds(.read)
    statistics.formulaMilliseconds = control.ledger.milliseconds(.formulas)
    statistics.tableMilliseconds = control.ledger.milliseconds(.table)
    return statistics
  }

  /// - Parameter isInner: The table is one that another query joins or appends.
  private func run(_ plan: QueryPlan, isInner: Bool = false) throws -> Outcome {
    try control.check()
    switch plan.query.source {
    case .catalogue(let source): return try run(plan, source.table(in: catalog), isInner)
    case .imported(let table): return try run(plan, table.reread?() ?? table, isInner)
    case .frame(let frame, let columns): return try run(plan, frame, columns, isInner)
    }
  }

  /// A table whose rows are there already.
  private func run(_ plan: QueryPlan, _ table: ImportedTable, _ isInner: Bool) throws -> Outcome {
    let rows = RowTable(table, plan, catalog, control) { try run($0, isInner: true).table }
    rows.keepsEmptyColumns = isInner
    control.ledger.addScan(rows: table.rowCount, threads: 1)
    let bytes = table.byteCount
    try control.ledger.reserve(bytes, control.limits)
    defer { control.ledger.release(bytes) }
    var finished = try control.ledger.timed(.table) {
      try rows.finished(title: plan.query.title, notes: plan.query.notes)
    }
    guard !table.source.isEmpty else { return Outcome(table: finished, saved: rows.saved) }
    (finished.header.dataset, finished.header.source) = (table.path, table.source)
    let saved = rows.saved.map { entry in
      var copy = entry.table
      (copy.header.dataset, copy.header.source) = (table.path, table.source)
      copy.notes = finished.notes
      return (path: entry.path, table: copy)
    }
    return Outcome(table: finished, saved: saved)
  }

  private func run(
    _ plan: QueryPlan, _ frame: Frame, _ columns: [SourceColumn], _ isInner: Bool
  ) throws -> Outcome {
    if !plan.bounds.isEmpty, let remote = frame.datasets.first(where: { $0.remote != nil }) {
      throw RemoteRefusal(
        message: "bounds need the single cells of `\(remote.name)`, and these stay in its engine",
        help: "import the table as a file, or leave out `bounds` and `estimate`")
    }
    let engine = GroupingEngine(catalog: catalog, frame: frame, control: control, cache: cache)
    let found = try control.ledger.timed(.read) { try engine.answers(plan) }
    let answers = found.all
    try control.check()
    let boundsEngine = BoundsEngine(catalog: catalog, frame: frame, control: control)
    var grids = GridEvaluator(
      plan: plan, answers: answers, sparse: found.sparse, frame: frame, boundsEngine: boundsEngine, catalog: catalog,
      control: control)
    var vectors: [Vector] = []
    for formula in plan.formulas {
      try control.check()
      vectors.append(try control.ledger.timed(.formulas) { try grids.evaluate(formula, grid: 0) })
    }
    let rows = try control.ledger.timed(.table) {
      try RowTable(frame: frame, columns: columns, vectors: vectors, sparse: found.sparse[0], plan, catalog, control) {
        try run($0, isInner: true).table
      }
    }
    rows.keepsEmptyColumns = isInner
    try control.check()
    var table = try control.ledger.timed(.table) {
      try rows.finished(title: plan.query.title, notes: plan.query.notes)
    }
    table.notes += grids.replacements.notes + grids.kernelNotes
    if !table.notes.contains(where: { $0.code == "N0541" && $0.text.hasPrefix("missing") }) {
      let undefined = UndefinedNotes(plan: plan, columns: columns, vectors: vectors, answers: answers, control: control)
      table.notes += try undefined.notes(shownRows: plan.stages.isEmpty ? nil : rows.shownGridRows)
    }
    try addBounds(to: &table, rows, &grids)
    try control.check()
    let estimates = EstimateNotes(
      plan: plan, frame: frame, catalog: catalog, answers: answers, sparse: found.sparse, control: control)
    table.notes =
      try estimates.notes(shownRows: rows.shownGridRows, listwiseLeftOut: grids.leftOutCount)
      + estimates.withheldNotes(rowCount: table.rowCount) + table.notes
    var header = header(plan, frame)
    for added in rows.addedSources where !header.source.contains(added.source) {
      header.source += "; " + added.source
      header.dataset += ", " + added.dataset
    }
    table.header = header
    let saved = rows.saved.map { entry in
      var copy = entry.table
      copy.header = header
      copy.notes = table.notes
      return (path: entry.path, table: copy)
    }
    return Outcome(table: table, saved: saved)
  }

  /// Says of withheld numbers between what and what they lie, in columns that show a measure as it is published.
  private func addBounds(to table: inout Table, _ rows: RowTable, _ grids: inout GridEvaluator) throws {
    guard case .frame(let frame, let columns) = plan.query.source, rows.gridSelection == nil,
      !frame.datasets.contains(where: { $0.remote != nil })
    else { return }
    let shown = columns.indices.filter { !columns[$0].name.isEmpty }
    for (position, column) in plan.query.visible.enumerated() where position < table.columns.count {
      let index = column.column - frame.levels.count
      guard shown.indices.contains(index), case .cell = columns[shown[index]].expression.kind,
        case .numbers(_, let states, _) = table.columns[position].values, states.holds(.withheld)
      else { continue }
      let withheld = states.indices.filter { states[$0] == .withheld }
      guard !withheld.isEmpty, withheld.count <= Self.boundedCells else { continue }
      if let cells = grids.sparse[0] {
        let formula = plan.formulas[shown[index]]
        try addBounds(to: &table.columns[position], withheld, rows, formula, cells, grids.boundsEngine)
        continue
      }
      let intervals = try grids.intervals(plan.formulas[shown[index]], grid: 0)
      for row in withheld {
        let interval = intervals.intervals[rows.selection[row]]
        if !intervals.isMissing[rows.selection[row]], interval.low.isFinite {
          table.columns[position].bounds[row] = interval.low...interval.high
        }
      }
    }
  }

  /// The same for a column of a sparse grid: of the rows alone, since nothing has an element for every cell.
  private func addBounds(
    to column: inout TableColumn, _ withheld: [Int], _ rows: RowTable, _ formula: Formula, _ cells: SparseCells,
    _ engine: BoundsEngine
  ) throws {
    guard case .cell(let index)? = formula.inputs.first,
      plan.sparseGrid(0)?.requests.contains(index) == true, plan.requests[index].grid == cells.grid
    else { return }
    let numbers = withheld.map { cells.numbers[rows.selection[$0]] }
    let intervals = try engine.intervals(of: numbers, plan.requests[index])
    for (row, number) in zip(withheld, numbers) {
      if let interval = intervals[number], interval.low.isFinite {
        column.bounds[row] = interval.low...interval.high
      }
    }
  }

  /// More withheld cells than anyone reads do not each need their bounds.
  private static let boundedCells = 2_000

  private func header(_ plan: QueryPlan, _ frame: Frame) -> TableHeader {
    // Plain arithmetic asks nothing of the data.
    if plan.requests.isEmpty { return TableHeader(title: Array(plan.query.title.prefix(1))) }
    var sources: [String] = []
    for dataset in frame.datasets where !sources.contains(dataset.source) { sources.append(dataset.source) }
    var header = TableHeader(
      title: plan.query.title, dataset: frame.datasetNames, source: sources.joined(separator: "; "))
    if !plan.baseRequests.isEmpty { header.base = frame.baseName(catalog) }
    let years = frame.periodsShown.map { Period.year(of: $0) }
    if let first = years.first, let last = years.last { header.years = first...last }
    return header
  }
}

/// Evaluates formulas whose inputs are cells and reductions, on any grid of the plan.
struct GridEvaluator {
  let plan: QueryPlan
  let answers: [GroupedCells]
  /// The cells of sparse grids, by the index of the grid; what stands on these has an element for each cell.
  let sparse: [Int: SparseCells]
  let frame: Frame
  let boundsEngine: BoundsEngine
  let replacements = ReplacementCounts()
  let catalog: Catalog
  let control: RunControl
  private var reduced: [Int: [Vector]] = [:]
  /// How often formulas load each answer.
  private var usesOfCells: [Int: Int] = [:]
  var kernelResults: [Int: [Vector]] = [:]
  /// What kernels said (N0541).
  var kernelRemarks: [TableNote] = []
  /// What the numbers of kernels are computed from, and by which of them.
  var kernelSamples: [(text: String, names: [String])] = []
  private var answeredBounds: [Int: IntervalVector] = [:]
  private var intervalsOfFormulas: [Int: IntervalVector] = [:]
  /// Members left out of `columns(…)` because a number of theirs is withheld or missing.
  private(set) var leftOutCount = 0

  init(
    plan: QueryPlan, answers: [GroupedCells], sparse: [Int: SparseCells] = [:], frame: Frame,
    boundsEngine: BoundsEngine, catalog: Catalog, control: RunControl
  ) {
    self.sparse = sparse
    self.catalog = catalog
    self.control = control
    self.plan = plan
    self.answers = answers
    self.frame = frame
    self.boundsEngine = boundsEngine
    for formula in plan.formulas + plan.reductions.flatMap(\.formulas) + plan.kernels.flatMap(\.formulas)
      + plan.bounds.map(\.formula)
    {
      for case .cell(let index) in formula.inputs { usesOfCells[index, default: 0] += 1 }
    }
  }

  mutating func evaluate(_ formula: Formula, grid: Int) throws -> Vector {
    try evaluator(formula, grid: grid).evaluate(control)
  }

  /// The formula with what it loads.
  private mutating func evaluator(_ formula: Formula, grid: Int) throws -> FormulaEvaluator {
    if let cells = sparse[grid] { return try evaluator(formula, grid: grid, over: cells) }
    var inputs: [Vector] = []
    var broadcasts: [Broadcast?] = []
    var cells: [Int: CodedCells] = [:]
    for input in formula.inputs {
      var broadcast: Broadcast?
      switch input {
      case .cell(let index):
        broadcast = Self.broadcast(from: plan.requests[index].grid, to: plan.grids[grid])
        if broadcast == nil, isReadInBlocks(index) {
          cells[inputs.count] = answers[index].coded
          inputs.append(answers[index].vector)
        } else {
          inputs.append(try answers[index].numbers(control))
        }
      case .reduction(let index, let column): inputs.append(try reduction(index, onto: grid)[column])
      case .kernel(let index, let column): inputs.append(try kernel(index, onto: grid)[column])
      case .bounds(let index, let isHigh):
        let intervals = try intervalsOfFormulas[index] ?? self.intervals(plan.bounds[index].formula, grid: grid)
        intervalsOfFormulas[index] = intervals
        inputs.append(intervals.end(isHigh: isHigh))
      case .exchangeRate(let table): inputs.append(exchangeRates(table, plan.grids[grid]))
      case .activityKind(let kind): inputs.append(activityKinds(kind, plan.grids[grid]))
      case .column, .namesLike, .memberTest, .textTest, .rowAggregate, .rowKernel:
        // The elaborator hoists measures out of row expressions, never the other way round.
        inputs.append(Vector(repeating: .missing, count: plan.grids[grid].cellCount))
      }
      broadcasts.append(broadcast)
    }
    let evaluator = FormulaEvaluator(
      formula: formula, inputs: inputs, broadcasts: broadcasts,
      cells: cells.isEmpty ? [] : inputs.indices.map { cells[$0] }, rowCount: plan.grids[grid].cellCount,
      replacements: replacements)
    return try FormulaHoisting(grid: plan.grids[grid]).hoisted(evaluator, control)
  }

  /// The formula over the cells of a sparse grid: all that it loads has an element for each of them.
  private mutating func evaluator(_ formula: Formula, grid: Int, over cells: SparseCells) throws -> FormulaEvaluator {
    var inputs: [Vector] = []
    for input in formula.inputs {
      switch input {
      case .cell(let index) where plan.sparseGrid(grid)?.requests.contains(index) == true:
        inputs.append(answers[index].vector)
      case .cell(let index):
        let broadcast = Self.broadcast(from: plan.requests[index].grid, to: plan.grids[grid])
        inputs.append(try cells.gathered(try answers[index].numbers(control), broadcast, control))
      case .reduction(let index, let column): inputs.append(try reduction(index, onto: grid)[column])
      case .exchangeRate(let table): inputs.append(exchangeRates(table, plan.grids[grid], cells))
      case .activityKind(let kind): inputs.append(activityKinds(kind, plan.grids[grid], cells))
      case .column, .namesLike, .memberTest, .textTest, .rowAggregate, .rowKernel, .kernel, .bounds:
        // The planner lays out grids of kernels and bounds whole.
        inputs.append(Vector(repeating: .missing, count: cells.count))
      }
    }
    return FormulaEvaluator(formula: formula, inputs: inputs, rowCount: cells.count, replacements: replacements)
  }

  /// Whether the cells of an answer are written block by block where a formula wants them: many, and wanted once or twice.
  private func isReadInBlocks(_ answer: Int) -> Bool {
    answers[answer].coded != nil && answers[answer].count >= Self.blockwiseCellCount && usesOfCells[answer] ?? 0 <= 2
  }

  private static let blockwiseCellCount = 1 << 18

  private mutating func reduction(_ index: Int, onto grid: Int) throws -> [Vector] {
    if let known = reduced[index] { return known }
    let reduction = plan.reductions[index]
    let coarse = plan.grids[grid]
    let (regionCount, coarseCount) = (coarse.region.groupCount, coarse.activity.groupCount)
    var result: [Vector] = []
    if let fine = sparse[reduction.grid] {
      let columns = try reduction.formulas.map { try evaluate($0, grid: reduction.grid) }
      let parents = try fine.parents(of: reduction, on: coarse, sparse[grid], control)
      let combined = try fine.reduced(
        columns, reduction, parents: parents, count: sparse[grid]?.count ?? coarse.cellCount, control)
      leftOutCount += combined.leftOutCount
      result = combined.columns
    } else if FusedReduction.isFor(reduction.aggregate) {
      var columns: [FormulaEvaluator] = []
      for formula in reduction.formulas { columns.append(try evaluator(formula, grid: reduction.grid)) }
      let fused = FusedReduction(
        aggregate: reduction.aggregate, columns: columns, parents: reduction.parents,
        regionParents: reduction.regionParents, regionCount: regionCount, coarseCount: coarseCount,
        yearCount: coarse.years.count, isListwise: reduction.isListwise)
      let combined = try fused.run(control)
      leftOutCount += combined.leftOutCount
      result = combined.columns
    } else {
      // Only sums are listwise.
      for formula in reduction.formulas {
        result.append(
          try Aggregation(aggregate: reduction.aggregate).reduce(
            try evaluate(formula, grid: reduction.grid), parents: reduction.parents,
            regionParents: reduction.regionParents, regionCount: regionCount, coarseCount: coarseCount,
            yearCount: coarse.years.count, control: control))
      }
    }
    reduced[index] = result
    return result
  }

  /// Where the elements of a coarser grid stand behind those of `target`; nil when the grids are laid out alike.
  private static func broadcast(from source: Grid, to target: Grid) -> Broadcast? {
    let (sourceWidth, sourceYears) = (source.activity.groupCount, source.years.count)
    let (width, years) = (target.activity.groupCount, target.years.count)
    let regions = target.region.groupCount
    if source.region == target.region || (source.region.groupCount == 1 && regions == 1), sourceWidth == width,
      sourceYears == years
    {
      return nil
    }
    return Broadcast(
      regionBases: regionGroups(of: target.region, in: source.region).map { $0 * sourceWidth * sourceYears },
      activityStride: sourceWidth == 1 ? 0 : sourceYears, yearStride: sourceYears == 1 ? 0 : 1, width: width,
      yearCount: years)
  }

  // MARK: - Intervals

  /// As ``evaluate(_:grid:)``, with the interval of every cell in place of its number.
  mutating func intervals(_ formula: Formula, grid: Int) throws -> IntervalVector {
    let target = plan.grids[grid]
    var inputs: [IntervalVector] = []
    for input in formula.inputs {
      switch input {
      case .cell(let index):
        let intervals = try cellIntervals(index)
        let broadcast = Self.broadcast(from: plan.requests[index].grid, to: target)
        inputs.append(broadcast.map { intervals.gathered($0.sourceRows()) } ?? intervals)
      case .reduction(let index, let column):
        let reduction = plan.reductions[index]
        let fine = try intervals(reduction.formulas[column], grid: reduction.grid)
        inputs.append(
          try Aggregation(aggregate: reduction.aggregate).reduce(
            fine, parents: reduction.parents, regionParents: reduction.regionParents,
            regionCount: target.region.groupCount, coarseCount: target.activity.groupCount,
            yearCount: target.years.count, control: control))
      case .exchangeRate(let table): inputs.append(IntervalVector(exchangeRates(table, target)))
      case .activityKind(let kind): inputs.append(IntervalVector(activityKinds(kind, target)))
      case .column, .namesLike, .memberTest, .textTest, .rowAggregate, .bounds, .kernel, .rowKernel:
        inputs.append(IntervalVector(missing: target.cellCount))
      }
    }
    return IntervalEvaluator(formula: formula, inputs: inputs, rowCount: target.cellCount).evaluate()
  }

  /// What is known about the cells of a request.
  mutating func cellIntervals(_ request: Int) throws -> IntervalVector {
    if let known = answeredBounds[request] { return known }
    let intervals = try boundsEngine.answer(plan.requests[request], answers[request])
    answeredBounds[request] = intervals
    return intervals
  }

  /// 1 where the cluster of a cell is of `kind`; missing where a cell has no cluster.
  private func activityKinds(_ kind: String, _ grid: Grid, _ cells: SparseCells? = nil) -> Vector {
    var result = Vector(repeating: .missing, count: cells?.count ?? grid.cellCount)
    let clusters = catalog.list(.cluster)
    let kinds = grid.activity.entries.map { entry -> String? in
      let member = entry.last { $0.level == .cluster || $0.level == .subcluster }
      guard let member else { return nil }
      return member.level == .cluster
        ? member.kind : clusters.member(code: member.parent, country: member.country)?.kind
    }
    for element in 0..<result.count {
      let cell = cells?.numbers[element] ?? element
      guard let found = kinds[cell / grid.years.count % max(1, kinds.count)] else { continue }
      result.values[element] = found == kind ? 1 : 0
      result.states[element] = .known
    }
    return result
  }

  // MARK: - Currencies

  /// The rate of each element's country and year; missing where the table has none.
  private func exchangeRates(_ table: RateTable, _ grid: Grid, _ cells: SparseCells? = nil) -> Vector {
    var result = Vector(repeating: .missing, count: cells?.count ?? grid.cellCount)
    let perRegion = grid.activity.groupCount * grid.years.count
    for element in 0..<result.count {
      let cell = cells?.numbers[element] ?? element
      let region = cell / perRegion
      let place = grid.region.entries[region].first ?? grid.region.parts[region].first?.place
      let country = place?.country ?? frame.dataset.country
      let source = frame.sources.first { $0.countries.contains(country) }
      let code = grid.years[cell % grid.years.count]
      let year = Period.year(of: source?.period(code) ?? code)
      if let rate = table.rate(country: country, year: year) {
        result.values[element] = rate
        result.states[element] = .known
      }
    }
    return result
  }

  /// The group of `source` that belongs to each group of `target`: its own, the only one, or its country's.
  private static func regionGroups(of target: RegionAxis, in source: RegionAxis) -> [Int] {
    if source == target { return Array(0..<target.groupCount) }
    guard source.groupCount > 1 else { return [Int](repeating: 0, count: target.groupCount) }
    let shared = source.levels.compactMap { target.levels.firstIndex(of: $0) }
    if !shared.isEmpty, shared.count == source.levels.count {
      // Places of a finer grid, each within its own.
      let positions = Dictionary(
        source.entries.enumerated().map { ($1.map(\.key), $0) }, uniquingKeysWith: { first, _ in first })
      return target.entries.map { entry in positions[shared.map { entry[$0].key }] ?? 0 }
    }
    let positions = Dictionary(
      source.entries.enumerated().map { ($1.first?.code ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    return target.entries.map { entry in positions[entry.first?.country ?? ""] ?? 0 }
  }
}
