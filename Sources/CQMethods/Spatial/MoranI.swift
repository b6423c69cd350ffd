/// Moran's I: whether places are like their neighbours.
///
/// `I = (n / S0) Σ_i Σ_j w_ij z_i z_j / Σ z_i²` with `z = y − ȳ`; about −1/(n−1) where there is no pattern, above it where
/// high lies beside high.
///
/// - Source: Moran (1950), *Biometrika* 37: 17–23; Cliff and Ord (1981), *Spatial Processes*, 1.5 for the moments.
package struct MoranI: Sendable {
  package struct Moments: Sendable {
    package let variance: Double
    package let z: Double
    /// Two-sided, of the normal approximation.
    package let p: Double

    init?(_ statistic: Double, expected: Double, variance: Double) {
      guard variance > 0 else { return nil }
      self.variance = variance
      z = (statistic - expected) / variance.squareRoot()
      p = Distribution.normalTwoSided(z)
    }
  }

  package let i: Double
  package let expected: Double
  /// If the values are draws from a normal distribution.
  package let normality: Moments?
  /// If every order of the values is as likely.
  package let randomisation: Moments?
  package let permutation: PermutationTest?

  /// - Parameters:
  ///   - y: Finite, one per place.
  ///   - weights: Already transformed; row-standardised by custom.
  ///   - counted: How many places n is, all of them unless said: spdep leaves those without neighbours out of n, not out of the mean.
  ///   - permutations: 0 for no simulated test.
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
    let scale = n / s0 / deviations.squares
    let i = scale * pairs.products(deviations.z)
    let expected = -1 / (n - 1)
    let normal = (n * n * s1 - n * s2 + 3 * s0 * s0) / (s0 * s0 * (n * n - 1)) - expected * expected
    let kurtosis = deviations.kurtosis
    let random =
      (n * ((n * n - 3 * n + 3) * s1 - n * s2 + 3 * s0 * s0)
        - kurtosis * ((n * n - n) * s1 - 2 * n * s2 + 6 * s0 * s0))
      / ((n - 1) * (n - 2) * (n - 3) * s0 * s0) - expected * expected
    self.i = i
    self.expected = expected
    normality = Moments(i, expected: expected, variance: normal)
    randomisation = Moments(i, expected: expected, variance: random)
    permutation = try PermutationTest(
      statistic: i,
      simulated: Shuffles.simulated(
        deviations.z, count: permutations, seed: seed, pairCount: pairs.pairCount, checkpoint: checkpoint
      ) {
        scale * pairs.products($0)
      }, alternative: alternative)
  }

  /// Bivariate Moran: whether `x` here goes with `y` at the neighbours.
  ///
  /// `I_xy = z_x′ W z_y / z_x′ z_x` with standardised z and row-standardised weights
  ///
  /// - Returns: I and its permutation test, which moves `y`; nil as for one variable.
  /// - Source: Wartenberg (1985), *Geographical Analysis* 17: 263–283; Anselin, Syabri and Smirnov (2002).
  package static func bivariate(
    _ x: [Double], _ y: [Double], weights: SpatialWeights, permutations: Int = 999, seed: UInt64 = 1,
    alternative: PermutationTest.Alternative = .directed, checkpoint: () throws -> Void = {}
  ) rethrows -> (i: Double, permutation: PermutationTest?)? {
    precondition(x.count == weights.count && y.count == weights.count, "one value of each per place")
    guard let first = Deviations(x), let second = Deviations(y), !weights.neighbours.isEmpty else { return nil }
    // W′x once: then every permutation of y costs one product of vectors.
    var reversed = [Double](repeating: 0, count: x.count)
    for place in 0..<weights.count {
      for entry in weights.row(place) { reversed[weights.neighbours[entry]] += weights.values[entry] * first.z[place] }
    }
    let scale = 1 / (first.squares * second.squares).squareRoot()
    let statistic = { (z: borrowing EightOrders) in
      var sum = SIMD8<Double>(repeating: 0)
      for place in reversed.indices { sum += reversed[place] * z[place] }
      return sum * scale
    }
    let i = statistic(second.z.map { SIMD8(repeating: $0) })[0]
    return (
      i,
      try PermutationTest(
        statistic: i,
        simulated: Shuffles.simulated(
          second.z, count: permutations, seed: seed, pairCount: x.count, checkpoint: checkpoint, statistic),
        alternative: alternative)
    )
  }

  /// Rates of places with different populations, made comparable: the deviation from the overall rate in units of what a
  /// place of that size would vary by chance. Moran's I of these is the one for rates.
  ///
  /// - Parameters:
  ///   - events, base: Cases and population, the latter above 0.
  /// - Returns: nil where there is no base or every rate is the same.
  /// - Source: Assunção and Reis (1999), *Statistics in Medicine* 18: 2147–2162.
  package static func standardisedRates(events: [Double], base: [Double]) -> [Double]? {
    precondition(events.count == base.count, "one base per place")
    let people = base.reduce(0, +)
    guard !base.isEmpty, base.allSatisfy({ $0 > 0 }) else { return nil }
    let overall = events.reduce(0, +) / people
    let rates = zip(events, base).map { $0 / $1 }
    let spread = zip(rates, base).reduce(0) { $0 + $1.1 * ($1.0 - overall) * ($1.0 - overall) } / people
    let between = spread - overall / (people / Double(base.count))
    let standardised = zip(rates, base).map { rate, size -> Double in
      let variance = between + overall / size
      let used = variance > 0 ? variance : overall / size
      return used > 0 ? (rate - overall) / used.squareRoot() : 0
    }
    return standardised.contains { $0 != standardised[0] } ? standardised : nil
  }
}

/// Values less their mean, in a unit of their own where theirs is extreme (``nearOne``): statistics of them depend on none.
struct Deviations: Sendable {
  let z: [Double]
  /// Σ z².
  let squares: Double

  /// nil with fewer than four values, or where they differ by no more than rounding.
  init?(_ y: [Double]) {
    guard y.count > 3, let low = y.min(), let high = y.max(), high - low > 1e-13 * max(abs(low), abs(high)) else {
      return nil
    }
    let y = y.nearOne
    let mean = y.reduce(0, +) / Double(y.count)
    z = y.map { $0 - mean }
    squares = z.reduce(0) { $0 + $1 * $1 }
  }

  /// The fourth moment over the squared second.
  var kurtosis: Double {
    Double(z.count) * z.reduce(0) { $0 + $1 * $1 * $1 * $1 } / (squares * squares)
  }
}
