package import CQColumns

/// Reads a file of rows and columns in any format that is known, by what its first bytes say.
package enum FileReading {
  package static func read(
    _ path: String, _ options: ImportOptions, _ control: ImportControl
  ) throws(ImportError) -> FileTable {
    var control = control
    let wants = control.wants
    // What says the state of a column is needed where the column is.
    control.wants = { name in wants(name) || FileTable.columns(describedBy: name).contains(where: wants) }
    var table = try readColumns(path, options, control).takingStates(threads: control.threadCount)
    table.columns.removeAll { !wants($0.name) }
    return table
  }

  private static func readColumns(
    _ path: String, _ options: ImportOptions, _ control: ImportControl
  ) throws(ImportError) -> FileTable {
    let first = try firstBytes(path)
    if first.starts(with: [0x1F, 0x8B]) || first.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      return try readText(path, options, control) { () throws(ImportError) in try decompressed(path, first) }
    }
    switch Magic(first, path: path) {
    case .arrow: return try ArrowFiles.read(path, options, control)
    case .parquet: return try ParquetReader.read(try mapped(path), options, control)
    case .sqlite: return try SQLiteReader.read(path, options, control)
    case .stata: return try StataReader.read(try mapped(path), options, control)
    case .workbook: return try WorkbookReader.read(try mapped(path), options, control)
    case .foreign(let reason, let remedy): throw ImportError(reason, remedy: remedy)
    case .text: return try readText(path, options, control) { () throws(ImportError) in try FileStream(path: path) }
    }
  }

  /// The facts of a file that `cq import` has made; nil for any other.
  package static func facts(_ path: String) throws(ImportError) -> ArrowTable? {
    guard try firstBytes(path).starts(with: Array("ARROW1".utf8)) else { return nil }
    do throws(ArrowError) {
      let region = try ByteRegion.mapping(path: path)
      // Files of other programs may have what is in none of this one's.
      guard let metadata = try? ArrowReader.metadata(region, name: path),
        metadata.contains(where: { $0.key == "cq.format" }), metadata.contains(where: { $0.key == "measures" })
      else {
        return nil
      }
      return try ArrowReader.open(region, name: path)
    } catch {
      throw ImportError(error.reason, remedy: "write the file again")
    }
  }

  static func mapped(_ path: String) throws(ImportError) -> ByteRegion {
    do throws(ArrowError) {
      return try ByteRegion.mapping(path: path)
    } catch {
      throw ImportError(error.reason)
    }
  }

  private static func firstBytes(_ path: String) throws(ImportError) -> [UInt8] {
    try firstBytes(of: try FileStream(path: path), 512)
  }

  private static func firstBytes(of stream: any ByteStream, _ limit: Int) throws(ImportError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: limit)
    var failure: ImportError?
    var count = 0
    while count < limit {
      let done = count
      let read = unsafe bytes.withUnsafeMutableBytes { buffer -> Int in
        do throws(ImportError) {
          return unsafe try stream.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[done...]))
        } catch {
          failure = error
          return 0
        }
      }
      if let failure { throw failure }
      if read == 0 { break }
      count += read
    }
    return Array(bytes[..<count])
  }

  private static func decompressed(_ path: String, _ first: [UInt8]) throws(ImportError) -> any ByteStream {
    let file = try FileStream(path: path)
    return first[0] == 0x1F ? try GzipStream(file) : try Zstandard.Stream(file)
  }

  /// CSV or JSON, compressed or not.
  private static func readText(
    _ path: String, _ options: ImportOptions, _ control: ImportControl,
    open: @escaping () throws(ImportError) -> any ByteStream
  ) throws(ImportError) -> FileTable {
    let first = try firstBytes(of: try open(), 512)
    switch Magic(first, path: "") {
    case .text: break
    default:
      throw ImportError(
        "what is compressed in it is no text", remedy: "decompress it first: gunzip or unzstd")
    }
    let names = path.split(separator: "/").last.map(String.init) ?? path
    let isJSON = names.split(separator: ".").dropFirst().contains {
      ["json", "jsonl", "ndjson"].contains($0.lowercased())
    }
    let start = first.first { $0 > 0x20 && $0 < 0x80 }
    if isJSON || start == 0x7B, options.separator == nil {
      if start == 0x7B {
        do throws(ImportError) {
          return try JSONLinesPass.read(try open(), options, control)
        } catch {
          if error.kind != .unreadable { throw error }
          // Records over several lines, or a mistake: read in their order they say which.
        }
      }
      return try JSONReader.read(try allBytes(try open(), control), options, control)
    }
    return try CSVReader(options, control, open: open).read()
  }

  static func allBytes(_ stream: any ByteStream, _ control: ImportControl) throws(ImportError) -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let part = try firstBytes(of: stream, 1 << 20)
      if part.isEmpty { return bytes }
      bytes += part
      try control.check(rows: 0, bytes: bytes.count)
      control.progress(stream.progress.done, stream.progress.total)
    }
  }
}

/// What the first bytes of a file say it is.
private enum Magic {
  case arrow, parquet, sqlite, stata, workbook, text
  case foreign(String, remedy: String)

  init(_ first: [UInt8], path: String) {
    func begins(_ text: String) -> Bool { first.starts(with: Array(text.utf8)) }
    let ending = path.split(separator: ".").last?.lowercased() ?? ""
    if begins("ARROW1") || first.starts(with: [0xFF, 0xFF, 0xFF, 0xFF]) {
      self = .arrow
    } else if begins("PAR1") {
      self = .parquet
    } else if begins("SQLite format 3") {
      self = .sqlite
    } else if begins("<stata_dta>") || (ending == "dta" && [113, 114, 115].contains(first.first)) {
      self = .stata
    } else if begins("PK\u{3}\u{4}") {
      self = .workbook
    } else if begins("FEA1") {
      self = .foreign("it is a Feather file of version 1", remedy: "write it again with version=2")
    } else if first.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
      self = .foreign("it is a workbook of Excel before 2007", remedy: "save it as .xlsx or CSV UTF-8")
    } else if begins("PARE") {
      self = .foreign("it is an encrypted Parquet file", remedy: "write it again without encryption")
    } else if begins("%PDF") {
      self = .foreign("it is a PDF document", remedy: "name a file of rows and columns")
    } else if begins("$FL2") || begins("$FL3") {
      self = .foreign("it is a file of SPSS", remedy: "save it as CSV or Stata .dta")
    } else if ["parquet", "arrow", "feather", "sqlite", "dta", "xlsx"].contains(ending), !first.isEmpty {
      self = .foreign(
        "it does not begin as a .\(ending) file does",
        remedy: "it is damaged, or its ending is wrong: copy or export it again")
    } else {
      self = .text
    }
  }
}
