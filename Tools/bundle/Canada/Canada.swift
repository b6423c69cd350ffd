/// Everything of Canada: places, industries and datasets.
struct Canada {
  let regions: CanadianRegions
  let files: [BundleFile]

  init(from folder: InputFolder) throws {
    regions = try CanadianRegions(from: folder)
    let industries = try CanadianIndustries(from: folder)
    files =
      industries.files + (try CanadianEmployment(from: folder, industries: industries).files)
      + (try CanadianAccounts(from: folder, industries: industries).files)
  }
}
