import CQBundledData
import CQColumns
import Testing

/// The files in the binary: what the engine relies on without checking.
struct BundledFilesTests {
  private let tables: [String: ArrowTable]

  init() throws {
    var tables: [String: ArrowTable] = [:]
    for (name, region) in BundledFiles.all { tables[name] = try ArrowReader.open(region, name: name) }
    self.tables = tables
  }

  private func table(_ name: String) throws -> ArrowTable { try #require(tables["\(name).arrow"]) }

  private func names(_ prefix: String) -> [String] { tables.keys.filter { $0.hasPrefix(prefix) }.sorted() }

  /// Files of facts: those that say which measures they have.
  private var factFiles: [(name: String, table: ArrowTable)] {
    tables.filter { $0.value.metadata("measures") != nil }.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
  }

  /// The members of a key column, or the one of all rows.
  private func members(_ key: String, of table: ArrowTable) -> Set<String> {
    let column = table.texts(key)
    return column.isEmpty ? [table.metadata(key) ?? ""] : Set(column)
  }

  @Test func filesAreSortedAlignedAndMarked() {
    #expect(BundledFiles.all.map(\.name) == BundledFiles.all.map(\.name).sorted())
    for (name, region) in BundledFiles.all {
      #expect(tables[name]?.metadata("cq.format") == "1", "\(name)")
      #expect(unsafe Int(bitPattern: region.bytes.baseAddress) % 64 == 0, "\(name)")
    }
  }

  @Test func parentsComeBeforeTheirChildren() throws {
    #expect(names("tree.").count > 5)
    for name in names("tree.") {
      let tree = try #require(tables[name])
      var seen: Set<String> = [""]
      for (code, parent) in zip(tree.texts("code"), tree.texts("parent")) {
        #expect(seen.contains(parent) && seen.insert(code).inserted, "\(name): \(code)")
      }
    }
  }

  @Test func clustersOfIndustriesAreInTheCatalogue() throws {
    let clusters = try Set(table("clusters").texts("code"))
    let subclusters = try Set(table("subclusters").texts("code"))
    for name in names("tree.") {
      let tree = try #require(tables[name])
      #expect(Set(tree.texts("cluster")).subtracting(clusters).isSubset(of: [""]), "\(name)")
      #expect(Set(tree.texts("subcluster")).subtracting(subclusters).isSubset(of: [""]), "\(name)")
      for (level, cluster) in zip(tree.texts("level"), tree.texts("cluster")) where level != "naics6" {
        #expect(cluster.isEmpty, "\(name)")
      }
    }
    for vintage in [2002, 2007, 2017] {
      let used = try Set(table("tree.naics.\(vintage)").texts("cluster"))
      #expect(used.subtracting([""]) == clusters, "every cluster has industries in \(vintage)")
    }
  }

  @Test func everyActivityIsInItsClassification() throws {
    for (name, facts) in factFiles {
      let scheme = try #require(facts.metadata("scheme"))
      var codes: Set<String> = ["00"]
      if scheme == "cluster" { codes.formUnion(try table("clusters").texts("code")) }
      for tree in names("tree.\(scheme).") { codes.formUnion(tables[tree]?.texts("code") ?? []) }
      #expect(members("activity", of: facts).subtracting(codes) == [], "\(name)")
    }
  }

  @Test func everyRegionOfTheFactsIsInTheCatalogue() throws {
    var codes: Set<String> = []
    for level in ["country", "state", "metro", "economic_area", "county"] {
      let places = try table("regions.\(level)")
      for (country, code) in zip(places.texts("country"), places.texts("code")) {
        codes.insert(level == "country" ? "world \(code)" : "\(country) \(code)")
        if level == "country" { codes.insert("\(code) \(code)") }
      }
    }
    for (name, facts) in factFiles {
      let country = try #require(facts.metadata("country"))
      let found = Set(members("region", of: facts).map { "\(country) \($0)" })
      #expect(found.subtracting(codes) == [], "\(name)")
    }
  }

  @Test func columnsThatTheManifestNamesExist() throws {
    for (name, facts) in factFiles {
      for measure in (facts.metadata("measures") ?? "").split(separator: " ") {
        #expect(facts.data(named: String(measure)) != nil, "\(name): \(measure)")
        for aspect in ["state", "cover"] {
          guard let column = facts.metadata("measure.\(measure).\(aspect)") else { continue }
          // `cell:0` is the first part of what a byte of `cell` holds.
          #expect(facts.data(named: String(column.prefix { $0 != ":" })) != nil, "\(name): \(column)")
        }
      }
      for key in ["title", "source", "release", "licence", "citation", "country", "scheme", "absent"] {
        #expect(facts.metadata(key)?.isEmpty == false, "\(name): \(key)")
      }
    }
  }

  @Test(arguments: [
    ("us_cbp_state", "2007", 120_604_265), ("us_cbp_state", "2011", 113_425_965),
    ("us_qcew_state", "2019", 126_358_746),
  ])
  func statesAddUpToThePublishedTotal(name: String, year: String, total: Int) throws {
    let facts = try table(name)
    var sum = 0
    for ((rowYear, activity), employment) in zip(
      zip(facts.texts("year"), facts.texts("activity")), facts.texts("employment"))
    where rowYear == year && activity == "00" {
      sum += Int(employment) ?? 0
    }
    #expect(sum == total)
  }

  @Test func manyNamesLeadToAClusterButEachToOne() throws {
    let clusters = try table("clusters")
    var clusterOfName: [String: String] = [:]
    for (code, names) in zip(clusters.texts("code"), zip(clusters.texts("name"), clusters.texts("aliases"))) {
      for name in [names.0] + names.1.split(separator: ";").map(String.init) {
        #expect(clusterOfName.updateValue(code, forKey: name.lowercased()) == nil, "\(name)")
      }
    }
    for (name, code) in [
      ("aerospace", "1"), ("automotive", "4"), ("automotriz", "4"), ("it", "23"), ("tourism", "22"), ("plastics", "38"),
      ("medical devices", "30"), ("aérospatiale", "1"),
    ] {
      #expect(clusterOfName[name] == code, "\(name)")
    }
  }
}
