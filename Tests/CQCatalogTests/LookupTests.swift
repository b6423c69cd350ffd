import CQCatalog
import Testing

/// Which member a text means, over several levels and countries.
struct LookupTests {
  private let catalog: Catalog

  init() throws { catalog = try SmallFiles().openIndexed() }

  private func found(_ text: String, _ levels: [Level] = Level.places, _ countries: [String] = ["US"]) -> [String] {
    catalog.find(text, levels: levels, preferring: countries).map { "\($0.level.rawValue) \($0.country) \($0.code)" }
  }

  @Test(arguments: [
    ("Ohio", "state US 39"), ("ohio", "state US 39"), ("OH", "state US 39"), ("Nueva York", "state US 36"),
    ("Mexico", "country MX MX"), ("México", "country MX MX"), ("MX", "country MX MX"), ("MEX", "country MX MX"),
    ("Canada", "country CA CA"), ("CA", "state US 06"), ("Georgia", "state US 13"), ("USMCA", "country NA NA"),
    ("north america", "country NA NA"), ("01", "state US 01"), ("36061", "county US 36061"),
    ("Essex County, NJ", "county US 34013"), ("estado de mexico", "state MX 15"),
    ("01.1.01", "metro MX 01.1.01"),
    // The metro of that name lies elsewhere.
    ("Washington", "state US 53"),
  ])
  func oneIsMeant(text: String, expected: String) { #expect(found(text) == [expected]) }

  @Test(arguments: [
    ("New York", ["state US 36", "metro US 35620", "county US 36061"]),
    ("Durango", ["state MX 10", "metro US 20420"]),
    ("Ontario", ["state CA 35", "county US 36069"]),
  ])
  func severalAreToldApart(text: String, expected: [String]) { #expect(found(text) == expected) }

  @Test func whatLiesInsideGivesWay() {
    #expect(found("Aguascalientes", Level.places, ["MX"]) == ["state MX 01"])
    #expect(found("Aguascalientes", [.metro, .county], ["MX"]) == ["metro MX 01.1.01"])
    #expect(found("Aguascalientes", [.county], ["MX"]) == ["county MX 01001"])
  }

  @Test func theAreaOfTheTableDecides() {
    #expect(found("01", Level.places, ["MX"]) == ["state MX 01"])
    #expect(found("01", [.state], []) == ["state US 01", "state MX 01"])
    #expect(found("01", [.state], ["MX", "US"]) == ["state MX 01"])
    #expect(found("Durango", Level.places, ["MX"]) == ["state MX 10"])
    #expect(found("Durango", [.metro], ["US"]) == ["metro US 20420"])
    #expect(found("Durango", [.metro], ["CA"]) == ["metro US 20420", "metro MX 10.2.01"])
    #expect(found("CA", Level.places, ["CA"]) == ["country CA CA"])
    #expect(found("CA", [.country]) == ["country CA CA"])
    #expect(found("Georgia", [.country]) == ["country GEO GEO"])
  }

  @Test(arguments: ["", "Nowhere", "New Yrok", "010"]) func nothingElseIsFound(text: String) {
    #expect(found(text).isEmpty)
  }

  @Test func finerLevelsAreOpenedOnlyWhereANameIsShared() throws {
    var files = SmallFiles()
    files.addRegions(.county, [["US", "1", "x", "", "1", ""]], also: [0], leavingOut: "name")
    let catalog = try files.openIndexed()
    #expect(catalog.find("Ohio", levels: Level.places).count == 1)
    #expect(catalog.damage == nil, "counties have not been read")
    _ = catalog.find("New York", levels: Level.places)
    #expect(catalog.damage?.message.contains("it must have a text column `name`") == true)
  }

  @Test func activitiesAreFoundByTheirTitlesInEveryLanguage() throws {
    var files = SmallFiles()
    files.addTree(
      "tree.scian.2018.arrow",
      [
        ["31-33", "naics2", "Manufacturing", "", "", "", "Industrias manufactureras", ""],
        ["336411", "naics6", "Fabricación de aeronaves", "31-33", "", "", "", ""],
        ["336", "naics3", "Transport equipment", "31-33", "", "", "Equipo de transporte", "Matériel de transport"],
      ])
    files.addTree("tree.seph.arrow", [["T002", "industry", "Aircraft", "", "", ""]])
    files.addTree("tree.bea.arrow", [["T002", "industry", "Forests", "", "", ""]])
    let manifest = SmallFiles.manifest.map { ($0.0, ["scheme": "scian", "country": "MX"][$0.0] ?? $0.1) }
    files.add("mx_test.arrow", facts: manifest)
    let catalog = try files.openIndexed()
    #expect(catalog.list(.naics2).find("Industrias manufactureras").map(\.code) == ["31-33"])
    #expect(catalog.list(.naics2).members.count == 1, "the sector is the same in both countries")
    #expect(catalog.list(.naics3).find("materiel de transport").map(\.code) == ["336"])
    // The sixth digit is national.
    #expect(catalog.find("336411", levels: [.naics6], preferring: ["US"]).map(\.name) == ["Aircraft"])
    #expect(catalog.find("336411", levels: [.naics6], preferring: ["MX"]).map(\.name) == ["Fabricación de aeronaves"])
    #expect(catalog.find("336411", levels: [.naics6]).count == 2)
    // Two sources' own lines may share a code.
    #expect(catalog.list(.industry).find("T002").map(\.country) == ["bea", "seph"])
    #expect(catalog.member(MemberKey(level: .industry, country: "seph", code: "T002"))?.name == "Aircraft")
    let tree = try #require(catalog.tree(scheme: "seph", vintage: nil))
    #expect(tree.key(of: 1) == MemberKey(level: .industry, country: "seph", code: "T002") && tree.key(of: 0) == nil)
  }
}
