import CQCatalog
import CQColumns
import CQPlan
import CQSemantics
import Testing

/// Tables that rest on datasets of several countries, levels and classifications.
struct ThreeCountriesTests {
  private static let catalog = Result { try ThreeCountries().catalog() }

  private func rows(_ text: String) throws -> [String] {
    ThreeCountries.rows(try ThreeCountries.run(text, on: try Self.catalog.get()))
  }

  private func codes(_ text: String) throws -> [String] {
    try ThreeCountries.elaborate(text, on: try Self.catalog.get()).diagnostics.map(\.code)
  }

  @Test(
    arguments: [
      // One dataset per country; without a common year each at its latest.
      ("employment(by:state, in:[\"US\", \"Canada\"])", ["Kentucky 600", "Ohio 1100", "Quebec 100", "Ontario 200"]),
      ("employment(by:state, state:[\"Ohio\", \"Ontario\"])", ["Ohio 1100", "Ontario 200"]),
      ("employment(by:country, in:\"North America\")", ["United States 1700", "Mexico 2800", "Canada 303"]),
      ("employment(in:\"North America\")", ["4803"]), ("employment(in:[\"Ohio\", \"Ontario\"])", ["1300"]),
      // The country's own row where there is one, else the sum of its states.
      ("employment(in:\"Canada\")", ["303"]), ("employment(in:\"Canada\", naics2:11)", ["30"]),
      // Each row against its own country, or all against one area.
      (
        "lq(by:state, naics2:\"31-33\", in:[\"US\", \"Mexico\"])",
        ["Kentucky 1", "Ohio 1", "Guanajuato 1", "Nuevo León 1"]
      ),
      (
        "share(by:country, naics2:\"31-33\", in:\"North America\")",
        ["United States 0.4", "Mexico 0.7", "Canada 0.297"]
      ),
      (
        "lq(by:country, naics2:\"31-33\", in:\"North America\", vs:\"North America\")",
        ["United States 0.704", "Mexico 1.232", "Canada 0.523"]
      ),
      ("lq(state:\"Ontario\", naics2:\"31-33\", vs:\"US\")", ["0.75"]),
      // Clusters by their definition in the US, by shares of codes in Mexico.
      (
        "employment(cluster:\"Automotive\", by:state, in:[\"US\", \"Mexico\"])",
        ["Kentucky 120", "Ohio 220", "Guanajuato 600~", "Nuevo León 240~"]
      ),
      ("employment(by:cluster, in:\"Mexico\")", ["Automotive 840~", "Farming 280~", "Leather 840~"]),
      ("employment(cluster:traded, state:\"Nuevo León\")", ["480~"]),
      (
        "employment(by:[naics3, cluster], state:\"Nuevo León\")",
        ["Crops Farming 80~", "Leather Leather 240~", "Vehicles Automotive 240~"]
      ),
      // A source's own lines.
      ("employment(by:industry, in:\"Ontario\")", ["Durables 40", "Other goods 20"]),
      ("employment(industry:\"Durables\", in:\"Canada\")", ["60"]),
    ] as [(String, [String])])
  func adds(_ text: String, _ expected: [String]) throws {
    #expect(try rows(text) == expected, "\(text)")
  }

