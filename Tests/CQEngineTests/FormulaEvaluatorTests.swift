import CQCatalog
import CQColumns
import CQSemantics
import CQSyntax
import Foundation
import Testing

@testable import CQEngine
@testable import CQPlan

/// Formulas over blocks of rows against a tree that is evaluated row by row.
struct FormulaEvaluatorTests {
  /// One cell, as the language reference explains it.
  private struct Cell: Equatable {
    var value: Double
    var state: CellState

    init(_ value: Double, _ state: CellState) {
      self.value = state.hasValue ? value : 0
      self.state = state
    }

    /// A number that is none is missing.
    static func number(_ value: Double, _ state: CellState) -> Cell {
      value.isFinite || !state.hasValue ? Cell(value, state) : Cell(0, .missing)
    }

    var isTrue: Bool { state.hasValue && value == 1 }
    var isFalse: Bool { state.hasValue && value == 0 }
  }

  private indirect enum Node: Sendable {
    case input(Int)
    case constant(Double, CellState)
    case arithmetic(BinaryOperator, Node, Node)
    case compare(BinaryOperator, Node, Node)
    case negate(Node)
    case not(Node)
    case both(Node, Node)
    case either(Node, Node)
    case isState(CellState, Node)
    case select(Node, Node, Node)
    case coalesce(Node, Node)
    case function(ScalarFunction, [Node])

    func emit(into formula: inout Formula) {
      switch self {
      case .input(let index): formula.instructions.append(.load(index))
      case .constant(let value, let state): formula.instructions.append(.constant(value, state))
      case .arithmetic(let operation, let lhs, let rhs): emit([lhs, rhs], .arithmetic(operation), &formula)
      case .compare(let operation, let lhs, let rhs): emit([lhs, rhs], .compare(operation), &formula)
      case .negate(let operand): emit([operand], .negate, &formula)
      case .not(let operand): emit([operand], .not, &formula)
      case .both(let lhs, let rhs): emit([lhs, rhs], .both, &formula)
      case .either(let lhs, let rhs): emit([lhs, rhs], .either, &formula)
      case .isState(let state, let operand): emit([operand], .isState(state), &formula)
      case .select(let test, let then, let otherwise): emit([test, then, otherwise], .select, &formula)
      case .coalesce(let lhs, let rhs): emit([lhs, rhs], .coalesce(.given), &formula)
      case .function(let function, let operands):
        emit(operands, .function(function, operandCount: operands.count), &formula)
      }
    }

    private func emit(_ operands: [Node], _ instruction: Formula.Instruction, _ formula: inout Formula) {
      for operand in operands { operand.emit(into: &formula) }
      formula.instructions.append(instruction)
    }

    func evaluate(_ inputs: [Vector], _ row: Int) -> Cell {
      func cell(_ node: Node) -> Cell { node.evaluate(inputs, row) }
      switch self {
      case .input(let index): return Cell(inputs[index].values[row], inputs[index].states[row])
      case .constant(let value, let state): return Cell(value, state)
      case .arithmetic(let operation, let lhs, let rhs):
        let (left, right) = (cell(lhs), cell(rhs))
        return .number(Self.result(operation, left.value, right.value), max(left.state, right.state))
      case .compare(let operation, let lhs, let rhs):
        let (left, right) = (cell(lhs), cell(rhs))
        let state = max(left.state, right.state)
        return Cell(Self.holds(operation, left.value, right.value) ? 1 : 0, state.hasValue ? .known : state)
      case .negate(let operand): return Cell(-cell(operand).value, cell(operand).state)
      case .not(let operand): return Cell(1 - cell(operand).value, cell(operand).state)
      case .both(let lhs, let rhs):
        let (left, right) = (cell(lhs), cell(rhs))
        let deciding = [left, right].filter(\.isFalse).map(\.state).min()
        return deciding.map { Cell(0, $0) } ?? Cell(1, max(left.state, right.state))
      case .either(let lhs, let rhs):
        let (left, right) = (cell(lhs), cell(rhs))
        let deciding = [left, right].filter(\.isTrue).map(\.state).min()
        return deciding.map { Cell(1, $0) } ?? Cell(0, max(left.state, right.state))
      case .isState(let state, let operand): return Cell(cell(operand).state == state ? 1 : 0, .known)
      case .select(let test, let then, let otherwise):
        let condition = cell(test)
        if !condition.state.hasValue { return condition }
        let chosen = cell(condition.isTrue ? then : otherwise)
        return Cell(chosen.value, max(condition.state, chosen.state))
      case .coalesce(let lhs, let rhs):
        if cell(lhs).state.hasValue { return cell(lhs) }
        return Cell(cell(rhs).value, max(.estimated, cell(rhs).state))
      case .function(let function, let operands):
        let cells = operands.map(cell)
        let state = cells.reduce(CellState.known) { max($0, $1.state) }
        return .number(Self.result(function, cells.map(\.value)), state)
      }
    }

    private static func result(_ operation: BinaryOperator, _ left: Double, _ right: Double) -> Double {
      switch operation {
      case .add: left + right
      case .subtract: left - right
      case .multiply: left * right
      case .divide: left / right
      default: pow(left, right)
      }
    }

    private static func holds(_ operation: BinaryOperator, _ left: Double, _ right: Double) -> Bool {
      switch operation {
      case .equal: left == right
      case .notEqual: left != right
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      default: left >= right
      }
    }

    private static func result(_ function: ScalarFunction, _ values: [Double]) -> Double {
      switch function {
      case .abs: abs(values[0])
      case .ln: log(values[0])
      case .exp: Foundation.exp(values[0])
      case .sqrt: values[0].squareRoot()
      case .round where values.count == 1: values[0].rounded()
      case .round: (values[0] * pow(10, values[1])).rounded() / pow(10, values[1])
      case .min: values.min() ?? 0
      case .max: values.max() ?? 0
      case .mod: values[0] - values[1] * (values[0] / values[1]).rounded(.down)
      }
    }
  }

