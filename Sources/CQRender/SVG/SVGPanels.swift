import CQColumns

/// Small multiples: panels in rows, each under its name, the key of all above them.
struct SVGPanels {
  private let panels: ChartPanels

  init(_ panels: ChartPanels) { self.panels = panels }

  private static let gap = 28.0

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    var top = legend(&document)
    let axis = axisTitle
    if !axis.isEmpty {
      document.text(
        SVGText.truncate(axis, to: SVGFrame.innerWidth, size: Theme.labelSize), x: 0, y: top + 10, style: "m")
      top += 26
    }
    let columns = max(1, panels.columnCount)
    let width = (SVGFrame.innerWidth - Self.gap * Double(columns - 1)) / Double(columns)
    var index = 0
    while index < panels.panels.count {
      let row = panels.panels[index..<min(index + columns, panels.panels.count)]
      var rowHeight = 0.0
      for (column, panel) in row.enumerated() {
        var chart = panel.chart
        chart.layout.width = width
        chart.layout.height = columns > 2 ? 150 : 190
        // Titles of axes stand once, above the panels.
        (chart.xAxis.title, chart.yAxis.title) = ("", "")
        let title = SVGText.truncate(panel.name, to: width, size: 13, isBold: true)
        let left = (width + Self.gap) * Double(column)
        document.text(title, x: left, y: top + 11, size: 13, isBold: true)
        let (body, height) = SVGChart.body(chart)
        let head = Self.headHeight(chart.kind)
        document.append(body, x: left, y: top + head)
        rowHeight = max(rowHeight, height + head)
      }
      top += rowHeight + 20
      index += columns
    }
    return (document, top - 14)
  }

  /// Charts with two axes leave room above their plane for a title, which panels have in common.
  private static func headHeight(_ kind: Picture.Kind) -> Double {
    switch kind {
    case .bar, .box: 6
    case .heat, .slope: 24
    default: 2
    }
  }

  private var axisTitle: String {
    let chart = panels.whole
    switch chart.kind {
    case .scatter, .bubble: return "\(chart.yAxis.title) up, \(chart.xAxis.title.lowercasedFirst) across"
    case .heat, .lorenz: return chart.yAxis.title
    default:
      let reference = chart.yAxis.referenceLabel
      return chart.yAxis.title + (reference.isEmpty ? "" : " (\(reference))")
    }
  }

  private func legend(_ document: inout SVGDocument) -> Double {
    guard let chart = panels.panels.first?.chart else { return 0 }
    var entries: [SVGLegend.Entry] = []
    var title = ""
    switch chart.kind {
    case .scatter, .bubble:
      if chart.groups.count > 1 { entries = chart.groups.prefix(8).enumerated().map { ($1, "f\($0)", nil) } }
      title = chart.seriesTitle
    case .bar, .line, .area:
      if chart.series.count > 1 { entries = chart.series.prefix(8).enumerated().map { ($1.name, "f\($0)", nil) } }
      if chart.hasMarkers {
        if entries.isEmpty { entries = [(chart.series.first?.name ?? "", "f0", nil)] }
        entries.append((chart.markerTitle, "|", nil))
      }
    default: break
    }
    return entries.isEmpty ? 0 : SVGLegend.draw(entries, title: title, in: &document) + 4
  }
}
