/// One `SELECT` that adds up measures by classes of places, classes of activities and periods.
///
/// A class travels in the shorter of two ways: as nothing (rows come back by the column's own values, and are classed
/// here) or as a table of values and classes that the facts are joined with. States travel as counts beside the sums.
package struct GroupingStatement: Sendable {
  package let columns: FactColumns
  package let dialect: EngineDialect
  package let region: KeyClasses?
  package let activity: KeyClasses?
  /// Values of the period column to be kept, in the engine's spelling; nil where facts have no period.
  package let periods: [String]?
  /// Positions among the measures of `columns`.
  package let measures: [Int]
  /// No more rows come back than this; one more is a mistake.
  package let rowCap: Int
  package let text: String
  let regionForm: KeyForm
  let activityForm: KeyForm

  /// How the classes of a key travel.
  enum KeyForm: Sendable, Equatable {
    /// There is one class, so nothing to group by.
    case whole
    /// By the column's own values.
    case values
    /// By a table of values and classes.
    case lookup
  }

  /// - Parameter rowCount: Rows of the table, for choosing between joining rows and joining sums.
  package init(
    columns: FactColumns, dialect: EngineDialect, region: KeyClasses?, activity: KeyClasses?, periods: [String]?,
    measures: [Int], rowCount: Int, rowCap: Int
  ) {
    self.columns = columns
    self.dialect = dialect
    self.region = region
    self.activity = activity
    self.periods = periods
    self.measures = measures
    self.rowCap = rowCap
    let periodCount = max(1, periods?.count ?? 1)
    let forms = Self.forms(region, activity, periodCount: periodCount)
    (regionForm, activityForm) = forms
    let values = (region?.keptCount ?? 1) * (activity?.keptCount ?? 1)
    let addsUpFirst = [forms.region, forms.activity].contains(.lookup) && values * periodCount <= rowCount / 4
    let writer = StatementWriter(
      columns: columns, dialect: dialect,
      keys: [(region, forms.region, columns.region), (activity, forms.activity, columns.activity)],
      periods: periods, measures: measures, rowCap: rowCap)
    text = addsUpFirst ? writer.joiningSums() : writer.joiningRows()
  }

  /// The forms that make statement and answer smallest together, in bytes.
  private static func forms(
    _ region: KeyClasses?, _ activity: KeyClasses?, periodCount: Int
  ) -> (region: KeyForm, activity: KeyForm) {
    let cellBytes = 60
    func choices(_ key: KeyClasses?) -> [(form: KeyForm, groups: Int, bytes: Int)] {
      guard let key, key.classCount > 1 else { return [(.whole, 1, 0)] }
      let length = zip(key.values, key.classes).reduce(0) { $0 + ($1.1 >= 0 ? $1.0.utf8.count + 4 : 0) }
      return [
        (.values, key.keptCount, key.keepsAll ? 0 : length), (.lookup, key.classCount, length + key.keptCount * 7),
      ]
    }
    var best: (region: KeyForm, activity: KeyForm, bytes: Int)?
    for region in choices(region) {
      for activity in choices(activity) {
        let bytes = region.bytes + activity.bytes + region.groups * activity.groups * periodCount * cellBytes
        if best.map({ bytes < $0.bytes }) ?? true { best = (region.form, activity.form, bytes) }
      }
    }
    return best.map { ($0.region, $0.activity) } ?? (.whole, .whole)
  }
}

/// Writes the clauses of a grouping statement.
private struct StatementWriter {
  let columns: FactColumns
  let dialect: EngineDialect
  let keys: [(classes: KeyClasses?, form: GroupingStatement.KeyForm, column: EngineColumn?)]
  let periods: [String]?
  let measures: [Int]
  let rowCap: Int

  private func name(_ text: String) -> String { dialect.identifier(text) }
  private func fact(_ column: EngineColumn) -> String { "\(name("f")).\(name(column.name))" }
  private func asDouble(_ text: String) -> String { "CAST(\(text) AS \(dialect.doubleType))" }
  private func asCount(_ text: String) -> String { "CAST(\(text) AS BIGINT)" }

