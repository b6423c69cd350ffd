import CQColumns
import Testing
import bundle

/// What becomes of the invented files of Canada, of world trade and of the facts on clusters.
struct CanadaAndWorldTests {
  private let files: [BundleFile]

  init() throws { files = try FixtureFolder.build() }

  @Test func aggregatesAreLinesOfTheirOwn() throws {
    let tree = try BuiltTable("tree.seph.arrow", in: files, keys: ["code"])
    #expect(try tree.row("11-33N", "level", "parent") == "industry ")
    #expect(try tree.row("42", "level", "title_fr") == "naics2 Commerce de gros")
    #expect(try tree.row("336", "level", "title") == "naics3 Group 336", "a group that has no line of its own")
    #expect(try tree.row("3361", "parent") == "336")
    let provinces = try BuiltTable("ca_seph.arrow", in: files, keys: ["region", "activity"])
    #expect(try provinces.row("CA 00", "employment", "weekly_earnings_state") == "300 missing")
    #expect(try provinces.row("CA 42", "employment", "weekly_earnings_state") == "50 withheld")
    // Counted by the row of all industries, so never beside it.
    #expect(try provinces.row("CA 11-33N", "employment_cover") == "1")
  }

  @Test func laterYearsComeFromTheLaterRelease() throws {
    let table = try BuiltTable("ca_seph.2021.arrow", in: files, keys: ["region", "activity"])
    #expect(table.table.metadata("period") == "2021")
    #expect(!table.has("CA 00"), "queries add the provinces up")
    // Of 100 in goods 60 are published. Mining and utilities have a product of 8 each; where their jobs are published,
    // a product of 10 comes with 20 and 30 jobs.
    #expect(try table.row("24 21", "employment", "employment_state") == "16 estimated")
    #expect(try table.row("24 22", "employment", "employment_state") == "24 estimated")
    #expect(try table.row("35 23", "employment", "employment_state") == "30 estimated")
    #expect(try table.row("24 55", "employment", "employment_state") == "0 withheld", "services are not published here")
    #expect(try table.row("35 unclassified", "employment") == "4")
  }

  @Test func oneLineMayBeAnIndustryAtSeveralLevels() throws {
    let table = try BuiltTable("ca_seph_national.arrow", in: files, keys: ["activity"])
    for code in ["55", "551", "5511"] { #expect(try table.row(code, "employment") == "7") }
    let earnings = try BuiltTable("ca_earnings.arrow", in: files, keys: ["activity"])
    #expect(try earnings.row("518", "hourly_earnings") == "20.5")
    #expect(try earnings.row("5182", "hourly_earnings") == "21.5", "its own line")
    #expect(!earnings.has("5173"), "two lines of its own")
    #expect(try earnings.row("3361", "hourly_earnings_state") == "estimated", "a mean of seven months")
  }

  @Test func allIndustriesAreGoodsAndServices() throws {
    let table = try BuiltTable("ca_gdp.arrow", in: files, keys: ["region", "activity"])
    #expect(try table.row("35 00", "gdp_real", "gdp_real_state") == "7474 estimated")
    #expect(table.table.metadata("measure.gdp_real.scale") == "100000")
    #expect(table.table.metadata("measure.gdp_real.price_year") == "2012")
  }

  @Test func placesOfCanadaAreTidied() throws {
    let divisions = try BuiltTable("regions.county.arrow", in: files, keys: ["country", "code"])
    #expect(try divisions.row("CA 2401", "name", "aliases", "parent") == "Division No. 1, QC Division No. 1 24")
    let areas = try BuiltTable("regions.economic_area.arrow", in: files, keys: ["country", "code"])
    #expect(try areas.row("CA 3510", "name", "states") == "Stratford–Bruce Peninsula, ON 35")
    #expect(try areas.row("CA 2460", "aliases") == "", "two areas have this name")
  }

  @Test func economiesHaveTheCodesOfTheCatalogue() throws {
    let large = try BuiltTable("trade_hs92.large.arrow", in: files, keys: [])
    #expect(large.table.metadata("region") == "MX" && large.texts("exports") == ["5000000000"])
    let trade = try BuiltTable("trade_hs92.arrow", in: files, keys: ["activity"])
    #expect(trade.table.metadata("region") == "BRA")
    #expect(trade.has("6404"))
    let countries = try BuiltTable("regions.country.arrow", in: files, keys: ["code"])
    #expect(try countries.row("BRA", "name", "aliases", "parent") == "Brazil Brasil;Brésil ")
    #expect(try countries.row("MX", "parent") == "NA")
    let products = try BuiltTable("tree.hs.1992.arrow", in: files, keys: ["code"])
    #expect(try products.row("64", "level", "depth", "title", "parent") == "product_group 3 Footwear 0")
    #expect(try products.row("6404", "level", "title", "title_es") == "product Textile footwear Calzado de tela")
  }

  @Test func tablesNameMembersAndSources() throws {
    let table = try BuiltTable("table.organisations.arrow", in: files, keys: ["number"])
    #expect(try table.row("1", "state", "organisation", "organisations_in_state") == "Nuevo León Clúster de prueba 2")
    #expect(table.table.metadata("column.state.level") == "state")
    #expect(table.table.metadata("column.state.country") == "MX")
    #expect(try table.row("2", "source").contains("preparatory briefing"))
    let capacity = try BuiltTable("table.renewable_capacity.arrow", in: files, keys: ["source_code"])
    #expect(try capacity.row("total", "suspect", "note", "share_2028_state") == "yes wrong missing")
    let complexity = try BuiltTable("table.country_complexity.arrow", in: files, keys: ["country"])
    #expect(try complexity.row("Mexico", "eci_hs92", "eci_rank_sitc") == "1.21 25")
  }
}
