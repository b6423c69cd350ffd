import CQColumns
import Foundation
import Testing

@testable import CQRemote

/// What goes wrong with engines: one clear message within two seconds, and the next query works.
@Suite(.serialized, .enabled(if: EngineServers.hasPostgres, "needs CQ_POSTGRES and root")) struct EngineProblemTests {
  private static let jobs = """
    CREATE TABLE jobs AS SELECT lpad((i % 50)::text, 2, '0') AS fips, i % 7 AS industry, 2020 AS yr, i AS emp
      FROM generate_series(1, 1000) AS i;
    """

  private func problem(
    within limit: Duration = .seconds(2), location: SourceLocation = #_sourceLocation, _ work: () throws -> Void
  ) throws -> EngineProblem {
    let start = ContinuousClock.now
    var problem: EngineProblem?
    do { try work() } catch { problem = error as? EngineProblem }
    #expect(ContinuousClock.now - start < limit, sourceLocation: location)
    return try #require(problem, sourceLocation: location)
  }

  private func works(_ link: EngineLink) throws {
    #expect(try link.run("SELECT COUNT(*) FROM jobs", rowCap: 1, StatementControl()).columns[0].integer(0) == 1_000)
  }

  @Test func runningServer() throws {
    let server = try PostgresServer()
    defer { server.stop() }
    try server.sql(Self.jobs)
    let link = EngineLink(try server.address("jobs"))
    try works(link)

    let time = try problem {
      _ = try link.run("SELECT pg_sleep(30)", rowCap: 1, EngineServers.limited(milliseconds: 300))
    }
    #expect(time.kind == .timeout)
    try works(link)

    let start = ContinuousClock.now
    let cancelled = try problem {
      let control = StatementControl(isCancelled: { ContinuousClock.now - start > .milliseconds(300) })
      _ = try link.run("SELECT pg_sleep(30)", rowCap: 1, control)
    }
    #expect(cancelled.kind == .cancelled)
    try works(link)
    // The server stopped working on it too.
    #expect(
      try server.sql(
        "SELECT COUNT(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND state = 'active' AND pid <> pg_backend_pid()"
      ) == "0\n")

    let column = try problem { _ = try link.run("SELECT nothing FROM jobs", rowCap: 1, StatementControl()) }
    #expect(column.kind == .noColumn)
    #expect(column.message.contains("\"nothing\" does not exist"))

    let missing = EngineLink(try server.address("jbos"))
    let table = try problem { _ = try EngineTable.columns(of: missing, StatementControl()) }
    #expect(table.kind == .noTable)
    #expect(table.message == "postgresql://postgres@127.0.0.1:\(server.port)/postgres has no table `jbos`")

    let many = try problem { _ = try link.run("SELECT * FROM jobs", rowCap: 10, StatementControl()) }
    #expect(many.kind == .tooManyRows)
    try works(link)

    let write = try problem { _ = try link.run("DELETE FROM jobs", rowCap: 10, StatementControl()) }
    #expect(write.message.contains("read-only transaction"))
    try works(link)

    // An administrator ends the session while a statement runs.
    let killer = Thread {
      usleep(400_000);
      _ = try? server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"
      )
    }
    killer.start()
    let lost = try problem { _ = try link.run("SELECT pg_sleep(30)", rowCap: 1, StatementControl()) }
    #expect(lost.kind == .lost)
    #expect(lost.message.hasPrefix("the connection to postgresql://postgres@127.0.0.1:\(server.port)/postgres broke"))
    try works(link)

    // The server dies while nobody asks; then it is there again.
    server.crash()
    let dead = try problem { try works(link) }
    #expect(dead.kind == .unreachable)
    #expect(dead.message.contains("can't reach postgresql://postgres@127.0.0.1:\(server.port)/postgres"))
    try server.start()
    try works(link)
  }

  @Test func wrongPassword() throws {
    let server = try PostgresServer(password: "right")
    defer { server.stop() }
    try server.sql(Self.jobs)
    let link = EngineLink(try server.address("jobs", options: "&passfile=/dev/null"))
    unsafe setenv("PGPASSWORD", "hunter2", 1)
    defer { unsafe unsetenv("PGPASSWORD") }
    let refused = try problem { try works(link) }
    #expect(refused.kind == .refused)
    #expect(refused.message.contains("password authentication failed"))
    #expect(!refused.message.contains("hunter2"))
    unsafe setenv("PGPASSWORD", "right", 1)
    try works(link)
  }

  /// `passfile` stands for `~/.pgpass`, which libpq reads by the same rules.
  @Test func passwordFile() throws {
    let server = try PostgresServer(password: "right")
    defer { server.stop() }
    try server.sql(Self.jobs)
    let file = EngineServers.scratch + "/pgpass-\(server.port)"
    func write(_ password: String) throws {
      try "127.0.0.1:\(server.port):*:postgres:\(password)\n".write(toFile: file, atomically: false, encoding: .utf8)
      chmod(file, 0o600)
    }
    try write("right")
    try works(EngineLink(try server.address("jobs", options: "&passfile=\(file)")))
    try write("hunter2")
    let refused = try problem { try works(EngineLink(try server.address("jobs", options: "&passfile=\(file)"))) }
    #expect(refused.kind == .refused)
    #expect(!refused.message.contains("hunter2"))
    let none = try problem { try works(EngineLink(try server.address("jobs", options: "&passfile=/dev/null"))) }
    #expect(none.kind == .refused)
    #expect(none.help?.contains("~/.pgpass") == true)
  }

  @Test func encryption() throws {
    let server = try PostgresServer(isEncrypted: true)
    defer { server.stop() }
    try server.sql(Self.jobs)
    func link(_ options: String, host: String = "localhost") throws -> EngineLink {
      EngineLink(try EngineAddress("postgresql://postgres@\(host):\(server.port)/postgres?table=jobs\(options)"))
    }
    let verified = try link("&sslmode=verify-full&sslrootcert=\(server.certificate)")
    try works(verified)
    let isEncrypted = "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_stat_ssl WHERE ssl AND pid = pg_backend_pid()"
    #expect(try verified.run(isEncrypted, rowCap: 1, StatementControl()).columns[0].integer(0) == 1)
    let plain = try link("&sslmode=disable")
    #expect(try plain.run(isEncrypted, rowCap: 1, StatementControl()).columns[0].integer(0) == 0)
    // The certificate is for another name; nobody vouches for it; the server has none.
    let name = try problem {
      try works(try link("&sslmode=verify-full&sslrootcert=\(server.certificate)", host: "127.0.0.1"))
    }
    #expect(name.message.contains("does not match host name"), "\(name)")
    let unknown = try problem { try works(try link("&sslmode=verify-ca&sslrootcert=/no/root.crt")) }
    #expect(unknown.message.contains("root certificate file"), "\(unknown)")
    let unencrypted = try PostgresServer()
    defer { unencrypted.stop() }
    let refused = try problem { try works(EngineLink(try unencrypted.address("jobs", options: "&sslmode=require"))) }
    #expect(refused.message.contains("does not support SSL"), "\(refused)")
  }

  @Test func nothingThere() throws {
    let closed = EngineLink(try EngineAddress("postgresql://127.0.0.1:\(EngineServers.freePort())/db?table=t"))
    let refused = try problem { _ = try EngineTable.columns(of: closed, StatementControl()) }
    #expect(refused.kind == .unreachable)
    #expect(refused.message.contains("onnection refused"))
    // An address of documentation, at which nothing answers.
    let silent = EngineLink(try EngineAddress("postgresql://192.0.2.1/db?table=t"))
    let gone = try problem(within: .milliseconds(2_200)) { _ = try EngineTable.columns(of: silent, StatementControl()) }
    #expect(gone.kind == .unreachable)
    let absent = EngineLink(try EngineAddress("postgresql://127.0.0.1/db?table=t&driver=/no/libpq.so"))
    let library = try problem { _ = try EngineTable.columns(of: absent, StatementControl()) }
    #expect(library.kind == .noDriver)
    #expect(library.help == "install it: `apt install libpq5`")
  }

  /// A coordinator with the facts on two other servers: what travels between them are sums.
  @Test func sharded() throws {
    let facts = SampleFacts(count: 3_000)
    let coordinator = try PostgresServer()
    let shards = [try PostgresServer(), try PostgresServer()]
    defer { for server in shards + [coordinator] { server.stop() } }
    let dialect = EngineDialect.postgreSQL
    let key = dialect.identifier(SampleFacts.regionColumn)
    let body =
      "(\(key) TEXT, \(dialect.identifier(SampleFacts.activityColumn)) TEXT, year INTEGER, w BOOLEAN, jobs INTEGER, wages DOUBLE PRECISION)"
    var setup = "CREATE EXTENSION postgres_fdw;\nCREATE TABLE facts \(body) PARTITION BY HASH (\(key));\n"
    for (index, shard) in shards.enumerated() {
      try shard.sql("CREATE TABLE part \(body)")
      setup += """
        CREATE SERVER s\(index) FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1', port '\(shard.port)', dbname 'postgres', \
        use_remote_estimate 'true', async_capable 'true', fetch_size '50000');
        CREATE USER MAPPING FOR postgres SERVER s\(index) OPTIONS (user 'postgres', password_required 'false');
        CREATE FOREIGN TABLE part\(index) PARTITION OF facts FOR VALUES WITH (MODULUS 2, REMAINDER \(index)) SERVER s\(index) OPTIONS (table_name 'part');

        """
    }
    setup += facts.statements(dialect, table: "facts").dropFirst().joined(separator: ";\n")
    try coordinator.sql(setup + ";\nANALYZE facts")
    for shard in shards { try shard.sql("ANALYZE part") }
    let address = try coordinator.address("facts")
    let columns = SampleFacts.columns(address.source)
    let table = try EngineTable(EngineLink(address), columns, StatementControl())
    let asks = SampleFacts.asks(table)
    let answers = try FactQuestions(asks, of: table).answers(StatementControl())
    for ask in asks {
      let expected = facts.sums(ask, table)
      let answer = try #require(answers[ask])
      #expect(answer.rowCounts == expected.rowCounts)
      #expect(answer.withheldCounts == expected.withheldCounts)
      for (one, other) in zip(answer.sums, expected.sums) { #expect(abs(one - other) <= 1e-9 * max(1, abs(other))) }
    }
    let each = try #require(asks.first { $0.regionGroupCount == table.regions.count && $0.activityGroupCount == 1 })
    let statement = FactQuestions([each], of: table).statements[0].text
    let plan = try coordinator.sql("SET enable_partitionwise_aggregate = on; EXPLAIN (VERBOSE, COSTS OFF) " + statement)
    #expect(plan.contains("Relations: Aggregate on (public.part0"), "\(plan)")
    #expect(plan.contains("Relations: Aggregate on (public.part1"))
    #expect(plan.contains("Remote SQL: SELECT") && plan.contains("GROUP BY"))
  }
}
