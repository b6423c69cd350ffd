import CQColumns

/// Scatter and bubble charts.
struct SVGPoints {
  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  private static let largestRadius = 28.0

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    let layout = chart.layout
    var top = 30.0
    if chart.groups.count > 1, !layout.isPanel {
      top += SVGLegend.draw(
        chart.groups.prefix(8).enumerated().map { ($1, "f\($0)", nil) }, title: chart.seriesTitle, in: &document)
    }
    let isBubble = chart.kind == .bubble
    let y = Scale(
      padded(chart.points.map(\.y) + layout.yDomain), includesZero: false, tickCount: layout.isPanel ? 4 : 6)
    let x = Scale(
      padded(chart.points.map(\.x) + layout.xDomain), includesZero: false, tickCount: layout.isPanel ? 3 : 7)
    let left = (y.texts(chart.yAxis.quantity).map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 12
    let plane = SVGPlane(
      left: left, top: top, width: layout.width - left - 8, height: layout.height ?? 420, x: x, y: y)
    plane.drawYAxis(&document, chart.yAxis)
    plane.drawXAxis(&document, chart.xAxis, hasGrid: true)
    let title = SVGText.truncate(chart.xAxis.title, to: plane.width, size: Theme.labelSize)
    document.text(title, x: plane.right, y: plane.bottom + 36, anchor: .end, style: "m")
    let size = layout.isPanel ? 10 : 11.0
    var placer = LabelPlacer(
      frame: SVGLabels.Box(left: plane.left, top: plane.top, right: layout.width, bottom: plane.bottom), size: size)
    let largest = layout.largestSize ?? chart.points.compactMap(\.size).max() ?? 0
    let most = layout.isPanel ? 14 : Self.largestRadius
    let order = chart.points.indices.sorted { (chart.points[$0].size ?? 0) > (chart.points[$1].size ?? 0) }
    let radii = chart.points.map { point in
      // Areas, not radii, are in proportion.
      isBubble && largest > 0
        ? max(2.5, most * ((point.size ?? 0) / largest).squareRoot()) : layout.isPanel ? 3.5 : 4.5
    }
    let boxes = chart.points.indices.map { index in
      let (at, reach) = (plane.at(chart.points[index].x, chart.points[index].y), radii[index] * 0.8)
      return SVGLabels.Box(left: at.x - reach, top: at.y - reach, right: at.x + reach, bottom: at.y + reach)
    }
    quadrants(&document, plane, boxes, &placer)
    for index in order {
      let point = chart.points[index]
      let at = plane.at(point.x, point.y)
      let style = "f\(chart.groups.count > 1 ? min(point.group, 7) : 0)"
      let isHollow = point.isEstimated && !isBubble && chart.marksEstimates
      document.circle(
        at.x, at.y, radius: radii[index], style: style, opacity: isBubble ? 0.6 : 0.85,
        stroke: isHollow ? "l\(style.dropFirst())" : isBubble ? "bl" : nil, isHollow: isHollow, tip: tip(point))
      placer.take(boxes[index])
    }
    labels(&document, plane, radii, &placer, size)
    var height = plane.bottom + 44
    if isBubble, largest > 0, !layout.isPanel { height = sizes(&document, largest, y: height) }
    return (document, height)
  }

  /// Some room around the outermost points.
  private func padded(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max(), low < high else { return values }
    let room = (high - low) * 0.02
    return [low - (low >= 0 && low - room < 0 ? low : room), high + room]
  }

  private func tip(_ point: Chart.Point) -> String {
    let (x, y) = (
      Scale([point.x], includesZero: true, tickCount: 40), Scale([point.y], includesZero: true, tickCount: 40)
    )
    let values =
      "\(chart.xAxis.title) \(x.text(point.x, chart.xAxis.quantity)), \(chart.yAxis.title) \(y.text(point.y, chart.yAxis.quantity))"
    return point.label.isEmpty ? values : "\(point.label): \(values)"
  }

  /// What lies on both sides of an axis' neutral value: 1 for quotients, 0 for what can shrink.
  private func sides(_ axis: Chart.Axis, _ scale: Scale) -> (neutral: Double, below: String, above: String)? {
    if axis.reference == 1, scale.low < 1, scale.high > 1 { return (1, "less than the base", "specialised") }
    if axis.quantity == .percent, scale.low < 0, scale.high > 0 { return (0, "shrinking", "growing") }
    return nil
  }

