import CQBundledData
import CQColumns
import ClusterQuery
import Testing

/// Plain tables of the catalogue at the start of a pipeline.
struct PlainTableTests {
  private let session: Session

  init() throws {
    var writer = ArrowWriter(
      rowCount: 4,
      metadata: [
        (key: "title", value: "Test organisations"), (key: "source", value: "A document"),
        (key: "licence", value: "free"),
        (key: "citation", value: "A document, 2016."), (key: "note.1", value: "As printed."),
        (key: "column.state.level", value: "state"), (key: "column.state.country", value: "US"),
        (key: "column.home.level", value: "state"), (key: "column.members.unit", value: "firms"),
        (key: "column.members.state", value: "members_state"),
      ])
    writer.add("state", .dictionary(codes: [0, 1, 0, 2], values: ["Ohio", "texas", "WA"], width: .bits8))
    writer.add("home", .texts(["ohio", "", "Ohio", "WA"]))
    writer.add("name", .texts(["A", "B", "C", "D"]))
    writer.add("members", .int16([10, 20, 0, 40]))
    writer.add(
      "members_state", .dictionary(codes: [0, 0, 3, 0], values: CellState.allCases.map(\.name), width: .bits8))
    writer.add("year", .int16([2016, 2016, 2017, 2018]))
    let file = (name: "table.test_organisations.arrow", region: ByteRegion.copying(writer.bytes()))
    let others = BundledFiles.all.filter { $0.name != "index.arrow" }
    session = Session(engine: try Engine(DataSource(files: others + [file])))
  }

  private func csv(_ text: String) throws -> String {
    var last: ResultTable?
    try session.execute(text) { last = $0 }
    return try #require(last).render(.csv)
  }

  private func rows(_ text: String) throws -> [String] { try csv(text).split(separator: "\n").map(String.init) }

  private func code(_ text: String) -> String? { session.check(text).all.first?.code }

  @Test func columnsHaveTheirMeaning() throws {
    let found = try rows("test_organisations")
    #expect(
      found == [
        "state,state_code,home,name,members,members_state,year", "Ohio,39,Ohio,A,10,known,2016",
        "Texas,48,,B,20,known,2016", "Ohio,39,Ohio,C,,missing,2017", "Washington,53,Washington,D,40,known,2018",
      ])
  }

  @Test(arguments: [
    ("test_organisations | where state == \"Ohio\" | summarize n = count(name)", "n\n2\n"),
    ("test_organisations | summarize n = count(home), m = count(state)", "n,m\n3,4\n"),
    ("Test_Organisations | where state == \"39\" | select name", "name\nA\nC\n"),
    ("test_organisations | where home == \"ohio\" | select name", "name\nA\nC\n"),
    (
      "test_organisations | summarize n = count(name), by:state | sort n desc | first 1",
      "state,state_code,n\nOhio,39,2\n"
    ),
    ("let it = test_organisations | where members > 15\nit | select name", "name\nB\nD\n"),
    (
      "let test_organisations = employment(by:year, year:2019..2020)\ntest_organisations | select year",
      "year\n2019\n2020\n"
    ),
    (
      "employment(by:state, state:[\"Texas\", \"Iowa\"], year:2020) | join (test_organisations | where name == \"B\" | "
        + "select state, name), keep:matched | select state, name",
      "state,state_code,name\nTexas,48,B\n"
    ),
  ])
  func verbsWorkOnIt(text: String, expected: String) throws { #expect(try csv(text) == expected) }

  @Test func theHeaderNamesTheSource() throws {
    var table: ResultTable?
    try session.execute("test_organisations | first 1") { table = $0 }
    #expect(table?.header.source == "A document" && table?.header.dataset == "test_organisations")
    #expect(table?.notes.map(\.text) == ["As printed."])
  }

  @Test(arguments: [
    ("test_organisations | sort nme", "E0403"), ("test_organisations | derive x = lq(cluster:\"Aerospace\")", "E0404"),
    ("test_organisation | first 1", "E0201"), ("test_organisations | where state == \"Ohoi\"", "E0301"),
    ("test_organisations + 1", "E0201"),
  ])
  func mistakesAreFound(text: String, expected: String) { #expect(code(text) == expected) }

  @Test func datasetsListsIt() throws {
    #expect(
      try csv("datasets | where kind == \"table\" and dataset == \"test_organisations\" | drop rows, levels, years")
        == """
        dataset,kind,country,measures,title,source,licence
        test_organisations,table,,,Test organisations,A document,free

        """)
  }
}
