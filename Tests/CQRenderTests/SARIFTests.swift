import CQRender
import CQSource
import Foundation
import Testing

/// The properties that SARIF 2.1.0 requires, read back by another JSON reader.
@Suite struct SARIFTests {
  private typealias Object = [String: Any]

  private static let source = SourceText(
    name: "reports/my report.cq", text: "# x\nlq(vs:\"Größe\", cluster:\"Aerospce\")\n")

  private func log(_ reports: [Diagnostics]) throws -> Object {
    let text = renderSARIF(reports, version: "1.2.3")
    #expect(text.last == "\n")
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
  }

  private func run(_ reports: [Diagnostics]) throws -> Object {
    let log = try log(reports)
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
    let runs = try #require(log["runs"] as? [Object])
    #expect(runs.count == 1)
    return try #require(runs.first)
  }

  private func rules(_ run: Object) throws -> [Object] {
    let driver = try #require((run["tool"] as? Object)?["driver"] as? Object)
    #expect(driver["name"] as? String == "cq")
    #expect(driver["version"] as? String == "1.2.3")
    return try #require(driver["rules"] as? [Object])
  }

  private func text(_ object: Any?) -> String? { (object as? Object)?["text"] as? String }

  private var diagnostics: Diagnostics {
    let span = TextSpan(29, 39)
    return Diagnostics(
      source: Self.source,
      [
        Diagnostic(
          "E0301", "no cluster is called \"Aerospce\"", at: span,
          secondary: [.init(span: TextSpan(4, 6), text: "here", isPrimary: false)], helps: ["did you mean it?"],
          fixes: [.init(span: span, replacement: "\"Aerospace\"", applicability: .maybe)]),
        Diagnostic("E0126", "odd", at: TextSpan(4, 6), severity: .warning),
      ])
  }

  @Test func nothingIsAValidLog() throws {
    let run = try run([])
    #expect(try rules(run).isEmpty)
    #expect((run["results"] as? [Object])?.isEmpty == true)
  }

  @Test func rulesExplainTheCodes() throws {
    let rules = try rules(run([diagnostics, diagnostics]))
    #expect(rules.map { $0["id"] as? String } == ["E0126", "E0301"])
    #expect(text(rules[1]["shortDescription"]) == ErrorPage.page(for: "E0301")?.title)
    #expect(text(rules[1]["help"])?.contains("members(cluster)") == true)
  }

  @Test func resultsPointAtTheirRuleAndPlace() throws {
    let results = try #require(try run([diagnostics])["results"] as? [Object])
    #expect(results.map { $0["ruleId"] as? String } == ["E0126", "E0301"])
    #expect(results.map { $0["ruleIndex"] as? Int } == [0, 1])
    #expect(results.map { $0["level"] as? String } == ["warning", "error"])
    #expect(text(results[1]["message"]) == "no cluster is called \"Aerospce\"\ndid you mean it?")
    let locations = try #require(results[1]["locations"] as? [Object])
    let place = try #require(locations.first?["physicalLocation"] as? Object)
    #expect((place["artifactLocation"] as? Object)?["uri"] as? String == "reports/my%20report.cq")
    let region = try #require(place["region"] as? [String: Int])
    // Columns count characters, not bytes.
    #expect(region == ["startLine": 2, "startColumn": 24, "endLine": 2, "endColumn": 34])
    let related = try #require(results[1]["relatedLocations"] as? [Object])
    #expect(text(related.first?["message"]) == "here")
  }

  @Test func fixesAreReplacements() throws {
    let results = try #require(try run([diagnostics])["results"] as? [Object])
    let fix = try #require((results[1]["fixes"] as? [Object])?.first)
    #expect(text(fix["description"]) == "write \"Aerospace\"")
    let change = try #require((fix["artifactChanges"] as? [Object])?.first)
    #expect((change["artifactLocation"] as? Object)?["uri"] as? String == "reports/my%20report.cq")
    let replacement = try #require((change["replacements"] as? [Object])?.first)
    #expect(text(replacement["insertedContent"]) == "\"Aerospace\"")
    #expect((replacement["deletedRegion"] as? [String: Int])?["startColumn"] == 24)
  }

  @Test func aMessageAboutNoPlaceHasNone() throws {
    let plain = Diagnostics(
      source: SourceText(name: "", text: ""), [Diagnostic("", "no such option", at: TextSpan(0, 0))])
    let result = try #require((try run([plain])["results"] as? [Object])?.first)
    #expect(result["locations"] == nil)
    #expect(result["ruleId"] == nil)
    #expect(text(result["message"]) == "no such option")
  }
}
