#if canImport(Glibc)
  import Glibc
#endif

/// A regression in which neighbours matter: through what they have (`lag`), or through what is left unexplained in them (`error`).
///
/// `lag`: `y = ρWy + Xβ + ε`;  `error`: `y = Xβ + u, u = λWu + ε`.
///
/// - Source: Ord (1975), Journal of the American Statistical Association 70; Anselin (1988), Spatial Econometrics, ch. 6 and 8;
///   Kelejian and Prucha (1998), Journal of Real Estate Finance and Economics 17(1), for two stages.
package struct SpatialRegression: Sendable {
  package enum Model: String, Sendable, CaseIterable {
    /// Spatial lag by maximum likelihood.
    case lag
    /// Spatial error by maximum likelihood.
    case error
    /// Spatial lag by two-stage least squares: the lags of X are the instruments for the lag of y.
    case twoStage = "two_stage"
    /// Ordinary least squares with the likelihood of normal errors, to compare.
    case none
  }

  /// One per column of the design, in its order.
  package let coefficients: [Double]
  package let standardErrors: [Double]
  /// ρ or λ, with its standard error; nil without one.
  package let spatial: (value: Double, error: Double)?
  /// The squared correlation of observed and predicted values, (I - ρW)⁻¹Xβ for a lag.
  package let fit: Double
  /// nil for two stages.
  package let logLikelihood: Double?
  /// Of the coefficients and the spatial parameter.
  package let parameterCount: Int

  package var akaike: Double? { logLikelihood.map { 2 * Double(parameterCount) - 2 * $0 } }

  /// - Parameters:
  ///   - y: One value per place.
  ///   - design: Places × regressors; its first column is the constant.
  ///   - weights: Rows add up to 1 or are empty.
  /// - Returns: nil where there are not more places than parameters, where a regressor is a combination of others, or where nothing is
  ///   left to explain.
  /// - Complexity: places × band² for each of a few dozen values of ρ, then 8 · places² × band for standard errors.
  package init?(
    _ y: [Double], on design: Matrix, weights: SpatialWeights, model: Model, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(y.count == design.rowCount && y.count == weights.count, "a row for each place")
    guard let plain = LeastSquares(y, on: design), y.count > design.columnCount + 1 else { return nil }
    let n = Double(y.count)
    let unexplained = plain.residuals.reduce(0) { $0 + $1 * $1 }
    guard unexplained > 1e-24 * y.reduce(0, { $0 + $1 * $1 }) else { return nil }
    switch model {
    case .none:
      coefficients = plain.coefficients
      standardErrors = plain.standardErrors
      spatial = nil
      fit = plain.rSquared
      logLikelihood = -n / 2 * (log(2 * .pi * unexplained / n) + 1)
      parameterCount = design.columnCount
    case .twoStage:
      guard let found = Self.twoStage(y, design, weights) else { return nil }
      coefficients = Array(found.coefficients.dropLast())
      standardErrors = Array(found.errors.dropLast())
      let (rho, error) = (found.coefficients[design.columnCount], found.errors[design.columnCount])
      spatial = (rho, error)
      let trend = design.multiplied(by: coefficients)
      // Beyond 1 there is no reduced form; the prediction is then that of the equation as it stands.
      let predicted =
        abs(rho) < 1
        ? BandedFactorization(weights, rho: rho, layout: .init(weights)).solve(trend)
        : zip(trend, weights.lag(y)).map { $0 + rho * $1 }
      fit = Self.squaredCorrelation(y, predicted)
      logLikelihood = nil
      parameterCount = design.columnCount + 1
    case .lag, .error:
      let likelihood = Likelihood(y, design, weights, isLag: model == .lag)
      guard let rho = try likelihood.maximum(checkpoint), let found = likelihood.fit(rho) else { return nil }
      let factors = BandedFactorization(weights, rho: rho, layout: likelihood.layout)
      let traces = try Self.traces(weights, factors, checkpoint)
      let variance = found.variance
      let information: Matrix
      let width = design.columnCount
      let trend = design.multiplied(by: found.coefficients)
      if model == .lag {
        // β, ρ and σ² of the information matrix.
        let moved = weights.lag(factors.solve(trend))
        var matrix = Matrix(rowCount: width + 2, columnCount: width + 2)
        for row in 0..<width {
          for column in 0..<width {
            for place in y.indices { matrix[row, column] += design[place, row] * design[place, column] / variance }
          }
          for place in y.indices { matrix[row, width] += design[place, row] * moved[place] / variance }
          matrix[width, row] = matrix[row, width]
        }
        matrix[width, width] = traces.square + traces.cross + moved.reduce(0) { $0 + $1 * $1 } / variance
        matrix[width, width + 1] = traces.first / variance
        matrix[width + 1, width] = traces.first / variance
        matrix[width + 1, width + 1] = n / (2 * variance * variance)
        information = matrix
        fit = Self.squaredCorrelation(y, factors.solve(trend))
      } else {
        information = Matrix(rows: [
          [traces.square + traces.cross, traces.first / variance],
          [traces.first / variance, n / (2 * variance * variance)],
        ])
        fit = Self.squaredCorrelation(y, trend)
      }
      guard let inverse = (try? LUFactorization(information.balanced))?.inverse else { return nil }
      let scale = information.balance
      func error(_ index: Int) -> Double { (inverse[index, index] * scale[index] * scale[index]).squareRoot() }
      coefficients = found.coefficients
      standardErrors = model == .lag ? (0..<width).map(error) : found.errors
      spatial = (rho, error(model == .lag ? width : 0))
      logLikelihood = found.logLikelihood(factors.logDeterminant)
      parameterCount = width + 1
    }
  }

  private static func squaredCorrelation(_ x: [Double], _ y: [Double]) -> Double {
    let r = correlation(x, y)
    return r * r
  }

  /// `W(I - ρW)⁻¹`: its trace, the trace of its square, and the sum of its squares.
  private static func traces(
    _ weights: SpatialWeights, _ factors: BandedFactorization, _ checkpoint: () throws -> Void
  ) rethrows -> (first: Double, square: Double, cross: Double) {
    var (first, square, cross) = (0.0, 0.0, 0.0)
    let batch = 64
    for start in stride(from: 0, to: weights.count, by: batch) {
      try checkpoint()
      let count = min(batch, weights.count - start)
      var parts = [Double](repeating: 0, count: 3 * count)
      unsafe parts.withUnsafeMutableBufferPointer { buffer in
        // SAFETY: `buffer` has three numbers for each column; blocks write those of their own columns.
        guard let base = buffer.baseAddress else { return }
        Parallel.forEachBlock(of: count, grain: 8, work: count * weights.count * 200) { columns in
          for column in columns {
            var unit = [Double](repeating: 0, count: weights.count)
            unit[start + column] = 1
            let once = weights.lag(factors.solve(unit))
            let twice = weights.lag(factors.solve(once))
            unsafe base[3 * column] = once[start + column]
            unsafe base[3 * column + 1] = twice[start + column]
            unsafe base[3 * column + 2] = once.reduce(0) { $0 + $1 * $1 }
          }
        }
      }
      for column in 0..<count {
        first += parts[3 * column]
        square += parts[3 * column + 1]
        cross += parts[3 * column + 2]
      }
    }
    return (first, square, cross)
  }

  private static func twoStage(
    _ y: [Double], _ design: Matrix, _ weights: SpatialWeights
  ) -> (coefficients: [Double], errors: [Double])? {
    let lag = weights.lag(y)
    let width = design.columnCount
    let lags = (1..<max(1, width)).map { column in weights.lag(y.indices.map { design[$0, column] }) }
    let instruments = Matrix(
      rows: y.indices.map { place in (0..<width).map { design[place, $0] } + lags.map { $0[place] } })
    guard !lags.isEmpty, let first = LeastSquares(lag, on: instruments) else { return nil }
    let replaced = Matrix(
      rows: y.indices.map { place in (0..<width).map { design[place, $0] } + [lag[place] - first.residuals[place]] })
    guard let second = LeastSquares(y, on: replaced) else { return nil }
    // Residuals are those of the lag itself, not of what the instruments say of it.
    var squares = 0.0
    for place in y.indices {
      var residual = y[place] - second.coefficients[width] * lag[place]
      for column in 0..<width { residual -= design[place, column] * second.coefficients[column] }
      squares += residual * residual
    }
    let naive = second.residuals.reduce(0) { $0 + $1 * $1 } / Double(second.degreesOfFreedom)
    guard naive > 0 else { return nil }
    let ratio = (squares / Double(y.count) / naive).squareRoot()
    return (second.coefficients, second.standardErrors.map { $0 * ratio })
  }
}

