import CQColumns
internal import Synchronization

/// One record per line, read by several threads: blocks of whole lines, put together in their order.
final class JSONLinesPass: Sendable {
  private struct Results {
    var waiting: [Int: JSONReader.Part] = [:]
    var next = 0
    var names: [String] = []
    var builders: [ColumnBuilder] = []
    var lines = LineMap()
    var rowCount = 0
    var lineCount = 0
    var failure: ImportError?
  }

  private let options: ImportOptions
  private let control: ImportControl
  private let cutter: Mutex<BlockCutter>
  private let results = Mutex(Results())

  private init(_ cutter: sending BlockCutter, _ options: ImportOptions, _ control: ImportControl) {
    self.options = options
    self.control = control
    self.cutter = Mutex(cutter)
  }

  /// - Throws: What is wrong with some record; whoever reads all lines in their order says it with its line.
  static func read(
    _ stream: sending any ByteStream, _ options: ImportOptions, _ control: ImportControl
  ) throws(ImportError) -> FileTable {
    let pass = JSONLinesPass(BlockCutter(stream, blockSize: control.blockSize), options, control)
    WorkerThreads.run(control.threadCount) { _ in pass.work() }
    return try pass.table()
  }

  private func work() {
    do throws(ImportError) {
      while results.withLock({ $0.failure == nil }) {
        let (block, progress) = try cutter.withLock {
          (cutter: inout BlockCutter) throws(ImportError) -> (TextBlock?, (done: Int, total: Int)) in
          (try cutter.next(), cutter.progress)
        }
        control.progress(progress.done, progress.total)
        guard let block else { return }
        let part = try JSONReader.part(block.bytes.array(count: block.count), options, control)
        try add(part, block.index)
      }
    } catch {
      results.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private func add(_ part: JSONReader.Part, _ index: Int) throws(ImportError) {
    let (rowCount, byteCount) = results.withLock { results in
      results.waiting[index] = part
      while let next = results.waiting.removeValue(forKey: results.next) {
        Self.append(next, to: &results)
        results.next += 1
      }
      return (results.rowCount, results.builders.reduce(0) { $0 + $1.byteCount })
    }
    try control.check(rows: rowCount, bytes: byteCount)
  }

  private static func append(_ part: JSONReader.Part, to results: inout Results) {
    for (name, builder) in part.columns {
      if let column = results.names.firstIndex(of: name) {
        JSONReader.fill(&results.builders[column], upTo: results.rowCount)
        results.builders[column].append(builder)
      } else {
        var first = ColumnBuilder()
        JSONReader.fill(&first, upTo: results.rowCount)
        first.append(builder)
        results.names.append(name)
        results.builders.append(first)
      }
    }
    for entry in part.lines {
      results.lines.add(row: results.rowCount + entry.row, line: results.lineCount + entry.line)
    }
    results.rowCount += part.rowCount
    results.lineCount += part.lineCount
  }

  private func table() throws(ImportError) -> FileTable {
    try control.check()
    var results = results.withLock { $0 }
    if let failure = results.failure { throw failure }
    for column in results.builders.indices { JSONReader.fill(&results.builders[column], upTo: results.rowCount) }
    return FileTable(
      columns: zip(results.names, results.builders).map { $1.column(named: $0) }, rowCount: results.rowCount,
      lines: results.lines, format: "JSON Lines")
  }
}
