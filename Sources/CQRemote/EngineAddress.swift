internal import CQSource

/// `postgresql://host/db?table=jobs`: which engine, and which table of it.
package struct EngineAddress: Sendable, Hashable {
  package enum Engine: String, Sendable, CaseIterable {
    case postgresql, duckdb, spark, flightsql, sqlite
  }

  package var engine: Engine
  /// `user@host:port`, without a password; empty for an engine in process.
  package var authority: String
  /// After the authority, without the slash before it: database or file.
  package var path: String
  /// The parts of the name of the table; empty with `parquet`.
  package var table: [String]
  package var parquet: String?
  /// The library of the driver, where the usual one is not meant.
  package var driver: String?
  /// What is passed on to the engine: `sslmode=require`.
  package var options: [(name: String, value: String)]

  package static func == (lhs: Self, rhs: Self) -> Bool { lhs.description == rhs.description }
  package func hash(into hasher: inout Hasher) { hasher.combine(description) }

  /// Whether `text` names an engine rather than a file.
  package static func isAddress(_ text: String) -> Bool { engine(of: text) != nil }

  private static func engine(of text: String) -> Engine? {
    guard let (scheme, _) = parts(text, at: "://") else { return nil }
    return scheme == "postgres" ? .postgresql : Engine(rawValue: scheme)
  }

  /// - Throws: What is wrong with the address, never with the password in it.
  package init(_ text: String) throws(EngineProblem) {
    guard let engine = Self.engine(of: text), let (_, rest) = Self.parts(text, at: "://") else {
      let schemes = Engine.allCases.map { "`\($0.rawValue)://`" }.joined(separator: ", ")
      throw EngineProblem(.failed, "this is no address of an engine; they start with \(schemes)")
    }
    self.engine = engine
    let (place, query) = Self.parts(rest, at: "?") ?? (rest, "")
    let (authority, path) = engine.isInProcess ? ("", place) : Self.parts(place, at: "/") ?? (place, "")
    // A password would end up in scripts, headers and exports.
    let quoted = "\"\(text)\""
    if quoted.withoutSecrets != quoted { throw Self.secret(engine) }
    self.authority = authority
    self.path = Self.decoded(path)
    var options: [(name: String, value: String)] = []
    var table: String?
    var schema: String?
    for pair in query.split(separator: "&") {
      let (name, value) = Self.parts(String(pair), at: "=") ?? (String(pair), "")
      switch name {
      case "table": table = Self.decoded(value)
      case "schema": schema = Self.decoded(value)
      case "parquet" where engine == .duckdb || engine == .spark: parquet = Self.decoded(value)
      case "driver": driver = Self.decoded(value)
      default: options.append((name, Self.decoded(value)))
      }
    }
    self.options = options
    // A name with a point in it needs `schema=`.
    self.table =
      switch (schema, table) {
      case (let schema?, let table?): [schema, table]
      case (nil, let table?): table.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      default: []
      }
    if parquet == nil, self.table.isEmpty || self.table.contains("") {
      throw EngineProblem(.noTable, "the address does not say which table: end it with `?table=name`")
    }
  }

  private static func secret(_ engine: Engine) -> EngineProblem {
    let instead =
      switch engine {
      case .spark: "set a token as CQ_SPARK_TOKEN"
      case .flightsql: "set a token as CQ_FLIGHTSQL_TOKEN"
      case .postgresql, .duckdb, .sqlite: "set it as PGPASSWORD or in ~/.pgpass"
      }
    return EngineProblem(
      .refused, "a password in the address would be kept in scripts and results",
      help: "leave it out here and \(instead)"
    )
  }

  /// Without the table: what is connected to.
  package var place: String {
    let slash = path.isEmpty || engine.isInProcess ? "" : "/"
    return "\(engine.rawValue)://\(authority)\(slash)\(path)"
  }

  /// The table as one name.
  package var tableName: String { parquet ?? table.joined(separator: ".") }

  package var description: String { "\(place)?\(parquet == nil ? "table" : "parquet")=\(tableName)" }

  package var dialect: EngineDialect {
    switch engine {
    case .postgresql: .postgreSQL
    case .duckdb: .duckDB
    case .spark: .spark
    case .flightsql: .flightSQL
    case .sqlite: .sqlite
    }
  }

  package var source: FactColumns.Source { parquet.map { .parquet($0) } ?? .table(table) }

  // MARK: - Text

  private static func parts(_ text: String, at separator: String) -> (String, String)? {
    let bytes = Array(text.utf8)
    let wanted = Array(separator.utf8)
    guard bytes.count >= wanted.count else { return nil }
    for start in 0...(bytes.count - wanted.count) where Array(bytes[start..<start + wanted.count]) == wanted {
      return (
        String(decoding: bytes[..<start], as: UTF8.self),
        String(decoding: bytes[(start + wanted.count)...], as: UTF8.self)
      )
    }
    return nil
  }

  /// `%20` as a space; what is no escape stays.
  private static func decoded(_ text: String) -> String {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.first {
      rest.removeFirst()
      let digits = String(decoding: rest.prefix(2), as: UTF8.self)
      if byte == UInt8(ascii: "%"), digits.utf8.count == 2, let value = UInt8(digits, radix: 16) {
        bytes.append(value)
        rest.removeFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension EngineAddress.Engine {
  /// Its data lie in files of this machine.
  var isInProcess: Bool { self == .duckdb || self == .sqlite }

  /// Where a driver of this engine finds its server; nil where libpq knows or there is none.
  var usualPort: String? {
    switch self {
    case .spark: "15002"
    case .flightsql: "31337"
    case .postgresql, .duckdb, .sqlite: nil
    }
  }
}
