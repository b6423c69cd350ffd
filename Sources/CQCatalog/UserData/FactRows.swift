import CQColumns

/// The rows of a user's dataset in the order of the files of the catalogue: by period, place and activity.
struct FactRows {
  private let builder: DatasetBuilder
  let places: DatasetBuilder.Places
  let activities: DatasetBuilder.Activities
  /// Ascending.
  let periods: [Int]
  /// Rows of the file that are left, in the order of the facts.
  private let rows: [Int32]
  /// Dense key of each of them: period, then place, then activity.
  private let keys: [UInt64]
  /// The first of the rows that each fact is made of.
  private let starts: [Int]
  var rowCount: Int { starts.count }
  var addedRows: Int { rows.count - starts.count }

  init(
    _ builder: DatasetBuilder, _ periods: DatasetBuilder.Periods, _ places: DatasetBuilder.Places,
    _ activities: DatasetBuilder.Activities
  ) throws(DatasetProblem) {
    self.builder = builder
    self.places = places
    self.activities = activities
    let rowCount = builder.table.rowCount
    let known = Set(periods.ofRow.lazy.filter { $0 > 0 }).sorted()
    self.periods = known.map(Int.init)
    var positions: [Int32: UInt64] = [:]
    for (position, period) in known.enumerated() { positions[period] = UInt64(position) }
    let (placeCount, activityCount) = (UInt64(places.members.count), UInt64(activities.codes.count))
    // Places by their codes, countries first.
    let order = places.members.indices.sorted {
      let (left, right) = (places.members[$0], places.members[$1])
      return (left.level, left.code) < (right.level, right.code)
    }
    var placeRank = [UInt64](repeating: 0, count: places.members.count)
    for (rank, place) in order.enumerated() { placeRank[place] = UInt64(rank) }
    placeOrder = order
    hasCovers = Self.needsCovers(activities, builder.catalog)
    var rows: [Int32] = []
    var keys: [UInt64] = []
    rows.reserveCapacity(rowCount)
    keys.reserveCapacity(rowCount)
    for row in 0..<rowCount {
      let place = places.ofRow[row]
      let activity = activities.ofRow.isEmpty ? 0 : activities.ofRow[row]
      guard place >= 0, activity >= 0, let period = positions[periods.ofRow[row]] else { continue }
      rows.append(Int32(row))
      keys.append((period * placeCount + placeRank[Int(place)]) * activityCount + UInt64(activity))
    }
    try builder.check()
    if let order = try RadixOrder.ascending(keys, check: { () throws(DatasetProblem) in try builder.check() }) {
      rows = order.map { rows[Int($0)] }
      keys = order.map { keys[Int($0)] }
    }
    var starts: [Int] = []
    starts.reserveCapacity(keys.count)
    for (index, key) in keys.enumerated() where index == 0 || keys[index - 1] != key { starts.append(index) }
    self.rows = rows
    self.keys = keys
    self.starts = starts
    if keys.isEmpty {
      throw DatasetProblem(.values, "no row of `\(builder.path)` has a place, an activity and a period that are known")
    }
    if starts.count < keys.count, builder.mapping.duplicates == .refuse { throw duplicate() }
  }

  private let placeOrder: [Int]
  /// Some code is above another: a file of one level of codes has nothing to choose between.
  let hasCovers: Bool

  func hasStates(_ measure: DatasetMapping.MeasureColumn) -> Bool {
    builder.table.column(named: measure.column)?.states != nil
  }

  private func parts(_ key: UInt64) -> (period: Int, place: Int, activity: Int) {
    let activityCount = UInt64(activities.codes.count)
    let placeCount = UInt64(max(1, places.members.count))
    return (
      Int(key / activityCount / placeCount), Int(key / activityCount % placeCount), Int(key % activityCount)
    )
  }

