import CQColumns

/// `mx_censo_metro` and `mx_censo_municipio`: the Economic Census by municipality.
struct MexicanCensus {
  let files: [BundleFile]

  /// - Parameter nation: Persons employed by reference year and sector, as published for the whole country.
  init(from folder: InputFolder, industries: MexicanIndustries, nation: [Int: [String: Double]]) throws {
    var metro = try CensusCells(
      from: folder.csv("mx_ce_zm_municipio_subsector", in: "mx"), activityColumn: "scian_subsector", code: { $0 })
    let plainGroups = Dictionary(
      try folder.csv("mx_gran_sector", in: "mx").rows.map { row in
        (
          try row.text("gran_sector"),
          try MexicanIndustries.sector(String(row.text("scian_sectores").prefix { $0 != ";" }))
        )
      }, uniquingKeysWith: { first, _ in first })
    var country = try CensusCells(
      from: folder.csv("mx_ce_municipio_gran_sector", in: "mx"), activityColumn: "gran_sector",
      code: { group in plainGroups[group].flatMap(industries.group(of:)) ?? group })
    let group = { (key: CensusCells.Key) in industries.group(of: key.activity) }

    // What the nation has more than all published cells, by group, and the part of it that lies in the metros.
    func target(_ year: Int) -> [String: Double] {
      let published = country.publishedPersons(year) { $0.activity }
      let inMetros = metro.publishedPersons(year, group: group)
      var national: [String: Double] = [:]
      for (sector, persons) in nation[year] ?? [:] {
        if let name = industries.group(of: sector) { national[name, default: 0] += persons }
      }
      return national.compactMapValues { $0 }.reduce(into: [:]) { result, entry in
        guard let whole = published[entry.key], whole > 0 else { return }
        result[entry.key] = max(0, entry.value - whole) * (inMetros[entry.key] ?? 0) / whole
      }
    }
    func scaled(_ persons: [CensusCells.Key: Double], to targets: [String: Double]) -> [CensusCells.Key: Double] {
      var sums: [String: Double] = [:]
      for (key, count) in persons.sorted(by: { $0.key < $1.key }) { sums[group(key) ?? "", default: 0] += count }
      return persons.reduce(into: [:]) { result, entry in
        let name = group(entry.key) ?? ""
        guard let target = targets[name], let sum = sums[name], sum > 0 else { return }
        result[entry.key] = entry.value * target / sum
      }
    }
    let withheld = scaled(metro.personsByUnits(2018, group: group), to: target(2018))
    metro.estimate(withheld)
    let absent = scaled(metro.personsBetween(2008, 2013, 2018), to: target(2013))
    metro.estimate(absent)

    // A group that is withheld in a municipality of a metro is the sum of its estimates there.
    var groupPersons = country.personsByUnits(2018) { $0.activity }
    func adopt(_ estimates: [CensusCells.Key: Double]) {
      var sums: [CensusCells.Key: Double] = [:]
      for (key, count) in estimates.sorted(by: { $0.key < $1.key }) {
        guard let name = group(key) else { continue }
        sums[CensusCells.Key(year: key.year, municipality: key.municipality, activity: name), default: 0] +=
          count.rounded()
      }
      for (key, count) in sums where groupPersons[key] != nil { groupPersons[key] = count }
    }
    adopt(withheld)
    country.estimate(groupPersons)
    groupPersons = country.personsBetween(2008, 2013, 2018)
    adopt(absent)
    country.estimate(groupPersons)
    files =
      try Self.files(metro.facts, Self.metroManifest, industries.scheme)
      + [country.facts.file(Self.municipalManifest, scheme: industries.groups)]
  }

  /// One file per census: the period needs no column then.
  private static func files(_ facts: Facts, _ manifest: Manifest, _ scheme: ActivityScheme) throws -> [BundleFile] {
    let years = Set(facts.rows.map(\.period)).sorted(by: >)
    return try years.enumerated().map { index, year in
      try Facts(rows: facts.rows.filter { $0.period == year })
        .file(manifest, part: index == 0 ? nil : String(year), scheme: scheme)
    }
  }

