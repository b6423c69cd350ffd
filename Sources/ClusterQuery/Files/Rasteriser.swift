internal import Glibc

/// Makes pixels and pages of SVG with `rsvg-convert` (librsvg), which is started as it is, without a shell.
package enum Rasteriser {
  package enum Format: String, Sendable {
    case png, pdf

    package init?(fileName: String) {
      guard fileName.contains("."), let ending = fileName.lowercased().split(separator: ".").last else { return nil }
      self.init(rawValue: String(ending))
    }
  }

  package struct Failure: Error {
    package var reason: String
  }

  private static let program = "rsvg-convert"

  /// Whether the program lies in one of the folders of `PATH`.
  package static var isPresent: Bool { programPath != nil }

  private static var programPath: String? {
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin"
    return path.split(separator: ":").map { "\($0)/\(program)" }.first { unsafe access($0, X_OK) == 0 }
  }

  /// - Returns: The bytes of the file.
  package static func convert(_ svg: String, to format: Format) throws(Failure) -> [UInt8] {
    guard let path = programPath else { throw Failure(reason: "the program \(program) is not installed") }
    // Files without names take what goes in and comes out, so no pipe can fill up and block.
    let (input, output, messages) = (try temporary(), try temporary(), try temporary())
    defer {
      close(input)
      close(output)
      close(messages)
    }
    try write(Array(svg.utf8), to: input)
    guard lseek(input, 0, SEEK_SET) == 0 else { throw Failure(reason: systemReason()) }
    // Two pixels of the file for each of the picture: sharp on screens and in print.
    let arguments = [program, "--format=\(format.rawValue)"] + (format == .png ? ["--zoom=2"] : [])
    let status = try run(path, arguments, [input, output, messages])
    guard status == 0 else {
      let text = (try? read(messages)).map { String(decoding: $0, as: UTF8.self) } ?? ""
      let line = text.split(separator: "\n").first.map(String.init) ?? "it ended with status \(status)"
      throw Failure(reason: "\(program): \(line)")
    }
    let bytes = try read(output)
    guard !bytes.isEmpty else { throw Failure(reason: "\(program) wrote nothing") }
    return bytes
  }

  /// Starts a program with these as its standard input, output and error output, and waits for its end.
  private static func run(_ path: String, _ arguments: [String], _ descriptors: [Int32]) throws(Failure) -> Int32 {
    var actions = unsafe posix_spawn_file_actions_t()
    guard unsafe posix_spawn_file_actions_init(&actions) == 0 else { throw Failure(reason: systemReason()) }
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    for (target, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
    }
    var words: [UnsafeMutablePointer<CChar>?] = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { word in unsafe free(word) } }
    var child = pid_t()
    // SAFETY: `words` ends in nil and outlives the call.
    let code = unsafe posix_spawn(&child, path, &actions, nil, &words, environ)
    guard code == 0 else { throw Failure(reason: unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error") }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { throw Failure(reason: systemReason()) }
    }
    return status
  }

  private static func temporary() throws(Failure) -> Int32 {
    let folder = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/cq-XXXXXX".utf8CString)
    let descriptor = unsafe template.withUnsafeMutableBufferPointer { buffer -> Int32 in
      guard let name = buffer.baseAddress else { return -1 }
      // SAFETY: the template ends in a zero byte.
      let descriptor = unsafe mkstemp(name)
      if descriptor >= 0 {
        unsafe unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
      }
      return descriptor
    }
    guard descriptor >= 0 else { throw Failure(reason: "no temporary file in \(folder): \(systemReason())") }
    return descriptor
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        // SAFETY: `written` is less than the number of bytes.
        unsafe Glibc.write(descriptor, buffer.baseAddress?.advanced(by: written), buffer.count - written)
      }
      guard count > 0 || errno == EINTR else { throw Failure(reason: systemReason()) }
      written += max(0, count)
    }
  }

  private static func read(_ descriptor: Int32) throws(Failure) -> [UInt8] {
    guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw Failure(reason: systemReason()) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return bytes }
      guard count > 0 || errno == EINTR else { throw Failure(reason: systemReason()) }
      bytes += chunk.prefix(max(0, count))
    }
  }

  private static func systemReason() -> String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }
}
