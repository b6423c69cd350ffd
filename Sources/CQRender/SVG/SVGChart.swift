import CQColumns

/// A chart as SVG.
struct SVGChart {
  let chart: Chart
  private let panels: ChartPanels?

  init(_ chart: Chart) { (self.chart, panels) = (chart, nil) }

  init(_ panels: ChartPanels) { (chart, self.panels) = (panels.whole, panels) }

  var text: String { rendered.text }

  /// The document with where its texts stand.
  var rendered: (text: String, size: (width: Double, height: Double), SVGDocument) {
    let (frame, body, height) = framed
    return frame.document(body, height: height)
  }

  var bare: BarePicture {
    let (frame, body, height) = framed
    return frame.bare(body, height: height)
  }

  private var framed: (SVGFrame, SVGDocument, Double) {
    var notes = chart.notes
    if chart.marksEstimates {
      let marks = chart.kind == .bar ? "~ and a lighter bar" : chart.kind == .heat ? "~" : "A hollow mark"
      if ![.area, .box, .slope, .bubble].contains(chart.kind) {
        notes.insert("\(marks): estimated in part", at: 0)
      }
    } else if !chart.estimateNote.isEmpty {
      notes.insert(chart.estimateNote, at: 0)
    }
    if let panels, panels.leftOutCount > 0 { notes.insert("\(panels.leftOutCount) more panels are not drawn", at: 0) }
    let (body, height) = panels.map { SVGPanels($0).drawing } ?? Self.body(chart)
    let frame = SVGFrame(
      title: chart.title, subtitle: chart.subtitle, source: chart.source, notes: notes, description: description)
    return (frame, body, height)
  }

  static func body(_ chart: Chart) -> (SVGDocument, Double) {
    if chart.isEmpty {
      var document = SVGDocument()
      document.text("Nothing to draw: no row has a number.", x: 0, y: 20, style: "m")
      return (document, 30)
    }
    switch chart.kind {
    case .bar where chart.years != nil && chart.categories.count <= 30: return SVGColumns(chart).drawing
    case .bar: return SVGBars(chart).drawing
    case .heat: return SVGHeat(chart).drawing
    case .box: return SVGBoxes(chart).drawing
    case .slope: return SVGSlopes(chart).drawing
    case .scatter, .bubble: return SVGPoints(chart).drawing
    default: return SVGLines(chart).drawing
    }
  }

  /// The picture in a sentence or two, for those who don't see it.
  private var description: String {
    var parts = ["\(Label.sentence(chart.kind.rawValue)) chart. \(chart.subtitle)."]
    if let panels {
      parts.append("\(panels.panels.count) panels: \(panels.panels.map(\.name).joined(separator: ", ")).")
    }
    switch chart.kind {
    case .scatter, .bubble:
      parts.append("\(chart.xAxis.title) across, \(chart.yAxis.title) up, \(chart.points.count) points.")
    case .bar, .heat, .line, .area, .slope:
      let cells = chart.series.flatMap { series in
        zip(chart.categories, series.cells).filter { $1.state.hasValue }.map { ("\($0) \(series.name)", $1.value) }
      }
      let format = NumberFormat(
        chart.yAxis.quantity, of: cells.map(\.1), states: cells.map { _ in CellState.known })
      if let largest = cells.max(by: { $0.1 < $1.1 }), let least = cells.min(by: { $0.1 < $1.1 }) {
        parts.append(
          "\(chart.yAxis.title) from \(format(least.1).text) (\(least.0)) to \(format(largest.1).text) (\(largest.0)).")
      }
    case .box, .lorenz, .map: parts.append("\(chart.yAxis.title).")
    }
    return parts.joined(separator: " ")
  }
}

/// Axes of charts that have two: where numbers lie on the page.
struct SVGPlane {
  let left: Double
  let top: Double
  let width: Double
  let height: Double
  let x: Scale
  let y: Scale

  func at(_ xValue: Double, _ yValue: Double) -> (x: Double, y: Double) {
    (left + x.position(xValue) * width, top + (1 - y.position(yValue)) * height)
  }

  var bottom: Double { top + height }
  var right: Double { left + width }