  static let measures: [Manifest.Measure] =
    [
      .count("employment", "Persons employed", of: "persons", state: nil, cover: nil),
      .count("establishments", "Economic units", of: "establishments", state: nil, cover: nil),
    ] + amounts

  private static let amounts: [Manifest.Measure] = [
    .money("payroll", "Wages and salaries", currency: "MXN", scale: 1000),
    .money("output", "Gross output", currency: "MXN", scale: 1000),
    .money("value_added", "Gross value added", currency: "MXN", scale: 1000),
    .money("fixed_assets", "Fixed assets", currency: "MXN", scale: 1000),
    .money("capital_formation", "Gross fixed capital formation", currency: "MXN", scale: 1000),
  ]

  static let release = "censuses of 1999, 2004, 2009, 2014 and 2019; the year is the one they refer to, the year before"

  private static let periodNotes = [
    "Up to the reference year 2008 the census withholds the number of units of small cells and publishes their other "
      + "figures; in 2013 it leaves small cells out altogether (6% of the persons); in 2018 it publishes the units of "
      + "all cells and withholds the rest of small ones (7.5% of the persons).",
    "Estimates for 2018: a withheld cell has its units at the average size of the published units of its activity; "
      + "wages, output, value added, assets and investment follow at the activity's average per person. Numbers of "
      + "units are never estimated.",
    "Estimates for 2013: a cell that is left out although the censuses before and after have it gets the mean of the "
      + "two.",
    "Amounts are in current pesos. Value added and investment can be negative.",
  ]

  private static var metroManifest: Manifest {
    Manifest(
      dataset: "mx_censo_metro",
      country: "MX",
      title: "Economic Census of Mexico, municipalities of metropolitan zones",
      source: inegi("Censos Económicos"),
      release: release,
      licence: inegiLicence,
      citation: inegiAttribution("Censos Económicos 1999, 2004, 2009, 2014 y 2019."),
      url: "https://www.inegi.org.mx/programas/ce/",
      scheme: "scian",
      regionLevels: "county",
      activityLevels: "naics3",
      vintages: "1998-2018:2018",
      absent: "zero",
      measures: measures,
      comparable: "1998-2018:*",
      notes: [
        "The 417 municipalities of the 74 metropolitan zones of 2015. Compare with the sum of the zones, which is what "
          + "the country is in this dataset; the whole of Mexico by sector is in mx_censo_nacional."
      ] + periodNotes + [
        "In both years the estimates are scaled, within each of five groups of sectors, to what the nation's published "
          + "total leaves over all published municipal cells, times the share of the zones in those cells.",
        "Subsectors of earlier editions of SCIAN keep their codes (222, 513, 514, 516).",
      ],
      delineation: 2015,
      precedence: 1,
      total: "none")
  }

  private static var municipalManifest: Manifest {
    Manifest(
      dataset: "mx_censo_municipio",
      country: "MX",
      title: "Economic Census of Mexico, all municipalities",
      source: inegi("Censos Económicos"),
      release: release,
      licence: inegiLicence,
      citation: inegiAttribution("Censos Económicos 1999, 2004, 2009, 2014 y 2019."),
      url: "https://www.inegi.org.mx/programas/ce/",
      scheme: "gran_sector",
      regionLevels: "county",
      activityLevels: "naics2 industry",
      vintages: "",
      absent: "zero",
      measures: measures,
      comparable: "1998-2018:*",
      notes: periodNotes + [
        "Five groups of sectors; manufacturing and construction are sectors, the others are groups of this dataset.",
        "The figures of 2013 and 2018 are sums over the published cells below them, so that even a published group may "
          + "lack withheld parts of it: the sum of all municipalities is 6% and 7.5% below the nation's published total.",
        "A withheld group in a municipality of a metropolitan zone is the sum of its estimates in mx_censo_metro.",
      ],
      delineation: 2015,
      total: "none")
  }
}

extension CensusCells.Key: Comparable {
  static func < (lhs: Self, rhs: Self) -> Bool {
    (lhs.year, lhs.municipality, lhs.activity) < (rhs.year, rhs.municipality, rhs.activity)
  }
}
