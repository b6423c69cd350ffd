import CQColumns

/// `trade_hs92`, the classification of its products, and the tables that go with world trade.
struct WorldTrade {
  let files: [BundleFile]

  init(from folder: InputFolder) throws {
    let products = try ActivityScheme(name: "hs.1992", nodes: Self.products(folder))
    let facts = try Facts(
      rows: folder.csv("trade_hs92_country_2019", in: "trade").rows.map { row in
        try Facts.Row(
          period: row.integer("year"), region: Economies.code(iso3: row.text("iso3")), activity: row.text("hs92"),
          cells: [Facts.Cell(row.signed("export_usd"))])
      })
    let isLarge = { (row: Facts.Row) in row.cells[0].value > Double(Int32.max) }
    files = [
      products.file(
        title: "Products (Harmonized System 1992)", source: Self.source, licence: Self.licence,
        notes: [
          "Headings of four digits are products, chapters of two digits are product groups; the ten sections above them "
            + "are those of the Atlas of Economic Complexity and have the level `industry`."
        ]),
      // Of 154,643 cells 1,271 do not fit into 32 bits: in a file of their own they let the others take half the space.
      try Facts(rows: facts.rows.filter { !isLarge($0) }).file(Self.manifest, scheme: products),
      try Facts(rows: facts.rows.filter(isLarge)).file(Self.manifest, part: "large", scheme: products),
      try Self.complexity(folder), try Self.imports(folder), try Self.industryProducts(folder),
      try Self.activityProducts(folder),
    ]
  }

  private static let source =
    "Growth Lab at Harvard University, International Trade Data (Atlas of Economic Complexity)"
  private static let licence = "CC BY 4.0 (Harvard Dataverse), with citation"
  private static let citation =
    "The Growth Lab at Harvard University: International Trade Data (HS, 92). Harvard Dataverse, "
    + "https://doi.org/10.7910/DVN/T4CHWJ."

  private static func products(_ folder: InputFolder) throws -> [ActivityScheme.Node] {
    try folder.csv("hs92_product", in: "trade").rows.map { row in
      let digits = try row.integer("digits")
      let (level, depth): (String, UInt8) =
        switch digits {
        case 1: ("industry", 2)
        case 2: ("product_group", 3)
        default: ("product", 4)
        }
      return try ActivityScheme.Node(
        code: row.text("code"), level: level, depth: depth, title: tidy(row.text("name_short_en")),
        spanish: tidy(row.text("name_short_es")), parent: row.text("parent"))
    }
  }

