import CQCatalog
import CQColumns
import CQRemote

/// Makes a dataset of what is known of a table in an engine: a row for each place and for each activity in each period that
/// it has, so that codes are read by the same rules as those of a file.
struct EngineDataset {
  let table: EngineTable
  let mapping: DatasetMapping
  let path: String
  let name: String
  let catalog: Catalog
  let countries: [String]
  let isStopped: @Sendable () -> Bool

  /// A row that stands for many: positions of its values.
  private struct Row {
    var region: Int
    var activity: Int
    var period: Int
  }

  /// The facts with what their codes are, before the rows that have none are counted.
  struct Coded {
    var facts: ArrowTable
    var report: DatasetReport
    var remote: EngineFacts
  }

  func coded() throws(DatasetProblem) -> Coded {
    let regions = table.regions.indices.map { Row(region: $0, activity: 0, period: 0) }
    // Each place stands in as many rows, so that none of them decides alone which country the codes are of.
    let known = try builder(regions).rowsWithPlace()
    var rows: [Row] = []
    for period in table.periods.indices {
      for activity in table.activities.indices where table.isPresent[period][activity] {
        let region = known.isEmpty ? 0 : known[rows.count % known.count]
        rows.append(Row(region: region, activity: activity, period: period))
      }
    }
    // The other places go with a row that is there anyway.
    let builder = builder(rows)
    let codes = try builder.rowCodes()
    if let there = codes.firstIndex(where: { $0.activity != nil && $0.period != nil }) {
      for region in table.regions.indices where region != rows[there].region {
        rows.append(Row(region: region, activity: rows[there].activity, period: rows[there].period))
      }
    }
    let whole = self.builder(rows)
    let (facts, report) = try whole.build()
    if facts.fields.contains(where: { $0.name.hasSuffix(".cover") }) { throw nested() }
    return Coded(facts: facts, report: report, remote: try engineFacts(facts, rows, try whole.rowCodes()))
  }

  /// The dataset, with a report that counts the rows of the table. Asks the engine where some are left out.
  func facts(_ coded: Coded, _ control: StatementControl) throws(EngineProblem) -> Elaborator.UserFacts {
    let report = try report(coded.report, coded.remote, control)
    let facts = ArrowTable(
      rowCount: coded.facts.rowCount, fields: coded.facts.fields, metadata: metadata(coded.facts.metadata, report))
    return Elaborator.UserFacts(facts: facts, report: report, remote: coded.remote)
  }

  private func nested() -> DatasetProblem {
    let key = mapping.keys.first { $0.role.dimension == .activity }
    return DatasetProblem(
      .values, "some of the codes in this column contain others, as 31-33 contains 336, so rows would count twice",
      subject: key?.role.word ?? "",
      helps: ["bind one level, `naics6:COLUMN`, and rows of others are left out; or bind a view of the finest codes"])
  }

  private func builder(_ rows: [Row]) -> DatasetBuilder {
    var columns: [FileTable.Column] = []
    func add(_ column: EngineColumn?, _ values: [String], _ position: (Row) -> Int) {
      guard let column else { return }
      let codes = DictionaryCodes.narrowest(valueCount: values.count, rowCount: rows.count) {
        UInt32(position(rows[$0]))
      }
      columns.append(FileTable.Column(name: column.name, values: .texts(codes: codes, values: values)))
    }
    add(table.columns.region, table.regions) { $0.region }
    add(table.columns.activity, table.activities) { $0.activity }
    add(table.columns.period, table.periods) { $0.period }
    for column in table.columns.measures where !columns.contains(where: { $0.name == column.name }) {
      let ones = unsafe ColumnBuffer<Int32>(count: rows.count) { buffer in
        for row in rows.indices { unsafe buffer[row] = 1 }
      }
      columns.append(FileTable.Column(name: column.name, values: .numbers(.int32(ones))))
    }
    return DatasetBuilder(
      catalog: catalog, table: FileTable(columns: columns, rowCount: rows.count), path: path, name: name,
      mapping: mapping, countries: countries, isStopped: isStopped)
  }

