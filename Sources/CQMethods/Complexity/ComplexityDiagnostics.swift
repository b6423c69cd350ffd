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
  /// Of pairs of places and pairs of activities, the part in which the more complex place has relatively more of the more complex
  /// activity: 1 where the index orders places as any model of sophistication would. Not a number without a pair that differs.
  package let logSupermodularity: Double

  /// - Source: Almeida-Neto et al. (2008), Oikos 117(8) for NODF; Kemp-Benedict (2014) and McNerney et al. (2021) for what the
  ///   eigenvalues say.
  /// - Parameter advantage: Location quotients, places × activities.
  package init(_ presence: PresenceMatrix, advantage: Matrix, checkpoint: () throws -> Void) rethrows {
    let index = try ComplexityIndex(presence, checkpoint: checkpoint)
    try checkpoint()
    placeCount = presence.rowCount - index.droppedPlaceCount
    activityCount = presence.columnCount - index.droppedActivityCount
    fill = Double(presence.columns.count) / Double(max(placeCount * activityCount, 1))
    componentCount = index.componentCount
    secondEigenvalue = index.secondEigenvalue
    thirdEigenvalue = index.thirdEigenvalue
    correlationWithDiversity = correlation(index.places, presence.diversity.map(Double.init))
    nestedness = presence.nestedness
    logSupermodularity = Self.logSupermodularity(advantage, places: index.places, activities: index.activities)
  }

  /// The part of pairs of pairs with `M_i'j' M_ij > M_i'j M_ij'`, of those in which the two sides differ, over places `i'` more complex
  /// than `i` and activities `j'` more complex than `j`.
  ///
  /// - Complexity: all pairs of pairs up to a million, else half a million of them drawn at random, always the same.
  /// - Source: Schetter (2019), *A Structural Ranking of Economic Complexity*, CID Research Fellow and Graduate Student Working Paper 119.
  package static func logSupermodularity(_ values: Matrix, places: [Double], activities: [Double]) -> Double {
    func order(_ scores: [Double]) -> [Int] {
      scores.indices.filter { !scores[$0].isNaN }.sorted { (scores[$0], $0) < (scores[$1], $1) }
    }
    let (rows, columns) = (order(places), order(activities))
    guard rows.count > 1, columns.count > 1 else { return .nan }
    var (holds, fails) = (0, 0)
    func compare(_ low: Int, _ high: Int, _ simple: Int, _ complex: Int) {
      // Equal scores are in no order.
      guard places[low] < places[high], activities[simple] < activities[complex] else { return }
      let along = values[high, complex] * values[low, simple]
      let across = values[high, simple] * values[low, complex]
      if along > across { holds += 1 } else if along < across { fails += 1 }
    }
    let count = Double(rows.count * (rows.count - 1)) * Double(columns.count * (columns.count - 1)) / 4
    if count <= 1_000_000 {
      for (position, low) in rows.enumerated() {
        for high in rows[(position + 1)...] {
          for (place, simple) in columns.enumerated() {
            for complex in columns[(place + 1)...] { compare(low, high, simple, complex) }
          }
        }
      }
    } else {
      var generator = SeededGenerator(seed: 1)
      func pair(_ members: [Int]) -> (Int, Int) {
        let first = generator.below(members.count)
        let second = (first + 1 + generator.below(members.count - 1)) % members.count
        return (members[min(first, second)], members[max(first, second)])
      }
      for _ in 0..<500_000 {
        let ((low, high), (simple, complex)) = (pair(rows), pair(columns))
        compare(low, high, simple, complex)
      }
    }
    return holds + fails > 0 ? Double(holds) / Double(holds + fails) : .nan
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
