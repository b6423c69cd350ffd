/// Writes the subset of the Arrow IPC file format that ``ArrowReader`` opens, always the same bytes for the same table.
///
/// Buffers lie at multiples of 64 bytes in the file, so a mapped or embedded file is used in place.
package struct ArrowWriter {
  package enum Values {
    case uint8([UInt8])
    case int8([Int8])
    case int16([Int16])
    case int32([Int32])
    case int64([Int64])
    case float64([Double])
    case texts([String])
    /// Codes are indices of `values`, stored in the given width.
    case dictionary(codes: [Int32], values: [String], width: CodeWidth)
  }

  package enum CodeWidth: Int32 {
    case bits8 = 8
    case bits16 = 16
    case bits32 = 32

    /// The narrowest width for so many values.
    package init(valueCount: Int) {
      self = valueCount <= 1 << 7 ? .bits8 : valueCount <= 1 << 15 ? .bits16 : .bits32
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
    columns.append((name, values))
  }

  /// The bytes of the whole file.
  package func bytes() -> [UInt8] {
    let schema = ArrowSchemaDescription(columns: columns, metadata: metadata).flatValue
    var output = ArrowFileOutput()
    output.appendMessage(type: ArrowFormat.Message.schema, header: schema, body: ArrowBody())
    for (id, column) in columns.enumerated() {
      guard case .dictionary(_, let values, _) = column.values else { continue }
      var body = ArrowBody()
      body.append(.texts(values))
      // DictionaryBatch: id, data
      output.appendMessage(
        type: ArrowFormat.Message.dictionaryBatch, header: .table([.int64(Int64(id)), body.recordBatch(values.count)]),
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
    case .int8(let values): values.count
    case .int16(let values): values.count
    case .int32(let values): values.count
    case .int64(let values): values.count
    case .float64(let values): values.count
    case .texts(let values): values.count
    case .dictionary(let codes, _, _): codes.count
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
    var encoding: FlatValue?
    if case .dictionary(_, _, let width) = values {
      // DictionaryEncoding: id, indexType, isOrdered
      encoding = .table([.int64(Int64(id)), integer(width.rawValue, isSigned: true), .byte(0)])
    }
    // Field: name, nullable, type_type, type, dictionary, children
    return .table([.text(name), .byte(0), .byte(tag), type, encoding, .tables([])])
  }

  private func type(of values: ArrowWriter.Values) -> (tag: UInt8, type: FlatValue) {
    switch values {
    case .uint8: (ArrowFormat.Field.integer, integer(8, isSigned: false))
    case .int8: (ArrowFormat.Field.integer, integer(8, isSigned: true))
    case .int16: (ArrowFormat.Field.integer, integer(16, isSigned: true))
    case .int32: (ArrowFormat.Field.integer, integer(32, isSigned: true))
    case .int64: (ArrowFormat.Field.integer, integer(64, isSigned: true))
    case .float64: (ArrowFormat.Field.floatingPoint, .table([.int16(ArrowFormat.FloatingPoint.double)]))
    case .texts, .dictionary: (ArrowFormat.Field.utf8, .table([]))
    }
  }

  private func integer(_ bitWidth: Int32, isSigned: Bool) -> FlatValue {
    .table([.int32(bitWidth), .byte(isSigned ? 1 : 0)])
  }
}
