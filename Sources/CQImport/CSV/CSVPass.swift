import CQColumns
internal import Synchronization

/// One reading of all blocks of a file, by several threads; the results are in the order of the file, the same for any
/// number of threads.
///
/// A block is parsed as if it began with a record. That is so unless a quoted field of the block before goes beyond its
/// end; then the open record and the block are parsed again as one, when the turn comes to it.
final class CSVPass: Sendable {
  struct Setting: Sendable {
    var kinds: [CSVBlockParser.Kind]
    var dialect: CSVDialect
    var numbers: NumberText
    /// Where the first record starts in the first block, and in which 0-based line.
    var start: Int
    var firstLine: Int
    /// The bytes of the names.
    var header: [UInt8]
  }

  private struct Reading {
    var cutter: BlockCutter
    var first: TextBlock?
    var spare: [TextBlock] = []
  }

  private struct Results {
    var finished: [CSVBlockResult] = []
    var waiting: [Int: (result: CSVBlockResult, block: TextBlock)] = [:]
    /// The open record at the end of the blocks so far.
    var tail: [UInt8] = []
    var nextLine: Int
    var rowCount = 0
    var byteCount = 0
    var failure: ImportError?
  }

  private let setting: Setting
  private let control: ImportControl
  private let reading: Mutex<Reading>
  private let results: Mutex<Results>

  init(_ cutter: sending BlockCutter, first: sending TextBlock?, _ setting: Setting, _ control: ImportControl) {
    self.setting = setting
    self.control = control
    reading = Mutex(Reading(cutter: cutter, first: first))
    results = Mutex(Results(nextLine: setting.firstLine))
  }

  func run() throws(ImportError) -> [CSVBlockResult] {
    let blockCount = reading.withLock { $0.cutter.progress.total } / control.blockSize + 1
    WorkerThreads.run(max(1, min(control.threadCount, blockCount))) { _ in self.work() }
    let results = self.results.withLock { $0 }
    if let failure = results.failure { throw failure }
    return results.finished
  }

  private func work() {
    let parser = CSVBlockParser(
      kinds: setting.kinds, dialect: setting.dialect, numbers: setting.numbers, header: setting.header,
      isStopped: control.isStopped)
    do throws(ImportError) {
      while results.withLock({ $0.failure == nil }), let block = try nextBlock() {
        let result = parser.parse(block, from: block.index == 0 ? setting.start : 0)
        try control.check()
        try add(result, block, parser)
      }
    } catch {
      results.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private func nextBlock() throws(ImportError) -> TextBlock? {
    let (block, progress) = try reading.withLock {
      (reading: inout Reading) throws(ImportError) -> (TextBlock?, (done: Int, total: Int)) in
      if let first = reading.first {
        reading.first = nil
        return (first, reading.cutter.progress)
      }
      return (try reading.cutter.next(reusing: reading.spare.popLast()), reading.cutter.progress)
    }
    control.progress(progress.done, progress.total)
    return block
  }

  private func add(_ result: CSVBlockResult, _ block: TextBlock, _ parser: CSVBlockParser) throws(ImportError) {
    let used = try results.withLock { (results: inout Results) throws(ImportError) -> [TextBlock] in
      results.waiting[block.index] = (result, block)
      var used: [TextBlock] = []
      while let next = results.waiting.removeValue(forKey: results.finished.count) {
        try append(next.result, next.block, parser, to: &results)
        used.append(next.block)
      }
      return used
    }
    reading.withLock { $0.spare += used }
  }

  private func append(
    _ parsed: CSVBlockResult, _ block: TextBlock, _ parser: CSVBlockParser, to results: inout Results
  ) throws(ImportError) {
    var result = parsed
    var bytes = block
    if !results.tail.isEmpty {
      bytes = TextBlock(joining: results.tail, block)
      result = parser.parse(bytes, from: 0)
    }
    result.firstLine = results.nextLine
    results.nextLine += result.lineCount
    results.tail = []
    if let open = result.openRecord {
      guard !block.isLast else {
        throw ImportError(
          line: result.firstLine + result.openLine + 1, "a quoted field begins here and is never closed",
          remedy: "add the closing quote; the file may have been cut short")
      }
      results.tail = bytes.bytes(from: open, to: bytes.count)
      guard results.tail.count <= BlockCutter.lineLimit else {
        throw ImportError(
          line: result.firstLine + result.openLine + 1,
          "a quoted field begins here and is not closed within \(BlockCutter.lineLimit >> 20) MB",
          remedy: "add the closing quote")
      }
    }
    results.rowCount += result.rowCount
    results.byteCount += result.byteCount
    try control.check(rows: results.rowCount, bytes: results.byteCount)
    results.finished.append(result)
  }
}