/// The likelihood of a spatial regression at its best coefficients, as a function of ρ (or λ).
private struct Likelihood {
  struct Fit {
    let coefficients: [Double]
    let errors: [Double]
    /// Of ε, divided by the number of places.
    let variance: Double
    let count: Double

    func logLikelihood(_ logDeterminant: Double) -> Double {
      logDeterminant - count / 2 * (log(2 * .pi * variance) + 1)
    }
  }

  let layout: BandedFactorization.Layout
  private let y: [Double]
  private let lag: [Double]
  private let design: Matrix
  private let movedDesign: Matrix
  private let weights: SpatialWeights
  private let isLag: Bool

  init(_ y: [Double], _ design: Matrix, _ weights: SpatialWeights, isLag: Bool) {
    layout = .init(weights)
    self.y = y
    self.design = design
    self.weights = weights
    self.isLag = isLag
    lag = weights.lag(y)
    var moved = Matrix(rowCount: design.rowCount, columnCount: design.columnCount)
    for column in 0..<design.columnCount {
      for (place, value) in weights.lag(y.indices.map { design[$0, column] }).enumerated() {
        moved[place, column] = value
      }
    }
    movedDesign = moved
  }

  func fit(_ rho: Double) -> Fit? {
    var regressors = design
    if !isLag {
      for index in regressors.elements.indices { regressors.elements[index] -= rho * movedDesign.elements[index] }
    }
    guard let found = LeastSquares(zip(y, lag).map { $0 - rho * $1 }, on: regressors) else { return nil }
    let variance = found.residuals.reduce(0) { $0 + $1 * $1 } / Double(y.count)
    guard variance > 0 else { return nil }
    // Maximum likelihood divides by the places, least squares by the degrees of freedom.
    let ratio = (Double(found.degreesOfFreedom) / Double(y.count)).squareRoot()
    return Fit(
      coefficients: found.coefficients, errors: found.standardErrors.map { $0 * ratio }, variance: variance,
      count: Double(y.count))
  }

