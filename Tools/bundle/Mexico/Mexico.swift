/// Everything of Mexico: places, industries and datasets.
struct Mexico {
  let regions: MexicanRegions
  let files: [BundleFile]

  /// - Parameter activities: The classification of the binational table of establishments.
  init(from folder: InputFolder, activities: ActivityScheme) throws {
    regions = try MexicanRegions(from: folder)
    let industries = try MexicanIndustries(from: folder)
    let totals = try MexicanCensusTotals(from: folder, industries: industries)
    let census = try MexicanCensus(from: folder, industries: industries, nation: totals.nation)
    files =
      industries.files + census.files + totals.files
      + (try MexicanEstablishments(from: folder, activities: activities).files)
      + (try MexicanStateSeries(from: folder, industries: industries).files)
      + (try MexicanPopulation(from: folder).files)
      + (try MexicanInputOutput(from: folder, industries: industries).files)
  }
}
