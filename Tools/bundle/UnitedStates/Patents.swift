/// `us_patents`: utility patents by the inventor's place of residence, states and metropolitan areas.
struct Patents {
  let files: [BundleFile]
  /// Areas of the source's delineation (2009) that the catalogue may not have, and what is outside of all areas.
  let metros: [UnitedStatesRegions.OtherMetro]

  init(from folder: InputFolder) throws {
    var states = Facts(rows: [])
    for row in try folder.csv("patents_state_2002_2015").rows {
      states.rows.append(
        try Facts.Row(
          period: row.integer("year"), region: row.text("state_fips"),
          cells: [.known(Double(row.integer("utility_patents")))]))
    }
    var metros: [String: UnitedStatesRegions.OtherMetro] = [:]
    var areas = Facts(rows: [])
    for row in try folder.csv("patents_msa_2000_2015").rows {
      let code = Self.padded(try row.text("region_code"))
      metros[code] = try Self.metro(code, name: AreaNames.repaired(row.text("region_name")))
      areas.rows.append(
        try Facts.Row(
          period: row.integer("year"), region: code, cells: [.known(Double(row.integer("utility_patents")))]))
    }
    self.metros = metros.values.sorted { $0.code < $1.code }
    files = [
      try states.file(Self.manifest("state")), try areas.file(Self.manifest("metro"), part: "metro"),
    ]
  }

  /// The rows outside of areas lost the leading zeros of their codes.
  private static func padded(_ code: String) -> String { String(repeating: "0", count: max(0, 5 - code.count)) + code }

  private static func metro(_ code: String, name: String) -> UnitedStatesRegions.OtherMetro {
    let state = name.split(separator: ",").last.map { $0.drop { $0 == " " } } ?? ""
    if name.hasPrefix("Non Metro") {
      return .init(code: code, name: "Outside metropolitan and micropolitan areas, \(state)")
    }
    if name.hasPrefix("Undetermined") { return .init(code: code, name: "Undetermined areas, \(state)") }
    return .init(code: code, name: name, year: 2009)
  }

  private static func manifest(_ level: String) -> Manifest {
    Manifest(
      dataset: "us_patents",
      title: "Utility patents",
      source: "U.S. Patent and Trademark Office, Patent Technology Monitoring Team",
      release: "patents granted 2000 to 2015",
      licence: publicDomain,
      citation: "U.S. Patent and Trademark Office, Patent Technology Monitoring Team: utility patents by state and "
        + "metropolitan area, 2000 to 2015.",
      url: "https://www.uspto.gov/web/offices/ac/ido/oeip/taf/reports.htm",
      scheme: "naics",
      regionLevels: level,
      activityLevels: "",
      vintages: "2000-2015:2012",
      absent: "missing",
      measures: [.count("patents", "Utility patents granted", of: "patents", state: nil, cover: nil)],
      comparable: "2000-2015:*",
      notes: level == "metro"
        ? []
        : [
          "Patents count where the inventor named first lives, in the year of the grant. States are of 2002 to 2015 and "
            + "include Puerto Rico; areas are of 2000 to 2015.",
          "Areas are those of the delineation of 2009; the ones that were changed later have (2009) in their name. What "
            + "lies outside of all areas, or could not be placed, is listed by state beside them.",
        ],
      delineation: level == "metro" ? 2009 : nil)
  }
}