  private func evaluate(_ node: Node, _ inputs: [Vector], rowCount: Int) -> Vector {
    FormulaEvaluator(formula: formula(node), inputs: inputs, rowCount: rowCount).evaluate()
  }

  private func formula(_ node: Node) -> Formula {
    var formula = Formula()
    node.emit(into: &formula)
    var height = 0
    for instruction in formula.instructions {
      switch instruction {
      case .load, .constant: height += 1
      case .arithmetic, .compare, .both, .either, .coalesce: height -= 1
      case .select: height -= 2
      case .function(_, let operandCount): height -= operandCount - 1
      case .negate, .not, .isState: break
      }
      formula.depth = max(formula.depth, height)
    }
    return formula
  }

  private func check(_ node: Node, _ inputs: [Vector], rowCount: Int, _ comment: Comment) {
    let found = evaluate(node, inputs, rowCount: rowCount)
    #expect(found.count == rowCount)
    for row in 0..<rowCount {
      let cell = Cell(found.values[row], found.states[row])
      let expected = node.evaluate(inputs, row)
      guard cell == expected else {
        Issue.record("\(comment), row \(row): found \(cell), expected \(expected), \(node)")
        return
      }
      #expect(found.values[row].isFinite)
    }
  }

  // MARK: - Random formulas

  /// 0 and 1 stand for truths too.
  private static let numbers = [0, 0, 1, 1, -1, 2, 3, 0.5, -2.5, 10, 1e-300, 1e300, -1e300, 709, 710]

  private func inputs(_ source: inout RandomSource, rowCount: Int) -> [Vector] {
    (0..<4).map { index in
      let numbers = index < 2 ? Self.numbers : [0, 1]
      let states = CellState.allCases + [.known, .known]
      // Blocks that are known throughout have loops of their own.
      let isKnown = source.chance(0.3)
      let drawn = (0..<rowCount).map { _ in isKnown ? .known : source.pick(states) }
      return Vector(values: drawn.map { $0.hasValue ? source.pick(numbers) : 0 }, states: drawn)
    }
  }

