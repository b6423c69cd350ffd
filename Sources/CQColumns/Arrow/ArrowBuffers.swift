/// Nodes and buffers of one batch, taken one column after the other.
struct ArrowBuffers {
  let rowCount: Int
  private let view: FlatBufferView
  private let region: ByteRegion
  private let body: Range<Int>
  private let decompress: ArrowImport.Decompress
  /// Asked now and then while many rows are decoded.
  private let check: ArrowImport.Check
  private let codec: Int?
  private let nodes: FlatVector
  private let buffers: FlatVector
  private let variadicCounts: FlatVector
  private var nextNode = 0
  private var nextBuffer = 0
  private var nextVariadic = 0

  init(
    _ header: FlatTable, _ body: Range<Int>, _ region: ByteRegion, _ view: FlatBufferView,
    _ decompress: @escaping ArrowImport.Decompress, _ check: @escaping ArrowImport.Check
  ) throws(ArrowError) {
    self.check = check
    self.view = view
    self.region = region
    self.body = body
    self.decompress = decompress
    nodes = try header.structs(ArrowFormat.RecordBatch.nodes, stride: ArrowFormat.RecordBatch.nodeSize)
    buffers = try header.structs(ArrowFormat.RecordBatch.buffers, stride: ArrowFormat.RecordBatch.bufferSize)
    variadicCounts = try header.structs(4, stride: 8)
    codec = try header.table(ArrowFormat.RecordBatch.compression).map { table throws(ArrowError) in
      Int(try table.integer(0, default: Int8(0)))
    }
    let length = try header.integer(ArrowFormat.RecordBatch.length, default: Int64(0))
    guard length >= 0, length <= Int64(Int32.max) else {
      throw view.failure("a batch has an impossible number of rows")
    }
    rowCount = Int(length)
  }

  private func failure(_ reason: String) -> ArrowError { view.failure(reason) }

  // MARK: - Columns

  mutating func values(
    of field: ArrowImport.Field, dictionaries: [Int64: ArrowValues]
  ) throws(ArrowError) -> ArrowValues {
    let count = try node()
    if let dictionary = field.dictionary {
      let known = try validity(count)
      let codes = try integers(field.name, bits: dictionary.bits, isSigned: dictionary.isSigned, count)
      guard let values = dictionaries[dictionary.id] else {
        throw failure("the dictionary of column `\(field.name)` is not in the file")
      }
      var indexes: [Int?] = []
      indexes.reserveCapacity(count)
      for row in 0..<count {
        if row & ArrowImport.checkMask == 0 { try check() }
        if known?[row] == false {
          indexes.append(nil)
          continue
        }
        guard codes[row] >= 0, codes[row] < Int64(values.count) else {
          throw failure("column `\(field.name)` has a code outside its dictionary of \(values.count) values")
        }
        indexes.append(Int(codes[row]))
      }
      return values.gathered(indexes)
    }
    switch field.kind {
    case .null: return .nothing(count)
    case .truth:
      let known = try validity(count)
      let bits = try bytes(atLeast: (count + 7) / 8)
      return .coded((0..<count).map { UInt32(bits[$0 >> 3] >> UInt8($0 & 7) & 1) }, known, ["false", "true"])
    case .integer(let bits, let isSigned):
      let known = try validity(count)
      return .integers(try integers(field.name, bits: bits, isSigned: isSigned, count), known)
    case .float(let bits):
      let known = try validity(count)
      return .decimals(try floats(bits: bits, count), known)
    case .text(let isWide): return try texts(field.name, isWide: isWide, count)
    case .textView: return try textViews(field.name, count)
    case .date(let perDay):
      let known = try validity(count)
      let units = try integers(field.name, bits: perDay == 1 ? 32 : 64, isSigned: true, count)
      return try dates(units.map { ($0 - (($0 % perDay + perDay) % perDay)) / perDay }, known)
    case .decimal(let size, let scale):
      let known = try validity(count)
      return .decimals(try decimals(size, scale: scale, count), known)
    case .runs: return try runs(field, count, dictionaries)
    case .other: throw failure("column `\(field.name)` has a type that a table can't hold")
    }
  }

