/// Builds every file of the bundle.
package enum BundleBuilder {
  package static func build(from folder: InputFolder) throws -> [BundleFile] {
    var regions = RegionCatalog()
    regions.add([northAmerica], source: "")
    let activities = try BinationalActivities.scheme(from: folder)
    let unitedStates = try UnitedStates(from: folder, activities: activities)
    unitedStates.regions.add(to: &regions)
    let mexico = try Mexico(from: folder, activities: activities)
    regions.add(mexico.regions.rows, source: inegi("Catálogo Único de Claves de Áreas Geoestadísticas"))
    regions.add(mexico.regions.memberships, level: .metro)
    let canada = try Canada(from: folder)
    regions.add(canada.regions.rows, source: "Statistics Canada, Standard Geographical Classification")
    regions.add(Economies.rows, source: "ISO 3166-1")
    let facts = try ClusterFacts(from: folder, stateNames: mexico.regions.stateNames)
    return try regions.files() + unitedStates.files + mexico.files + canada.files + WorldTrade(from: folder).files
      + facts.files + [BinationalActivities.file(activities)] + GeometryBuilder.files(from: folder)
  }

  private static let northAmerica = RegionRow(
    level: "country", country: "NA", code: "NA", name: "North America",
    aliases: [
      "USMCA", "T-MEC", "TMEC", "CUSMA", "ACEUM", "NAFTA", "América del Norte", "Norteamérica", "Amérique du Nord",
    ])
}
