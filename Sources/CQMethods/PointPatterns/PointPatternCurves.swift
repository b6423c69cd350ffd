#if canImport(Glibc)
  import Glibc
#endif

extension PointPattern {
  /// Ripley's K of `members` at each of `radii`, which ascend: `K(r) = A / n² Σ_{i≠j} 1(d_ij ≤ r)`, without a correction at the edge.
  ///
  /// - Parameter area: Of the study area, in the square of the unit of the coordinates.
  /// - Returns: nil for no points or no area.
  /// - Source: Ripley (1977), Journal of the Royal Statistical Society B 39(2): 172–212.
  /// - Complexity: O(points² + points² · log radii).
  package func ripleyCurve(_ members: [Int], radii: [Double], area: Double, checkpoint: () throws -> Void = {}) rethrows
    -> [Double]?
  {
    guard !members.isEmpty, area > 0 else { return nil }
    var counts = [Int](repeating: 0, count: radii.count)
    for (position, one) in members.enumerated() {
      if position % 64 == 0 { try checkpoint() }
      for other in members[(position + 1)...] {
        let distance = distance(one, other)
        if let first = radii.firstIndex(where: { distance <= $0 }) { counts[first] += 2 }
      }
    }
    var pairs = 0
    return counts.map { count in
      pairs += count
      return area * Double(pairs) / Double(members.count * members.count)
    }
  }

  /// The difference of Ripley's K of the points of `kind` and of its controls: above 0 where the kind clusters more than they do.
  ///
  /// - Parameter controls: Positions of the controls.
  /// - Returns: nil where one of them has no points, or without an area.
  /// - Source: Diggle and Chetwynd (1991), Biometrics 47(3): 1155–1163.
  package func diggleChetwynd(
    _ cases: [Int], controls: [Int], radii: [Double], area: Double, checkpoint: () throws -> Void = {}
  ) rethrows -> [Double]? {
    guard let own = try ripleyCurve(cases, radii: radii, area: area, checkpoint: checkpoint),
      let others = try ripleyCurve(controls, radii: radii, area: area, checkpoint: checkpoint)
    else { return nil }
    return zip(own, others).map { $0 - $1 }
  }

  /// How many of a kind an establishment has *at* a distance, relative to what it has in all: the density form of ``marconPuech(_:with:radius:)``.
  ///
  /// `m(r) = mean_i [w_own(i,r) / w_all(i,r)] / mean_i [(W_own - w_i) / (W - w_i)]`, w(i,r) the weights of the others, each times
  /// `exp(-½ ((r - d) / h)²)`.
  ///
  /// - Parameter bandwidth: h; the same for all establishments and radii.
  /// - Returns: One per radius, nil where no establishment of the kind has anything near that distance.
  /// - Complexity: O(points of the kind × points × radii).
  /// - Source: Lang, Marcon and Puech (2020), Annals of Regional Science 65: 271–295.
  package func langMarconPuech(
    _ kind: String, with neighbourKind: String, radii: [Double], bandwidth: Double, checkpoint: () throws -> Void = {}
  ) rethrows -> [Double?] {
    let total = weights.reduce(0, +)
    let own = kinds.indices.reduce(0) { kinds[$1] == neighbourKind ? $0 + weights[$1] : $0 }
    var local = [Double](repeating: 0, count: radii.count)
    var whole = local
    var counts = [Int](repeating: 0, count: radii.count)
    for one in kinds.indices where kinds[one] == kind {
      try checkpoint()
      var near = [Double](repeating: 0, count: radii.count)
      var alike = near
      for other in kinds.indices where other != one {
        let distance = distance(one, other)
        for (index, radius) in radii.enumerated() {
          let gap = (radius - distance) / bandwidth
          guard abs(gap) < 8 else { continue }
          let density = weights[other] * exp(-0.5 * gap * gap)
          near[index] += density
          if kinds[other] == neighbourKind { alike[index] += density }
        }
      }
      let rest = total - weights[one]
      guard rest > 0 else { continue }
      for index in radii.indices where near[index] > 0 {
        local[index] += alike[index] / near[index]
        whole[index] += (own - (kind == neighbourKind ? weights[one] : 0)) / rest
        counts[index] += 1
      }
    }
    return radii.indices.map { counts[$0] > 0 && whole[$0] > 0 ? local[$0] / whole[$0] : nil }
  }

  /// Silverman's rule over the distances between the points of `kind` and all points; nil where they are all equal.
  package func bandwidth(of kind: String) -> Double? {
    var distances: [Double] = []
    for one in kinds.indices where kinds[one] == kind {
      for other in kinds.indices where other > one || (other < one && kinds[other] != kind) {
        distances.append(distance(one, other))
      }
    }
    return distances.count > 1 ? Self.bandwidth(distances) : nil
  }

  /// As many points, drawn uniformly from the rectangle around these that is scaled to `area` about its middle; nil where they lie on a line.
  package func uniform(area: Double, using generator: inout SeededGenerator) -> PointPattern? {
    guard let west = x.min(), let east = x.max(), let south = y.min(), let north = y.max(), east > west, north > south
    else { return nil }
    let scale = (area / ((east - west) * (north - south))).squareRoot()
    var drawn = self
    for index in x.indices {
      drawn.x[index] = (west + east) / 2 + (generator.unit() - 0.5) * (east - west) * scale
      drawn.y[index] = (south + north) / 2 + (generator.unit() - 0.5) * (north - south) * scale
    }
    return drawn
  }
}
