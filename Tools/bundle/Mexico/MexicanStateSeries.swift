import CQColumns

/// Exports, foreign investment, the labour force, remittances and product of the states of Mexico.
struct MexicanStateSeries {
  let files: [BundleFile]

  init(from folder: InputFolder, industries: MexicanIndustries) throws {
    files = [
      try Self.exports(folder, industries), try Self.investment(folder), try Self.labour(folder),
      try Self.remittances(folder), try Self.product(folder), try Self.productPerHead(folder),
    ]
  }

  // MARK: - Exports

  private static func exports(_ folder: InputFolder, _ industries: MexicanIndustries) throws -> BundleFile {
    let facts = try Facts(
      rows: folder.csv("mx_etef_entidad_subsector", in: "mx").rows.map { row in
        try Facts.Row(
          period: row.integer("anio"), region: row.text("cve_ent"), activity: row.text("scian_subsector"),
          cells: [Facts.Cell(row.signed("exportaciones_miles_usd"))])
      })
    // 387.4 thousand million dollars in the agency's release; a sample of states is not held against it.
    if facts.rows.count(where: { $0.period == 2018 && $0.activity == ActivityCode.all }) == 32 {
      try facts.require(387_442_789, "mx_exports: exports of 2018", 0) {
        $0.period == 2018 && $0.activity == ActivityCode.all
      }
    }
    return try facts.file(
      Manifest(
        dataset: "mx_exports",
        country: "MX",
        title: "Exports of the states of Mexico",
        source: inegi("Exportaciones Trimestrales por Entidad Federativa (ETEF)"),
        release: "annual figures 2007 to 2018",
        licence: inegiLicence,
        citation: inegiAttribution("Exportaciones Trimestrales por Entidad Federativa, 2007 a 2018."),
        url: "https://www.inegi.org.mx/temas/exportacionesef/",
        scheme: "scian",
        regionLevels: "state",
        activityLevels: "naics3 industry",
        vintages: "2007-2018:2018",
        absent: "zero",
        measures: [.money("exports", "Exports", currency: "USD", scale: 1000, isFlow: true)],
        comparable: "2007-2018:*",
        notes: [
          "Exports of mining (oil, minerals) and manufacturing by the state of production, in thousands of current US "
            + "dollars; farm products and services are not covered.",
          "Subsectors that INEGI does not show for a state are together under 'Subsectors not specified'. Rounding makes "
            + "the parts differ from the published totals by a few thousand dollars.",
        ]), scheme: industries.scheme)
  }

  // MARK: - Quarters

  /// The rows of quarters, and rows of the years that `combine` makes of the four quarters.
  private static func quarters(
    _ file: CSVFile, _ cells: (CSVRow) throws -> [Facts.Cell], year combine: ([[Double]]) -> [Facts.Cell]?
  ) throws -> Facts {
    struct Place: Hashable {
      var year: Int
      var region: String
    }
    var rows: [Facts.Row] = []
    var values: [Place: [[Double]]] = [:]
    for row in file.rows {
      let (year, quarter) = (try row.integer("anio"), try row.integer("trimestre"))
      guard (1...4).contains(quarter) else { throw row.error("trimestre", "must be from 1 to 4, not \(quarter)") }
      let region = try row.text("cve_ent")
      let numbers = try cells(row)
      rows.append(Facts.Row(period: year * 10 + quarter, region: region, cells: numbers))
      values[Place(year: year, region: region), default: []].append(numbers.map(\.value))
    }
    for (place, quarters) in values.sorted(by: { ($0.key.year, $0.key.region) < ($1.key.year, $1.key.region) }) {
      guard let cells = combine(quarters) else { continue }
      rows.append(Facts.Row(period: place.year, region: place.region, cells: cells))
    }
    return Facts(rows: rows)
  }

  /// Sums of years of which all quarters are known.
  private static func yearlySum(_ quarters: [[Double]]) -> [Facts.Cell]? {
    guard quarters.count == 4 else { return nil }
    return quarters[0].indices.map { index in .known(quarters.reduce(0) { $0 + $1[index] }) }
  }

