import CQColumns
import Foundation
import Testing

@testable import CQRemote

/// Engines that tests start, each on a free port of this machine, and stop by process id. What is not installed is not
/// tested; `Tests/remote/run` installs all of them.
enum EngineServers {
  static let scratch: String = {
    let path = NSTemporaryDirectory() + "cq-engines-\(ProcessInfo.processInfo.processIdentifier)"
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    chmod(path, 0o777)
    return path
  }()

  static func variable(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The folder of PostgreSQL's programs. They run as user postgres, which only root can see to.
  static let postgresPrograms: String? = variable("CQ_POSTGRES")

  static var hasPostgres: Bool { postgresPrograms != nil && getuid() == 0 }
  static var hasFlightSQL: Bool {
    variable("CQ_ROAPI") != nil && variable("CQ_FLIGHTSQL_DRIVER") != nil && hasDuckDB
  }
  static var hasDuckDB: Bool { variable("CQ_DUCKDB_DRIVER") != nil }
  static var hasSail: Bool { variable("CQ_SAIL") != nil && variable("CQ_SPARK_DRIVER") != nil && hasDuckDB }
  static var hasSQLite: Bool { variable("CQ_SQLITE_DRIVER") != nil }

  /// What the machine has; `CQ_REQUIRED_ENGINES` names what it must have.
  static var available: Set<String> {
    var names: Set<String> = []
    if hasPostgres { names.insert("postgresql") }
    if hasDuckDB { names.insert("duckdb") }
    if hasSail { names.insert("sail") }
    if hasSQLite { names.insert("sqlite") }
    if hasFlightSQL { names.insert("flightsql") }
    if variable("CQ_SPARK_SERVER") != nil { names.insert("spark") }
    return names
  }

  /// A control whose time is over after `milliseconds`.
  static func limited(milliseconds: Int) -> StatementControl {
    let end = ContinuousClock.now + .milliseconds(milliseconds)
    return StatementControl(remaining: {
      let (seconds, attoseconds) = (end - ContinuousClock.now).components
      return Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
    })
  }

  /// Runs statements on a file of SQLite, through Python.
  static func sqlite(_ file: String, _ text: String) throws {
    try command(
      "/usr/bin/env", "python3", "-c",
      "import sqlite3,sys; sqlite3.connect(sys.argv[1]).executescript(sys.stdin.read())", file, input: text)
  }

  static func freePort() -> Int {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    return withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        _ = bind(socket, pointer, length)
        _ = getsockname(socket, pointer, &length)
        return Int(
          pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { UInt16(bigEndian: $0.pointee.sin_port) })
      }
    }
  }

  /// Runs a program to its end.
  @discardableResult
  static func command(_ words: String..., input: String? = nil, environment: [String: String] = [:]) throws -> String {
    let output = scratch + "/output-\(UUID().uuidString)"
    var source = "/dev/null"
    if let input {
      source = scratch + "/input-\(UUID().uuidString)"
      try input.write(toFile: source, atomically: false, encoding: .utf8)
    }
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
    let script = #"in=$0; out=$1; shift; exec "$@" <"$in" >"$out" 2>&1"#
    // Foundation's `Process` waits for what a program started as well, so for ever after a server.
    let process = unsafe spawn(["/bin/sh", "-c", script, source, output] + words, all)
    var status: Int32 = 0
    unsafe waitpid(process, &status, 0)
    let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    if process <= 0 || status != 0 { throw ServerProblem(text: words.joined(separator: " ") + ": " + text) }
    return text
  }

  static func spawn(_ words: [String], _ environment: [String]) -> Int32 {
    var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { for text in unsafe arguments + variables { unsafe free(text) } }
    var process: Int32 = 0
    return unsafe posix_spawn(&process, words[0], nil, nil, &arguments, &variables) == 0 ? process : -1
  }
}

struct ServerProblem: Error { var text: String }

/// A PostgreSQL of the tests' own.
final class PostgresServer: @unchecked Sendable {
  let port: Int
  private let folder: String
  private let programs: String
  private(set) var processID: Int32 = 0
  private var settings = ""

