import CQCatalog
import Testing

struct HierarchyTests {
  private let catalog: Catalog

  init() throws { catalog = try SmallFiles().openIndexed() }

  private func place(_ level: Level, _ country: String, _ code: String) throws -> Member {
    try #require(catalog.member(MemberKey(level: level, country: country, code: code)))
  }

  @Test func parentsGoUpToNorthAmerica() throws {
    let county = try place(.county, "US", "36061")
    #expect(
      catalog.ancestors(of: county).map(\.name) == [
        "New York County, NY", "New York", "United States", "North America",
      ])
    #expect(catalog.parent(of: try place(.metro, "MX", "01.1.01"))?.code == "MX")
    #expect(catalog.parent(of: try place(.country, "GEO", "GEO")) == nil)
    #expect(catalog.parent(of: try #require(catalog.list(.subcluster).members.first))?.code == "1")
    #expect(catalog.parent(of: try #require(catalog.list(.naics6).members.first))?.code == "31-33")
  }

  @Test func aRingOfParentsEnds() throws {
    var files = SmallFiles()
    files.addRegions(.country, [["A", "A", "A", "", "B", ""], ["B", "B", "B", "", "A", ""]], also: [0, 0])
    let catalog = try files.open()
    #expect(catalog.ancestors(of: catalog.list(.country).members[0]).map(\.code) == ["A", "B"])
  }

  @Test func placesLieInsideOthers() throws {
    let (us, northAmerica) = (try place(.country, "US", "US"), try place(.country, "NA", "NA"))
    let (newYork, newJersey) = (try place(.state, "US", "36"), try place(.state, "US", "34"))
    let metro = try place(.metro, "US", "35620")
    let (manhattan, essex) = (try place(.county, "US", "36061"), try place(.county, "US", "34013"))
    for place in [us, newYork, metro, manhattan] {
      #expect(catalog.isInside(place, place) && catalog.isInside(place, us) && catalog.isInside(place, northAmerica))
      #expect(!catalog.isInside(northAmerica, place) && catalog.touches(northAmerica, place))
    }
    #expect(!catalog.isInside(try place(.country, "GEO", "GEO"), northAmerica))
    #expect(!catalog.isInside(us, try place(.country, "MX", "MX")))
    #expect(catalog.isInside(manhattan, newYork) && !catalog.isInside(essex, newYork))
    #expect(!catalog.isInside(newYork, manhattan))
    // The same code in another country is another place.
    #expect(!catalog.isInside(try place(.county, "MX", "01001"), try place(.state, "US", "01")))
    #expect(catalog.isInside(try place(.metro, "US", "20420"), try place(.state, "US", "08")))
    #expect(!catalog.isInside(metro, newYork), "it reaches into New Jersey")
    #expect(catalog.touches(metro, newYork) && catalog.touches(newJersey, metro))
    #expect(!catalog.touches(metro, try place(.state, "US", "39")) && !catalog.touches(newYork, newJersey))
    #expect(catalog.states(of: metro).map(\.name) == ["New York", "New Jersey"])
  }

  @Test func metrosConsistOfCountiesByDelineation() throws {
    let metro = try place(.metro, "US", "35620")
    let (manhattan, essex) = (try place(.county, "US", "36061"), try place(.county, "US", "34013"))
    #expect(catalog.counties(of: metro) == [essex, manhattan])
    #expect(catalog.counties(of: metro, delineation: 2013) == [essex])
    #expect(catalog.counties(of: metro, delineation: 1990).isEmpty)
    #expect(catalog.isInside(manhattan, metro) && !catalog.isInside(manhattan, metro, delineation: 2013))
    #expect(catalog.area(of: essex, at: .metro, delineation: 2013) == metro)
    #expect(catalog.area(of: try place(.county, "US", "36069"), at: .metro) == nil)
    #expect(catalog.delineations(of: .metro, country: "US") == [2013, 2020])
    #expect(catalog.delineations(of: .metro, country: "CA").isEmpty)
    // A metro of which the latest delineation knows nothing keeps the counties it had.
    #expect(catalog.counties(of: try place(.metro, "US", "20420")).map(\.code) == ["08067"])
    #expect(catalog.counties(of: try place(.state, "US", "36")).isEmpty)
    #expect(catalog.area(of: manhattan, at: .economicArea) == nil, "there is no file of them")
  }

  @Test(arguments: ["country", "area", "county"]) func damageShowsAtTheFirstUse(column: String) throws {
    var files = SmallFiles()
    files.add(
      "membership.metro.arrow",
      texts: ["country", "area", "county", "delineation"].filter { $0 != column }.map { ($0, ["x"]) })
    let catalog = try files.openIndexed()
    #expect(catalog.damage == nil)
    #expect(catalog.counties(of: catalog.list(.metro).members[0]).isEmpty)
    #expect(catalog.damage != nil)
  }
}
