package import CQColumns

/// The opened columns of one fact table, with the rows of each year.
package struct FactTable: Sendable {
  package var dataset: String
  package var columns: ArrowTable
  package var regionCodes: DictionaryCodes
  package var regions: [String]
  package var activityCodes: DictionaryCodes
  package var activities: [String]
  /// Rows are sorted by year, so each year is one range of rows.
  package var rowsOfYear: [(year: Int, rows: Range<Int>)]

  init(_ table: ArrowTable, dataset: String) throws(CatalogError) {
    guard case .int16(let years) = table.data(named: "year") else {
      throw .damaged(dataset: dataset, "its column `year` must be of 16-bit integers")
    }
    guard case .dictionary(let regionCodes, let regions) = table.data(named: "region"),
      case .dictionary(let activityCodes, let activities) = table.data(named: "activity")
    else {
      throw .damaged(dataset: dataset, "its columns `region` and `activity` must be dictionaries")
    }
    self.dataset = dataset
    self.columns = table
    self.regionCodes = regionCodes
    self.regions = regions
    self.activityCodes = activityCodes
    self.activities = activities
    guard Self.isSorted(years) else { throw .damaged(dataset: dataset, "its rows must be sorted by year") }
    var runs: [(year: Int, rows: Range<Int>)] = []
    var row = 0
    while row < years.count {
      let year = years[row]
      let end = Self.endOfRun(of: year, in: years, from: row)
      runs.append((Int(year), row..<end))
      row = end
    }
    self.rowsOfYear = runs
  }

  /// Jumping from run to run would not notice rows out of place, so every row is looked at once.
  private static func isSorted(_ column: ColumnBuffer<Int16>) -> Bool {
    // SAFETY: the buffer is alive while `column` is, and the rows are within it.
    let years = unsafe column.elements
    var descents = 0
    for row in 1..<max(1, years.count) where unsafe years[row] < years[row - 1] { descents += 1 }
    return descents == 0
  }

  /// The first row after the run of `year` that starts at `row`. Complexity: O(log rows).
  static func endOfRun(of year: Int16, in column: ColumnBuffer<Int16>, from row: Int) -> Int {
    var low = row
    var high = column.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if column[middle] <= year { low = middle } else { high = middle }
    }
    return high
  }

  package func rows(of year: Int) -> Range<Int> { rowsOfYear.first { $0.year == year }?.rows ?? 0..<0 }
}