  /// Days since 1970; few of many rows are different ones.
  private func dates(_ days: [Int64], _ known: [Bool]?) throws(ArrowError) -> ArrowValues {
    var (codes, values, codeOfDay): ([UInt32], [String], [Int64: UInt32]) = ([], [], [:])
    codes.reserveCapacity(days.count)
    for (row, day) in days.enumerated() {
      if row & ArrowImport.checkMask == 0 { try check() }
      if codeOfDay[day] == nil {
        codeOfDay[day] = UInt32(values.count)
        values.append(CivilDate.text(days: day))
      }
      codes.append(codeOfDay[day] ?? 0)
    }
    return .coded(codes, known, values)
  }

  private mutating func node() throws(ArrowError) -> Int {
    guard nextNode < nodes.count else { throw failure("a column has no data") }
    let length = try view.load(Int64.self, at: nodes.position(of: nextNode))
    nextNode += 1
    guard length >= 0, length <= Int64(max(rowCount, 1 << 24)), length <= Int64(Int32.max) else {
      throw failure("a column has an impossible number of rows")
    }
    return Int(length)
  }

  /// nil when no value is missing.
  private mutating func validity(_ count: Int) throws(ArrowError) -> [Bool]? {
    let bits = try bytes(atLeast: 0)
    if bits.isEmpty || count == 0 { return nil }
    guard bits.count >= (count + 7) / 8 else { throw failure("a list of missing values is too short") }
    var known = [Bool](repeating: true, count: count)
    var isComplete = true
    for row in 0..<count where bits[row >> 3] >> UInt8(row & 7) & 1 == 0 {
      known[row] = false
      isComplete = false
    }
    return isComplete ? nil : known
  }

  private mutating func integers(
    _ name: String, bits: Int, isSigned: Bool, _ count: Int
  ) throws(ArrowError) -> [Int64] {
    let size = bits / 8
    guard [1, 2, 4, 8].contains(size) else { throw failure("integers of \(bits) bits are none that are known") }
    let bytes = try bytes(atLeast: count * size)
    guard let values = bytes.withUnsafeInts(count, size, isSigned) else {
      throw failure("column `\(name)` has a number that 63 bits do not hold; write it as decimals or texts")
    }
    return values
  }

  private mutating func floats(bits: Int, _ count: Int) throws(ArrowError) -> [Double] {
    let bytes = try bytes(atLeast: count * bits / 8)
    var values: [Double] = []
    values.reserveCapacity(count)
    for start in stride(from: 0, to: count, by: ArrowImport.checkMask + 1) {
      try check()
      unsafe bytes.withUnsafeBytes { buffer in
        for row in start..<min(start + ArrowImport.checkMask + 1, count) {
          switch bits {
          case 64:
            let word = unsafe buffer.loadUnaligned(fromByteOffset: row * 8, as: UInt64.self)
            values.append(Double(bitPattern: UInt64(littleEndian: word)))
          case 32:
            // The decimal number that is meant, not the binary fraction next to it.
            let word = unsafe buffer.loadUnaligned(fromByteOffset: row * 4, as: UInt32.self)
            let value = Float(bitPattern: UInt32(littleEndian: word))
            values.append(value.isFinite ? Double("\(value)") ?? Double(value) : Double(value))
          default:
            let half = unsafe buffer.loadUnaligned(fromByteOffset: row * 2, as: UInt16.self)
            values.append(HalfPrecision.double(UInt16(littleEndian: half)))
          }
        }
      }
    }
    return values
  }

  private mutating func texts(_ name: String, isWide: Bool, _ count: Int) throws(ArrowError) -> ArrowValues {
    let known = try validity(count)
    let width = isWide ? 8 : 4
    let offsetBytes = try bytes(atLeast: count == 0 ? 0 : (count + 1) * width)
    let characters = try bytes(atLeast: 0)
    guard count > 0 else { return .texts([], nil) }
    let offsets = offsetBytes.withUnsafeInts(count + 1, width, true) ?? []
    var texts: [String] = []
    texts.reserveCapacity(count)
    for row in 0..<count {
      if row & ArrowImport.checkMask == 0 { try check() }
      guard offsets[row] >= 0, offsets[row] <= offsets[row + 1], offsets[row + 1] <= Int64(characters.count),
        let text = String(validating: characters[Int(offsets[row])..<Int(offsets[row + 1])], as: UTF8.self)
      else { throw failure("a text of column `\(name)` is damaged or not UTF-8") }
      texts.append(text)
    }
    return .texts(texts, known)
  }

