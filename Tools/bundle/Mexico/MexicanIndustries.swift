import CQColumns

/// The industry classification of Mexico (SCIAN 2018) and the clusters of its industries.
struct MexicanIndustries {
  /// `tree.scian.2018`.
  let scheme: ActivityScheme
  /// `tree.gran_sector`: the five groups in which municipalities are published.
  let groups: ActivityScheme
  /// Group of each sector.
  private let groupOfSector: [String: String]
  private let weights: [(code: String, cluster: String, weight: Double)]

  init(from folder: InputFolder) throws {
    scheme = try ActivityScheme(name: "scian.2018", nodes: Self.nodes(folder))
    var groupNodes: [ActivityScheme.Node] = []
    var groupOfSector: [String: String] = [:]
    for row in try folder.csv("mx_gran_sector", in: "mx").rows {
      let sectors = try row.text("scian_sectores").split(separator: ";").map { Self.sector(String($0)) }
      // A group of one sector is that sector.
      let code = sectors.count == 1 ? sectors[0] : try row.text("gran_sector")
      for sector in sectors { groupOfSector[sector] = code }
      groupNodes.append(
        try ActivityScheme.Node(
          code: code, level: sectors.count == 1 ? "naics2" : "industry", depth: 2, title: row.text("name_en"),
          spanish: row.text("nombre_es")))
    }
    self.groupOfSector = groupOfSector
    groups = try ActivityScheme(name: "gran_sector", nodes: groupNodes)
    weights = try Self.weights(folder, scheme)
  }

  var files: [BundleFile] {
    [
      scheme.file(
        title: "Industries (SCIAN 2018)",
        source: "INEGI, Sistema de Clasificación Industrial de América del Norte (SCIAN) 2018 and 2007; clusters: "
          + ClusterDefinitions.source,
        licence: "\(inegiLicence); clusters: free use with citation",
        notes: [
          "Sectors of trade have the codes of NAICS (43 is 42, 46 is 44-45), as has government (93 is 92).",
          "English titles are those of NAICS where the three countries share a code, INEGI's of 2007 elsewhere; codes "
            + "that have neither are titled in Spanish.",
          "Eight codes of earlier editions (222, 513, 514, 516 and 2221, 2222, 5171, 5172) are kept for earlier data.",
          "A six-digit code has a cluster where its five digits are common to the three countries and all American "
            + "industries below them are in one cluster.",
        ]),
      groups.file(
        title: "Groups of sectors in Mexican municipal data", source: "INEGI, Censos Económicos; grouping of sectors",
        licence: inegiLicence),
      weightsFile,
    ]
  }

  /// The group that an industry code of two or more digits belongs to.
  func group(of code: String) -> String? { groupOfSector[Self.sector(code)] }

  /// The sector of a code, with the code that all countries use for it.
  static func sector(_ code: String) -> String {
    let prefix = String(code.prefix(2))
    return [
      "31": "31-33", "32": "31-33", "33": "31-33", "43": "42", "46": "44-45", "48": "48-49", "49": "48-49",
      "93": "92",
    ][prefix] ?? prefix
  }

  /// A source's code as the classification has it.
  static func code(_ code: String) -> String { code.count == 2 || code.contains("-") ? sector(code) : code }

  // MARK: - Classification

  private static func nodes(_ folder: InputFolder) throws -> [ActivityScheme.Node] {
    var spanish: [String: String] = [:]
    var shared: Set<String> = []
    for row in try folder.csv("scian_2018", in: "mx").rows {
      let code = try Self.code(row.text("codigo"))
      spanish[code] = try row.text("titulo_es")
      if try row.text("trilateral") == "1" { shared.insert(code) }
    }
    var english = bilingualSectors
    for row in try folder.csv("scian_2007_bilingue", in: "mx").rows {
      let source = try row.text("codigo")
      let code = Self.code(source)
      if english[code] == nil { english[code] = try row.text("title_en") }
      if formerCodes.contains(code) { spanish[code] = try row.text("titulo_es") }
    }
    for (code, titles) in formerTitles { (english[code], spanish[code]) = titles }
    for row in try folder.csv("naics_titles").rows where try row.text("naics_version") == "2017" {
      let code = try row.text("naics_code")
      if shared.contains(code), code.count > 2, !code.contains("-") { english[code] = try row.text("title") }
    }
    let clusters = try clustersBySubbranch(folder)
    return spanish.keys.sorted().map { code in
      let level = ActivityCode.level(code)
      let cluster = level == 6 && shared.contains(String(code.prefix(5))) ? clusters[String(code.prefix(5))] : nil
      return ActivityScheme.Node(
        code: code, level: "naics\(level)", depth: UInt8(level), title: english[code] ?? spanish[code] ?? code,
        spanish: english[code] == nil ? "" : spanish[code] ?? "", parent: parent(of: code),
        cluster: cluster?.cluster ?? "",
        subcluster: cluster?.subcluster ?? "")
    } + [
      ActivityScheme.Node(
        code: "ne", level: "industry", depth: 2, title: "Subsectors not specified",
        spanish: "Subsectores no especificados")
    ]
  }

