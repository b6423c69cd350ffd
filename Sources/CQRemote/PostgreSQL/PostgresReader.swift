/// Reads the rows of results, binary or text as each column's format says, into columns.
struct PostgresReader {
  private let library: PostgresLibrary
  private var schema: [EngineColumn] = []
  private var types: [UInt32] = []
  private var isBinary: [Bool] = []
  private var columns: [AnswerColumn] = []
  private var byteCount = 0
  private(set) var rowCount = 0

  init(library: PostgresLibrary) { self.library = library }

  /// - Precondition: `result` holds rows, and all results have the same columns.
  mutating func add(_ result: OpaquePointer) {
    // SAFETY: rows and columns are within the counts that the result gives; values are read with their lengths.
    let count = unsafe library.columnCount(result)
    if schema.isEmpty {
      for column in 0..<count {
        let type = unsafe library.columnType(result, column)
        let name = unsafe library.columnName(result, column).map { unsafe String(cString: $0) } ?? ""
        let kind = Self.kind(of: type)
        schema.append(EngineColumn(name: name, kind: kind))
        types.append(type)
        isBinary.append(unsafe library.columnFormat(result, column) == 1)
        switch kind {
        case .integer, .truth: columns.append(.integers([]))
        case .number: columns.append(.numbers([]))
        case .text, .other: columns.append(.texts([]))
        }
      }
    }
    let rows = unsafe library.rowCount(result)
    for row in 0..<rows {
      for column in 0..<count {
        let index = Int(column)
        guard unsafe library.isNull(result, row, column) == 0, let start = unsafe library.value(result, row, column)
        else {
          columns[index].appendNull()
          continue
        }
        let length = Int(unsafe library.length(result, row, column))
        byteCount += length
        let bytes = unsafe UnsafeBufferPointer(start: start, count: length)
        columns[index].append(unsafe Array(bytes), type: types[index], isBinary: isBinary[index])
      }
      rowCount += 1
    }
  }

  func finished() -> EngineAnswer {
    EngineAnswer(schema: schema, columns: columns, rowCount: rowCount, byteCount: byteCount)
  }

  private static func kind(of type: UInt32) -> EngineColumn.Kind {
    switch type {
    case 20, 21, 23: .integer
    case 700, 701, 1700: .number
    case 25, 1042, 1043, 19, 705: .text
    case 16: .truth
    default: .other("type \(type)")
    }
  }
}

extension AnswerColumn {
  fileprivate mutating func appendNull() {
    switch self {
    case .integers(var values):
      self = .integers([])
      values.append(nil)
      self = .integers(values)
    case .numbers(var values):
      self = .numbers([])
      values.append(nil)
      self = .numbers(values)
    case .texts(var values):
      self = .texts([])
      values.append(nil)
      self = .texts(values)
    }
  }

  fileprivate mutating func append(_ bytes: [UInt8], type: UInt32, isBinary: Bool) {
    switch self {
    case .integers(var values):
      // Let go of the old array first, so that appending does not copy it.
      self = .integers([])
      values.append(Self.integer(bytes, isBinary: isBinary))
      self = .integers(values)
    case .numbers(var values):
      self = .numbers([])
      values.append(Self.number(bytes, type: type, isBinary: isBinary))
      self = .numbers(values)
    case .texts(var values):
      self = .texts([])
      values.append(String(decoding: bytes, as: UTF8.self))
      self = .texts(values)
    }
  }

  private static func integer(_ bytes: [UInt8], isBinary: Bool) -> Int64? {
    if !isBinary {
      let text = String(decoding: bytes, as: UTF8.self)
      return text == "t" ? 1 : text == "f" ? 0 : Int64(text)
    }
    guard let first = bytes.first, bytes.count <= 8 else { return nil }
    if bytes.count == 1 { return Int64(first) }
    return bytes.reduce(first & 0x80 != 0 ? -1 : 0) { $0 << 8 | Int64($1) }
  }

  private static func number(_ bytes: [UInt8], type: UInt32, isBinary: Bool) -> Double? {
    if !isBinary { return Double(String(decoding: bytes, as: UTF8.self)) }
    switch (type, bytes.count) {
    case (701, 8): return Double(bitPattern: bytes.reduce(0) { $0 << 8 | UInt64($1) })
    case (700, 4): return Double(Float(bitPattern: bytes.reduce(0) { $0 << 8 | UInt32($1) }))
    // Statements cast what they add up, so a `numeric` comes only when types are looked at.
    default: return nil
    }
  }
}
