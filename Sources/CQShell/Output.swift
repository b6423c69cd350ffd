import Glibc

/// The one way out: bytes are gathered and leave in few large writes.
///
/// A reader that has gone away (`cq … | head`) is no error: ``isClosed`` tells that nobody listens any more.
final class Output {
  private(set) var isClosed = false
  private(set) var failure: FileError?

  private let descriptor: Int32
  private let name: String
  private var buffer: [UInt8] = []

  private static let bufferSize = 1 << 16

  init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  func write(_ text: String) {
    guard !isClosed else { return }
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.bufferSize { flush() }
  }

  func write(_ bytes: [UInt8]) {
    guard !isClosed else { return }
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.bufferSize { flush() }
  }

  func flush() {
    var written = 0
    while written < buffer.count, !isClosed {
      let count = unsafe buffer.withUnsafeBytes { bytes in
        // SAFETY: `written` is less than the number of bytes.
        unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
      }
      if count >= 0 {
        written += count
      } else if errno == EAGAIN {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = unsafe poll(&request, 1, -1)
      } else if errno != EINTR {
        if errno != EPIPE { failure = FileError("can't write to \(name)") }
        isClosed = true
      }
    }
    buffer.removeAll(keepingCapacity: true)
  }
}

/// The file of `-o`: written under another name beside it and renamed when all is well, so that no reader ever sees half of
/// it and a failed run leaves the old file alone.
final class OutputFile {
  let output: Output

  private let path: String
  private let descriptor: Int32
  /// nil when `path` is no ordinary file (`/dev/stdout`, a pipe) and is written directly.
  private let temporaryPath: String?

  init(path: String) throws(FileError) {
    var information = stat()
    let exists = unsafe stat(path, &information) == 0
    let isOrdinary = !exists || information.st_mode & S_IFMT == S_IFREG
    if exists, information.st_mode & S_IFMT == S_IFDIR { throw FileError("can't write `\(path)`", code: EISDIR) }
    // A link stays a link: what it points to is replaced.
    self.path = exists && isOrdinary ? Self.resolved(path) : path
    temporaryPath = isOrdinary ? "\(self.path).\(getpid()).part" : nil
    if let temporaryPath {
      Interrupts.setPartialFile(temporaryPath)
      descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
      if exists { _ = fchmod(descriptor, information.st_mode & 0o777) }
    } else {
      descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
    }
    if descriptor < 0 { throw FileError("can't write `\(path)`") }
    output = Output(descriptor: descriptor, name: "`\(path)`")
  }

  /// Puts the file in place.
  func commit() throws(FileError) {
    output.flush()
    var isInPlace = close(descriptor) == 0
    if let failure = output.failure {
      discardTemporary()
      throw failure
    }
    guard let temporaryPath else { return }
    defer { Interrupts.setPartialFile(nil) }
    if isInPlace { isInPlace = unsafe rename(temporaryPath, path) == 0 }
    if !isInPlace {
      let error = FileError("can't write `\(path)`")
      discardTemporary()
      throw error
    }
  }

  /// Leaves everything as it was.
  func discard() {
    close(descriptor)
    discardTemporary()
  }

  private func discardTemporary() {
    guard let temporaryPath else { return }
    unsafe unlink(temporaryPath)
    Interrupts.setPartialFile(nil)
  }

  private static func resolved(_ path: String) -> String {
    guard let resolved = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
}
