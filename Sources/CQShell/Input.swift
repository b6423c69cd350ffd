import Glibc

enum Input {
  /// A whole file as text.
  static func text(ofFile path: String) throws(FileError) -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw FileError("can't read `\(path)`") }
    defer { close(descriptor) }
    return try text(of: descriptor, name: "`\(path)`")
  }

  /// Everything up to the end of a stream.
  static func text(of descriptor: Int32, name: String) throws(FileError) -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { break }
      if count > 0 {
        bytes.append(contentsOf: chunk[..<count])
      } else if errno != EINTR {
        throw FileError("can't read \(name)")
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileError(plain: "can't read \(name): it must be UTF-8 text")
    }
    return text
  }
}
