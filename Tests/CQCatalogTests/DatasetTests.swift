import CQCatalog
import CQColumns
import Testing

/// What the metadata of a fact table comes to.
struct DatasetTests {
  private func dataset(
    _ changes: [String: String] = [:], years: ArrowWriter.Values = .int16([2019, 2019, 2020, 2020])
  ) throws -> Dataset {
    var manifest = SmallFiles.manifest.filter { changes[$0.0] == nil }
    manifest += changes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    var files = SmallFiles()
    files.add("us_test.arrow", facts: manifest, years: years)
    return try #require(try files.open().datasets.first)
  }

  @Test func manifestIsRead() throws {
    let dataset = try dataset([
      "release": "2021", "licence": "free", "citation": "Cite me", "note.1": "One", "note.2": "Two",
    ])
    #expect(dataset.name == "us_test" && dataset.title == "Test data" && dataset.source == "An agency")
    #expect(dataset.release == "2021" && dataset.licence == "free" && dataset.citation == "Cite me")
    #expect(dataset.notes == ["One", "Two"])
    #expect(dataset.country == "US" && dataset.scheme == "naics")
    #expect(dataset.years == [2019, 2020] && dataset.rowCount == 4)
    #expect(dataset.regionLevels == [.state])
    #expect(dataset.absentIsZero)
  }

  @Test func sixDigitsMakeClusters() throws {
    #expect(try dataset().activityLevels == [.naics2, .naics6, .cluster, .subcluster])
    #expect(try dataset(["levels.activity": "naics2 naics4"]).activityLevels == [.naics2, .naics4])
    #expect(try dataset(["levels.activity": "cluster"]).activityLevels == [.cluster])
  }

  @Test func anEmptyManifestHasDefaults() throws {
    var files = SmallFiles()
    files.add("us_test.arrow", facts: [])
    let dataset = try #require(try files.open().datasets.first)
    #expect(dataset.title == "us_test" && dataset.scheme == "naics")
    #expect(dataset.measures.isEmpty && dataset.activityLevels.isEmpty && dataset.vintages.isEmpty)
    #expect(!dataset.absentIsZero, "absent cells are missing unless the source says that they are zero")
    #expect(dataset.comparableSpans.isEmpty && dataset.cautions.isEmpty)
  }

  @Test(arguments: [
    ("2003-2007:2002 2008-2011:2007", [(2003, 2002), (2007, 2002), (2008, 2007), (2012, nil), (2002, nil)]),
    ("2019:2017", [(2019, 2017), (2018, nil), (2020, nil)]),
    // Entries that can't be read count for nothing, and do no harm to the others.
    ("2007-2003:2002 x:2007 2008-2011 2019-2020:2017", [(2005, nil), (2010, nil), (2019, 2017)]),
    ("", [(2019, nil)]), (":", [(2019, nil)]), ("-:2017", [(2019, nil)]),
  ])
  func vintagesAreKnownByYear(text: String, expected: [(Int, Int?)]) throws {
    let dataset = try dataset(["vintages": text])
    for (year, vintage) in expected { #expect(dataset.vintage(in: year) == vintage, "\(year)") }
  }

  @Test func comparableSpansHaveLevels() throws {
    let spans = try dataset(["comparable": "2003-2007:* 2003-2011:all naics2 cluster 2019:*"]).comparableSpans
    #expect(spans.map(\.years) == [2003...2007, 2003...2011, 2019...2019])
    #expect(spans.map(\.levels) == [["*"], ["all", "naics2", "cluster"], ["*"]])
  }

  @Test(arguments: ["all naics2", "2011-2003:*", ":", "2003-:*", "-2003:x:y"])
  func spansWithoutYearsAreNone(text: String) throws {
    for span in try dataset(["comparable": text]).comparableSpans { #expect(span.years.count == 1, "\(span)") }
  }

  @Test func cautionsNameClusters() throws {
    let cautions = try dataset([
      "comparable.caution.1": "2003-2011 cluster 8 104: two codes: lost", "comparable.caution.2": "2003-2011 cluster 8",
      "comparable.caution.3": "sometimes cluster 8: lost", "comparable.caution.4": "",
    ]).cautions
    #expect(cautions.map(\.text) == ["two codes: lost"], "the others can't be read")
    #expect(cautions.map(\.years) == [2003...2011] && cautions.map(\.clusters) == [["8", "104"]])
  }

  @Test func measuresHaveKinds() throws {
    let measures = try dataset([
      "measures": "employment payroll lq share", "measure.payroll.quantity": "money", "measure.payroll.currency": "USD",
      "measure.payroll.scale": "1000", "measure.payroll.additive": "region", "measure.payroll.state": "s",
      "measure.payroll.cover": "c", "measure.lq.quantity": "ratio", "measure.share.quantity": "percent",
    ]).measures
    #expect(measures.map(\.name) == ["employment", "payroll", "lq", "share"])
    #expect(measures.map(\.quantity) == [.count(unit: "persons"), .money(currency: "USD"), .ratio, .percent])
    #expect(measures.map(\.scale) == [1, 1000, 1, 1])
    #expect(measures.map(\.additive) == [[.region, .activity], [.region], [], []])
    #expect(measures.map(\.label) == ["Employment", "payroll", "lq", "share"])
    #expect(
      measures.map { $0.parts[0].stateColumn } == [nil, "s", nil, nil]
        && measures.map { $0.parts[0].coverColumn } == [nil, "c", nil, nil])
  }

  @Test func factsKnowTheRowsOfEachYear() throws {
    let dataset = try dataset(years: .int16([2018, 2019, 2019, 2020]))
    let facts = try dataset.facts(0)
    #expect(facts.rows(of: 2018) == 0..<1 && facts.rows(of: 2019) == 1..<3 && facts.rows(of: 2020) == 3..<4)
    #expect(facts.rows(of: 2017).isEmpty && facts.rows(of: 2021).isEmpty)
    #expect(facts.regions == ["53"] && facts.activities == ["00", "336411"])
  }

  // MARK: - Damage

  private func reason(_ change: (inout SmallFiles) -> Void) throws -> String {
    var files = SmallFiles()
    change(&files)
    let error = #expect(throws: CatalogError.self) {
      let dataset = try #require(try files.open().datasets.first)
      _ = try dataset.facts(0)
    }
    return error?.message ?? ""
  }

  @Test func yearsAreWholeNumbersOf16Bits() throws {
    let reason = try reason {
      $0.add("us_test.arrow", facts: SmallFiles.manifest, years: .int32([2019, 2019, 2020, 2020]))
    }
    #expect(reason == "the data file of `us_test` can't be used: its column `year` must be of 16-bit integers")
  }

  @Test(arguments: [[2020, 2020, 2019, 2019], [2019, 2020, 2019, 2020], [2019, 2021, 2020, 2020]])
  func rowsAreSortedByYear(years: [Int16]) throws {
    let reason = try reason { $0.add("us_test.arrow", facts: SmallFiles.manifest, years: .int16(years)) }
    #expect(reason.hasSuffix("its rows must be sorted by year"))
  }

  @Test func regionsAreADictionary() throws {
    let reason = try reason {
      $0.add("us_test.arrow", facts: SmallFiles.manifest, region: .texts(["53", "53", "53", "53"]))
    }
    #expect(reason.hasSuffix("its columns `region` and `activity` must be dictionaries"))
  }
}
