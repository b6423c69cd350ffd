/// `us_county_gdp`: gross domestic product of the counties, the states and the country.
struct CountyProduct {
  let files: [BundleFile]
  let countyCodes: Set<String>

  init(from folder: InputFolder) throws {
    var areas = Facts(rows: [])
    var counties = Facts(rows: [])
    for row in try folder.csv("bea_gdp_area_2001_2019").rows {
      let code = try row.text("area_fips")
      let cells = [
        Facts.Cell(try row.signed("gdp_k_current")), Facts.Cell(try row.signed("real_gdp_k_chained2012")),
      ]
      let year = try row.integer("year")
      switch try row.text("area_type") {
      case "country": areas.rows.append(Facts.Row(period: year, region: "US", cells: cells))
      case "state": areas.rows.append(Facts.Row(period: year, region: String(code.prefix(2)), cells: cells))
      case "county": counties.rows.append(Facts.Row(period: year, region: code, cells: cells))
      // Groups of states: their sums.
      case "bea_region": continue
      case let other: throw row.error("area_type", "is unknown: '\(other)'")
      }
    }
    countyCodes = Set(counties.rows.map(\.region))
    files = [
      try areas.file(Self.manifest("country state")), try counties.file(Self.manifest("county"), part: "county"),
    ]
  }

  private static func manifest(_ levels: String) -> Manifest {
    var real = Manifest.Measure.dollars(
      "gdp_real", "Gross domestic product, chained dollars", scale: 1000, state: nil, cover: nil)
    real.priceYear = 2012
    // Chained figures do not add up.
    real.additive = ""
    return Manifest(
      dataset: "us_county_gdp",
      title: "Gross domestic product by county",
      source: "U.S. Bureau of Economic Analysis, GDP by County, Metro, and Other Areas",
      release: "estimates 2001 to 2019",
      licence: publicDomain,
      citation: "U.S. Bureau of Economic Analysis: GDP by county, 2001 to 2019.",
      url: "https://www.bea.gov/data/gdp/gdp-county-metro-and-other-areas",
      scheme: "naics",
      regionLevels: levels,
      activityLevels: "",
      vintages: "2001-2019:2012",
      absent: "missing",
      measures: [.dollars("gdp", "Gross domestic product", scale: 1000, state: nil, cover: nil), real],
      comparable: "2001-2019:*",
      notes: levels == "county"
        ? []
        : [
          "Real figures are in chained dollars of 2012; chained figures of places do not add up to that of the whole.",
          "Some independent cities of Virginia, and Kalawao in Hawaii, are reported together with a neighbour.",
          "The Bureau's eight regions are left out: they are sums of states.",
        ])
  }
}
