/// Income of activities and places by what is exported (PRODY and EXPY), and other means of a place's attribute.
package enum AttributeLevels {
  /// Mean attribute of the places that have an activity, weighted by its share in their totals.
  ///
  /// `PRODY_p = Σ_c s_cp Y_c / Σ_c s_cp`: PRODY with income per head; the product Gini index (PGI) with the Gini coefficient and
  /// the product emission index (PEII) with emissions, where `presence` limits it to the places specialised in it.
  ///
  /// - Parameters:
  ///   - shares: Places × activities, each row a distribution; gaps count as 0.
  ///   - attribute: One per place; places without one (not a number) are left out.
  ///   - presence: Counts present pairs only; nil counts all.
  /// - Returns: One per activity; not a number where no place with an attribute has it.
  /// - Source: Hausmann, Hwang and Rodrik (2007), Journal of Economic Growth 12(1); Hartmann et al. (2017), World
  ///   Development 93.
  package static func ofActivities(
    shares: Matrix, attribute: [Double], presence: PresenceMatrix? = nil
  ) -> [Double] {
    var sums = [Double](repeating: 0, count: shares.columnCount)
    var weights = sums
    for place in 0..<shares.rowCount where !attribute[place].isNaN {
      for activity in 0..<shares.columnCount {
        let share = shares[place, activity]
        guard !share.isNaN, presence.map({ $0[row: place, column: activity] }) ?? true else { continue }
        sums[activity] += share * attribute[place]
        weights[activity] += share
      }
    }
    return zip(sums, weights).map { $1 > 0 ? $0 / $1 : .nan }
  }

  /// Mean level of a place's activities, weighted by their shares: `EXPY_c = Σ_p s_cp PRODY_p`.
  ///
  /// Activities without a level are left out and the shares of the others made to add up to 1.
  package static func ofPlaces(shares: Matrix, levels: [Double]) -> [Double] {
    (0..<shares.rowCount).map { place in
      var (sum, weight) = (0.0, 0.0)
      for activity in 0..<shares.columnCount where !shares[place, activity].isNaN && !levels[activity].isNaN {
        sum += shares[place, activity] * levels[activity]
        weight += shares[place, activity]
      }
      return weight > 0 ? sum / weight : .nan
    }
  }
}

/// Complexity of places by a PCI from elsewhere: its mean over the activities that a place has.
///
/// - Parameter complexity: One per activity; activities without one (not a number) are left out.
/// - Returns: Not a number for a place with none.
/// - Source: Hausmann, Pietrobelli and Santos (2021) for regions of a country with the world's PCI.
package func externalComplexity(of presence: PresenceMatrix, complexity: [Double]) -> [Double] {
  (0..<presence.rowCount).map { place in
    let levels = presence.columns(of: place).map { complexity[Int($0)] }.filter { !$0.isNaN }
    return levels.isEmpty ? .nan : levels.reduce(0, +) / Double(levels.count)
  }
}
