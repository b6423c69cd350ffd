import Foundation

/// The programs in the files of this package.
enum ShippedPrograms {
  struct Program {
    var name: String
    var text: String
  }

  /// Whole `.cq` files, blocks marked `cq` in Markdown files, `# SOURCE` sections of conformance tests.
  static func all() throws -> [Program] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    var programs: [Program] = []
    for folder in ["Docs", "Tests/Conformance", "examples", "stdlib"] {
      let files = FileManager.default.enumerator(at: root.appending(path: folder), includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() { programs += try read(file) }
    }
    for file in ["README.md", "ARCHITECTURE.md"] { programs += try read(root.appending(path: file)) }
    return programs
  }

  private static func read(_ file: URL) throws -> [Program] {
    guard ["cq", "cqt", "md"].contains(file.pathExtension), FileManager.default.fileExists(atPath: file.path) else {
      return []
    }
    let text = try String(contentsOf: file, encoding: .utf8)
    let name = file.lastPathComponent
    switch file.pathExtension {
    case "md": return sections(text, name, from: "```cq") { $0 == "```" }
    case "cqt": return sections(text, name, from: "# SOURCE") { sectionNames.contains($0) }
    default: return [Program(name: name, text: text)]
    }
  }

  private static let sectionNames: Set = [
    "# META", "# SOURCE", "# DIAGNOSTICS", "# FORMATTED", "# PLAN", "# RESULT", "# NOTES",
  ]

  private static func sections(
    _ text: String, _ name: String, from start: String, until isEnd: (String) -> Bool
  ) -> [Program] {
    var programs: [Program] = []
    var lines: [String]?
    for (index, line) in text.components(separatedBy: "\n").enumerated() {
      if let body = lines {
        if isEnd(line) {
          programs.append(Program(name: "\(name):\(index)", text: body.joined(separator: "\n")))
          lines = nil
        } else {
          lines = body + [line]
        }
      } else if line == start {
        lines = []
      }
    }
    if let body = lines { programs.append(Program(name: name, text: body.joined(separator: "\n"))) }
    return programs
  }
}
