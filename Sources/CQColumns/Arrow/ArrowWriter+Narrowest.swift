extension ArrowWriter {
  /// Adds whole numbers in the encoding that takes the fewest bytes: the narrowest type that holds them all, or codes
  /// into the different ones. Of two that take as many the plain one is chosen.
  package mutating func add(_ name: String, narrowest values: [Int]) { add(name, .narrowest(values)) }

  /// Adds doubles in single precision where their decimals survive it, or as codes into the different ones, whichever
  /// takes fewer bytes.
  package mutating func add(_ name: String, narrowest values: [Double]) { add(name, .narrowest(values)) }

  /// Adds texts as runs: for columns by which the rows are sorted.
  package mutating func add(_ name: String, runsOf values: [String]) { add(name, .runs(of: values)) }
}

extension ArrowWriter.Values {
  package static func narrowest(_ values: [Int]) -> ArrowWriter.Values {
    let smallest = values.min() ?? 0
    let largest = values.max() ?? 0
    let (plain, width) = narrowPlain(values, range: smallest...largest)
    // Codes take a byte at least.
    guard width > 1 else { return plain }
    let different = Set(values).sorted()
    let isShort = Int32(exactly: smallest) != nil && Int32(exactly: largest) != nil
    let codeWidth = ArrowWriter.CodeWidth(numberCount: different.count)
    guard
      size(codeWidth, rows: values.count, values: different.count, valueSize: isShort ? 4 : 8) < width * values.count
    else { return plain }
    let numbers: ArrowWriter.Numbers =
      isShort
      ? .int32(different.map { Int32(truncatingIfNeeded: $0) })
      : .int64(different.map { Int64($0) })
    return .numberDictionary(codes: codes(of: values, in: different), values: numbers, width: codeWidth)
  }

  package static func narrowest(_ values: [Double]) -> ArrowWriter.Values {
    // Single precision is read as a decimal, so it is exact for numbers that were published with few digits.
    let isShort = values.allSatisfy { Double("\(Float($0))") == $0 }
    let different = Set(values).sorted()
    let codeWidth = ArrowWriter.CodeWidth(numberCount: different.count)
    let plainSize = (isShort ? 4 : 8) * values.count
    guard size(codeWidth, rows: values.count, values: different.count, valueSize: 8) < plainSize else {
      return isShort ? .float32(values.map { Float($0) }) : .float64(values)
    }
    return .numberDictionary(codes: codes(of: values, in: different), values: .float64(different), width: codeWidth)
  }

  package static func runs(of values: [String]) -> ArrowWriter.Values {
    var ends: [Int32] = []
    var texts: [String] = []
    for (row, value) in values.enumerated() {
      if value != texts.last {
        texts.append(value)
        ends.append(0)
      }
      ends[ends.count - 1] = Int32(row + 1)
    }
    return .runs(ends: ends, values: texts)
  }

  package static func runs(of values: [Int16]) -> ArrowWriter.Values {
    var ends: [Int32] = []
    var numbers: [Int16] = []
    for (row, value) in values.enumerated() {
      if value != numbers.last {
        numbers.append(value)
        ends.append(0)
      }
      ends[ends.count - 1] = Int32(row + 1)
    }
    return .numberRuns(ends: ends, values: numbers)
  }

  private static func narrowPlain(_ values: [Int], range: ClosedRange<Int>) -> (ArrowWriter.Values, width: Int) {
    func fits<Value: FixedWidthInteger>(_ type: Value.Type) -> Bool {
      Value(exactly: range.lowerBound) != nil && Value(exactly: range.upperBound) != nil
    }
    if fits(UInt8.self) { return (.uint8(values.map { UInt8(truncatingIfNeeded: $0) }), 1) }
    if fits(Int8.self) { return (.int8(values.map { Int8(truncatingIfNeeded: $0) }), 1) }
    if fits(UInt16.self) { return (.uint16(values.map { UInt16(truncatingIfNeeded: $0) }), 2) }
    if fits(Int16.self) { return (.int16(values.map { Int16(truncatingIfNeeded: $0) }), 2) }
    if fits(Int32.self) { return (.int32(values.map { Int32(truncatingIfNeeded: $0) }), 4) }
    return (.int64(values.map { Int64($0) }), 8)
  }

  /// Bytes of a dictionary column: its codes, its values, and what one more message takes at least.
  private static func size(_ width: ArrowWriter.CodeWidth, rows: Int, values: Int, valueSize: Int) -> Int {
    rows * Int(width.rawValue) / 8 + values * valueSize + 512
  }

  private static func codes<Value: Hashable>(of values: [Value], in different: [Value]) -> [Int32] {
    var codeOfValue: [Value: Int32] = [:]
    codeOfValue.reserveCapacity(different.count)
    for (code, value) in different.enumerated() { codeOfValue[value] = Int32(code) }
    // Every value is in the list of the different ones.
    return values.map { codeOfValue[$0] ?? 0 }
  }
}
