import CQColumns
import CQMethods
import CQPlan
import CQSyntax
import CVectorLoops

/// A condition that compares whole numbers of a file, all of which are known, with one number each, or asks which texts or members there
/// are, joined by `and`, `or` and `not`: the columns are compared in place, and every row is a bit.
struct PlainCondition: Sendable {
  /// In the order of a formula: operands before what joins them.
  private enum Step: Sendable {
    /// Whether a number is neither smaller than the first nor larger than the last.
    case between(ColumnBuffer<Int32>, Int32, Int32)
    /// 1 or 0 for each code.
    case codes(DictionaryCodes, [UInt8])
    case members([Int32], [UInt8])
    case both
    case either
    case not
  }

  private let steps: [Step]
  private let rows: Range<Int>
  /// Conditions that wait to be joined, at most.
  private let depth: Int

  /// - Returns: nil where the reader does anything else, or the rows do not follow each other.
  init?(_ reader: RowReader) {
    guard let rows = reader.selection.range else { return nil }
    /// What is on the stack of the formula.
    enum Operand {
      case input(RowInput)
      case constant(Double)
      case condition
    }
    var operands: [Operand] = []
    var steps: [Step] = []
    /// Whether the last operand is a condition; a column that is one becomes a step.
    func endsWithCondition() -> Bool {
      switch operands.last {
      case .condition: return true
      case .input(let input):
        guard let step = Self.truths(input) else { return false }
        steps.append(step)
        operands[operands.count - 1] = .condition
        return true
      case .constant, nil: return false
      }
    }
    for instruction in reader.formula.instructions {
      switch instruction {
      case .load(let input):
        // What waits is a condition before its other side is: steps are in the order of the columns.
        if case .input = operands.last, !endsWithCondition() { return nil }
        operands.append(.input(reader.inputs[input]))
      case .constant(let number, .known): operands.append(.constant(number))
      case .compare(let comparison):
        guard case .constant(let number) = operands.popLast(),
          case .input(.numbers(.int32(let values), nil)) = operands.popLast(),
          let found = Self.comparison(values, comparison, number)
        else { return nil }
        steps += found
        operands.append(.condition)
      case .not:
        guard endsWithCondition() else { return nil }
        steps.append(.not)
      case .both, .either:
        guard endsWithCondition(), case .condition = operands.dropLast().last else { return nil }
        operands.removeLast()
        if case .both = instruction { steps.append(.both) } else { steps.append(.either) }
      default: return nil
      }
    }
    guard operands.count == 1, endsWithCondition() else { return nil }
    self.steps = steps
    self.rows = rows
    depth = reader.formula.depth
  }

  /// The steps of a comparison; nil where the number is beyond all of 32 bits.
  private static func comparison(_ values: ColumnBuffer<Int32>, _ comparison: BinaryOperator, _ number: Double)
    -> [Step]?
  {
    guard number >= -0x1p31, number < 0x1p31 else { return nil }
    let (down, up) = (number.rounded(.down), number.rounded(.up))
    let isWhole = down == up
    var ends = (first: Double(Int32.min), last: Double(Int32.max))
    switch comparison {
    case .less: ends.last = isWhole ? number - 1 : down
    case .lessOrEqual: ends.last = down
    case .greater: ends.first = isWhole ? number + 1 : up
    case .greaterOrEqual: ends.first = up
    // What is no whole number lies between none.
    case .equal, .notEqual: ends = (up, down)
    default: return nil
    }
    // Beyond all numbers lie none.
    let (first, last) = (Int32(exactly: ends.first), Int32(exactly: ends.last))
    let step = if let first, let last { Step.between(values, first, last) } else { Step.between(values, .max, .min) }
    return comparison == .notEqual ? [step, .not] : [step]
  }

  /// The step of a column that says of each text or member whether it is one of some.
  private static func truths(_ input: RowInput) -> Step? {
    func truths(_ table: [Double]) -> [UInt8]? {
      table.allSatisfy { $0 == 0 || $0 == 1 } ? table.map { $0 == 1 ? 1 : 0 } : nil
    }
    switch input {
    case .codes(let codes, let table): return truths(table).map { .codes(codes, $0) }
    case .members(let codes, let table): return truths(table).map { .members(codes, $0) }
    default: return nil
    }
  }

