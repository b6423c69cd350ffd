/// Whether the ranking of places persists.
package enum GammaConvergence {
  /// Kendall's coefficient of concordance of the rankings of several years: 1 where they are all the same, near 0 where
  /// they have nothing in common. Ties are corrected for.
  ///
  /// `W = (12 Σ R_i² − 3 m² n (n + 1)²) / (m² n (n² − 1) − m Σ T)`
  ///
  /// - Parameter columns: A list per year of the values of the same places.
  /// - Returns: W, χ² = m (n − 1) W and its p-value; nil with fewer than two places or years, or where all are equal.
  /// - Source: Kendall and Babington Smith (1939), *Annals of Mathematical Statistics* 10: 275–287.
  package static func concordance(_ columns: [[Double]]) -> (w: Double, chiSquare: Double, p: Double)? {
    guard let placeCount = columns.first?.count, placeCount > 1, columns.count > 1 else { return nil }
    precondition(columns.allSatisfy { $0.count == placeCount }, "the same places in all years")
    var sums = [Double](repeating: 0, count: placeCount)
    var ties = 0.0
    for column in columns {
      for (place, rank) in Order.averageRanks(column).enumerated() { sums[place] += rank }
      for group in Order.groupsOfEqual(column) {
        let size = Double(group.members.count)
        ties += size * size * size - size
      }
    }
    let (n, m) = (Double(placeCount), Double(columns.count))
    let squares = sums.reduce(0) { $0 + $1 * $1 }
    let most = m * m * n * (n * n - 1) - m * ties
    guard most > 0 else { return nil }
    let w = (12 * squares - 3 * m * m * n * (n + 1) * (n + 1)) / most
    let chiSquare = m * (n - 1) * w
    guard let p = Distribution.chiSquareUpperTail(chiSquare, degrees: n - 1) else { return nil }
    return (w, chiSquare, p)
  }

  /// Boyle and McCarthy's binary index of gamma convergence: the variance of the sums of two years' ranks over that of
  /// twice the first year's; 1 where no place changes its rank.
  ///
  /// - Source: Boyle and McCarthy (1997), *Oxford Bulletin of Economics and Statistics* 59: 257–264.
  package static func index(start: [Double], end: [Double]) -> Double? {
    precondition(start.count == end.count, "the same places")
    let (first, last) = (Order.averageRanks(start), Order.averageRanks(end))
    guard let moved = WeightedMoments(zip(first, last).map { $0 + $1 })?.variance,
      let fixed = WeightedMoments(first)?.variance,
      fixed > 0
    else { return nil }
    return moved / (4 * fixed)
  }
}

/// How places change their ranks.
package enum RankMobility {
  /// Cohesion of groups: the part of all changes of rank that the members of a group make together, in one period.
  ///
  /// `θ = Σ_g |Σ_{i∈g} Δr_i| / Σ_i |Δr_i|`: 1 where groups move as one, 0 where moves cancel within groups.
  ///
  /// - Returns: nil where no rank changes.
  /// - Source: Rey (2004), "Spatial dependence in the evolution of regional income distributions", in *Spatial Econometrics
  ///   and Spatial Statistics*.
  package static func theta(start: [Double], end: [Double], groups: [Int]) -> Double? {
    precondition(start.count == end.count && groups.count == start.count, "the same places")
    let moves = zip(Order.averageRanks(start), Order.averageRanks(end)).map { $1 - $0 }
    let all = moves.reduce(0) { $0 + abs($1) }
    guard all > 0 else { return nil }
    var sums: [Int: Double] = [:]
    for (move, group) in zip(moves, groups) { sums[group, default: 0] += move }
    return sums.keys.sorted().reduce(0) { $0 + abs(sums[$1] ?? 0) } / all
  }
}
