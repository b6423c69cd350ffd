/// Whether the spread of places shrinks over time.
///
/// - Source: Barro and Sala-i-Martin (1992), *Journal of Political Economy* 100(2): 223–251; Schmidt (1997),
///   *Konvergenz wachsender Volkswirtschaften*, for the F test.
package struct SigmaConvergence: Sendable {
  package enum Measure: Sendable {
    /// Standard deviation of the logarithms, divisor n − 1.
    case logDeviation
    /// Coefficient of variation, divisor n.
    case variation

    /// nil where the measure is undefined.
    package func of(_ values: [Double], weights: [Double]? = nil) -> Double? {
      switch self {
      case .logDeviation: Inequality.logDeviation(values, weights: weights)
      case .variation: Inequality.variation(values, weights: weights)
      }
    }
  }

  package let start: Double
  package let end: Double
  /// Above 1: the spread has become smaller.
  package var ratio: Double? { end > 0 ? start / end : nil }
  /// The variance at the start over that at the end: of the logarithms, or of the values for the coefficient of variation.
  package let fValue: Double?
  package let degrees: (Int, Int)
  /// Two-sided test of equal variances.
  package let pValue: Double?

  /// - Parameters:
  ///   - start, end: The values of the places in the first and the last year; they need not be the same places.
  /// - Returns: nil where the measure is undefined in one of the years.
  package init?(start: [Double], end: [Double], measure: Measure = .logDeviation) {
    guard let first = measure.of(start), let last = measure.of(end) else { return nil }
    self.start = first
    self.end = last
    let compared = { (values: [Double]) in measure == .logDeviation ? Logarithms.of(values) : values }
    degrees = (start.count - 1, end.count - 1)
    guard let above = WeightedMoments(compared(start))?.variance(ddof: 1),
      let below = WeightedMoments(compared(end))?.variance(ddof: 1),
      below > 0
    else {
      fValue = nil
      pValue = nil
      return
    }
    let f = above / below
    fValue = f
    let (df1, df2) = (Double(degrees.0), Double(degrees.1))
    pValue = Distribution.fisherUpperTail(f, df1, df2).flatMap { upper in
      Distribution.fisherLowerTail(f, df1, df2).map { min(1, 2 * min(upper, $0)) }
    }
  }

  /// The least-squares trend of a measure over the years: negative where places come closer to each other.
  ///
  /// - Returns: nil with fewer than three years or where all are equal.
  package static func trend(years: [Double], spread: [Double]) -> LeastSquares? {
    LeastSquares(spread, on: Matrix(rows: years.map { [1, $0] }))
  }
}