  private func number(_ source: inout RandomSource, depth: Int) -> Node {
    if depth == 0 {
      return source.chance(0.7)
        ? .input(Int.random(in: 0...1, using: &source))
        : .constant(source.pick(Self.numbers), .known)
    }
    func operand() -> Node { number(&source, depth: depth - 1) }
    switch Int.random(in: 0...7, using: &source) {
    case 0...2:
      return .arithmetic(source.pick([.add, .subtract, .multiply, .divide, .power]), operand(), operand())
    case 3: return .negate(operand())
    case 4: return .coalesce(operand(), operand())
    case 5: return .select(truth(&source, depth: depth - 1), operand(), operand())
    case 6: return .constant(0, source.pick([.withheld, .missing]))
    default:
      let function = source.pick(ScalarFunction.allCases)
      let count = Int.random(in: function.arity.lowerBound...min(3, function.arity.upperBound), using: &source)
      return .function(function, (0..<count).map { _ in operand() })
    }
  }

  private func truth(_ source: inout RandomSource, depth: Int) -> Node {
    if depth == 0 { return .input(Int.random(in: 2...3, using: &source)) }
    func operand() -> Node { truth(&source, depth: depth - 1) }
    switch Int.random(in: 0...6, using: &source) {
    case 0: return .not(operand())
    case 1: return .both(operand(), operand())
    case 2: return .either(operand(), operand())
    case 3: return .coalesce(operand(), operand())
    case 4: return .isState(source.pick(CellState.allCases), number(&source, depth: depth - 1))
    case 5: return .select(operand(), operand(), operand())
    default:
      let operation: BinaryOperator = source.pick([.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual])
      return .compare(operation, number(&source, depth: depth - 1), number(&source, depth: depth - 1))
    }
  }

  @Test(arguments: 0..<150)
  func blocksGiveWhatRowsGive(seed: Int) {
    var source = RandomSource(seed: seed)
    let rowCount = source.pick([0, 1, 7, 1_279, 1_280, 1_281, 3_000])
    let inputs = inputs(&source, rowCount: rowCount)
    let depth = Int.random(in: 0...4, using: &source)
    check(number(&source, depth: depth), inputs, rowCount: rowCount, "number, seed \(seed)")
    check(truth(&source, depth: depth), inputs, rowCount: rowCount, "truth, seed \(seed)")
  }

  // MARK: - Parts that vary less than the grid

