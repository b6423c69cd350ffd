/// The compressed bytes of a file, a block at a time, for a decoder that takes as many as it likes.
@safe final class CompressedInput {
  private let file: any ByteStream
  // SAFETY: freed in deinit; `available` lies within it.
  private let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
  private var available = 0..<0
  private(set) var isAtEnd = false

  init(_ file: any ByteStream) { self.file = file }

  deinit { unsafe block.deallocate() }

  var progress: (done: Int, total: Int) { file.progress }

  /// What was read and not taken, valid until the next call of a method.
  @unsafe var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(rebasing: block[available]) }

  /// Reads the next block where all was taken.
  ///
  /// - Parameter isInside: Whether something that was begun is not finished: the file must not end there.
  /// - Returns: Whether there are bytes.
  func fill(isInside: Bool) throws(ImportError) -> Bool {
    if !available.isEmpty { return true }
    let count = unsafe try file.read(into: block)
    available = 0..<count
    if count > 0 { return true }
    isAtEnd = true
    if isInside {
      throw ImportError("its compressed data end in the middle", remedy: "copy or download the file again")
    }
    return false
  }

  /// - Precondition: `count` bytes are there.
  func take(_ count: Int) { available = available.lowerBound + count..<available.upperBound }
}
