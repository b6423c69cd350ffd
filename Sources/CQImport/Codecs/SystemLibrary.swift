import Glibc
internal import Synchronization

/// A library of the system that is loaded at its first use, so that cq starts and builds without it.
@safe final class SystemLibrary: @unchecked Sendable {
  // SAFETY: a handle of dlopen, never closed; written once under the lock.
  private var handle: UnsafeMutableRawPointer?
  private let lock = Mutex<Void>(())
  private let names: [String]
  /// What needs it, and how to have it: `reading .zst files needs libzstd`.
  private let purpose: String
  private let remedy: String

  init(_ names: [String], purpose: String, remedy: String) {
    self.names = names
    self.purpose = purpose
    self.remedy = remedy
  }

  /// A function of the library.
  ///
  /// - Precondition: `type` is the C type of the function.
  func function<Function>(_ name: String, as type: Function.Type) throws(ImportError) -> Function {
    let handle = unsafe try opened()
    guard let symbol = unsafe dlsym(handle, name) else {
      throw ImportError("\(purpose), and the one here has no `\(name)`", remedy: remedy)
    }
    return unsafe unsafeBitCast(symbol, to: type)
  }

  private func opened() throws(ImportError) -> UnsafeMutableRawPointer {
    let found = unsafe lock.withLock { _ -> UnsafeMutableRawPointer? in
      if unsafe handle == nil {
        for name in names {
          if let opened = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) {
            unsafe handle = opened
            break
          }
        }
      }
      return unsafe handle
    }
    guard let found = unsafe found else { throw ImportError("\(purpose), which is not here", remedy: remedy) }
    return unsafe found
  }

  static let zlib = SystemLibrary(
    ["libz.so.1", "libz.so"], purpose: "reading compressed data of this kind needs the library zlib",
    remedy: "install it: apt install zlib1g, or dnf install zlib")
  static let zstd = SystemLibrary(
    ["libzstd.so.1", "libzstd.so"], purpose: "reading data compressed with Zstandard needs the library libzstd",
    remedy: "install it: apt install libzstd1, or dnf install libzstd; or decompress the file first")
  static let sqlite = SystemLibrary(
    ["libsqlite3.so.0", "libsqlite3.so"], purpose: "reading SQLite files needs the library libsqlite3",
    remedy: "install it: apt install libsqlite3-0, or dnf install sqlite-libs")
}
