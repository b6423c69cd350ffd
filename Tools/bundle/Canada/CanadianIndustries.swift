/// The industries of Canada's payroll survey and of its product accounts.
///
/// Lines that equal a NAICS sector or group have its code; aggregates that cut across are lines of their own below all
/// activities, never parents: so nothing is counted twice.
struct CanadianIndustries {
  /// `tree.seph`.
  let payrolls: ActivityScheme
  /// `tree.ca_gdp`.
  let product: ActivityScheme

  /// - Parameter titles: Of the codes of the national survey.
  init(from folder: InputFolder) throws {
    var nodes = Self.sectors + Self.payrollLines
    var titles: [String: String] = [:]
    for row in try folder.csv("ca_seph_national_naics", in: "ca").rows {
      for code in try Self.codes(row.text("naics_code")) { titles[code] = try row.text("industry") }
    }
    // Hourly earnings have a few groups more.
    for row in try folder.csv("ca_seph_hourly_earnings_province_naics", in: "ca").rows {
      for code in try Self.codes(row.text("naics_code")) where titles[code] == nil {
        titles[code] = Self.otherTitles[code]
      }
    }
    let known = Set(nodes.map(\.code))
    for (code, title) in Self.withAncestors(titles).sorted(by: { $0.key < $1.key })
    where !known.contains(code) && code != ActivityCode.all {
      nodes.append(
        ActivityScheme.Node(
          code: code, level: "naics\(code.count)", depth: UInt8(code.count), title: title, parent: Self.parent(of: code)
        ))
    }
    payrolls = try ActivityScheme(name: "seph", nodes: nodes)
    product = try ActivityScheme(name: "ca_gdp", nodes: Self.sectors + Self.productLines)
  }

  var files: [BundleFile] {
    let source = "Statistics Canada, North American Industry Classification System (NAICS) Canada"
    return [
      payrolls.file(
        title: "Industries of the Survey of Employment, Payrolls and Hours", source: source, licence: statcanLicence,
        notes: [
          "Wholesale trade (41) has the code 42 and public administration (91) the code 92, as in the other countries."
        ]),
      product.file(
        title: "Industries of Canada's gross domestic product", source: source, licence: statcanLicence,
        notes: [
          "Wholesale trade (41) has the code 42 and public administration (91) the code 92, as in the other countries."
        ]),
    ]
  }

  /// The codes of a line: `55,551,5511` is the same industry at three levels.
  static func codes(_ text: String) -> [String] {
    if let own = ownCodes[text] { return [own] }
    return text.split(separator: ",").map { part in
      let code = part.filter { $0 != " " }
      return ["41": "42", "91": "92"][code] ?? String(code)
    }
  }

  /// Of the lines that are neither sectors nor groups: unclassified businesses have no code, or 00.
  private static let ownCodes = ["00-91N": ActivityCode.all, "00": "unclassified", "": "unclassified"]

  private static func parent(of code: String) -> String {
    if code.count > 3 { return String(code.dropLast()) }
    let prefix = String(code.prefix(2))
    return [
      "31": "31-33", "32": "31-33", "33": "31-33", "41": "42", "44": "44-45", "45": "44-45", "48": "48-49",
      "49": "48-49", "91": "92",
    ][prefix] ?? prefix
  }

  /// Adds the groups above four-digit codes that have no line themselves, with the code as their title.
  private static func withAncestors(_ titles: [String: String]) -> [String: String] {
    var result = titles
    for code in titles.keys where code.count == 4 && code.allSatisfy(\.isNumber) {
      let group = String(code.dropLast())
      if result[group] == nil { result[group] = otherTitles[group] ?? "Group \(group)" }
    }
    return result
  }

  private static let otherTitles = [
    "115": "Support activities for agriculture and forestry", "491": "Postal service", "4911": "Postal service",
    "493": "Warehousing and storage", "4931": "Warehousing and storage",
    "4871": "Scenic and sightseeing transportation, land", "5175": "Cable and other program distribution",
    "5181": "Internet service providers, web search portals", "5182": "Data processing, hosting, and related services",
  ]

