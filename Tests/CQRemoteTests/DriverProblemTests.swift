import CQColumns
import Foundation
import Testing

@testable import CQRemote

/// What goes wrong with engines behind drivers: one clear message within two seconds, and the next statement works.
@Suite(.serialized) struct DriverProblemTests {
  private func problem(
    _ what: String, within limit: Duration = .seconds(2), location: SourceLocation = #_sourceLocation,
    _ work: () throws -> Void
  ) throws -> EngineProblem {
    let start = ContinuousClock.now
    var problem: EngineProblem?
    do { try work() } catch { problem = error as? EngineProblem }
    let took = ContinuousClock.now - start
    #expect(took < limit, "\(what) took \(took)", sourceLocation: location)
    let found = try #require(problem, "\(what) gave no problem", sourceLocation: location)
    #expect(!found.message.contains("\n"), "\(what): \(found.message)", sourceLocation: location)
    return found
  }

  private func works(_ link: EngineLink, location: SourceLocation = #_sourceLocation) throws {
    let table = link.address.dialect.reference(link.address.source)
    let answer = try link.run("SELECT COUNT(*) FROM \(table)", rowCap: 1, StatementControl())
    #expect(answer.columns[0].integer(0) == 1_000, sourceLocation: location)
  }

  /// As ``works``, once a server has ended what it was told to stop: until then it may answer nobody.
  private func recovers(_ link: EngineLink, location: SourceLocation = #_sourceLocation) throws {
    let end = ContinuousClock.now + .seconds(20)
    while true {
      do {
        return try works(link, location: location)
      } catch let problem as EngineProblem
        where [.unreachable, .lost].contains(problem.kind) && ContinuousClock.now < end
      {
        usleep(100_000)
      }
    }
  }

