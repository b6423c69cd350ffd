import ClusterQuery
import Foundation
import Testing

/// What `?` prints is true: every verb has a text, and its example runs.
@Suite struct HelpTests {
  static let verbs = [
    "where", "sort", "top", "bottom", "first", "select", "drop", "derive", "rename", "rank", "summarize", "share",
    "pivot",
    "unpivot", "compare", "join", "append", "describe", "chart", "map", "note", "save",
  ]

  @Test(arguments: verbs) func exampleOfAVerbRuns(_ verb: String) throws {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    let help = try #require(session.help(verb))
    let usage = try #require(help.range(of: "| \(verb)"), "\(help)")
    let start = try #require(help.range(of: "example: ", range: usage.lowerBound..<help.endIndex))
    var rowCounts: [Int] = []
    try session.execute(String(help[start.upperBound...])) { rowCounts.append($0.rowCount) }
    #expect(!rowCounts.isEmpty && rowCounts.allSatisfy { $0 > 0 }, "\(help)")
  }

  @Test func everyVerbIsListed() throws {
    let list = try #require(Session(engine: try Bundled.engine.get()).help("verbs"))
    let listed = list.split(separator: "\n").compactMap { $0.split(separator: " ").dropFirst().first.map(String.init) }
    #expect(listed == Self.verbs)
  }

  @Test func anIndicatorThatIsAlsoAVerbIsExplainedAsBoth() throws {
    let help = try #require(Session(engine: try Bundled.engine.get()).help("share"))
    #expect(help.contains("Part of the total of `among`"))
    #expect(help.contains("| share column"))
  }
}
