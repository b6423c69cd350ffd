import ClusterQuery
import Foundation
import Testing

/// The ten kinds of damage that a file of the user's can have, in every format that can have them: `open`, `dataset` and
/// `cq import` each say in one message what is wrong, where, and what to do, and leave no trace of a file.
@Suite struct DamagedFilesTests {
  static let fixtures =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("CQImportTests/Fixtures").path

  /// One file of each format: the same table in all.
  static let formats = [
    "jobs.csv", "jobs.tsv", "jobs.csv.gz", "jobs.csv.zst", "jobs.jsonl", "jobs.json", "lz4.feather",
    "uncompressed.feather", "stream.arrow", "snappy.parquet", "jobs.sqlite", "118.dta",
  ]
  static let texts = ["jobs.csv", "jobs.tsv", "jobs.jsonl", "jobs.json"]

  /// What is damaged, in which formats, and words that the message must have.
  enum Damage: String, CaseIterable, CustomTestStringConvertible {
    case truncated, wrongWidth, nulByte, invalidUTF8, duplicateKey, overflow, unknownMembers, missingColumn, empty,
      folder

    var testDescription: String { rawValue }

    var formats: [String] {
      switch self {
      case .truncated, .duplicateKey, .unknownMembers, .missingColumn, .empty, .folder: DamagedFilesTests.formats
      case .wrongWidth: ["jobs.csv", "jobs.tsv"]
      case .nulByte: DamagedFilesTests.texts
      // Stata's texts are Latin-1 where they are not UTF-8; compressed ones are packed.
      case .invalidUTF8: DamagedFilesTests.texts + ["uncompressed.feather", "none.parquet"]
      case .overflow: DamagedFilesTests.texts + ["overflow.feather", "overflow.parquet"]
      }
    }

    /// The arguments of `dataset`, the usual ones of the table.
    var arguments: String {
      switch self {
      case .unknownMembers: "state:word, year:year, employment:jobs"
      case .missingColumn: "state:stat, year:year, employment:jobs"
      case .overflow: "state:id, year:2020, employment:id"
      default: "state:state, year:year, employment:jobs"
      }
    }

    /// Damage that only a dataset can meet: the table is in order.
    var isOfDataset: Bool { [.duplicateKey, .unknownMembers, .missingColumn].contains(self) }

