import CQColumns

/// `clusters`, `subclusters` and `cluster_members`: the benchmark cluster definitions.
struct ClusterDefinitions {
  static let vintages = [2002, 2007, 2017]

  let clusterFile: BundleFile
  let subclusterFile: BundleFile
  let memberFile: BundleFile
  /// Titles of the member industries, by vintage.
  let titles: [Int: [String: String]]

  private struct Member {
    var vintage: Int
    var industry: String
    var cluster: String
    var subcluster: String
  }

  /// - Parameter splitCodes: NAICS 2017 codes of the QCEW; halves of a member industry belong to its cluster.
  init(from folder: InputFolder, splitCodes: Set<String>) throws {
    clusterFile = try Self.clusters(folder)
    subclusterFile = try Self.subclusters(folder)
    var members: [Member] = []
    var titles: [Int: [String: String]] = [:]
    for row in try folder.csv("cluster_naics").rows {
      let vintage = try row.integer("naics_version")
      guard Self.vintages.contains(vintage) else { continue }
      let code = try row.text("naics_code")
      titles[vintage, default: [:]][code] = try row.text("naics_title")
      members.append(
        try Member(
          vintage: vintage, industry: code, cluster: row.text("cluster_code"), subcluster: row.text("subcluster_code")))
    }
    members += Self.halves(of: members, among: splitCodes)
    members.sort { ($0.vintage, $0.industry) < ($1.vintage, $1.industry) }
    for (previous, next) in zip(members, members.dropFirst()) {
      try require(
        (previous.vintage, previous.industry) != (next.vintage, next.industry),
        "NAICS \(next.vintage) code \(next.industry) is in two clusters")
    }
    memberFile = Self.memberFile(members)
    self.titles = titles
  }

  private static func halves(of members: [Member], among splitCodes: Set<String>) -> [Member] {
    members.filter { $0.vintage == 2017 && $0.industry.hasPrefix("238") && $0.industry.hasSuffix("0") }
      .flatMap { whole in
        ["1", "2"].map { digit in
          var half = whole
          half.industry = whole.industry.dropLast() + digit
          return half
        }
      }
      .filter { splitCodes.contains($0.industry) }
  }

  private static let metadataSource =
    "Benchmark Cluster Definitions, U.S. Cluster Mapping Project (Delgado, Porter & Stern 2016)"

  private static func metadata(_ title: String) -> [(key: String, value: String)] {
    catalogMetadata(title: title, source: metadataSource, licence: "Free use with citation")
  }

  private static func clusters(_ folder: InputFolder) throws -> BundleFile {
    var names = MemberNames(level: "cluster")
    var rows: [(code: String, name: String, kind: String, shortName: String, aliases: String)] = []
    for row in try folder.csv("clusters").rows {
      let code = try row.text("cluster_code")
      let name = try row.text("cluster_name")
      let shortName = try row.text("short_name")
      let aliases = try names.claim(
        code: code, names: [name, shortName], aliases: ClusterAliases.byCode[code] ?? [])
      rows.append(try (code, name, row.text("cluster_type"), shortName, aliases))
    }
    rows.sort { ($0.code.count, $0.code) < ($1.code.count, $1.code) }
    var writer = ArrowWriter(rowCount: rows.count, metadata: metadata("Clusters"))
    writer.add("code", .texts(rows.map(\.code)))
    writer.add("name", .texts(rows.map(\.name)))
    writer.add("kind", .texts(rows.map(\.kind)))
    writer.add("short_name", .texts(rows.map(\.shortName)))
    writer.add("aliases", .texts(rows.map(\.aliases)))
    return BundleFile(name: "clusters.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  private static func subclusters(_ folder: InputFolder) throws -> BundleFile {
    var rows: [(code: String, cluster: String, name: String)] = []
    for row in try folder.csv("subclusters").rows {
      rows.append(try (row.text("subcluster_code"), row.text("cluster_code"), row.text("subcluster_name")))
    }
    rows.sort { $0.code < $1.code }
    var writer = ArrowWriter(rowCount: rows.count, metadata: metadata("Subclusters"))
    writer.add("code", .texts(rows.map(\.code)))
    writer.add("cluster", .texts(rows.map(\.cluster)))
    writer.add("name", .texts(rows.map(\.name)))
    return BundleFile(name: "subclusters.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  private static func memberFile(_ members: [Member]) -> BundleFile {
    var writer = ArrowWriter(rowCount: members.count, metadata: metadata("Industries of the clusters"))
    writer.add("vintage", .int16(members.map { Int16($0.vintage) }))
    writer.add("industry", .texts(members.map(\.industry)))
    writer.add("cluster", .texts(members.map(\.cluster)))
    writer.add("subcluster", .texts(members.map(\.subcluster)))
    return BundleFile(name: "cluster_members.arrow", rowCount: members.count, bytes: writer.bytes())
  }
}
