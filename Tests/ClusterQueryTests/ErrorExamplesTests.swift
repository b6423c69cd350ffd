import ClusterQuery
import Foundation
import Testing

/// The commonest mistakes, each with the message it gets beside it. `UPDATE_SNAPSHOTS=1` rewrites the messages.
@Suite struct ErrorExamplesTests {
  static let scripts = files(below: "examples/errors", ending: ".cq")
  static let isRecording = ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1"

  @Test func everyMessageHasItsScript() {
    #expect(Self.scripts.count >= 12)
    let messages = files(below: "examples/errors", ending: ".txt")
    #expect(messages.map { $0.dropLast(4) } == Self.scripts.map { $0.dropLast(3) })
  }

  @Test(arguments: scripts) func saysWhatIsWrong(_ path: String) throws {
    let text = try textOfFile(path)
    let session = Session(engine: try Bundled.engine.get(), mode: .trusted)
    let error = #expect(throws: Diagnostics.self) { try session.execute(text, name: path) { _ in } }
    let rendered = try #require(error).rendered
    let file = packageFolder.appending(path: path.dropLast(3) + ".txt")
    let recorded = try? String(contentsOf: file, encoding: .utf8)
    guard Self.isRecording else {
      #expect(rendered == recorded, "\(path)")
      return
    }
    if rendered != recorded {
      try rendered.write(to: file, atomically: true, encoding: .utf8)
      Issue.record("recorded the message of \(path): read it, then run again without UPDATE_SNAPSHOTS")
    }
  }
}
