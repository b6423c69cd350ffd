import Testing

@testable import CQShell

@MainActor @Suite struct TestRunTests {
  private func run(_ paths: [String]) throws -> (code: ExitCode, output: String, errors: String) {
    let (output, errors) = (try CapturedOutput(), try CapturedOutput())
    let tool = CommandLineTool(
      makeInterpreter: { _ throws(ExecutionFailure) in FakeInterpreter() }, output: output.output,
      errorOutput: errors.output)
    let code = tool.run(arguments: ["test"] + paths)
    return try (code, output.text, errors.text)
  }

  @Test func countsWhatHolds() throws {
    let folder = try TemporaryFolder()
    try folder.write("fine", to: "a.cqt")
    try folder.write("fine", to: "b.md")
    try folder.write("wrong", to: "c.txt")
    try folder.write("wrong", to: ".hidden.cq")
    #expect(try run([folder.path]) == (.success, "ok: 2 checks in 2 files\n", ""))
  }

  @Test func namesEachFailureWithItsDifference() throws {
    let folder = try TemporaryFolder()
    try folder.write("wrong", to: "b.cq")
    try folder.write("fine", to: "a.cqt")
    let result = try run([folder.path])
    #expect(result.code == .data)
    let path = folder.path + "/b.cq"
    #expect(
      result.output == "\(path):2: RESULT is not as expected\n  - a\n  + b\n\n1 failure, 2 checks in 2 files\n")
    #expect(try run([path]).code == .data)
  }

  @Test func nothingToTestIsWrongUsage() throws {
    let folder = try TemporaryFolder()
    #expect(try run([folder.path]).code == .usage)
    #expect(try run(["/nowhere"]).code == .usage)
    #expect(try run(["/nowhere.cqt"]).code == .usage)
  }

  @Test func filesAreFoundInAllFolders() throws {
    let folder = try TemporaryFolder()
    try folder.write("", to: "b.cq")
    try folder.write("", to: "a.cq")
    let paths = Files.paths(below: folder.path + "/", endings: [".cq"])
    #expect(paths == [folder.path + "/a.cq", folder.path + "/b.cq"])
    #expect(Files.paths(below: folder.path + "/a.cq", endings: [".cq"]) == nil)
  }
}
