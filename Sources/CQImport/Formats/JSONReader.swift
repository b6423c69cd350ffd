import CQColumns

/// Reads JSON Lines (one object per line) or one array of objects; the columns are the keys in the order in which they
/// first come. A key that a record lacks, and `null`, is a missing value; objects and lists within records are none that a
/// table can hold.
struct JSONReader {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1
  private var names: [String] = []
  private var indexes: [String: Int] = [:]
  private var builders: [ColumnBuilder] = []
  private var rowCount = 0
  private var lines = LineMap()
  private let options: ImportOptions
  private let numbers: NumberText
  private let control: ImportControl
  private var tellsProgress = true

  static func read(_ bytes: [UInt8], _ options: ImportOptions, _ control: ImportControl) throws(ImportError)
    -> FileTable
  {
    var reader = JSONReader(bytes, options, control)
    return try reader.table()
  }

  /// The records of some whole lines, for those who put parts together.
  struct Part: Sendable {
    var columns: [(name: String, builder: ColumnBuilder)]
    var lines: [(row: Int, line: Int)]
    var rowCount: Int
    var lineCount: Int
  }

  /// - Throws: Also where a record goes over several lines, which are cut at any of them.
  static func part(_ bytes: [UInt8], _ options: ImportOptions, _ control: ImportControl) throws(ImportError) -> Part {
    var reader = JSONReader(bytes, options, control)
    reader.tellsProgress = false
    while true {
      reader.skipBlanks()
      guard reader.position < bytes.count else { break }
      guard bytes[reader.position] == 0x7B else { throw reader.failure("a record `{…}` is expected here") }
      try reader.record()
    }
    for index in reader.builders.indices { Self.fill(&reader.builders[index], upTo: reader.rowCount) }
    return Part(
      columns: zip(reader.names, reader.builders).map { ($0, $1) },
      lines: reader.lines.breaks.map { ($0.row, $0.line) }, rowCount: reader.rowCount, lineCount: reader.line - 1)
  }

  private init(_ bytes: [UInt8], _ options: ImportOptions, _ control: ImportControl) {
    self.bytes = bytes
    self.options = options
    numbers = NumberText(hasDecimalComma: false, options: options)
    self.control = control
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
  }

  private mutating func table() throws(ImportError) -> FileTable {
    skipBlanks()
    guard position < bytes.count else { throw ImportError("the file is empty", remedy: "it needs one record at least") }
    let isArray = bytes[position] == 0x5B
    if isArray { position += 1 }
    while true {
      skipBlanks()
      guard position < bytes.count else {
        if isArray { throw failure("the list of records is never closed; the file was probably cut short") }
        break
      }
      if isArray, bytes[position] == 0x5D { break }
      guard bytes[position] == 0x7B else { throw failure("a record `{…}` is expected here") }
      try record()
      skipBlanks()
      if position < bytes.count, bytes[position] == 0x2C, isArray { position += 1 }
    }
    try control.check(rows: rowCount, bytes: byteCount)
    for index in builders.indices { Self.fill(&builders[index], upTo: rowCount) }
    return FileTable(
      columns: zip(names, builders).map { $1.column(named: $0) }, rowCount: rowCount, lines: lines,
      format: isArray ? "JSON" : "JSON Lines")
  }

  private var byteCount: Int { builders.reduce(bytes.count) { $0 + $1.byteCount } }

  static func fill(_ builder: inout ColumnBuilder, upTo count: Int) {
    while builder.count < count { builder.appendMissing() }
  }

  private mutating func record() throws(ImportError) {
    if rowCount & 0x3FF == 0 { try control.check(rows: rowCount, bytes: byteCount) }
    if tellsProgress, rowCount & 0xFFFF == 0 { control.progress(position, bytes.count) }
    lines.add(row: rowCount, line: line)
    position += 1
    var isFirst = true
    while true {
      skipBlanks()
      guard position < bytes.count else { throw failure("a record is never closed; the file was probably cut short") }
      if bytes[position] == 0x7D {
        position += 1
        break
      }
      if !isFirst {
        guard bytes[position] == 0x2C else { throw failure("`,` or `}` is expected here") }
        position += 1
        skipBlanks()
      }
      isFirst = false
      guard position < bytes.count, bytes[position] == 0x22 else { throw failure("a name in quotes is expected here") }
      let name = try string()
      skipBlanks()
      guard position < bytes.count, bytes[position] == 0x3A else { throw failure("`:` is expected behind \"\(name)\"") }
      position += 1
      skipBlanks()
      guard control.wants(name) else {
        var unwanted = ColumnBuilder()
        try value(&unwanted, name)
        continue
      }
      let index = indexes[name] ?? names.count
      if index == names.count {
        guard names.count < 10_000 else { throw failure("the records have more than 10000 different names") }
        indexes[name] = index
        names.append(name)
        builders.append(ColumnBuilder())
      }
      if builders[index].count > rowCount { throw failure("the record has \"\(name)\" twice") }
      Self.fill(&builders[index], upTo: rowCount)
      var builder = ColumnBuilder()
      swap(&builder, &builders[index])
      defer { swap(&builder, &builders[index]) }
      try value(&builder, name)
    }
    rowCount += 1
  }

