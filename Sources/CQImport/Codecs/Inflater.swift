import Glibc

/// Decompression by zlib, a part at a time.
@safe final class Inflater {
  enum Framing: Int32 {
    /// gzip or zlib, whichever the data begin with.
    case automatic = 47
    /// Deflate without a frame, as in zip files.
    case raw = -15
  }

  // The layout of `z_stream`, which zlib keeps as it is: bytes from the start of the structure.
  private enum Offset {
    static let nextIn = 0, availableIn = 8, nextOut = 24, availableOut = 32
    static let size = 112
  }

  private typealias Stream = UnsafeMutableRawPointer
  private typealias Step = @convention(c) (Stream?, Int32) -> Int32
  private typealias End = @convention(c) (Stream?) -> Int32

  // SAFETY: a zeroed z_stream, given to zlib alone; freed after inflateEnd.
  private let stream: Stream
  private let inflate: Step
  private let end: End
  private let reset: End

  init(_ framing: Framing) throws(ImportError) {
    let library = SystemLibrary.zlib
    unsafe inflate = try library.function("inflate", as: Step.self)
    unsafe end = try library.function("inflateEnd", as: End.self)
    unsafe reset = try library.function("inflateReset", as: End.self)
    let start = unsafe try library.function(
      "inflateInit2_", as: (@convention(c) (Stream?, Int32, UnsafePointer<CChar>?, Int32) -> Int32).self)
    unsafe stream = Stream.allocate(byteCount: Offset.size, alignment: 16)
    unsafe stream.initializeMemory(as: UInt8.self, repeating: 0, count: Offset.size)
    let status = unsafe "1".withCString { unsafe start(stream, framing.rawValue, $0, Int32(Offset.size)) }
    guard status == 0 else { throw ImportError("zlib can't be started (\(status))") }
  }

  deinit {
    _ = unsafe end(stream)
    unsafe stream.deallocate()
  }

  enum Status { case more, atEnd }

  /// Decompresses from `input` into `output` as far as both reach.
  func step(
    _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
  ) throws(ImportError) -> (consumed: Int, produced: Int, status: Status) {
    unsafe stream.storeBytes(of: UInt(bitPattern: input.baseAddress), toByteOffset: Offset.nextIn, as: UInt.self)
    unsafe stream.storeBytes(
      of: UInt32(clamping: input.count), toByteOffset: Offset.availableIn, as: UInt32.self)
    unsafe stream.storeBytes(of: UInt(bitPattern: output.baseAddress), toByteOffset: Offset.nextOut, as: UInt.self)
    unsafe stream.storeBytes(
      of: UInt32(clamping: output.count), toByteOffset: Offset.availableOut, as: UInt32.self)
    let status = unsafe inflate(stream, 0)
    let consumed = unsafe input.count - Int(stream.load(fromByteOffset: Offset.availableIn, as: UInt32.self))
    let produced = unsafe output.count - Int(stream.load(fromByteOffset: Offset.availableOut, as: UInt32.self))
    switch status {
    case 0, -5: return (consumed, produced, .more)
    case 1: return (consumed, produced, .atEnd)
    default:
      throw ImportError(
        "its compressed data are damaged", remedy: "copy or download the file again")
    }
  }

  /// Begins with another member of the same framing.
  func restart() { _ = unsafe reset(stream) }
}

/// The bytes of a gzip file, all of its members.
final class GzipStream: ByteStream {
  private let input: CompressedInput
  private let inflater: Inflater
  private var isInMember = true

  init(_ file: any ByteStream) throws(ImportError) {
    input = CompressedInput(file)
    inflater = try Inflater(.automatic)
  }

  var progress: (done: Int, total: Int) { input.progress }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
    var produced = 0
    while produced < buffer.count, !input.isAtEnd {
      guard try input.fill(isInside: isInMember) else { break }
      if !isInMember {
        // Zeros behind the last member are padding.
        let padding = unsafe input.bytes.prefix { $0 == 0 }.count
        input.take(padding)
        if unsafe input.bytes.isEmpty { continue }
        inflater.restart()
        isInMember = true
      }
      let step = unsafe try inflater.step(input.bytes, UnsafeMutableRawBufferPointer(rebasing: buffer[produced...]))
      input.take(step.consumed)
      produced += step.produced
      if step.status == .atEnd { isInMember = false }
    }
    return produced
  }
}
