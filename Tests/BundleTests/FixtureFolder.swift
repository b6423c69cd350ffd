import CQColumns
import Foundation
import Testing
import bundle

/// The invented tidy folder, and what the tool made of it when the output was last looked at.
enum FixtureFolder {
  static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
  static let tidy = url.appendingPathComponent("tidy")
  static let expected = url.appendingPathComponent("expected")

  /// Runs the tool on the tidy folder.
  static func build() throws -> [BundleFile] { try BundleBuilder.build(from: InputFolder(path: tidy.path)) }

  /// Runs the tool on a copy of the tidy folder in which one file was changed.
  static func build(changing file: String, _ change: (String) -> String) throws -> [BundleFile] {
    let copy = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: copy) }
    let tidy = copy.appendingPathComponent("tidy")
    try FileManager.default.copyItem(at: Self.tidy, to: tidy)
    let target = tidy.appendingPathComponent("us/\(file).csv")
    let text = try String(contentsOf: target, encoding: .utf8)
    let changed = change(text)
    #expect(changed != text, "the change had no effect")
    try changed.write(to: target, atomically: false, encoding: .utf8)
    return try BundleBuilder.build(from: InputFolder(path: tidy.path))
  }

  static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bundle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }
}

/// A built file, addressed by key.
struct BuiltTable {
  let table: ArrowTable
  private var rowOfKey: [String: Int] = [:]

  init(_ name: String, in files: [BundleFile], keys: [String]) throws {
    let file = try #require(files.first { $0.name == name })
    table = try ArrowReader.open(.copying(file.bytes), name: name)
    let columns = keys.map { texts($0) }
    for row in 0..<table.rowCount { rowOfKey[columns.map { $0[row] }.joined(separator: " ")] = row }
    #expect(rowOfKey.count == table.rowCount, "keys of \(name) are not unique")
  }

  func texts(_ column: String) -> [String] { table.texts(column) }

  func has(_ key: String) -> Bool { rowOfKey[key] != nil }

  /// The values of some columns in the row with this key, joined by blanks.
  func row(_ key: String, _ columns: String...) throws -> String {
    let row = try #require(rowOfKey[key], "no row \(key)")
    return try columns.map { column in
      let values = texts(column)
      return try #require(values.isEmpty ? nil : values[row], "no column \(column)")
    }.joined(separator: " ")
  }
}

extension ArrowTable {
  /// A column as texts, whatever its type.
  func texts(_ column: String) -> [String] {
    switch data(named: column) {
    case .uint8(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .uint16(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .int8(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .int16(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .int32(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .int64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .float64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .texts(let texts): texts
    case .dictionary(.bits8(let codes), let values): (0..<codes.count).map { values[Int(codes[$0])] }
    case .dictionary(.bits16(let codes), let values): (0..<codes.count).map { values[Int(codes[$0])] }
    case .dictionary(.bits32(let codes), let values): (0..<codes.count).map { values[Int(codes[$0])] }
    case .float32, .numberDictionary, .numberRuns: Self.texts(data(named: column)?.widened())
    case .runs(let ends, let values):
      zip(values, zip([0] + (0..<ends.count).map { ends[$0] }, (0..<ends.count).map { ends[$0] })).flatMap {
        [String](repeating: $0, count: Int($1.1 - $1.0))
      }
    // Keys that are the same in all rows are in the metadata.
    case nil:
      metadata(column == "year" ? "period" : column).map { [String](repeating: $0, count: rowCount) } ?? []
    }
  }

  private static func texts(_ numbers: NumberValues?) -> [String] {
    switch numbers {
    case .int32(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .int64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case .float64(let buffer): (0..<buffer.count).map { String(buffer[$0]) }
    case nil: []
    }
  }
}
