import CQColumns

/// A map of a result before anybody draws it: which place has which value, in classes, and its outlines on a plane.
struct MapPicture {
  /// A place that is drawn: all rings of one member.
  struct Shape {
    var place: Picture.Place
    var name: String
    /// nil for places that the table has no row for.
    var cell: ChartCell?
    /// Rings as lists of arcs, `~i` backwards.
    var rings: [[Int]]
  }

  var title = ""
  var subtitle = ""
  var source = ""
  var notes: [String] = []
  var measure: String
  var quantity: Quantity
  var classes: ValueClasses
  /// Places of each class.
  var counts: [Int]
  private(set) var withheldCount = 0
  private(set) var missingCount = 0
  private(set) var estimatedCount = 0
  private(set) var valueCount = 0
  var hasOtherPlaces = false
  var shapes: [Shape] = []
  /// Arcs that are lines between states, where the shapes are finer.
  var frames: [Int] = []
  /// Points of each arc on the plane.
  var arcs: [[(x: Double, y: Double)]] = []
  var isFine: Bool

  /// The smallest rectangle around everything.
  var bounds: (left: Double, top: Double, right: Double, bottom: Double) {
    var box = (left: Double.infinity, top: Double.infinity, right: -Double.infinity, bottom: -Double.infinity)
    for arc in arcs {
      for point in arc {
        box.left = min(box.left, point.x)
        box.right = max(box.right, point.x)
        box.top = min(box.top, point.y)
        box.bottom = max(box.bottom, point.y)
      }
    }
    return arcs.isEmpty ? (0, 0, 1, 1) : box
  }

  /// Estimates are marked on the map where they are the exception; a note counts them where they are the rule.
  var marksEstimates: Bool { estimatedCount > 0 && estimatedCount * 2 <= valueCount && estimatedCount <= 400 }

  /// Nil when the table asks for no map, or lacks what a map needs.
  init?(_ table: Table) {
    guard let picture = table.picture, picture.kind == .map, let name = picture.color,
      let column = NumberColumn(table.column(named: name)), picture.places.count == table.rowCount
    else { return nil }
    measure = column.titleWithUnit
    quantity = column.quantity
    let cells = column.cells
    let values = cells.filter(\.state.hasValue).map(\.value)
    let center = picture.center ?? (column.isQuotient ? 1 : values.contains { $0 < 0 } ? 0 : nil)
    classes = ValueClasses(
      values, scheme: picture.scheme, center: center, breaks: picture.breaks, count: picture.classCount)
    counts = Array(repeating: 0, count: classes.count)
    isFine = picture.level != "state"
    describe(table, picture)

    var rows: [Picture.Place: Int] = [:]
    for (row, place) in picture.places.enumerated() { rows[place] = row }
    let names = picture.x.flatMap { table.column(named: $0)?.texts } ?? []
    for cell in cells {
      switch cell.state {
      case .known, .estimated:
        counts[classes.index(of: cell.value)] += 1
        valueCount += 1
        if cell.state == .estimated { estimatedCount += 1 }
      case .withheld: withheldCount += 1
      case .missing: missingCount += 1
      }
    }
    let geometry = picture.geometry ?? MapGeometry(shapes: [])
    addShapes(geometry, rows, cells, names)
    addNotes(table, geometry, places: Set(picture.places))
  }

  private mutating func describe(_ table: Table, _ picture: Picture) {
    var chart = Chart(kind: .map)
    chart.describe(table, picture)
    (title, subtitle, source) = (chart.title, chart.subtitle, chart.source)
  }

  // MARK: - Shapes

  private mutating func addShapes(
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
        let row = row(place)
        if row == nil { hasOtherPlaces = true }
        let area = row.flatMap { names.indices.contains($0) ? names[$0] : nil }
        shapes.append(Shape(place: place, name: area ?? "", cell: row.map { cells[$0] }, rings: rings))
      }
    }
    if isFine { addFrames() }
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

  private mutating func addNotes(_ table: Table, _ geometry: MapGeometry, places: Set<Picture.Place>) {
    if estimatedCount > 0, !marksEstimates {
      notes.append("\(estimatedCount) of \(valueCount) values are estimated in part")
    }
    let drawn = Set(
      shapes.compactMap { shape -> Picture.Place? in
        guard shape.cell != nil else { return nil }
        guard let area = geometry.areas[shape.place] else { return shape.place }
        return Picture.Place(country: shape.place.country, code: area)
      })
    let absent = places.subtracting(drawn).count
    if absent > 0 { notes.append("not on the map for want of outlines: \(absent) of \(places.count) places") }
    notes += table.notes.map(\.text.printable)
  }

  // MARK: - For the renderers

  /// All points of a ring, in order.
  func points(_ ring: [Int]) -> [(x: Double, y: Double)] {
    var points: [(x: Double, y: Double)] = []
    for reference in ring {
      let arc = reference < 0 ? arcs[~reference].reversed() : arcs[reference]
      points += points.isEmpty ? arc[...] : arc.dropFirst()
    }
    return points
  }

  /// `Michigan 5.54`, … of the largest values and the smallest.
  func extremes(_ count: Int) -> (largest: [String], smallest: [String]) {
    var seen: Set<String> = []
    let named = shapes.compactMap { shape -> (name: String, cell: ChartCell)? in
      guard let cell = shape.cell, cell.state.hasValue, !shape.name.isEmpty, seen.insert(shape.name).inserted else {
        return nil
      }
      return (shape.name, cell)
    }.sorted { $0.cell.value == $1.cell.value ? $0.name < $1.name : $0.cell.value > $1.cell.value }
    let format = NumberFormat(quantity, of: named.map(\.cell.value), states: named.map(\.cell.state))
    let texts = named.map { "\($0.name) \(format($0.cell.value).text)\($0.cell.state == .estimated ? "~" : "")" }
    return (Array(texts.prefix(count)), Array(texts.suffix(min(count, max(0, texts.count - count))).reversed()))
  }
}
