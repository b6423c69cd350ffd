import CQColumns

/// A table of coloured cells.
struct SVGHeat {
  private let chart: Chart
  private static let rowLimit = 90

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    let classes = ValueClasses(chart.values, center: chart.yAxis.reference, count: nil)
    let colors = Theme.colors(classes)
    var top = SVGLegend.draw(
      zip(classes.labels(chart.yAxis.quantity), colors).map { ($0, "k", $1) }, title: chart.yAxis.title, in: &document)
    let rows = chart.series.prefix(Self.rowLimit)
    let names = rows.map { SVGText.truncate($0.name, to: min(220, chart.layout.width * 0.4), size: Theme.labelSize) }
    let left = (names.map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 10
    let columns = min(chart.categories.count, 80)
    let cellWidth = min(120, (chart.layout.width - left) / Double(columns))
    let cellHeight = rows.count > 40 ? 16.0 : 24
    let longest = chart.categories.prefix(columns).map { SVGText.width($0, size: 11) }.max() ?? 0
    // Long names break into lines; over narrow columns they stand upright.
    let heads = chart.categories.prefix(columns).map { SVGText.wrap($0, to: cellWidth - 6, size: 11) }
    let isTurned = cellWidth < 56 && longest > cellWidth - 4
    let headHeight = isTurned ? min(130, longest) + 8 : 13 * Double(min(3, heads.map(\.count).max() ?? 1)) + 7
    for (column, name) in chart.categories.prefix(columns).enumerated() {
      let x = left + cellWidth * (Double(column) + 0.5)
      if isTurned {
        let text = SVGText.escaped(SVGText.truncate(name, to: 130, size: 11))
        let (at, base) = (SVGDocument.number(x + 4), SVGDocument.number(top + headHeight - 4))
        document.append(
          "<text class=\"m\" fill=\"\(Theme.muted.light)\" font-size=\"11\" transform=\"translate(\(at) \(base)) rotate(-90)\">\(text)</text>"
        )
      } else {
        var lines = Array(heads[column].prefix(3))
        if heads[column].count > 3 { lines[2] = SVGText.truncate(lines[2] + " …", to: cellWidth - 4, size: 11) }
        for (line, text) in lines.reversed().enumerated() {
          document.text(
            text, x: x, y: top + headHeight - 6 - 13 * Double(line), size: 11, anchor: .middle, style: "m")
        }
      }
    }
    top += headHeight
    let cells = rows.flatMap(\.cells)
    let format = NumberFormat(chart.yAxis.quantity, of: cells.map(\.value), states: cells.map(\.state))
    let widest = chart.values.map { SVGText.width(format($0).text + "~", size: 10.5) }.max() ?? 0
    let showsNumbers = widest < cellWidth - 6 && cellHeight > 20
    for (row, series) in rows.enumerated() {
      let y = top + cellHeight * Double(row)
      document.text(names[row], x: left - 10, y: y + cellHeight / 2 + 4, anchor: .end)
      for (column, cell) in series.cells.prefix(columns).enumerated() {
        let x = left + cellWidth * Double(column)
        let tip = "\(series.name), \(chart.categories[column]): "
        guard cell.state.hasValue else {
          document.rectangle(
            x + 0.5, y + 0.5, cellWidth - 1, cellHeight - 1, style: "n", tip: tip + cell.state.name)
          if cell.state == .withheld, cellWidth > 26 {
            document.text(
              "(W)", x: x + cellWidth / 2, y: y + cellHeight / 2 + 4, size: 10.5, anchor: .middle, style: "m")
          }
          continue
        }
        let color = colors[classes.index(of: cell.value)]
        let number = format(cell.value).text + (cell.state == .estimated ? "~" : "")
        document.rectangle(
          x + 0.5, y + 0.5, cellWidth - 1, cellHeight - 1, style: "k", fill: color, tip: tip + number)
        if showsNumbers {
          document.text(
            number, x: x + cellWidth / 2, y: y + cellHeight / 2 + 4, size: 10.5, anchor: .middle, style: "k",
            fill: Contrast.ink(on: color))
        }
      }
    }
    return (document, top + cellHeight * Double(rows.count) + 6)
  }
}

/// Contrast of two colours (WCAG 2.1).
enum Contrast {
  /// Dark or white text, whichever is read better on `color`.
  static func ink(on color: String) -> String {
    ratio("#101418", color) >= ratio("#ffffff", color) ? "#101418" : "#ffffff"
  }

  static func ratio(_ one: String, _ other: String) -> Double {
    let (left, right) = (luminance(one), luminance(other))
    return (max(left, right) + 0.05) / (min(left, right) + 0.05)
  }

  private static func luminance(_ color: String) -> Double {
    let value = Int(color.dropFirst(), radix: 16) ?? 0
    func linear(_ part: Int) -> Double {
      let share = Double(part & 0xFF) / 255
      return share <= 0.03928 ? share / 12.92 : power((share + 0.055) / 1.055)
    }
    return 0.2126 * linear(value >> 16) + 0.7152 * linear(value >> 8) + 0.0722 * linear(value)
  }

  /// `x ^ 2.4` without a maths library: a square times the fifth root of the square.
  private static func power(_ x: Double) -> Double {
    let square = x * x
    var root = x
    for _ in 0..<40 { root -= (root * root * root * root * root - square) / (5 * root * root * root * root) }
    return square * root
  }
}

