import CQColumns

/// A map of a result before anybody draws it: which place has which value, in classes, and its outlines on a plane.
struct MapPicture {
  /// A place that is drawn: all rings of one member.
  struct Shape {
    var place: Picture.Place
    var name: String
    /// nil for places that the table has no row for. On maps of categories, the number of the category.
    var cell: ChartCell?
    /// Rings as lists of arcs, `~i` backwards.
    var rings: [[Int]]
  }

  /// A bubble or a point over a place.
  struct Mark {
    var place: Picture.Place
    var name: String
    /// nil for points, which all have the same size.
    var size: Double?
    /// Index into ``groups``, or into the classes where the map is filled by numbers.
    var color: Int
    var tip: String
  }

  enum Kind {
    /// Areas filled by classes of a number.
    case classes
    /// Areas filled by names.
    case categories
    /// Bubbles over places, told apart by classes of a number or by names.
    case bubbles
    /// A point for each row.
    case points
  }

  var kind = Kind.classes
  var title = ""
  var subtitle = ""
  var source = ""
  var notes: [String] = []
  var measure: String
  var quantity: Quantity
  var classes: ValueClasses
  /// What the centre of a diverging scale stands for: the base area of quotients.
  var centerName = ""
  /// Names that areas are filled by, on maps of categories.
  var categories: [String] = []
  /// What bubbles or points are told apart by; empty where classes do.
  var groups: [String] = []
  var groupTitle = ""
  var marks: [Mark] = []
  var sizeTitle = ""
  var sizeQuantity = Quantity.ratio
  /// What is written at places, by place; empty where nothing is.
  var labels: [Picture.Place: String] = [:]
  /// Places of each class.
  var counts: [Int]
  private(set) var withheldCount = 0
  private(set) var missingCount = 0
  private(set) var estimatedCount = 0
  private(set) var valueCount = 0
  var hasOtherPlaces = false
  var shapes: [Shape] = []
  /// For metros and economic areas: the area of each county.
  var areas: [Picture.Place: String] = [:]
  /// Arcs that are lines between states, where the shapes are finer.
  var frames: [Int] = []
  /// Lines around places that are drawn beside the others, on the plane.
  var insetLines: [[(x: Double, y: Double)]] = []
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

  /// Whether areas are filled; otherwise they are land below bubbles or points.
  var isFilled: Bool { kind == .classes || kind == .categories }

  /// The names of classes or categories.
  var classLabels: [String] { categories.isEmpty ? classes.labels(quantity) : categories }

  /// More names can't be told apart by colour.
  static let groupLimit = 8

  /// Nil when the table asks for no map, or lacks what a map needs.
  ///
  /// - Parameter shared: Classes that panels have in common; computed from this table's values when nil.
  init?(_ table: Table, shared: ValueClasses? = nil, categories known: [String]? = nil) {
    guard let picture = table.picture, picture.kind == .map, picture.places.count == table.rowCount else { return nil }
    guard let fill = MapFill(table, picture, known) else { return nil }
    (measure, quantity, kind, categories) = (fill.measure, fill.quantity, fill.kind, fill.categories)
    let values = fill.cells.filter(\.state.hasValue).map(\.value)
    let center = picture.center ?? (fill.isQuotient ? 1 : values.contains { $0 < 0 } ? 0 : nil)
    classes =
      shared
      ?? (categories.isEmpty
        ? ValueClasses(
          values, scheme: picture.scheme, center: center, breaks: picture.breaks, count: picture.classCount)
        : ValueClasses(categoryCount: categories.count))
    if fill.isQuotient, picture.center == nil { centerName = table.header.base.printable }
    counts = Array(repeating: 0, count: classes.count)
    isFine = picture.level != "state"
    describe(table, picture)

    var rows: [Picture.Place: Int] = [:]
    for (row, place) in picture.places.enumerated() { rows[place] = row }
    for row in kind == .points ? Array(rows.values) : Array(fill.cells.indices) { count(fill.cells[row]) }
    let names = picture.x.flatMap { table.column(named: $0)?.texts } ?? []
    let geometry = picture.geometry ?? MapGeometry(shapes: [])
    areas = geometry.areas
    addShapes(geometry, rows, fill.cells, names)
    addMarks(table, picture, fill.cells, names)
    addLabels(table, picture)
    addNotes(table, geometry, places: Set(picture.places))
  }

  private mutating func count(_ cell: ChartCell) {
    switch cell.state {
    case .known, .estimated:
      counts[classes.index(of: cell.value)] += 1
      valueCount += 1
      if cell.state == .estimated { estimatedCount += 1 }
    case .withheld: withheldCount += 1
    case .missing: missingCount += 1
    }
  }

  private mutating func describe(_ table: Table, _ picture: Picture) {
    var chart = Chart(kind: .map)
    chart.describe(table, picture)
    (title, subtitle, source) = (chart.title, chart.subtitle, chart.source)
  }

  // MARK: - Marks and labels

