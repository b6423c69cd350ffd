import CQColumns

/// `us_state_accounts`: product, compensation and employment of the states by industry, in the lines of the Bureau of
/// Economic Analysis.
struct StateAccounts {
  let scheme: ActivityScheme
  let files: [BundleFile]

  /// Product is published in tenths of a million, which keeps it within 32 bits.
  private static let productScale = 100_000

  init(from folder: InputFolder) throws {
    scheme = try ActivityScheme(name: "bea", nodes: Self.nodes)
    var codeOfProductLine: [Int: String] = [:]
    var codeOfEmploymentLine: [Int: String] = [:]
    for line in StateAccountLine.all {
      if let number = line.productLine { codeOfProductLine[number] = line.code }
      if let number = line.employmentLine { codeOfEmploymentLine[number] = line.code }
    }
    var accounts = Facts(rows: [])
    for row in try folder.csv("bea_state_gdp_compensation_2007_2019").rows {
      let year = try row.integer("year")
      guard let code = codeOfProductLine[try row.integer("line_code")] else {
        throw row.error("line_code", "is not a line of the state accounts")
      }
      let product = try row.published("gdp_usd")
      if let product, product % Self.productScale != 0 {
        throw row.error("gdp_usd", "must be a multiple of \(Self.productScale)")
      }
      let compensation = try row.published("compensation_usd")
      if let compensation, compensation % 1000 != 0 { throw row.error("compensation_usd", "must be in thousands") }
      accounts.rows.append(
        Facts.Row(
          period: year, region: Self.region(try row.text("state_fips")), activity: code,
          cells: [
            Facts.Cell(product.map { Double($0 / Self.productScale) }),
            Facts.Cell(
              compensation.map { Double($0 / 1000) },
              blank: year > Self.lastYearOfCompensation ? .missing : .withheld),
          ]))
    }
    var employment = Facts(rows: [])
    for row in try folder.csv("bea_state_employment_2009_2018").rows {
      guard let code = codeOfEmploymentLine[try row.integer("line_code")] else {
        throw row.error("line_code", "is not a line of the state accounts")
      }
      employment.rows.append(
        try Facts.Row(
          period: row.integer("year"), region: Self.region(row.text("state_fips")), activity: code,
          cells: [Facts.Cell(row.signed("employment"))]))
    }
    files = [
      try accounts.file(Self.manifest, scheme: scheme, hasCovers: false),
      try employment.file(Self.employmentManifest, part: "employment", scheme: scheme, hasCovers: false),
      scheme.file(
        title: "Lines of the state accounts of the United States",
        source: "U.S. Bureau of Economic Analysis; NAICS codes added", licence: publicDomain,
        notes: ["Lines that equal a NAICS sector have its code; the others, some of which overlap, are industries."]),
    ]
  }

  private static let lastYearOfCompensation = 2017

  private static func region(_ code: String) -> String { code == "00" ? "US" : code }

  private static var nodes: [ActivityScheme.Node] {
    StateAccountLine.all.filter { $0.code != ActivityCode.all }.map { line in
      let isSector = line.sector.isEmpty && line.code.first?.isNumber == true
      return ActivityScheme.Node(
        code: line.code, level: isSector ? "naics2" : "industry", depth: line.sector.isEmpty ? 2 : 3,
        title: line.title, parent: line.sector)
    }
  }

  private static let manifest = accounts(
    title: "Gross domestic product and compensation by state and industry",
    source: "U.S. Bureau of Economic Analysis, Regional Economic Accounts",
    measures: [
      .dollars("gdp", "Gross domestic product", scale: productScale, state: nil, cover: nil),
      {
        var measure = Manifest.Measure.dollars(
          "compensation", "Compensation of employees", scale: 1000, state: nil, cover: nil)
        measure.years = "2007-2017"
        return measure
      }(),
    ],
    comparable: "2007-2019:*",
    notes: [
      "Lines overlap: the sum of an industry's lines is not the whole. Product of lines below the sectors ends in 2017.",
      "Compensation is of 2007 to 2017; blank figures are withheld to avoid disclosure.",
      "The country includes activity overseas, which no state has.",
    ])

  private static let employmentManifest = accounts(
    title: "Full-time and part-time employment by state and industry",
    source: "U.S. Bureau of Economic Analysis, Regional Economic Accounts",
    measures: [.count("employment", "Full-time and part-time employment", of: "jobs", state: nil, cover: nil)],
    comparable: "2009-2018:*",
    notes: [
      "Employment counts jobs, proprietors included, so it is larger than in County Business Patterns or the Quarterly "
        + "Census; 2009 to 2018, figures that the source withholds are absent."
    ])

  private static func accounts(
    title: String, source: String, measures: [Manifest.Measure], comparable: String, notes: [String]
  ) -> Manifest {
    Manifest(
      dataset: "us_state_accounts",
      title: title,
      source: source,
      release: "product 2007 to 2019, compensation 2007 to 2017, employment 2009 to 2018",
      licence: publicDomain,
      citation: "U.S. Bureau of Economic Analysis: Regional Economic Accounts, 2007 to 2019.",
      url: "https://www.bea.gov/data/economic-accounts/regional",
      scheme: "bea",
      regionLevels: "country state",
      activityLevels: "naics2 industry",
      vintages: "",
      absent: "missing",
      measures: measures,
      comparable: comparable,
      notes: notes,
      precedence: 2)
  }
}
