import CQColumns

/// Numbers and texts at positions of a file, each checked to lie in it.
struct ByteReader {
  let region: ByteRegion
  var isBigEndian = false
  /// What is said of a position outside.
  static let cut = ImportError(
    "it ends in the middle, or is damaged", remedy: "copy or export the file again")

  init(_ region: ByteRegion) { self.region = region }

  var count: Int { region.count }

  func byte(_ position: Int) throws(ImportError) -> UInt8 {
    guard position >= 0, position < count else { throw Self.cut }
    return unsafe region.bytes[position]
  }

  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ type: Value.Type, _ position: Int
  ) throws(ImportError) -> Value {
    guard position >= 0, position <= count - MemoryLayout<Value>.size else { throw Self.cut }
    let value = unsafe region.bytes.loadUnaligned(fromByteOffset: position, as: Value.self)
    return isBigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
  }

  func double(_ position: Int) throws(ImportError) -> Double {
    Double(bitPattern: try integer(UInt64.self, position))
  }

  func float(_ position: Int) throws(ImportError) -> Float { Float(bitPattern: try integer(UInt32.self, position)) }

  func bytes(_ position: Int, _ length: Int) throws(ImportError) -> UnsafeRawBufferPointer {
    guard position >= 0, length >= 0, position <= count, length <= count - position else { throw Self.cut }
    return unsafe UnsafeRawBufferPointer(rebasing: region.bytes[position..<position + length])
  }

  /// A text of at most `length` bytes that ends at a NUL byte before.
  func text(_ position: Int, _ length: Int) throws(ImportError) -> String {
    let bytes = unsafe try bytes(position, length)
    let end = unsafe bytes.firstIndex(of: 0) ?? length
    let part = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<end])
    return unsafe String(validating: part, as: UTF8.self) ?? Latin1.text(part)
  }

  /// Where `text` stands from `position` on.
  func find(_ text: String, from position: Int, within limit: Int = .max) -> Int? {
    let wanted = Array(text.utf8)
    let last = min(count - wanted.count, position > count ? -1 : position + min(limit, count))
    guard position >= 0, position <= last else { return nil }
    var start = position
    while start <= last {
      if wanted.indices.allSatisfy({ unsafe region.bytes[start + $0] == wanted[$0] }) { return start }
      start += 1
    }
    return nil
  }
}
