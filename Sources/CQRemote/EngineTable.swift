package import CQColumns

/// A table of facts in an engine, with what must be known of it before it is asked: which codes and periods it has.
package struct EngineTable: Sendable {
  package let link: EngineLink
  package let columns: FactColumns
  /// Different values of the region column, in the engine's spelling; one empty text where there is none.
  package let regions: [String]
  package let activities: [String]
  /// Different periods; one empty text where there is none.
  package let periods: [String]
  /// For each period how many rows each activity has.
  package let rowsOfActivity: [[Int]]
  /// How many rows each region has.
  package let rowsOfRegion: [Int]
  package let rowCount: Int

  /// Answers with more rows than this are refused.
  package static let rowCap = 1_000_000

  /// The columns of a table as the engine describes them.
  package static func columns(
    of link: EngineLink, _ control: StatementControl
  ) throws(EngineProblem) -> [EngineColumn] {
    let table = link.address.dialect.reference(link.address.source)
    // SQLite's columns have no types but those of their values.
    let sample = link.address.engine == .sqlite ? "LIMIT 1000" : "WHERE 1 = 0"
    return try link.run("SELECT * FROM \(table) \(sample)", rowCap: 1_000, control).schema
  }

  /// Looks at the table: two statements, each of which reads it once.
  package init(_ link: EngineLink, _ columns: FactColumns, _ control: StatementControl) throws(EngineProblem) {
    self.link = link
    self.columns = columns
    let writer = ProfileWriter(columns: columns, dialect: link.address.dialect)
    let pairs = try link.run(writer.pairs, rowCap: Self.rowCap, control)
    let (activities, activityOfRow) = Self.distinct(pairs, columns.activity == nil ? nil : 0)
    let (periods, periodOfRow) = Self.distinct(pairs, columns.period == nil ? nil : 1)
    var rowsOfActivity = [[Int]](repeating: [Int](repeating: 0, count: activities.count), count: periods.count)
    var rowCount = 0
    for row in 0..<pairs.rowCount {
      let count = Int(pairs.columns[2].integer(row) ?? 0)
      rowCount += count
      guard let activity = activityOfRow[row], let period = periodOfRow[row] else { continue }
      rowsOfActivity[period][activity] += count
    }
    (self.activities, self.periods, self.rowsOfActivity, self.rowCount) = (
      activities, periods, rowsOfActivity, rowCount
    )
    if columns.region == nil {
      (regions, rowsOfRegion) = ([""], [rowCount])
    } else {
      let answer = try link.run(writer.regions, rowCap: Self.rowCap, control)
      let (regions, regionOfRow) = Self.distinct(answer, 0)
      var rowsOfRegion = [Int](repeating: 0, count: regions.count)
      for row in 0..<answer.rowCount {
        if let region = regionOfRow[row] { rowsOfRegion[region] += Int(answer.columns[1].integer(row) ?? 0) }
      }
      (self.regions, self.rowsOfRegion) = (regions, rowsOfRegion)
    }
  }

  /// The different values of a column in the order of their bytes, and the position of each row's value.
  private static func distinct(_ answer: EngineAnswer, _ column: Int?) -> (values: [String], ofRow: [Int?]) {
    guard let column else { return ([""], [Int?](repeating: 0, count: answer.rowCount)) }
    let texts = (0..<answer.rowCount).map { answer.columns[column].text($0) }
    let values = Set(texts.compactMap { $0 }).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let positions = Dictionary(values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return (values, texts.map { $0.flatMap { positions[$0] } })
  }
}

/// The statements that look at a table.
private struct ProfileWriter {
  let columns: FactColumns
  let dialect: EngineDialect

  private func key(_ column: EngineColumn?, as alias: String) -> String {
    guard let column else { return "CAST(NULL AS \(dialect.textType)) AS \(dialect.identifier(alias))" }
    let type = column.kind == .integer ? "BIGINT" : dialect.textType
    return "CAST(\(dialect.identifier(column.name)) AS \(type)) AS \(dialect.identifier(alias))"
  }

  /// Activities by period, with their rows.
  var pairs: String {
    let groups = [columns.activity, columns.period].compactMap { $0.map { dialect.identifier($0.name) } }
    return
      "SELECT \(key(columns.activity, as: "a")), \(key(columns.period, as: "p")), CAST(COUNT(*) AS BIGINT) AS \(dialect.identifier("n"))"
      + "\nFROM \(dialect.reference(columns.source))"
      + (groups.isEmpty ? "" : "\nGROUP BY \(groups.joined(separator: ", "))")
  }

  var regions: String {
    "SELECT \(key(columns.region, as: "r")), CAST(COUNT(*) AS BIGINT) AS \(dialect.identifier("n"))"
      + "\nFROM \(dialect.reference(columns.source))"
      + (columns.region.map { "\nGROUP BY \(dialect.identifier($0.name))" } ?? "")
  }
}
