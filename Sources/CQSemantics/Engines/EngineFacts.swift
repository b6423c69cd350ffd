import CQCatalog
import CQColumns
import CQRemote

/// The facts of a dataset whose rows are those of a table in an engine.
struct EngineFacts: RemoteFacts {
  let table: EngineTable
  /// For each value of the region column its position among the codes of the dataset, or -1.
  let regionOfValue: [Int32]
  /// The same for activities, period by period: a code may mean nothing in another vintage.
  let activityOfValue: [[Int32]]
  /// Positions among the table's periods of each period of the dataset.
  let positionsOfPeriod: [Int: [Int]]
  /// For each measure of the dataset its position among those of the table.
  let measures: [Int]

  var title: String { Self.title(table.link) }
  var engine: String { table.link.used.version }
  var rowCount: Int { table.rowCount }
  var traffic: (statements: Int, bytes: Int) { (table.link.used.statements, table.link.used.bytes) }

  static func title(_ link: EngineLink) -> String {
    let what = link.address.parquet == nil ? "table" : "files"
    return "\(link.used.version), \(what) \(link.address.tableName) of \(link.address.place)"
  }

  func answers(to asks: [FactAsk], _ control: StatementControl) throws -> [FactAsk: FactSums] {
    let parts = asks.map { tableAsks(of: $0) }
    let answers = try FactQuestions(parts.flatMap { $0 }, of: table).answers(control)
    var result: [FactAsk: FactSums] = [:]
    for (ask, parts) in zip(asks, parts) {
      var sums = FactSums(cellCount: ask.cellCount)
      for part in parts { if let answer = answers[part] { sums.add(answer) } }
      result[ask] = sums
    }
    return result
  }

  func statements(for asks: [FactAsk]) -> [String] {
    FactQuestions(asks.flatMap { tableAsks(of: $0) }, of: table).statements.map(\.text)
  }

  private func tableAsks(of ask: FactAsk) -> [FactAsk] {
    (positionsOfPeriod[ask.period] ?? []).map { position in
      FactAsk(
        measure: measures[ask.measure], period: position,
        regionGroups: regionOfValue.map { $0 < 0 ? -1 : ask.regionGroups[Int($0)] },
        regionGroupCount: ask.regionGroupCount,
        activityGroups: activityOfValue[position].map { $0 < 0 ? -1 : ask.activityGroups[Int($0)] },
        activityGroupCount: ask.activityGroupCount)
    }
  }
}
