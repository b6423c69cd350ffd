import CQPlan

/// What is found out about a formula and its inputs once, and used for every block.
struct FormulaPreparation: Sendable {
  /// A `select` by where its sides stand; the test is before them, and the instruction itself behind.
  struct Choice {
    let then: Range<Int>
    let otherwise: Range<Int>
  }

  /// Inputs of a coarser grid that are known throughout; the blocks of others are looked at one by one.
  let isKnownThroughout: [Bool]
  /// For each instruction the choice whose test ends with it; empty where there is none.
  private let choices: [Choice?]

  init(_ evaluator: FormulaEvaluator) {
    isKnownThroughout = evaluator.inputs.indices.map { input in
      !evaluator.broadcasts.isEmpty && evaluator.broadcasts[input] != nil && evaluator.inputs[input].states.allAreKnown
    }
    choices = Self.choices(of: evaluator.formula.instructions)
  }

  @inline(__always)
  func choice(after instruction: Int) -> Choice? { choices.isEmpty ? nil : choices[instruction] }

  private static func choices(of instructions: [Formula.Instruction]) -> [Choice?] {
    var choices: [Choice?] = []
    // Of each value on the stack where its instructions begin, and whether they do nothing but compute: `??` counts what it
    // fills.
    var stack: [(start: Int, isPure: Bool)] = []
    for (index, instruction) in instructions.enumerated() {
      let operandCount = instruction.operandCount
      guard stack.count >= operandCount else { return [] }
      let operands = Array(stack.suffix(operandCount))
      if case .select = instruction, operands[1].isPure, operands[2].isPure {
        if choices.isEmpty { choices = Array(repeating: nil, count: instructions.count) }
        choices[operands[1].start - 1] = Choice(
          then: operands[1].start..<operands[2].start, otherwise: operands[2].start..<index)
      }
      stack.removeLast(operandCount)
      var isPure = operands.allSatisfy(\.isPure)
      if case .coalesce = instruction { isPure = false }
      stack.append((operands.first?.start ?? index, isPure))
    }
    return choices
  }
}
