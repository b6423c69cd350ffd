/// `us_population`: residents of the states since 1900 and of the counties since 2010.
enum Population {
  static func files(from folder: InputFolder) throws -> [BundleFile] {
    var states = Facts(rows: [])
    for row in try folder.csv("population_state_1900_2025").rows {
      states.rows.append(
        try Facts.Row(
          period: row.integer("year"), region: row.text("state_fips"),
          cells: [.known(Double(row.integer("population")))]))
    }
    var counties = Facts(rows: [])
    for row in try folder.csv("population_county_2010_2020").rows {
      counties.rows.append(
        try Facts.Row(
          period: row.integer("year"), region: row.text("county_fips"),
          cells: [.known(Double(row.integer("population")))]))
    }
    return [try states.file(manifest("state")), try counties.file(manifest("county"), part: "county")]
  }

  private static func manifest(_ level: String) -> Manifest {
    Manifest(
      dataset: "us_population",
      title: "Resident population",
      source: "U.S. Census Bureau, Population Estimates Program",
      release: "states 1900 to 2025, counties 2010 to 2020",
      licence: publicDomain,
      citation:
        "U.S. Census Bureau: population estimates and decennial censuses, states 1900 to 2025, counties 2010 to "
        + "2020.",
      url: "https://www.census.gov/programs-surveys/popest.html",
      scheme: "naics",
      regionLevels: level,
      activityLevels: "",
      vintages: "1900-2025:2017",
      absent: "missing",
      measures: [.count("population", "Population", of: "persons", state: nil, cover: nil)],
      comparable: "1900-2025:*",
      notes: level == "county"
        ? []
        : [
          "Population of 1 July; figures before 1970 are rounded to thousands.",
          "Alaska and Hawaii are in the source from the years in which it covers them; counties are of 2010 to 2020.",
        ])
  }
}
