import CQColumns

/// What the colours, hatches, rings and sizes of a map mean.
struct SVGMapLegend {
  private let map: MapPicture
  private let colors: [String]

  init(_ map: MapPicture, colors: [String]) { (self.map, self.colors) = (map, colors) }

  /// - Returns: The height taken.
  func draw(_ document: inout SVGDocument) -> Double {
    var top = 0.0
    switch map.kind {
    case .classes: top = classBar(&document)
    case .categories: top = names(&document, map.categories, colors, title: map.measure)
    case .bubbles:
      if !map.groups.isEmpty {
        top = names(&document, map.groups, Theme.series.map(\.light), title: map.groupTitle) + 6
      } else if map.hasClassedBubbles {
        top = classBar(&document)
      }
      top = max(top, 0) + sizes(&document, y: top)
    case .points: top = names(&document, map.groups, Theme.series.map(\.light), title: map.groupTitle)
    }
    return top
  }

  private var others: [SVGLegend.Entry] {
    var entries: [SVGLegend.Entry] = []
    if map.marksEstimates, map.isFilled { entries.append(("estimated in part (\(map.estimatedCount))", "o", nil)) }
    if map.withheldCount > 0 { entries.append(("withheld (\(map.withheldCount))", "k", "url(#cq-withheld-key)")) }
    if map.missingCount > 0 { entries.append(("missing (\(map.missingCount))", "k", "url(#cq-missing-key)")) }
    if map.hasOtherPlaces, map.isFilled { entries.append(("not in the table", "d", nil)) }
    return entries
  }

  private static let barHeight = 17.0

  /// A bar of classes with the number of places in each, and the bounds below where classes meet.
  private func classBar(_ document: inout SVGDocument) -> Double {
    let center = map.centerName.isEmpty || map.classes.turn == nil ? "" : " · 1 = \(map.centerName)"
    let title = SVGText.truncate(map.measure + center, to: 380, size: Theme.labelSize, isBold: true)
    document.text(title, x: 0, y: 10, isBold: true)
    let titleWidth = SVGText.width(title, size: Theme.labelSize, isBold: true)
    if map.valueCount > 0 {
      document.text(
        "number of places in each class", x: titleWidth + 12, y: 10, size: Theme.footSize, style: "m", isItalic: true)
    }
    guard map.valueCount > 0 else { return 18 + SVGLegend.draw(others, in: &document, y: 18) }
    let bounds = map.classes.boundTexts(map.quantity)
    let boundWidth = bounds.map { SVGText.width($0, size: Theme.footSize) + 12 }.max() ?? 0
    let width = max(boundWidth, min(70, 430 / Double(map.classes.count)))
    let top = 20.0
    for (index, color) in colors.enumerated() {
      let x = width * Double(index)
      document.rectangle(x, top, width - 1, Self.barHeight, style: "k", fill: color)
      let count = map.counts[index].grouped
      document.text(
        count, x: x + (width - 1) / 2, y: top + 12.5, size: 10.5, anchor: .middle, style: "k",
        fill: Contrast.ink(on: color))
    }
    for (index, text) in bounds.enumerated() {
      let isCenter = map.classes.turn == index + 1
      document.text(
        text, x: width * Double(index + 1) - 0.5, y: top + Self.barHeight + 13, size: Theme.footSize, anchor: .middle,
        isBold: isCenter, style: isCenter ? "t" : "m")
    }
    if bounds.isEmpty {
      document.text("all the same", x: 0, y: top + Self.barHeight + 13, size: Theme.footSize, style: "m")
    }
    var height = top + Self.barHeight + 18
    // Beside the bar where there is room, below it otherwise.
    let end = width * Double(map.classes.count)
    let needed = others.reduce(0.0) { $0 + 36 + SVGText.width($1.name, size: Theme.labelSize) }
    if needed > 0, end + 20 + needed <= SVGFrame.innerWidth {
      var side = SVGDocument()
      _ = SVGLegend.draw(others, in: &side, width: SVGFrame.innerWidth)
      document.append(side, x: end + 20, y: top + 3)
    } else if needed > 0 {
      height += SVGLegend.draw(others, in: &document, y: height + 4)
    }
    return height
  }

  private func names(_ document: inout SVGDocument, _ names: [String], _ colors: [String], title: String) -> Double {
    var entries: [SVGLegend.Entry] = names.enumerated().map { index, name in
      let count = map.isFilled && map.counts.indices.contains(index) ? " (\(map.counts[index]))" : ""
      return ((name.isEmpty ? "–" : name) + count, "k", colors[index % colors.count])
    }
    if !map.isFilled {
      let counts = map.marks.reduce(into: [Int: Int]()) { $0[$1.color, default: 0] += 1 }
      for index in entries.indices {
        entries[index].name += " (\(counts[index] ?? 0))"
        // Colours of series change with the page.
        (entries[index].style, entries[index].fill) = ("f\(index)", nil)
      }
    }
    return SVGLegend.draw(entries + others, title: title, in: &document)
  }

  /// Circles that say what sizes mean.
  private func sizes(_ document: inout SVGDocument, y: Double) -> Double {
    let largest = map.marks.compactMap(\.size).max() ?? 0
    guard largest > 0 else { return 0 }
    let scale = Scale([0, largest], includesZero: true, tickCount: 4)
    let shown = [scale.ticks.last { $0 <= largest } ?? largest, scale.step, scale.step / 5].filter { $0 > 0 }
    let most = SVGMapMarks.largestRadius
    var x = SVGText.width(map.sizeTitle, size: Theme.labelSize, isBold: true) + 20
    document.text(map.sizeTitle, x: 0, y: y + most + 4, isBold: true)
    for value in shown {
      let radius = most * (value / largest).squareRoot()
      document.circle(x + radius, y + most, radius: radius, style: "f7", opacity: 0.45)
      let text = NumberFormat(map.sizeQuantity, of: [value], states: [.known])(value).text
      document.text(text, x: x + radius * 2 + 6, y: y + most + 4)
      x += radius * 2 + SVGText.width(text, size: Theme.labelSize) + 26
    }
    var height = most * 2 + 4
    if !others.isEmpty { height += SVGLegend.draw(others, in: &document, y: y + height) }
    return height
  }

  /// Hatched: withheld one way, missing the other. Those of the legend are in pixels, those of the map in tenths of them.
  static var patterns: String {
    let hatches = [("cq-withheld", 45, 14, "n", Theme.noValue.light), ("cq-missing", -45, 7, "d", Theme.land.light)]
    return hatches.flatMap { name, angle, width, style, ground in
      [("", ""), ("-key", " scale(0.1)")].map { suffix, scale in
        "<pattern id=\"\(name)\(suffix)\" width=\"50\" height=\"50\" patternUnits=\"userSpaceOnUse\" "
          + "patternTransform=\"rotate(\(angle))\(scale)\">"
          + "<rect width=\"50\" height=\"50\" class=\"\(style)\" fill=\"\(ground)\"/>"
          + "<rect width=\"\(width)\" height=\"50\" fill=\"\(Theme.axis.light)\"/></pattern>\n"
      }
    }.joined()
  }
}

extension MapPicture {
  /// Whether bubbles are coloured by the classes of a number of their own.
  var hasClassedBubbles: Bool { kind == .bubbles && groups.isEmpty && measure != sizeTitle }
}
