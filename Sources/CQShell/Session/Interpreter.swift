import CQConformance
import ClusterQuery

/// A text to run, with the values of its `$names`.
struct Program: Equatable {
  /// Printed in diagnostics: a path, `<cq>`, `<stdin>`.
  var name: String
  var text: String
  var parameters: [String: String] = [:]
}

/// What the shell needs from the language.
@MainActor protocol Interpreter: AnyObject {
  /// Whether more lines must follow before `text` means anything.
  func isIncomplete(_ text: String) -> Bool

  /// Runs a program in this session; `_` and names that it defines stay.
  func execute(
    _ program: Program, onWarnings: (Diagnostics) -> Void, onResult: (Table) -> Void
  ) throws(ExecutionFailure)

  /// Finds every mistake and runs nothing.
  ///
  /// - Parameter isStrict: Queries must say what defaults would choose for them.
  func check(_ program: Program, isStrict: Bool) throws(ExecutionFailure)

  /// Holds what a case, an example or a document says against what happens.
  ///
  /// - Parameter messages: What stands in a `.txt` beside a script: the messages it must give.
  func test(_ path: String, _ text: String, messages: String?) -> TestReport

  /// The text of a program in its canonical form.
  ///
  /// - Parameter usesOfficialNames: Aliases of members become their official names.
  func format(_ program: Program, usesOfficialNames: Bool) throws(ExecutionFailure) -> String

  /// The `$names` that `text` uses, each once, in order of appearance.
  func parameterNames(in text: String) -> [String]

  /// Explains an indicator, verb, level, dataset or topic; nil when it is unknown.
  func help(about topic: String) -> HelpPage?

  /// How a text may go on at a cursor.
  func completion(of text: String, at offset: Int) -> Completion

  /// A definition as it is written.
  func definition(of name: String) -> String?
  /// Source, release and licence of what a measure or a dataset says.
  func provenance(of name: String) -> String?
  /// The members of a level whose names have the words of `text`.
  func members(of level: String, matching text: String) -> String?
  /// The datasets whose names and titles have the words of `text`, as a table of text.
  func datasets(matching text: String) -> String?
  /// How a query would be answered; nil where nobody can say.
  func plan(of program: Program) throws(ExecutionFailure) -> String?
  /// The statements that engines would be asked for a query; none for one that is answered from columns in memory.
  func statements(of program: Program) throws(ExecutionFailure) -> [String]
  /// Converts a file of the user's into an Arrow file.
  ///
  /// - Parameter arguments: Blanks of `dataset`, such as `county:fips`.
  /// - Returns: What became of it, in lines of text.
  func importFile(_ path: String, arguments: [String], to output: String) throws(ExecutionFailure) -> String
  /// The country that answers where a query does not say.
  var country: String { get }
  /// Takes over the country and the limits of `options`.
  func adopt(_ options: Options) throws(ExecutionFailure)
  /// Forgets every name and the last result.
  func reset()
  /// Says now and then what a program that runs is doing, from any thread.
  func onProgress(_ report: @escaping @Sendable (String) -> Void)
  /// Where and when there are numbers of a measure; `country` may be empty.
  func availability(of measure: String, in country: String) -> String?
}

extension Interpreter {
  func format(_ program: Program) throws(ExecutionFailure) -> String {
    try format(program, usesOfficialNames: false)
  }

  func completion(of text: String, at offset: Int) -> Completion { Completion(span: TextSpan(offset, offset)) }
  func definition(of name: String) -> String? { nil }
  func datasets(matching text: String) -> String? { nil }
  func plan(of program: Program) throws(ExecutionFailure) -> String? { nil }
  func statements(of program: Program) throws(ExecutionFailure) -> [String] { [] }
  var country: String { "US" }
  func adopt(_ options: Options) throws(ExecutionFailure) {}
  func reset() {}
  func onProgress(_ report: @escaping @Sendable (String) -> Void) {}
  func provenance(of name: String) -> String? { nil }
  func members(of level: String, matching text: String) -> String? { nil }
  func availability(of measure: String, in country: String) -> String? { nil }
}

/// Why a program gave no result, or not all of them.
enum ExecutionFailure: Error {
  case diagnostics(Diagnostics)
  /// Time, cells or another limit.
  case limit(code: String, message: String, help: String? = nil)
  case interrupted
  /// The set-up or the data are at fault.
  case other(message: String, ExitCode)

  /// Of the first mistake, for those that have one.
  var code: String? {
    switch self {
    case .diagnostics(let diagnostics): diagnostics.all.first?.code
    case .limit(let code, _, _): code
    case .interrupted, .other: nil
    }
  }

  var exitCode: ExitCode {
    switch self {
    case .diagnostics(let diagnostics):
      // Warnings alone are no failure.
      diagnostics.all.first { $0.severity == .error }.map { ExitCode(ofDiagnosticCode: $0.code) } ?? .success
    case .limit: .limit
    case .interrupted: .interrupted
    case .other(_, let code): code
    }
  }
}

/// What the process tells its caller.
enum ExitCode: Int32 {
  case success = 0
  /// The data do not allow it.
  case data = 1
  /// Wrong usage, or a file that can't be read or written.
  case usage = 2
  /// The program has mistakes.
  case program = 3
  case limit = 4
  /// No rows, and `--fail-empty` was given.
  case empty = 5
  case interrupted = 130

  /// By the family of the code: data states, limits, files, and otherwise mistakes in the program.
  init(ofDiagnosticCode code: String) {
    self =
      switch code.prefix(3) {
      case "E05": .data
      case "E06": .limit
      case "E08": .usage
      default: .program
      }
  }
}