  private func grid(_ regions: Int, _ activities: Int, _ years: Int) -> Grid {
    Grid(
      region: RegionAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: regions)),
      activity: ActivityAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: activities)),
      years: Array(2000..<2000 + years))
  }

  /// An input of the grid, or one that is the same along some of its dimensions.
  private func input(
    _ source: inout RandomSource, _ vectors: [Vector], _ grid: Grid, along: (region: Bool, activity: Bool, year: Bool)
  ) -> (vector: Vector, broadcast: Broadcast?) {
    let (regions, width, years) = (grid.region.groupCount, grid.activity.groupCount, grid.years.count)
    let (ownWidth, ownYears) = (along.activity ? width : 1, along.year ? years : 1)
    let count = (along.region ? regions : 1) * ownWidth * ownYears
    let vector = source.pick(vectors)
    let part = Vector(values: Array(vector.values.prefix(count)), states: Array(vector.states.prefix(count)))
    if along == (true, true, true) { return (part, nil) }
    return (
      part,
      Broadcast(
        regionBases: (0..<regions).map { along.region ? $0 * ownWidth * ownYears : 0 },
        activityStride: along.activity ? ownYears : 0, yearStride: along.year ? 1 : 0, width: width, yearCount: years)
    )
  }

  @Test(arguments: 0..<150)
  func partsThatVaryLessAreComputedOnce(seed: Int) throws {
    var source = RandomSource(seed: seed)
    let grid = grid(source.pick([1, 3, 40]), source.pick([1, 5, 300]), source.pick([1, 4]))
    let all = inputs(&source, rowCount: grid.cellCount)
    let chosen = (0..<4).map { index in
      // Numbers first, then truths.
      input(
        &source, Array(index < 2 ? all[..<2] : all[2...]), grid,
        along: (source.chance(0.5), source.chance(0.5), source.chance(0.5)))
    }
    let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: source.pick([1, 2, 7])))
    for node in [number(&source, depth: 4), truth(&source, depth: 4)] {
      let (direct, hoisted) = (ReplacementCounts(), ReplacementCounts())
      var evaluator = FormulaEvaluator(
        formula: formula(node), inputs: chosen.map(\.vector), broadcasts: chosen.map(\.broadcast),
        rowCount: grid.cellCount, replacements: direct)
      let expected = try evaluator.evaluate(control)
      evaluator.replacements = hoisted
      let found = try FormulaHoisting(grid: grid).hoisted(evaluator, control).evaluate(control)
      #expect(found.values.map(\.bitPattern) == expected.values.map(\.bitPattern), "seed \(seed): \(node)")
      #expect(found.states == expected.states, "seed \(seed): \(node)")
      #expect(direct.given == hoisted.given)
      expectYearsAlone(evaluator, grid, expected, "seed \(seed): \(node)")
    }
  }

  /// The activities of one place and year are what they are among all elements.
  private func expectYearsAlone(_ evaluator: FormulaEvaluator, _ grid: Grid, _ all: Vector, _ comment: Comment) {
    let (width, years) = (grid.activity.groupCount, grid.years.count)
    var stack = BlockStack(depth: evaluator.formula.depth)
    for place in [0, grid.region.groupCount - 1] {
      for year in 0..<years {
        let first = width / 3
        let start = (place * width + first) * years + year
        var block = Vector(repeating: .missing, count: width - first)
        evaluator.evaluate(start, block.count, step: years, FormulaPreparation(evaluator), &stack)
        _ = stack.store(&block)
        let elements = (0..<block.count).map { start + $0 * years }
        #expect(block.values.map(\.bitPattern) == elements.map { all.values[$0].bitPattern }, comment)
        #expect(block.states == elements.map { all.states[$0] }, comment)
      }
    }
  }

  @Test func theBaseOfAQuotientIsDividedOnce() throws {
    var source = RandomSource(seed: 1)
    let grid = grid(40, 30, 3)
    let all = inputs(&source, rowCount: grid.cellCount)
    let chosen = [(true, true, true), (true, false, true), (false, true, true), (false, false, true)].map {
      input(&source, Array(all[..<2]), grid, along: $0)
    }
    let quotient = Node.arithmetic(
      .divide, .arithmetic(.divide, .input(0), .input(1)), .arithmetic(.divide, .input(2), .input(3)))
    let evaluator = FormulaEvaluator(
      formula: formula(quotient), inputs: chosen.map(\.vector), broadcasts: chosen.map(\.broadcast),
      rowCount: grid.cellCount)
    let hoisted = try FormulaHoisting(grid: grid).hoisted(
      evaluator, RunControl(cancellation: Cancellation(), limits: Limits()))
    #expect(hoisted.formula.instructions.count == 5)
    #expect(hoisted.inputs.last?.count == 90)
  }

  /// A test that is the same for a whole block leaves one side to be computed; `??` on the other still counts what it fills.
  @Test func sidesThatNoRowTakesCountWhatTheyFill() {
    let known = Vector(values: [3, 4, 5], states: [.known, .known, .known])
    let gaps = Vector(values: [0, 0, 1], states: [.withheld, .missing, .known])
    for isTaken in [true, false] {
      let test = Node.isState(isTaken ? .known : .missing, .input(0))
      let filled = Node.coalesce(.input(1), .constant(7, .known))
      for (other, count) in [(filled, 2), (.negate(.input(1)), 0)] {
        let counts = ReplacementCounts()
        // A choice within a choice, whose test ends where the inner one does.
        let inner = Node.select(.not(.isState(.missing, .input(0))), test, .input(0))
        let node = Node.select(inner, .input(0), other)
        let found = FormulaEvaluator(
          formula: formula(node), inputs: [known, gaps], rowCount: 3, replacements: counts
        ).evaluate()
        let expected = (0..<3).map { node.evaluate([known, gaps], $0) }
        #expect(found.values == expected.map(\.value) && found.states == expected.map(\.state))
        #expect(counts.given == count)
      }
    }
  }

  // MARK: - What the language reference says

  @Test func statesOfOperandsPassOn() {
    for left in CellState.allCases {
      for right in CellState.allCases {
        let sum = evaluate(.arithmetic(.add, .constant(1, left), .constant(2, right)), [], rowCount: 1)
        #expect(sum.states == [max(left, right)], "missing beats withheld beats estimated beats known")
        #expect(sum.values == [max(left, right).hasValue ? 3 : 0])
      }
    }
  }

  private static let undefined: [Node] = [
    .arithmetic(.divide, .constant(1, .known), .constant(0, .known)),
    .arithmetic(.divide, .constant(0, .known), .constant(0, .estimated)),
    .arithmetic(.divide, .constant(-1, .known), .constant(-0.0, .known)),
    .arithmetic(.multiply, .constant(1e300, .known), .constant(1e300, .known)),
    .arithmetic(.power, .constant(0, .known), .constant(-1, .known)),
    .arithmetic(.power, .constant(-8, .known), .constant(0.5, .known)),
    .function(.ln, [.constant(0, .known)]), .function(.ln, [.constant(-1, .known)]),
    .function(.sqrt, [.constant(-1, .known)]), .function(.exp, [.constant(1_000, .known)]),
    .function(.mod, [.constant(5, .known), .constant(0, .known)]),
    .function(.round, [.constant(5, .known), .constant(400, .known)]),
  ]

  @Test(arguments: undefined.indices) func undefinedNumbersAreMissing(index: Int) {
    let result = evaluate(Self.undefined[index], [], rowCount: 1)
    #expect(result.states == [.missing] && result.values == [0])
  }

  @Test(arguments: [
    // T true, F false, U unknown; and, or
    ("T", "T", "T", "T"), ("T", "F", "F", "T"), ("F", "F", "F", "F"), ("T", "U", "U", "T"), ("F", "U", "F", "U"),
    ("U", "U", "U", "U"),
  ])
  func logicHasThreeValues(one: String, other: String, both: String, either: String) {
    func node(_ text: String) -> Node {
      text == "U" ? .constant(0, .missing) : .constant(text == "T" ? 1 : 0, .known)
    }
    func text(_ node: Node) -> String {
      let result = evaluate(node, [], rowCount: 1)
      return result.states[0].hasValue ? (result.values[0] == 1 ? "T" : "F") : "U"
    }
    for (left, right) in [(one, other), (other, one)] {
      #expect(text(.both(node(left), node(right))) == both, "\(left) and \(right)")
      #expect(text(.either(node(left), node(right))) == either, "\(left) or \(right)")
    }
  }

  /// `(x > 1) ?? true` is an estimated truth, which decides like any other.
  @Test func filledInTruthsDecide() {
    let filledIn = Node.coalesce(.constant(0, .missing), .constant(1, .known))
    let yes = Node.constant(1, .known)
    let chosen = evaluate(.select(filledIn, .constant(5, .known), .constant(7, .known)), [], rowCount: 1)
    #expect(chosen.values == [5] && chosen.states == [.estimated])
    let both = evaluate(.both(filledIn, yes), [], rowCount: 1)
    #expect(both.values == [1] && both.states == [.estimated])
    let either = evaluate(.either(filledIn, yes), [], rowCount: 1)
    #expect(either.values == [1] && either.states == [.known])
  }

  @Test func comparisonsWithEstimatesAreKnown() {
    let result = evaluate(.compare(.greater, .constant(2, .estimated), .constant(1, .known)), [], rowCount: 1)
    #expect(result.values == [1] && result.states == [.known])
    let unknown = evaluate(.compare(.notEqual, .constant(2, .known), .constant(0, .withheld)), [], rowCount: 1)
    #expect(unknown.states == [.withheld], "neither true nor false")
  }

  @Test func whatIsFilledInIsAnEstimate() {
    let result = evaluate(.coalesce(.constant(0, .withheld), .constant(4, .known)), [], rowCount: 1)
    #expect(result.values == [4] && result.states == [.estimated])
    let nothing = evaluate(.coalesce(.constant(0, .withheld), .constant(0, .missing)), [], rowCount: 1)
    #expect(nothing.states == [.missing])
  }
}
