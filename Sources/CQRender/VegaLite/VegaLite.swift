import CQColumns

/// The chart as a Vega-Lite 5 specification with its data inside, for editors and pages that draw it themselves.
struct VegaLite {
  private let table: Table

  init(_ table: Table) { self.table = table }

  var text: String {
    if let map = svgMap(table) { return VegaLiteMap(map).text }
    let picture = table.picture ?? Picture(kind: .bar)
    let chart = Chart(table) ?? Chart(kind: .bar)
    var members = Self.head(title: chart.title, subtitle: chart.subtitle)
    // A Lorenz curve is computed from the rows; its points are the data.
    if picture.kind != .lorenz {
      members.append(("data", JSONText.object([("values", JSONText.tallArray(rows, indent: 2))])))
    }
    if let panels = picture.panels {
      let columns = ChartPanels(table)?.columnCount ?? 3
      members += [("facet", facet(panels)), ("columns", String(columns))]
      let size = [(key: "width", value: String(640 / columns))]
      let layers = layers(picture)
      members += layers.filter { $0.key == "data" }
      members.append(("spec", JSONText.object(size + layers.filter { $0.key != "data" })))
    } else {
      members.append(("width", "640"))
      members += layers(picture)
    }
    members.append(Self.foot(source: chart.source, notes: chart.notes))
    return JSONText.tallObject(members, indent: 0) + "\n"
  }

  /// What every specification begins with; the look is that of the pictures drawn here.
  static func head(title: String, subtitle: String) -> [(key: String, value: String)] {
    let title = JSONText.object([
      ("text", JSONText.string(title)), ("subtitle", JSONText.string(subtitle)), ("anchor", "\"start\""),
    ])
    let colors = JSONText.array(Theme.series.map { JSONText.string($0.light) })
    let config = JSONText.object([
      ("font", JSONText.string("Helvetica, Arial, sans-serif")), ("range", JSONText.object([("category", colors)])),
      ("mark", JSONText.object([("color", JSONText.string(Theme.series(0).light))])),
      ("view", JSONText.object([("stroke", "null")])),
    ])
    return [
      ("$schema", JSONText.string("https://vega.github.io/schema/vega-lite/v5.json")),
      ("title", title), ("config", config),
    ]
  }

  static func foot(source: String, notes: [String]) -> (key: String, value: String) {
    (
      "usermeta",
      JSONText.object([
        ("source", JSONText.string(source)), ("notes", JSONText.array(notes.map(JSONText.string))),
      ])
    )
  }

  private func facet(_ column: String) -> String {
    var isYears = false
    if case .periods = table.column(named: column)?.values { isYears = true }
    return JSONText.object(
      [("field", JSONText.string(escaped(column))), ("type", isYears ? "\"ordinal\"" : "\"nominal\"")]
        + (isYears ? [] : [("sort", "null")]) + [("title", "null")])
  }

  /// Rows by the names of columns; a number that is withheld or missing is null and has its state beside it.
  private var rows: [String] {
    (0..<table.rowCount).map { row in
      var members: [(key: String, value: String)] = []
      for column in table.columns {
        switch column.values {
        case .numbers(let numbers, let states, _):
          members.append((column.name, states[row].hasValue ? JSONText.number(numbers[row]) : "null"))
          if states[row] != .known { members.append((column.name + "_state", JSONText.string(states[row].name))) }
        case .periods(let years): members.append((column.name, String(years[row])))
        default: members.append((column.name, JSONText.string(column.texts[row])))
        }
      }
      return JSONText.object(members)
    }
  }

