/// Economic complexity of places (ECI) and activities (PCI) by the eigenvector method.
///
/// With `M` the presence, `k_c` the diversity and `k_p` the ubiquity, ECI is the eigenvector of the second largest eigenvalue
/// of `M̃_cc' = Σ_p M_cp M_c'p / (k_c k_p)`, PCI that of the same on activities. It is found through the symmetric
/// `D_c^-½ M D_p⁻¹ Mᵀ D_c^-½` on the smaller side, whose first eigenvector is known and left out of the search.
///
/// Places and activities without a partner are taken out first, again and again. When the network falls apart the second
/// eigenvalue is 1 and its vector only tells the parts from each other; the index is then that of the largest part.
///
/// - Source: Hidalgo and Hausmann (2009), PNAS 106(26); Hausmann et al. (2014), The Atlas of Economic Complexity.
/// - Complexity: about 50 products with the list of present pairs.
package struct ComplexityIndex: Sendable {
  /// One per place; not a number where the place was taken out.
  package let places: [Double]
  /// One per activity: the mean index of the places that have it. The mean of a place's activities is then the second
  /// eigenvalue times the place's index.
  package let activities: [Double]
  package let secondEigenvalue: Double
  /// Not a number where the network has two places or activities only.
  package let thirdEigenvalue: Double
  package let componentCount: Int
  /// Places and activities outside the largest component, those without partners not among them.
  package let separatedPlaceCount: Int
  /// Positions of those taken out for want of partners.
  package let droppedPlaces: [Int]
  package let droppedActivities: [Int]
  package let isConverged: Bool

  /// - Parameter checkpoint: Asked in every step whether to go on.
  package init(
    _ presence: PresenceMatrix, minimumDiversity: Int = 1, minimumUbiquity: Int = 1, checkpoint: () throws -> Void
  ) rethrows {
    try checkpoint()
    let core = presence.core(minimumDiversity: minimumDiversity, minimumUbiquity: minimumUbiquity)
    try checkpoint()
    let kept = presence.selecting(rows: core.rows, columns: core.columns)
    try checkpoint()
    let parts = kept.components
    try checkpoint()
    let part = parts.first ?? ([], [])
    let connected = kept.selecting(rows: part.rows, columns: part.columns)
    var places = [Double](repeating: .nan, count: presence.rowCount)
    var activities = [Double](repeating: .nan, count: presence.columnCount)
    componentCount = parts.count
    separatedPlaceCount = core.rows.count - part.rows.count
    let (keptPlaces, keptActivities) = (Set(core.rows), Set(core.columns))
    droppedPlaces = (0..<presence.rowCount).filter { !keptPlaces.contains($0) }
    droppedActivities = (0..<presence.columnCount).filter { !keptActivities.contains($0) }
    if let solution = try Self.solve(connected, checkpoint) {
      for (index, row) in part.rows.enumerated() { places[core.rows[row]] = solution.places[index] }
      for (index, column) in part.columns.enumerated() {
        activities[core.columns[column]] = solution.activities[index]
      }
      secondEigenvalue = solution.second
      thirdEigenvalue = solution.third
      isConverged = solution.isConverged
    } else {
      (secondEigenvalue, thirdEigenvalue, isConverged) = (.nan, .nan, true)
    }
    self.places = places
    self.activities = activities
  }

  package init(_ presence: PresenceMatrix) { self.init(presence, checkpoint: {}) }

  private struct Solution {
    var places: [Double]
    var activities: [Double]
    var second: Double
    var third: Double
    var isConverged: Bool
  }

  /// Nothing where all places have the same activities: there is no second dimension.
  private static func solve(_ presence: PresenceMatrix, _ checkpoint: () throws -> Void) rethrows -> Solution? {
    guard presence.rowCount > 1, presence.columnCount > 1 else { return nil }
    let isByPlace = presence.rowCount <= presence.columnCount
    let byPlace = presence
    let byActivity = presence.transposed
    let (small, large) = isByPlace ? (byPlace, byActivity) : (byActivity, byPlace)
    let smallDegrees = small.diversity.map(Double.init)
    let largeDegrees = large.diversity.map(Double.init)
    let total = smallDegrees.reduce(0, +)
    let roots = smallDegrees.map { $0.squareRoot() }
    let trivial = roots.map { $0 / total.squareRoot() }
    var scaled = [Double](repeating: 0, count: small.rowCount)
    var across = [Double](repeating: 0, count: large.rowCount)
    let search = try Lanczos(size: small.rowCount, count: 2, orthogonalTo: [trivial]) { vector, product in
      try checkpoint()
      for index in scaled.indices { scaled[index] = vector[index] / roots[index] }
      large.sums(of: scaled, into: &across)
      for index in across.indices { across[index] /= largeDegrees[index] }
      small.sums(of: across, into: &product)
      for index in product.indices { product[index] /= roots[index] }
    }
    guard let second = search.pairs.first, second.value > 1e-12 else { return nil }
    let near = second.vector.indices.map { second.vector[$0] / roots[$0] }
    let far = large.means(of: near)
    // Activities are the means of their places' index, whichever side was solved.
    let places = isByPlace ? near : far
    let activities = isByPlace ? far : near.map { $0 * second.value }
    // One sign for both sides: diverse places are complex.
    var link = correlation(presence.diversity.map(Double.init), places)
    if link.isNaN || abs(link) < 1e-12 { link = places.max { abs($0) < abs($1) } ?? 1 }
    let sign: Double = link < 0 ? -1 : 1
    return Solution(
      places: places.map { sign * $0 },
      activities: activities.map { sign * $0 },
      second: second.value,
      third: search.pairs.count > 1 ? search.pairs[1].value : .nan,
      isConverged: search.isConverged)
  }

  /// How activities are scaled beside places.
  package enum ActivityScale: Sendable {
    /// Standard scores of their own.
    case own
    /// Mean and deviation of the places' index, so that a place's index is the mean of its activities' (Growth Lab).
    case places
  }

  package var droppedPlaceCount: Int { droppedPlaces.count }

  package var droppedActivityCount: Int { droppedActivities.count }

  /// Standard scores of both sides.
  ///
  /// - Parameter ddof: 1 divides by n − 1, 0 by n.
  package func standardized(
    ddof: Int = 1, activityScale: ActivityScale = .own
  ) -> (places: [Double], activities: [Double]) {
    let scores = standardScores(places, ddof: ddof)
    switch activityScale {
    case .own: return (scores, standardScores(activities, ddof: ddof))
    case .places:
      let moments = Moments(places, ddof: ddof)
      guard moments.deviation > 0 else { return (scores, activities.map { _ in .nan }) }
      return (scores, activities.map { ($0 / secondEigenvalue - moments.mean) / moments.deviation })
    }
  }
}

extension PresenceMatrix {
  /// For each row, the sum of `values` over its columns.
  func sums(of values: [Double], into result: inout [Double]) {
    precondition(values.count == columnCount && result.count == rowCount, "a value per column, a sum per row")
    unsafe columns.withUnsafeBufferPointer { columns in
      unsafe values.withUnsafeBufferPointer { values in
        for row in 0..<rowCount {
          var sum = 0.0
          // SAFETY: row starts are ascending positions in `columns`, whose elements are below `columnCount`.
          for position in rowStarts[row]..<rowStarts[row + 1] {
            unsafe sum += values[Int(columns[position])]
          }
          result[row] = sum
        }
      }
    }
  }

  /// For each row, the mean of `values` over its columns; not a number without columns.
  package func means(of values: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount)
    sums(of: values, into: &result)
    for row in 0..<rowCount { result[row] /= Double(rowStarts[row + 1] - rowStarts[row]) }
    return result
  }
}
