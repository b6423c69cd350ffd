internal import CQCatalog
internal import CQColumns
internal import CQEngine
internal import CQSemantics
internal import CQSource
internal import CQSyntax

/// What became of a file that was converted.
public struct ImportSummary: Sendable, Equatable {
  public var rowCount: Int
  /// The file is a dataset now; else it is a plain table.
  public var isDataset: Bool
  /// How its columns were read, one line each.
  public var columns: [String]
  /// Rows that were left out, and what else deserves a word.
  public var notes: [String]
}

extension Session {
  /// Converts a file into an Arrow file that is opened in place from then on.
  ///
  /// - Parameters:
  ///   - arguments: As `dataset` takes them: `["county:fips", "year:yr", "employment:emp"]`; without any, the file becomes
  ///     a dataset if its columns say what they are, and a plain table otherwise.
  ///   - output: Written beside it and renamed when all is well.
  /// - Throws: `Diagnostics`, ``LimitExceeded``, `CancellationError`, ``EngineError``.
  public func importFile(
    _ path: String, arguments: [String] = [], to output: String, limits: Limits = Limits(),
    cancellation: Cancellation = Cancellation()
  ) throws -> ImportSummary {
    let quoted = path.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : $0 == "{" || $0 == "}" ? "\($0)\($0)" : "\($0)" }
      .joined()
    let text = "dataset(" + (["\"\(quoted)\""] + arguments).joined(separator: ", ") + ")"
    let source = SourceText(name: "<import>", text: text)
    let parsed = Parser.parse(source)
    if parsed.diagnostics.contains(where: { $0.severity == .error }) {
      throw Diagnostics(source: source, parsed.diagnostics)
    }
    let stop = FileStore.Stop()
    let access = files.access(limits: limits, cancellation: cancellation, stop: stop, showsFiles: true)
    let elaborator = Elaborator(
      catalog: engine.catalog, source: source, environment: currentEnvironment, sessionArea: engine.area,
      parameters: [:], files: mode == .restricted ? nil : access)
    let facts = elaborator.userFacts(of: parsed.program)
    try stop.check()
    if let facts {
      try write(facts.facts, to: output, access, cancellation, stop)
      return ImportSummary(
        rowCount: facts.facts.rowCount, isDataset: true,
        columns: facts.report.lines.map { line in
          line.unmatched == 0
            ? "\(line.column): \(line.use)"
            : "\(line.column): \(line.use), \(line.unmatched) \(line.unmatched == 1 ? "row" : "rows") not"
        }, notes: facts.report.notes + otherCountries(facts.report, path, output))
    }
    // A file that was not said to be a dataset, and is none, is a table.
    guard arguments.isEmpty, mode != .restricted, elaborator.lacksDataset else {
      throw Diagnostics(source: source, elaborator.messages)
    }
    let table: FileTable
    do throws(FileProblem) {
      table = try access.table(path, ImportOptions())
    } catch {
      throw Diagnostics(source: source, elaborator.messages)
    }
    try write(table.arrowTable, to: output, access, cancellation, stop)
    return ImportSummary(
      rowCount: table.rowCount, isDataset: false,
      columns: table.columns.map { "\($0.name): \($0.isNumeric ? "numbers" : "texts")" }, notes: table.notes)
  }

  /// How the rows of other countries are converted.
  private func otherCountries(_ report: DatasetReport, _ path: String, _ output: String) -> [String] {
    report.otherCountries.map { code in
      let name = engine.catalog.list(.country).members.first { $0.code == code }?.name ?? code
      let stem = output.hasSuffix(".arrow") ? String(output.dropLast(6)) : output
      return "the rows of \(name) are not in it, a dataset has one country; convert them as well: "
        + "cq import \(path) 'in:\"\(name)\"' -o \(stem)_\(code.lowercased()).arrow"
    }
  }

  private func write(
    _ table: ArrowTable, to output: String, _ access: FileAccess, _ cancellation: Cancellation, _ stop: FileStore.Stop
  ) throws {
    var file = ArrowTableFile(table, isStopped: { cancellation.isCancelled || access.isStopped() })
    do throws(ArrowTableFile.Failure) {
      try file.write(to: output)
    } catch {
      // The file has been taken back.
      _ = access.isStopped()
      try stop.check()
      throw EngineError.cannotWrite(path: output, reason: error.reason ?? "it was stopped")
    }
  }
}
