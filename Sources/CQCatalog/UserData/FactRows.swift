import CQColumns
internal import Synchronization

/// The rows of a user's dataset in the order of the files of the catalogue: by period, place and activity.
struct FactRows {
  private let builder: DatasetBuilder
  let places: DatasetBuilder.Places
  let activities: DatasetBuilder.Activities
  /// Ascending.
  let periods: [Int]
  /// Rows of the file that are left, by keys: period, then place, then activity.
  private enum Rows: Sendable {
    case dense(DenseRows)
    /// In the order of the facts, with the first of the rows that each is made of; nil where every row is a fact.
    case packed(PackedRows, starts: [Int]?)
  }

  private let rows: Rows
  private let placeOrder: [Int]
  /// Some code is above another: a file of one level of codes has nothing to choose between.
  let hasCovers: Bool

  let rowCount: Int
  let addedRows: Int

  init(
    _ builder: DatasetBuilder, _ periods: DatasetBuilder.Periods, _ places: DatasetBuilder.Places,
    _ activities: DatasetBuilder.Activities
  ) throws(DatasetProblem) {
    self.builder = builder
    self.places = places
    self.activities = activities
    self.periods = periods.codes
    let rowCount = builder.table.rowCount
    var positions: [Int32: Int32] = [:]
    for (position, period) in periods.codes.enumerated() { positions[Int32(period)] = Int32(position) }
    let placeCount = UInt64(max(1, places.members.count))
    let activityCount = UInt64(activities.codes.count)
    // Places by their codes, countries first.
    let order = places.members.indices.sorted {
      let (left, right) = (places.members[$0], places.members[$1])
      return (left.level, left.code) < (right.level, right.code)
    }
    var placeRank = [Int32](repeating: 0, count: places.members.count)
    for (rank, place) in order.enumerated() { placeRank[place] = Int32(rank) }
    placeOrder = order
    hasCovers = Self.needsCovers(activities, builder.catalog)
    let groupCount = UInt64(periods.codes.count).multipliedFullWidth(by: placeCount)
    let keyCount = groupCount.low.multipliedFullWidth(by: activityCount)
    guard groupCount.high == 0, PackedRows.fits(rowCount: rowCount, keyCount: keyCount) else {
      throw DatasetProblem(
        .values, "`\(builder.path)` has more places, activities and periods than a dataset can",
        helps: ["read a part of its years: save those rows in a file of their own"])
    }
    let periodOfRow = periods.ofRow.mapped { positions[$0] ?? -1 }
    let rankOfRow = places.ofRow.mapped { $0 < 0 ? -1 : placeRank[Int($0)] }
    let activityOfRow = activities.ofRow
    let keys: @Sendable (Range<Int>, (Int, UInt64?) -> Void) -> Void = { rows, store in
      RowLookup.read(periodOfRow, rankOfRow, activityOfRow, rows) { row, period, place, activity in
        if period | place | activity < 0 {
          store(row, nil)
        } else {
          let group = UInt64(truncatingIfNeeded: period) &* placeCount &+ UInt64(truncatingIfNeeded: place)
          store(row, group &* activityCount &+ UInt64(truncatingIfNeeded: activity))
        }
      }
    }
    if DenseRows.fits(rowCount: rowCount, keyCount: keyCount.low) {
      let dense = DenseRows(
        rowCount: rowCount, keyCount: Int(keyCount.low), threads: builder.threads, isStopped: builder.isStopped,
        keys: keys)
      rows = .dense(dense)
      (self.rowCount, addedRows) = (dense.keys.count, dense.count - dense.keys.count)
    } else {
      let packed = PackedRows(
        rowCount: rowCount, keyCount: keyCount.low, threads: builder.threads, isStopped: builder.isStopped, keys: keys)
      let repeats = Self.repeats(packed, builder.threads)
      let starts =
        repeats == 0 ? nil : (0..<packed.count).filter { $0 == 0 || packed.key($0) != packed.key($0 - 1) }
      rows = .packed(packed, starts: starts)
      (self.rowCount, addedRows) = (packed.count - repeats, repeats)
    }
    try builder.check()
    if self.rowCount == 0 {
      throw DatasetProblem(.values, "no row of `\(builder.path)` has a place, an activity and a period that are known")
    }
    if addedRows > 0, builder.mapping.duplicates == .refuse { throw duplicate() }
  }