  /// What the corners mean where both axes have a neutral value, of which one says how specialised.
  private func quadrants(
    _ document: inout SVGDocument, _ plane: SVGPlane, _ marks: [SVGLabels.Box], _ placer: inout LabelPlacer
  ) {
    guard let across = sides(chart.xAxis, plane.x), let up = sides(chart.yAxis, plane.y),
      chart.xAxis.reference == 1 || chart.yAxis.reference == 1
    else { return }
    let at = plane.at(across.neutral, up.neutral)
    if chart.xAxis.reference == nil {
      document.line(at.x, plane.top, at.x, plane.bottom, style: "a", width: 1.25, dash: "5 4")
    } else if chart.yAxis.reference == nil {
      document.line(plane.left, at.y, plane.right, at.y, style: "a", width: 1.25, dash: "5 4")
    }
    let isQuotientUp = chart.yAxis.reference == 1
    func name(_ column: String, _ row: String) -> String { isQuotientUp ? "\(row), \(column)" : "\(column), \(row)" }
    let corners: [(text: String, x: Double, y: Double, anchor: SVGDocument.Anchor, room: Double)] = [
      (name(across.below, up.above), plane.left + 6, plane.top + 13, .start, at.x - plane.left - 12),
      (name(across.above, up.above), plane.right - 6, plane.top + 13, .end, plane.right - at.x - 12),
      (name(across.below, up.below), plane.left + 6, plane.bottom - 7, .start, at.x - plane.left - 12),
      (name(across.above, up.below), plane.right - 6, plane.bottom - 7, .end, plane.right - at.x - 12),
    ]
    for corner in corners {
      let width = SVGText.width(corner.text, size: Theme.footSize)
      guard width < corner.room else { continue }
      document.text(
        corner.text, x: corner.x, y: corner.y, size: Theme.footSize, anchor: corner.anchor, style: "m", isItalic: true)
      let left = corner.anchor == .start ? corner.x : corner.x - width
      placer.take(SVGLabels.Box(left: left, top: corner.y - 11, right: left + width, bottom: corner.y + 3))
    }
    if let label = plane.referenceLabel(chart.yAxis, besides: marks) {
      document.text(
        label.text, x: label.box.right, y: label.box.bottom - 3, size: Theme.footSize, anchor: .end, style: "m",
        isItalic: true)
      placer.take(label.box)
    }
  }

  /// Names where they touch nothing: the largest and the outermost first.
  private func labels(
    _ document: inout SVGDocument, _ plane: SVGPlane, _ radii: [Double], _ placer: inout LabelPlacer, _ size: Double
  ) {
    let count = Double(max(1, chart.points.count))
    let middle = plane.at(
      chart.points.map(\.x).reduce(0, +) / count, chart.points.map(\.y).reduce(0, +) / count)
    let weights = chart.points.indices.map { index -> Double in
      let at = plane.at(chart.points[index].x, chart.points[index].y)
      return abs(at.x - middle.x) / plane.width + abs(at.y - middle.y) / plane.height + radii[index] / 16
    }
    for index in chart.points.indices.sorted(by: { weights[$0] > weights[$1] }) {
      let at = plane.at(chart.points[index].x, chart.points[index].y)
      guard let placement = placer.place(chart.points[index].label, at: at, radius: radii[index]) else { continue }
      document.draw(placement, size: size)
    }
  }

  /// Three circles that say what sizes mean.
  private func sizes(_ document: inout SVGDocument, _ largest: Double, y: Double) -> Double {
    let scale = Scale([0, largest], includesZero: true, tickCount: 4)
    let shown = [scale.ticks.last { $0 <= largest } ?? largest, scale.step, scale.step / 5].filter { $0 > 0 }
    var x = SVGText.width(chart.sizeTitle, size: Theme.labelSize) + 20
    document.text(chart.sizeTitle, x: 0, y: y + 24, style: "m")
    for value in shown {
      let radius = Self.largestRadius * (value / largest).squareRoot()
      document.circle(x + radius, y + 20, radius: radius, style: "f7", opacity: 0.4)
      let text = NumberFormat(chart.sizeQuantity, of: [value], states: [.known])(value).text
      document.text(text, x: x + radius * 2 + 6, y: y + 24)
      x += radius * 2 + SVGText.width(text, size: Theme.labelSize) + 26
    }
    return y + 50
  }
}
