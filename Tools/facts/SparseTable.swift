import CQColumns

/// A plain table of employment by county, industry, year and size of firm, in no order: far fewer rows than there are combinations
/// of these. For measuring groups that no array of all combinations could hold.
///
/// Row `i` is made from `i` alone.
struct SparseTable {
  static let yearCount = 20
  static let sizeCount = 9
  /// Rows for each combination that occurs, about.
  private static let rowsPerGroup = 4

  let rowCount: Int
  let regions: [String]
  let activities: [String]

  /// Writes `sparse.arrow`, and the same columns as plain numbers.
  func write(to folder: String) throws {
    var counties = [UInt16](repeating: 0, count: rowCount)
    var industries = counties
    var years = [Int16](repeating: 0, count: rowCount)
    var sizes = [UInt8](repeating: 0, count: rowCount)
    var values = [Int32](repeating: 0, count: rowCount)
    let groupCount = max(1, rowCount / Self.rowsPerGroup)
    for row in 0..<rowCount {
      let group = MadeFacts.mixed(Int(MadeFacts.mixed(row) % UInt64(groupCount)) + 1)
      counties[row] = UInt16(group % UInt64(regions.count))
      industries[row] = UInt16((group >> 16) % UInt64(activities.count))
      years[row] = Int16(2000 + (group >> 32) % UInt64(Self.yearCount))
      sizes[row] = UInt8((group >> 48) % UInt64(Self.sizeCount))
      values[row] = Int32(truncatingIfNeeded: MadeFacts.mixed(row + 7) & 0xF_FFFF)
    }
    var writer = ArrowWriter(rowCount: rowCount, metadata: [])
    writer.add(
      "county", .dictionary(codes: counties.map { Int32($0) }, values: regions, width: .init(valueCount: regions.count))
    )
    writer.add(
      "industry",
      .dictionary(codes: industries.map { Int32($0) }, values: activities, width: .init(valueCount: activities.count)))
    writer.add("year", .int16(years))
    writer.add(
      "size",
      .dictionary(
        codes: sizes.map { Int32($0) }, values: (1...Self.sizeCount).map { "class \($0)" },
        width: .init(valueCount: Self.sizeCount)))
    writer.add("employment", .int32(values))
    try MadeFacts.save(writer.bytes(), "\(folder)/sparse.arrow")
    try MadeFacts.save(counties, "\(folder)/county.u16")
    try MadeFacts.save(industries, "\(folder)/industry.u16")
    try MadeFacts.save(years, "\(folder)/years.i16")
    try MadeFacts.save(sizes, "\(folder)/size.u8")
    try MadeFacts.save(values, "\(folder)/jobs.i32")
    try MadeFacts.save(Array(regions.joined(separator: "\n").utf8), "\(folder)/regions.txt")
    try MadeFacts.save(Array(activities.joined(separator: "\n").utf8), "\(folder)/activities.txt")
  }
}