  /// Rows that have the key of the one before.
  private static func repeats(_ rows: PackedRows, _ threads: Int) -> Int {
    let unit = ColumnBuffer<UInt64>.unitSize
    let repeats = Atomic<Int>(0)
    WorkerThreads.run(units: (rows.count + unit - 1) / unit, threads: threads) { index in
      var count = 0
      for place in max(1, index * unit)..<max(1, min((index + 1) * unit, rows.count))
      where rows.key(place) == rows.key(place - 1) { count += 1 }
      repeats.add(count, ordering: .relaxed)
    }
    return repeats.load(ordering: .relaxed)
  }

  func hasStates(_ measure: DatasetMapping.MeasureColumn) -> Bool {
    builder.table.column(named: measure.column)?.states != nil
  }

  // MARK: - Keys

  private var activityCount: UInt64 { UInt64(activities.codes.count) }
  private var placeCount: UInt64 { UInt64(max(1, places.members.count)) }

  /// The key of each fact.
  private var key: @Sendable (_ fact: Int) -> UInt64 {
    switch rows {
    case .dense(let rows): { UInt64(rows.keys[$0]) }
    case .packed(let rows, nil): { rows.key($0) }
    case .packed(let rows, let starts?): { rows.key(starts[$0]) }
    }
  }

  private func parts(_ key: UInt64) -> (period: Int, place: Int, activity: Int) {
    (Int(key / activityCount / placeCount), Int(key / activityCount % placeCount), Int(key % activityCount))
  }

  /// Calls `body` with the place and the activity of each fact of a range; facts of one place follow each other.
  @inline(__always)
  private func each(_ facts: Range<Int>, _ body: (_ fact: Int, _ place: Int, _ activity: Int) -> Void) {
    // What the rows are is asked once, not for each fact.
    switch rows {
    case .dense(let rows): each(facts, { UInt64(rows.keys[$0]) }, body)
    case .packed(let rows, nil): each(facts, { rows.key($0) }, body)
    case .packed(let rows, let starts?): each(facts, { rows.key(starts[$0]) }, body)
    }
  }

  @inline(__always)
  private func each(
    _ facts: Range<Int>, _ key: (_ fact: Int) -> UInt64, _ body: (_ fact: Int, _ place: Int, _ activity: Int) -> Void
  ) {
    var (place, base, end) = (0, UInt64(0), UInt64(0))
    for fact in facts {
      let key = key(fact)
      if key < base || key >= end {
        place = parts(key).place
        base = key / activityCount * activityCount
        end = base + activityCount
      }
      body(fact, place, Int(truncatingIfNeeded: key &- base))
    }
  }

  /// The first two rows of the first fact that has several.
  private var firstRepeat: (key: UInt64, rows: [Int])? {
    switch rows {
    case .dense(let rows): return rows.firstRepeat.map { (UInt64($0.key), $0.rows) }
    case .packed(let rows, _):
      return (1..<max(1, rows.count)).first { rows.key($0) == rows.key($0 - 1) }
        .map { (rows.key($0), [rows.row($0 - 1), rows.row($0)]) }
    }
  }

