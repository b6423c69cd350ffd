import ClusterQuery
import Foundation

/// Queries as an embedder runs them: prepared once, then run. The last one stays, with the files that it has opened: the other systems hold
/// their rows too.
final class Queries {
  private let engine: Engine
  private var last: (text: String, query: PreparedQuery)?

  init(engine: Engine) { self.engine = engine }

  private func prepared(_ text: String) throws -> PreparedQuery {
    if let last, last.text == text { return last.query }
    last = nil
    let query = try engine.prepare(QueryText(stringLiteral: text))
    last = (text, query)
    return query
  }

  func timed(_ words: [String]) async throws -> String {
    let query = try prepared(words[4])
    var limits = Limits(
      cells: 1_000_000_000, rows: 1_000_000_000, memory: 16 << 30, threads: Int(words[1]))
    limits.reusesSums = words[2] == "warm"
    var times: [Double] = []
    var processor: [Double] = []
    var (rows, estimate) = (0, 0.0)
    for _ in 0..<(Int(words[3]) ?? 1) {
      let start = ContinuousClock.now
      let used = processorMilliseconds()
      let table = try await query.run(limits: limits)
      times.append(milliseconds(since: start))
      processor.append(processorMilliseconds() - used)
      (rows, estimate) = (table.rowCount, table.stats.estimatedMilliseconds)
    }
    return "{\"ms\": \(times), \"cpu_ms\": \(processor), \"rows\": \(rows), \"expected_ms\": \(estimate)}"
  }

  /// Stops the query after a part of the time that it takes, and waits for its end.
  func cancelled(_ text: String) async throws -> String {
    let query = try prepared(text)
    var limits = Limits(cells: 1_000_000_000, rows: 1_000_000_000, memory: 16 << 30)
    limits.reusesSums = false
    let start = ContinuousClock.now
    _ = try await query.run(limits: limits)
    let whole = milliseconds(since: start)
    let task = Task.detached { [limits] in try await query.run(limits: limits) }
    try await Task.sleep(for: .microseconds(Int(whole * 1_000 * Double.random(in: 0.1..<0.9))))
    let asked = ContinuousClock.now
    task.cancel()
    _ = await task.result
    return "{\"ms\": \(milliseconds(since: asked))}"
  }

  /// Each column of the result as a file: numbers as doubles (NaN where there is none), members and texts as 32-bit
  /// indexes into a list of their codes or of texts.
  func dump(_ text: String, to folder: String, threads: Int?) async throws -> String {
    var limits = Limits(cells: 1_000_000_000, rows: 1_000_000_000, memory: 16 << 30, threads: threads)
    limits.reusesSums = false
    let table = try await prepared(text).run(limits: limits)
    let url = URL(fileURLWithPath: folder)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    var columns: [String] = []
    for column in table.columns {
      let file = url.appendingPathComponent(column.name)
      switch column.values {
      case .members(let codes, let members):
        try codes.withUnsafeBytes { Data($0) }.write(to: file)
        let list = members.map(\.code).joined(separator: "\n")
        try Data(list.utf8).write(to: url.appendingPathComponent(column.name + ".codes"))
        columns.append("\"\(column.name)\": \"member\"")
      case .numbers(let values, let states, _):
        let numbers = zip(values, states).map { $1.hasValue ? $0 : .nan }
        try numbers.withUnsafeBytes { Data($0) }.write(to: file)
        columns.append("\"\(column.name)\": \"number\"")
      case .periods(let years):
        try years.map(Double.init).withUnsafeBytes { Data($0) }.write(to: file)
        columns.append("\"\(column.name)\": \"number\"")
      case .texts(let texts):
        try texts.codes.withUnsafeBytes { Data($0) }.write(to: file)
        try Data(texts.values.joined(separator: "\n").utf8).write(
          to: url.appendingPathComponent(column.name + ".codes"))
        columns.append("\"\(column.name)\": \"text\"")
      case .truths: break
      }
    }
    return "{\"rows\": \(table.rowCount), \"columns\": {\(columns.joined(separator: ", "))}}"
  }
}

/// Time that the processors have spent on this process, all threads together.
func processorMilliseconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1e6
}
