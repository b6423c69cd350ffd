/// How near each activity is to what a place already has.
///
/// `d_cp = Σ_p' M_cp' φ_pp' / Σ_p' φ_pp'`
///
/// - Parameters:
///   - presence: Places × activities.
///   - proximity: Activities × activities.
///   - neighborCount: Only the activities most proximate to `p`, itself left out; nil takes all.
/// - Returns: From 0 to 1; not a number for an activity with no proximity to any.
/// - Complexity: present pairs × activities.
/// - Source: Hidalgo et al. (2007), Science 317.
package func relatednessDensity(
  of presence: PresenceMatrix, proximity: Matrix, neighborCount: Int? = nil
) -> Matrix {
  precondition(proximity.rowCount == presence.columnCount, "a row of proximities for each activity")
  let weights = neighborCount.map { proximity.keepingLargest($0) } ?? proximity
  let (sums, totals) = presence.sums(ofColumnsOf: weights)
  var result = sums
  result.scaleColumns(by: totals.map { $0 > 0 ? 1 / $0 : .nan })
  return result
}

extension Matrix {
  /// The `count` largest elements of each row beside the diagonal, the rest 0; the earlier column first where equal.
  func keepingLargest(_ count: Int) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: columnCount)
    for row in 0..<rowCount {
      let order = (0..<columnCount).filter { $0 != row }.sorted { (self[row, $0], $1) > (self[row, $1], $0) }
      for column in order.prefix(count) { result[row, column] = self[row, column] }
    }
    return result
  }
}

/// Density in standard scores of each place's options: the activities that it does not have.
///
/// - Returns: Not a number for a place with fewer than two options, or with options that are all equally near.
/// - Source: Pinheiro et al. (2022), Research Policy 51(8).
package func relativeDensity(_ density: Matrix, presence: PresenceMatrix, ddof: Int = 1) -> Matrix {
  var result = density
  for place in 0..<density.rowCount {
    let options = (0..<density.columnCount).lazy.filter { !presence[row: place, column: $0] }.map { density[place, $0] }
    let moments = Moments(options, ddof: ddof)
    let isSpread = moments.deviation > abs(moments.mean) * 1e-13
    for activity in 0..<density.columnCount {
      result[place, activity] = isSpread ? (density[place, activity] - moments.mean) / moments.deviation : .nan
    }
  }
  return result
}