  @Test(
    arguments: [
      // A sector from its own rows, or from its four-digit rows where it has none; never both.
      (
        "employment(by:county, naics2:[\"31-33\"])",
        ["Campbell County, KY 440", "Jefferson County, KY 880", "Franklin County, OH 110", "Hamilton County, OH 220"]
      ),
      ("employment(by:county, in:\"Ohio\", year:2018)", ["Franklin County, OH 117", "Hamilton County, OH 234"]),
      ("employment(by:naics2, in:\"Ohio\", year:2018)", ["Agriculture 21", "Manufacturing 330"]),
      ("employment(by:naics3, in:\"Ohio\", year:2018)", ["Crops 21", "Leather 300", "Vehicles 30"]),
      ("employment(by:state, year:2018, data:us_county)", ["Kentucky 1404", "Ohio 351"]),
      // A metro is the sum of its counties, whole on both sides of a state line, unless it is cut there.
      ("employment(by:metro, year:2018)", ["Cincinnati, OH-KY 702", "Columbus, OH 117"]),
      ("employment(by:metro, in:\"Ohio\", year:2018)", ["Cincinnati, OH-KY 702", "Columbus, OH 117"]),
      ("employment(by:metro, in:\"Kentucky\", year:2018)", ["Cincinnati, OH-KY 702"]),
      ("employment(by:metro, in:\"Kentucky\", year:2018, clip:state)", ["Cincinnati, OH-KY 468"]),
      ("employment(metro:\"Cincinnati\", in:\"Ohio\", year:2018)", ["702"]),
      ("employment(metro:\"Cincinnati\", in:\"Ohio\", year:2018, clip:state)", ["234"]),
      (
        "employment(by:[state, metro], year:2018)",
        ["Kentucky Cincinnati, OH-KY 702", "Ohio Cincinnati, OH-KY 702", "Ohio Columbus, OH 117"]
      ),
      (
        "employment(by:[state, metro], year:2018, clip:state)",
        ["Kentucky Cincinnati, OH-KY 468", "Ohio Cincinnati, OH-KY 234", "Ohio Columbus, OH 117"]
      ),
      (
        "employment(by:[metro, county], year:2018)",
        [
          "Cincinnati, OH-KY Campbell County, KY 468", "Cincinnati, OH-KY Hamilton County, OH 234",
          "Columbus, OH Franklin County, OH 117",
        ]
      ),
      ("employment(county:[\"39049\", \"21111\"], year:2018)", ["1053"]),
      (
        "lq(by:county, naics2:11, in:\"Ohio\", vs:\"Ohio\", year:2018)",
        ["Franklin County, OH 1", "Hamilton County, OH 1"]
      ),
    ] as [(String, [String])])
  func addsCounties(_ text: String, _ expected: [String]) throws {
    #expect(try rows(text) == expected, "\(text)")
  }

  @Test(
    arguments: [
      // A measure that only another dataset has, at the years of both.
      ("table(employment, population, by:state)", ["Kentucky 600 2000", "Ohio 1100 3000"]),
      ("table(jobs = employment / population, by:state)", ["Kentucky 0.3", "Ohio 0.367"]),
      // Flows add up over time, and a year without rows of its own is its four quarters.
      ("fdi(by:quarter, in:\"Mexico\", year:2018)", ["20181 1", "20182 2", "20183 3", "20184 4"]),
      ("fdi(in:\"Mexico\", year:2018)", ["10"]), ("fdi(in:\"Mexico\", quarter:2018Q3)", ["3"]),
      ("fdi(in:\"Mexico\", by:quarter, quarter:2018Q4..2019Q1)", ["20184 4", "20191 1"]),
      ("fdi(in:\"Mexico\")", ["10"]),
      ("employment(by:year, in:\"Canada\", year:2019..2020)", ["2019 303", "2020 303"]),
      ("growth(by:state, in:[\"US\", \"Canada\"])", ["Kentucky 0.2", "Ohio 0.1", "Quebec 0", "Ontario 0"]),
      ("payroll(by:state, in:\"Mexico\")", ["Guanajuato 180000", "Nuevo León 72000"]),
    ] as [(String, [String])])
  func takesPeriodsAndMeasures(_ text: String, _ expected: [String]) throws {
    #expect(try rows(text) == expected, "\(text)")
  }

  @Test(arguments: [
    ("E0321", "employment(by:state, in:[\"US\", \"Mexico\"], year:2020)"),
    ("E0321", "growth(by:state, in:[\"US\", \"Mexico\"])"), ("E0321", "employment(cluster:\"Leather\", in:\"Canada\")"),
    ("E0321", "employment(by:metro, in:\"Canada\")"), ("E0321", "population(by:naics2)"),
    ("E0321", "fdi(in:\"Mexico\", year:2019)"), ("E0233", "payroll(by:state, in:[\"US\", \"Mexico\"])"),
    ("E0233", "payroll(in:[\"US\", \"Mexico\"])"), ("E0413", "employment(region:[\"Ohio\", \"Cincinnati\"])"),
    ("E0413", "employment(in:[\"39061\", \"Cincinnati\"], year:2018)"),
    ("E0322", "table(employment, fdi, by:state, in:\"Mexico\", year:2013)"),
    ("E0314", "employment(state:\"Ohio\", in:\"Mexico\")"), ("E0412", "employment(in:\"Canada\", year:2019..2020)"),
  ])
  func isRefused(_ code: String, _ text: String) throws {
    #expect(try codes(text) == [code], "\(text)")
  }

