import CQBundledData
import CQRender
import ClusterQuery
import Foundation
import Testing

@testable import CQShell

/// The lines of a session that are no queries, without a terminal.
@MainActor @Suite struct SessionCommandTests {
  private struct Transcribed {
    var output: String
    var errors: String
    var interpreter: FakeInterpreter
    var history: [String]
  }

  private func run(_ lines: [String], isInteractive: Bool = true) throws -> Transcribed {
    let output = try CapturedOutput()
    let errors = try CapturedOutput()
    let interpreter = FakeInterpreter()
    let reader = ScriptedReader(lines.map(LineEvent.line), isInteractive: isInteractive)
    let reporter = Reporter(output: errors.output, format: .text, isColored: false, width: 80)
    let printer = ResultPrinter(format: .csv, options: RenderOptions(), output: output.output, reporter: reporter)
    let session = InteractiveSession(
      reader: reader, interpreter: interpreter, printer: printer, reporter: reporter, output: output.output,
      options: Options(format: .csv), followsWindow: false)
    _ = session.run()
    return try Transcribed(
      output: output.text, errors: errors.text, interpreter: interpreter, history: reader.history)
  }

  private func run(_ lines: String...) throws -> Transcribed { try run(lines) }

  @Test func everyCommandHasHelp() throws {
    for command in SessionCommand.all {
      let result = try run(":help \(command.names[0])")
      #expect(result.errors.isEmpty)
      #expect(result.output.contains(command.synopsis + "   " + command.summary))
      #expect(SessionCommand.overview.contains("  " + command.synopsis))
    }
    let names = SessionCommand.all.flatMap(\.names)
    #expect(Set(names).count == names.count)
  }

  @Test func beginningsOfNamesAreEnough() throws {
    #expect(try run(":hist").output.contains("1  :hist"))
    #expect(try run(":s").errors.hasPrefix("error: `:s` may be :source, :sql, :set, :save"))
  }

  // MARK: - Settings

  @Test func settingsAreChangedAndShown() throws {
    let result = try run(":set mode jsonl", "rows 1", ":set in \"Mexico\"", ":set", ":mode csv", "rows 1", ":time")
    #expect(result.output.contains("{\"year\": 0}"))
    #expect(result.output.contains("in           Mexico"))
    #expect(result.output.contains("year\n0\n"))
    #expect(result.output.contains("time is off; it may be on, off"))
    #expect(result.interpreter.country == "Mexico")
  }

  @Test(arguments: [
    (":set colour never", "there is no setting `colour`\n = help: did you mean `color`?"),
    (":set banana 1", "there is no setting `banana`\n = help: settings: in, mode, rows"),
    (":set in", "`:set in` needs a value\n = help: write a country"),
    (":set in \"Atlantis\"", "there are no data for Atlantis"),
    (":set color red", "`:set color` must be one of auto, always, never, not `red`"),
    (":width wide", "`:width` must be a number above 0 or `auto`, not `wide`"),
    (":pager less", "`:pager` must be one of auto, off, not `less`"),
    (":set limit-time soon", "`:set limit-time` must be a time such as 10s, not `soon`"),
    (":set limit-cells no", "`:set limit-cells` must be a number above 0, not `no`"),
    (":edit 99", "there is no entry 99"),
    (":history nothing like it", "no earlier entry has `nothing like it`"),
    (":sql", "there is no SQL to show"),
    (":plan", "there is no query to explain"),
    (":open", "there is no result to open"),
    (":save", "`:save` needs a file"),
    (":save x.csv", "`:save` keeps the session as a script, which ends in .cq"),
    (":save x.cq", "nothing has run yet that could be saved"),
    (":load", "`:load` needs a file"),
    (":load /nowhere/x.cq", "can't read `/nowhere/x.cq`: no such file or directory"),
    (":def", "`:def` needs a name"),
    ("?1", "there is no example 1: no help with examples was shown yet"),
    (":fix", "there is no error to fix"),
  ])
  func complains(_ line: String, _ message: String) throws {
    #expect(try run(line).errors.contains(message))
  }

  @Test func configFilesSayWhichLineIsWrong() throws {
    let config = ConfigFile("# mine\nin = \"Mexico\"\nrows 20\n\ncolour = never\nwidth = wide\npager=off\ntime = on\n")
    #expect(config.options.country == "Mexico")
    #expect(config.options.rowLimit == 20)
    #expect(config.options.pager == .off)
    #expect(config.options.isTimed)
    #expect(config.mistakes.map(\.line) == [5, 6])
    #expect(config.mistakes.first?.help == "did you mean `color`?")
    #expect(config.mistakes.last?.message == "`width` must be a number above 0 or `auto`, not `wide`")
  }

  @Test func theCommandLineWinsOverTheConfigFile() throws {
    let config = ConfigFile("in = \"Mexico\"\nrows = 20\nwidth = 60\ncolor = never")
    let filled = config.filling(Options(color: .always, country: "Canada"))
    #expect(filled.country == "Canada")
    #expect(filled.color == .always)
    #expect(filled.rowLimit == 20)
    #expect(filled.width == 60)
  }

  // MARK: - Help and examples

  @Test func examplesOfHelpRunByTheirNumber() throws {
    let result = try run("?lq", "?2", "?lq 1", "?9")
    #expect(result.interpreter.executed.map(\.text) == ["rows 3", "rows 2"])
    #expect(result.history == ["?lq", "?2", "rows 3", "?lq 1", "rows 2", "?9"])
    #expect(result.errors.contains("there is no example 9: the last help has 2"))
  }

