import CQRender
import Glibc

/// Shows a text that is longer than the window page by page: with `$PAGER`, else with `less`, else by itself.
enum Pager {
  /// `less` leaves the screen as it is, keeps colours, and is not needed for what fits.
  private static let lessOptions = [
    "LESS": "-FRX -PSpace goes on, b goes back, / finds, q ends$", "LESSCHARSET": "utf-8",
  ]

  /// Whether `text` has more lines than the window.
  static func isLonger(_ text: String, thanWindowOf height: Int) -> Bool {
    text.utf8.lazy.filter { $0 == 0x0A }.count > height - 2
  }

  static func show(_ text: String, to output: Output) {
    output.flush()
    let command = Terminal.environment("PAGER") ?? ChildProcess.path(of: "less").map { _ in "less" }
    if command == "cat" { return output.write(text) }
    if let command {
      let code = ChildProcess.run(command, input: text, environment: lessOptions)
      Interrupts.clear()
      // 127: the shell found no such program.
      if let code, code != 127 { return }
    }
    showByPages(text, to: output)
  }

  // MARK: - Without a program

  private static func showByPages(_ text: String, to output: Output) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
    var next = lines.startIndex
    var count = (Terminal.height(of: STDOUT_FILENO) ?? 24) - 1
    while next < lines.endIndex {
      let end = min(lines.endIndex, next + max(1, count))
      for line in lines[next..<end] { output.write(line + "\n") }
      next = end
      if next == lines.endIndex { break }
      output.write("-- \(next) of \(lines.count) lines: Space goes on, Enter one line, a all, q ends --")
      output.flush()
      let key = readKey()
      output.write("\r\u{1B}[K")
      switch key {
      case UInt8(ascii: "q"), UInt8(ascii: "Q"), nil: return
      case UInt8(ascii: "a"): count = lines.count
      case UInt8(ascii: "\n"), UInt8(ascii: "\r"): count = 1
      default: count = (Terminal.height(of: STDOUT_FILENO) ?? 24) - 1
      }
    }
  }

  /// One key without Enter; nil for Ctrl-C and the end of the input.
  private static func readKey() -> UInt8? {
    var before = termios()
    guard unsafe tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    defer { unsafe tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
    guard Interrupts.waitForInput(STDIN_FILENO) == .ready else { return nil }
    var byte: UInt8 = 0
    return unsafe read(STDIN_FILENO, &byte, 1) == 1 ? byte : nil
  }
}
