import CQColumns

@testable import CQRemote

/// Facts with everything that facts can have: nulls, marks, odd codes, numbers that are none.
struct SampleFacts {
  struct Row {
    var region: String?
    var activity: String?
    var year: Int?
    var isWithheld: Bool?
    var jobs: Int?
    var wages: Double?
  }

  /// Names that would end a statement in which they were not quoted, and texts likewise.
  static let regionColumn = #"place"; DROP TABLE x; --"#
  static let activityColumn = "o'ne `two` \\"
  static let table = #"fa"ct's `t`"#
  var rows: [Row] = []

  init(count: Int) {
    let regions = [
      "01", "02", "O'Brien", #"a\'b"#, "Saint Paul", "St. Louis", "ä", "a", "B", #"x"); DROP TABLE y; --"#,
    ]
    let activities = ["11", "21", "31-33", "`q`", "é"]
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(bound))
    }
    for _ in 0..<count {
      var row = Row()
      row.region = random(40) == 0 ? nil : regions[random(regions.count)]
      row.activity = random(40) == 0 ? nil : activities[random(activities.count)]
      row.year = random(60) == 0 ? nil : 2019 + random(4)
      row.isWithheld = random(30) == 0 ? nil : random(10) == 0
      row.jobs = random(12) == 0 ? nil : random(100_000) - 500
      row.wages =
        random(12) == 0 ? nil : random(50) == 0 ? .nan : random(50) == 0 ? .infinity : Double(random(1_000_000)) / 7
      rows.append(row)
    }
  }

  /// `CREATE TABLE` and `INSERT` for `dialect`, with columns `year`, `w`, `jobs`, `wages`.
  func statements(_ dialect: EngineDialect, table: String? = nil) -> [String] {
    let name = table ?? dialect.identifier(Self.table)
    let columns = [
      "\(dialect.identifier(Self.regionColumn)) \(dialect.textType)",
      "\(dialect.identifier(Self.activityColumn)) \(dialect.textType)", "year INTEGER", "w BOOLEAN", "jobs INTEGER",
      "wages \(dialect.doubleType)",
    ]
    var texts = ["CREATE TABLE \(name) (\(columns.joined(separator: ", ")))"]
    for start in stride(from: 0, to: rows.count, by: 500) {
      let values = rows[start..<min(start + 500, rows.count)].map { row in
        let wages =
          row.wages.map { $0.isFinite ? "\($0)" : "CAST('\($0.isNaN ? "NaN" : "Infinity")' AS \(dialect.doubleType))" }
          ?? "NULL"
        return
          "(\(row.region.map { dialect.literal($0) } ?? "NULL"), \(row.activity.map { dialect.literal($0) } ?? "NULL"), \(row.year.map { "\($0)" } ?? "NULL"), \(row.isWithheld.map { $0 ? "TRUE" : "FALSE" } ?? "NULL"), \(row.jobs.map { "\($0)" } ?? "NULL"), \(wages))"
      }
      texts.append("INSERT INTO \(name) VALUES \(values.joined(separator: ",\n"))")
    }
    return texts
  }

  static func columns(_ source: FactColumns.Source) -> FactColumns {
    FactColumns(
      source: source, region: EngineColumn(name: regionColumn, kind: .text),
      activity: EngineColumn(name: activityColumn, kind: .text), period: EngineColumn(name: "year", kind: .integer),
      withheld: EngineColumn(name: "w", kind: .truth),
      measures: [EngineColumn(name: "jobs", kind: .integer), EngineColumn(name: "wages", kind: .number)])
  }

  /// The sums of an ask, row by row.
  func sums(_ ask: FactAsk, _ table: EngineTable) -> FactSums {
    var sums = FactSums(cellCount: ask.cellCount)
    for row in rows {
      guard let region = row.region, let activity = row.activity, let year = row.year,
        "\(year)" == table.periods[ask.period],
        let regionIndex = table.regions.firstIndex(of: region),
        let activityIndex = table.activities.firstIndex(of: activity)
      else { continue }
      let (group, other) = (ask.regionGroups[regionIndex], ask.activityGroups[activityIndex])
      guard group >= 0, other >= 0 else { continue }
      let cell = Int(group) * ask.activityGroupCount + Int(other)
      let value = ask.measure == 0 ? row.jobs.map { Double($0) } : row.wages
      if row.isWithheld == true {
        sums.withheldCounts[cell] += 1
      } else if let value, value.isFinite {
        sums.sums[cell] += value
        sums.rowCounts[cell] += 1
      } else {
        sums.missingCounts[cell] += 1
      }
    }
    return sums
  }

  /// Asks as queries have them: each by itself, some together, all as one, nothing at all.
  static func asks(_ table: EngineTable) -> [FactAsk] {
    func each(_ values: [String]) -> [Int32] { values.indices.map { Int32($0) } }
    let regions: [([Int32], Int)] = [
      (each(table.regions), table.regions.count), (table.regions.map { _ in 0 }, 1),
      (table.regions.indices.map { Int32($0 % 4) - 1 }, 3), (table.regions.map { _ in -1 }, 2),
    ]
    let activities: [([Int32], Int)] = [
      (each(table.activities), table.activities.count), (table.activities.map { _ in 0 }, 1),
      (table.activities.indices.map { Int32($0 % 3) - 1 }, 2),
    ]
    var asks: [FactAsk] = []
    for (index, region) in regions.enumerated() {
      for (other, activity) in activities.enumerated() {
        for period in table.periods.indices where (index + other + period) % 2 == 0 {
          asks.append(
            FactAsk(
              measure: (index + other) % 2, period: period, regionGroups: region.0, regionGroupCount: region.1,
              activityGroups: activity.0, activityGroupCount: activity.1))
        }
      }
    }
    return asks
  }
}
