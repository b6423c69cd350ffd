import ClusterQuery
import Foundation
import Testing

/// Every `.cqt` file below `Tests/Conformance`. `UPDATE_SNAPSHOTS=1` rewrites them; recording fails the run.
@Suite struct ConformanceTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Conformance")
  static let isRecording = ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1"

  /// Paths below the folder, sorted.
  static let cases: [String] = {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".cqt") }.sorted()
  }()

  @Test func casesAreFound() {
    #expect(Self.cases.count >= 70)
  }

  @Test(arguments: cases) func conforms(_ path: String) throws {
    let file = Self.folder.appending(path: path)
    let text = try String(contentsOf: file, encoding: .utf8)
    let expected = try ConformanceCase(text)
    try #require(expected.data == "bundled", "cases run on the bundled data")
    try #require(expected.sections[.plan] == nil, "plans can't be printed yet: a case can't expect one")

    let outcome = try Outcome(of: expected.source, parameters: expected.parameters)
    try checkFixes(outcome, expected)

    if Self.isRecording {
      let recorded = Self.recorded(expected, outcome)
      guard recorded.text != text else { return }
      try recorded.text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(path): read the difference, then run again without UPDATE_SNAPSHOTS")
      return
    }
    let checked = expected.sections.keys.filter { $0 != .meta && $0 != .source }
    #expect(!checked.isEmpty, "a case must check something")
    #expect(!outcome.hasErrors || expected.sections[.diagnostics] != nil, "a source with errors needs DIAGNOSTICS")
    for section in checked {
      #expect(Self.found(section, expected, outcome) == expected.sections[section], "\(section.rawValue) of \(path)")
    }
  }

  private static func found(
    _ section: ConformanceCase.Section, _ expected: ConformanceCase, _ outcome: Outcome
  ) -> String? {
    switch section {
    case .diagnostics: outcome.diagnosticText
    case .result: outcome.resultText(expected.format)
    case .notes: outcome.noteText
    case .meta, .source, .plan: expected.sections[section]
    }
  }

  /// The case with the sections it has, or should have, as they are now.
  private static func recorded(_ expected: ConformanceCase, _ outcome: Outcome) -> ConformanceCase {
    var recorded = expected
    for section in expected.sections.keys { recorded.sections[section] = found(section, expected, outcome) }
    recorded.sections[.diagnostics] = outcome.diagnostics.isEmpty ? nil : outcome.diagnosticText
    let isNew = expected.sections.keys.allSatisfy { $0 == .meta || $0 == .source || $0 == .diagnostics }
    if outcome.hasErrors {
      recorded.sections[.result] = nil
      recorded.sections[.notes] = nil
    } else if isNew {
      recorded.sections[.result] = outcome.resultText(expected.format)
      if expected.format == .csv, !outcome.noteText.isEmpty { recorded.sections[.notes] = outcome.noteText }
    }
    return recorded
  }

  /// The first fix of every diagnostic must lead to a program without that diagnostic.
  private func checkFixes(_ outcome: Outcome, _ expected: ConformanceCase) throws {
    for diagnostic in outcome.diagnostics where !diagnostic.fixes.isEmpty {
      let mended = try #require(outcome.mended(diagnostic), "the fix of \(diagnostic.code) lies outside the source")
      let after = try Outcome(of: mended, parameters: expected.parameters)
      let isSame = { (other: Diagnostic) in other.code == diagnostic.code && other.message == diagnostic.message }
      #expect(
        after.diagnostics.count(where: isSame) < outcome.diagnostics.count(where: isSame),
        "the fix of \(diagnostic.code) leads to: \(mended)")
    }
  }
}
