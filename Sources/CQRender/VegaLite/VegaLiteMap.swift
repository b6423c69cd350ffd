import CQColumns

/// The map as a Vega-Lite 5 specification: its outlines inside as TopoJSON, in pixels, since they are projected already.
struct VegaLiteMap {
  private let map: SVGMap

  init(_ map: SVGMap) { self.map = map }

  private typealias Member = (key: String, value: String)

  var text: String {
    let whole = map.whole
    var members = VegaLite.head(title: whole.title, subtitle: whole.subtitle)
    if map.panels.isEmpty {
      members += view(whole, width: SVGFrame.innerWidth)
    } else {
      let views = map.panels.map { panel in
        JSONText.object([("title", JSONText.string(panel.name))] + view(panel.map, width: 360))
      }
      members += [("concat", JSONText.tallArray(views, indent: 2)), ("columns", "2")]
    }
    members.append(VegaLite.foot(source: whole.source, notes: whole.notes))
    return JSONText.tallObject(members, indent: 0) + "\n"
  }

  /// Areas, and bubbles or points over them.
  private func view(_ map: MapPicture, width: Double) -> [Member] {
    let fit = self.map.fit(map, width: width, most: width * 0.85)
    let size: [Member] = [
      ("width", SVGDocument.number(fit.width)), ("height", SVGDocument.number(fit.height.rounded())),
    ]
    let areas: [Member] = [
      (
        "data",
        JSONText.object([
          ("values", topology(map, fit)),
          ("format", JSONText.object([("type", "\"topojson\""), ("feature", "\"places\"")])),
        ])
      ),
      ("projection", JSONText.object([("type", "\"identity\""), ("scale", "1"), ("translate", "[0, 0]")])),
      (
        "mark",
        JSONText.object([
          ("type", "\"geoshape\""), ("stroke", JSONText.string(Theme.background.light)),
          ("strokeWidth", map.isFine ? "0.3" : "0.8"),
        ])
      ),
      ("encoding", JSONText.object([("color", color(map)), ("tooltip", tips)])),
    ]
    guard !map.marks.isEmpty else { return size + areas }
    return size + [("layer", JSONText.array([JSONText.object(areas), JSONText.object(marks(map, fit))]))]
  }

  private var tips: String {
    JSONText.array(
      ["name", "value", "class"].map { field in
        JSONText.object([
          ("field", JSONText.string("properties." + field)), ("type", "\"nominal\""),
          ("title", JSONText.string(Label.sentence(field))),
        ])
      })
  }

  // MARK: - Areas

  private static let otherName = "not in the table"

  private func className(_ shape: MapPicture.Shape, _ map: MapPicture) -> String {
    guard let cell = shape.cell else { return Self.otherName }
    guard cell.state.hasValue else { return cell.state.name }
    return map.isFilled ? map.classLabels[map.classes.index(of: cell.value)] : Self.otherName
  }

  private func color(_ map: MapPicture) -> String {
    var entries: [(name: String, color: String)] = map.isFilled ? Array(zip(map.classLabels, self.map.colors)) : []
    let present = Set(map.shapes.map { className($0, map) })
    entries += [
      ("withheld", Theme.axis.light), ("missing", Theme.noValue.light), (Self.otherName, Theme.land.light),
    ].filter { present.contains($0.0) }
    let scale = JSONText.object([
      ("domain", JSONText.array(entries.map { JSONText.string($0.name) })),
      ("range", JSONText.array(entries.map { JSONText.string($0.color) })),
    ])
    return JSONText.object([
      ("field", "\"properties.class\""), ("type", "\"nominal\""), ("scale", scale),
      ("legend", map.isFilled ? JSONText.object([("title", JSONText.string(map.measure))]) : "null"),
    ])
  }

