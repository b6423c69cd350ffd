import ClusterQuery
import Foundation
import Testing

/// What a text answers, for tests that read it as a user does: by the names of its columns.
enum Answers {
  /// The last result of a text.
  static func table(_ text: String) throws -> ResultTable {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    var last: ResultTable?
    try session.execute(text) { last = $0 }
    return try #require(last)
  }

  /// Its rows by column, as the texts of a CSV file in full precision: nothing where there is no number.
  static func rows(_ text: String) throws -> [[String: String]] { try rows(of: try table(text)) }

  static func rows(of table: ResultTable) throws -> [[String: String]] {
    let lines = table.render(.csv).split(separator: "\n").map(fields)
    let names = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(zip(names, $0), uniquingKeysWith: { first, _ in first }) }
  }

  /// The fields of a line of CSV.
  static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  /// Whether a field holds this number, relative to values above 1; a reference that is no number asks for an empty field.
  static func agrees(_ field: String?, _ reference: Double, _ tolerance: Double = 1e-9) -> Bool {
    guard reference.isFinite else { return field?.isEmpty == true }
    guard let value = field.flatMap({ Double($0) }) else { return false }
    return abs(value - reference) <= tolerance * max(1, abs(reference))
  }

  /// Holds a field against a number, and says what was found.
  static func expect(
    _ row: [String: String], _ column: String, _ reference: Double, _ tolerance: Double = 1e-9,
    _ what: String = "", location: SourceLocation = #_sourceLocation
  ) {
    #expect(
      agrees(row[column], reference, tolerance),
      "\(column) \(what): \(row[column].map { $0.isEmpty ? "missing" : $0 } ?? "no such column"), not \(reference)",
      sourceLocation: location)
  }

  /// The number of a column; fails the test where there is none.
  static func number(_ row: [String: String], _ name: String) throws -> Double {
    try #require(row[name].flatMap { Double($0) }, "no number in \(name)")
  }

  /// A file of comma-separated values in the folder of temporary files, for `dataset` and `open`.
  static func file(_ name: String, _ rows: [[String]]) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "cq-tests-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appending(path: name)
    let text = rows.map { row in row.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",") }
      .joined(separator: "\n")
    try (text + "\n").write(to: url, atomically: true, encoding: .utf8)
    return url.path
  }
}
