/// Jobs that serve demand from outside a place, and what they carry.
///
/// - Source: Isserman (1977), *Journal of the American Institute of Planners* 43(1): 33–41; Ullman and Dacey (1960), *Papers
///   of the Regional Science Association* 6: 175–194.
package enum ExportBase {
  /// Basic employment of each industry by location quotients: what is above the base area's share.
  ///
  /// `b_i = e_i (1 − 1 / LQ_i)` where LQ > 1, otherwise 0; that is `max(0, e_i − e S_i)`
  ///
  /// - Parameters:
  ///   - employment: Of the place, by industry.
  ///   - base: Of the base area, by industry.
  /// - Returns: nil where the base area has no employment.
  package static func basic(employment: [Double], base: [Double]) -> [Double]? {
    precondition(employment.count == base.count, "the same industries")
    let (total, baseTotal) = (employment.reduce(0, +), base.reduce(0, +))
    guard baseTotal > 0 else { return nil }
    return zip(employment, base).map { max(0, $0 - total * $1 / baseTotal) }
  }

  /// The least share of each industry in any of the places: what a place is taken to need for itself.
  ///
  /// - Parameters:
  ///   - employment: Places × industries. A place without employment says nothing.
  ///   - isKnown: Which of its elements are; all where it is nil. An industry that is not known in a place takes its least share
  ///     from the others.
  /// - Returns: nil without a place that has employment.
  package static func minimumShares(_ employment: Matrix, isKnown: [Bool]? = nil) -> [Double]? {
    var least: [Double]?
    for row in 0..<employment.rowCount {
      let values = (0..<employment.columnCount).map { employment[row, $0] }
      let total = values.reduce(0, +)
      guard total > 0 else { continue }
      let shares = values.enumerated().map { column, value in
        isKnown?[row * employment.columnCount + column] ?? true ? value / total : 1
      }
      least = least.map { zip($0, shares).map { min($0, $1) } } ?? shares
    }
    return least
  }

  /// Basic employment of each industry of a place beyond the minimum shares: `e_i − e m_i`, which no place has below 0.
  package static func basic(employment: [Double], minimumShares: [Double]) -> [Double] {
    let total = employment.reduce(0, +)
    return zip(employment, minimumShares).map { max(0, $0 - total * $1) }
  }

  /// Jobs per basic job; nil where no job is basic.
  package static func multiplier(employment: [Double], basic: [Double]) -> Double? {
    let carried = basic.reduce(0, +)
    return carried > 0 ? employment.reduce(0, +) / carried : nil
  }
}
