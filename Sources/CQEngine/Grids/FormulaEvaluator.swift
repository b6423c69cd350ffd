import CQColumns
import CQPlan
import CQSemantics
import CQSyntax
import CVectorLoops
internal import Synchronization

#if canImport(Glibc)
  import Glibc
#endif

/// Runs a formula over vectors of equal length, block by block: every instruction is one tight loop over a block that
/// stays in the cache, and no row is ever looked at alone.
struct FormulaEvaluator: Sendable {
  static let blockRowCount = BlockStack.width
  /// Rows that one thread evaluates at a time.
  private static let unitRowCount = 64 * blockRowCount

  var formula: Formula
  /// One per input of the formula: of `rowCount` elements, or with its place among `broadcasts`.
  var inputs: [Vector]
  /// Where the elements of inputs of a coarser grid stand; empty where there are none.
  var broadcasts: [Broadcast?] = []
  /// Inputs that are written block by block, in place of a vector; empty where there are none.
  var cells: [(any BlockCells)?] = []
  let rowCount: Int
  /// Counts the cells that `??` and `estimate` give a number to.
  var replacements: ReplacementCounts?

  ///
  /// - Precondition: No input is written block by block.
  func evaluate() -> Vector {
    if let alone = loaded { return alone }
    return evaluate(0..<rowCount)
  }

