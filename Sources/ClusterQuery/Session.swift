internal import CQCatalog
internal import CQSemantics
internal import CQSyntax
internal import Synchronization

/// A conversation: `let`, `def` and the last result (`_`) stay known from one text to the next.
///
/// A session may be used from any thread; texts given at the same time run one after the other. After an error the
/// session is as it was before the text.
public final class Session: Sendable {
  public enum Mode: Sendable {
    /// Files and engines may be opened.
    case trusted
    /// Files may be read, and `save` passes the table on without writing it: for trying things out.
    case readOnly
    /// For text from outside: no files, no `use`, no engines.
    case restricted
  }

  /// With the country that ``setCountry(_:)`` chose last.
  public var engine: Engine { currentEngine.withLock { $0 } }
  public let mode: Mode
  private let currentEngine: Mutex<Engine>
  private let environment: Mutex<Environment>
  /// Files that texts of this session have read.
  let files = FileStore()
  private let reportProgress = Mutex<(@Sendable (String) -> Void)?>(nil)

  public init(engine: Engine, mode: Mode = .trusted) {
    currentEngine = Mutex(engine)
    self.mode = mode
    environment = Mutex(engine.environment)
  }

  /// From now on `country` answers where a query does not say `in:`; names and the last result stay.
  ///
  /// - Throws: ``EngineError/unknownCountry(_:known:)``.
  public func setCountry(_ country: String) throws(EngineError) {
    let changed = try engine.answering(for: country)
    currentEngine.withLock { $0 = changed }
  }

  /// Forgets every `let` and `def`, and the last result.
  public func reset() {
    let fresh = engine.environment
    environment.withLock { $0 = fresh }
  }

  /// Says now and then what a text that runs is doing, in a few words: `reading jobs.csv, 40%`. Called from any thread.
  public func onProgress(_ report: (@Sendable (String) -> Void)?) {
    reportProgress.withLock { $0 = report }
    guard let report else {
      files.progress.withLock { $0 = nil }
      return
    }
    let tell: @Sendable (String, Int, Int) -> Void = { path, done, total in
      let name = String(path.split(separator: "/").last ?? "")
      // What follows the reading has no measure.
      if total > 0, done >= total { return report("\(name) is read, working on it") }
      report("reading \(name)\(total > 0 ? ", \(done * 100 / total)%" : "")")
    }
    files.progress.withLock { $0 = tell }
  }

  /// Checks and runs every statement of `text`; calls `onResult` with the table of each query, in order.
  ///
  /// - Parameters:
  ///   - onWarnings: Called once before the first result when the text runs but deserves a warning.
  ///   - name: What messages call the text: a file, or `<cq>`.
  ///   - parameters: Values for the `$names` of the text.
  ///   - cancellation: `cancel()` stops the text at its next check and leaves the session usable.
  /// - Throws: `Diagnostics` with everything that is wrong, before anything runs; ``LimitExceeded``;
  ///   `CancellationError`; ``EngineError``.
  public func execute(
    _ text: String, name: String = "<cq>", parameters: [String: String] = [:], limits: Limits = Limits(),
    cancellation: Cancellation = Cancellation(), onWarnings: (Diagnostics) -> Void = { _ in },
    onResult: (ResultTable) -> Void
  ) throws {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source)
    let before = environment.withLock { $0 }
    if parsed.diagnostics.contains(where: { $0.severity == .error }) {
      // What could be read is checked as well, so that all mistakes show at once.
      let more = diagnostics(of: parsed.program, source, before, parameters.mapValues { .text($0) })
      throw Diagnostics(source: source, parsed.diagnostics + more)
    }
    let runner = Runner(
      engine: engine, source: source, limits: limits, cancellation: cancellation, files: files, mode: mode,
      progress: reportProgress.withLock { $0 })
    let after = try runner.run(
      parsed.program, environment: before, parameters: parameters.mapValues { .text($0) },
      onWarnings: { onWarnings(Diagnostics(source: source, parsed.diagnostics + $0)) }, onResult: onResult)
    environment.withLock { $0 = after }
  }

  /// The SQL that the engines named in `text` would be asked for its queries, to be run by hand; empty where cq answers
  /// from columns in memory.
  ///
  /// - Throws: `Diagnostics` with everything that is wrong; ``EngineError``.
  public func statements(
    of text: String, name: String = "<cq>", parameters: [String: String] = [:]
  ) throws -> [String] {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source)
    if parsed.diagnostics.contains(where: { $0.severity == .error }) {
      throw Diagnostics(source: source, parsed.diagnostics)
    }
    let runner = Runner(
      engine: engine, source: source, limits: Limits(), cancellation: Cancellation(), files: files, mode: mode)
    return try runner.statements(
      parsed.program, environment: currentEnvironment, parameters: parameters.mapValues { .text($0) })
  }

  /// Everything that is wrong with `text`, without running it; `$names` are taken on trust.
  ///
  /// - Parameter isStrict: Whether a query may leave its place, its years and its dataset to defaults, which may change
  ///   from release to release.
  public func check(_ text: String, name: String = "<cq>", isStrict: Bool = false) -> Diagnostics {
    let source = SourceText(name: name, text: text)
    let parsed = Parser.parse(source)
    let more = diagnostics(of: parsed.program, source, environment.withLock { $0 }, nil, isStrict: isStrict)
    return Diagnostics(source: source, parsed.diagnostics + more)
  }

  private func diagnostics(
    of program: Program, _ source: SourceText, _ environment: Environment, _ parameters: [String: HostValue]?,
    isStrict: Bool = false
  ) -> [Diagnostic] {
    let elaborator = Elaborator(
      catalog: engine.catalog, source: source, environment: environment, sessionArea: engine.area,
      parameters: parameters, files: mode == .restricted ? nil : files.access, isStrict: isStrict)
    return elaborator.elaborate(program).diagnostics
  }

  /// `text` in its canonical form; what this session has defined is spelled as it was there.
  ///
  /// - Parameter usesOfficialNames: Aliases of members become their official names.
  /// - Throws: `Diagnostics` when the text does not parse.
  public func format(
    _ text: String, name: String = "<cq>", usesOfficialNames: Bool = false
  ) throws(Diagnostics) -> String {
    let names = DefinedNames(
      catalog: engine.catalog.adding(currentEnvironment.datasets), environment: currentEnvironment)
    let countries = engine.area.members.map(\.country)
    return try names.format(text, name: name, officialNamesIn: usesOfficialNames ? countries : nil)
  }

  var currentEnvironment: Environment { environment.withLock { $0 } }

  /// Whether `text` ends inside a bracket, or after a `|`, a comma or an operator: more lines may complete it.
  public func isIncomplete(_ text: String) -> Bool {
    Parser.parse(SourceText(name: "<cq>", text: text)).isIncomplete
  }

  /// The `$names` that `text` uses, in the order of their first use: a script's parameters.
  public func parameterNames(in text: String) -> [String] {
    ParameterNames.names(in: Parser.parse(SourceText(name: "<cq>", text: text)).program)
  }

  /// What `?topic` prints: an indicator, a measure, a dataset, a verb, a member; for a topic in quotes everything that has
  /// its words. nil when nothing is called that.
  public func helpPage(_ topic: String) -> HelpPage? {
    let (engine, environment) = (engine, currentEnvironment)
    return HelpTexts(
      catalog: engine.catalog.adding(environment.datasets), environment: environment,
      countries: engine.area.members.map(\.country)
    ).page(for: topic)
  }

  /// The text of ``helpPage(_:)``.
  public func help(_ topic: String) -> String? { helpPage(topic)?.text }
}
