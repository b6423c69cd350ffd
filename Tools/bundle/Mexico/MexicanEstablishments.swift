import CQColumns

/// `mx_denue` and `mx_denue_metro`: establishments by activity of the binational table.
struct MexicanEstablishments {
  let files: [BundleFile]

  /// - Parameter activities: The classification of the binational table.
  init(from folder: InputFolder, activities: ActivityScheme) throws {
    func facts(_ file: String, region: String) throws -> Facts {
      try Facts(
        rows: folder.csv(file, in: "mx").rows.map { row in
          try Facts.Row(
            period: Self.year, region: row.text(region), activity: row.text("actividad_id"),
            cells: [Facts.Cell(row.signed("unidades_economicas"))])
        })
    }
    files = [
      try facts("mx_denue_entidad_actividad", region: "cve_ent").file(
        Self.manifest("mx_denue", "states", regionLevels: "state"), scheme: activities),
      try facts("mx_denue_metropoli_actividad", region: "cve_met").file(
        Self.manifest("mx_denue_metro", "metropolitan areas", regionLevels: "metro"), scheme: activities),
    ]
  }

  /// The source table has no date; it is half of a table whose American half is of 2023.
  private static let year = 2023

  private static func manifest(_ dataset: String, _ places: String, regionLevels: String) -> Manifest {
    var manifest = Manifest(
      dataset: dataset,
      country: "MX",
      title: "Directory of Economic Units of Mexico, \(places)",
      source: inegi("Directorio Estadístico Nacional de Unidades Económicas (DENUE)"),
      release: "filed under 2023, the year of the American half of the binational table",
      licence: inegiLicence,
      citation: inegiAttribution("Directorio Estadístico Nacional de Unidades Económicas (DENUE)."),
      url: "https://www.inegi.org.mx/app/mapa/denue/",
      scheme: "denue",
      regionLevels: regionLevels,
      activityLevels: "industry",
      vintages: "",
      absent: "zero",
      measures: [
        .count("establishments", "Establishments", of: "establishments", state: nil, cover: nil)
      ],
      notes: [
        "Activities are those that Mexican and American establishments were recoded to, so that both sides of the border "
          + "can be compared: us_cbsa_establishments has the same. Some have no documented title.",
        "The directory lists units at a fixed address and has no date of its own here: the year 2023 is an assumption.",
      ],
      precedence: 1,
      total: "none")
    if regionLevels == "metro" {
      manifest.delineation = 2020
      manifest.notes.append("The 92 metropolises of 2020; the rest of the country is not in this dataset.")
    } else {
      manifest.precedence = 0
    }
    return manifest
  }
}
