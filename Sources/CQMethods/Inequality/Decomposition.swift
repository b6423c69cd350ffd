#if canImport(Glibc)
  import Glibc
#endif

/// Theil's index of a whole as inequality within groups plus inequality between them; the two add up to the total.
///
/// `T = Σ s_g T_g + Σ s_g ln(μ_g/μ)` with shares s of the total; `L = Σ p_g L_g + Σ p_g ln(μ/μ_g)` with shares p of the
/// population.
///
/// - Source: Theil (1967), *Economics and Information Theory*; Shorrocks (1980), *Econometrica* 48: 613–625.
package struct TheilDecomposition: Sendable {
  package enum Kind: Sendable { case t, l }

  package let total: Double
  package let within: Double
  package let between: Double

  /// - Parameter groups: A number per value; equal numbers are a group.
  /// - Returns: nil where the index is undefined (see ``Inequality/theilT(_:weights:)`` and `theilL`).
  package init?(_ values: [Double], groups: [Int], kind: Kind = .t, weights: [Double]? = nil) {
    precondition(groups.count == values.count, "one group per value")
    let index = { (values: [Double], weights: [Double]?) -> Double? in
      kind == .t ? Inequality.theilT(values, weights: weights) : Inequality.theilL(values, weights: weights)
    }
    guard let total = index(values, weights), let all = WeightedMoments(values, weights: weights) else { return nil }
    let weightTotal = weights?.reduce(0, +) ?? Double(values.count)
    var members: [Int: [Int]] = [:]
    for (row, group) in groups.enumerated() { members[group, default: []].append(row) }
    var (within, between) = (0.0, 0.0)
    for group in members.keys.sorted() {
      let rows = members[group] ?? []
      let inner = rows.map { values[$0] }
      let innerWeights = weights.map { weights in rows.map { weights[$0] } }
      let part = (innerWeights?.reduce(0, +) ?? Double(rows.count)) / weightTotal
      // A group without people or without anything adds nothing to T.
      guard let moments = WeightedMoments(inner, weights: innerWeights), moments.mean > 0 else { continue }
      let share = kind == .t ? part * moments.mean / all.mean : part
      within += share * (index(inner, innerWeights) ?? 0)
      between += share * log(moments.mean / all.mean) * (kind == .t ? 1 : -1)
    }
    self.total = total
    self.within = within
    self.between = between
  }

  /// How often members dealt out to the groups at random make as much inequality between them: `(#(between* ≥ between) + 1) / (n + 1)`.
  ///
  /// - Returns: nil without permutations.
  package func chance(
    _ values: [Double], groups: [Int], kind: Kind = .t, weights: [Double]? = nil, permutations: Int, seed: Int,
    checkpoint: () throws -> Void = {}
  ) rethrows -> Double? {
    guard permutations > 0 else { return nil }
    var (generator, dealt, above) = (SeededGenerator(seed: seed), groups, 0)
    for _ in 0..<permutations {
      try checkpoint()
      generator.shuffle(&dealt)
      // Rounding must not make a difference of what is the same.
      if let drawn = TheilDecomposition(values, groups: dealt, kind: kind, weights: weights),
        drawn.between >= between - 1e-12 * abs(total)
      {
        above += 1
      }
    }
    return Double(above + 1) / Double(permutations + 1)
  }
}
