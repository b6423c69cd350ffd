/// Local Moran statistics: what each place adds to Moran's I, and which kind of neighbourhood it is in.
///
/// `I_i = z_i / m2 Σ_j w_ij z_j`, `z = y − ȳ`
///
/// - Source: Anselin (1995), *Geographical Analysis* 27(2): 93–115.
package struct LocalMoran: Sendable {
  /// A place and its neighbours, each above or below the mean.
  package enum Quadrant: String, Sendable, CaseIterable {
    case highHigh = "high-high"
    case lowHigh = "low-high"
    case lowLow = "low-low"
    case highLow = "high-low"
  }

  /// What squared deviations are divided by.
  package enum Divisor: String, Sendable {
    /// m2 = Σ z² / n: with row weights the mean of the local statistics is I (GeoDa, spdep).
    case population = "n"
    /// m2 = Σ z² / (n − 1) (PySAL).
    case sample = "n-1"
  }

  /// nil for an island.
  package let i: [Double?]
  package let quadrant: [Quadrant?]
  /// Simulated, in the observed direction; nil for an island or without permutations.
  package let p: [Double?]

  /// - Parameter weights: Row-standardised by custom.
  /// - Returns: nil with fewer than four places or where all values are equal.
  package init?(
    _ y: [Double], weights: SpatialWeights, divisor: Divisor = .population, permutations: Int = 999, seed: UInt64 = 1,
    alternative: PermutationTest.Alternative = .directed, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(y.count == weights.count, "one value per place")
    guard let deviations = Deviations(y) else { return nil }
    let z = deviations.z
    let lag = weights.lag(z)
    let m2 = deviations.squares / Double(divisor == .population ? y.count : y.count - 1)
    i = y.indices.map { weights.row($0).isEmpty ? nil : z[$0] / m2 * lag[$0] }
    quadrant = y.indices.map { place in
      guard !weights.row(place).isEmpty else { return nil }
      return z[place] > 0 ? (lag[place] > 0 ? .highHigh : .highLow) : (lag[place] > 0 ? .lowHigh : .lowLow)
    }
    guard permutations > 0 else {
      p = y.map { _ in nil }
      return
    }
    let (above, below) = try LocalPermutations.extremes(
      z, weights: weights, count: permutations, seed: seed, checkpoint: checkpoint)
    p = y.indices.map { place in
      guard !weights.row(place).isEmpty else { return nil }
      // The statistic rises with the lag where z is positive and falls with it where z is negative.
      let (more, less) = z[place] >= 0 ? (above[place], below[place]) : (below[place], above[place])
      return PermutationTest.p(above: more, below: less, count: permutations, alternative)
    }
  }
}
