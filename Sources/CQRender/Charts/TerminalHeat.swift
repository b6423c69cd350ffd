import CQColumns

/// A table of shades.
struct TerminalHeat {
  private let chart: Chart
  private let style: TextStyle
  private let width: Int
  private let rowLimit: Int?

  init(_ frame: TerminalChart) {
    (chart, style, width, rowLimit) = (frame.chart, frame.style, frame.width, frame.rowLimit)
  }

  var lines: [String] {
    let classes = ValueClasses(chart.values, center: chart.yAxis.reference, count: 5)
    let format = NumberFormat(
      chart.yAxis.quantity, of: chart.values, states: chart.values.map { _ in CellState.known })
    let rows = chart.series.prefix(rowLimit ?? .max)
    let longest = rows.reduce(6) { max($0, DisplayWidth.of($1.name)) }
    let labelWidth = min(longest, max(10, width / 3))
    let space = width - labelWidth - 1
    let columns = min(chart.categories.count, max(1, space / 3))
    let cellWidth = max(2, min(14, space / max(1, columns) - 1))
    let showsNumbers = chart.values.allSatisfy { DisplayWidth.of(format($0).text) + 2 <= cellWidth }

    var lines = [header(labelWidth, columns, cellWidth)].filter { !$0.isEmpty }
    for row in rows {
      var line = DisplayWidth.truncate(row.name, to: labelWidth).padded(to: labelWidth) + " "
      for cell in row.cells.prefix(columns) {
        line += self.cell(cell, classes, cellWidth, showsNumbers ? format(cell.value).text : "") + " "
      }
      while line.last == " " { line.removeLast() }
      lines.append(line)
    }
    lines.append("")
    lines += legend(classes)
    if columns < chart.categories.count {
      let text = "no room for \(chart.categories.count - columns) of \(chart.categories.count) columns"
      lines += DisplayWidth.wrap(text, to: width, indent: 2).map { style(.dim, $0) }
    }
    if rows.count < chart.series.count {
      lines.append(style(.dim, "… \(chart.series.count) rows, showing \(rows.count)"))
    }
    return lines
  }

  private func header(_ labelWidth: Int, _ columns: Int, _ cellWidth: Int) -> String {
    var line = String(repeating: " ", count: labelWidth + 1)
    for name in chart.categories.prefix(columns) {
      // `’03` or `03` for 2003 over narrow columns.
      let isYear = name.count == 4 && Int(name) != nil
      let short = isYear && cellWidth < 4 ? (cellWidth < 3 ? "" : "’") + name.suffix(2) : name
      line += DisplayWidth.truncate(short, to: cellWidth).padded(to: cellWidth + 1)
    }
    while line.last == " " { line.removeLast() }
    return style(.dim, line)
  }

  private func cell(_ cell: ChartCell, _ classes: ValueClasses, _ cellWidth: Int, _ number: String) -> String {
    guard cell.state.hasValue else { return (cell.state == .withheld ? "W" : "·").padded(to: cellWidth) }
    let index = classes.index(of: cell.value)
    let shade = TerminalShades.character(index, of: classes)
    let color = TerminalShades.color(index, of: classes)
    let shades = String(repeating: shade, count: max(1, cellWidth - (number.isEmpty ? 0 : number.count + 1)))
    return style(color: color, shades) + (number.isEmpty ? "" : " " + number)
      + String(repeating: " ", count: max(0, cellWidth - shades.count - (number.isEmpty ? 0 : number.count + 1)))
  }

  private func legend(_ classes: ValueClasses) -> [String] {
    let entries = classes.labels(chart.yAxis.quantity).enumerated().map { index, text in
      (
        String(repeating: TerminalShades.character(index, of: classes), count: 2), text,
        TerminalShades.color(index, of: classes)
      )
    }
    return [style(.dim, chart.yAxis.title)] + TerminalFrame.legend(entries, width: width, style: style)
  }
}

/// Shades of the classes of a map or heat map, light to dark, in characters and in colours.
enum TerminalShades {
  private static let characters: [Character] = ["·", "░", "▒", "▓", "█"]
  /// Below the centre of a diverging scale, furthest first, and above it.
  private static let belowCenter: [Character] = ["·", ":", "░"]
  private static let aboveCenter: [Character] = ["▒", "▓", "█"]
  private static let sequential = [153, 117, 75, 33, 25]
  private static let diverging = [130, 173, 180, 250, 117, 33, 25]

