import CQPlan

/// Parts of a formula that do not vary along every dimension of its grid, computed once for each place where they differ: the
/// base's growth of an industry is one number for all places, and is divided once, not for each of them.
///
/// Elements are what they were: the same operations on the same numbers.
struct FormulaHoisting {
  /// Along which dimensions of a grid something differs.
  private struct Variation: OptionSet {
    let rawValue: Int
    static let region = Variation(rawValue: 1)
    static let activity = Variation(rawValue: 2)
    static let year = Variation(rawValue: 4)
    static let none: Variation = []
  }

  /// A value of the stack: the instructions that make it.
  private struct Part {
    var instructions: Range<Int>
    var variation: Variation
    /// Whether its elements may be computed fewer times than they are used: `??` counts what it fills.
    var isPure: Bool
    var operationCount: Int
  }

  /// A part that is computed for fewer elements must save at least so many.
  private static let leastSaving = 4

  let grid: Grid
  private let whole: Variation

  init(grid: Grid) {
    self.grid = grid
    var whole: Variation = .none
    if grid.region.groupCount > 1 { whole.insert(.region) }
    if grid.activity.groupCount > 1 { whole.insert(.activity) }
    if grid.years.count > 1 { whole.insert(.year) }
    self.whole = whole
  }

  /// `evaluator`, over the grid, with the parts that vary less as inputs of their own.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func hoisted(_ evaluator: FormulaEvaluator, _ control: RunControl) throws -> FormulaEvaluator {
    let parts = parts(evaluator)
    guard !parts.isEmpty else { return evaluator }
    var result = evaluator
    var instructions: [Formula.Instruction] = []
    var next = 0
    for part in parts {
      instructions += evaluator.formula.instructions[next..<part.instructions.lowerBound]
      let (vector, broadcast) = try computed(part, evaluator, control)
      result.inputs.append(vector)
      result.broadcasts.append(broadcast)
      if !result.cells.isEmpty { result.cells.append(nil) }
      instructions.append(.load(result.inputs.count - 1))
      next = part.instructions.upperBound
    }
    instructions += evaluator.formula.instructions[next...]
    result.formula.instructions = instructions
    return result
  }

  // MARK: - Finding parts

  /// The largest parts that vary less than the grid, in their order.
  private func parts(_ evaluator: FormulaEvaluator) -> [Part] {
    guard evaluator.broadcasts.contains(where: { $0 != nil }) else { return [] }
    var stack: [Part] = []
    var found: [Part] = []
    for (index, instruction) in evaluator.formula.instructions.enumerated() {
      let operandCount = instruction.operandCount
      var part = Part(instructions: index..<index + 1, variation: .none, isPure: true, operationCount: 1)
      switch instruction {
      case .load(let input):
        part.variation = variation(evaluator.broadcasts[input])
        part.operationCount = 0
      case .constant: part.operationCount = 0
      case .coalesce: part.isPure = false
      default: break
      }
      guard stack.count >= operandCount else { return [] }
      let operands = stack.suffix(operandCount)
      stack.removeLast(operandCount)
      for operand in operands {
        part.variation.formUnion(operand.variation)
        part.isPure = part.isPure && operand.isPure
        part.operationCount += operand.operationCount
      }
      if let first = operands.first { part.instructions = first.instructions.lowerBound..<index + 1 }
      if !isHoistable(part) { found += operands.filter { isHoistable($0) && $0.operationCount > 0 } }
      stack.append(part)
    }
    return found.sorted { $0.instructions.lowerBound < $1.instructions.lowerBound }
  }

  private func variation(_ broadcast: Broadcast?) -> Variation {
    guard let broadcast else { return whole }
    var variation: Variation = .none
    if broadcast.regionBases.contains(where: { $0 != broadcast.regionBases[0] }) { variation.insert(.region) }
    if broadcast.activityStride != 0 { variation.insert(.activity) }
    if broadcast.yearStride != 0 { variation.insert(.year) }
    return variation.intersection(whole)
  }

  private func isHoistable(_ part: Part) -> Bool {
    part.isPure && size(part.variation).count * Self.leastSaving <= grid.cellCount
  }

  // MARK: - Computing parts

  /// Places, activities and years of what varies so.
  private func size(_ variation: Variation) -> (regions: Int, width: Int, years: Int, count: Int) {
    let regions = variation.contains(.region) ? grid.region.groupCount : 1
    let width = variation.contains(.activity) ? grid.activity.groupCount : 1
    let years = variation.contains(.year) ? grid.years.count : 1
    return (regions, width, years, regions * width * years)
  }

  private func computed(
    _ part: Part, _ evaluator: FormulaEvaluator, _ control: RunControl
  ) throws -> (vector: Vector, broadcast: Broadcast) {
    let (regions, width, years, count) = size(part.variation)
    var formula = Formula()
    formula.depth = evaluator.formula.depth
    var inputs: [Vector] = []
    var broadcasts: [Broadcast?] = []
    for instruction in evaluator.formula.instructions[part.instructions] {
      guard case .load(let input) = instruction, let broadcast = evaluator.broadcasts[input] else {
        formula.instructions.append(instruction)
        continue
      }
      formula.instructions.append(.load(inputs.count))
      inputs.append(evaluator.inputs[input])
      broadcasts.append(
        Broadcast(
          regionBases: Array(broadcast.regionBases.prefix(regions)), activityStride: broadcast.activityStride,
          yearStride: broadcast.yearStride, width: width, yearCount: years))
    }
    let vector = try FormulaEvaluator(formula: formula, inputs: inputs, broadcasts: broadcasts, rowCount: count)
      .evaluate(control)
    let bases = (0..<grid.region.groupCount).map { part.variation.contains(.region) ? $0 * width * years : 0 }
    return (
      vector,
      Broadcast(
        regionBases: bases, activityStride: part.variation.contains(.activity) ? years : 0,
        yearStride: part.variation.contains(.year) ? 1 : 0, width: grid.activity.groupCount, yearCount: grid.years.count
      )
    )
  }
}
