#if canImport(Glibc)
  import Glibc
#endif

/// Local statistics of difference and of spread.
package enum LocalSpread {
  /// Local Geary: how different a place is from its neighbours; small where they are alike.
  ///
  /// `c_i = Σ_j w_ij (z_i − z_j)²` with values standardised by the population's deviation
  ///
  /// - Returns: nil for an island; nil altogether with fewer than four places or where all values are equal.
  /// - Source: Anselin (2019), *Geographical Analysis* 51: 133–150.
  package static func geary(_ y: [Double], weights: SpatialWeights) -> [Double?]? {
    guard let deviations = Deviations(y) else { return nil }
    let variance = deviations.squares / Double(y.count)
    return y.indices.map { place in
      guard !weights.row(place).isEmpty else { return nil }
      return weights.row(place).reduce(0) { sum, entry in
        let difference = deviations.z[place] - deviations.z[weights.neighbours[entry]]
        return sum + weights.values[entry] * difference * difference
      } / variance
    }
  }

  /// Local spatial heteroskedasticity: how much values vary around a place, compared with everywhere; 1 is as everywhere.
  ///
  /// `H_i = Σ_j w_ij |e_j|^a / (Σ_j w_ij · mean |e|^a)` with `e_j = y_j − Σ_k w_jk y_k / Σ_k w_jk`
  ///
  /// - Returns: nil for an island; nil altogether where nothing varies.
  /// - Source: Ord and Getis (2012), *Annals of Regional Science* 48: 529–539.
  package static func heteroskedasticity(_ y: [Double], weights: SpatialWeights, power: Double = 2) -> [Double?]? {
    guard Deviations(y) != nil else { return nil }
    let margins = weights.lag([Double](repeating: 1, count: y.count))
    let lag = weights.lag(y)
    let residuals = y.indices.map { margins[$0] == 0 ? 0 : pow(abs(y[$0] - lag[$0] / margins[$0]), power) }
    let mean = residuals.reduce(0, +) / Double(y.count)
    guard mean > 0 else { return nil }
    let sums = weights.lag(residuals)
    return y.indices.map { margins[$0] == 0 ? nil : sums[$0] / (margins[$0] * mean) }
  }

  /// Lee's L: whether two variables go together, place by place and in the neighbourhood.
  ///
  /// `L = n Σ_i (Σ_j w_ij z^x_j)(Σ_j w_ij z^y_j) / (Σ_i (Σ_j w_ij)² √(Σ z^x²) √(Σ z^y²))`
  ///
  /// - Returns: nil as for ``MoranI``.
  /// - Source: Lee (2001), *Journal of Geographical Systems* 3: 369–385.
  package static func leeL(_ x: [Double], _ y: [Double], weights: SpatialWeights) -> Double? {
    guard let first = Deviations(x), let second = Deviations(y) else { return nil }
    let margins = weights.lag([Double](repeating: 1, count: x.count))
    let total = margins.reduce(0) { $0 + $1 * $1 }
    guard total > 0 else { return nil }
    let products = zip(weights.lag(first.z), weights.lag(second.z)).reduce(0) { $0 + $1.0 * $1.1 }
    return Double(x.count) * products / (total * (first.squares * second.squares).squareRoot())
  }

  /// Gini's differences between neighbours and between all others.
  ///
  /// - Returns: The Gini coefficient split into what pairs of neighbours add to it and what other pairs add, and the mean
  ///   difference of other pairs over that of neighbours (polarisation: above 1 where neighbours are alike), with a
  ///   permutation test. nil where the Gini coefficient is, or where all or no pairs are neighbours.
  /// - Source: Rey and Smith (2013), *Letters in Spatial and Resource Sciences* 6: 55–70.
  package static func gini(
    _ y: [Double], weights: SpatialWeights, permutations: Int = 999, seed: UInt64 = 1,
    checkpoint: () throws -> Void = {}
  ) rethrows -> SpatialGini? {
    precondition(y.count == weights.count, "one value per place")
    guard let gini = Inequality.gini(y) else { return nil }
    let n = Double(y.count)
    let scale = 2 * n * n * (y.reduce(0, +) / n)
    let pairs = PairSum(weights)
    let near = pairs.absoluteDifferences(y) / scale
    let s0 = weights.sums.s0
    guard s0 > 0, n * (n - 1) > s0, near > 0 else { return nil }
    let ratio = s0 / (n * (n - 1) - s0)
    let far = { (near: Double) in gini - near }
    let polarisation = far(near) / near * ratio
    return try SpatialGini(
      gini: gini, neighbours: near, others: far(near), polarisation: polarisation,
      permutation: PermutationTest(
        statistic: far(near),
        simulated: Shuffles.simulated(
          y, count: permutations, seed: seed, pairCount: pairs.pairCount, checkpoint: checkpoint
        ) {
          gini - pairs.absoluteDifferences($0) / scale
        }, alternative: .directed))
  }

  package struct SpatialGini: Sendable {
    package let gini: Double
    package let neighbours: Double
    package let others: Double
    package let polarisation: Double
    package let permutation: PermutationTest?
  }
}
