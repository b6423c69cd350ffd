/// Writes the subset of the Arrow IPC file format that ``ArrowReader`` opens, always the same bytes for the same table.
///
/// Buffers lie at multiples of 64 bytes in the file, so a mapped or embedded file is used in place.
package struct ArrowWriter {
  package enum Values {
    case uint8([UInt8])
    case uint16([UInt16])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case float32([Float])
    case float64([Double])
    case texts([String])
    /// Codes are indices of `values`, stored in the given width.
    case dictionary(codes: [Int32], values: [String], width: CodeWidth)
    /// Codes are indices of `values`, stored unsigned in the given width.
    case numberDictionary(codes: [Int32], values: Numbers, width: CodeWidth)
    /// Run `i` holds `values[i]` and ends before row `ends[i]`.
    case runs(ends: [Int32], values: [String])
    case numberRuns(ends: [Int32], values: [Int16])
  }

  /// The values of a dictionary of numbers.
  package enum Numbers {
    case int32([Int32])
    case int64([Int64])
    case float64([Double])

    package var count: Int {
      switch self {
      case .int32(let values): values.count
      case .int64(let values): values.count
      case .float64(let values): values.count
      }
    }

    fileprivate var plain: Values {
      switch self {
      case .int32(let values): .int32(values)
      case .int64(let values): .int64(values)
      case .float64(let values): .float64(values)
      }
    }
  }

  package enum CodeWidth: Int32 {
    case bits8 = 8
    case bits16 = 16
    case bits32 = 32

    /// The narrowest width for so many values, with signed codes as dictionaries of texts have them.
    package init(valueCount: Int) {
      self = valueCount <= 1 << 7 ? .bits8 : valueCount <= 1 << 15 ? .bits16 : .bits32
    }

    /// The narrowest width for so many values, with unsigned codes as dictionaries of numbers have them.
    package init(numberCount: Int) {
      self = numberCount <= 1 << 8 ? .bits8 : numberCount <= 1 << 16 ? .bits16 : .bits32
    }
  }

  private let rowCount: Int
  private let metadata: [(key: String, value: String)]
  private var columns: [(name: String, values: Values)] = []

  package init(rowCount: Int, metadata: [(key: String, value: String)] = []) {
    self.rowCount = rowCount
    self.metadata = metadata
  }

  /// - Precondition: As many values as the table has rows; dictionary codes within `values` and within the width.
  package mutating func add(_ name: String, _ values: Values) {
    precondition(values.count == rowCount, "column `\(name)` must have \(rowCount) rows")
    if case .dictionary(let codes, let texts, let width) = values {
      let limit = min(texts.count, 1 << Int(width.rawValue - 1))
      precondition(codes.allSatisfy { $0 >= 0 && Int($0) < limit }, "codes of column `\(name)` out of range")
    }
    if case .numberDictionary(let codes, let numbers, let width) = values {
      let limit = min(numbers.count, 1 << Int(width.rawValue))
      precondition(codes.allSatisfy { $0 >= 0 && Int($0) < limit }, "codes of column `\(name)` out of range")
    }
    switch values {
    case .runs(let ends, let texts): check(ends, valueCount: texts.count, name)
    case .numberRuns(let ends, let numbers): check(ends, valueCount: numbers.count, name)
    default: break
    }
    columns.append((name, values))
  }

  private func check(_ ends: [Int32], valueCount: Int, _ name: String) {
    precondition(ends.count == valueCount, "every run of column `\(name)` must have a value")
    precondition(zip([0] + ends, ends).allSatisfy { $0 < $1 }, "runs of column `\(name)` out of order")
  }

  /// The bytes of the whole file.
  package func bytes() -> [UInt8] {
    let schema = ArrowSchemaDescription(columns: columns, metadata: metadata).flatValue
    var output = ArrowFileOutput()
    output.appendMessage(type: ArrowFormat.Message.schema, header: schema, body: ArrowBody())
    for (id, column) in columns.enumerated() {
      var body = ArrowBody()
      let valueCount: Int
      switch column.values {
      case .dictionary(_, let texts, _):
        valueCount = texts.count
        body.append(.texts(texts))
      case .numberDictionary(_, let numbers, _):
        valueCount = numbers.count
        body.append(numbers.plain)
      default: continue
      }
      // DictionaryBatch: id, data
      output.appendMessage(
        type: ArrowFormat.Message.dictionaryBatch, header: .table([.int64(Int64(id)), body.recordBatch(valueCount)]),
        body: body)
    }
    var body = ArrowBody()
    for column in columns { body.append(column.values) }
    output.appendMessage(type: ArrowFormat.Message.recordBatch, header: body.recordBatch(rowCount), body: body)
    return output.finish(schema: schema)
  }
}

