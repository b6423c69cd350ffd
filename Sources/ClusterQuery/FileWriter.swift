internal import CQColumns
internal import CQRender
internal import Glibc

/// Writes a table to a file whose ending says the format; an older file stays whole when anything fails.
enum FileWriter {
  static func write(_ table: Table, to path: String) throws(EngineError) {
    let bytes: [UInt8]
    if let format = BinaryFormat(fileName: path) {
      bytes = render(table, as: format)
    } else {
      bytes = Array(render(table, as: OutputFormat(fileName: path) ?? .table).utf8)
    }
    let temporary = "\(path).\(getpid()).part"
    try makeFolder(of: path)
    guard let file = unsafe fopen(temporary, "w") else { throw failure(path) }
    let written = unsafe bytes.withUnsafeBufferPointer { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    let isClosed = unsafe fclose(file) == 0
    guard written == bytes.count, isClosed, unsafe rename(temporary, path) == 0 else {
      let error = failure(path)
      unsafe unlink(temporary)
      throw error
    }
  }

  /// `out/ohio.csv` makes `out`, one level deep.
  private static func makeFolder(of path: String) throws(EngineError) {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return }
    let folder = String(path[..<slash])
    if unsafe mkdir(folder, 0o777) != 0 && errno != EEXIST { throw failure(folder) }
  }

  private static func failure(_ path: String) -> EngineError {
    let reason = unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    return .cannotWrite(path: path, reason: reason)
  }
}
