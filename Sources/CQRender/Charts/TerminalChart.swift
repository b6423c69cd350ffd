import CQColumns

/// A chart in lines of characters, readable without colour and at 40 columns.
struct TerminalChart {
  let chart: Chart
  private var panels: [ChartPanels.Panel] = []
  let style: TextStyle
  let width: Int
  let rowLimit: Int?

  init(_ chart: Chart, options: RenderOptions) {
    self.chart = chart
    style = TextStyle(isColored: options.isColored)
    width = max(24, options.width ?? 80)
    rowLimit = options.rowLimit
  }

  init(_ panels: ChartPanels, options: RenderOptions) {
    self.init(panels.whole, options: options)
    self.panels = panels.panels
  }

  var text: String {
    var sections = [titleLines]
    if !panels.isEmpty {
      for panel in panels {
        var options = RenderOptions(width: width, rowLimit: rowLimit, isColored: style.isColored)
        options.isContinuation = true
        let one = TerminalChart(panel.chart, options: options)
        sections.append([style(.bold, DisplayWidth.truncate(panel.name, to: width))] + one.body)
      }
      sections.append(footLines)
      return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }
    sections.append(body)
    sections.append(footLines)
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var body: [String] {
    if chart.isEmpty {
      return DisplayWidth.wrap("nothing to draw: no row has a number", to: width, indent: 2)
    }
    switch chart.kind {
    case .bar: return TerminalBars(self).lines
    case .heat: return TerminalHeat(self).lines
    case .box: return TerminalBoxes(self).lines
    default: return TerminalPlot(self).lines
    }
  }

  private var titleLines: [String] {
    TerminalFrame.title(chart.title, chart.subtitle, width: width, style: style)
  }

  private var footLines: [String] {
    var notes = chart.notes
    if chart.hasEstimates, chart.kind == .bar { notes.insert("~ estimated in part", at: 0) }
    if chart.hasEstimates, chart.kind == .scatter, chart.groups.count < 2 {
      notes.insert("○ estimated in part", at: 0)
    }
    return TerminalFrame.foot(source: chart.source, notes: notes, width: width, style: style)
  }
}

/// What stands above and below every picture in a terminal.
enum TerminalFrame {
  static func title(_ title: String, _ subtitle: String, width: Int, style: TextStyle) -> [String] {
    var lines = title.isEmpty ? [] : DisplayWidth.wrap(title, to: width, indent: 2).map { style(.bold, $0) }
    if !subtitle.isEmpty { lines += DisplayWidth.wrap(subtitle, to: width, indent: 2).map { style(.dim, $0) } }
    return lines
  }

  static func foot(source: String, notes: [String], width: Int, style: TextStyle) -> [String] {
    var lines = source.isEmpty ? [] : ["source: " + source]
    lines += notes.map { "note: " + $0 }
    return lines.flatMap { DisplayWidth.wrap($0, to: width, indent: 2) }.map { style(.dim, $0) }
  }

  /// Marks and names side by side, in as many lines as they need.
  static func legend(_ entries: [(mark: String, name: String, color: Int?)], width: Int, style: TextStyle) -> [String] {
    var lines: [String] = []
    var line = ""
    var used = 0
    for entry in entries {
      let name = DisplayWidth.truncate(entry.name, to: max(8, width - 4))
      let length = DisplayWidth.of(entry.mark) + 1 + DisplayWidth.of(name)
      if used > 0, used + 3 + length > width {
        lines.append(line)
        (line, used) = ("", 0)
      }
      if used > 0 {
        line += "   "
        used += 3
      }
      line += style(color: entry.color, entry.mark) + " " + name
      used += length
    }
    return used > 0 ? lines + [line] : lines
  }
}

/// Horizontal bars with their numbers beside the names.
struct TerminalBars {
  private let chart: Chart
  private let style: TextStyle
  private let width: Int
  private let rowLimit: Int?

  init(_ frame: TerminalChart) {
    (chart, style, width, rowLimit) = (frame.chart, frame.style, frame.width, frame.rowLimit)
  }

