internal import CDrivers
package import CQColumns
internal import Glibc

/// A connection through an ADBC driver: DuckDB, Spark, Flight SQL, SQLite.
@safe package final class ADBCConnection: EngineConnection, @unchecked Sendable {
  package let dialect: EngineDialect
  package private(set) var version: String
  package private(set) var isBroken = false
  private let address: EngineAddress
  private let driver: ADBCDriver
  private let handles: ADBCHandles

  private static let connectTime = 1_800

  /// - Throws: ``EngineProblem`` when the driver is absent or the engine does not answer.
  package init(_ address: EngineAddress, _ control: StatementControl = StatementControl()) throws(EngineProblem) {
    self.address = address
    dialect = address.dialect
    version = dialect.name
    let isNew = address.options.contains { $0.name == "access_mode" }
    if address.engine.isInProcess, !address.path.isEmpty, !isNew, unsafe access(address.path, R_OK) != 0 {
      throw EngineProblem(.unreachable, "there is no file `\(address.path)` that can be read")
    }
    driver = try ADBCDriver.driver(for: address)
    handles = ADBCHandles()
    try reach(control)
    let (handles, driver, options) = (handles, driver, Self.options(of: address))
    let problem = try BlockingCall<EngineProblem?>.run(
      { handles.open(driver, options) }, stop: { control.stop }, cancel: {})
    if let problem { throw unreachable(Self.reason(problem.message)) }
    for statement in dialect.preamble { _ = try run(statement, rowCap: 1, control) }
    // The first statement is what reaches a server. It may have much to set up; the query's own time limit bounds it.
    let ask = address.engine == .sqlite ? "SELECT sqlite_version()" : "SELECT version()"
    do {
      let answer = try run(ask, rowCap: 1, control)
      version = Self.version(answer.columns.first?.text(0) ?? "", dialect)
    } catch {
      throw error.kind == .lost ? unreachable(Self.reason(error.message)) : error
    }
  }

  /// - Throws: ``EngineProblem/Kind/unreachable`` when no server listens at the address.
  private func reach(_ control: StatementControl) throws(EngineProblem) {
    guard let port = address.engine.usualPort else { return }
    let authority = address.authority
    let deadline = ContinuousClock.now + .milliseconds(Self.connectTime)
    let silent = unreachable("nothing answers there")
    let reason = try BlockingCall<String?>.run(
      { Reachability.problem(authority, usualPort: port, milliseconds: Self.connectTime) },
      stop: { control.stop ?? (ContinuousClock.now > deadline ? silent : nil) }, cancel: {}, patience: .zero)
    if let reason { throw unreachable(reason) }
  }

  private func unreachable(_ reason: String) -> EngineProblem {
    if address.engine.isInProcess {
      return EngineProblem(
        .unreachable, "can't open \(address.place): \(reason)", help: "is it a file of \(dialect.name)?")
    }
    return EngineProblem(
      .unreachable, "can't reach \(address.place): \(reason)", help: "is the server running, and reachable from here?")
  }

  /// `Spark 4.3.0` of `4.3.0 abc…`, `Apache DataFusion 47.0.0` of `Apache DataFusion 47.0.0, x86_64 on linux`.
  ///
  /// Sail answers as Spark does, with a version of its own; Spark itself has had this protocol since 3.4.
  static func version(_ said: String, _ dialect: EngineDialect) -> String {
    let first = said.prefix { $0 != "," }
    if let start = first.unicodeScalars.first, start.properties.isAlphabetic, first.contains(" ") {
      return String(first)
    }
    let number = first.split(separator: " ").first.map(String.init) ?? ""
    if dialect.name == "Spark", number.hasPrefix("0.") { return "Sail \(number)" }
    return "\(dialect.name) \(number.hasPrefix("v") ? String(number.dropFirst()) : number)"
  }

  deinit { close() }

  package func close() {
    // What an abandoned statement still uses is left to it.
    if !isBroken { handles.close(driver) }
    isBroken = true
  }

  private static func options(of address: EngineAddress) -> [(String, String)] {
    var options: [(String, String)] =
      switch address.engine {
      case .duckdb: Self.file(of: address)
      case .spark: [("uri", "sc://\(address.authority)")]
      case .flightsql: [("uri", "\(Self.isEncrypted(address) ? "grpc+tls" : "grpc")://\(address.authority)")]
      case .sqlite: [("uri", "file:\(address.path)?mode=ro")]
      case .postgresql: []
      }
    if address.engine == .spark, let token = environment("CQ_SPARK_TOKEN") {
      options.append(("adbc.spark.token", token))
    }
    if address.engine == .flightsql, let token = environment("CQ_FLIGHTSQL_TOKEN") {
      options.append(("adbc.flight.sql.authorization_header", "Bearer \(token)"))
    }
    return options + address.options.filter { $0.name != "tls" }.map { ($0.name, $0.value) }
  }

  /// `&tls=1` in the address of a Flight SQL server.
  private static func isEncrypted(_ address: EngineAddress) -> Bool {
    address.options.contains { $0.name == "tls" && $0.value != "0" }
  }

  private static func file(of address: EngineAddress) -> [(String, String)] {
    if address.path.isEmpty { return [] }
    let isSaid = address.options.contains { $0.name == "access_mode" }
    return [("path", address.path)] + (isSaid ? [] : [("access_mode", "READ_ONLY")])
  }

  package func run(
    _ statement: String, rowCap: Int, _ control: StatementControl
  ) throws(EngineProblem) -> EngineAnswer {
    if let stop = control.stop { throw stop }
    if isBroken { throw EngineProblem(.lost, "\(address.place) is not connected") }
    let call = ADBCStatement(handles, driver)
    let result: Result<EngineAnswer, EngineProblem>
    do throws(EngineProblem) {
      result = try BlockingCall<Result<EngineAnswer, EngineProblem>>.run(
        { call.run(statement, rowCap: rowCap) }, stop: { control.stop }, cancel: { call.cancel() })
    } catch {
      // Whether the driver still works on it is not known: the next statement gets a new connection.
      isBroken = true
      throw error
    }
    switch result {
    case .success(let answer): return answer
    case .failure(let problem): throw classified(problem)
    }
  }

  /// What kind of failure the driver's words tell of.
  private func classified(_ problem: EngineProblem) -> EngineProblem {
    if problem.kind != .failed { return problem }
    let said = Self.reason(problem.message)
    let words = said.lowercasedASCII
    func has(_ parts: String...) -> Bool { parts.contains { words.range(of: $0) != nil } }
    if has(
      "table_or_view_not_found", "does not exist! did you mean", "no such table", "table not found",
      "table or view not found")
      || has("path_not_found", "no files found", "no such file")
      || (has("table with name") && has("does not exist")) || (has("table '", "table `") && has("not found"))
    {
      return EngineTable.absent(address)
    }
    if has("unresolved_column", "no such column", "referenced column", "cannot resolve attribute", "no field named") {
      return EngineProblem(.noColumn, said)
    }
    if has("unavailable", "connection refused", "connection reset", "eof", "transport", "broken pipe") {
      isBroken = true
      return EngineProblem(
        .lost, "the connection to \(address.place) broke: \(said)", help: "run the query again; it connects anew")
    }
    if has("unauthenticated", "permission_denied", "permissiondenied") {
      return EngineProblem(.refused, "\(address.place) turns the user away: \(said)")
    }
    return EngineProblem(.failed, "\(address.place) could not answer: \(said)")
  }

  /// The first line of what a driver says, not too long.
  private static func reason(_ text: String) -> String {
    let line = text.split(whereSeparator: { $0.isNewline }).first.map(String.init) ?? "no reason given"
    return line.count > 300 ? String(line.prefix(300)) + "…" : line
  }
}

