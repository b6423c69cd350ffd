extension ColumnData {
  /// The numbers of the column in a type that kernels are made for: int32, int64 or float64; nil for texts.
  ///
  /// Narrow integers become int32, dictionaries of numbers what they hold. A column that is of such a type already is
  /// returned as it is, in place.
  ///
  /// - Complexity: O(rows), unless in place.
  package func widened() -> NumberValues? {
    switch self {
    case .int32(let values): .int32(values)
    case .int64(let values): .int64(values)
    case .float64(let values): .float64(values)
    case .uint8(let values): .int32(widen(values))
    case .int8(let values): .int32(widen(values))
    case .uint16(let values): .int32(widen(values))
    case .int16(let values): .int32(widen(values))
    case .float32(let values): .float64(decimal(values))
    case .numberRuns(let ends, let values): .int32(expand((0..<values.count).map { Int32(values[$0]) }, ends))
    case .numberDictionary(let codes, .int32(let values)): .int32(codes.look(up: values))
    case .numberDictionary(let codes, .int64(let values)): .int64(codes.look(up: values))
    case .numberDictionary(let codes, .float64(let values)): .float64(codes.look(up: values))
    case .texts, .dictionary, .runs: nil
    }
  }

  /// Dictionary codes and values of a column of texts that is a dictionary or made of runs; nil for others.
  ///
  /// - Complexity: O(rows) for runs; a dictionary is returned as it is.
  package func members() -> (codes: DictionaryCodes, values: [String])? {
    switch self {
    case .dictionary(let codes, let values): return (codes, values)
    case .runs(let ends, let values):
      var codeOfValue: [String: UInt32] = [:]
      var different: [String] = []
      var codes: [UInt32] = []
      for value in values {
        if codeOfValue[value] == nil {
          codeOfValue[value] = UInt32(different.count)
          different.append(value)
        }
        codes.append(codeOfValue[value] ?? 0)
      }
      if different.count <= 1 << 8 { return (.bits8(expand(codes, ends)), different) }
      if different.count <= 1 << 16 { return (.bits16(expand(codes, ends)), different) }
      return (.bits32(expand(codes, ends)), different)
    default: return nil
    }
  }

  /// Ascending whole numbers as runs of rows: years, whether the file has one per row or one per run; nil for others and
  /// for numbers that do not ascend.
  package func ascendingRuns() -> [(value: Int, rows: Range<Int>)]? {
    var runs: [(value: Int, rows: Range<Int>)] = []
    switch self {
    case .numberRuns(let ends, let values):
      for run in 0..<ends.count {
        runs.append((Int(values[run]), (run == 0 ? 0 : Int(ends[run - 1]))..<Int(ends[run])))
      }
    case .int16(let column):
      // SAFETY: the buffer is alive during the loop and rows stay below its count.
      let values = unsafe column.elements
      var start = 0
      for row in 0..<column.count where unsafe row + 1 == column.count || values[row + 1] != values[row] {
        unsafe runs.append((Int(values[row]), start..<row + 1))
        start = row + 1
      }
    default: return nil
    }
    return zip(runs, runs.dropFirst()).allSatisfy({ $0.value < $1.value }) ? runs : nil
  }

  /// The raw values of ``CellState``, one per row, of a column of states: bytes, or their names as a dictionary in the
  /// order of the states or as runs; nil for anything else.
  package func cellStates() -> ColumnBuffer<UInt8>? {
    let names = CellState.allCases.map(\.name)
    switch self {
    case .uint8(let states): return states
    case .dictionary(.bits8(let codes), names): return codes
    case .runs(let ends, let values):
      var codes: [UInt32] = []
      for value in values {
        guard let code = names.firstIndex(of: value) else { return nil }
        codes.append(UInt32(code))
      }
      return expand(codes, ends)
    default: return nil
    }
  }

  /// One of the words of a dictionary whose values are several, such as `known 3`: as the raw value of a ``CellState`` if
  /// it is the name of one, as a number otherwise; nil if the column or a value is of another kind.
  ///
  /// - Complexity: O(rows).
  package func bytes(ofWord position: Int) -> ColumnBuffer<UInt8>? {
    guard case .dictionary(let codes, let values) = self else { return nil }
    let names = CellState.allCases.map(\.name)
    var bytes: [UInt8] = []
    for value in values {
      let words = value.split(separator: " ")
      guard position >= 0, position < words.count else { return nil }
      guard let byte = names.firstIndex(of: String(words[position])).map(UInt8.init) ?? UInt8(words[position]) else {
        return nil
      }
      bytes.append(byte)
    }
    let table = unsafe ColumnBuffer<UInt8>(count: bytes.count) { buffer in
      for (index, byte) in bytes.enumerated() { unsafe buffer[index] = byte }
    }
    return codes.look(up: table)
  }

  /// A column in which every row has the same member: what metadata such as `region=US` stand for.
  package static func constant(_ member: String, rowCount: Int) -> ColumnData {
    .dictionary(
      codes: .bits8(unsafe ColumnBuffer(count: rowCount) { unsafe $0.update(repeating: 0) }), values: [member])
  }

  /// A column in which every row is of the same period: what metadata such as `period=2018` stand for.
  package static func constant(period: Int16, rowCount: Int) -> ColumnData {
    .int16(unsafe ColumnBuffer(count: rowCount) { unsafe $0.update(repeating: period) })
  }
}