  /// The facts joined with the tables of classes, then grouped.
  func joiningRows() -> String {
    var shown: [String] = []
    var groups: [String] = []
    for (index, key) in keys.enumerated() where key.form != .whole {
      guard let column = key.column else { continue }
      let expression = key.form == .lookup ? "\(name(lookups[index])).\(name("class"))" : fact(column)
      shown.append(keyColumn(expression, index, isClass: key.form == .lookup, column))
      groups.append(expression)
    }
    if let period = columns.period {
      shown.append(keyColumn(fact(period), 2, isClass: false, period))
      groups.append(fact(period))
    }
    for (position, sum) in sums.enumerated() {
      shown.append("\(finish(sum.expression, sum)) AS \(name("x\(position)"))")
    }
    return lookupTables()
      + "SELECT \(shown.joined(separator: ", "))\nFROM \(dialect.reference(columns.source)) AS \(name("f"))"
      + joins(on: { fact($0) }) + conditions() + grouped(groups) + "\nLIMIT \(rowCap + 1)"
  }

  /// The facts grouped by their own values, where each shard can do it by itself; the sums joined with the tables of classes.
  func joiningSums() -> String {
    var inner: [String] = []
    var innerGroups: [String] = []
    var shown: [String] = []
    var groups: [String] = []
    for (index, key) in keys.enumerated() where key.form != .whole {
      guard let column = key.column else { continue }
      inner.append("\(fact(column)) AS \(name("v\(index)"))")
      innerGroups.append(fact(column))
      let expression =
        key.form == .lookup ? "\(name(lookups[index])).\(name("class"))" : "\(name("g")).\(name("v\(index)"))"
      shown.append(keyColumn(expression, index, isClass: key.form == .lookup, column))
      groups.append(expression)
    }
    if let period = columns.period {
      inner.append("\(fact(period)) AS \(name("v2"))")
      innerGroups.append(fact(period))
      shown.append(keyColumn("\(name("g")).\(name("v2"))", 2, isClass: false, period))
      groups.append("\(name("g")).\(name("v2"))")
    }
    for (position, sum) in sums.enumerated() {
      inner.append("\(sum.expression) AS \(name("x\(position)"))")
      shown.append("\(finish("SUM(\(name("g")).\(name("x\(position)")))", sum)) AS \(name("x\(position)"))")
    }
    let facts =
      "SELECT \(inner.joined(separator: ", "))\n  FROM \(dialect.reference(columns.source)) AS \(name("f"))"
      + conditions("\n  ") + grouped(innerGroups, "\n  ")
    var on: [String: String] = [:]
    for (index, key) in keys.enumerated() {
      if let column = key.column { on[column.name] = "\(name("g")).\(name("v\(index)"))" }
    }
    return lookupTables() + "SELECT \(shown.joined(separator: ", "))\nFROM (\n  \(facts)\n) AS \(name("g"))"
      + joins(on: { on[$0.name] ?? "" }) + grouped(groups) + "\nLIMIT \(rowCap + 1)"
  }

  // MARK: - Clauses

  private let lookups = ["r", "a"]

  init(
    columns: FactColumns, dialect: EngineDialect,
    keys: [(classes: KeyClasses?, form: GroupingStatement.KeyForm, column: EngineColumn?)], periods: [String]?,
    measures: [Int], rowCap: Int
  ) {
    self.columns = columns
    self.dialect = dialect
    self.keys = keys
    self.periods = periods
    self.measures = measures
    self.rowCap = rowCap
  }

  private func keyColumn(_ expression: String, _ index: Int, isClass: Bool, _ column: EngineColumn) -> String {
    let type = isClass || column.kind == .integer ? "BIGINT" : dialect.textType
    return "CAST(\(expression) AS \(type)) AS \(name("k\(index)"))"
  }

