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
      throw LimitExceeded.cells(needed: plan.cellBound, limit: control.limits.cells, plan.obstacle)
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
    statistics.processBytes = ProcessMemory.resident.own
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
    var found = try control.ledger.timed(.read) { try engine.answers(plan) }
    try control.check()
    let boundsEngine = BoundsEngine(catalog: catalog, frame: frame, control: control)
    var plan = plan
    if let condition = plan.sparseGrid(0)?.condition {
      try selectRows(condition, &plan, &found, engine, frame, boundsEngine)
    }
    let answers = found.all
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

  /// Looks for the rows that the first verbs may keep, and makes of their cells all that there are.
  private func selectRows(
    _ condition: RowCondition, _ plan: inout QueryPlan, _ found: inout GroupingEngine.Answers, _ engine: GroupingEngine,
    _ frame: Frame, _ boundsEngine: BoundsEngine
  ) throws {
    func evaluator(_ plan: QueryPlan, _ answers: GroupingEngine.Answers) -> GridEvaluator {
      GridEvaluator(
        plan: plan, answers: answers.all, sparse: answers.sparse, frame: frame, boundsEngine: boundsEngine,
        catalog: catalog, control: control)
    }
    var (planOfRows, ofRows) = (plan, found)
    let bytes = try control.ledger.timed(.read) { try engine.keepRows(&planOfRows, &ofRows) }
    defer { control.ledger.release(bytes) }
    var (cells, rows) = (evaluator(plan, found), evaluator(planOfRows, ofRows))
    let kept = try control.ledger.timed(.formulas) { try cells.selectedCells(condition, ofRows: &rows) }
    // From here on, these are the cells that there are.
    try control.ledger.timed(.read) { try engine.keep(kept, &plan, &found) }
  }

  /// Says of withheld numbers between what and what they lie, in columns that show a measure as it is published.
  private func addBounds(to table: inout Table, _ rows: RowTable, _ grids: inout GridEvaluator) throws {
    let plan = grids.plan
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
        try addBounds(to: &table.columns[position], withheld, rows, formula, cells, grids)
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
    _ grids: GridEvaluator
  ) throws {
    let plan = grids.plan
    guard case .cell(let index)? = formula.inputs.first,
      plan.sparseGrid(0)?.requests.contains(index) == true, plan.requests[index].grid == cells.grid
    else { return }
    let numbers = withheld.map { cells.numbers[rows.selection[$0]] }
    let intervals = try grids.boundsEngine.intervals(of: numbers, plan.requests[index])
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
