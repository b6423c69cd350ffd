internal import CDrivers

/// Reads a stream of the Arrow C data interface into columns: whole numbers, floating-point numbers, truths and texts, by
/// dictionary or not.
struct ArrowStreamReader {
  private var schema: [EngineColumn] = []
  private var columns: [AnswerColumn] = []
  private var rowCount = 0
  private var byteCount = 0

  /// - Precondition: `stream` was filled by a driver and is released by the caller.
  static func read(
    _ stream: UnsafeMutablePointer<ArrowArrayStream>, rowCap: Int
  ) throws(EngineProblem) -> EngineAnswer {
    var reader = Self()
    guard let getSchema = unsafe stream.pointee.get_schema, let getNext = unsafe stream.pointee.get_next else {
      throw EngineProblem(.failed, "the driver gave no answer")
    }
    var schema = unsafe ArrowSchema()
    // SAFETY: the driver fills what it is given; everything is released as the interface says.
    if unsafe getSchema(stream, &schema) != 0 { throw unsafe problem(stream) }
    defer { unsafe schema.release?(&schema) }
    unsafe reader.setColumns(&schema)
    while true {
      var array = unsafe ArrowArray()
      if unsafe getNext(stream, &array) != 0 { throw unsafe problem(stream) }
      guard let release = unsafe array.release else { break }
      defer { unsafe release(&array) }
      try unsafe reader.add(&array, &schema)
      if reader.rowCount > rowCap { throw EngineProblem(.tooManyRows, "the answer has more than \(rowCap) rows") }
    }
    return EngineAnswer(
      schema: reader.schema, columns: reader.columns, rowCount: reader.rowCount, byteCount: reader.byteCount)
  }

  private static func problem(_ stream: UnsafeMutablePointer<ArrowArrayStream>) -> EngineProblem {
    let text = unsafe stream.pointee.get_last_error?(stream).map { unsafe String(cString: $0) }
    return EngineProblem(.failed, text ?? "the driver gave no reason")
  }

  private mutating func setColumns(_ schema: UnsafePointer<ArrowSchema>) {
    for index in 0..<Int(unsafe schema.pointee.n_children) {
      guard let child = unsafe schema.pointee.children?[index] else { continue }
      let kind = unsafe Self.kind(child)
      let name = unsafe child.pointee.name.map { unsafe String(cString: $0) } ?? ""
      self.schema.append(EngineColumn(name: name, kind: kind))
      switch kind {
      case .integer, .truth: columns.append(.integers([]))
      case .number: columns.append(.numbers([]))
      case .text, .other: columns.append(.texts([]))
      }
    }
  }

  private static func kind(_ schema: UnsafePointer<ArrowSchema>) -> EngineColumn.Kind {
    let inner = unsafe schema.pointee.dictionary.map { unsafe UnsafePointer($0) } ?? schema
    let format = unsafe inner.pointee.format.map { unsafe String(cString: $0) } ?? ""
    switch format {
    case "c", "C", "s", "S", "i", "I", "l", "L": return .integer
    case "e", "f", "g": return .number
    case "u", "U", "vu": return .text
    case "b": return .truth
    default: return format.hasPrefix("d:") ? .number : .other("Arrow \(format)")
    }
  }

  private mutating func add(
    _ array: UnsafePointer<ArrowArray>, _ schema: UnsafePointer<ArrowSchema>
  ) throws(EngineProblem) {
    let count = Int(unsafe array.pointee.length)
    let offset = Int(unsafe array.pointee.offset)
    guard unsafe array.pointee.n_children == schema.pointee.n_children, count >= 0, offset >= 0 else {
      throw EngineProblem(.failed, "the driver's answer does not fit its own description")
    }
    for index in columns.indices {
      guard let child = unsafe array.pointee.children?[index], let type = unsafe schema.pointee.children?[index] else {
        throw EngineProblem(.failed, "the driver's answer lacks a column")
      }
      let values = unsafe ArrowValues(child, type)
      // Let go of the old array first, so that appending does not copy it.
      switch columns[index] {
      case .integers(var all):
        columns[index] = .integers([])
        for row in offset..<offset + count { all.append(values.integer(row)) }
        columns[index] = .integers(all)
      case .numbers(var all):
        columns[index] = .numbers([])
        for row in offset..<offset + count { all.append(values.number(row)) }
        columns[index] = .numbers(all)
      case .texts(var all):
        columns[index] = .texts([])
        for row in offset..<offset + count {
          let text = values.text(row)
          byteCount += text?.utf8.count ?? 0
          all.append(text)
        }
        columns[index] = .texts(all)
      }
      if case .texts = columns[index] { continue }
      byteCount += count * 8
    }
    rowCount += count
  }
}

/// The values of one array, read by row.
@safe private struct ArrowValues {
  private let array: UnsafePointer<ArrowArray>
  private let format: String
  private let count: Int
  private let dictionary: [String?]?

