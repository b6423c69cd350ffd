/// Labels that keep out of each other's way.
enum SVGLabels {
  /// The heights nearest to `wanted` with at least `gap` between them, inside the plane.
  static func spread(_ wanted: [Double], gap: Double, top: Double, bottom: Double) -> [Double] {
    let order = wanted.indices.sorted { wanted[$0] == wanted[$1] ? $0 < $1 : wanted[$0] < wanted[$1] }
    var places = order.map { wanted[$0] }
    for index in places.indices.dropFirst() { places[index] = max(places[index], places[index - 1] + gap) }
    if let last = places.last, last > bottom {
      places[places.count - 1] = bottom
      for index in places.indices.dropLast().reversed() { places[index] = min(places[index], places[index + 1] - gap) }
    }
    // Pull groups that were pushed down back towards where they belong.
    if let first = places.first, first < top {
      let shift = top - first
      places = places.map { $0 + shift }
    }
    var result = wanted
    for (position, index) in order.enumerated() { result[index] = places[position] }
    return result
  }

  struct Box {
    var left: Double
    var top: Double
    var right: Double
    var bottom: Double

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }
}

/// Finds places for names beside marks: near first, on one line or two, further off with a line that leads to the mark.
struct LabelPlacer {
  struct Line {
    var text: String
    var x: Double
    var y: Double
    var anchor: SVGDocument.Anchor
  }

  struct Placement {
    var lines: [Line]
    /// From the mark to the label, where it stands off.
    var leader: (from: (x: Double, y: Double), to: (x: Double, y: Double))?
  }

  /// What labels must stay inside.
  let frame: SVGLabels.Box
  let size: Double
  /// Marks and labels that are there already.
  private var taken: [SVGLabels.Box]
  private var texts: [SVGLabels.Box] = []

  init(frame: SVGLabels.Box, size: Double, taken: [SVGLabels.Box] = []) {
    (self.frame, self.size, self.taken) = (frame, size, taken)
  }

  /// East, west, north, south, then between them.
  private static let directions: [(x: Double, y: Double)] = [
    (1, 0), (-1, 0), (0, -1), (0, 1), (0.7, -0.7), (0.7, 0.7), (-0.7, -0.7), (-0.7, 0.7),
  ]

  /// What else a label must not lie on.
  var isForbidden: (SVGLabels.Box) -> Bool = { _ in false }
  /// How far off labels may stand.
  var distances: [(gap: Double, hasLeader: Bool)] = [(4, false), (13, true), (26, true)]

  mutating func take(_ box: SVGLabels.Box) { taken.append(box) }

  /// - Returns: nil where every place near the mark is taken.
  mutating func place(_ name: String, at mark: (x: Double, y: Double), radius: Double) -> Placement? {
    guard !name.isEmpty else { return nil }
    for distance in distances {
      for lines in variants(name) {
        let width = lines.map { SVGText.width($0, size: size) }.max() ?? 0
        let height = Double(lines.count) * (size + 2)
        for direction in Self.directions {
          let reach = radius + distance.gap
          let edge = (x: mark.x + direction.x * reach, y: mark.y + direction.y * reach)
          let left = direction.x > 0 ? edge.x : direction.x < 0 ? edge.x - width : edge.x - width / 2
          let top = direction.y > 0 ? edge.y : direction.y < 0 ? edge.y - height : edge.y - height / 2
          let box = SVGLabels.Box(left: left - 1, top: top, right: left + width + 1, bottom: top + height)
          let leader =
            distance.hasLeader
            ? (from: (x: mark.x + direction.x * radius, y: mark.y + direction.y * radius), to: edge) : nil
          guard isFree(box), leader.map({ !crosses($0.from, $0.to) }) ?? true else { continue }
          taken.append(box)
          texts.append(box)
          let anchor: SVGDocument.Anchor = direction.x > 0 ? .start : direction.x < 0 ? .end : .middle
          let x = direction.x > 0 ? left : direction.x < 0 ? left + width : left + width / 2
          let placed = lines.enumerated().map { index, text in
            Line(text: text, x: x, y: top + (size + 2) * Double(index) + size * 0.86, anchor: anchor)
          }
          return Placement(lines: placed, leader: leader)
        }
      }
    }
    return nil
  }

  /// The name as it is, and broken in two where it is long.
  private func variants(_ name: String) -> [[String]] {
    let width = SVGText.width(name, size: size)
    let one = width <= 150 ? [[name]] : []
    guard width > 80 else { return [[name]] }
    let broken = [0.52, 0.58, 0.66, 0.74].lazy.map { SVGText.wrap(name, to: max(64, width * $0), size: size) }
      .first { $0.count == 2 && !$0.contains { $0.hasSuffix("…") } }
    return one + (broken.map { [$0] } ?? [])
      + (width > 150 && broken == nil ? [[SVGText.truncate(name, to: 150, size: size)]] : [])
  }

  private func isFree(_ box: SVGLabels.Box) -> Bool {
    box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
      && !taken.contains { $0.overlaps(box) } && !isForbidden(box)
  }

  /// A line through a name would strike it out.
  private func crosses(_ from: (x: Double, y: Double), _ to: (x: Double, y: Double)) -> Bool {
    stride(from: 0.1, to: 1.0, by: 0.2).contains { part in
      let (x, y) = (from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part)
      return texts.contains { $0.left < x && x < $0.right && $0.top < y && y < $0.bottom }
    }
  }
}

extension SVGDocument {
  mutating func draw(_ placement: LabelPlacer.Placement, size: Double, style: String = "t") {
    if let leader = placement.leader {
      line(leader.from.x, leader.from.y, leader.to.x, leader.to.y, style: "a", width: 0.75)
    }
    for line in placement.lines {
      text(line.text, x: line.x, y: line.y, size: size, anchor: line.anchor, style: style, halo: true)
    }
  }
}
