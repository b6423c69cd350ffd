internal import CQEngine
internal import CQPlan
internal import CQSemantics
internal import CQSource
internal import CQSyntax

extension Session {
  /// How the queries of `text` are answered: what is read, which cells that gives, what is computed from them, and what
  /// each part took, measured by running the text once. Files are not written, and no name is kept.
  ///
  /// - Returns: nil when the text has no query.
  /// - Throws: As ``execute(_:name:parameters:limits:cancellation:onWarnings:onResult:)``.
  public func plan(
    of text: String, name: String = "<cq>", parameters: [String: String] = [:], limits: Limits = Limits(),
    cancellation: Cancellation = Cancellation()
  ) throws -> String? {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source)
    if parsed.diagnostics.contains(where: { $0.severity == .error }) {
      throw Diagnostics(source: source, parsed.diagnostics)
    }
    var plans: [String] = []
    let runner = Runner(
      engine: engine, source: source, limits: limits, cancellation: cancellation, files: files,
      mode: mode == .restricted ? .restricted : .readOnly)
    _ = try runner.run(
      parsed.program, environment: currentEnvironment, parameters: parameters.mapValues { .text($0) },
      onPlan: { plan, statistics, rowCount in
        var measured = PlanText.Measured()
        measured.rowsScanned = statistics.rowsScanned
        measured.periodsReused = statistics.periodsReused
        measured.threads = statistics.threads
        measured.statements = statistics.statements
        measured.receivedBytes = statistics.receivedBytes
        measured.peakBytes = statistics.peakBytes
        measured.processBytes = statistics.processBytes
        measured.cellCount = statistics.cells
        measured.sparseGrids = statistics.sparseGrids.map { ($0.possible, $0.count, $0.isPassedOver) }
        measured.rowCount = rowCount
        measured.milliseconds = statistics.milliseconds
        measured.readMilliseconds = statistics.readMilliseconds
        measured.formulaMilliseconds = statistics.formulaMilliseconds
        measured.tableMilliseconds = statistics.tableMilliseconds
        measured.estimatedMilliseconds = statistics.estimatedMilliseconds
        measured.groupings = statistics.groupings.map {
          PlanText.Grouping(possible: $0.possible, count: $0.count, isHashed: $0.isHashed)
        }
        let query = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        plans.append(PlanText(plan).text(query: query, measured))
      }, onResult: { _ in })
    return plans.isEmpty ? nil : plans.joined(separator: "\n\n")
  }
}
