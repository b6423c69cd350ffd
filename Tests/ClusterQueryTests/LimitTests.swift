import CQBundledData
import ClusterQuery
import Foundation
import Testing

/// What a query may use is bounded, and a query can be stopped.
@Suite struct LimitTests {
  static let large = "employment(by:[state, naics6, year], year:2003..2011)"

  @Test func cellsAreBoundedBeforeAnythingRuns() async throws {
    let query = try Bundled.engine.get().prepare(QueryText(Self.large))
    let error = await #expect(throws: LimitExceeded.self) { try await query.run(limits: Limits(cells: 1_000)) }
    guard case .cells(let needed, limit: 1_000, nil)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    // 51 states × about a thousand industries × 9 years, at least.
    #expect(needed > 51 * 1_000 * 9)
  }

  @Test func rowsAreBounded() async throws {
    let query = try Bundled.engine.get().prepare("employment(by:state, year:2020)")
    let error = await #expect(throws: LimitExceeded.self) { try await query.run(limits: Limits(rows: 50)) }
    #expect(error == .rows(needed: 51, limit: 50))
    #expect(try await query.run(limits: Limits(rows: 51)).rowCount == 51)
  }

  @Test func timeIsBounded() async throws {
    let query = try Bundled.engine.get().prepare(QueryText(Self.large))
    let error = await #expect(throws: LimitExceeded.self) { try await query.run(limits: Limits(time: .zero)) }
    #expect(error == .time(.zero))
  }

  @Test func memoryIsBoundedBeforeAnythingIsAllocated() async throws {
    let query = try Bundled.engine.get().prepare(QueryText(Self.large))
    let error = await #expect(throws: LimitExceeded.self) { try await query.run(limits: Limits(memory: 1 << 20)) }
    guard case .memory(let needed, limit: 1_048_576)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(needed > 51 * 1_000 * 9 * 8)
    #expect(error?.code == "E0604")
    #expect(error?.message.hasSuffix("the limit here is 1 MB") == true)
  }

  @Test func statisticsSayWhatWasUsed() async throws {
    let table = try await Bundled.engine.get().run(QueryText(Self.large))
    #expect(table.stats.rowsScanned > 100_000)
    #expect(table.stats.cells >= table.rowCount)
    #expect(table.stats.peakBytes > table.rowCount * 9)
    #expect(table.stats.milliseconds > 0)
  }

  /// 200,000 rows of a text, a year and a number.
  private func file(_ body: (_ csv: String, _ arrow: String) throws -> Void) throws {
    let folder = unsafe NSTemporaryDirectory() + "cq-memory-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<200_000).map { "firm \($0 % 100),\(2_000 + $0 % 20),\($0)" }
    try ("firm,year,jobs\n" + rows.joined(separator: "\n") + "\n").write(
      toFile: folder + "/firms.csv", atomically: true, encoding: .utf8)
    let session = Session(engine: try Bundled.engine.get())
    try session.execute("open(\"\(folder)/firms.csv\") | save \"\(folder)/firms.arrow\"") { _ in }
    try body(folder + "/firms.csv", folder + "/firms.arrow")
  }

  /// The most bytes that are set aside for a query over a file, in bytes of each row.
  private func bytesPerRow(_ text: String) throws -> Double {
    var peak = 0
    try Session(engine: try Bundled.engine.get()).execute(text) { peak = $0.stats.peakBytes }
    return Double(peak) / 200_000
  }

  @Test func whatVerbsMakeOfAFileIsCounted() throws {
    try file { csv, arrow in
      // 1 + 4 + 4 bytes are read; the table has a code, a year, and a number with its state: 4 + 4 + 9.
      #expect(try 26...26.5 ~= bytesPerRow("open(\"\(csv)\") | where year > 0"))
      // What is mapped from a file takes no memory of its own.
      let mapped = try bytesPerRow("open(\"\(arrow)\") | where year > 0")
      #expect(try mapped < bytesPerRow("open(\"\(csv)\") | where year > 0"))
      // Another column with its states, held by the verbs and shown.
      let derived = try bytesPerRow("open(\"\(arrow)\") | where year > 0 | derive half = jobs / 2")
      #expect(17.5...18.5 ~= derived - mapped)
    }
  }

