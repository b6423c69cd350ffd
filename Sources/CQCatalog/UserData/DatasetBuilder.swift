package import CQColumns

/// Makes a dataset, equal to those of the catalogue, of a user's file: places, activities and periods become members,
/// rows are sorted by period, place and activity, and covers say which rows stand for which.
///
/// Rows whose place, activity or period nothing is called are left out, and ``DatasetReport/notes`` says so.
///
/// - Complexity: O(rows × columns), and matching each different value once.
package struct DatasetBuilder {
  let catalog: Catalog
  let table: FileTable
  /// What messages call the file.
  let path: String
  let name: String
  let mapping: DatasetMapping
  /// Countries in the order in which they are likely.
  let countries: [String]
  let threads: Int
  let isStopped: @Sendable () -> Bool

  package init(
    catalog: Catalog, table: FileTable, path: String, name: String, mapping: DatasetMapping, countries: [String],
    threads: Int = WorkerThreads.usualCount, isStopped: @escaping @Sendable () -> Bool = { false }
  ) {
    self.threads = threads
    self.catalog = catalog
    self.table = table
    self.path = path
    self.name = name
    self.mapping = RoleInference(catalog: catalog, table: table, countries: countries).completed(mapping)
    self.countries = mapping.country.map { [$0] + countries } ?? countries
    self.isStopped = isStopped
  }

  /// - Returns: The facts as a file of the catalogue has them, for ``Dataset``, and how the columns were read.
  package func build() throws(DatasetProblem) -> (facts: ArrowTable, report: DatasetReport) {
    try checkColumns()
    let periods = try matchedPeriods()
    try check()
    let places = try matchedPlaces()
    try check()
    let activities = try matchedActivities(periods)
    try check()
    let facts = try FactRows(self, periods, places, activities)
    try check()
    let report = report(
      facts, places.country, [places.usage, [activities.usage, periods.usage].compactMap { $0 }].flatMap { $0 })
    return (try facts.arrowTable(metadata(facts, report)), report)
  }

  func check() throws(DatasetProblem) {
    if isStopped() { throw DatasetProblem(.stopped, "it was stopped") }
  }

  private func checkColumns() throws(DatasetProblem) {
    for key in mapping.keys {
      if case .column(let name) = key.source, table.column(named: name) == nil {
        throw DatasetProblem(.noColumn(name), "`\(path)` has no column `\(name)`", subject: key.role.word)
      }
    }
    for measure in mapping.measures {
      guard let column = table.column(named: measure.column) else {
        throw DatasetProblem(
          .noColumn(measure.column), "`\(path)` has no column `\(measure.column)`", subject: measure.name)
      }
      guard column.isNumeric else { throw notNumeric(measure, column) }
    }
    guard !mapping.measures.isEmpty else {
      throw DatasetProblem(
        .incomplete, "`\(path)` has no column of numbers for a measure",
        helps: ["name one: dataset(\"\(path)\", …, employment:COLUMN)"] + countingHelp,
        notes: ["it has: \(columnList)"]
          + table.columns.compactMap { column in
            column.oddity.map { "`\(column.name)` holds texts, because line \($0.line) has \"\($0.text)\"" }
          })
    }
    for (dimension, what, example) in [
      (Dimension.region, "places", "state:COLUMN, or state:\"Ohio\" for all rows"),
      (.period, "years", "year:COLUMN, or year:2024 for all rows"),
    ] where mapping.key(dimension).isEmpty {
      throw DatasetProblem(
        .incomplete, "which column of `\(path)` holds the \(what)?",
        helps: dimension == .period ? [yearsAsRows ?? "say so: \(example)"] : ["say so: \(example)"],
        notes: ["it has: \(columnList)"])
    }
  }

  /// How rows that are things to be counted, such as establishments, become numbers.
  private var countingHelp: [String] {
    let columns = mapping.keys.compactMap { key -> String? in
      if case .column(let name) = key.source { name } else { nil }
    }
    guard !mapping.key(.region).isEmpty, !columns.isEmpty else { return [] }
    let list = columns.map { "`\($0)`" }.joined(separator: ", ")
    return [
      "to count rows: open(\"\(path)\") | derive one = 1 | summarize establishments = sum(one), by:[\(list)] "
        + "| save \"counts.csv\", and read that"
    ]
  }

  /// How years that are columns become rows; nil where they are none.
  private var yearsAsRows: String? {
    let years = table.columns.filter { PeriodMatching.year($0.name) != nil && $0.name.utf8.count == 4 }
    guard years.count > 1 else { return nil }
    // Other columns of numbers are codes, which must stay beside the years.
    let codes = table.columns.filter { $0.isNumeric && PeriodMatching.year($0.name) == nil }.map(\.name)
    let options = codes.isEmpty ? "" : ", text:[\(codes.joined(separator: ", "))]"
    let list = years.map { "`\($0.name)`" }.joined(separator: ", ")
    return "its years are columns; make rows of them first: open(\"\(path)\"\(options)) | unpivot \(list) "
      + "| save \"long.csv\", then dataset(\"long.csv\", …, year:column, employment:value)"
  }

  private var columnList: String { table.columns.map(\.name).joined(separator: ", ") }

  private func notNumeric(_ measure: DatasetMapping.MeasureColumn, _ column: FileTable.Column) -> DatasetProblem {
    var example = ""
    var helps: [String] = []
    if let oddity = column.oddity {
      example = ": line \(oddity.line) has \"\(oddity.text)\""
      helps = ["mend it, or say that it is a mark: withheld:[\"\(oddity.text)\"] or missing:[\"\(oddity.text)\"]"]
    } else if table.rowCount > 0 {
      example = ": \(table.place(ofRow: 0)) has \"\(column.text(at: 0))\""
    }
    return DatasetProblem(
      .values, "column `\(column.name)` of `\(path)` holds texts, and `\(measure.name)` needs numbers\(example)",
      subject: measure.name, helps: helps)
  }

  func values(of source: DatasetMapping.Source) -> ValueTable {
    switch source {
    case .constant(let text): return ValueTable(constant: text, rowCount: table.rowCount)
    case .column(let name):
      guard let column = table.column(named: name) else { return ValueTable(constant: "", rowCount: table.rowCount) }
      return ValueTable(column, rowCount: table.rowCount, threads: threads, isStopped: isStopped)
    }
  }

  // MARK: - What did not match

  /// How one column was used.
  struct Usage {
    var column: String
    var use: String
    var singular: String
    var matched = 0
    var unmatched = 0
    /// Rows of places in other countries, by the country's code.
    var elsewhere: [String: Int] = [:]
    /// Of the first values that name nothing: what, where, and what may be meant.
    var examples: [(text: String, row: Int, guess: String)] = []
  }

  static let namedExamples = 3

  func usage(
    _ key: DatasetMapping.Key, _ values: ValueTable, use: String, singular: String, isMatched: (Int) -> Bool,
    isElsewhere: (Int) -> Bool = { _ in false }, guess: (String) -> String?
  ) -> Usage {
    let column =
      switch key.source {
      case .column(let name): name
      case .constant(let text): "\"\(text)\""
      }
    var usage = Usage(column: column, use: use, singular: singular)
    var (missed, others): ([Int], [Int]) = ([], [])
    for code in values.used {
      if isMatched(code) {
        usage.matched += values.rowCounts[code]
      } else {
        usage.unmatched += values.rowCounts[code]
        if isElsewhere(code) { others.append(code) } else { missed.append(code) }
      }
    }
    if usage.matched == 0 { missed += others }
    for code in missed.sorted(by: { values.firstRows[$0] < values.firstRows[$1] }).prefix(Self.namedExamples) {
      let text = values.values[code]
      let suggestion = guess(text) ?? ""
      usage.examples.append((text, values.firstRows[code], fold(suggestion) == fold(text) ? "" : suggestion))
    }
    return usage
  }

  /// Nothing in a column is what it was said to be: the mapping is wrong, not the rows.
  func requireMatches(_ usage: Usage, helps: [String] = []) throws(DatasetProblem) {
    try check()
    guard usage.matched == 0, table.rowCount > 0 else { return }
    let example = usage.examples.first.map { ": \(table.place(ofRow: $0.row)) has \"\($0.text)\"" } ?? ""
    let otherColumn = "name another column, or what the values are; it has: \(columnList)"
    throw DatasetProblem(
      .values, "no value of `\(usage.column)` in `\(path)` is a \(usage.singular)\(example)", subject: usage.use,
      helps: helps
        + [usage.examples.first.map { $0.guess.isEmpty ? otherColumn : "did you mean \"\($0.guess)\"?" } ?? otherColumn]
    )
  }

  private func report(_ facts: FactRows, _ country: String, _ usages: [Usage]) -> DatasetReport {
    var report = DatasetReport()
    report.country = country
    // Only a column of countries says that the other rows are no mistakes.
    if mapping.country == nil, isOneOfSeveral { report.otherCountries = usages.flatMap(\.elsewhere.keys).sorted() }
    report.rowCount = facts.rowCount
    report.notes = table.notes.map { "\(path): \($0)" }
    for usage in usages {
      let example = usage.examples.first.map { text, row, guess in
        "\"\(text)\" (\(table.place(ofRow: row))\(guess.isEmpty ? "" : "; did you mean \"\(guess)\"?"))"
      }
      report.lines.append(
        DatasetReport.Line(
          column: usage.column, use: usage.use, matched: usage.matched, unmatched: usage.unmatched,
          example: example ?? "", isOfOneCountry: !usage.elsewhere.isEmpty))
      report.notes += notes(usage)
    }
    for measure in mapping.measures {
      let known = table.column(named: measure.column).map { column in
        column.states.map { states in (0..<states.count).count { states[$0] <= 1 } } ?? table.rowCount
      }
      report.lines.append(
        DatasetReport.Line(
          column: measure.column, use: "measure \(measure.name)", matched: known ?? 0,
          unmatched: table.rowCount - (known ?? 0), example: ""))
    }
    let used = Set(report.lines.map(\.column))
    for column in table.columns where !used.contains(column.name) {
      report.lines.append(
        DatasetReport.Line(column: column.name, use: "not used", matched: 0, unmatched: 0, example: ""))
    }
    if facts.addedRows > 0 {
      let rows = facts.addedRows.counted("row was", "rows were")
      report.notes.append("\(path): \(rows) added to another of the same place, activity and period")
    }
    return report
  }

  /// The rows of other countries are in datasets of their own.
  private var isOneOfSeveral: Bool {
    mapping.isOneOfSeveral || (mapping.country == nil && mapping.key(.region).contains { $0.role == .level(.country) })
  }

  private func notes(_ usage: Usage) -> [String] {
    var notes: [String] = []
    let elsewhere = usage.elsewhere.values.reduce(0, +)
    if usage.unmatched > elsewhere {
      let places = usage.examples.map { text, row, guess in
        "\"\(text)\" (\(table.place(ofRow: row))\(guess.isEmpty ? "" : "; did you mean \"\(guess)\"?"))"
      }
      let more = usage.examples.count == Self.namedExamples ? ", …" : ""
      let what = places.isEmpty ? "their \(usage.singular) is unknown" : "no \(usage.singular) is called"
      notes.append(
        "\((usage.unmatched - elsewhere).counted("row")) of \(path) left out: \(what) \(places.joined(separator: ", "))\(more)"
      )
    }
    if elsewhere > 0, !isOneOfSeveral {
      let countries = usage.elsewhere.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { code, count in
        (name: catalog.list(.country).members.first { $0.code == code }?.name ?? code, count: count)
      }
      let parts = countries.map { "\($0.count.grouped) of \($0.name)" }.joined(separator: ", ")
      let ways = countries.prefix(3).map { "in:\"\($0.name)\"" }
      notes.append(
        "\(elsewhere.counted("row")) of \(path) left out, \(parts): a dataset has the places of one country; "
          + "name another one with \(ways.joined(separator: " or ")), and both in data:[…]")
    }
    return notes
  }
}
