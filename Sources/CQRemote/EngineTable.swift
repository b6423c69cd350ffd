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
  /// For each period whether each activity has rows in it.
  package let isPresent: [[Bool]]
  package let rowsOfPeriod: [Int]
  /// Whether some rows have no region; no activity.
  package let lacksRegions, lacksActivities: Bool
  package let rowCount: Int

  /// Answers with more rows than this are refused.
  package static let rowCap = 1_000_000

  /// The columns of a table as the engine describes them.
  package static func columns(
    of link: EngineLink, _ control: StatementControl
  ) throws(EngineProblem) -> [EngineColumn] {
    let table = link.address.dialect.reference(link.address.source)
    // SQLite's columns have no types but those of their values; Flight SQL servers describe no empty answer.
    let sample =
      switch link.address.engine {
      case .sqlite: "LIMIT 1000"
      case .flightsql: "LIMIT 1"
      case .postgresql, .duckdb, .spark: "WHERE 1 = 0"
      }
    let schema = try link.run("SELECT * FROM \(table) \(sample)", rowCap: 1_000, control).schema
    if schema.isEmpty { throw Self.absent(link.address) }
    return schema
  }

  /// - Parameter address: Of a table that is not there, or of which an engine knows no columns.
  static func absent(_ address: EngineAddress) -> EngineProblem {
    if let path = address.parquet { return EngineProblem(.noTable, "there are no files `\(path)`") }
    return EngineProblem(.noTable, "\(address.place) has no table `\(address.tableName)`")
  }

  /// Looks at the table: three statements, each of which reads it once. What comes back grows with places, activities and
  /// periods, and with activities × periods only for activities that come and go.
  package init(_ link: EngineLink, _ columns: FactColumns, _ control: StatementControl) throws(EngineProblem) {
    self.link = link
    self.columns = columns
    let writer = ProfileWriter(columns: columns, dialect: link.address.dialect)
    let found = try link.run(writer.periods, rowCap: Self.rowCap, control)
    let (periods, periodOfRow) = Self.distinct(found, columns.period == nil ? nil : 0)
    var rowsOfPeriod = [Int](repeating: 0, count: periods.count)
    var rowCount = 0
    for row in 0..<found.rowCount {
      let count = Int(found.columns[found.columns.count - 1].integer(row) ?? 0)
      rowCount += count
      if let period = periodOfRow[row] { rowsOfPeriod[period] += count }
    }
    (self.periods, self.rowsOfPeriod, self.rowCount) = (periods, rowsOfPeriod, rowCount)
    if let region = columns.region {
      let answer = try link.run(writer.values(of: region), rowCap: Self.rowCap, control)
      let ofRow: [Int?]
      (regions, ofRow) = Self.distinct(answer, 0)
      lacksRegions = ofRow.contains(nil)
    } else {
      (regions, lacksRegions) = ([""], false)
    }
    if let activity = columns.activity {
      let answer = try link.run(writer.activities(activity), rowCap: Self.rowCap, control)
      let (activities, ofRow) = Self.distinct(answer, 0)
      (self.activities, lacksActivities) = (activities, ofRow.contains(nil))
      isPresent = try Self.presence(answer, ofRow, activities, periods, link, writer, control)
    } else {
      (activities, lacksActivities, isPresent) = ([""], false, rowsOfPeriod.map { [$0 > 0] })
    }
  }

  /// Activities have rows from their first to their last period; where the number of their periods says that some lie
  /// between without any, these activities are asked for one by one.
  private static func presence(
    _ answer: EngineAnswer, _ activityOfRow: [Int?], _ activities: [String], _ periods: [String], _ link: EngineLink,
    _ writer: ProfileWriter, _ control: StatementControl
  ) throws(EngineProblem) -> [[Bool]] {
    var isPresent = [[Bool]](repeating: [Bool](repeating: false, count: activities.count), count: periods.count)
    let positions = Dictionary(periods.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    if writer.columns.period == nil { return [[Bool](repeating: true, count: activities.count)] }
    var interrupted: [String] = []
    for row in 0..<answer.rowCount {
      guard let activity = activityOfRow[row], let count = answer.columns[3].integer(row), count > 0,
        let first = answer.columns[1].text(row).flatMap({ positions[$0] }),
        let last = answer.columns[2].text(row).flatMap({ positions[$0] })
      else { continue }
      // An engine with another order of texts than that of bytes is asked as well.
      if last - first + 1 == Int(count) {
        for period in first...last { isPresent[period][activity] = true }
      } else {
        interrupted.append(activities[activity])
      }
    }
    if interrupted.isEmpty { return isPresent }
    let pairs = try link.run(writer.pairs(of: interrupted), rowCap: Self.rowCap, control)
    let names = Dictionary(activities.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    for row in 0..<pairs.rowCount {
      guard let activity = pairs.columns[0].text(row).flatMap({ names[$0] }),
        let period = pairs.columns[1].text(row).flatMap({ positions[$0] })
      else { continue }
      isPresent[period][activity] = true
    }
    return isPresent
  }

  // MARK: - Rows that are left out

  /// How many rows have no value in a key column, or one of `values`.
  package func rowCount(
    lacking column: EngineColumn, or values: [String], _ control: StatementControl
  ) throws(EngineProblem) -> Int {
    let text = ProfileWriter(columns: columns, dialect: link.address.dialect).count(lacking: column, or: values)
    return Int(try link.run(text, rowCap: 1, control).columns.first?.integer(0) ?? 0)
  }

  /// How many rows each of `activities` has in each period.
  package func rows(
    of activities: [String], _ control: StatementControl
  ) throws(EngineProblem) -> [(activity: String, period: String?, count: Int)] {
    let writer = ProfileWriter(columns: columns, dialect: link.address.dialect)
    let answer = try link.run(writer.pairs(of: activities), rowCap: Self.rowCap, control)
    return (0..<answer.rowCount).map { row in
      (
        answer.columns[0].text(row) ?? "", columns.period == nil ? "" : answer.columns[1].text(row),
        Int(answer.columns[answer.columns.count - 1].integer(row) ?? 0)
      )
    }
  }

  /// The different values of a column in the order of their bytes, and the position of each row's value.
  private static func distinct(_ answer: EngineAnswer, _ column: Int?) -> (values: [String], ofRow: [Int?]) {
    guard let column else { return ([""], [Int?](repeating: 0, count: answer.rowCount)) }
    guard answer.rowCount > 0 else { return ([], []) }
    let texts = (0..<answer.rowCount).map { answer.columns[column].text($0) }
    let isWhole: Bool = if case .integers = answer.columns[column] { true } else { false }
    let values = Set(texts.compactMap { $0 }).sorted { one, other in
      if isWhole, let one = Int64(one), let other = Int64(other) { return one < other }
      return one.utf8.lexicographicallyPrecedes(other.utf8)
    }
    let positions = Dictionary(values.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    return (values, texts.map { $0.flatMap { positions[$0] } })
  }
}

/// The statements that look at a table.
private struct ProfileWriter {
  let columns: FactColumns
  let dialect: EngineDialect

  private var source: String { "\nFROM \(dialect.reference(columns.source)) AS \(dialect.identifier("f"))" }
  /// With its table, so that no name of the answer is taken for it.
  private func name(_ column: EngineColumn) -> String {
    "\(dialect.identifier("f")).\(dialect.identifier(column.name))"
  }
  private func count(_ expression: String) -> String { "CAST(\(expression) AS BIGINT) AS \(dialect.identifier("n"))" }

  private func key(_ expression: String, _ column: EngineColumn, as alias: String) -> String {
    let type = column.kind == .integer ? "BIGINT" : dialect.textType
    return "CAST(\(expression) AS \(type)) AS \(dialect.identifier(alias))"
  }

  func values(of column: EngineColumn) -> String {
    "SELECT \(key(name(column), column, as: "v"))" + source + "\nGROUP BY \(name(column))"
  }

  var periods: String {
    guard let period = columns.period else { return "SELECT \(count("COUNT(*)"))" + source }
    return "SELECT \(key(name(period), period, as: "p")), \(count("COUNT(*)"))" + source + "\nGROUP BY \(name(period))"
  }

  /// Activities with the first, the last and the number of their periods.
  func activities(_ activity: EngineColumn) -> String {
    guard let period = columns.period else { return values(of: activity) }
    let (a, p) = (dialect.identifier("a"), dialect.identifier("p"))
    let pairs =
      "SELECT \(name(activity)) AS \(a), \(key(name(period), period, as: "p"))\n  FROM \(dialect.reference(columns.source)) AS \(dialect.identifier("f"))"
      + "\n  GROUP BY \(name(activity)), \(name(period))"
    let ordered = period.kind == .integer ? p : p + dialect.byteOrder
    return "SELECT \(key(a, activity, as: "v")), MIN(\(ordered)) AS \(dialect.identifier("first")), "
      + "MAX(\(ordered)) AS \(dialect.identifier("last")), CAST(COUNT(\(p)) AS INTEGER) AS \(dialect.identifier("n"))"
      + "\nFROM (\n  \(pairs)\n) AS \(dialect.identifier("g"))\nGROUP BY \(a)"
  }

  /// Some activities by period, with their rows.
  func pairs(of activities: [String]) -> String {
    guard let activity = columns.activity else { return periods }
    var shown = [key(name(activity), activity, as: "a")]
    var groups = [name(activity)]
    if let period = columns.period {
      shown.append(key(name(period), period, as: "p"))
      groups.append(name(period))
    }
    return "SELECT \((shown + [count("COUNT(*)")]).joined(separator: ", "))" + source
      + "\nWHERE \(isAmong(activity, activities))\nGROUP BY \(groups.joined(separator: ", "))"
  }

  func count(lacking column: EngineColumn, or values: [String]) -> String {
    let isOther = values.isEmpty ? "" : " OR \(isAmong(column, values))"
    return "SELECT \(count("COUNT(*)"))" + source + "\nWHERE \(name(column)) IS NULL" + isOther
  }

  private func isAmong(_ column: EngineColumn, _ values: [String]) -> String {
    "\(name(column)) IN (\(values.map { dialect.literal($0, of: column) }.joined(separator: ", ")))"
  }
}
