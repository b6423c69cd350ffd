package import CQColumns

/// Why a text is not a table.
package struct CSVError: Error, Equatable {
  /// 1-based.
  package var line: Int
  package var reason: String
}

/// Reads comma-separated values (RFC 4180): quoted fields with doubled quotes and line ends in them, LF or CRLF, an
/// optional byte order mark. Semicolons and tabs separate where the first line has them and no comma.
///
/// - Complexity: O(bytes).
package struct CSVReader {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private let separator: UInt8

  package static func read(_ text: String) throws(CSVError) -> TextGrid {
    var reader = CSVReader(text)
    return try reader.grid()
  }

  private init(_ text: String) {
    var bytes = Array(text.utf8)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    self.bytes = bytes
    separator = Self.separator(in: bytes)
  }

  private static func separator(in bytes: [UInt8]) -> UInt8 {
    let firstLine = bytes.prefix { $0 != Character.lineFeed }
    for candidate in [Character.comma, Character.semicolon, Character.tab] where firstLine.contains(candidate) {
      return candidate
    }
    return Character.comma
  }

  private mutating func grid() throws(CSVError) -> TextGrid {
    guard position < bytes.count else { throw CSVError(line: 1, reason: "the file is empty") }
    let names = try record().map { $0.filter { $0 != "\r" } }
    if let blank = names.firstIndex(of: "") { throw CSVError(line: 1, reason: "column \(blank + 1) has no name") }
    if Set(names).count < names.count { throw CSVError(line: 1, reason: "two columns have the same name") }
    var grid = TextGrid(names: names, rows: [], lines: [])
    while position < bytes.count {
      let start = line
      let fields = try record()
      if fields == [""] { continue }
      guard fields.count == names.count else {
        throw CSVError(line: start, reason: "it has \(fields.count) fields, and the first line names \(names.count)")
      }
      grid.rows.append(fields)
      grid.lines.append(start)
    }
    return grid
  }

  /// The fields up to the next line end outside quotes.
  private mutating func record() throws(CSVError) -> [String] {
    var fields: [String] = []
    while true {
      fields.append(try field())
      guard position < bytes.count else { return fields }
      let byte = bytes[position]
      position += 1
      if byte == Character.lineFeed {
        line += 1
        return fields
      }
    }
  }

  /// One field; stops before the separator or line feed that ends it.
  private mutating func field() throws(CSVError) -> String {
    if position < bytes.count, bytes[position] == Character.quote { return try quotedField() }
    let start = position
    while position < bytes.count, bytes[position] != separator, bytes[position] != Character.lineFeed { position += 1 }
    var end = position
    if end > start, bytes[end - 1] == Character.carriageReturn { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  private mutating func quotedField() throws(CSVError) -> String {
    let start = line
    position += 1
    var field: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Character.quote {
        guard position < bytes.count, bytes[position] == Character.quote else { return try end(ofQuoted: field) }
        position += 1
      } else if byte == Character.lineFeed {
        line += 1
      }
      field.append(byte)
    }
    throw CSVError(line: start, reason: "a quoted field is never closed")
  }

  private mutating func end(ofQuoted field: [UInt8]) throws(CSVError) -> String {
    if position < bytes.count, bytes[position] == Character.carriageReturn { position += 1 }
    guard position == bytes.count || bytes[position] == separator || bytes[position] == Character.lineFeed else {
      throw CSVError(line: line, reason: "a quote in the middle of a field must be doubled")
    }
    return String(decoding: field, as: UTF8.self)
  }

  private enum Character {
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let comma: UInt8 = 0x2C
    static let semicolon: UInt8 = 0x3B
    static let tab: UInt8 = 0x09
    static let quote: UInt8 = 0x22
  }
}
