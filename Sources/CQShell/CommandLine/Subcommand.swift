/// The first word of a command line, where it is one of cq's own. Help, completions and the manual page are made from
/// this table.
enum Subcommand: String, CaseIterable, Sendable {
  // ORDER: as the help lists them.
  case check, test, explain, fmt, doc
  case importFile = "import"
  case watch, completions, man, help

  /// An option that belongs to one subcommand.
  struct Option: Sendable {
    var name: String
    var summary: String
  }

  struct Description: Sendable {
    /// What may follow the name: `FILE…`.
    var operands: String
    var summary: String
    /// Sentences for `--help`.
    var details: String
    var options: [Option] = []
    /// Options of all programs that matter here, by name.
    var sharedOptions: [String] = []
    var examples: [(command: String, meaning: String)]
    var exitCodes: [ExitCode]
    /// Endings of the files that it takes; empty for other words.
    var fileEndings: [String] = []
    /// Words that it takes.
    var words: [String] = []
  }

  var description: Description {
    switch self {
    case .check:
      Description(
        operands: "FILE…", summary: "find all mistakes, run nothing",
        details: """
          Reads each file as if it were run, and reports everything that is wrong with it at once: names that there are \
          not, years without data, units that don't fit. No data are read, so that it takes milliseconds.
          """,
        options: [Option(name: "--strict", summary: "queries must say in:, year: and data:")],
        sharedOptions: ["--diagnostics", "--in", "--color"],
        examples: [
          ("cq check report.cq", "all mistakes of a script"),
          ("cq check --strict *.cq", "also what a later release of the data might answer differently"),
          ("cq check --diagnostics sarif report.cq > log.sarif", "for a code-scanning service"),
        ], exitCodes: [.success, .usage, .program], fileEndings: [".cq"])
    case .test:
      Description(
        operands: "[FOLDER|FILE]…", summary: "run the cases and examples of a folder (.cqt, .cq, .md)",
        details: """
          Runs the `example:` lines of definitions, the `cq` blocks of documents, scripts with a .txt of expected messages \
          beside them, and .cqt cases, which hold a source with the result that it must give.
          """,
        sharedOptions: ["--in"],
        examples: [("cq test", "everything below this folder"), ("cq test lib/mine.cq", "the examples of one file")],
        exitCodes: [.success, .data, .usage], fileEndings: [".cq", ".cqt", ".md"])
    case .explain:
      Description(
        operands: "[CODE]…", summary: "what an error such as E0301 means",
        details: "Each page says what is wrong, with an example that gives the error and one that runs.",
        examples: [("cq explain E0301", "one page"), ("cq explain", "one line for each code that there is")],
        exitCodes: [.success, .usage])
    case .fmt:
      Description(
        operands: "FILE…", summary: "rewrite files in the usual layout",
        details: "There is nothing to configure. The file - stands for standard input, which goes to standard output.",
        options: [
          Option(name: "--check", summary: "only name the files that would change"),
          Option(name: "--official", summary: "turn aliases of members into official names"),
        ],
        examples: [
          ("cq fmt report.cq", "rewrites the file"),
          ("cq fmt --check *.cq", "for a build: exit code 1 if one would change"),
          ("cq fmt - < report.cq", "prints the result"),
        ], exitCodes: [.success, .data, .usage, .program], fileEndings: [".cq"])
    case .doc:
      Description(
        operands: "FILE…", summary: "reference from doc comments",
        details: "Signature, sentence, formula, unit, edge cases, source and examples of each definition, as Markdown.",
        options: [
          Option(name: "--html", summary: "one page for the browser"),
          Option(name: "--stdlib", summary: "cq's own indicators instead of files"),
        ], sharedOptions: ["-o"],
        examples: [
          ("cq doc lib/indicators.cq", "your own definitions"),
          ("cq doc --html --stdlib -o indicators.html", "all that cq brings along"),
        ], exitCodes: [.success, .usage, .program], fileEndings: [".cq"])
    case .importFile:
      Description(
        operands: "FILE [BLANK:COLUMN]…", summary: "convert a file of your own once, to be opened in place",
        details: """
          Reads CSV, JSON, Parquet, SQLite, Stata and other files (`cq help files` lists them), binds columns to levels and \
          measures as `dataset` does, and writes an Arrow file that opens at once. Without blanks a file whose columns say \
          what they are becomes a dataset, and any other a plain table.
          """,
        sharedOptions: ["-o", "--limit-time", "--in"],
        examples: [
          ("cq import jobs.csv -o jobs.arrow", "finds out what the columns are"),
          ("cq import jobs.csv.gz county:fips naics6:industry year:yr employment:emp -o jobs.arrow", "says so"),
          (
            "cq import pay.csv state:st year:2024 'payroll:pay * 1k USD' -o pay.arrow", "one year, thousands of dollars"
          ),
        ], exitCodes: [.success, .data, .usage, .program, .interrupted],
        fileEndings: [
          ".csv", ".tsv", ".gz", ".zst", ".json", ".jsonl", ".parquet", ".feather", ".arrow", ".dta",
        ])
    case .watch:
      Description(
        operands: "FILE", summary: "run a script again whenever it changes",
        details: """
          Clears the screen, runs the script, and waits until the script or a file that it names is saved again. Mistakes \
          are shown and waited out. Ctrl-C stops a query that runs, and ends the watch otherwise.
          """,
        sharedOptions: ["--in", "--format", "--rows", "--width"],
        examples: [
          ("cq watch report.cq", "with an editor beside it"), ("cq watch report.cq --region Ohio", "$region is Ohio"),
        ],
        exitCodes: [.usage, .interrupted], fileEndings: [".cq"])
    case .completions:
      Description(
        operands: "bash|zsh|fish", summary: "Tab for cq in your shell",
        details: "Prints a script for the shell; `make install` puts it where the shell looks.",
        examples: [
          ("source <(cq completions bash)", "in ~/.bashrc"),
          ("cq completions zsh > ~/.zfunc/_cq", "with ~/.zfunc in fpath"),
          ("cq completions fish > ~/.config/fish/completions/cq.fish", ""),
        ], exitCodes: [.success, .usage], words: ["bash", "zsh", "fish"])
    case .man:
      Description(
        operands: "", summary: "the manual page, for man",
        details: "Prints the source of the page; `make install` puts it where man looks.",
        examples: [("cq man > cq.1 && man ./cq.1", "read it without installing")], exitCodes: [.success])
    case .help:
      Description(
        operands: "[COMMAND]", summary: "this text, or what a command does",
        details: "The same as `cq COMMAND --help`.",
        examples: [("cq help check", ""), ("cq check --help", "the same")], exitCodes: [.success],
        words: Subcommand.allCases.map(\.rawValue))
    }
  }
}

extension ExitCode {
  /// What the code says, for help and manual.
  var meaning: String {
    switch self {
    case .success: "all is well"
    case .data: "the data do not allow it; `fmt --check` found a file that would change; `test` found a difference"
    case .usage: "wrong usage, or a file that can't be read or written"
    case .program: "the program has mistakes"
    case .limit: "a limit was reached: time, cells or rows"
    case .empty: "a result has no rows, and `--fail-empty` was given"
    case .interrupted: "interrupted by Ctrl-C"
    }
  }

  static let all: [ExitCode] = [.success, .data, .usage, .program, .limit, .empty, .interrupted]
}
