import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// `chart` and `map`: how the table is to be drawn. No row changes, so verbs that follow and keep the columns redraw.

/// A picture whose columns are known by number, so that it survives `rename` and `select`.
struct PictureRequest {
  var picture: Picture
  var x: Int?
  var y: [Int] = []
  var color: Int?
  var size: Int?
  var label: Int?
  var marker: Int?
  var panels: Int?
  var group: Int?

  /// Columns that something is drawn from.
  var taken: [Int] { [x, color, label, panels, marker].compactMap { $0 } + y }
}

extension Elaborator {
  /// Kinds that `chart` draws; maps have their own verb.
  package static let chartKinds = Picture.Kind.allCases.filter { $0 != .map }.map(\.rawValue)

  /// What other programs call the charts: a table, since edit distance finds none of them.
  private static let foreignCharts: [String: String] = [
    "column": "bar", "columns": "bar", "bars": "bar", "barh": "bar", "pie": "bar", "histogram": "bar", "hist": "bar",
    "lines": "line", "timeseries": "line", "time series": "line", "series": "line", "points": "scatter",
    "point": "scatter", "xy": "scatter", "dots": "scatter", "bubbles": "bubble", "heatmap": "heat", "heat map": "heat",
    "matrix": "heat", "slopes": "slope", "boxplot": "box", "box plot": "box", "areas": "area", "gini": "lorenz",
  ]

  /// What other programs call small multiples.
  private static let wordsForPanels: Set<String> = ["facet", "facets", "panel", "panels", "facet_wrap", "multiples"]

  package static let pictureSlots: [String: [String]] = [
    "chart": ["x", "y", "color", "size", "label", "marker", "by", "title", "classes", "breaks", "center"],
    "map": ["color", "size", "label", "by", "title", "classes", "breaks", "center"],
  ]

  // MARK: - Verbs

