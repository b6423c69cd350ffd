import CQColumns

/// `us_qcew_state`: Quarterly Census of Employment and Wages by state, annual averages 2019 and 2020.
struct QuarterlyCensus {
  struct Row {
    var year: Int
    var region: String
    var ownership: String
    var activity: String
    var establishments: Int
    var cell: WithheldCells.Cell

    func says(as other: Row) -> Bool { establishments == other.establishments && cell == other.cell }
  }

  /// The averages of twelve months are rounded, so parents and children may be a few jobs apart.
  static let roundingTolerance = 4

  let codes: Set<String>
  private let rows: [Row]

  init(from folder: InputFolder) throws {
    var rows: [Row] = []
    for row in try folder.csv("qcew_state_naics_2019_2020").rows { rows.append(try Self.read(row)) }
    codes = Set(rows.map(\.activity))
    self.rows = rows
  }

  /// - Parameter schemes: The classification of each vintage.
  func files(schemes: [Int: ActivityScheme]) throws(BundleError) -> [BundleFile] {
    [
      try Self.privateFile(rows.filter { $0.ownership == "private" }, schemes),
      try QuarterlyCensusGovernment.file(rows.filter { $0.ownership != "private" }),
    ]
  }

  private static func read(_ row: CSVRow) throws(BundleError) -> Row {
    let employment = try row.published("employment")
    let cell = try WithheldCells.Cell(
      isPublished: employment != nil, employment: row.integer("employment_est"),
      payroll: row.integer("total_wages_est"))
    let year = try row.integer("year")
    let region = try row.text("state_fips")
    let code = try row.text("naics_code")
    let payroll = try row.published("total_wages")
    try require(
      employment == nil || employment == cell.employment && payroll == cell.payroll,
      "us_qcew_state: the estimate for \(year), \(region), \(code) differs from the published number")
    return try Row(
      year: year, region: region, ownership: row.text("ownership"), activity: code,
      establishments: row.integer("establishments"), cell: cell)
  }

  private static func privateFile(
    _ unsorted: [Row], _ schemes: [Int: ActivityScheme]
  ) throws(BundleError) -> BundleFile {
    var rows = unsorted
    var keys = try FactKeys(sorting: &rows, { ($0.year, $0.region, $0.activity) }) {
      ActivityCode.sortKey($0) < ActivityCode.sortKey($1)
    }
    try PublishedTotals.check("us_qcew_state", keys, rows.map(\.cell.employment), expected: [2019: 126_358_746])
    let levels: Set<Int> = [2, 3, 4, 5, 6]
    let redundant = RedundantCodes(
      try FactTree(keys, levels: levels), schemes: schemes, vintage: { _ in 2017 },
      isEqual: { rows[$0].says(as: rows[$1]) })
    let kept = keys.keys.indices.filter { !redundant.contains(keys.keys[$0]) }
    keys = keys.subset(kept)
    rows = kept.map { rows[$0] }
    let tree = try FactTree(keys, levels: levels, skipping: redundant)
    let withheld = WithheldCells(
      tree: tree, cells: rows.map(\.cell), vintage: { _ in 2017 }, roundingTolerance: roundingTolerance)
    let isKnown = withheld.isKnown()
    var writer = ArrowWriter(rowCount: rows.count, metadata: privateManifest.metadata)
    keys.add(to: &writer)
    writer.add("establishments", narrowest: rows.map(\.establishments))
    try writer.add("employment", int32: rows.map(\.cell.employment))
    writer.add("payroll", .int64(rows.map { Int64($0.cell.payroll) }))
    writer.add("employment_state", states: withheld.states(isKnown: isKnown))
    writer.add("employment_cover", .uint8(tree.cover(isResolved: withheld.isResolved(isKnown: isKnown))))
    return BundleFile(name: "us_qcew_state.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  static let classificationNote =
    "Industries are coded in NAICS 2017; construction trades are split into residential (code ending in 1) and "
    + "nonresidential (2)."

  private static let privateManifest = manifest(
    title: "Quarterly Census of Employment and Wages, states, private employers",
    activityLevels: "naics2 naics3 naics4 naics5 naics6",
    absent: "zero",
    measures: [
      .count("employment", "Employment", of: "persons", state: "employment_state", cover: "employment_cover"),
      .count("establishments", "Establishments", of: "establishments", state: nil, cover: nil),
      .dollars("payroll", "Total wages", scale: 1, state: "employment_state", cover: "employment_cover"),
    ],
    notes: [
      "Private employers covered by unemployment insurance; employment is the average of twelve months.",
      "Withheld cells carry an estimate: what the parent code has left over its published children, shared among the "
        + "withheld ones.",
      classificationNote,
    ])

  static func manifest(
    title: String, activityLevels: String, absent: String, measures: [Manifest.Measure], notes: [String]
  ) -> Manifest {
    Manifest(
      dataset: "us_qcew_state",
      title: title,
      source: "U.S. Bureau of Labor Statistics, Quarterly Census of Employment and Wages",
      release: "annual averages 2019 and 2020",
      licence: publicDomain,
      citation:
        "U.S. Bureau of Labor Statistics: Quarterly Census of Employment and Wages, annual averages 2019, 2020.",
      url: "https://www.bls.gov/cew/",
      scheme: "naics",
      regionLevels: "state",
      activityLevels: activityLevels,
      vintages: "2019-2020:2017",
      absent: absent,
      measures: measures,
      comparable: "2019-2020:*",
      notes: notes)
  }
}
