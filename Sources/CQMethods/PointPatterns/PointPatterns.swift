import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// Establishments as points: where they are, what they are, how large.
///
/// Coordinates are in one plane, in any unit of length; distances come out in that unit.
package struct PointPattern: Sendable {
  package var x: [Double]
  package var y: [Double]
  package var weights: [Double]
  package var kinds: [String]

  package init(x: [Double], y: [Double], weights: [Double]? = nil, kinds: [String]) {
    self.x = x
    self.y = y
    self.weights = weights ?? [Double](repeating: 1, count: x.count)
    self.kinds = kinds
  }

  package func distance(_ one: Int, _ other: Int) -> Double { hypot(x[one] - x[other], y[one] - y[other]) }

  // MARK: - Duranton and Overman

  /// Density of the distances between the points `members`, at each of `radii`.
  ///
  /// `K(r) = Σ_{i<j} w_i w_j [f((r - d_ij)/h) + f((r + d_ij)/h)] / (h Σ_{i<j} w_i w_j)`, f the Gaussian density; the second term
  /// reflects what the kernel would put below 0. The bandwidth is Silverman's rule of thumb over all pairs.
  ///
  /// - Parameters:
  ///   - isWeighted: Pairs count by the product of their weights, else once.
  /// - Returns: One density per radius; nil for fewer than two points, or points that all share a place.
  /// - Complexity: O(points² × radii).
  /// - Source: Duranton and Overman (2005), Review of Economic Studies 72(4): 1077–1106; Silverman (1986), eq. 3.31.
  package func durantonOverman(
    _ members: [Int], radii: [Double], isWeighted: Bool = false, checkpoint: () throws -> Void = {}
  ) throws -> [Double]? {
    var distances: [Double] = []
    var products: [Double] = []
    for (position, one) in members.enumerated() {
      for other in members[(position + 1)...] {
        distances.append(distance(one, other))
        products.append(isWeighted ? weights[one] * weights[other] : 1)
      }
      try checkpoint()
    }
    let total = products.reduce(0, +)
    guard distances.count > 1, total > 0, let bandwidth = Self.bandwidth(distances) else { return nil }
    let scale = 1 / ((2 * Double.pi).squareRoot() * bandwidth * total)
    var densities: [Double] = []
    for radius in radii {
      var sum = 0.0
      for index in distances.indices {
        let (below, above) = ((radius - distances[index]) / bandwidth, (radius + distances[index]) / bandwidth)
        sum += products[index] * (exp(-0.5 * below * below) + exp(-0.5 * above * above))
      }
      densities.append(sum * scale)
      try checkpoint()
    }
    return densities
  }

  /// `0.9 min(sd, IQR / 1.34) n^(-1/5)`; nil where all distances are equal.
  package static func bandwidth(_ distances: [Double]) -> Double? {
    guard let (_, deviation) = Across.moments(distances), let low = Across.quantile(distances, 0.25),
      let high = Across.quantile(distances, 0.75)
    else { return nil }
    let spread = high > low ? min(deviation, (high - low) / 1.34) : deviation
    guard spread > 0 else { return nil }
    return 0.9 * spread * pow(Double(distances.count), -0.2)
  }

  // MARK: - Marcon and Puech

  /// How many of its own kind an establishment of `kind` has within `radius`, relative to what it has in all.
  ///
  /// `M(r) = mean_i [W_own(i,r) / W_all(i,r)] / mean_i [(W_own - w_i) / (W_all - w_i)]`, without the establishment itself; one
  /// that has no neighbour within r is left out of both means.
  ///
  /// - Returns: 1 where the kind is as near as all are; nil where no establishment of the kind has a neighbour.
  /// - Complexity: O(points of the kind × points).
  /// - Source: Marcon and Puech (2010), Journal of Economic Geography 10(5): 745–762.
  package func marconPuech(_ kind: String, with neighbourKind: String, radius: Double) -> Double? {
    let total = weights.reduce(0, +)
    let own = kinds.indices.reduce(0) { kinds[$1] == neighbourKind ? $0 + weights[$1] : $0 }
    var local = 0.0
    var whole = 0.0
    var count = 0
    for one in kinds.indices where kinds[one] == kind {
      var near = 0.0
      var alike = 0.0
      for other in kinds.indices where other != one && distance(one, other) <= radius {
        near += weights[other]
        if kinds[other] == neighbourKind { alike += weights[other] }
      }
      let rest = total - weights[one]
      guard near > 0, rest > 0 else { continue }
      local += alike / near
      whole += (own - (kind == neighbourKind ? weights[one] : 0)) / rest
      count += 1
    }
    guard count > 0, whole > 0 else { return nil }
    return local / whole
  }

  // MARK: - Colocation

  /// The part of the pairs of an establishment of `one` and one of `other` that are in the same place.
  ///
  /// - Source: Howard, Newman and Tarp (2016), Journal of Economic Geography 16(2).
  package static func colocation(_ kinds: [String], _ places: [String], _ one: String, _ other: String) -> Double? {
    var counts: [String: (one: Int, other: Int)] = [:]
    var (ones, others) = (0, 0)
    for (kind, place) in zip(kinds, places) {
      if kind == one {
        counts[place, default: (0, 0)].one += 1
        ones += 1
      }
      if kind == other {
        counts[place, default: (0, 0)].other += 1
        others += 1
      }
    }
    if one == other {
      guard ones > 1 else { return nil }
      let pairs = counts.values.reduce(0) { $0 + $1.one * ($1.one - 1) }
      return Double(pairs) / Double(ones * (ones - 1))
    }
    guard ones > 0, others > 0 else { return nil }
    let pairs = counts.values.reduce(0) { $0 + $1.one * $1.other }
    return Double(pairs) / Double(ones * others)
  }

  /// Colocation less its mean over random exchanges of the establishments' places.
  ///
  /// - Returns: The excess and the part of the draws that are at least as large.
  /// - Source: Howard, Newman and Tarp (2016), Journal of Economic Geography 16(2).
  package static func excessColocation(
    _ kinds: [String], _ places: [String], _ one: String, _ other: String, draws: Int, seed: Int,
    checkpoint: () throws -> Void = {}
  ) throws -> (excess: Double, p: Double)? {
    guard let found = colocation(kinds, places, one, other), draws > 0 else { return nil }
    var generator = SeededGenerator(seed: seed)
    var shuffled = places
    var total = 0.0
    var above = 0
    for draw in 0..<draws {
      generator.shuffle(&shuffled)
      let value = colocation(kinds, shuffled, one, other) ?? 0
      total += value
      if value >= found { above += 1 }
      if draw % 16 == 0 { try checkpoint() }
    }
    return (found - total / Double(draws), Double(above + 1) / Double(draws + 1))
  }

  /// Co-location quotient: how often the nearest other establishment of one of `kind` is one of `other`, relative to what the
  /// numbers of establishments would give.
  ///
  /// `CLQ = (C_AB / N_A) / (N_B' / (N - 1))`, N_B' without the establishment itself; nearest ones at the same distance share.
  ///
  /// - Source: Leslie and Kronenfeld (2011), Geographical Analysis 43(3): 306–326.
  package func colocationQuotient(_ kind: String, _ other: String) -> Double? {
    let count = kinds.count
    let own = kinds.indices.filter { kinds[$0] == kind }
    let others = kinds.count { $0 == other } - (kind == other ? 1 : 0)
    guard !own.isEmpty, count > 1, others > 0 else { return nil }
    var hits = 0.0
    for one in own {
      var nearest = Double.infinity
      var (ties, alike) = (0, 0)
      for candidate in kinds.indices where candidate != one {
        let distance = distance(one, candidate)
        if distance < nearest {
          nearest = distance
          (ties, alike) = (0, 0)
        }
        if distance == nearest {
          ties += 1
          if kinds[candidate] == other { alike += 1 }
        }
      }
      hits += Double(alike) / Double(max(1, ties))
    }
    return hits / Double(own.count) / (Double(others) / Double(count - 1))
  }
}
