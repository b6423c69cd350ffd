import CQColumns

/// `clusters` and `subclusters`: the benchmark cluster definitions, and which industries belong to them.
struct ClusterDefinitions {
  static let vintages = [2002, 2007, 2012, 2017, 2022]

  let clusterFile: BundleFile
  let subclusterFile: BundleFile
  /// Titles of the member industries, by vintage.
  let titles: [Int: [String: String]]
  /// Clusters of the member industries, by vintage.
  let memberships: [Int: [String: Membership]]

  struct Membership {
    var cluster: String
    var subcluster: String
  }

  /// - Parameter splitCodes: NAICS 2017 codes of the QCEW; halves of a member industry belong to its cluster.
  init(from folder: InputFolder, splitCodes: Set<String>) throws {
    clusterFile = try Self.clusters(folder)
    subclusterFile = try Self.subclusters(folder)
    var memberships: [Int: [String: Membership]] = [:]
    var titles: [Int: [String: String]] = [:]
    for row in try folder.csv("cluster_naics").rows {
      let vintage = try row.integer("naics_version")
      guard Self.vintages.contains(vintage) else { continue }
      let code = try row.text("naics_code")
      titles[vintage, default: [:]][code] = try row.text("naics_title")
      let membership = try Membership(cluster: row.text("cluster_code"), subcluster: row.text("subcluster_code"))
      let other = memberships[vintage, default: [:]].updateValue(membership, forKey: code)
      try require(other == nil, "NAICS \(vintage) code \(code) is in two clusters")
    }
    let members = memberships[2017] ?? [:]
    for code in splitCodes {
      if let whole = Self.whole(of: code), members[code] == nil { memberships[2017]?[code] = members[whole] }
    }
    self.titles = titles
    self.memberships = memberships
  }

  /// The construction trade that `code` is the residential or nonresidential half of.
  private static func whole(of code: String) -> String? {
    guard code.count == 6, code.hasPrefix("238"), code.hasSuffix("1") || code.hasSuffix("2") else { return nil }
    return code.dropLast() + "0"
  }

  static let source =
    "Benchmark Cluster Definitions, U.S. Cluster Mapping Project (Delgado, Porter & Stern 2016)"

  private static func metadata(_ title: String) -> [(key: String, value: String)] {
    catalogMetadata(title: title, source: source, licence: "Free use with citation")
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
}