/// The database and the connection of a driver: used by one thread at a time.
@safe private final class ADBCHandles: @unchecked Sendable {
  var database = unsafe AdbcDatabase()
  var connection = unsafe AdbcConnection()
  private var hasDatabase = false
  private var hasConnection = false

  /// - Returns: What went wrong.
  func open(_ driver: ADBCDriver, _ options: [(String, String)]) -> EngineProblem? {
    // SAFETY: the calls follow the order of the ADBC specification; a handle is released only if it was made.
    let functions = unsafe driver.functions
    var error = unsafe AdbcError()
    func problem() -> EngineProblem { EngineProblem(.failed, unsafe ADBCDriver.message(&error)) }
    guard let new = unsafe functions.pointee.DatabaseNew, let set = unsafe functions.pointee.DatabaseSetOption,
      let start = unsafe functions.pointee.DatabaseInit, let newConnection = unsafe functions.pointee.ConnectionNew,
      let startConnection = unsafe functions.pointee.ConnectionInit
    else { return EngineProblem(.noDriver, "the driver lacks what every driver has") }
    if unsafe new(&database, &error) != 0 { return problem() }
    hasDatabase = true
    for (name, value) in options where unsafe set(&database, name, value, &error) != 0 { return problem() }
    if unsafe start(&database, &error) != 0 { return problem() }
    if unsafe newConnection(&connection, &error) != 0 { return problem() }
    hasConnection = true
    if unsafe startConnection(&connection, &database, &error) != 0 { return problem() }
    return nil
  }

