/// How one engine spells SQL, as data. Everything else in the statements of cq is common to all of them.
package struct EngineDialect: Sendable, Equatable {
  /// What messages and headers call the engine.
  package var name: String
  /// The word of a 64-bit binary number: `DOUBLE PRECISION`, `DOUBLE`.
  package var doubleType: String
  /// The word of a text of any length.
  package var textType: String
  /// Stands on both sides of a name; doubled inside.
  package var identifierQuote: Character
  /// A backslash in a text escapes, and so do quotes: `\'`. Else a quote is doubled.
  package var escapesWithBackslash: Bool
  /// Stands behind a text that is compared by its bytes, where the engine would not do so by itself.
  package var byteOrder = ""
  /// Run once on a new connection.
  package var preamble: [String]

  package static let postgreSQL = EngineDialect(
    name: "PostgreSQL", doubleType: "DOUBLE PRECISION", textType: "TEXT", identifierQuote: "\"",
    escapesWithBackslash: false, byteOrder: " COLLATE \"C\"",
    preamble: [
      "SET default_transaction_read_only = on", "SET standard_conforming_strings = on", "SET TimeZone = 'UTC'",
      "SET enable_partitionwise_aggregate = on",
    ])

  package static let duckDB = EngineDialect(
    name: "DuckDB", doubleType: "DOUBLE", textType: "VARCHAR", identifierQuote: "\"", escapesWithBackslash: false,
    preamble: [])

  /// Apache Spark, and Sail, which speaks the same.
  package static let spark = EngineDialect(
    name: "Spark", doubleType: "DOUBLE", textType: "STRING", identifierQuote: "`", escapesWithBackslash: true,
    preamble: [])

  /// Servers that speak Flight SQL mostly speak standard SQL. Tried with DataFusion, behind roapi.
  package static let flightSQL = EngineDialect(
    name: "Flight SQL", doubleType: "DOUBLE", textType: "VARCHAR", identifierQuote: "\"", escapesWithBackslash: false,
    preamble: [])

  package static let sqlite = EngineDialect(
    name: "SQLite", doubleType: "REAL", textType: "TEXT", identifierQuote: "\"", escapesWithBackslash: false,
    byteOrder: " COLLATE BINARY", preamble: ["PRAGMA query_only = 1"])

  /// A name as this engine takes it, whatever it is made of.
  package func identifier(_ name: String) -> String {
    var quoted = String(identifierQuote)
    for character in name.unicodeScalars {
      quoted.unicodeScalars.append(character)
      if identifierQuote.unicodeScalars.first == character { quoted.unicodeScalars.append(character) }
    }
    quoted.append(identifierQuote)
    return quoted
  }

  /// A text as this engine takes it, whatever it is made of.
  package func literal(_ text: String) -> String {
    var quoted = "'"
    for character in text.unicodeScalars {
      switch character {
      case "'": quoted += escapesWithBackslash ? "\\'" : "''"
      case "\\" where escapesWithBackslash: quoted += "\\\\"
      default: quoted.unicodeScalars.append(character)
      }
    }
    return quoted + "'"
  }
}
