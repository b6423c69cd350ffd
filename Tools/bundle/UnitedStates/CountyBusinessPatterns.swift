import CQColumns

/// `us_cbp_state`: County Business Patterns by state, 2003 to 2011.
struct CountyBusinessPatterns {
  private struct Row {
    var year: Int
    var region: String
    var activity: String
    var establishments: Int
    var cell: WithheldCells.Cell
    var sizeClass: String
    var noise: String

    func says(as other: Row) -> Bool {
      establishments == other.establishments && cell == other.cell
    }
  }

  /// Codes that occur, by vintage of the classification.
  let codes: [Int: Set<String>]
  private let rows: [Row]

  static func vintage(_ year: Int) -> Int { year < 2008 ? 2002 : 2007 }

  private static let levels: Set<Int> = [2, 3, 4, 6]

  init(from folder: InputFolder) throws {
    var rows: [Row] = []
    var codes: [Int: Set<String>] = [:]
    for row in try folder.csv("cbp_state_naics_2003_2011").rows {
      let fact = try Self.read(row)
      codes[Self.vintage(fact.year), default: []].insert(fact.activity)
      rows.append(fact)
    }
    self.rows = rows
    self.codes = codes
  }

  /// - Parameter schemes: The classification of each vintage.
  func file(schemes: [Int: ActivityScheme]) throws(BundleError) -> BundleFile {
    var rows = rows
    var keys = try FactKeys(sorting: &rows, { ($0.year, $0.region, $0.activity) }) {
      ActivityCode.sortKey($0) < ActivityCode.sortKey($1)
    }
    try PublishedTotals.check(
      "us_cbp_state", keys, rows.map(\.cell.employment), expected: [2007: 120_604_265, 2011: 113_425_965])
    let redundant = RedundantCodes(
      try FactTree(keys, levels: Self.levels), schemes: schemes, vintage: Self.vintage,
      isEqual: { rows[$0].says(as: rows[$1]) })
    let kept = keys.keys.indices.filter { !redundant.contains(keys.keys[$0]) }
    keys = keys.subset(kept)
    rows = kept.map { rows[$0] }
    let tree = try FactTree(keys, levels: Self.levels, skipping: redundant)
    let withheld = WithheldCells(tree: tree, cells: rows.map(\.cell), vintage: Self.vintage, roundingTolerance: 0)
    let isKnown = withheld.isKnown()
    var writer = ArrowWriter(rowCount: rows.count, metadata: Self.manifest.metadata)
    keys.addRuns(to: &writer)
    writer.add("establishments", narrowest: rows.map(\.establishments))
    writer.add("employment", narrowest: rows.map(\.cell.employment))
    writer.add("payroll", narrowest: rows.map(\.cell.payroll))
    writer.add(
      "cell", states: withheld.states(isKnown: isKnown),
      covers: tree.cover(isResolved: withheld.isResolved(isKnown: isKnown)))
    try writer.add("size_class", flags: rows.map(Self.flags), values: Self.allFlags.map(\.text))
    return BundleFile(name: "us_cbp_state.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  private static func read(_ row: CSVRow) throws(BundleError) -> Row {
    let year = try row.integer("year")
    let code = try row.text("naics_code")
    let region = try row.text("state_fips")
    try require(
      row.integer("naics_version") == vintage(year), "us_cbp_state: \(year), \(region), \(code) has another vintage")
    let employment = try row.published("employment")
    let cell = try WithheldCells.Cell(
      isPublished: employment != nil, employment: row.integer("employment_est"),
      payroll: row.integer("annual_payroll_est_k"))
    let payroll = try row.published("annual_payroll_k")
    try require(
      employment == nil || employment == cell.employment && payroll == cell.payroll,
      "us_cbp_state: the estimate for \(year), \(region), \(code) differs from the published number")
    return try Row(
      year: year, region: region, activity: code, establishments: row.integer("establishments"), cell: cell,
      sizeClass: row.text("employment_flag"), noise: row.text("noise_flag"))
  }

  private static let manifest = Manifest(
    dataset: "us_cbp_state",
    title: "County Business Patterns, states",
    source: "U.S. Census Bureau, County Business Patterns",
    release: "annual releases 2003 to 2011",
    licence: publicDomain,
    citation: "U.S. Census Bureau: County Business Patterns, 2003 to 2011.",
    url: "https://www.census.gov/programs-surveys/cbp.html",
    scheme: "naics",
    regionLevels: "state",
    activityLevels: "naics2 naics3 naics4 naics6",
    vintages: "2003-2007:2002 2008-2011:2007",
    absent: "zero",
    measures: [
      .count("employment", "Employment", of: "persons", state: "cell:0", cover: "cell:1"),
      .count("establishments", "Establishments", of: "establishments", state: nil, cover: nil),
      .dollars("payroll", "Annual payroll", scale: 1000, state: "cell:0", cover: "cell:1"),
    ],
    comparable: "2003-2007:* 2008-2011:* 2003-2011:all naics2 cluster subcluster",
    cautions: [
      "2003-2011 cluster 8 104 29 16: before 2008 the data lack the codes of cable carriers, telecommunications "
        + "resellers, Internet services and real estate investment trusts, so part of their growth over these years is "
        + "a change of coverage"
    ],
    notes: [
      "Employment is of the week of 12 March; it covers most private employers and leaves out the self-employed, "
        + "farms, railways, the post, private households and most of government.",
      "Withheld cells carry an estimate: what the parent code has left over its published children, shared among the "
        + "withheld ones within their employment size classes.",
      "2003 to 2007 are coded in NAICS 2002 and lack the codes of cable carriers, telecommunications resellers, "
        + "Internet publishers and service providers, web search portals and real estate investment trusts, and have "
        + "wireless carriers at four digits only: clusters 104 and 29, and slightly 8 and 16, are too small in these "
        + "years.",
      "2008 to 2011 are coded in NAICS 2007.",
      "From 2007 on the Census Bureau adds small random noise to the numbers it publishes.",
    ],
    flags: allFlags.compactMap { flags in flags.bounds.map { ("size_class.\(flags.text)", $0) } }
      + noiseFlags.map { ("noise.\($0.flag)", $0.text) }
  )

  /// The employment size class and the noise flag in one byte: `B/D` is 20 to 99 jobs, withheld to avoid disclosure.
  private static func flags(_ row: Row) -> String {
    row.noise.isEmpty ? row.sizeClass : "\(row.sizeClass)/\(row.noise)"
  }

  /// All pairs of flags, with the bounds of the size class.
  private static let allFlags: [(text: String, bounds: String?)] =
    ([("", nil)] + sizeClasses.map { ($0.letter, $0.bounds) }).flatMap { (letter: String, bounds: String?) in
      [(letter, bounds)] + noiseFlags.map { ("\(letter)/\($0.flag)", bounds) }
    }

  /// Employment of a withheld cell; the last class is open.
  private static let sizeClasses: [(letter: String, bounds: String)] = [
    ("A", "0-19"), ("B", "20-99"), ("C", "100-249"), ("E", "250-499"), ("F", "500-999"),
    ("G", "1000-2499"), ("H", "2500-4999"), ("I", "5000-9999"), ("J", "10000-24999"), ("K", "25000-49999"),
    ("L", "50000-99999"), ("M", "100000-"),
  ]

  private static let noiseFlags: [(flag: String, text: String)] = [
    ("G", "published with less than 2% noise"), ("H", "published with 2% to 5% noise"),
    ("D", "withheld to avoid disclosure"), ("S", "withheld for want of quality"),
  ]
}

/// Compares sums with totals known from the agencies.
enum PublishedTotals {
  /// The states and the District of Columbia; anything less is a sample, whose sum means nothing.
  private static let completeRegionCount = 51

  static func check(
    _ dataset: String, _ keys: FactKeys, _ employment: [Int], expected: [Int: Int]
  ) throws(BundleError) {
    guard keys.regions.count == completeRegionCount else { return }
    var totals: [Int: Int] = [:]
    for (row, key) in keys.keys.enumerated() where keys.activities[key.activity] == ActivityCode.all {
      totals[key.year, default: 0] += employment[row]
    }
    for (year, total) in expected {
      try require(
        totals[year] == total, "\(dataset): employment of \(year) is \(totals[year] ?? 0), published \(total)")
    }
  }
}
