import CQColumns

/// Horizontal bars with their numbers at the ends: names are read, not turned.
struct SVGBars {
  private let chart: Chart
  private let shown: Int
  private let isDense: Bool
  private let format: NumberFormat
  /// A page holds no more.
  private static let barLimit = 120

  init(_ chart: Chart) {
    self.chart = chart
    let seriesCount = max(1, chart.series.count)
    shown = min(chart.categories.count, max(1, Self.barLimit / seriesCount))
    isDense = shown * seriesCount > 60
    let cells = chart.series.flatMap { [shown] in $0.cells.prefix(shown) }
    format = NumberFormat(chart.yAxis.quantity, of: cells.map(\.value), states: cells.map(\.state))
  }

  private var seriesCount: Int { chart.series.count }
  private var barHeight: Double { seriesCount == 1 ? (isDense ? 11 : 17) : (isDense ? 9 : 13) }
  private var size: Double { isDense ? 10 : chart.layout.isPanel ? 11 : Theme.labelSize }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    var top = chart.layout.isPanel ? 0 : legend(&document)
    let width = chart.layout.width
    let gap = isDense ? 4.0 : 8
    let values = chart.series.flatMap { $0.cells.prefix(shown) }.filter(\.state.hasValue).map(\.value)
    let labels = chart.categories.prefix(shown).map { SVGText.truncate($0, to: width * 0.34, size: size) }
    let left = (labels.map { SVGText.width($0, size: size) }.max() ?? 0) + 10
    let numberWidth = (values.map { SVGText.width(text($0, .estimated), size: size) }.max() ?? 0) + 8
    // Bars may use the whole width: the scale ends at the longest bar, not at the tick behind it.
    let reference = chart.yAxis.reference.map { [$0] } ?? []
    let extent = chart.valuesAndMarkers + chart.layout.yDomain + reference
    let (low, high) = (min(0, extent.min() ?? 0), max(0, extent.max() ?? 1))
    let barLeft = left + (low < 0 ? numberWidth : 0)
    let barWidth = max(80, width - barLeft - numberWidth)
    let scale = Scale(extent, includesZero: true, tickCount: chart.layout.isPanel ? 3 : 6)
    func across(_ value: Double) -> Double { barLeft + (value - low) / max(high - low, 1e-300) * barWidth }

    head(&document, across, y: top + 10)
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
      for index in chart.series.indices {
        bar(&document, index, position, top: y + barHeight * Double(index), across)
      }
    }
    if shown < chart.categories.count {
      document.text(
        "… and \((chart.categories.count - shown).grouped) more", x: left - 10, y: bottom + 14,
        anchor: .end, style: "m", isItalic: true)
    }
    return (document, bottom + 18)
  }

  /// The axis title over zero, and what the dashed line stands for, where there is room beside it.
  private func head(_ document: inout SVGDocument, _ across: (Double) -> Double, y: Double) {
    let width = chart.layout.width
    let title = SVGText.truncate(chart.yAxis.title, to: width, size: Theme.labelSize)
    let titleWidth = SVGText.width(title, size: Theme.labelSize)
    let titleX = min(across(0), width - titleWidth)
    document.text(title, x: titleX, y: y, style: "m")
    guard !chart.layout.isPanel, let reference = chart.yAxis.reference, !chart.yAxis.referenceLabel.isEmpty else {
      return
    }
    let label = chart.yAxis.referenceLabel
    let x = max(across(reference) - 4, titleX + titleWidth + 14)
    guard x + SVGText.width(label, size: Theme.footSize) <= width else { return }
    document.text(label, x: x, y: y, size: Theme.footSize, style: "m", isItalic: true)
  }

  private func legend(_ document: inout SVGDocument) -> Double {
    guard seriesCount > 1 || chart.hasMarkers else { return 0 }
    var entries: [SVGLegend.Entry] = chart.series.enumerated().map { ($1.name, "f\($0)", nil) }
    if chart.hasMarkers { entries.append((chart.markerTitle, "|", nil)) }
    return SVGLegend.draw(entries, in: &document, width: chart.layout.width)
  }

  private func bar(
    _ document: inout SVGDocument, _ index: Int, _ position: Int, top: Double, _ across: (Double) -> Double
  ) {
    let series = chart.series[index]
    let cell = series.cells[position]
    let textY = top + barHeight / 2 + size * 0.36
    let marker = series.markers.isEmpty ? nil : series.markers[position]
    guard cell.state.hasValue else {
      if cell.state == .withheld {
        document.text("withheld", x: across(0) + 5, y: textY, size: size - 1, style: "m", isItalic: true)
      }
      return
    }
    let (from, to) = (min(across(0), across(cell.value)), max(across(0), across(cell.value)))
    var tip =
      "\(chart.categories[position])\(seriesCount > 1 ? ", " + series.name : ""): \(text(cell.value, cell.state))"
    if let marker, marker.state.hasValue {
      tip += ", \(chart.markerTitle.lowercasedFirst) \(text(marker.value, marker.state))"
    }
    let inset = seriesCount > 1 ? 0.5 : 0
    document.rectangle(
      from, top + inset, to - from, barHeight - 2 * inset,
      style: (cell.state == .estimated && chart.marksEstimates ? "e" : "f") + "\(index % 8)", tip: tip)
    var textAt = cell.value < 0 ? from : to
    if let marker, marker.state.hasValue {
      let x = across(marker.value)
      document.line(x, top - 2.5, x, top + barHeight + 2.5, style: "bl", width: 4.5)
      document.line(x, top - 2.5, x, top + barHeight + 2.5, style: "tl", width: 2.25)
      // The number keeps clear of the mark.
      if cell.value < 0 { textAt = min(textAt, x) } else if x > to - 1, x < to + 70 { textAt = x }
    }
    guard seriesCount == 1 || !isDense else { return }
    document.text(
      text(cell.value, cell.state), x: cell.value < 0 ? textAt - 5 : textAt + 5, y: textY,
      size: seriesCount == 1 ? size : size - 1.5, anchor: cell.value < 0 ? .end : .start, style: "t", halo: true)
  }

  private func text(_ value: Double, _ state: CellState) -> String {
    format(value).text.replacingMinus + (state == .estimated ? "~" : "")
  }
}
