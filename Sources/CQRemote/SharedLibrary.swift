internal import Glibc

/// A library that is loaded while cq runs; nothing of it is needed to build.
@safe struct SharedLibrary: @unchecked Sendable {
  private let handle: UnsafeMutableRawPointer

  /// - Parameter isGlobal: Libraries that are loaded later may use its symbols.
  /// - Throws: ``EngineProblem/Kind/noDriver`` with the loader's reason.
  init(_ path: String, isGlobal: Bool = false) throws(EngineProblem) {
    guard let handle = unsafe dlopen(path, RTLD_NOW | (isGlobal ? RTLD_GLOBAL : RTLD_LOCAL)) else {
      throw EngineProblem(.noDriver, unsafe dlerror().map { unsafe String(cString: $0) } ?? "it can't be loaded")
    }
    unsafe self.handle = unsafe handle
  }

  /// The function `name`, as a C function of type `Function`.
  ///
  /// - Precondition: `Function` is the function's own type; the library's documentation says so.
  func function<Function>(_ name: String, as type: Function.Type = Function.self) throws(EngineProblem) -> Function {
    guard unsafe MemoryLayout<Function>.size == MemoryLayout<UnsafeRawPointer>.size,
      let symbol = unsafe dlsym(handle, name)
    else {
      throw EngineProblem(.noDriver, "it has no function `\(name)`")
    }
    // SAFETY: a C function pointer has the layout of a pointer; its type is the caller's claim.
    return unsafe unsafeBitCast(symbol, to: Function.self)
  }
}
