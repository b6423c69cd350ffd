import CQColumns
import CQPlan
import CQSemantics
import CQSyntax

#if canImport(Glibc)
  import Glibc
#endif

/// Runs a formula over vectors of equal length, block by block: every instruction is one tight loop over a block that
/// stays in the cache, and no row is ever looked at alone.
struct FormulaEvaluator {
  static let blockRowCount = 1_024

  let formula: Formula
  /// One per input of the formula, all of `rowCount` elements.
  let inputs: [Vector]
  let rowCount: Int
  /// Counts the cells that `??` and `estimate` give a number to.
  var replacements: ReplacementCounts?

  func evaluate() -> Vector {
    if formula.instructions.count == 1, case .load(let input) = formula.instructions[0] { return inputs[input] }
    var result = Vector(repeating: .known, count: rowCount)
    var stack = BlockStack(depth: formula.depth)
    for start in stride(from: 0, to: rowCount, by: Self.blockRowCount) {
      let count = min(Self.blockRowCount, rowCount - start)
      stack.begin(count)
      for instruction in formula.instructions { run(instruction, start, &stack) }
      stack.store(into: &result, at: start)
    }
    return result
  }

  private func run(_ instruction: Formula.Instruction, _ start: Int, _ stack: inout BlockStack) {
    switch instruction {
    case .load(let input): stack.push(inputs[input], from: start)
    case .constant(let value, let state): stack.push(value, state)
    case .arithmetic(let operation): arithmetic(operation, &stack)
    case .compare(let operation): compare(operation, &stack)
    case .negate: stack.map { -$0 }
    case .not: stack.map { 1 - $0 }
    case .both: stack.logic(dominant: 0)
    case .either: stack.logic(dominant: 1)
    case .isState(let state): stack.testState(state)
    case .select: stack.select()
    case .coalesce(let replacement):
      let count = stack.coalesce()
      if count > 0 { replacements?.add(count, replacement) }
    case .function(let function, let operandCount): call(function, operandCount, &stack)
    }
  }

  private func arithmetic(_ operation: BinaryOperator, _ stack: inout BlockStack) {
    switch operation {
    case .add: stack.combine { $0 + $1 }
    case .subtract: stack.combine { $0 - $1 }
    case .multiply: stack.combine { $0 * $1 }
    case .divide: stack.combine { $1 == 0 ? .nan : $0 / $1 }
    default: stack.combine { pow($0, $1) }
    }
  }

  private func compare(_ operation: BinaryOperator, _ stack: inout BlockStack) {
    switch operation {
    case .equal: stack.test { $0 == $1 }
    case .notEqual: stack.test { $0 != $1 }
    case .less: stack.test { $0 < $1 }
    case .lessOrEqual: stack.test { $0 <= $1 }
    case .greater: stack.test { $0 > $1 }
    default: stack.test { $0 >= $1 }
    }
  }

  private func call(_ function: ScalarFunction, _ operandCount: Int, _ stack: inout BlockStack) {
    switch function {
    case .abs: stack.map { $0.magnitude }
    case .ln: stack.map { $0 > 0 ? log($0) : .nan }
    case .exp: stack.map { Glibc.exp($0) }
    case .sqrt: stack.map { $0 >= 0 ? $0.squareRoot() : .nan }
    case .mod: stack.combine { $1 == 0 ? .nan : $0 - $1 * ($0 / $1).rounded(.down) }
    case .round:
      if operandCount == 1 {
        stack.map { $0.rounded() }
      } else {
        stack.combine {
          let scale = pow(10, $1)
          return ($0 * scale).rounded() / scale
        }
      }
    case .min: for _ in 1..<operandCount { stack.combine { Swift.min($0, $1) } }
    case .max: for _ in 1..<operandCount { stack.combine { Swift.max($0, $1) } }
    }
  }
}

/// How many cells of a query got a number that nobody published, by the reason.
final class ReplacementCounts {
  private(set) var given = 0
  private(set) var midpoints = 0

  func add(_ count: Int, _ replacement: Formula.Replacement) {
    switch replacement {
    case .given: given += count
    case .midpoint: midpoints += count
    }
  }

  /// N0509, N0511.
  var notes: [TableNote] {
    var notes: [TableNote] = []
    func cells(_ count: Int) -> String { count == 1 ? "1 cell" : "\(count) cells" }
    if given > 0 {
      notes.append(
        TableNote(
          code: "N0509", text: "\(cells(given)) without a number filled in by the query (`??` or fill), marked ~"))
    }
    if midpoints > 0 {
      notes.append(
        TableNote(code: "N0511", text: "\(cells(midpoints)) estimated as the middle of the bounds, marked ~"))
    }
    return notes
  }
}

