/// `us_state_exports`: exports of goods by state of origin and NAICS code.
struct StateExports {
  /// NAICS 2012 codes that occur, and the groups of goods that are no industry's.
  let codes: Set<String>

  /// Manufacturing is published as three groups; the catalogue has it as one sector.
  private static let manufacturing: Set<String> = ["31", "32", "33"]

  private let rows: [Facts.Row]

  init(from folder: InputFolder) throws {
    struct Key: Hashable {
      var year: Int
      var region: String
      var activity: String
    }
    var values: [Key: Int] = [:]
    var parts: [Key: Int] = [:]
    for row in try folder.csv("exports_state_naics_2013_2018").rows {
      var key = try Key(year: row.integer("year"), region: row.text("state_fips"), activity: row.text("naics_code"))
      let value = try row.integer("export_value_usd")
      if key.activity.count == 3 {
        key.activity = String(key.activity.prefix(2))
        if Self.manufacturing.contains(key.activity) { parts[key, default: 0] += value }
        key.activity = try row.text("naics_code")
      }
      if Self.manufacturing.contains(key.activity) {
        key.activity = "31-33"
        values[key, default: 0] += value
      } else {
        guard values.updateValue(value, forKey: key) == nil else {
          throw row.error("naics_code", "occurs twice for \(key.region) in \(key.year)")
        }
      }
    }
    // The groups are dropped because they can be had by adding up their codes.
    for row in try folder.csv("exports_state_naics_2013_2018").rows
    where try Self.manufacturing.contains(row.text("naics_code")) {
      let key = try Key(year: row.integer("year"), region: row.text("state_fips"), activity: row.text("naics_code"))
      let value = try row.integer("export_value_usd")
      guard parts[key] == value else {
        throw row.error("export_value_usd", "is not the sum \(parts[key] ?? 0) of its three-digit codes")
      }
    }
    rows = values.map { key, value in
      Facts.Row(period: key.year, region: key.region, activity: key.activity, cells: [.known(Double(value))])
    }
    codes = Set(values.keys.map(\.activity))
  }

  func file(scheme: ActivityScheme) throws(BundleError) -> BundleFile {
    try Facts(rows: rows).file(Self.manifest, scheme: scheme)
  }

  private static let manifest = Manifest(
    dataset: "us_state_exports",
    title: "Exports of goods by state",
    source: "U.S. Census Bureau, State Exports by NAICS Commodities (origin of movement)",
    release: "annual data 2013 to 2018",
    licence: publicDomain,
    citation: "U.S. Census Bureau, USA Trade Online: state exports by NAICS commodities, origin of movement, 2013 to "
      + "2018.",
    url: "https://usatrade.census.gov",
    scheme: "naics",
    regionLevels: "state",
    activityLevels: "naics2 naics3 naics4",
    vintages: "2013-2018:2012",
    absent: "zero",
    measures: [.dollars("exports", "Exports of goods", scale: 1, state: nil, cover: nil)],
    comparable: "2013-2018:*",
    notes: [
      "A state's exports are the goods that began their way out of the country there, which need not be where they were "
        + "made; exports that no state is known for are not in the source.",
      "The groups 31, 32 and 33 are one sector here; codes 91, 93, 98 and 99 are goods that no industry makes.",
      "Puerto Rico is included.",
    ])
}
