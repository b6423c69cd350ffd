/// What a place could gain by new activities: complexity outlook of places and outlook gain of place and activity.
package struct Outlook: Sendable {
  /// `COI_c = Σ_p d_cp (1 - M_cp) PCI_p`: the complexity of what a place lacks, weighted by its nearness.
  package let index: [Double]
  /// `COG_cp = (1 - M_cp) Σ_p' (1 - M_cp') φ_pp' PCI_p' / Σ_p'' φ_p'p''`: how much nearer `p` brings what is complex. 0 where the
  /// place has `p`.
  package let gain: Matrix

  /// - Parameters:
  ///   - proximity: Symmetric.
  ///   - complexity: PCI; activities without one (not a number) neither give nor get.
  /// - Source: Hausmann et al. (2014), The Atlas of Economic Complexity, technical box 2.4.
  package init(presence: PresenceMatrix, proximity: Matrix, density: Matrix, complexity: [Double]) {
    let size = presence.columnCount
    let totals = proximity.rowSums
    let worth = (0..<size).map { totals[$0] > 0 && !complexity[$0].isNaN ? complexity[$0] / totals[$0] : 0 }
    var weighted = proximity.transposed
    weighted.scaleColumns(by: worth)
    var index = [Double](repeating: 0, count: presence.rowCount)
    // What a place lacks is everything less what it has: sums over present activities suffice.
    let (sums, everything) = presence.sums(ofColumnsOf: weighted)
    var gain = sums
    for place in 0..<presence.rowCount {
      let start = place * size
      for column in 0..<size {
        gain.elements[start + column] =
          complexity[column].isNaN ? .nan : everything[column] - gain.elements[start + column]
      }
      for activity in presence.columns(of: place) where !complexity[Int(activity)].isNaN {
        gain.elements[start + Int(activity)] = 0
      }
    }
    for place in 0..<presence.rowCount {
      for column in 0..<size
      where !presence[row: place, column: column] && !complexity[column].isNaN && !density[place, column].isNaN {
        index[place] += density[place, column] * complexity[column]
      }
    }
    self.index = index
    self.gain = gain
  }
}

/// Opportunity gain as the Observatory of Economic Complexity computes it, for present activities too.
///
/// `Σ_p' (1 - M_cp') PCI_p' φ_pp' / Σ_p' φ_pp' - d_cp PCI_p`, with 0 as the proximity of an activity to itself. For activities
/// that a place has the first term does not count the activity itself.
///
/// - Source: Datawheel, economic-complexity (function `opportunity_gain`).
package func opportunityGain(
  presence: PresenceMatrix, proximity: Matrix, density: Matrix, complexity: [Double]
) -> Matrix {
  let size = presence.columnCount
  let totals = proximity.columnSums
  var weighted = proximity.transposed
  weighted.scaleColumns(by: complexity.map { $0.isNaN ? 0 : $0 })
  let (sums, everything) = presence.sums(ofColumnsOf: weighted)
  var result = sums
  for place in 0..<presence.rowCount {
    for column in 0..<size {
      result[place, column] =
        totals[column] > 0
        ? (everything[column] - result[place, column]) / totals[column] - density[place, column] * complexity[column]
        : .nan
    }
  }
  return result
}
