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
  // SAFETY: allocated in init, freed in deinit, never reassigned.
  let storage: UnsafeMutableRawBufferPointer

  init(count: Int) {
    unsafe storage = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 64)
  }

  deinit { unsafe storage.deallocate() }
}

extension ColumnBuffer {
  /// A column made in memory.
  ///
  /// - Parameter fill: Must give every element a value; the memory is zero before.
  package init(count: Int, filledBy fill: (UnsafeMutableBufferPointer<Element>) -> Void) {
    let owner = AlignedBytes(count: count * MemoryLayout<Element>.stride)
    // SAFETY: the storage has room for `count` elements, is aligned for all of them, and nobody else writes to it.
    unsafe owner.storage.initializeMemory(as: UInt8.self, repeating: 0)
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
