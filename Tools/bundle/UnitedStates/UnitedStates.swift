/// Everything of the United States: places, clusters, industries and datasets.
struct UnitedStates {
  let regions: UnitedStatesRegions
  let industries: IndustryCatalog
  let files: [BundleFile]

  /// - Parameter translations: Spanish and French titles of industries that are the same in all three countries.
  init(
    from folder: InputFolder, translations: IndustryCatalog.Translations = { _, _ in nil }
  ) throws {
    let patterns = try CountyBusinessPatterns(from: folder)
    let census = try QuarterlyCensus(from: folder)
    let map = try ClusterMap(from: folder)
    let definitions = try ClusterDefinitions(from: folder, splitCodes: census.codes)
    industries = try IndustryCatalog(
      from: folder, occurring: patterns.codes.merging([2017: census.codes]) { $0.union($1) },
      definitions: definitions, translations: translations)
    regions = try UnitedStatesRegions(from: folder, otherMetros: [], countyCodes: [])
    files =
      [definitions.clusterFile, definitions.subclusterFile, patterns.file] + industries.files + census.files
      + [map.file]
  }
}
