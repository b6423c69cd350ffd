/// Ordinary least squares with the statistics that regional studies report.
///
/// - Source: Golub and Van Loan (2013), *Matrix Computations*, 5.2–5.3, for the solution by Householder reflections.
package struct LeastSquares: Sendable {
  /// One per column of the design, in its order.
  package let coefficients: [Double]
  package let standardErrors: [Double]
  /// Observed less fitted, one per row.
  package let residuals: [Double]
  package let rSquared: Double
  /// Rows less columns.
  package let degreesOfFreedom: Int
  /// Columns less one: the first column is taken to be the constant.
  package let modelDegrees: Int

  package func tValue(_ column: Int) -> Double? {
    standardErrors[column] > 0 ? coefficients[column] / standardErrors[column] : nil
  }

  /// Two-sided.
  package func pValue(_ column: Int) -> Double? {
    tValue(column).flatMap { Distribution.studentTwoSided($0, degrees: Double(degreesOfFreedom)) }
  }

  /// Of all coefficients but the constant together; nil where the fit is perfect or there are none.
  package var fValue: Double? {
    guard modelDegrees > 0, degreesOfFreedom > 0, rSquared < 1 else { return nil }
    return rSquared / Double(modelDegrees) / ((1 - rSquared) / Double(degreesOfFreedom))
  }

  package var fPValue: Double? {
    fValue.flatMap { Distribution.fisherUpperTail($0, Double(modelDegrees), Double(degreesOfFreedom)) }
  }

  package var adjustedRSquared: Double? {
    degreesOfFreedom > 0 ? 1 - (1 - rSquared) * Double(degreesOfFreedom + modelDegrees) / Double(degreesOfFreedom) : nil
  }

  /// - Parameters:
  ///   - y: One value per row of `design`, finite.
  ///   - design: Observations × regressors; its first column is the constant.
  /// - Returns: nil where there are not more rows than columns, where a column is a combination of others, or where all
  ///   of `y` are equal, which leaves nothing to explain.
  /// - Complexity: O(rows × columns²).
  package init?(_ y: [Double], on design: Matrix) {
    precondition(y.count == design.rowCount, "one value per row of the design")
    let (rowCount, columnCount) = (design.rowCount, design.columnCount)
    guard columnCount > 0, rowCount > columnCount, let reduced = QR(design) else { return nil }
    let rotated = reduced.applyTransposed(to: y)
    let coefficients = reduced.solve(rotated)
    var residuals = y
    for row in 0..<rowCount {
      for column in 0..<columnCount { residuals[row] -= design[row, column] * coefficients[column] }
    }
    let mean = y.reduce(0, +) / Double(rowCount)
    let total = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    guard total > 0 else { return nil }
    let unexplained = residuals.reduce(0) { $0 + $1 * $1 }
    let variance = unexplained / Double(rowCount - columnCount)
    standardErrors = reduced.inverseGramDiagonal().map { (variance * $0).squareRoot() }
    self.coefficients = coefficients
    self.residuals = residuals
    rSquared = max(0, 1 - unexplained / total)
    degreesOfFreedom = rowCount - columnCount
    modelDegrees = columnCount - 1
  }
}

/// A = QR by Householder reflections, for matrices with at least as many rows as columns.
struct QR {
  private var packed: Matrix
  private var diagonal: [Double]

  /// nil where a column is, but for rounding, a combination of those before it.
  init?(_ matrix: Matrix) {
    var packed = matrix
    var diagonal: [Double] = []
    for column in 0..<matrix.columnCount {
      var original = 0.0
      for row in 0..<matrix.rowCount { original += matrix[row, column] * matrix[row, column] }
      var norm = 0.0
      for row in column..<matrix.rowCount { norm += packed[row, column] * packed[row, column] }
      norm = norm.squareRoot()
      guard norm > 1e-11 * original.squareRoot() else { return nil }
      if packed[column, column] > 0 { norm = -norm }
      // The reflector v, scaled so that v'v = −2·norm·v₀; it is kept in place.
      packed[column, column] -= norm
      let scale = -norm * packed[column, column]
      for other in (column + 1)..<max(column + 1, matrix.columnCount) {
        var product = 0.0
        for row in column..<matrix.rowCount { product += packed[row, column] * packed[row, other] }
        product /= scale
        for row in column..<matrix.rowCount { packed[row, other] -= product * packed[row, column] }
      }
      diagonal.append(norm)
    }
    self.packed = packed
    self.diagonal = diagonal
  }

  var columnCount: Int { packed.columnCount }

  func applyTransposed(to vector: [Double]) -> [Double] {
    var result = vector
    for column in 0..<packed.columnCount {
      var product = 0.0
      for row in column..<packed.rowCount { product += packed[row, column] * result[row] }
      product /= -diagonal[column] * packed[column, column]
      for row in column..<packed.rowCount { result[row] -= product * packed[row, column] }
    }
    return result
  }

  /// R x = the first elements of `rotated`.
  func solve(_ rotated: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: packed.columnCount)
    for row in (0..<packed.columnCount).reversed() {
      var rest = rotated[row]
      for column in (row + 1)..<max(row + 1, packed.columnCount) { rest -= packed[row, column] * result[column] }
      result[row] = rest / diagonal[row]
    }
    return result
  }

  /// The diagonal of (A'A)⁻¹ = R⁻¹R⁻ᵀ.
  func inverseGramDiagonal() -> [Double] {
    let count = packed.columnCount
    var sums = [Double](repeating: 0, count: count)
    for unit in 0..<count {
      let column = solve((0..<count).map { $0 == unit ? 1 : 0 })
      for row in 0...unit { sums[row] += column[row] * column[row] }
    }
    return sums
  }
}
