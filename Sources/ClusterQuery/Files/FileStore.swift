internal import CQCatalog
internal import CQColumns
internal import CQEngine
internal import CQImport
internal import CQSemantics
internal import Glibc
internal import Synchronization

/// Files of this machine as one session reads them: each once, as long as it does not change.
final class FileStore: Sendable {
  private struct Key: Hashable {
    var path: String
    var identity: String
    var options: ImportOptions
  }

  private struct Known {
    var table: FileTable
    /// Those that were read; nil for all.
    var columns: Set<String>?
  }

  private let tables = Mutex<[Key: Known]>([:])
  private let datasets = DatasetStore()
  private let engines = EngineStore()
  /// Told how far a file has been read.
  let progress: Mutex<(@Sendable (_ path: String, _ done: Int, _ total: Int) -> Void)?> = Mutex(nil)

  /// What stopped the reading of a file: it is thrown in place of the messages about the file.
  final class Stop: Sendable {
    private let error = Mutex<(any Error)?>(nil)

    func note(_ stop: any Error) { error.withLock { $0 = $0 ?? stop } }
    func check() throws { if let error = error.withLock({ $0 }) { throw error } }
  }

  /// - Parameters:
  ///   - stop: Set when reading was cancelled or met a limit.
  ///   - showsFiles: Every row of a file will be written, so that the limit of rows holds for it.
  func access(
    limits: Limits, cancellation: Cancellation, stop: Stop, showsFiles: Bool = false
  ) -> FileAccess {
    let start = ContinuousClock.now
    let isStopped: @Sendable () -> Bool = {
      if cancellation.mustStop() {
        stop.note(CancellationError())
        return true
      }
      guard let time = limits.time, ContinuousClock.now - start > time else { return false }
      stop.note(LimitExceeded.time(time))
      return true
    }
    return FileAccess(
      text: { path throws(FileProblem) in try FileAccess.readText(path) },
      table: { [self] path, options throws(FileProblem) in
        var key = Key(path: path, identity: FileAccess.identity(of: path), options: options)
        (key.options.columns, key.options.showsAllRows) = (nil, false)
        var columns = options.columns
        if let known = tables.withLock({ $0[key] }) {
          guard let read = known.columns else { return known.table }
          if let columns, read.isSuperset(of: columns) { return known.table }
          // Whoever asks a second time will ask for more.
          columns = nil
        }
        let tell = progress.withLock { $0 }
        var control = ImportControl(
          isStopped: isStopped, progress: { tell?(path, $0, $1) },
          rowLimit: showsFiles || options.showsAllRows ? limits.rows : .max, byteLimit: limits.memory,
          threadCount: limits.threads ?? WorkerThreads.usualCount)
        if let columns { control.wants = { columns.contains(fold($0)) } }
        do throws(ImportError) {
          let table = try FileReading.read(path, options, control)
          tables.withLock { $0[key] = Known(table: table, columns: columns) }
          return table
        } catch {
          throw FileProblem(message: error.message, remedy: error.remedy)
        }
      },
      facts: { path throws(FileProblem) in
        do throws(ImportError) {
          return try FileReading.facts(path)
        } catch {
          throw FileProblem(message: error.message, remedy: error.remedy)
        }
      },
      identity: { FileAccess.identity(of: $0) }, isStopped: isStopped,
      threads: limits.threads ?? WorkerThreads.usualCount, datasets: datasets, engines: engines,
      hasRasteriser: { Rasteriser.isPresent })
  }

  /// For questions that must be answered at once: a file that was not read before is given up soon.
  var quickAccess: FileAccess {
    access(limits: Limits(time: .milliseconds(300)), cancellation: Cancellation(), stop: Stop())
  }

  /// Without limits, for checking.
  var access: FileAccess { access(limits: Limits(), cancellation: Cancellation(), stop: Stop()) }
}

extension FileAccess {
  /// The size, the time of the last change and the number of a file: another state of it has others.
  fileprivate static func identity(of path: String) -> String {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return "" }
    return "\(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec) \(status.st_ino)"
  }

  /// A script has no more.
  private static let sizeLimit = 256 << 20

  fileprivate static func readText(_ path: String) throws(FileProblem) -> String {
    guard let file = unsafe fopen(path, "r") else { throw FileProblem(message: systemReason()) }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
      bytes += chunk.prefix(count)
      if bytes.count > sizeLimit { throw FileProblem(message: "it is larger than \(sizeLimit >> 20) MB") }
      if count < chunk.count { break }
    }
    if unsafe ferror(file) != 0 { throw FileProblem(message: systemReason()) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileProblem(message: "it is not UTF-8 text")
    }
    return text
  }

  private static func systemReason() -> String {
    let text = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return text.prefix(1).lowercased() + text.dropFirst()
  }
}
