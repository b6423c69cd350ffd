#if canImport(Glibc)
  import Glibc
#endif

/// Flows between places from their sizes and the distance between them.
package enum GravityModel {
  /// A flow from one place to another, with what explains it.
  package struct Flow: Sendable {
    package var flow: Double
    package var origin: Double
    package var destination: Double
    package var distance: Double

    package init(flow: Double, origin: Double, destination: Double, distance: Double) {
      self.flow = flow
      self.origin = origin
      self.destination = destination
      self.distance = distance
    }
  }

  /// Log-linear: `ln T = k + α ln O + β ln D − γ ln d`, by least squares over flows above 0.
  ///
  /// - Returns: The regression (constant, α, β, −γ) and how many flows were left out, because one of the four is not above
  ///   0; nil where too few are left.
  /// - Source: Tinbergen (1962), *Shaping the World Economy*.
  package static func leastSquares(_ flows: [Flow]) -> (regression: LeastSquares, omittedCount: Int)? {
    let used = flows.filter { $0.flow > 0 && $0.origin > 0 && $0.destination > 0 && $0.distance > 0 }
    guard let regression = LeastSquares(used.map { log($0.flow) }, on: Matrix(rows: used.map(regressors))) else {
      return nil
    }
    return (regression, flows.count - used.count)
  }

  private static func regressors(_ flow: Flow) -> [Double] {
    [1, log(flow.origin), log(flow.destination), log(flow.distance)]
  }

  /// Poisson pseudo maximum likelihood: keeps flows of 0 and does not suffer from unequal variances.
  package struct Poisson: Sendable {
    package let coefficients: [Double]
    /// Robust to any variance (sandwich), with the factor n / (n − k).
    package let standardErrors: [Double]
    package let iterations: Int
    package let omittedCount: Int
    /// 1 − deviance / deviance of the constant alone.
    package let pseudoRSquared: Double

    package func zValue(_ column: Int) -> Double? {
      standardErrors[column] > 0 ? coefficients[column] / standardErrors[column] : nil
    }
  }

  /// - Returns: Constant, α, β, −γ as in ``leastSquares(_:)``; nil where the estimate does not exist or does not settle.
  /// - Source: Santos Silva and Tenreyro (2006), *Review of Economics and Statistics* 88: 641–658.
  package static func poisson(_ flows: [Flow]) -> Poisson? {
    let used = flows.filter { $0.flow >= 0 && $0.origin > 0 && $0.destination > 0 && $0.distance > 0 }
    guard let fit = poisson(used.map(\.flow), on: Matrix(rows: used.map(regressors))) else { return nil }
    return Poisson(
      coefficients: fit.coefficients, standardErrors: fit.standardErrors, iterations: fit.iterations,
      omittedCount: flows.count - used.count, pseudoRSquared: fit.pseudoRSquared)
  }

  /// Iteratively reweighted least squares with the logarithm as link.
  package static func poisson(_ y: [Double], on design: Matrix) -> Poisson? {
    let (rowCount, columnCount) = (design.rowCount, design.columnCount)
    let mean = y.reduce(0, +) / Double(max(1, rowCount))
    guard rowCount > columnCount, mean > 0 else { return nil }
    var fitted = y.map { ($0 + mean) / 2 }
    var deviance = Double.infinity
    for iteration in 1...100 {
      var (scaled, target) = (design, y)
      for row in 0..<rowCount {
        let root = fitted[row].squareRoot()
        target[row] = root * (log(fitted[row]) + (y[row] - fitted[row]) / fitted[row])
        for column in 0..<columnCount { scaled[row, column] *= root }
      }
      guard let reduced = QR(scaled) else { return nil }
      let coefficients = reduced.solve(reduced.applyTransposed(to: target))
      for row in 0..<rowCount {
        let linear = (0..<columnCount).reduce(0) { $0 + design[row, $1] * coefficients[$1] }
        fitted[row] = exp(min(700, max(-700, linear)))
      }
      let next = Self.deviance(y, fitted)
      guard next.isFinite else { return nil }
      if abs(next - deviance) <= 1e-12 * (abs(next) + 0.1 * mean) {
        let constant = Self.deviance(y, [Double](repeating: mean, count: rowCount))
        return Poisson(
          coefficients: coefficients, standardErrors: sandwich(reduced, design, y, fitted), iterations: iteration,
          omittedCount: 0, pseudoRSquared: constant > 0 ? 1 - next / constant : 0)
      }
      deviance = next
    }
    return nil
  }

  private static func deviance(_ y: [Double], _ fitted: [Double]) -> Double {
    2 * zip(y, fitted).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) - ($1.0 - $1.1) }
  }

  /// Of the last weighted regression: (X′WX)⁻¹ X′ diag(e²) X (X′WX)⁻¹.
  private static func sandwich(_ reduced: QR, _ design: Matrix, _ y: [Double], _ fitted: [Double]) -> [Double] {
    let columnCount = design.columnCount
    let inverse = reduced.inverseGram()
    var sums = [Double](repeating: 0, count: columnCount)
    for row in 0..<design.rowCount {
      for column in 0..<columnCount {
        var influence = 0.0
        for other in 0..<columnCount { influence += inverse[column, other] * design[row, other] }
        influence *= y[row] - fitted[row]
        sums[column] += influence * influence
      }
    }
    let factor = Double(design.rowCount) / Double(design.rowCount - columnCount)
    return sums.map { ($0 * factor).squareRoot() }
  }

  /// Flows with given totals of origins and destinations: `T_ij = A_i O_i B_j D_j f(d_ij)` with A and B such that they add up.
  ///
  /// - Parameters:
  ///   - origins, destinations: Totals, not negative; they must have the same sum.
  ///   - impedance: `f(d_ij)`, origins × destinations, not negative.
  /// - Returns: nil where sums differ by more than rounding, or where zeros make the totals impossible.
  /// - Source: Wilson (1971), *Environment and Planning A* 3: 1–32; Furness (1965), for the iteration.
  package static func doublyConstrained(
    origins: [Double], destinations: [Double], impedance: Matrix
  ) -> (flows: Matrix, iterations: Int)? {
    precondition(impedance.rowCount == origins.count && impedance.columnCount == destinations.count, "f for each pair")
    let (sent, received) = (origins.reduce(0, +), destinations.reduce(0, +))
    guard abs(sent - received) <= 1e-9 * max(sent, received), sent > 0 else { return nil }
    var flows = impedance
    for iteration in 1...10_000 {
      for row in origins.indices {
        let total = destinations.indices.reduce(0) { $0 + flows[row, $1] }
        guard total > 0 || origins[row] == 0 else { return nil }
        for column in destinations.indices { flows[row, column] *= total > 0 ? origins[row] / total : 0 }
      }
      for column in destinations.indices {
        let total = origins.indices.reduce(0) { $0 + flows[$1, column] }
        guard total > 0 || destinations[column] == 0 else { return nil }
        for row in origins.indices { flows[row, column] *= total > 0 ? destinations[column] / total : 0 }
      }
      let worst = origins.indices.reduce(0.0) { most, row in
        max(most, abs(destinations.indices.reduce(0) { $0 + flows[row, $1] } - origins[row]))
      }
      if worst <= 1e-10 * sent { return (flows, iteration) }
    }
    return nil
  }
}

extension QR {
  /// (A'A)⁻¹.
  func inverseGram() -> Matrix {
    let count = columnCount
    let columns = (0..<count).map { unit in solve((0..<count).map { $0 == unit ? 1 : 0 }) }
    var result = Matrix(rowCount: count, columnCount: count)
    for row in 0..<count {
      for column in 0..<count { result[row, column] = columns.reduce(0) { $0 + $1[row] * $1[column] } }
    }
    return result
  }
}
