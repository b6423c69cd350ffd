#if canImport(Glibc)
  import Glibc
#endif

/// Memory of this process as the system counts it. A signal handler may ask.
package enum ProcessMemory {
  /// Bytes that are in memory now: with and without the pages of files, which others may share and the system may drop.
  /// Zeros where the system does not say.
  package static var resident: (all: Int, own: Int) {
    #if os(Linux)
      let file = unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
      guard file >= 0 else { return (0, 0) }
      defer { close(file) }
      // Numbers of pages with a blank between them: of all mappings, of those in memory, of files among these, and more.
      var text: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
      let (all, files) = unsafe withUnsafeMutableBytes(of: &text) { bytes -> (Int, Int) in
        let count = unsafe read(file, bytes.baseAddress, bytes.count)
        var (blanks, all, files) = (0, 0, 0)
        for index in 0..<max(0, count) {
          let byte = unsafe bytes[index]
          switch (blanks, byte) {
          case (_, 0x20): blanks += 1
          case (1, _): all = all &* 10 &+ Int(byte &- 0x30)
          case (2, _): files = files &* 10 &+ Int(byte &- 0x30)
          default: break
          }
        }
        return (all, files)
      }
      let pageByteCount = sysconf(Int32(_SC_PAGESIZE))
      return (all * pageByteCount, (all - files) * pageByteCount)
    #else
      return (0, 0)
    #endif
  }
}