  private func duplicate() -> DatasetProblem {
    guard let (key, found) = firstRepeat, found.count == 2 else {
      return DatasetProblem(.duplicates, "two rows have one key")
    }
    let (one, other) = (found[0], found[1])
    let (period, place, activity) = parts(key)
    var words = [places.members[placeOrder[place]].name]
    if activities.areNamed { words.append(activities.codes[activity]) }
    words.append(Period.quarter(of: periods[period]).map { "\(periods[period] / 10)Q\($0)" } ?? "\(periods[period])")
    let table = builder.table
    let more = addedRows > 1 ? " (\(addedRows.grouped) rows repeat the key of another)" : ""
    let unused = table.columns.filter { column in
      !builder.mapping.keys.contains { $0.source == .column(column.name) }
        && !builder.mapping.measures.contains { $0.column == column.name }
    }
    // Another column may be what tells them apart: sex, size, ownership.
    let telling = unused.first { column in
      let values = [column.text(at: one), column.text(at: other)]
      return values[0] != values[1] && !values.contains("")
    }
    let apart = telling.map { column in
      let value = column.isNumeric ? column.text(at: one) : "\"\(column.text(at: one))\""
      return
        "they differ in `\(column.name)` (\(column.text(at: one)) and \(column.text(at: other))): keep the rows of one "
        + "value, open(\"\(builder.path)\") | where `\(column.name)` == \(value) | save \"part.csv\", and read that"
    }
    return DatasetProblem(
      .duplicates,
      "\(table.place(ofRow: one)) and \(table.place(ofRow: other)) of `\(builder.path)` are both \(words.joined(separator: ", "))\(more)",
      helps: [apart, "\(apart == nil ? "remove one, or" : "or") add them up: `duplicates:add`"].compactMap { $0 })
  }

  // MARK: - Columns

  /// The table as a file of the catalogue has it.
  func arrowTable(_ metadata: [(key: String, value: String)]) throws(DatasetProblem) -> ArrowTable {
    var fields: [ArrowTable.Field] = []
    let periods = periodRuns
    fields.append(ArrowTable.Field(name: "year", data: .numberRuns(ends: periods.ends, values: periods.values)))
    let regions = codes(valueCount: places.members.count) { place, _ in place }
    fields.append(
      ArrowTable.Field(
        name: "region", data: .dictionary(codes: regions, values: placeOrder.map { places.members[$0].code })))
    let codes = codes(valueCount: activities.codes.count) { _, activity in activity }
    fields.append(ArrowTable.Field(name: "activity", data: .dictionary(codes: codes, values: activities.codes)))
    for measure in builder.mapping.measures {
      try builder.check()
      guard let column = builder.table.column(named: measure.column), case .numbers(let numbers) = column.values else {
        continue
      }
      let states = states(of: column)
      fields.append(ArrowTable.Field(name: measure.name, data: values(numbers)))
      if let states { fields.append(ArrowTable.Field(name: measure.name + ".state", data: .uint8(states))) }
      if hasCovers {
        fields.append(ArrowTable.Field(name: measure.name + ".cover", data: .uint8(covers(states))))
      }
    }
    try builder.check()
    return ArrowTable(rowCount: rowCount, fields: fields, metadata: metadata)
  }

  private func codes(
    valueCount: Int, _ code: @Sendable (_ place: Int, _ activity: Int) -> Int
  ) -> DictionaryCodes {
    func codes<Code: FixedWidthInteger & BitwiseCopyable & Sendable>(_ type: Code.Type) -> ColumnBuffer<Code> {
      unsafe made { facts, buffer in
        each(facts) { fact, place, activity in
          unsafe buffer[fact] = Code(truncatingIfNeeded: code(place, activity))
        }
      }
    }
    if valueCount <= 1 << 8 { return .bits8(codes(UInt8.self)) }
    if valueCount <= 1 << 16 { return .bits16(codes(UInt16.self)) }
    return .bits32(codes(UInt32.self))
  }

  /// A column of the facts, made by all threads; half of one when the user has stopped it.
  private func made<Value: BitwiseCopyable & Sendable>(
    _ fill: @Sendable (Range<Int>, UnsafeMutableBufferPointer<Value>) -> Void
  ) -> ColumnBuffer<Value> {
    unsafe ColumnBuffer(count: rowCount, threads: builder.threads) { facts, buffer in
      if !builder.isStopped() { unsafe fill(facts, buffer) }
    }
  }

  /// Periods that facts are of, and where the facts of each end.
  private var periodRuns: (ends: ColumnBuffer<Int32>, values: ColumnBuffer<Int16>) {
    let key = key
    var ends: [Int32] = []
    var values: [Int16] = []
    let factsOfPeriod = placeCount * activityCount
    var fact = 0
    while fact < rowCount {
      let period = key(fact) / factsOfPeriod
      // The first fact of a later period.
      var (low, high) = (fact, rowCount)
      while low < high {
        let middle = (low + high) / 2
        if key(middle) / factsOfPeriod <= period { low = middle + 1 } else { high = middle }
      }
      ends.append(Int32(clamping: low))
      values.append(Int16(clamping: periods[Int(period)]))
      fact = low
    }
    return (ColumnBuffer(ends), ColumnBuffer(values))
  }

