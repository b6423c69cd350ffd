internal import CQColumns
internal import CQRender
internal import Glibc

/// Writes a table to a file whose ending says the format; an older file stays whole when anything fails.
enum FileWriter {
  static func write(_ table: Table, to path: String) throws(EngineError) {
    let format: OutputFormat
    switch path.split(separator: ".").last.map(String.init) {
    case "csv": format = .csv
    case "json": format = .json
    case "jsonl": format = .jsonl
    default: format = .table
    }
    let temporary = path + ".partial"
    try makeFolder(of: path)
    let text = Array(render(table, as: format).utf8)
    guard let file = unsafe fopen(temporary, "w") else { throw failure(path) }
    let written = unsafe text.withUnsafeBufferPointer { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    let isClosed = unsafe fclose(file) == 0
    guard written == text.count, isClosed, unsafe rename(temporary, path) == 0 else {
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