/// The vectors of one block, last in first out.
///
/// Results that are not finite (0/0, the logarithm of a negative number, an overflow) are missing, never numbers.
struct BlockStack {
  private static let width = FormulaEvaluator.blockRowCount
  private var values: [Double]
  private var states: [CellState]
  private var height = 0
  private var count = 0

  init(depth: Int) {
    values = [Double](repeating: 0, count: max(1, depth) * Self.width)
    states = [CellState](repeating: .known, count: max(1, depth) * Self.width)
  }

  mutating func begin(_ count: Int) {
    height = 0
    self.count = count
  }

  mutating func push(_ vector: Vector, from start: Int) {
    let base = height * Self.width
    for row in 0..<count {
      values[base + row] = vector.values[start + row]
      states[base + row] = vector.states[start + row]
    }
    height += 1
  }

  mutating func push(_ value: Double, _ state: CellState) {
    let base = height * Self.width
    for row in base..<base + count {
      values[row] = value
      states[row] = state
    }
    height += 1
  }

  func store(into result: inout Vector, at start: Int) {
    let base = (height - 1) * Self.width
    for row in 0..<count {
      result.values[start + row] = values[base + row]
      result.states[start + row] = states[base + row]
    }
  }

  @inline(__always)
  mutating func map(_ body: (Double) -> Double) {
    let base = (height - 1) * Self.width
    for row in base..<base + count { set(row, body(values[row]), states[row]) }
  }

  @inline(__always)
  mutating func combine(_ body: (Double, Double) -> Double) {
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    for row in 0..<count {
      set(left + row, body(values[left + row], values[right + row]), max(states[left + row], states[right + row]))
    }
  }

  /// A comparison is known wherever both sides are numbers, and unknown (withheld or missing) elsewhere.
  @inline(__always)
  mutating func test(_ body: (Double, Double) -> Bool) {
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    for row in 0..<count {
      let state = max(states[left + row], states[right + row])
      values[left + row] = state.hasValue && body(values[left + row], values[right + row]) ? 1 : 0
      states[left + row] = state.hasValue ? .known : state
    }
  }

  /// `and` (dominant 0) and `or` (dominant 1) of three-valued logic: one side may decide, whatever the other is.
  mutating func logic(dominant: Double) {
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    for row in 0..<count {
      let (one, other) = (left + row, right + row)
      let oneDecides = states[one].hasValue && values[one] == dominant
      let otherDecides = states[other].hasValue && values[other] == dominant
      switch (oneDecides, otherDecides) {
      case (true, true): states[one] = min(states[one], states[other])
      case (true, false): break
      case (false, true):
        values[one] = dominant
        states[one] = states[other]
      case (false, false):
        states[one] = max(states[one], states[other])
        values[one] = states[one].hasValue ? 1 - dominant : 0
      }
    }
  }

  mutating func testState(_ state: CellState) {
    let base = (height - 1) * Self.width
    for row in base..<base + count {
      values[row] = states[row] == state ? 1 : 0
      states[row] = .known
    }
  }

  mutating func select() {
    height -= 2
    let (test, then, otherwise) = ((height - 1) * Self.width, height * Self.width, (height + 1) * Self.width)
    for row in 0..<count {
      if states[test + row].hasValue {
        let chosen = values[test + row] == 1 ? then + row : otherwise + row
        let state = max(states[test + row], states[chosen])
        values[test + row] = state.hasValue ? values[chosen] : 0
        states[test + row] = state
      } else {
        values[test + row] = 0
      }
    }
  }

  /// - Returns: How many cells got a number.
  mutating func coalesce() -> Int {
    var count = 0
    height -= 1
    let left = (height - 1) * Self.width
    let right = height * Self.width
    for row in 0..<self.count where !states[left + row].hasValue {
      values[left + row] = values[right + row]
      if states[right + row].hasValue { count += 1 }
      // What was filled in is not what the agency published.
      states[left + row] = max(.estimated, states[right + row])
    }
    return count
  }

  @inline(__always)
  private mutating func set(_ row: Int, _ value: Double, _ state: CellState) {
    if state.hasValue && value.isFinite {
      values[row] = value
      states[row] = state
    } else {
      values[row] = 0
      states[row] = state.hasValue ? .missing : state
    }
  }
}
