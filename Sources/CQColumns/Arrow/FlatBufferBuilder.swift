/// A FlatBuffers value to be written; fields of tables are in the order of the schema, nil = left at its default.
indirect enum FlatValue {
  case byte(UInt8)
  case int16(Int16)
  case int32(Int32)
  case int64(Int64)
  case text(String)
  case table([FlatValue?])
  case tables([FlatValue])
  /// Structs of 8-byte words in line (an int32 with its padding counts as a word).
  case structs([[Int64]])

  /// Bytes the value takes inside its table.
  fileprivate var inlineSize: Int {
    switch self {
    case .byte: 1
    case .int16: 2
    case .int32, .text, .table, .tables, .structs: 4
    case .int64: 8
    }
  }
}

/// Writes a tree of values as one FlatBuffer, parents before children, always the same bytes for the same tree.
struct FlatBufferBuilder {
  private var bytes: [UInt8] = []

  /// - Parameter root: Must be a ``FlatValue/table(_:)``.
  static func bytes(of root: FlatValue) -> [UInt8] {
    var builder = FlatBufferBuilder()
    builder.append(UInt32(0))
    builder.writeReferenced(root, from: 0)
    builder.pad(to: 8)
    return builder.bytes
  }

  private mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    for index in 0..<MemoryLayout<Value>.size { bytes.append(UInt8(truncatingIfNeeded: value >> Value(8 * index))) }
  }

  private mutating func store<Value: FixedWidthInteger>(_ value: Value, at position: Int) {
    for index in 0..<MemoryLayout<Value>.size {
      bytes[position + index] = UInt8(truncatingIfNeeded: value >> Value(8 * index))
    }
  }

  private mutating func pad(to alignment: Int, before size: Int = 0) {
    while (bytes.count + size) % alignment != 0 { bytes.append(0) }
  }

  /// Writes a value that is stored out of line and lets the offset at `slot` point to it.
  private mutating func writeReferenced(_ value: FlatValue, from slot: Int) {
    switch value {
    case .text(let text):
      beginVector(count: text.utf8.count, elementSize: 1, from: slot)
      bytes.append(contentsOf: text.utf8)
      bytes.append(0)
    case .table(let fields):
      writeTable(fields, from: slot)
    case .tables(let tables):
      beginVector(count: tables.count, elementSize: 4, from: slot)
      let first = bytes.count
      for _ in tables { append(UInt32(0)) }
      for (index, table) in tables.enumerated() { writeReferenced(table, from: first + 4 * index) }
    case .structs(let structs):
      beginVector(count: structs.count, elementSize: 8, from: slot)
      for words in structs {
        for word in words { append(word) }
      }
    case .byte, .int16, .int32, .int64:
      assertionFailure("scalars are stored in line")
    }
  }

  private mutating func beginVector(count: Int, elementSize: Int, from slot: Int) {
    pad(to: max(4, elementSize), before: 4)
    store(UInt32(bytes.count - slot), at: slot)
    append(UInt32(count))
  }

  private mutating func writeTable(_ fields: [FlatValue?], from slot: Int) {
    // Positions relative to the table, which begins with the 4-byte distance to its vtable.
    var offsets: [Int] = []
    var size = 4
    for field in fields {
      guard let field else {
        offsets.append(0)
        continue
      }
      size = (size + field.inlineSize - 1) / field.inlineSize * field.inlineSize
      offsets.append(size)
      size += field.inlineSize
    }
    let vtableSize = 4 + 2 * fields.count
    pad(to: 8, before: vtableSize)
    append(UInt16(vtableSize))
    append(UInt16(size))
    for offset in offsets { append(UInt16(offset)) }
    let table = bytes.count
    store(UInt32(table - slot), at: slot)
    append(Int32(vtableSize))
    for _ in 4..<size { bytes.append(0) }
    var references: [(FlatValue, Int)] = []
    for (field, offset) in zip(fields, offsets) {
      switch field {
      case .byte(let value): store(value, at: table + offset)
      case .int16(let value): store(value, at: table + offset)
      case .int32(let value): store(value, at: table + offset)
      case .int64(let value): store(value, at: table + offset)
      case .some(let value): references.append((value, table + offset))
      case nil: break
      }
    }
    for (value, position) in references { writeReferenced(value, from: position) }
  }
}