  /// Sets the bits of the rows at which it holds.
  ///
  /// - Precondition: `marks` has a bit for each position.
  /// - Returns: How many these are.
  func mark(_ positions: Range<Int>, in marks: UnsafeMutableBufferPointer<UInt64>) -> Int {
    let own = rows.lowerBound + positions.lowerBound..<rows.lowerBound + positions.upperBound
    precondition(positions.count <= 64 * marks.count, "more rows than bits")
    let wordCount = (positions.count + 63) / 64
    unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: depth * wordCount) { space in
      // The first condition lies in `marks`, and those that wait to be joined with it behind each other.
      var height = 0
      func words(_ level: Int) -> UnsafeMutableBufferPointer<UInt64> {
        unsafe level == 0
          ? marks : UnsafeMutableBufferPointer(rebasing: space[(level - 1) * wordCount..<level * wordCount])
      }
      for step in steps {
        switch step {
        case .between(let values, let first, let last):
          unsafe Self.mark(values, own, first, last, in: words(height))
          height += 1
        case .codes(.bits8(let codes), let truths):
          unsafe Self.mark(codes.elements, own, truths, in: words(height))
          height += 1
        case .codes(.bits16(let codes), let truths):
          unsafe Self.mark(codes.elements, own, truths, in: words(height))
          height += 1
        case .codes(.bits32(let codes), let truths):
          unsafe Self.mark(codes.elements, own, truths, in: words(height))
          height += 1
        case .members(let codes, let truths):
          unsafe codes.withUnsafeBufferPointer { unsafe Self.mark($0, own, truths, in: words(height)) }
          height += 1
        case .both, .either:
          height -= 1
          let (left, right) = unsafe (words(height - 1), words(height))
          if case .both = step {
            for word in 0..<wordCount { unsafe left[word] &= right[word] }
          } else {
            for word in 0..<wordCount { unsafe left[word] |= right[word] }
          }
        case .not:
          let top = unsafe words(height - 1)
          for word in 0..<wordCount { unsafe top[word] = ~top[word] }
        }
      }
    }
    // No bits behind the last row.
    if positions.count % 64 != 0 { unsafe marks[wordCount - 1] &= 1 &<< UInt64(positions.count % 64) &- 1 }
    unsafe marks[wordCount...].update(repeating: 0)
    var count = 0
    for word in 0..<wordCount { unsafe count &+= marks[word].nonzeroBitCount }
    return count
  }

  private static func mark(
    _ values: ColumnBuffer<Int32>, _ rows: Range<Int>, _ first: Int32, _ last: Int32,
    in marks: UnsafeMutableBufferPointer<UInt64>
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= values.count, "rows lie outside the column")
    let numbers = unsafe UnsafeBufferPointer(rebasing: values.elements[rows])
    let wordCount = rows.count / 64
    // SAFETY: there are as many numbers as rows, and a bit for each.
    if let numbers = numbers.baseAddress, let marks = marks.baseAddress {
      unsafe cq_mark_between(VectorLoops.width, numbers, wordCount, first, last, marks)
    }
    if rows.count % 64 == 0 { return }
    var bits: UInt64 = 0
    for index in 64 * wordCount..<rows.count {
      let number = unsafe numbers[index]
      if number >= first, number <= last { bits |= 1 &<< UInt64(truncatingIfNeeded: index & 63) }
    }
    unsafe marks[wordCount] = bits
  }

  private static func mark<Code: FixedWidthInteger>(
    _ codes: UnsafeBufferPointer<Code>, _ rows: Range<Int>, _ truths: [UInt8],
    in marks: UnsafeMutableBufferPointer<UInt64>
  ) {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= codes.count, "rows lie outside the column")
    let codes = unsafe UnsafeBufferPointer(rebasing: codes[rows])
    unsafe truths.withUnsafeBufferPointer { truths in
      let codeCount = truths.count
      for start in stride(from: 0, to: codes.count, by: 64) {
        var bits: UInt64 = 0
        for bit in 0..<min(64, codes.count - start) {
          let code = unsafe Int(truncatingIfNeeded: codes[start &+ bit])
          precondition(code >= 0 && code < codeCount, "a code lies outside its table")
          // SAFETY: checked above.
          bits |= unsafe UInt64(truths[code]) &<< UInt64(truncatingIfNeeded: bit)
        }
        unsafe marks[start / 64] = bits
      }
    }
  }
}
