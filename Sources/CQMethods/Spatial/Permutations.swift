/// How a simulated test was made and what it gave.
package struct PermutationTest: Equatable, Sendable {
  /// Which deviations count as evidence.
  package enum Alternative: String, Sendable {
    /// In the direction that was observed, as PySAL reports it.
    case directed
    /// In the direction that was observed, doubled: either direction counts.
    case twoSided
    case greater
    case less
  }

  package let count: Int
  package let mean: Double
  package let deviation: Double
  /// `(b + 1) / (count + 1)`, where b permutations are at least as extreme: never 0, and no smaller than `1 / (count + 1)`.
  package let p: Double

  /// - Parameters:
  ///   - statistic: As observed.
  ///   - simulated: Under random permutations of the values over the places.
  /// - Source: North, Curtis and Sham (2002), *American Journal of Human Genetics* 71: 439–441, for the + 1.
  package init?(statistic: Double, simulated: [Double], alternative: Alternative) {
    guard let moments = WeightedMoments(simulated) else { return nil }
    // Permutations that give the same sum in another order differ by rounding only.
    let tolerance = 1e-12 * max(abs(statistic), moments.variance.squareRoot())
    let above = simulated.count { $0 >= statistic - tolerance }
    let below = simulated.count { $0 <= statistic + tolerance }
    count = simulated.count
    mean = moments.mean
    deviation = moments.variance.squareRoot()
    p = Self.p(above: above, below: below, count: simulated.count, alternative)
  }

  static func p(above: Int, below: Int, count: Int, _ alternative: Alternative) -> Double {
    let part = { (extreme: Int) in Double(extreme + 1) / Double(count + 1) }
    return switch alternative {
    case .directed: part(min(above, below))
    case .twoSided: min(1, 2 * part(min(above, below)))
    case .greater: part(above)
    case .less: part(below)
    }
  }
}
