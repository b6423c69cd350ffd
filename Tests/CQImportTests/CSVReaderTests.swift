import CQColumns
import CQImport
import Testing

@Suite struct CSVReaderTests {
  @Test(arguments: [
    ("state,amount\nOhio,5\nIowa,7\n", [["Ohio", "5"], ["Iowa", "7"]]),
    ("state,amount\r\nOhio,5\r\n", [["Ohio", "5"]]),
    ("\u{FEFF}state,amount\nOhio,5", [["Ohio", "5"]]),
    ("state;amount\nOhio;5,5\n", [["Ohio", "5.5"]]),
    ("state;amount\nOhio;1.234,5\n", [["Ohio", "1234.5"]]),
    ("state;amount\nOhio;1 234 567\nIowa;0,5", [["Ohio", "1234567"], ["Iowa", "0.5"]]),
    ("state|amount\nOhio|1,234,567\n", [["Ohio", "1234567"]]),
    ("state\tamount\nOhio\t\nIowa\t3\n", [["Ohio", "missing"], ["Iowa", "3"]]),
    ("state,amount\n\"Ohio, \"\"the\"\" state\",5\n\n", [["Ohio, \"the\" state", "5"]]),
    ("state,amount\n\"two\nlines\",5\n", [["two\nlines", "5"]]),
    ("state,amount\nQuerétaro,-5\n", [["Querétaro", "-5"]]),
    ("state,amount\n", []),
    (
      "state,amount\nOhio,D\nIowa,7\nUtah,(D)\nTexas,NA\n",
      [["Ohio", "withheld"], ["Iowa", "7"], ["Utah", "withheld"], ["Texas", "missing"]]
    ),
    ("state,amount\nOhio,D\nIowa,S\n", [["Ohio", "D"], ["Iowa", "S"]]),
    ("state,amount\n39,06037\n19,5\n", [["39", "06037"], ["19", "5"]]),
    ("state,amount\nOhio,1e3\nIowa,.25\nUtah,+4\n", [["Ohio", "1000"], ["Iowa", "0.25"], ["Utah", "4"]]),
    ("state,amount\nOhio,12a\nIowa,7\n", [["Ohio", "12a"], ["Iowa", "7"]]),
    ("state,amount\nOhio, 12 \nIowa,\"7\"\n", [["Ohio", "12"], ["Iowa", "7"]]),
    ("state,amount\nOhio,9007199254740993\n", [["Ohio", "9007199254740993"]]),
  ])
  func reads(_ text: String, _ rows: [[String]]) throws {
    let table = try CSVReader.read(Array(text.utf8))
    #expect(table.columns.map(\.name) == ["state", "amount"])
    #expect(rowsOfTexts(table) == rows)
  }

  @Test func namesTheLineOfEachRow() throws {
    let table = try CSVReader.read(Array("a,b\n1,\"x\ny\"\n\n2,z\n3,w\n".utf8))
    #expect((0..<3).map { table.lines?.line(ofRow: $0) } == [2, 5, 6])
  }