  private static func investment(_ folder: InputFolder) throws -> BundleFile {
    // Millions with six decimals are whole dollars.
    let facts = try quarters(
      folder.csv("mx_ied_entidad_trimestre", in: "mx"),
      { row in [Facts.Cell(try row.signed("ied_millones_usd").map { ($0 * 1_000_000).rounded() })] }, year: yearlySum)
    return try facts.file(
      Manifest(
        dataset: "mx_fdi",
        country: "MX",
        title: "Foreign direct investment in the states of Mexico",
        source: "Secretaría de Economía, Inversión Extranjera Directa",
        release: "quarters 1999 to 2024",
        licence: "Open data of the Mexican government (Secretaría de Economía), with attribution",
        citation:
          "Secretaría de Economía: Información estadística de flujos de IED hacia México por entidad federativa, "
          + "1999 a 2024.",
        url: "https://www.gob.mx/se/acciones-y-programas/competitividad-y-normatividad-inversion-extranjera-directa",
        scheme: "scian",
        regionLevels: "state",
        activityLevels: "",
        vintages: "1999-2024:2018",
        absent: "missing",
        measures: [.money("fdi", "Foreign direct investment", currency: "USD", scale: 1, isFlow: true)],
        comparable: "1999-2024:*",
        notes: [
          "Inflows in current US dollars; a negative figure is an outflow. The year is the sum of its four quarters.",
          "The ministry revises past quarters with every release.",
        ],
        periods: "year quarter"))
  }

  private static func remittances(_ folder: InputFolder) throws -> BundleFile {
    let facts = try quarters(
      folder.csv("mx_remesas_entidad_trimestre", in: "mx"), { row in [Facts.Cell(try row.signed("remesas_usd"))] },
      year: yearlySum)
    return try facts.file(
      Manifest(
        dataset: "mx_remittances",
        country: "MX",
        title: "Family remittances to the states of Mexico",
        source: "Banco de México, Ingresos por remesas familiares por entidad federativa",
        release: "quarters from 2013 to the second of 2025",
        licence: "Open data of Banco de México, with attribution",
        citation: "Banco de México: Sistema de Información Económica, ingresos por remesas, distribución por entidad "
          + "federativa, 2013 a 2025.",
        url: "https://www.banxico.org.mx/SieInternet/",
        scheme: "scian",
        regionLevels: "state",
        activityLevels: "",
        vintages: "2013-2025:2018",
        absent: "missing",
        measures: [.money("remittances", "Family remittances", currency: "USD", scale: 1, isFlow: true)],
        comparable: "2013-2025:*",
        notes: ["Current US dollars. A year is the sum of its four quarters; 2025 has quarters only."],
        periods: "year quarter"))
  }

  private static func labour(_ folder: InputFolder) throws -> BundleFile {
    let facts = try quarters(
      folder.csv("mx_enoe_entidad_trimestre", in: "mx"),
      { row in
        try ["poblacion_economicamente_activa", "poblacion_ocupada", "salario_mensual_mxn"].map {
          Facts.Cell(try row.signed($0))
        }
      },
      year: { quarters in
        // Persons are whole, wages have cents.
        guard quarters.count >= 3 else { return nil }
        return quarters[0].indices.map { index in
          let mean = quarters.reduce(0) { $0 + $1[index] } / Double(quarters.count)
          let rounded = index < 2 ? mean.rounded() : (mean * 100).rounded() / 100
          return quarters.count == 4 ? .known(rounded) : .estimated(rounded)
        }
      })
    return try facts.file(
      Manifest(
        dataset: "mx_labour",
        country: "MX",
        title: "Labour force and wages in the states of Mexico",
        source: inegi("Encuesta Nacional de Ocupación y Empleo (ENOE)"),
        release: "quarters from 2010 to the first of 2025",
        licence: inegiLicence,
        citation: inegiAttribution("Encuesta Nacional de Ocupación y Empleo, 2010 a 2025."),
        url: "https://www.inegi.org.mx/programas/enoe/15ymas/",
        scheme: "scian",
        regionLevels: "state",
        activityLevels: "",
        vintages: "2010-2025:2018",
        absent: "missing",
        measures: [
          Manifest.Measure(
            name: "labour_force", label: "Labour force", unit: "persons", quantity: .count, additive: "region"),
          Manifest.Measure(
            name: "employed", label: "Employed persons", unit: "persons", quantity: .count, additive: "region"),
          Manifest.Measure(
            name: "monthly_wage", label: "Mean monthly wage", unit: "MXN", quantity: .money, currency: "MXN",
            additive: ""),
        ],
        comparable: "2010-2025:*",
        notes: [
          "A survey of households: employed persons include informal and unpaid work, unlike the employment of the "
            + "Economic Census. A year is the mean of its quarters.",
          "There was no survey in the second quarter of 2020, and one state lacks the third of 2021: their years are means "
            + "of three quarters and marked as estimated.",
          "Wages are in current pesos per month and do not add.",
        ],
        periods: "year quarter"))
  }