  private static func tidy(_ title: String) -> String {
    var text = title.replacing("\u{AD}", with: "").replacing("Diary products", with: "Dairy products")
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  private static var manifest: Manifest {
    Manifest(
      dataset: "trade_hs92",
      country: "world",
      title: "Exports of the world's economies by product, 2019",
      source: source,
      release: "2019, Harmonized System of 1992, four digits",
      licence: licence,
      citation: citation,
      url: "https://atlas.hks.harvard.edu",
      scheme: "hs",
      regionLevels: "country",
      activityLevels: "industry product_group product",
      vintages: "2019:1992",
      absent: "zero",
      measures: [.money("exports", "Exports", currency: "USD", scale: 1, isFlow: true)],
      notes: [
        "Exports of goods in current US dollars, cleaned by the source from what exporters and importers report to the "
          + "United Nations. Services are not in this table. 230 economies, territories with customs of their own included.",
        "The exports of an economy are the sum of its products.",
      ],
      precedence: 3,
      total: "none")
  }

  // MARK: - Tables

  private static func complexity(_ folder: InputFolder) throws -> BundleFile {
    let file = try folder.csv("country_eci", in: "trade")
    let names = Economies.englishNames
    var countries: [String] = []
    for code in try file.texts("iso3").map(Economies.code) {
      guard let name = names[code] else { throw BundleError("country_eci: the economy \(code) has no name") }
      countries.append(name)
    }
    func column(_ name: String, _ source: String) throws -> PlainTable.Column {
      PlainTable.Column(name: name, values: .numbers(try file.numbers(source)))
    }
    return PlainTable(
      name: "country_complexity", title: "Economic complexity of countries, 1995 to 2023", source: source,
      licence: licence,
      citation: "The Growth Lab at Harvard University: Growth Projections and Complexity Rankings. Harvard Dataverse, "
        + "https://doi.org/10.7910/DVN/XTAQMC.",
      notes: [
        "The Economic Complexity Index as the source publishes it, from trade by HS 1992 and by SITC, with the rank among "
          + "the countries of its ranking, and its projection of yearly growth."
      ],
      columns: [
        PlainTable.Column(name: "country", values: .texts(countries), level: "country"), try column("year", "year"),
        try column("eci_hs92", "eci_hs92"), try column("eci_rank_hs92", "eci_rank_hs92"),
        try column("eci_sitc", "eci_sitc"), try column("eci_rank_sitc", "eci_rank_sitc"),
        try column("growth_projection", "growth_proj"),
      ]
    ).file()
  }

  private static func imports(_ folder: InputFolder) throws -> BundleFile {
    let file = try folder.csv("us_imports_hs12_china_share", in: "trade")
    return PlainTable(
      name: "us_imports_by_product", title: "Imports of the United States by product, with China's share",
      source: "U.S. Census Bureau trade statistics by Harmonized System 2012 heading",
      licence: publicDomain, citation: "U.S. Census Bureau: USA Trade, imports by HS heading.",
      notes: ["Imports in US dollars; the share is the part that comes from China. The source table has no year."],
      columns: [
        PlainTable.Column(name: "product", values: .texts(try file.texts("hs12"))),
        PlainTable.Column(
          name: "imports", values: .numbers(try file.numbers("us_imports_world_usd")), unit: "USD"),
        PlainTable.Column(
          name: "imports_from_china", values: .numbers(try file.numbers("us_imports_china_usd")), unit: "USD"),
        PlainTable.Column(name: "share_of_china", values: .numbers(try file.numbers("share_china")), unit: "fraction"),
      ]
    ).file()
  }

  private static func industryProducts(_ folder: InputFolder) throws -> BundleFile {
    let file = try folder.csv("cw_naics2017_hs", in: "trade")
    return PlainTable(
      name: "naics_products", title: "Products of American industries (NAICS 2017 to Harmonized System)",
      source: "Concordance of NAICS 2017 industries and six-digit HS products",
      licence: licence, citation: citation,
      notes: [
        "An industry's products share its weight equally; the weights of an industry add up to one. Industries without "
          + "products (services) have an empty product. `naics_original` is the code before it was brought to 2017."
      ],
      columns: [
        PlainTable.Column(name: "naics", values: .texts(try file.texts("naics"))),
        PlainTable.Column(name: "product", values: .texts(try file.texts("hs"))),
        PlainTable.Column(name: "weight", values: .numbers(try file.numbers("weight"))),
        PlainTable.Column(name: "naics_original", values: .texts(try file.texts("naics_original"))),
      ]
    ).file()
  }

  private static func activityProducts(_ folder: InputFolder) throws -> BundleFile {
    let file = try folder.csv("cw_isic4_hs12_weight", in: "trade")
    return PlainTable(
      name: "isic_products", title: "Products of activities (ISIC 4 to Harmonized System 2012)",
      source: "Concordance of ISIC revision 4 classes and four-digit HS 2012 headings",
      licence: licence, citation: citation,
      notes: ["The weight is the part of the activity that the product stands for."],
      columns: [
        PlainTable.Column(name: "isic", values: .texts(try file.texts("isic4"))),
        PlainTable.Column(name: "product", values: .texts(try file.texts("hs12"))),
        PlainTable.Column(name: "weight", values: .numbers(try file.numbers("weight"))),
      ]
    ).file()
  }
}
