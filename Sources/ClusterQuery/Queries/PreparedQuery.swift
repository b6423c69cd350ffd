internal import CQCatalog
internal import CQColumns
internal import CQEngine
internal import CQPlan
internal import CQRemote
internal import CQSemantics
public import CQSource
internal import CQSyntax

/// A checked query that can run many times. Immutable, from any thread.
public struct PreparedQuery: Sendable {
  let engine: Engine
  let source: SourceText
  let program: Program
  /// Values that were interpolated into the text.
  let bound: [String: HostValue]
  let files: FileStore
  /// What the text deserves a warning for; it runs all the same.
  public let warnings: Diagnostics

  /// Runs the query with `parameters` for its `$names`.
  ///
  /// Cancelling the task stops the query at its next check, at most 64 Ki rows later.
  ///
  /// - Returns: The table of the last query in the text.
  /// - Throws: `Diagnostics` when a parameter does not fit, ``LimitExceeded``, `CancellationError`, ``EngineError``.
  public func run(_ parameters: [String: String] = [:], limits: Limits = Limits()) async throws -> ResultTable {
    let cancellation = Cancellation()
    return try await withTaskCancellationHandler {
      var values = bound
      for (name, text) in parameters { values[name] = .text(text) }
      var last: ResultTable?
      let runner = Runner(
        engine: engine, source: source, limits: limits, cancellation: cancellation, files: files)
      _ = try runner.run(program, environment: engine.environment, parameters: values) { last = $0 }
      guard let last else { throw EngineError.noQuery }
      return last
    } onCancel: {
      cancellation.cancel()
    }
  }
}

/// Elaborates, plans and executes the statements of one program.
struct Runner {
  let engine: Engine
  let source: SourceText
  let limits: Limits
  let cancellation: Cancellation
  let files: FileStore
  var mode = Session.Mode.trusted
  /// Told what is being done.
  var progress: (@Sendable (String) -> Void)?

  /// - Returns: The names known afterwards, with the last query that ran.
  func run(
    _ program: Program, environment: Environment, parameters: [String: HostValue],
    onWarnings: ([Diagnostic]) -> Void = { _ in },
    onPlan: (_ plan: QueryPlan, _ statistics: RunStatistics, _ rowCount: Int) -> Void = { _, _, _ in },
    onResult: (ResultTable) -> Void
  ) throws -> Environment {
    let stop = FileStore.Stop()
    let access = files.access(limits: limits, cancellation: cancellation, stop: stop)
    let elaborator = Elaborator(
      catalog: engine.catalog, source: source, environment: environment, sessionArea: engine.area,
      parameters: parameters, files: mode == .restricted ? nil : access)
    let checked = elaborator.elaborate(program)
    try stop.check()
    if let damage = engine.catalog.damage { throw EngineError.damagedData(damage.message) }
    if checked.diagnostics.contains(where: { $0.severity == .error }) {
      throw Diagnostics(source: source, checked.diagnostics)
    }
    if !checked.diagnostics.isEmpty { onWarnings(checked.diagnostics) }
    var writer = FileWriter()
    for outcome in checked.outcomes {
      guard case .query(let typed) = outcome else { continue }
      if let progress { progress(Self.doing(typed)) }
      let (plan, result) = try execute(typed, elaborator.catalog)
      var outcome = result
      onPlan(plan, outcome.statistics, outcome.table.rowCount)
      outcome.table.prose = typed.prose
      if mode == .trusted {
        for (path, table) in outcome.saved {
          var table = table
          table.prose = typed.prose
          try writer.save(table, to: path)
        }
      }
      onResult(ResultTable(outcome.table, outcome.statistics))
    }
    try writer.finish()
    return checked.environment
  }

  /// The statements that engines would be asked for the queries of `program`.
  func statements(_ program: Program, environment: Environment, parameters: [String: HostValue]) throws -> [String] {
    let stop = FileStore.Stop()
    let elaborator = Elaborator(
      catalog: engine.catalog, source: source, environment: environment, sessionArea: engine.area,
      parameters: parameters,
      files: mode == .restricted ? nil : files.access(limits: limits, cancellation: cancellation, stop: stop))
    let checked = elaborator.elaborate(program)
    try stop.check()
    if checked.diagnostics.contains(where: { $0.severity == .error }) {
      throw Diagnostics(source: source, checked.diagnostics)
    }
    var texts: [String] = []
    for outcome in checked.outcomes {
      guard case .query(let typed) = outcome else { continue }
      var planner = Planner(catalog: elaborator.catalog, denseCellLimit: limits.denseCells)
      let executor = Executor(
        catalog: elaborator.catalog, plan: try planner.plan(typed), limits: limits, cancellation: cancellation)
      texts += try executor.statements()
    }
    return texts
  }

  /// `computing lq from us_cbp_county`
  private static func doing(_ query: TypedQuery) -> String {
    let what = query.title.first.map { "computing \($0)" } ?? "computing"
    guard case .frame(let frame, _) = query.source else { return what }
    return what + " from " + frame.datasetNames
  }

  private func execute(_ query: TypedQuery, _ catalog: Catalog) throws -> (QueryPlan, Executor.Outcome) {
    do {
      var planner = Planner(catalog: catalog, denseCellLimit: limits.denseCells)
      let plan = try planner.plan(query)
      let executor = Executor(
        catalog: catalog, plan: plan, limits: limits, cancellation: cancellation, cache: engine.cache)
      return (plan, try executor.run())
    } catch let error as CatalogError {
      throw EngineError.damagedData(error.message)
    } catch let error as EngineProblem {
      throw Diagnostics(source: source, [.engine(error.message, help: error.help, at: query.span)])
    } catch let error as RemoteRefusal {
      throw Diagnostics(source: source, [.engine(error.message, help: error.help, at: query.span)])
    }
  }
}