  private static let payrollLines = [
    line(
      "11-91N", "Industrial aggregate excluding unclassified businesses",
      "Ensemble des industries, sauf les entreprises non classifiées"),
    line("11-33N", "Goods producing industries", "Secteur de la production de biens"),
    line("11N", "Forestry, logging and support", "Foresterie, exploitation forestière et soutien"),
    line("41-45N", "Trade", "Commerce"),
    line("41-91N", "Service producing industries", "Secteur des services"),
    line("311N", "Non-durable goods", "Biens non durables"),
    line("321N", "Durable goods", "Biens durables"),
    line("611N", "Educational services excluding schools, colleges and universities", ""),
    line("unclassified", "Unclassified businesses", "Entreprises non classifiées"),
  ]

  private static let productLines = [
    line("T002", "Goods-producing industries", "Industries productrices de biens"),
    line("T003", "Service-producing industries", "Industries productrices de services"),
    line("T010", "Industrial production", "Production industrielle"),
    line("T011", "Non-durable manufacturing industries", "Industries de la fabrication de biens non durables"),
    line("T012", "Durable manufacturing industries", "Industries de la fabrication de biens durables"),
    line(
      "T013", "Information and communication technology sector",
      "Secteur des technologies de l'information et des communications"),
    line("T016", "Energy sector", "Secteur de l'énergie"),
    line("T018", "Public sector", "Secteur public"),
    line("T021", "Cannabis sector", "Secteur du cannabis"),
  ]

  private static func line(_ code: String, _ title: String, _ french: String) -> ActivityScheme.Node {
    ActivityScheme.Node(code: code, level: "industry", depth: 2, title: title, french: french)
  }

  private static let sectors: [ActivityScheme.Node] = [
    (
      "11", "Agriculture, forestry, fishing and hunting", "Agricultura, silvicultura, pesca y caza",
      "Agriculture, foresterie, pêche et chasse"
    ),
    (
      "21", "Mining, quarrying, and oil and gas extraction", "Minería y extracción de petróleo y gas",
      "Extraction minière, exploitation en carrière, et extraction de pétrole et de gaz"
    ),
    ("22", "Utilities", "Electricidad, agua y gas", "Services publics"),
    ("23", "Construction", "Construcción", "Construction"),
    ("31-33", "Manufacturing", "Manufacturas", "Fabrication"),
    ("42", "Wholesale trade", "Comercio al por mayor", "Commerce de gros"),
    ("44-45", "Retail trade", "Comercio al por menor", "Commerce de détail"),
    ("48-49", "Transportation and warehousing", "Transportes y almacenamiento", "Transport et entreposage"),
    (
      "51", "Information and cultural industries", "Información e industrias culturales",
      "Industrie de l'information et industrie culturelle"
    ),
    ("52", "Finance and insurance", "Finanzas y seguros", "Finance et assurances"),
    (
      "53", "Real estate and rental and leasing", "Servicios inmobiliarios y de alquiler",
      "Services immobiliers et services de location et de location à bail"
    ),
    (
      "54", "Professional, scientific and technical services", "Servicios profesionales, científicos y técnicos",
      "Services professionnels, scientifiques et techniques"
    ),
    ("55", "Management of companies and enterprises", "Corporativos", "Gestion de sociétés et d'entreprises"),
    (
      "56", "Administrative and support, waste management and remediation services",
      "Servicios de apoyo y manejo de desechos",
      "Services administratifs, services de soutien, services de gestion des déchets et services d'assainissement"
    ),
    ("61", "Educational services", "Servicios educativos", "Services d'enseignement"),
    (
      "62", "Health care and social assistance", "Servicios de salud y asistencia social",
      "Soins de santé et assistance sociale"
    ),
    ("71", "Arts, entertainment and recreation", "Esparcimiento, cultura y deportes", "Arts, spectacles et loisirs"),
    (
      "72", "Accommodation and food services", "Alojamiento y preparación de alimentos",
      "Services d'hébergement et de restauration"
    ),
    (
      "81", "Other services (except public administration)", "Otros servicios",
      "Autres services (sauf les administrations publiques)"
    ),
    ("92", "Public administration", "Administración pública", "Administrations publiques"),
  ].map { code, title, spanish, french in
    ActivityScheme.Node(code: code, level: "naics2", depth: 2, title: title, spanish: spanish, french: french)
  }
}

let statcanLicence = "Statistics Canada Open Licence"
