import CQColumns
import Testing
import bundle

/// Datasets of the United States beyond the states' employment, as the fixture has them.
struct UnitedStatesTests {
  private let files: [BundleFile]

  init() throws { files = try FixtureFolder.build() }

  private func table(_ name: String, _ keys: String...) throws -> BuiltTable {
    try BuiltTable("\(name).arrow", in: files, keys: keys)
  }

  @Test func countiesHaveAFileForEachYearAndLevel() throws {
    let names = files.map(\.name).filter { $0.hasPrefix("us_cbp_county.") }.sorted()
    #expect(
      names == [
        "us_cbp_county.2017_naics2.arrow", "us_cbp_county.2018_naics2.arrow", "us_cbp_county.2018_naics4.arrow",
        "us_cbp_county.2018_naics6.arrow", "us_cbp_county.2019_naics4.arrow", "us_cbp_county.2021_naics2.arrow",
        "us_cbp_county.2021_naics6.arrow", "us_cbp_county.arrow",
      ])
    let latest = try table("us_cbp_county", "region", "activity")
    #expect(latest.table.metadata("period") == "2021")
    #expect(latest.table.metadata("measure.employment.levels.activity") == "naics4")
    #expect(
      try latest.row("53033 3364", "establishments", "employment", "payroll", "employment_state")
        == "12 4000 400000 known")
  }

  @Test func blankCellsOfCountiesHaveTheMeanSizeOfTheirCode() throws {
    let latest = try table("us_cbp_county", "region", "activity")
    // Eighteen establishments elsewhere have 4,900 jobs.
    #expect(try latest.row("02020 3364", "establishments", "employment", "employment_state") == "3 817 estimated")
    let sectors = try table("us_cbp_county.2018_naics2", "region", "activity")
    #expect(sectors.table.data(named: "employment_state") == nil, "nothing is withheld there")
  }

  @Test func codesThatRepeatTheCodeAboveAreLeftOut() throws {
    let six = try table("us_cbp_county.2018_naics6", "region", "activity")
    // 336611 is all of 3366, which has the same numbers in the file of four digits.
    #expect(!six.has("53033 336611"))
    guard case .dictionary(_, let codes) = six.table.data(named: "activity") else {
      Issue.record("activities must be a dictionary")
      return
    }
    #expect(codes.contains("336611"), "the data are about the code all the same")
    #expect(six.has("53033 336411"), "3364 has parts that are not listed")
  }

  @Test func exportsHaveManufacturingAsOneSector() throws {
    let exports = try table("us_state_exports", "region", "activity")
    #expect(try exports.row("53 31-33", "exports") == "90000")
    #expect(try exports.row("53 9100", "exports") == "10000")
    #expect(!exports.has("53 33"))
    let industries = try table("tree.naics.2012", "code")
    #expect(try industries.row("9100", "parent", "title") == "910 Waste and scrap")
  }

  @Test func patentsOutsideOfAreasAreKept() throws {
    let patents = try table("us_patents.metro", "year", "region")
    #expect(try patents.row("2015 00953", "patents") == "40")
    #expect(try patents.row("2015 00153", "patents") == "7")
    let metros = try table("regions.metro", "code")
    #expect(try metros.row("00953", "name", "states") == "Outside metropolitan and micropolitan areas, WA 53")
    #expect(try metros.row("26180", "name", "aliases") == "Honolulu, WA (2009) Honolulu, WA")
    #expect(try metros.row("32420", "name") == "Mayagüez, PR (2009)", "the input lost the letter")
    #expect(try metros.row("42660", "name") == "Seattle-Tacoma-Bellevue, WA")
    #expect(try metros.row("49999", "name") == "Border Town, WA (2023)")
  }

  @Test func linesOfTheAccountsAreSectorsOrIndustries() throws {
    let lines = try table("tree.bea", "code")
    #expect(try lines.row("31-33", "level", "parent") == "naics2 ")
    #expect(try lines.row("durable", "level", "parent") == "industry 31-33")
    #expect(try lines.row("private", "level", "parent") == "industry ")
    let accounts = try table("us_state_accounts", "year", "region", "activity")
    let state = try #require(accounts.table.metadata("measure.compensation.state"))
    #expect(try accounts.row("2017 53 00", "compensation", state) == "200000001 known", "in thousands")
    #expect(try accounts.row("2017 53 31-33", state) == "withheld")
    #expect(try accounts.row("2019 53 00", state) == "missing", "the source ends with 2017")
    #expect(accounts.table.metadata("measure.gdp.cover") == nil, "lines overlap")
    let employment = try table("us_state_accounts.employment", "region", "activity")
    #expect(try employment.row("53 3364-3369", "employment") == "90000")
  }

  @Test func productIsOfCountiesStatesAndTheCountry() throws {
    let areas = try table("us_county_gdp", "region")
    #expect(try areas.row("US", "gdp") == "21433226000")
    #expect(!areas.has("97"), "groups of states are left out")
    #expect(try table("us_county_gdp.county", "region").row("02201", "gdp") == "9000")
    let counties = try table("regions.county", "code")
    #expect(try counties.row("02201", "name").hasPrefix("Prince of Wales"), "a former area that the data have")
  }

  @Test func metrosHaveTheRecordsOfTheClusterMap() throws {
    let metros = try table("us_cluster_map_2016.metro", "region", "activity")
    #expect(
      try metros.row("42660 1", "published_lq", "published_lq_rank", "published_wage", "strong_cluster")
        == "6.5 2 85714.29 1")
    let state = try #require(metros.table.metadata("measure.strong_cluster.state"))
    #expect(try metros.row("42660 101", state) == "missing", "local clusters have no flag")
  }

  @Test func tablesOfClassificationsAreNarrow() throws {
    let changes = try table("table.naics_changes", "from_code", "to_code")
    #expect(try changes.row("336412 336413", "piece") == "Engines - of rockets")
    #expect(try changes.row("336411 336411", "piece") == "", "the same title is not repeated")
    #expect(try table("table.naics_isic", "naics").row("336411", "isic") == "3030")
    let related = try table("table.related_clusters", "cluster")
    #expect(related.table.metadata("column.cluster.level") == "cluster")
  }

  @Test(arguments: [
    ("bea_state_gdp_compensation_2007_2019", "2017,53,12,", "2017,53,999,", 4, "line_code is not a line"),
    ("bea_state_gdp_compensation_2007_2019", ",60000000000,", ",60000000001,", 4, "gdp_usd must be a multiple"),
    ("bea_gdp_area_2001_2019", "53033,county", "53033,parish", 4, "area_type is unknown: 'parish'"),
    ("exports_state_naics_2013_2018", "2018,53,33,2,90000", "2018,53,33,2,90001", 3, "export_value_usd is not the sum"),
    ("cbp_county_naics4_2018", "53033,3366,3,60,5000", "53033,3366,3,60,", 5, "annual_payroll_k must be blank"),
    ("uscmp_cluster_msa_2016", "1.0,True", "1.0,maybe", 2, "strong must be True, False or blank, not 'maybe'"),
  ])
  func errorsNameFileLineAndColumn(
    file: String, text: String, replacement: String, line: Int, problem: String
  ) throws {
    let error = #expect(throws: BundleError.self) {
      try FixtureFolder.build(changing: file) { $0.replacing(text, with: replacement) }
    }
    #expect(error?.description.hasPrefix("\(file), line \(line): \(problem)") == true, "\(error?.description ?? "")")
  }

  @Test func countiesMustBeInTheCatalogue() throws {
    let error = #expect(throws: BundleError.self) {
      try FixtureFolder.build(changing: "region_counties") { $0.replacing("WA\",53053\nmsa", with: "WA\",53999\nmsa") }
    }
    #expect(error?.description.contains("53999") == true)
  }
}
