import CQColumns

/// Small multiples: a chart for each value of one column, all on the same scales so that they can be compared.
struct ChartPanels {
  struct Panel {
    var name: String
    var chart: Chart
  }

  /// Title, subtitle, source and notes of all panels; its marks are those of the whole table.
  let whole: Chart
  let panels: [Panel]
  /// Panels that there was no room for.
  let leftOutCount: Int

  /// A page holds no more.
  private static let limit = 24

  /// Nil when the table asks for no panels.
  init?(_ table: Table) {
    guard let picture = table.picture, let name = picture.panels, let column = table.column(named: name),
      var whole = Chart(table), picture.kind != .map
    else { return nil }
    let parts = table.parts(by: column)
    leftOutCount = max(0, parts.count - Self.limit)
    var charts = parts.prefix(Self.limit).compactMap { part in
      Chart(part.table).map { Panel(name: part.name, chart: $0) }
    }
    Self.align(&charts)
    // What is said about all of them is counted over all of them.
    whole.series = charts.flatMap(\.chart.series)
    whole.points = charts.flatMap(\.chart.points)
    for index in charts.indices { charts[index].chart.layout.marksEstimates = whole.marksEstimates }
    (self.whole, panels) = (whole, charts)
  }

  /// The same series in the same order, and the same scales.
  private static func align(_ panels: inout [Panel]) {
    var names: [String] = []
    for one in panels.flatMap(\.chart.series) where !names.contains(one.name) { names.append(one.name) }
    let years = Set(panels.compactMap(\.chart.years).joined()).sorted()
    let groups = panels.reduce(into: [String]()) { all, panel in
      for group in panel.chart.groups where !all.contains(group) { all.append(group) }
    }
    let values = panels.flatMap(\.chart.valuesAndMarkers)
    let samples = panels.flatMap { $0.chart.samples.joined() }
    let points = panels.flatMap(\.chart.points)
    for index in panels.indices {
      var chart = panels[index].chart
      if names.count > 1, chart.series.count <= names.count {
        let empty = Array(repeating: ChartCell.absent, count: chart.categories.count)
        chart.series = names.map { name in
          chart.series.first { $0.name == name } ?? Chart.Series(name: name, cells: empty)
        }
      }
      if !years.isEmpty { chart.spread(over: years) }
      for point in chart.points.indices {
        let name = chart.groups[chart.points[point].group]
        chart.points[point].group = groups.firstIndex(of: name) ?? 0
      }
      chart.groups = groups
      chart.layout.yDomain = points.isEmpty ? values : points.map(\.y)
      chart.layout.xDomain = points.map(\.x)
      chart.layout.largestSize = points.compactMap(\.size).max()
      if chart.kind == .box { chart.layout.xDomain = samples }
      panels[index].chart = chart
    }
  }

  /// How many stand side by side.
  var columnCount: Int {
    switch whole.kind {
    case .bar, .box, .heat, .slope: panels.count < 2 ? 1 : 2
    default: [0, 1, 2, 3, 2, 3, 3, 4, 4][min(panels.count, 8)]
    }
  }
}

extension Chart {
  /// With a place for every one of `years`, so that lines of all panels run over the same ones.
  fileprivate mutating func spread(over years: [Int]) {
    guard let own = self.years, own != years else { return }
    let positions = years.map { own.firstIndex(of: $0) }
    for index in series.indices {
      let one = series[index]
      series[index].cells = positions.map { $0.map { one.cells[$0] } ?? .absent }
      if !one.markers.isEmpty { series[index].markers = positions.map { $0.map { one.markers[$0] } ?? .absent } }
    }
    self.years = years
    categories = years.map { Label.period(Int32($0)) }
  }
}

extension Table {
  /// The rows of each value of `column` as tables of their own, in the order of the values; years ascend.
  func parts(by column: TableColumn) -> [(name: String, table: Table)] {
    let texts = column.texts
    var rows: [String: [Int]] = [:]
    var names: [String] = []
    for (row, text) in texts.enumerated() {
      if rows[text] == nil { names.append(text) }
      rows[text, default: []].append(row)
    }
    if case .periods = column.values { names.sort() }
    return names.map { name in
      var part = self
      part.columns = columns.map { $0.rows(rows[name] ?? []) }
      part.picture?.panels = nil
      if let places = picture?.places, places.count == texts.count {
        part.picture?.places = (rows[name] ?? []).map { places[$0] }
      }
      return (name, part)
    }
  }
}

extension TableColumn {
  fileprivate func rows(_ rows: [Int]) -> TableColumn {
    var copy = self
    switch values {
    case .members(let codes, let members): copy.values = .members(codes: rows.map { codes[$0] }, members: members)
    case .periods(let periods): copy.values = .periods(rows.map { periods[$0] })
    case .numbers(let numbers, let states, let quantity):
      copy.values = .numbers(rows.map { numbers[$0] }, states: rows.map { states[$0] }, quantity: quantity)
    case .texts(let texts): copy.values = .texts(TableTexts(codes: rows.map { texts.codes[$0] }, values: texts.values))
    case .truths(let truths): copy.values = .truths(rows.map { truths[$0] })
    }
    if !rowQuantities.isEmpty { copy.rowQuantities = rows.map { rowQuantities[$0] } }
    copy.bounds = [:]
    for (position, row) in rows.enumerated() { copy.bounds[position] = bounds[row] }
    return copy
  }
}
