/// Households as one more industry: they sell work and buy what industries make.
package struct Households: Sendable {
  /// Income that each industry pays them per unit of its output.
  package let income: [Double]
  /// What they buy of each industry per unit of income.
  package let spending: [Double]
  /// What they pay each other per unit of income.
  package let ownSpending: Double

  package init(income: [Double], spending: [Double], ownSpending: Double = 0) {
    self.income = income
    self.spending = spending
    self.ownSpending = ownSpending
  }
}

/// What a unit of final demand for each industry does to the economy.
package struct Multipliers: Sendable {
  /// Output of all industries per unit of final demand: column sums of the Leontief inverse.
  package let output: [Double]
  /// Output when households spend what they earn, without (truncated) and with their row.
  package let outputWithHouseholds: (truncated: [Double], total: [Double])?

  private let inverse: Matrix
  private let closedInverse: Matrix?

  /// - Parameters:
  ///   - inverse: The Leontief inverse.
  ///   - coefficients: Input coefficients, needed with `households`.
  ///   - households: For multipliers of type II.
  /// - Source: Miller and Blair (2009), ch. 2.5 and 6.2.
  package init(
    inverse: Matrix, coefficients: Matrix, households: Households? = nil
  ) throws(LUFactorization.Failure) {
    self.inverse = inverse
    output = inverse.columnSums
    guard let households else {
      (closedInverse, outputWithHouseholds) = (nil, nil)
      return
    }
    let closed = try LUFactorization(coefficients.closed(with: households).leontief).inverse
    closedInverse = closed
    let size = inverse.rowCount
    let total = Array(closed.columnSums.prefix(size))
    outputWithHouseholds = (truncated: (0..<size).map { total[$0] - closed[size, $0] }, total: total)
  }

  /// Income, jobs or value added in all industries per unit of final demand (simple multipliers).
  ///
  /// - Parameter perOutput: Income, jobs or value added per unit of each industry's output.
  package func effects(of perOutput: [Double]) -> [Double] { inverse.leftMultiplied(by: perOutput) }

  /// The same when households spend what they earn, in industries only; nil without households.
  package func effectsWithHouseholds(of perOutput: [Double]) -> [Double]? {
    closedInverse.map { Array($0.leftMultiplied(by: perOutput + [0]).prefix(perOutput.count)) }
  }

  /// Effects as multiples of the industry's own: per unit of income (job, value added) that it pays itself.
  ///
  /// - Returns: Not a number where the industry pays none.
  package static func ratios(_ effects: [Double], to perOutput: [Double]) -> [Double] {
    zip(effects, perOutput).map { $1 != 0 ? $0 / $1 : .nan }
  }
}

extension Matrix {
  /// Input coefficients with households as one more industry.
  func closed(with households: Households) -> Matrix {
    precondition(households.income.count == rowCount && households.spending.count == rowCount, "one per industry")
    var result = Matrix(rowCount: rowCount + 1, columnCount: columnCount + 1)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[row, column] = self[row, column] }
      result[row, columnCount] = households.spending[row]
      result[rowCount, row] = households.income[row]
    }
    result[rowCount, columnCount] = households.ownSpending
    return result
  }
}
