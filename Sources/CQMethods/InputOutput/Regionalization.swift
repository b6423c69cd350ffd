#if canImport(Glibc)
  import Glibc
#endif

/// Regional input coefficients from national ones by location quotients.
///
/// A region that has less of an industry than the nation buys a part of its needs elsewhere: `r_ij = min(q_ij, 1) · a_ij`.
///
/// - Source: Schaffer and Chu (1969) for SLQ and CILQ; Round (1978) for RLQ; Flegg and Webber (1997, 2000), Regional Studies 31
///   and 34, for FLQ and AFLQ.
package enum Regionalization: String, Sendable, CaseIterable {
  /// `SLQ_i`, the share of the supplier in the region over that in the nation.
  case simple
  /// `SLQ_i / SLQ_j`; `SLQ_i` on the diagonal.
  case crossIndustry = "cross_industry"
  /// `SLQ_i / log2(1 + SLQ_j)`.
  case round
  /// `λ · CILQ_ij`, on the diagonal `λ · SLQ_i`, with `λ = log2(1 + e_r / e_n)^δ`.
  case flegg
  /// FLQ, at most 1, times `log2(1 + SLQ_j)` where `SLQ_j > 1`; the product may exceed 1.
  case augmentedFlegg = "augmented_flegg"

  /// The factor of each national coefficient.
  ///
  /// - Parameters:
  ///   - regional, national: Employment or output by industry.
  ///   - delta: 0 to below 1; 0.3 is usual. Larger values leave the region with smaller multipliers.
  /// - Returns: 0 in the row of an industry that the region or the nation does not have.
  package func factors(regional: [Double], national: [Double], delta: Double = 0.3) -> Matrix {
    let size = regional.count
    let totals = (regional.reduce(0, +), national.reduce(0, +))
    var result = Matrix(rowCount: size, columnCount: size)
    guard totals.0 > 0, totals.1 > 0 else { return result }
    let quotients = zip(regional, national).map { $1 > 0 ? $0 / totals.0 / ($1 / totals.1) : 0 }
    let scale = pow(log2(1 + totals.0 / totals.1), delta)
    for row in 0..<size {
      for column in 0..<size {
        let (supplier, buyer) = (quotients[row], quotients[column])
        // A buyer that the region does not have needs nothing: any factor will do.
        let cross = row == column || buyer == 0 ? supplier : supplier / buyer
        let factor: Double =
          switch self {
          case .simple: supplier
          case .crossIndustry: cross
          case .round: buyer == 0 ? supplier : supplier / log2(1 + buyer)
          case .flegg, .augmentedFlegg: scale * cross
          }
        // The cap comes before the boost: an industry that the region specialises in may need more than the nation's.
        let boost = self == .augmentedFlegg && buyer > 1 ? log2(1 + buyer) : 1
        result[row, column] = min(factor, 1) * boost
      }
    }
    return result
  }

  /// Regional input coefficients.
  package func coefficients(
    national: Matrix, regionalSize: [Double], nationalSize: [Double], delta: Double = 0.3
  ) -> Matrix {
    let factors = factors(regional: regionalSize, national: nationalSize, delta: delta)
    var result = national
    for index in result.elements.indices { result.elements[index] *= factors.elements[index] }
    return result
  }
}
