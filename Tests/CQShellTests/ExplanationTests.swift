import ClusterQuery
import Testing

@testable import CQShell

@Suite struct ExplanationTests {
  @Test func aPageHasItsExamples() throws {
    let text = try Explanation.text(of: ["e0301"])
    #expect(text.hasPrefix("E0301: "))
    #expect(text.contains("gives E0301:\n  lq(cluster:\"Aerospce\", by:state)\n"))
    #expect(text.contains("as it should be:\n  lq(cluster:\"Aerospace\", by:state)\n"))
  }

  @Test func severalPagesFollowEachOther() throws {
    let text = try Explanation.text(of: ["E0301", "N0502"])
    #expect(text.contains("\n\nN0502: "))
    #expect(text.contains("with this note:"))
  }

  @Test func optionsThatAnExampleNeedsAreSaid() throws {
    #expect(try Explanation.text(of: ["E0601"]).contains("(with `cq --limit-cells 1k`)"))
  }

  @Test func generatedExamplesAreCut() throws {
    let longest = try Explanation.text(of: ["E0108"]).split(separator: "\n").map(\.count).max() ?? 0
    #expect(longest <= 120)
  }

  @Test func withoutACodeAllAreListed() throws {
    #expect(try Explanation.text(of: []).split(separator: "\n").count == ErrorPage.all.count)
  }

  @Test(arguments: [("E0311x", "did you mean E0311?"), ("lq", "`cq explain` lists the codes")])
  func unknownCodesGetASuggestion(_ code: String, _ help: String) {
    let error = #expect(throws: UsageError.self) { try Explanation.text(of: [code]) }
    #expect(error?.help == help)
    #expect(error?.message == "there is no page about `\(code)`")
  }
}
