import CQCatalog
import CQColumns
import Testing

/// `index.arrow`, and that nothing else is opened before it is needed.
struct IndexTests {
  @Test func anIndexSaysWhatTheFilesSay() throws {
    var files = SmallFiles()
    files.add("us_test.part.arrow", facts: SmallFiles.manifest, years: .int16([2020, 2021, 2021, 20214]))
    files.add("table.organisations.arrow", texts: [("name", ["A", "B"])])
    files.add("weights.scian.arrow", texts: [("code", ["336"]), ("cluster", ["1"]), ("weight", ["1"])])
    files.add("geometry.state.MX.arrow", texts: [("words", [""])])
    let scanned = try CatalogIndex(scanning: CatalogFiles(files.list))
    let stored = try CatalogIndex(
      of: CatalogFiles(files.list + [(name: CatalogIndex.fileName, region: .copying(scanned.bytes()))]))
    #expect(stored.entries == scanned.entries)
    let dataset = try #require(stored.entries.first { $0.kind == .dataset })
    #expect(dataset.name == "us_test" && dataset.files == ["us_test.arrow", "us_test.part.arrow"])
    #expect(dataset.periodsOfFiles == [[2019, 2020], [2020, 2021, 20214]] && dataset.rowCount == 8)
    #expect(dataset.activityLevels == [.naics2, .naics6, .cluster, .subcluster])
    let catalog = try files.openIndexed()
    #expect(
      catalog.datasets[0].periods == [2019, 2020, 2021, 20214] && catalog.datasets[0].years == [2019, 2020, 2021])
    #expect(
      catalog.tables.map(\.name) == ["organisations"] && catalog.plainTable(named: "Organisations")?.rowCount == 2)
    #expect(try catalog.geometry(level: .state, country: "MX")?.rowCount == 1)
    #expect(try catalog.geometry(level: .state, country: "US") == nil)
  }

  /// Bytes that no reader accepts.
  private static let rubbish = ByteRegion.copying([1, 2, 3])

  private func catalog(replacing name: String) throws -> Catalog {
    let files = SmallFiles().list
    let index = try CatalogIndex(scanning: CatalogFiles(files))
    return try Catalog(
      files: files.map { $0.name == name ? (name, Self.rubbish) : $0 }
        + [(name: CatalogIndex.fileName, region: .copying(index.bytes()))])
  }

  @Test func datasetsAnswerFromTheIndex() throws {
    let catalog = try catalog(replacing: "us_test.arrow")
    let dataset = try #require(catalog.dataset(named: "us_test"))
    #expect(dataset.title == "Test data" && dataset.source == "An agency" && dataset.country == "US")
    #expect(dataset.regionLevels == [.state] && dataset.years == [2019, 2020] && dataset.rowCount == 4)
    #expect(dataset.measureNames == ["employment"] && dataset.publishes("Employment") && !dataset.publishes("payroll"))
    #expect(catalog.datasets(publishing: "employment").map(\.name) == ["us_test"])
    #expect(dataset.measure(named: "payroll") == nil && catalog.damage == nil)
    #expect(throws: CatalogError.self) { try dataset.facts(0) }
    #expect(dataset.measures.isEmpty)
    #expect(catalog.damage?.message.contains("must begin with `ARROW1`") == true)
  }

  @Test(arguments: [
    "regions.county.arrow", "regions.metro.arrow", "membership.metro.arrow", "tree.naics.2017.arrow",
    "subclusters.arrow",
  ])
  func filesAreNotOpenedBeforeTheyAreNeeded(name: String) throws {
    let catalog = try catalog(replacing: name)
    _ = catalog.find("Ohio", levels: Level.places)
    _ = catalog.list(.cluster).find("Aerospace")
    #expect(catalog.damage == nil)
    for level in Level.allCases { _ = catalog.list(level) }
    for metro in catalog.list(.metro).members { _ = catalog.counties(of: metro) }
    _ = catalog.tree(scheme: "naics", vintage: 2017)
    #expect(name == "membership.metro.arrow" || catalog.damage != nil)
  }

  @Test func anIndexOfOtherFilesIsNotBelieved() throws {
    var files = SmallFiles()
    let index = try CatalogIndex(scanning: CatalogFiles(files.list)).bytes()
    files.add("us_more.arrow", facts: SmallFiles.manifest)
    let added = try Catalog(files: files.list + [(name: CatalogIndex.fileName, region: .copying(index))])
    #expect(added.datasets.map(\.name) == ["us_more", "us_test"])
    files.files["us_test.arrow"] = nil
    let replaced = try Catalog(files: files.list + [(name: CatalogIndex.fileName, region: .copying(index))])
    #expect(replaced.datasets.map(\.name) == ["us_more"])
  }

  @Test(arguments: ["kind", "name", "years", "files", "vintage"]) func aDamagedIndexIsAnError(column: String) throws {
    var files = SmallFiles()
    files.add(
      CatalogIndex.fileName,
      texts: [
        "kind", "name", "title", "source", "licence", "country", "scheme", "measures", "region_levels",
        "activity_levels", "years", "files",
      ].filter { $0 != column }.map { ($0, ["dataset"]) })
    let error = #expect(throws: CatalogError.self) { try files.open() }
    #expect(error?.message.contains("`index.arrow` can't be used: it must have a") == true)
  }

  @Test func entriesMustMakeSense() throws {
    var entry = IndexEntry(kind: .dataset, name: "us_test", files: ["us_test.arrow"])
    var index = try CatalogIndex(scanning: CatalogFiles(SmallFiles().list))
    index.entries = [entry]
    func message() -> String? {
      let list = SmallFiles().list + [(name: CatalogIndex.fileName, region: .copying(index.bytes()))]
      return #expect(throws: CatalogError.self) { try Catalog(files: list) }?.message
    }
    entry.periodsOfFiles = [[2019], [2020]]
    index.entries = [entry]
    #expect(message()?.hasSuffix("the years of `us_test` are not those of its files") == true)
  }

  @Test func datasetsAreInTheDocumentedOrder() throws {
    var files = SmallFiles()
    func manifest(_ changes: [String: String]) -> [(String, String)] {
      SmallFiles.manifest.map { ($0.0, changes[$0.0] ?? $0.1) } + [("precedence", changes["precedence"] ?? "0")]
    }
    files.add("us_partial.arrow", facts: manifest(["precedence": "1"]), years: .int16([2022, 2022, 2023, 2023]))
    files.add("us_wider.arrow", facts: manifest(["precedence": "2"]), years: .int16([2022, 2022, 2023, 2023]))
    files.add("us_quarters.arrow", facts: manifest([:]), years: .int16([2019, 2020, 20211, 20212]))
    #expect(try files.openIndexed().datasets.map(\.name) == ["us_quarters", "us_test", "us_partial", "us_wider"])
  }
}