  @Test func whatVerbsMakeOfAFileIsBounded() throws {
    try file { _, arrow in
      let text = "open(\"\(arrow)\") | derive half = jobs / 2"
      let session = Session(engine: try Bundled.engine.get())
      #expect(throws: LimitExceeded.self) { try session.execute(text, limits: Limits(memory: 1 << 20)) { _ in } }
      try session.execute(text, limits: Limits(memory: 100 << 20)) { #expect($0.rowCount == 200_000) }
    }
  }

  @Test func statisticsSayWhatTheProcessHolds() async throws {
    let table = try await Bundled.engine.get().run(QueryText(Self.large))
    // With the table itself.
    #expect(table.stats.processBytes > table.rowCount * 9)
    let plan = try #require(try Session(engine: try Bundled.engine.get()).plan(of: "employment(by:state)"))
    #expect(plan.contains("memory") && plan.contains("set aside") && plan.contains("in the process"), "\(plan)")
  }

  /// The bound is generous for a busy machine and for programs that are not optimised; `Benchmarks/run` measures the real one.
  @Test func aRunningQueryStopsSoon() async throws {
    let engine = try Bundled.engine.get()
    for text in [Self.large, "lq(by:[county, naics4])", "lq(by:[county, naics4]) | sort lq desc"] {
      let session = Session(engine: engine)
      let cancellation = Cancellation()
      let began = ContinuousClock.now
      let task = Task.detached { try session.execute(text, cancellation: cancellation) { _ in } }
      try await Task.sleep(for: .milliseconds(5))
      cancellation.cancel()
      let cancelled = ContinuousClock.now
      let result = await task.result
      let waited = ContinuousClock.now - cancelled
      // It may have ended by itself before it was asked to.
      if case .failure(let error) = result { #expect(error is CancellationError) }
      #expect(waited < .seconds(10), "\(text): \(waited) after \(cancelled - began)")
    }
  }

  @Test func aPlanSaysWhatIsReadAndComputed() throws {
    let session = Session(engine: try Bundled.engine.get())
    let plan = try #require(try session.plan(of: "lq(cluster:\"Aerospace\", by:state, year:2020) | top 5"))
    for part in [
      "plan  lq(cluster:\"Aerospace\", by:state, year:2020) | top 5", "read employment", "2020",
      "cells e(r,a) e(r,all) e(US,a) e(US,all)", "4 patterns", "lq = (e(r,a) / e(r,all)) / (e(US,a) / e(US,all))",
      "top 5", "5 rows", "took", "est.",
    ] {
      #expect(plan.contains(part), "\(part) in\n\(plan)")
    }
    #expect(try session.plan(of: "let a = 1") == nil)
    #expect(throws: Diagnostics.self) { try session.plan(of: "lq(by:stat)") }
  }

  @Test func aCancelledTaskStopsItsQuery() async throws {
    let query = try Bundled.engine.get().prepare(QueryText(Self.large))
    let task = Task {
      // The task is cancelled before it starts, so that the test does not depend on time.
      while !Task.isCancelled { await Task.yield() }
      return try await query.run()
    }
    task.cancel()
    let result = await task.result
    #expect(throws: CancellationError.self) { try result.get() }
  }

  @Test func aSessionSurvivesCancellation() throws {
    let session = Session(engine: try Bundled.engine.get())
    let cancellation = Cancellation()
    cancellation.cancel()
    #expect(throws: CancellationError.self) {
      try session.execute("employment(by:state)", cancellation: cancellation) { _ in }
    }
    cancellation.reset()
    var rowCount = 0
    try session.execute("employment(by:state)", cancellation: cancellation) { rowCount = $0.rowCount }
    #expect(rowCount == 51)
  }

  @Test func theSameBytesFromManyTasks() async throws {
    let engine = try Bundled.engine.get()
    let texts = [
      "table(lq, employment, avg_wage, by:cluster, in:\"Ohio\") | sort lq desc",
      "krugman(by:state) | top 10", "shift_share(by:state, year:2008..2011)",
      "employment(by:[state, year], cluster:\"Automotive\", year:2003..2011)",
    ]
    var expected: [String] = []
    for text in texts { expected.append(try await engine.run(QueryText(text)).render(.json)) }
    try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for round in 0..<24 {
        let index = round % texts.count
        group.addTask { (index, try await engine.run(QueryText(texts[index])).render(.json)) }
      }
      for try await (index, found) in group { #expect(found == expected[index]) }
    }
    // Another engine over the same data gives the same bytes too.
    let other = try Engine(.bundled)
    for (text, bytes) in zip(texts, expected) { #expect(try await other.run(QueryText(text)).render(.json) == bytes) }
  }
}
