import CQColumns
import Testing
import bundle

/// What becomes of the invented Mexican files, worked out by hand.
struct MexicoTests {
  private let files: [BundleFile]

  init() throws { files = try FixtureFolder.build() }

  @Test func withheldCellsAreSharedOutByTheirUnits() throws {
    let latest = try BuiltTable("mx_censo_metro.arrow", in: files, keys: ["region", "activity"])
    #expect(latest.table.metadata("period") == "2018")
    // Manufacturing has 352 persons, 320 of them in published cells, 280 of those in the metros: 32 * 280/320 = 28. The
    // only withheld cell of the group gets them all; its amounts are those of 28 of the 80 persons in 19039.
    #expect(
      try latest.row("11020 332", "employment", "employment_state", "payroll", "value_added") == "28 estimated 336 -56")
    #expect(try latest.row("11020 332", "establishments") == "2", "units are published")
    #expect(try latest.row("11020 336", "employment", "employment_state") == "200 known")
    // Nothing of construction is published in the metros, so there is nothing to measure by.
    #expect(try latest.row("19039 236", "employment_state") == "withheld")
  }

  @Test func absentCellsLieBetweenTheirNeighbours() throws {
    let table = try BuiltTable("mx_censo_metro.2013.arrow", in: files, keys: ["region", "activity"])
    // 240 persons, 180 published, all in metros: the one absent cell gets the 60, whatever its neighbours' mean.
    #expect(
      try table.row("11020 332", "employment", "employment_state", "payroll", "establishments_state")
        == "60 estimated 660 withheld")
  }

  @Test func unitsOfEarlierCensusesAreWithheldAndPersonsKnown() throws {
    let table = try BuiltTable("mx_censo_metro.2008.arrow", in: files, keys: ["region", "activity"])
    #expect(try table.row("11020 332", "employment", "capital_formation", "establishments_state") == "40 -5 withheld")
    #expect(table.table.data(named: "employment_state") == nil, "all persons are known")
  }

  @Test func groupsOfMunicipalitiesHaveTheCodesOfSectors() throws {
    let table = try BuiltTable("mx_censo_municipio.arrow", in: files, keys: ["year", "region", "activity"])
    #expect(try table.row("2018 11020 31-33", "employment") == "200")
    // Two units of construction with 20 persons are published: three units have 30.
    #expect(try table.row("2018 19039 23", "employment", "employment_state") == "30 estimated")
    #expect(try table.row("2018 20208 com", "employment_state") == "withheld")
    let tree = try BuiltTable("tree.gran_sector.arrow", in: files, keys: ["code"])
    #expect(try tree.row("31-33", "level", "title", "title_es") == "naics2 Manufacturing Manufacturas")
    #expect(try tree.row("com", "level", "title") == "industry Trade")
  }

  @Test func sectorsHaveOneCodeInAllCountries() throws {
    let national = try BuiltTable("mx_censo_nacional.arrow", in: files, keys: ["year", "activity"])
    #expect(try national.row("2018 42", "employment") == "30")
    #expect(national.table.metadata("region") == "MX")
    let tree = try BuiltTable("tree.scian.2018.arrow", in: files, keys: ["code"])
    #expect(
      try tree.row("42", "level", "depth", "title", "title_es") == "naics2 2 Wholesale trade Comercio al por mayor")
    #expect(try tree.row("431", "parent") == "42")
    #expect(try tree.row("332", "title") == "Fabricated Metal", "the title of NAICS where the code is shared")
    #expect(try tree.row("5171", "title", "parent") == "Wired carriers 517", "a code of an earlier edition")
    #expect(try tree.row("332110", "cluster") == "1", "all American industries of 33211 are in one cluster")
  }

  @Test func sharesInClustersAreAtMostTheWhole() throws {
    let weights = try BuiltTable("weights.scian.arrow", in: files, keys: ["code", "cluster"])
    #expect(try weights.row("332 1", "weight") == "0.6")
    #expect(try weights.row("332 115", "weight") == "0.4")
    #expect(try weights.row("336 1", "weight") == "0.25")
    #expect(!weights.has("423 1"), "wholesale trade has codes of its own in Mexico")
  }

  @Test func blanksOfTamaulipasStayBlank() throws {
    let table = try BuiltTable("mx_censo_tamaulipas.arrow", in: files, keys: ["region"])
    #expect(try table.row("11031", "employment", "employment_state") == "0 withheld")
    #expect(table.table.metadata("activity") == "42")
  }

  @Test func yearsAreMadeOfFourQuarters() throws {
    let investment = try BuiltTable("mx_fdi.arrow", in: files, keys: ["year"])
    #expect(try investment.row("20232", "fdi") == "-250000")
    #expect(try investment.row("2023", "fdi") == "3250001")
    #expect(!investment.has("2024") && investment.has("20241"))
    let labour = try BuiltTable("mx_labour.arrow", in: files, keys: ["year"])
    #expect(try labour.row("2019", "labour_force", "employed", "monthly_wage") == "103 92 5002.0")
    // There was no survey in the second quarter of 2020.
    #expect(try labour.row("2020", "employed", "labour_force_state") == "92 estimated")
    #expect(!labour.has("2021"))
  }

  @Test func placesHaveNamesInThreeLanguages() throws {
    let states = try BuiltTable("regions.state.arrow", in: files, keys: ["country", "code"])
    #expect(try states.row("MX 15", "name", "abbreviation", "parent") == "Estado de México MEX MX")
    #expect(try states.row("MX 15", "aliases").contains("State of Mexico"))
    let places = try BuiltTable("regions.county.arrow", in: files, keys: ["country", "code"])
    #expect(try places.row("MX 11020", "name", "parent") == "León, Gto. 11")
    #expect(try places.row("MX 11020", "aliases") == "León;León de los Aldama;León, Guanajuato")
    #expect(try !places.row("MX 19026", "aliases").contains("Guadalupe;"), "two municipalities have this name")
    #expect(try places.row("MX 20208", "name") == "San Juan Mixtepec (Distrito 08), Oax.")
  }

  @Test func metrosAreCitiesWithTwoDelineations() throws {
    let metros = try BuiltTable("regions.metro.arrow", in: files, keys: ["country", "code"])
    #expect(try metros.row("MX 19.1.01", "name", "states") == "ZM Monterrey 19")
    #expect(try metros.row("MX 19.1.01", "aliases").contains("Zona metropolitana de Monterrey"))
    // Its people are in the metropolis of León by 2020, which has a predecessor of its own.
    #expect(try metros.row("MX 11.05", "name") == "ZM San Francisco del Rincón")
    let members = try BuiltTable(
      "membership.metro.arrow", in: files, keys: ["country", "delineation", "area", "county"])
    for key in ["MX 2015 19.1.01 19026", "MX 2020 11.1.02 11031", "MX 2015 11.05 11031"] {
      #expect(members.has(key), "\(key)")
    }
    #expect(!members.has("MX 2020 19.1.01 19026"))
  }

  @Test func populationOfStatesIsTheSumOfTheirMunicipalities() throws {
    let table = try BuiltTable("mx_population.arrow", in: files, keys: ["year", "region"])
    #expect(try table.row("2020 11", "population") == "500")
    #expect(try table.row("1995 07998", "population") == "5")
  }

  @Test func activitiesOfBothCountriesAreNamed() throws {
    let tree = try BuiltTable("tree.denue.arrow", in: files, keys: ["code"])
    #expect(try tree.row("0", "title") == "Clothing Retailers; Shoe Retailers; Jewelry Retailers; and 1 more")
    #expect(try tree.row("1", "title") == "Activity 1, not documented")
    #expect(try tree.row("3", "title", "title_es") == "Fundición Fundición")
  }
}
