import CQColumns
import Glibc

/// Reads one table of an SQLite file through the system's library, loaded at its first use.
struct SQLiteReader {
  private typealias Pointer = UnsafeMutableRawPointer

  static func read(_ path: String, _ options: ImportOptions, _ control: ImportControl) throws(ImportError) -> FileTable
  {
    try checkSize(try FileReading.mapped(path))
    let database = try SQLiteDatabase(path: path, isStopped: control.isStopped)
    let tables = try database.texts(
      "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by name")
    let table: String
    if let wanted = options.table {
      guard tables.contains(wanted) else {
        throw ImportError("it has no table `\(wanted)`", remedy: "it has: \(tables.joined(separator: ", "))")
      }
      table = wanted
    } else {
      guard tables.count == 1 else {
        throw tables.isEmpty
          ? ImportError("it has no tables", remedy: "name another file")
          : ImportError("it has \(tables.count) tables", remedy: "name one: table:\(tables[0])")
      }
      table = tables[0]
    }
    let quoted = table.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
    // Of a view, all rows would be computed for that.
    let isTable = try database.texts("select name from sqlite_master where type = 'table'").contains(table)
    let likely = isTable ? database.likelyRowCount("\"\(quoted)\"") : nil
    var result = try database.rows("select * from \"\(quoted)\"", likelyCount: likely, options, control)
    result.format = "SQLite, table \(table)"
    return result
  }
}

extension SQLiteReader {
  /// The library takes a file that was cut for one with empty pages, and would give rows of nothing.
  ///
  /// - Source: SQLite, "Database File Format", section 1.3.
  private static func checkSize(_ region: ByteRegion) throws(ImportError) {
    var reader = ByteReader(region)
    reader.isBigEndian = true
    guard region.count >= 100 else { throw ByteReader.cut }
    let pageSize = Int(try reader.integer(UInt16.self, 16))
    let pageCount = Int(try reader.integer(UInt32.self, 28))
    let isCurrent = try reader.integer(UInt32.self, 24) == reader.integer(UInt32.self, 92)
    let size = (pageSize == 1 ? 65_536 : pageSize) * pageCount
    guard !isCurrent || region.count >= size else {
      throw ImportError(
        "it has \(region.count) bytes of \(size); it was probably cut short", remedy: "copy or download the file again")
    }
  }
}

/// A database opened for reading.
@safe final class SQLiteDatabase {
  private typealias Pointer = UnsafeMutableRawPointer
  private typealias Text = UnsafePointer<CChar>

  // SAFETY: made by sqlite3_open_v2, closed in deinit, used by one thread.
  private var database: Pointer?
  private let close: @convention(c) (Pointer?) -> Int32
  private let prepare: @convention(c) (Pointer?, Text?, Int32, UnsafeMutablePointer<Pointer?>?, Pointer?) -> Int32
  private let step: @convention(c) (Pointer?) -> Int32
  private let finalize: @convention(c) (Pointer?) -> Int32
  private let columnCount: @convention(c) (Pointer?) -> Int32
  private let columnName: @convention(c) (Pointer?, Int32) -> Text?
  private let columnType: @convention(c) (Pointer?, Int32) -> Int32
  private let columnInteger: @convention(c) (Pointer?, Int32) -> Int64
  private let columnDouble: @convention(c) (Pointer?, Int32) -> Double
  private let columnText: @convention(c) (Pointer?, Int32) -> UnsafePointer<UInt8>?
  private let columnSize: @convention(c) (Pointer?, Int32) -> Int32
  private let message: @convention(c) (Pointer?) -> Text?

  /// What is asked whether to stop, while the library sorts or searches.
  private final class Watch: Sendable {
    let isStopped: @Sendable () -> Bool

    init(_ isStopped: @escaping @Sendable () -> Bool) { self.isStopped = isStopped }
  }

  private let watch: Watch

