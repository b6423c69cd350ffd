import ClusterQuery
import Glibc
import Synchronization

/// Ctrl-C, turned from a signal into something that can be waited for and that stops queries.
///
/// The handler only sets flags and writes one byte to a pipe; both are allowed in a signal handler.
enum Interrupts {
  enum Event { case ready, interrupted }

  /// The exit code of a program that was interrupted.
  static let exitCode: Int32 = 130

  /// Ctrl-C stops every query that runs under this token. It lives as long as the process, so that the handler never
  /// meets one that is gone.
  static let cancellation = Cancellation { leave() }

  /// How long work may take to see Ctrl-C before the process ends without it, and then to say so.
  private static let graceMicroseconds = 5_000

  /// What a program that ends by Ctrl-C has to do before; nil where the process goes on.
  private static let lastWords = Mutex<LastWords?>(nil)

  private struct LastWords: @unchecked Sendable {
    // SAFETY: said on a thread that has seen Ctrl-C while it worked, when the thread that made them works or waits for that
    // one, and then the process is over.
    let say: () -> Void
  }

  /// Where the path of the file that is being written stands, as the handler needs it; 0 for none.
  private static let partialFile = Atomic<UInt>(0)

  private static let isPending = Atomic<Bool>(false)
  private static let exitsWhenRepeated = Atomic<Bool>(false)
  private static let saysSo = Atomic<Bool>(true)
  private static let isLeaving = Atomic<Bool>(false)
  private static let hasSaidSo = Atomic<Bool>(false)
  private static let hasWaited = Atomic<Bool>(false)
  private static let readEnd = Atomic<Int32>(-1)
  private static let writeEnd = Atomic<Int32>(-1)

  /// Catches Ctrl-C from now on.
  ///
  /// - Parameters:
  ///   - exitsWhenRepeated: The process is to end by Ctrl-C: at once by a second one, and ``graceMicroseconds`` after the
  ///     first where nothing has seen it, as when a result is being written.
  ///   - saysSo: Whether that is said on standard error.
  static func install(exitsWhenRepeated: Bool, saysSo: Bool = true) {
    if let ends = makePipe() {
      readEnd.store(ends.read, ordering: .relaxed)
      writeEnd.store(ends.write, ordering: .relaxed)
    }
    Self.exitsWhenRepeated.store(exitsWhenRepeated, ordering: .relaxed)
    Self.saysSo.store(saysSo, ordering: .relaxed)
    isPending.store(false, ordering: .relaxed)
    cancellation.reset()
    var action = sigaction()
    // SAFETY: the handler is a function of this module without captures, and all it touches was initialized above.
    unsafe action.__sigaction_handler.sa_handler = { _ in Interrupts.handle() }
    // Without SA_RESTART, so that waiting calls return.
    action.sa_flags = 0
    unsafe sigaction(SIGINT, &action, nil)
    guard exitsWhenRepeated else { return }
    Departure.prepare()
    unsafe action.__sigaction_handler.sa_handler = { _ in Interrupts.handleUnseen() }
    unsafe sigaction(SIGALRM, &action, nil)
  }

  /// Whether Ctrl-C was pressed since the last ``clear()``.
  static var wasPressed: Bool { isPending.load(ordering: .relaxed) }

  static func clear() {
    var byte: UInt8 = 0
    while unsafe read(readEnd.load(ordering: .relaxed), &byte, 1) == 1 {}
    isPending.store(false, ordering: .relaxed)
    cancellation.reset()
  }

  /// Blocks until there is something to read, or Ctrl-C, which is then taken note of.
  static func waitForInput(_ descriptor: Int32) -> Event {
    let event = nextEvent(descriptor)
    if event == .interrupted { clear() }
    return event
  }

  /// The same, but whoever waits next sees Ctrl-C again.
  static func nextEvent(_ descriptor: Int32) -> Event {
    while true {
      if wasPressed { return .interrupted }
      if wait(for: descriptor, or: readEnd.load(ordering: .relaxed)) == descriptor { return .ready }
    }
  }

