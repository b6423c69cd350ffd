package import CQCatalog
package import CQColumns
package import CQSemantics
package import CQSyntax

/// An expression as instructions for a stack of vectors: evaluated block by block over all rows, never row by row.
package struct Formula: Sendable {
  package enum Input: Sendable {
    /// A planned cell, broadcast to the grid that the formula is evaluated on.
    case cell(Int)
    /// A column of a planned reduction.
    case reduction(Int, column: Int)
    /// A column of the row table.
    case column(Int)
    /// A column of members or texts as numbers that can be compared with those of another one: equal where the names are.
    case namesLike(column: Int, other: Int)
    case memberTest(column: Int, members: Set<Member>)
    case textTest(column: Int, texts: [String])
    case rowAggregate(RowAggregate)
    /// Whether the cluster of each cell is of this kind.
    case activityKind(String)
    /// A column of what a planned kernel gives.
    case kernel(Int, column: Int)
    case rowKernel(RowKernel, column: Int)
    /// One end of the interval of a planned formula.
    case bounds(Int, isHigh: Bool)
    /// The rate of the row's country and year.
    case exchangeRate(RateTable)
  }

  /// Why a number stands where there was none.
  package enum Replacement: Sendable {
    /// The query gives it (`x ?? 0`).
    case given
    /// The middle of its bounds.
    case midpoint
  }

  package enum Instruction: Sendable {
    case load(Int)
    case constant(Double, CellState)
    case arithmetic(BinaryOperator)
    case compare(BinaryOperator)
    case negate
    case both, either, not
    case isState(CellState)
    /// Pops otherwise, then, condition.
    case select
    case coalesce(Replacement)
    case function(ScalarFunction, operandCount: Int)
  }

  package var inputs: [Input] = []
  package var instructions: [Instruction] = []
  /// Vectors that the stack holds at most.
  package var depth = 0

  package init() {}

  /// `column > 2`, or the like.
  var comparesColumnWithNumber: Bool {
    guard instructions.count == 3, case .compare = instructions[2] else { return false }
    switch (instructions[0], instructions[1]) {
    case (.load(let input), .constant(_, .known)), (.constant(_, .known), .load(let input)):
      if case .column = inputs[input] { return true }
      return false
    default: return false
    }
  }

  /// The same with a formula in place of each column; nil where a column has none, or something is asked of rows.
  func replacingColumns(_ replacement: (Int) -> Formula?) -> Formula? {
    var result = Formula()
    var height = 0
    for instruction in instructions {
      guard case .load(let input) = instruction else {
        result.instructions.append(instruction)
        height += 1 - instruction.operandCount
        result.depth = max(result.depth, height)
        continue
      }
      guard case .column(let column) = inputs[input], let formula = replacement(column) else { return nil }
      result.depth = max(result.depth, height + formula.depth)
      for inner in formula.instructions {
        if case .load(let innerInput) = inner {
          result.inputs.append(formula.inputs[innerInput])
          result.instructions.append(.load(result.inputs.count - 1))
        } else {
          result.instructions.append(inner)
        }
      }
      height += 1
    }
    return result
  }
}

extension Formula.Instruction {
  /// Vectors that it takes off the stack; it puts one on it.
  package var operandCount: Int {
    switch self {
    case .load, .constant: 0
    case .isState, .negate, .not: 1
    case .arithmetic, .compare, .both, .either, .coalesce: 2
    case .select: 3
    case .function(_, let count): count
    }
  }
}

/// An aggregate over the rows of the table as they stand, repeated on every row (of its group).
package final class RowAggregate: Sendable {
  package let aggregate: Aggregate
  package let formula: Formula
  /// Columns whose values name the group.
  package let groups: [Int]

  init(aggregate: Aggregate, formula: Formula, groups: [Int]) {
    self.aggregate = aggregate
    self.formula = formula
    self.groups = groups
  }
}

/// `sum(x, over:level)`: formulas on a finer grid, combined into the cells of a coarser one.
package struct Reduction: Sendable {
  package var aggregate: Aggregate
  /// Index of the finer grid among the plan's grids.
  package var grid: Int
  /// Activity group of the coarser grid for each activity group of the finer one.
  package var parents: [Int32]
  /// Region group of the coarser grid for each region group of the finer one; empty where they are the same.
  package var regionParents: [Int32]
  package var formulas: [Formula]
  /// A member without a number in any column is left out of all columns.
  package var isListwise: Bool
}

extension Aggregate {
  /// Whether members can be combined one after the other, with no more kept of a cell than what there is so far.
  package var isRunning: Bool {
    switch self {
    case .sum, .mean, .min, .max, .count, .countWithheld: true
    default: false
    }
  }
}