  private func duplicate() -> DatasetProblem {
    guard let index = keys.indices.dropFirst().first(where: { keys[$0] == keys[$0 - 1] }) else {
      return DatasetProblem(.duplicates, "two rows have one key")
    }
    let (period, place, activity) = parts(keys[index])
    var words = [places.members[placeOrder[place]].name]
    if !activities.ofRow.isEmpty { words.append(activities.codes[activity]) }
    words.append(Period.quarter(of: periods[period]).map { "\(periods[period] / 10)Q\($0)" } ?? "\(periods[period])")
    let table = builder.table
    let extra = keys.count - starts.count
    let more = extra > 1 ? " (\(extra) rows repeat the key of another)" : ""
    return DatasetProblem(
      .duplicates,
      "\(table.place(ofRow: Int(rows[index - 1]))) and \(table.place(ofRow: Int(rows[index]))) of `\(builder.path)` are both \(words.joined(separator: ", "))\(more)",
      helps: ["remove one, or add them up: `duplicates:add`"])
  }

  // MARK: - Columns

  /// The table as a file of the catalogue has it.
  func arrowTable(_ metadata: [(key: String, value: String)]) throws(DatasetProblem) -> ArrowTable {
    var fields: [ArrowTable.Field] = []
    fields.append(ArrowTable.Field(name: "year", data: .numberRuns(ends: periodEnds, values: periodValues)))
    let keys = keys
    let starts = starts
    let activityCount = UInt64(activities.codes.count)
    let placeCount = UInt64(max(1, places.members.count))
    let regions = DictionaryCodes.narrowest(valueCount: places.members.count, rowCount: rowCount) { row in
      UInt32(keys[starts[row]] / activityCount % placeCount)
    }
    fields.append(
      ArrowTable.Field(
        name: "region", data: .dictionary(codes: regions, values: placeOrder.map { places.members[$0].code })))
    let codes = DictionaryCodes.narrowest(valueCount: activities.codes.count, rowCount: rowCount) { row in
      UInt32(keys[starts[row]] % activityCount)
    }
    fields.append(ArrowTable.Field(name: "activity", data: .dictionary(codes: codes, values: activities.codes)))
    for measure in builder.mapping.measures {
      try builder.check()
      guard let column = builder.table.column(named: measure.column), case .numbers(let numbers) = column.values else {
        continue
      }
      let states = states(of: column)
      fields.append(ArrowTable.Field(name: measure.name, data: values(numbers, states)))
      if let states { fields.append(ArrowTable.Field(name: measure.name + ".state", data: .uint8(states))) }
      if hasCovers {
        fields.append(ArrowTable.Field(name: measure.name + ".cover", data: .uint8(covers(states))))
      }
    }
    return ArrowTable(rowCount: rowCount, fields: fields, metadata: metadata)
  }

  private var periodEnds: ColumnBuffer<Int32> {
    let ends = periodStarts.dropFirst() + [rowCount]
    return unsafe ColumnBuffer(count: presentPeriods.count) { buffer in
      for (index, end) in ends.enumerated() { unsafe buffer[index] = Int32(clamping: end) }
    }
  }

  private var periodValues: ColumnBuffer<Int16> {
    let present = presentPeriods
    return unsafe ColumnBuffer(count: present.count) { buffer in
      for (index, period) in present.enumerated() { unsafe buffer[index] = Int16(clamping: periods[period]) }
    }
  }

  /// Positions in `periods` of those that facts are of, and the first fact of each.
  private var presentPeriods: [Int] { periodRuns.map(\.period) }
  private var periodStarts: [Int] { periodRuns.map(\.start) }

  private var periodRuns: [(period: Int, start: Int)] {
    var runs: [(period: Int, start: Int)] = []
    for (fact, start) in starts.enumerated() {
      let period = parts(keys[start]).period
      if runs.last?.period != period { runs.append((period, fact)) }
    }
    return runs
  }

  /// Rows that make up a fact.
  private func members(of fact: Int) -> Range<Int> {
    starts[fact]..<(fact + 1 < starts.count ? starts[fact + 1] : rows.count)
  }

