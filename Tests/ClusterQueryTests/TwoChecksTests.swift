import ClusterQuery
import Foundation
import Testing

/// Every definition of the library has two independent checks: `Tests/checks.tsv` names a test that holds it against a published figure, a run
/// of another package or numbers worked by hand, and one that holds it against the formula written out on random tables, or an identity.
/// `Docs/checks.md` is made from it.
@Suite struct TwoChecksTests {
  struct Check {
    let definition: String
    /// `Suite.test` each.
    let tests: [String]
    /// The definition that a test names in place of this one: it is computed from it or beside it.
    let through: String
  }

  private static let checks: [Check] = {
    guard let text = try? textOfFile("Tests/checks.tsv") else { return [] }
    return text.split(separator: "\n").dropFirst().map { line in
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return Check(definition: fields[0], tests: Array(fields[1...2]), through: fields[3])
    }
  }()

  /// The text of the files that hold a suite, and their path, by its name.
  private static let suites: [String: (path: String, text: String)] = {
    var found: [String: (path: String, text: String)] = [:]
    for path in files(below: "Tests", ending: "Tests.swift") {
      guard let text = try? textOfFile(path) else { continue }
      for match in text.matches(of: /(?:struct|extension) (\w+Tests)\b/) {
        found[String(match.1), default: (path, "")].text += text
      }
    }
    return found
  }()

  @Test func everyDefinitionHasTwo() {
    let names = Reference.standardLibrary.sections.flatMap(\.entries).filter { $0.kind != .value }.map(\.name)
    #expect(Set(names) == Set(Self.checks.map(\.definition)), "a line of Tests/checks.tsv for each definition")
    for check in Self.checks { #expect(Set(check.tests).count == 2, "\(check.definition) has \(check.tests)") }
  }

  /// A test that is named exists, and its file names the definition, or what it is computed through.
  @Test func checksExist() throws {
    for check in Self.checks {
      for test in check.tests {
        if test.hasPrefix("conformance ") {
          let path = "Tests/Conformance/\(test.dropFirst("conformance ".count)).cqt"
          #expect(FileManager.default.fileExists(atPath: packageFolder.appending(path: path).path), "\(path)")
          continue
        }
        let parts = test.split(separator: ".")
        let suite = try #require(Self.suites[String(parts[0])], "\(check.definition): no suite \(parts[0])")
        #expect(suite.text.contains("func \(parts[1])("), "\(check.definition): no test \(test)")
        guard suite.path.contains("ClusterQueryTests") else { continue }
        let words = [check.definition, check.through].filter { !$0.isEmpty }
        #expect(
          words.contains { Self.names(suite.text, $0) },
          "\(check.definition): \(test) names none of \(words)")
      }
    }
  }

  /// Whether a text has this word.
  private static func names(_ text: String, _ word: String) -> Bool {
    text.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { $0 == word }
  }

  // MARK: - The page

  private static func link(_ test: String) -> String {
    if test.hasPrefix("conformance ") {
      let name = test.dropFirst("conformance ".count)
      return "[`\(name)`](../Tests/Conformance/\(name).cqt)"
    }
    let suite = String(test.split(separator: ".")[0])
    return "[`\(test)`](../\(suites[suite]?.path ?? ""))"
  }

  private static var page: String {
    let byName = Dictionary(checks.map { ($0.definition, $0) }, uniquingKeysWith: { first, _ in first })
    var text = """
      # What holds each indicator

      Every definition of `stdlib/` is held by two tests that do not know of each other: one has a figure from outside (published, of a package
      that was run on the same table, or worked by hand in the test), the other the formula written out in Swift on random tables, or an
      identity. This page is made from `Tests/checks.tsv`; a definition without its two checks fails `TwoChecksTests`. `EdgeGridTests` runs all of them on tables that are hard (nothing, one place, one
      activity, all equal, all zero, one year, withheld, islands, parts that do not touch, negative, 1e-300, 1e300), and year by year.

      An identity is asked for like anything else:

      ```cq
      shift_share(by:cluster, in:"Ohio", year:2008..2011) | derive rest = round(actual - national - mix - local, 6) | first 3
      ```

      """
    for section in Reference.standardLibrary.sections {
      let entries = section.entries.filter { byName[$0.name] != nil }
      if entries.isEmpty { continue }
      text += "\n## \(section.title)\n\n| definition | a figure from outside | a formula or identity |\n|---|---|---|\n"
      for entry in entries {
        guard let check = byName[entry.name] else { continue }
        let through = check.through.isEmpty ? "" : " (through `\(check.through)`)"
        text += "| `\(entry.name)`\(through) | \(link(check.tests[0])) | \(link(check.tests[1])) |\n"
      }
    }
    return text
  }

  @Test func thePageIsUpToDate() throws {
    let file = packageFolder.appending(path: "Docs/checks.md")
    let stored = try? String(contentsOf: file, encoding: .utf8)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1", stored != Self.page {
      try Self.page.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded Docs/checks.md: read the difference, then run again without UPDATE_SNAPSHOTS")
      return
    }
    #expect(stored == Self.page, "run again with UPDATE_SNAPSHOTS=1")
  }
}
