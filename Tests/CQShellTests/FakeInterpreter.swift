import CQConformance
import ClusterQuery

@testable import CQShell

/// Answers `rows N` with a table of N rows, `wrong` with a diagnostic that has a fix, and remembers what it was asked.
@MainActor final class FakeInterpreter: Interpreter {
  private(set) var executed: [Program] = []

  func importFile(_ path: String, arguments: [String], to output: String) throws(ExecutionFailure) -> String {
    "\(path) \(arguments.joined(separator: " ")) → \(output)\n"
  }

  func isIncomplete(_ text: String) -> Bool {
    text.last == "|" || text.last == "," || text.filter { $0 == "(" }.count > text.filter { $0 == ")" }.count
  }

  func execute(
    _ program: Program, onWarnings: (Diagnostics) -> Void, onResult: (Table) -> Void
  ) throws(ExecutionFailure) {
    executed.append(program)
    for statement in program.text.split(separator: "\n") {
      switch statement.split(separator: " ").first {
      case "rows":
        let count = statement.split(separator: " ").last.flatMap { Int32($0) } ?? 0
        onResult(
          Table(
            columns: [TableColumn(name: "year", values: .periods(Array(0..<count)))],
            notes: [TableNote(code: "N0502", text: "estimated")]))
      case "wrong": try throwWrong(program)
      case "odd":
        let span = TextSpan(0, 3)
        onWarnings(
          Diagnostics(
            source: SourceText(name: program.name, text: program.text),
            [Diagnostic("W0220", "`odd` is odd", at: span, severity: .warning)]))
      case "slow": throw .limit(code: "E0602", message: "too slow")
      case "stop": throw .interrupted
      default: break
      }
    }
  }

  func check(_ program: Program, isStrict: Bool) throws(ExecutionFailure) {
    if isStrict || program.text.contains("wrong") { try throwWrong(program) }
  }

  func test(_ path: String, _ text: String, messages: String?) -> TestReport {
    let failure = TestFailure(line: 2, message: "RESULT is not as expected", difference: ["- a", "+ b"])
    return TestReport(checkCount: 1, failures: text.contains("wrong") ? [failure] : [])
  }

  func format(_ program: Program, usesOfficialNames: Bool) throws(ExecutionFailure) -> String {
    if program.text.contains("wrong") { try throwWrong(program) }
    return program.text.split(separator: " ").joined(separator: " ")
  }

  func parameterNames(in text: String) -> [String] {
    text.split(separator: "$").dropFirst().map { String($0.prefix { $0.isLetter }) }
  }

  func help(about topic: String) -> HelpPage? {
    topic == "lq" ? HelpPage(text: "location quotient", examples: ["rows 2", "rows 3"]) : nil
  }

  func reset() { wasReset = true }
  private(set) var wasReset = false

  func adopt(_ options: Options) throws(ExecutionFailure) {
    if options.country == "Atlantis" { throw .other(message: "there are no data for Atlantis", .usage) }
    country = options.country ?? "United States"
  }
  private(set) var country = "United States"

  private func throwWrong(_ program: Program) throws(ExecutionFailure) {
    let span = TextSpan(0, 5)
    throw .diagnostics(
      Diagnostics(
        source: SourceText(name: program.name, text: program.text),
        [
          Diagnostic(
            "E0201", "`wrong` is wrong", at: span, helps: ["write `rows`"],
            fixes: [.init(span: span, replacement: "rows")])
        ]))
  }
}

extension Interpreter {
  func execute(_ program: Program, onResult: (Table) -> Void) throws(ExecutionFailure) {
    try execute(program, onWarnings: { _ in }, onResult: onResult)
  }
}

/// Hands out lines that were written beforehand.
@MainActor final class ScriptedReader: LineReader {
  let isInteractive: Bool
  var completion: ((_ line: String, _ cursor: Int) -> Completion)?
  private(set) var prompts: [String] = []
  private(set) var history: [String] = []
  private var events: [LineEvent]

  init(_ events: [LineEvent], isInteractive: Bool) {
    self.events = events
    self.isInteractive = isInteractive
  }

  func readLine(prompt: String) -> LineEvent {
    prompts.append(prompt)
    return events.isEmpty ? .endOfInput : events.removeFirst()
  }

  func addHistory(_ entry: String) { history.append(entry) }
}

extension CommandLineTool {
  /// What the tool says to arguments, with a ``FakeInterpreter`` behind it.
  static func run(_ arguments: String...) throws -> (code: ExitCode, output: String, errors: String) {
    let output = try CapturedOutput()
    let errors = try CapturedOutput()
    let tool = CommandLineTool(
      makeInterpreter: { _ throws(ExecutionFailure) in FakeInterpreter() }, output: output.output,
      errorOutput: errors.output)
    let code = tool.run(arguments: arguments)
    return try (code, output.text, errors.text)
  }
}
