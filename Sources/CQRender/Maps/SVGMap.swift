import CQColumns

/// A map as SVG: legend above, one map or a panel for each part of the table below.
struct SVGMap {
  private let map: MapPicture
  let panels: [(name: String, map: MapPicture)]
  let colors: [String]

  var whole: MapPicture { map }

  init(_ map: MapPicture) { self.init(map, panels: []) }

  /// - Parameter panels: Maps that share the classes of `map`, each under its name.
  init(_ map: MapPicture, panels: [(name: String, map: MapPicture)]) {
    (self.map, self.panels) = (map, panels)
    colors =
      map.categories.isEmpty || map.kind == .bubbles
      ? Theme.colors(map.classes) : map.categories.enumerated().map { Theme.category($1, $0) }
  }

  var text: String { rendered.text }

  var rendered: (text: String, size: (width: Double, height: Double), SVGDocument) {
    let (document, height) = drawn
    return frame.document(document, height: height)
  }

  var bare: BarePicture {
    let (document, height) = drawn
    return frame.bare(document, height: height)
  }

  private var drawn: (SVGDocument, Double) {
    var document = SVGDocument()
    let top = SVGMapLegend(map, colors: colors).draw(&document) + 10
    if map.shapes.isEmpty {
      document.text("There are no outlines for these places.", x: 0, y: top + 20, style: "m")
      return (document, top + 30)
    }
    document.definitions += SVGMapLegend.patterns
    guard !panels.isEmpty else {
      let (drawn, height) = draw(map, width: SVGFrame.innerWidth, most: map.isTall ? 640 : 560)
      document.append(drawn, y: top)
      return (document, top + height + 6)
    }
    let height = drawPanels(&document, top: top)
    return (document, height)
  }

  private var frame: SVGFrame {
    let extremes = map.extremes(3)
    var description = "Map. \(map.subtitle). \(map.measure). "
    if !extremes.largest.isEmpty { description += "Largest: \(extremes.largest.joined(separator: ", "))." }
    if !extremes.smallest.isEmpty { description += " Smallest: \(extremes.smallest.joined(separator: ", "))." }
    return SVGFrame(
      title: map.title, subtitle: map.subtitle, source: map.source, notes: map.notes, description: description)
  }

  /// - Returns: The height taken, with what is above.
  private func drawPanels(_ document: inout SVGDocument, top: Double) -> Double {
    let columns = panels.count < 2 ? 1 : panels.count == 3 || panels.count > 4 ? 3 : 2
    let gap = 24.0
    let width = (SVGFrame.innerWidth - gap * Double(columns - 1)) / Double(columns)
    var (y, index) = (top, 0)
    while index < panels.count {
      var rowHeight = 0.0
      for (column, panel) in panels[index..<min(index + columns, panels.count)].enumerated() {
        let left = (width + gap) * Double(column)
        let name = SVGText.truncate(panel.name, to: width, size: 13, isBold: true)
        document.text(name, x: left, y: y + 12, size: 13, isBold: true)
        let (drawn, height) = draw(panel.map, width: width, most: width * 0.9)
        document.append(drawn, x: left, y: y + 22)
        rowHeight = max(rowHeight, height + 22)
      }
      y += rowHeight + 16
      index += columns
    }
    return y - 6
  }

  // MARK: - One map

  /// - Returns: The map in `width`, and its height, at most `most`.
  private func draw(_ map: MapPicture, width: Double, most: Double) -> (SVGDocument, Double) {
    let fit = fit(map, width: width, most: most)
    var document = SVGDocument()
    SVGMapPaths(map, fit, colors: colors).draw(&document)
    SVGMapMarks(map, fit, colors: colors).draw(&document)
    return (document, fit.height)
  }

  /// The whole map in the middle of `width`, at most `most` high.
  func fit(_ map: MapPicture, width: Double, most: Double) -> MapFit {
    let bounds = map.bounds
    let (across, down) = (max(bounds.right - bounds.left, 1e-9), max(bounds.bottom - bounds.top, 1e-9))
    let scale = min(width / across, most / down)
    return MapFit(
      scale: scale, left: bounds.left - (width - across * scale) / 2 / scale, top: bounds.top, width: width,
      height: down * scale)
  }
}

extension MapPicture {
  /// Maps that are higher than wide get a little more room.
  fileprivate var isTall: Bool {
    let bounds = bounds
    return bounds.bottom - bounds.top > (bounds.right - bounds.left) * 0.9
  }
}

/// From the plane of a map to pixels.
struct MapFit {
  /// Pixels for a unit of the plane.
  var scale: Double
  var left: Double
  var top: Double
  var width: Double
  var height: Double

  func callAsFunction(_ point: (x: Double, y: Double)) -> (x: Double, y: Double) {
    ((point.x - left) * scale, (point.y - top) * scale)
  }

  /// In tenths of pixels.
  func tenths(_ point: (x: Double, y: Double)) -> (x: Int, y: Int) {
    let at = self(point)
    return (Int((at.x * 10).rounded()), Int((at.y * 10).rounded()))
  }
}

/// The areas of a map: borders once where two places share them, coordinates as small whole numbers.
struct SVGMapPaths {
  private let map: MapPicture
  private let fit: MapFit
  private let colors: [String]

  init(_ map: MapPicture, _ fit: MapFit, colors: [String]) { (self.map, self.fit, self.colors) = (map, fit, colors) }

  func draw(_ document: inout SVGDocument) {
    // Points nearer than this to the one before are left out, the same on both sides of a border.
    let least = map.isFine ? 5 : 6
    let arcs = map.arcs.map { Self.thinned($0.map { fit.tenths($0) }, least: least) }
    var groups: [String: [MapPicture.Shape]] = [:]
    for shape in map.shapes { groups[fill(shape), default: []].append(shape) }
    let order = ["land"] + colors + ["url(#cq-missing)", "url(#cq-withheld)"]
    let borderWidth = map.isFine ? (map.shapes.count > 1_500 ? 2 : 4) : fit.width < 400 ? 5 : 8
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
    if !map.frames.isEmpty {
      let lines = map.frames.map { Self.line(arcs[$0]) }.joined()
      document.append(
        "<path d=\"\(lines)\" fill=\"none\" stroke=\"\(Theme.axis.light)\" stroke-width=\"6\" class=\"a\"/>")
    }
    if !map.insetLines.isEmpty {
      let lines = map.insetLines.map { Self.line($0.map { fit.tenths($0) }) }.joined()
      document.append(
        "<path d=\"\(lines)\" fill=\"none\" stroke=\"\(Theme.axis.light)\" stroke-width=\"8\" class=\"a\"/>")
    }
    document.append("</g>")
  }

  private func fill(_ shape: MapPicture.Shape) -> String {
    guard let cell = shape.cell else { return "land" }
    switch cell.state {
    case .known, .estimated: return map.isFilled ? colors[map.classes.index(of: cell.value)] : "land"
    case .withheld: return "url(#cq-withheld)"
    case .missing: return "url(#cq-missing)"
    }
  }

  private func tip(_ shape: MapPicture.Shape, _ format: NumberFormat) -> String {
    guard let cell = shape.cell else { return "" }
    guard cell.state.hasValue else { return "\(shape.name): \(cell.state.name)" }
    guard map.isFilled else { return "" }
    if !map.categories.isEmpty { return "\(shape.name): \(map.categories[map.classes.index(of: cell.value)])" }
    return "\(shape.name): \(format(cell.value).text)\(cell.state == .estimated ? "~" : "")"
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
