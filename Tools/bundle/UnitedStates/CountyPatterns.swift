import CQColumns

/// `us_cbp_county`: County Business Patterns by county, sectors 2017 to 2021, four digits in three of these years and
/// six digits in two.
struct CountyPatterns {
  private struct Row {
    var year: Int
    var region: String
    var activity: String
    var establishments: Int
    /// Published, or the estimate.
    var employment: Int
    var payroll: Int
    var isPublished: Bool

    func says(as other: Row) -> Bool {
      establishments == other.establishments && employment == other.employment && payroll == other.payroll
        && isPublished == other.isPublished
    }
  }

  /// One level of one year.
  private struct Part {
    var year: Int
    var digits: Int

    var level: String { "naics\(digits)" }
    /// The four digits of the latest year are the dataset's first file.
    var isMain: Bool { year == 2021 && digits == 4 }
    var fileName: String { isMain ? "us_cbp_county.arrow" : "us_cbp_county.\(year)_\(level).arrow" }
  }

  /// NAICS 2017 codes that occur.
  let codes: Set<String>
  private let parts: [(part: Part, rows: [Row])]

  init(from folder: InputFolder) throws {
    var parts: [(part: Part, rows: [Row])] = []
    for year in [2018, 2019, 2021] {
      parts.append((Part(year: year, digits: 4), try Self.rows(folder, "cbp_county_naics4_\(year)", year: year)))
    }
    for year in [2018, 2021] {
      parts.append((Part(year: year, digits: 6), try Self.rows(folder, "cbp_county_naics6_\(year)", year: year)))
    }
    let sectors = Dictionary(grouping: try Self.rows(folder, "cbp_county_sector_2017_2021", year: nil), by: \.year)
    for year in sectors.keys.sorted() { parts.append((Part(year: year, digits: 2), sectors[year] ?? [])) }
    for digits in [4, 6] {
      for index in parts.indices where parts[index].part.digits == digits {
        let year = parts[index].part.year
        let above = parts.first { $0.part.year == year && $0.part.digits == digits - 2 }
        Self.fit(&parts[index].rows, below: above?.rows ?? [], parentDigits: digits - 2)
      }
    }
    codes = Set(parts.flatMap { $0.rows.map(\.activity) })
    self.parts = parts
  }

  /// - Parameter scheme: NAICS 2017.
  func files(scheme: ActivityScheme) throws(BundleError) -> [BundleFile] {
    var files: [BundleFile] = []
    for (part, rows) in parts {
      let above = part.digits == 6 ? parts.first { $0.part.year == part.year && $0.part.digits == 4 }?.rows : nil
      files.append(try Self.file(part, rows, redundant: Self.redundantCodes(rows, above: above ?? [], scheme)))
    }
    return files
  }

  /// Six-digit codes that are the only one of their four-digit code and say in every county what that says: a query for
  /// them is answered from the four digits.
  private static func redundantCodes(_ rows: [Row], above: [Row], _ scheme: ActivityScheme) -> Set<String> {
    struct Cell: Hashable {
      var region: String
      var activity: String
    }
    var rowOfCell: [Cell: Row] = [:]
    for row in above { rowOfCell[Cell(region: row.region, activity: row.activity)] = row }
    var codes: Set<String> = []
    var refuted: Set<String> = []
    for row in rows where !refuted.contains(row.activity) {
      let group = String(row.activity.prefix(4))
      if scheme.leafCount(of: group) == 1, rowOfCell[Cell(region: row.region, activity: group)]?.says(as: row) == true {
        codes.insert(row.activity)
      } else {
        refuted.insert(row.activity)
      }
    }
    return codes.subtracting(refuted)
  }

  private static func rows(_ folder: InputFolder, _ name: String, year: Int?) throws -> [Row] {
    var rows: [Row] = []
    for row in try folder.csv(name).rows {
      let employment = try row.published("employment")
      let payroll = try row.published("annual_payroll_k")
      guard (employment == nil) == (payroll == nil) else {
        throw row.error("annual_payroll_k", "must be blank exactly where employment is")
      }
      try rows.append(
        Row(
          year: year ?? row.integer("year"), region: row.text("county_fips"), activity: row.text("naics_code"),
          establishments: row.integer("establishments"), employment: employment ?? 0, payroll: payroll ?? 0,
          isPublished: employment != nil))
    }
    estimateBlanks(&rows)
    return rows
  }

  /// Gives each blank cell the mean size and payroll of the establishments of its code and year in all other counties.
  ///
  /// Some 0.1% of the cells are blank; without an estimate none of the sums they belong to, the nation's among them, would
  /// have a number. A code without any published cell keeps 0.
  private static func estimateBlanks(_ rows: inout [Row]) {
    struct Code: Hashable {
      var year: Int
      var activity: String
    }
    var published: [Code: (establishments: Int, employment: Int, payroll: Int)] = [:]
    for row in rows where row.isPublished {
      var sum = published[Code(year: row.year, activity: row.activity)] ?? (0, 0, 0)
      sum = (sum.establishments + row.establishments, sum.employment + row.employment, sum.payroll + row.payroll)
      published[Code(year: row.year, activity: row.activity)] = sum
    }
    for index in rows.indices where !rows[index].isPublished {
      let row = rows[index]
      guard let sum = published[Code(year: row.year, activity: row.activity)], sum.establishments > 0 else { continue }
      func share(_ total: Int) -> Int {
        (2 * total * row.establishments + sum.establishments) / (2 * sum.establishments)
      }
      rows[index].employment = share(sum.employment)
      rows[index].payroll = share(sum.payroll)
    }
  }

