import ClusterQuery
import Foundation
import Testing

/// Every query that the documentation shows, and every example script, runs.
@Suite struct DocumentedQueriesTests {
  struct Program: CustomStringConvertible, Sendable {
    let place: String
    let text: String
    var description: String { place }
  }

  /// The error reference is made of pages whose examples have a test of their own.
  static let documents = ["README.md"] + files(below: "Docs", ending: ".md").filter { $0 != "Docs/errors.md" }

  /// The blocks marked `cq` of the Markdown files.
  static let blocks: [Program] = documents.flatMap { path in
    var found: [Program] = []
    var block: (line: Int, lines: [Substring])?
    let lines = ((try? textOfFile(path)) ?? "").split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      if let open = block {
        if line == "```" {
          found.append(Program(place: "\(path):\(open.line)", text: open.lines.joined(separator: "\n")))
          block = nil
        } else {
          block?.lines.append(line)
        }
      } else if line == "```cq" {
        block = (index + 1, [])
      }
    }
    return found
  }

  static let scripts: [Program] = files(below: "examples", ending: ".cq")
    .filter { path in !["examples/embedding/", "examples/errors/", "examples/lib/"].contains { path.hasPrefix($0) } }
    .map { Program(place: $0, text: (try? textOfFile($0)) ?? "") }

  @Test func thereAreSome() {
    #expect(Self.blocks.count >= 8)
    #expect(Self.scripts.count >= 7)
  }

  /// Paths in a script are relative to it; the blocks of a document run as in a session in the project's folder. What writes files is only checked.
  @Test(arguments: blocks + scripts) func runs(_ program: Program) throws {
    let session = Session(engine: try Bundled.engine.get())
    let isScript = program.place.hasSuffix(".cq")
    let name = isScript ? packageFolder.appending(path: program.place).path : "<cq>"
    if program.text.contains("| save") {
      #expect(!session.check(program.text, name: name).hasErrors)
      return
    }
    var results = 0
    do {
      try session.execute(program.text, name: name) { table in
        results += 1
        #expect(table.rowCount > 0, "\(program.place): query \(results) has no rows")
      }
    } catch let diagnostics as Diagnostics {
      Issue.record("\(diagnostics.rendered)")
    }
    #expect(results > 0 || program.text.contains("def "))
  }

  @Test(arguments: files(below: "examples/lib", ending: ".cq")) func modulesCheck(_ path: String) throws {
    let session = Session(engine: try Bundled.engine.get())
    let found = session.check(try textOfFile(path), name: packageFolder.appending(path: path).path)
    #expect(found.all.map(\.code) == [])
  }
}
