import CQColumns

/// A choropleth as SVG: borders once where two places share them, coordinates as small whole numbers.
struct SVGMap {
  private let map: MapPicture
  /// Coordinates are tenths of a pixel.
  private static let unit = 10.0

  init(_ map: MapPicture) { self.map = map }

  var text: String { rendered.text }

  var rendered: (text: String, size: (width: Double, height: Double), SVGDocument) {
    var document = SVGDocument()
    let colors = Theme.colors(map.classes)
    var entries =
      map.valueCount == 0
      ? []
      : zip(map.classes.labels(map.quantity), map.counts).enumerated().map { index, entry in
        ("\(entry.0) (\(NumberFormat.grouped(entry.1)))", "k", Optional(colors[index]))
      }
    if map.withheldCount > 0 { entries.append(("withheld (\(map.withheldCount))", "k", "url(#cq-withheld-key)")) }
    if map.missingCount > 0 { entries.append(("missing (\(map.missingCount))", "k", "url(#cq-missing-key)")) }
    if map.hasOtherPlaces { entries.append(("not in the table", "d", nil)) }
    let top = SVGLegend.draw(entries, title: map.measure, in: &document) + 8
    if map.shapes.isEmpty {
      document.text("There are no outlines for these places.", x: 0, y: top + 20, style: "m")
      return frame.document(document, height: top + 30)
    }
    document.definitions += patterns
    let bounds = map.bounds
    let (width, height) = (max(bounds.right - bounds.left, 1e-9), max(bounds.bottom - bounds.top, 1e-9))
    let scale = min(SVGFrame.innerWidth / width, 560 / height)
    let left = (SVGFrame.innerWidth - width * scale) / 2
    let fit = Fit(
      scale: scale * Self.unit, left: bounds.left - left / scale, top: bounds.top - top / scale)
    draw(&document, fit, colors)
    return frame.document(document, height: top + height * scale + 6)
  }

  private var frame: SVGFrame {
    var notes = map.notes
    if map.marksEstimates { notes.insert("Dotted: estimated in part (\(map.estimatedCount))", at: 0) }
    let extremes = map.extremes(3)
    var description = "Map. \(map.subtitle). \(map.measure). Largest: \(extremes.largest.joined(separator: ", "))."
    if !extremes.smallest.isEmpty { description += " Smallest: \(extremes.smallest.joined(separator: ", "))." }
    return SVGFrame(
      title: map.title, subtitle: map.subtitle, source: map.source, notes: notes, description: description)
  }

  // MARK: - Shapes

  private struct Fit {
    var scale: Double
    var left: Double
    var top: Double

    func callAsFunction(_ point: (x: Double, y: Double)) -> (x: Int, y: Int) {
      (Int(((point.x - left) * scale).rounded()), Int(((point.y - top) * scale).rounded()))
    }
  }

  private func draw(_ document: inout SVGDocument, _ fit: Fit, _ colors: [String]) {
    // Points nearer than this to the one before are left out, the same on both sides of a border.
    let least = map.isFine ? 5 : 6
    let arcs = map.arcs.map { Self.thinned($0.map { fit($0) }, least: least) }
    var groups: [String: [MapPicture.Shape]] = [:]
    for shape in map.shapes { groups[fill(shape, colors), default: []].append(shape) }
    let order = ["land"] + colors + ["url(#cq-missing)", "url(#cq-withheld)"]
    let borderWidth = map.isFine ? (map.shapes.count > 1_500 ? 2 : 4) : 8
    document.append(
      "<g transform=\"scale(0.1)\" stroke=\"\(Theme.background.light)\" class=\"bl\" stroke-width=\"\(borderWidth)\" "
        + "stroke-linejoin=\"round\">")
    let format = NumberFormat(
      map.quantity, of: map.shapes.compactMap { $0.cell?.value }, states: map.shapes.compactMap { $0.cell?.state })
    var seen: Set<String> = []
    for color in order where seen.insert(color).inserted {
      guard let shapes = groups[color] else { continue }
      let fill = color == "land" ? "class=\"d\" fill=\"\(Theme.land.light)\"" : "fill=\"\(color)\""
      document.append("<g \(fill) fill-rule=\"evenodd\">")
      for shape in shapes {
        let path = Self.path(shape.rings, arcs)
        guard !path.isEmpty else { continue }
        let tip = tip(shape, format)
        document.append(
          tip.isEmpty ? "<path d=\"\(path)\"/>" : "<path d=\"\(path)\"><title>\(SVGText.escaped(tip))</title></path>")
      }
      document.append("</g>")
    }
    if map.marksEstimates {
      document.append("<g fill=\"url(#cq-estimated)\" stroke=\"none\" fill-rule=\"evenodd\" pointer-events=\"none\">")
      for shape in map.shapes where shape.cell?.state == .estimated {
        document.append("<path d=\"\(Self.path(shape.rings, arcs))\"/>")
      }
      document.append("</g>")
    }
    if !map.frames.isEmpty {
      let lines = map.frames.map { Self.line(arcs[$0]) }.joined()
      document.append(
        "<path d=\"\(lines)\" fill=\"none\" stroke=\"\(Theme.axis.light)\" stroke-width=\"6\" class=\"a\"/>")
    }
    document.append("</g>")
  }

