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

  @Test func industriesFormTreesPerVintage() throws {
    let table = try BuiltTable("industries.arrow", in: files, keys: ["vintage", "code"])
    #expect(try table.row("2017 336", "level", "parent", "title") == "3 31-33 Transportation Equipment")
    #expect(try table.row("2017 31-33", "level", "parent", "title") == "2  Manufacturing")
    #expect(try table.row("2007 336411", "level", "parent", "title") == "6 33641 Aircraft, \"fixed\" wing")
    // Six digits of 2002 have the titles of the cluster definitions, other levels those of 2007.
    #expect(try table.row("2002 336411", "parent", "title") == "33641 Aircraft")
    #expect(try table.row("2002 33641", "parent", "title") == "3364 Aerospace")
    #expect(try table.row("2017 238112", "parent", "title") == "23811 Foundation Contractors (nonresidential)")
  }

  @Test func halvesOfATradeShareItsCluster() throws {
    let table = try BuiltTable("cluster_members.arrow", in: files, keys: ["vintage", "industry"])
    #expect(try table.row("2017 238111", "cluster", "subcluster") == "115 115.04")
    #expect(try table.row("2017 238110", "cluster", "subcluster") == "115 115.04")
    #expect(!table.has("2007 238111"), "only the codes of 2017 are halved")
    #expect(!table.has("1997 336411"), "no dataset is coded in NAICS 1997")
  }

  @Test func placesWithoutDataAreLeftOut() throws {
    let table = try BuiltTable("regions.arrow", in: files, keys: ["code"])
    #expect(table.texts("code") == ["US", "02", "53"])
    #expect(try table.row("53", "level", "abbreviation", "parent") == "state WA US")
  }

  @Test func measuresOfTheManifestAreColumns() throws {
    for name in ["us_cbp_state", "us_qcew_state", "us_qcew_state.government", "us_cluster_map_2016"] {
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
          #expect(table.data(named: column) != nil, "\(name): \(column)")
        }
      }
    }
  }
}
