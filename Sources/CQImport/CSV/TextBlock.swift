import Glibc

/// Some whole lines of a file, or what follows the last line feed of it.
///
/// Behind the bytes stands a line feed and then zeros, so that a scanner needs no bound.
final class TextBlock: @unchecked Sendable {
  // SAFETY: filled by the one thread that reads, then only read, by one thread after the other.
  var bytes: Scratch<UInt8>
  var count = 0
  var index = 0
  var isLast = false
  /// Zero bytes after the end: what is loaded eight bytes at a time must lie in the buffer.
  static let padding = 64

  init(capacity: Int) { bytes = Scratch(capacity: capacity + Self.padding) }

  deinit { bytes.free() }

  func reserve(_ capacity: Int) { bytes.reserve(capacity + Self.padding, keeping: count) }

  /// Puts the end marks behind the bytes.
  func seal() {
    bytes[count] = 0x0A
    for offset in 1..<Self.padding { bytes[count + offset] = 0 }
  }

  /// The bytes of `tail` with those of `next` behind them.
  convenience init(joining tail: [UInt8], _ next: TextBlock) {
    self.init(capacity: tail.count + next.count)
    for (position, byte) in tail.enumerated() { bytes[position] = byte }
    bytes.copy(from: next.bytes, at: 0, count: next.count, to: tail.count)
    count = tail.count + next.count
    index = next.index
    isLast = next.isLast
    seal()
  }

  func bytes(from start: Int, to end: Int) -> [UInt8] { (start..<end).map { bytes[$0] } }

  func text(from start: Int, to end: Int) -> String {
    String(decoding: bytes(from: start, to: end), as: UTF8.self)
  }

  /// Where the first byte of value `byte` stands from `start` on.
  func position(of byte: UInt8, from start: Int = 0) -> Int? {
    let region = unsafe bytes.raw(from: start, count: count - start)
    guard count > start, let base = region.baseAddress,
      let found = unsafe memchr(base, Int32(byte), region.count)
    else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base) + start
  }

  /// How many line feeds there are before `end`.
  func lineFeeds(from start: Int = 0, to end: Int) -> Int {
    var lines = 0
    for position in start..<min(end, count) where bytes[position] == 0x0A { lines += 1 }
    return lines
  }

  /// How many bytes in a part of the block have this value.
  func count(of byte: UInt8, from start: Int, to end: Int) -> Int {
    var total = 0
    var position = start
    while position < end {
      // A narrow counter lets the compiler take many bytes at once.
      var count: UInt8 = 0
      for offset in position..<min(position + 255, end) { count &+= bytes[offset] == byte ? 1 : 0 }
      total += Int(count)
      position += 255
    }
    return total
  }

  func lastPosition(of byte: UInt8) -> Int? {
    var position = count - 1
    while position >= 0, bytes[position] != byte { position -= 1 }
    return position >= 0 ? position : nil
  }
}

/// Cuts a stream into blocks that end with a line; each may be parsed by itself unless a quoted field goes beyond one.
final class BlockCutter {
  let blockSize: Int
  /// No line is longer, nor a quoted field.
  static let lineLimit = 64 << 20

  private let stream: any ByteStream
  private var carry: [UInt8] = []
  private var nextIndex = 0
  private var isAtEnd = false
  private(set) var progress: (done: Int, total: Int)

  init(_ stream: any ByteStream, blockSize: Int) {
    self.stream = stream
    self.blockSize = blockSize
    progress = stream.progress
  }

  /// Where the last line of a block ends that is no part of a quoted field, judging by the number of quotes before it;
  /// where there is none nearby, the last line of all: a block that ends within a field is read together with the next.
  private func endOfRecords(_ block: TextBlock) -> Int? {
    guard let last = block.lastPosition(of: 0x0A) else { return nil }
    guard let firstQuote = block.position(of: 0x22) else { return last }
    var isInside = block.count(of: 0x22, from: firstQuote, to: last) & 1 == 1
    if !isInside { return last }
    var position = last
    while position > firstQuote, last - position < Self.longestStep {
      position -= 1
      switch block.bytes[position] {
      case 0x22: isInside.toggle()
      case 0x0A where !isInside: return position
      default: break
      }
    }
    return last
  }

  /// Bytes that are looked through for the end of a record.
  private static let longestStep = 1 << 16

  /// - Parameter used: A block whose memory may be used again.
  /// - Returns: nil at the end.
  func next(reusing used: TextBlock? = nil) throws(ImportError) -> TextBlock? {
    if isAtEnd { return nil }
    let block = used ?? TextBlock(capacity: blockSize)
    block.count = 0
    block.reserve(max(blockSize, carry.count))
    for (position, byte) in carry.enumerated() { block.bytes[position] = byte }
    block.count = carry.count
    carry = []
    var wanted = blockSize
    while true {
      while block.count < wanted {
        let room = unsafe block.bytes.raw(from: block.count, count: wanted - block.count)
        let count = unsafe try stream.read(into: room)
        progress = stream.progress
        if count == 0 {
          isAtEnd = true
          break
        }
        block.count += count
      }
      if isAtEnd { break }
      if let last = endOfRecords(block) {
        carry = block.bytes(from: last + 1, to: block.count)
        block.count = last + 1
        break
      }
      wanted *= 2
      guard wanted <= Self.lineLimit else {
        throw ImportError(
          line: nil, "a line is longer than \(Self.lineLimit >> 20) MB: it is not a table of texts",
          remedy: "lines must end with LF or CRLF")
      }
      block.reserve(wanted)
    }
    block.index = nextIndex
    block.isLast = isAtEnd
    nextIndex += 1
    block.seal()
    return block
  }
}
