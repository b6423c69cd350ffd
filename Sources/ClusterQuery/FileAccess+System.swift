internal import CQColumns
internal import CQImport
internal import CQSemantics
internal import Glibc

extension FileAccess {
  /// Files of this machine, up to a size that a script or a side table has.
  static let system = FileAccess(
    text: { path throws(FileProblem) in try readText(path) },
    grid: { path throws(FileProblem) in
      let text = try readText(path)
      do throws(CSVError) {
        return try CSVReader.read(text)
      } catch {
        throw FileProblem(message: "line \(error.line): \(error.reason)")
      }
    })

  private static let sizeLimit = 256 << 20

  private static func readText(_ path: String) throws(FileProblem) -> String {
    guard let file = unsafe fopen(path, "r") else { throw FileProblem(message: systemReason()) }
    defer { unsafe fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
      bytes += chunk.prefix(count)
      if bytes.count > sizeLimit { throw FileProblem(message: "it is larger than \(sizeLimit >> 20) MB") }
      if count < chunk.count { break }
    }
    if unsafe ferror(file) != 0 { throw FileProblem(message: systemReason()) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw FileProblem(message: "it is not UTF-8 text")
    }
    return text
  }

  private static func systemReason() -> String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }
}
