import CQColumns

/// Lines, areas and Lorenz curves.
struct SVGLines {
  private let chart: Chart
  private let named: [Int]
  /// Lines that can be told apart by colour and named at their ends.
  private static let namedLimit = 8

  init(_ chart: Chart) {
    self.chart = chart
    let last = chart.series.map { series in series.cells.last { $0.state.hasValue }?.value ?? -.infinity }
    let order = chart.series.indices.sorted { last[$0] == last[$1] ? $0 < $1 : last[$0] > last[$1] }
    named = chart.series.count <= Self.namedLimit ? Array(chart.series.indices) : Array(order.prefix(6))
  }

  var drawing: (SVGDocument, Double) {
    if chart.kind == .lorenz { return lorenz }
    var document = SVGDocument()
    let isStacked = chart.kind == .area && chart.series.count > 1
    let positions = chart.years.map { $0.map(TerminalPlot.position) } ?? chart.categories.indices.map(Double.init)
    let tops = isStacked ? stacked : chart.series.map { $0.cells.map { $0.state.hasValue ? $0.value : nil } }
    let (width, isPanel) = (chart.layout.width, chart.layout.isPanel)
    let y = Scale(
      tops.joined().compactMap { $0 } + (isStacked ? [] : chart.layout.yDomain)
        + (chart.yAxis.reference.map { [$0] } ?? []), includesZero: chart.kind == .area, tickCount: isPanel ? 3 : 6)
    let left = (y.texts(chart.yAxis.quantity).map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 12
    let isNamed = chart.series.count > 1 && !isPanel
    let nameWidth = min(190, named.map { SVGText.width(chart.series[$0].name, size: Theme.labelSize) }.max() ?? 0)
    let tail = isNamed ? nameWidth + 16 : 12
    let plane = SVGPlane(
      left: left, top: 26, width: width - left - tail, height: chart.layout.height ?? 320,
      x: Scale(low: positions.first ?? 0, high: positions.last ?? 1, ticks: []), y: y)
    plane.drawYAxis(&document, chart.yAxis)
    years(&document, plane, positions)

    let order = chart.series.indices.filter { !named.contains($0) } + named.reversed()
    for index in order {
      let color = named.firstIndex(of: index)
      let points = positions.indices.map { position in
        tops[index][position].map { plane.at(positions[position], $0) }
      }
      if chart.kind == .area, let color {
        let base = positions.indices.map { position -> (x: Double, y: Double) in
          let below = isStacked && index > 0 ? tops[index - 1][position] ?? 0 : 0
          return plane.at(positions[position], below)
        }
        document.polygon(
          points.compactMap { $0 } + base.reversed(), style: "f\(color)", opacity: isStacked ? 0.75 : 0.3)
      }
      document.polyline(points, style: color.map { "l\($0)" } ?? "a", width: color == nil ? 0.5 : 2.25)
      guard let color else { continue }
      let isSparse = positions.count <= (isPanel ? 12 : 30)
      for (position, point) in points.enumerated() {
        // Every mark says its number, where there are many those at the ends do.
        guard let point, isSparse || position == 0 || position == points.count - 1 else { continue }
        let cell = chart.series[index].cells[position]
        let tip = "\(chart.series[index].name), \(chart.categories[position]): \(text(cell))"
        guard chart.kind == .line else {
          document.circle(point.x, point.y, radius: 2, style: "f\(color)", tip: tip)
          continue
        }
        let isEstimated = chart.marksEstimates && chart.series[index].cells[position].state == .estimated
        document.circle(
          point.x, point.y, radius: isEstimated ? 3 : 2.5, style: "f\(color)", stroke: isEstimated ? "l\(color)" : nil,
          isHollow: isEstimated, tip: tip)
      }
    }
    if let label = plane.referenceLabel(chart.yAxis), chart.kind == .line, !isPanel {
      document.text(
        label.text, x: label.box.right, y: label.box.bottom - 3, size: Theme.footSize, anchor: .end, style: "m",
        halo: true, isItalic: true)
    }
    if isNamed { names(&document, plane, tops, positions, nameWidth) }
    let others = chart.series.count - named.count
    guard others > 0 else { return (document, plane.bottom + 24) }
    document.text(
      "in grey: \(others) more", x: width, y: plane.bottom + 36, anchor: .end, style: "m", isItalic: true)
    return (document, plane.bottom + 42)
  }

  private func text(_ cell: ChartCell) -> String {
    guard cell.state.hasValue else { return cell.state.name }
    let format = NumberFormat(chart.yAxis.quantity, of: [cell.value], states: [cell.state])
    return format(cell.value).text.replacingMinus + (cell.state == .estimated ? "~" : "")
  }

  private var stacked: [[Double?]] {
    var below = [Double](repeating: 0, count: chart.categories.count)
    return chart.series.map { series in
      series.cells.enumerated().map { position, cell in
        below[position] += cell.state.hasValue ? max(0, cell.value) : 0
        return below[position]
      }
    }
  }

  private func years(_ document: inout SVGDocument, _ plane: SVGPlane, _ positions: [Double]) {
    var free = -Double.infinity
    let widths = chart.categories.map { SVGText.width($0, size: Theme.labelSize) }
    // The last one always has its place; the others stand where there is room before it.
    let lastStart = plane.right - (widths.last ?? 0) / 2 - 8
    for (position, category) in chart.categories.enumerated() {
      let isLast = position == chart.categories.count - 1
      let width = min(widths[position], 120)
      let x = min(max(plane.at(positions[position], plane.y.low).x, width / 2), chart.layout.width - width / 2)
      guard x - width / 2 > free, isLast || x + width / 2 < lastStart else { continue }
      document.text(
        SVGText.truncate(category, to: 120, size: Theme.labelSize), x: x, y: plane.bottom + 18, anchor: .middle,
        style: "m")
      free = x + width / 2 + 8
    }
  }

  /// Names at the ends of lines, moved apart where they would overlap.
  private func names(
    _ document: inout SVGDocument, _ plane: SVGPlane, _ tops: [[Double?]], _ positions: [Double], _ limit: Double
  ) {
    var ends: [(y: Double, from: (x: Double, y: Double), name: String, color: Int)] = []
    for (color, index) in named.enumerated() {
      guard let position = tops[index].lastIndex(where: { $0 != nil }), let value = tops[index][position] else {
        continue
      }
      var height = value
      if chart.kind == .area, index > 0 { height = (value + (tops[index - 1][position] ?? 0)) / 2 }
      let point = plane.at(positions[position], height)
      ends.append((point.y, point, chart.series[index].name, color))
    }
    let places = SVGLabels.spread(ends.map(\.y), gap: 15, top: plane.top, bottom: plane.bottom)
    for (end, y) in zip(ends, places) {
      if abs(y - end.y) > 5 || end.from.x < plane.right - 1 {
        document.line(end.from.x + 3, end.from.y, plane.right + 9, y, style: "a", width: 0.75)
      }
      document.text(
        SVGText.truncate(end.name, to: limit, size: Theme.labelSize), x: plane.right + 12, y: y + 4, isBold: false,
        style: "f\(end.color)")
    }
  }

  private var lorenz: (SVGDocument, Double) {
    var document = SVGDocument()
    let size = chart.layout.isPanel ? chart.layout.width - 60 : 380.0
    let ticks = [0, 0.2, 0.4, 0.6, 0.8, 1]
    let plane = SVGPlane(
      left: 44, top: 26, width: size, height: size, x: Scale(low: 0, high: 1, ticks: ticks),
      y: Scale(low: 0, high: 1, ticks: ticks))
    plane.drawYAxis(&document, chart.yAxis)
    plane.drawXAxis(&document, chart.xAxis, hasGrid: true)
    let curve = chart.lorenzPoints.map { plane.at($0.x, $0.y) }
    document.polygon(curve, style: "f0", opacity: 0.15)
    document.polyline([plane.at(0, 0), plane.at(1, 1)], style: "a", width: 1.25, dash: "5 4")
    document.polyline(curve, style: "l0", width: 2.5)
    for tenth in 1..<10 {
      let part = Double(tenth) / 10
      guard let point = chart.lorenzPoints.last(where: { $0.x <= part + 1e-9 }) else { continue }
      let at = plane.at(point.x, point.y)
      let (few, much) = (NumberFormat.fixed(point.x * 100, decimals: 0), NumberFormat.fixed(point.y * 100, decimals: 1))
      document.circle(at.x, at.y, radius: 2.5, style: "f0", tip: "The smallest \(few)% have \(much)%")
    }
    document.text(chart.xAxis.title, x: plane.left, y: plane.bottom + 38, style: "m")
    if chart.layout.isPanel { return (document, plane.bottom + 44) }
    if let gini = chart.samples.first.flatMap(Chart.gini) {
      document.text(
        "Gini \(NumberFormat.fixed(gini, decimals: 3))", x: plane.right + 28, y: plane.top + 40, size: 22, isBold: true)
      let lines = SVGText.wrap(
        "Twice the shaded area: 0 if all were equal, 1 if one had everything.",
        to: SVGFrame.innerWidth - plane.right - 30,
        size: Theme.labelSize)
      for (index, line) in lines.enumerated() {
        document.text(line, x: plane.right + 28, y: plane.top + 62 + 16 * Double(index), style: "m")
      }
    }
    return (document, plane.bottom + 44)
  }
}
