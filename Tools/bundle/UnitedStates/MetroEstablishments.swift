/// `us_cbsa_establishments`: establishments of metropolitan areas by the activities that the Mexican directory of
/// establishments is published in, for comparing twin cities of the border.
struct MetroEstablishments {
  let metros: [UnitedStatesRegions.OtherMetro]
  private let facts: Facts

  init(from folder: InputFolder) throws {
    var names: [String: String] = [:]
    var facts = Facts(rows: [])
    for row in try folder.csv("us_cbp_cbsa_actividad").rows {
      let code = try row.text("cbsa")
      names[code] = try AreaNames.repaired(row.text("cbsa_nombre"))
      facts.rows.append(
        try Facts.Row(
          period: 2023, region: code, activity: row.text("actividad_id"),
          cells: [.known(Double(row.integer("establishments")))]))
    }
    self.facts = facts
    metros = names.sorted { $0.key < $1.key }.map { .init(code: $0.key, name: $0.value, year: 2023) }
  }

  func file(scheme: ActivityScheme) throws(BundleError) -> BundleFile {
    try facts.file(Self.manifest, scheme: scheme)
  }

  private static let manifest = Manifest(
    dataset: "us_cbsa_establishments",
    title: "Establishments of metropolitan areas by shared activity",
    source: "U.S. Census Bureau, County Business Patterns 2023, regrouped to the activities of Mexico's DataMéxico",
    release: "2023",
    licence: publicDomain,
    citation: "U.S. Census Bureau: County Business Patterns, 2023, by core based statistical area.",
    url: "https://www.census.gov/programs-surveys/cbp.html",
    scheme: "denue",
    regionLevels: "metro",
    activityLevels: "industry",
    vintages: "",
    absent: "missing",
    measures: [.count("establishments", "Establishments", of: "establishments", state: nil, cover: nil)],
    notes: [
      "Activities are those of mx_denue_metro, so that a city and its twin across the border can be compared; one "
        + "activity may stand for several codes of NAICS, and a few remain unidentified.",
      "Areas are those of the delineation of 2023; the source lists a cell only where it has three establishments.",
    ],
    delineation: 2023,
    precedence: 2,
    total: "none")
}
