import CQColumns

/// `us_cluster_map_2016`: the records that the U.S. Cluster Mapping Project computed for the nation, the states and the
/// metropolitan areas.
struct ClusterMap {
  let files: [BundleFile]

  init(from folder: InputFolder) throws {
    var nationAndStates = Facts(rows: [])
    for row in try folder.csv("uscmp_cluster_us_2016").rows {
      var cells = [Facts.Cell](repeating: .missing, count: Self.measures.count)
      cells[0] = .known(Double(try row.integer("employment")))
      nationAndStates.rows.append(
        try Facts.Row(
          period: row.integer("year"), region: "US", activity: row.text("cluster_code"), cells: cells))
    }
    for row in try folder.csv("uscmp_cluster_state_2016").rows { nationAndStates.rows.append(try Self.read(row)) }
    var metros = Facts(rows: [])
    for row in try folder.csv("uscmp_cluster_msa_2016").rows { metros.rows.append(try Self.read(row)) }
    let scheme = try ActivityScheme(
      name: "cluster",
      nodes: Set((nationAndStates.rows + metros.rows).map(\.activity)).map {
        ActivityScheme.Node(code: $0, level: "cluster", depth: 2, title: "")
      })
    files = [
      try nationAndStates.file(Self.manifest("country state"), scheme: scheme),
      try metros.file(Self.manifest("metro"), part: "metro", scheme: scheme),
    ]
  }

  private static func read(_ row: CSVRow) throws(BundleError) -> Facts.Row {
    let employment = try row.integer("employment")
    let reported = try row.integer("employment_reported")
    let reportedPayroll = try row.integer("annual_payroll_k")
    var cells: [Facts.Cell] = [
      Facts.Cell(value: Double(employment), state: employment == reported ? .known : .estimated),
      .known(Double(try row.integer("establishments"))),
      payroll(employment: employment, reported: reported, reportedPayroll: reportedPayroll),
      .known(Double(reported)), .known(Double(reportedPayroll)),
    ]
    for column in recordColumns { cells.append(Facts.Cell(try row.signed(column.input), blank: .missing)) }
    switch try row.text("strong") {
    case "True": cells.append(.known(1))
    case "False": cells.append(.known(0))
    case "": cells.append(.missing)
    case let other: throw row.error("strong", "must be True, False or blank, not '\(other)'")
    }
    return try Facts.Row(
      period: row.integer("year"), region: row.text("region_code"), activity: row.text("cluster_code"), cells: cells)
  }

  /// The source's payroll covers only the employment it reports, while its employment includes guesses for withheld
  /// cells; payroll is brought to the same scope with the source's own average wage, and withheld where it has none.
  private static func payroll(employment: Int, reported: Int, reportedPayroll: Int) -> Facts.Cell {
    if employment == reported { return .known(Double(reportedPayroll)) }
    // Rounded to the nearest thousand dollars.
    return reported > 0
      ? .estimated(Double((reportedPayroll * employment * 2 + reported) / (2 * reported))) : .withheld
  }

  /// What the source computed itself: its column, and our measure.
  private static let recordColumns: [(input: String, name: String, label: String, unit: String)] = [
    ("private_wage", "published_wage", "Average wage as published", "USD"),
    ("location_quotient", "published_lq", "Location quotient as published", ""),
    ("employment_rank", "employment_rank", "Rank of the region by employment in the cluster", "rank"),
    ("lq_rank", "published_lq_rank", "Rank of the region by location quotient", "rank"),
    ("wage_rank", "published_wage_rank", "Rank of the region by average wage", "rank"),
    ("establishments_rank", "establishments_rank", "Rank of the region by establishments", "rank"),
  ]

  private static let measures: [Manifest.Measure] =
    [
      .count("employment", "Employment", of: "persons", state: nil, cover: nil),
      .count("establishments", "Establishments", of: "establishments", state: nil, cover: nil),
      .dollars("payroll", "Annual payroll", scale: 1000, state: nil, cover: nil),
      .count("reported_employment", "Employment as reported, without guesses", of: "persons", state: nil, cover: nil),
      .dollars("reported_payroll", "Annual payroll of reported employment", scale: 1000, state: nil, cover: nil),
    ]
    + recordColumns.map { column in
      var measure = Manifest.Measure(
        name: column.name, label: column.label, unit: column.unit,
        quantity: column.unit == "USD" ? .money : column.unit == "rank" ? .count : .ratio, additive: "")
      if column.unit == "USD" { measure.currency = "USD" }
      return measure
    } + [
      Manifest.Measure(
        name: "strong_cluster", label: "Strong cluster (1 yes, 0 no)", unit: "flag", quantity: .count, additive: "")
    ]

  private static func manifest(_ levels: String) -> Manifest {
    Manifest(
      dataset: "us_cluster_map_2016",
      title: "U.S. Cluster Mapping, states and metropolitan areas",
      source: "U.S. Cluster Mapping Project, Institute for Strategy and Competitiveness, Harvard Business School",
      release: "records of 2016",
      licence: "Free use with citation",
      citation: "U.S. Cluster Mapping Project (clustermapping.us), Institute for Strategy and Competitiveness, Harvard "
        + "Business School, funded by the U.S. Economic Development Administration; Delgado, M., Porter, M. E. & "
        + "Stern, S. (2016): Defining clusters of related industries. Journal of Economic Geography 16(1): 1-38.",
      url: "https://www.clustermapping.us",
      scheme: "cluster",
      regionLevels: levels,
      activityLevels: "cluster",
      vintages: "",
      absent: "missing",
      measures: measures,
      notes: levels == "metro" ? [] : notes,
      delineation: levels == "metro" ? UnitedStatesRegions.metroDelineation : nil,
      total: "none")
  }

  private static let notes = [
    "Employment of heavily withheld cells is the source's midpoint guess; such cells are marked as estimated.",
    "The source's payroll covers reported employment only; where employment is estimated, payroll is its average "
      + "wage times that employment, and is withheld where it reports none.",
    "The published location quotient compares traded clusters with all traded clusters and local clusters with all "
      + "local ones.",
    "The rows of the United States carry employment only; there is no row for the District of Columbia.",
    "The source's shares of employment are left out: they are its employment divided by its totals.",
    "A strong cluster is one of the traded clusters that the source flagged in a region; local clusters have no flag.",
  ]
}
