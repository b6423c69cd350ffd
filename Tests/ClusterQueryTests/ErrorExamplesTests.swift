import ClusterQuery
import Foundation
import Testing

/// The commonest mistakes, each with the message it gets beside it. `UPDATE_SNAPSHOTS=1` rewrites the messages.
@Suite struct ErrorExamplesTests {
  static let scripts = files(below: "examples/errors", ending: ".cq")
  static let isRecording = ProcessInfo.processInfo.environment["UPDATE_SNAPSHOTS"] == "1"

  @Test func everyMessageHasItsScript() {
    #expect(Self.scripts.count >= 120)
    let messages = files(below: "examples/errors", ending: ".txt")
    #expect(messages.sorted() == Self.scripts.map { Self.messages(of: $0) }.sorted())
  }

  /// Text from outside is refused what one's own may do: `cq test` runs these scripts, and finds nothing wrong.
  private static func isFromOutside(_ path: String) -> Bool {
    path.contains("/permissions/") || path.contains("/limits/too-m")
  }

  private static func messages(of path: String) -> String {
    path.dropLast(3) + (isFromOutside(path) ? ".outside.txt" : ".txt")
  }

  /// Every code of an error is shown by a script, except those that no script can give.
  @Test func everyCodeIsShown() throws {
    let texts = try files(below: "examples/errors", ending: ".txt").map { try textOfFile($0) }.joined()
    // The check of a saved script (`cq check --strict`), and time, which is another on every machine.
    let elsewhere = ["E0341", "E0602"]
    let codes = ErrorPage.all.map(\.code).filter { $0.hasPrefix("E") && !elsewhere.contains($0) }
    #expect(codes.filter { !texts.contains("error[\($0)]") } == [])
  }

  @Test(arguments: scripts) func saysWhatIsWrong(_ path: String) throws {
    let text = try textOfFile(path)
    let mode: Session.Mode = path.contains("/permissions/") ? .restricted : .readOnly
    let session = Session(engine: try Bundled.engine.get(), mode: mode)
    var message: String?
    do {
      try session.execute(text, name: path, limits: Limits(cells: 1_000_000, rows: 1_000, memory: 10 << 20)) { _ in }
    } catch let error as Diagnostics {
      message = error.rendered
    } catch let error as LimitExceeded {
      message = "error[\(error.code)]: \(error.message)\n  = help: \(error.help)\n"
    }
    let rendered = try #require(message, "\(path) runs without a message")
    let file = packageFolder.appending(path: Self.messages(of: path))
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
