import Foundation

/// The tidy folder: CSV files, gzipped or not, directly in it or in a folder of its own per country.
package struct InputFolder {
  let path: String

  package init(path: String) { self.path = path }

  /// Reads `us/<name>.csv` or `us/<name>.csv.gz`.
  func csv(_ name: String) throws -> CSVFile {
    let plain = "\(path)/us/\(name).csv"
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
  private let columns: [String: Int]

  init(name: String, bytes: [UInt8]) throws(BundleError) {
    var scanner = CSVScanner(bytes: bytes)
    guard let header = scanner.next() else { throw BundleError("\(name) is empty") }
    var records: [[String]] = []
    while let record = scanner.next() {
      try require(record.count == header.count, "\(name), record \(records.count + 1): \(record.count) fields")
      records.append(record)
    }
    self.name = name
    self.records = records
    columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
  }

  var rows: some Sequence<CSVRow> { records.lazy.map { CSVRow(file: self, fields: $0) } }

  fileprivate func index(of column: String) throws(BundleError) -> Int {
    guard let index = columns[column] else { throw BundleError("\(name) has no column \(column)") }
    return index
  }
}

struct CSVRow {
  fileprivate let file: CSVFile
  fileprivate let fields: [String]

  func text(_ column: String) throws(BundleError) -> String { fields[try file.index(of: column)] }

  func integer(_ column: String) throws(BundleError) -> Int {
    let text = try text(column)
    guard let value = Int(text) else {
      throw BundleError("\(file.name): \(column) must be a whole number, not '\(text)'")
    }
    try require(value >= 0, "\(file.name): \(column) must not be negative (\(value))")
    return value
  }

  /// Nil when blank: the agency withheld the number.
  func published(_ column: String) throws(BundleError) -> Int? { try text(column).isEmpty ? nil : integer(column) }

  func number(_ column: String) throws(BundleError) -> Double {
    let text = try text(column)
    guard let value = Double(text), value >= 0, value.isFinite else {
      throw BundleError("\(file.name): \(column) must be a number, not '\(text)'")
    }
    return value
  }
}

/// Splits CSV (RFC 4180) into records.
private struct CSVScanner {
  let bytes: [UInt8]
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
      content.append(bytes[position])
      position += 1
    }
    return String(decoding: content, as: UTF8.self)
  }
}
