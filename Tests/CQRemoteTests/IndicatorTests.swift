import CQColumns
import CQRemote
import ClusterQuery
import Foundation
import Testing

/// The same text on the same facts, from a file and in every engine: equal states, and values to a billionth.
@Suite(.serialized) struct IndicatorTests {
  /// What a query gave, or the codes of what was wrong with it.
  private enum Outcome {
    case table(Table)
    case codes([String])
  }

  /// What some definitions must be told.
  private static let needs: [String: String] = {
    let partner = ["similarity", "overlap", "krugman_between", "distance"]
    let overClusters = [
      "specialties", "mean_ubiquity", "eci", "expy", "coi", "unrelated_variety", "multiplier",
      "linkages", "minimum_requirements",
    ]
    let trade = ["trade_balance", "lafay", "grubel_lloyd", "michaely"]
    return [
      "cluster_index":
        "jobs:employment, firms:establishments, area:population, people:population, all_jobs:employment, all_firms:establishments, all_area:population, all_people:population, ",
      "per_hundred": "part:establishments, ", "coagglomeration": "with:\"322110\", ",
      "proximity": "with:\"Plastics\", ",
      "rca_similarity": "with:\"Texas\", over:cluster, ", "related_variety": "over:subcluster, broad:cluster, ",
      "complementarity": "with:\"Texas\", exports:exports, imports:imports, over:cluster, ",
      "intra_industry_trade": "exports:exports, imports:imports, over:cluster, ",
      "self_sufficiency": "output:gdp, exports:exports, imports:imports, ",
      "import_penetration": "output:gdp, exports:exports, imports:imports, ",
    ].merging(partner.map { ($0, "with:\"Texas\", ") }) { $1 }
      .merging(overClusters.map { ($0, "over:cluster, ") }) { $1 }
      .merging(trade.map { ($0, "exports:exports, imports:imports, ") }) { $1 }
  }()

  /// Forms of a query for an indicator; the first two that these facts answer are compared.
  private static func shapes(_ name: String) -> [String] {
    let need = needs[name] ?? ""
    return [
      "\(name)(\(need)by:state, data:mine)",
      "\(name)(\(need)by:[state, year], cluster:\"Aerospace\", year:2019..2020, data:mine, suppressed:exclude)",
      "\(name)(\(need)by:cluster, in:\"Washington\", data:mine)",
      "\(name)(\(need)by:[state, cluster], data:mine) | top 20", "\(name)(\(need)by:year, data:mine)",
    ]
  }

  /// What else queries are made of.
  private static let others = [
    "lq(by:cluster, state:\"Washington\", vs:\"US\", year:2019, data:mine)",
    "employment(by:naics6, state:\"Ohio\", data:mine)", "payroll(by:[state, cluster], data:mine) | top 20",
    "employment(by:county, suppressed:exclude, data:mine)",
    "employment(by:cluster, state:[\"Ohio\", \"Texas\"], data:mine)",
    "employment(by:state, activity:traded, data:mine) | derive share = employment / employment(activity:all)",
    "lq(by:subcluster, state:\"Michigan\", of:payroll, data:mine, suppressed:exclude) | sort lq desc",
    "employment(by:year, state:\"Iowa\", naics6:\"333111\", data:mine)",
  ]

  /// A query with what memory answers.
  private typealias Expected = (query: String, outcome: Outcome)

  /// - Returns: What engines are compared with, and which indicators have no answer from these facts, with the codes.
  private func expected(_ memory: Session) throws -> (queries: [Expected], refused: [String]) {
    var queries: [Expected] = []
    var refused: [String] = []
    for name in Self.indicators {
      var answered: [Expected] = []
      var codes: [(query: String, codes: [String])] = []
      for query in Self.shapes(name) where answered.count < 2 {
        let outcome = try outcome(query, memory)
        if case .codes(let found) = outcome { codes.append((query, found)) } else { answered.append((query, outcome)) }
      }
      queries += answered
      if answered.isEmpty {
        refused.append("\(name): \(codes.map { $0.codes.joined(separator: " ") }.joined(separator: ", "))")
        queries += codes.prefix(1).map { ($0.query, .codes($0.codes)) }
      }
    }
    return (queries + (try Self.others.map { ($0, try outcome($0, memory)) }), refused)
  }

  private static let indicators = Reference.standardLibrary.sections.flatMap(\.entries).filter { $0.kind == .indicator }
    .map(\.name)

