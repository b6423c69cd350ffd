#if canImport(Glibc)
  import Glibc
#endif

/// How separately groups live, or sectors work: indices over areas.
///
/// Counts are not negative; an area without anyone is left out.
///
/// - Source: Massey and Denton (1988), *Social Forces* 67(2): 281–315.
package enum Segregation {
  /// Dissimilarity: the part of one group that would have to move for both to be spread alike.
  ///
  /// `D = ½ Σ |a_i / A − b_i / B|`
  ///
  /// - Returns: nil where a group is empty.
  /// - Source: Duncan and Duncan (1955), *American Sociological Review* 20: 210–217.
  package static func dissimilarity(_ a: [Double], _ b: [Double]) -> Double? {
    precondition(a.count == b.count, "the same areas")
    let (totalA, totalB) = (a.reduce(0, +), b.reduce(0, +))
    guard totalA > 0, totalB > 0 else { return nil }
    return zip(a, b).reduce(0) { $0 + abs($1.0 / totalA - $1.1 / totalB) } / 2
  }

  /// Isolation: the part of its own group that a member meets in its area, on average.
  ///
  /// `P = Σ (a_i / A) (a_i / t_i)`
  package static func isolation(_ group: [Double], of total: [Double]) -> Double? {
    exposure(of: group, to: group, total)
  }

  /// Exposure (interaction): the part of another group that a member meets in its area, on average.
  ///
  /// `P = Σ (a_i / A) (b_i / t_i)`
  package static func exposure(of group: [Double], to other: [Double], _ total: [Double]) -> Double? {
    precondition(group.count == total.count && other.count == total.count, "the same areas")
    let all = group.reduce(0, +)
    guard all > 0 else { return nil }
    return group.indices.reduce(0) { $0 + (total[$1] > 0 ? group[$1] / all * other[$1] / total[$1] : 0) }
  }

  /// Theil's information index of several groups: how much less diverse areas are than the whole, 0 to 1.
  ///
  /// `H = Σ_i t_i (E − E_i) / (T E)` with the entropies E of the groups' parts
  ///
  /// - Parameter groups: For each group its counts by area.
  /// - Returns: nil where there are fewer than two groups with members.
  /// - Source: Theil and Finizza (1971), *Journal of Mathematical Sociology* 1: 187–194; Reardon and Firebaugh (2002).
  package static func information(_ groups: [[Double]]) -> Double? {
    guard let areaCount = groups.first?.count else { return nil }
    precondition(groups.allSatisfy { $0.count == areaCount }, "the same areas")
    func entropy(_ parts: [Double]) -> Double {
      let all = parts.reduce(0, +)
      return all > 0 ? -parts.reduce(0) { $0 + ($1 > 0 ? $1 / all * log($1 / all) : 0) } : 0
    }
    let totals = groups.map { $0.reduce(0, +) }
    let (all, whole) = (totals.reduce(0, +), entropy(totals))
    guard whole > 0 else { return nil }
    let inner = (0..<areaCount).reduce(0) { sum, area in
      let counts = groups.map { $0[area] }
      return sum + counts.reduce(0, +) * entropy(counts)
    }
    return 1 - inner / (all * whole)
  }
}
