import CQRender
import Testing

@testable import CQShell

@MainActor @Suite struct InteractiveSessionTests {
  private struct Transcribed {
    var code: ExitCode
    var output: String
    var errors: String
    var executed: [String]
    var prompts: [String]
    var history: [String]
  }

  private func run(_ events: [LineEvent], isInteractive: Bool = true) throws -> Transcribed {
    let output = try CapturedOutput()
    let errors = try CapturedOutput()
    let interpreter = FakeInterpreter()
    let reader = ScriptedReader(events, isInteractive: isInteractive)
    let reporter = Reporter(output: errors.output, format: .text, isColored: false, width: 80)
    let printer = ResultPrinter(format: .csv, options: RenderOptions(), output: output.output, reporter: reporter)
    let session = InteractiveSession(
      reader: reader, interpreter: interpreter, printer: printer, reporter: reporter, output: output.output,
      followsWindow: false)
    let code = session.run()
    return try Transcribed(
      code: code, output: output.text, errors: errors.text, executed: interpreter.executed.map(\.text),
      prompts: reader.prompts, history: reader.history)
  }

  private func lines(_ lines: String...) -> [LineEvent] { lines.map(LineEvent.line) }

  @Test func continuesIncompleteEntriesAndKeepsThemWhole() throws {
    let result = try run(lines("table(", "employment)", "", "rows 1"))
    #expect(result.executed == ["table(\nemployment)", "rows 1"])
    #expect(result.prompts == ["cq> ", "  … ", "cq> ", "cq> ", "cq> "])
    #expect(result.history == ["table(\nemployment)", "rows 1"])
    #expect(result.output.hasSuffix("year\n0\n\n"))
  }

  @Test func passwordsStayOutOfTheHistory() throws {
    let result = try run(lines("table \"postgresql://ann:secret@h/db?table=t\""))
    #expect(result.executed == ["table \"postgresql://ann:secret@h/db?table=t\""])
    #expect(result.history == ["table \"postgresql://ann:******@h/db?table=t\""])
  }

  @Test func aBlankLineEndsAnIncompleteEntry() throws {
    #expect(try run(lines("table(", "", "rows 1")).executed == ["table(", "rows 1"])
  }

  @Test func explainsTheLastError() throws {
    let result = try run(lines("wrong", "rows 1", ":explain", ":explain e0310"))
    #expect(result.output.contains("E0201: "))
    #expect(result.output.contains("E0310: "))
    #expect(try run(lines(":explain")).errors.contains("there is no error to explain"))
    #expect(try run(lines(":explain E0301x")).errors.contains("did you mean"))
  }

  @Test func warningsOfWhatRunsAreShown() throws {
    let result = try run(lines("odd", ":explain"))
    #expect(result.errors.hasPrefix("warning[W0220]: `odd` is odd"))
    #expect(result.output.contains("W0220: "))
  }

  @Test func ctrlCDropsWhatWasTyped() throws {
    let result = try run([.line("table("), .interrupted, .line("rows 1")])
    #expect(result.executed == ["rows 1"])
    #expect(result.prompts == ["cq> ", "  … ", "cq> ", "cq> "])
  }

  @Test func aLeadingBarGoesOnFromTheLastResult() throws {
    #expect(try run(lines("rows 9", "  | top 3")).executed == ["rows 9", "_ | top 3"])
    // Nobody waits at a pipe: there the statement goes on as it does in a script.
    let piped = try run(lines("rows 9", "  | top 3", "", "| top 2"), isInteractive: false)
    #expect(piped.executed == ["rows 9\n  | top 3", "_ | top 2"])
  }

  @Test func pastedPromptsAreStripped() throws {
    #expect(try run(lines("cq> rows 1", "cq> table(", "  … x)")).executed == ["rows 1", "table(\nx)"])
    #expect(try run(lines("cq> table(\n  … x)\ncq> rows 2")).executed == ["table(\nx)\nrows 2"])
    #expect(try run(lines("note \"…\"")).executed == ["note \"…\""])
  }

