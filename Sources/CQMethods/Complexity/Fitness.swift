#if canImport(Glibc)
  import Glibc
#endif

/// Fitness of places and complexity of activities: the non-linear counterpart of ECI and PCI.
///
/// `F̃_c = Σ_p M_cp Q_p` and `Q̃_p = (Σ_c M_cp F_c^-α)^(-1/α)`, both divided by their mean, from ones, until neither moves.
/// Unlike ECI it counts what a place has, and an activity is only as complex as the least fit places that have it.
///
/// Fitness of weak places may fall towards 0 for ever; that is a property of the method, and ranks stay meaningful
/// (Pugliese, Zaccaria and Pietronero 2016). Numbers below 1e-100 are held there.
///
/// - Source: Tacchella et al. (2012), Scientific Reports 2: 723; Mariani et al. (2015) for the extremality α.
package struct Fitness: Sendable {
  /// Mean 1; not a number for places without activities.
  package let places: [Double]
  package let activities: [Double]
  package let iterationCount: Int
  package let isConverged: Bool

  /// - Parameters:
  ///   - iterations: At most so many.
  ///   - extremality: α; 1 is the original method.
  ///   - tolerance: The largest change of a fitness that ends the iteration.
  package init(
    _ presence: PresenceMatrix, iterations: Int = 1000, extremality: Double = 1, tolerance: Double = 1e-10
  ) {
    let core = presence.core()
    let byPlace = presence.selecting(rows: core.rows, columns: core.columns)
    let byActivity = byPlace.transposed
    var fitness = [Double](repeating: 1, count: core.rows.count)
    var complexity = [Double](repeating: 1, count: core.columns.count)
    var step = 0
    var isConverged = false
    while step < iterations, !isConverged, !fitness.isEmpty {
      var newFitness = fitness
      byPlace.sums(of: complexity, into: &newFitness)
      var newComplexity = complexity
      byActivity.sums(of: fitness.map { extremality == 1 ? 1 / $0 : pow($0, -extremality) }, into: &newComplexity)
      newComplexity = newComplexity.map { extremality == 1 ? 1 / $0 : pow($0, -1 / extremality) }
      Self.divideByMean(&newFitness)
      Self.divideByMean(&newComplexity)
      isConverged =
        zip(fitness, newFitness).allSatisfy { abs($0 - $1) < tolerance }
        && zip(complexity, newComplexity).allSatisfy { abs($0 - $1) < tolerance }
      (fitness, complexity) = (newFitness, newComplexity)
      step += 1
    }
    var places = [Double](repeating: .nan, count: presence.rowCount)
    var activities = [Double](repeating: .nan, count: presence.columnCount)
    for (index, row) in core.rows.enumerated() { places[row] = fitness[index] }
    for (index, column) in core.columns.enumerated() { activities[column] = complexity[index] }
    (self.places, self.activities) = (places, activities)
    iterationCount = step
    self.isConverged = isConverged
  }

  private static func divideByMean(_ values: inout [Double]) {
    let mean = values.reduce(0, +) / Double(values.count)
    for index in values.indices { values[index] = max(values[index] / mean, 1e-100) }
  }
}
