import CQColumns

// Outlines of the places, projected; where names and bubbles stand in them.

extension MapPicture {
  mutating func addShapes(
    _ geometry: MapGeometry, _ rows: [Picture.Place: Int], _ cells: [ChartCell], _ names: [String]
  ) {
    func row(_ place: Picture.Place) -> Int? {
      if geometry.areas.isEmpty { return rows[place] }
      return geometry.areas[place].flatMap { rows[Picture.Place(country: place.country, code: $0)] }
    }
    // A table of the counties of one or a few states is a map of those states.
    let states = Set(
      geometry.shapes.flatMap { outlines in
        outlines.shapes.map { Picture.Place(country: outlines.country, code: $0.code) }
      }.filter { row($0) != nil }.map { Picture.Place(country: $0.country, code: String($0.code.prefix(2))) })
    let isPart = isFine && states.count <= Self.fewStates && !states.isEmpty
    func isDrawn(_ place: Picture.Place) -> Bool {
      !isPart || states.contains(Picture.Place(country: place.country, code: String(place.code.prefix(2))))
    }
    let countries = isPart ? Set(states.map(\.country)) : Set(geometry.shapes.map(\.country))
    let projections = ProjectionSet(
      countries: countries, isPart: isPart, bounds: Self.degrees(geometry.shapes, isDrawn))
    var insets: [MapInset: MapBox] = [:]
    for outlines in geometry.shapes {
      var numbers: [Int: Int] = [:]
      for shape in outlines.shapes {
        let place = Picture.Place(country: outlines.country, code: shape.code)
        guard isDrawn(place) else { continue }
        let projection = projections.projection(country: outlines.country, code: shape.code)
        let rings = shape.rings.map { ring in
          ring.map { reference -> Int in
            let arc = reference < 0 ? ~reference : reference
            let number = numbers[arc] ?? arcs.count
            if number == arcs.count {
              numbers[arc] = number
              arcs.append(outlines.arcs[arc].map { projection($0.x, $0.y) })
            }
            return reference < 0 ? ~number : number
          }
        }
        if let inset = projections.inset(country: outlines.country, code: shape.code) {
          for reference in rings.joined() {
            insets[inset, default: MapBox()].add(arcs[reference < 0 ? ~reference : reference])
          }
        }
        let row = row(place)
        if row == nil { hasOtherPlaces = true }
        let area = row.flatMap { names.indices.contains($0) ? names[$0] : nil }
        shapes.append(Shape(place: place, name: area ?? "", cell: row.map { cells[$0] }, rings: rings))
      }
    }
    if isFine { addFrames() }
    addInsetLines(insets)
  }

  /// Lines that set Alaska and Hawaii apart from the states beside which they are drawn; Alaska's follows its southern
  /// tail, so that it stays clear of Arizona.
  private mutating func addInsetLines(_ insets: [MapInset: MapBox]) {
    let gap = 0.009
    var start: Double?
    if let box = insets[.alaska] {
      let right = box.right + gap
      insetLines.append([
        (box.left, box.top - gap), (box.left + (box.right - box.left) * 0.8, box.top - gap),
        (right, box.top + (box.bottom - box.top) * 0.45), (right, box.bottom),
      ])
      start = right
    }
    if let box = insets[.hawaii] {
      insetLines.append([
        (start ?? box.left - gap, box.top - gap), (box.right + gap, box.top - gap), (box.right + gap, box.bottom),
      ])
    }
  }

  /// State lines over finer shapes: what borders of places of two states, or of one and nothing, are.
  private mutating func addFrames() {
    var states: [Int: Set<String>] = [:]
    var uses: [Int: Int] = [:]
    for shape in shapes {
      let state = shape.place.country + shape.place.code.prefix(2)
      for reference in shape.rings.joined() {
        let arc = reference < 0 ? ~reference : reference
        states[arc, default: []].insert(state)
        uses[arc, default: 0] += 1
      }
    }
    for arc in arcs.indices where states[arc].map({ $0.count > 1 }) ?? false || uses[arc] == 1 { frames.append(arc) }
  }

  private static let fewStates = 5

  private static func degrees(
    _ shapes: [Outlines], _ isDrawn: (Picture.Place) -> Bool
  ) -> (west: Double, south: Double, east: Double, north: Double) {
    var box = (west: 180.0, south: 90.0, east: -180.0, north: -90.0)
    for outlines in shapes {
      for shape in outlines.shapes where isDrawn(Picture.Place(country: outlines.country, code: shape.code)) {
        for reference in shape.rings.joined() {
          for point in outlines.arcs[reference < 0 ? ~reference : reference] {
            box.west = min(box.west, point.x)
            box.east = max(box.east, point.x)
            box.south = min(box.south, point.y)
            box.north = max(box.north, point.y)
          }
        }
      }
    }
    return box
  }

