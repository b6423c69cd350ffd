/// New activities for a place, ranked by how near, how complex and how useful for what comes next they are.
///
/// The score of an option is the weighted mean of its density, PCI and COG in standard scores of the place's options.
///
/// - Parameters:
///   - weights: Of density, complexity and gain; they need not add up to 1.
/// - Returns: Not a number for what the place has, and for what has no density, complexity or gain. A part in which all
///   options are equal counts as 0.
/// - Source: the strategies of the Atlas of Economic Complexity (Growth Lab) in the transparent form of a weighted sum.
package func diversificationScores(
  presence: PresenceMatrix, density: Matrix, complexity: [Double], gain: Matrix,
  weights: (density: Double, complexity: Double, gain: Double) = (1, 1, 1)
) -> Matrix {
  let total = weights.density + weights.complexity + weights.gain
  var result = Matrix(rowCount: presence.rowCount, columnCount: presence.columnCount, repeating: .nan)
  guard total > 0 else { return result }
  for place in 0..<presence.rowCount {
    let options = (0..<presence.columnCount).filter { activity in
      !presence[row: place, column: activity] && !density[place, activity].isNaN && !complexity[activity].isNaN
        && !gain[place, activity].isNaN
    }
    func scores(_ value: (Int) -> Double) -> [Double] {
      standardScores(options.map(value)).map { $0.isNaN ? 0 : $0 }
    }
    let near = scores { density[place, $0] }
    let complex = scores { complexity[$0] }
    let useful = scores { gain[place, $0] }
    for (position, activity) in options.enumerated() {
      result[place, activity] =
        (weights.density * near[position] + weights.complexity * complex[position] + weights.gain * useful[position])
        / total
    }
  }
  return result
}

/// What happened between two years to a place's having an activity.
package enum PresenceChange: Equatable, Sendable {
  case entered, exited, persisted, absent

  package init(before: Bool, after: Bool) {
    switch (before, after) {
    case (false, true): self = .entered
    case (true, false): self = .exited
    case (true, true): self = .persisted
    case (false, false): self = .absent
    }
  }

  /// 1 when it entered, 0 when it could have; nothing where it was there already.
  package var entry: Double? {
    switch self {
    case .entered: 1
    case .absent: 0
    case .exited, .persisted: nil
    }
  }

  /// 1 when it left, 0 when it could have; nothing where it was not there.
  package var exit: Double? {
    switch self {
    case .exited: 1
    case .persisted: 0
    case .entered, .absent: nil
    }
  }
}
