import Glibc
import Synchronization

/// One line on the terminal that says what takes so long, from the first second on, and goes away without a trace.
///
/// It is drawn by a thread of its own, so that work which says nothing for a while still shows that time passes.
final class ProgressLine: Sendable {
  private struct State {
    var text = "working"
    var isShown = false
    var isPaused = false
    var wakeUp: Int32 = -1
    var thread: pthread_t?
  }

  private let descriptor: Int32
  private let isActive: Bool
  private let state = Mutex(State())

  private static let delayMilliseconds: Int32 = 1_000
  private static let pauseMilliseconds: Int32 = 200

  /// - Parameter isActive: false where nobody looks: then nothing is ever drawn.
  init(descriptor: Int32, isActive: Bool) {
    self.descriptor = descriptor
    self.isActive = isActive
  }

  /// From now on the work says what it is doing; may be called from any thread.
  func report(_ text: String) { state.withLock { $0.text = text } }

  /// Runs `work`, with the line drawn from the first second on.
  func during<Result, Failure: Error>(
    _ what: String, _ work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard isActive, start(what) else { return try work() }
    defer { stop() }
    return try work()
  }

  /// Runs `body`, which writes to the terminal itself, without the line.
  func paused(_ body: () -> Void) {
    clear(pauses: true)
    body()
    state.withLock { $0.isPaused = false }
  }

  /// Takes the line away; no other is drawn.
  func end() { clear(pauses: true) }

  private func clear(pauses: Bool) {
    state.withLock { state in
      state.isPaused = pauses
      guard state.isShown else { return }
      write("\r\u{1B}[K")
      state.isShown = false
    }
  }

  // MARK: - The thread

  private func start(_ what: String) -> Bool {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return false }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let work = Work(line: self, readEnd: ends[0])
    var thread = pthread_t()
    // SAFETY: the thread takes over the reference, and is joined before `stop` returns.
    let context = unsafe Unmanaged.passRetained(work).toOpaque()
    let result = unsafe pthread_create(
      &thread, nil,
      { context in
        guard let context = unsafe context else { return nil }
        let work = unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue()
        work.line.draw(until: work.readEnd)
        return nil
      }, context)
    guard result == 0 else {
      unsafe Unmanaged<Work>.fromOpaque(context).release()
      for end in ends { close(end) }
      return false
    }
    let started = thread
    state.withLock { state in
      state.text = what
      state.wakeUp = ends[1]
      state.thread = started
    }
    return true
  }

  private func stop() {
    let (wakeUp, thread) = state.withLock { ($0.wakeUp, $0.thread) }
    close(wakeUp)
    if let thread { pthread_join(thread, nil) }
    clear(pauses: false)
  }

  private final class Work: Sendable {
    let line: ProgressLine
    let readEnd: Int32

    init(line: ProgressLine, readEnd: Int32) {
      self.line = line
      self.readEnd = readEnd
    }
  }

  private func draw(until readEnd: Int32) {
    // Ctrl-C is for the thread that works.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    defer { close(readEnd) }
    let clock = ContinuousClock()
    let begin = clock.now
    var pause = Self.delayMilliseconds
    while true {
      var request = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
      let ready = unsafe poll(&request, 1, pause)
      if ready > 0 { return }
      if ready < 0, errno != EINTR { return }
      pause = Self.pauseMilliseconds
      let tenths = Int((clock.now - begin) / .milliseconds(100))
      state.withLock { state in
        if state.isPaused { return }
        let width = Terminal.width(of: descriptor) ?? 80
        let end = " · \(tenths / 10).\(tenths % 10) s · Ctrl-C stops"
        write("\r\(Self.fitted(state.text, end, width: width - 1))\u{1B}[K")
        state.isShown = true
      }
    }
  }

  /// The text and its end within so many columns: half a number would be another one, so the name before it is cut.
  static func fitted(_ text: String, _ end: String, width: Int) -> String {
    let room = width - end.count
    if text.count <= room { return text + end }
    let share = text.lastIndex(of: ",").map { text[$0...] } ?? ""
    if share.count < room { return text.prefix(room - share.count - 1) + "…" + share + end }
    return share.count <= width ? String(share.drop { $0 == "," || $0 == " " }) : ""
  }

  private func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }
}
