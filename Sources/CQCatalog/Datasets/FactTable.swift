package import CQColumns
internal import Synchronization

/// The opened columns of one fact table, with the rows of each period.
package final class FactTable: Sendable {
  package let dataset: String
  package let columns: ArrowTable
  package let regions: [String]
  private let regionData: ColumnData
  private let expandedRegions = Lazy<DictionaryCodes>()
  private let foundRuns = Lazy<RegionRuns>()
  package let activityCodes: DictionaryCodes
  package let activities: [String]
  /// Rows are sorted by period, so each is one range of rows.
  package let rowsOfYear: [(year: Int, rows: Range<Int>)]
  private let decoded = Mutex<[String: NumberValues]>([:])
  private let nodesOfCodes = Mutex<[(tree: ActivityTree, nodes: [Int32])]>([])

  init(_ table: ArrowTable, dataset: String) throws(CatalogError) {
    self.dataset = dataset
    columns = table
    rowsOfYear = try Self.periods(of: table, dataset: dataset)
    (regionData, regions) = try Self.regions(of: table, dataset: dataset)
    (activityCodes, activities) = try Self.key("activity", of: table, dataset: dataset)
  }

  /// One code per row, whether the file has a column, runs, or one value for all rows.
  ///
  /// - Complexity: O(rows) at the first call for a file with runs; ``regionRuns`` is there without that.
  package var regionCodes: DictionaryCodes {
    expandedRegions.get { regionData.members()?.codes ?? .bits8(.empty) }
  }

  /// The regions as runs of rows, where rows are sorted so that runs are long; nil where they are short.
  ///
  /// - Complexity: O(runs); at the first call O(rows) for a file with a code per row.
  package var regionRuns: RegionRuns? {
    let runs = foundRuns.get { RegionRuns(regionData, rowCount: columns.rowCount) }
    return runs.ends.isEmpty ? nil : runs
  }

  /// The node of each activity code in `tree`, or -1 where the classification does not have it.
  ///
  /// - Complexity: O(codes) at the first call for a classification, which is remembered.
  package func nodes(in tree: ActivityTree) -> [Int32] {
    nodesOfCodes.withLock { known in
      if let found = known.first(where: { $0.tree === tree }) { return found.nodes }
      let nodes = activities.map { tree.index(of: $0).map(Int32.init) ?? -1 }
      known.append((tree, nodes))
      return nodes
    }
  }

  package func rows(of year: Int) -> Range<Int> { rowsOfYear.first { $0.year == year }?.rows ?? 0..<0 }

  // MARK: - Keys

  private static func regions(
    of table: ArrowTable, dataset: String
  ) throws(CatalogError) -> (data: ColumnData, values: [String]) {
    if case .runs(let ends, let values) = table.data(named: "region") {
      var seen: Set<String> = []
      // In the order of `members()`: each value where it comes first.
      return (.runs(ends: ends, values: values), values.filter { seen.insert($0).inserted })
    }
    if table.data(named: "region") == nil, let value = table.metadata("region"), table.rowCount <= Int(Int32.max) {
      let ends = ColumnBuffer<Int32>([Int32(table.rowCount)])
      return (.runs(ends: table.rowCount == 0 ? .empty : ends, values: table.rowCount == 0 ? [] : [value]), [value])
    }
    let (codes, values) = try key("region", of: table, dataset: dataset)
    return (.dictionary(codes: codes, values: values), values)
  }

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
    switch column {
    case .int16, .numberRuns: break
    default: throw .damaged(dataset: dataset, "its column `year` must be of 16-bit integers")
    }
    guard let runs = column.ascendingRuns() else {
      throw .damaged(dataset: dataset, "its rows must be sorted by year")
    }
    return runs.map { ($0.value, $0.rows) }
  }

  // MARK: - States and numbers

  /// A column of bytes: states of cells, or covers.
  package func bytes(_ name: String) throws(CatalogError) -> ColumnBuffer<UInt8> {
    // `cell:0` is the first word of the column `cell`, whose words are those of several columns.
    if let colon = name.lastIndex(of: ":"), let word = Int(name[name.index(after: colon)...]) {
      guard let bytes = columns.data(named: String(name[..<colon]))?.bytes(ofWord: word) else {
        throw .damaged(dataset: dataset, "its column `\(name[..<colon])` must hold words for states and covers")
      }
      return bytes
    }
    let column = columns.data(named: name)
    if let states = column?.cellStates() { return states }
    switch column {
    case .dictionary, .runs:
      throw .damaged(dataset: dataset, "the words of `\(name)` must be known, estimated, withheld, missing")
    default: throw .damaged(dataset: dataset, "its column `\(name)` must hold bytes")
    }
  }

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