  private func value(_ rho: Double) -> Double {
    fit(rho)?.logLikelihood(BandedFactorization(weights, rho: rho, layout: layout).logDeterminant) ?? -.infinity
  }

  /// The ρ between -1 and 1 with the largest likelihood: golden sections, and parabolas where they do better.
  ///
  /// - Source: Brent (1973), Algorithms for Minimization without Derivatives, ch. 5.
  func maximum(_ checkpoint: () throws -> Void) rethrows -> Double? {
    let golden = 0.381966011250105
    var (low, high) = (-0.999999, 0.999999)
    var best = low + golden * (high - low)
    var (second, third) = (best, best)
    var bestValue = value(best)
    var (secondValue, thirdValue) = (bestValue, bestValue)
    var (step, before) = (0.0, 0.0)
    for _ in 0..<200 {
      try checkpoint()
      let middle = (low + high) / 2
      let tolerance = 1e-9 * abs(best) + 1e-11
      if abs(best - middle) <= 2 * tolerance - (high - low) / 2 { break }
      var isGolden = true
      if abs(before) > tolerance {
        let r = (best - second) * (bestValue - thirdValue)
        var q = (best - third) * (bestValue - secondValue)
        var p = (best - third) * q - (best - second) * r
        q = 2 * (q - r)
        if q > 0 { p = -p } else { q = -q }
        let last = before
        before = step
        if abs(p) < abs(q * last / 2), p > q * (low - best), p < q * (high - best) {
          step = p / q
          isGolden = false
          if best + step - low < 2 * tolerance || high - best - step < 2 * tolerance {
            step = best < middle ? tolerance : -tolerance
          }
        }
      }
      if isGolden {
        before = (best < middle ? high : low) - best
        step = golden * before
      }
      let next = best + (abs(step) >= tolerance ? step : step > 0 ? tolerance : -tolerance)
      let nextValue = value(next)
      if nextValue >= bestValue {
        if next < best { high = best } else { low = best }
        (third, thirdValue) = (second, secondValue)
        (second, secondValue) = (best, bestValue)
        (best, bestValue) = (next, nextValue)
      } else {
        if next < best { low = next } else { high = next }
        if nextValue >= secondValue || second == best {
          (third, thirdValue) = (second, secondValue)
          (second, secondValue) = (next, nextValue)
        } else if nextValue >= thirdValue || third == best || third == second {
          (third, thirdValue) = (next, nextValue)
        }
      }
    }
    return bestValue.isFinite ? best : nil
  }
}

extension Matrix {
  /// `1 / √a_ii` for each row.
  fileprivate var balance: [Double] { (0..<rowCount).map { 1 / self[$0, $0].squareRoot() } }

  /// Rows and columns scaled so that the diagonal is 1: an information matrix holds numbers of very different size.
  fileprivate var balanced: Matrix {
    let scale = balance
    var result = self
    for row in 0..<rowCount { for column in 0..<columnCount { result[row, column] *= scale[row] * scale[column] } }
    return result
  }
}
