import ClusterQuery
import Foundation
import Testing

/// Files as agencies and spreadsheets write them: each becomes the right table, or one message with the way out.
@Suite struct PublishedShapesTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var name: String
    var text: String
    /// A program in which FILE stands for the path.
    var program: String
    /// The last table as CSV, or what the one message holds.
    var result: [String]
    var isLatin1 = false
    var hasMark = false
    var testDescription: String { name }
  }

  private static let rows = "Ohio,2019,100\nTexas,2019,250\n"
  private static let opened = "state,year,jobs\nOhio,2019,100\nTexas,2019,250\n"

  static let tables: [Shape] = [
    Shape(
      name: "a spreadsheet's first line says the separator", text: "sep=;\r\nstate;year;jobs\r\nOhio;2019;1,5\r\n",
      program: #"open("FILE")"#, result: ["state,year,jobs\nOhio,2019,1.5\n"], hasMark: true),
    Shape(
      name: "a separator line with commas", text: "\"sep=,\"\nstate,year,jobs\n" + rows, program: #"open("FILE")"#,
      result: [opened]),
    Shape(
      name: "Spanish in Latin-1 with thousands points",
      text: "Entidad;Año;Empleo\nMichoacán de Ocampo;2019;1.234.567\nYucatán;2019;345.678,5\n",
      program: "let mine = dataset(\"FILE\")\nemployment(by:state, data:mine)",
      result: ["Michoacán,16,1234567\nYucatán,31,345678.5\n"], isLatin1: true),
    Shape(
      name: "lines that end with a separator", text: "state,year,jobs,\nOhio,2019,100,\nTexas,2019,250,\n",
      program: #"open("FILE")"#, result: [opened]),
    Shape(
      name: "rows that end with a separator", text: "state,year,jobs\nOhio,2019,100,\r\nTexas,2019,250,\n",
      program: #"open("FILE")"#, result: [opened]),
    Shape(
      name: "names that are repeated", text: "state,year,jobs\r\nOhio,2019,100\nstate,year,jobs\nTexas,2019,250\n",
      program: #"open("FILE")"#, result: [opened]),
    Shape(
      name: "titles above and notes below", text: "Jobs\nof somewhere\n\nstate,year,jobs\n" + rows + "Source: me\n",
      program: #"open("FILE", skip_lines:3, bad_rows:skip)"#, result: [opened]),
    Shape(
      name: "dates for years", text: "state,date,jobs\nOhio,2019-01-01,100\nTexas,31/12/2019,250\n",
      program: "let mine = dataset(\"FILE\")\nemployment(by:[state, year], data:mine)",
      result: ["Ohio,39,2019,100\nTexas,48,2019,250\n"]),
    Shape(
      name: "preliminary years", text: "state,year,jobs\nOhio,2019/p,100\nTexas,2019r,250\nIowa,FY2019,7\n",
      program: "let mine = dataset(\"FILE\")\nemployment(by:[state, year], data:mine)",
      result: ["Iowa,19,2019,7\nOhio,39,2019,100\nTexas,48,2019,250\n"]),
    Shape(
      name: "codes that have lost their zeros", text: "fips,year,jobs\n1001,2019,100\n6037,2019,4000\n",
      program: "let mine = dataset(\"FILE\")\nemployment(by:state, data:mine)",
      result: ["Alabama,01,100\nCalifornia,06,4000\n"]),
    Shape(
      name: "counties with their states behind a comma",
      text: "county,year,jobs\n\"Cuyahoga County, Ohio\",2019,100\n\"Harris County, Texas\",2019,250\n",
      program: "let mine = dataset(\"FILE\")\nemployment(by:county, data:mine)",
      result: ["39035,100\n", "48201,250\n"]),
    Shape(
      name: "sectors as ranges",
      text: "state,year,naics,jobs\nOhio,2019,31-33,100\nOhio,2019,44-45,50\nOhio,2019,11,5\n",
      program: "let mine = dataset(\"FILE\")\nemployment(by:naics2, data:mine)",
      result: [",31-33,100\n", ",44-45,50\n", ",11,5\n"]),
    Shape(
      name: "signs of withheld numbers",
      text: "state,year,jobs\nOhio,2019,D\nTexas,2019,(D)\nIowa,2019,N\nUtah,2019,*\nMaine,2019,S\nIdaho,2019,\"x\"\n"
        + "Nevada,2019,c\nKansas,2019,n/d\nAlaska,2019,-\nOregon,2019,\nHawaii,2019,7\n",
      program: #"open("FILE")"#,
      result: ["Ohio", "Texas", "Iowa", "Utah", "Maine", "Idaho", "Kansas"].map { "\($0),2019,,withheld\n" }
        + ["Nevada,2019,,withheld\n", "Alaska,2019,,missing\n", "Oregon,2019,,missing\n", "Hawaii,2019,7,known\n"]),
    Shape(
      name: "the Quarterly Census of Employment and Wages",
      text:
        "\"area_fips\",\"own_code\",\"industry_code\",\"agglvl_code\",\"size_code\",\"year\",\"qtr\",\"disclosure_code\","
        + "\"annual_avg_estabs\",\"annual_avg_emplvl\"\n\"39000\",\"5\",\"10\",\"51\",\"0\",\"2019\",\"A\",\"\",280000,4700000\n"
        + "\"39000\",\"5\",\"31-33\",\"54\",\"0\",\"2019\",\"A\",\"\",12000,700000\n"
        + "\"39000\",\"5\",\"3364\",\"56\",\"0\",\"2019\",\"A\",\"N\",120,0\n",
      program:
        "let mine = dataset(\"FILE\")\nemployment(by:state, data:mine)\nemployment(by:[state, naics4], data:mine)",
      result: ["Ohio,39,4700000\n", ",3364,,withheld"]),
    Shape(
      name: "a disclosure code withholds the zero beside it",
      text: "area_fips,year,industry_code,disclosure_code,annual_avg_emplvl\n39000,2019,3364,N,0\n48000,2019,3364,,5\n",
      program: #"open("FILE")"#, result: ["39000,2019,3364,N,,withheld\n", "48000,2019,3364,,5,known\n"]),
    Shape(
      name: "County Business Patterns",
      text: "fipstate,fipscty,naics,emp_nf,emp,est,n<5\n01,001,------,G,11041,870,400\n01,001,11----,D,0,7,N\n"
        + "01,001,31----,G,2100,30,5\n06,037,------,G,4000000,3,4\n",
      program: "let mine = dataset(\"FILE\", year:2019)\nemployment(by:county, data:mine)",
      result: ["01001,11041\n", "06037,4000000\n"]),
    Shape(
      name: "a table of Statistics Canada",
      text:
        "\"REF_DATE\",\"GEO\",\"DGUID\",\"North American Industry Classification System (NAICS)\",\"UOM\",\"UOM_ID\","
        + "\"VECTOR\",\"VALUE\",\"STATUS\",\"SYMBOL\"\n"
        + "\"2019\",\"Canada\",\"2016A000011124\",\"Manufacturing [31-33]\",\"Persons\",\"249\",\"v1\",\"1500\",\"\",\"\"\n"
        + "\"2019\",\"Ontario\",\"2016A000235\",\"Manufacturing [31-33]\",\"Persons\",\"249\",\"v2\",\"700\",\"\",\"\"\n"
        + "\"2019\",\"Quebec\",\"2016A000224\",\"Manufacturing [31-33]\",\"Persons\",\"249\",\"v3\",\"\",\"x\",\"\"\n",
      program: "let mine = dataset(\"FILE\")\nvalue(by:state, naics2:\"31-33\", data:mine)\n"
        + "value(by:country, naics2:\"31-33\", data:mine)",
      result: ["Quebec,24,,withheld", "Ontario,35,700,known", "Canada,CA,1500\n"], hasMark: true),
    Shape(
      name: "blank columns and codes are no measures",
      text: "id,state,year,latitud,empty,unit_code,jobs\n7,Ohio,2019,41.5,,3,100\n8,Texas,2019,30.1,,3,250\n",
      program:
        #"dataset("FILE") | where used_as == "measure employment" or used_as == "not used" | select column, used_as"#,
      result: [
        "column,used_as\njobs,measure employment\nid,not used\nlatitud,not used\nempty,not used\nunit_code,not used\n"
      ]),
  ]

  static let messages: [Shape] = [
    Shape(
      name: "padded titles", text: "Jobs,,\n,,\nstate,year,jobs\n" + rows, program: #"open("FILE")"#,
      result: ["line 1: column 2 has no name", "`skip_lines:2`"]),
    Shape(
      name: "titles without separators", text: "Jobs\nof somewhere\nstate,year,jobs\n" + rows + "Source\nNote\nEnd\n",
      program: #"open("FILE")"#, result: ["line 3: it has 3 fields", "`skip_lines:2`"]),
    Shape(
      name: "a nameless last column with values", text: "state,year,jobs,\nOhio,2019,100,7\n",
      program: #"open("FILE")"#,
      result: ["line 1: column 4 has no name"]),
    Shape(
      name: "two columns of one name", text: "state,year,jobs,jobs\nOhio,2019,1,2\n", program: #"open("FILE")"#,
      result: ["columns 3 and 4 are both called `jobs`", "rename one of them"]),
    Shape(
      name: "another column tells rows apart",
      text: "state,year,own_code,sex,jobs\nOhio,2019,5,all,100\nOhio,2019,0,all,107\n", program: #"dataset("FILE")"#,
      result: [
        "line 2 and line 3", "they differ in `own_code` (5 and 0)", "where `own_code` == 5 | save", "duplicates:add",
      ]),
    Shape(
      name: "months", text: "state,month,jobs\nOhio,2019-01,100\nOhio,2019-02,101\n", program: #"dataset("FILE")"#,
      result: ["has months, and datasets have years and quarters"]),
    Shape(
      name: "establishments to be counted",
      text: "id,nom_estab,codigo_act,cve_ent,latitud\n1,Uno,311830,14,20.1\n2,Dos,327310,01,21.1\n",
      program: #"dataset("FILE", year:2024)"#,
      result: ["no column of numbers", "summarize establishments = sum(one), by:[`cve_ent`, `codigo_act`]"]),
    Shape(
      name: "years as columns", text: "state,2015,2016\nOhio,1,2\n", program: #"dataset("FILE")"#,
      result: ["its years are columns", "unpivot `2015`, `2016`"]),
  ]

  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "cq-shapes-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func file(_ shape: Shape) throws -> String {
    let path = folder + "/table.csv"
    let mark: [UInt8] = shape.hasMark ? [0xEF, 0xBB, 0xBF] : []
    let bytes =
      shape.isLatin1
      ? shape.text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } : Array(shape.text.utf8)
    try Data(mark + bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  @Test(arguments: tables) func becomesTheRightTable(_ shape: Shape) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try file(shape)
    var shown = ""
    try Session(engine: try Bundled.engine.get()).execute(shape.program.replacing("FILE", with: path)) {
      shown += $0.render(.csv)
    }
    for part in shape.result { #expect(shown.contains(part), "\(shown)") }
  }

  @Test(arguments: messages) func oneMessageWithTheWayOut(_ shape: Shape) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try file(shape)
    let error = #expect(throws: Diagnostics.self) {
      try Session(engine: try Bundled.engine.get()).execute(shape.program.replacing("FILE", with: path)) { _ in }
    }
    let errors = error?.all.filter { $0.severity == .error } ?? []
    #expect(errors.count == 1)
    guard let first = errors.first else { return }
    let message = ([first.message] + first.helps + first.notes).joined(separator: "\n")
    #expect(message.contains("table.csv"))
    for part in shape.result { #expect(message.contains(part), "\(message)") }
  }

  /// A column of years shows them as years, whatever it is called.
  @Test(arguments: ["yr", "año", "Ano", "Jahr", "TIME_PERIOD", "REF_DATE", "ejercicio"])
  func yearsHaveNoThousands(_ name: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try file(Shape(name: "", text: "state,\(name),jobs\nOhio,2020,2020\n", program: "", result: []))
    var shown = ""
    try Session(engine: try Bundled.engine.get()).execute("open(\"\(path)\")") { shown = $0.render(.table) }
    #expect(shown.contains(" 2020  2,020"), "\(shown)")
    let summary = try Session(engine: try Bundled.engine.get()).importFile(path, to: folder + "/out.arrow")
    #expect(summary.isDataset && summary.columns.contains("\(name): year"))
  }

  @Test func otherNumbersStayNumbers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = try file(Shape(name: "", text: "state,yr,jobs\nOhio,3000,2020\nIowa,7,1\n", program: "", result: []))
    var shown = ""
    try Session(engine: try Bundled.engine.get()).execute("open(\"\(path)\")") { shown = $0.render(.table) }
    #expect(shown.contains("3,000"), "\(shown)")
  }
}