  private func outcome(_ text: String, _ session: Session) throws -> Outcome {
    do {
      return .table(try IndicatorFacts.tables(text, in: session)[0].table)
    } catch let error as Diagnostics {
      return .codes(error.all.map(\.code))
    }
  }

  private func sameSession(_ binding: String) throws -> Session {
    let session = Session(engine: try IndicatorFacts.engine.get())
    try session.execute(binding) { _ in }
    return session
  }

  private func compare(_ one: Table, _ other: Table, _ query: String, _ engine: String) {
    #expect(one.columns.map(\.name) == other.columns.map(\.name), "\(query) on \(engine)")
    for (mine, theirs) in zip(one.columns, other.columns) {
      switch (mine.values, theirs.values) {
      case (.numbers(let values, let states, _), .numbers(let found, let foundStates, _)):
        #expect(states == foundStates, "\(query) on \(engine): states of \(mine.name)")
        let largest = values.map(\.magnitude).max() ?? 0
        let isEqual = zip(values, found).allSatisfy { abs($0 - $1) <= 1e-9 * max($0.magnitude, largest * 1e-3) }
        #expect(isEqual && values.count == found.count, "\(query) on \(engine): \(mine.name) \(values) \(found)")
      case (.members(let codes, let members), .members(let found, let foundMembers)):
        #expect(codes.map { members[Int($0)] } == found.map { foundMembers[Int($0)] }, "\(query) on \(engine)")
      case (.periods(let periods), .periods(let found)): #expect(periods == found, "\(query) on \(engine)")
      case (.texts(let texts), .texts(let found)): #expect(texts == found, "\(query) on \(engine)")
      case (.truths(let truths), .truths(let found)): #expect(truths == found, "\(query) on \(engine)")
      default: Issue.record("\(query) on \(engine): \(mine.name) is of another kind")
      }
    }
  }

