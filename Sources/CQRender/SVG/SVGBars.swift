import CQColumns

/// Horizontal bars with their numbers at the ends: names are read, not turned.
struct SVGBars {
  private let chart: Chart
  /// A page holds no more.
  private static let barLimit = 120

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    let seriesCount = chart.series.count
    let shown = min(chart.categories.count, max(1, Self.barLimit / seriesCount))
    let isDense = shown * seriesCount > 60
    let barHeight = seriesCount == 1 ? (isDense ? 11.0 : 17) : (isDense ? 9 : 13)
    let gap = isDense ? 4.0 : 8
    let size = isDense ? 10.0 : Theme.labelSize
    var top = 0.0
    if seriesCount > 1 {
      top = SVGLegend.draw(
        chart.series.enumerated().map { ($1.name, "f\($0)", nil) }, in: &document)
    }
    let cells = chart.series.flatMap { $0.cells.prefix(shown) }
    let values = cells.filter(\.state.hasValue).map(\.value)
    let format = NumberFormat(chart.yAxis.quantity, of: cells.map(\.value), states: cells.map(\.state))
    let labels = chart.categories.prefix(shown).map { SVGText.truncate($0, to: 250, size: size) }
    let left = (labels.map { SVGText.width($0, size: size) }.max() ?? 0) + 10
    let numberWidth = (values.map { SVGText.width(text($0, .estimated, format), size: size) }.max() ?? 0) + 8
    let hasNegative = values.contains { $0 < 0 }
    let barLeft = left + (hasNegative ? numberWidth : 0)
    let barWidth = max(80, SVGFrame.innerWidth - barLeft - numberWidth)
    let reference = chart.yAxis.reference.map { [$0] } ?? []
    let scale = Scale(values + reference, includesZero: true, tickCount: 6)
    // Bars may use the whole width: the scale ends at the longest bar, not at the tick behind it.
    let high = values.max().map { max($0, reference.first ?? 0, 0) } ?? scale.high
    let low = min(0, values.min() ?? 0)
    func across(_ value: Double) -> Double { barLeft + (value - low) / max(high - low, 1e-300) * barWidth }

    document.text(chart.yAxis.title, x: across(0), y: top + 10, style: "m")
    top += 22
    let groupHeight = barHeight * Double(seriesCount) + gap
    let bottom = top + groupHeight * Double(shown)
    for tick in scale.ticks where tick >= low && tick <= high {
      document.line(across(tick), top - 4, across(tick), bottom, style: tick == 0 ? "a" : "g")
      document.text(
        scale.text(tick, chart.yAxis.quantity), x: across(tick), y: bottom + 14, anchor: .middle, style: "m")
    }
    if let one = reference.first {
      document.line(across(one), top - 4, across(one), bottom, style: "a", width: 1.5, dash: "4 3")
    }
    for position in 0..<shown {
      let y = top + groupHeight * Double(position)
      let middle = y + barHeight * Double(seriesCount) / 2 + size * 0.36
      document.text(labels[position], x: left - 10, y: middle, size: size, anchor: .end)
      for (index, series) in chart.series.enumerated() {
        let cell = series.cells[position]
        let barTop = y + barHeight * Double(index)
        let textY = barTop + barHeight / 2 + size * 0.36
        guard cell.state.hasValue else {
          if cell.state == .withheld {
            document.text("withheld", x: across(0) + 5, y: textY, size: size - 1, style: "m", isItalic: true)
          }
          continue
        }
        let (from, to) = (min(across(0), across(cell.value)), max(across(0), across(cell.value)))
        let tip =
          "\(chart.categories[position])\(seriesCount > 1 ? ", " + series.name : ""): \(text(cell.value, cell.state, format))"
        document.rectangle(
          from, barTop + (seriesCount > 1 ? 0.5 : 0), to - from, barHeight - (seriesCount > 1 ? 1 : 0),
          style: (cell.state == .estimated ? "e" : "f") + "\(index % 8)", tip: tip)
        if seriesCount == 1 || !isDense {
          document.text(
            text(cell.value, cell.state, format), x: cell.value < 0 ? from - 5 : to + 5, y: textY,
            size: seriesCount == 1 ? size : size - 1.5, anchor: cell.value < 0 ? .end : .start, style: "t", halo: true)
        }
      }
    }
    if shown < chart.categories.count {
      document.text(
        "… and \(NumberFormat.grouped(chart.categories.count - shown)) more", x: left - 10, y: bottom + 14,
        anchor: .end,
        style: "m", isItalic: true)
    }
    return (document, bottom + 18)
  }

  private func text(_ value: Double, _ state: CellState, _ format: NumberFormat) -> String {
    format(value).text.replacingMinus + (state == .estimated ? "~" : "")
  }
}

/// Upright bars along years.
struct SVGColumns {
  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    var top = 26.0
    if chart.series.count > 1 {
      top += SVGLegend.draw(chart.series.enumerated().map { ($1.name, "f\($0)", nil) }, in: &document)
    }
    let reference = chart.yAxis.reference.map { [$0] } ?? []
    let y = Scale(chart.values + reference, includesZero: true, tickCount: 5)
    let left = (y.texts(chart.yAxis.quantity).map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 12
    let plane = SVGPlane(
      left: left, top: top, width: SVGFrame.innerWidth - left, height: 280,
      x: Scale(low: 0, high: Double(chart.categories.count), ticks: []), y: y)
    plane.drawYAxis(&document, chart.yAxis)
    let slot = plane.width / Double(chart.categories.count)
    let barWidth = min(46, slot * 0.76 / Double(chart.series.count))
    let cells = chart.series.flatMap(\.cells)
    let format = NumberFormat(chart.yAxis.quantity, of: cells.map(\.value), states: cells.map(\.state))
    for (position, category) in chart.categories.enumerated() {
      let middle = plane.left + slot * (Double(position) + 0.5)
      let start = middle - barWidth * Double(chart.series.count) / 2
      for (index, series) in chart.series.enumerated() {
        let cell = series.cells[position]
        guard cell.state.hasValue else { continue }
        let (zero, end) = (plane.at(0, 0).y, plane.at(0, cell.value).y)
        let number = format(cell.value).text + (cell.state == .estimated ? "~" : "")
        document.rectangle(
          start + barWidth * Double(index) + 0.5, min(zero, end), barWidth - 1, abs(end - zero),
          style: (cell.state == .estimated ? "e" : "f") + "\(index % 8)", tip: "\(category), \(series.name): \(number)")
      }
      if Double(position).truncatingRemainder(dividingBy: (42 / slot).rounded(.up)) == 0 {
        document.text(category, x: middle, y: plane.bottom + 18, anchor: .middle, style: "m")
      }
    }
    return (document, plane.bottom + 24)
  }
}
