import Glibc

/// Decompression by libzstd.
enum Zstandard {
  private typealias Context = UnsafeMutableRawPointer

  /// A whole frame at once.
  static func decompress(_ input: [UInt8], size: Int) throws(ImportError) -> [UInt8] {
    let library = SystemLibrary.zstd
    let decompress = unsafe try library.function(
      "ZSTD_decompress", as: (@convention(c) (UnsafeMutableRawPointer?, Int, UnsafeRawPointer?, Int) -> Int).self)
    let isError = try library.function("ZSTD_isError", as: (@convention(c) (Int) -> UInt32).self)
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: max(1, size)) { buffer, count in
      result = unsafe input.withUnsafeBytes { unsafe decompress(buffer.baseAddress, size, $0.baseAddress, $0.count) }
      count = isError(result) == 0 && result == size ? size : 0
    }
    guard bytes.count == size else { throw damaged }
    return bytes
  }

  fileprivate static var damaged: ImportError {
    ImportError("its compressed data are damaged", remedy: "copy or download the file again")
  }

  /// The bytes of a .zst file, all of its frames.
  @safe final class Stream: ByteStream {
    private typealias Decompress =
      @convention(c) (
        UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
      ) -> Int

    private let input: CompressedInput
    // SAFETY: a context of libzstd, freed in deinit.
    private let context: UnsafeMutableRawPointer
    private let decompress: Decompress
    private let isError: @convention(c) (Int) -> UInt32
    private let free: @convention(c) (UnsafeMutableRawPointer?) -> Int
    private var isInFrame = false

    init(_ file: any ByteStream) throws(ImportError) {
      input = CompressedInput(file)
      let library = SystemLibrary.zstd
      let create = unsafe try library.function(
        "ZSTD_createDStream", as: (@convention(c) () -> UnsafeMutableRawPointer?).self)
      unsafe decompress = try library.function("ZSTD_decompressStream", as: Decompress.self)
      isError = try library.function("ZSTD_isError", as: (@convention(c) (Int) -> UInt32).self)
      unsafe free = try library.function(
        "ZSTD_freeDStream", as: (@convention(c) (UnsafeMutableRawPointer?) -> Int).self)
      guard let made = unsafe create() else { throw ImportError("libzstd can't be started") }
      unsafe context = made
    }

    deinit { _ = unsafe free(context) }

    var progress: (done: Int, total: Int) { input.progress }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImportError) -> Int {
      var produced = 0
      while produced < buffer.count, !input.isAtEnd {
        guard try input.fill(isInside: isInFrame) else { break }
        let bytes = unsafe input.bytes
        // ZSTD_outBuffer and ZSTD_inBuffer: address, size, position.
        var output = (UInt(bitPattern: buffer.baseAddress), buffer.count, produced)
        var source = (UInt(bitPattern: bytes.baseAddress), bytes.count, 0)
        let left = unsafe withUnsafeMutableBytes(of: &output) { output in
          unsafe withUnsafeMutableBytes(of: &source) { source in
            unsafe decompress(context, output.baseAddress, source.baseAddress)
          }
        }
        guard isError(left) == 0 else { throw Zstandard.damaged }
        isInFrame = left != 0
        produced = output.2
        input.take(source.2)
      }
      return produced
    }
  }
}