  @Test(.enabled(if: !EngineServers.available.isEmpty, "needs an engine; Tests/remote/run installs them"))
  func everyEngineGivesTheSameTables() throws {
    let facts = try IndicatorFacts()
    #expect(facts.rows.count > 10_000)
    #expect(facts.rows.count { $0.jobs == nil } > 1_000)
    let path = EngineServers.scratch + "/jobs.csv"
    try facts.write(to: path)
    let memory = try sameSession(IndicatorFacts.binding(file: path))
    let (queries, refused) = try expected(memory)
    // Some need levels, measures or words that these facts have not: `CQ_CORPUS` names a file for the list.
    #expect(refused.count * 4 < Self.indicators.count, "\(refused)")
    if let path = EngineServers.variable("CQ_CORPUS") {
      let text =
        "\(Self.indicators.count) indicators, \(queries.count) queries\n" + refused.joined(separator: "\n") + "\n"
      try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
    try EngineServers.withAll(facts) { engine, address in
      let session = try sameSession(IndicatorFacts.binding(engine: address))
      for (query, expected) in queries {
        switch (expected, try outcome(query, session)) {
        case (.table(let one), .table(let other)): compare(one, other, query, engine)
        case (.codes(let codes), .codes(let found)): #expect(codes == found, "\(query) on \(engine)")
        // The one thing that engines can't do is refused with its code.
        case (.table, .codes(["E0808"])): #expect(query.contains("bounds") || query.contains("estimate"))
        default: Issue.record("\(query) on \(engine) gives another kind of answer: \(expected)")
        }
      }
      // The engine is named, and little came over the wire.
      let table = try IndicatorFacts.tables("lq(by:state, cluster:\"Aerospace\", data:mine)", in: session)[0]
      #expect(table.header.source.contains(address.prefix { $0 != "?" }), "\(table.header.source)")
      // What is connected is listed as it is when the line is reached, not when the text is checked.
      let counts = try IndicatorFacts.tables("engines\nemployment(by:year, data:mine)\nengines", in: session)
      #expect(counts[0].table.rowCount == 1)
      #expect(try statementCount(counts[2].table) == statementCount(counts[0].table) + 1, "\(engine)")
      let plan = try #require(try session.plan(of: "lq(by:state, cluster:\"Aerospace\", data:mine) | top 3"))
      #expect(plan.contains(": filter, group and add up employment") && plan.contains("1 statement, "), "\(plan)")
      #expect(plan.contains("here: lq = ") && plan.contains("here: top 3"), "\(plan)")
      let sql = try session.statements(of: "lq(by:state, cluster:\"Aerospace\", data:mine)")
      #expect(sql.count == 1)
      #expect(sql[0].hasPrefix("SELECT ") || sql[0].hasPrefix("WITH "))
    }
  }

  private func statementCount(_ engines: Table) throws -> Double {
    guard case .numbers(let counts, _, _)? = engines.column(named: "statements")?.values else { return -1 }
    return try #require(counts.first)
  }

  private func message(_ text: String, _ session: Session, within limit: Duration = .seconds(2)) -> String {
    let start = ContinuousClock.now
    defer { #expect(ContinuousClock.now - start < limit, "\(text)") }
    do {
      try session.execute(text) { _ in }
      return "it ran"
    } catch let error as Diagnostics {
      return error.all.map { "\($0.code) \($0.message)" }.joined(separator: "; ")
    } catch {
      return "\(error)"
    }
  }

  @Test(.enabled(if: EngineServers.hasPostgres, "needs CQ_POSTGRES and root"))
  func mistakesHaveOneClearMessage() throws {
    let facts = try IndicatorFacts()
    let server = try PostgresServer()
    defer { server.stop() }
    try server.sql(
      facts.statements(.postgreSQL).joined(separator: ";\n")
        + ";CREATE TABLE nothing (fips TEXT, yr INTEGER, emp INTEGER)"
        + ";CREATE VIEW slow AS SELECT fips, yr, emp, pg_sleep(3) IS NULL AS s FROM jobs LIMIT 1"
        + ";CREATE VIEW nested AS SELECT *, CASE WHEN emp > 100 THEN left(industry, 3) ELSE industry END AS code FROM jobs"
    )
    let place = "postgresql://postgres@127.0.0.1:\(server.port)/postgres"
    let session = try sameSession(IndicatorFacts.binding(engine: "\(place)?table=jobs"))
    func works() { #expect(message("employment(by:state, data:mine)", session, within: .seconds(20)) == "it ran") }
    works()
    func dataset(_ rest: String) -> String { "let other = dataset(\"\(place)\(rest))" }
    #expect(
      message(dataset("?table=jbos\", county:fips, year:yr, employment:emp"), session)
        == "E0808 \(place) has no table `jbos`")
    #expect(message(dataset("?table=jobs\", county:county, year:yr, employment:emp"), session).hasPrefix("E0426"))
    #expect(
      message(dataset("?table=jobs\", county:fips, year:yr, employment:industry"), session).contains("holds no numbers")
    )
    #expect(
      message(dataset("?table=jobs\", county:pay, year:yr, employment:emp"), session).contains(
        "neither whole numbers nor texts"))
    #expect(
      message(dataset("?table=jobs\", state:fips, year:yr, employment:emp"), session, within: .seconds(20)).hasPrefix(
        "E0805"))
    #expect(
      message(dataset("?table=jobs\", year:yr, employment:emp"), session).contains(
        "which column of the table holds the places"))
    #expect(
      message(dataset("?table=jobs\", county:fips, year:yr"), session).contains(
        "which column of the table is a measure"))
    #expect(
      message(dataset("?table=jobs\", county:fips, year:yr, employment:emp, decimal:comma"), session).contains(
        "is about files"))
    #expect(
      message(dataset("?table=nothing\", county:fips, year:yr, employment:emp"), session).hasSuffix("has no rows"))
    #expect(
      message(dataset("?table=nested\", county:fips, activity:code, year:yr, employment:emp"), session).contains(
        "contain others"))
    #expect(message(dataset("\", county:fips, year:yr, employment:emp"), session).contains("does not say which table"))
    #expect(
      message("let other = dataset(\"oracle://h/db?table=t\", county:fips, year:yr, employment:emp)", session).contains(
        "no address of an engine"))
    #expect(
      message(
        "let other = dataset(\"duckdb:///tmp/x?table=t&driver=/no/lib.so\", county:fips, year:yr, employment:emp)",
        session
      ).hasPrefix("E0808"))
    #expect(
      message("employment(by:state, data:mine) | derive low = bounds(employment).low", session).hasPrefix(
        "E0808 bounds need the single cells"))
    works()
    // The time limit of the query is that of the statement.
    #expect(throws: LimitExceeded.self) {
      try session.execute(
        dataset("?table=slow\", county:fips, year:yr, employment:emp"), limits: Limits(time: .milliseconds(400))
      ) { _ in }
    }
    works()
    server.crash()
    let dead = message("employment(by:cluster, state:\"Ohio\", data:mine)", session)
    #expect(dead.hasPrefix("E0808 can't reach \(place): "), "\(dead)")
    try server.start()
    works()
  }

  @Test func restrictedTextsReachNoEngine() throws {
    let session = Session(engine: try IndicatorFacts.engine.get(), mode: .restricted)
    for text in ["dataset(\"postgresql://127.0.0.1/db?table=t\", county:fips, year:yr, employment:emp)", "engines"] {
      #expect(message(text, session).hasPrefix("E07"), "\(text)")
    }
  }
}

