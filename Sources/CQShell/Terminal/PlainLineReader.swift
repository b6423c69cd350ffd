import ClusterQuery
import Glibc

/// Reads lines without editing: from pipes and files, and from terminals where readline was left out.
@MainActor final class PlainLineReader: LineReader {
  let isInteractive: Bool
  var completion: ((_ line: String, _ cursor: Int) -> Completion)?
  private(set) var history: [String] = []

  private let descriptor: Int32
  private let output: Output
  private var pending: [UInt8] = []
  private var start = 0
  private var hasEnded = false

  init(descriptor: Int32, output: Output) {
    self.descriptor = descriptor
    self.output = output
    isInteractive = Terminal.isTerminal(descriptor)
  }

  /// Not kept beyond the session: who pipes a text has it.
  func addHistory(_ entry: String) { history.append(entry) }

  func readLine(prompt: String) -> LineEvent {
    if isInteractive {
      output.write(prompt)
      output.flush()
    }
    while true {
      if let line = takeLine() { return .line(line) }
      if hasEnded {
        if isInteractive { output.write("\n") }
        return .endOfInput
      }
      switch Interrupts.waitForInput(descriptor) {
      case .interrupted:
        pending = []
        start = 0
        if isInteractive {
          // The terminal itself shows ^C and forgets the line.
          output.write("\n")
          output.flush()
        }
        return .interrupted
      case .ready: fill()
      }
    }
  }

  private func fill() {
    var chunk = [UInt8](repeating: 0, count: 1 << 14)
    let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      pending.removeFirst(start)
      start = 0
      pending.append(contentsOf: chunk[..<count])
    } else if count == 0 || errno != EINTR {
      hasEnded = true
    }
  }

  private func takeLine() -> String? {
    if let end = pending[start...].firstIndex(of: 0x0A) {
      defer { start = end + 1 }
      return String(decoding: pending[start..<end], as: UTF8.self)
    }
    guard hasEnded, start < pending.count else { return nil }
    defer { start = pending.count }
    return String(decoding: pending[start...], as: UTF8.self)
  }
}
