import CQColumns

/// The picture that a table asks for, in lines of characters; nil when it asks for none.
func terminalPicture(_ table: Table, options: RenderOptions) -> String? {
  guard table.picture != nil else { return nil }
  if let panels = ChartPanels(table) { return TerminalChart(panels, options: options).text }
  if let chart = Chart(table) { return TerminalChart(chart, options: options).text }
  guard let map = MapPicture(table) else { return nil }
  let panels = mapPanels(table, of: map)
  return TerminalMap(map, panels: panels, options: options).text
}

/// The map that a table asks for; nil when it asks for none.
func svgMap(_ table: Table) -> SVGMap? {
  guard let map = MapPicture(table) else { return nil }
  return SVGMap(map, panels: mapPanels(table, of: map))
}

/// Small multiples: maps of the parts of a table in the classes of the whole.
private func mapPanels(_ table: Table, of whole: MapPicture) -> [(name: String, map: MapPicture)] {
  guard let column = table.picture?.panels.flatMap({ table.column(named: $0) }) else { return [] }
  let limit = 12
  return table.parts(by: column).prefix(limit).compactMap { part in
    let categories = whole.categories.isEmpty ? nil : whole.categories
    return MapPicture(part.table, shared: whole.classes, categories: categories).map { (part.name, $0) }
  }
}

/// The picture that a table asks for as SVG; nil when it asks for none.
func svgPicture(_ table: Table) -> String? {
  if let panels = ChartPanels(table) { return SVGChart(panels).text }
  if let chart = Chart(table) { return SVGChart(chart).text }
  if let map = svgMap(table) { return map.text }
  return nil
}

/// A picture without its title, source and notes, which a page says in its own type.
struct BarePicture {
  var title: String
  var subtitle: String
  var notes: [String]
  var svg: String
}

func barePicture(_ table: Table) -> BarePicture? {
  if let panels = ChartPanels(table) { return SVGChart(panels).bare }
  if let chart = Chart(table) { return SVGChart(chart).bare }
  return svgMap(table)?.bare
}

extension Table {
  /// With the picture that suits it best where it asks for none.
  var drawable: Table {
    guard picture == nil else { return self }
    var copy = self
    let hasYears = columns.contains { if case .periods = $0.values { true } else { false } }
    let numbers = columns.filter { !$0.isName }.map(\.name)
    let names = columns.filter(\.isName).sorted { one, other in
      // Years lie along lines, and after everything else along bars.
      func isYears(_ column: TableColumn) -> Bool { if case .periods = column.values { true } else { false } }
      return isYears(one) && !isYears(other)
    }.map(\.name)
    copy.picture = Picture(
      kind: hasYears ? .line : .bar, x: names.first, y: Array(numbers.prefix(1)), color: names.dropFirst().first)
    return copy
  }
}
