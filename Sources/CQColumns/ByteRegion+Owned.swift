import Glibc

extension ByteRegion {
  package var count: Int { unsafe bytes.count }

  /// A copy of `source` aligned as Arrow buffers want it (64 bytes).
  package static func copying(_ source: [UInt8]) -> ByteRegion {
    let owner = AlignedBytes(count: source.count)
    unsafe owner.storage.copyBytes(from: source)
    // SAFETY: nobody but this function has written to the storage, which lives as long as `owner`.
    return unsafe ByteRegion(unsafeBytes: UnsafeRawBufferPointer(owner.storage), owner: owner)
  }
}

@safe private final class AlignedBytes {
  // SAFETY: lies within `base`, which is allocated in init, freed in deinit and never reassigned.
  let storage: UnsafeMutableRawBufferPointer
  private let base: UnsafeMutableRawPointer?

  /// Zero bytes: pages of large ones are zero already when the system hands them out, and are not touched here.
  init(count: Int) {
    unsafe base = calloc(count + Self.alignment, 1)
    guard let base = unsafe base else { preconditionFailure("no memory for \(count) bytes") }
    let offset = (Self.alignment - Int(bitPattern: base) % Self.alignment) % Self.alignment
    unsafe storage = UnsafeMutableRawBufferPointer(start: base + offset, count: count)
  }

  private static let alignment = 64

  deinit { unsafe free(base) }
}

extension ColumnBuffer {
  /// A column made in memory.
  ///
  /// - Parameter fill: Must give every element a value; the memory is zero before.
  package init(count: Int, filledBy fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let owner = AlignedBytes(count: count * MemoryLayout<Element>.stride)
    // SAFETY: the storage has room for `count` elements, is aligned for all of them, and nobody else writes to it.
    let elements = unsafe owner.storage.bindMemory(to: Element.self)
    unsafe fill(elements)
    let region = unsafe ByteRegion(unsafeBytes: UnsafeRawBufferPointer(owner.storage), owner: owner)
    unsafe self.init(unsafeElements: UnsafeBufferPointer(elements), in: region)
  }

  /// A copy of `values`.
  package init(_ values: [Element]) {
    unsafe self.init(count: values.count) { buffer in
      for (index, value) in values.enumerated() { unsafe buffer[index] = value }
    }
  }
}