  @Test func latinOneIsSeenWhereNothingIsUTF8() throws {
    let table = try CSVReader.read(Array("state,n\nQuer".utf8) + [0xE9] + Array("taro,5\n".utf8))
    #expect(rowsOfTexts(table) == [["Querétaro", "5"]])
    #expect(table.format.hasSuffix("Latin-1"))
    var options = ImportOptions()
    options.encoding = .utf8
    let error = #expect(throws: ImportError.self) {
      try CSVReader.read(Array("state,n\nQuer".utf8) + [0xE9] + Array("taro,5\n".utf8), options)
    }
    #expect(error?.line == 2)
  }

  @Test(arguments: [
    ("", nil, "the file is empty"),
    ("a,\n1,2\n", 1, "column 2 has no name"),
    ("a,a\n1,2\n", 1, "columns 1 and 2 are both called `a`"),
    ("1,2\n3,4\n", 1, "it holds numbers where the names of the columns should be"),
    ("a,b\n1,2\n3\n4,5\n", 3, "it has 1 field, and the first line names 2 columns"),
    (
      "a,b\n1,2\n3\n4,5,6\n", 3,
      "it has 1 field, and the first line names 2 columns; so has one more row another number of them"
    ),
    (
      "a,b\n1,2\n3", 3,
      "it has 1 field, and the first line names 2 columns; it is the last one, so the file was probably cut short"
    ),
    ("a,b\n1,\"2\n", 2, "a quoted field begins here and is never closed"),
    ("a,b\n1,\"2\"3\n", 2, "a quote in the middle of a field must be doubled"),
    ("a,b\n1,2\n3,\0\n", 3, "it holds a NUL byte, which no text does"),
    ("a,b\n1,1e999\n", 2, "`1e999` in column `b` is too large for a number"),
    ("a,b\n1,123456789012345678901234\n", 2, "`123456789012345678901234` in column `b` is too large for a number"),
  ])
  func refuses(_ text: String, _ line: Int?, _ reason: String) {
    let error = #expect(throws: ImportError.self) { try CSVReader.read(Array(text.utf8)) }
    #expect(error?.line == line)
    #expect(error?.reason == reason)
    #expect(error?.remedy?.isEmpty == false)
  }

  @Test func badRowsAreLeftOutWhenAskedForAndNamed() throws {
    var options = ImportOptions()
    options.skipsBadRows = true
    let table = try CSVReader.read(Array("a,b\n1,2\n3\n4,5,6\n\n7,\"8\"x\n9,10\n".utf8), options)
    #expect(rowsOfTexts(table) == [["1", "2"], ["9", "10"]])
    #expect(
      table.notes == [
        "3 rows left out, which have not 2 fields: line 3 (1 field), line 4 (3 fields), line 6 (a stray quote)"
      ])
    #expect(table.lines?.line(ofRow: 1) == 7)
  }

  @Test func optionsSayWhatCanNotBeSeen() throws {
    var options = ImportOptions()
    options.textColumns = ["a"]
    options.withheldMarks = ["geheim"]
    options.skippedLines = 2
    let text = "Table 5\nof the office\na;b\n1;geheim\n2;2,5\n"
    let table = try CSVReader.read(Array(text.utf8), options)
    #expect(rowsOfTexts(table) == [["1", "withheld"], ["2", "2.5"]])
    #expect(!table.columns[0].isNumeric)
    options = ImportOptions()
    options.hasHeader = false
    let bare = try CSVReader.read(Array("1,2\n3,4\n".utf8), options)
    #expect(bare.columns.map(\.name) == ["column1", "column2"])
    #expect(rowsOfTexts(bare) == [["1", "2"], ["3", "4"]])
  }

  @Test func aTextFarDownMakesTheColumnOneOfTexts() throws {
    let lines = (0..<60_000).map { $0 == 55_000 ? "x7,a" : "\($0),a" }
    let table = try CSVReader.read(Array(("n,t\n" + lines.joined(separator: "\n")).utf8))
    #expect(!table.columns[0].isNumeric)
    #expect(table.columns[0].oddity == FileTable.Oddity(line: 55_002, text: "x7"))
    #expect(table.columns[0].text(at: 54_999) == "54999")
  }

  @Test func stopsWhenAsked() {
    let text = "a,b\n" + String(repeating: "1,2\n", count: 100_000)
    let error = #expect(throws: ImportError.self) {
      try CSVReader.read(Array(text.utf8), ImportOptions(), ImportControl(isStopped: { true }))
    }
    #expect(error?.kind == .stopped)
    let limited = #expect(throws: ImportError.self) {
      try CSVReader.read(Array(text.utf8), ImportOptions(), ImportControl(rowLimit: 1000))
    }
    #expect(limited?.kind == .limit)
  }

  /// Blocks keep their numbers and the numbers of their texts as narrow as they can; together they are what the file says.
  @Test func blocksOfDifferentWidthsAgree() throws {
    // From a few texts and small numbers to more than 65,536 texts and long numbers, in blocks of their own.
    let rows: [(text: String, number: Int)] =
      (0..<500).map { ("few \($0 % 3)", $0 - 250) } + (0..<2_000).map { ("some \($0 % 400)", $0 * 1_000) }
      + (0..<70_000).map { ("many \($0)", $0 * 10_000_000_000) } + [("few 1", -32_768), ("few 2", 32_767)]
    let text = "name,n\n" + rows.map { "\($0.text),\($0.number)\n" }.joined()
    for blockSize in [1 << 12, 1 << 15, 1 << 22] {
      var control = ImportControl(threadCount: 2)
      control.blockSize = blockSize
      let table = try CSVReader.read(Array(text.utf8), ImportOptions(), control)
      #expect((0..<table.rowCount).map { table.columns[0].text(at: $0) } == rows.map(\.text))
      #expect((0..<table.rowCount).map { table.columns[1].number(at: $0) } == rows.map { Double($0.number) })
    }
  }

  /// Random tables, against a reader that is plain to see through; blocks so small that most records cross one.
  @Test(arguments: 0..<60)
  func agreesWithANaiveReader(_ seed: UInt64) throws {
    var random = SmallRandom(seed: seed)
    let text = RandomCSV.text(&random)
    let expected = NaiveCSV.read(text.bytes, separator: text.separator)
    for (threads, blockSize) in [(1, 1 << 20), (1, 64), (2, 257), (7, 64)] {
      var control = ImportControl(threadCount: threads)
      control.blockSize = blockSize
      let table = try CSVReader.read(text.bytes, ImportOptions(), control)
      #expect(table.columns.map(\.name) == expected.names)
      for (column, values) in zip(table.columns, expected.columns) {
        switch values {
        case .numbers(let numbers):
          let read = (0..<table.rowCount).map { column.state(at: $0).hasValue ? column.number(at: $0) : nil }
          #expect(read == numbers, "column \(column.name), seed \(seed), blocks of \(blockSize)")
        case .texts(let texts):
          #expect(
            (0..<table.rowCount).map { column.text(at: $0) } == texts,
            "column \(column.name), seed \(seed), blocks of \(blockSize)")
        }
      }
    }
  }
}

/// Rows as texts: numbers as they print, cells without a number by their state.
func rowsOfTexts(_ table: FileTable) -> [[String]] {
  (0..<table.rowCount).map { row in
    table.columns.map { column in
      let state = column.state(at: row)
      return state.hasValue ? column.text(at: row) : state.name
    }
  }
}
