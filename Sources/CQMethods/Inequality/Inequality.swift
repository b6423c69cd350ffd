#if canImport(Glibc)
  import Glibc
#endif

/// How unequally something is spread over places or people: one number from values and, where they have any, weights
/// (mostly population).
///
/// Values are finite; weights are finite and not negative. A measure that is undefined for its values is nil, never NaN.
package enum Inequality {
  /// Gini coefficient: half the mean absolute difference, relative to the mean.
  ///
  /// `G = Σ_i Σ_j w_i w_j |x_i − x_j| / (2 μ W²)`
  ///
  /// - Parameter isCorrected: Multiplies by n / (n − 1), so that one who has everything gives 1.
  /// - Returns: nil without values or where the mean is not above 0. Above 1 is possible with negative values.
  /// - Complexity: O(n log n).
  /// - Source: Gini (1912), *Variabilità e mutabilità*; Sen (1973), *On Economic Inequality*.
  package static func gini(_ values: [Double], weights: [Double]? = nil, isCorrected: Bool = false) -> Double? {
    guard let moments = WeightedMoments(values, weights: weights), moments.mean > 0 else { return nil }
    guard !isCorrected || values.count > 1 else { return nil }
    let order = values.indices.sorted { values[$0] < values[$1] }
    var (weightBelow, massBelow, differences) = (0.0, 0.0, 0.0)
    for index in order {
      let weight = weights?[index] ?? 1
      differences += weight * (values[index] * weightBelow - massBelow)
      weightBelow += weight
      massBelow += weight * values[index]
    }
    let gini = max(0, differences / (weightBelow * massBelow))
    return isCorrected ? gini * Double(values.count) / Double(values.count - 1) : gini
  }

  /// Theil's T, the mean of (x/μ) ln(x/μ); 0 where all are equal, at most ln n.
  ///
  /// - Returns: nil with a negative value or where the mean is not above 0; 0 ln 0 is 0.
  /// - Source: Theil (1967), *Economics and Information Theory*, ch. 4.
  package static func theilT(_ values: [Double], weights: [Double]? = nil) -> Double? {
    relativeMean(values, weights) { $0 == 0 ? 0 : $0 * log($0) }
  }

  /// Theil's L, the mean logarithmic deviation: the mean of ln(μ/x).
  ///
  /// - Returns: nil where a value is not above 0.
  /// - Source: Theil (1967), *Economics and Information Theory*, ch. 4.
  package static func theilL(_ values: [Double], weights: [Double]? = nil) -> Double? {
    values.contains(0) ? nil : relativeMean(values, weights) { -log($0) }
  }

  /// The weighted mean of `term(x/μ)`.
  private static func relativeMean(
    _ values: [Double], _ weights: [Double]?, _ term: (Double) -> Double
  ) -> Double? {
    guard let moments = WeightedMoments(values, weights: weights), moments.mean > 0, values.allSatisfy({ $0 >= 0 })
    else { return nil }
    return WeightedMoments(values.map { term($0 / moments.mean) }, weights: weights)?.mean
  }

  /// Atkinson's index: the part of the total that could be given up for an equal distribution at no loss of welfare.
  ///
  /// `A = 1 − (Σ p (x/μ)^(1−ε))^(1/(1−ε))`, for ε = 1 `1 − exp(Σ p ln x) / μ`
  ///
  /// - Parameter aversion: ε, not negative; 0 gives 0.
  /// - Returns: nil with a negative value, a negative ε, or where the mean is not above 0; 1 with a zero and ε ≥ 1.
  /// - Source: Atkinson (1970), *Journal of Economic Theory* 2: 244–263.
  package static func atkinson(_ values: [Double], aversion: Double, weights: [Double]? = nil) -> Double? {
    guard aversion >= 0 else { return nil }
    if aversion >= 1, values.contains(0), values.allSatisfy({ $0 >= 0 }), values.contains(where: { $0 > 0 }) {
      return 1
    }
    if aversion == 1 { return relativeMean(values, weights, log).map { 1 - exp($0) } }
    return relativeMean(values, weights) { pow($0, 1 - aversion) }.map { 1 - pow($0, 1 / (1 - aversion)) }
  }

  /// Coefficient of variation: standard deviation over mean; with weights this is Williamson's V_w.
  ///
  /// - Parameter ddof: 0 for the population's, 1 for a sample's (then without weights).
  /// - Returns: nil where the mean is not above 0.
  /// - Source: Williamson (1965), *Economic Development and Cultural Change* 13(4): 3–45.
  package static func variation(_ values: [Double], weights: [Double]? = nil, ddof: Int = 0) -> Double? {
    guard let moments = WeightedMoments(values.nearOne, weights: weights?.nearOne), moments.mean > 0 else { return nil }
    let variance = weights == nil ? moments.variance(ddof: ddof) : moments.variance
    return variance.map { $0.squareRoot() / moments.mean }
  }

  /// Standard deviation of the logarithms.
  ///
  /// - Returns: nil where a value is not above 0.
  package static func logDeviation(_ values: [Double], weights: [Double]? = nil, ddof: Int = 1) -> Double? {
    guard values.allSatisfy({ $0 > 0 }), let moments = WeightedMoments(values.map { log($0) }, weights: weights) else {
      return nil
    }
    let variance = weights == nil ? moments.variance(ddof: ddof) : moments.variance
    return variance?.squareRoot()
  }

  /// Hoover's index: the part of the total that would have to move for an equal distribution.
  ///
  /// `½ Σ |x_i w_i / Σ x w − w_i / Σ w|`
  package static func hoover(_ values: [Double], weights: [Double]? = nil) -> Double? {
    shareDifferences(values, weights) { abs($0) }.map { $0 / 2 }
  }

  /// Coulter's coefficient: as Hoover's, with squared differences.
  ///
  /// `√(½ Σ (x_i w_i / Σ x w − w_i / Σ w)²)`
  ///
  /// - Source: Coulter (1989), *Measuring Inequality*.
  package static func coulter(_ values: [Double], weights: [Double]? = nil) -> Double? {
    shareDifferences(values, weights) { $0 * $0 }.map { ($0 / 2).squareRoot() }
  }

  private static func shareDifferences(
    _ values: [Double], _ weights: [Double]?, _ term: (Double) -> Double
  ) -> Double? {
    guard let moments = WeightedMoments(values, weights: weights), moments.mean > 0 else { return nil }
    let total = weights?.reduce(0, +) ?? Double(values.count)
    return values.indices.reduce(0) { sum, index in
      let part = (weights?[index] ?? 1) / total
      return sum + term(part * values[index] / moments.mean - part)
    }
  }
}
