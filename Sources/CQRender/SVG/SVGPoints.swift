import CQColumns

/// Scatter and bubble charts.
struct SVGPoints {
  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    var top = 30.0
    if chart.groups.count > 1 {
      top += SVGLegend.draw(
        chart.groups.prefix(8).enumerated().map { ($1, "f\($0)", nil) }, title: chart.seriesTitle, in: &document)
    }
    let isBubble = chart.kind == .bubble
    let y = Scale(padded(chart.points.map(\.y)), includesZero: false, tickCount: 6)
    let x = Scale(padded(chart.points.map(\.x)), includesZero: false, tickCount: 7)
    let left = (y.texts(chart.yAxis.quantity).map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 12
    let plane = SVGPlane(
      left: left, top: top, width: SVGFrame.innerWidth - left - 8, height: 400, x: x, y: y)
    plane.drawYAxis(&document, chart.yAxis)
    plane.drawXAxis(&document, chart.xAxis, hasGrid: true)
    document.text(chart.xAxis.title, x: plane.right, y: plane.bottom + 36, anchor: .end, style: "m")
    var taken = quadrants(&document, plane)
    let largest = chart.points.compactMap(\.size).max() ?? 0
    let order = chart.points.indices.sorted { (chart.points[$0].size ?? 0) > (chart.points[$1].size ?? 0) }
    var radii = [Double](repeating: 4.5, count: chart.points.count)
    for index in order {
      let point = chart.points[index]
      let at = plane.at(point.x, point.y)
      // Areas, not radii, are in proportion.
      if isBubble { radii[index] = largest > 0 ? max(2.5, 28 * ((point.size ?? 0) / largest).squareRoot()) : 4.5 }
      let style = "f\(chart.groups.count > 1 ? min(point.group, 7) : 0)"
      let stroke = "l\(style.dropFirst())"
      document.circle(
        at.x, at.y, radius: radii[index], style: style, opacity: isBubble ? 0.55 : 0.85,
        stroke: point.isEstimated && !isBubble ? stroke : isBubble ? "bl" : nil,
        isHollow: point.isEstimated && !isBubble,
        tip: tip(point))
      taken.append(
        SVGLabels.Box(
          left: at.x - radii[index] * 0.8, top: at.y - radii[index] * 0.8, right: at.x + radii[index] * 0.8,
          bottom: at.y + radii[index] * 0.8))
    }
    labels(&document, plane, radii, &taken)
    var height = plane.bottom + 44
    if isBubble, largest > 0 { height = sizes(&document, largest, y: height) }
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

  /// What the corners mean where both axes have a neutral value.
  private func quadrants(_ document: inout SVGDocument, _ plane: SVGPlane) -> [SVGLabels.Box] {
    let growth = chart.xAxis.quantity == .percent && plane.x.low < 0 && plane.x.high > 0
    guard growth, chart.yAxis.reference == 1, plane.y.low < 1, plane.y.high > 1 else { return [] }
    let zero = plane.at(0, 1).x
    document.line(zero, plane.top, zero, plane.bottom, style: "a", width: 1.25, dash: "5 4")
    var boxes: [SVGLabels.Box] = []
    func corner(_ text: String, x: Double, y: Double, _ anchor: SVGDocument.Anchor, room: Double) {
      let width = SVGText.width(text, size: Theme.footSize)
      guard width < room else { return }
      document.text(text, x: x, y: y, size: Theme.footSize, anchor: anchor, style: "m", isItalic: true)
      let left = anchor == .start ? x : x - width
      boxes.append(SVGLabels.Box(left: left, top: y - 11, right: left + width, bottom: y + 3))
    }
    let (leftRoom, rightRoom) = (zero - plane.left - 12, plane.right - zero - 12)
    corner("specialised, shrinking", x: plane.left + 6, y: plane.top + 12, .start, room: leftRoom)
    corner("specialised, growing", x: plane.right - 4, y: plane.top + 12, .end, room: rightRoom)
    corner("less than the base, shrinking", x: plane.left + 6, y: plane.bottom - 6, .start, room: leftRoom)
    corner("less than the base, growing", x: plane.right - 4, y: plane.bottom - 6, .end, room: rightRoom)
    return boxes
  }

  /// Names where they touch nothing: the largest and the outermost first.
  private func labels(
    _ document: inout SVGDocument, _ plane: SVGPlane, _ radii: [Double], _ taken: inout [SVGLabels.Box]
  ) {
    let count = Double(max(1, chart.points.count))
    let middle = plane.at(
      chart.points.map(\.x).reduce(0, +) / count, chart.points.map(\.y).reduce(0, +) / count)
    let weights = chart.points.indices.map { index -> Double in
      let at = plane.at(chart.points[index].x, chart.points[index].y)
      return abs(at.x - middle.x) / plane.width + abs(at.y - middle.y) / plane.height + radii[index] / 20
    }
    let size = 11.0
    for index in chart.points.indices.sorted(by: { weights[$0] > weights[$1] }) {
      let text = SVGText.truncate(chart.points[index].label, to: 150, size: size)
      guard !text.isEmpty else { continue }
      let at = plane.at(chart.points[index].x, chart.points[index].y)
      let (radius, width) = (radii[index] + 4, SVGText.width(text, size: size))
      let places: [(x: Double, y: Double, anchor: SVGDocument.Anchor, left: Double)] = [
        (at.x + radius, at.y + 4, .start, at.x + radius), (at.x - radius, at.y + 4, .end, at.x - radius - width),
        (at.x, at.y - radius - 2, .middle, at.x - width / 2), (at.x, at.y + radius + 10, .middle, at.x - width / 2),
      ]
      for place in places {
        let box = SVGLabels.Box(
          left: place.left - 1, top: place.y - 10, right: place.left + width + 1, bottom: place.y + 3)
        guard box.left >= plane.left, box.right <= SVGFrame.innerWidth, box.top >= plane.top,
          box.bottom <= plane.bottom,
          !taken.contains(where: { $0.overlaps(box) })
        else { continue }
        document.text(text, x: place.x, y: place.y, size: size, anchor: place.anchor, halo: true)
        taken.append(box)
        break
      }
    }
  }

  /// Three circles that say what sizes mean.
  private func sizes(_ document: inout SVGDocument, _ largest: Double, y: Double) -> Double {
    let scale = Scale([0, largest], includesZero: true, tickCount: 4)
    let shown = [scale.ticks.last { $0 <= largest } ?? largest, scale.step, scale.step / 5].filter { $0 > 0 }
    var x = SVGText.width(chart.sizeTitle, size: Theme.labelSize) + 20
    document.text(chart.sizeTitle, x: 0, y: y + 24, style: "m")
    for value in shown {
      let radius = 28 * (value / largest).squareRoot()
      document.circle(x + radius, y + 20, radius: radius, style: "f7", opacity: 0.4)
      let text = NumberFormat(chart.sizeQuantity, of: [value], states: [.known])(value).text
      document.text(text, x: x + radius * 2 + 6, y: y + 24)
      x += radius * 2 + SVGText.width(text, size: Theme.labelSize) + 26
    }
    return y + 50
  }
}
