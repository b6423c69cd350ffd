/// The bounds-checked part of FlatBuffers decoding that Arrow metadata need.
///
/// Every position is checked against `bytes` before it is read, so corrupted offsets end in an ``ArrowError``.
/// Positions are byte offsets into `bytes`.
@safe struct FlatBufferView: @unchecked Sendable {
  // SAFETY: the memory is only read. Only `load` and `text` touch the memory, both after a bounds check; the caller keeps the region alive.
  private let bytes: UnsafeRawBufferPointer
  private let fileName: String

  init(unsafeBytes bytes: UnsafeRawBufferPointer, fileName: String) {
    unsafe self.bytes = bytes
    self.fileName = fileName
  }

  var count: Int { unsafe bytes.count }

  func failure(_ reason: String) -> ArrowError { ArrowError(fileName: fileName, reason: reason) }

  func load<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type, at position: Int) throws(ArrowError)
    -> Value
  {
    let size = MemoryLayout<Value>.size
    guard position >= 0, position <= count - size else {
      throw failure("its metadata point outside the file (byte \(position) of \(count))")
    }
    return unsafe Value(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: Value.self))
  }

  /// Follows the unsigned 32-bit offset stored at `position`.
  func target(at position: Int) throws(ArrowError) -> Int {
    let offset = try Int(load(UInt32.self, at: position))
    guard offset > 0, position + offset < count else { throw failure("an offset in its metadata is out of range") }
    return position + offset
  }

  func text(at position: Int) throws(ArrowError) -> String {
    let length = try Int(load(UInt32.self, at: position))
    let start = position + 4
    guard length <= count - start else { throw failure("a text in its metadata runs past the end") }
    // SAFETY: `start + length <= count` was just checked, and `load` checked `start`.
    let slice = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
    guard let text = unsafe String(validating: slice, as: UTF8.self) else {
      throw failure("a text in its metadata is not UTF-8")
    }
    return text
  }

  /// A vector whose elements take `stride` bytes; its elements were checked to lie in bounds.
  func vector(at position: Int, stride: Int) throws(ArrowError) -> FlatVector {
    let elementCount = try Int(load(UInt32.self, at: position))
    guard elementCount <= (count - position - 4) / stride else {
      throw failure("a list in its metadata runs past the end")
    }
    return FlatVector(start: position + 4, count: elementCount, stride: stride)
  }

  func table(at position: Int) throws(ArrowError) -> FlatTable {
    let vtable = try position - Int(load(Int32.self, at: position))
    let vtableSize = try Int(load(UInt16.self, at: vtable))
    guard vtableSize >= 4, vtableSize <= count - vtable else {
      throw failure("a table in its metadata has no valid layout")
    }
    return FlatTable(view: self, position: position, vtable: vtable, fieldCount: vtableSize / 2 - 2)
  }
}

struct FlatVector {
  let start: Int
  let count: Int
  let stride: Int

  func position(of index: Int) -> Int { start + index * stride }
}

/// One FlatBuffers table: fields are numbered as in the schema files of the Arrow format.
struct FlatTable {
  let view: FlatBufferView
  fileprivate let position: Int
  fileprivate let vtable: Int
  fileprivate let fieldCount: Int

  fileprivate init(view: FlatBufferView, position: Int, vtable: Int, fieldCount: Int) {
    self.view = view
    self.position = position
    self.vtable = vtable
    self.fieldCount = fieldCount
  }

  private func location(of field: Int) throws(ArrowError) -> Int? {
    guard field < fieldCount else { return nil }
    let offset = try Int(view.load(UInt16.self, at: vtable + 4 + 2 * field))
    return offset == 0 ? nil : position + offset
  }

  func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ field: Int, default fallback: Value
  ) throws(ArrowError) -> Value {
    guard let location = try location(of: field) else { return fallback }
    return try view.load(Value.self, at: location)
  }

  func has(_ field: Int) throws(ArrowError) -> Bool { try location(of: field) != nil }

  func text(_ field: Int) throws(ArrowError) -> String? {
    guard let location = try location(of: field) else { return nil }
    return try view.text(at: view.target(at: location))
  }

  func table(_ field: Int) throws(ArrowError) -> FlatTable? {
    guard let location = try location(of: field) else { return nil }
    return try view.table(at: view.target(at: location))
  }

  /// Structs stored in line, `stride` bytes each; empty when absent.
  func structs(_ field: Int, stride: Int) throws(ArrowError) -> FlatVector {
    guard let location = try location(of: field) else { return FlatVector(start: 0, count: 0, stride: stride) }
    return try view.vector(at: view.target(at: location), stride: stride)
  }

  func tables(_ field: Int) throws(ArrowError) -> [FlatTable] {
    let offsets = try structs(field, stride: 4)
    var tables: [FlatTable] = []
    tables.reserveCapacity(offsets.count)
    for index in 0..<offsets.count { tables.append(try view.table(at: view.target(at: offsets.position(of: index)))) }
    return tables
  }
}
