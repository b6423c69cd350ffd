import CQColumns

/// `ca_gdp` and `ca_population`.
struct CanadianAccounts {
  let files: [BundleFile]

  init(from folder: InputFolder, industries: CanadianIndustries) throws {
    let population = try Self.population(folder)
    files = [
      try Self.product(folder).file(Self.productManifest, scheme: industries.product),
      try population.file(Self.populationManifest),
      try Self.divisions(folder).file(Self.divisionManifest, part: "2016"),
    ]
  }

  private static func product(_ folder: InputFolder) throws -> Facts {
    var rows: [Facts.Row] = []
    var totals: [String: Facts.Row] = [:]
    for row in try folder.csv("ca_gdp_province_industry", in: "ca").rows {
      // Millions with one decimal are whole hundred thousands.
      let cell = Facts.Cell(try row.signed("gdp_millions_chained_2012_cad").map { ($0 * 10).rounded() })
      let (year, region) = (try row.integer("year"), try row.text("sgc"))
      for code in try CanadianIndustries.codes(row.text("naics_code")) {
        rows.append(Facts.Row(period: year, region: region, activity: code, cells: [cell]))
        // Goods and services make up all industries, for which there is no row.
        guard code == "T002" || code == "T003" else { continue }
        totals["\(year) \(region)", default: Facts.Row(period: year, region: region, cells: [.estimated(0)])].cells[0]
          .value += cell.value
      }
    }
    return Facts(rows: rows + totals.keys.sorted().compactMap { totals[$0] })
  }

  private static func population(_ folder: InputFolder) throws -> Facts {
    try Facts(
      rows: folder.csv("ca_population_province", in: "ca").rows.map { row in
        let code = try row.text("sgc")
        return try Facts.Row(
          period: row.integer("year"), region: code == "01" ? CanadianRegions.country : code,
          cells: [Facts.Cell(row.signed("population"), blank: .missing)])
      })
  }

  private static func divisions(_ folder: InputFolder) throws -> Facts {
    try Facts(
      rows: folder.csv("ca_census_division", in: "ca").rows.map { row in
        try Facts.Row(
          period: 2016, region: row.text("cduid"), cells: [Facts.Cell(row.signed("population_2016"), blank: .missing)])
      })
  }

  private static var productManifest: Manifest {
    Manifest(
      dataset: "ca_gdp",
      country: "CA",
      title: "Gross domestic product of Canada's provinces and territories by industry",
      source: "Statistics Canada, Gross domestic product at basic prices by industry, provinces and territories",
      release: "1999 to 2019, chained 2012 dollars",
      licence: statcanLicence,
      citation:
        "Statistics Canada: Gross domestic product (GDP) at basic prices, by industry, provinces and territories.",
      url: "https://www150.statcan.gc.ca/t1/tbl1/en/tv.action?pid=3610040201",
      scheme: "ca_gdp",
      regionLevels: "state",
      activityLevels: "naics2 industry",
      vintages: "",
      absent: "missing",
      measures: [
        Manifest.Measure(
          name: "gdp_real", label: "Gross domestic product at chained prices", unit: "CAD", quantity: .money,
          currency: "CAD", scale: 100_000, priceYear: 2012)
      ],
      comparable: "1999-2019:*",
      notes: [
        "Chained 2012 dollars at basic prices. Chained amounts add up only approximately, less so the further from 2012.",
        "All industries are the sum of goods and services, marked as estimated: the source table has no row for them. Other "
          + "aggregates (industrial production, energy, public sector, …) overlap and are lines of the level `industry`.",
      ])
  }

  private static var populationManifest: Manifest {
    Manifest(
      dataset: "ca_population",
      country: "CA",
      title: "Population of Canada, provinces and territories",
      source: "Statistics Canada, Population estimates; Census of Population 2016",
      release: "estimates 1971 to 2017; census of 2016",
      licence: statcanLicence,
      citation: "Statistics Canada: Population estimates on July 1st; Census of Population 2016, census divisions.",
      url: "https://www150.statcan.gc.ca/t1/tbl1/en/tv.action?pid=1710000501",
      scheme: "seph",
      regionLevels: "country state",
      activityLevels: "",
      vintages: "",
      absent: "missing",
      measures: [
        Manifest.Measure(
          name: "population", label: "Inhabitants", unit: "persons", quantity: .count, additive: "region")
      ],
      comparable: "1971-2017:*",
      notes: [
        "Estimates for the middle of the year. The population of census divisions is the count of the 2016 census, a "
          + "measure of its own (census_population): estimates are higher because they correct for people not counted."
      ])
  }

  private static var divisionManifest: Manifest {
    var manifest = populationManifest
    manifest.regionLevels = "county"
    manifest.measures = [
      Manifest.Measure(
        name: "census_population", label: "Inhabitants counted in the census", unit: "persons", quantity: .count,
        additive: "region")
    ]
    return manifest
  }
}