  func close(_ driver: ADBCDriver) {
    let functions = unsafe driver.functions
    var error = unsafe AdbcError()
    if hasConnection { _ = unsafe functions.pointee.ConnectionRelease?(&connection, &error) }
    if hasDatabase { _ = unsafe functions.pointee.DatabaseRelease?(&database, &error) }
    unsafe error.release?(&error)
    (hasConnection, hasDatabase) = (false, false)
  }
}

/// One statement, run on a thread of its own and cancelled from another.
@safe private final class ADBCStatement: @unchecked Sendable {
  private let handles: ADBCHandles
  private let driver: ADBCDriver
  private var statement = unsafe AdbcStatement()

  init(_ handles: ADBCHandles, _ driver: ADBCDriver) {
    self.handles = handles
    self.driver = driver
  }

  func run(_ text: String, rowCap: Int) -> Result<EngineAnswer, EngineProblem> {
    // SAFETY: the calls follow the order of the ADBC specification; statement and stream are released once.
    let functions = unsafe driver.functions
    var error = unsafe AdbcError()
    func failure() -> Result<EngineAnswer, EngineProblem> {
      .failure(EngineProblem(.failed, unsafe ADBCDriver.message(&error)))
    }
    guard let new = unsafe functions.pointee.StatementNew, let set = unsafe functions.pointee.StatementSetSqlQuery,
      let execute = unsafe functions.pointee.StatementExecuteQuery,
      let release = unsafe functions.pointee.StatementRelease
    else { return .failure(EngineProblem(.noDriver, "the driver lacks what every driver has")) }
    if unsafe new(&handles.connection, &statement, &error) != 0 { return failure() }
    defer {
      var ignored = unsafe AdbcError()
      _ = unsafe release(&statement, &ignored)
      unsafe ignored.release?(&ignored)
    }
    if unsafe set(&statement, text, &error) != 0 { return failure() }
    var stream = unsafe ArrowArrayStream()
    if unsafe execute(&statement, &stream, nil, &error) != 0 { return failure() }
    defer { unsafe stream.release?(&stream) }
    do throws(EngineProblem) {
      return .success(try unsafe ArrowStreamReader.read(&stream, rowCap: rowCap))
    } catch {
      return .failure(error)
    }
  }

  /// From another thread, while `run` runs.
  func cancel() {
    var error = unsafe AdbcError()
    // SAFETY: ADBC 1.1 lets a statement be cancelled from any thread while it executes; a driver without says so by null.
    if unsafe statement.private_data != nil { _ = unsafe driver.functions.pointee.StatementCancel?(&statement, &error) }
    unsafe error.release?(&error)
  }
}

/// A variable of the environment that is set to something.
func environment(_ name: String) -> String? {
  // SAFETY: the text is copied at once; cq never changes its environment.
  unsafe getenv(name).map { unsafe String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}

extension String {
  var lowercasedASCII: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { ("A"..."Z").contains($0) ? UnicodeScalar(UInt8($0.value | 0x20)) : $0 }))
  }
}
