internal import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Lets several threads take numbered units of work from a common pile.
///
/// What a unit does must not depend on which thread does it, nor when: then neither does the result.
struct Scheduler {
  let threadCount: Int

  /// - Parameter threadCount: nil for `CQ_THREADS` of the environment, or one per processor.
  init(threadCount: Int?) { self.threadCount = max(1, min(threadCount ?? Self.usualThreadCount, 64)) }

  private static let environmentThreadCount: Int? = {
    guard let text = unsafe getenv("CQ_THREADS"), let count = unsafe Int(String(cString: text)), count > 0 else {
      return nil
    }
    return count
  }()

  private static let usualThreadCount =
    environmentThreadCount ?? max(1, min(16, sysconf(Int32(_SC_NPROCESSORS_ONLN))))

  /// - Parameters:
  ///   - limits: Say how many threads there may be.
  ///   - isWorthwhile: Whether there is enough to do for more than one; threads that were asked for are used anyway, so
  ///     that tests with few rows meet them.
  init(_ limits: Limits, isWorthwhile: Bool = true) {
    let isAskedFor = limits.threads != nil || Self.environmentThreadCount != nil
    self.init(threadCount: isWorthwhile || isAskedFor ? limits.threads : 1)
  }

  /// Runs `body` for every unit below `unitCount`, on this thread and as many others as there is work for.
  ///
  /// - Throws: The first error of any unit; units that have not begun by then never do.
  func run(_ unitCount: Int, _ body: @Sendable (Int) throws -> Void) throws {
    let helpers = min(threadCount, unitCount) - 1
    if helpers < 1 {
      for unit in 0..<unitCount { try body(unit) }
      return
    }
    try withoutActuallyEscaping(body) { body in
      let pile = Pile(unitCount: unitCount, body: body)
      var threads: [pthread_t] = []
      for _ in 0..<helpers {
        var thread = pthread_t()
        // SAFETY: the thread takes the reference that is handed to it; all threads end before this function does.
        let argument = unsafe Unmanaged.passRetained(pile).toOpaque()
        let result = unsafe pthread_create(
          &thread, nil,
          { argument in
            guard let argument = unsafe argument else { return nil }
            unsafe Unmanaged<Pile>.fromOpaque(argument).takeRetainedValue().work()
            return nil
          }, argument)
        if result == 0 {
          threads.append(thread)
        } else {
          // No more threads to be had: the others do the work.
          unsafe Unmanaged<Pile>.fromOpaque(argument).release()
        }
      }
      pile.work()
      for thread in threads { pthread_join(thread, nil) }
      if let error = pile.error { throw error }
    }
  }
}

private final class Pile: Sendable {
  private let unitCount: Int
  private let body: @Sendable (Int) throws -> Void
  private let next = Atomic<Int>(0)
  private let failure = Mutex<(any Error)?>(nil)
  private let hasFailed = Atomic<Bool>(false)

  init(unitCount: Int, body: @escaping @Sendable (Int) throws -> Void) {
    self.unitCount = unitCount
    self.body = body
  }

  var error: (any Error)? { failure.withLock { $0 } }

  func work() {
    while !hasFailed.load(ordering: .relaxed) {
      let unit = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard unit < unitCount else { return }
      do {
        try body(unit)
      } catch {
        failure.withLock { known in if known == nil { known = error } }
        hasFailed.store(true, ordering: .relaxed)
      }
    }
  }
}