  // MARK: - Product

  private static func product(_ folder: InputFolder) throws -> BundleFile {
    let facts = try Facts(
      rows: folder.csv("mx_pibe_entidad_2024", in: "mx").rows.map { row in
        try Facts.Row(
          period: row.integer("anio"), region: row.text("cve_ent"),
          cells: [
            // Millions with two decimals, kept as whole ten thousands of pesos.
            Facts.Cell(row.signed("pib_mdp_2018").map { ($0 * 100).rounded() }, blank: .missing),
            Facts.Cell(row.signed("participacion_pct").map { $0 / 100 }), Facts.Cell(row.signed("ivf_2018")),
          ])
      })
    return try facts.file(
      Manifest(
        dataset: "mx_gdp",
        country: "MX",
        title: "Gross domestic product of the states of Mexico, 2024",
        source: inegi("Producto Interno Bruto por Entidad Federativa (PIBE)"),
        release: "preliminary figures of 2024, base 2018",
        licence: inegiLicence,
        citation: inegiAttribution("Producto Interno Bruto por Entidad Federativa 2024."),
        url: "https://www.inegi.org.mx/programas/pibent/2018/",
        scheme: "scian",
        regionLevels: "state",
        activityLevels: "",
        vintages: "2024:2018",
        absent: "missing",
        measures: [
          Manifest.Measure(
            name: "gdp_real", label: "Gross domestic product at constant prices", unit: "MXN", quantity: .money,
            currency: "MXN", scale: 10000, additive: "region", priceYear: 2018),
          Manifest.Measure(
            name: "gdp_share", label: "Share of the nation's gross domestic product", unit: "%", quantity: .percent,
            additive: "region"),
          Manifest.Measure(
            name: "gdp_index", label: "Volume of gross domestic product, 2018 = 100", unit: "", quantity: .index,
            additive: ""),
        ],
        notes: [
          "At prices of 2018. The amount of Tabasco is missing in the source table.",
          "The share is the published one, of gross domestic product in current prices.",
        ]))
  }

  private static func productPerHead(_ folder: InputFolder) throws -> BundleFile {
    let facts = try Facts(
      rows: folder.csv("mx_pci_entidad_1940_2000", in: "mx").rows.map { row in
        try Facts.Row(period: row.integer("anio"), region: row.text("cve_ent"), cells: [Facts.Cell(row.signed("pci"))])
      })
    return try facts.file(
      Manifest(
        dataset: "mx_gdp_per_head",
        country: "MX",
        title: "Product per head in the states of Mexico, 1940 to 2000",
        source: "Historical series of product per head by state, from INEGI's accounts and censuses",
        release: "every tenth year 1940 to 2000",
        licence: inegiLicence,
        citation: "Fuente: INEGI; historical series of gross product per head by state, 1940 to 2000.",
        url: "https://www.inegi.org.mx/programas/pibent/2018/",
        scheme: "scian",
        regionLevels: "state",
        activityLevels: "",
        vintages: "1940-2000:2018",
        absent: "missing",
        measures: [
          Manifest.Measure(
            name: "gdp_per_head", label: "Gross product per head", unit: "MXN", quantity: .money, currency: "MXN",
            additive: "")
        ],
        comparable: "1940-2000:*",
        notes: [
          "Constant pesos; the source table does not name the year of the prices, so compare states and decades, not "
            + "amounts with those of other datasets."
        ]))
  }
}
