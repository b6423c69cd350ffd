import CQColumns

/// The order of a fact table's rows, its key columns, and the covers that follow from them.
struct FactTableKeys {
  private struct Key: Hashable, Comparable {
    var period: Int
    var region: Int
    var activity: Int

    static func < (lhs: Key, rhs: Key) -> Bool {
      (lhs.period, lhs.region, lhs.activity) < (rhs.period, rhs.region, rhs.activity)
    }
  }

  private static let countries: Set<String> = ["US", "MX", "CA"]

  /// Indices of the given rows, in the order of the file.
  let order: [Int]
  private let regions: [String]
  private let activities: [String]
  /// Sorted.
  private let keys: [Key]
  private let scheme: ActivityScheme?

  init(_ rows: [Facts.Row], name: String, scheme: ActivityScheme?) throws(BundleError) {
    // A country comes before its states.
    regions = Set(rows.map(\.region)).sorted {
      (Self.countries.contains($0) ? 0 : 1, $0) < (Self.countries.contains($1) ? 0 : 1, $1)
    }
    let codes = Set(rows.map(\.activity))
    for code in codes.sorted() where code != ActivityCode.all {
      try require(scheme?.position(of: code) != nil, "\(name): the activity \(code) is not in its classification")
    }
    activities = codes.sorted { (scheme?.position(of: $0) ?? -1) < (scheme?.position(of: $1) ?? -1) }
    let regionIndex = Dictionary(uniqueKeysWithValues: regions.enumerated().map { ($1, $0) })
    let activityIndex = Dictionary(uniqueKeysWithValues: activities.enumerated().map { ($1, $0) })
    let unsorted = rows.map {
      Key(period: $0.period, region: regionIndex[$0.region] ?? 0, activity: activityIndex[$0.activity] ?? 0)
    }
    order = unsorted.indices.sorted { unsorted[$0] < unsorted[$1] }
    keys = order.map { unsorted[$0] }
    self.scheme = scheme
    for (previous, next) in zip(keys, keys.dropFirst()) {
      try require(
        previous < next,
        "\(name): two rows for \(next.period), region \(regions[next.region]), activity \(activities[next.activity])")
    }
  }

  private var hasOnePeriod: Bool { keys.first?.period == keys.last?.period }

  /// Keys that are the same in all rows.
  var constants: [(key: String, value: String)] {
    var pairs: [(key: String, value: String)] = []
    if hasOnePeriod, let key = keys.first { pairs.append(("period", String(key.period))) }
    if regions.count == 1 { pairs.append(("region", regions[0])) }
    if activities.count == 1 { pairs.append(("activity", activities[0])) }
    return pairs
  }

  func addColumns(to writer: inout ArrowWriter) {
    if !hasOnePeriod { writer.add("year", .runs(of: keys.map { Int16($0.period) })) }
    if regions.count > 1 { writer.add("region", regionColumn) }
    if activities.count > 1 {
      writer.add(
        "activity",
        .dictionary(
          codes: keys.map { Int32($0.activity) }, values: activities, width: .init(valueCount: activities.count)))
    }
  }

  /// As runs where that takes fewer bytes than a code per row.
  private var regionColumn: ArrowWriter.Values {
    let width = ArrowWriter.CodeWidth(valueCount: regions.count)
    let runCount = zip(keys, keys.dropFirst()).count { $0.region != $1.region } + 1
    let textSize = (regions.map(\.utf8.count).max() ?? 0) + 4
    let codes = keys.count * Int(width.rawValue) / 8 + regions.count * textSize
    return runCount * (textSize + 4) < codes
      ? .runs(of: keys.map { regions[$0.region] })
      : .dictionary(codes: keys.map { Int32($0.region) }, values: regions, width: width)
  }

  /// The depth of each row's nearest resolved ancestor row, 255 for a row that its children stand for (see
  /// ``FactTree/cover(isResolved:)``); nil if no row has an ancestor.
  ///
  /// A row without a number is resolved only if no other row lies below it.
  func cover(states: [CellState]) -> [UInt8]? {
    guard let scheme, activities.count > 1 else { return nil }
    let ancestors = activities.map { code in scheme.ancestors(of: code).compactMap { activities.firstIndex(of: $0) } }
    guard ancestors.contains(where: { !$0.isEmpty }) else { return nil }
    let depths = activities.map { $0 == ActivityCode.all ? 1 : scheme.depth(of: $0) }
    var rowOfKey: [Key: Int] = [:]
    for (row, key) in keys.enumerated() { rowOfKey[key] = row }
    var hasChildren = [Bool](repeating: false, count: keys.count)
    let rowAncestors = keys.map { key in
      ancestors[key.activity].compactMap {
        rowOfKey[Key(period: key.period, region: key.region, activity: $0)]
      }
    }
    for above in rowAncestors { for row in above { hasChildren[row] = true } }
    let isResolved = keys.indices.map { states[$0].hasValue || !hasChildren[$0] }
    return keys.indices.map { row in
      guard isResolved[row] else { return 255 }
      return rowAncestors[row].first { isResolved[$0] }.map { depths[keys[$0].activity] } ?? 0
    }
  }
}
