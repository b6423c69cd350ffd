import CQBundledData
import ClusterQuery
import Testing

@testable import CQShell

/// `cq check --strict` with the language and the bundled data.
@Suite struct StrictCheckTests {
  private static let engine = Result { try Engine(.bundled) }

  private func check(_ text: String, isStrict: Bool = true) throws -> [Diagnostic] {
    Session(engine: try Self.engine.get()).check(text, isStrict: isStrict).all
  }

  /// The text with the fixes of all its diagnostics, from the last to the first.
  private func mended(_ text: String) throws -> String {
    try check(text).reversed().reduce(text) { $1.fixes.first?.applied(to: $0) ?? $0 }
  }

  @Test(arguments: [
    ("lq(by:state)", "lq(by:state, in:\"United States\", year:2020, data:us_qcew_state)"),
    ("employment", "employment(in:\"United States\", year:2020, data:us_qcew_state)"),
    ("employment()", "employment(in:\"United States\", year:2020, data:us_qcew_state)"),
    ("lq(by:state, year:2011, in:\"US\") | top 5", "lq(by:state, year:2011, in:\"US\", data:us_cbp_state) | top 5"),
    (
      "growth(by:state, data:us_cbp_state, in:\"Ohio\")",
      "growth(by:state, data:us_cbp_state, in:\"Ohio\", year:2006..2011)"
    ),
    (
      "employment(by:year, data:us_cbp_state, in:\"Ohio\")",
      "employment(by:year, data:us_cbp_state, in:\"Ohio\", year:2003..2011)"
    ),
    (
      "table(a = employment(year:2003), b = employment(year:2011), by:cluster, in:\"Ohio\")",
      "table(a = employment(year:2003), b = employment(year:2011), by:cluster, in:\"Ohio\", data:us_cbp_state)"
    ),
    (
      "employment / establishments | derive x = value",
      "table(value = employment / establishments, in:\"United States\", year:2020, data:us_qcew_state) "
        + "| derive x = value"
    ),
    (
      "let m = lq(by:state)\nm | top 3\n_ | first 2",
      "let m = lq(by:state, in:\"United States\", year:2020, data:us_qcew_state)\nm | top 3\n_ | first 2"
    ),
  ])
  func theFixWritesWhatIsChosenToday(_ text: String, _ expected: String) throws {
    #expect(try check(text).map(\.code) == ["E0341"])
    let after = try mended(text)
    #expect(after == expected)
    #expect(try check(after).isEmpty)
    #expect(try results(after) == results(text))
  }

  private func results(_ text: String) throws -> [String] {
    var tables: [String] = []
    try Session(engine: Self.engine.get()).execute(text) { tables.append($0.render(.csv)) }
    return tables
  }

  @Test(arguments: [
    "clusters | first 2", "let places = [\"Ohio\"]", "let wages = avg_wage", "def half(of = employment) = of / 2",
    "employment(by:state, in:\"US\", year:latest, data:us_qcew_state)",
  ])
  func whatReadsNoDataIsNotAsked(_ text: String) throws { #expect(try check(text).isEmpty) }

  @Test func aJoinedTableIsAskedToo() throws {
    let text = "employment(by:state) | join lq(cluster:\"Aerospace\", by:state)"
    #expect(try check(text).map(\.code) == ["E0341", "E0341"])
    #expect(try check(mended(text)).isEmpty)
  }

  @Test func otherMistakesComeFirst() throws {
    #expect(try check("lq(by:stat)").map(\.code) == ["E0310"])
  }

  @Test func nothingIsAskedWithoutStrict() throws {
    #expect(try check("lq(by:state)", isStrict: false).isEmpty)
  }
}
