/// One question of a query to facts that another engine holds: a measure in one period, added up by groups of places and
/// of activities.
package struct FactAsk: Sendable, Hashable {
  /// Position among the measures of whoever is asked: of a dataset, or of a table.
  package var measure: Int
  /// Of a dataset the code of a period, of a table the position among its periods.
  package var period: Int
  /// For each region code of a dataset, or value of a table's column, its group or -1.
  package var regionGroups: [Int32]
  package var regionGroupCount: Int
  /// The same for activities.
  package var activityGroups: [Int32]
  package var activityGroupCount: Int

  package init(
    measure: Int, period: Int, regionGroups: [Int32], regionGroupCount: Int, activityGroups: [Int32],
    activityGroupCount: Int
  ) {
    self.measure = measure
    self.period = period
    self.regionGroups = regionGroups
    self.regionGroupCount = regionGroupCount
    self.activityGroups = activityGroups
    self.activityGroupCount = activityGroupCount
  }

  package var cellCount: Int { regionGroupCount * activityGroupCount }
}

/// The rows behind each cell of an ask, region-major.
package struct FactSums: Sendable, Equatable {
  /// Sum of the published numbers.
  package var sums: [Double]
  /// Rows with a number, rows that are withheld, rows without a number.
  package var rowCounts: [Int32]
  package var withheldCounts: [Int32]
  package var missingCounts: [Int32]

  package init(cellCount: Int) {
    sums = [Double](repeating: 0, count: cellCount)
    rowCounts = [Int32](repeating: 0, count: cellCount)
    withheldCounts = rowCounts
    missingCounts = rowCounts
  }
}

extension FactSums {
  /// Adds other rows of the same cells.
  package mutating func add(_ other: FactSums) {
    for cell in sums.indices {
      sums[cell] += other.sums[cell]
      rowCounts[cell] += other.rowCounts[cell]
      withheldCounts[cell] += other.withheldCounts[cell]
      missingCounts[cell] += other.missingCounts[cell]
    }
  }
}

/// What a running statement may take, asked again and again while it runs.
package struct StatementControl: Sendable {
  package var isCancelled: @Sendable () -> Bool
  /// Milliseconds that are left; nil without a limit.
  package var remaining: @Sendable () -> Int?

  package init(
    isCancelled: @escaping @Sendable () -> Bool = { false }, remaining: @escaping @Sendable () -> Int? = { nil }
  ) {
    self.isCancelled = isCancelled
    self.remaining = remaining
  }
}
