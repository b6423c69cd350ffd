/// What says whether a complexity index can be trusted on a presence matrix.
package struct ComplexityDiagnostics: Sendable {
  package let placeCount: Int
  package let activityCount: Int
  /// Present pairs of all pairs.
  package let fill: Double
  package let componentCount: Int
  package let secondEigenvalue: Double
  package let thirdEigenvalue: Double
  /// `λ₂ - λ₃`: near 0 the second eigenvector is any mixture of two.
  package var spectralGap: Double { secondEigenvalue - thirdEigenvalue }
  /// Of the index with diversity: near ±1 the index says little more than how much a place has.
  package let correlationWithDiversity: Double
  /// Temperature-free nestedness, 0 to 100: how much rare activities are found in diverse places only (NODF).
  package let nestedness: Double

  /// - Source: Almeida-Neto et al. (2008), Oikos 117(8) for NODF; Kemp-Benedict (2014) and McNerney et al. (2021) for what the
  ///   eigenvalues say.
  package init(_ presence: PresenceMatrix) {
    let index = ComplexityIndex(presence)
    placeCount = presence.rowCount - index.droppedPlaceCount
    activityCount = presence.columnCount - index.droppedActivityCount
    fill = Double(presence.columns.count) / Double(max(placeCount * activityCount, 1))
    componentCount = index.componentCount
    secondEigenvalue = index.secondEigenvalue
    thirdEigenvalue = index.thirdEigenvalue
    correlationWithDiversity = correlation(index.places, presence.diversity.map(Double.init))
    nestedness = presence.nestedness
  }
}

extension PresenceMatrix {
  /// NODF: for each pair of rows (and of columns) with different sums, the part of the smaller one's that the larger one has
  /// too; the mean over all pairs × 100. Not a number where there is no pair.
  package var nestedness: Double {
    func paired(_ matrix: PresenceMatrix) -> (sum: Double, pairs: Int) {
      let counts = matrix.coOccurrence
      let size = matrix.rowCount
      let rows = (0..<size).filter { counts[$0 * size + $0] > 0 }
      var sum = 0.0
      for (position, row) in rows.enumerated() {
        for other in rows[(position + 1)...] {
          let (first, second) = (counts[row * size + row], counts[other * size + other])
          if first != second { sum += Double(counts[row * size + other]) / Double(min(first, second)) }
        }
      }
      return (sum, rows.count * (rows.count - 1) / 2)
    }
    let (places, activities) = (paired(self), paired(transposed))
    let pairs = places.pairs + activities.pairs
    return pairs > 0 ? 100 * (places.sum + activities.sum) / Double(pairs) : .nan
  }
}
