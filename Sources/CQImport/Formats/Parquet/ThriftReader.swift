/// The compact protocol of Thrift, in which Parquet writes what it says about its data.
///
/// A structure is read as its fields by number; nothing is known of its declaration, and fields that nobody asks for cost
/// nothing but their bytes.
///
/// - Source: Apache Thrift, `thrift-compact-protocol.md`.
@safe struct ThriftReader {
  indirect enum Value: Sendable {
    case integer(Int64)
    case truth(Bool)
    case double(Double)
    case bytes([UInt8])
    case list([Value])
    case structure([Int: Value])
  }

  private let bytes: UnsafeRawBufferPointer
  private(set) var position = 0
  private var valueCount = 0

  /// - Precondition: `bytes` stay valid while the reader is used.
  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  private static let depthLimit = 32
  private static let valueLimit = 20_000_000

  mutating func structure(depth: Int = 0) throws(ImportError) -> [Int: Value] {
    guard depth < Self.depthLimit else { throw ByteReader.cut }
    var fields: [Int: Value] = [:]
    var last = 0
    while true {
      let head = try byte()
      if head == 0 { return fields }
      let type = head & 15
      if head >> 4 == 0 { last = Int(truncatingIfNeeded: try zigzag()) } else { last += Int(head >> 4) }
      fields[last] = type <= 2 ? .truth(type == 1) : try value(type, depth: depth + 1)
    }
  }

  private mutating func value(_ type: UInt8, depth: Int) throws(ImportError) -> Value {
    valueCount += 1
    guard depth < Self.depthLimit, valueCount < Self.valueLimit else { throw ByteReader.cut }
    switch type {
    case 1, 2: return .truth(try byte() == 1)
    case 3: return .integer(Int64(Int8(bitPattern: try byte())))
    case 4, 5, 6: return .integer(try zigzag())
    case 7:
      var bits: UInt64 = 0
      for index in 0..<8 { bits |= UInt64(try byte()) << UInt64(8 * index) }
      return .double(Double(bitPattern: bits))
    case 8: return .bytes(try text())
    case 9, 10:
      let head = try byte()
      let count = head >> 4 == 15 ? Int(truncatingIfNeeded: try varint()) : Int(head >> 4)
      guard count >= 0, unsafe count <= bytes.count - position || head & 15 <= 2 && count < 1 << 24 else {
        throw ByteReader.cut
      }
      var list: [Value] = []
      for _ in 0..<count { list.append(try value(head & 15, depth: depth + 1)) }
      return .list(list)
    case 11:
      let count = Int(truncatingIfNeeded: try varint())
      guard count >= 0, unsafe count <= bytes.count - position else { throw ByteReader.cut }
      if count == 0 { return .list([]) }
      let types = try byte()
      for _ in 0..<count {
        _ = try value(types >> 4, depth: depth + 1)
        _ = try value(types & 15, depth: depth + 1)
      }
      return .list([])
    case 12: return .structure(try structure(depth: depth))
    default: throw ByteReader.cut
    }
  }

  private mutating func byte() throws(ImportError) -> UInt8 {
    guard unsafe position < bytes.count else { throw ByteReader.cut }
    position += 1
    return unsafe bytes[position - 1]
  }

  private mutating func varint() throws(ImportError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try byte()
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw ByteReader.cut }
    }
  }

  private mutating func zigzag() throws(ImportError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
  }

  private mutating func text() throws(ImportError) -> [UInt8] {
    let length = Int(truncatingIfNeeded: try varint())
    guard length >= 0, unsafe length <= bytes.count - position else { throw ByteReader.cut }
    position += length
    return unsafe Array(bytes[position - length..<position])
  }
}

extension [Int: ThriftReader.Value] {
  func integer(_ field: Int) -> Int? {
    if case .integer(let value)? = self[field] { return Int(value) }
    return nil
  }

  func text(_ field: Int) -> String? {
    if case .bytes(let bytes)? = self[field] { return String(decoding: bytes, as: UTF8.self) }
    return nil
  }

  func truth(_ field: Int) -> Bool? {
    if case .truth(let value)? = self[field] { return value }
    return nil
  }

  func structure(_ field: Int) -> [Int: ThriftReader.Value]? {
    if case .structure(let fields)? = self[field] { return fields }
    return nil
  }

  func structures(_ field: Int) -> [[Int: ThriftReader.Value]] {
    guard case .list(let values)? = self[field] else { return [] }
    return values.compactMap { if case .structure(let fields) = $0 { fields } else { nil } }
  }

  func texts(_ field: Int) -> [String] {
    guard case .list(let values)? = self[field] else { return [] }
    return values.compactMap { if case .bytes(let bytes) = $0 { String(decoding: bytes, as: UTF8.self) } else { nil } }
  }
}