  private mutating func textViews(_ name: String, _ count: Int) throws(ArrowError) -> ArrowValues {
    let known = try validity(count)
    let views = try bytes(atLeast: count * 16)
    guard nextVariadic < variadicCounts.count else { throw failure("column `\(name)` lacks its texts") }
    let bufferCount = try view.load(Int64.self, at: variadicCounts.position(of: nextVariadic))
    nextVariadic += 1
    guard bufferCount >= 0, bufferCount <= Int64(buffers.count) else { throw failure("column `\(name)` is damaged") }
    var parts: [[UInt8]] = []
    for _ in 0..<Int(bufferCount) { parts.append(try bytes(atLeast: 0)) }
    func number(_ position: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(views[position + $1]) << (8 * $1) }
    }
    var texts: [String] = []
    for row in 0..<count {
      if row & ArrowImport.checkMask == 0 { try check() }
      let start = row * 16
      let length = number(start)
      var bytes: ArraySlice<UInt8> = []
      if length <= 12 {
        bytes = views[start + 4..<start + 4 + max(0, length)]
      } else {
        let (part, offset) = (number(start + 8), number(start + 12))
        guard part < parts.count, offset + length <= parts[part].count else {
          throw failure("a text of column `\(name)` lies outside the file")
        }
        bytes = parts[part][offset..<offset + length]
      }
      if known?[row] == false { bytes = [] }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw failure("a text of column `\(name)` is not UTF-8")
      }
      texts.append(text)
    }
    return .texts(texts, known)
  }

  private mutating func decimals(_ size: Int, scale: Int, _ count: Int) throws(ArrowError) -> [Double] {
    guard (1...32).contains(size), (-400...400).contains(scale) else {
      throw failure("its decimals are of no known size")
    }
    let bytes = try bytes(atLeast: count * size)
    var power = 1.0
    for _ in 0..<scale.magnitude { power *= 10 }
    var values: [Double] = []
    values.reserveCapacity(count)
    for row in 0..<count {
      if row & ArrowImport.checkMask == 0 { try check() }
      let isNegative = bytes[(row + 1) * size - 1] & 0x80 != 0
      var value = 0.0
      for place in (row * size..<(row + 1) * size).reversed() {
        value = value * 256 + Double(isNegative ? ~bytes[place] : bytes[place])
      }
      if isNegative { value = -value - 1 }
      values.append(scale >= 0 ? value / power : value * power)
    }
    return values
  }

  /// Run-end encoded values, expanded.
  private mutating func runs(
    _ field: ArrowImport.Field, _ count: Int, _ dictionaries: [Int64: ArrowValues]
  ) throws(ArrowError) -> ArrowValues {
    guard field.children.count == 2,
      case .integers(let ends, nil) = try values(of: field.children[0], dictionaries: [:])
    else { throw failure("the runs of column `\(field.name)` are damaged") }
    let values = try values(of: field.children[1], dictionaries: dictionaries)
    guard values.count == ends.count else { throw failure("the runs of column `\(field.name)` are damaged") }
    var indexes: [Int?] = []
    indexes.reserveCapacity(count)
    for (run, end) in ends.enumerated() {
      guard end > Int64(indexes.count), end <= Int64(count) else {
        throw failure("the runs of column `\(field.name)` are out of order")
      }
      while Int64(indexes.count) < end { indexes.append(run) }
    }
    guard indexes.count == count else { throw failure("the runs of column `\(field.name)` do not reach its end") }
    return values.gathered(indexes)
  }

  // MARK: - Columns that are left out

  mutating func skip(_ field: ArrowImport.Field) throws(ArrowError) {
    _ = try node()
    var count = 2
    if field.dictionary == nil {
      switch field.kind {
      case .null, .runs: count = 0
      case .text: count = 3
      case .textView: count = 2 + (try variadic())
      case .other(let tag, _):
        switch tag {
        case 4, 19, 25, 26: count = 3
        case 13, 16, 14: count = 1
        case 23: count = 2 + (try variadic())
        default: count = 2
        }
        // A dense union has offsets beside its kinds; which it is, its type says, and either is rare.
        if tag == 14 { throw failure("column `\(field.name)` is a union, which can't be read") }
      default: break
      }
    }
    nextBuffer += count
    if field.dictionary == nil { for child in field.children { try skip(child) } }
  }

  private mutating func variadic() throws(ArrowError) -> Int {
    guard nextVariadic < variadicCounts.count else { throw failure("a column of views lacks its buffers") }
    let count = try view.load(Int64.self, at: variadicCounts.position(of: nextVariadic))
    nextVariadic += 1
    guard count >= 0, count <= Int64(buffers.count) else { throw failure("a column of views is damaged") }
    return Int(count)
  }

  // MARK: - Bytes

  private mutating func bytes(atLeast count: Int) throws(ArrowError) -> [UInt8] {
    guard nextBuffer < buffers.count else { throw failure("a column lacks a buffer") }
    let position = buffers.position(of: nextBuffer)
    nextBuffer += 1
    let offset = try view.load(Int64.self, at: position)
    let size = try view.load(Int64.self, at: position + 8)
    guard offset >= 0, size >= 0, offset <= Int64(body.count), size <= Int64(body.count) - offset else {
      throw failure("a buffer lies outside the file")
    }
    let start = body.lowerBound + Int(offset)
    // SAFETY: offset and size were checked against the body, which lies in the region.
    let bytes = unsafe UnsafeRawBufferPointer(rebasing: region.bytes[start..<start + Int(size)])
    var result: [UInt8]
    if let codec, size > 0 {
      guard size >= 8 else { throw failure("a compressed buffer is too short") }
      let length = unsafe Int64(littleEndian: bytes.loadUnaligned(as: Int64.self))
      let rest = unsafe Array(bytes[8...])
      if length == -1 {
        result = rest
      } else {
        // No codec makes more than a few hundred of one byte; a damaged length must not ask for all memory.
        guard length >= 0, length <= Int64(rest.count) * 70_000 + 64, length < 1 << 40 else {
          throw failure("a compressed buffer has an impossible size")
        }
        result = try decompress(codec, rest, Int(length))
      }
    } else {
      result = unsafe Array(bytes)
    }
    guard result.count >= count else { throw failure("a buffer is too short") }
    return result
  }
}

