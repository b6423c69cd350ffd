#if canImport(Glibc)
  import Glibc
#endif

/// How alike the mixes of two places are.
package enum SimilarityMethod: String, Sendable, CaseIterable {
  /// Correlation of `ln(LQ + 0.1)` over activities (Bahar, Hausmann and Hidalgo 2014).
  case correlation
  /// The part of the mix that two places have in common, `Σ_p min(s_cp, s_c'p)` (Finger and Kreinin 1979).
  case overlap
  /// The smaller conditional probability of presence (proximity of places).
  case proximity
}

/// Similarity of each place to one of them.
///
/// - Parameters:
///   - values: Amounts, places × activities; gaps are left out of correlations and count as 0 otherwise.
///   - offset: What is added to location quotients before the logarithm.
/// - Returns: One per place; not a number for places without a total.
/// - Source: Bahar, Hausmann and Hidalgo (2014), Journal of International Economics 92(1).
package func similarity(
  to place: Int, in values: Matrix, method: SimilarityMethod, offset: Double = 0.1
) -> [Double] {
  switch method {
  case .correlation:
    let logs = values.revealedAdvantage.elements.map { $0.isNaN ? .nan : log($0 + offset) }
    func row(_ index: Int) -> [Double] {
      Array(logs[index * values.columnCount..<(index + 1) * values.columnCount])
    }
    let own = row(place)
    return (0..<values.rowCount).map { correlation(own, row($0)) }
  case .overlap:
    let shares = values.rowShares
    return (0..<values.rowCount).map { other in
      var (sum, isEmpty) = (0.0, true)
      for column in 0..<values.columnCount {
        let (first, second) = (shares[place, column], shares[other, column])
        if first.isNaN || second.isNaN { continue }
        sum += min(first, second)
        isEmpty = false
      }
      return isEmpty ? .nan : sum
    }
  case .proximity:
    let presence = values.presence()
    let proximity = presence.transposed.proximity()
    let diversity = presence.diversity
    return (0..<values.rowCount).map { diversity[$0] > 0 && diversity[place] > 0 ? proximity[place, $0] : .nan }
  }
}
