import CQColumns

/// The names of the columns, and where the rows begin.
struct CSVHeader: Sendable {
  var names: [String]
  var dialect: CSVDialect
  /// Where the first record of the first block starts.
  var end: Int
  /// Lines above it.
  var lineCount: Int
  /// The names have bytes that are not UTF-8.
  var isInvalid = false
  /// The bytes of the names without their line end: rows that say the same are no rows. Empty where there are none.
  var record: [UInt8] = []
  /// Lines end with a separator, so that there is a last column without a name and, it is hoped, without a value.
  var endsWithSeparator: Bool { names.count > 1 && names.last == "" }

  init(_ block: TextBlock, _ options: ImportOptions) throws(ImportError) {
    var position = try Self.markSize(block)
    var lineCount = 0
    for _ in 0..<options.skippedLines {
      guard let lineEnd = block.position(of: 0x0A, from: position) else {
        throw ImportError("it has fewer than the \(options.skippedLines) lines to be skipped")
      }
      position = lineEnd + 1
      lineCount += 1
    }
    while position < block.count, block.bytes[position] == 0x0A || block.bytes[position] == 0x0D {
      if block.bytes[position] == 0x0A { lineCount += 1 }
      position += 1
    }
    guard position < block.count else { throw CSVReader.empty }
    var options = options
    if let (separator, next) = Self.separatorLine(block, position) {
      options.separator = options.separator ?? separator
      position = next
      lineCount += 1
    }
    if let nul = block.position(of: 0), nul < position + 4096 { throw Self.nul(line: block.lineFeeds(to: nul) + 1) }
    if block.isLast, block.position(of: 0x0A) == nil, block.position(of: 0x0D) ?? block.count < block.count - 1 {
      throw ImportError("its lines end with CR alone", remedy: "save it with line ends LF or CRLF")
    }
    dialect = CSVDialect(of: block, from: position, options)
    var fields: [[UInt8]] = []
    let start = position
    let firstLine = lineCount
    while true {
      fields.append(try Self.field(block, &position, &lineCount, dialect.separator, firstLine))
      if position < block.count, block.bytes[position] == dialect.separator {
        position += 1
      } else {
        break
      }
    }
    if fields.count > 1 { record = block.bytes(from: start, to: position) }
    if position < block.count, block.bytes[position] == 0x0D { position += 1 }
    lineCount += 1
    end = min(position + 1, block.count)
    names = fields.map { Self.name($0) }
    isInvalid = fields.contains { String(validating: $0, as: UTF8.self) == nil }
    self.lineCount = lineCount
    if isInvalid { names = fields.map { Self.name(Array(Latin1.text($0).utf8)) } }
    guard options.hasHeader else {
      names = fields.indices.map { "column\($0 + 1)" }
      (end, self.lineCount, record) = (start, firstLine, [])
      return
    }
    try checkNames(line: firstLine + 1, fields, CSVTitle(block, from: start, firstLine, dialect.separator))
  }

  private func checkNames(line: Int, _ fields: [[UInt8]], _ title: CSVTitle) throws(ImportError) {
    let numbers = NumberText(hasDecimalComma: dialect.hasDecimalComma)
    let areNumbers = fields.allSatisfy { field in
      switch numbers.read(field) {
      case .integer, .decimal, .code: true
      default: false
      }
    }
    if areNumbers {
      throw ImportError(
        line: line, "it holds numbers where the names of the columns should be",
        remedy: "add a first line of names, or say `header:false`")
    }
    // A separator at the end of every line is usual: the last column is looked at when its values are known.
    if let blank = (endsWithSeparator ? names.dropLast() : names).firstIndex(of: "") {
      throw Self.nameless(blank, line: line, skipping: title.lineCount)
    }
    var seen: [String: Int] = [:]
    for (column, name) in names.enumerated() {
      if let first = seen.updateValue(column, forKey: name) {
        throw ImportError(
          line: line, "columns \(first + 1) and \(column + 1) are both called `\(name)`", remedy: "rename one of them")
      }
    }
  }

  static func nameless(_ column: Int, line: Int, skipping lineCount: Int?) -> ImportError {
    ImportError(
      line: line, "column \(column + 1) has no name",
      remedy: lineCount.map { "if line \($0 + 1) has the names, skip those above it: `skip_lines:\($0)`" }
        ?? "name it, or skip lines above the names: `skip_lines:1`")
  }

  /// The line `sep=;` by which spreadsheets say what stands between fields.
  private static func separatorLine(_ block: TextBlock, _ start: Int) -> (separator: UInt8, next: Int)? {
    guard let end = block.position(of: 0x0A, from: start), end - start <= 8 else { return nil }
    let line = block.bytes(from: start, to: end).filter { $0 != 0x22 && $0 != 0x0D }
    guard line.count == 5, Array("sep=".utf8) == line.prefix(4).map({ $0 < 0x5B && $0 > 0x40 ? $0 | 0x20 : $0 })
    else { return nil }
    return (line[4], end + 1)
  }

  /// Bytes of the mark at the start, if there is one.
  private static func markSize(_ block: TextBlock) throws(ImportError) -> Int {
    let first = (0..<min(4, block.count)).map { block.bytes[$0] }
    if first.starts(with: [0xFF, 0xFE]) || first.starts(with: [0xFE, 0xFF]) {
      throw ImportError("it is UTF-16", remedy: "save it as UTF-8 (in Excel: CSV UTF-8)")
    }
    return first.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  static func nul(line: Int) -> ImportError {
    ImportError(
      line: line, "it holds a NUL byte, which no text does",
      remedy: "the file is damaged, or no text: copy or export it again")
  }

  private static func name(_ field: [UInt8]) -> String {
    var bytes = field[...]
    while let first = bytes.first, first <= 0x20 { bytes.removeFirst() }
    while let last = bytes.last, last <= 0x20 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// One field of the first record; stops at the separator or line end behind it.
  private static func field(
    _ block: TextBlock, _ position: inout Int, _ lineCount: inout Int, _ separator: UInt8, _ firstLine: Int
  ) throws(ImportError) -> [UInt8] {
    var field: [UInt8] = []
    if position < block.count, block.bytes[position] == 0x22 {
      position += 1
      while true {
        guard position < block.count else {
          throw ImportError(
            line: firstLine + 1, "a quoted name begins here and is never closed", remedy: "add the closing quote")
        }
        let byte = block.bytes[position]
        position += 1
        if byte == 0x22 {
          guard position < block.count, block.bytes[position] == 0x22 else { break }
          position += 1
        }
        if byte == 0x0A { lineCount += 1 }
        field.append(byte)
      }
    }
    while position < block.count, block.bytes[position] != separator, block.bytes[position] != 0x0A {
      let byte = block.bytes[position]
      if byte == 0x0D, position + 1 == block.count || block.bytes[position + 1] == 0x0A { break }
      field.append(byte)
      position += 1
    }
    return field
  }
}

/// Windows-1252, which is Latin-1 with letters and marks in place of its control characters.
enum Latin1 {
  private static let special: [UInt16] = [
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
    0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
    0x017E, 0x0178,
  ]

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    String(
      decoding: bytes.map { byte in
        0x80 <= byte && byte <= 0x9F ? special[Int(byte - 0x80)] : UInt16(byte)
      }, as: UTF16.self)
  }
}
