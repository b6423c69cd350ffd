import CQColumns
import Testing
import bundle

struct CatalogTests {
  private let files: [BundleFile]

  init() throws { files = try FixtureFolder.build() }

  @Test func rowsAreInDepthFirstOrder() throws {
    let table = try BuiltTable("us_cbp_state.arrow", in: files, keys: ["year", "region", "activity"])
    #expect(
      Array(table.texts("activity").prefix(13)) == [
        "00", "31-33", "336", "3364", "336411", "336412", "336413", "3366", "336611", "42", "423", "4231", "423110",
      ])
    #expect(table.texts("year") == table.texts("year").sorted())
    let map = try BuiltTable("us_cluster_map_2016.arrow", in: files, keys: ["region", "activity"])
    #expect(map.texts("region") == ["US", "US", "02", "02", "53", "53"])
  }

  private func industries(of vintage: Int) throws -> BuiltTable {
    try BuiltTable("tree.naics.\(vintage).arrow", in: files, keys: ["code"])
  }

  @Test func industriesFormTreesPerVintage() throws {
    let latest = try industries(of: 2017)
    #expect(try latest.row("336", "level", "parent", "title") == "naics3 31-33 Transportation Equipment")
    #expect(try latest.row("31-33", "level", "parent", "title") == "naics2  Manufacturing")
    #expect(try latest.row("238112", "parent", "title") == "23811 Foundation Contractors (nonresidential)")
    #expect(
      try industries(of: 2007).row("336411", "level", "parent", "title") == "naics6 33641 Aircraft, \"fixed\" wing")
    // Six digits of 2002 have the titles of the cluster definitions, other levels those of 2007.
    let earliest = try industries(of: 2002)
    #expect(try earliest.row("336411", "parent", "title") == "33641 Aircraft")
    #expect(try earliest.row("33641", "parent", "title") == "3364 Aerospace")
  }

  @Test(arguments: [2002, 2007, 2017])
  func parentsComeBeforeTheirChildren(vintage: Int) throws {
    let table = try industries(of: vintage)
    var seen: Set<String> = [""]
    for (code, parent) in zip(table.texts("code"), table.texts("parent")) {
      #expect(seen.contains(parent), "\(code)")
      seen.insert(code)
    }
  }

  @Test func halvesOfATradeShareItsCluster() throws {
    let latest = try industries(of: 2017)
    #expect(try latest.row("238111", "cluster", "subcluster") == "115 115.04")
    #expect(try latest.row("238110", "cluster", "subcluster") == "115 115.04")
    #expect(try !industries(of: 2007).has("238111"), "only the codes of 2017 are halved")
    #expect(try latest.row("332111", "cluster", "subcluster") == "1 ", "a cluster without subclusters")
    #expect(try latest.row("33211", "cluster", "subcluster") == " ", "only six digits belong to a cluster")
    #expect(!files.contains { $0.name == "tree.naics.1997.arrow" }, "no dataset is coded in NAICS 1997")
  }

  private func regions(_ level: String) throws -> BuiltTable {
    try BuiltTable("regions.\(level).arrow", in: files, keys: ["code"])
  }

  @Test func placesOfEachLevelHaveAFile() throws {
    #expect(try regions("country").row("US", "parent", "abbreviation") == "NA US")
    #expect(try regions("state").row("53", "country", "abbreviation", "parent") == "US WA US")
    #expect(try regions("metro").row("49180", "name", "states") == "Winston-Salem-Anchorage, WA-AK 02 53")
    #expect(try regions("county").row("53033", "name", "parent") == "King County, WA 53")
  }

  @Test func placesHaveShortNames() throws {
    #expect(
      try regions("metro").row("42660", "aliases")
        == "Seattle, WA;Seattle-Tacoma-Bellevue;Seattle;Seattle-Tacoma, WA;Seattle-Tacoma")
    #expect(try regions("metro").row("49180", "aliases").hasPrefix("Winston-Salem, WA;"))
    #expect(try regions("county").row("53033", "aliases") == "King, WA;King County")
    #expect(try regions("county").row("53600", "aliases") == "King city", "`King, WA` is the county")
  }

  @Test func namesAtOtherLevelsAreMarked() throws {
    // 4 metro, 8 economic area, 16 county.
    #expect(try regions("metro").row("11260", "also") == "24", "Anchorage is an area and a municipality too")
    #expect(try regions("economic_area").row("57002", "also") == "4")
    #expect(try regions("state").row("53", "also") == "0")
  }

  @Test func areasHaveTheirCounties() throws {
    let metros = try BuiltTable("membership.metro.arrow", in: files, keys: ["delineation", "area", "county"])
    #expect(metros.has("2013 42660 53053") && metros.has("2013 49180 02130"))
    #expect(metros.texts("country").count { $0 == "US" } == 4)
  }

  @Test func measuresOfTheManifestAreColumns() throws {
    let names = files.map(\.name).filter { $0.hasPrefix("us_") }.map { String($0.dropLast(6)) }
    #expect(names.count > 20)
    for name in names {
      let table = try BuiltTable("\(name).arrow", in: files, keys: ["year", "region", "activity"]).table
      let measures = try #require(table.metadata("measures")).split(separator: " ")
      #expect(!measures.isEmpty)
      for measure in measures {
        #expect(table.data(named: String(measure)) != nil, "\(name): \(measure)")
        for aspect in ["label", "unit", "quantity", "scale", "additive"] {
          #expect(table.metadata("measure.\(measure).\(aspect)") != nil, "\(name): \(measure).\(aspect)")
        }
        for aspect in ["state", "cover"] {
          guard let column = table.metadata("measure.\(measure).\(aspect)") else { continue }
          let field = column.split(separator: ":").first.map(String.init) ?? ""
          #expect(table.data(named: field) != nil, "\(name): \(column)")
        }
      }
    }
  }
}