  /// As ``evaluate()``, on several threads for many rows.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func evaluate(_ control: RunControl) throws -> Vector {
    if cells.count == 1, formula.instructions.count == 1, let only = cells[0] as? CodedCells {
      return try only.vector(control)
    }
    if let alone = loaded { return alone }
    let unitCount = (rowCount + Self.unitRowCount - 1) / Self.unitRowCount
    let scheduler = Scheduler(control.limits, isWorthwhile: unitCount > 1)
    let preparation = FormulaPreparation(self)
    var states: [CellState] = []
    let values = try unsafe [Double](writing: rowCount) { values in
      states = try unsafe [CellState](writing: rowCount) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run(unitCount) { unit in
          try control.check()
          let rows = unit * Self.unitRowCount..<min(rowCount, (unit + 1) * Self.unitRowCount)
          var stack = BlockStack(depth: formula.depth)
          evaluate(rows, at: rows.lowerBound, preparation, values, states, &stack)
        }
      }
    }
    return Vector(values: values, states: states)
  }

  /// The elements of some rows, on this thread.
  func evaluate(_ rows: Range<Int>) -> Vector {
    var states: [CellState] = []
    let (preparation, count) = (FormulaPreparation(self), rows.count)
    let values = unsafe [Double](writing: count) { values in
      states = unsafe [CellState](writing: count) { states in
        var stack = BlockStack(depth: formula.depth)
        unsafe evaluate(rows, at: 0, preparation, SharedElements(values), SharedElements(states), &stack)
      }
    }
    return Vector(values: values, states: states)
  }

  /// Writes the elements of all rows from `target` on, on this thread.
  func evaluate(to values: SharedElements<Double>, _ states: SharedElements<CellState>, from target: Int) {
    var stack = BlockStack(depth: formula.depth)
    evaluate(0..<rowCount, at: target, FormulaPreparation(self), values, states, &stack)
  }

  /// The elements of several ranges of rows, one behind the other.
  ///
  /// - Precondition: All ranges are equally long.
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func evaluate(_ pieces: [Range<Int>], _ control: RunControl) throws -> Vector {
    guard let length = pieces.first?.count else { return Vector(values: [], states: []) }
    precondition(pieces.allSatisfy { $0.count == length }, "ranges of different lengths")
    let piecesPerUnit = max(1, Self.unitRowCount / max(1, length))
    let unitCount = (pieces.count + piecesPerUnit - 1) / piecesPerUnit
    let scheduler = Scheduler(control.limits, isWorthwhile: unitCount > 1)
    let preparation = FormulaPreparation(self)
    var states: [CellState] = []
    let values = try unsafe [Double](writing: pieces.count * length) { values in
      states = try unsafe [CellState](writing: pieces.count * length) { states in
        let (values, states) = unsafe (SharedElements(values), SharedElements(states))
        try scheduler.run(unitCount) { unit in
          var stack = BlockStack(depth: formula.depth)
          for piece in unit * piecesPerUnit..<min(pieces.count, (unit + 1) * piecesPerUnit) {
            if piece % 64 == 0 || length > Self.blockRowCount { try control.check() }
            evaluate(pieces[piece], at: piece * length, preparation, values, states, &stack)
          }
        }
      }
    }
    return Vector(values: values, states: states)
  }

  /// The one input of a formula that does nothing with it.
  private var loaded: Vector? {
    guard formula.instructions.count == 1, case .load(let input) = formula.instructions[0] else { return nil }
    return (broadcasts.isEmpty ? nil : broadcasts[input])?.gathered(inputs[input]) ?? inputs[input]
  }

  /// Writes the elements of `rows` from `target` on.
  private func evaluate(
    _ rows: Range<Int>, at target: Int, _ preparation: FormulaPreparation, _ values: SharedElements<Double>,
    _ states: SharedElements<CellState>, _ stack: inout BlockStack
  ) {
    for start in stride(from: rows.lowerBound, to: rows.upperBound, by: Self.blockRowCount) {
      let count = min(Self.blockRowCount, rows.upperBound - start)
      evaluate(start, count, preparation, &stack)
      let block = target + start - rows.lowerBound..<target + start - rows.lowerBound + count
      let (values, states) = unsafe (values.part(block).baseAddress, states.part(block).baseAddress)
      // SAFETY: both parts have as many elements as the block.
      if let values = unsafe values, let states = unsafe states { unsafe stack.store(values, states) }
    }
  }

  /// Leaves `count` elements, those from `start` on or every so many, as the result of `stack`.
  ///
  /// - Parameter step: From one element to the next: 1, or the years of the grid for the activities of one place and year.
  func evaluate(
    _ start: Int, _ count: Int, step: Int = 1, _ preparation: borrowing FormulaPreparation, _ stack: inout BlockStack
  ) {
    stack.begin(count)
    run(0..<formula.instructions.count, start, step, preparation, &stack)
  }

  /// Runs some instructions; of a choice whose test is the same for the whole block only the side that it takes.
  private func run(
    _ instructions: Range<Int>, _ start: Int, _ step: Int, _ preparation: borrowing FormulaPreparation,
    _ stack: inout BlockStack
  ) {
    var index = instructions.lowerBound
    while index < instructions.upperBound {
      run(formula.instructions[index], start, step, preparation, &stack)
      while let choice = preparation.choice(after: index), let test = stack.takeConstant() {
        run(test == 1 ? choice.then : choice.otherwise, start, step, preparation, &stack)
        index = choice.otherwise.upperBound
      }
      index += 1
    }
  }

  private func run(
    _ instruction: Formula.Instruction, _ start: Int, _ step: Int, _ preparation: borrowing FormulaPreparation,
    _ stack: inout BlockStack
  ) {
    switch instruction {
    case .load(let input):
      if let cells = cells.isEmpty ? nil : cells[input] {
        stack.push(cells, from: start, step: step)
      } else if let broadcast = broadcasts.isEmpty ? nil : broadcasts[input] {
        stack.push(
          inputs[input], broadcast, from: start, step: step, sourceIsKnown: preparation.isKnownThroughout[input])
      } else {
        stack.push(inputs[input], from: start, step: step)
      }
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
    case .add: stack.combine(CQ_ADD) { $0 + $1 }
    case .subtract: stack.combine(CQ_SUBTRACT) { $0 - $1 }
    case .multiply: stack.combine(CQ_MULTIPLY) { $0 * $1 }
    case .divide: stack.combine(CQ_DIVIDE) { $0 / $1 }
    // Squares are common, and a product is as exact.
    default:
      stack.hasConstant(2)
        ? stack.combine(CQ_SQUARE) { a, _ in a * a } : stack.combine { $1 == 2 ? $0 * $0 : pow($0, $1) }
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
final class ReplacementCounts: Sendable {
  private let givenCount = Atomic<Int>(0)
  private let midpointCount = Atomic<Int>(0)

  var given: Int { givenCount.load(ordering: .relaxed) }
  var midpoints: Int { midpointCount.load(ordering: .relaxed) }

  func add(_ count: Int, _ replacement: Formula.Replacement) {
    switch replacement {
    case .given: givenCount.wrappingAdd(count, ordering: .relaxed)
    case .midpoint: midpointCount.wrappingAdd(count, ordering: .relaxed)
    }
  }

  /// N0509, N0511.
  var notes: [TableNote] {
    var notes: [TableNote] = []
    if given > 0 {
      notes.append(
        TableNote(
          code: "N0509",
          text: "\(given.counted("cell")) without a number filled in by the query (`??` or fill), marked ~"))
    }
    if midpoints > 0 {
      notes.append(
        TableNote(code: "N0511", text: "\(midpoints.counted("cell")) estimated as the middle of the bounds, marked ~"))
    }
    return notes
  }
}
