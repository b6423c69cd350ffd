import CQColumns
import CQConformance
import ClusterQuery

/// The language, as the library offers it.
@MainActor final class SessionInterpreter: Interpreter {
  private let session: Session
  private var limits: Limits
  /// Rows of a result at most, where the user has said so: a file that is converted is not shown, and may have more.
  private var resultLimit: Int?

  init(_ engine: Engine, _ options: Options) {
    session = Session(engine: engine, mode: options.isRestricted ? .restricted : .trusted)
    limits = Self.limits(of: options)
    resultLimit = options.resultLimit
  }

  private static func limits(of options: Options) -> Limits {
    var limits = Limits(time: options.timeLimit)
    if let cells = options.cellLimit { limits.cells = cells }
    if let rows = options.resultLimit { limits.rows = rows }
    if let bytes = options.memoryLimit { limits.memory = bytes }
    return limits
  }

  var country: String { session.engine.country }

  func adopt(_ options: Options) throws(ExecutionFailure) {
    if let country = options.country {
      do {
        try session.setCountry(country)
      } catch {
        throw Self.failure(error)
      }
    }
    limits = Self.limits(of: options)
    resultLimit = options.resultLimit
  }

  func importFile(_ path: String, arguments: [String], to output: String) throws(ExecutionFailure) -> String {
    var limits = limits
    limits.rows = resultLimit ?? .max
    do {
      let summary = try session.importFile(
        path, arguments: arguments, to: output, limits: limits, cancellation: Interrupts.cancellation)
      let kind = summary.isDataset ? "dataset" : "plain table"
      let use = summary.isDataset ? "let mine = dataset(\"\(output)\")" : "open(\"\(output)\")"
      let rows = summary.rowCount.counted("row")
      let lines = ["\(output): a \(kind) of \(rows), opened with \(use)"]
      return (lines + summary.columns.map { "  \($0)" } + summary.notes.map { "note: \($0)" })
        .joined(separator: "\n") + "\n"
    } catch {
      throw Self.failure(error)
    }
  }

  func reset() { session.reset() }

  func onProgress(_ report: @escaping @Sendable (String) -> Void) { session.onProgress(report) }

  static func openEngine(_ data: DataSource, _ options: Options) throws(ExecutionFailure) -> Engine {
    do {
      return try Engine(data, country: options.country ?? "US")
    } catch {
      throw failure(error)
    }
  }

  func isIncomplete(_ text: String) -> Bool { session.isIncomplete(text) }

  func execute(
    _ program: Program, onWarnings: (Diagnostics) -> Void, onResult: (Table) -> Void
  ) throws(ExecutionFailure) {
    do {
      try session.execute(
        program.text, name: program.name, parameters: program.parameters, limits: limits,
        cancellation: Interrupts.cancellation, onWarnings: onWarnings
      ) { onResult($0.table) }
    } catch {
      throw Self.failure(error)
    }
  }

  func statements(of program: Program) throws(ExecutionFailure) -> [String] {
    do {
      return try session.statements(of: program.text, name: program.name, parameters: program.parameters)
    } catch {
      throw Self.failure(error)
    }
  }

  func check(_ program: Program, isStrict: Bool) throws(ExecutionFailure) {
    let diagnostics = session.check(program.text, name: program.name, isStrict: isStrict)
    if !diagnostics.all.isEmpty { throw .diagnostics(diagnostics) }
  }

  func test(_ path: String, _ text: String, messages: String?) -> TestReport {
    TestReport(ofFile: path, text, messages: messages, engine: session.engine)
  }

  func format(_ program: Program, usesOfficialNames: Bool) throws(ExecutionFailure) -> String {
    do throws(Diagnostics) {
      return try session.format(program.text, name: program.name, usesOfficialNames: usesOfficialNames)
    } catch {
      throw .diagnostics(error)
    }
  }

  func parameterNames(in text: String) -> [String] { session.parameterNames(in: text) }

  func help(about topic: String) -> HelpPage? { session.helpPage(topic) }

  func plan(of program: Program) throws(ExecutionFailure) -> String? {
    do {
      return try session.plan(
        of: program.text, name: program.name, parameters: program.parameters, limits: limits,
        cancellation: Interrupts.cancellation)
    } catch {
      throw Self.failure(error)
    }
  }

  func datasets(matching text: String) -> String? { session.datasets(matching: text) }

  func completion(of text: String, at offset: Int) -> Completion {
    Completer(session).completion(of: text, at: offset)
  }

  func definition(of name: String) -> String? { session.definition(of: name) }

  func provenance(of name: String) -> String? { session.provenance(of: name) }

  func members(of level: String, matching text: String) -> String? { session.members(of: level, matching: text) }

  func availability(of measure: String, in country: String) -> String? {
    session.availability(of: measure, in: country)
  }

  private static func failure(_ error: any Error) -> ExecutionFailure {
    switch error {
    case let diagnostics as Diagnostics: return .diagnostics(diagnostics)
    case is CancellationError: return .interrupted
    case let limit as LimitExceeded:
      return .limit(code: limit.code, message: limit.message, help: limit.help)
    case EngineError.unknownCountry(let name, let known):
      return .other(message: "there are no data for the country `\(name)`; there are data for \(known)", .usage)
    default: return .other(message: "\(error)", .data)
    }
  }
}