  @Test func saysWhatItRestsOn() throws {
    let table = try ThreeCountries.run("lq(by:state, naics2:11, in:[\"US\", \"Mexico\"])", on: try Self.catalog.get())
    #expect(table.header.dataset == "us_jobs, mx_jobs")
    #expect(table.header.source == "US agency; MX agency")
    #expect(table.header.base == "each row's country")
    #expect(table.header.years == 2018...2020)
    #expect(table.header.title.suffix(2) == ["United States 2020, Mexico 2018", "vs each row's country"])
    #expect(table.notes.map(\.code) == ["N0530", "N0535"])
  }

  @Test(
    arguments: [
      ("employment(by:metro, in:\"Ohio\", year:2018)", ["N0531"]),
      ("employment(by:metro, in:\"Ohio\", year:2018, clip:state)", []), ("employment(by:metro, year:2018)", []),
      ("employment(metro:\"Cincinnati\", in:\"Kentucky\", year:2018)", ["N0531"]),
      ("employment(by:[state, metro], year:2018)", ["N0531"]), ("employment(by:cluster, in:\"Mexico\")", ["N0534"]),
      ("employment(cluster:traded, in:\"Mexico\")", ["N0534"]), ("employment(by:naics3, in:\"Mexico\")", []),
    ] as [(String, [String])])
  func givesNotes(_ text: String, _ expected: [String]) throws {
    let table = try ThreeCountries.run(text, on: try Self.catalog.get())
    #expect(table.notes.map(\.code) == expected, "\(text)")
  }

  /// Cells that rows have, of several datasets: the same table as laid out whole.
  @Test(
    arguments: [
      "employment(by:state, in:[\"US\", \"Canada\"])", "employment(by:state, state:[\"Ohio\", \"Ontario\"])",
      "employment(by:country, in:\"North America\")", "employment(by:[country, naics2], in:\"North America\")",
      "employment(by:naics2, in:\"North America\")", "employment(by:naics2, in:[\"US\", \"Canada\"])",
      "employment(by:naics2, in:[\"Ohio\", \"Ontario\"])",
      "lq(by:[state, naics2], in:[\"US\", \"Mexico\"])",
      "share(by:[country, naics2], in:\"North America\")",
      "table(s = sum(employment, over:state), by:naics2, in:[\"US\", \"Canada\"])",
      "table(s = sum(employment ?? 5, over:naics2), by:state, in:[\"US\", \"Canada\"])",
      "table(s = sum(employment ?? 5, over:naics2), t = max(employment, over:naics2), by:country, in:\"North America\")",
      "table(s = sum(employment ?? 5, over:state), by:naics2, in:[\"US\", \"Mexico\"])",
      "employment(by:[metro, naics2], year:2018)", "employment(by:[state, metro, naics3], year:2018)",
      "fdi(by:quarter, in:\"Mexico\", year:2018)", "employment(by:[year, state], in:\"Canada\", year:2019..2020)",
      "growth(by:[state, naics2], in:[\"US\", \"Canada\"])",
      "table(employment, population, by:state)",
    ])
  func theSameOfCellsThatRowsHave(_ text: String) throws {
    let catalog = try Self.catalog.get()
    let dense = try ThreeCountries.runWithPlan(text, on: catalog, denseCells: .max)
    let sparse = try ThreeCountries.runWithPlan(text, on: catalog, denseCells: 0)
    #expect(ThreeCountries.rows(sparse.table) == ThreeCountries.rows(dense.table), "\(text)")
    #expect(sparse.table.notes == dense.table.notes, "\(text)")
    #expect(dense.plan.sparseGrids.isEmpty)
    #expect(!sparse.plan.sparseGrids.isEmpty, "\(text): \(sparse.plan.sparseObstacles)")
  }
}