extension ArrowWriter.Values {
  fileprivate var count: Int {
    switch self {
    case .uint8(let values): values.count
    case .uint16(let values): values.count
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float32(let values): values.count
    case .float64(let values): values.count
    case .texts(let values): values.count
    case .dictionary(let codes, _, _): codes.count
    case .numberDictionary(let codes, _, _): codes.count
    case .runs(let ends, _): Int(ends.last ?? 0)
    case .numberRuns(let ends, _): Int(ends.last ?? 0)
    }
  }
}

/// The schema as a FlatBuffers table; the id of a dictionary is the index of its column.
private struct ArrowSchemaDescription {
  let columns: [(name: String, values: ArrowWriter.Values)]
  let metadata: [(key: String, value: String)]

  var flatValue: FlatValue {
    // Schema: endianness (0 = little), fields, custom_metadata
    .table([
      .int16(0),
      .tables(columns.enumerated().map { index, column in field(column.name, column.values, id: index) }),
      .tables(metadata.map { .table([.text($0.key), .text($0.value)]) }),
    ])
  }

  private func field(_ name: String, _ values: ArrowWriter.Values, id: Int) -> FlatValue {
    let (tag, type) = type(of: values)
    // DictionaryEncoding: id, indexType, isOrdered
    let encoding: FlatValue? =
      switch values {
      case .dictionary(_, _, let width):
        .table([.int64(Int64(id)), integer(width.rawValue, isSigned: true), .byte(0)])
      case .numberDictionary(_, _, let width):
        .table([.int64(Int64(id)), integer(width.rawValue, isSigned: false), .byte(0)])
      default: nil
      }
    var children: [FlatValue] = []
    switch values {
    case .runs: children = [field("run_ends", .int32([]), id: id), field("values", .texts([]), id: id)]
    case .numberRuns: children = [field("run_ends", .int32([]), id: id), field("values", .int16([]), id: id)]
    default: break
    }
    // Field: name, nullable, type_type, type, dictionary, children
    return .table([.text(name), .byte(0), .byte(tag), type, encoding, .tables(children)])
  }

  private func type(of values: ArrowWriter.Values) -> (tag: UInt8, type: FlatValue) {
    switch values {
    case .uint8: (ArrowFormat.Field.integer, integer(8, isSigned: false))
    case .uint16: (ArrowFormat.Field.integer, integer(16, isSigned: false))
    case .int8: (ArrowFormat.Field.integer, integer(8, isSigned: true))
    case .int16: (ArrowFormat.Field.integer, integer(16, isSigned: true))
    case .int32: (ArrowFormat.Field.integer, integer(32, isSigned: true))
    case .int64: (ArrowFormat.Field.integer, integer(64, isSigned: true))
    case .numberDictionary(_, .int32, _): (ArrowFormat.Field.integer, integer(32, isSigned: true))
    case .numberDictionary(_, .int64, _): (ArrowFormat.Field.integer, integer(64, isSigned: true))
    case .float64, .numberDictionary(_, .float64, _):
      (ArrowFormat.Field.floatingPoint, .table([.int16(ArrowFormat.FloatingPoint.double)]))
    case .texts, .dictionary: (ArrowFormat.Field.utf8, .table([]))
    case .float32: (ArrowFormat.Field.floatingPoint, .table([.int16(ArrowFormat.FloatingPoint.single)]))
    case .runs, .numberRuns: (ArrowFormat.Field.runEndEncoded, .table([]))
    }
  }

  private func integer(_ bitWidth: Int32, isSigned: Bool) -> FlatValue {
    .table([.int32(bitWidth), .byte(isSigned ? 1 : 0)])
  }
}