  /// The worst state among the rows of each fact; nil when all are known.
  private func states(of column: FileTable.Column) -> ColumnBuffer<UInt8>? {
    guard let source = column.states else { return nil }
    switch rows {
    case .dense(let rows): return rows.largest(source)
    case .packed(let rows, let starts):
      return unsafe made { facts, buffer in
        for fact in facts {
          unsafe buffer[fact] = members(of: fact, starts).reduce(0) { max($0, source[rows.row($1)]) }
        }
      }
    }
  }

  /// Written out for each type: a loop that does not know its type takes ten times as long.
  private func values(_ numbers: NumberValues) -> ColumnData {
    let isSummed = addedRows > 0
    switch (rows, numbers) {
    case (.dense(let rows), .int32(let values)):
      return isSummed ? .int64(rows.sums(values)) : .int32(rows.values(values))
    case (.dense(let rows), .int64(let values)): return .int64(rows.sums(values))
    case (.dense(let rows), .float64(let values)): return .float64(rows.sums(values))
    case (.packed(let rows, let starts), .int32(let values)):
      if isSummed { return .int64(summed(starts) { Int64(values[rows.row($0)]) }) }
      return .int32(unsafe made { facts, buffer in for fact in facts { unsafe buffer[fact] = values[rows.row(fact)] } })
    case (.packed(let rows, let starts), .int64(let values)): return .int64(summed(starts) { values[rows.row($0)] })
    case (.packed(let rows, let starts), .float64(let values)):
      return .float64(
        unsafe made { facts, buffer in
          for fact in facts {
            unsafe buffer[fact] = members(of: fact, starts).reduce(0) { $0 + values[rows.row($1)] }
          }
        })
    }
  }

  private func summed(_ starts: [Int]?, _ value: @Sendable (_ index: Int) -> Int64) -> ColumnBuffer<Int64> {
    unsafe made { facts, buffer in
      for fact in facts { unsafe buffer[fact] = members(of: fact, starts).reduce(0) { $0 &+ value($1) } }
    }
  }

  /// The rows that make up a fact, as indexes of packed rows.
  private func members(of fact: Int, _ starts: [Int]?) -> Range<Int> {
    guard let starts else { return fact..<fact + 1 }
    return starts[fact]..<(fact + 1 < starts.count ? starts[fact + 1] : rowCount + addedRows)
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
    let trees = Dictionary(
      Set(activities.vintageOfYear.values).compactMap { vintage in
        builder.catalog.tree(scheme: activities.scheme, vintage: vintage).map { tree in
          (vintage, (covers: FactCovers(tree), nodes: activities.codes.map { Int32(tree.index(of: $0) ?? 0) }))
        }
      }, uniquingKeysWith: { first, _ in first })
    let key = key
    // Rows of one place and period belong together: a range of facts does those that begin in it.
    return unsafe made { facts, buffer in
      var fact = facts.lowerBound
      while fact > 0, fact < facts.upperBound, key(fact) / activityCount == key(fact - 1) / activityCount { fact += 1 }
      while fact < facts.upperBound {
        let group = key(fact) / activityCount
        var end = fact
        while end < rowCount, key(end) / activityCount == group { end += 1 }
        let year = Period.year(of: periods[parts(key(fact)).period])
        guard let known = trees[activities.vintageOfYear[year].flatMap { $0 }] else { return }
        let nodes = (fact..<end).map { known.nodes[Int(key($0) % activityCount)] }
        let first = fact
        known.covers.covers(
          nodes: nodes[...], isKnown: { row in states.map { $0[first + row] <= 1 } ?? true },
          absentIsZero: builder.mapping.absentIsZero
        ) { row, cover in unsafe buffer[first + row] = cover }
        fact = end
      }
    }
  }
}