  private static let fills: [Character] = ["█", "▒", "░", "▓", "▚", "▞"]
  private static let marker: Character = "┃"
  private static let parts: [Character] = [" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]

  var lines: [String] {
    let shown = min(chart.categories.count, max(1, (rowLimit ?? .max) / max(1, chart.series.count)))
    let categories = chart.categories.prefix(shown)
    let numbers = chart.series.flatMap { $0.cells.prefix(shown) }
    let format = NumberFormat(chart.yAxis.quantity, of: numbers.map(\.value), states: numbers.map(\.state))
    let texts = chart.series.map { $0.cells.prefix(shown).map { valueText($0, format) } }
    let numberWidth = texts.joined().reduce(1) { max($0, DisplayWidth.of($1)) }
    let longest = min(max(12, width * 2 / 5), categories.reduce(4) { max($0, DisplayWidth.of($1)) })
    let leastBar = max(8, width / 4)
    let labelWidth = max(min(6, longest), min(longest, width - numberWidth - leastBar - 3))
    let barWidth = max(2, width - labelWidth - numberWidth - 2)
    let markers = chart.series.flatMap { $0.markers.prefix(shown).filter(\.state.hasValue).map(\.value) }
    let values =
      numbers.filter(\.state.hasValue).map(\.value) + markers + chart.layout.yDomain
      + (chart.yAxis.reference.map { [$0] } ?? [])
    let scale = Scale(values, includesZero: true, tickCount: max(2, barWidth / 10))
    let margin = String(repeating: " ", count: labelWidth + numberWidth + 2)

    var lines: [String] = []
    if chart.series.count > 1 || chart.hasMarkers {
      var entries = chart.series.enumerated().map { index, series in
        (String(repeating: fill(index), count: 2), series.name, Optional(TerminalPalette.series(index)))
      }
      if chart.hasMarkers { entries.append((String(Self.marker), chart.markerTitle, nil)) }
      lines += TerminalFrame.legend(entries, width: width, style: style) + [""]
    }
    lines += [style(.dim, DisplayWidth.truncate(heading(labelWidth, numberWidth), to: width))]
    for position in categories.indices {
      for (index, series) in chart.series.enumerated() {
        let name = index == 0 ? DisplayWidth.truncate(categories[position], to: labelWidth) : ""
        let cell = series.cells[position]
        let number = texts[index][position].leftPadded(to: numberWidth)
        let marker = series.markers.isEmpty ? nil : series.markers[position]
        let bar = bar(cell, marker, index, scale, barWidth)
        let shown = bar.isEmpty ? number.trimmedEnd : number
        lines.append(
          name.padded(to: labelWidth) + " " + (cell.state == .known ? shown : style(.dim, shown))
            + (bar.isEmpty ? "" : " " + bar))
      }
    }
    lines += axis(scale, barWidth).map { margin + style(color: TerminalPalette.axis, $0) }
    if shown < chart.categories.count {
      lines.append(
        style(.dim, "… \(chart.categories.count.grouped) bars, showing \(shown.grouped)"))
    }
    return lines
  }

  /// The axis title over the numbers.
  private func heading(_ labelWidth: Int, _ numberWidth: Int) -> String {
    let title = chart.yAxis.title
    let space = labelWidth + 1 + numberWidth
    return DisplayWidth.of(title) <= space ? title.leftPadded(to: space) : title
  }

  private func fill(_ index: Int) -> Character { Self.fills[index % Self.fills.count] }

  private func valueText(_ cell: ChartCell, _ format: NumberFormat) -> String {
    let isMarked = chart.hasEstimates
    guard cell.state.hasValue else { return (cell.state == .withheld ? "(W)" : "–") + (isMarked ? " " : "") }
    var text = format(cell.value).text
    if DisplayWidth.of(text) > max(8, width / 3) { text = Scale.compact(cell.value, chart.yAxis.quantity) }
    return text + (cell.state == .estimated ? "~" : isMarked ? " " : "")
  }

  private func bar(_ cell: ChartCell, _ marker: ChartCell?, _ index: Int, _ scale: Scale, _ barWidth: Int) -> String {
    var cells = [Character](repeating: " ", count: barWidth)
    let zero = scale.position(0) * Double(barWidth)
    let reference = chart.yAxis.reference.map { min(barWidth - 1, Int(scale.position($0) * Double(barWidth))) }
    if cell.state.hasValue {
      let end = scale.position(cell.value) * Double(barWidth)
      let (from, to) = (min(zero, end), max(zero, end))
      for column in 0..<barWidth {
        let covered = min(to, Double(column + 1)) - max(from, Double(column))
        if covered >= 0.94 {
          cells[column] = fill(index)
        } else if covered > 0.04 {
          cells[column] = partial(covered, startsHere: from <= Double(column), index)
        }
      }
      if from == to, cell.value == 0 { cells[min(barWidth - 1, Int(zero))] = "▏" }
    }
    if let reference, cells[reference] == " " { cells[reference] = "┊" }
    if let marker, marker.state.hasValue {
      cells[max(0, min(barWidth - 1, Int(scale.position(marker.value) * Double(barWidth))))] = Self.marker
    }
    var text = String(cells)
    while text.last == " " { text.removeLast() }
    return style(color: TerminalPalette.series(index), text)
  }

  /// A cell covered in part: eighths from the left, halves from the right, since those are the characters there are.
  private func partial(_ covered: Double, startsHere: Bool, _ index: Int) -> Character {
    if fill(index) != "█" { return covered >= 0.5 ? fill(index) : " " }
    if startsHere { return Self.parts[min(7, max(1, Int((covered * 8).rounded())))] }
    return covered >= 0.7 ? "█" : covered >= 0.3 ? "▐" : "▕"
  }

  private func axis(_ scale: Scale, _ barWidth: Int) -> [String] {
    var line = [Character](repeating: "─", count: barWidth)
    var labels = [Character](repeating: " ", count: barWidth)
    var free = 0
    for tick in scale.ticks {
      let column = min(barWidth - 1, Int((scale.position(tick) * Double(barWidth)).rounded(.down)))
      line[column] = column == 0 ? "└" : "┴"
      let text = scale.text(tick, chart.yAxis.quantity)
      let start = max(0, min(column - text.count / 2, barWidth - text.count))
      guard start >= free, start + text.count <= barWidth else { continue }
      for (offset, character) in text.enumerated() { labels[start + offset] = character }
      free = start + text.count + 1
    }
    var text = String(labels)
    while text.last == " " { text.removeLast() }
    return [String(line), text]
  }
}
