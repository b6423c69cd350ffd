/// General G of Getis and Ord: whether high values lie beside high ones (above expectation) or low beside low.
///
/// `G = Σ_i Σ_j w_ij y_i y_j / Σ_i Σ_{j≠i} y_i y_j`, for binary weights and values that are not negative
///
/// - Source: Getis and Ord (1992), *Geographical Analysis* 24(3): 189–206.
package struct GetisOrdG: Sendable {
  package let g: Double
  package let expected: Double
  package let normality: MoranI.Moments?
  package let permutation: PermutationTest?

  /// - Returns: nil with fewer than four places, a negative value, values all equal, or without a pair of neighbours.
  package init?(
    _ y: [Double], weights: SpatialWeights, permutations: Int = 999, seed: UInt64 = 1,
    alternative: PermutationTest.Alternative = .directed, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(y.count == weights.count, "one value per place")
    let y = y.nearOne
    guard Deviations(y) != nil, y.allSatisfy({ $0 >= 0 }) else { return nil }
    let (s0, s1, s2) = weights.sums
    guard s0 > 0 else { return nil }
    let n = Double(y.count)
    let moment = { (power: Int) in
      y.reduce(0) { sum, value in sum + (0..<power).reduce(1) { product, _ in product * value } }
    }
    let (m1, m2, m3, m4) = (moment(1), moment(2), moment(3), moment(4))
    let pairTotal = m1 * m1 - m2
    guard pairTotal > 0 else { return nil }
    let pairs = PairSum(weights)
    let g = pairs.products(y) / pairTotal
    let expected = s0 / (n * (n - 1))
    let square = s0 * s0
    let b0 = (n * n - 3 * n + 3) * s1 - n * s2 + 3 * square
    let b1 = -((n * n - n) * s1 - 2 * n * s2 + 6 * square)
    let b2 = -(2 * n * s1 - (n + 3) * s2 + 6 * square)
    let b3 = 4 * (n - 1) * s1 - 2 * (n + 1) * s2 + 8 * square
    let b4 = s1 - s2 + square
    let falling = n * (n - 1) * (n - 2) * (n - 3)
    let second =
      (b0 * m2 * m2 + b1 * m4 + b2 * m1 * m1 * m2 + b3 * m1 * m3 + b4 * m1 * m1 * m1 * m1)
      / (pairTotal * pairTotal * falling)
    self.g = g
    self.expected = expected
    normality = MoranI.Moments(g, expected: expected, variance: second - expected * expected)
    permutation = try PermutationTest(
      statistic: g,
      simulated: Shuffles.simulated(
        y, count: permutations, seed: seed, pairCount: pairs.pairCount, checkpoint: checkpoint
      ) {
        pairs.products($0) / pairTotal
      },
      alternative: alternative)
  }
}

/// Join counts: how often neighbours are both marked, both unmarked, or different.
///
/// `BB = ½ Σ_i Σ_j w_ij b_i b_j`
///
/// - Source: Cliff and Ord (1981), *Spatial Processes*, 1.4, non-free sampling.
package struct JoinCounts: Sendable {
  /// Both marked, neither marked, one of the two.
  package let both: Double
  package let neither: Double
  package let mixed: Double
  package let expectedBoth: Double
  /// Of ``both``.
  package let normality: MoranI.Moments?
  package let permutation: PermutationTest?

  /// - Parameter weights: Binary, as a rule.
  /// - Returns: nil with fewer than four places, where all are marked or none, or without a pair of neighbours.
  package init?(
    _ isMarked: [Bool], weights: SpatialWeights, permutations: Int = 999, seed: UInt64 = 1,
    alternative: PermutationTest.Alternative = .directed, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(isMarked.count == weights.count, "one mark per place")
    let marks = isMarked.map { $0 ? 1.0 : 0 }
    guard Deviations(marks) != nil else { return nil }
    let (s0, s1, s2) = weights.sums
    guard s0 > 0 else { return nil }
    let pairs = PairSum(weights)
    let both = pairs.products(marks) / 2
    let neither = pairs.products(marks.map { 1 - $0 }) / 2
    self.both = both
    self.neither = neither
    mixed = s0 / 2 - both - neither
    let (n, k) = (Double(isMarked.count), marks.reduce(0, +))
    let falling = { (value: Double, factors: Int) in (0..<factors).reduce(1) { $0 * (value - Double($1)) } }
    let expected = s0 * falling(k, 2) / (2 * falling(n, 2))
    let variance =
      0.25
      * (s1 * falling(k, 2) / falling(n, 2) + (s2 - 2 * s1) * falling(k, 3) / falling(n, 3)
        + (s0 * s0 + s1 - s2) * falling(k, 4) / falling(n, 4)) - expected * expected
    expectedBoth = expected
    normality = MoranI.Moments(both, expected: expected, variance: variance)
    permutation = try PermutationTest(
      statistic: both,
      simulated: Shuffles.simulated(
        marks, count: permutations, seed: seed, pairCount: pairs.pairCount, checkpoint: checkpoint
      ) {
        pairs.products($0) / 2
      },
      alternative: alternative)
  }
}
