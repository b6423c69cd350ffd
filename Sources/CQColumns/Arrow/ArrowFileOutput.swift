/// The buffers of a batch, one after the other, each padded to the alignment.
struct ArrowBody {
  private(set) var bytes: [UInt8] = []
  private var nodes: [[Int64]] = []
  private var buffers: [[Int64]] = []

  mutating func append(_ values: ArrowWriter.Values) {
    switch values {
    case .uint8(let values): append(values)
    case .uint16(let values): append(values)
    case .int8(let values): append(values)
    case .int16(let values): append(values)
    case .int32(let values): append(values)
    case .int64(let values): append(values)
    case .float32(let values): append(values.map(\.bitPattern))
    case .float64(let values): append(values.map(\.bitPattern))
    case .texts(let texts): append(texts)
    case .dictionary(let codes, _, let width), .numberDictionary(let codes, _, let width):
      switch width {
      case .bits8: append(codes.map { UInt8(truncatingIfNeeded: $0) })
      case .bits16: append(codes.map { UInt16(truncatingIfNeeded: $0) })
      case .bits32: append(codes)
      }
    case .runs(let ends, let texts):
      // The column itself is a node without buffers; its children follow.
      nodes.append([Int64(ends.last ?? 0), 0])
      append(ends)
      append(texts)
    case .numberRuns(let ends, let values):
      nodes.append([Int64(ends.last ?? 0), 0])
      append(ends)
      append(values)
    }
  }

  /// The RecordBatch table (length, nodes, buffers) that describes the columns appended so far.
  func recordBatch(_ rowCount: Int) -> FlatValue {
    .table([.int64(Int64(rowCount)), .structs(nodes), .structs(buffers)])
  }

  private mutating func append<Value: FixedWidthInteger>(_ values: [Value]) {
    beginColumn(rowCount: values.count)
    appendBuffer(values)
  }

  private mutating func append(_ texts: [String]) {
    beginColumn(rowCount: texts.count)
    var offsets: [Int32] = [0]
    var characters: [UInt8] = []
    for text in texts {
      characters.append(contentsOf: text.utf8)
      offsets.append(Int32(characters.count))
    }
    appendBuffer(offsets)
    appendBuffer(characters)
  }

  /// A node without nulls, and the empty validity buffer that goes with it.
  private mutating func beginColumn(rowCount: Int) {
    nodes.append([Int64(rowCount), 0])
    buffers.append([Int64(bytes.count), 0])
  }

  private mutating func appendBuffer<Value: FixedWidthInteger>(_ values: [Value]) {
    let start = bytes.count
    bytes.reserveCapacity(start + values.count * MemoryLayout<Value>.size + ArrowFormat.alignment)
    for value in values { bytes.appendLittleEndian(value) }
    buffers.append([Int64(start), Int64(bytes.count - start)])
    bytes.pad(to: ArrowFormat.alignment)
  }
}

/// The frame of an Arrow IPC file: magic, messages, end marker, footer.
struct ArrowFileOutput {
  private var bytes: [UInt8] = ArrowFormat.magic + [0, 0]
  private var dictionaries: [[Int64]] = []
  private var recordBatches: [[Int64]] = []

  /// Appends an encapsulated message; blocks for the footer are noted by its type.
  mutating func appendMessage(type: UInt8, header: FlatValue, body: ArrowBody) {
    let start = bytes.count
    // Message: version, header_type, header, bodyLength
    var message = FlatBufferBuilder.bytes(
      of: .table([.int16(ArrowFormat.version), .byte(type), header, .int64(Int64(body.bytes.count))]))
    // Bodies begin at a multiple of the alignment in the file: the metadata are padded up to there.
    while (start + 8 + message.count) % ArrowFormat.alignment != 0 { message.append(0) }
    bytes.appendLittleEndian(ArrowFormat.continuation)
    bytes.appendLittleEndian(Int32(message.count))
    bytes += message
    let block = [Int64(start), Int64(8 + message.count), Int64(body.bytes.count)]
    bytes += body.bytes
    if type == ArrowFormat.Message.dictionaryBatch { dictionaries.append(block) }
    if type == ArrowFormat.Message.recordBatch { recordBatches.append(block) }
  }

  consuming func finish(schema: FlatValue) -> [UInt8] {
    bytes.appendLittleEndian(ArrowFormat.continuation)
    bytes.appendLittleEndian(Int32(0))
    // Footer: version, schema, dictionaries, recordBatches
    let footer = FlatBufferBuilder.bytes(
      of: .table([.int16(ArrowFormat.version), schema, .structs(dictionaries), .structs(recordBatches)]))
    bytes += footer
    bytes.appendLittleEndian(Int32(footer.count))
    return bytes + ArrowFormat.magic
  }
}

extension [UInt8] {
  fileprivate mutating func appendLittleEndian<Value: FixedWidthInteger>(_ value: Value) {
    for index in 0..<MemoryLayout<Value>.size { append(UInt8(truncatingIfNeeded: value >> Value(8 * index))) }
  }

  fileprivate mutating func pad(to alignment: Int) {
    while count % alignment != 0 { append(0) }
  }
}
