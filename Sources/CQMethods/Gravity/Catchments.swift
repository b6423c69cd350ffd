#if canImport(Glibc)
  import Glibc
#endif

/// What is within reach of places, shared with all who reach it too.
package enum Catchments {
  /// How much a distance counts within the catchment.
  package enum Decay: String, Sendable, CaseIterable {
    /// 1 within the catchment.
    case step
    /// `(e^(−½ (d/d0)²) − e^(−½)) / (1 − e^(−½))`: 1 at the place itself, 0 at the border.
    case gaussian
    /// `1 − (d/d0)²`.
    case epanechnikov

    func weight(_ part: Double) -> Double {
      switch self {
      case .step: 1
      case .gaussian: (exp(-0.5 * part * part) - exp(-0.5)) / (1 - exp(-0.5))
      case .epanechnikov: 1 - part * part
      }
    }
  }

  /// Two-step floating catchment area: supply per head of those who reach it, added up over all supply that a place reaches.
  ///
  /// `A_i = Σ_j f(d_ij) R_j`, `R_j = S_j / Σ_k f(d_kj) P_k`, over distances up to `radius`
  ///
  /// - Parameters:
  ///   - distances: Symmetric, 0 on the diagonal: a place reaches itself. A distance that is not finite is out of reach.
  /// - Returns: Supply per unit of demand; demand times it adds up to the supply that somebody reaches.
  /// - Complexity: O(places²).
  /// - Source: Luo and Wang (2003), *Environment and Planning B* 30: 865–884; Dai (2010), *Health & Place* 16: 1038–1052, for `gaussian`.
  package static func access(
    supply: [Double], demand: [Double], distances: Matrix, radius: Double, decay: Decay = .step
  ) -> [Double] {
    precondition(supply.count == demand.count && distances.rowCount == supply.count, "one of each per place")
    let count = supply.count
    func weight(_ one: Int, _ other: Int) -> Double {
      let distance = distances[one, other]
      guard distance.isFinite, distance <= radius else { return 0 }
      return decay.weight(radius > 0 ? distance / radius : 0)
    }
    var access = [Double](repeating: 0, count: count)
    for site in 0..<count where supply[site] > 0 {
      let weights = (0..<count).map { weight($0, site) }
      let reached = zip(weights, demand).reduce(0) { $0 + $1.0 * $1.1 }
      guard reached > 0 else { continue }
      for place in 0..<count { access[place] += weights[place] * supply[site] / reached }
    }
    return access
  }
}