  /// `chart bar, x:cluster, y:lq, color:…, size:…, label:…, title:"…"`.
  func chartStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    let before = mistakeCount
    var kind: Picture.Kind?
    var arguments = stage.arguments[...]
    if let first = arguments.first, first.isPositional {
      arguments.removeFirst()
      kind = chartKind(first, scope)
      if kind == nil { return }
    }
    let chosen = kind ?? (builder.visible.contains { $0.type == .period } ? .line : .bar)
    var request = PictureRequest(picture: Picture(kind: chosen))
    pictureSlots(Array(arguments), of: "chart", &request, scope, builder)
    guard mistakeCount == before else { return }
    complete(&request, stage, scope, builder)
    if mistakeCount == before { builder.picture = request }
  }

  /// `map lq, title:"…"`: a choropleth at the table's place level; `size:` draws bubbles over its places, and `color:`
  /// alone a point for each row.
  func mapStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    let before = mistakeCount
    var request = PictureRequest(picture: Picture(kind: .map))
    var arguments = stage.arguments[...]
    if let first = arguments.first, first.isPositional {
      arguments.removeFirst()
      guard let column = pictureColumn(first.value, scope, builder) else { return }
      // Numbers are put into classes, texts are categories; places and years say where and when.
      guard column.type.isNumber || column.type.isCategory else {
        report(scope, first.span) {
          .pictureNeedsNumbers("map", "the column", column.name, builder.numberNames, at: $0)
        }
        return
      }
      request.color = column.column
    }
    pictureSlots(Array(arguments), of: "map", &request, scope, builder)
    guard mistakeCount == before else { return }
    if request.size != nil, let fill = request.color,
      builder.visible.contains(where: { $0.column == fill && $0.type.isCategory })
    {
      // Bubbles over places are told apart by the names; no area is filled.
      (request.group, request.color) = (fill, nil)
    }
    let hasPoints = request.color == nil && request.group != nil && request.size == nil
    request.picture.hasPoints = hasPoints
    if !hasPoints, request.size == nil { request.color = request.color ?? builder.mainNumber?.column }
    guard request.color != nil || request.size != nil || hasPoints else {
      report(scope, stage.span) { .pictureNeedsColumn("map", "a column of numbers", builder.names, at: $0) }
      return
    }
    let places = builder.visible.filter { $0.type.placeLevel != nil }
    guard let place = places.first, places.count == 1 else {
      report(scope, stage.span) { .mapNeedsOnePlace(places.map(\.name), at: $0) }
      return
    }
    if place.type.placeLevel == .country {
      report(scope, stage.span) { .mapNeedsOnePlace([], at: $0) }
      return
    }
    // A row per place: other names (years, clusters) would draw one place several times.
    if !hasPoints,
      let other = builder.visible.first(where: {
        $0.type.isLevel && $0.column != place.column && $0.column != request.panels
      })
    {
      report(scope, stage.span) { .mapNeedsOneRow(place.name, other.name, at: $0) }
      return
    }
    request.x = place.column
    builder.picture = request
  }

  private func chartKind(_ argument: Argument, _ scope: Scope) -> Picture.Kind? {
    let word: String
    switch argument.value.kind {
    case .name(let name): word = name
    case .unreadable: return nil
    default: word = text(of: argument.value) ?? scope.source.slice(argument.value.span)
    }
    let key = fold(word)
    if key == "map" || key == "choropleth" {
      report(scope, argument.span) { .chartIsAMap(word, at: $0) }
      return nil
    }
    if let kind = Picture.Kind(rawValue: key), kind != .map { return kind }
    let close =
      Self.foreignCharts[key].map { [$0] } ?? suggestions(for: word, among: Self.chartKinds)
    report(scope, argument.span) { .unknownChart(word, kinds: Self.chartKinds, suggestions: close, at: $0) }
    return nil
  }

  /// A text without anything to fill in.
  private func text(of value: Expression) -> String? {
    guard case .string(let segments) = value.kind, segments.count == 1, case .text(let text) = segments[0] else {
      return nil
    }
    return text
  }

  // MARK: - Slots

  private func pictureSlots(
    _ arguments: [Argument], of verb: String, _ request: inout PictureRequest, _ scope: Scope, _ builder: FrameBuilder
  ) {
    let slots = Self.pictureSlots[verb] ?? []
    for argument in arguments {
      guard let slot = argument.slotName, slots.contains(slot) else {
        if argument.isPositional {
          report(scope, argument.span) { .unnamedArgument(of: verb, slots: slots, tableSlots: [], at: $0) }
        } else if Self.wordsForPanels.contains(fold(argument.labelText)) {
          report(scope, argument.span) { .panelsAreBy(argument.labelText, of: verb, at: $0) }
        } else {
          report(scope, argument.span) { .unknownSlot(argument.labelText, of: verb, slots: slots, at: $0) }
        }
        continue
      }
      switch slot {
      case "title": request.picture.title = text(argument.value, scope)
      case "classes": classes(argument, &request, scope)
      case "breaks": breaks(argument, &request, scope)
      case "center": request.picture.center = literal(argument.value, scope, builder)
      case "y":
        let items = if case .list(let list) = argument.value.kind { list } else { [argument.value] }
        for item in items {
          guard let column = pictureColumn(item, scope, builder) else { continue }
          // The rows of a heat map and of a box plot are names; every other chart measures along y.
          if !column.type.isNumber, request.picture.kind != .heat {
            report(scope, item.span) {
              .pictureNeedsNumbers(request.picture.kind.rawValue, "`y:`", column.name, builder.numberNames, at: $0)
            }
          }
          request.y.append(column.column)
        }
      default:
        guard let column = pictureColumn(argument.value, scope, builder) else { continue }
        set(slot, to: column, at: argument.value.span, &request, scope, builder)
      }
    }
  }

  private func set(
    _ slot: String, to column: VisibleColumn, at span: TextSpan, _ request: inout PictureRequest, _ scope: Scope,
    _ builder: FrameBuilder
  ) {
    let kind = request.picture.kind
    let measures = kind == .scatter || kind == .bubble
    switch slot {
    case "x":
      if measures, !column.type.isNumber, column.type != .period {
        report(scope, span) { .pictureNeedsNumbers(kind.rawValue, "`x:`", column.name, builder.numberNames, at: $0) }
      } else if !measures, kind != .lorenz, column.type.isNumber {
        report(scope, span) { .pictureNeedsNames(kind.rawValue, "`x:`", column.name, builder.nameNames, at: $0) }
      }
      request.x = column.column
    case "color" where kind == .map:
      if column.type.isNumber {
        report(scope, span) { .mapColorsAreNames(column.name, at: $0) }
      }
      request.group = column.column
    case "color":
      if kind == .heat, !column.type.isNumber {
        report(scope, span) { .pictureNeedsNumbers("heat", "`color:`", column.name, builder.numberNames, at: $0) }
      } else if kind != .heat, column.type.isNumber {
        report(scope, span) { .pictureNeedsNames(kind.rawValue, "`color:`", column.name, builder.nameNames, at: $0) }
      }
      request.color = column.column
    case "size":
      if kind != .bubble, kind != .map {
        report(scope, span) { .onlyBubblesHaveSizes(kind.rawValue, at: $0) }
      } else if !column.type.isNumber {
        report(scope, span) { .pictureNeedsNumbers(kind.rawValue, "`size:`", column.name, builder.numberNames, at: $0) }
      }
      request.size = column.column
    case "marker":
      if kind != .bar {
        report(scope, span) { .onlyBarsHaveMarkers(kind.rawValue, at: $0) }
      } else if !column.type.isNumber {
        report(scope, span) { .pictureNeedsNumbers("bar", "`marker:`", column.name, builder.numberNames, at: $0) }
      }
      request.marker = column.column
    case "by":
      if column.type.isNumber {
        report(scope, span) { .pictureNeedsNames(kind.rawValue, "`by:`", column.name, builder.nameNames, at: $0) }
      }
      request.panels = column.column
    default: request.label = column.column
    }
  }

  /// A column of the table, or a measure, which becomes one.
  private func pictureColumn(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) -> VisibleColumn? {
    if case .unreadable = value.kind { return nil }
    if case .name(let name) = value.kind {
      if let column = builder.visible.first(where: { fold($0.name) == fold(name) }) { return column }
      let isMeasure = scope.environment.definition(name) != nil || catalog.measure(named: name) != nil
      guard isMeasure, scope.parameter(name) == nil else {
        if let (target, inner) = dereference(value, scope) { return pictureColumn(target, inner, builder) }
        return column(value, scope, builder)
      }
    }
    guard let typed = rowExpression(value, scope, builder) else { return nil }
    let name = measureName(value, scope)
    builder.stages.append(.derive(typed))
    addDerived(name, typed.type, builder)
    return builder.visible.first { fold($0.name) == fold(name) }
  }

  private func classes(_ argument: Argument, _ request: inout PictureRequest, _ scope: Scope) {
    let items = if case .list(let list) = argument.value.kind { list } else { [argument.value] }
    for item in items {
      switch item.kind {
      case .number(let count, _, _) where (2...9).contains(count) && count == count.rounded():
        request.picture.classCount = Int(count)
      case .name(let name):
        guard let scheme = Picture.ClassScheme(rawValue: fold(name)) else { fallthrough }
        request.picture.scheme = scheme
      default:
        let word = scope.source.slice(item.span)
        let names = Picture.ClassScheme.allCases.map(\.rawValue)
        let close = suggestions(for: word, among: names)
        report(scope, item.span) { .unknownClasses(word, schemes: names, suggestions: close, at: $0) }
      }
    }
  }

  private func breaks(_ argument: Argument, _ request: inout PictureRequest, _ scope: Scope) {
    let items = if case .list(let list) = argument.value.kind { list } else { [argument.value] }
    let trial = FrameBuilder(area: sessionArea)
    var breaks: [Double] = []
    for item in items {
      guard let value = literal(item, scope, trial) else { return }
      breaks.append(value)
    }
    let isAscending = zip(breaks, breaks.dropFirst()).allSatisfy { $0 < $1 }
    guard isAscending, (1...8).contains(breaks.count) else {
      report(scope, argument.span) { .wrongBreaks(at: $0) }
      return
    }
    request.picture.breaks = breaks
  }

  private func literal(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) -> Double? {
    guard let typed = number(value, scope, Context(frame: FrameBuilder(area: sessionArea))) else { return nil }
    guard let number = typed.literal else {
      report(scope, value.span) { .wrongKind("a plain number", found: "`\(scope.source.slice(value.span))`", at: $0) }
      return nil
    }
    return number
  }

  // MARK: - Defaults

  /// Fills what was not said from the shape of the table: names along x, the main numbers along y, years along lines.
  private func complete(
    _ request: inout PictureRequest, _ stage: Stage, _ scope: Scope, _ builder: FrameBuilder
  ) {
    let kind = request.picture.kind
    let verb = "chart " + kind.rawValue
    func free(_ columns: [VisibleColumn]) -> VisibleColumn? {
      columns.first { !request.taken.contains($0.column) }
    }
    let numbers = builder.visible.filter { $0.type.isNumber }
    let names = builder.visible.filter(\.type.isName)
    let periods = names.filter { $0.type == .period }
    switch kind {
    case .scatter, .bubble:
      let free = numbers.map(\.column).filter { $0 != request.size && !request.taken.contains($0) }
      var rest = free[...]
      if request.x == nil { request.x = rest.popFirst() }
      if request.y.isEmpty, let next = rest.popFirst() { request.y = [next] }
      if kind == .bubble, request.size == nil { request.size = rest.popFirst() }
      let needed = kind == .bubble ? 3 : 2
      if request.x == nil || request.y.isEmpty || (kind == .bubble && request.size == nil) {
        report(scope, stage.span) { .chartNeedsMoreNumbers(kind.rawValue, needed, numbers.map(\.name), at: $0) }
        return
      }
      if request.label == nil {
        request.label = names.first { $0.column != request.color && $0.column != request.panels }?.column
      }
    case .heat:
      if request.color == nil { request.color = builder.mainNumber?.column }
      if request.y.isEmpty {
        let rows = names.filter { $0.type != .period }
        request.y = [free(rows)].compactMap { $0?.column }
      }
      if request.x == nil { request.x = free(periods)?.column ?? free(names)?.column }
      guard request.color != nil, request.x != nil, !request.y.isEmpty else {
        report(scope, stage.span) {
          .pictureNeedsColumn(verb, "two columns of names and one of numbers", builder.names, at: $0)
        }
        return
      }
    case .bar, .line, .area, .slope, .box, .lorenz:
      if request.y.isEmpty {
        let main = numbers.first { $0.name != "rank" && $0.column != request.marker } ?? builder.mainNumber
        request.y = [main].compactMap { $0?.column }
      }
      guard !request.y.isEmpty else {
        report(scope, stage.span) { .pictureNeedsColumn(verb, "a column of numbers", builder.names, at: $0) }
        return
      }
      if kind == .lorenz { return }
      if request.x == nil {
        let ordered = kind == .bar || kind == .box ? names.filter { $0.type != .period } + periods : periods + names
        request.x = free(ordered)?.column
      }
      if kind == .slope || kind == .line || kind == .area, request.x == nil {
        let needed = kind == .slope ? "a column with two periods or names" : "a column to draw along, such as year"
        report(scope, stage.span) { .pictureNeedsColumn(verb, needed, builder.names, at: $0) }
        return
      }
      if request.color == nil, request.y.count == 1, kind != .box { request.color = free(names)?.column }
    case .map: break
    }
  }

  /// The picture by the names that columns have now; nil when one of its columns is gone.
  func picture(_ builder: FrameBuilder) -> Picture? {
    guard let request = builder.picture else { return nil }
    var picture = request.picture
    var isComplete = true
    func name(_ column: Int?) -> String? {
      guard let column else { return nil }
      let name = builder.visible.first { $0.column == column }?.name
      if name == nil { isComplete = false }
      return name
    }
    picture.x = name(request.x)
    picture.y = request.y.compactMap { name($0) }
    picture.color = name(request.color)
    picture.size = name(request.size)
    picture.label = name(request.label)
    picture.marker = name(request.marker)
    picture.panels = name(request.panels)
    picture.group = name(request.group)
    return isComplete ? picture : nil
  }
}

extension FrameBuilder {
  fileprivate var names: [String] { visible.map(\.name) }
  fileprivate var numberNames: [String] { visible.filter { $0.type.isNumber }.map(\.name) }
  fileprivate var nameNames: [String] { visible.filter(\.type.isName).map(\.name) }

  /// The first column of numbers that is no mere rank.
  fileprivate var mainNumber: VisibleColumn? {
    visible.first { $0.type.isNumber && $0.name != "rank" } ?? visible.first { $0.type.isNumber }
  }
}

extension ValueType {
  /// Texts, members and periods: what charts put along an axis of names or tell apart by colour.
  fileprivate var isName: Bool {
    switch self {
    case .text, .period, .member, .truth: true
    case .number: false
    }
  }

  /// What fills the areas of a map by kind: `high-high`, true.
  fileprivate var isCategory: Bool { self == .text || self == .truth }

  fileprivate var isLevel: Bool {
    switch self {
    case .period, .member: true
    default: false
    }
  }

  fileprivate var placeLevel: Level? {
    guard case .member(let level) = self, level.dimension == .region else { return nil }
    return level
  }
}
