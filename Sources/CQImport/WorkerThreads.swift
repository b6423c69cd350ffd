import Glibc

/// Runs `body` on `count` threads, this one among them, and waits for all.
///
/// - Parameter body: Gets the number of its thread, from 0.
func runOnThreads(_ count: Int, _ body: @escaping @Sendable (_ thread: Int) -> Void) {
  var threads: [pthread_t] = []
  for number in 1..<max(1, count) {
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

private final class Work: Sendable {
  let run: @Sendable () -> Void

  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
