import CQColumns
import Testing

struct NarrowColumnTests {
  private func open(_ values: ArrowWriter.Values, rowCount: Int) throws -> ColumnData {
    var writer = ArrowWriter(rowCount: rowCount)
    writer.add("column", values)
    return try #require(try ArrowReader.open(.copying(writer.bytes()), name: "x").data(named: "column"))
  }

  private func kind(_ data: ColumnData) -> String {
    switch data {
    case .uint8: "uint8"
    case .uint16: "uint16"
    case .int8: "int8"
    case .int16: "int16"
    case .int32: "int32"
    case .int64: "int64"
    case .float64: "float64"
    case .numberDictionary(.bits8, _): "dictionary8"
    case .numberDictionary(.bits16, _): "dictionary16"
    case .numberDictionary(.bits32, _): "dictionary32"
    case .float32: "float32"
    case .numberRuns: "runs"
    case .texts, .dictionary, .runs: "texts"
    }
  }

  @Test(arguments: [
    ([], "uint8"), ([0, 255], "uint8"), ([-1, 127], "int8"), ([0, 256], "uint16"), ([-1, 255], "int16"),
    ([0, 65_536], "int32"), ([-40_000], "int32"), ([1 << 40], "int64"),
  ])
  func fewNumbersArePlain(numbers: [Int], expected: String) throws {
    let data = try open(.narrowest(numbers), rowCount: numbers.count)
    #expect(kind(data) == expected)
    #expect(data.widened().map(values) == numbers.map(String.init))
  }

  @Test(arguments: [(200, "dictionary8"), (256, "dictionary8"), (257, "dictionary16"), (30_000, "int32")])
  func manyNumbersOfFewValuesAreDictionaries(different: Int, expected: String) throws {
    let numbers = (0..<50_000).map { $0 % different * 1_000 }
    let data = try open(.narrowest(numbers), rowCount: numbers.count)
    #expect(kind(data) == expected)
    #expect(data.widened().map(values) == numbers.map(String.init))
  }

  @Test func allCodesOf16BitsAreUsed() throws {
    let numbers = (0..<300_000).map { $0 % 65_536 * 1_000_000 }
    let data = try open(.narrowest(numbers), rowCount: numbers.count)
    #expect(kind(data) == "dictionary16")
    #expect(data.widened().map(values) == numbers.map(String.init))
  }

  @Test func doublesOfFewValuesAreDictionaries() throws {
    let numbers = (0..<2_000).map { Double($0 % 7) / 8 }
    #expect(kind(try open(.narrowest(numbers), rowCount: 2_000)) == "dictionary8")
    #expect(try values(#require(open(.narrowest(numbers), rowCount: 2_000).widened())) == numbers.map { String($0) })
    #expect(kind(try open(.narrowest([0.5, 0.1]), rowCount: 2)) == "float32")
    #expect(kind(try open(.narrowest([0.5, 0.1 + 0.2]), rowCount: 2)) == "float64")
  }

  @Test(arguments: [1, 2, 300, 70_000]) func runsBecomeCodes(different: Int) throws {
    let texts = (0..<different * 3).map { "r\($0 / 3)" }
    let data = try open(.runs(of: texts), rowCount: texts.count)
    guard case .runs(let ends, let members) = data else {
      Issue.record("expected runs")
      return
    }
    #expect(ends.count == different && members.count == different)
    #expect(values(data) == texts)
    #expect(data.members()?.values.count == different)
  }

  @Test func aMemberOfSeveralRunsHasOneCode() throws {
    let data = try open(.runs(of: ["a", "b", "b", "a"]), rowCount: 4)
    #expect(data.members()?.values == ["a", "b"])
    #expect(values(data) == ["a", "b", "b", "a"])
  }

