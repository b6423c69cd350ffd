internal import CQColumns
internal import CQRender
internal import Glibc

/// Writes tables to a file whose ending says the format; an older file stays whole when anything fails.
struct FileWriter {
  /// Pages and documents take all results that a program saves in them; they are written when the program has ended well.
  private var documents: [(path: String, tables: [Table])] = []

  /// Writes the table, or keeps it for the document that it belongs to.
  mutating func save(_ table: Table, to path: String) throws(EngineError) {
    guard let format = OutputFormat(fileName: path), format.isDocument else {
      try Self.write([table], to: path)
      return
    }
    if let index = documents.firstIndex(where: { $0.path == path }) {
      var table = table
      // The same result drawn twice is introduced once.
      if documents[index].tables.contains(where: { $0.prose == table.prose }) { table.prose = "" }
      documents[index].tables.append(table)
    } else {
      documents.append((path, [table]))
    }
  }

  func finish() throws(EngineError) {
    for document in documents { try Self.write(document.tables, to: document.path) }
  }

  private static func write(_ tables: [Table], to path: String) throws(EngineError) {
    let bytes = try bytes(of: tables, for: path)
    let temporary = "\(path).\(getpid()).part"
    try makeFolder(of: path)
    guard let file = unsafe fopen(temporary, "w") else { throw failure(path) }
    let written = unsafe bytes.withUnsafeBufferPointer { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    // A full disk may show only when the last bytes leave.
    let isClosed = unsafe fclose(file) == 0
    guard written == bytes.count, isClosed, unsafe rename(temporary, path) == 0 else {
      let error = failure(path)
      unsafe unlink(temporary)
      throw error
    }
  }

  private static func bytes(of tables: [Table], for path: String) throws(EngineError) -> [UInt8] {
    if let format = Rasteriser.Format(fileName: path), let table = tables.last {
      do throws(Rasteriser.Failure) {
        return try Rasteriser.convert(render(table, as: .svg), to: format)
      } catch {
        throw .cannotWrite(path: path, reason: error.reason)
      }
    }
    if let format = BinaryFormat(fileName: path), let table = tables.last { return render(table, as: format) }
    return Array(render(tables, as: OutputFormat(fileName: path) ?? .table).utf8)
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
