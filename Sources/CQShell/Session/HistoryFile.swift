import Glibc

/// The entries of all sessions, in one file that several of them may write at the same time.
///
/// Each entry is appended under a lock as soon as it is typed, so nothing is lost when a session is killed. The format is
/// the one of bash: a line `#SECONDS`, then the lines of the entry.
final class HistoryFile {
  static let keptEntries = 5_000

  private let path: String

  init(path: String) { self.path = path }

  /// The newest entries, oldest first. A file that has grown far too long is cut.
  func entries() -> [String] {
    guard let bytes = contents(of: path) else { return [] }
    let all = Self.parsed(String(decoding: bytes, as: UTF8.self))
    if all.count > Self.keptEntries * 2 { shorten() }
    return all.suffix(Self.keptEntries).map(\.text)
  }

  /// - Returns: Whether it could be written; a session goes on without.
  @discardableResult func append(_ entry: String) -> Bool {
    guard Files.makeFolders(of: path) else { return false }
    let text = Self.written(time: Glibc.time(nil), entry)
    return withLock { descriptor in Self.write(text, to: descriptor) } ?? false
  }

  // MARK: - Format

  private typealias Entry = (time: Int, text: String)

  private static func written(time: Int, _ entry: String) -> String {
    // A comment such as `#2020` at the start of a line would be taken for the time of an entry.
    let lines = entry.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      Self.time(in: line) == nil ? String(line) : " " + line
    }
    return "#\(time)\n" + lines.joined(separator: "\n") + "\n"
  }

  private static func parsed(_ text: String) -> [Entry] {
    var entries: [Entry] = []
    var lines: [Substring] = []
    var time: Int?
    func finish() {
      if !lines.isEmpty { entries.append((time ?? 0, lines.joined(separator: "\n"))) }
      lines = []
    }
    var rest = text.split(separator: "\n", omittingEmptySubsequences: false)
    if rest.last == "" { rest.removeLast() }
    for line in rest {
      if let next = Self.time(in: line) {
        finish()
        time = next
      } else if time == nil {
        // Lines without times, from a plain history file: each is an entry.
        if !line.isEmpty { entries.append((0, String(line))) }
      } else {
        lines.append(line)
      }
    }
    finish()
    return entries
  }

  /// The number of `#123`; nil for any other line.
  private static func time(in line: some StringProtocol) -> Int? {
    guard line.utf8.first == UInt8(ascii: "#"), line.utf8.count > 1 else { return nil }
    return Int(line.dropFirst())
  }

  // MARK: - The file

  /// Opens the file for appending and runs `body` while no other session writes.
  ///
  /// The file may be replaced by a shorter one while the lock is waited for: then the new one is opened.
  private func withLock<Result>(_ body: (Int32) -> Result) -> Result? {
    for _ in 0..<10 {
      let descriptor = unsafe open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return nil }
      defer { close(descriptor) }
      while flock(descriptor, LOCK_EX) != 0 { if errno != EINTR { return nil } }
      var (mine, current) = (stat(), stat())
      guard unsafe fstat(descriptor, &mine) == 0, unsafe stat(path, &current) == 0, mine.st_ino == current.st_ino else {
        continue
      }
      return body(descriptor)
    }
    return nil
  }

  /// Keeps the newest entries. The new file takes the place of the old one whole, or not at all.
  private func shorten() {
    _ = withLock { _ in
      guard let bytes = contents(of: path) else { return }
      let kept = Self.parsed(String(decoding: bytes, as: UTF8.self)).suffix(Self.keptEntries)
      let temporary = "\(path).\(getpid())"
      let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { return }
      let isWritten = Self.write(kept.map { Self.written(time: $0.time, $0.text) }.joined(), to: descriptor)
      close(descriptor)
      let isInPlace = isWritten ? unsafe rename(temporary, path) == 0 : false
      if !isInPlace { _ = unsafe unlink(temporary) }
    }
  }

  private static func write(_ text: String, to descriptor: Int32) -> Bool {
    let bytes = Array(text.utf8)
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        // SAFETY: `written` is less than the number of bytes.
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      if count > 0 { written += count } else if errno != EINTR { return false }
    }
    return true
  }

  private func contents(of path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count > 0 { bytes += chunk[..<count] } else if count == 0 || errno != EINTR { return bytes }
    }
  }
}