/// Boxes from the first to the third quartile.
struct SVGBoxes {
  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    let shown = min(chart.categories.count, 60)
    let names = chart.categories.prefix(shown).map {
      SVGText.truncate($0, to: min(220, chart.layout.width * 0.4), size: Theme.labelSize)
    }
    let left = (names.map { SVGText.width($0, size: Theme.labelSize) }.max() ?? 0) + 10
    let rowHeight = 30.0
    let plane = SVGPlane(
      left: left, top: 22, width: chart.layout.width - left - 12, height: rowHeight * Double(shown),
      x: Scale(
        chart.samples.joined().map { $0 } + chart.layout.xDomain, includesZero: false,
        tickCount: chart.layout.isPanel ? 4 : 7),
      y: Scale(low: 0, high: 1, ticks: []))
    document.text(chart.yAxis.title, x: left, y: 8, style: "m")
    var axis = chart.yAxis
    axis.title = ""
    plane.drawXAxis(&document, axis, hasGrid: true)
    for (row, sample) in chart.samples.prefix(shown).enumerated() {
      guard let box = BoxSummary(sample) else { continue }
      let middle = plane.top + rowHeight * (Double(row) + 0.5)
      func at(_ value: Double) -> Double { plane.at(value, 0).x }
      document.text(names[row], x: left - 10, y: middle + 4, anchor: .end)
      document.line(at(box.low), middle, at(box.high), middle, style: "l0", width: 1.5)
      for end in [box.low, box.high] {
        document.line(at(end), middle - 5, at(end), middle + 5, style: "l0", width: 1.5)
      }
      document.rectangle(
        at(box.firstQuartile), middle - 9, max(1, at(box.thirdQuartile) - at(box.firstQuartile)), 18, style: "b")
      document.rectangle(
        at(box.firstQuartile), middle - 9, max(1, at(box.thirdQuartile) - at(box.firstQuartile)), 18, style: "f0",
        opacity: 0.45, tip: "\(chart.categories[row]): \(sample.count) values")
      document.line(at(box.median), middle - 9, at(box.median), middle + 9, style: "tl", width: 2)
      for value in box.outliers { document.circle(at(value), middle, radius: 2.5, style: "f0", opacity: 0.7) }
    }
    if chart.layout.isPanel { return (document, plane.bottom + 24) }
    document.text(
      "Box: middle half; line: median; whiskers: within 1.5 times the box; dots: beyond", x: left, y: plane.bottom + 38,
      size: Theme.footSize, style: "m")
    return (document, plane.bottom + 44)
  }
}

/// Two or more moments side by side, a line for each name.
struct SVGSlopes {
  private let chart: Chart

  init(_ chart: Chart) { self.chart = chart }

  var drawing: (SVGDocument, Double) {
    var document = SVGDocument()
    let size = Theme.labelSize
    let ends = chart.categories.count > 1 ? [0, chart.categories.count - 1] : [0]
    let series = Array(chart.series.prefix(40))
    let cells = series.flatMap(\.cells)
    let format = NumberFormat(chart.yAxis.quantity, of: cells.map(\.value), states: cells.map(\.state))
    func label(_ one: Chart.Series, _ position: Int) -> String? {
      let cell = one.cells[position]
      guard cell.state.hasValue else { return nil }
      return format(cell.value).text.replacingMinus + (cell.state == .estimated ? "~" : "")
    }
    let side = min(210, chart.layout.width * 0.3)
    let height = max(320, 17 * Double(series.count))
    let values = chart.values + chart.layout.yDomain
    let y = Scale(values, includesZero: false, tickCount: 4)
    let plane = SVGPlane(
      left: side, top: 40, width: chart.layout.width - 2 * side, height: height,
      x: Scale(low: 0, high: Double(max(1, chart.categories.count - 1)), ticks: []),
      y: Scale(low: values.min() ?? y.low, high: values.max() ?? y.high, ticks: []))
    document.text(chart.yAxis.title, x: 0, y: 8, style: "m")
    for (position, name) in chart.categories.enumerated() {
      let x = plane.at(Double(position), plane.y.low).x
      document.line(x, plane.top - 8, x, plane.bottom + 8, style: "g")
      document.text(
        SVGText.truncate(name, to: 150, size: size), x: x, y: plane.top - 16, anchor: .middle, isBold: true)
    }
    for (index, one) in series.enumerated() {
      let (first, last) = (one.cells.first, one.cells.last)
      let rises = (last?.value ?? 0) >= (first?.value ?? 0)
      let color = series.count <= 8 ? index : rises ? 0 : 1
      let points = one.cells.enumerated().map { position, cell in
        cell.state.hasValue ? plane.at(Double(position), cell.value) : nil
      }
      document.polyline(points, style: "l\(color)", width: 2)
      for (position, point) in points.enumerated() {
        guard let point, let number = label(one, position) else { continue }
        document.circle(
          point.x, point.y, radius: 3, style: "f\(color)",
          tip: "\(one.name), \(chart.categories[position]): \(number)")
      }
    }
    for position in ends {
      let present = series.indices.filter { series[$0].cells[position].state.hasValue }
      let wanted = present.map { plane.at(0, series[$0].cells[position].value).y }
      let places = SVGLabels.spread(wanted, gap: 15, top: plane.top, bottom: plane.bottom + 4)
      let isLeft = position == 0
      for (index, y) in zip(present, places) {
        guard let number = label(series[index], position) else { continue }
        let name = SVGText.truncate(
          series[index].name, to: side - 24 - SVGText.width(number + "  ", size: size), size: size)
        let x = isLeft ? plane.left - 10 : plane.right + 10
        document.text(
          isLeft ? "\(name)  \(number)" : "\(number)  \(name)", x: x, y: y + 4, anchor: isLeft ? .end : .start)
      }
    }
    return (document, plane.bottom + 16)
  }
}
