package import CQColumns

/// The asks of a query answered with as few statements as sense makes: one, unless the groups of different asks cut each
/// other into too many pieces.
package struct FactQuestions: Sendable {
  let table: EngineTable
  let asks: [FactAsk]
  package let statements: [GroupingStatement]
  private let batches: [Batch]

  /// Asks that one statement answers: their groups are unions of its classes.
  private struct Batch: Sendable {
    var asks: [Int]
    var region: Classes
    var activity: Classes
    var periods: [Int]
    var measures: [Int]
  }

  /// Values that every ask treats alike form a class.
  private struct Classes: Sendable {
    var ofValue: [Int32]
    /// The different maps from values to groups.
    var maps: [[Int32]]
    /// For each class its group in each map.
    var groups: [[Int32]]

    init(_ all: [[Int32]]) {
      var maps: [[Int32]] = []
      for map in all where !maps.contains(map) { maps.append(map) }
      var known: [[Int32]: Int32] = [:]
      var groups: [[Int32]] = []
      ofValue = (maps.first ?? []).indices.map { value in
        let tuple = maps.map { $0[value] }
        guard tuple.contains(where: { $0 >= 0 }) else { return -1 }
        if let same = known[tuple] { return same }
        known[tuple] = Int32(groups.count)
        groups.append(tuple)
        return Int32(groups.count - 1)
      }
      self.maps = maps
      self.groups = groups
    }

    func map(_ wanted: [Int32]) -> Int { maps.firstIndex(of: wanted) ?? 0 }
  }

  /// Cells that one statement may give where several would give fewer.
  private static let cellsOfOneStatement = 50_000

  package init(_ asks: [FactAsk], of table: EngineTable) {
    self.table = table
    var different: [FactAsk] = []
    var seen: Set<FactAsk> = []
    for ask in asks where seen.insert(ask).inserted { different.append(ask) }
    self.asks = different
    let together = Self.batch(Array(different.indices), different)
    var batches = different.isEmpty ? [] : [together]
    let apart = different.reduce(0) { $0 + $1.cellCount }
    let cells = together.region.groups.count * together.activity.groups.count * together.periods.count
    if cells > max(Self.cellsOfOneStatement, apart * 2) {
      var alike: [[[Int32]]: [Int]] = [:]
      var order: [[[Int32]]] = []
      for (index, ask) in different.enumerated() {
        let key = [ask.regionGroups, ask.activityGroups]
        if alike[key] == nil { order.append(key) }
        alike[key, default: []].append(index)
      }
      batches = order.map { Self.batch(alike[$0] ?? [], different) }
    }
    self.batches = batches
    statements = batches.map { batch in
      func classes(_ column: EngineColumn?, _ values: [String], _ classes: Classes) -> KeyClasses? {
        guard column != nil else { return nil }
        return KeyClasses(values: values, classes: classes.ofValue, classCount: classes.groups.count)
      }
      return GroupingStatement(
        columns: table.columns, dialect: table.link.address.dialect,
        region: classes(table.columns.region, table.regions, batch.region),
        activity: classes(table.columns.activity, table.activities, batch.activity),
        periods: table.columns.period.map { _ in batch.periods.map { table.periods[$0] } }, measures: batch.measures,
        rowCount: table.rowCount, rowCap: EngineTable.rowCap)
    }
  }

  private static func batch(_ indexes: [Int], _ asks: [FactAsk]) -> Batch {
    Batch(
      asks: indexes, region: Classes(indexes.map { asks[$0].regionGroups }),
      activity: Classes(indexes.map { asks[$0].activityGroups }),
      periods: Set(indexes.map { asks[$0].period }).sorted(), measures: Set(indexes.map { asks[$0].measure }).sorted())
  }

  /// Runs the statements.
  ///
  /// - Returns: The sums of every ask.
  package func answers(_ control: StatementControl) throws(EngineProblem) -> [FactAsk: FactSums] {
    var result: [FactAsk: FactSums] = [:]
    for (batch, statement) in zip(batches, statements) {
      let answer = try table.link.run(statement.text, rowCap: EngineTable.rowCap, control)
      // Some Flight SQL servers describe no columns where there are no rows.
      guard answer.rowCount == 0 || answer.columns.count == statement.columnCount else {
        throw EngineProblem(
          .failed, "\(table.link.address.place) gave \(answer.columns.count) columns for \(statement.columnCount)")
      }
      let rows = answer.rowCount == 0 ? [] : statement.rows(of: answer)
      let periods = Dictionary(
        batch.periods.map { (table.periods[$0], $0) }, uniquingKeysWith: { first, _ in first })
      for index in batch.asks {
        let ask = asks[index]
        var sums = FactSums(cellCount: ask.cellCount)
        let measure = batch.measures.firstIndex(of: ask.measure) ?? 0
        let (regionMap, activityMap) = (batch.region.map(ask.regionGroups), batch.activity.map(ask.activityGroups))
        for row in rows where table.columns.period == nil || periods[row.period] == ask.period {
          guard batch.region.groups.indices.contains(row.region), batch.activity.groups.indices.contains(row.activity)
          else { continue }
          let region = batch.region.groups[row.region][regionMap]
          let activity = batch.activity.groups[row.activity][activityMap]
          guard region >= 0, activity >= 0 else { continue }
          let cell = Int(region) * ask.activityGroupCount + Int(activity)
          let count = row.counts[measure]
          sums.sums[cell] += row.sums[measure]
          sums.rowCounts[cell] += Int32(clamping: count)
          sums.withheldCounts[cell] += Int32(clamping: row.withheldCount)
          sums.missingCounts[cell] += Int32(clamping: row.rowCount - row.withheldCount - count)
        }
        result[ask] = sums
      }
    }
    return result
  }
}

