import CQColumns
import CQImport
import Glibc
import Synchronization
import Testing

/// Files that pandas, pyarrow, polars and sqlite3 have written (`Tests/python/make_import_fixtures.py`): the same table in
/// every format.
@Suite struct FormatTests {
  static let folder = #filePath.split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/Fixtures"
  static let files = [
    "none.parquet", "snappy.parquet", "gzip.parquet", "zstd.parquet", "lz4.parquet", "encodings.parquet",
    "polars.parquet", "lz4.feather", "zstd.feather", "uncompressed.feather", "stream.arrow", "dictionary.arrow",
    "polars.arrow", "117.dta", "118.dta", "119.dta", "jobs.sqlite", "jobs.jsonl", "jobs.json", "jobs.csv", "latin1.csv",
    "decimal-comma.csv", "jobs.csv.gz", "jobs.csv.zst",
  ]

  @Test(arguments: files) func allFormatsGiveTheSameTable(_ file: String) throws {
    let table = try FileReading.read("\(Self.folder)/\(file)", ImportOptions(), ImportControl())
    #expect(table.rowCount == 24)
    #expect(table.columns.map(\.name) == ["year", "state", "code", "jobs", "pay", "some", "word"])
    let states = ["Ohio", "Nuevo León", "Texas", "Québec"]
    for row in 0..<24 {
      let columns = table.columns
      #expect(columns[0].number(at: row) == Double(2000 + row % 5))
      #expect(columns[1].text(at: row) == states[row % 4])
      let code = 1001 + 37 * row
      #expect(columns[2].text(at: row) == String(repeating: "0", count: 5 - "\(code)".count) + "\(code)")
      #expect(columns[3].number(at: row) == Double(1000 * row - 5))
      #expect(columns[4].number(at: row) == Double(row) * 1.125)
      #expect(columns[5].state(at: row) == (row % 7 == 0 ? .missing : .known))
      if row % 7 != 0 { #expect(columns[5].number(at: row) == Double(row)) }
      #expect(columns[6].text(at: row) == (row % 5 == 0 ? "" : "t\(row % 6)"))
    }
  }

  @Test func arrowFilesAreWrittenAndOpenedInPlace() throws {
    let path = "/tmp/cq-import-\(getpid()).arrow"
    defer { unsafe unlink(path) }
    let table = try FileReading.read("\(Self.folder)/jobs.csv", ImportOptions(), ImportControl())
    var file = ArrowTableFile(table.arrowTable) { false }
    try file.write(to: path)
    let again = try FileReading.read(path, ImportOptions(), ImportControl())
    #expect(again.format == "Arrow, in place")
    #expect(rowsOfTexts(again) == rowsOfTexts(table))
    var stopped = ArrowTableFile(table.arrowTable) { true }
    #expect(throws: ArrowTableFile.Failure.self) { try stopped.write(to: path) }
    #expect(try FileReading.read(path, ImportOptions(), ImportControl()).rowCount == 24)
  }

  @Test(arguments: [
    ("x.parquet", "PAR1 and nothing else", "it does not end as a Parquet file does; it was probably cut short"),
    ("x.parquet", "state,jobs\nOhio,1\n", "it does not begin as a .parquet file does"),
    ("x.arrow", "ARROW1\0\0 cut", "it is too short; it was probably cut short"),
    ("x.dta", "<stata_dta><header><release>118</release>", "it ends in the middle, or is damaged"),
    ("x.csv", "\u{1F}", "the file is empty"),
    ("x.jsonl", "{\"a\": 1}\n{\"a\": 2", "a record is never closed; the file was probably cut short"),
    ("x.jsonl", "{\"a\": [1]}\n", "\"a\" holds a list or an object, and a table holds numbers and texts"),
    ("x.json", "[{\"a\": 1}, 5]", "a record `{…}` is expected here"),
    ("x.jsonl", "{\"a\": 123456789012345678901234}\n", "`123456789012345678901234` is too large for a number"),
    ("x.csv", "FEA1xxxx", "it is a Feather file of version 1"),
    ("x.csv", "%PDF-1.7", "it is a PDF document"),
  ])
  func damagedFilesSayWhatIsWrong(_ name: String, _ text: String, _ reason: String) throws {
    try withFile(name, text == "\u{1F}" ? [] : Array(text.utf8)) { path in
      let error = #expect(throws: ImportError.self) {
        try FileReading.read(path, ImportOptions(), ImportControl())
      }
      #expect(error?.reason == reason)
      #expect(error?.remedy?.isEmpty == false)
    }
  }

  @Test func readersOfDatabasesSayHowFarTheyAre() throws {
    let seen = Mutex<[(done: Int, total: Int)]>([])
    let control = ImportControl(progress: { done, total in seen.withLock { $0.append((done, total)) } })
    let table = try FileReading.read("\(Self.folder)/jobs.sqlite", ImportOptions(), control)
    let told = seen.withLock { $0 }
    #expect(!told.isEmpty)
    #expect(told.allSatisfy { $0.total == table.rowCount && $0.done <= $0.total })
  }

  @Test(arguments: ["jobs.csv.gz", "jobs.csv.zst", "zstd.feather", "snappy.parquet", "118.dta", "jobs.sqlite"])
  func filesThatWereCutAreRefused(_ file: String) throws {
    let bytes = try contents(of: "\(Self.folder)/\(file)")
    let ending = file.split(separator: ".", maxSplits: 1)[1]
    for part in [2, 3, 5] {
      try withFile("cut.\(ending)", Array(bytes.prefix(bytes.count * (part - 1) / part))) { path in
        let error = #expect(throws: ImportError.self) {
          try FileReading.read(path, ImportOptions(), ImportControl())
        }
        #expect(error?.message.isEmpty == false)
      }
    }
  }

  /// Whatever is in a file, reading it ends with a table or with a reason, and soon.
  @Test(arguments: files) func damagedBytesNeverTrap(_ file: String) throws {
    let original = try contents(of: "\(Self.folder)/\(file)")
    let ending = file.split(separator: ".", maxSplits: 1)[1]
    for seed in 0..<150 {
      var random = SmallRandom(seed: UInt64(seed + 1))
      let bytes = damaged(original, &random)
      try withFile("damaged.\(ending)", bytes) { path in
        let start = ContinuousClock.now
        do throws(ImportError) {
          _ = try FileReading.read(path, ImportOptions(), ImportControl())
        } catch {
          #expect(!error.message.isEmpty, "seed \(seed)")
        }
        #expect(ContinuousClock.now - start < .seconds(20), "seed \(seed)")
      }
    }
  }

  private func damaged(_ original: [UInt8], _ random: inout SmallRandom) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count > 8 {
      let place = Int.random(in: 0..<bytes.count - 4, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      case 2: for offset in 0..<4 { bytes[place + offset] = 0xFF }
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + 20))
      default: bytes = Array(bytes.prefix(place))
      }
    }
    return bytes
  }

  private func withFile(_ name: String, _ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let folder = "/tmp/cq-formats-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    unsafe mkdir(folder, 0o777)
    let path = "\(folder)/\(name)"
    defer {
      unsafe unlink(path)
      unsafe rmdir(folder)
    }
    let file = try #require(unsafe fopen(path, "w"))
    _ = unsafe bytes.withUnsafeBufferPointer { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    unsafe fclose(file)
    try body(path)
  }

  private func contents(of path: String) throws -> [UInt8] {
    let file = try #require(unsafe fopen(path, "r"))
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
    return Array(bytes[..<count])
  }
}
