import CQColumns

/// `mx_censo_nacional`, `mx_censo_estado` and `mx_censo_tamaulipas`: the Economic Census by sector.
struct MexicanCensusTotals {
  let files: [BundleFile]
  /// Persons employed by reference year and sector.
  let nation: [Int: [String: Double]]

  init(from folder: InputFolder, industries: MexicanIndustries) throws {
    let national = try Self.facts(
      folder.csv("mx_ce_nacional_sector", in: "mx"), region: { _ in MexicanRegions.country }, blank: .missing)
    try Self.checkTotals(national)
    nation = national.rows.reduce(into: [:]) {
      $0[$1.period, default: [:]][$1.activity, default: 0] += $1.cells[0].value
    }
    let states = try Facts(
      rows: folder.csv("mx_ce_entidad_sector_2004", in: "mx").rows.map { row in
        try Facts.Row(
          period: row.integer("anio_referencia"), region: row.text("cve_ent"),
          activity: MexicanIndustries.code(row.text("scian_sector")),
          cells: (["personal_ocupado", "unidades_economicas"] + CensusCells.amountColumns)
            .map { try Facts.Cell(row.signed($0)) })
      })
    let tamaulipas = try Self.facts(
      folder.csv("mx_ce_tamaulipas_municipio_sector", in: "mx"), region: { try $0.text("cvegeo") }, blank: .withheld)
    files = [
      try national.file(Self.nationalManifest, scheme: industries.scheme),
      try states.file(Self.stateManifest, scheme: industries.scheme),
      try tamaulipas.file(Self.tamaulipasManifest, scheme: industries.scheme),
    ]
  }

  private static let columns = [
    "personal_ocupado", "produccion_bruta_miles_mxn", "consumo_intermedio_miles_mxn", "valor_agregado_miles_mxn",
    "inversion_total_miles_mxn", "formacion_capital_fijo_miles_mxn", "activos_fijos_miles_mxn",
  ]

  private static func facts(
    _ file: CSVFile, region: (CSVRow) throws -> String, blank: CellState
  ) throws -> Facts {
    try Facts(
      rows: file.rows.map { row in
        try Facts.Row(
          period: row.integer("anio_referencia"), region: region(row),
          activity: MexicanIndustries.code(row.text("scian_sector")),
          cells: columns.map { try Facts.Cell(row.signed($0), blank: blank) })
      })
  }

  /// Persons employed as INEGI publishes them for the country; a sample of sectors is not held against them.
  private static func checkTotals(_ facts: Facts) throws(BundleError) {
    for (year, total) in [(2003, 16_239_536.0), (2008, 20_116_834), (2013, 21_576_358), (2018, 27_132_927)]
    where facts.rows.count(where: { $0.period == year }) == 19 {
      try facts.require(total, "mx_censo_nacional: persons employed in \(year)", 0) { $0.period == year }
    }
  }

  private static let measures: [Manifest.Measure] = [
    .count("employment", "Persons employed", of: "persons", state: nil, cover: nil),
    .money("output", "Gross output", currency: "MXN", scale: 1000),
    .money("intermediate_consumption", "Intermediate consumption", currency: "MXN", scale: 1000),
    .money("value_added", "Gross value added", currency: "MXN", scale: 1000),
    .money("investment", "Total investment", currency: "MXN", scale: 1000),
    .money("capital_formation", "Gross fixed capital formation", currency: "MXN", scale: 1000),
    .money("fixed_assets", "Fixed assets", currency: "MXN", scale: 1000),
  ]

  private static let scopeNote =
    "The censuses leave out agriculture proper, most of government, and households; persons employed include owners, "
    + "family workers and staff supplied by other firms."

  private static var nationalManifest: Manifest {
    Manifest(
      dataset: "mx_censo_nacional",
      country: "MX",
      title: "Economic Census of Mexico, the nation by sector",
      source: inegi("Censos Económicos"),
      release: "censuses of 2004 to 2024; the year is the one they refer to, the year before",
      licence: inegiLicence,
      citation: inegiAttribution("Censos Económicos 2004, 2009, 2014, 2019 y 2024, resultados definitivos."),
      url: "https://www.inegi.org.mx/programas/ce/",
      scheme: "scian",
      regionLevels: "country",
      activityLevels: "naics2",
      vintages: "2003-2023:2018",
      absent: "zero",
      measures: measures,
      comparable: "2003-2023:*",
      notes: [
        scopeNote,
        "Nothing is withheld at this level: the sectors add up to the published totals of persons employed (2003: "
          + "16,239,536; 2008: 20,116,834; 2013: 21,576,358; 2018: 27,132,927).",
        "Amounts are in current pesos.",
      ],
      total: "none")
  }

  private static var stateManifest: Manifest {
    Manifest(
      dataset: "mx_censo_estado",
      country: "MX",
      title: "Economic Census of Mexico, states by sector, 2003",
      source: inegi("Censos Económicos 2004"),
      release: "census of 2004, which refers to 2003",
      licence: inegiLicence,
      citation: inegiAttribution("Censos Económicos 2004."),
      url: "https://www.inegi.org.mx/programas/ce/2004/",
      scheme: "scian",
      regionLevels: "state",
      activityLevels: "naics2",
      vintages: "2003:2018",
      absent: "zero",
      measures: MexicanCensus.measures,
      notes: [
        scopeNote,
        "Cells of few units are withheld, without an estimate; the nation's sectors are in mx_censo_nacional.",
        "Amounts are in current pesos.",
      ],
      total: "none")
  }

  private static var tamaulipasManifest: Manifest {
    Manifest(
      dataset: "mx_censo_tamaulipas",
      country: "MX",
      title: "Economic Census of Mexico, Tamaulipas and its municipalities by sector",
      source: inegi("Censos Económicos"),
      release: "censuses of 2004 to 2024; the year is the one they refer to, the year before",
      licence: inegiLicence,
      citation: inegiAttribution("Censos Económicos 2004, 2009, 2014, 2019 y 2024."),
      url: "https://www.inegi.org.mx/programas/ce/",
      scheme: "scian",
      regionLevels: "state county",
      activityLevels: "naics2",
      vintages: "2003-2023:2018",
      absent: "zero",
      measures: measures,
      comparable: "2003-2023:*",
      notes: [
        scopeNote,
        "One state in full, as INEGI publishes it: about a third of the municipal cells are withheld and carry no "
          + "estimate. The state's own row of a sector bounds what its municipalities can have.",
        "Amounts are in current pesos.",
      ],
      precedence: 1,
      total: "none")
  }
}
