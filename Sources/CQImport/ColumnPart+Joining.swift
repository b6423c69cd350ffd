import CQColumns

// The parts of a column put together.

extension ColumnPart {
  static func joined(
    _ parts: [ColumnPart], _ rowCount: Int, isLatin1: Bool, _ control: ImportControl
  ) -> (FileTable.Values, ColumnBuffer<UInt8>?) {
    var hasTexts = false
    var (hasDecimals, hasLong) = (false, false)
    for part in parts {
      switch part.values {
      case .texts: hasTexts = true
      case .float64: hasDecimals = true
      case .int64: hasLong = true
      case .int16, .int32, .none: break
      }
    }
    if hasTexts || parts.isEmpty { return (texts(parts, rowCount, isLatin1: isLatin1, control), nil) }
    let states = parts.contains { $0.states != nil } ? joinedStates(parts, rowCount, control) : nil
    if hasDecimals { return (.numbers(.float64(decimals(parts, rowCount, control))), states) }
    if hasLong { return (.numbers(.int64(integers(parts, rowCount, control))), states) }
    return (.numbers(.int32(integers(parts, rowCount, control))), states)
  }

  private static func joinedStates(
    _ parts: [ColumnPart], _ rowCount: Int, _ control: ImportControl
  ) -> ColumnBuffer<UInt8> {
    unsafe ColumnBuffer(count: rowCount) { buffer in
      var row = 0
      // What was stopped is never shown: half a column does no harm.
      for part in parts where !control.isStopped() {
        guard let states = part.states else {
          row += part.values.rowCount
          continue
        }
        for state in states {
          unsafe buffer[row] = state
          row += 1
        }
      }
    }
  }

  private static func integers<Value: FixedWidthInteger & BitwiseCopyable & Sendable>(
    _ parts: [ColumnPart], _ rowCount: Int, _ control: ImportControl
  ) -> ColumnBuffer<Value> {
    unsafe ColumnBuffer(count: rowCount) { buffer in
      var row = 0
      // What was stopped is never shown: half a column does no harm.
      for part in parts where !control.isStopped() {
        switch part.values {
        case .int16(let values):
          for value in values {
            unsafe buffer[row] = Value(truncatingIfNeeded: value)
            row += 1
          }
        case .int32(let values):
          for value in values {
            unsafe buffer[row] = Value(truncatingIfNeeded: value)
            row += 1
          }
        case .int64(let values):
          for value in values {
            unsafe buffer[row] = Value(truncatingIfNeeded: value)
            row += 1
          }
        default: break
        }
      }
    }
  }

  private static func decimals(
    _ parts: [ColumnPart], _ rowCount: Int, _ control: ImportControl
  ) -> ColumnBuffer<Double> {
    unsafe ColumnBuffer(count: rowCount) { buffer in
      var row = 0
      // What was stopped is never shown: half a column does no harm.
      for part in parts where !control.isStopped() {
        switch part.values {
        case .int16(let values):
          for value in values {
            unsafe buffer[row] = Double(value)
            row += 1
          }
        case .int32(let values):
          for value in values {
            unsafe buffer[row] = Double(value)
            row += 1
          }
        case .int64(let values):
          for value in values {
            unsafe buffer[row] = Double(value)
            row += 1
          }
        case .float64(let values):
          for value in values {
            unsafe buffer[row] = value
            row += 1
          }
        default: break
        }
      }
    }
  }

  private static func texts(
    _ parts: [ColumnPart], _ rowCount: Int, isLatin1: Bool, _ control: ImportControl
  ) -> FileTable.Values {
    var all = TextDictionary()
    defer { all.free() }
    var numbers: [[UInt32]] = []
    for part in parts where !control.isStopped() {
      guard case .texts(_, let bytes, let entries) = part.values else {
        numbers.append([])
        continue
      }
      let source = Scratch<UInt8>(capacity: bytes.count + 16)
      for (position, byte) in bytes.enumerated() { source[position] = byte }
      numbers.append(entries.map { all.number(of: source, at: $0.start, length: $0.length, hash: $0.hash) })
      source.free()
    }
    let count = all.count
    var values: [String] = []
    values.reserveCapacity(count)
    for number in 0..<count {
      // What was stopped is never shown: a text too few does no harm.
      if number & 0xFFF == 0, control.isStopped() { return .texts(codes: .bits8(ColumnBuffer([])), values: []) }
      let bytes = all.utf8(number)
      values.append(isLatin1 ? Latin1.text(bytes) : String(decoding: bytes, as: UTF8.self))
    }
    func codes<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(_ type: Code.Type) -> ColumnBuffer<Code> {
      unsafe ColumnBuffer(count: rowCount) { buffer in
        var row = 0
        func add(_ own: [some FixedWidthInteger], _ numbers: [UInt32]) {
          for code in own {
            unsafe buffer[row] = Code(truncatingIfNeeded: numbers[Int(code)])
            row += 1
          }
        }
        for (part, numbers) in zip(parts, numbers) where !control.isStopped() {
          guard case .texts(let codes, _, _) = part.values else { continue }
          switch codes {
          case .bits8(let codes): add(codes, numbers)
          case .bits16(let codes): add(codes, numbers)
          case .bits32(let codes): add(codes, numbers)
          }
        }
      }
    }
    if count <= 1 << 8 { return .texts(codes: .bits8(codes(UInt8.self)), values: values) }
    if count <= 1 << 16 { return .texts(codes: .bits16(codes(UInt16.self)), values: values) }
    return .texts(codes: .bits32(codes(UInt32.self)), values: values)
  }
}
