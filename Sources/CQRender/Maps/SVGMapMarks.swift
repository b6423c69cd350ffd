import CQColumns

/// What stands over the areas of a map: bubbles, points, rings at estimates, names.
struct SVGMapMarks {
  private let map: MapPicture
  private let fit: MapFit
  private let colors: [String]
  static let largestRadius = 24.0
  private static let labelSize = 11.0

  init(_ map: MapPicture, _ fit: MapFit, colors: [String]) { (self.map, self.fit, self.colors) = (map, fit, colors) }

  func draw(_ document: inout SVGDocument) {
    let marksEstimates = map.isFilled && map.marksEstimates && map.labels.isEmpty
    guard !map.marks.isEmpty || !map.labels.isEmpty || marksEstimates else { return }
    let anchors = map.anchors()
    var placer = LabelPlacer(
      frame: SVGLabels.Box(left: 0, top: 0, right: fit.width, bottom: fit.height), size: Self.labelSize)
    switch map.kind {
    case .bubbles: bubbles(&document, anchors, &placer)
    case .points: points(&document, anchors)
    case .classes, .categories:
      if marksEstimates { rings(&document, anchors) }
      if !map.labels.isEmpty { names(&document, anchors, &placer) }
    }
  }

  /// Areas are in proportion to sizes; small ones lie over large ones.
  private func bubbles(
    _ document: inout SVGDocument, _ anchors: [Picture.Place: MapAnchor], _ placer: inout LabelPlacer
  ) {
    let drawn = sized(anchors)
    for one in drawn {
      if map.hasClassedBubbles {
        let color = colors[one.mark.color]
        document.append(
          "<circle cx=\"\(SVGDocument.number(one.x))\" cy=\"\(SVGDocument.number(one.y))\" "
            + "r=\"\(SVGDocument.number(one.radius))\" fill=\"\(color)\" fill-opacity=\"0.88\" "
            + "stroke=\"\(Theme.text.light)\" stroke-opacity=\"0.45\" stroke-width=\"0.8\">"
            + "<title>\(SVGText.escaped(one.mark.tip))</title></circle>")
      } else {
        document.circle(
          one.x, one.y, radius: one.radius, style: "f\(one.mark.color % Theme.series.count)", opacity: 0.62,
          stroke: "bl", tip: one.mark.tip)
      }
      let reach = one.radius * 0.9
      placer.take(
        SVGLabels.Box(left: one.x - reach, top: one.y - reach, right: one.x + reach, bottom: one.y + reach))
    }
    for one in drawn {
      guard let label = map.labels[one.mark.place],
        let placement = placer.place(label, at: (one.x, one.y), radius: one.radius)
      else { continue }
      document.draw(placement, size: Self.labelSize)
    }
  }

  /// Where bubbles or points stand, large ones first.
  var positions: [(mark: MapPicture.Mark, x: Double, y: Double)] {
    let anchors = map.anchors()
    return map.kind == .points ? spirals(anchors) : sized(anchors).map { ($0.mark, $0.x, $0.y) }
  }

  private func sized(
    _ anchors: [Picture.Place: MapAnchor]
  ) -> [(mark: MapPicture.Mark, x: Double, y: Double, radius: Double)] {
    let largest = map.marks.compactMap(\.size).max() ?? 0
    let most = Self.largestRadius * min(1, fit.width / SVGFrame.innerWidth + 0.15)
    return map.marks.compactMap { mark -> (mark: MapPicture.Mark, x: Double, y: Double, radius: Double)? in
      guard let anchor = anchors[mark.place], let size = mark.size, largest > 0 else { return nil }
      let at = fit((anchor.x, anchor.y))
      return (mark, at.x, at.y, max(1.5, most * (size / largest).squareRoot()))
    }.sorted { $0.radius == $1.radius ? $0.mark.name < $1.mark.name : $0.radius > $1.radius }
  }

  /// The points of a place in a spiral about its middle, those of a kind together.
  private func spirals(_ anchors: [Picture.Place: MapAnchor]) -> [(mark: MapPicture.Mark, x: Double, y: Double)] {
    var places: [Picture.Place: [MapPicture.Mark]] = [:]
    for mark in map.marks { places[mark.place, default: []].append(mark) }
    let ordered = places.keys.sorted { ($0.country, $0.code) < ($1.country, $1.code) }
    return ordered.flatMap { place -> [(mark: MapPicture.Mark, x: Double, y: Double)] in
      guard let anchor = anchors[place], let marks = places[place] else { return [] }
      let at = fit((anchor.x, anchor.y))
      let sorted = marks.enumerated().sorted {
        $0.element.color == $1.element.color ? $0.offset < $1.offset : $0.element.color < $1.element.color
      }
      return sorted.enumerated().map { index, entry in
        // The golden angle leaves no gaps (Vogel 1979, Mathematical Biosciences 44: 179–189).
        let angle = Double(index) * 137.507_764
        let reach = marks.count == 1 ? 0 : 5.4 * (Double(index) + 0.4).squareRoot()
        return (
          entry.element, at.x + reach * Trigonometry.cosine(angle), at.y + reach * Trigonometry.sine(angle)
        )
      }
    }
  }

