import CQColumns

/// `mx_population`: inhabitants of municipalities and states.
struct MexicanPopulation {
  let files: [BundleFile]

  init(from folder: InputFolder) throws {
    var facts = try Facts(
      rows: folder.csv("mx_poblacion_municipio", in: "mx").rows.map { row in
        try Facts.Row(
          period: row.integer("anio"), region: row.text("cvegeo"), cells: [Facts.Cell(row.signed("poblacion"))])
      })
    facts.rows += Self.stateSums(facts.rows)
    if facts.rows.count(where: { $0.period == 2020 && $0.region.count == 5 }) > 2400 {
      try facts.require(126_014_024, "mx_population: inhabitants in 2020", 0) {
        $0.period == 2020 && $0.region.count == 2
      }
    }
    var details = try Facts(
      rows: folder.csv("mx_municipio", in: "mx").rows.compactMap { row in
        let cells = try Self.detailColumns.map { try Facts.Cell(row.signed($0), blank: .missing) }
        // Municipalities founded after the census.
        guard cells.contains(where: { $0.state == .known }) else { return nil }
        return try Facts.Row(period: 2020, region: row.text("cvegeo"), cells: cells)
      })
    details.rows += Self.stateSums(details.rows)
    files = [
      try facts.file(Self.manifest(Self.population)), try details.file(Self.manifest(Self.details), part: "2020"),
    ]
  }

  private static let detailColumns = ["poblacion_hombres_2020", "poblacion_mujeres_2020", "viviendas_habitadas_2020"]

  private static func stateSums(_ rows: [Facts.Row]) -> [Facts.Row] {
    var sums: [String: Facts.Row] = [:]
    for row in rows {
      let state = String(row.region.prefix(2))
      let key = "\(row.period) \(state)"
      guard var sum = sums[key] else {
        sums[key] = Facts.Row(period: row.period, region: state, cells: row.cells)
        continue
      }
      for index in sum.cells.indices {
        sum.cells[index].value += row.cells[index].value
        sum.cells[index].state = max(sum.cells[index].state, row.cells[index].state)
      }
      sums[key] = sum
    }
    return sums.keys.sorted().compactMap { sums[$0] }
  }

  private static func count(_ name: String, _ label: String, of unit: String) -> Manifest.Measure {
    Manifest.Measure(name: name, label: label, unit: unit, quantity: .count, additive: "region")
  }

  private static let population = [count("population", "Inhabitants", of: "persons")]
  private static let details = [
    count("men", "Men", of: "persons"), count("women", "Women", of: "persons"),
    count("dwellings", "Inhabited dwellings", of: "dwellings"),
  ]

  private static func manifest(_ measures: [Manifest.Measure]) -> Manifest {
    Manifest(
      dataset: "mx_population",
      country: "MX",
      title: "Population of Mexico, municipalities and states",
      source: inegi("Censos y Conteos de Población y Vivienda"),
      release: "censuses, counts and the survey of 2015, 1990 to 2020",
      licence: inegiLicence,
      citation: inegiAttribution(
        "Censos de Población y Vivienda 1990, 2000, 2010 y 2020; Conteos 1995 y 2005; Encuesta Intercensal 2015."),
      url: "https://www.inegi.org.mx/programas/ccpv/2020/",
      scheme: "scian",
      regionLevels: "state county",
      activityLevels: "",
      vintages: "1990-2020:2018",
      absent: "missing",
      measures: measures,
      comparable: "1990-2020:*",
      notes: [
        "States are the sums of their municipalities. Municipalities that were founded later are missing in earlier years.",
        "Localities of Chiapas that belonged to no municipality in the count of 1995 have a row of their own (07998).",
      ],
      delineation: 2020)
  }
}
