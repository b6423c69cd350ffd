import CQColumns

/// `ca_seph`, `ca_seph_national` and `ca_earnings`: the Survey of Employment, Payrolls and Hours.
struct CanadianEmployment {
  let files: [BundleFile]

  init(from folder: InputFolder, industries: CanadianIndustries) throws {
    files = [
      try Self.provinces(folder).file(Self.provinceManifest, scheme: industries.payrolls),
      try Self.recentProvinces(folder).file(Self.recentManifest, part: "2021", scheme: industries.payrolls),
      try Self.nation(folder).file(Self.nationManifest, scheme: industries.payrolls),
      try Self.earnings(folder).file(Self.earningsManifest, scheme: industries.payrolls),
    ]
  }

  /// Canada has the code of a province, 01.
  private static func region(_ code: String) -> String { code == "01" ? CanadianRegions.country : code }

  /// Earnings of the aggregate that includes unclassified businesses are not collected; others are withheld.
  private static func weeklyEarnings(_ row: CSVRow) throws -> Facts.Cell {
    Facts.Cell(
      try row.signed("avg_weekly_earnings_cad"),
      blank: ["00-91N", "00"].contains(try row.text("naics_code")) ? .missing : .withheld)
  }

  private static func provinces(_ folder: InputFolder) throws -> Facts {
    var rows: [Facts.Row] = []
    for row in try folder.csv("ca_seph_province_sector", in: "ca").rows {
      for code in try CanadianIndustries.codes(row.text("naics_code")) {
        rows.append(
          try Facts.Row(
            period: row.integer("year"), region: region(row.text("sgc")), activity: code,
            cells: [Facts.Cell(row.signed("employment")), weeklyEarnings(row)]))
      }
    }
    let facts = Facts(rows: rows)
    let isTotal = { (row: Facts.Row) in row.period == 2019 && row.activity == ActivityCode.all }
    if rows.count(where: isTotal) == 14 {
      let nation = facts.sum(0) { isTotal($0) && $0.region == CanadianRegions.country }
      try facts.require(nation, within: 1, "ca_seph: provinces in 2019", 0) {
        isTotal($0) && $0.region != CanadianRegions.country
      }
    }
    return facts
  }

  /// The years after the long series. There is no row for Canada: a query adds the provinces and territories up.
  private static func recentProvinces(_ folder: InputFolder) throws -> Facts {
    var cells: [WithheldSectors.Key: Facts.Cell] = [:]
    for row in try folder.csv("ca_seph_province_sector_2019_2024", in: "ca").rows {
      let year = try row.integer("year")
      guard year > 2020 else { continue }
      let key = try WithheldSectors.Key(year: year, region: row.text("sgc"), line: row.text("naics_code"))
      cells[key] = try Facts.Cell(row.signed("employment"))
    }
    var product: [WithheldSectors.Key: Double] = [:]
    for row in try folder.csv("ca_gdp_province_industry", in: "ca").rows where try row.integer("year") == 2019 {
      let key = try WithheldSectors.Key(year: 0, region: row.text("sgc"), line: row.text("naics_code"))
      product[key] = try row.signed("gdp_millions_chained_2012_cad")
    }
    WithheldSectors.estimate(&cells, product: product)
    return Facts(
      rows: cells.flatMap { key, cell in
        CanadianIndustries.codes(key.line).map {
          Facts.Row(period: key.year, region: region(key.region), activity: $0, cells: [cell])
        }
      })
  }

  private static func nation(_ folder: InputFolder) throws -> Facts {
    var rows: [Facts.Row] = []
    for row in try folder.csv("ca_seph_national_naics", in: "ca").rows {
      for code in try CanadianIndustries.codes(row.text("naics_code")) {
        rows.append(
          try Facts.Row(
            period: row.integer("year"), region: CanadianRegions.country, activity: code,
            cells: [Facts.Cell(row.signed("employment")), weeklyEarnings(row)]))
      }
    }
    return Facts(rows: rows)
  }

