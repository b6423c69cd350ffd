/// Hot and cold spots: how far the sum around each place is from what it would be by chance, in standard deviations.
///
/// `G_i = (Σ_j w_ij y_j − W_i ȳ) / (s √((n S_1i − W_i²) / (n − 1)))`; G leaves the place itself out of sum, mean and spread, G*
/// includes it in all three.
///
/// - Source: Ord and Getis (1995), *Geographical Analysis* 27(4): 286–306.
package struct LocalGetisOrd: Sendable {
  /// Above 1.96: a hot spot at 5 %. nil for an island (without the star).
  package let z: [Double?]
  /// Two-sided, of the normal approximation.
  package let p: [Double?]
  /// Simulated, in the observed direction; nil without permutations.
  package let simulatedP: [Double?]

  /// - Parameters:
  ///   - weights: Binary by custom; scaling a row changes nothing. With `includesSelf` the place itself counts as much as
  ///     the neighbour that counts most.
  /// - Returns: nil with fewer than four places or where all values are equal.
  package init?(
    _ y: [Double], weights: SpatialWeights, includesSelf: Bool = true, permutations: Int = 0, seed: UInt64 = 1,
    alternative: PermutationTest.Alternative = .directed, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(y.count == weights.count, "one value per place")
    guard Deviations(y) != nil else { return nil }
    let n = Double(includesSelf ? y.count : y.count - 1)
    let (sum, squares) = (y.reduce(0, +), y.reduce(0) { $0 + $1 * $1 })
    var z: [Double?] = []
    for place in y.indices {
      let row = weights.row(place)
      var (own, largest, margin, marginSquares, lag) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for entry in row {
        let weight = weights.values[entry]
        if weights.neighbours[entry] == place {
          own = weight
          continue
        }
        largest = max(largest, weight)
        margin += weight
        marginSquares += weight * weight
        lag += weight * y[weights.neighbours[entry]]
      }
      if includesSelf {
        let weight = own == 0 ? (largest == 0 ? 1 : largest) : own
        margin += weight
        marginSquares += weight * weight
        lag += weight * y[place]
      }
      let mean = (sum - (includesSelf ? 0 : y[place])) / n
      let variance = (squares - (includesSelf ? 0 : y[place] * y[place])) / n - mean * mean
      let spread = (n * marginSquares - margin * margin) / (n - 1)
      // A place that has all others as neighbours cannot differ from them.
      guard margin > 0, variance > 0, spread > 1e-12 * n * marginSquares else {
        z.append(nil)
        continue
      }
      z.append((lag - margin * mean) / (variance * spread).squareRoot())
    }
    self.z = z
    p = z.map { $0.map(Distribution.normalTwoSided) }
    guard permutations > 0 else {
      simulatedP = z.map { _ in nil }
      return
    }
    let (above, below) = try LocalPermutations.extremes(
      y, weights: weights, count: permutations, seed: seed, checkpoint: checkpoint)
    simulatedP = z.indices.map { place in
      z[place] == nil || weights.row(place).isEmpty
        ? nil : PermutationTest.p(above: above[place], below: below[place], count: permutations, alternative)
    }
  }
}
