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
    unsafe LargePages.ask(for: storage)
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

  /// A column made in memory by up to `threads` threads.
  ///
  /// - Parameter fill: Must give every element of its range a value; the ranges depend on `count` alone.
  package init(
    count: Int, threads: Int, _ fill: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Element>) -> Void
  ) {
    let unit = ColumnBuffer.unitSize
    unsafe self.init(count: count) { elements in
      let shared = unsafe Shared(elements)
      WorkerThreads.run(units: (count + unit - 1) / unit, threads: threads) { index in
        unsafe fill(index * unit..<min((index + 1) * unit, count), shared.elements)
      }
    }
  }

  @safe private struct Shared: @unchecked Sendable {
    // SAFETY: written by ranges that no two threads share, and read by nobody before all have ended.
    let elements: UnsafeMutableBufferPointer<Element>

    init(_ elements: UnsafeMutableBufferPointer<Element>) { unsafe self.elements = elements }
  }

  /// Rows that a thread takes at once: little enough to stop soon.
  package static var unitSize: Int { 1 << 17 }

  /// A copy of `values`.
  package init(_ values: [Element]) {
    unsafe self.init(count: values.count) { buffer in _ = unsafe buffer.update(fromContentsOf: values) }
  }
}
