import CQRender
import Glibc

/// `cq watch f.cq`: runs a script again whenever it, or a file that it names, is saved.
@MainActor struct Watch {
  let path: String
  let output: Output
  let run: () -> Void

  private static let pauseMilliseconds: Int32 = 200

  /// When and how large each file was.
  private typealias Stamp = [String: String]

  /// - Returns: When Ctrl-C ends it; never before.
  func untilInterrupted() throws(FileError) -> ExitCode {
    _ = try Input.text(ofFile: path)
    Interrupts.install(exitsWhenRepeated: false)
    while true {
      let before = stamp()
      Interrupts.clear()
      begin()
      run()
      end()
      // Ctrl-C during a query stops the query: the script goes on being watched.
      Interrupts.clear()
      while stamp() == before {
        if !Interrupts.waitForChange(milliseconds: Self.pauseMilliseconds) { continue }
        output.write("\n")
        return .interrupted
      }
    }
  }

  private func begin() {
    let isTerminal = Terminal.isTerminal(STDOUT_FILENO)
    if isTerminal { output.write("\u{1B}[H\u{1B}[2J\u{1B}[3J") }
    // Messages take the other stream: the screen must be clear before them.
    output.flush()
  }

  private func end() {
    output.write("\n\(path) at \(Self.timeOfDay) · runs again when it is saved, Ctrl-C ends\n")
    output.flush()
  }

  private static var timeOfDay: String {
    var now = time(nil)
    var parts = unsafe tm()
    unsafe localtime_r(&now, &parts)
    return unsafe [parts.tm_hour, parts.tm_min, parts.tm_sec].map { ($0 < 10 ? "0" : "") + "\($0)" }.joined(
      separator: ":")
  }

  // MARK: - What is watched

  /// The script and the files that texts in it name.
  private func stamp() -> Stamp {
    var stamp: Stamp = [:]
    for file in [path] + namedFiles { stamp[file] = Self.state(of: file) }
    return stamp
  }

  private var namedFiles: [String] {
    guard let text = try? Input.text(ofFile: path) else { return [] }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    return text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().compactMap { index, part in
      guard index % 2 == 1, part.contains("."), !part.contains("\n") else { return nil }
      let file = part.hasPrefix("/") ? String(part) : folder + part
      // A file that the script writes changes with each run.
      return Files.exists(file) && !Self.isSaved(String(part), in: text) ? file : nil
    }
  }

  private static func isSaved(_ file: String, in text: String) -> Bool { text.contains("save \"\(file)\"") }

  private static func state(of path: String) -> String {
    var information = stat()
    guard unsafe stat(path, &information) == 0 else { return "" }
    return "\(information.st_mtim.tv_sec).\(information.st_mtim.tv_nsec) \(information.st_size) \(information.st_ino)"
  }
}
