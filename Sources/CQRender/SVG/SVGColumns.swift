import CQColumns

/// Upright bars along years.
struct SVGColumns {
  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    var top = 26.0
    if chart.series.count > 1 || chart.hasMarkers, !chart.layout.isPanel {
      var entries: [SVGLegend.Entry] = chart.series.enumerated().map { ($1.name, "f\($0)", nil) }
      if chart.hasMarkers { entries.append((chart.markerTitle, "|", nil)) }
      top += SVGLegend.draw(entries, in: &document, width: chart.layout.width)
    }
    let reference = chart.yAxis.reference.map { [$0] } ?? []
    let y = Scale(
      chart.valuesAndMarkers + chart.layout.yDomain + reference, includesZero: true,
      tickCount: chart.layout.isPanel ? 3 : 5)
    let left = (y.texts(chart.yAxis.quantity).map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 12
    let plane = SVGPlane(
      left: left, top: top, width: chart.layout.width - left, height: chart.layout.height ?? 280,
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
          style: (cell.state == .estimated && chart.marksEstimates ? "e" : "f") + "\(index % 8)",
          tip: "\(category), \(series.name): \(number)")
        guard !series.markers.isEmpty, series.markers[position].state.hasValue else { continue }
        let (height, x) = (plane.at(0, series.markers[position].value).y, start + barWidth * Double(index))
        document.line(x - 2, height, x + barWidth + 2, height, style: "bl", width: 4.5)
        document.line(x - 2, height, x + barWidth + 2, height, style: "tl", width: 2.25)
      }
      if Double(position).truncatingRemainder(dividingBy: (42 / slot).rounded(.up)) == 0 {
        document.text(category, x: middle, y: plane.bottom + 18, anchor: .middle, style: "m")
      }
    }
    return (document, plane.bottom + 24)
  }
}
