import CQCatalog
import CQColumns
import Testing

struct CatalogTests {
  @Test func smallFilesOpen() throws {
    let catalog = try SmallFiles().open()
    #expect(catalog.datasets.map(\.name) == ["us_test"])
    #expect(catalog.vintages(of: "naics") == [2017])
    #expect(catalog.list(.state).find("WA").map(\.name) == ["Washington"])
    #expect(catalog.list(.country).find("estados unidos").map(\.code) == ["US"])
    #expect(catalog.list(.naics6).members.map(\.code) == ["336411"])
    #expect(catalog.member(MemberKey(level: .subcluster, country: "", code: "1.1"))?.parent == "1")
    #expect(catalog.damage == nil)
  }

  @Test(arguments: ["regions.country.arrow", "clusters.arrow", "subclusters.arrow"])
  func filesOfTheCatalogueAreNeeded(name: String) throws {
    var files = SmallFiles()
    files.files = files.files.filter { $0.key.prefix { $0 != "." } != name.prefix { $0 != "." } }
    let error = #expect(throws: CatalogError.self) { try files.open() }
    #expect(error?.message == "the data has no file `\(name)`")
  }

  @Test(arguments: [
    ("regions.country.arrow", ["country", "code", "name", "abbreviation", "parent", "aliases"]),
    ("regions.state.arrow", ["country", "code", "name", "abbreviation", "parent", "aliases"]),
    ("clusters.arrow", ["code", "name", "kind", "short_name", "aliases"]),
    ("subclusters.arrow", ["code", "cluster", "name"]),
  ])
  func everyColumnIsNeeded(name: String, columns: [String]) throws {
    for missing in columns {
      var files = SmallFiles()
      files.add(name, texts: columns.filter { $0 != missing }.map { ($0, ["x"]) })
      let catalog = try files.open()
      #expect(catalog.damage == nil, "not read yet")
      for level in [Level.country, .state, .cluster, .subcluster] { _ = catalog.list(level) }
      #expect(
        catalog.damage?.message == "the data file of `\(name)` can't be used: it must have a text column `\(missing)`")
    }
  }

  @Test func damageOfIndustriesShowsAtTheirFirstUse() throws {
    var files = SmallFiles()
    files.addTree("tree.naics.2017.arrow", [["11", "naics6", "Farms", "", "", ""]], leavingOut: "parent")
    let catalog = try files.open()
    #expect(catalog.damage == nil, "not read yet")
    #expect(catalog.tree(scheme: "naics", vintage: 2017) == nil)
    #expect(catalog.damage?.message.hasSuffix("it must have a text column `parent`") == true)
    #expect(catalog.list(.naics6).members.isEmpty)
  }

  @Test func codesGivenTwiceDoNotTrap() throws {
    var files = SmallFiles()
    files.add(
      "clusters.arrow",
      texts: [
        ("code", ["1", "1"]), ("name", ["A", "B"]), ("kind", ["traded", "local"]), ("short_name", ["", ""]),
        ("aliases", ["", ""]),
      ])
    files.add("subclusters.arrow", texts: [("code", ["1", "1"]), ("cluster", ["1", "1"]), ("name", ["C", "D"])])
    let catalog = try files.open()
    #expect(catalog.list(.cluster).member(code: "1")?.name == "A")
    #expect(catalog.tree(scheme: "naics", vintage: 2017)?.clusters == [-1, -1, 0])
  }

  @Test func datasetsAreTriedLatestFirst() throws {
    var files = SmallFiles()
    func manifest(_ changes: [String: String]) -> [(String, String)] {
      SmallFiles.manifest.map { ($0.0, changes[$0.0] ?? $0.1) }
    }
    files.add("us_a_old.arrow", facts: SmallFiles.manifest, years: .int16([2001, 2001, 2002, 2002]))
    files.add("us_b_coarse.arrow", facts: manifest(["levels.activity": "naics2"]))
    files.add("us_a_same.arrow", facts: SmallFiles.manifest)
    let catalog = try files.open()
    #expect(catalog.datasets.map(\.name) == ["us_a_same", "us_test", "us_b_coarse", "us_a_old"])
    #expect(catalog.dataset(named: "US_A_Old")?.years == [2001, 2002])
    #expect(catalog.dataset(named: "us a old")?.name == "us_a_old")
    #expect(catalog.dataset(named: "us") == nil)
  }

  @Test func partsAddMeasures() throws {
    var files = SmallFiles()
    files.add(
      "us_test.government.arrow",
      facts: SmallFiles.manifest.map {
        ($0.0.replacing("employment", with: "federal"), $0.1.replacing("employment", with: "federal"))
      },
      measure: "federal")
    let catalog = try files.open()
    let dataset = try #require(catalog.datasets.first)
    #expect(catalog.datasets.count == 1 && dataset.rowCount == 8)
    #expect(catalog.measureNames == ["employment", "federal"])
    #expect(catalog.measure(named: "federal")?.parts.map(\.factTable) == [1])
    let federal = try #require(dataset.measure(named: "federal"))
    #expect(try dataset.facts(federal.parts[0].factTable).columns.data(named: "federal") != nil)
    #expect(catalog.measure(named: "payroll") == nil)
  }
}