  @Test func theTourRunsEveryStepAndStopsWhenAsked() throws {
    let all = try run(["??"] + Array(repeating: "", count: 9))
    #expect(all.interpreter.executed.count == Tour.steps.count)
    #expect(all.output.contains("That is all."))
    let stopped = try run("??", "", "rows 7", "q", "rows 8")
    #expect(stopped.interpreter.executed.map(\.text).suffix(2) == ["rows 7", "rows 8"])
    #expect(stopped.interpreter.executed.count == 4)
  }

  @Test func everyStepOfTheTourRuns() throws {
    #expect(Tour.steps.count == 10)
    let session = Session(engine: try Bundled.engine.get())
    for step in Tour.steps {
      var rowCount = 0
      let entry = step.entry.hasPrefix("|") ? "_ " + step.entry : step.entry
      try session.execute(entry) { rowCount = $0.rowCount }
      #expect(rowCount > 0, "\(step.entry)")
    }
  }

  // MARK: - Keeping a session

  @Test func savesWhatRanAndRunsItAgain() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.cq"
    let result = try run("rows 1", "wrong", "rows 2", ":save \(path)", "rows 3", ":save \(path)")
    #expect(try Input.text(ofFile: path) == "#!/usr/bin/env cq\n# A session of cq.\n\nrows 1\n\nrows 2\n\nrows 3\n")
    #expect(result.output.contains("saved \(path)\n"))
    let again = try run(":load \(path)")
    #expect(again.interpreter.executed.map(\.name) == [path])
    #expect(try run("rows 1", ":save \(path)").errors.contains("there is a file `\(path)` already"))
    #expect(try !run("rows 1", ":save -f \(path)").errors.contains("error"))
    #expect(try run("rows 1", ":save /proc/x.cq").errors.contains("can't write `/proc/x.cq`"))
  }

  @Test func aSavedSessionSaysWhichCountryItLookedAt() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/x.cq"
    _ = try run(":set in \"Mexico\"", "rows 1", ":set in \"Canada\"", "rows 2", ":save \(path)")
    let script = try Input.text(ofFile: path)
    #expect(script.contains("It looked at Mexico: run it with `cq --in \"Mexico\" \(path)`."))
    #expect(script.hasSuffix("rows 1\n\n# From here on the session looked at Canada.\n\nrows 2\n"))
  }

  @Test func resetForgets() throws {
    let folder = try TemporaryFolder()
    let result = try run("rows 1", ":reset", ":save \(folder.path)/x.cq")
    #expect(result.interpreter.wasReset)
    #expect(result.errors.contains("nothing has run yet"))
  }

  @Test func historyIsSearched() throws {
    let result = try run("rows 1", "other\n 2", "rows 3", ":history rows", ":history 2")
    #expect(result.output.contains("1  rows 1\n3  rows 3\n"))
    #expect(result.output.contains("4  :history rows\n5  :history 2\n"))
  }

  // MARK: - Pasting

  @Test func aPastedSessionLosesItsPromptsAndItsAnswers() throws {
    let pasted = """
      cq> rows 1
      year
      ────
         0

      source: somewhere … and more
      … 3 rows, showing 1
      cq> table(
        … x)
      cq> :help fix
      cq> | top 3
      """
    let result = try run(pasted)
    #expect(result.interpreter.executed.map(\.text) == ["rows 1\ntable(\nx)", "_ | top 3"])
    #expect(result.output.contains(":fix [N]"))
  }

  @Test func othersMayBegAnything() throws {
    #expect(Transcript.entries(in: "rows 1\ncq> rows 2") == nil)
    #expect(Transcript.entries(in: "") == nil)
    #expect(Transcript.withoutPrompts("cq>   indented") == "  indented")
  }

  // MARK: - Tab

  private func completed(_ line: String) throws -> [String] {
    let interpreter = SessionInterpreter(try Bundled.engine.get(), Options())
    let completion = CommandCompletion(interpreter: interpreter).completion(of: line, at: line.utf8.count)
    let bytes = Array(line.utf8)
    return completion.candidates.map { candidate in
      String(decoding: bytes[..<completion.span.start], as: UTF8.self) + candidate.text + candidate.suffix
    }
  }

  @Test(arguments: [
    (":he", [":help "]), (":so", [":source "]), (":explain e030", ["E0301", "E0302"].map { ":explain \($0)" }),
    (":members clu", [":members cluster"]),
    (":members cluster aero", [":members cluster Aerospace Vehicles and Defense\""]),
    (":years estab", [":years establishments", ":years establishments_rank"]),
    (":years employment in:\"me", [":years employment in:\"Mexico\""]), (":set in \"can", [":set in \"Canada\""]),
    (":set pa", [":set pager "]), (":set pager o", [":set pager off"]), (":pager o", [":pager off"]),
    (":mode js", [":mode json", ":mode jsonl"]), (":datasets us_cbp_s", [":datasets us_cbp_state"]),
    (":def stronge", [":def strongest"]), ("?strongest", ["?strongest"]), (":help :hi", [":help :history"]),
    (":quti ", []), (":reset ", []),
  ])
  func completes(_ line: String, _ expected: [String]) throws {
    let found = try completed(line)
    #expect(found.prefix(expected.count) == expected[...], "\(found)")
    if expected.isEmpty { #expect(found.isEmpty) }
  }

  @Test func completesFiles() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "one.cq")
    try folder.write("", to: "one.csv")
    #expect(try completed(":load \(folder.path)/o") == [":load \(folder.path)/one.cq"])
  }
}

/// One engine for all tests of the shell.
enum Bundled {
  static let engine = Result { try Engine(.bundled) }
}