  private func points(_ document: inout SVGDocument, _ anchors: [Picture.Place: MapAnchor]) {
    for one in spirals(anchors) {
      document.circle(
        one.x, one.y, radius: 4.2, style: "f\(one.mark.color % Theme.series.count)", stroke: "bl", tip: one.mark.tip)
    }
  }

  private func rings(_ document: inout SVGDocument, _ anchors: [Picture.Place: MapAnchor]) {
    let radius = map.isFine ? 1.7 : fit.width < 400 ? 2 : 3
    var seen: Set<Picture.Place> = []
    for shape in map.shapes where shape.cell?.state == .estimated {
      let place = map.place(of: shape)
      guard seen.insert(place).inserted, let anchor = anchors[place] else { continue }
      let at = fit((anchor.x, anchor.y))
      document.circle(at.x, at.y, radius: radius, style: "b", stroke: "tl")
    }
  }

  /// Names inside of areas that are wide enough, and beside the others where nothing is in the way: large areas first.
  private func names(
    _ document: inout SVGDocument, _ anchors: [Picture.Place: MapAnchor], _ placer: inout LabelPlacer
  ) {
    var fills: [Picture.Place: String] = [:]
    for shape in map.shapes {
      guard let cell = shape.cell, cell.state.hasValue else { continue }
      fills[map.place(of: shape)] = colors[map.classes.index(of: cell.value)]
    }
    let size = Self.labelSize
    let order = anchors.keys.filter { map.labels[$0] != nil }.sorted { one, other in
      let (left, right) = (anchors[one]?.distance ?? 0, anchors[other]?.distance ?? 0)
      return left == right ? (one.country, one.code) < (other.country, other.code) : left > right
    }
    var outside: [(text: String, x: Double, y: Double)] = []
    for place in order {
      guard let anchor = anchors[place], let text = map.labels[place] else { continue }
      let at = fit((anchor.x, anchor.y))
      let lines = Self.lines(text, room: anchor.width * fit.scale, size: size)
      let width = (lines.map { SVGText.width($0, size: size) }.max() ?? 0) + 4
      let height = Double(lines.count) * (size + 1)
      guard anchor.holds(width: width / fit.scale, height: height / fit.scale) else {
        outside.append((text, at.x, at.y))
        continue
      }
      let top = at.y - Double(lines.count) * (size + 1) / 2
      for (index, line) in lines.enumerated() {
        let y = top + Double(index) * (size + 1) + size * 0.86
        if let fill = fills[place] {
          document.text(line, x: at.x, y: y, size: size, anchor: .middle, style: "k", fill: Contrast.ink(on: fill))
        } else {
          document.text(line, x: at.x, y: y, size: size, anchor: .middle, style: "t", halo: true)
        }
      }
      placer.take(
        SVGLabels.Box(left: at.x - width / 2, top: top, right: at.x + width / 2, bottom: top + height))
    }
    // On another place a name would be wrong: the others stand off the coast, led to their place by a line, or nowhere.
    let land = MapLand(map, fit)
    placer.isForbidden = { land.covers($0) }
    placer.distances = [6, 14, 24, 36, 50, 66, 84, 104].map { ($0, true) }
    for one in outside {
      guard let placement = placer.place(one.text, at: (one.x, one.y), radius: 1) else { continue }
      document.draw(placement, size: size)
    }
  }

  private static func lines(_ text: String, room: Double, size: Double) -> [String] {
    guard SVGText.width(text, size: size) > room - 3 else { return [text] }
    let broken = SVGText.wrap(text, to: max(20, room - 3), size: size)
    return broken.count <= 3 && !broken.contains { $0.hasSuffix("…") } ? broken : [text]
  }
}

/// Where a map has land, on a grid of a few pixels.
struct MapLand {
  private static let step = 4.0
  private let width: Int
  private let height: Int
  private let samples: [Int]

  init(_ map: MapPicture, _ fit: MapFit) {
    width = max(1, Int((fit.width / Self.step).rounded(.up)))
    height = max(1, Int((fit.height / Self.step).rounded(.up)))
    let (spanX, spanY) = (Double(width) * Self.step / fit.scale, Double(height) * Self.step / fit.scale)
    samples =
      MapRaster(
        map, width: width, height: height,
        bounds: (left: fit.left, top: fit.top, right: fit.left + spanX, bottom: fit.top + spanY), mark: { _ in 1 }
      ).samples
  }

  func covers(_ box: SVGLabels.Box) -> Bool {
    func cells(_ low: Double, _ high: Double, _ count: Int) -> Range<Int> {
      let first = max(0, min(count, Int(max(0, low) / Self.step)))
      return first..<max(first, min(count, Int(max(0, high) / Self.step) + 1))
    }
    let columns = cells(box.left, box.right, width)
    return cells(box.top, box.bottom, height).contains { row in
      columns.contains { samples[row * width + $0] == 1 }
    }
  }
}