  init(path: String, isStopped: @escaping @Sendable () -> Bool) throws(ImportError) {
    watch = Watch(isStopped)
    let library = SystemLibrary.sqlite
    unsafe close = try library.function("sqlite3_close_v2", as: (@convention(c) (Pointer?) -> Int32).self)
    unsafe prepare = try library.function(
      "sqlite3_prepare_v2",
      as: (@convention(c) (Pointer?, Text?, Int32, UnsafeMutablePointer<Pointer?>?, Pointer?) -> Int32).self)
    unsafe step = try library.function("sqlite3_step", as: (@convention(c) (Pointer?) -> Int32).self)
    unsafe finalize = try library.function("sqlite3_finalize", as: (@convention(c) (Pointer?) -> Int32).self)
    unsafe columnCount = try library.function("sqlite3_column_count", as: (@convention(c) (Pointer?) -> Int32).self)
    unsafe columnName = try library.function(
      "sqlite3_column_name", as: (@convention(c) (Pointer?, Int32) -> Text?).self)
    unsafe columnType = try library.function(
      "sqlite3_column_type", as: (@convention(c) (Pointer?, Int32) -> Int32).self)
    unsafe columnInteger = try library.function(
      "sqlite3_column_int64", as: (@convention(c) (Pointer?, Int32) -> Int64).self)
    unsafe columnDouble = try library.function(
      "sqlite3_column_double", as: (@convention(c) (Pointer?, Int32) -> Double).self)
    unsafe columnText = try library.function(
      "sqlite3_column_text", as: (@convention(c) (Pointer?, Int32) -> UnsafePointer<UInt8>?).self)
    unsafe columnSize = try library.function(
      "sqlite3_column_bytes", as: (@convention(c) (Pointer?, Int32) -> Int32).self)
    unsafe message = try library.function("sqlite3_errmsg", as: (@convention(c) (Pointer?) -> Text?).self)
    let open = unsafe try library.function(
      "sqlite3_open_v2",
      as: (@convention(c) (Text?, UnsafeMutablePointer<Pointer?>?, Int32, Text?) -> Int32).self)
    // SQLITE_OPEN_READONLY
    let status = unsafe path.withCString { unsafe open($0, &database, 1, nil) }
    guard status == 0 else { throw failure() }
    let handle = unsafe try library.function(
      "sqlite3_progress_handler",
      as: (@convention(c) (Pointer?, Int32, (@convention(c) (Pointer?) -> Int32)?, Pointer?) -> Void).self)
    // SAFETY: the watch lives as long as the database, which is closed by `deinit`.
    unsafe handle(
      database, 10_000,
      { watch in
        guard let watch = unsafe watch else { return 0 }
        return unsafe Unmanaged<Watch>.fromOpaque(watch).takeUnretainedValue().isStopped() ? 1 : 0
      }, Unmanaged.passUnretained(watch).toOpaque())
  }

  deinit { _ = unsafe close(database) }

  private func failure() -> ImportError {
    let text = unsafe message(database).map { unsafe String(cString: $0) } ?? "it can't be opened"
    return ImportError(text.prefix(1).lowercased() + text.dropFirst(), remedy: "the file may be damaged or locked")
  }

  private func statement(_ query: String) throws(ImportError) -> Pointer {
    var statement: Pointer?
    let status = unsafe query.withCString { unsafe prepare(database, $0, -1, &statement, nil) }
    guard status == 0, let statement = unsafe statement else { throw failure() }
    return unsafe statement
  }

  func texts(_ query: String) throws(ImportError) -> [String] {
    let statement = unsafe try statement(query)
    defer { _ = unsafe finalize(statement) }
    var texts: [String] = []
    while true {
      let status = unsafe step(statement)
      if status == 101 { return texts }
      guard status == 100 else { throw failure() }
      texts.append(unsafe text(statement, 0))
    }
  }

  private func text(_ statement: Pointer, _ column: Int32) -> String {
    guard let start = unsafe columnText(statement, column) else { return "" }
    let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(columnSize(statement, column)))
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  /// How many rows a table has if none was deleted, from its first and last number; nil for a table without such
  /// numbers.
  ///
  /// - Complexity: O(log rows): each of the two ends is looked up.
  func likelyRowCount(_ table: String) -> Int? {
    // With one selection the library would read all rows.
    let ends = "select (select max(rowid) from \(table)) - (select min(rowid) from \(table)) + 1"
    return (try? texts(ends))?.first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// - Parameter likelyCount: About how many rows there are, for the progress.
  func rows(
    _ query: String, likelyCount: Int?, _ options: ImportOptions, _ control: ImportControl
  ) throws(ImportError) -> FileTable {
    let statement = unsafe try statement(query)
    defer { _ = unsafe finalize(statement) }
    let count = unsafe columnCount(statement)
    let names = (0..<count).map { column in
      unsafe columnName(statement, column).map { unsafe String(cString: $0) } ?? "column\(column + 1)"
    }
    let wanted = names.indices.filter { control.wants(names[$0]) }
    var builders = names.map { _ in ColumnBuilder() }
    let numbers = NumberText(hasDecimalComma: false, options: options)
    var rowCount = 0
    while true {
      let status = unsafe step(statement)
      if status == 101 { break }
      // SQLITE_INTERRUPT
      if status == 9 { throw .stopped }
      guard status == 100 else { throw failure() }
      if rowCount & 0xFFF == 0 {
        try control.check(rows: rowCount, bytes: builders.reduce(0) { $0 + $1.byteCount })
        if let likelyCount { control.progress(min(rowCount, likelyCount), likelyCount) }
      }
      for index in wanted {
        let column = Int32(index)
        switch unsafe columnType(statement, column) {
        case 1: builders[index].append(unsafe columnInteger(statement, column))
        case 2: builders[index].append(unsafe columnDouble(statement, column))
        case 5: builders[index].appendMissing()
        default:
          builders[index].append(text: unsafe text(statement, column), numbers)
        }
      }
      rowCount += 1
    }
    try control.check(rows: rowCount, bytes: builders.reduce(0) { $0 + $1.byteCount })
    return FileTable(columns: wanted.map { builders[$0].column(named: names[$0]) }, rowCount: rowCount)
  }
}
