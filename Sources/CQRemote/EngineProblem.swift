package import CQColumns

/// Why an engine did not answer, in words for whoever asked.
package struct EngineProblem: Error, Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// The driver's library is not there or not what it should be.
    case noDriver
    /// Nothing answers at the address.
    case unreachable
    /// The engine turns the user away.
    case refused
    /// The connection broke while it was used.
    case lost
    case noTable, noColumn
    /// The statement failed for another reason.
    case failed
    case tooManyRows
    /// The time limit passed.
    case timeout
    case cancelled
  }

  package var kind: Kind
  package var message: String
  package var help: String?

  package init(_ kind: Kind, _ message: String, help: String? = nil) {
    self.kind = kind
    self.message = message
    self.help = help
  }
}

extension StatementControl {
  /// Why the statement must stop, if it must.
  var stop: EngineProblem? {
    if isCancelled() { return EngineProblem(.cancelled, "the query was cancelled") }
    if let left = remaining(), left <= 0 {
      return EngineProblem(.timeout, "the engine did not answer within the time limit")
    }
    return nil
  }
}

/// A column of an answer.
package enum AnswerColumn: Sendable, Equatable {
  case integers([Int64?])
  case numbers([Double?])
  case texts([String?])

  package var count: Int {
    switch self {
    case .integers(let values): values.count
    case .numbers(let values): values.count
    case .texts(let values): values.count
    }
  }

  package func integer(_ row: Int) -> Int64? {
    switch self {
    case .integers(let values): values[row]
    case .numbers(let values): values[row].flatMap { Int64(exactly: $0) }
    case .texts(let values): values[row].flatMap { Int64($0) }
    }
  }

  package func number(_ row: Int) -> Double? {
    switch self {
    case .integers(let values): values[row].map { Double($0) }
    case .numbers(let values): values[row]
    case .texts(let values): values[row].flatMap { Double($0) }
    }
  }

  package func text(_ row: Int) -> String? {
    switch self {
    case .integers(let values): values[row].map { "\($0)" }
    case .numbers(let values): values[row].map { "\($0)" }
    case .texts(let values): values[row]
    }
  }
}

/// The answer to one statement.
package struct EngineAnswer: Sendable {
  /// Names and kinds of the columns; `columns` hold their values, of every kind but `other`.
  package var schema: [EngineColumn]
  package var columns: [AnswerColumn]
  package var rowCount: Int
  /// Bytes of the values as they came.
  package var byteCount: Int
}

/// A connection to an engine. One statement runs at a time; callers take care of that.
package protocol EngineConnection: AnyObject, Sendable {
  var dialect: EngineDialect { get }
  /// `PostgreSQL 15.18`: what the engine says that it is.
  var version: String { get }
  /// Whether the next statement needs a new connection.
  var isBroken: Bool { get }

  /// - Parameter rowCap: More rows than this are refused.
  func run(_ statement: String, rowCap: Int, _ control: StatementControl) throws(EngineProblem) -> EngineAnswer
  func close()
}
