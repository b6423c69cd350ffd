import CQColumns

/// Bytes of a page as they are taken from its front.
struct ParquetBytes {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  init(_ bytes: [UInt8]) { self.init(bytes[...]) }

  var left: Int { bytes.endIndex - position }
  var rest: ArraySlice<UInt8> { bytes[position...] }

  mutating func take(_ count: Int) throws(ImportError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw ByteReader.cut }
    position += count
    return bytes[position - count..<position]
  }

  /// An unsigned number of up to eight bytes.
  mutating func little(_ size: Int) throws(ImportError) -> UInt64 {
    var value: UInt64 = 0
    for (index, byte) in try take(size).enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
    return value
  }

  mutating func varint() throws(ImportError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      let byte = try little(1)
      value |= (byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
      guard shift < 64 else { throw ByteReader.cut }
    }
  }

  mutating func zigzag() throws(ImportError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(value & 1)
  }
}

/// Runs of equal numbers and groups of packed ones.
enum ParquetRuns {
  static func decode(_ bytes: ArraySlice<UInt8>, bitWidth: Int, count: Int) throws(ImportError) -> [UInt32] {
    guard bitWidth <= 32, count <= 1 << 31 else { throw ByteReader.cut }
    if bitWidth == 0 { return [UInt32](repeating: 0, count: count) }
    var input = ParquetBytes(bytes)
    var values: [UInt32] = []
    values.reserveCapacity(min(count, 1 << 24))
    let width = (bitWidth + 7) / 8
    while values.count < count {
      let head = try input.varint()
      if head & 1 == 0 {
        let value = UInt32(truncatingIfNeeded: try input.little(width))
        let length = min(Int(clamping: head >> 1), count - values.count)
        guard head >> 1 > 0 else { throw ByteReader.cut }
        values.append(contentsOf: repeatElement(value, count: length))
      } else {
        let groups = Int(clamping: head >> 1)
        guard groups > 0 else { throw ByteReader.cut }
        // The last group may be cut where its bytes have no values.
        let wanted = min(groups, (count - values.count + 7) / 8)
        let packed = try input.take(min(wanted * bitWidth, input.left))
        unpack(packed, bitWidth, min(wanted * 8, count - values.count), &values)
        guard values.count == count || packed.count == wanted * bitWidth else { throw ByteReader.cut }
        if groups > wanted { break }
      }
    }
    guard values.count == count else { throw ByteReader.cut }
    return values
  }

  /// Appends as many of `available` numbers of `bitWidth` bits as the bytes hold.
  private static func unpack(
    _ packed: ArraySlice<UInt8>, _ bitWidth: Int, _ available: Int, _ values: inout [UInt32]
  ) {
    let count = min(available, packed.count * 8 / bitWidth)
    let mask: UInt64 = (1 << UInt64(bitWidth)) - 1
    unsafe packed.withUnsafeBytes { bytes in
      for index in 0..<count {
        let bit = index * bitWidth
        let position = bit >> 3
        var word: UInt64 = 0
        if position + 8 <= bytes.count {
          word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        } else {
          for offset in 0..<bytes.count - position {
            unsafe word |= UInt64(bytes[position + offset]) << UInt64(8 * offset)
          }
        }
        values.append(UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & mask))
      }
    }
  }
}

/// The values of one column in one group of rows, over its pages.
///
/// Texts are numbered as they come; whoever makes it frees it.
struct ParquetValues {
  private enum Storage {
    case integers([Int64])
    case decimals([Double])
    /// Numbers of texts.
    case texts([UInt32])

    var count: Int {
      switch self {
      case .integers(let values): values.count
      case .decimals(let values): values.count
      case .texts(let values): values.count
      }
    }
  }

  private let source: ParquetSchema.Column
  private var values: Storage
  private var states: [UInt8] = []
  private var hasStates = false
  private var dictionary: Storage?
  private var texts = TextDictionary()
  private var scratch = Scratch<UInt8>(capacity: 256)

  var count: Int { values.count }

  init(_ column: ParquetSchema.Column, rowCount: Int) {
    source = column
    switch column.kind {
    case .integers: values = .integers([])
    case .decimals: values = .decimals([])
    case .texts: values = .texts([])
    }
  }