  /// What can happen with every engine. `slow` takes minutes.
  ///
  /// - Parameter restart: For a server that works on at a statement that was stopped, and so answers nobody else.
  private func check(
    _ link: EngineLink, slow: String, missing: EngineLink, restart: () throws -> Void = {}
  ) throws {
    try works(link)
    let time = try problem("a time limit") {
      _ = try link.run(slow, rowCap: 1, EngineServers.limited(milliseconds: 300))
    }
    #expect(time.kind == .timeout, "\(time)")
    try restart()
    try recovers(link)
    let start = ContinuousClock.now
    let cancelled = try problem("Ctrl-C") {
      let control = StatementControl(isCancelled: { ContinuousClock.now - start > .milliseconds(300) })
      _ = try link.run(slow, rowCap: 1, control)
    }
    #expect(cancelled.kind == .cancelled, "\(cancelled)")
    try restart()
    try recovers(link)
    let table = link.address.dialect.reference(link.address.source)
    let column = try problem("a missing column") {
      _ = try link.run(
        "SELECT \(link.address.dialect.identifier("nothing")) FROM \(table)", rowCap: 1, StatementControl())
    }
    // SQLite takes a name of no column for a text; cq knows the columns before it asks.
    if link.address.engine != .sqlite { #expect(column.kind == .noColumn, "\(column)") }
    let many = try problem("too many rows") {
      _ = try link.run("SELECT * FROM \(table)", rowCap: 10, StatementControl())
    }
    #expect(many.kind == .tooManyRows, "\(many)")
    let absent = try problem("a missing table") { _ = try EngineTable.columns(of: missing, StatementControl()) }
    #expect(absent.kind == .noTable, "\(absent)")
    #expect(absent.message.contains(missing.address.tableName), "\(absent)")
    try works(link)
  }

  /// Kills the server while it works on `slow`, asks the dead one, and starts it again.
  private func checkDeath(
    _ link: EngineLink, slow: String, kill: @escaping @Sendable () -> Void, start: () throws -> Void
  )
    throws
  {
    let killer = Thread {
      usleep(400_000)
      kill()
    }
    killer.start()
    let lost = try problem("a server that dies", within: .seconds(3)) {
      _ = try link.run(slow, rowCap: 1, StatementControl())
    }
    #expect(lost.kind == .lost, "\(lost)")
    #expect(lost.message.hasPrefix("the connection to \(link.address.place) broke"), "\(lost)")
    let dead = try problem("a dead server") { try works(link) }
    #expect(dead.kind == .unreachable, "\(dead)")
    #expect(dead.message == "can't reach \(link.address.place): connection refused")
    // The killer waits for the end of the process, which must not be taken for that of the next.
    while !killer.isFinished { usleep(1_000) }
    try start()
    try works(link)
  }

  private func link(_ text: String) throws -> EngineLink { EngineLink(try EngineAddress(text)) }

  private static let rows = "SELECT i % 50 AS fips, i % 7 AS industry, 2020 AS yr, i AS emp FROM range(1000) AS t(i)"

  /// A file of 1,000 rows.
  private func parquet() throws -> String {
    let path = EngineServers.scratch + "/problems.parquet"
    let writer = try ADBCConnection(try EngineAddress("duckdb://?table=x"))
    _ = try writer.run("COPY (\(Self.rows)) TO '\(path)' (FORMAT parquet)", rowCap: 10, StatementControl())
    writer.close()
    return path
  }

  @Test(.enabled(if: EngineServers.hasDuckDB, "needs CQ_DUCKDB_DRIVER"))
  func duckDB() throws {
    let file = EngineServers.scratch + "/problems.duckdb"
    let writer = try ADBCConnection(try EngineAddress("duckdb://\(file)?table=x&access_mode=READ_WRITE"))
    _ = try writer.run("CREATE TABLE jobs AS \(Self.rows)", rowCap: 10, StatementControl())
    writer.close()
    let slow = "SELECT SUM(a.range * b.range % 7) FROM range(10000000) AS a, range(1000000) AS b"
    try check(try link("duckdb://\(file)?table=jobs"), slow: slow, missing: try link("duckdb://\(file)?table=jbos"))
    try check(
      try link("duckdb://?parquet=\(try parquet())"), slow: slow,
      missing: try link("duckdb://?parquet=/no/such.parquet"))
    let write = try problem("a write") {
      _ = try link("duckdb://\(file)?table=jobs").run("DELETE FROM jobs", rowCap: 1, StatementControl())
    }
    #expect(write.message.contains("read-only"), "\(write)")
    let gone = try problem("no file") { try works(try link("duckdb:///no/such/file.duckdb?table=jobs")) }
    #expect(gone.message == "there is no file `/no/such/file.duckdb` that can be read")
    try checkDamage("duckdb")
  }

  /// A file that is none of the engine's.
  private func checkDamage(_ scheme: String) throws {
    let path = EngineServers.scratch + "/damaged.\(scheme)"
    try String(repeating: "This is no database. ", count: 1_000).write(toFile: path, atomically: false, encoding: .utf8)
    let damaged = try problem("a damaged file") {
      _ = try EngineTable.columns(of: try link("\(scheme)://\(path)?table=jobs"), StatementControl())
    }
    #expect(damaged.message.contains(path), "\(damaged)")
    #expect(damaged.message.contains("valid") || damaged.message.contains("not a database"), "\(damaged)")
  }

  @Test(.enabled(if: EngineServers.hasSQLite, "needs CQ_SQLITE_DRIVER"))
  func sqlite() throws {
    let file = EngineServers.scratch + "/problems.sqlite"
    try EngineServers.sqlite(
      file,
      "CREATE TABLE jobs AS WITH RECURSIVE t(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM t LIMIT 1000) SELECT i % 50 AS fips, i % 7 AS industry, 2020 AS yr, i AS emp FROM t"
    )
    // Half a minute: its driver can't cancel, so a thread works on.
    let slow = "WITH RECURSIVE t(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM t LIMIT 30000000) SELECT MAX(i) FROM t"
    try check(try link("sqlite://\(file)?table=jobs"), slow: slow, missing: try link("sqlite://\(file)?table=jbos"))
    let write = try problem("a write") {
      _ = try link("sqlite://\(file)?table=jobs").run("DELETE FROM jobs", rowCap: 1, StatementControl())
    }
    #expect(write.message.contains("readonly"), "\(write)")
    let gone = try problem("no file") { try works(try link("sqlite:///no/such/file.sqlite?table=jobs")) }
    #expect(gone.message == "there is no file `/no/such/file.sqlite` that can be read")
    try checkDamage("sqlite")
  }

  @Test(.enabled(if: EngineServers.hasSail, "needs CQ_SAIL, CQ_SPARK_DRIVER and CQ_DUCKDB_DRIVER"))
  func sail() throws {
    let server = try ServerProcess.sail()
    defer { server.stop() }
    let place = "spark://127.0.0.1:\(server.port)"
    let jobs = try link("\(place)?parquet=\(try parquet())")
    // A join of this size would keep its threads from everything else.
    let slow = "SELECT SUM(id % 7) FROM range(0, 100000000000)"
    try check(jobs, slow: slow, missing: try link("\(place)?table=jbos"))
    let file = try problem("no file") {
      _ = try EngineTable.columns(of: try link("\(place)?parquet=/no/such.parquet"), StatementControl())
    }
    #expect(file.kind == .noTable, "\(file)")
    try checkDeath(jobs, slow: slow, kill: { server.stop() }, start: { try server.start() })
  }

  @Test(.enabled(if: EngineServers.hasFlightSQL, "needs CQ_ROAPI, CQ_FLIGHTSQL_DRIVER and CQ_DUCKDB_DRIVER"))
  func flightSQL() throws {
    let server = try ServerProcess.roapi(["jobs": try parquet()])
    defer { server.stop() }
    let place = "flightsql://127.0.0.1:\(server.port)"
    let jobs = try link("\(place)?table=jobs")
    let slow =
      "SELECT SUM(a.value * b.value % 7) FROM generate_series(1, 10000000) AS a CROSS JOIN generate_series(1, 1000000) AS b"
    try check(jobs, slow: slow, missing: try link("\(place)?table=jbos")) {
      server.stop()
      try server.start()
    }
    try checkDeath(jobs, slow: slow, kill: { server.stop() }, start: { try server.start() })
  }

  @Test(.enabled(if: EngineServers.variable("CQ_SPARK_DRIVER") != nil, "needs CQ_SPARK_DRIVER"))
  func nothingThere() throws {
    let closed = try link("spark://127.0.0.1:\(EngineServers.freePort())?table=t")
    let refused = try problem("a closed port") { _ = try EngineTable.columns(of: closed, StatementControl()) }
    #expect(refused.message == "can't reach \(closed.address.place): connection refused")
    // An address of documentation, at which nothing answers.
    let silent = try link("spark://192.0.2.1:15002?table=t")
    let gone = try problem("no answer", within: .milliseconds(2_200)) {
      _ = try EngineTable.columns(of: silent, StatementControl())
    }
    #expect(gone.kind == .unreachable, "\(gone)")
  }

  @Test func driversThatAreNone() throws {
    for (address, words) in [
      ("duckdb://?table=t&driver=/no/driver.so", "pip install duckdb"),
      ("spark://127.0.0.1?table=t&driver=/no/driver.so", "pip install adbc-driver-spark"),
      ("flightsql://127.0.0.1?table=t&driver=/no/driver.so", "pip install adbc-driver-flightsql"),
      ("sqlite://?table=t&driver=libm.so.6", "pip install adbc-driver-sqlite"),
    ] {
      let absent = try problem(address) { _ = try EngineTable.columns(of: try link(address), StatementControl()) }
      #expect(absent.kind == .noDriver)
      #expect(absent.help?.contains(words) == true, "\(absent)")
    }
  }
}