extension EngineServers {
  /// Calls `work` with the address of a table `jobs` of `facts` in each engine that is installed here.
  static func withAll(_ facts: IndicatorFacts, _ work: (_ engine: String, _ address: String) throws -> Void) throws {
    if hasPostgres {
      // `DifferentialTests` has the C locale as well.
      let single = try PostgresServer(locale: "en-US")
      defer { single.stop() }
      try single.sql(facts.statements(.postgreSQL).joined(separator: ";\n"))
      try work("PostgreSQL", "postgresql://postgres@127.0.0.1:\(single.port)/postgres?table=jobs")
      let shards = try ShardedPostgres(facts)
      defer { shards.stop() }
      try work("PostgreSQL, sharded", "postgresql://postgres@127.0.0.1:\(shards.coordinator.port)/postgres?table=jobs")
    }
    if hasSQLite {
      let file = scratch + "/indicators.sqlite"
      try sqlite(file, facts.statements(.sqlite).joined(separator: ";\n"))
      try work("SQLite", "sqlite://\(file)?table=jobs")
    }
    guard hasDuckDB else { return }
    let file = scratch + "/indicators.duckdb"
    let writer = try ADBCConnection(try EngineAddress("duckdb://\(file)?table=x&access_mode=READ_WRITE"))
    let parquet = scratch + "/indicators.parquet"
    for statement in facts.statements(.duckDB) + ["COPY jobs TO '\(parquet)' (FORMAT parquet)"] {
      _ = try writer.run(statement, rowCap: 10, StatementControl())
    }
    writer.close()
    try work("DuckDB", "duckdb://\(file)?table=jobs")
    if hasSail {
      let server = try ServerProcess.sail()
      defer { server.stop() }
      try work("Sail", "spark://127.0.0.1:\(server.port)?parquet=\(parquet)")
    }
    if hasFlightSQL {
      let server = try ServerProcess.roapi(["jobs": parquet])
      defer { server.stop() }
      try work("Flight SQL", "flightsql://127.0.0.1:\(server.port)?table=jobs")
    }
    if let server = variable("CQ_SPARK_SERVER") { try work("Spark", "spark://\(server)?parquet=\(parquet)") }
  }
}

/// A coordinator whose table `jobs` lies on two other servers, by county.
final class ShardedPostgres {
  let coordinator: PostgresServer
  private let shards: [PostgresServer]

  init(_ facts: IndicatorFacts) throws {
    coordinator = try PostgresServer()
    shards = [try PostgresServer(), try PostgresServer()]
    let body = IndicatorFacts.body(.postgreSQL)
    var setup = "CREATE EXTENSION postgres_fdw;\nCREATE TABLE jobs \(body) PARTITION BY HASH (fips);\n"
    for (index, shard) in shards.enumerated() {
      try shard.sql("CREATE TABLE part \(body)")
      setup += """
        CREATE SERVER s\(index) FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '\(shard.port)', dbname 'postgres', \
        use_remote_estimate 'true', async_capable 'true', fetch_size '50000', batch_size '1000');
        CREATE USER MAPPING FOR postgres SERVER s\(index) OPTIONS (user 'postgres', password_required 'false');
        CREATE FOREIGN TABLE part\(index) PARTITION OF jobs FOR VALUES WITH (MODULUS 2, REMAINDER \(index)) SERVER s\(index) \
        OPTIONS (table_name 'part');

        """
    }
    try coordinator.sql(setup + facts.statements(.postgreSQL).dropFirst().joined(separator: ";\n") + ";\nANALYZE jobs")
    for shard in shards { try shard.sql("ANALYZE part") }
  }

  func stop() { for server in shards + [coordinator] { server.stop() } }
}
