/// Everything of the United States: places, clusters, industries, datasets and tables.
struct UnitedStates {
  let regions: UnitedStatesRegions
  let industries: IndustryCatalog
  let files: [BundleFile]

  /// - Parameters:
  ///   - activities: The classification of the binational table of establishments.
  ///   - translations: Spanish and French titles of industries that are the same in all three countries.
  init(
    from folder: InputFolder, activities: ActivityScheme,
    translations: IndustryCatalog.Translations = { _, _ in nil }
  ) throws {
    let patterns = try CountyBusinessPatterns(from: folder)
    let census = try QuarterlyCensus(from: folder)
    let counties = try CountyPatterns(from: folder)
    let exports = try StateExports(from: folder)
    let definitions = try ClusterDefinitions(from: folder, splitCodes: census.codes)
    let occurring = patterns.codes.merging([2012: exports.codes, 2017: census.codes.union(counties.codes)]) {
      $0.union($1)
    }
    industries = try IndustryCatalog(
      from: folder, occurring: occurring, definitions: definitions, translations: translations)
    let patents = try Patents(from: folder)
    let establishments = try MetroEstablishments(from: folder)
    let product = try CountyProduct(from: folder)
    regions = try UnitedStatesRegions(
      from: folder, otherMetros: patents.metros + establishments.metros, countyCodes: product.countyCodes)
    guard let exportIndustries = industries.schemes[2012], let countyIndustries = industries.schemes[2017] else {
      throw BundleError("a classification of the datasets is missing")
    }
    files =
      [definitions.clusterFile, definitions.subclusterFile, try patterns.file(schemes: industries.schemes)]
      + industries.files + (try census.files(schemes: industries.schemes))
      + (try counties.files(scheme: countyIndustries))
      + [try exports.file(scheme: exportIndustries), try establishments.file(scheme: activities)]
      + (try ClusterMap(from: folder).files) + (try StateAccounts(from: folder).files) + product.files
      + patents.files + (try Population.files(from: folder)) + (try UnitedStatesTables.files(from: folder))
  }
}