extension GroupingStatement {
  /// A row of the answer, its keys as classes.
  struct Row {
    var region: Int
    var activity: Int
    var period: String
    var rowCount: Int
    var withheldCount: Int
    /// One per measure of the statement.
    var sums: [Double]
    var counts: [Int]
  }

  private var keyCount: Int {
    (regionForm == .whole ? 0 : 1) + (activityForm == .whole ? 0 : 1) + (columns.period == nil ? 0 : 1)
  }

  var columnCount: Int { keyCount + 1 + (columns.withheld == nil ? 0 : 1) + measures.count * 2 }

  /// - Precondition: `answer` has ``columnCount`` columns.
  func rows(of answer: EngineAnswer) -> [Row] {
    var next = 0
    func key(_ form: KeyForm, _ classes: KeyClasses?) -> (Int) -> Int {
      if form == .whole {
        // Nothing of the key is kept, or all that is kept is one class.
        let only = (classes?.keptCount ?? 1) > 0 ? 0 : -1
        return { _ in only }
      }
      let column = answer.columns[next]
      next += 1
      if form == .lookup { return { Int(column.integer($0) ?? -1) } }
      let classOfValue = Dictionary(
        zip(classes?.values ?? [], classes?.classes ?? []), uniquingKeysWith: { first, _ in first })
      return { column.text($0).flatMap { classOfValue[$0] }.map { Int($0) } ?? -1 }
    }
    let region = key(regionForm, self.region)
    let activity = key(activityForm, self.activity)
    let period = columns.period.map { _ in answer.columns[keyCount - 1] }
    let first = keyCount
    let afterCounts = first + (columns.withheld == nil ? 1 : 2)
    return (0..<answer.rowCount).map { row -> Row in
      var result = Row(
        region: region(row), activity: activity(row), period: period?.text(row) ?? "",
        rowCount: Int(answer.columns[first].integer(row) ?? 0), withheldCount: 0, sums: [], counts: [])
      if columns.withheld != nil { result.withheldCount = Int(answer.columns[first + 1].integer(row) ?? 0) }
      for measure in measures.indices {
        result.sums.append(answer.columns[afterCounts + measure * 2].number(row) ?? 0)
        result.counts.append(Int(answer.columns[afterCounts + measure * 2 + 1].integer(row) ?? 0))
      }
      return result
    }
  }
}