  private static func parent(of code: String) -> String {
    if ActivityCode.isSector(code) { return "" }
    return code.count == 3 ? sector(code) : String(code.dropLast())
  }

  private static let formerCodes: Set<String> = ["222", "2221", "2222", "5171", "5172"]
  /// Groups of the edition of 1997, without official English titles.
  private static let formerTitles = [
    "513": ("Broadcasting and telecommunications", "Radio, televisión y otras telecomunicaciones"),
    "516": (
      "Internet publishing and broadcasting", "Creación y difusión de contenido exclusivamente a través de Internet"
    ),
    "514": ("Information and data processing services", "Suministro y procesamiento de información"),
  ]

  /// Sectors that the bilingual edition divides or leaves out.
  private static let bilingualSectors = [
    "31-33": "Manufacturing", "48-49": "Transportation, postal services and warehousing",
  ]

  /// The cluster that all American industries below a five-digit code share.
  private static func clustersBySubbranch(
    _ folder: InputFolder
  ) throws -> [String: (cluster: String, subcluster: String)] {
    var members: [String: [(cluster: String, subcluster: String)]] = [:]
    for row in try folder.csv("cluster_naics").rows where try row.text("naics_version") == "2017" {
      members[try String(row.text("naics_code").prefix(5)), default: []].append(
        (try row.text("cluster_code"), try row.text("subcluster_code")))
    }
    return members.compactMapValues { all in
      guard let first = all.first, all.allSatisfy({ $0.cluster == first.cluster }) else { return nil }
      return (first.cluster, all.allSatisfy { $0.subcluster == first.subcluster } ? first.subcluster : "")
    }
  }

  // MARK: - Weights

  /// Shares of three-, four- and five-digit codes in the traded clusters.
  private static func weights(
    _ folder: InputFolder, _ scheme: ActivityScheme
  ) throws -> [(code: String, cluster: String, weight: Double)] {
    var weights: [(code: String, cluster: String, weight: Double)] = []
    for (file, column) in [
      ("cluster_traded_subsector_peso", "scian_subsector"), ("cluster_traded_rama_peso", "scian_rama"),
      ("cluster_traded_subrama_peso", "scian_subrama"),
    ] {
      for row in try folder.csv(file, in: "mx").rows {
        let code = try row.text(column)
        // Wholesale trade has codes of its own in each country, so American ones lead nowhere.
        guard scheme.position(of: code) != nil else { continue }
        weights.append(try (code, row.text("cluster_code"), row.number("peso")))
      }
    }
    // An industry that is counted for two clusters makes the shares of its group exceed the whole.
    let sums = weights.reduce(into: [:]) { $0[$1.code, default: 0] += $1.weight }
    return weights.map { ($0.code, $0.cluster, $0.weight / max(1, sums[$0.code] ?? 1)) }
      .sorted { ($0.code, $0.cluster.count, $0.cluster) < ($1.code, $1.cluster.count, $1.cluster) }
  }

  private var weightsFile: BundleFile {
    var metadata = catalogMetadata(
      title: "Shares of SCIAN codes in clusters", source: ClusterDefinitions.source,
      licence: "Free use with citation")
    metadata.append(
      (
        "note.1",
        "A code's share in a cluster is the share of its six-digit American industries (NAICS 2007) that are in the "
          + "cluster, each counting the same: an approximation. Only traded clusters have shares."
      ))
    var writer = ArrowWriter(rowCount: weights.count, metadata: metadata)
    writer.add("code", .texts(weights.map(\.code)))
    writer.add("cluster", words: weights.map(\.cluster))
    writer.add("weight", .float64(weights.map(\.weight)))
    return BundleFile(name: "weights.scian.arrow", rowCount: weights.count, bytes: writer.bytes())
  }
}

let inegiLicence = "INEGI, free use with attribution"

/// A product of INEGI, for source lines.
func inegi(_ product: String) -> String { "INEGI, \(product)" }

/// The attribution that INEGI asks for.
func inegiAttribution(_ product: String) -> String { "Fuente: INEGI, \(product)" }
