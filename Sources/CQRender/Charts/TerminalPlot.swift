import CQColumns

/// Lines and points between two axes.
struct TerminalPlot {
  private let chart: Chart
  private let style: TextStyle
  private let width: Int

  init(_ frame: TerminalChart) {
    (chart, style, width) = (frame.chart, frame.style, frame.width)
  }

  /// A third as high as it is wide on narrow terminals, a quarter on wide ones.
  private var height: Int { min(18, max(7, width / 5)) }

  private var isPoints: Bool { chart.kind == .scatter || chart.kind == .bubble }

  var lines: [String] {
    let (xValues, yValues) = extent
    let isSlope = chart.kind == .slope
    let yScale = Scale(
      yValues, includesZero: chart.kind == .area || chart.kind == .lorenz, tickCount: max(3, height / 3))
    let yTexts = yScale.texts(chart.yAxis.quantity).map { DisplayWidth.truncate($0, to: max(4, width / 3)) }
    let margin = yTexts.reduce(1) { max($0, $1.count) } + 2
    let wanted = isPoints || chart.kind == .lorenz ? 0 : tailWidth
    let free = width - margin - 10
    let tail = free < 5 ? 0 : min(wanted, free)
    let plotWidth = max(6, width - margin - tail)
    let xScale = xScale(xValues, plotWidth)
    var canvas = CharacterCanvas(width: plotWidth, height: height)
    let (dotsAcross, dotsDown) = (Double(canvas.dotWidth - 1), Double(canvas.dotHeight - 1))
    func place(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      let inset = isPoints ? 0.0 : isSlope ? 0.02 : 0
      let part = inset + xScale.position(x) * (1 - 2 * inset)
      return (part * dotsAcross, (1 - yScale.position(y)) * dotsDown)
    }
    if let reference = chart.yAxis.reference, yScale.low < reference, reference < yScale.high {
      let row = Int(place(xScale.low, reference).y) / 4
      for x in 0..<plotWidth { canvas.put("╌", x: x, y: row, color: TerminalPalette.axis, takes: false) }
    } else if yScale.low < 0, yScale.high > 0 {
      let row = Int(place(xScale.low, 0).y) / 4
      for x in 0..<plotWidth { canvas.put("╌", x: x, y: row, color: TerminalPalette.axis, takes: false) }
    }
    if isPoints, let at = chart.xAxis.reference ?? (xScale.low < 0 && xScale.high > 0 ? 0 : nil), xScale.low < at,
      at < xScale.high
    {
      let column = Int(place(at, yScale.low).x) / 2
      for y in 0..<height { canvas.put("╎", x: column, y: y, color: TerminalPalette.axis, takes: false) }
    }
    var ends: [(row: Int, name: String, color: Int)] = []
    if isPoints {
      drawPoints(&canvas, place)
    } else if chart.kind == .lorenz {
      drawLorenz(&canvas, place)
    } else {
      ends = drawLines(&canvas, place)
    }
    var rows: [String] = []
    let labels = spread(ends)
    for y in 0..<height {
      let tick = yScale.ticks.firstIndex { Int((1 - yScale.position($0)) * Double(height * 4 - 1)) / 4 == y }
      let text = tick.map { yTexts[$0] } ?? ""
      let axis = style(color: TerminalPalette.axis, text.leftPadded(to: margin - 2) + (tick == nil ? " │" : " ┤"))
      var row = axis + canvas.row(y, style)
      if let label = labels[y], tail > 1 {
        let used = margin + visibleWidth(canvas, y)
        row +=
          String(repeating: " ", count: max(1, margin + plotWidth + 1 - used))
          + style(color: label.color, DisplayWidth.truncate(label.name, to: tail - 1))
      }
      rows.append(row)
    }
    var heading = chart.yAxis.title
    if isPoints, !chart.sizeTitle.isEmpty { heading += "    size: " + chart.sizeTitle }
    return [style(.dim, DisplayWidth.truncate(heading, to: width))] + rows + xAxis(xScale, plotWidth, margin) + legend
  }

  private func visibleWidth(_ canvas: CharacterCanvas, _ y: Int) -> Int {
    DisplayWidth.of(canvas.row(y, TextStyle(isColored: false)))
  }

  private var extent: (x: [Double], y: [Double]) {
    let layout = chart.layout
    if isPoints { return (chart.points.map(\.x) + layout.xDomain, chart.points.map(\.y) + layout.yDomain) }
    if chart.kind == .lorenz { return ([0, 1], [0, 1]) }
    let positions = chart.years.map { $0.map(Self.position) } ?? chart.categories.indices.map(Double.init)
    return (positions, chart.values + (chart.kind == .area ? [] : layout.yDomain))
  }

