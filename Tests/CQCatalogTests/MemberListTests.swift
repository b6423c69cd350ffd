import CQCatalog
import Testing

struct MemberListTests {
  private let catalog: Catalog

  init() throws { catalog = try BundledCatalog.open() }

  @Test(arguments: [
    // code, abbreviation, name, and names in Spanish and French, whatever the case, accents and punctuation
    "53", "WA", "wa", "Washington", "WASHINGTON", " washington ", "Washington State", "Estado de Washington",
    "État de Washington", "etat de washington",
  ])
  func placesAreFoundByAnyName(text: String) {
    #expect(catalog.list(.state).find(text).map(\.abbreviation) == ["WA"])
  }

  @Test(arguments: [
    ("Nueva York", "NY"), ("nuevo mexico", "NM"), ("Nouveau-Mexique", "NM"), ("Caroline du Nord", "NC"),
    ("D.C.", "DC"), ("Washington, D.C.", "DC"), ("Pensilvania", "PA"),
  ])
  func placesAreFoundInSpanishAndFrench(text: String, abbreviation: String) {
    #expect(catalog.list(.state).find(text).map(\.abbreviation) == [abbreviation])
  }

  @Test(arguments: [
    ("1", "1"), ("Aerospace Vehicles and Defense", "1"), ("aerospace vehicles & defense", "1"), ("Aerospace", "1"),
    ("Aérospatiale", "1"), ("aerospatiale", "1"), ("Aeroespacial", "1"), ("Automotriz", "4"), ("IT", "23"),
    ("Technologies de l'information", "23"), ("Technologies de l’information", "23"), ("E-Commerce", "10"),
    ("Oil & Gas", "35"), ("Oil and Gas", "35"), ("Turismo", "22"),
  ])
  func clustersAreFoundByAnyName(text: String, code: String) {
    #expect(catalog.list(.cluster).find(text).map(\.code) == [code])
  }

  @Test func everyMemberIsFoundByCodeAndName() {
    for level in [Level.country, .state, .cluster] {
      for member in catalog.list(level).members {
        for name in [member.code, member.name] {
          #expect(catalog.find(name, levels: [level], preferring: [member.country]) == [member], "\(member.name)")
        }
      }
    }
  }

  @Test(arguments: ["Washingto", "", "54 53", "Aerospce", "Ohio Ohio"])
  func nothingElseIsFound(text: String) {
    #expect(catalog.list(.state).find(text).isEmpty)
    #expect(catalog.list(.cluster).find(text).isEmpty)
  }

  @Test func codesBelongToTheirCountry() {
    let list = MemberList(
      level: .state,
      members: [
        Member(level: .state, code: "01", name: "Alabama", country: "US"),
        Member(level: .state, code: "01", name: "Aguascalientes", country: "MX"),
      ])
    #expect(list.member(code: "01", country: "MX")?.name == "Aguascalientes")
    #expect(list.position(of: "01", country: "US") == 0)
    #expect(list.member(code: "01", country: "CA") == nil)
    #expect(list.member(code: "01") == nil)
    #expect(list.find("01").count == 2, "ambiguous: the caller asks back")
  }

  @Test func namesWinOverAliases() {
    let list = MemberList(
      level: .cluster,
      members: [
        Member(level: .cluster, code: "1", name: "Distribution", aliases: ["Trade"]),
        Member(level: .cluster, code: "2", name: "Trade"),
        Member(level: .cluster, code: "3", name: "Wholesale", aliases: ["Shops", "wholesale"]),
        Member(level: .cluster, code: "4", name: "Retail", aliases: ["Shops"]),
      ])
    #expect(list.find("trade").map(\.code) == ["2"])
    #expect(list.find("shops").map(\.code) == ["3", "4"])
    #expect(list.find("WHOLESALE").map(\.code) == ["3"], "a name given twice is one")
  }

  @Test func subclustersHaveTheirClusterAbove() {
    let clusters = Set(catalog.list(.cluster).members.map(\.code))
    let subclusters = catalog.list(.subcluster).members
    #expect(subclusters.count > 300)
    for member in subclusters { #expect(clusters.contains(member.parent), "\(member.name)") }
  }

  @Test func industriesOfAllVintagesAreListedOnce() throws {
    for (level, codes) in [(Level.naics2, ["11", "31-33", "92"]), (.naics6, ["336411", "517510", "518111"])] {
      let list = catalog.list(level)
      #expect(Set(list.members.map(\.key)).count == list.members.count)
      let shared = list.members.filter { $0.country.isEmpty }.map(\.code)
      #expect(shared == shared.sorted())
      for code in codes { #expect(list.member(code: code) != nil, "\(code)") }
    }
    #expect(catalog.list(.month).members.isEmpty)
    #expect(catalog.damage == nil)
  }
}
