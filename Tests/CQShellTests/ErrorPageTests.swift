import CQBundledData
import ClusterQuery
import Foundation
import Testing

@testable import CQShell

/// Each page tells the truth, and each code has its page.
@MainActor @Suite struct ErrorPageTests {
  private static let engine = Result { try Engine(.bundled) }
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  @Test(arguments: ErrorPage.all.map(\.code)) func examplesDoWhatTheySay(_ code: String) throws {
    let page = try #require(Engine.explanation(of: code.lowercased()))
    let found = try codes(page.wrong, notes: page.severity == .note)
    let others = try codes(page.right, notes: page.severity == .note)
    if page.severity == .note {
      #expect(found.contains(code) && !others.contains(code), "\(found), then \(others)")
    } else {
      #expect(found == [code], "the wrong example")
      #expect(others == [], "the right example")
    }
  }

  /// Codes of the diagnostics that an example gives, each once; with notes, also those below its tables.
  private func codes(_ example: ErrorPage.Example, notes withNotes: Bool) throws -> [String] {
    let arguments = example.options.split(separator: " ").map(String.init)
    let invocation = try Invocation(arguments: arguments + (arguments.first == "check" ? ["x.cq"] : []))
    let interpreter = SessionInterpreter(try Self.engine.get(), invocation.options)
    let program = Program(name: "x.cq", text: example.text)
    var found: [String] = []
    var notes: [String] = []
    do throws(ExecutionFailure) {
      // What writes files is only checked.
      if case .check = invocation.task {
        try interpreter.check(program, isStrict: invocation.options.isStrict)
      } else if invocation.options == Options(), example.text.contains("| save") {
        try interpreter.check(program, isStrict: invocation.options.isStrict)
      } else {
        var tableCount = 0
        try interpreter.execute(program, onWarnings: { found += $0.all.map(\.code) }) { table in
          tableCount += 1
          // One page is about a table without rows.
          #expect(table.rowCount > 0 || table.notes.contains { $0.code == "N0515" })
          notes += table.notes.map(\.code)
        }
        #expect(tableCount > 0, "it gives no table")
      }
    } catch {
      switch error {
      case .diagnostics(let diagnostics): found = diagnostics.all.map(\.code)
      case .limit(let code, _, _): found = [code]
      case .interrupted, .other: throw error
      }
    }
    return Set(withNotes ? found + notes : found).sorted()
  }

  @Test func everyCodeInTheSourcesHasOnePage() throws {
    let sources = Self.root.appending(path: "Sources")
    let paths = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
    var used: Set<String> = []
    for path in paths where path.hasSuffix(".swift") && !path.contains("ErrorPages/") {
      let text = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
      for match in text.matches(of: /"([ENW]0\d\d\d)"/) { used.insert(String(match.1)) }
    }
    #expect(used.count > 60)
    let pages = ErrorPage.all.map(\.code)
    #expect(Set(pages).count == pages.count, "a code has two pages")
    #expect(used.subtracting(pages).sorted() == [], "codes without a page")
    #expect(Set(pages).subtracting(used).sorted() == [], "pages without a code")
  }

  @Test func pagesReadWell() {
    for page in ErrorPage.all {
      #expect(page.title.first?.isUppercase == true && page.title.last != ".", "\(page.code)")
      #expect(page.explanation.last == ".", "\(page.code)")
      let longest = page.explanation.split(separator: "\n").map(\.count).max() ?? 0
      #expect(longest > 0 && longest <= 120, "\(page.code)")
      let sentences = page.explanation.matches(of: /[.?](\s|$)/).count
      #expect((2...6).contains(sentences), "\(page.code) has \(sentences) sentences")
    }
  }

  @Test func codesAreFoundInAnySpelling() {
    #expect(Engine.explanation(of: "e0301")?.code == "E0301")
    #expect(Engine.explanation(of: "E9999") == nil)
    #expect(Engine.explanation(of: "") == nil)
  }

  // MARK: - Docs/errors.md

  @Test func theReferenceIsUpToDate() throws {
    let file = Self.root.appending(path: "Docs/errors.md")
    let stored = try? String(contentsOf: file, encoding: .utf8)
    if ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1", stored != ErrorReference.text {
      try ErrorReference.text.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded Docs/errors.md: read the difference, then run again without UPDATE_SNAPSHOTS")
      return
    }
    #expect(stored == ErrorReference.text, "run again with UPDATE_SNAPSHOTS=1")
  }
}

/// `Docs/errors.md`, made from the pages.
private enum ErrorReference {
  static let text =
    """
    # Errors, warnings and notes

    Every message of cq has a code that keeps its meaning from version to version; `cq explain E0301` prints its page.
    E stands for errors, W for warnings, N for the notes below a table. This file is made from the pages in
    `Sources/CQSource/ErrorPages`; tests run every example in it.

    | codes | about |
    |---|---|
    | E01 | how a text must be written |
    | E02 | names, kinds and units |
    | E03 | places, activities, levels, datasets and years |
    | E04 | tables, and what may be added up |
    | N05 | what a number knows about itself |
    | E06 | limits |
    | E07 | values from outside, permissions |
    | E08 | files |


    """ + ErrorPage.all.map(section).joined(separator: "\n")

  private static func section(_ page: ErrorPage) -> String {
    let labels = page.severity == .note ? ("With this note:", "Without it:") : ("Wrong:", "Right:")
    return """
      ## \(page.code)

      **\(page.title)**

      \(page.explanation)

      \(block(labels.0, page.wrong, page.severity == .note ? "cq" : "cq \(page.code)"))

      \(block(labels.1, page.right, "cq"))

      """
  }

  /// A block that needs options of `cq` is no block that can simply be run.
  private static func block(_ label: String, _ example: ErrorPage.Example, _ language: String) -> String {
    let lines = example.text.split(separator: "\n")
    let isCut = lines.contains { $0.count > 120 }
    let text = lines.map { $0.count > 120 ? $0.prefix(110) + "…" : $0 }.joined(separator: "\n")
    let options = example.options.isEmpty ? "" : " (with `cq \(example.options)`)"
    return """
      \(label.dropLast())\(options):

      ```\(isCut || !options.isEmpty ? "text" : language)
      \(text)
      ```
      """
  }
}
