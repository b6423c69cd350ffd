package import CQColumns

/// A number that a dataset publishes, with what may be done to it.
package struct Measure: Sendable {
  package var name: String
  package var label: String
  package var quantity: Quantity
  /// Factor from the stored integers to the unit (payroll in thousands: 1,000).
  package var scale: Double
  /// Dimensions along which values may be added.
  package var additive: Set<Dimension>
  /// The year whose prices money is in, where it is not that of the period.
  package var priceYear: Int?
  /// Where its values lie; a cell lies in one of them.
  package var parts: [MeasurePart]

  /// Period codes for which there are values, ascending.
  package var periods: [Int] { Set(parts.flatMap(\.periods)).sorted() }

  /// Levels of activities for which there are values, where the measure has fewer than its dataset.
  package var activityLevels: [Level]? {
    let known = parts.compactMap(\.activityLevels)
    guard known.count == parts.count else { return nil }
    return Level.allCases.filter { level in known.contains { $0.contains(level) } }
  }
}

extension Measure {
  /// The periods whose rows are added up for `period`: itself, or the quarters of a year that has no rows of its own.
  package func periods(standingFor period: Int) -> [Int] {
    let known = periods
    if known.contains(period) || Period.quarter(of: period) != nil || !additive.contains(.period) { return [period] }
    let quarters = (1...4).map { period * 10 + $0 }
    return quarters.allSatisfy { known.contains($0) } ? quarters : [period]
  }
}

/// A fact table that holds values of a measure.
package struct MeasurePart: Sendable {
  /// Position among the fact tables of the dataset.
  package var factTable: Int
  package var periods: [Int]
  /// nil when they are those of the dataset.
  package var activityLevels: [Level]?
  package var stateColumn: String?
  package var coverColumn: String?
}
