import CQColumns
import CQImport
import Testing

@Suite struct CSVReaderTests {
  @Test(arguments: [
    ("state,amount\nOhio,5\nIowa,7\n", [["Ohio", "5"], ["Iowa", "7"]]),
    ("state,amount\r\nOhio,5\r\n", [["Ohio", "5"]]),
    ("\u{FEFF}state,amount\nOhio,5", [["Ohio", "5"]]),
    ("state;amount\nOhio;5,5\n", [["Ohio", "5,5"]]),
    ("state\tamount\nOhio\t\n", [["Ohio", ""]]),
    ("state,amount\n\"Ohio, \"\"the\"\" state\",5\n\n", [["Ohio, \"the\" state", "5"]]),
    ("state,amount\n\"two\nlines\",5\n", [["two\nlines", "5"]]),
    ("state,amount\nQuerétaro,5\n", [["Querétaro", "5"]]),
    ("state,amount\n", []),
  ])
  func reads(_ text: String, _ rows: [[String]]) throws {
    let grid = try CSVReader.read(text)
    #expect(grid.names == ["state", "amount"])
    #expect(grid.rows == rows)
  }

  @Test func namesTheLineOfEachRow() throws {
    #expect(try CSVReader.read("a,b\n1,\"x\ny\"\n\n2,z\n").lines == [2, 5])
  }

  @Test(arguments: [
    ("", 1, "the file is empty"),
    ("a,\n1,2\n", 1, "column 2 has no name"),
    ("a,a\n1,2\n", 1, "two columns have the same name"),
    ("a,b\n1,2\n3\n", 3, "it has 1 fields, and the first line names 2"),
    ("a,b\n1,\"2\n", 2, "a quoted field is never closed"),
    ("a,b\n1,\"2\"3\n", 2, "a quote in the middle of a field must be doubled"),
  ])
  func refuses(_ text: String, _ line: Int, _ reason: String) {
    let error = #expect(throws: CSVError.self) { try CSVReader.read(text) }
    #expect(error?.line == line)
    #expect(error?.reason == reason)
  }
}