  private static func earnings(_ folder: InputFolder) throws -> Facts {
    struct Key: Hashable {
      var period: Int
      var region: String
      var activity: String
    }
    var cells: [Key: [(isOwnLine: Bool, cell: Facts.Cell)]] = [:]
    for row in try folder.csv("ca_seph_hourly_earnings_province_naics", in: "ca").rows {
      let value = try row.number("avg_hourly_earnings_cad")
      // A mean over fewer than twelve published months is not the year's.
      let cell: Facts.Cell = try row.integer("months") == 12 ? .known(value) : .estimated(value)
      let codes = try CanadianIndustries.codes(row.text("naics_code"))
      for code in codes {
        let key = try Key(period: row.integer("year"), region: region(row.text("sgc")), activity: code)
        cells[key, default: []].append((codes.count == 1, cell))
      }
    }
    // A code's own line goes before one that it shares with its group. Where a code has two lines of its own, of two
    // editions of the classification, nothing tells which is which: neither is taken.
    return Facts(
      rows: cells.compactMap { key, lines in
        let own = lines.filter(\.isOwnLine)
        let candidates = own.isEmpty ? lines : own
        guard candidates.count == 1 else { return nil }
        return Facts.Row(
          period: key.period, region: key.region, activity: key.activity, cells: candidates.map(\.cell))
      })
  }

  // MARK: - Manifests

  private static let employment = Manifest.Measure.count(
    "employment", "Payroll employment", of: "persons", state: nil, cover: nil)
  private static let weekly = Manifest.Measure(
    name: "weekly_earnings", label: "Average weekly earnings", unit: "CAD", quantity: .money, currency: "CAD",
    additive: "")
  private static let source = "Statistics Canada, Survey of Employment, Payrolls and Hours (SEPH)"
  private static let citation =
    "Statistics Canada: Survey of Employment, Payrolls and Hours, annual means of monthly figures."
  private static let lineNote =
    "Aggregates that overlap (goods, services, trade, durable goods, …) are lines of the level `industry` and are not added "
    + "to the sectors. Farms, fishing, private households and the self-employed are not covered: sector 11 has forestry, "
    + "logging and support only."

  private static func manifest(
    _ dataset: String, title: String, release: String, regionLevels: String, activityLevels: String,
    measures: [Manifest.Measure], notes: [String]
  ) -> Manifest {
    Manifest(
      dataset: dataset, country: "CA", title: title, source: source, release: release, licence: statcanLicence,
      citation: citation, url: "https://www150.statcan.gc.ca/t1/tbl1/en/tv.action?pid=1410020201", scheme: "seph",
      regionLevels: regionLevels, activityLevels: activityLevels, vintages: "", absent: "missing", measures: measures,
      comparable: "2001-2020:*", notes: notes + [lineNote])
  }

  private static var provinceManifest: Manifest {
    var manifest = manifest(
      "ca_seph", title: "Payroll employment and earnings, provinces and territories of Canada",
      release: "annual means 2001 to 2020 (release of 2021); 2021 to 2024 (release of 2025)",
      regionLevels: "country state", activityLevels: "naics2 industry", measures: [employment, weekly],
      notes: [
        "2001 to 2020 are of one release, 2021 to 2024 of a later one that was revised from 2019 on, has no wholesale and "
          + "retail trade of their own, no earnings and no row for Canada: growth from one to the other is not sound.",
        "From 2021 on, withheld sectors carry an estimate: what the goods-producing (or service-producing) total of the "
          + "province leaves over its published sectors, shared in the proportion of their product of 2019, each at the jobs "
          + "per dollar of the sector where its jobs are published.",
        "Weekly earnings include overtime and are of employees of classified businesses.",
      ])
    manifest.comparable = "2001-2020:* 2021-2024:*"
    return manifest
  }

  private static var recentManifest: Manifest {
    var manifest = provinceManifest
    manifest.measures = [employment]
    return manifest
  }

  private static var nationManifest: Manifest {
    var manifest = manifest(
      "ca_seph_national", title: "Payroll employment and earnings in Canada, detailed industries",
      release: "annual means 2001 to 2020", regionLevels: "country",
      activityLevels: "naics2 naics3 naics4 industry", measures: [employment, weekly],
      notes: ["A line that is the same industry at several levels (55, 551 and 5511) has a row for each of its codes."])
    manifest.precedence = 1
    return manifest
  }

  private static var earningsManifest: Manifest {
    manifest(
      "ca_earnings", title: "Average hourly earnings in Canada, provinces by industry",
      release: "annual means 2001 to 2020",
      regionLevels: "country state", activityLevels: "naics2 naics3 naics4 industry",
      measures: [
        Manifest.Measure(
          name: "hourly_earnings", label: "Average hourly earnings", unit: "CAD", quantity: .money, currency: "CAD",
          additive: "")
      ],
      notes: [
        "Employees paid by the hour, overtime included. A year of which fewer than twelve months are published is marked as "
          + "estimated: it is the mean of those months.",
        "Industry 5173 of the years in which the source has two lines for it, of two editions of the classification, is left "
          + "out.",
      ])
  }
}
