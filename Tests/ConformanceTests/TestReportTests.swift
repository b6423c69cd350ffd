import CQBundledData
import ClusterQuery
import Foundation
import Testing

@testable import CQConformance

/// What `cq test` makes of a file.
@Suite struct TestReportTests {
  private func report(_ path: String, _ text: String) throws -> TestReport {
    TestReport(ofFile: path, text, engine: try ConformanceTests.engine.get())
  }

  // MARK: - The files of this project

  static let root = ConformanceTests.folder.deletingLastPathComponent().deletingLastPathComponent()

  /// Documents, the standard library and the examples; the cases have a test each.
  static let files: [String] = {
    let folders = ["Docs", "examples", "stdlib"]
    let below = folders.flatMap { folder in
      let paths = FileManager.default.enumerator(atPath: root.appending(path: folder).path)?
        .compactMap { $0 as? String }
      return (paths ?? []).map { folder + "/" + $0 }
    }
    return (below + ["README.md"]).filter { $0.hasSuffix(".md") || $0.hasSuffix(".cq") }
      .filter { !$0.contains(".build/") }.sorted()
  }()

  @Test(arguments: files) func holds(_ path: String) throws {
    let text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    let messages = try? String(contentsOf: Self.root.appending(path: path.dropLast(3) + ".txt"), encoding: .utf8)
    let report = TestReport(ofFile: path, text, messages: messages, engine: try ConformanceTests.engine.get())
    #expect(report.checkCount > 0)
    for failure in report.failures {
      Issue.record("\(path):\(failure.line): \(failure.message) \(failure.difference)")
    }
  }

  // MARK: - Cases

  @Test func aCaseThatDiffersSaysWhere() throws {
    let text = "# META\ntitle = t\n# SOURCE\nemploymnt\n# DIAGNOSTICS\nerror[E0201] 1:1-1:10 nothing\n"
    let failure = try #require(try report("a.cqt", text).failures.first)
    #expect(failure.line == 5)
    #expect(failure.message == "DIAGNOSTICS is not as expected")
    #expect(failure.difference.first == "- error[E0201] 1:1-1:10 nothing")
    #expect(failure.difference.contains("+ fix 1:1-1:10 employment"))
  }

  @Test(arguments: [
    ("", "the first line must be `# META`"), ("# META\ntitle = t\n", "there is no SOURCE"),
    ("# META\n# SOURCE\nlq\n", "META needs a title that says which rule the case fixes"),
    ("# META\ntitle = t\n# SOURCE\nemployment(year:2020)\n", "a case must check something"),
    (
      "# META\ntitle = t\ndata = toy\n# SOURCE\nlq\n",
      "`data` must be bundled: there are no other data to run a case on"
    ),
  ])
  func aCaseMustBeWhole(_ text: String, _ message: String) throws {
    #expect(try report("a.cqt", text).failures.map(\.message) == [message])
  }

  @Test func errorsMustBeExpected() throws {
    let text = "# META\ntitle = t\n# SOURCE\nemploymnt\n# NOTES\n"
    #expect(try report("a.cqt", text).failures.map(\.message) == ["a source with errors needs DIAGNOSTICS"])
  }

  // MARK: - Scripts

  @Test func examplesOfDefinitionsRun() throws {
    let text = """
      ## Half of it.
      ## example: half(by:state) | top 3
      ## example: half(by:stat)
      def half(of = employment) = of / 2

      half(by:state) | save "never-written.csv"
      """
    let report = try report("a.cq", text)
    #expect(report.checkCount == 3)
    #expect(report.failures.map(\.line) == [3])
    #expect(report.failures.first?.message.hasPrefix("E0310 ") == true)
    #expect(!FileManager.default.fileExists(atPath: "never-written.csv"))
  }

  @Test func mistakesOfAScriptAreFound() throws {
    let report = try report("a.cq", "let a = 1\n\nlq(by:stat)\nlq(in:$place)\n")
    #expect(report.failures.map(\.line) == [3])
  }

  @Test func aScriptMayBeAnExampleOfMistakes() throws {
    let engine = try ConformanceTests.engine.get()
    let text = "lq(by:stat)\n"
    // Recorded in another folder than the test runs in.
    let messages = Session(engine: engine).check(text, name: "c/b/a.cq").rendered
    #expect(TestReport(ofFile: "b/a.cq", text, messages: messages, engine: engine) == TestReport(checkCount: 1))
    let other = TestReport(ofFile: "b/a.cq", "lq(by:state)\n", messages: messages, engine: engine)
    #expect(other.failures.map(\.message) == ["the messages are not as expected"])
    #expect(other.failures.first?.difference.first == "- error[E0310]: there is no level `stat`")
  }

  // MARK: - Documents

  @Test func blocksRunInOneSession() throws {
    let text = """
      # Title

      ```cq
      let places = ["Ohio", "Iowa"]
      ```

      ```cq
      employment(by:state, state:places)
      emp(by:state)
      ```

      ```sh
      cq nothing
      ```
      """
    let report = try report("a.md", text)
    #expect(report.checkCount == 2)
    #expect(report.failures.map(\.line) == [9])
  }

  @Test func blocksWithACodeMustGiveIt() throws {
    let good =
      "```cq E0310\nlq(by:stat)\n```\n```cq W0220\ndef top(n = 3) = | first n\n```\n```cq\nlq(by:state) | top 5, by:lq\n```\n"
    #expect(try report("a.md", good) == TestReport(checkCount: 3))
    let bad = try report("a.md", "text\n```cq E0310\nlq(by:state)\n```\n")
    #expect(
      bad.failures == [TestFailure(line: 3, message: "it does not give what it should", difference: ["- E0310", "+ "])])
  }

  // MARK: - Differences

  @Test func onlyDifferingLinesAreShown() {
    #expect(differingLines("a\nb\nc", "a\nx\nc\nd") == ["- b", "+ x", "+ d"])
    #expect(differingLines("a", "a") == [])
    #expect(differingLines("", "a\n") == ["+ a"])
  }
}
