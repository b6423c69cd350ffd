import CQColumns

/// The chart as a Vega-Lite 5 specification with its data inside, for editors and pages that draw it themselves.
struct VegaLite {
  private let table: Table

  /// A map becomes the bars of its values: outlines have no place in a specification of a few lines.
  init(_ table: Table) {
    var table = table
    if let picture = table.picture, picture.kind == .map {
      table.picture = Picture(
        kind: .bar, x: picture.x, y: [picture.color].compactMap { $0 }, title: picture.title)
    }
    self.table = table
  }

  var text: String {
    let picture = table.picture ?? Picture(kind: .bar)
    let chart = Chart(table) ?? Chart(kind: .bar)
    var members: [(key: String, value: String)] = [
      ("$schema", JSONText.string("https://vega.github.io/schema/vega-lite/v5.json")),
      ("title", title(chart)), ("width", "640"),
      ("data", JSONText.object([("values", JSONText.tallArray(rows, indent: 2))])),
    ]
    members += layers(picture)
    members.append(
      (
        "usermeta",
        JSONText.object([
          ("source", JSONText.string(chart.source)), ("notes", JSONText.array(chart.notes.map(JSONText.string))),
        ])
      ))
    return JSONText.tallObject(members, indent: 0) + "\n"
  }

  private func title(_ chart: Chart) -> String {
    JSONText.object([
      ("text", JSONText.string(chart.title)), ("subtitle", JSONText.string(chart.subtitle)), ("anchor", "\"start\""),
    ])
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
      return [("mark", mark("bar")), ("encoding", JSONText.object(encoding))]
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
      let curve = (Chart(table)?.lorenzPoints ?? []).map {
        JSONText.object([("rows", JSONText.number($0.x)), ("share", JSONText.number($0.y))])
      }
      return [
        (
          "layer",
          JSONText.array([
            JSONText.object([
              ("data", JSONText.object([("values", JSONText.array(curve))])), ("mark", mark("line")),
              ("encoding", JSONText.object([("x", number("rows")), ("y", number("share"))])),
            ])
          ])
        )
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