  /// All points of a ring, in order.
  func points(_ ring: [Int]) -> [(x: Double, y: Double)] {
    var points: [(x: Double, y: Double)] = []
    for reference in ring {
      let arc = reference < 0 ? arcs[~reference].reversed() : arcs[reference]
      points += points.isEmpty ? arc[...] : arc.dropFirst()
    }
    return points
  }

  /// The place of the table that a shape is a part of: itself, or its metro.
  func place(of shape: Shape) -> Picture.Place {
    areas[shape.place].map { Picture.Place(country: shape.place.country, code: $0) } ?? shape.place
  }

  /// Where names and marks of a place stand: the point of its largest ring that is furthest from every border, with that
  /// distance and the width of the ring there.
  ///
  /// - Complexity: O(points of the ring × 150) for each place.
  func anchors() -> [Picture.Place: MapAnchor] {
    var largest: [Picture.Place: (area: Double, points: [(x: Double, y: Double)])] = [:]
    for shape in shapes {
      let place = place(of: shape)
      for ring in shape.rings {
        let points = points(ring)
        let area = MapAnchor.area(points)
        if area > largest[place]?.area ?? 0 { largest[place] = (area, points) }
      }
    }
    return largest.mapValues { MapAnchor(inside: $0.points) }
  }
}

/// What shapes take of the plane.
struct MapBox {
  var left = Double.infinity
  var top = Double.infinity
  var right = -Double.infinity
  var bottom = -Double.infinity

  mutating func add(_ points: [(x: Double, y: Double)]) {
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
  }
}

/// The most inner point of a ring.
struct MapAnchor {
  var x = 0.0
  var y = 0.0
  /// To the nearest border.
  var distance = 0.0
  /// Of the ring at this height.
  var width = 0.0
  private var ring: [(x: Double, y: Double)] = []

  /// Whether a rectangle about the point lies within the ring: its corners and the middles of its sides do.
  func holds(width: Double, height: Double) -> Bool {
    [-0.5, 0, 0.5].allSatisfy { across in
      [-0.5, 0.5].allSatisfy { down in Self.distance(x + width * across, y + height * down, ring) != nil }
    }
  }

  private typealias Point = (x: Double, y: Double)

  static func area(_ points: [(x: Double, y: Double)]) -> Double {
    var sum = 0.0
    for (one, other) in zip(points, points.dropFirst()) { sum += one.x * other.y - other.x * one.y }
    return abs(sum) / 2
  }

  /// Looks on a grid over the ring, then on a finer one around the best point. Wide places win over narrow ones of the same
  /// distance, since names are wide.
  init(inside points: [(x: Double, y: Double)]) {
    guard let first = points.first else { return }
    ring = points
    var (left, right, top, bottom) = (first.x, first.x, first.y, first.y)
    for point in points {
      (left, right) = (min(left, point.x), max(right, point.x))
      (top, bottom) = (min(top, point.y), max(bottom, point.y))
    }
    let steps = 10
    var best: (score: Double, x: Double, y: Double)?
    var (centerX, centerY, spanX, spanY) = ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top)
    for _ in 0..<2 {
      for row in 0...steps {
        for column in 0...steps {
          let x = centerX + spanX * (Double(column) / Double(steps) - 0.5)
          let y = centerY + spanY * (Double(row) / Double(steps) - 0.5)
          guard let distance = Self.distance(x, y, points), distance > best?.score ?? 0 else { continue }
          best = (distance, x, y)
        }
      }
      guard let best else { break }
      (centerX, centerY, spanX, spanY) = (best.x, best.y, spanX / 6, spanY / 6)
    }
    (x, y, distance) = best.map { ($0.x, $0.y, $0.score) } ?? (centerX, centerY, 0)
    let crossings = zip(points, points.dropFirst()).compactMap { one, other -> Double? in
      guard (one.y > y) != (other.y > y) else { return nil }
      return one.x + (other.x - one.x) * (y - one.y) / (other.y - one.y)
    }
    let (before, after) = (crossings.filter { $0 <= x }.max(), crossings.filter { $0 > x }.min())
    if let before, let after { width = 2 * min(x - before, after - x) }
  }

  /// To the nearest border; nil outside of the ring.
  private static func distance(_ x: Double, _ y: Double, _ points: [Point]) -> Double? {
    var isInside = false
    var least = Double.infinity
    for (one, other) in zip(points, points.dropFirst()) {
      if (one.y > y) != (other.y > y), x < one.x + (other.x - one.x) * (y - one.y) / (other.y - one.y) {
        isInside.toggle()
      }
      let (dx, dy) = (other.x - one.x, other.y - one.y)
      let length = dx * dx + dy * dy
      let part = length > 0 ? max(0, min(1, ((x - one.x) * dx + (y - one.y) * dy) / length)) : 0
      let (toX, toY) = (one.x + dx * part - x, one.y + dy * part - y)
      least = min(least, toX * toX + toY * toY)
    }
    return isInside ? least.squareRoot() : nil
  }
}
