import CQBundledData
import ClusterQuery
import Foundation
import Testing

/// `cq doc`: the reference made from doc comments.
@Suite struct ReferenceTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let text = """
    # Indicators of mine. A sentence about all of them.

    ## How much of `of` is here & there.
    ## A second sentence.
    ## formula: e_ij * 2 < 3;  x = 1    unit: persons    range: 0 and above
    ## edge: missing where there is nothing
    ## edge: another
    ## source: —
    ## example: twice(by:state) | top 3
    def twice(of = employment) = of * 2

    ## Keep the large ones.
    def large(n = 3, at = 5k) =
      | where employment > at
      | top n

    let undocumented = ["Ohio"]

    ## My places.
    let mine = ["Ohio"]
    employment(by:state)
    """

  @Test func fieldsAreToldApart() throws {
    let reference = try Reference(title: "Mine", texts: [(name: "lib/my_indicators.cq", text: Self.text)])
    let section = try #require(reference.sections.first)
    #expect(
      section.title == "My indicators" && section.introduction == "Indicators of mine. A sentence about all of them.")
    #expect(section.entries.map(\.name) == ["twice", "large", "mine"])
    let twice = section.entries[0]
    #expect(twice.kind == .indicator && twice.signature == "twice(of:employment)")
    #expect(twice.sentences == ["How much of `of` is here & there.", "A second sentence."])
    #expect(twice.fields.map(\.name) == ["formula", "unit", "range", "edge", "edge"], "a source of — is none")
    #expect(twice.fields.map(\.text).prefix(3) == ["e_ij * 2 < 3;  x = 1", "persons", "0 and above"])
    #expect(twice.examples == ["twice(by:state) | top 3"] && twice.code == "def twice(of = employment) = of * 2")
    #expect(section.entries[1].kind == .verb && section.entries[1].signature == "| large n:3, at:5k")
    #expect(section.entries[2].kind == .value)
  }

  @Test func mistakesAreReported() {
    #expect(throws: Diagnostics.self) { try Reference(title: "", texts: [(name: "x.cq", text: "def (")]) }
  }

  @Test func thePageIsWholeAndEscaped() throws {
    let page = try Reference(title: "A & B", texts: [(name: "x.cq", text: Self.text)]).html
    #expect(page.contains("<title>A &amp; B</title>") && page.contains("<code>eᵢⱼ * 2 &lt; 3;  x = 1</code>"))
    #expect(page.contains("How much of <code>of</code> is here &amp; there."))
    #expect(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"), "no network")
    #expect(page.contains("prefers-color-scheme: dark"))
    // Every element that opens closes again, in order.
    var open: [Substring] = []
    for match in page.matches(of: /<(\/?)([a-z0-9]+)[^>]*>/) where !["meta", "br"].contains(match.2) {
      if match.1.isEmpty { open.append(match.2) } else { #expect(open.popLast() == match.2) }
    }
    #expect(open.isEmpty)
    let ids = page.matches(of: /id="([^"]*)"/).map(\.1)
    #expect(Set(ids).count == ids.count)
    for link in page.matches(of: /href="#([^"]*)"/) { #expect(ids.contains(link.1)) }
  }

  @Test func everyIndicatorIsExplained() {
    for entry in Reference.standardLibrary.sections.flatMap(\.entries) {
      #expect(!entry.sentences.isEmpty && !entry.examples.isEmpty, "\(entry.name)")
      #expect(entry.fields.contains { $0.name == "formula" } && entry.fields.contains { $0.name == "unit" })
    }
  }

  /// `Docs/indicators.md` is made from the library; `UPDATE_SNAPSHOTS=1` rewrites it.
  @Test func theReferenceIsUpToDate() throws {
    let file = Self.root.appending(path: "Docs/indicators.md")
    let text = Reference.standardLibrary.markdown
    let stored = try? String(contentsOf: file, encoding: .utf8)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1", stored != text {
      try text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded Docs/indicators.md: read the difference, then run again without UPDATE_SNAPSHOTS")
      return
    }
    #expect(stored == text, "run again with UPDATE_SNAPSHOTS=1")
  }
}