  @Test func docCommentsStayWithTheirDefinition() throws {
    #expect(try run(lines("## doc", "def a = 1"), isInteractive: false).executed == ["## doc\ndef a = 1"])
  }

  @Test func errorsAreForgivenAtATerminalOnly() throws {
    let interactive = try run(lines("wrong", "rows 1"))
    #expect(interactive.code == .success)
    #expect(interactive.executed == ["wrong", "rows 1"])
    #expect(interactive.errors.contains("= help: write `rows`  (:fix)"))
    let piped = try run(lines("wrong", "rows 1"), isInteractive: false)
    #expect(piped.code == .program)
    #expect(piped.executed == ["wrong", "rows 1"])
    #expect(!piped.errors.contains(":fix"))
  }

  @Test func fixesAndRunsAgain() throws {
    let result = try run(lines("wrong 2", ":fix", ":fix"))
    #expect(result.executed == ["wrong 2", "rows 2"])
    #expect(result.output.contains("cq> rows 2\nyear\n0\n1\n"))
    #expect(result.history == ["wrong 2", ":fix", "rows 2", ":fix"])
    #expect(result.errors.hasSuffix("error: there is no error to fix\n"))
    #expect(try run(lines("wrong", ":fix 2")).errors.hasSuffix("error: the last error offers one fix\n"))
  }

  @Test(arguments: [
    ("?lq", "location quotient\n"), (":help lq", "location quotient\n"), ("lq?", "location quotient\n"),
    ("help lq", "location quotient\n"),
    (":format", "mode is table; it may be table, csv, tsv, json, jsonl, md, html, tex, svg, vl.json\n"),
  ])
  func answers(_ line: String, _ expected: String) throws {
    #expect(try run(lines(line), isInteractive: false).output == expected)
  }

  @Test(arguments: [
    (":quti", "error: there is no command `:quti`\n = help: did you mean `:quit`?\n"),
    (":banana", "error: there is no command `:banana`\n = help: `:help` lists the commands\n"),
    (
      "?banana",
      "error: there is no help about `banana`\n = help: `:help` shows where to begin, `?\"banana\"` looks everywhere\n"
    ),
    (
      ":format xml",
      "error: `:mode` must be one of table, csv, tsv, json, jsonl, md, html, tex, svg,\n  vl.json, not `xml`\n"
    ),
    (":rows none", "error: `:rows` must be a number above 0 or `all`, not `none`\n"),
  ])
  func complains(_ line: String, _ expected: String) throws {
    let result = try run(lines(line), isInteractive: false)
    #expect(result.errors == expected)
    #expect(result.code == .usage)
  }

  @Test(arguments: [":quit", ":q", "quit", "exit"])
  func quits(_ line: String) throws { #expect(try run(lines(line, "rows 1")).executed == []) }

  @Test func formatsChangeAndNotesGoWhereTheyDoNotDisturb() throws {
    let result = try run(lines("rows 1", ":format jsonl", "rows 1", ":format table", "rows 1"), isInteractive: false)
    #expect(result.output.contains("year\n0\n{\"year\": 0}\n"))
    #expect(result.output.contains("note N0502: estimated\n"))
    #expect(result.errors == "note N0502: estimated\nnote N0502: estimated\n")
  }

  @Test func theLastLineOfAPipeNeedsNoLineEnd() throws {
    #expect(try run(lines("table("), isInteractive: false).executed == ["table("])
  }

  @Test func anInterruptedPipeEnds() throws {
    #expect(try run([.interrupted, .line("rows 1")], isInteractive: false).code == .interrupted)
    #expect(try run(lines("stop", "rows 1"), isInteractive: false).executed == ["stop"])
    #expect(try run(lines("stop", "rows 1")).executed == ["stop", "rows 1"])
  }
}