  /// Grid lines and numbers of the vertical axis, with its title above them.
  func drawYAxis(_ document: inout SVGDocument, _ axis: Chart.Axis) {
    for (tick, text) in zip(y.ticks, y.texts(axis.quantity)) {
      let height = at(x.low, tick).y
      document.line(left, height, right, height, style: tick == 0 ? "a" : "g")
      document.text(text, x: left - 8, y: height + 4, anchor: .end, style: "m")
    }
    document.text(
      SVGText.truncate(axis.title, to: right, size: Theme.labelSize), x: 0, y: top - 15, style: "m")
    if let reference = axis.reference, y.low < reference, reference < y.high {
      let height = at(x.low, reference).y
      document.line(left, height, right, height, style: "a", width: 1.25, dash: "5 4")
    }
  }

  /// What the dashed line across stands for, above its end; nil where there is none or no room.
  ///
  /// - Parameter marks: Where points or bubbles lie: the label stands at the other end where they cover it.
  func referenceLabel(
    _ axis: Chart.Axis, besides marks: [SVGLabels.Box] = []
  ) -> (text: String, box: SVGLabels.Box)? {
    guard let reference = axis.reference, y.low < reference, reference < y.high, !axis.referenceLabel.isEmpty else {
      return nil
    }
    let textWidth = SVGText.width(axis.referenceLabel, size: Theme.footSize)
    guard textWidth < width * 0.6 else { return nil }
    let height = at(x.low, reference).y
    let boxes = [right - 4 - textWidth, left + 4].map { start in
      SVGLabels.Box(left: start, top: height - 15, right: start + textWidth, bottom: height - 2)
    }
    let free = boxes.first { box in !marks.contains { $0.overlaps(box) } }
    return (axis.referenceLabel, free ?? boxes[0])
  }

  /// Numbers below the plane.
  func drawXAxis(_ document: inout SVGDocument, _ axis: Chart.Axis, hasGrid: Bool) {
    for (tick, text) in zip(x.ticks, x.texts(axis.quantity)) {
      let across = at(tick, y.low).x
      if hasGrid { document.line(across, top, across, bottom, style: tick == 0 ? "a" : "g") }
      let width = SVGText.width(text, size: Theme.labelSize)
      let at = min(max(across, width / 2), right + 8 - width / 2)
      document.text(text, x: at, y: bottom + 18, anchor: .middle, style: "m")
    }
    if let reference = axis.reference, x.low < reference, reference < x.high {
      let across = at(reference, y.low).x
      document.line(across, top, across, bottom, style: "a", width: 1.25, dash: "5 4")
    }
  }
}

/// Marks and names of series above a chart.
struct SVGLegend {
  /// A name with its mark: the class of a square, `|` for a marker across bars, `o` for a ring.
  typealias Entry = (name: String, style: String, fill: String?)

  /// - Returns: The height taken.
  static func draw(
    _ entries: [Entry], title: String = "", in document: inout SVGDocument, y: Double = 0,
    width limit: Double = SVGFrame.innerWidth
  ) -> Double {
    guard !entries.isEmpty else { return 0 }
    var (x, line) = (0.0, y + 10)
    if !title.isEmpty {
      let text = SVGText.truncate(title, to: 240, size: Theme.labelSize)
      document.text(text, x: 0, y: line, style: "m")
      x += SVGText.width(text, size: Theme.labelSize) + 16
    }
    for entry in entries {
      let name = SVGText.truncate(entry.name, to: 260, size: Theme.labelSize)
      let width = 18 + SVGText.width(name, size: Theme.labelSize)
      if x > 0, x + width > limit {
        x = 0
        line += 20
      }
      switch entry.style {
      case "|": document.line(x + 6, line - 12, x + 6, line + 3, style: "tl", width: 2.25)
      case "o": document.circle(x + 6, line - 4, radius: 3.5, style: "b", stroke: "tl")
      default: document.rectangle(x, line - 10, 12, 12, style: entry.style, fill: entry.fill)
      }
      document.text(name, x: x + 18, y: line)
      x += width + 18
    }
    return line - y + 14
  }
}
