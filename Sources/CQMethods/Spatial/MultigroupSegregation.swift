/// How separately several groups live, or work: indices of a table of groups by areas.
///
/// With t_i the people of area i, p_im the part of group m in it, P_m in all, T all people, and `I = Σ P_m (1 − P_m)`.
///
/// - Source: Reardon and Firebaugh (2002), *Sociological Methodology* 32: 33–67.
package struct MultigroupSegregation: Sendable {
  /// `Σ_m Σ_i t_i |p_im − P_m| / (2 T I)` (Morgan, Sakoda).
  package let dissimilarity: Double
  /// `Σ_m Σ_i Σ_j t_i t_j |p_im − p_jm| / (2 T² I)`.
  package let gini: Double
  /// Theil's H, ``Segregation/information(_:)``.
  package let information: Double
  /// `Σ_m Σ_i t_i (p_im − P_m)² / (T (1 − P_m))` (James).
  package let exposure: Double
  /// `Σ_m Σ_i t_i (p_im − P_m)² / (T I)` (Goodman and Kruskal's τ).
  package let diversity: Double
  /// `Σ_m Σ_i t_i (p_im − P_m)² / (T (M − 1) P_m)`.
  package let variation: Double

  /// - Parameter counts: Areas × groups, not negative. Groups and areas without anyone are left out.
  /// - Returns: nil for fewer than two groups with members, or a negative count.
  /// - Complexity: O(groups · areas · log areas).
  package init?(_ counts: Matrix) {
    let totals = (0..<counts.columnCount).map { group in
      (0..<counts.rowCount).reduce(0) { $0 + counts[$1, group] }
    }
    let groups = totals.indices.filter { totals[$0] > 0 }
    let people = (0..<counts.rowCount).map { area in groups.reduce(0) { $0 + counts[area, $1] } }
    let areas = people.indices.filter { people[$0] > 0 }
    let all = totals.reduce(0, +)
    guard groups.count > 1, all > 0, counts.elements.allSatisfy({ $0 >= 0 }) else { return nil }
    let interaction = groups.reduce(0) { $0 + totals[$1] / all * (1 - totals[$1] / all) }
    guard let information = Segregation.information(groups.map { group in areas.map { counts[$0, group] } }) else {
      return nil
    }
    var (absolute, pairs, exposure, squares, variation) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for group in groups {
      let whole = totals[group] / all
      let parts = areas.map { counts[$0, group] / people[$0] }
      var square = 0.0
      for (part, area) in zip(parts, areas) {
        absolute += people[area] * abs(part - whole)
        square += people[area] * (part - whole) * (part - whole)
      }
      squares += square
      exposure += square / (1 - whole)
      variation += square / whole
      // Σ_i Σ_j t_i t_j |p_i − p_j| by running sums over ascending parts.
      var (below, weighted) = (0.0, 0.0)
      for index in parts.indices.sorted(by: { parts[$0] < parts[$1] }) {
        let size = people[areas[index]]
        pairs += 2 * size * (parts[index] * below - weighted)
        below += size
        weighted += size * parts[index]
      }
    }
    dissimilarity = absolute / (2 * all * interaction)
    gini = pairs / (2 * all * all * interaction)
    self.information = information
    self.exposure = exposure / all
    diversity = squares / (all * interaction)
    self.variation = variation / (all * Double(groups.count - 1))
  }

  /// By name, in the order in which they are shown.
  package var all: [(name: String, value: Double)] {
    [
      ("dissimilarity", dissimilarity), ("gini", gini), ("information", information), ("exposure", exposure),
      ("diversity", diversity), ("variation", variation),
    ]
  }
}

extension Segregation {
  /// Dissimilarity less what neighbouring areas of different composition take away from it.
  ///
  /// `D − Σ_i Σ_j w_ij |a_i/t_i − a_j/t_j| / Σ_i Σ_j w_ij`
  ///
  /// - Returns: nil where a group is empty; D itself without neighbours.
  /// - Source: Morrill (1991), *Geography Research Forum* 11: 25–36.
  package static func spatialDissimilarity(
    _ group: [Double], _ others: [Double], weights: SpatialWeights
  ) -> Double? {
    precondition(group.count == weights.count, "a number per place")
    guard let dissimilarity = dissimilarity(group, others) else { return nil }
    let parts = zip(group, others).map { $0 + $1 > 0 ? $0 / ($0 + $1) : nil }
    var (sum, total) = (0.0, 0.0)
    for place in 0..<weights.count {
      guard let own = parts[place] else { continue }
      for entry in weights.row(place) {
        guard let other = parts[weights.neighbours[entry]] else { continue }
        sum += weights.values[entry] * abs(own - other)
        total += weights.values[entry]
      }
    }
    return total > 0 ? dissimilarity - sum / total : dissimilarity
  }
}
