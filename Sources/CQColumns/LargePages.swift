#if canImport(Glibc)
  import Glibc
#endif

/// New memory comes page by page, each cleared when it is first touched; for a large result that takes longer than to
/// compute it. Where the system has large pages, it is asked for them.
package enum LargePages {
  private static let size = 2 << 20

  /// An advice: it does not matter whether it is taken.
  package static func ask(for bytes: UnsafeMutableRawBufferPointer) {
    #if os(Linux)
      guard bytes.count >= 2 * size, let start = bytes.baseAddress else { return }
      let first = unsafe start.alignedUp(toMultipleOf: size)
      let length = unsafe (start + bytes.count - first) / size * size
      // `MADV_HUGEPAGE`.
      if length > 0 { _ = unsafe madvise(first, length, 14) }
    #endif
  }
}