  @Test func yearsAreRunsHoweverTheyAreStored() throws {
    let years: [Int16] = [2003, 2003, 2004, 2006]
    for values in [ArrowWriter.Values.int16(years), .runs(of: years)] {
      let runs = try open(values, rowCount: 4).ascendingRuns()
      #expect(runs?.map(\.value) == [2003, 2004, 2006])
      #expect(runs?.map(\.rows) == [0..<2, 2..<3, 3..<4])
    }
    #expect(try open(.int16([2004, 2003]), rowCount: 2).ascendingRuns() == nil)
    #expect(try open(.runs(of: [2004, 2003] as [Int16]), rowCount: 2).ascendingRuns() == nil)
    #expect(try open(.int16([]), rowCount: 0).ascendingRuns()?.isEmpty == true)
    #expect(try open(.texts(["2003"]), rowCount: 1).ascendingRuns() == nil)
  }

  @Test func singlePrecisionIsReadAsItsDecimal() throws {
    let data = try open(.float32([2.9079106, 0.1, 4.532572e-05]), rowCount: 3)
    #expect(data.widened().map(values) == ["2.9079106", "0.1", "4.532572e-05"])
  }

  @Test func wordsOfADictionaryAreStatesAndNumbers() throws {
    let words = ["estimated 255", "known 3"]
    let data = try open(.dictionary(codes: [1, 0, 1], values: words, width: .bits8), rowCount: 3)
    #expect(data.bytes(ofWord: 0).map { values(.uint8($0)) } == ["0", "1", "0"])
    #expect(data.bytes(ofWord: 1).map { values(.uint8($0)) } == ["3", "255", "3"])
    #expect(data.bytes(ofWord: 2) == nil && data.bytes(ofWord: -1) == nil)
    #expect(try open(.uint8([1]), rowCount: 1).bytes(ofWord: 0) == nil)
    #expect(
      try open(.dictionary(codes: [0], values: ["known 300"], width: .bits8), rowCount: 1).bytes(ofWord: 1) == nil)
  }

  @Test func statesAreBytesWordsOrRuns() throws {
    let names = CellState.allCases.map(\.name)
    for data in [
      ArrowWriter.Values.uint8([0, 2, 2]), .dictionary(codes: [0, 2, 2], values: names, width: .bits8),
      .runs(of: ["known", "withheld", "withheld"]),
    ] { #expect(try open(data, rowCount: 3).cellStates().map { values(.uint8($0)) } == ["0", "2", "2"]) }
    #expect(try open(.runs(of: ["known", "lost"]), rowCount: 2).cellStates() == nil)
  }

  @Test func constantColumnsRepeat() {
    #expect(values(.constant("US", rowCount: 3)) == ["US", "US", "US"])
    #expect(values(.constant(period: 2018, rowCount: 2)) == ["2018", "2018"])
    #expect(values(.constant("US", rowCount: 0)) == [])
  }

  @Test func textsAreNoNumbersAndNumbersNoMembers() throws {
    #expect(try open(.texts(["a"]), rowCount: 1).widened() == nil)
    #expect(try open(.uint8([1]), rowCount: 1).members() == nil)
  }

  /// Ends in the file are never trusted: whatever they are, it is an error or an ascending list up to the row count.
  @Test(arguments: [[2, 5], [1, 1], [-1, 3], [0, 3], [3, 2], [3, 3], [Int32.max, 3]] as [[Int32]])
  func endsMustAscendToTheLastRow(ends: [Int32]) throws {
    var writer = ArrowWriter(rowCount: 3)
    writer.add("region", runsOf: ["a", "b", "b"])
    var bytes = writer.bytes()
    let region = ByteRegion.copying(bytes)
    guard case .runs(let buffer, _) = try ArrowReader.open(region, name: "x").data(named: "region") else {
      Issue.record("expected runs")
      return
    }
    let offset = unsafe Int(bitPattern: buffer.elements.baseAddress) - Int(bitPattern: region.bytes.baseAddress)
    for (index, end) in ends.enumerated() {
      for byte in 0..<4 { bytes[offset + 4 * index + byte] = UInt8(truncatingIfNeeded: end >> Int32(8 * byte)) }
    }
    let error = #expect(throws: ArrowError.self) { try ArrowReader.open(.copying(bytes), name: "x") }
    #expect(
      [
        "the runs of column `region` are out of order", "the runs of column `region` must end at row 3",
      ].contains(error?.reason))
  }
}
