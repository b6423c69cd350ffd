internal import Glibc
internal import Synchronization

/// A call into a driver that may block for as long as it likes, on a thread of its own.
final class BlockingCall<Value>: @unchecked Sendable {
  private let work: () -> Value
  private let isDone = Atomic<Bool>(false)
  private var value: Value?

  private init(_ work: @escaping () -> Value) { self.work = work }

  private func run() {
    value = work()
    isDone.store(true, ordering: .releasing)
  }

  private var result: Value? { isDone.load(ordering: .acquiring) ? value : nil }

  /// The value of `work`, or nil when it does not come: `stop` says why, is called again and again, and gets `cancel`
  /// called once; `patience` later nobody waits any more. `work` and what it holds then live until it returns.
  static func run(
    _ work: @escaping () -> Value, stop: () -> EngineProblem?, cancel: () -> Void,
    patience: Duration = .milliseconds(1_000)
  ) throws(EngineProblem) -> Value {
    let call = BlockingCall(work)
    try call.start()
    var pause: UInt32 = 50
    var problem: (reason: EngineProblem, deadline: ContinuousClock.Instant)?
    while true {
      if let value = call.result {
        if let problem { throw problem.reason }
        return value
      }
      if let problem {
        if ContinuousClock.now > problem.deadline { throw problem.reason }
      } else if let reason = stop() {
        problem = (reason, ContinuousClock.now + patience)
        cancel()
      }
      usleep(pause)
      pause = min(pause * 2, 10_000)
    }
  }

  private func start() throws(EngineProblem) {
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
    // Query planners are recursive.
    unsafe pthread_attr_setstacksize(&attributes, 16 << 20)
    let box = unsafe Unmanaged.passRetained(Starter { self.run() })
    // SAFETY: the thread takes the one reference that was given to the box.
    let code = unsafe pthread_create(
      &thread, &attributes,
      { argument in
        if let argument = unsafe argument { unsafe Unmanaged<Starter>.fromOpaque(argument).takeRetainedValue().start() }
        return nil
      }, box.toOpaque())
    unsafe pthread_attr_destroy(&attributes)
    if code != 0 {
      unsafe box.release()
      throw EngineProblem(.failed, "no thread can be started")
    }
  }
}

private final class Starter {
  let start: () -> Void

  init(_ start: @escaping () -> Void) { self.start = start }
}