  /// Brings the estimates of a code's parts down to what the code above leaves over its published parts, if they are more.
  /// They may be less: parts with fewer than three establishments are not listed.
  private static func fit(_ rows: inout [Row], below above: [Row], parentDigits: Int) {
    struct Cell: Hashable {
      var region: String
      var activity: Substring
    }
    func parent(_ row: Row) -> Cell { Cell(region: row.region, activity: row.activity.prefix(parentDigits)) }
    var left: [Cell: (employment: Int, payroll: Int)] = [:]
    for row in above { left[Cell(region: row.region, activity: row.activity[...])] = (row.employment, row.payroll) }
    var estimated: [Cell: (employment: Int, payroll: Int)] = [:]
    for row in rows {
      if row.isPublished {
        left[parent(row)]?.employment -= row.employment
        left[parent(row)]?.payroll -= row.payroll
      } else {
        let sum = estimated[parent(row)] ?? (0, 0)
        estimated[parent(row)] = (sum.employment + row.employment, sum.payroll + row.payroll)
      }
    }
    func part(_ value: Int, of sum: Int, within rest: Int) -> Int { sum > rest ? value * max(0, rest) / sum : value }
    for index in rows.indices where !rows[index].isPublished {
      guard let rest = left[parent(rows[index])], let sum = estimated[parent(rows[index])] else { continue }
      rows[index].employment = part(rows[index].employment, of: sum.employment, within: rest.employment)
      rows[index].payroll = part(rows[index].payroll, of: sum.payroll, within: rest.payroll)
    }
  }

  private static func file(
    _ part: Part, _ unsorted: [Row], redundant: Set<String>
  ) throws(BundleError) -> BundleFile {
    var rows = unsorted
    for row in rows {
      try require(
        ActivityCode.level(row.activity) == part.digits && row.activity != ActivityCode.all,
        "\(part.fileName): \(row.activity) is not a code of \(part.digits) digits")
    }
    var keys = try FactKeys(sorting: &rows, { ($0.year, $0.region, $0.activity) }) {
      ActivityCode.sortKey($0) < ActivityCode.sortKey($1)
    }
    let kept = rows.indices.filter { !redundant.contains(rows[$0].activity) }
    keys = keys.subset(kept)
    rows = kept.map { rows[$0] }
    let hasEstimates = rows.contains { !$0.isPublished }
    var writer = ArrowWriter(
      rowCount: rows.count,
      metadata: manifest(part, hasEstimates: hasEstimates).metadata + [("period", String(part.year))])
    keys.addRuns(to: &writer, hasOneYear: true)
    writer.add("establishments", narrowest: rows.map(\.establishments))
    writer.add("employment", narrowest: rows.map(\.employment))
    writer.add("payroll", narrowest: rows.map(\.payroll))
    if hasEstimates {
      // Estimates are so few that runs take no room.
      writer.add("employment_state", runsOf: rows.map { ($0.isPublished ? CellState.known : .estimated).name })
    }
    return BundleFile(name: part.fileName, rowCount: rows.count, bytes: writer.bytes())
  }

  private static func manifest(_ part: Part, hasEstimates: Bool) -> Manifest {
    let state = hasEstimates ? "employment_state" : nil
    var measures: [Manifest.Measure] = [
      .count("employment", "Employment", of: "persons", state: state, cover: nil),
      .count("establishments", "Establishments", of: "establishments", state: nil, cover: nil),
      .dollars("payroll", "Annual payroll", scale: 1000, state: state, cover: nil),
    ]
    for index in measures.indices { measures[index].activityLevels = part.level }
    return Manifest(
      dataset: "us_cbp_county",
      title: "County Business Patterns, counties",
      source: "U.S. Census Bureau, County Business Patterns",
      release: "annual releases 2017 to 2021",
      licence: publicDomain,
      citation: "U.S. Census Bureau: County Business Patterns, 2017 to 2021.",
      url: "https://www.census.gov/programs-surveys/cbp.html",
      scheme: "naics",
      regionLevels: "county",
      activityLevels: part.level,
      vintages: "2017-2021:2017",
      absent: "missing",
      measures: measures,
      comparable: "2018-2021:* 2017-2021:all naics2",
      notes: part.isMain ? notes : [],
      delineation: nil,
      precedence: 1,
      total: "none")
  }

  private static let notes = [
    "The source lists a cell only where it has three establishments or more: four-digit cells hold about 90% of the "
      + "country's jobs, six-digit cells about 85%. Compare a county with the sum of counties, not with the states.",
    "About one cell in a thousand is withheld; it carries an estimate: its establishments times their mean size in the other "
      + "counties, but no more than the code above leaves over its published parts.",
    "Sectors are of 2017 to 2021, four digits of 2018, 2019 and 2021, six digits of 2018 and 2021.",
    "There are no rows for the sectors 31-33, 44-45 and 48-49 as such; their four-digit codes add up to them.",
    "The District of Columbia is not in the source.",
    "Employment is of the week of 12 March; the Census Bureau adds small random noise to the numbers it publishes.",
  ]
}