  static func character(_ index: Int, of classes: ValueClasses) -> Character {
    if let turn = classes.turn {
      if index < turn { return belowCenter[turn < 2 ? 1 : index * 2 / (turn - 1)] }
      let above = classes.count - turn
      return aboveCenter[above < 2 ? 1 : (index - turn) * 2 / (above - 1)]
    }
    return classes.count < 2 ? "▓" : characters[min(4, index * 4 / (classes.count - 1))]
  }

  static func color(_ index: Int, of classes: ValueClasses) -> Int {
    guard let turn = classes.turn else {
      return classes.count < 2 ? sequential[3] : sequential[min(4, index * 4 / (classes.count - 1))]
    }
    if index < turn { return diverging[turn < 2 ? 0 : index * 2 / max(1, turn - 1)] }
    let above = classes.count - turn
    return diverging[above < 2 ? 6 : 4 + (index - turn) * 2 / max(1, above - 1)]
  }
}

/// Boxes from the first to the third quartile, with whiskers to the ends and a line at the median.
struct TerminalBoxes {
  private let chart: Chart
  private let style: TextStyle
  private let width: Int
  private let rowLimit: Int?

  init(_ frame: TerminalChart) {
    (chart, style, width, rowLimit) = (frame.chart, frame.style, frame.width, frame.rowLimit)
  }

  var lines: [String] {
    let shown = min(chart.categories.count, rowLimit ?? .max)
    let longest = chart.categories.prefix(shown).reduce(6) { max($0, DisplayWidth.of($1)) }
    let labelWidth = min(longest, max(10, width / 3))
    let space = max(8, width - labelWidth - 1)
    let scale = Scale(chart.samples.joined().map { $0 }, includesZero: false, tickCount: max(2, space / 12))
    var lines = [style(.dim, chart.yAxis.title.leftPadded(to: min(width, labelWidth + 1 + chart.yAxis.title.count)))]
    for (position, sample) in chart.samples.prefix(shown).enumerated() {
      guard let box = BoxSummary(sample) else { continue }
      var cells = [Character](repeating: " ", count: space)
      func column(_ value: Double) -> Int { min(space - 1, max(0, Int(scale.position(value) * Double(space)))) }
      for x in column(box.low)...column(box.high) { cells[x] = "─" }
      cells[column(box.low)] = "├"
      cells[column(box.high)] = "┤"
      for x in column(box.firstQuartile)...column(box.thirdQuartile) { cells[x] = "▒" }
      cells[column(box.median)] = "█"
      for value in box.outliers where cells[column(value)] == " " { cells[column(value)] = "∘" }
      var text = String(cells)
      while text.last == " " { text.removeLast() }
      lines.append(
        DisplayWidth.truncate(chart.categories[position], to: labelWidth).padded(to: labelWidth) + " "
          + style(color: TerminalPalette.series(0), text))
    }
    var labels = LabelLine(width: space)
    for tick in scale.ticks {
      labels.place(scale.text(tick, chart.yAxis.quantity), around: Int(scale.position(tick) * Double(space)))
    }
    let margin = String(repeating: " ", count: labelWidth + 1)
    let rule = String(repeating: "─", count: space)
    lines += [
      margin + style(color: TerminalPalette.axis, rule), margin + style(color: TerminalPalette.axis, labels.text),
    ]
    let legend = "▒ middle half, █ median, ├ ┤ within 1.5 times that, ∘ beyond"
    lines += DisplayWidth.wrap(legend, to: width, indent: 2).map { style(.dim, $0) }
    return lines
  }
}

/// Median, quartiles (type 7) and whiskers by Tukey's rule.
struct BoxSummary {
  var low: Double
  var firstQuartile: Double
  var median: Double
  var thirdQuartile: Double
  var high: Double
  var outliers: [Double]

  /// - Parameter sorted: In ascending order.
  init?(_ sorted: [Double]) {
    guard let first = sorted.first, let last = sorted.last else { return nil }
    firstQuartile = Self.quantile(sorted, 0.25)
    median = Self.quantile(sorted, 0.5)
    thirdQuartile = Self.quantile(sorted, 0.75)
    let reach = 1.5 * (thirdQuartile - firstQuartile)
    let (lowest, highest) = (firstQuartile - reach, thirdQuartile + reach)
    low = sorted.first { $0 >= lowest } ?? first
    high = sorted.last { $0 <= highest } ?? last
    outliers = sorted.filter { $0 < lowest || $0 > highest }
  }

  static func quantile(_ sorted: [Double], _ part: Double) -> Double {
    guard let last = sorted.indices.last else { return 0 }
    let position = part * Double(last)
    let below = Int(position)
    let above = min(last, below + 1)
    return sorted[below] + (sorted[above] - sorted[below]) * (position - Double(below))
  }
}
