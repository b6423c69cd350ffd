/// Builds every file of the bundle.
package enum BundleBuilder {
  package static func build(from folder: InputFolder) throws -> [BundleFile] {
    var regions = RegionCatalog()
    regions.add([northAmerica], source: "")
    let unitedStates = try UnitedStates(from: folder)
    unitedStates.regions.add(to: &regions)
    return try regions.files() + unitedStates.files
  }

  private static let northAmerica = RegionRow(
    level: "country", country: "NA", code: "NA", name: "North America",
    aliases: [
      "USMCA", "T-MEC", "TMEC", "CUSMA", "ACEUM", "NAFTA", "América del Norte", "Norteamérica", "Amérique du Nord",
    ])
}
