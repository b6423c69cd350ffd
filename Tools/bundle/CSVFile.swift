import Foundation

/// The tidy folder: CSV files, gzipped or not, directly in it or in a folder of its own per country.
package struct InputFolder {
  let path: String

  package init(path: String) { self.path = path }

  /// Reads `<country>/<name>.csv` or `<country>/<name>.csv.gz`.
  func csv(_ name: String, in country: String = "us") throws -> CSVFile {
    let plain = "\(path)/\(country)/\(name).csv"
    if let data = FileManager.default.contents(atPath: plain) { return try CSVFile(name: name, bytes: [UInt8](data)) }
    let packed = plain + ".gz"
    try require(FileManager.default.isReadableFile(atPath: packed), "there is neither \(plain) nor \(packed)")
    return try CSVFile(name: name, bytes: unpacked(packed))
  }

  private func unpacked(_ path: String) throws -> [UInt8] {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gzip", "-dc", path]
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try require(process.terminationStatus == 0, "gzip could not unpack \(path)")
    return [UInt8](data)
  }
}

/// A CSV file with a header line, all fields as text.
struct CSVFile {
  let name: String
  let records: [[String]]
  /// Line of the file on which each record starts; a quoted field may span several.
  private let lines: [Int]
  private let columns: [String: Int]

  init(name: String, bytes: [UInt8]) throws(BundleError) {
    var scanner = CSVScanner(bytes: bytes)
    guard let header = scanner.next() else { throw BundleError("\(name) is empty") }
    var records: [[String]] = []
    var lines: [Int] = []
    var line = scanner.line
    while let record = scanner.next() {
      try require(
        record.count == header.count,
        "\(name), line \(line): \(record.count) fields, the header has \(header.count)")
      records.append(record)
      lines.append(line)
      line = scanner.line
    }
    self.name = name
    self.records = records
    self.lines = lines
    columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  var rows: some Sequence<CSVRow> {
    records.indices.lazy.map { CSVRow(file: self, line: lines[$0], fields: records[$0]) }
  }

  fileprivate func index(of column: String) throws(BundleError) -> Int {
    guard let index = columns[column] else { throw BundleError("\(name) has no column \(column)") }
    return index
  }
}

struct CSVRow {
  fileprivate let file: CSVFile
  fileprivate let line: Int
  fileprivate let fields: [String]

  func text(_ column: String) throws(BundleError) -> String { fields[try file.index(of: column)] }

  func integer(_ column: String) throws(BundleError) -> Int {
    let text = try text(column)
    guard let value = Int(text) else {
      throw error(column, "must be a whole number, not '\(text)'")
    }
    guard value >= 0 else { throw error(column, "must not be negative (\(value))") }
    return value
  }

  /// Nil when blank: the agency withheld the number.
  func published(_ column: String) throws(BundleError) -> Int? { try text(column).isEmpty ? nil : integer(column) }

  func number(_ column: String) throws(BundleError) -> Double {
    let text = try text(column)
    guard let value = Double(text), value >= 0, value.isFinite else {
      throw error(column, "must be a number, not '\(text)'")
    }
    return value
  }

  /// A number of either sign; nil when blank.
  func signed(_ column: String) throws(BundleError) -> Double? {
    let text = try text(column)
    if text.isEmpty { return nil }
    guard let value = Double(text), value.isFinite else { throw error(column, "must be a number, not '\(text)'") }
    return value
  }

  /// What is wrong with a field, with the place where it stands.
  func error(_ column: String, _ problem: String) -> BundleError {
    BundleError("\(file.name), line \(line): \(column) \(problem)")
  }
}

/// Splits CSV (RFC 4180) into records.
private struct CSVScanner {
  let bytes: [UInt8]
  /// Line of the next record.
  private(set) var line = 1
  private var position = 0

  init(bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  mutating func next() -> [String]? {
    guard position < bytes.count else { return nil }
    var record: [String] = []
    while true {
      record.append(nextField())
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
    if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
    line += 1
    return record
  }

  private mutating func nextField() -> String {
    if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return nextQuotedField() }
    let start = position
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { break }
      position += 1
    }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func nextQuotedField() -> String {
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "\"") {
        position += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { break }
      }
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      content.append(bytes[position])
      position += 1
    }
    return String(decoding: content, as: UTF8.self)
  }
}