  /// Waits for a while; whether Ctrl-C came.
  static func waitForChange(milliseconds: Int32) -> Bool {
    var request = pollfd(fd: readEnd.load(ordering: .relaxed), events: Int16(POLLIN), revents: 0)
    _ = unsafe poll(&request, 1, milliseconds)
    return wasPressed
  }

  // MARK: - Leaving

  /// Runs `body`. If Ctrl-C stops it, the process ends as soon as the work has stopped: whatever that holds goes with the
  /// process, and is not given back piece by piece.
  static func leaving<Result, Failure: Error>(
    saying lastWords: @escaping () -> Void, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let words = LastWords(say: lastWords)
    Self.lastWords.withLock { $0 = words }
    defer { Self.lastWords.withLock { $0 = nil } }
    return try body()
  }

  /// Others that see Ctrl-C at the same time wait here for the end.
  private static func leave() {
    lastWords.withLock { words in
      guard let words else { return }
      isLeaving.store(true, ordering: .relaxed)
      words.say()
      hasSaidSo.store(true, ordering: .relaxed)
      Departure.leave(exitCode)
    }
  }

  /// A process that leaves at once leaves no half of this file behind; nil when it is whole or gone.
  static func setPartialFile(_ path: String?) {
    // What was there is not freed: the handler may be looking at it.
    partialFile.store(unsafe UInt(bitPattern: path.flatMap { unsafe strdup($0) }), ordering: .releasing)
  }

  // MARK: - Signal and pipe

  private static func handle() {
    let savedError = errno
    let wasPending = isPending.exchange(true, ordering: .relaxed)
    let isLast = exitsWhenRepeated.load(ordering: .relaxed)
    if wasPending, isLast { leaveAtOnce() }
    if isLast {
      var grace = itimerval()
      grace.it_value.tv_usec = graceMicroseconds
      grace.it_interval.tv_usec = graceMicroseconds
      _ = unsafe setitimer(__itimer_which_t(ITIMER_REAL.rawValue), &grace, nil)
    }
    cancellation.cancel()
    var byte: UInt8 = 0
    _ = unsafe write(writeEnd.load(ordering: .relaxed), &byte, 1)
    errno = savedError
  }

  private static func makePipe() -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    return (ends[0], ends[1])
  }

  /// Nothing has seen Ctrl-C yet, or what has to be said finds no way out: a pipe is full.
  private static func handleUnseen() {
    let isPatient = isLeaving.load(ordering: .relaxed) && !hasWaited.exchange(true, ordering: .relaxed)
    if !isPatient { leaveAtOnce() }
  }

  /// Only what a signal handler may do.
  private static func leaveAtOnce() -> Never {
    // SAFETY: of a text that is never freed.
    let path = unsafe UnsafePointer<CChar>(bitPattern: partialFile.load(ordering: .acquiring))
    if let path = unsafe path { _ = unsafe unlink(path) }
    if saysSo.load(ordering: .relaxed), !hasSaidSo.load(ordering: .relaxed) {
      let words: StaticString = "\r\u{1B}[Kerror: interrupted\n"
      let clearsLine = isatty(STDERR_FILENO) == 1
      let skipped = clearsLine ? 0 : 4
      // SAFETY: a constant of ASCII; what is skipped is its start.
      _ = unsafe write(STDERR_FILENO, words.utf8Start + skipped, words.utf8CodeUnitCount - skipped)
    }
    Departure.leave(exitCode)
  }

  /// The first of two descriptors that has something to read or has ended.
  private static func wait(for first: Int32, or second: Int32) -> Int32? {
    var requests = [
      pollfd(fd: first, events: Int16(POLLIN), revents: 0), pollfd(fd: second, events: Int16(POLLIN), revents: 0),
    ]
    guard unsafe poll(&requests, nfds_t(requests.count), -1) > 0 else { return nil }
    // Ctrl-C goes before what was typed after it.
    if requests[1].revents != 0 { return second }
    return requests[0].revents != 0 ? first : nil
  }
}