  private mutating func value(_ builder: inout ColumnBuilder, _ name: String) throws(ImportError) {
    guard position < bytes.count else { throw failure("a value is expected here; the file was probably cut short") }
    switch bytes[position] {
    case 0x22:
      builder.append(text: try string(), numbers)
    case 0x74 where word("true"): builder.append("true")
    case 0x66 where word("false"): builder.append("false")
    case 0x6E where word("null"): builder.appendMissing()
    case 0x2D, 0x30...0x39: try number(&builder, isText: options.textColumns.contains(name))
    case 0x7B, 0x5B:
      throw failure("\"\(name)\" holds a list or an object, and a table holds numbers and texts")
    default: throw failure("this is no value of JSON")
    }
  }

  private mutating func word(_ text: String) -> Bool {
    let utf8 = Array(text.utf8)
    guard position + utf8.count <= bytes.count, Array(bytes[position..<position + utf8.count]) == utf8 else {
      return false
    }
    position += utf8.count
    return true
  }

  private mutating func number(_ builder: inout ColumnBuilder, isText: Bool) throws(ImportError) {
    let start = position
    while position < bytes.count {
      switch bytes[position] {
      case 0x2B, 0x2D, 0x2E, 0x30...0x39, 0x45, 0x65:
        position += 1
        continue
      default: break
      }
      break
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isText { return builder.append(text) }
    if let integer = Int64(text) { return builder.append(integer) }
    guard let decimal = Double(text) else { throw failure("`\(text)` is no number") }
    let isWhole = !text.utf8.contains { $0 == 0x2E || $0 | 0x20 == 0x65 }
    guard decimal.isFinite, !isWhole else { throw failure("`\(text)` is too large for a number") }
    builder.append(decimal)
  }

  private mutating func string() throws(ImportError) -> String {
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != 0x22, bytes[position] != 0x5C, bytes[position] != 0x0A {
      position += 1
    }
    if position < bytes.count, bytes[position] == 0x22 {
      position += 1
      return try text(bytes[start..<position - 1])
    }
    var result = Array(bytes[start..<position])
    while position < bytes.count, bytes[position] != 0x0A {
      let byte = bytes[position]
      position += 1
      if byte == 0x22 { return try text(result[...]) }
      if byte == 0x5C { try escape(&result) } else { result.append(byte) }
    }
    throw failure("a text is never closed")
  }

  private func text(_ bytes: ArraySlice<UInt8>) throws(ImportError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("it has bytes that are not UTF-8", remedy: "save the file as UTF-8")
    }
    return text
  }

  private mutating func escape(_ result: inout [UInt8]) throws(ImportError) {
    guard position < bytes.count else { throw failure("a text is never closed") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case 0x22, 0x5C, 0x2F: result.append(byte)
    case 0x62: result.append(8)
    case 0x66: result.append(12)
    case 0x6E: result.append(10)
    case 0x72: result.append(13)
    case 0x74: result.append(9)
    case 0x75:
      var unit = try hexadecimal()
      if (0xD800..<0xDC00).contains(unit), position + 1 < bytes.count, bytes[position] == 0x5C,
        bytes[position + 1] == 0x75
      {
        position += 2
        let low = try hexadecimal()
        unit = (0xDC00..<0xE000).contains(low) ? 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00) : 0xFFFD
      }
      result += Array(String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
    default: throw failure("`\\\(String(UnicodeScalar(byte)))` means nothing in a text of JSON")
    }
  }

  private mutating func hexadecimal() throws(ImportError) -> UInt32 {
    guard position + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are expected behind `\\u`") }
    position += 4
    return unit
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x0A: line += 1
      case 0x20, 0x09, 0x0D: break
      default: return
      }
      position += 1
    }
  }

  private func failure(_ reason: String, remedy: String? = nil) -> ImportError {
    ImportError(line: line, reason, remedy: remedy ?? "write one record {\"name\": value, …} per line")
  }
}