  private func lookupTables() -> String {
    var tables: [String] = []
    for (index, key) in keys.enumerated() where key.form == .lookup {
      guard let classes = key.classes, let column = key.column else { continue }
      let rows = zip(classes.values, classes.classes).filter { $0.1 >= 0 }.map {
        "(\(dialect.literal($0.0, of: column)), \($0.1))"
      }
      tables.append(
        "\(name(lookups[index])) (\(name("value")), \(name("class"))) AS (VALUES \(rows.joined(separator: ", ")))")
    }
    return tables.isEmpty ? "" : "WITH \(tables.joined(separator: ",\n"))\n"
  }

  private func joins(on value: (EngineColumn) -> String) -> String {
    var text = ""
    for (index, key) in keys.enumerated() where key.form == .lookup {
      guard let column = key.column else { continue }
      let lookup = name(lookups[index])
      text += "\nJOIN \(lookup) ON \(value(column)) = \(lookup).\(name("value"))"
    }
    return text
  }

  /// Which rows take part: those with a kept value in every key. A join keeps no other either, but says so too late for
  /// an engine that skips files or shards by the filter.
  private func conditions(_ line: String = "\n") -> String {
    var conditions: [String] = []
    for key in keys {
      guard let classes = key.classes, let column = key.column else { continue }
      if classes.keepsAll {
        conditions.append("\(fact(column)) IS NOT NULL")
      } else if key.form != .lookup || classes.keptCount <= 200 {
        let kept = zip(classes.values, classes.classes).filter { $0.1 >= 0 }.map { dialect.literal($0.0, of: column) }
        conditions.append(kept.isEmpty ? "1 = 0" : "\(fact(column)) IN (\(kept.joined(separator: ", ")))")
      }
    }
    if let column = columns.period, let periods {
      let kept = periods.map { dialect.literal($0, of: column) }
      conditions.append(kept.isEmpty ? "1 = 0" : "\(fact(column)) IN (\(kept.joined(separator: ", ")))")
    }
    return conditions.isEmpty ? "" : "\(line)WHERE \(conditions.joined(separator: " AND "))"
  }

  private func grouped(_ keys: [String], _ line: String = "\n") -> String {
    keys.isEmpty ? "" : "\(line)GROUP BY \(keys.joined(separator: ", "))"
  }

  // MARK: - Sums

  private struct Sum {
    var expression: String
    var isCount: Bool
  }

  private func finish(_ expression: String, _ sum: Sum) -> String {
    sum.isCount ? asCount(expression) : asDouble(expression)
  }

  /// All rows, withheld rows where they are marked, then sum and count of the numbers of each measure.
  private var sums: [Sum] {
    var sums = [Sum(expression: "COUNT(*)", isCount: true)]
    let isWithheld = columns.withheld.map { withheldCondition($0) }
    if let isWithheld {
      sums.append(Sum(expression: "SUM(CASE WHEN \(isWithheld) THEN 1 ELSE 0 END)", isCount: true))
    }
    for measure in measures {
      let column = columns.measures[measure]
      let value = fact(column)
      let number = column.kind == .integer ? asCount(value) : asDouble(value)
      // Conditions without COALESCE or NOT are what PostgreSQL passes on to its shards. A mark that is null is none, and
      // what is not a finite number is missing: x - x is 0 for every other.
      var kept = column.kind == .integer ? number : "CASE WHEN \(value) - \(value) = 0 THEN \(number) END"
      if let isWithheld {
        let rest = column.kind == .integer ? "ELSE \(number)" : "WHEN \(value) - \(value) = 0 THEN \(number)"
        kept = "CASE WHEN \(isWithheld) THEN NULL \(rest) END"
      }
      sums.append(Sum(expression: "SUM(\(kept))", isCount: false))
      sums.append(Sum(expression: "COUNT(\(kept))", isCount: true))
    }
    return sums
  }

  private func withheldCondition(_ column: EngineColumn) -> String {
    let value = fact(column)
    switch column.kind {
    case .truth: return value
    case .integer, .number: return "\(value) <> 0"
    case .text, .other: return "CAST(\(value) AS \(dialect.textType)) <> ''"
    }
  }
}
