import CQColumns

/// What whoever reads a file must heed while reading.
package struct ImportControl: Sendable {
  /// Whether to stop: asked at least every few milliseconds, from any thread.
  package var isStopped: @Sendable () -> Bool
  /// Told now and then how far it is: bytes of the file that have been read, and all there are.
  package var progress: @Sendable (_ done: Int, _ total: Int) -> Void
  /// Whether a column of this name is needed; others need not be read.
  package var wants: @Sendable (_ name: String) -> Bool = { _ in true }
  /// Rows at most.
  package var rowLimit: Int
  /// Bytes of memory at most.
  package var byteLimit: Int
  /// Worker threads at most.
  package var threadCount: Int
  /// Bytes that are parsed in one go.
  package var blockSize = 2 << 20

  package init(
    isStopped: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in },
    rowLimit: Int = .max, byteLimit: Int = .max, threadCount: Int = WorkerThreads.usualCount
  ) {
    self.isStopped = isStopped
    self.progress = progress
    self.rowLimit = rowLimit
    self.byteLimit = byteLimit
    self.threadCount = threadCount
  }

  func check() throws(ImportError) {
    if isStopped() { throw .stopped }
  }

  func check(rows: Int, bytes: Int) throws(ImportError) {
    try check()
    if rows > rowLimit {
      throw ImportError(
        "it has more than \(rowLimit) rows, the limit here",
        remedy: "read a part of it, or raise the limit: `--limit-rows`", kind: .limit)
    }
    if bytes > byteLimit {
      throw ImportError(
        "reading it takes more than \(byteLimit >> 20) MB of memory, the limit here",
        remedy: "read fewer columns, or raise the limit: `--limit-memory`", kind: .limit)
    }
  }
}
