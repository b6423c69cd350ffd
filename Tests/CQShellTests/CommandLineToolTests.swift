import ClusterQuery
import Testing

@testable import CQShell

@MainActor @Suite struct CommandLineToolTests {
  @Test func runsAQuery() throws {
    let result = try CommandLineTool.run("-e", "rows 2", "--format", "csv")
    #expect(result == (.success, "year\n0\n1\n", "note N0502: estimated\n"))
  }

  @Test func warningsGoToStandardErrorAndAreNoFailure() throws {
    let result = try CommandLineTool.run("-e", "odd\nrows 1", "--format", "jsonl")
    #expect(result.code == .success)
    #expect(result.output == "{\"year\": 0}\n")
    #expect(result.errors.contains("warning[W0220]"))
  }

  @Test func explainsCodes() throws {
    #expect(try CommandLineTool.run("explain", "e0301").output.hasPrefix("E0301: "))
    #expect(try CommandLineTool.run("explain", "E9").code == .usage)
  }

  @Test func sarifIsOneDocument() throws {
    let folder = try TemporaryFolder()
    try folder.write("wrong", to: "a.cq")
    try folder.write("wrong", to: "b.cq")
    let result = try CommandLineTool.run(
      "check", folder.path + "/a.cq", folder.path + "/b.cq", "--diagnostics", "sarif")
    #expect(result.code == .program)
    #expect(result.errors.split(separator: "\n").count { $0.contains("\"ruleId\": \"E0201\"") } == 2)
    #expect(result.errors.split(separator: "\n").count { $0.contains("\"runs\"") } == 1)
  }

  @Test func separatesResults() throws {
    #expect(try CommandLineTool.run("-e", "rows 1\nrows 1", "--format", "csv").output == "year\n0\n\nyear\n0\n")
    #expect(
      try CommandLineTool.run("-e", "rows 1\nrows 1", "--format", "jsonl").output == "{\"year\": 0}\n{\"year\": 0}\n")
  }

  @Test(arguments: [
    (["-e", "rows 0", "--fail-empty"], ExitCode.empty), (["-e", "rows 1", "--fail-empty"], .success),
    (["-e", "rows 0"], .success), (["-e", "wrong"], .program), (["-e", "slow"], .limit),
    (["-e", "stop"], .interrupted),
    (["--nope"], .usage), (["/nowhere/x.cq"], .usage),
    (["-e", "rows 1", "-o", "/nowhere/x.csv"], .usage), (["-e", "rows 1", "-o", "x.docx"], .usage),
    (["-o", "x.csv"], .usage), (["--help"], .success), (["--version"], .success),
  ])
  func exitCodes(_ arguments: [String], _ code: ExitCode) throws {
    let output = try CapturedOutput()
    let errors = try CapturedOutput()
    let tool = CommandLineTool(
      makeInterpreter: { _ throws(ExecutionFailure) in FakeInterpreter() }, output: output.output,
      errorOutput: errors.output)
    #expect(tool.run(arguments: arguments) == code)
    #expect(try errors.text.isEmpty == (code == .success || code == .empty) || arguments.contains("-e"))
  }

  @Test func writesAFileByItsEnding() throws {
    let folder = try TemporaryFolder()
    #expect(try CommandLineTool.run("-e", "rows 1", "-o", folder.path + "/a.jsonl").output == "")
    #expect(try folder.read("a.jsonl") == "{\"year\": 0}\n")
    #expect(try CommandLineTool.run("-e", "rows 3\nwrong", "-o", folder.path + "/a.jsonl").code == .program)
    #expect(try folder.read("a.jsonl") == "{\"year\": 0}\n")
    #expect(folder.names == ["a.jsonl"])
  }

  @Test func scriptsTakeTheValuesTheyName() throws {
    let folder = try TemporaryFolder()
    try folder.write("#!/usr/bin/env cq\n# Jobs by year.\nrows 1 $region", to: "r.cq")
    let path = folder.path + "/r.cq"
    #expect(try CommandLineTool.run(path, "--region", "Ohio").code == .success)
    let misspelt = try CommandLineTool.run(path, "--regoin", "Ohio")
    #expect(misspelt.code == .usage)
    #expect(
      misspelt.errors
        == "error: `--regoin` is no option of cq, and there is no `$regoin` in \(path)\n"
        + " = help: did you mean `--region`?\n")
    #expect(
      try CommandLineTool.run(path, "--help").output == """
        cq \(path) [--region VALUE]

        Jobs by year.

        Values this script takes (`cq --help` lists the options of cq itself):

          --region VALUE    is $region in the script

        """)
  }

  @Test func checksEveryFile() throws {
    let folder = try TemporaryFolder()
    try folder.write("rows 1", to: "good.cq")
    try folder.write("wrong", to: "bad.cq")
    #expect(try CommandLineTool.run("check", folder.path + "/good.cq") == (.success, "", ""))
    let result = try CommandLineTool.run(
      "check", folder.path + "/bad.cq", folder.path + "/good.cq", folder.path + "/none.cq")
    #expect(result.code == .usage)
    #expect(result.errors.contains("error[E0201]: `wrong` is wrong"))
    #expect(result.errors.contains("can't read `\(folder.path)/none.cq`: no such file or directory"))
  }

  @Test func warningsAloneAreNoFailure() {
    func failure(_ severity: Diagnostic.Severity, _ code: String) -> ExecutionFailure {
      let diagnostic = Diagnostic(code, "x", at: TextSpan(0, 0), severity: severity)
      return .diagnostics(Diagnostics(source: SourceText(name: "a", text: ""), [diagnostic]))
    }
    #expect(failure(.warning, "W0220").exitCode == .success)
    #expect(failure(.error, "E0301").exitCode == .program)
    #expect(failure(.error, "E0510").exitCode == .data)
    #expect(failure(.error, "E0602").exitCode == .limit)
    #expect(failure(.error, "E0801").exitCode == .usage)
  }

  @Test func diagnosticsAsData() throws {
    let result = try CommandLineTool.run("-e", "wrong", "--diagnostics", "json")
    #expect(result.errors.hasPrefix("[\n  {\"code\": \"E0201\", \"severity\": \"error\""))
    #expect(try CommandLineTool.run("-e", "rows 1", "--diagnostics", "json").errors == "[]\n")
  }

  @Test(arguments: [
    ("lq(by:state)", "to run it as a query: `cq -e 'lq(by:state)'`"), ("lq", "to run it as a query: `cq -e 'lq'`"),
    ("chekc", "did you mean `cq check`?"),
  ])
  func filesThatAreNone(_ argument: String, _ help: String) throws {
    let result = try CommandLineTool.run(argument)
    #expect(result.code == .usage)
    #expect(result.errors == "error: there is no file `\(argument)`\n = help: \(help)\n")
  }
}
