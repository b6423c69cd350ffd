import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// How the rows of a year follow each other; years always ascend.
enum FactOrder: String {
  /// By place and activity, as the importer leaves them.
  case sorted
  /// In no order.
  case shuffled
}

struct FactsError: Error, CustomStringConvertible {
  let description: String
}

/// A dataset of employment by year, place and six-digit industry, with several rows per cell.
///
/// Row `i` is made from `i` alone, by a mixing function, so any tool can be given the same rows.
struct MadeFacts {
  private static let lastYear = 2019
  private let rowCount: Int
  private let yearCount: Int
  private let level: String
  private let order: FactOrder
  /// What a cell without rows is.
  private let absent: String
  private let catalogue: String
  let regions: [String]
  let activities: [String]

  init(rowCount: Int, yearCount: Int, level: String, order: FactOrder, absent: String, catalogue: String) throws {
    self.rowCount = rowCount
    self.yearCount = yearCount
    self.level = level
    self.order = order
    self.absent = absent
    self.catalogue = catalogue
    let places = try Self.rows(of: "regions.\(level)", in: catalogue, columns: ["country", "code"])
    // The states and the District of Columbia; Puerto Rico and the islands have other sources.
    regions = places.filter { $0[0] == "US" && $0[1] < "57" }.prefix(3_200).map { $0[1] }
    activities = try Self.rows(of: "tree.naics.2017", in: catalogue, columns: ["level", "code"])
      .filter { $0[0] == "naics6" }.prefix(1_057).map { $0[1] }
    guard !regions.isEmpty, !activities.isEmpty else {
      throw FactsError(description: "\(catalogue) must hold the places and industries that the facts are of")
    }
  }

  private static func rows(of name: String, in folder: String, columns: [String]) throws -> [[String]] {
    let table = try ArrowReader.open(try ByteRegion.mapping(path: "\(folder)/\(name).arrow"), name: name)
    let texts = try columns.map { column -> [String] in
      switch table.data(named: column) {
      case .texts(let texts): return texts
      case .some(let data):
        guard let (codes, values) = data.members() else { fallthrough }
        return (0..<table.rowCount).map { row in
          switch codes {
          case .bits8(let codes): values[Int(codes[row])]
          case .bits16(let codes): values[Int(codes[row])]
          case .bits32(let codes): values[Int(codes[row])]
          }
        }
      case nil: throw FactsError(description: "\(name) has no column `\(column)`")
      }
    }
    return (0..<table.rowCount).map { row in texts.map { $0[row] } }
  }

  // MARK: - Rows

  static func mixed(_ number: Int) -> UInt64 {
    var x = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
    x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
    x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
    return x ^ (x >> 31)
  }

  func write(to folder: String, csvRowCount: Int) throws {
    _ = unsafe mkdir(folder, 0o777)
    let cellsPerYear = regions.count * activities.count
    var years = [Int16](repeating: 0, count: rowCount)
    var regionCodes = [Int32](repeating: 0, count: rowCount)
    var activityCodes = [Int32](repeating: 0, count: rowCount)
    var values = [Int32](repeating: 0, count: rowCount)
    for row in 0..<rowCount {
      let random = Self.mixed(row)
      // As evenly over the cells as whole rows can be.
      let cell = row * (cellsPerYear * yearCount) / rowCount
      let year = cell / cellsPerYear
      let inYear = order == .sorted ? cell % cellsPerYear : Int((random >> 20) % UInt64(cellsPerYear))
      years[row] = Int16(Self.lastYear - yearCount + 1 + year)
      regionCodes[row] = Int32(inYear / activities.count)
      activityCodes[row] = Int32(inYear % activities.count)
      // Mostly small, sometimes large, as firms are.
      let size = Int32(truncatingIfNeeded: random & 0x3FF)
      values[row] = random >> 60 == 0 ? size * 97 : size
    }
    var writer = ArrowWriter(rowCount: rowCount, metadata: metadata)
    writer.add("year", .runs(of: years))
    if order == .sorted {
      writer.add("region", .runs(of: regionCodes.map { regions[Int($0)] }))
    } else {
      writer.add(
        "region", .dictionary(codes: regionCodes, values: regions, width: .init(valueCount: regions.count)))
    }
    writer.add(
      "activity", .dictionary(codes: activityCodes, values: activities, width: .init(valueCount: activities.count)))
    writer.add("employment", .int32(values))
    try Self.save(writer.bytes(), "\(folder)/made_facts.arrow")
    try Self.save(years, "\(folder)/year.i16")
    try Self.save(regionCodes.map { UInt16($0) }, "\(folder)/region.u16")
    try Self.save(activityCodes.map { UInt16($0) }, "\(folder)/activity.u16")
    try Self.save(values, "\(folder)/employment.i32")
    try Self.save(Array(regions.joined(separator: "\n").utf8), "\(folder)/regions.txt")
    try Self.save(Array(activities.joined(separator: "\n").utf8), "\(folder)/activities.txt")
    if csvRowCount > 0 {
      var text = Array("year,\(level),naics6,employment\n".utf8)
      for row in 0..<min(csvRowCount, rowCount) {
        let (region, activity) = (regions[Int(regionCodes[row])], activities[Int(activityCodes[row])])
        text.append(contentsOf: "\(years[row]),\(region),\(activity),\(values[row])\n".utf8)
      }
      try Self.save(text, "\(folder)/facts.csv")
    }
    for name in try ByteRegion.arrowFiles(in: catalogue).map(\.name) where Self.isCatalogue(name) {
      let target = "\(folder)/\(name)"
      _ = unsafe unlink(target)
      let source = unsafe realpath("\(catalogue)/\(name)", nil)
      guard let source = unsafe source, unsafe symlink(source, target) == 0 else {
        throw FactsError(description: "can't link \(target)")
      }
      unsafe free(source)
    }
  }

  /// Places, classifications and clusters, which the facts need; other facts stay away.
  private static func isCatalogue(_ name: String) -> Bool {
    ["regions.", "membership.", "clusters.", "subclusters.", "tree.naics.2017."].contains { name.hasPrefix($0) }
  }

  private var metadata: [(key: String, value: String)] {
    [
      ("cq.format", "1"), ("dataset", "made_facts"), ("title", "Made-up facts"), ("source", "Tools/facts"),
      ("release", "\(rowCount) rows"), ("licence", "Public domain"), ("country", "US"), ("scheme", "naics"),
      ("levels.region", level), ("levels.activity", "naics2 naics3 naics4 naics5 naics6"),
      ("vintages", "\(Self.lastYear - yearCount + 1)-\(Self.lastYear):2017"), ("absent", absent), ("total", "none"),
      ("measures", "employment"), ("measure.employment.label", "Employment"), ("measure.employment.unit", "persons"),
      ("measure.employment.quantity", "count"), ("measure.employment.scale", "1"),
      ("measure.employment.additive", "region activity"),
      ("comparable", "\(Self.lastYear - yearCount + 1)-\(Self.lastYear):*"),
    ]
  }

  // MARK: - Files

  static func save<Element: BitwiseCopyable>(_ elements: [Element], _ path: String) throws {
    let file = unsafe fopen(path, "w")
    guard let file = unsafe file else { throw FactsError(description: "can't write \(path)") }
    defer { unsafe fclose(file) }
    let written = unsafe elements.withUnsafeBytes { unsafe fwrite($0.baseAddress, 1, $0.count, file) }
    guard written == elements.count * MemoryLayout<Element>.stride else {
      throw FactsError(description: "can't write all of \(path)")
    }
  }
}
