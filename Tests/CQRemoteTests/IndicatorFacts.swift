import CQBundledData
import CQRemote
import ClusterQuery
import Foundation

/// Employment and payroll of eight states by industry in two years, a fifth of it withheld, as a file and for engines. Each
/// industry of a state is put into one of three counties, and what other measures need is made up from its jobs.
struct IndicatorFacts {
  struct Row {
    var county: String
    var industry: String
    var year: Int
    /// nil for what is withheld.
    var jobs: Int?
    var pay: Double?

    var establishments: Int? { jobs.map { $0 / 20 + 1 } }
    var exports: Double? { pay.map { ($0 / 7).rounded() } }
    var product: Double? { pay.map { $0 * 2 } }
    var people: Int? { jobs.map { $0 * 3 } }
    var patents: Int? { jobs.map { $0 % 10 } }
    var imports: Double? { jobs.map { Double($0 * 31 % 10_007) } }
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
          let industry = members[Int(codes[row])].code
          let place = (Int(industry) ?? 0) % 3 * 2 + 1
          return Row(
            county: "\(stateMembers[Int(stateCodes[row])].code)00\(place)", industry: industry, year: Int(years[row]),
            jobs: states[row].hasValue ? Int(jobs[row]) : nil, pay: payStates[row].hasValue ? pay[row] : nil)
        }
      } ?? []
  }

  /// A file with `W` for what is withheld.
  func write(to path: String) throws {
    var text = "fips,industry,yr,emp,pay,est,exp,imp,gdp,people,pat\n"
    for row in rows {
      func shown(_ number: Any?) -> String { number.map { "\($0)" } ?? "W" }
      let numbers: [Any?] = [
        row.jobs, row.pay, row.establishments, row.exports, row.imports, row.product, row.people, row.patents,
      ]
      text += "\(row.county),\(row.industry),\(row.year),\(numbers.map(shown).joined(separator: ","))\n"
    }
    try text.write(toFile: path, atomically: false, encoding: .utf8)
  }

  /// The codes as they often are in databases: counties as numbers without their zero, a mark for what is withheld.
  func statements(_ dialect: EngineDialect, table: String = "jobs") -> [String] {
    var texts = [
      "CREATE TABLE \(table) \(Self.body(dialect))"
    ]
    for start in stride(from: 0, to: rows.count, by: 1_000) {
      let values = rows[start..<min(start + 1_000, rows.count)].map { row in
        func shown(_ number: Any?) -> String { number.map { "\($0)" } ?? "NULL" }
        let numbers: [Any?] = [
          row.jobs, row.pay, row.establishments, row.exports, row.imports, row.product, row.people, row.patents,
        ]
        return
          "(\(row.county), '\(row.industry)', \(row.year), \(numbers.map(shown).joined(separator: ", ")), \(row.jobs == nil))"
      }
      texts.append("INSERT INTO \(table) VALUES \(values.joined(separator: ", "))")
    }
    return texts
  }

  /// The columns of the table `jobs`.
  static func body(_ dialect: EngineDialect) -> String {
    let double = dialect.doubleType
    return
      "(fips INTEGER, industry \(dialect.textType), yr SMALLINT, emp BIGINT, pay \(double), est INTEGER, exp \(double), imp \(double), gdp \(double), people BIGINT, pat INTEGER, secret BOOLEAN)"
  }

  private static let columns =
    "county:fips, naics6:industry, year:yr, employment:emp, payroll:pay * 1 USD, establishments:est, exports:exp * 1 USD, imports:imp * 1 USD, gdp:gdp * 1 USD, population:people, patents:pat"

  static func binding(file path: String) -> String {
    "let mine = dataset(\"\(path)\", \(columns), withheld:[\"W\"])\n"
  }

  static func binding(engine address: String) -> String {
    "let mine = dataset(\"\(address)\", \(columns), withheld:secret)\n"
  }
}
