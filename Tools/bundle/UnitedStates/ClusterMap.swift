import CQColumns

/// `us_cluster_map_2016`: the records that the U.S. Cluster Mapping Project computed for the states and the nation.
struct ClusterMap {
  private struct Row {
    var year: Int
    var region: String
    var cluster: String
    var employment: Int
    var employmentState: CellState
    var establishments = 0
    var payroll = 0
    var payrollState = CellState.missing
    var publishedLQ = 0.0
    /// Of establishments and the location quotient.
    var publishedState = CellState.missing
  }

  let file: BundleFile

  init(from folder: InputFolder) throws {
    var rows: [Row] = []
    for row in try folder.csv("uscmp_cluster_us_2016").rows {
      rows.append(
        try Row(
          year: row.integer("year"), region: "US", cluster: row.text("cluster_code"),
          employment: row.integer("employment"), employmentState: .known))
    }
    for row in try folder.csv("uscmp_cluster_state_2016").rows { rows.append(try Self.stateRow(row)) }
    let keys = try FactKeys(sorting: &rows, { ($0.year, $0.region, $0.cluster) }) {
      ($0.count, $0) < ($1.count, $1)
    }
    var writer = ArrowWriter(rowCount: rows.count, metadata: Self.manifest.metadata)
    keys.add(to: &writer)
    try writer.add("employment", int32: rows.map(\.employment))
    writer.add("employment_state", states: rows.map(\.employmentState))
    try writer.add("establishments", int32: rows.map(\.establishments))
    try writer.add("payroll", int32: rows.map(\.payroll))
    writer.add("payroll_state", states: rows.map(\.payrollState))
    writer.add("published_lq", .float64(rows.map(\.publishedLQ)))
    writer.add("published_state", states: rows.map(\.publishedState))
    file = BundleFile(name: "us_cluster_map_2016.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  /// The source's payroll covers only the employment it reports, while its employment includes guesses for withheld
  /// cells; payroll is brought to the same scope with the source's own average wage, and withheld where it has none.
  private static func stateRow(_ row: CSVRow) throws(BundleError) -> Row {
    let employment = try row.integer("employment")
    let reported = try row.integer("employment_reported")
    let reportedPayroll = try row.integer("annual_payroll_k")
    var fact = try Row(
      year: row.integer("year"), region: row.text("region_code"), cluster: row.text("cluster_code"),
      employment: employment, employmentState: employment == reported ? .known : .estimated,
      establishments: row.integer("establishments"), payroll: reportedPayroll, payrollState: .known,
      publishedLQ: row.number("location_quotient"), publishedState: .known)
    if employment != reported {
      fact.payrollState = reported > 0 ? .estimated : .withheld
      // Rounded to the nearest thousand dollars.
      fact.payroll = reported > 0 ? (reportedPayroll * employment * 2 + reported) / (2 * reported) : 0
    }
    return fact
  }

  private static let manifest = Manifest(
    dataset: "us_cluster_map_2016",
    title: "U.S. Cluster Mapping, states",
    source: "U.S. Cluster Mapping Project, Institute for Strategy and Competitiveness, Harvard Business School",
    release: "records of 2016",
    licence: "Free use with citation",
    citation: "U.S. Cluster Mapping Project (clustermapping.us), Institute for Strategy and Competitiveness, Harvard "
      + "Business School, funded by the U.S. Economic Development Administration; Delgado, M., Porter, M. E. & "
      + "Stern, S. (2016): Defining clusters of related industries. Journal of Economic Geography 16(1): 1-38.",
    url: "https://www.clustermapping.us",
    scheme: "cluster",
    regionLevels: "country state",
    activityLevels: "cluster",
    vintages: "",
    absent: "missing",
    measures: [
      .count("employment", "Employment", of: "persons", state: "employment_state", cover: nil),
      .count("establishments", "Establishments", of: "establishments", state: "published_state", cover: nil),
      .dollars("payroll", "Annual payroll", scale: 1000, state: "payroll_state", cover: nil),
      Manifest.Measure(
        name: "published_lq", label: "Location quotient as published", unit: "", quantity: .ratio, additive: "",
        state: "published_state"),
    ],
    notes: [
      "Employment of heavily withheld cells is the source's midpoint guess; such cells are marked as estimated.",
      "The source's payroll covers reported employment only; where employment is estimated, payroll is its average "
        + "wage times that employment, and is withheld where it reports none.",
      "The published location quotient compares traded clusters with all traded clusters and local clusters with all "
        + "local ones.",
      "The rows of the United States carry employment only; there is no row for the District of Columbia.",
    ])
}
