/// The values of one dictionary.
enum ArrowDictionary {
  case texts([String])
  case numbers(NumberValues)
}

/// Turns the fields of a schema into columns, one after the other in schema order.
struct ArrowColumnReader {
  private let file: ArrowFile
  /// Nil for a file without record batch: every column is empty.
  private var batch: ArrowBatch?
  private let dictionaries: [Int64: ArrowDictionary]

  init(file: ArrowFile, batch: ArrowBatch?, dictionaries: [Int64: ArrowDictionary]) {
    self.file = file
    self.batch = batch
    self.dictionaries = dictionaries
  }

  mutating func next(_ field: ArrowSchema.Field) throws(ArrowError) -> ColumnData {
    let column = "column `\(field.name)`"
    if let dictionary = field.dictionary {
      guard let values = dictionaries[dictionary.id] ?? (batch == nil ? empty(field.type) : nil) else {
        throw file.failure("the dictionary of \(column) is not in the file")
      }
      switch values {
      case .texts(let texts):
        return .dictionary(codes: try codes(of: dictionary, valueCount: texts.count, column: column), values: texts)
      case .numbers(let numbers):
        let codes = try codes(of: dictionary, valueCount: numbers.count, column: column)
        return .numberDictionary(codes: codes, values: numbers)
      }
    }
    switch field.type {
    case .integer(bitWidth: 8, isSigned: false): return .uint8(try values(UInt8.self, column))
    case .integer(bitWidth: 8, isSigned: true): return .int8(try values(Int8.self, column))
    case .integer(bitWidth: 16, isSigned: false): return .uint16(try values(UInt16.self, column))
    case .integer(bitWidth: 16, isSigned: true): return .int16(try values(Int16.self, column))
    case .integer(bitWidth: 32, isSigned: true): return .int32(try values(Int32.self, column))
    case .integer(bitWidth: 64, isSigned: true): return .int64(try values(Int64.self, column))
    case .float32: return .float32(try values(Float.self, column))
    case .float64: return .float64(try values(Double.self, column))
    case .utf8: return .texts(try batch?.nextTexts(column: column) ?? [])
    case .runs:
      let (ends, values) = try batch?.nextRuns(column: column) ?? (.empty, [])
      return .runs(ends: ends, values: values)
    case .numberRuns:
      let (ends, values) = try batch?.nextNumberRuns(column: column) ?? (.empty, .empty)
      return .numberRuns(ends: ends, values: values)
    case .integer(let bitWidth, let isSigned):
      throw file.failure(
        "\(column) must not be \(isSigned ? "int" : "uint")\(bitWidth): use uint8, uint16 or int8 to int64")
    }
  }

  /// Goes past a column that nobody asked for.
  mutating func skip(_ field: ArrowSchema.Field) throws(ArrowError) {
    let bufferCount = field.type == .utf8 && field.dictionary == nil ? 3 : 2
    if field.type == .runs {
      _ = try next(field)
    } else {
      batch?.skipColumn(bufferCount: bufferCount)
    }
  }

  private func empty(_ type: ArrowSchema.ColumnType) -> ArrowDictionary {
    switch type {
    case .float64: .numbers(.float64(.empty))
    case .integer(bitWidth: 64, isSigned: true): .numbers(.int64(.empty))
    case .integer: .numbers(.int32(.empty))
    case .utf8, .float32, .runs, .numberRuns: .texts([])
    }
  }

  private mutating func values<Value: BitwiseCopyable & Sendable>(
    _ type: Value.Type, _ column: String
  ) throws(ArrowError) -> ColumnBuffer<Value> {
    try batch?.nextValues(type, column: column) ?? .empty
  }

  /// Codes as unsigned numbers, checked against the number of values; a negative code reads as too large.
  private mutating func codes(
    of dictionary: ArrowSchema.Dictionary, valueCount: Int, column: String
  ) throws(ArrowError) -> DictionaryCodes {
    switch dictionary.bitWidth {
    case 8:
      let codes = try values(UInt8.self, column)
      try check(largestValue(in: codes), of: dictionary, valueCount: valueCount, column: column)
      return .bits8(codes)
    case 16:
      let codes = try values(UInt16.self, column)
      try check(largestValue(in: codes), of: dictionary, valueCount: valueCount, column: column)
      return .bits16(codes)
    case 32:
      let codes = try values(UInt32.self, column)
      try check(largestValue(in: codes), of: dictionary, valueCount: valueCount, column: column)
      return .bits32(codes)
    default:
      throw file.failure("the codes of \(column) must have 8, 16 or 32 bits, not \(dictionary.bitWidth)")
    }
  }

  private func check<Code: UnsignedInteger>(
    _ largest: Code?, of dictionary: ArrowSchema.Dictionary, valueCount: Int, column: String
  ) throws(ArrowError) {
    guard let largest else { return }
    let codeCount = 1 << Int(dictionary.bitWidth - (dictionary.isSigned ? 1 : 0))
    guard Int(largest) < min(valueCount, codeCount) else {
      throw file.failure("\(column) has a code outside its dictionary of \(valueCount) values")
    }
  }
}

/// The largest code, nil without rows.
///
/// One accumulator without branches, so that the loop vectorises: checking a million codes takes tens of microseconds.
@specialized(where Code == UInt8)
@specialized(where Code == UInt16)
@specialized(where Code == UInt32)
private func largestValue<Code: FixedWidthInteger & UnsignedInteger & BitwiseCopyable & Sendable>(
  in codes: ColumnBuffer<Code>
) -> Code? {
  guard codes.count > 0 else { return nil }
  // SAFETY: `codes` keeps its region alive during the loop, and rows stay below its count.
  let elements = unsafe codes.elements
  var largest: Code = 0
  for row in 0..<codes.count { largest = unsafe max(largest, elements[row]) }
  return largest
}