  /// Quarters (20191) as parts of a year.
  static func position(_ period: Int) -> Double {
    period >= 10_000 ? Double(period / 10) + Double(period % 10 - 1) / 4 : Double(period)
  }

  private func xScale(_ values: [Double], _ plotWidth: Int) -> Scale {
    if isPoints { return Scale(values, includesZero: false, tickCount: max(2, plotWidth / 12)) }
    let low = values.min() ?? 0
    let high = values.max() ?? 1
    if chart.kind == .lorenz { return Scale(low: 0, high: 1, ticks: [0, 0.2, 0.4, 0.6, 0.8, 1]) }
    return Scale(low: low, high: high, ticks: values)
  }

  /// Room for the names at the ends of lines.
  private var tailWidth: Int {
    guard chart.series.count > 1 || chart.kind == .slope else { return 0 }
    let longest = named.reduce(0) { max($0, DisplayWidth.of(chart.series[$1].name)) }
    return min(longest + 2, max(9, width * 3 / 10))
  }

  /// The series that get a colour and a name: all of a few, the largest of many.
  private var named: [Int] {
    let limit = 8
    let last = chart.series.map { series in series.cells.last { $0.state.hasValue }?.value ?? -.infinity }
    let order = chart.series.indices.sorted { last[$0] == last[$1] ? $0 < $1 : last[$0] > last[$1] }
    return Array(order.prefix(chart.series.count <= limit ? limit : 5))
  }

  // MARK: - Marks

  private func drawLines(
    _ canvas: inout CharacterCanvas, _ place: (Double, Double) -> (x: Double, y: Double)
  ) -> [(row: Int, name: String, color: Int)] {
    let (positions, _) = extent
    let named = named
    var ends: [(row: Int, name: String, color: Int)] = []
    // The named ones last, on top.
    let order = chart.series.indices.filter { !named.contains($0) } + named.reversed()
    for index in order {
      let color = named.firstIndex(of: index).map(TerminalPalette.series) ?? TerminalPalette.axis
      var previous: (x: Double, y: Double)?
      for (position, cell) in chart.series[index].cells.enumerated() {
        guard cell.state.hasValue else {
          previous = nil
          continue
        }
        let point = place(positions[position], cell.value)
        if chart.kind == .area, chart.series.count == 1 {
          fill(&canvas, from: previous ?? point, to: point, place, color)
        }
        canvas.line(from: previous ?? point, to: point, color: color)
        previous = point
      }
      if let previous, chart.series.count > 1 || chart.kind == .slope, named.contains(index) {
        ends.append((Int(previous.y.rounded()) / 4, chart.series[index].name, color))
      }
    }
    return ends
  }

  private func fill(
    _ canvas: inout CharacterCanvas, from: (x: Double, y: Double), to: (x: Double, y: Double),
    _ place: (Double, Double) -> (x: Double, y: Double), _ color: Int
  ) {
    let bottom = Int(place(0, 0).y.rounded())
    guard from.x <= to.x else { return }
    for x in Int(from.x.rounded())...Int(to.x.rounded()) {
      let part = to.x == from.x ? 0 : (Double(x) - from.x) / (to.x - from.x)
      let top = Int((from.y + (to.y - from.y) * part).rounded())
      for y in min(top, bottom)...max(top, bottom) { canvas.dot(x, y, color: color) }
    }
  }

  private func drawLorenz(_ canvas: inout CharacterCanvas, _ place: (Double, Double) -> (x: Double, y: Double)) {
    canvas.line(from: place(0, 0), to: place(1, 1), color: TerminalPalette.axis)
    var previous = place(0, 0)
    for point in chart.lorenzPoints {
      let next = place(point.x, point.y)
      canvas.line(from: previous, to: next, color: TerminalPalette.series(0))
      previous = next
    }
  }

  private static let sizes: [[Character]] = [
    ["∙", "•", "●"], ["▵", "▴", "▲"], ["▫", "▪", "■"], ["⋄", "⬥", "◆"],
  ]

