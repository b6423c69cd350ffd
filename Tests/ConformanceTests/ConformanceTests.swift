import CQBundledData
import CQConformance
import ClusterQuery
import Foundation
import Testing

/// Every `.cqt` file below `Tests/Conformance`. `UPDATE_SNAPSHOTS=1` rewrites them; recording fails the run.
@Suite struct ConformanceTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Conformance")
  /// One engine for all cases: it is immutable.
  static let engine = Result { try Engine(.bundled) }
  static let isRecording = ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1"

  /// Paths below the folder, sorted.
  static let cases: [String] = {
    let paths = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? []
    return paths.filter { $0.hasSuffix(".cqt") }.sorted()
  }()

  @Test func casesAreFound() {
    #expect(Self.cases.count >= 400)
  }

  @Test(arguments: cases) func conforms(_ path: String) throws {
    let file = Self.folder.appending(path: path)
    let text = try String(contentsOf: file, encoding: .utf8)
    let expected = try ConformanceCase(text)
    let engine = try Self.engine.get()

    if Self.isRecording {
      let outcome = try Outcome(of: expected.source, parameters: expected.parameters, engine: engine)
      let recorded = Self.recorded(expected, outcome)
      guard recorded.text != text else { return }
      try recorded.text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded \(path): read the difference, then run again without UPDATE_SNAPSHOTS")
      return
    }
    for failure in try expected.failures(in: engine) {
      let difference = failure.difference.map { "\n" + $0 }.joined()
      Issue.record("\(path):\(failure.line): \(failure.message)\(difference)")
    }
  }

  /// The case with the sections it has, or should have, as they are now.
  private static func recorded(_ expected: ConformanceCase, _ outcome: Outcome) -> ConformanceCase {
    var recorded = expected
    for section in expected.sections.keys { recorded.sections[section] = expected.found(section, outcome) }
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
}