    /// What the message must say, besides the name of the file.
    func words(_ format: String) -> [String] {
      let isText = DamagedFilesTests.texts.contains(format)
      switch self {
      case .truncated: return []
      case .wrongWidth: return ["line 3", "it has 1 field", "the first line names 7 columns"]
      case .nulByte: return format.hasPrefix("jobs.j") ? ["line"] : ["line 3", "NUL"]
      case .invalidUTF8: return isText ? ["line", "UTF-8"] : ["UTF-8"]
      case .duplicateKey:
        let isPlain = format.hasPrefix("jobs.csv") || format.hasPrefix("jobs.tsv")
        return ["are both", isPlain ? "line 2 and line 22" : isText ? "line" : "row 1 and row 21"]
      case .overflow: return isText ? ["line", "too large"] : ["`id`", "63 bits"]
      case .unknownMembers: return ["no value of `word`", "is a state"]
      case .missingColumn: return ["stat"]
      case .empty: return format.hasSuffix("z") || format.hasSuffix("zst") ? [] : []
      case .folder: return ["it is a folder"]
      }
    }
  }

  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "cq-damaged-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  @Test(arguments: Damage.allCases) func oneMessageNamesFilePlaceAndRemedy(_ damage: Damage) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for format in damage.formats {
      let path = try file(format, damage)
      var texts = [
        "let mine = dataset(\"\(path)\", \(damage.arguments))", "dataset(\"\(path)\", \(damage.arguments))",
      ]
      if damage == .duplicateKey { texts.append("dataset(\"\(path)\")") }
      if !damage.isOfDataset { texts.append("open(\"\(path)\")") }
      for text in texts {
        let session = Session(engine: try Bundled.engine.get())
        expectOneMessage(damage, format, text) { try session.execute(text) { _ in } }
      }
      // An older file under the name of the new one stays.
      let target = folder + "/target.arrow"
      try "older".write(toFile: target, atomically: true, encoding: .utf8)
      let arguments = damage.arguments.components(separatedBy: ", ")
      expectOneMessage(damage, format, "cq import \(path)") {
        _ = try Session(engine: try Bundled.engine.get()).importFile(path, arguments: arguments, to: target)
      }
      if !damage.isOfDataset {
        expectOneMessage(damage, format, "cq import \(path) by itself") {
          _ = try Session(engine: try Bundled.engine.get()).importFile(path, to: target)
        }
      }
      #expect(try String(contentsOfFile: target, encoding: .utf8) == "older", "\(damage), \(format)")
      try FileManager.default.removeItem(atPath: target)
      try FileManager.default.removeItem(atPath: path)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty, "\(damage), \(format)")
    }
  }

  private func expectOneMessage(_ damage: Damage, _ format: String, _ what: String, _ body: () throws -> Void) {
    let comment: Comment = "\(damage.rawValue), \(what)"
    do {
      try body()
      Issue.record("\(comment) is read without a word")
    } catch let error as Diagnostics {
      let errors = error.all.filter { $0.severity == .error }
      #expect(errors.count == 1, comment)
      guard let first = errors.first else { return }
      let message = ([first.message] + first.notes + first.helps).joined(separator: "\n")
      let name = damage == .missingColumn ? "stat" : format.components(separatedBy: ".")[0]
      #expect(first.message.contains(name), "\(comment): \(message)")
      for word in damage.words(format) { #expect(message.contains(word), "\(comment): \(message)") }
      #expect(!first.helps.isEmpty || !first.fixes.isEmpty, "\(comment): \(message)")
    } catch {
      Issue.record("\(comment): \(error)")
    }
  }

  // MARK: - Files

  private func file(_ format: String, _ damage: Damage) throws -> String {
    let path = folder + "/" + format
    let source = format == "jobs.tsv" ? "jobs.csv" : format
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/\(source)")))
    if format == "jobs.tsv" { bytes = bytes.map { $0 == 0x2C ? 0x09 : $0 } }
    switch damage {
    case .folder:
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      return path
    case .empty: bytes = []
    case .truncated:
      // Texts are cut within a row: what ends with one can't be told from a whole file.
      let end = bytes.count * 2 / 3
      bytes = Array(bytes.prefix(Self.texts.contains(format) ? (bytes[..<end].lastIndex(of: 0x0A) ?? end) + 8 : end))
    case .wrongWidth: bytes = line(3, of: bytes) { Array($0.prefix { $0 != 0x2C && $0 != 0x09 }) }
    case .nulByte: bytes = line(3, of: bytes) { [0] + $0.dropFirst() }
    case .invalidUTF8:
      bytes = replaced(Array("ó".utf8), by: [0xFF, 0xFE], in: bytes, isText: Self.texts.contains(format))
    case .overflow:
      if Self.texts.contains(format) {
        let record =
          format.hasPrefix("jobs.j") ? "{\"id\": 1}\n{\"id\": 92233720368547758070}\n" : "id\n1\n92233720368547758070\n"
        bytes = Array(
          (format == "jobs.json" ? "[" + record.replacingOccurrences(of: "}\n{", with: "},\n{") + "]" : record).utf8)
      }
    case .duplicateKey, .unknownMembers, .missingColumn: break
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func line(_ number: Int, of bytes: [UInt8], _ change: (ArraySlice<UInt8>) -> [UInt8]) -> [UInt8] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    lines[number - 1] = change(lines[number - 1])[...]
    return Array(lines.joined(separator: [0x0A]))
  }

  /// In texts one of several is left, so that the file is not taken for one of Latin-1.
  private func replaced(_ old: [UInt8], by new: [UInt8], in bytes: [UInt8], isText: Bool) -> [UInt8] {
    var bytes = bytes
    var isFirst = true
    for start in bytes.indices.dropLast(old.count - 1) where Array(bytes[start..<start + old.count]) == old {
      if !(isText && isFirst) { bytes.replaceSubrange(start..<start + old.count, with: new) }
      isFirst = false
    }
    return bytes
  }

  // MARK: - Any damage

  /// Whatever is in a file, a conversion ends with a file that can be opened or with a message, and leaves nothing else.
  @Test(arguments: [
    "jobs.csv.gz", "jobs.csv.zst", "lz4.feather", "stream.arrow", "snappy.parquet", "jobs.sqlite", "118.dta",
  ])
  func damagedBytesAreConvertedOrRefused(_ format: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/\(format)")))
    let path = folder + "/" + format
    let target = folder + "/target.arrow"
    let engine = try Bundled.engine.get()
    var random = SystemRandomNumberGenerator()
    for _ in 0..<25 {
      var bytes = original
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let bit = UInt8.random(in: 0..<8, using: &random)
      bytes[place] ^= 1 << bit
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        _ = try Session(engine: engine).importFile(path, to: target)
        defer { try? FileManager.default.removeItem(atPath: target) }
        try Session(engine: engine).execute("open(\"\(target)\") | top 3") { _ in }
      } catch {
        #expect(error is Diagnostics, "\(format), bit \(bit) of byte \(place): \(error)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [format], "bit \(bit) of byte \(place)")
    }
  }

  /// gzip has a checksum of what it holds: no damage to a bit gives other numbers.
  @Test func noDamagedBitOfAGzipFileChangesATotal() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let original = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(Self.fixtures)/jobs.csv.gz")))
    let path = folder + "/jobs.csv.gz"
    let engine = try Bundled.engine.get()
    func total() throws -> String {
      var text = ""
      try Session(engine: engine).execute("open(\"\(path)\") | summarize total = sum(jobs), n = count(jobs)") {
        text = $0.render(.csv)
      }
      return text
    }
    try Data(original).write(to: URL(fileURLWithPath: path))
    let expected = try total()
    for place in original.indices {
      var bytes = original
      bytes[place] ^= 1 << UInt8(place % 8)
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      if let found = try? total() { #expect(found == expected, "byte \(place)") }
    }
  }
}
