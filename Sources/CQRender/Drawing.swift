import CQColumns

/// The picture that a table asks for, in lines of characters; nil when it asks for none.
func terminalPicture(_ table: Table, options: RenderOptions) -> String? {
  guard table.picture != nil else { return nil }
  if let chart = Chart(table) { return TerminalChart(chart, options: options).text }
  if let map = MapPicture(table) { return TerminalMap(map, options: options).text }
  return nil
}

/// The picture that a table asks for as SVG; nil when it asks for none.
func svgPicture(_ table: Table) -> String? {
  if let chart = Chart(table) { return SVGChart(chart).text }
  if let map = MapPicture(table) { return SVGMap(map).text }
  return nil
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