  func free() {
    texts.free()
    scratch.free()
  }

  mutating func readDictionary(_ bytes: [UInt8], count: Int) throws(ImportError) {
    guard count >= 0, count <= bytes.count + 1 || source.width == 0 else { throw ByteReader.cut }
    var page = ParquetBytes(bytes)
    dictionary = try plain(&page, count)
  }

  /// - Parameter levels: 1 where there is a value, for columns that may lack some.
  mutating func readPage(
    _ page: inout ParquetBytes, _ count: Int, _ levels: [UInt32]?, _ encoding: Int
  ) throws(ImportError) {
    guard levels?.allSatisfy({ $0 <= 1 }) ?? true else { throw ByteReader.cut }
    let present = levels.map { $0.count { $0 == 1 } } ?? count
    let isFull = present == count
    let read: Storage
    switch encoding {
    case 2, 8:
      guard let dictionary else { throw ByteReader.cut }
      let width = present == 0 && page.left == 0 ? 0 : Int(try page.little(1))
      let codes = present == 0 ? [] : try ParquetRuns.decode(page.rest, bitWidth: width, count: present)
      guard codes.allSatisfy({ Int($0) < dictionary.count }) else { throw ByteReader.cut }
      switch dictionary {
      case .integers(let known): read = .integers(codes.map { known[Int($0)] })
      case .decimals(let known): read = .decimals(codes.map { known[Int($0)] })
      case .texts(let known): read = .texts(codes.map { known[Int($0)] })
      }
    default: read = try decoded(&page, present, encoding)
    }
    guard read.count == present else { throw ByteReader.cut }
    try append(read, isFull ? nil : levels)
  }

  private mutating func append(_ read: Storage, _ levels: [UInt32]?) throws(ImportError) {
    let before = count
    switch (values, read) {
    case (.integers(var all), .integers(let added)):
      values = .integers([])
      Self.append(added, levels, absent: 0, to: &all)
      values = .integers(all)
    case (.decimals(var all), .decimals(let added)):
      values = .decimals([])
      Self.append(added, levels, absent: 0, to: &all)
      values = .decimals(all)
    case (.texts(var all), .texts(let added)):
      values = .texts([])
      Self.append(added, levels, absent: levels == nil ? 0 : number([]), to: &all)
      values = .texts(all)
    default: throw ByteReader.cut
    }
    if case .texts = read { return }
    states.append(contentsOf: repeatElement(0, count: count - before))
    if let levels {
      hasStates = true
      for (row, level) in levels.enumerated() where level == 0 { states[before + row] = CellState.missing.rawValue }
    }
    if case .decimals(var all) = values {
      values = .decimals([])
      // What is no number is a missing one.
      for row in before..<all.count where !all[row].isFinite {
        all[row] = 0
        states[row] = CellState.missing.rawValue
        hasStates = true
      }
      values = .decimals(all)
    }
  }

  private static func append<Value>(_ added: [Value], _ levels: [UInt32]?, absent: Value, to all: inout [Value]) {
    guard let levels else {
      all += added
      return
    }
    var index = 0
    for level in levels {
      all.append(level == 0 ? absent : added[index])
      if level != 0 { index += 1 }
    }
  }

  /// The number of a text, a new one if need be.
  private mutating func number(_ text: some Collection<UInt8>) -> UInt32 {
    scratch.reserve(text.count + 8, keeping: 0)
    for (position, byte) in text.enumerated() { scratch[position] = byte }
    let hash = TextDictionary.hash(of: scratch, at: 0, length: text.count)
    return texts.number(of: scratch, at: 0, length: text.count, hash: hash)
  }

  private mutating func numbers(_ texts: [String]) -> Storage { .texts(texts.map { number($0.utf8) }) }

