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

  /// Pairs of the vintage of the classification and a code.
  private func industryCodes() throws -> Set<String> {
    var codes: Set<String> = []
    for vintage in Self.vintages {
      codes.formUnion(try table("tree.naics.\(vintage)").texts("code").map { "\(vintage) \($0)" })
    }
    return codes
  }

  private static let vintages = [2002, 2007, 2012, 2017, 2022]

  @Test func filesAreSortedAlignedAndMarked() {
    #expect(BundledFiles.all.map(\.name) == BundledFiles.all.map(\.name).sorted())
    for (name, region) in BundledFiles.all {
      #expect(tables[name]?.metadata("cq.format") == "1", "\(name)")
      #expect(unsafe Int(bitPattern: region.bytes.baseAddress) % 64 == 0, "\(name)")
    }
  }

  @Test(arguments: vintages) func parentsComeBeforeTheirChildren(vintage: Int) throws {
    let industries = try table("tree.naics.\(vintage)")
    var seen: Set<String> = [""]
    for (code, parent) in zip(industries.texts("code"), industries.texts("parent")) {
      #expect(seen.contains(parent) && seen.insert(code).inserted, "\(code)")
    }
  }

  @Test(arguments: vintages) func clustersOfIndustriesAreInTheCatalogue(vintage: Int) throws {
    let industries = try table("tree.naics.\(vintage)")
    let clusters = try Set(table("clusters").texts("code"))
    #expect(Set(industries.texts("cluster")) == clusters.union([""]), "every cluster has industries")
    let subclusters = try Set(table("subclusters").texts("code"))
    #expect(Set(industries.texts("subcluster")).subtracting(subclusters) == [""])
    for (level, cluster) in zip(industries.texts("level"), industries.texts("cluster")) where level != "naics6" {
      #expect(cluster.isEmpty)
    }
  }

  @Test(arguments: ["us_cbp_state", "us_qcew_state", "us_qcew_state.government"])
  func everyActivityIsAnIndustryOfItsVintage(name: String) throws {
    let facts = try table(name)
    let vintages = ["us_cbp_state": ["2002", "2007"]][name] ?? ["2017", "2017"]
    var found: Set<String> = []
    let activities = facts.texts("activity")
    for (year, rows) in facts.data(named: "year")?.ascendingRuns() ?? [] {
      for activity in Set(activities[rows]) where activity != "00" {
        found.insert("\(year < 2008 ? vintages[0] : vintages[1]) \(activity)")
      }
    }
    #expect(found.count > 100)
    #expect(try found.subtracting(industryCodes()) == [])
  }

  @Test func everyRegionOfTheFactsIsInTheCatalogue() throws {
    var known: Set<String> = []
    for level in ["country", "state", "metro", "economic_area", "county"] {
      let regions = try table("regions.\(level)")
      for (country, code) in zip(regions.texts("country"), regions.texts("code")) {
        known.insert("\(country) \(code)")
        if level == "country" { known.insert("world \(code)") }
      }
    }
    for (name, table) in tables {
      guard table.metadata("dataset") != nil, let country = table.metadata("country") else { continue }
      let regions = Set(table.data(named: "region")?.members()?.values ?? [table.metadata("region") ?? ""])
      #expect(!regions.isEmpty)
      for region in regions where !known.contains("\(country) \(region)") {
        #expect(["US", "MX", "CA"].contains(region), "\(name): \(region)")
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
