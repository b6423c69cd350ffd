#if canImport(Glibc)
  import Glibc
#endif

enum Logarithms {
  static func of(_ values: [Double]) -> [Double] { values.map { log($0) } }
  static func ratio(_ above: Double, _ below: Double) -> Double { log(above / below) }
}

/// Whether poorer places grow faster: growth regressed on the logarithm of the start.
///
/// `(1/T) ln(y_T / y_0) = α + β ln y_0 + γ′x`
///
/// - Source: Barro and Sala-i-Martin (1992), *Journal of Political Economy* 100(2): 223–251.
package struct BetaConvergence: Sendable {
  /// Columns: constant, ln y₀, then the controls.
  package let regression: LeastSquares
  /// Years between the first and the last one.
  package let years: Double
  /// Places that were left out for want of a positive value or of a control.
  package let omittedCount: Int

  package var alpha: Double { regression.coefficients[0] }
  package var beta: Double { regression.coefficients[1] }

  /// Speed of convergence, the part of the gap that closes in a year: `λ = −ln(1 + Tβ) / T`; nil where β says that
  /// places drift apart (β ≥ 0) or that they overtake each other (1 + Tβ ≤ 0).
  package var speed: Double? { Self.speed(beta: beta, years: years) }

  /// Years until half of the gap is closed: `ln 2 / λ`.
  package var halfLife: Double? { speed.map { M_LN2 / $0 } }

  package static func speed(beta: Double, years: Double) -> Double? {
    guard beta < 0, 1 + years * beta > 0, years > 0 else { return nil }
    return -log1p(years * beta) / years
  }

  /// - Parameters:
  ///   - start, end: The values of the same places in the first and the last year; a place without a positive value in
  ///     both is left out, as is one whose control is not finite.
  ///   - controls: Further regressors, each one value per place.
  /// - Returns: nil where fewer places are left than coefficients are estimated, or where a regressor is a combination of
  ///   others.
  package init?(start: [Double], end: [Double], years: Double, controls: [[Double]] = []) {
    precondition(start.count == end.count && controls.allSatisfy { $0.count == start.count }, "the same places")
    let kept = start.indices.filter { row in
      start[row] > 0 && end[row] > 0 && start[row].isFinite && end[row].isFinite
        && controls.allSatisfy { $0[row].isFinite }
    }
    guard years > 0,
      let regression = LeastSquares(
        kept.map { log(end[$0] / start[$0]) / years },
        on: Matrix(rows: kept.map { row in [1, log(start[row])] + controls.map { $0[row] } }))
    else { return nil }
    self.regression = regression
    self.years = years
    omittedCount = start.count - kept.count
  }
}
