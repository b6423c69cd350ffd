package import CQColumns
internal import Synchronization

/// The way to one engine: connects when it is first asked, and again after a connection broke.
package final class EngineLink: Sendable {
  package let address: EngineAddress
  private let idle = Mutex<(any EngineConnection)?>(nil)
  private let usage = Mutex(Usage())

  /// What an engine has done so far.
  package struct Usage: Sendable, Equatable {
    /// `PostgreSQL 15.18`; empty before the first connection.
    package var version = ""
    package var statements = 0
    /// Bytes of the values that came back.
    package var bytes = 0
    package var lastStatement = ""
  }

  package init(_ address: EngineAddress) { self.address = address }

  package var used: Usage { usage.withLock { $0 } }

  /// Runs a statement on the idle connection, or on a new one.
  package func run(
    _ statement: String, rowCap: Int, _ control: StatementControl
  ) throws(EngineProblem) -> EngineAnswer {
    let kept = idle.withLock { connection in
      defer { connection = nil }
      return connection
    }
    let isFresh = kept == nil || kept?.isBroken == true
    let connection: any EngineConnection
    if let kept, !isFresh { connection = kept } else { connection = try connect(control) }
    usage.withLock { $0.version = connection.version }
    return try run(statement, on: connection, rowCap: rowCap, control)
  }

  private func run(
    _ statement: String, on connection: any EngineConnection, rowCap: Int, _ control: StatementControl
  ) throws(EngineProblem) -> EngineAnswer {
    let answer = try connection.run(statement, rowCap: rowCap, control)
    usage.withLock { usage in
      usage.statements += 1
      usage.bytes += answer.byteCount
      usage.lastStatement = statement
    }
    return keep(connection, answer)
  }

  private func keep(_ connection: any EngineConnection, _ answer: EngineAnswer) -> EngineAnswer {
    if !connection.isBroken { idle.withLock { $0 = connection } }
    return answer
  }

  private func connect(_ control: StatementControl) throws(EngineProblem) -> any EngineConnection {
    address.engine == .postgresql ? try PostgresConnection(address, control) : try ADBCConnection(address, control)
  }
}
