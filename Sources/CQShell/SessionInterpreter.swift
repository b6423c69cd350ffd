import ClusterQuery

/// The language, as the library offers it.
@MainActor final class SessionInterpreter: Interpreter {
  private let session: Session
  private let limits: Limits

  init(_ engine: Engine, _ options: Options) {
    session = Session(engine: engine, mode: options.isRestricted ? .restricted : .trusted)
    var limits = Limits(time: options.timeLimit)
    if let cells = options.cellLimit { limits.cells = cells }
    self.limits = limits
  }

  static func openEngine(_ data: DataSource, _ options: Options) throws(ExecutionFailure) -> Engine {
    do {
      return try Engine(data, country: options.country ?? "US")
    } catch {
      throw failure(error)
    }
  }

  func isIncomplete(_ text: String) -> Bool { session.isIncomplete(text) }

  func execute(_ program: Program, onResult: (Table) -> Void) throws(ExecutionFailure) {
    do {
      try session.execute(
        program.text, name: program.name, parameters: program.parameters, limits: limits,
        cancellation: Interrupts.cancellation
      ) { onResult($0.table) }
    } catch {
      throw Self.failure(error)
    }
  }

  func check(_ program: Program) throws(ExecutionFailure) {
    let diagnostics = session.check(program.text, name: program.name)
    if !diagnostics.all.isEmpty { throw .diagnostics(diagnostics) }
  }

  func format(_ program: Program) throws(ExecutionFailure) -> String {
    do throws(Diagnostics) {
      return try session.format(program.text, name: program.name)
    } catch {
      throw .diagnostics(error)
    }
  }

  func parameterNames(in text: String) -> [String] { session.parameterNames(in: text) }

  func help(about topic: String) -> String? { session.help(topic) }

  private static func failure(_ error: any Error) -> ExecutionFailure {
    switch error {
    case let diagnostics as Diagnostics: return .diagnostics(diagnostics)
    case is CancellationError: return .interrupted
    case let limit as LimitExceeded:
      // The message begins with its code: `E0602: this query took longer …`.
      let parts = limit.message.split(separator: ": ", maxSplits: 1)
      return .limit(code: String(parts.first ?? ""), message: String(parts.last ?? ""))
    case EngineError.unknownCountry(let name, let known):
      return .other(message: "there are no data for the country `\(name)`; there are data for \(known)", .usage)
    default: return .other(message: "\(error)", .data)
    }
  }
}
