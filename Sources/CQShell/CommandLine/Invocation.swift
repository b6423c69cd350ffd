import CQRender

/// What one command line asks for.
struct Invocation: Equatable {
  enum Task: Equatable {
    case repl
    case query(String)
    case script(path: String)
    case standardInput
    case check(paths: [String])
    case test(paths: [String])
    /// Pages about codes; the list of all for none.
    case explain(codes: [String])
    /// `changesFiles` is false for `--check`. The path `-` is standard input.
    case format(paths: [String], changesFiles: Bool, usesOfficialNames: Bool = false)
    /// Reference from doc comments; of the standard library for no paths.
    case reference(paths: [String], isHTML: Bool)
    case watch(path: String)
    /// Blanks of `dataset`, as they are written.
    case importFile(path: String, arguments: [String])
    case completions(ShellCompletions)
    case manual
    case help
    case subcommandHelp(Subcommand)
    case scriptHelp(path: String)
    case version
  }

  var task = Task.repl
  var options = Options()
  /// Values of the `$names` of the program, in the order given.
  var parameters: [Parameter] = []

  struct Parameter: Equatable {
    var name: String
    var value: String
  }
}

/// The options that every task understands.
struct Options: Equatable {
  enum DiagnosticsFormat: String, CaseIterable { case text, json, sarif }

  var format: OutputFormat?
  var outputPath: String?
  var failsWhenEmpty = false
  var diagnostics = DiagnosticsFormat.text
  var color = ColorChoice.auto
  var country: String?
  var width: Int?
  /// Rows of a table printed at most; nil where nothing was said, `.max` for all.
  var rowLimit: Int?
  var timeLimit: Duration?
  var cellLimit: Int?
  /// Bytes that a query may need.
  var memoryLimit: Int?
  /// Rows of a result that are too many.
  var resultLimit: Int?
  var isRestricted = false
  /// Only settings of a session.
  var pager = PagerChoice.auto
  var isTimed = false
  /// `check` asks queries to say what defaults would choose.
  var isStrict = false
}

/// A command line that can't be understood.
struct UsageError: Error, Equatable {
  var message: String
  var help: String?
}
