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