  func finished() throws(ImportError) -> ColumnPart {
    var part = ColumnPart()
    if hasStates { part.states = states }
    switch values {
    case .integers(let values):
      let isNarrow = values.allSatisfy { Int32(exactly: $0) != nil }
      part.values = isNarrow ? .int32(values.map { Int32(truncatingIfNeeded: $0) }) : .int64(values)
    case .decimals(let values): part.values = .float64(values)
    case .texts(let codes):
      let bytes = texts.allBytes
      let entries = texts.allEntries
      if bytes.contains(where: { $0 >= 0x80 }) {
        for entry in entries
        where String(validating: bytes[entry.start..<entry.start + entry.length], as: UTF8.self) == nil {
          throw ImportError(
            "column `\(source.name)` has a text that is not UTF-8", remedy: "write it again as texts in UTF-8")
        }
      }
      let narrow = ColumnPart.Codes(rowCount: codes.count, textCount: entries.count) { codes[$0] }
      part.values = .texts(codes: narrow, bytes: bytes, entries: entries)
    }
    return part
  }

  // MARK: - Encodings

  private mutating func decoded(_ page: inout ParquetBytes, _ count: Int, _ encoding: Int) throws(ImportError)
    -> Storage
  {
    switch encoding {
    case 0: return try plain(&page, count)
    case 3 where source.physical == .boolean:
      let length = Int(try page.little(4))
      let bits = try ParquetRuns.decode(try page.take(length), bitWidth: 1, count: count)
      return numbers(bits.map { $0 == 1 ? "true" : "false" })
    case 5: return try meaning(try delta(&page, count))
    case 6, 7:
      var prefixes: [Int64] = []
      if encoding == 7 { prefixes = try delta(&page, count) }
      let lengths = try delta(&page, count)
      var texts: [[UInt8]] = []
      for (index, length) in lengths.enumerated() {
        guard let size = Int(exactly: length) else { throw ByteReader.cut }
        var text = Array(try page.take(size))
        if encoding == 7 {
          let prefix = prefixes[index]
          guard prefix >= 0, prefix <= Int64(texts.last?.count ?? 0) else { throw ByteReader.cut }
          text = Array((texts.last ?? []).prefix(Int(prefix))) + text
        }
        texts.append(text)
      }
      return try bytes(texts)
    case 9: return try split(&page, count)
    default:
      throw ImportError(
        "column `\(source.name)` has an encoding that is not known (\(encoding))",
        remedy: "write it again with another program, or as CSV")
    }
  }

  private mutating func plain(_ page: inout ParquetBytes, _ count: Int) throws(ImportError) -> Storage {
    switch source.physical {
    case .boolean:
      let bits = Array(try page.take((count + 7) / 8))
      return numbers((0..<count).map { bits[$0 >> 3] >> UInt8($0 & 7) & 1 == 1 ? "true" : "false" })
    case .int32: return try meaning(try fixed(&page, count, 4).map { Int64(Int32(truncatingIfNeeded: $0)) })
    case .int64: return try meaning(try fixed(&page, count, 8).map { Int64(bitPattern: $0) })
    case .float:
      return .decimals(
        try fixed(&page, count, 4).map { Self.decimal(Float(bitPattern: UInt32(truncatingIfNeeded: $0))) })
    case .double: return .decimals(try fixed(&page, count, 8).map { Double(bitPattern: $0) })
    case .int96:
      var days: [String] = []
      for _ in 0..<count {
        _ = try page.take(8)
        days.append(CivilDate.text(days: Int64(try page.little(4)) - 2_440_588))
      }
      return numbers(days)
    case .fixedByteArray:
      var texts: [[UInt8]] = []
      for _ in 0..<count { texts.append(Array(try page.take(source.width))) }
      return try bytes(texts)
    case .byteArray:
      if case .decimal = source.meaning {
        var texts: [[UInt8]] = []
        for _ in 0..<count { texts.append(Array(try page.take(Int(try page.little(4))))) }
        return try bytes(texts)
      }
      var codes: [UInt32] = []
      codes.reserveCapacity(min(count, page.left / 4))
      for _ in 0..<count { codes.append(number(try page.take(Int(try page.little(4))))) }
      return .texts(codes)
    }
  }