  /// Arcs in tenths of pixels, each point as the step from the one before.
  private func topology(_ map: MapPicture, _ fit: MapFit) -> String {
    var arcs: [String] = []
    for arc in map.arcs {
      var (last, points): ((x: Int, y: Int), [String]) = ((0, 0), [])
      for point in arc {
        let at = fit.tenths(point)
        if !points.isEmpty, at == last { continue }
        points.append("[\(at.x - last.x),\(at.y - last.y)]")
        last = at
      }
      if points.count == 1 { points.append("[0,0]") }
      arcs.append("[" + points.joined(separator: ",") + "]")
    }
    let format = NumberFormat(
      map.quantity, of: map.shapes.compactMap { $0.cell?.value }, states: map.shapes.compactMap { $0.cell?.state })
    let geometries = map.shapes.map { shape -> String in
      let rings = shape.rings.map { "[" + $0.map(String.init).joined(separator: ",") + "]" }
      var properties: [Member] = [
        ("name", JSONText.string(shape.name)), ("class", JSONText.string(className(shape, map))),
      ]
      if let cell = shape.cell, map.isFilled, map.categories.isEmpty {
        let text =
          cell.state.hasValue ? format(cell.value).text + (cell.state == .estimated ? "~" : "") : cell.state.name
        properties.append(("value", JSONText.string(text)))
        if cell.state.hasValue { properties.append(("number", JSONText.number(cell.value))) }
      }
      return JSONText.object([
        ("type", "\"Polygon\""), ("id", JSONText.string(shape.place.country + shape.place.code)),
        ("properties", JSONText.object(properties)), ("arcs", "[" + rings.joined(separator: ",") + "]"),
      ])
    }
    return JSONText.object([
      ("type", "\"Topology\""), ("transform", "{\"scale\": [0.1, 0.1], \"translate\": [0, 0]}"),
      (
        "objects",
        JSONText.object([
          (
            "places",
            JSONText.object([
              ("type", "\"GeometryCollection\""), ("geometries", "[\n" + geometries.joined(separator: ",\n") + "\n]"),
            ])
          )
        ])
      ),
      ("arcs", "[" + arcs.joined(separator: ",") + "]"),
    ])
  }

  // MARK: - Bubbles and points

  private func marks(_ map: MapPicture, _ fit: MapFit) -> [Member] {
    let placed = SVGMapMarks(map, fit, colors: self.map.colors).positions
    let rows = placed.map { one -> String in
      var row: [Member] = [
        ("x", SVGDocument.number(one.x)), ("y", SVGDocument.number(one.y)), ("name", JSONText.string(one.mark.tip)),
        ("kind", JSONText.string(kindNames(map)[one.mark.color % max(1, kindNames(map).count)])),
      ]
      if let size = one.mark.size { row.append(("size", JSONText.number(size))) }
      return JSONText.object(row)
    }
    func position(_ field: String, _ domain: String) -> String {
      JSONText.object([
        ("field", JSONText.string(field)), ("type", "\"quantitative\""), ("axis", "null"),
        ("scale", "{\"domain\": \(domain), \"nice\": false, \"zero\": false}"),
      ])
    }
    let (names, colors) = (kindNames(map), kindColors(map))
    let kind = JSONText.object([
      ("field", "\"kind\""), ("type", "\"nominal\""),
      (
        "scale",
        JSONText.object([
          ("domain", JSONText.array(names.map(JSONText.string))),
          ("range", JSONText.array(colors.map(JSONText.string))),
        ])
      ),
      ("legend", names.count > 1 ? JSONText.object([("title", JSONText.string(kindTitle(map)))]) : "null"),
    ])
    var encoding: [Member] = [
      ("x", position("x", "[0, \(SVGDocument.number(fit.width))]")),
      ("y", position("y", "[\(SVGDocument.number(fit.height.rounded())), 0]")), ("fill", kind),
      ("tooltip", "{\"field\": \"name\", \"type\": \"nominal\"}"),
    ]
    if map.kind == .bubbles {
      encoding.append(
        (
          "size",
          JSONText.object([
            ("field", "\"size\""), ("type", "\"quantitative\""), ("title", JSONText.string(map.sizeTitle)),
            ("scale", "{\"range\": [0, 1800], \"zero\": true}"),
          ])
        ))
    }
    return [
      ("data", JSONText.object([("values", JSONText.array(rows))])),
      ("mark", "{\"type\": \"circle\", \"opacity\": 0.8, \"stroke\": \"white\", \"size\": 55}"),
      ("encoding", JSONText.object(encoding)),
    ]
  }

  private func kindNames(_ map: MapPicture) -> [String] {
    !map.groups.isEmpty ? map.groups : map.hasClassedBubbles ? map.classLabels : [map.sizeTitle]
  }

  private func kindColors(_ map: MapPicture) -> [String] {
    map.groups.isEmpty && map.hasClassedBubbles
      ? self.map.colors : kindNames(map).indices.map { Theme.series($0).light }
  }

  private func kindTitle(_ map: MapPicture) -> String { map.groups.isEmpty ? map.measure : map.groupTitle }
}
