/// What industries deliver to each other, and what they produce in all.
///
/// - Source: Leontief (1936), Review of Economics and Statistics 18(3); Miller and Blair (2009), Input–Output Analysis, 2nd ed.
package struct InputOutputTable: Sendable {
  /// Deliveries of the row's industry to the column's.
  package let flows: Matrix
  /// Gross output of each industry, in the unit of the flows.
  package let output: [Double]

  /// - Precondition: a square matrix, and one output for each industry.
  package init(flows: Matrix, output: [Double]) {
    precondition(flows.rowCount == flows.columnCount && output.count == flows.rowCount, "one output per industry")
    self.flows = flows
    self.output = output
  }

  package var size: Int { output.count }

  /// Output that is not delivered to an industry.
  package var finalDemand: [Double] { zip(output, flows.rowSums).map { $0 - $1 } }

  /// Inputs per unit of output, `a_ij = z_ij / x_j`; a column of 0 for an industry without output.
  package var inputCoefficients: Matrix {
    var result = flows
    for row in 0..<size {
      for column in 0..<size { result[row, column] = output[column] != 0 ? flows[row, column] / output[column] : 0 }
    }
    return result
  }

  /// Deliveries per unit of output, `b_ij = z_ij / x_i`; a row of 0 for an industry without output.
  package var outputCoefficients: Matrix {
    var result = flows
    for row in 0..<size {
      for column in 0..<size { result[row, column] = output[row] != 0 ? flows[row, column] / output[row] : 0 }
    }
    return result
  }

  /// `(I - A)⁻¹`: output of the row's industry that a unit of final demand for the column's needs.
  package func leontiefInverse() throws(LUFactorization.Failure) -> Matrix {
    try LUFactorization(inputCoefficients.leontief).inverse
  }

  /// `(I - B)⁻¹`: output of the column's industry that a unit of primary inputs of the row's makes possible.
  ///
  /// - Source: Ghosh (1958), Economica 25(97).
  package func ghoshInverse() throws(LUFactorization.Failure) -> Matrix {
    try LUFactorization(outputCoefficients.leontief).inverse
  }
}

extension Matrix {
  /// `I - A`.
  package var leontief: Matrix {
    var result = self
    for index in result.elements.indices { result.elements[index] = -result.elements[index] }
    for index in 0..<rowCount { result[index, index] += 1 }
    return result
  }

  /// Whether the economy of these input coefficients can produce any final demand: none is negative, all column sums are
  /// at most 1 and one is less (Brauer and Solow), which suffices but is not necessary.
  ///
  /// - Source: Solow (1952), Econometrica 20(1).
  package var satisfiesBrauerSolow: Bool {
    let sums = columnSums
    return elements.allSatisfy { $0 >= 0 } && sums.allSatisfy { $0 <= 1 } && sums.contains { $0 < 1 }
  }
}
