import Glibc
import Synchronization

/// Ctrl-C, turned from a signal into something that can be waited for.
///
/// The handler only sets a flag and writes one byte to a pipe; both are allowed in a signal handler.
enum Interrupts {
  enum Event { case ready, interrupted }

  /// The exit code of a program that was interrupted.
  static let exitCode: Int32 = 130

  private static let isPending = Atomic<Bool>(false)
  private static let exitsWhenRepeated = Atomic<Bool>(false)
  private static let readEnd = Atomic<Int32>(-1)
  private static let writeEnd = Atomic<Int32>(-1)

  /// Catches Ctrl-C from now on, and lets writes to closed pipes fail instead of ending the process.
  ///
  /// - Parameter exitsWhenRepeated: A second Ctrl-C that nobody has answered ends the process at once.
  static func install(exitsWhenRepeated: Bool) {
    if let ends = makePipe() {
      readEnd.store(ends.read, ordering: .relaxed)
      writeEnd.store(ends.write, ordering: .relaxed)
    }
    Self.exitsWhenRepeated.store(exitsWhenRepeated, ordering: .relaxed)
    isPending.store(false, ordering: .relaxed)
    var action = sigaction()
    // SAFETY: the handler is a function of this module without captures, and all it touches was initialized above.
    unsafe action.__sigaction_handler.sa_handler = { _ in Interrupts.handle() }
    // Without SA_RESTART, so that waiting calls return.
    action.sa_flags = 0
    unsafe sigaction(SIGINT, &action, nil)
    unsafe signal(SIGPIPE, SIG_IGN)
  }

  /// Whether Ctrl-C was pressed since the last ``clear()``.
  static var wasPressed: Bool { isPending.load(ordering: .relaxed) }

  static func clear() {
    var byte: UInt8 = 0
    while unsafe read(readEnd.load(ordering: .relaxed), &byte, 1) == 1 {}
    isPending.store(false, ordering: .relaxed)
  }

  /// Blocks until there is something to read, or Ctrl-C.
  static func waitForInput(_ descriptor: Int32) -> Event {
    while true {
      if wasPressed {
        clear()
        return .interrupted
      }
      if wait(for: descriptor, or: readEnd.load(ordering: .relaxed)) == descriptor { return .ready }
    }
  }

  /// Runs `body`; Ctrl-C meanwhile calls `cancel` on another thread.
  static func whileWatching<Result, Failure: Error>(
    cancel: @escaping @Sendable () -> Void, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let watcher = Watcher(readEnd: readEnd.load(ordering: .relaxed), cancel: cancel) else { return try body() }
    defer { watcher.stop() }
    return try body()
  }

  // MARK: - Signal and pipe

  private static func handle() {
    let savedError = errno
    let wasPending = isPending.exchange(true, ordering: .relaxed)
    if wasPending, exitsWhenRepeated.load(ordering: .relaxed) { _exit(exitCode) }
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

  // MARK: - Watching

  /// A thread that waits for Ctrl-C while the main thread computes.
  private final class Watcher: Sendable {
    private let interruptEnd: Int32
    private let stopEnds: (read: Int32, write: Int32)
    private let cancel: @Sendable () -> Void
    private let thread = Mutex<pthread_t>(0)

    init?(readEnd: Int32, cancel: @escaping @Sendable () -> Void) {
      guard readEnd >= 0, let stopEnds = Interrupts.makePipe() else { return nil }
      interruptEnd = readEnd
      self.stopEnds = stopEnds
      self.cancel = cancel
      // SAFETY: the thread holds one reference, which it gives back when it ends.
      let context = unsafe Unmanaged.passRetained(self).toOpaque()
      let code = thread.withLock { thread in
        unsafe pthread_create(
          &thread, nil,
          { context in
            if let context = unsafe context {
              unsafe Unmanaged<Watcher>.fromOpaque(context).takeRetainedValue().run()
            }
            return nil
          }, context)
      }
      if code != 0 {
        unsafe Unmanaged<Watcher>.fromOpaque(context).release()
        close(stopEnds.read)
        close(stopEnds.write)
        return nil
      }
    }

    func stop() {
      close(stopEnds.write)
      thread.withLock { thread in
        _ = unsafe pthread_join(thread, nil)
      }
      close(stopEnds.read)
    }

    private func run() {
      while true {
        switch Interrupts.wait(for: stopEnds.read, or: interruptEnd) {
        case interruptEnd:
          cancel()
          return
        case .some: return
        case nil: continue
        }
      }
    }
  }
}
