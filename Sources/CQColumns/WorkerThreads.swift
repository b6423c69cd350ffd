import Glibc
internal import Synchronization

/// Threads that share the work on the rows of a file.
package enum WorkerThreads {
  /// `CQ_THREADS` of the environment, or one per processor up to 16.
  package static let usualCount: Int = {
    if let text = unsafe getenv("CQ_THREADS"), let count = unsafe Int(String(cString: text)), count > 0 {
      return min(count, 64)
    }
    return max(1, min(16, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
  }()

  /// Runs `body` on `count` threads, this one among them, and waits for all.
  ///
  /// - Parameter body: Gets the number of its thread, from 0.
  package static func run(_ count: Int, _ body: @Sendable (_ thread: Int) -> Void) {
    guard count > 1 else { return body(0) }
    withoutActuallyEscaping(body) { body in
      var threads: [pthread_t] = []
      for number in 1..<count {
        let work = unsafe Unmanaged.passRetained(Work { body(number) }).toOpaque()
        var thread = pthread_t()
        let status = unsafe pthread_create(
          &thread, nil,
          { argument in
            guard let argument = unsafe argument else { return nil }
            // SAFETY: retained right before the thread was made, and released here once.
            unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
            return nil
          }, work)
        if status == 0 {
          threads.append(thread)
        } else {
          // Without a thread the work is left to the others.
          unsafe Unmanaged<Work>.fromOpaque(work).release()
        }
      }
      body(0)
      for thread in threads { pthread_join(thread, nil) }
    }
  }

  /// Runs `body` for every unit below `unitCount`, on this thread and up to `threads` in all, in no order.
  package static func run(units unitCount: Int, threads: Int, _ body: @Sendable (_ unit: Int) -> Void) {
    let next = Atomic<Int>(0)
    run(max(1, min(threads, unitCount))) { _ in
      while true {
        let unit = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard unit < unitCount else { return }
        body(unit)
      }
    }
  }
}

private final class Work: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