  /// The worst state among the rows of each fact; nil when all are known.
  private func states(of column: FileTable.Column) -> ColumnBuffer<UInt8>? {
    guard let source = column.states else { return nil }
    return unsafe ColumnBuffer(count: rowCount) { buffer in
      for fact in 0..<rowCount {
        var worst: UInt8 = 0
        for row in members(of: fact) { worst = max(worst, source[Int(rows[row])]) }
        unsafe buffer[fact] = worst
      }
    }
  }

  private func values(_ numbers: NumberValues, _ states: ColumnBuffer<UInt8>?) -> ColumnData {
    let isSummed = addedRows > 0
    switch numbers {
    case .int32(let values):
      if !isSummed { return .int32(gathered(values)) }
      return .int64(summed { Int64(values[$0]) })
    case .int64(let values):
      return .int64(isSummed ? summed { values[$0] } : gathered(values))
    case .float64(let values):
      return .float64(
        isSummed
          ? unsafe ColumnBuffer(count: rowCount) { buffer in
            for fact in 0..<rowCount {
              var sum = 0.0
              for row in members(of: fact) { sum += values[Int(rows[row])] }
              unsafe buffer[fact] = sum
            }
          } : gathered(values))
    }
  }

  private func gathered<Value>(_ values: ColumnBuffer<Value>) -> ColumnBuffer<Value> {
    unsafe ColumnBuffer(count: rowCount) { buffer in
      for fact in 0..<rowCount { unsafe buffer[fact] = values[Int(rows[starts[fact]])] }
    }
  }

  private func summed(_ value: (Int) -> Int64) -> ColumnBuffer<Int64> {
    unsafe ColumnBuffer(count: rowCount) { buffer in
      for fact in 0..<rowCount {
        var sum: Int64 = 0
        for row in members(of: fact) { sum = sum.addingReportingOverflow(value(Int(rows[row]))).partialValue }
        unsafe buffer[fact] = sum
      }
    }
  }

  // MARK: - Covers

  private static func needsCovers(_ activities: DatasetBuilder.Activities, _ catalog: Catalog) -> Bool {
    guard activities.codes.count > 1 else { return false }
    for vintage in Set(activities.vintageOfYear.values) {
      guard let tree = catalog.tree(scheme: activities.scheme, vintage: vintage) else { continue }
      let present = Set(activities.codes.compactMap { tree.index(of: $0) })
      for node in present {
        var current = node
        while current != 0 {
          current = Int(tree.parents[current])
          if present.contains(current) { return true }
        }
      }
    }
    return false
  }

  private func covers(_ states: ColumnBuffer<UInt8>?) -> ColumnBuffer<UInt8> {
    let activityCount = UInt64(activities.codes.count)
    return unsafe ColumnBuffer(count: rowCount) { buffer in
      var fact = 0
      var known: (vintage: Int?, tree: FactCovers, nodes: [Int32])?
      while fact < rowCount {
        let group = keys[starts[fact]] / activityCount
        var end = fact
        while end < rowCount, keys[starts[end]] / activityCount == group { end += 1 }
        let year = Period.year(of: periods[parts(keys[starts[fact]]).period])
        let vintage = activities.vintageOfYear[year].flatMap { $0 }
        if known == nil || known?.vintage != vintage {
          guard let tree = builder.catalog.tree(scheme: activities.scheme, vintage: vintage) else { return }
          known = (vintage, FactCovers(tree), activities.codes.map { Int32(tree.index(of: $0) ?? 0) })
        }
        guard let known else { return }
        let nodes = (fact..<end).map { known.nodes[Int(keys[starts[$0]] % activityCount)] }
        known.tree.covers(
          nodes: nodes[...], isKnown: { row in states.map { $0[fact + row] <= 1 } ?? true },
          absentIsZero: builder.mapping.absentIsZero
        ) { row, cover in unsafe buffer[fact + row] = cover }
        fact = end
      }
    }
  }
}