  private func drawPoints(_ canvas: inout CharacterCanvas, _ place: (Double, Double) -> (x: Double, y: Double)) {
    let largest = chart.points.compactMap(\.size).max() ?? 0
    // Small ones on top of large ones.
    let order = chart.points.indices.sorted { (chart.points[$0].size ?? 0) > (chart.points[$1].size ?? 0) }
    for index in order {
      let point = chart.points[index]
      let at = place(point.x, point.y)
      canvas.put(mark(point, largest), x: Int(at.x) / 2, y: Int(at.y) / 4, color: color(point.group))
    }
    // Names where there is room: those far out first, since they are what people look for.
    let center = (x: chart.points.map(\.x).reduce(0, +), y: chart.points.map(\.y).reduce(0, +))
    let count = Double(max(1, chart.points.count))
    let middle = place(center.x / count, center.y / count)
    func distance(_ index: Int) -> Double {
      let at = place(chart.points[index].x, chart.points[index].y)
      return abs(at.x - middle.x) / Double(canvas.dotWidth) + abs(at.y - middle.y) / Double(canvas.dotHeight)
        + (chart.points[index].size ?? 0) / max(largest, 1)
    }
    for index in chart.points.indices.sorted(by: { distance($0) > distance($1) })
    where !chart.points[index].label.isEmpty {
      let at = place(chart.points[index].x, chart.points[index].y)
      let (x, y) = (Int(at.x) / 2, Int(at.y) / 4)
      let label = DisplayWidth.truncate(chart.points[index].label, to: max(8, width / 4))
      let length = label.count
      guard DisplayWidth.of(label) == length else { continue }
      if canvas.isFree(x: x + 1, y: y, width: length + 2) {
        canvas.write(label, x: x + 2, y: y)
      } else if canvas.isFree(x: x - length - 2, y: y, width: length + 2) {
        canvas.write(label, x: x - length - 1, y: y)
      }
    }
  }

  private func color(_ group: Int) -> Int {
    chart.groups.count > 8 && group > 7 ? TerminalPalette.axis : TerminalPalette.series(group)
  }

  private func mark(_ point: Chart.Point, _ largest: Double) -> Character {
    let group = chart.groups.count > 1 ? point.group : 0
    guard let size = point.size else {
      return point.isEstimated && group == 0 ? "○" : TerminalPalette.shapes[group % TerminalPalette.shapes.count]
    }
    let row = Self.sizes[group % Self.sizes.count]
    let part = largest > 0 ? size / largest : 0
    return row[part > 0.4 ? 2 : part > 0.1 ? 1 : 0]
  }

  // MARK: - Around the plot

  /// One label to a row: those that collide move down or up to the next free row.
  private func spread(_ ends: [(row: Int, name: String, color: Int)]) -> [Int: (name: String, color: Int)] {
    var taken: [Int: (name: String, color: Int)] = [:]
    for end in ends.sorted(by: { $0.row < $1.row }) {
      let candidates = (0..<height).sorted { lhs, rhs in
        let (left, right) = (abs(lhs - end.row), abs(rhs - end.row))
        return left == right ? lhs > rhs : left < right
      }
      if let row = candidates.first(where: { taken[$0] == nil }) { taken[row] = (end.name, end.color) }
    }
    return taken
  }

  private func xAxis(_ scale: Scale, _ plotWidth: Int, _ margin: Int) -> [String] {
    let texts: [String]
    if isPoints || chart.kind == .lorenz {
      texts = scale.texts(chart.xAxis.quantity)
    } else {
      texts = chart.categories
    }
    let positions = isPoints || chart.kind == .lorenz ? scale.ticks : extent.x
    var rule = [Character](repeating: "─", count: plotWidth)
    var labels = LabelLine(width: plotWidth)
    // Every one, every second …: the first step at which all fit, counted from the last, which matters most.
    for step in 1...max(1, positions.count) {
      labels = LabelLine(width: plotWidth)
      rule = [Character](repeating: "─", count: plotWidth)
      let chosen = stride(from: positions.count - 1, through: 0, by: -step)
      let areAllPlaced = chosen.allSatisfy { index in
        let column = min(
          plotWidth - 1, max(0, Int((scale.position(positions[index]) * Double(plotWidth - 1)).rounded())))
        rule[column] = "┬"
        return labels.place(DisplayWidth.truncate(texts[index], to: max(4, plotWidth / 2 - 1)), around: column)
      }
      if areAllPlaced { break }
    }
    let space = String(repeating: " ", count: margin - 1)
    var lines = [space + "└" + String(rule), (space + " " + labels.text).trimmedEnd].map {
      style(color: TerminalPalette.axis, $0)
    }
    let title = chart.xAxis.title
    if isPoints || chart.kind == .lorenz {
      let free = max(0, plotWidth - DisplayWidth.of(title))
      lines.append(
        style(.dim, DisplayWidth.truncate(space + " " + String(repeating: " ", count: free) + title, to: width)))
    }
    return lines
  }

  private var legend: [String] {
    if chart.kind == .lorenz || !isPoints { return [] }
    var lines: [String] = []
    if chart.groups.count > 1 {
      let entries = chart.groups.prefix(8).enumerated().map { index, name in
        (
          String(chart.kind == .bubble ? Self.sizes[index % 4][2] : TerminalPalette.shapes[index % 8]), name,
          Optional(color(index))
        )
      }
      lines += TerminalFrame.legend(Array(entries), width: width, style: style)
    }
    return lines
  }
}