  /// Which codes of the facts the values of the table are.
  private func engineFacts(
    _ facts: ArrowTable, _ rows: [Row], _ codes: [DatasetBuilder.RowCodes]
  ) throws(DatasetProblem) -> EngineFacts {
    func positions(_ column: String) -> [String: Int32] {
      let values = facts.data(named: column)?.members()?.values ?? []
      return Dictionary(values.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    }
    let (regions, activities) = (positions("region"), positions("activity"))
    var regionOfValue = [Int32](repeating: -1, count: table.regions.count)
    var activityOfValue = [[Int32]](
      repeating: [Int32](repeating: -1, count: table.activities.count), count: table.periods.count)
    var positionsOfPeriod: [Int: [Int]] = [:]
    for (row, code) in zip(rows, codes) {
      if let region = code.region.flatMap({ regions[$0] }) { regionOfValue[row.region] = region }
      if let activity = code.activity.flatMap({ activities[$0] }) {
        activityOfValue[row.period][row.activity] = activity
      }
      if let period = code.period, positionsOfPeriod[period]?.contains(row.period) != true {
        positionsOfPeriod[period, default: []].append(row.period)
      }
    }
    return EngineFacts(
      table: table, regionOfValue: regionOfValue, activityOfValue: activityOfValue,
      positionsOfPeriod: positionsOfPeriod, measures: Array(mapping.measures.indices))
  }

  // MARK: - The report

  /// The report with the rows of the table instead of those that stand for them.
  private func report(
    _ report: DatasetReport, _ facts: EngineFacts, _ control: StatementControl
  ) throws(EngineProblem) -> DatasetReport {
    var report = report
    report.rowCount = table.rowCount
    report.notes = []
    for index in report.lines.indices {
      let line = report.lines[index]
      guard let (matched, values) = try matches(line.column, facts, control) else {
        (report.lines[index].matched, report.lines[index].unmatched) = (table.rowCount, 0)
        continue
      }
      report.lines[index].matched = matched
      report.lines[index].unmatched = table.rowCount - matched
      report.lines[index].example = values.first.map { "\"\($0)\"" } ?? ""
      guard matched < table.rowCount else { continue }
      let left = table.rowCount - matched
      let names = values.prefix(3).map { "\"\($0)\"" }.joined(separator: ", ") + (values.count > 3 ? ", …" : "")
      let why = values.isEmpty ? "`\(line.column)` is empty there" : "no \(line.use) is called \(names)"
      report.notes.append("\(left.counted("row")) of \(path) left out: \(why)")
    }
    return report
  }

  /// How many rows have a known value in a key column, and which values are none; nil for other columns.
  private func matches(
    _ column: String, _ facts: EngineFacts, _ control: StatementControl
  ) throws(EngineProblem) -> (rows: Int, unknown: [String])? {
    if let region = table.columns.region, region.name == column {
      let unknown = facts.regionOfValue.indices.filter { facts.regionOfValue[$0] < 0 }.map { table.regions[$0] }
      if unknown.isEmpty, !table.lacksRegions { return (table.rowCount, []) }
      return (table.rowCount - (try table.rowCount(lacking: region, or: unknown, control)), unknown)
    }
    if let activity = table.columns.activity, activity.name == column {
      return try matches(activity, of: facts, control)
    }
    if column == table.columns.period?.name {
      let known = Set(facts.positionsOfPeriod.values.joined())
      let rows = known.reduce(0) { $0 + table.rowsOfPeriod[$1] }
      return (rows, table.periods.indices.filter { !known.contains($0) }.map { table.periods[$0] })
    }
    return nil
  }

  /// The same for activities, whose codes may be known in some periods only.
  private func matches(
    _ activity: EngineColumn, of facts: EngineFacts, _ control: StatementControl
  ) throws(EngineProblem) -> (rows: Int, unknown: [String]) {
    func isKnown(_ period: Int, _ code: Int) -> Bool { facts.activityOfValue[period][code] >= 0 }
    var lost = table.lacksActivities ? try table.rowCount(lacking: activity, or: [], control) : 0
    let partly = table.activities.indices.filter { code in
      table.periods.indices.contains { table.isPresent[$0][code] && !isKnown($0, code) }
    }
    if !partly.isEmpty {
      let codes = Dictionary(partly.map { (table.activities[$0], $0) }, uniquingKeysWith: { first, _ in first })
      let periods = Dictionary(table.periods.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
      for row in try table.rows(of: partly.map { table.activities[$0] }, control) {
        guard let code = codes[row.activity], let period = row.period.flatMap({ periods[$0] }) else { continue }
        if !isKnown(period, code) { lost += row.count }
      }
    }
    let unknown = partly.filter { code in !table.periods.indices.contains { isKnown($0, code) } }
    return (table.rowCount - lost, unknown.map { table.activities[$0] })
  }

  private func metadata(
    _ pairs: [(key: String, value: String)], _ report: DatasetReport
  ) -> [(key: String, value: String)] {
    pairs.filter { !$0.key.hasPrefix("import.note.") }
      + report.notes.enumerated().map { ("import.note.\($0 + 1)", $1) }
  }
}
