import CQColumns
import Foundation
import Testing

@testable import CQRemote

/// The same facts, added up by every engine and row by row.
@Suite(.serialized) struct DifferentialTests {
  private let facts = SampleFacts(count: 4_000)

  private func compare(_ link: EngineLink, _ columns: FactColumns) throws {
    let control = StatementControl()
    let found = try EngineTable.columns(of: link, control)
    for column in [columns.region, columns.activity, columns.period, columns.withheld] + columns.measures {
      guard let column else { continue }
      #expect(found.contains(column), "\(column) among \(found)")
    }
    let table = try EngineTable(link, columns, control)
    #expect(table.rowCount == facts.rows.count)
    #expect(table.regions == Set(facts.rows.compactMap(\.region)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    #expect(table.periods == ["2019", "2020", "2021", "2022"])
    let asks = SampleFacts.asks(table)
    // Together, and each with a statement of its own.
    try check(FactQuestions(asks, of: table), asks, table)
    for ask in asks { try check(FactQuestions([ask], of: table), [ask], table) }
    // As tables of classes that rows and sums are joined with, whatever is shorter.
    for count in [0, 1_000_000_000] {
      let many = try #require(asks.first { $0.activityGroupCount == 2 })
      let classes = KeyClasses(values: table.regions, classes: table.regions.map { _ in 1 }, classCount: 2)
      let statement = GroupingStatement(
        columns: columns, dialect: link.address.dialect, region: classes,
        activity: KeyClasses(values: table.activities, classes: many.activityGroups, classCount: 2),
        periods: table.periods,
        measures: [0, 1], rowCount: count, rowCap: 1_000)
      _ = try link.run(statement.text, rowCap: 1_000, control)
    }
  }

  private func check(_ questions: FactQuestions, _ asks: [FactAsk], _ table: EngineTable) throws {
    let answers = try questions.answers(StatementControl())
    for ask in asks {
      let answer = try #require(answers[ask])
      let expected = facts.sums(ask, table)
      #expect(answer.rowCounts == expected.rowCounts)
      #expect(answer.withheldCounts == expected.withheldCounts)
      #expect(answer.missingCounts == expected.missingCounts)
      for (one, other) in zip(answer.sums, expected.sums) {
        #expect(abs(one - other) <= 1e-9 * max(1, abs(other)), "\(one) \(other)")
      }
    }
  }

  @Test(.enabled(if: EngineServers.hasPostgres, "needs CQ_POSTGRES and root"), arguments: ["C", "en-US"])
  func postgreSQL(locale: String) throws {
    let server = try PostgresServer(locale: locale)
    defer { server.stop() }
    try server.sql(facts.statements(.postgreSQL).joined(separator: ";\n"))
    let address = try server.address("x", options: "&schema=public")
    var named = address
    named.table = ["public", SampleFacts.table]
    let link = EngineLink(named)
    try compare(link, SampleFacts.columns(named.source))
    #expect(link.used.version.hasPrefix("PostgreSQL 1"))
  }

  @Test(.enabled(if: EngineServers.hasDuckDB, "needs CQ_DUCKDB_DRIVER"))
  func duckDB() throws {
    let file = EngineServers.scratch + "/facts.duckdb"
    let writer = try ADBCConnection(try EngineAddress("duckdb://\(file)?table=x&access_mode=READ_WRITE"))
    for statement in facts.statements(.duckDB) { _ = try writer.run(statement, rowCap: 10, StatementControl()) }
    writer.close()
    var address = try EngineAddress("duckdb://\(file)?table=x")
    address.table = [SampleFacts.table]
    try compare(EngineLink(address), SampleFacts.columns(address.source))
  }

  /// The facts as a file, of a name of its own kind where the engine itself is told that name.
  private func parquet(_ name: String = "it's a \"file\".parquet") throws -> String {
    let path = EngineServers.scratch + "/" + name
    let writer = try ADBCConnection(try EngineAddress("duckdb://?table=x"))
    for statement in facts.statements(.duckDB) + [
      "COPY \(EngineDialect.duckDB.identifier(SampleFacts.table)) TO \(EngineDialect.duckDB.literal(path)) (FORMAT parquet)"
    ] {
      _ = try writer.run(statement, rowCap: 10, StatementControl())
    }
    return path
  }

  @Test(.enabled(if: EngineServers.hasSail, "needs CQ_SAIL, CQ_SPARK_DRIVER and CQ_DUCKDB_DRIVER"))
  func sail() throws {
    let server = try ServerProcess.sail()
    defer { server.stop() }
    var address = try EngineAddress("spark://127.0.0.1:\(server.port)?table=x")
    address.parquet = try parquet()
    try compare(EngineLink(address), SampleFacts.columns(address.source))
  }

  @Test(
    .enabled(if: EngineServers.variable("CQ_SPARK_SERVER") != nil && EngineServers.hasDuckDB, "needs CQ_SPARK_SERVER"))
  func spark() throws {
    var address = try EngineAddress("spark://\(EngineServers.variable("CQ_SPARK_SERVER") ?? "")?table=x")
    address.parquet = try parquet()
    try compare(EngineLink(address), SampleFacts.columns(address.source))
  }

  @Test(.enabled(if: EngineServers.hasFlightSQL, "needs CQ_ROAPI, CQ_FLIGHTSQL_DRIVER and CQ_DUCKDB_DRIVER"))
  func flightSQL() throws {
    let server = try ServerProcess.roapi([SampleFacts.table: try parquet("plain.parquet")])
    defer { server.stop() }
    var address = try EngineAddress("flightsql://127.0.0.1:\(server.port)?table=x")
    address.table = [SampleFacts.table]
    let link = EngineLink(address)
    try compare(link, SampleFacts.columns(address.source))
    #expect(link.used.version.hasPrefix("Apache DataFusion "))
  }

  @Test(.enabled(if: EngineServers.hasSQLite, "needs CQ_SQLITE_DRIVER"))
  func sqlite() throws {
    let file = EngineServers.scratch + "/facts.sqlite"
    let text = facts.statements(.sqlite).joined(separator: ";\n").replacingOccurrences(
      of: "CAST('NaN' AS REAL)", with: "NULL"
    )
    .replacingOccurrences(of: "CAST('Infinity' AS REAL)", with: "9e999")
    try EngineServers.sqlite(file, text)
    var address = try EngineAddress("sqlite://\(file)?table=x")
    address.table = [SampleFacts.table]
    // SQLite has no truth values: they are whole numbers.
    var columns = SampleFacts.columns(address.source)
    columns.withheld?.kind = .integer
    try compare(EngineLink(address), columns)
  }

  /// `Tests/remote/run` says what it has installed; nothing of it may be passed over.
  @Test func whatIsRequiredIsThere() {
    let required = (EngineServers.variable("CQ_REQUIRED_ENGINES") ?? "").split(separator: " ").map(String.init)
    #expect(Set(required).subtracting(EngineServers.available) == [])
  }
}
