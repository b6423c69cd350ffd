import CQColumns
import Glibc
import Synchronization

/// The end of a process that holds much memory.
///
/// Whoever waits for a process learns of its end when the system has taken back its memory page by page: for 500 MB of
/// small pages that takes 50 ms. So the memory is left to a helper: a process with nothing else, which shares it, waits
/// for the end of this one, and ends too. Where the system has no means for that, the process just ends.
enum Departure {
  /// Bytes that the system takes back in no time.
  private static let smallByteCount = 64 << 20
  private static let stackByteCount = 64 << 10

  private typealias Memory = UnsafeMutableRawPointer
  private typealias Body = @convention(c) (Memory?) -> Int32
  private typealias Clone = @convention(c) (Body, Memory, Int32, Memory?) -> Int32
  private typealias CloseRange = @convention(c) (UInt32, UInt32, Int32) -> Int32
  private typealias OpenProcess = @convention(c) (pid_t, UInt32) -> Int32

  /// What a signal handler must not begin to look for.
  @safe private struct Means: @unchecked Sendable {
    // SAFETY: set once. The functions are the C library's; the stack is for the one helper that there will be.
    var clone: Clone
    var closeRange: CloseRange
    var openProcess: OpenProcess
    var endOfStack: Memory
  }

  private static let means: Means? = {
    #if os(Linux)
      guard let clone = unsafe dlsym(nil, "clone"), let closeRange = unsafe dlsym(nil, "close_range"),
        let openProcess = unsafe dlsym(nil, "pidfd_open"),
        let stack = unsafe mmap(nil, stackByteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
        unsafe stack != MAP_FAILED
      else { return nil }
      // SAFETY: the types that the C library declares; `clone` looks at more arguments only with flags that say so.
      return unsafe Means(
        clone: unsafeBitCast(clone, to: Clone.self), closeRange: unsafeBitCast(closeRange, to: CloseRange.self),
        openProcess: unsafeBitCast(openProcess, to: OpenProcess.self), endOfStack: stack + stackByteCount)
    #else
      return nil
    #endif
  }()

  private static let hasHelper = Atomic<Bool>(false)

  /// To be called before a signal handler may leave.
  static func prepare() { _ = means }

  /// Ends the process. Does only what a signal handler may do.
  static func leave(_ code: Int32) -> Never {
    if let means, ProcessMemory.resident.all > smallByteCount, !hasHelper.exchange(true, ordering: .relaxed) {
      leaveMemory(means)
    }
    _exit(code)
  }

  private static func leaveMemory(_ means: Means) {
    // The helper would handle signals with the memory of a process that is gone.
    var all = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, nil)
    let process = means.openProcess(getpid(), 0)
    guard process >= 0 else { return }
    let helper: Body = { argument in
      guard let means = Departure.means else { return 0 }
      let process = UInt32(truncatingIfNeeded: UInt(bitPattern: argument))
      // Its copies of what is open would keep others waiting for the end of a pipe.
      if process > 0 { _ = means.closeRange(0, process - 1, 0) }
      _ = means.closeRange(process + 1, .max, 0)
      var request = pollfd(fd: Int32(bitPattern: process), events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&request, 1, 1_000)
      return 0
    }
    // `CLONE_VM`, and no signal when the helper ends.
    _ = unsafe means.clone(helper, means.endOfStack, 0x100, Memory(bitPattern: UInt(process)))
  }
}
