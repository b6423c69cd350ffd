import CQColumns
import Testing

/// A file of the folder `Fixtures` beside the tests.
func fixture(_ name: String) throws -> ByteRegion {
  let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  return try ByteRegion.mapping(path: "\(folder)/Fixtures/\(name)")
}

struct ArrowReaderErrorTests {
  @Test func filesOfOtherWritersOpen() throws {
    let table = try ArrowReader.open(fixture("foreign.arrow"), name: "foreign.arrow")
    #expect(table.rowCount == 3)
    #expect(values(table.data(named: "year")) == ["2019", "2020", "2020"])
    #expect(values(table.data(named: "share")) == ["0.25", "-1.5", "0.0"])
    #expect(values(table.data(named: "name")) == ["Ohio", "", "Québec"])
    #expect(values(table.data(named: "state")) == ["withheld", "known", "withheld"])
    #expect(table.metadata("title") == "Written by pyarrow")
  }

  @Test func narrowColumnsOfOtherWritersOpen() throws {
    let table = try ArrowReader.open(fixture("foreign_narrow.arrow"), name: "foreign_narrow.arrow")
    #expect(values(table.data(named: "u")) == ["0", "65535", "7"])
    #expect(values(table.data(named: "n")) == ["-70000", "5", "-70000"])
    #expect(values(table.data(named: "f")) == ["0.5", "0.5", "1.25"])
    #expect(values(table.data(named: "r")) == ["01001", "01001", "01003"])
    let empty = try ArrowReader.open(fixture("foreign_narrow_no_rows.arrow"), name: "none.arrow")
    #expect(empty.fields.map { values($0.data) } == [[], [], [], []])
  }

  @Test func filesWithoutRowsOpen() throws {
    let table = try ArrowReader.open(fixture("foreign_no_rows.arrow"), name: "none.arrow")
    #expect(table.rowCount == 0)
    #expect(table.fields.map { values($0.data) } == [[], [], [], []])
  }

  @Test(arguments: [
    ("compressed.arrow", "it must be uncompressed; write it again without compression"),
    ("two_batches.arrow", "it must hold one record batch, not 2"),
    ("nulls.arrow", "column `n` has nulls; state columns say what is missing here"),
    ("bool.arrow", "the type of column `flag` must be an integer, float32, float64 or utf8 (Arrow type 6)"),
    ("float16.arrow", "the type of column `f` must be an integer, float32, float64 or utf8 (Arrow type 3)"),
    ("uint32.arrow", "column `u` must not be uint32: use uint8, uint16 or int8 to int64"),
    ("number_dictionary.arrow", "the dictionary of column `d` must hold texts, int32, int64 or float64"),
    ("number_runs.arrow", "the runs of column `r` must have int32 ends and plain values"),
  ])
  func whatIsNotSupportedIsNamed(file: String, reason: String) throws {
    let region = try fixture(file)
    #expect(throws: ArrowError(fileName: file, reason: reason)) { try ArrowReader.open(region, name: file) }
  }

  @Test(arguments: [
    ([UInt8](), "it must begin with `ARROW1`, as Arrow IPC files do"),
    (Array("year,region\n2019,01\n".utf8), "it must begin with `ARROW1`, as Arrow IPC files do"),
    (Array("ARROW1".utf8), "it must end with `ARROW1`; it was probably cut short"),
    (
      Array("ARROW1\0\0".utf8) + [0, 0, 0, 0x7F] + Array("ARROW1".utf8),
      "its footer has an impossible size of 2130706432 bytes"
    ),
  ])
  func whatIsNotArrowIsRefused(bytes: [UInt8], reason: String) {
    #expect(throws: ArrowError(fileName: "x", reason: reason)) { try ArrowReader.open(.copying(bytes), name: "x") }
  }

  @Test(arguments: [(UInt8(2), true), (3, false), (127, false), (255, false)])
  func codesMustBeInTheDictionary(code: UInt8, isAccepted: Bool) throws {
    var writer = ArrowWriter(rowCount: 1)
    writer.add("state", .dictionary(codes: [0], values: ["a", "b", "c"], width: .bits8))
    var bytes = writer.bytes()
    let region = ByteRegion.copying(bytes)
    guard case .dictionary(.bits8(let codes), _) = try ArrowReader.open(region, name: "x").data(named: "state") else {
      Issue.record("expected 8-bit codes")
      return
    }
    let offset = unsafe Int(bitPattern: codes.elements.baseAddress) - Int(bitPattern: region.bytes.baseAddress)
    bytes[offset] = code
    if isAccepted {
      _ = try ArrowReader.open(.copying(bytes), name: "x")
    } else {
      let reason = "column `state` has a code outside its dictionary of 3 values"
      #expect(throws: ArrowError(fileName: "x", reason: reason)) { try ArrowReader.open(.copying(bytes), name: "x") }
    }
  }

  @Test func errorsNameTheFile() {
    let error = ArrowError(fileName: "jobs.arrow", reason: "it was probably cut short")
    #expect(error.description == "can't read `jobs.arrow`: it was probably cut short")
  }

  @Test func missingFilesAreNamed() {
    let error = #expect(throws: ArrowError.self) { try ByteRegion.mapping(path: "/nowhere/jobs.arrow") }
    #expect(error?.description == "can't read `/nowhere/jobs.arrow`: No such file or directory")
  }

  @Test func foldersAreNotFiles() {
    let error = #expect(throws: ArrowError.self) { try ByteRegion.mapping(path: "/") }
    #expect(error?.reason == "it must be a regular file")
  }
}
