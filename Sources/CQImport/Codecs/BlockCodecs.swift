/// The two small compressions that column files use, which need no library: Snappy and LZ4.
///
/// Both are copies of what came before and literals between them. Nothing the data say is trusted: every copy is checked
/// against what there is.
enum BlockCodecs {
  private static var damaged: ImportError {
    ImportError("its compressed data are damaged", remedy: "copy or download the file again")
  }

  /// A block of Snappy.
  ///
  /// - Source: Google, `snappy/format_description.txt`.
  static func snappy(_ input: [UInt8], limit: Int) throws(ImportError) -> [UInt8] {
    var position = 0
    var size = 0
    var shift = 0
    while true {
      guard position < input.count, shift <= 28 else { throw damaged }
      let byte = Int(input[position])
      position += 1
      size |= (byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    guard size <= limit else { throw damaged }
    var output = [UInt8](repeating: 0, count: size)
    var written = 0
    while position < input.count {
      let tag = Int(input[position])
      position += 1
      if tag & 3 == 0 {
        var length = tag >> 2 + 1
        if length > 60 {
          let bytes = length - 60
          guard position + bytes <= input.count else { throw damaged }
          length = 1
          for index in 0..<bytes { length += Int(input[position + index]) << (8 * index) }
          position += bytes
        }
        guard length <= input.count - position, length <= size - written else { throw damaged }
        for index in 0..<length { output[written + index] = input[position + index] }
        position += length
        written += length
        continue
      }
      var (length, offset) = (0, 0)
      switch tag & 3 {
      case 1:
        guard position < input.count else { throw damaged }
        length = (tag >> 2) & 7 + 4
        offset = (tag >> 5) << 8 | Int(input[position])
        position += 1
      case 2:
        guard position + 2 <= input.count else { throw damaged }
        length = tag >> 2 + 1
        offset = Int(input[position]) | Int(input[position + 1]) << 8
        position += 2
      default:
        guard position + 4 <= input.count else { throw damaged }
        length = tag >> 2 + 1
        offset = 0
        for index in 0..<4 { offset |= Int(input[position + index]) << (8 * index) }
        position += 4
      }
      guard offset > 0, offset <= written, length <= size - written else { throw damaged }
      for index in 0..<length { output[written + index] = output[written + index - offset] }
      written += length
    }
    guard written == size else { throw damaged }
    return output
  }

  /// A block of LZ4, whose decompressed size is known.
  ///
  /// - Source: Y. Collet, `lz4_Block_format.md`.
  static func lz4(_ input: [UInt8], size: Int) throws(ImportError) -> [UInt8] {
    var output = [UInt8](repeating: 0, count: size)
    let written = try lz4(input, into: &output, at: 0)
    guard written == size else { throw damaged }
    return output
  }

  private static func lz4(
    _ input: [UInt8], into output: inout [UInt8], at start: Int
  ) throws(ImportError) -> Int {
    var position = 0
    var written = start
    func longer(_ length: Int) throws(ImportError) -> Int {
      var length = length
      guard length == 15 else { return length }
      while true {
        guard position < input.count, length < 1 << 40 else { throw damaged }
        let byte = Int(input[position])
        position += 1
        length += byte
        if byte < 255 { return length }
      }
    }
    while position < input.count {
      let token = Int(input[position])
      position += 1
      let literals = try longer(token >> 4)
      guard literals <= input.count - position, literals <= output.count - written else { throw damaged }
      for index in 0..<literals { output[written + index] = input[position + index] }
      position += literals
      written += literals
      if position == input.count { break }
      guard position + 2 <= input.count else { throw damaged }
      let offset = Int(input[position]) | Int(input[position + 1]) << 8
      position += 2
      let length = try longer(token & 15) + 4
      guard offset > 0, offset <= written, length <= output.count - written else { throw damaged }
      for index in 0..<length { output[written + index] = output[written + index - offset] }
      written += length
    }
    return written
  }

  /// A frame of LZ4, whose decompressed size is known.
  ///
  /// - Source: Y. Collet, `lz4_Frame_format.md`.
  static func lz4Frame(_ input: [UInt8], size: Int) throws(ImportError) -> [UInt8] {
    guard input.count >= 7, (0..<4).reduce(0, { $0 | Int(input[$1]) << (8 * $1) }) == 0x184D_2204 else {
      throw damaged
    }
    let flags = input[4]
    var position = 6 + (flags & 8 != 0 ? 8 : 0) + (flags & 1 != 0 ? 4 : 0) + 1
    var output = [UInt8](repeating: 0, count: size)
    var written = 0
    while true {
      guard position + 4 <= input.count else { throw damaged }
      var length = 0
      for index in 0..<4 { length |= Int(input[position + index]) << (8 * index) }
      position += 4
      if length == 0 { break }
      let isStored = length & 0x8000_0000 != 0
      length &= 0x7FFF_FFFF
      guard length <= input.count - position else { throw damaged }
      let block = Array(input[position..<position + length])
      if isStored {
        guard length <= size - written else { throw damaged }
        for index in 0..<length { output[written + index] = block[index] }
        written += length
      } else {
        written = try lz4(block, into: &output, at: written)
      }
      position += length + (flags & 16 != 0 ? 4 : 0)
    }
    guard written == size else { throw damaged }
    return output
  }

  /// gzip, zlib or raw deflate, whose decompressed size is known.
  static func inflate(
    _ input: [UInt8], size: Int, _ framing: Inflater.Framing = .automatic
  ) throws(ImportError) -> [UInt8] {
    let inflater = try Inflater(framing)
    var output = [UInt8](repeating: 0, count: max(size, 1))
    var (consumed, produced) = (0, 0)
    while true {
      let step = try step(inflater, input, consumed, &output, produced..<size)
      consumed += step.consumed
      produced += step.produced
      if step.status == .atEnd { break }
      if step.consumed == 0, step.produced == 0 { throw damaged }
    }
    guard produced == size else { throw damaged }
    return size == 0 ? [] : output
  }

  private static func step(
    _ inflater: Inflater, _ input: [UInt8], _ consumed: Int, _ output: inout [UInt8], _ room: Range<Int>
  ) throws(ImportError) -> (consumed: Int, produced: Int, status: Inflater.Status) {
    var failure: ImportError?
    var result: (consumed: Int, produced: Int, status: Inflater.Status) = (0, 0, .atEnd)
    unsafe input.withUnsafeBytes { source in
      unsafe output.withUnsafeMutableBytes { target in
        do throws(ImportError) {
          result = unsafe try inflater.step(
            UnsafeRawBufferPointer(rebasing: source[consumed...]),
            UnsafeMutableRawBufferPointer(rebasing: target[room]))
        } catch {
          failure = error
        }
      }
    }
    if let failure { throw failure }
    return result
  }
}
