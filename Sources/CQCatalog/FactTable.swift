package import CQColumns
internal import Synchronization

/// The opened columns of one fact table, with the rows of each period.
package final class FactTable: Sendable {
  package let dataset: String
  package let columns: ArrowTable
  /// One code per row, whether the file has a column, runs, or one value for all rows.
  package let regionCodes: DictionaryCodes
  package let regions: [String]
  package let activityCodes: DictionaryCodes
  package let activities: [String]
  /// Rows are sorted by period, so each is one range of rows.
  package let rowsOfYear: [(year: Int, rows: Range<Int>)]
  private let decoded = Mutex<[String: NumberValues]>([:])

  init(_ table: ArrowTable, dataset: String) throws(CatalogError) {
    self.dataset = dataset
    columns = table
    rowsOfYear = try Self.periods(of: table, dataset: dataset)
    (regionCodes, regions) = try Self.key("region", of: table, dataset: dataset)
    (activityCodes, activities) = try Self.key("activity", of: table, dataset: dataset)
  }

  package func rows(of year: Int) -> Range<Int> { rowsOfYear.first { $0.year == year }?.rows ?? 0..<0 }

  // MARK: - Keys

  private static func key(
    _ name: String, of table: ArrowTable, dataset: String
  ) throws(CatalogError) -> (codes: DictionaryCodes, values: [String]) {
    guard let column = table.data(named: name) else {
      guard let value = table.metadata(name),
        let constant = ColumnData.constant(value, rowCount: table.rowCount).members()
      else {
        throw .damaged(dataset: dataset, "it must have a column `\(name)`, or one `\(name)` for all rows")
      }
      return constant
    }
    guard let members = column.members() else {
      throw .damaged(dataset: dataset, "its columns `region` and `activity` must be dictionaries")
    }
    return members
  }

  /// The rows of each period; all of them where the file names its one period in its metadata.
  static func periods(of table: ArrowTable, dataset: String) throws(CatalogError) -> [(year: Int, rows: Range<Int>)] {
    guard let column = table.data(named: "year") else {
      guard let period = table.metadata("period").flatMap({ Int($0) }) else {
        throw .damaged(dataset: dataset, "it must have a column `year`, or one `period` for all rows")
      }
      return [(period, 0..<table.rowCount)]
    }
    if case .numberRuns = column {
      guard let runs = column.ascendingRuns() else {
        throw .damaged(dataset: dataset, "its rows must be sorted by year")
      }
      return runs.map { ($0.value, $0.rows) }
    }
    guard case .int16(let years) = column else {
      throw .damaged(dataset: dataset, "its column `year` must be of 16-bit integers")
    }
    guard isSorted(years) else { throw .damaged(dataset: dataset, "its rows must be sorted by year") }
    var runs: [(year: Int, rows: Range<Int>)] = []
    var row = 0
    while row < years.count {
      let year = years[row]
      let end = endOfRun(of: year, in: years, from: row)
      runs.append((Int(year), row..<end))
      row = end
    }
    return runs
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
  private static func endOfRun(of year: Int16, in column: ColumnBuffer<Int16>, from row: Int) -> Int {
    var low = row
    var high = column.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if column[middle] <= year { low = middle } else { high = middle }
    }
    return high
  }

  // MARK: - Numbers

  /// The numbers of a measure in one of the types that kernels take; narrow ones are widened at the first call.
  package func numbers(_ name: String) throws(CatalogError) -> NumberValues {
    if let known = decoded.withLock({ $0[name] }) { return known }
    guard let numbers = columns.data(named: name)?.widened() else {
      throw .damaged(dataset: dataset, "its column `\(name)` must hold numbers")
    }
    decoded.withLock { $0[name] = numbers }
    return numbers
  }
}
