/// How much industries depend on each other, relative to the mean industry (1).
package struct Linkages: Sendable {
  /// Which way an industry's ties are stronger than the mean.
  package enum Class: String, Sendable, CaseIterable {
    case key, backward, forward, weak
  }

  /// Purchases: column sums of the input coefficients.
  package let directBackward: [Double]
  /// Sales: row sums of the output coefficients.
  package let directForward: [Double]
  /// Power of dispersion: column sums of the Leontief inverse.
  package let backward: [Double]
  /// Row sums of the Ghosh inverse.
  package let forward: [Double]
  /// Sensitivity of dispersion: row sums of the Leontief inverse (Rasmussen's original).
  package let sensitivity: [Double]

  /// - Source: Rasmussen (1956), Studies in Inter-Sectoral Relations; Jones (1976), Quarterly Journal of Economics 90(2)
  ///   for forward linkages by output coefficients.
  package init(_ table: InputOutputTable, leontief: Matrix, ghosh: Matrix) {
    directBackward = Self.relativeToMean(table.inputCoefficients.columnSums)
    directForward = Self.relativeToMean(table.outputCoefficients.rowSums)
    backward = Self.relativeToMean(leontief.columnSums)
    forward = Self.relativeToMean(ghosh.rowSums)
    sensitivity = Self.relativeToMean(leontief.rowSums)
  }

  /// Key industries pull and push more than the mean.
  package var classes: [Class] {
    zip(backward, forward).map { backward, forward in
      switch (backward >= 1, forward >= 1) {
      case (true, true): .key
      case (true, false): .backward
      case (false, true): .forward
      case (false, false): .weak
      }
    }
  }

  private static func relativeToMean(_ values: [Double]) -> [Double] {
    let mean = values.reduce(0, +) / Double(max(values.count, 1))
    return values.map { mean != 0 ? $0 / mean : .nan }
  }
}
