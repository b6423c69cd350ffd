import CQBundledData
import CQRender
import ClusterQuery
import Testing

@testable import CQShell

@MainActor @Suite struct FormattingTests {
  @Test func rewritesWhatChangesAndNamesIt() throws {
    let folder = try TemporaryFolder()
    try folder.write("rows  1", to: "a.cq")
    try folder.write("rows 1", to: "b.cq")
    let result = try CommandLineTool.run("fmt", folder.path + "/a.cq", folder.path + "/b.cq")
    #expect(result == (.success, "formatted \(folder.path)/a.cq\n", ""))
    #expect(try folder.read("a.cq") == "rows 1")
    #expect(folder.names == ["a.cq", "b.cq"])
  }

  @Test func checkingChangesNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write("rows  1", to: "a.cq")
    try folder.write("rows 1", to: "b.cq")
    #expect(try CommandLineTool.run("fmt", "--check", folder.path + "/b.cq") == (.success, "", ""))
    let result = try CommandLineTool.run("fmt", "--check", folder.path + "/b.cq", folder.path + "/a.cq")
    #expect(result == (.unformatted, "\(folder.path)/a.cq would change\n", ""))
    #expect(result.code.rawValue == 1)
    #expect(try folder.read("a.cq") == "rows  1")
  }

  @Test(arguments: [["fmt"], ["fmt", "--check"]])
  func filesWithMistakesStayAndTheOthersAreDone(_ command: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write("wrong  1", to: "bad.cq")
    try folder.write("rows  1", to: "good.cq")
    let output = try CapturedOutput()
    let errors = try CapturedOutput()
    let tool = CommandLineTool(
      makeInterpreter: { _ throws(ExecutionFailure) in FakeInterpreter() }, output: output.output,
      errorOutput: errors.output)
    let code = tool.run(arguments: command + [folder.path + "/bad.cq", folder.path + "/good.cq"])
    #expect(code == .program)
    #expect(try errors.text.contains("error[E0201]: `wrong` is wrong"))
    #expect(try output.text.contains("good.cq"))
    #expect(try folder.read("bad.cq") == "wrong  1")
  }

  @Test func aMissingFileIsAMistakeOfUsage() throws {
    let result = try CommandLineTool.run("fmt", "/nowhere/a.cq")
    #expect(result.code == .usage)
    #expect(result.errors == "error: can't read `/nowhere/a.cq`: no such file or directory\n")
  }

  @Test func theLastEntryIsShownFormatted() throws {
    let output = try CapturedOutput()
    let errors = try CapturedOutput()
    let lines = [":fmt", "note  a  b", ":fmt", "wrong  1", ":fmt"]
    let reporter = Reporter(output: errors.output, format: .text, isColored: false, width: 80)
    let session = InteractiveSession(
      reader: ScriptedReader(lines.map(LineEvent.line), isInteractive: false), interpreter: FakeInterpreter(),
      printer: ResultPrinter(format: .csv, options: RenderOptions(), output: output.output, reporter: reporter),
      reporter: reporter, output: output.output, followsWindow: false)
    _ = session.run()
    #expect(try output.text == "note a b\n")
    #expect(try errors.text.hasPrefix("error: there is no entry to format\n"))
    #expect(try errors.text.contains("error: the last entry has a mistake, so it can't be formatted\n"))
  }

  @Test func theLibrarySpellsNamesAsItDefinesThem() throws {
    let engine = try Engine(.bundled)
    let text = "LQ(Cluster:'Aerospace',BY:State,Data:US_CBP_state)|Where Avg_Wage≥5k|Top 5,By:lQ"
    #expect(
      try engine.format(text) == """
        lq(cluster:"Aerospace", by:state, data:us_cbp_state)
          | where avg_wage >= 5k
          | top 5, by:lq

        """)
    #expect(throws: Diagnostics.self) { try engine.format("lq(") }
    let session = Session(engine: engine)
    try session.execute("def My_Share(of = employment) = of / of(activity:all)") { _ in }
    #expect(try session.format("MY_SHARE(by:state)") == "My_Share(by:state)\n")
  }
}
