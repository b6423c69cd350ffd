import CQBundledData
import CQRemote
import ClusterQuery
import Foundation

/// Employment and payroll of eight states by industry in two years, a fifth of it withheld, as a file and for engines.
struct IndicatorFacts {
  struct Row {
    var state: String
    var industry: String
    var year: Int
    /// nil for what is withheld.
    var jobs: Int?
    var pay: Double?
  }

  let rows: [Row]

  static let engine = Result { try Engine(.bundled) }

  static func tables(_ text: String, in session: Session) throws -> [ResultTable] {
    var tables: [ResultTable] = []
    try session.execute(text) { tables.append($0) }
    return tables
  }

  init() throws {
    let states = ["Alabama", "California", "Iowa", "Michigan", "Ohio", "Texas", "Washington", "Wyoming"]
    let list = states.map { "\"\($0)\"" }.joined(separator: ", ")
    let table = try Self.tables(
      "employment(by:[state, naics6, year], state:[\(list)], year:2019..2020, data:us_qcew_state, suppressed:withhold) | derive payroll",
      in: Session(engine: try Self.engine.get()))[0].table
    guard case .members(let stateCodes, let stateMembers)? = table.column(named: "state")?.values,
      case .members(let codes, let members)? = table.column(named: "naics6")?.values,
      case .periods(let years)? = table.column(named: "year")?.values,
      case .numbers(let jobs, let states, _)? = table.column(named: "employment")?.values,
      case .numbers(let pay, let payStates, _)? = table.column(named: "payroll")?.values
    else { throw ServerProblem(text: "the bundled facts have other columns") }
    rows =
      table.column(named: "state").map { _ in
        years.indices.filter { states[$0] != .missing && states[$0].hasValue == payStates[$0].hasValue }.map { row in
          Row(
            state: stateMembers[Int(stateCodes[row])].code, industry: members[Int(codes[row])].code,
            year: Int(years[row]),
            jobs: states[row].hasValue ? Int(jobs[row]) : nil, pay: payStates[row].hasValue ? pay[row] : nil)
        }
      } ?? []
  }

  /// A file with `W` for what is withheld.
  func write(to path: String) throws {
    var text = "st,industry,yr,emp,pay\n"
    for row in rows {
      text +=
        "\(row.state),\(row.industry),\(row.year),\(row.jobs.map { "\($0)" } ?? "W"),\(row.pay.map { "\($0)" } ?? "W")\n"
    }
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  /// The codes as they often are in databases: states as numbers without their zero, a mark for what is withheld.
  func statements(_ dialect: EngineDialect, table: String = "jobs") -> [String] {
    var texts = [
      "CREATE TABLE \(table) (st INTEGER, industry \(dialect.textType), yr SMALLINT, emp BIGINT, pay \(dialect.doubleType), secret BOOLEAN)"
    ]
    for start in stride(from: 0, to: rows.count, by: 1_000) {
      let values = rows[start..<min(start + 1_000, rows.count)].map { row in
        "(\(row.state), '\(row.industry)', \(row.year), \(row.jobs.map { "\($0)" } ?? "NULL"), \(row.pay.map { "\($0)" } ?? "NULL"), \(row.jobs == nil))"
      }
      texts.append("INSERT INTO \(table) VALUES \(values.joined(separator: ", "))")
    }
    return texts
  }

  static func binding(file path: String) -> String {
    "let mine = dataset(\"\(path)\", state:st, naics6:industry, year:yr, employment:emp, payroll:pay * 1 USD, withheld:[\"W\"])\n"
  }

  static func binding(engine address: String) -> String {
    "let mine = dataset(\"\(address)\", state:st, naics6:industry, year:yr, employment:emp, payroll:pay * 1 USD, withheld:secret)\n"
  }
}