  private mutating func addMarks(_ table: Table, _ picture: Picture, _ cells: [ChartCell], _ names: [String]) {
    guard !isFilled else { return }
    let size = picture.size.flatMap { NumberColumn(table.column(named: $0)) }
    (sizeTitle, sizeQuantity) = (size?.titleWithUnit ?? "", size?.quantity ?? .ratio)
    let group = picture.group.flatMap { table.column(named: $0) }
    groupTitle = group.map { Label.sentence($0.name) } ?? ""
    let groupTexts = group?.texts
    if let groupTexts { groups = Self.frequent(groupTexts) }
    // Where points have names of their own, they say more than the name of the place.
    let own =
      kind == .points
      ? (picture.label ?? Self.longestText(table, picture)).flatMap { table.column(named: $0)?.texts } : nil
    let sizeFormat = NumberFormat(
      sizeQuantity, of: size?.cells.map(\.value) ?? [], states: size?.cells.map(\.state) ?? [])
    let fillFormat = NumberFormat(quantity, of: cells.map(\.value), states: cells.map(\.state))
    for (row, place) in picture.places.enumerated() {
      let sizeCell = size?.cell(row)
      if let sizeCell, !sizeCell.state.hasValue || sizeCell.value <= 0 { continue }
      let cell = cells[row]
      if picture.color != nil, !cell.state.hasValue { continue }
      let color =
        groupTexts.map { groups.firstIndex(of: $0[row]) ?? groups.count - 1 }
        ?? (picture.color == nil ? 0 : classes.index(of: cell.value))
      let name = names.indices.contains(row) ? names[row] : ""
      var tip = own.map { "\($0[row]) (\(name))" } ?? name
      if let sizeCell { tip += ": \(sizeFormat(sizeCell.value).text)\(sizeCell.state == .estimated ? "~" : "")" }
      if picture.color != nil { tip += ", \(measure) \(fillFormat(cell.value).text)" }
      if let groupTexts { tip += ", \(groupTexts[row])" }
      marks.append(Mark(place: place, name: name, size: sizeCell?.value, color: color, tip: tip))
    }
  }

  /// The names that occur most, the rest together as the last of them.
  static func frequent(_ texts: [String]) -> [String] {
    var counts: [String: Int] = [:]
    for text in texts { counts[text, default: 0] += 1 }
    let order = counts.keys.sorted {
      counts[$0] == counts[$1] ? $0 < $1 : counts[$0, default: 0] > counts[$1, default: 0]
    }
    return order.count <= groupLimit ? order : Array(order.prefix(groupLimit - 1)) + ["other"]
  }

  private static func longestText(_ table: Table, _ picture: Picture) -> String? {
    table.columns.filter {
      if case .texts = $0.values { $0.name != picture.group } else { false }
    }.max { one, other in
      one.texts.reduce(0) { $0 + $1.count } < other.texts.reduce(0) { $0 + $1.count }
    }?.name
  }

  private mutating func addLabels(_ table: Table, _ picture: Picture) {
    guard kind != .points, let name = picture.label, let column = table.column(named: name) else { return }
    if let numbers = NumberColumn(column), case .numbers = column.values {
      let format = NumberFormat(
        numbers.quantity, of: numbers.cells.map(\.value), states: numbers.cells.map(\.state))
      for (place, cell) in zip(picture.places, numbers.cells) where cell.state.hasValue {
        labels[place] = format(cell.value).text.replacingMinus + (cell.state == .estimated && marksEstimates ? "~" : "")
      }
    } else {
      for (place, text) in zip(picture.places, column.texts) { labels[place] = text }
    }
  }

  private mutating func addNotes(_ table: Table, _ geometry: MapGeometry, places: Set<Picture.Place>) {
    if estimatedCount > 0, !marksEstimates {
      notes.append(
        estimatedCount == valueCount
          ? "all values are estimated in part" : "\(estimatedCount) of \(valueCount) values are estimated in part")
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

  /// `Michigan 5.54`, … of the largest values and the smallest.
  func extremes(_ count: Int) -> (largest: [String], smallest: [String]) {
    guard categories.isEmpty else { return ([], []) }
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

/// What fills the areas of a map, row by row; the sizes or the number of marks where nothing does.
struct MapFill {
  var kind = MapPicture.Kind.classes
  var measure = ""
  var quantity = Quantity.ratio
  var cells: [ChartCell] = []
  var categories: [String] = []
  var isQuotient = false

  init?(_ table: Table, _ picture: Picture, _ known: [String]?) {
    kind = picture.hasPoints ? .points : picture.size != nil ? .bubbles : .classes
    if picture.hasPoints {
      var counts: [Picture.Place: Double] = [:]
      for place in picture.places { counts[place, default: 0] += 1 }
      cells = picture.places.map { ChartCell(value: counts[$0] ?? 0, state: .known) }
      (measure, quantity) = ("Number", .count(unit: ""))
      return
    }
    guard let column = (picture.color ?? picture.size).flatMap({ table.column(named: $0) }) else { return nil }
    if let numbers = NumberColumn(column), case .numbers = column.values {
      (measure, quantity, cells, isQuotient) = (
        numbers.titleWithUnit, numbers.quantity, numbers.cells, numbers.isQuotient
      )
      return
    }
    if kind == .classes { kind = .categories }
    measure = Label.sentence(column.name)
    let texts = column.texts
    categories = known ?? MapPicture.frequent(texts)
    cells = texts.map { text in
      ChartCell(value: Double(categories.firstIndex(of: text) ?? categories.count - 1), state: .known)
    }
  }
}