extension DictionaryCodes {
  package var count: Int {
    switch self {
    case .bits8(let codes): codes.count
    case .bits16(let codes): codes.count
    case .bits32(let codes): codes.count
    }
  }

  fileprivate func look<Value>(up values: ColumnBuffer<Value>) -> ColumnBuffer<Value> {
    switch self {
    case .bits8(let codes): gather(values, codes)
    case .bits16(let codes): gather(values, codes)
    case .bits32(let codes): gather(values, codes)
    }
  }
}

@inline(__always)
private func gather<Value, Code: FixedWidthInteger & UnsignedInteger>(
  _ values: ColumnBuffer<Value>, _ codes: ColumnBuffer<Code>
) -> ColumnBuffer<Value> {
  unsafe ColumnBuffer(count: codes.count) { result in
    // SAFETY: both buffers are alive during the loop, and codes were checked to be below the count of values when the
    // file was opened.
    let (codes, values) = unsafe (codes.elements, values.elements)
    for row in 0..<codes.count { unsafe result[row] = values[Int(codes[row])] }
  }
}

@inline(__always)
private func widen<Value: FixedWidthInteger>(_ values: ColumnBuffer<Value>) -> ColumnBuffer<Int32> {
  unsafe ColumnBuffer(count: values.count) { result in
    // SAFETY: the buffer is alive during the loop and rows stay below its count.
    let values = unsafe values.elements
    for row in 0..<values.count { unsafe result[row] = Int32(truncatingIfNeeded: values[row]) }
  }
}

/// Single precision holds about seven digits, as some sources publish them: the double next to those digits, not the
/// one next to the binary fraction, which has seventeen.
private func decimal(_ values: ColumnBuffer<Float>) -> ColumnBuffer<Double> {
  unsafe ColumnBuffer(count: values.count) { result in
    for row in 0..<values.count {
      let value = values[row]
      unsafe result[row] = Double("\(value)") ?? Double(value)
    }
  }
}

@inline(__always)
private func expand<Code: FixedWidthInteger, Source: FixedWidthInteger>(_ codes: [Source], _ ends: ColumnBuffer<Int32>)
  -> ColumnBuffer<Code>
{
  unsafe ColumnBuffer(count: ends.count == 0 ? 0 : Int(ends[ends.count - 1])) { result in
    var row = 0
    for (run, code) in codes.enumerated() {
      // SAFETY: ends ascend up to the number of rows, which was checked when the file was opened.
      let end = Int(ends[run])
      unsafe UnsafeMutableBufferPointer(rebasing: result[row..<end]).update(repeating: Code(truncatingIfNeeded: code))
      row = end
    }
  }
}
