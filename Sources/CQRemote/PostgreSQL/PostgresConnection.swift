package import CQColumns
internal import Glibc

/// A read-only session with a PostgreSQL, through libpq.
@safe package final class PostgresConnection: EngineConnection, @unchecked Sendable {
  package let dialect = EngineDialect.postgreSQL
  package private(set) var version = "PostgreSQL"
  private var isClosed = false
  private let library: PostgresLibrary
  private let address: EngineAddress
  private var connection: OpaquePointer?

  /// Milliseconds that connecting may take where the address has no `connect_timeout`.
  private static let connectTime = 1_800
  /// Milliseconds between looks at the time and at cancellation.
  private static let pollTime: Int32 = 20

  /// - Throws: ``EngineProblem`` when libpq is absent, nothing answers, or the server turns the user away.
  package init(_ address: EngineAddress, _ control: StatementControl = StatementControl()) throws(EngineProblem) {
    self.address = address
    library = try PostgresLibrary(address.driver)
    try connect(control)
    for statement in dialect.preamble { _ = try run(statement, rowCap: 1, control) }
    // SAFETY: the connection is open; the text is copied at once.
    if let connection = unsafe connection, let text = unsafe library.parameterStatus(connection, "server_version") {
      let words = unsafe String(cString: text).split(separator: " ")
      version = "PostgreSQL \(words.first ?? "")"
    }
  }

  deinit { close() }

  package func close() {
    // SAFETY: finished once; the pointer is forgotten.
    if let connection = unsafe connection { unsafe library.finish(connection) }
    unsafe connection = nil
    isClosed = true
  }

  /// Whether the server has ended the session since the last statement: it says so, or hangs up.
  package var isBroken: Bool {
    guard !isClosed, let connection = unsafe connection else { return true }
    for _ in 0..<4 {
      var waited = unsafe pollfd(fd: library.socket(connection), events: Int16(POLLIN), revents: 0)
      if unsafe poll(&waited, 1, 0) <= 0 { return unsafe library.status(connection) != 0 }
      if unsafe library.consumeInput(connection) == 0 { return true }
    }
    return unsafe library.status(connection) != 0
  }

  // MARK: - Connecting

  private func connect(_ control: StatementControl) throws(EngineProblem) {
    var query = address.options.map { "\($0.name)=\(Self.encoded($0.value))" }
    query.append("application_name=cq")
    for (name, value) in [
      ("keepalives_idle", "1"), ("keepalives_interval", "1"), ("keepalives_count", "2"), ("tcp_user_timeout", "2000"),
    ] where !address.options.contains(where: { $0.name == name }) {
      query.append("\(name)=\(value)")
    }
    let place = "postgresql://\(address.authority)/\(Self.encoded(address.path))?\(query.joined(separator: "&"))"
    // SAFETY: the arrays and texts live until libpq has read them.
    let opened = unsafe place.withCString { place -> OpaquePointer? in
      unsafe "dbname".withCString { key in
        let keys: [UnsafePointer<CChar>?] = unsafe [key, nil]
        let values: [UnsafePointer<CChar>?] = unsafe [place, nil]
        return unsafe keys.withUnsafeBufferPointer { keys in
          unsafe values.withUnsafeBufferPointer { values in
            guard let keys = keys.baseAddress, let values = values.baseAddress else { return nil }
            return unsafe library.connectStart(keys, values, 1)
          }
        }
      }
    }
    guard let opened = unsafe opened else {
      throw EngineProblem(.unreachable, "can't reach \(address.place): out of memory")
    }
    unsafe connection = unsafe opened
    if unsafe library.status(opened) == 1 { throw unsafe connectProblem(opened) }
    _ = unsafe library.setNoticeProcessor(opened, { _, _ in }, nil)
    let seconds = address.options.first { $0.name == "connect_timeout" }.flatMap { Int($0.value) }
    let deadline = ContinuousClock.now + .milliseconds(seconds.map { $0 * 1_000 } ?? Self.connectTime)
    var state: Int32 = 2
    while true {
      var waited = unsafe pollfd(
        fd: library.socket(opened), events: Int16(state == 1 ? POLLIN : POLLOUT), revents: 0)
      let ready = unsafe poll(&waited, 1, Self.pollTime)
      if let stop = control.stop {
        close()
        throw stop
      }
      if ready != 0 {
        state = unsafe library.connectPoll(opened)
        if state == 3 { return }
        if state == 0 { throw unsafe connectProblem(opened) }
      }
      if ContinuousClock.now > deadline {
        close()
        throw EngineProblem(.unreachable, "can't reach \(address.place): nothing answers there")
      }
    }
  }

  private func connectProblem(_ connection: OpaquePointer) -> EngineProblem {
    let said = unsafe firstLine(library.errorMessage(connection))
    close()
    // libpq has no codes here; its words for an authentication that failed are those of the server.
    if said.contains("password authentication failed") || said.contains("no password supplied")
      || said.contains("no pg_hba.conf entry") || said.contains("authentication failed")
      || said.contains("role \"")
    {
      return EngineProblem(
        .refused, "\(address.place) turns the user away: \(said)",
        help: "set the password as PGPASSWORD or in ~/.pgpass, and the user in the address: `postgresql://user@host/db`"
      )
    }
    return EngineProblem(
      .unreachable, "can't reach \(address.place): \(said)", help: "is the server running, and reachable from here?")
  }

  /// The part of libpq's message that says why, on one line.
  private func firstLine(_ text: UnsafePointer<CChar>?) -> String {
    let all = unsafe text.map { unsafe String(cString: $0) } ?? ""
    let line = all.split(separator: "\n").first.map(String.init) ?? "no reason given"
    for mark in ["FATAL:  ", "ERROR:  "] {
      if let found = line.range(of: mark) { return String(line[found.upperBound...]) }
    }
    if let found = line.range(of: "failed: ") { return String(line[found.upperBound...]) }
    return line
  }

  /// A part of a URI as libpq reads it.
  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      let isPlain =
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      if isPlain || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") {
        return String(UnicodeScalar(byte))
      }
      return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }

  // MARK: - Statements

  package func run(
    _ statement: String, rowCap: Int, _ control: StatementControl
  ) throws(EngineProblem) -> EngineAnswer {
    guard let connection = unsafe connection else { throw EngineProblem(.lost, "\(address.place) is not connected") }
    if let stop = control.stop { throw stop }
    // SAFETY: libpq copies the statement. No parameters; results in binary.
    let isSent = unsafe statement.withCString { text in
      unsafe library.sendQuery(connection, text, 0, nil, nil, nil, nil, 1)
    }
    if isSent == 0 { throw unsafe lost(connection) }
    _ = unsafe library.setSingleRowMode(connection)
    var reader = PostgresReader(library: library)
    var problem: EngineProblem?
    while true {
      try unsafe wait(connection, control, &problem)
      // SAFETY: each result is read, then cleared once.
      guard let result = unsafe library.getResult(connection) else { break }
      defer { unsafe library.clear(result) }
      if problem != nil { continue }
      switch unsafe library.resultStatus(result) {
      case 1, 2, 9:
        unsafe reader.add(result)
        if reader.rowCount > rowCap {
          problem = EngineProblem(.tooManyRows, "the answer has more than \(rowCap) rows")
          unsafe sendCancel(connection)
        }
      default: problem = unsafe self.problem(result)
      }
    }
    if unsafe library.status(connection) != 0 { throw unsafe lost(connection) }
    if let problem { throw problem }
    return reader.finished()
  }

  /// Waits until a result can be taken without blocking; asks the server to stop when the query must.
  private func wait(
    _ connection: OpaquePointer, _ control: StatementControl, _ problem: inout EngineProblem?
  ) throws(EngineProblem) {
    var patience: ContinuousClock.Instant?
    while unsafe library.isBusy(connection) != 0 {
      _ = unsafe library.flush(connection)
      var waited = unsafe pollfd(fd: library.socket(connection), events: Int16(POLLIN), revents: 0)
      _ = unsafe poll(&waited, 1, Self.pollTime)
      if unsafe library.consumeInput(connection) == 0 { throw unsafe lost(connection) }
      if problem == nil, let stop = control.stop {
        problem = stop
        unsafe sendCancel(connection)
      }
      if let stop = problem {
        let limit = patience ?? ContinuousClock.now + .milliseconds(1_000)
        patience = limit
        if ContinuousClock.now > limit {
          // The server does not react: nobody waits for it.
          close()
          throw stop
        }
      }
    }
  }

  private func sendCancel(_ connection: OpaquePointer) {
    // SAFETY: the handle is freed after use; the buffer has the size that is passed.
    guard let handle = unsafe library.getCancel(connection) else { return }
    var reason = [CChar](repeating: 0, count: 256)
    _ = unsafe reason.withUnsafeMutableBufferPointer { buffer in
      unsafe buffer.baseAddress.map { unsafe library.cancel(handle, $0, 256) }
    }
    unsafe library.freeCancel(handle)
  }

  private func lost(_ connection: OpaquePointer) -> EngineProblem {
    let said = unsafe firstLine(library.errorMessage(connection))
    close()
    return EngineProblem(
      .lost, "the connection to \(address.place) broke: \(said)", help: "run the query again; it connects anew")
  }

  private func problem(_ result: OpaquePointer) -> EngineProblem {
    // SAFETY: texts belong to the result and are copied. 67 is PG_DIAG_SQLSTATE.
    let code = unsafe library.resultErrorField(result, 67).map { unsafe String(cString: $0) } ?? ""
    let said = unsafe firstLine(library.resultError(result))
    switch code {
    case "42P01": return EngineTable.absent(address)
    case "42703": return EngineProblem(.noColumn, said)
    case "57014": return EngineProblem(.timeout, "the server stopped the query: \(said)")
    case "57P01", "57P02", "57P03":
      isClosed = true
      return EngineProblem(
        .lost, "the connection to \(address.place) broke: \(said)", help: "run the query again; it connects anew")
    case "42501": return EngineProblem(.refused, "\(address.place) does not let this user read it: \(said)")
    default: return EngineProblem(.failed, "\(address.place) could not answer: \(said)")
    }
  }
}

extension String {
  /// Where `text` occurs first.
  func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<(index(start, offsetBy: text.count)) }
      start = index(after: start)
    }
    return nil
  }
}
