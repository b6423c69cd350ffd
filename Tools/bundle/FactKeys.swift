import CQColumns

/// The keys of a fact table's rows: indices of sorted member lists.
struct FactKeys {
  struct Key: Hashable, Comparable {
    var year: Int
    var region: Int
    var activity: Int

    static func < (lhs: Key, rhs: Key) -> Bool {
      (lhs.year, lhs.region, lhs.activity) < (rhs.year, rhs.region, rhs.activity)
    }
  }

  let regions: [String]
  let activities: [String]
  private(set) var keys: [Key]

  /// Puts `rows` into the order of the file (year, region, activity depth first) and numbers their members.
  ///
  /// - Parameter activityOrder: Whether the first code comes before the second.
  init<Row>(
    sorting rows: inout [Row], _ members: (Row) -> (year: Int, region: String, activity: String),
    activityOrder: (String, String) -> Bool
  ) throws(BundleError) {
    // The country comes before its states.
    let sortKey = { (region: String) in region == "US" ? "" : region }
    regions = Set(rows.map { members($0).region }).sorted { sortKey($0) < sortKey($1) }
    activities = Set(rows.map { members($0).activity }).sorted(by: activityOrder)
    let regionIndex = Dictionary(uniqueKeysWithValues: regions.enumerated().map { ($1, $0) })
    let activityIndex = Dictionary(uniqueKeysWithValues: activities.enumerated().map { ($1, $0) })
    var keyed: [(key: Key, row: Row)] = []
    keyed.reserveCapacity(rows.count)
    for row in rows {
      let (year, region, activity) = members(row)
      guard let regionIndex = regionIndex[region], let activityIndex = activityIndex[activity] else { continue }
      keyed.append((Key(year: year, region: regionIndex, activity: activityIndex), row))
    }
    keyed.sort { $0.key < $1.key }
    for (previous, next) in zip(keyed, keyed.dropFirst()) {
      try require(
        previous.key < next.key,
        "two rows for \(next.key.year), region \(regions[next.key.region]), activity \(activities[next.key.activity])")
    }
    keys = keyed.map(\.key)
    rows = keyed.map(\.row)
  }

  var count: Int { keys.count }

  /// A part of the rows with the same members.
  func subset(_ rows: [Int]) -> FactKeys {
    var copy = self
    copy.keys = rows.map { keys[$0] }
    return copy
  }

  func activityCode(_ row: Int) -> String { activities[keys[row].activity] }

  func describe(_ row: Int) -> String {
    let key = keys[row]
    return "\(key.year), region \(regions[key.region]), activity \(activities[key.activity])"
  }

  /// Key columns in which years and regions, by which the rows are sorted, are runs.
  ///
  /// - Parameter hasOneYear: The metadata name the year.
  func addRuns(to writer: inout ArrowWriter, hasOneYear: Bool = false) {
    if !hasOneYear { writer.add("year", .runs(of: keys.map { Int16($0.year) })) }
    writer.add("region", runsOf: keys.map { regions[$0.region] })
    writer.add(
      "activity",
      .dictionary(
        codes: keys.map { Int32($0.activity) }, values: activities, width: .init(valueCount: activities.count)))
  }

  /// The key columns of the file.
  func add(to writer: inout ArrowWriter) {
    writer.add("year", .int16(keys.map { Int16($0.year) }))
    writer.add(
      "region",
      .dictionary(
        codes: keys.map { Int32($0.region) }, values: regions, width: .init(valueCount: regions.count)))
    writer.add(
      "activity",
      .dictionary(
        codes: keys.map { Int32($0.activity) }, values: activities, width: .init(valueCount: activities.count)))
  }
}

extension ArrowWriter {
  /// A column of cell states; the index of a value is the raw value of the state.
  mutating func add(_ name: String, states: [CellState]) {
    add(
      name,
      .dictionary(
        codes: states.map { Int32($0.rawValue) }, values: CellState.allCases.map(\.name), width: .bits8))
  }

  /// States and covers as one column of a byte per row: `known 3`. The manifest names its parts `cell:0` and `cell:1`.
  mutating func add(_ name: String, states: [CellState], covers: [UInt8]) {
    let words = zip(states, covers).map { "\($0.name) \($1)" }
    let values = Set(words).sorted()
    let index = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
    add(
      name,
      .dictionary(codes: words.map { index[$0] ?? 0 }, values: values, width: .init(valueCount: values.count)))
  }

  /// A column of whole numbers, which must fit.
  mutating func add(_ name: String, int32 values: [Int]) throws(BundleError) {
    for value in values { try require(Int32(exactly: value) != nil, "\(name): \(value) does not fit into 32 bits") }
    add(name, .int32(values.map { Int32(truncatingIfNeeded: $0) }))
  }

  /// A column of a few different texts in the given order.
  mutating func add(_ name: String, flags: [String], values: [String]) throws(BundleError) {
    let index = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, Int32($0)) })
    var codes: [Int32] = []
    for flag in flags {
      guard let code = index[flag] else { throw BundleError("\(name): the flag '\(flag)' is not known") }
      codes.append(code)
    }
    add(name, .dictionary(codes: codes, values: values, width: .bits8))
  }
}
