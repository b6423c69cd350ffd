/// Whether a regression by ordinary least squares leaves something to neighbours, and what: tests on its residuals.
///
/// With e the residuals, `σ² = e'e / n`, `T = tr(W'W + WW)` and `J = T + (WXb)'M(WXb) / σ²`:
/// `LM lag = (e'Wy / σ²)² / J`, `LM error = (e'We / σ²)² / T`; the robust ones allow for the other kind.
///
/// - Source: Cliff and Ord (1981), Spatial Processes, ch. 8; Anselin (1988), Geographical Analysis 20(1); Anselin, Bera, Florax and
///   Yoon (1996), Regional Science and Urban Economics 26(1).
package struct SpatialDiagnostics: Sendable {
  package struct Test: Sendable {
    package let value: Double
    package let p: Double?
  }

  /// Moran's I of the residuals; its moments allow for the regression.
  package let moran: Double
  package let expected: Double
  package let z: Double?
  package let lag: Test
  package let error: Test
  package let robustLag: Test
  package let robustError: Test
  /// Both at once, two degrees of freedom.
  package let both: Test

  /// - Returns: nil where the regression has no solution or no place has a neighbour.
  /// - Complexity: O(neighbours × regressors + places × regressors²).
  package init?(_ y: [Double], on design: Matrix, weights: SpatialWeights) {
    precondition(y.count == design.rowCount && y.count == weights.count, "a row for each place")
    guard let plain = LeastSquares(y, on: design), let reduced = QR(design) else { return nil }
    let (n, k) = (Double(y.count), Double(design.columnCount))
    let e = plain.residuals
    let squares = e.reduce(0) { $0 + $1 * $1 }
    let variance = squares / n
    let sums = weights.sums
    guard sums.s0 > 0, variance > 0, squares > 1e-24 * y.reduce(0, { $0 + $1 * $1 }) else { return nil }
    func product(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }
    // tr(W'W + WW) = ½ Σ (w_ij + w_ji)² = S1 where no place is its own neighbour.
    let trace = sums.s1
    let moved = weights.lag(zip(y, e).map { $0 - $1 })
    let rest = LeastSquares.residuals(of: moved, on: reduced, design)
    let information = trace + product(rest, rest) / variance
    let lagScore = product(e, weights.lag(y)) / variance
    let errorScore = product(e, weights.lag(e)) / variance
    func test(_ value: Double, degrees: Double = 1) -> Test {
      Test(value: value, p: Distribution.chiSquareUpperTail(value, degrees: degrees))
    }
    lag = test(lagScore * lagScore / information)
    error = test(errorScore * errorScore / trace)
    // Without anything that the trend moves there is no telling the two apart.
    let excess = max(information - trace, 0)
    let apart = lagScore - errorScore
    robustLag = excess > 0 ? test(apart * apart / excess) : Test(value: .nan, p: nil)
    let adjusted = errorScore - trace / information * lagScore
    robustError =
      excess > 0 ? test(adjusted * adjusted / (trace * (1 - trace / information))) : Test(value: .nan, p: nil)
    both =
      excess > 0
      ? test(apart * apart / excess + errorScore * errorScore / trace, degrees: 2) : Test(value: .nan, p: nil)
    // Moments of I: A = ½ (X'X)⁻¹X'(W + W')X, B = (X'X)⁻¹X'(W + W')²X.
    moran = n / sums.s0 * product(e, weights.lag(e)) / squares
    let across = weights.transposed
    let columns = (0..<design.columnCount).map { column in y.indices.map { design[$0, column] } }
    let lags = columns.map { column in zip(weights.lag(column), across.lag(column)).map { ($0 + $1) / 2 } }
    let doubles = columns.map { column in
      let once = zip(weights.lag(column), across.lag(column)).map { $0 + $1 }
      return zip(weights.lag(once), across.lag(once)).map { $0 + $1 }
    }
    let a = lags.map { reduced.solve(reduced.applyTransposed(to: $0)) }
    let b = doubles.map { reduced.solve(reduced.applyTransposed(to: $0)) }
    let traceA = a.indices.reduce(0) { $0 + a[$1][$1] }
    let traceB = b.indices.reduce(0) { $0 + b[$1][$1] }
    var traceAA = 0.0
    for row in a.indices { for column in a.indices { traceAA += a[row][column] * a[column][row] } }
    let freedom = n - k
    expected = -n * traceA / (freedom * sums.s0)
    let spread =
      n * n / (sums.s0 * sums.s0 * freedom * (freedom + 2))
      * (sums.s1 + 2 * traceAA - traceB - 2 * traceA * traceA / freedom)
    z = spread > 0 ? (moran - expected) / spread.squareRoot() : nil
  }
}

extension LeastSquares {
  /// What a regression on `design` leaves of `y`.
  static func residuals(of y: [Double], on reduced: QR, _ design: Matrix) -> [Double] {
    let fitted = design.multiplied(by: reduced.solve(reduced.applyTransposed(to: y)))
    return zip(y, fitted).map { $0 - $1 }
  }
}
