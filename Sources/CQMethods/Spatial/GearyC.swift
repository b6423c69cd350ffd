/// Geary's C: how different places are from their neighbours; 1 where there is no pattern, below it where neighbours are
/// alike.
///
/// `C = (n − 1) Σ_i Σ_j w_ij (y_i − y_j)² / (2 S0 Σ z_i²)`
///
/// - Source: Geary (1954), *Incorporated Statistician* 5: 115–145; Cliff and Ord (1981), *Spatial Processes*, 1.5.
package struct GearyC: Sendable {
  package let c: Double
  /// z is negative where neighbours are alike, as in PySAL; spdep turns its sign.
  package let normality: MoranI.Moments?
  package let randomisation: MoranI.Moments?
  package let permutation: PermutationTest?

  /// - Parameter counted: How many places n is, all of them unless said (as of ``MoranI``).
  /// - Returns: nil with fewer than four places, where all values are equal, or without a pair of neighbours.
  package init?(
    _ y: [Double], weights: SpatialWeights, counted: Int? = nil, permutations: Int = 999, seed: UInt64 = 1,
    alternative: PermutationTest.Alternative = .directed, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(y.count == weights.count, "one value per place")
    guard let deviations = Deviations(y), counted.map({ $0 > 3 }) != false else { return nil }
    let (s0, s1, s2) = weights.sums
    guard s0 > 0 else { return nil }
    let n = Double(counted ?? y.count)
    let pairs = PairSum(weights)
    let scale = (n - 1) / (2 * s0 * deviations.squares)
    let c = scale * pairs.squaredDifferences(deviations.z)
    let square = s0 * s0
    let normal = ((2 * s1 + s2) * (n - 1) - 4 * square) / (2 * (n + 1) * square)
    let kurtosis = deviations.kurtosis * n / Double(y.count)
    let part1 = (n - 1) * s1 * (n * n - 3 * n + 3 - (n - 1) * kurtosis)
    let part2 = 0.25 * (n - 1) * s2 * (n * n + 3 * n - 6 - (n * n - n + 2) * kurtosis)
    let part3 = square * (n * n - 3 - (n - 1) * (n - 1) * kurtosis)
    let random = (part1 - part2 + part3) / (n * (n - 2) * (n - 3) * square)
    self.c = c
    normality = MoranI.Moments(c, expected: 1, variance: normal)
    randomisation = MoranI.Moments(c, expected: 1, variance: random)
    permutation = try PermutationTest(
      statistic: c,
      simulated: Shuffles.simulated(
        deviations.z, count: permutations, seed: seed, pairCount: pairs.pairCount, checkpoint: checkpoint
      ) {
        scale * pairs.squaredDifferences($0)
      }, alternative: alternative)
  }
}