  private func layers(_ picture: Picture) -> [(key: String, value: String)] {
    let y = picture.y.first ?? ""
    switch picture.kind {
    case .bar:
      var encoding = [("y", names(picture.x, sorted: false)), ("x", number(y))]
      if picture.y.count > 1 { return folded(picture, mark: "bar") }
      if let color = picture.color { encoding += [("color", names(color)), ("yOffset", names(color))] }
      guard let marker = picture.marker else {
        return [("mark", mark("bar")), ("encoding", JSONText.object(encoding))]
      }
      let bars = JSONText.object([("mark", mark("bar")), ("encoding", JSONText.object(encoding))])
      encoding[1] = ("x", number(marker))
      encoding.removeAll { $0.0 == "color" }
      let tick = JSONText.object([
        ("type", "\"tick\""), ("color", JSONText.string(Theme.text.light)), ("thickness", "3"), ("tooltip", "true"),
      ])
      let ticks = JSONText.object([("mark", tick), ("encoding", JSONText.object(encoding))])
      return [("layer", JSONText.array([bars, ticks]))]
    case .line, .area, .slope:
      if picture.y.count > 1 { return folded(picture, mark: picture.kind == .area ? "area" : "line") }
      var encoding = [("x", names(picture.x, sorted: false)), ("y", number(y))]
      if let color = picture.color { encoding.append(("color", names(color))) }
      return [
        ("mark", mark(picture.kind == .area ? "area" : "line", points: picture.kind != .area)),
        ("encoding", JSONText.object(encoding)),
      ]
    case .scatter, .bubble:
      var encoding = [("x", number(picture.x ?? "", zero: false)), ("y", number(y, zero: false))]
      if let size = picture.size { encoding.append(("size", number(size))) }
      if let color = picture.color { encoding.append(("color", names(color))) }
      let tips = [picture.label, picture.x, y, picture.size].compactMap { $0 }
      encoding.append(
        ("tooltip", JSONText.array(tips.map { JSONText.object([("field", JSONText.string(escaped($0)))]) })))
      return [("mark", mark("circle")), ("encoding", JSONText.object(encoding))]
    case .heat:
      let encoding = [
        ("x", names(picture.x, sorted: false)), ("y", names(y, sorted: false)), ("color", number(picture.color ?? "")),
      ]
      return [("mark", mark("rect")), ("encoding", JSONText.object(encoding))]
    case .box:
      return [
        ("mark", mark("boxplot")),
        ("encoding", JSONText.object([("y", names(picture.x, sorted: false)), ("x", number(y, zero: false))])),
      ]
    case .lorenz:
      let panels = ChartPanels(table)
      let curves =
        panels.map { $0.panels.map { ($0.name, $0.chart.lorenzPoints) } }
        ?? [("", Chart(table)?.lorenzPoints ?? [])]
      let rows = curves.flatMap { name, points in
        points.map { point in
          JSONText.object(
            [("rows", JSONText.number(point.x)), ("share", JSONText.number(point.y))]
              + (picture.panels.map { [($0, JSONText.string(name))] } ?? []))
        }
      }
      let axis = JSONText.object([("format", "\".0%\"")])
      func share(_ field: String, _ title: String) -> String {
        JSONText.object([
          ("field", JSONText.string(field)), ("type", "\"quantitative\""), ("title", JSONText.string(title)),
          ("axis", axis),
        ])
      }
      let chart = Chart(table)
      return [
        ("data", JSONText.object([("values", JSONText.array(rows))])),
        ("mark", JSONText.object([("type", "\"line\""), ("tooltip", "true")])),
        (
          "encoding",
          JSONText.object([
            ("x", share("rows", chart?.xAxis.title ?? "")), ("y", share("share", chart?.yAxis.title ?? "")),
            ("order", JSONText.object([("field", "\"rows\""), ("type", "\"quantitative\"")])),
          ])
        ),
      ]
    case .map: return [("mark", mark("point"))]
    }
  }

  /// Several columns of numbers as one, told apart by colour.
  private func folded(_ picture: Picture, mark word: String) -> [(key: String, value: String)] {
    let fold = JSONText.object([
      ("fold", JSONText.array(picture.y.map { JSONText.string(escaped($0)) })), ("as", "[\"measure\", \"value\"]"),
    ])
    let along = names(picture.x, sorted: false)
    let encoding =
      word == "bar"
      ? [("y", along), ("x", number("value")), ("color", names("measure")), ("yOffset", names("measure"))]
      : [("x", along), ("y", number("value")), ("color", names("measure"))]
    return [("transform", JSONText.array([fold])), ("mark", mark(word)), ("encoding", JSONText.object(encoding))]
  }

  private func mark(_ type: String, points: Bool = false) -> String {
    JSONText.object([("type", JSONText.string(type)), ("tooltip", "true")] + (points ? [("point", "true")] : []))
  }

  private func names(_ column: String?, sorted: Bool = true) -> String {
    guard let column else { return JSONText.object([("value", "0")]) }
    var isYears = false
    if case .periods = table.column(named: column)?.values { isYears = true }
    return JSONText.object(
      [("field", JSONText.string(escaped(column))), ("type", isYears ? "\"ordinal\"" : "\"nominal\"")]
        + (sorted || isYears ? [] : [("sort", "null")]) + [("title", JSONText.string(Label.sentence(column)))])
  }

  private func number(_ column: String, zero: Bool = true) -> String {
    let values = NumberColumn(table.column(named: column))
    let isPercent = values?.quantity == .percent
    return JSONText.object(
      [
        ("field", JSONText.string(escaped(column))), ("type", "\"quantitative\""),
        ("title", JSONText.string(values?.titleWithUnit ?? Label.sentence(column))),
      ]
        + (isPercent ? [("axis", JSONText.object([("format", "\".0%\"")]))] : [])
        + (zero ? [] : [("scale", JSONText.object([("zero", "false")]))]))
  }

  /// Dots and brackets are paths in Vega-Lite.
  private func escaped(_ column: String) -> String {
    var result = ""
    for character in column {
      if ".[]\\".contains(character) { result += "\\" }
      result.append(character)
    }
    return result
  }
}
