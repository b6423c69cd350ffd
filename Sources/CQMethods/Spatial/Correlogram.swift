/// Moran's I ring by ring: how far likeness reaches.
package enum Correlogram {
  package struct Ring: Sendable {
    package let from: Double
    package let to: Double
    /// Pairs of places, each once.
    package let pairs: Int
    /// nil where no pair is this far apart, or where I is not defined.
    package let moran: MoranI?
  }

  /// Moran's I of the places whose distance lies in each ring, with weights of 1 whose rows add up to 1.
  ///
  /// - Parameters:
  ///   - bounds: Ascending, from 0 on: ring k holds distances above `bounds[k - 1]` (0 for the first, which holds 0 too) up to
  ///     `bounds[k]`.
  ///   - isCumulative: Rings are discs: all distances up to `bounds[k]`, as PySAL's.
  /// - Complexity: O(places² · rings).
  /// - Source: Cliff and Ord (1981), *Spatial Processes*, 5.3; Bjørnstad and Falck (2001) for the name.
  package static func moran(
    _ y: [Double], at points: [GeographicPoint], bounds: [Double], isCumulative: Bool = false, permutations: Int = 0,
    seed: UInt64 = 1, checkpoint: () throws -> Void = {}
  ) rethrows -> [Ring] {
    precondition(y.count == points.count, "a value per point")
    var rings: [Ring] = []
    var last = 0.0
    for bound in bounds {
      try checkpoint()
      let low = isCumulative ? 0 : last
      var rows = [[Int]](repeating: [], count: points.count)
      var pairs = 0
      for one in points.indices {
        for other in points.indices.dropFirst(one + 1) {
          let distance = points[one].distance(to: points[other])
          guard distance <= bound, distance > low || low == 0 else { continue }
          rows[one].append(other)
          rows[other].append(one)
          pairs += 1
        }
      }
      let weights = SpatialWeights(neighbours: rows).transformed(.row)
      let moran =
        pairs > 0
        ? try MoranI(y, weights: weights, permutations: permutations, seed: seed, checkpoint: checkpoint) : nil
      rings.append(Ring(from: low, to: bound, pairs: pairs, moran: moran))
      last = bound
    }
    return rings
  }
}

/// Local join counts: how many marked neighbours a marked place has.
///
/// `BB_i = b_i Σ_j w_ij b_j`
///
/// - Source: Anselin and Li (2019), *Journal of Geographical Systems* 21: 189–210.
package struct LocalJoinCounts: Sendable {
  package let counts: [Double]
  /// The part of the draws with at least as many; nil for places without a mark or a marked neighbour, as the source has it.
  package let p: [Double?]

  /// - Parameter weights: Binary, as a rule.
  package init(
    _ isMarked: [Bool], weights: SpatialWeights, permutations: Int = 999, seed: UInt64 = 1,
    checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(isMarked.count == weights.count, "one mark per place")
    let marks = isMarked.map { $0 ? 1.0 : 0 }
    let lag = weights.lag(marks)
    let counts = zip(marks, lag).map { $0 * $1 }
    self.counts = counts
    guard permutations > 0 else {
      p = counts.map { _ in nil }
      return
    }
    let (above, _) = try LocalPermutations.extremes(
      marks, weights: weights, count: permutations, seed: seed, checkpoint: checkpoint)
    p = counts.indices.map { counts[$0] > 0 ? Double(above[$0] + 1) / Double(permutations + 1) : nil }
  }
}
