import CQColumns

/// `mx_io_2013` and the tables `mx_io_flows` and `mx_io_industries`: Mexico's input-output table.
struct MexicanInputOutput {
  let files: [BundleFile]

  init(from folder: InputFolder, industries: MexicanIndustries) throws {
    let facts = try Facts(
      rows: folder.csv("mx_mip2013_rama_resumen", in: "mx").rows.map { row in
        try Facts.Row(
          period: 2013, region: MexicanRegions.country, activity: row.text("scian_rama"),
          // Millions with five decimals are whole tens.
          cells: Self.columns.map { try Facts.Cell(row.signed($0.column).map { ($0 * 100_000).rounded() }) })
      })
    let flows = try folder.csv("mx_mip2013_rama_flujo", in: "mx")
    let values = try flows.numbers("valor_mdp")
    if facts.rows.count == 262 {
      try facts.require(1_199_056_945_000, within: 10_000, "mx_io_2013: intermediate demand", 1) { _ in true }
      let sum = values.reduce(0) { $0 + ($1 ?? 0) }
      try require(abs(sum - 11_990_569.45) < 0.1, "mx_io_flows: the flows add up to \(sum), not to intermediate demand")
    }
    files = [
      try facts.file(Self.manifest, scheme: industries.scheme),
      PlainTable(
        name: "mx_io_flows", title: "Flows between the industries of Mexico, 2013", source: Self.source,
        licence: inegiLicence, citation: Self.citation,
        notes: [
          "Each row is what the industry `origin` delivered to the industry `destination` as an intermediate good or "
            + "service, domestic and imported, in million pesos of 2013. The flows add up to the intermediate demand of "
            + "mx_io_2013."
        ],
        columns: [
          PlainTable.Column(
            name: "origin", values: .texts(try flows.texts("rama_origen")), level: "naics4",
            country: MexicanRegions.country),
          PlainTable.Column(
            name: "destination", values: .texts(try flows.texts("rama_destino")), level: "naics4",
            country: MexicanRegions.country),
          PlainTable.Column(name: "value", values: .numbers(values), unit: "million MXN"),
        ]
      ).file(),
      try Self.industryTable(folder),
    ]
  }

  /// The totals that the flows need beside them, as a table: what is computed from both takes them from here.
  private static func industryTable(_ folder: InputFolder) throws -> BundleFile {
    let totals = try folder.csv("mx_mip2013_rama_resumen", in: "mx")
    return PlainTable(
      name: "mx_io_industries", title: "Industries of the input-output table of Mexico, 2013", source: source,
      licence: inegiLicence, citation: citation,
      notes: [
        "Totals of the industries whose flows are in mx_io_flows, in million pesos of 2013: output at basic prices, gross "
          + "value added, private consumption, exports, and imports as positive amounts."
      ],
      columns: [
        PlainTable.Column(
          name: "industry", values: .texts(try totals.texts("scian_rama")), level: "naics4",
          country: MexicanRegions.country)
      ]
        + (try industryColumns.map { column in
          let sign: Double = column.source == "importaciones" ? -1 : 1
          return PlainTable.Column(
            name: column.name, values: .numbers(try totals.numbers(column.source).map { $0.map { sign * $0 } }),
            unit: "million MXN")
        })
    ).file()
  }

  private static let industryColumns: [(source: String, name: String)] = [
    ("produccion_precios_basicos", "output"), ("valor_agregado_bruto", "value_added"),
    ("consumo_privado", "private_consumption"), ("exportaciones", "exports"), ("importaciones", "imports"),
  ]

  private static let source = inegi("Sistema de Cuentas Nacionales de México, Matriz de Insumo-Producto 2013")
  private static let citation = inegiAttribution("Matriz de Insumo-Producto 2013, por rama de actividad.")

  private static let columns: [(column: String, name: String, label: String)] = [
    ("utilizacion_total", "total_use", "Total use at basic prices"),
    ("demanda_intermedia", "intermediate_demand", "Intermediate demand"),
    ("demanda_agregada", "final_demand", "Final demand less imports"),
    ("consumo_privado", "private_consumption", "Private consumption"),
    ("consumo_gobierno", "government_consumption", "Government consumption"),
    ("formacion_capital", "capital_formation", "Gross fixed capital formation"),
    ("variacion_existencias", "inventory_change", "Change in inventories"),
    ("exportaciones", "exports", "Exports"),
    ("importaciones", "imports_deducted", "Imports (negative)"),
    ("discrepancia", "discrepancy", "Statistical discrepancy"),
    ("valor_agregado_bruto", "value_added", "Gross value added"),
    ("produccion_precios_basicos", "output", "Output at basic prices"),
  ]

  private static var manifest: Manifest {
    Manifest(
      dataset: "mx_io_2013",
      country: "MX",
      title: "Input-output table of Mexico, 2013",
      source: source,
      release: "table of 2013, 262 four-digit branches",
      licence: inegiLicence,
      citation: citation,
      url: "https://www.inegi.org.mx/programas/mip/2013/",
      scheme: "scian",
      regionLevels: "country",
      activityLevels: "naics4",
      vintages: "2013:2018",
      absent: "zero",
      measures: columns.map { .money($0.name, $0.label, currency: "MXN", scale: 10) },
      notes: [
        "All industries of the economy, farms and government included; domestic and imported goods together. The flows "
          + "between branches are in the table mx_io_flows.",
        "Amounts are in pesos of 2013. Imports are entered as negative amounts.",
        "Branches are those of SCIAN 2013: 2221, 2222, 5171 and 5172 have other codes since 2018.",
      ],
      precedence: 2,
      total: "none")
  }
}
