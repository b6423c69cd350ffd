import ClusterQuery
import Foundation
import Testing

/// A conversion that is stopped or beyond a limit leaves nothing behind, and an older file as it was.
@Suite struct StoppedImportTests {
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "cq-stopped-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var text = "year,state,jobs,note\n"
    for row in 0..<60_000 { text += "\(1900 + row / 600),\(row % 600),\(row % 977),\"note \(row % 5_000)\"\n" }
    try text.write(toFile: folder + "/jobs.csv", atomically: true, encoding: .utf8)
    try "older".write(toFile: folder + "/target.arrow", atomically: true, encoding: .utf8)
  }

  private func expectOlderFile(_ comment: Comment) throws {
    #expect(try String(contentsOfFile: folder + "/target.arrow", encoding: .utf8) == "older", comment)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["jobs.csv", "target.arrow"], comment)
  }

  @Test func cancelledAtAnyMoment() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let engine = try Bundled.engine.get()
    let (source, target) = (folder + "/jobs.csv", folder + "/target.arrow")
    var stopped = 0
    for round in 0..<12 {
      let cancellation = Cancellation()
      // A thread of its own: those that tasks share may all be at work.
      Thread {
        Thread.sleep(forTimeInterval: Double(round) * 0.02)
        cancellation.cancel()
      }.start()
      do {
        _ = try Session(engine: engine).importFile(source, to: target, cancellation: cancellation)
        // It had ended by itself.
        try "older".write(toFile: target, atomically: true, encoding: .utf8)
      } catch {
        stopped += 1
        #expect(error is CancellationError, "after \(round * 20) ms")
        try expectOlderFile("after \(round * 20) ms")
      }
    }
    #expect(stopped > 0)
  }

  @Test func beyondALimit() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let session = Session(engine: try Bundled.engine.get())
    let target = folder + "/target.arrow"
    for (limits, word) in [
      (Limits(rows: 59_999), "--limit-rows"), (Limits(memory: 100_000), "--limit-memory"),
    ] {
      let error = #expect(throws: Diagnostics.self) {
        _ = try session.importFile(folder + "/jobs.csv", to: target, limits: limits)
      }
      #expect(error?.all.first?.code == "E0802")
      #expect(error?.all.first?.helps.joined().contains(word) == true)
      try expectOlderFile("\(word)")
    }
    let error = #expect(throws: LimitExceeded.self) {
      _ = try session.importFile(folder + "/jobs.csv", to: target, limits: Limits(time: .zero))
    }
    #expect(error == .time(.zero))
    try expectOlderFile("time")
    #expect(try session.importFile(folder + "/jobs.csv", to: target, limits: Limits(rows: 60_000)).rowCount == 60_000)
  }

  @Test func openedFilesKeepToLimitsToo() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let text = "open(\"\(folder)/jobs.csv\")"
    func run(_ limits: Limits) throws {
      try Session(engine: try Bundled.engine.get()).execute(text, limits: limits) { _ in }
    }
    #expect(throws: LimitExceeded.time(.zero)) { try run(Limits(time: .zero)) }
    let error = #expect(throws: Diagnostics.self) { try run(Limits(memory: 100_000)) }
    #expect(error?.all.first?.helps.joined().contains("--limit-memory") == true)
    #expect(throws: Diagnostics.self) { try run(Limits(rows: 59_999)) }
  }
}
