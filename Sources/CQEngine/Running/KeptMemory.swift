internal import CQColumns
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Memory that a query leaves behind, kept by the process for the next one.
///
/// The system clears every page that it hands out anew; for a query over sums that are there already this takes a third of
/// its time. What is kept is given back with ``release()``.
public enum KeptMemory {
  /// Keeps up to `byteCount` bytes of what is freed, in blocks of up to 32 MB; larger blocks go back to the system.
  ///
  /// A setting of the C library's allocator, and so of the whole process: for its owner to make. Where there is no such
  /// setting (other systems, other allocators) nothing happens.
  ///
  /// - Parameter fromAllThreads: Queries run on other threads than the first one of the process: these then share its
  ///   memory, as memory of their own would go back to the system. To be set before they begin.
  /// - Parameter ofAnySize: Keeps larger blocks too. What lies below a block that is still in use can't go back by itself then,
  ///   so more may be kept until ``release()``.
  public static func keep(upTo byteCount: Int, fromAllThreads: Bool = false, ofAnySize: Bool = false) {
    #if os(Linux)
      // `M_MMAP_THRESHOLD`, `M_TRIM_THRESHOLD`, `M_ARENA_MAX` and `M_MMAP_MAX`.
      guard let set = function("mallopt", as: (@convention(c) (Int32, Int32) -> Int32).self) else { return }
      byteLimit.store(max(0, byteCount), ordering: .relaxed)
      _ = set(-3, 32 << 20)
      _ = set(-1, Int32(clamping: byteCount))
      if fromAllThreads { _ = set(-8, 1) }
      if ofAnySize { _ = set(-4, 0) }
    #endif
  }

  /// What ``keep(upTo:fromAllThreads:)`` has set.
  private static let byteLimit = Atomic<Int>(0)

  /// Gives back what is kept where the process would else go beyond a limit with `needed` bytes more.
  ///
  /// - Returns: Whether it did.
  static func makeRoom(for needed: Int, limit: Int) -> Bool {
    let kept = byteLimit.load(ordering: .relaxed)
    guard kept > 0, needed > limit - kept, needed > limit - ProcessMemory.resident.own else { return false }
    release()
    return true
  }

  /// Gives back what is kept and not in use.
  public static func release() {
    #if os(Linux)
      if let trim = function("malloc_trim", as: (@convention(c) (Int) -> Int32).self) { _ = trim(0) }
    #endif
  }

  #if os(Linux)
    private static func function<Function>(_ name: String, as type: Function.Type) -> Function? {
      // SAFETY: the caller gives the type that the C library declares for the name.
      unsafe dlsym(nil, name).map { unsafe unsafeBitCast($0, to: type) }
    }
  #endif
}
