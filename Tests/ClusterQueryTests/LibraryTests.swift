import ClusterQuery
import Foundation
import Testing

/// The standard library is checked the way a reader uses it: by its comments.
@Suite struct LibraryTests {
  struct Example: CustomStringConvertible, Sendable {
    let file: String
    let query: String
    var description: String { "\(file): \(query)" }
  }

  /// A public `def` with the doc comment above it.
  struct Entry: CustomStringConvertible, Sendable {
    let file: String
    let head: String
    let documentation: String
    var description: String { "\(file): \(head)" }
  }

  static let entries: [Entry] = files(below: "stdlib", ending: ".cq").flatMap { path in
    var found: [Entry] = []
    var comment: [Substring] = []
    for line in ((try? textOfFile(path)) ?? "").split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("##") {
        comment.append(line.dropFirst(2))
      } else {
        if line.hasPrefix("def ") {
          found.append(Entry(file: path, head: String(line), documentation: comment.joined(separator: "\n")))
        }
        comment = []
      }
    }
    return found
  }

  static let examples: [Example] = entries.flatMap { entry in
    entry.documentation.split(separator: "\n").compactMap { line -> Example? in
      guard let label = line.range(of: "example: ") else { return nil }
      return Example(file: entry.file, query: String(line[label.upperBound...]))
    }
  }

  @Test func thereAreEntries() {
    #expect(Self.entries.count >= 10)
    #expect(Self.examples.count >= Self.entries.count)
  }

  @Test(arguments: entries) func hasItsFields(_ entry: Entry) {
    for field in ["formula:", "unit:", "source:", "example:"] {
      #expect(entry.documentation.contains(field), "\(entry.head) has no `\(field)`")
    }
  }

  @Test(arguments: examples) func exampleRuns(_ example: Example) async throws {
    let table = try await Bundled.run(example.query)
    #expect(table.rowCount > 0)
    let numbers = table.columns.filter { if case .numbers = $0.values { true } else { false } }
    #expect(!numbers.isEmpty)
    for column in numbers {
      guard case .numbers(let values, let states, _) = column.values else { continue }
      for (value, state) in zip(values, states) where state.hasValue { #expect(value.isFinite, "\(column.name)") }
    }
  }

  /// What is embedded is what lies in the folder: every file, in full.
  @Test func embeddedFilesAreThoseOfTheFolder() throws {
    let embedded = Dictionary(uniqueKeysWithValues: StandardLibrary.files.map { ($0.name, $0.text) })
    let paths = files(below: "stdlib", ending: ".cq")
    #expect(Set(embedded.keys) == Set(paths.map { "<\($0)>" }))
    for path in paths { #expect(embedded["<\(path)>"] == (try textOfFile(path)), "\(path)") }
  }
}