  private func fill(_ shape: MapPicture.Shape, _ colors: [String]) -> String {
    guard let cell = shape.cell else { return "land" }
    switch cell.state {
    case .known, .estimated: return colors[map.classes.index(of: cell.value)]
    case .withheld: return "url(#cq-withheld)"
    case .missing: return "url(#cq-missing)"
    }
  }

  private func tip(_ shape: MapPicture.Shape, _ format: NumberFormat) -> String {
    guard let cell = shape.cell else { return "" }
    guard cell.state.hasValue else { return "\(shape.name): \(cell.state.name)" }
    return "\(shape.name): \(format(cell.value).text)\(cell.state == .estimated ? "~" : "")"
  }

  /// Hatched: withheld one way, missing the other; dots: estimated. Those of the legend are in pixels, those of the map in
  /// its tenths of them.
  private var patterns: String {
    let hatches = [("cq-withheld", 45, 14, "n", Theme.noValue.light), ("cq-missing", -45, 7, "d", Theme.land.light)]
    let lines = hatches.flatMap { name, angle, width, style, ground in
      [("", ""), ("-key", " scale(0.1)")].map { suffix, scale in
        "<pattern id=\"\(name)\(suffix)\" width=\"50\" height=\"50\" patternUnits=\"userSpaceOnUse\" "
          + "patternTransform=\"rotate(\(angle))\(scale)\">"
          + "<rect width=\"50\" height=\"50\" class=\"\(style)\" fill=\"\(ground)\"/>"
          + "<rect width=\"\(width)\" height=\"50\" fill=\"\(Theme.axis.light)\"/></pattern>\n"
      }
    }
    return lines.joined() + """
      <pattern id="cq-estimated" width="60" height="60" patternUnits="userSpaceOnUse">\
      <circle cx="15" cy="15" r="7" fill="\(Theme.background.light)" fill-opacity="0.85"/>\
      <circle cx="45" cy="45" r="7" fill="\(Theme.text.light)" fill-opacity="0.55"/></pattern>

      """
  }

  // MARK: - Paths

  private static func thinned(_ points: [(x: Int, y: Int)], least: Int) -> [(x: Int, y: Int)] {
    guard points.count > 2, let first = points.first, let last = points.last else { return points }
    var kept = [first]
    for point in points.dropFirst().dropLast() {
      let (dx, dy) = (point.x - kept[kept.count - 1].x, point.y - kept[kept.count - 1].y)
      if dx * dx + dy * dy >= least * least { kept.append(point) }
    }
    kept.append(last)
    return kept
  }

  private static func path(_ rings: [[Int]], _ arcs: [[(x: Int, y: Int)]]) -> String {
    var path = ""
    for ring in rings {
      var points: [(x: Int, y: Int)] = []
      for reference in ring {
        let arc = reference < 0 ? arcs[~reference].reversed() : arcs[reference]
        for point in arc where points.last.map({ $0 != point }) ?? true { points.append(point) }
      }
      if points.count > 2 { path += line(points) + "z" }
    }
    return path
  }

  /// `m10 20 3-4 5 6`: the first point, then steps.
  private static func line(_ points: [(x: Int, y: Int)]) -> String {
    guard let first = points.first else { return "" }
    var path = "M\(first.x)\(first.y < 0 ? "" : " ")\(first.y)"
    var last = first
    var isFirst = true
    for point in points.dropFirst() {
      let (dx, dy) = (point.x - last.x, point.y - last.y)
      guard dx != 0 || dy != 0 else { continue }
      path += isFirst ? "l" : dx < 0 ? "" : " "
      path += "\(dx)\(dy < 0 ? "" : " ")\(dy)"
      isFirst = false
      last = point
    }
    return path
  }
}
