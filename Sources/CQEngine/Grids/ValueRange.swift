import CQColumns
import CQPlan
import CQSemantics
import CQSyntax

/// What a number may be that nobody has computed: between which ends it lies where it is one, and which states it may have.
///
/// Operations are those of ``BlockStack``, and never too narrow: rounding keeps the order of numbers, so the ends of a result are made of
/// the ends of its operands.
struct ValueRange: Sendable, Equatable {
  var low: Double
  var high: Double
  /// A bit for each raw state that it may have.
  var states: UInt8

  init(_ low: Double, _ high: Double, states: UInt8) {
    (self.low, self.high, self.states) = (low, high, states)
  }

  init(_ value: Double, _ state: CellState) { self.init(value, value, states: state.bit) }

  /// Nothing is known of it.
  static let anything = ValueRange(
    -.greatestFiniteMagnitude, .greatestFiniteMagnitude, states: CellState.allCases.reduce(0) { $0 | $1.bit })

  /// All elements of a vector at `positions`.
  init(_ vector: Vector, at positions: some Sequence<Int>) {
    self.init(.infinity, -.infinity, states: 0)
    for position in positions {
      let state = vector.states[position]
      states |= state.bit
      guard state.hasValue else { continue }
      low = min(low, vector.values[position])
      high = max(high, vector.values[position])
    }
    normalise()
  }

  /// Whether it may have a number at all.
  var mayHaveValue: Bool { states & Self.numbers != 0 }
  /// Whether it has one for certain.
  var hasValue: Bool { states & ~Self.numbers == 0 }
  var isSurelyMissing: Bool { states == CellState.missing.bit }

  private static let numbers = CellState.known.bit | CellState.estimated.bit

  /// Whether it is 0 where it is a number at all.
  var isNothing: Bool { low == 0 && high == 0 }
  /// Its state, if that is known.
  var onlyState: CellState? { CellState.allCases.first { $0.bit == states } }

  /// What has no number has 0.
  private mutating func normalise() {
    if !mayHaveValue { (low, high) = (0, 0) }
  }

  /// Ends that are no numbers: results there are missing.
  private func checked() -> ValueRange {
    var result = self
    if low.isFinite && high.isFinite { return result }
    result.states |= CellState.missing.bit
    if low.isNaN || high.isNaN || low == .infinity || high == -.infinity {
      // Surely, where it is a single number; else nothing is known of it.
      if low.bitPattern == high.bitPattern {
        result.states &= ~Self.numbers
        result.normalise()
        return result
      }
      (result.low, result.high) = (Self.anything.low, Self.anything.high)
    }
    result.low = max(result.low, Self.anything.low)
    result.high = min(result.high, Self.anything.high)
    return result
  }

  func union(_ other: ValueRange) -> ValueRange {
    if !mayHaveValue { return ValueRange(other.low, other.high, states: states | other.states) }
    if !other.mayHaveValue { return ValueRange(low, high, states: states | other.states) }
    return ValueRange(min(low, other.low), max(high, other.high), states: states | other.states)
  }

  // MARK: - Operations

  /// The worse of both states, for all that these may be.
  private static func worse(_ left: UInt8, _ right: UInt8) -> UInt8 {
    var states: UInt8 = 0
    for one in CellState.allCases where left & one.bit != 0 {
      for other in CellState.allCases where right & other.bit != 0 { states |= max(one, other).bit }
    }
    return states
  }

  private static func combined(_ left: ValueRange, _ right: ValueRange, _ ends: () -> (Double, Double)) -> ValueRange {
    let states = worse(left.states, right.states)
    if states & numbers == 0 { return ValueRange(0, 0, states: states) }
    let (low, high) = ends()
    return ValueRange(low, high, states: states).checked()
  }

  static func arithmetic(_ operation: BinaryOperator, _ left: ValueRange, _ right: ValueRange) -> ValueRange {
    switch operation {
    case .add: combined(left, right) { (left.low + right.low, left.high + right.high) }
    case .subtract: combined(left, right) { (left.low - right.high, left.high - right.low) }
    case .multiply: combined(left, right) { hull(left, right, *) }
    case .divide: quotient(left, right)
    // Squares are common.
    default:
      combined(left, right) {
        guard right.low == 2, right.high == 2 else { return (anything.low, .infinity) }
        let (low, high) = (left.low * left.low, left.high * left.high)
        return (left.low <= 0 && left.high >= 0 ? 0 : Swift.min(low, high), Swift.max(low, high))
      }
    }
  }

  private static func hull(
    _ left: ValueRange, _ right: ValueRange, _ operation: (Double, Double) -> Double
  ) -> (Double, Double) {
    let ends = [
      operation(left.low, right.low), operation(left.low, right.high), operation(left.high, right.low),
      operation(left.high, right.high),
    ]
    return (ends.min() ?? 0, ends.max() ?? 0)
  }

  private static func quotient(_ left: ValueRange, _ right: ValueRange) -> ValueRange {
    if right.low > 0 || right.high < 0 { return combined(left, right) { hull(left, right, /) } }
    // What is divided by 0 is missing, and 0 divided by anything else is 0.
    if right.low == 0, right.high == 0 { return combined(left, right) { (.nan, .nan) } }
    guard left.low == 0, left.high == 0 else { return combined(left, right) { (anything.low, .infinity) } }
    var result = combined(left, right) { (0, 0) }
    if result.mayHaveValue { result.states |= CellState.missing.bit }
    return result
  }