  /// - Parameters:
  ///   - locale: `C`, or the ICU locale of the databases.
  ///   - isEncrypted: The server has a certificate for `localhost`, its own authority; see ``certificate``.
  init(locale: String = "C", password: String? = nil, isEncrypted: Bool = false) throws {
    guard let programs = EngineServers.postgresPrograms else { throw ServerProblem(text: "no PostgreSQL") }
    self.programs = programs
    port = EngineServers.freePort()
    folder = EngineServers.scratch + "/pg-\(port)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try EngineServers.command("/bin/chown", "postgres", folder)
    let icu = locale == "C" ? "--locale=C" : "--locale-provider=icu --icu-locale=\(locale) --locale=C.UTF-8"
    var auth = "-A trust"
    if let password {
      try password.write(toFile: folder + ".password", atomically: false, encoding: .utf8)
      chmod(folder + ".password", 0o644)
      auth = "-A scram-sha-256 --pwfile=\(folder).password"
    }
    try shell("\(programs)/initdb -D \(folder)/data -E UTF8 -N \(icu) \(auth) -U postgres")
    if isEncrypted {
      try shell(
        "cd \(folder) && openssl req -new -x509 -days 2 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -out server.crt -keyout server.key && chmod 600 server.key"
      )
      settings = " -c ssl=on -c ssl_cert_file=\(folder)/server.crt -c ssl_key_file=\(folder)/server.key"
    }
    try start()
  }

  var certificate: String { folder + "/server.crt" }

  private func shell(_ line: String) throws {
    try EngineServers.command(
      "/sbin/runuser", "-u", "postgres", "--", "/bin/sh", "-c", line + " >\(folder)/log 2>&1 </dev/null")
  }

  func start() throws {
    try shell(
      "\(programs)/pg_ctl -D \(folder)/data -w -l \(folder)/server.log -o '-p \(port) -k \(folder) -c listen_addresses=127.0.0.1 -c fsync=off\(settings)' start"
    )
    let lines = try String(contentsOfFile: folder + "/data/postmaster.pid", encoding: .utf8).split(separator: "\n")
    processID = lines.first.flatMap { Int32($0) } ?? 0
  }

  /// As if the machine had lost its power.
  func crash() {
    // The children of the postmaster end with it.
    if processID > 0 { kill(processID, SIGQUIT) }
    for _ in 0..<100 where kill(processID, 0) == 0 { usleep(20_000) }
    processID = 0
  }

  func stop() {
    if processID > 0 { kill(processID, SIGINT) }
    for _ in 0..<200 where processID > 0 && kill(processID, 0) == 0 { usleep(20_000) }
    processID = 0
    try? FileManager.default.removeItem(atPath: folder)
  }

  deinit { stop() }

  @discardableResult
  func sql(_ text: String, database: String = "postgres") throws -> String {
    try EngineServers.command(
      "\(programs)/psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", "\(port)", "-U",
      "postgres",
      "-d", database, input: text, environment: ["PGPASSWORD": "right"])
  }

  func address(_ table: String, user: String = "postgres", options: String = "") throws -> EngineAddress {
    try EngineAddress("postgresql://\(user)@127.0.0.1:\(port)/postgres?table=\(table)\(options)")
  }
}

/// A server that is one process of its own.
final class ServerProcess: @unchecked Sendable {
  let port = EngineServers.freePort()
  private var process: Int32 = 0
  private let line: String

  /// - Parameter line: What starts it on a port.
  init(_ line: (_ port: Int) -> String) throws {
    self.line = line(port)
    try start()
  }

  /// Sail, which answers as a Spark Connect server does.
  static func sail() throws -> ServerProcess {
    try ServerProcess { "\(EngineServers.variable("CQ_SAIL") ?? "") spark server --ip 127.0.0.1 --port \($0)" }
  }

  /// DataFusion behind Flight SQL.
  ///
  /// - Parameter tables: Names with Parquet files.
  static func roapi(_ tables: [String: String]) throws -> ServerProcess {
    let path = EngineServers.scratch + "/roapi-\(UUID().uuidString).yml"
    let addresses = [
      "http": "127.0.0.1:\(EngineServers.freePort())", "postgres": "127.0.0.1:\(EngineServers.freePort())",
    ]
    let list = tables.map { ["name": $0, "uri": $1] }
    // JSON is YAML too.
    let text = try JSONSerialization.data(withJSONObject: ["addr": addresses, "tables": list] as [String: Any])
    try text.write(to: URL(fileURLWithPath: path))
    return try ServerProcess {
      "\(EngineServers.variable("CQ_ROAPI") ?? "") --addr-flight-sql 127.0.0.1:\($0) -c \(path)"
    }
  }

  func start() throws {
    let words = ["/bin/sh", "-c", "exec \(line) >\(EngineServers.scratch)/server-\(port).log 2>&1"]
    process = EngineServers.spawn(words, ProcessInfo.processInfo.environment.map { "\($0)=\($1)" })
    for _ in 0..<500 {
      if Reachability.problem("127.0.0.1:\(port)", usualPort: "", milliseconds: 500) == nil { return }
      usleep(20_000)
    }
    throw ServerProblem(text: "\(line) does not listen")
  }

  func stop() {
    let ended = process
    guard ended > 0 else { return }
    process = 0
    // It would wait for its clients to go first.
    kill(ended, SIGKILL)
    var status: Int32 = 0
    unsafe waitpid(ended, &status, 0)
  }

  deinit { stop() }
}
