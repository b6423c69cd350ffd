import ClusterQuery
import Foundation
import Testing

/// `Docs/data.md`, and what `?name` says about datasets, tables and levels.
struct DataReferenceTests {
  @Test func theReferenceIsUpToDate() throws {
    let file = packageFolder.appending(path: "Docs/data.md")
    let text = DataReference(try Bundled.engine.get()).text
    let stored = try? String(contentsOf: file, encoding: .utf8)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1", stored != text {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded Docs/data.md: read the difference, then run again without UPDATE_SNAPSHOTS")
      return
    }
    #expect(stored == text, "Docs/data.md is not that of the data: run again with UPDATE_SNAPSHOTS=1")
  }

  private func help(_ topic: String) throws -> String {
    try #require(Session(engine: try Bundled.engine.get()).help(topic))
  }

  @Test func datasetsAreExplained() throws {
    let text = try help("us_cbp_state")
    for part in [
      "source     U.S. Census Bureau, County Business Patterns", "licence    Public domain", "years      2003–2011",
      "places     51 states", "NAICS      2002 in 2003–2007", "comparable 2003–2007", "  employment      ",
      "% of cells estimated",
      "A cell that is not listed is zero.",
    ] {
      #expect(text.contains(part), "\(part) in\n\(text)")
    }
  }

  @Test func levelsAreExplained() throws {
    #expect(try help("clusters").contains("67 clusters"))
    #expect(try help("province").hasPrefix("state: a level of places"))
    #expect(try help("employment").contains("us_qcew_state  2019–2020"))
  }
}