  // SAFETY (whole type): rows are within the length that the driver states, plus its offset; buffers have the layouts
  // that the format prescribes. A driver that lies about its own answer can't be guarded against in its own process.
  init(_ array: UnsafePointer<ArrowArray>, _ schema: UnsafePointer<ArrowSchema>) {
    unsafe self.array = unsafe array
    format = unsafe schema.pointee.format.map { unsafe String(cString: $0) } ?? ""
    count = Int(unsafe array.pointee.length)
    if let values = unsafe array.pointee.dictionary, let type = unsafe schema.pointee.dictionary {
      let inner = unsafe ArrowValues(values, type)
      dictionary = (0..<inner.count).map { inner.text($0) }
    } else {
      dictionary = nil
    }
  }

  private func buffer(_ index: Int) -> UnsafeRawPointer? {
    guard index < Int(unsafe array.pointee.n_buffers) else { return nil }
    return unsafe array.pointee.buffers?[index].map { unsafe UnsafeRawPointer($0) }
  }

  /// The row's position in the buffers; nil where there is no value.
  private func position(_ row: Int) -> Int? {
    guard row < count else { return nil }
    let position = row + Int(unsafe array.pointee.offset)
    if let validity = unsafe buffer(0), unsafe array.pointee.null_count != 0, unsafe !bit(validity, position) {
      return nil
    }
    return position
  }

  private func bit(_ bytes: UnsafeRawPointer, _ position: Int) -> Bool {
    unsafe bytes.load(fromByteOffset: position / 8, as: UInt8.self) >> UInt8(position % 8) & 1 == 1
  }

  private func load<Value: BitwiseCopyable>(_ position: Int, as type: Value.Type, buffer index: Int = 1) -> Value? {
    unsafe buffer(index).map {
      unsafe $0.loadUnaligned(fromByteOffset: position * MemoryLayout<Value>.stride, as: Value.self)
    }
  }

  func integer(_ row: Int) -> Int64? {
    if let dictionary {
      return index(row).flatMap { dictionary.indices.contains($0) ? dictionary[$0] : nil }.flatMap { Int64($0) }
    }
    return stored(row)
  }

  private func index(_ row: Int) -> Int? { stored(row).map { Int($0) } }

  private func stored(_ row: Int) -> Int64? {
    guard let position = position(row) else { return nil }
    switch format {
    case "c": return load(position, as: Int8.self).map { Int64($0) }
    case "C": return load(position, as: UInt8.self).map { Int64($0) }
    case "s": return load(position, as: Int16.self).map { Int64($0) }
    case "S": return load(position, as: UInt16.self).map { Int64($0) }
    case "i": return load(position, as: Int32.self).map { Int64($0) }
    case "I": return load(position, as: UInt32.self).map { Int64($0) }
    case "l": return load(position, as: Int64.self)
    case "L": return load(position, as: UInt64.self).flatMap { Int64(exactly: $0) }
    case "b": return unsafe buffer(1).map { unsafe bit($0, position) ? 1 : 0 }
    default: return nil
    }
  }

  func number(_ row: Int) -> Double? {
    guard let position = position(row) else { return nil }
    switch format {
    case "g": return load(position, as: Double.self)
    case "f": return load(position, as: Float.self).map { Double($0) }
    // Statements cast what they add up, so a decimal comes only when types are looked at.
    default: return nil
    }
  }

  func text(_ row: Int) -> String? {
    if let dictionary { return index(row).flatMap { dictionary.indices.contains($0) ? dictionary[$0] : nil } }
    guard let position = position(row) else { return nil }
    switch format {
    case "u":
      guard let start = load(position, as: Int32.self), let end = load(position + 1, as: Int32.self) else { return nil }
      return bytes(buffer: 2, Int(start), Int(end - start))
    case "U":
      guard let start = load(position, as: Int64.self), let end = load(position + 1, as: Int64.self) else { return nil }
      return bytes(buffer: 2, Int(start), Int(end - start))
    case "vu":
      guard let length = load(position * 4, as: Int32.self) else { return nil }
      if length <= 12 { return bytes(buffer: 1, position * 16 + 4, Int(length)) }
      guard let index = load(position * 4 + 2, as: Int32.self), let start = load(position * 4 + 3, as: Int32.self)
      else {
        return nil
      }
      return bytes(buffer: 2 + Int(index), Int(start), Int(length))
    default: return stored(row).map { "\($0)" }
    }
  }

  private func bytes(buffer index: Int, _ start: Int, _ length: Int) -> String? {
    if length == 0 { return "" }
    guard let base = unsafe buffer(index), start >= 0, length > 0 else { return nil }
    return unsafe String(decoding: UnsafeRawBufferPointer(start: base + start, count: length), as: UTF8.self)
  }
}
