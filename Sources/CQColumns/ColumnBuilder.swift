/// A column while values of any kind are added to it, from files that say the kind of each value.
///
/// Whole numbers become decimals when the first decimal comes, and numbers become texts when the first text does.
package struct ColumnBuilder {
  private enum Kind { case integers, decimals, texts }

  private var kind = Kind.integers
  private var integers: [Int64] = []
  private var decimals: [Double] = []
  private var codes: [UInt32] = []
  private var values: [String] = []
  private var codeOfValue: [String: UInt32] = [:]
  private var states: [UInt8] = []
  private var hasStates = false
  private var hasNumber = false
  /// What stands in rows without a number, which is a text again where the column turns out to hold texts.
  private var marks: [Int: String] = [:]

  package init() {}

  package var count: Int { states.count }
  /// Bytes that the values take.
  package var byteCount: Int {
    (integers.count + decimals.count) * 8 + codes.count * 4 + states.count + values.count * 48 + textByteCount
  }
  private var textByteCount = 0
  /// A text has come, so that what follows is one too.
  package var holdsTexts: Bool { kind == .texts }

  package mutating func append(_ integer: Int64) {
    hasNumber = true
    switch kind {
    case .integers: integers.append(integer)
    case .decimals: decimals.append(Double(integer))
    case .texts: addText("\(integer)")
    }
    states.append(0)
  }

  /// What is no number is a missing one.
  package mutating func append(_ decimal: Double) {
    guard decimal.isFinite else { return appendMissing() }
    hasNumber = true
    if kind == .integers { becomeDecimals() }
    if kind == .decimals { decimals.append(decimal) } else { addText(Self.text(decimal)) }
    states.append(0)
  }

  package mutating func append(_ text: String) {
    if kind != .texts { becomeTexts() }
    addText(text)
    states.append(0)
  }

  package mutating func appendMissing() { appendWithout(.missing) }

  package mutating func appendWithout(_ state: CellState) {
    switch kind {
    case .integers: integers.append(0)
    case .decimals: decimals.append(0)
    case .texts: addText("")
    }
    states.append(state.rawValue)
    hasStates = true
  }

  /// A text such as `D` that stands for a number that is withheld or missing, if the column holds numbers.
  package mutating func appendMark(_ text: String, _ state: CellState) {
    if kind == .texts { return append(text) }
    marks[count] = text
    appendWithout(state)
  }

  /// Adds whole numbers at once; those that are not known count as missing.
  package mutating func append(contentsOf integers: [Int64], known: [Bool]?) {
    guard kind == .integers, known == nil else {
      for row in integers.indices { if known?[row] ?? true { append(integers[row]) } else { appendMissing() } }
      return
    }
    hasNumber = hasNumber || !integers.isEmpty
    self.integers += integers
    states.append(contentsOf: repeatElement(0, count: integers.count))
  }

  /// Adds texts at once, by their places among `values`; those that are not known are blank.
  package mutating func append(codes added: [UInt32], known: [Bool]?, of values: [String]) {
    if kind != .texts { becomeTexts() }
    var numbers = [UInt32](repeating: .max, count: values.count)
    codes.reserveCapacity(codes.count + added.count)
    for (row, code) in added.enumerated() {
      if let known, !known[row] {
        addText("")
        continue
      }
      if numbers[Int(code)] == .max {
        addText(values[Int(code)])
        numbers[Int(code)] = codes[codes.count - 1]
      } else {
        codes.append(numbers[Int(code)])
      }
    }
    states.append(contentsOf: repeatElement(0, count: added.count))
    if let known, known.contains(false) {
      hasStates = true
      let start = states.count - added.count
      for (row, isKnown) in known.enumerated() where !isKnown { states[start + row] = CellState.missing.rawValue }
    }
  }

  /// Adds the rows of another builder behind these, as if its values had been added one by one.
  package mutating func append(_ other: ColumnBuilder) {
    var other = other
    if kind == .texts, other.kind != .texts { other.becomeTexts() }
    if kind != .texts, other.kind == .texts { becomeTexts() }
    if kind == .integers, other.kind == .decimals { becomeDecimals() }
    if kind == .decimals, other.kind == .integers { other.becomeDecimals() }
    switch kind {
    case .integers: integers += other.integers
    case .decimals: decimals += other.decimals
    case .texts:
      var numbers: [UInt32] = []
      for value in other.values {
        if let code = codeOfValue[value] {
          numbers.append(code)
        } else {
          codeOfValue[value] = UInt32(values.count)
          numbers.append(UInt32(values.count))
          values.append(value)
          textByteCount += value.utf8.count
        }
      }
      codes += other.codes.map { numbers[Int($0)] }
    }
    for (row, text) in other.marks { marks[count + row] = text }
    states += other.states
    hasStates = hasStates || other.hasStates
    hasNumber = hasNumber || other.hasNumber
  }

  private mutating func becomeDecimals() {
    decimals = integers.map { Double($0) }
    integers = []
    kind = .decimals
  }

  private mutating func becomeTexts() {
    let texts =
      kind == .integers ? integers.map { "\($0)" } : decimals.map { Self.text($0) }
    for (row, (text, state)) in zip(texts, states).enumerated() { addText(state == 0 ? text : marks[row] ?? "") }
    marks = [:]
    integers = []
    decimals = []
    kind = .texts
  }

  private static func text(_ decimal: Double) -> String { Int64(exactly: decimal).map { "\($0)" } ?? "\(decimal)" }

  private mutating func addText(_ text: String) {
    if let code = codeOfValue[text] {
      codes.append(code)
      return
    }
    let code = UInt32(values.count)
    codeOfValue[text] = code
    values.append(text)
    textByteCount += text.utf8.count
    codes.append(code)
  }

  package func column(named name: String) -> FileTable.Column {
    if !hasNumber, !marks.isEmpty, kind != .texts {
      var texts = self
      texts.becomeTexts()
      return texts.column(named: name)
    }
    let count = count
    let states = states
    let stateColumn =
      hasStates && kind != .texts
      ? unsafe ColumnBuffer<UInt8>(count: count) { buffer in
        for row in 0..<count { unsafe buffer[row] = states[row] }
      } : nil
    return FileTable.Column(name: name, values: fileValues, states: stateColumn)
  }

  private var fileValues: FileTable.Values {
    let count = count
    switch kind {
    case .integers:
      let integers = integers
      if integers.allSatisfy({ Int32(exactly: $0) != nil }) {
        return .numbers(
          .int32(
            unsafe ColumnBuffer(count: count) { buffer in
              for row in 0..<count { unsafe buffer[row] = Int32(truncatingIfNeeded: integers[row]) }
            }))
      }
      return .numbers(
        .int64(
          unsafe ColumnBuffer(count: count) { buffer in
            for row in 0..<count { unsafe buffer[row] = integers[row] }
          }))
    case .decimals:
      let decimals = decimals
      return .numbers(
        .float64(
          unsafe ColumnBuffer(count: count) { buffer in
            for row in 0..<count { unsafe buffer[row] = decimals[row] }
          }))
    case .texts:
      let codes = codes
      return .texts(
        codes: .narrowest(valueCount: values.count, rowCount: count) { codes[$0] }, values: values)
    }
  }
}