extension [UInt8] {
  /// The first `count` little-endian integers of `size` bytes; nil when one does not fit into 64 bits with a sign.
  fileprivate func withUnsafeInts(_ count: Int, _ size: Int, _ isSigned: Bool) -> [Int64]? {
    unsafe withUnsafeBytes { buffer -> [Int64]? in
      var values = [Int64](repeating: 0, count: count)
      for row in 0..<count {
        let position = row * size
        switch (size, isSigned) {
        case (1, true): values[row] = unsafe Int64(Int8(bitPattern: buffer[position]))
        case (1, false): values[row] = unsafe Int64(buffer[position])
        case (2, true):
          values[row] = unsafe Int64(
            Int16(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: Int16.self)))
        case (2, false):
          values[row] = unsafe Int64(
            UInt16(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt16.self)))
        case (4, true):
          values[row] = unsafe Int64(
            Int32(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: Int32.self)))
        case (4, false):
          values[row] = unsafe Int64(
            UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
        case (_, true):
          values[row] = unsafe Int64(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: Int64.self))
        default:
          let value = unsafe UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: position, as: UInt64.self))
          guard let exact = Int64(exactly: value) else { return nil }
          values[row] = exact
        }
      }
      return values
    }
  }
}

/// Numbers of 16 bits, which not every processor knows.
package enum HalfPrecision {
  package static func double(_ bits: UInt16) -> Double {
    let sign = bits & 0x8000 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF) / 1024
    func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }
    switch exponent {
    case 0: return sign * fraction * power(-14)
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * (1 + fraction) * power(exponent - 15)
    }
  }
}

/// Days since 1970 as a date of the Gregorian calendar.
package enum CivilDate {
  /// `2019-12-31`.
  ///
  /// - Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  package static func text(days: Int64) -> String {
    guard days.magnitude < 4_000_000 else { return "" }
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let month = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * month + 2) / 5 + 1
    let civilMonth = month < 10 ? month + 3 : month - 9
    let year = yearOfEra + era * 400 + (civilMonth <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(civilMonth))-\(two(day))"
  }
}
