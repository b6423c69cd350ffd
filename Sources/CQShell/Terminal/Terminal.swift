import Glibc

/// What the process was started in: terminals, environment, size of the window.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Display columns of the window behind `descriptor`, nil when it is none.
  static func width(of descriptor: Int32) -> Int? {
    guard isTerminal(descriptor) else { return nil }
    var size = winsize()
    let columns = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_col) : 0
    if columns > 0 { return columns }
    return environment("COLUMNS").flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil } ?? 80
  }

  /// Lines of the window behind `descriptor`, nil when it is none or does not say.
  static func height(of descriptor: Int32) -> Int? {
    guard isTerminal(descriptor) else { return nil }
    var size = winsize()
    let lines = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 ? Int(size.ws_row) : 0
    return lines > 0 ? lines : environment("LINES").flatMap(Int.init).flatMap { $0 > 0 ? $0 : nil }
  }

  /// An environment variable that is set and not empty.
  static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}

/// When to color; `auto` means on a terminal unless `NO_COLOR` is set.
enum ColorChoice: String, CaseIterable, Sendable {
  case auto, always, never

  func isColored(_ descriptor: Int32) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto:
      Terminal.isTerminal(descriptor) && Terminal.environment("NO_COLOR") == nil
        && Terminal.environment("TERM") != "dumb"
    }
  }
}

/// A file or stream that could not be read or written, with the system's reason.
struct FileError: Error, Equatable {
  var message: String

  init(_ message: String, code: Int32 = errno) {
    let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    // The system's messages begin with a capital; ours don't.
    self.message = message + ": " + reason.prefix(1).lowercased() + reason.dropFirst()
  }

  init(plain message: String) { self.message = message }
}