  static func comparison(_ operation: BinaryOperator, _ left: ValueRange, _ right: ValueRange) -> ValueRange {
    var states = worse(left.states, right.states)
    if states & numbers == 0 { return ValueRange(0, 0, states: states) }
    states = states & ~numbers | CellState.known.bit
    let isSurely: Bool
    let isNever: Bool
    switch operation {
    case .equal, .notEqual:
      let areApart = left.high < right.low || left.low > right.high
      let areOne = left.low == left.high && right.low == right.high && left.low == right.low
      (isSurely, isNever) = operation == .equal ? (areOne, areApart) : (areApart, areOne)
    case .less: (isSurely, isNever) = (left.high < right.low, left.low >= right.high)
    case .lessOrEqual: (isSurely, isNever) = (left.high <= right.low, left.low > right.high)
    case .greater: (isSurely, isNever) = (left.low > right.high, left.high <= right.low)
    default: (isSurely, isNever) = (left.low >= right.high, left.high < right.low)
    }
    return ValueRange(isSurely ? 1 : 0, isNever ? 0 : 1, states: states)
  }

  var negated: ValueRange { mayHaveValue ? ValueRange(-high, -low, states: states) : self }
  var complement: ValueRange { mayHaveValue ? ValueRange(1 - high, 1 - low, states: states) : self }

  /// Whether it has one state.
  func isState(_ state: CellState) -> ValueRange {
    ValueRange(states == state.bit ? 1 : 0, states & state.bit == 0 ? 0 : 1, states: CellState.known.bit)
  }

  /// `and` (dominant 0) and `or` (dominant 1).
  static func logic(dominant: Double, _ left: ValueRange, _ right: ValueRange) -> ValueRange {
    var result: ValueRange?
    for (oneState, one) in left.truths {
      for (otherState, other) in right.truths {
        let oneDecides = oneState.hasValue && one == dominant
        let otherDecides = otherState.hasValue && other == dominant
        let outcome =
          switch (oneDecides, otherDecides) {
          case (true, true): ValueRange(dominant, min(oneState, otherState))
          case (true, false): ValueRange(dominant, oneState)
          case (false, true): ValueRange(dominant, otherState)
          case (false, false):
            ValueRange(max(oneState, otherState).hasValue ? 1 - dominant : 0, max(oneState, otherState))
          }
        result = result?.union(outcome) ?? outcome
      }
    }
    return result ?? .anything
  }

  /// Each truth that it may be.
  private var truths: [(state: CellState, value: Double)] {
    CellState.allCases.filter { states & $0.bit != 0 }.flatMap { state -> [(state: CellState, value: Double)] in
      if !state.hasValue { return [(state, 0)] }
      return [0, 1].filter { low <= $0 && $0 <= high }.map { (state, $0) }
    }
  }

  static func selection(_ test: ValueRange, _ then: ValueRange, _ otherwise: ValueRange) -> ValueRange {
    var result: ValueRange?
    for (state, truth) in test.truths {
      var outcome = ValueRange(0, state)
      if state.hasValue {
        outcome = truth == 1 ? then : otherwise
        outcome.states = worse(outcome.states, state.bit)
        outcome.normalise()
      }
      result = result?.union(outcome) ?? outcome
    }
    return result ?? .anything
  }

  /// What stands in for a number that is not there is an estimate at best.
  func coalesced(_ replacement: ValueRange) -> ValueRange {
    var replacement = replacement
    replacement.states = Self.worse(replacement.states, CellState.estimated.bit)
    if hasValue { return self }
    if !mayHaveValue { return replacement }
    return ValueRange(low, high, states: states & Self.numbers).union(replacement)
  }

  static func function(_ function: ScalarFunction, _ operands: [ValueRange]) -> ValueRange {
    guard var result = operands.first else { return .anything }
    for operand in operands.dropFirst() {
      result = combined(result, operand) {
        switch function {
        case .min: (Swift.min(result.low, operand.low), Swift.min(result.high, operand.high))
        case .max: (Swift.max(result.low, operand.low), Swift.max(result.high, operand.high))
        default: (anything.low, .infinity)
        }
      }
    }
    switch function {
    case .min, .max: return result
    case .abs where !result.mayHaveValue: return result
    case .abs:
      let (low, high) = (result.low.magnitude, result.high.magnitude)
      let least = result.low <= 0 && result.high >= 0 ? 0 : Swift.min(low, high)
      return ValueRange(least, Swift.max(low, high), states: result.states)
    default:
      // Rounding of other functions need not keep the order of numbers.
      if !result.mayHaveValue { return result }
      return ValueRange(anything.low, .infinity, states: result.states).checked()
    }
  }
}

extension CellState {
  fileprivate var bit: UInt8 { 1 << rawValue }
}

extension Formula {
  /// What it may give, of what its inputs may be.
  func range(_ inputs: [ValueRange]) -> ValueRange {
    var stack: [ValueRange] = []
    stack.reserveCapacity(max(1, depth))
    for instruction in instructions {
      let first = stack.count - instruction.operandCount
      guard first >= 0 else { return .anything }
      let result: ValueRange
      switch instruction {
      case .load(let input): result = inputs[input]
      case .constant(let value, let state): result = ValueRange(value, state)
      case .arithmetic(let operation): result = .arithmetic(operation, stack[first], stack[first + 1])
      case .compare(let operation): result = .comparison(operation, stack[first], stack[first + 1])
      case .negate: result = stack[first].negated
      case .not: result = stack[first].complement
      case .both: result = .logic(dominant: 0, stack[first], stack[first + 1])
      case .either: result = .logic(dominant: 1, stack[first], stack[first + 1])
      case .isState(let state): result = stack[first].isState(state)
      case .select: result = .selection(stack[first], stack[first + 1], stack[first + 2])
      case .coalesce: result = stack[first].coalesced(stack[first + 1])
      case .function(let function, _): result = .function(function, Array(stack[first...]))
      }
      stack.removeSubrange(first...)
      stack.append(result)
    }
    return stack.last ?? .anything
  }
}
