/// Builds every file of the bundle.
package enum BundleBuilder {
  package static func build(from folder: InputFolder) throws -> [BundleFile] {
    let patterns = try CountyBusinessPatterns(from: folder)
    let census = try QuarterlyCensus(from: folder)
    let map = try ClusterMap(from: folder)
    let definitions = try ClusterDefinitions(from: folder, splitCodes: census.codes)
    let industries = try IndustryCatalog(
      from: folder,
      occurring: patterns.codes.merging([2017: census.codes]) { $0.union($1) },
      definitions: definitions)
    let regions = try RegionCatalog(from: folder)
    return [
      regions.file, definitions.clusterFile, definitions.subclusterFile, patterns.file,
    ] + industries.files + census.files + [map.file]
  }
}