  private func fixed(_ page: inout ParquetBytes, _ count: Int, _ size: Int) throws(ImportError) -> [UInt64] {
    guard count <= page.left / size else { throw ByteReader.cut }
    let bytes = Array(try page.take(count * size))
    return unsafe bytes.withUnsafeBytes { buffer in
      (0..<count).map { row in
        size == 4
          ? unsafe UInt64(UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)))
          : unsafe UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: row * 8, as: UInt64.self))
      }
    }
  }

  /// The decimal number that is meant, not the binary fraction next to it.
  private static func decimal(_ value: Float) -> Double {
    value.isFinite ? Double("\(value)") ?? Double(value) : Double(value)
  }

  /// The bytes of each value lie apart: all first ones, then all second ones.
  private mutating func split(_ page: inout ParquetBytes, _ count: Int) throws(ImportError) -> Storage {
    let size: Int
    switch source.physical {
    case .float, .int32: size = 4
    case .double, .int64: size = 8
    default: size = source.width
    }
    guard size > 0, count <= page.left / size else { throw ByteReader.cut }
    let bytes = Array(try page.take(count * size))
    var joined = [UInt8](repeating: 0, count: count * size)
    for row in 0..<count { for part in 0..<size { joined[row * size + part] = bytes[part * count + row] } }
    var plainPage = ParquetBytes(joined)
    return try plain(&plainPage, count)
  }

  /// Differences, packed by blocks.
  private func delta(_ page: inout ParquetBytes, _ count: Int) throws(ImportError) -> [Int64] {
    let blockSize = Int(clamping: try page.varint())
    let miniblocks = Int(clamping: try page.varint())
    let total = Int(clamping: try page.varint())
    var value = try page.zigzag()
    guard miniblocks > 0, blockSize > 0, blockSize <= 1 << 20, miniblocks <= blockSize, total == count else {
      throw ByteReader.cut
    }
    let size = blockSize / miniblocks
    guard size % 8 == 0, size > 0 else { throw ByteReader.cut }
    var values: [Int64] = total > 0 ? [value] : []
    while values.count < total {
      let smallest = try page.zigzag()
      let widths = Array(try page.take(miniblocks))
      for width in widths where values.count < total {
        guard width <= 64 else { throw ByteReader.cut }
        let packed = Array(try page.take(min(size * Int(width) / 8, page.left)))
        var bit = 0
        for _ in 0..<size where values.count < total {
          var difference: UInt64 = 0
          for index in 0..<Int(width) {
            let at = bit + index
            guard at >> 3 < packed.count else { throw ByteReader.cut }
            difference |= UInt64(packed[at >> 3] >> UInt8(at & 7) & 1) << UInt64(index)
          }
          bit += Int(width)
          value = value &+ smallest &+ Int64(bitPattern: difference)
          values.append(source.physical == .int32 ? Int64(Int32(truncatingIfNeeded: value)) : value)
        }
      }
    }
    return values
  }

  // MARK: - Meanings

  private mutating func meaning(_ integers: [Int64]) throws(ImportError) -> Storage {
    switch source.meaning {
    case .plain, .text: return .integers(integers)
    case .unsigned:
      if source.physical == .int32 { return .integers(integers.map { $0 & 0xFFFF_FFFF }) }
      guard integers.allSatisfy({ $0 >= 0 }) else {
        throw ImportError(
          "column `\(source.name)` has a number that 63 bits do not hold", remedy: "write it as decimals or texts")
      }
      return .integers(integers)
    case .date(let perDay):
      return numbers(integers.map { CivilDate.text(days: ($0 - (($0 % perDay + perDay) % perDay)) / perDay) })
    case .decimal(let scale): return .decimals(integers.map { Self.scaled(Double($0), scale) })
    }
  }

  private mutating func bytes(_ values: [[UInt8]]) throws(ImportError) -> Storage {
    if case .decimal(let scale) = source.meaning {
      return .decimals(
        values.map { bytes in
          let isNegative = (bytes.first ?? 0) & 0x80 != 0
          var value = 0.0
          for byte in bytes { value = value * 256 + Double(isNegative ? ~byte : byte) }
          return Self.scaled(isNegative ? -value - 1 : value, scale)
        })
    }
    return .texts(values.map { number($0) })
  }

  private static func scaled(_ value: Double, _ scale: Int) -> Double {
    guard (0...300).contains(scale) else { return value }
    var power = 1.0
    for _ in 0..<scale { power *= 10 }
    return value / power
  }
}
