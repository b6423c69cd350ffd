/// Elements of one picture, written as they come; remembers where texts stand so that tests can hold them against the frame.
struct SVGDocument {
  enum Anchor: String { case start, middle, end }

  struct TextBox {
    var text: String
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  private(set) var body = ""
  private(set) var textBoxes: [TextBox] = []
  /// Elements that are defined once and used by name.
  var definitions = ""

  mutating func append(_ element: String) { body += element + "\n" }

  mutating func append(_ other: SVGDocument, x: Double = 0, y: Double = 0) {
    definitions += other.definitions
    textBoxes += other.textBoxes.map {
      TextBox(text: $0.text, x: $0.x + x, y: $0.y + y, width: $0.width, height: $0.height)
    }
    body +=
      x == 0 && y == 0 ? other.body : "<g transform=\"translate(\(number(x)) \(number(y)))\">\n\(other.body)</g>\n"
  }

  // MARK: - Elements

  /// - Parameter style: The class of the text's colour: `t` text, `m` muted, `f0`… a series.
  mutating func text(
    _ text: String, x: Double, y: Double, size: Double = Theme.labelSize, anchor: Anchor = .start, isBold: Bool = false,
    style: String = "t", fill: String? = nil, halo: Bool = false, isItalic: Bool = false
  ) {
    guard !text.isEmpty else { return }
    let width = SVGText.width(text, size: size, isBold: isBold)
    let left = anchor == .start ? x : anchor == .middle ? x - width / 2 : x - width
    textBoxes.append(TextBox(text: text, x: left, y: y - size * 0.78, width: width, height: size))
    var shape = ""
    if size != Theme.labelSize { shape += " font-size=\"\(number(size))\"" }
    if anchor != .start { shape += " text-anchor=\"\(anchor.rawValue)\"" }
    if isBold { shape += " font-weight=\"600\"" }
    if isItalic { shape += " font-style=\"italic\"" }
    let start = "<text x=\"\(number(x))\" y=\"\(number(y))\"\(shape)"
    let end = ">\(SVGText.escaped(text))</text>"
    if halo {
      // The halo is a text of its own below, hidden from readers: `paint-order` is not known everywhere.
      append(
        start
          + " aria-hidden=\"true\" class=\"h\" fill=\"none\" stroke=\"\(Theme.background.light)\" stroke-width=\"3\""
          + " stroke-linejoin=\"round\"" + end)
    }
    append(start + " class=\"\(style)\" fill=\"\(fill ?? Self.fill(style))\"" + end)
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String = "g", width: Double = 1, dash: String? = nil
  ) {
    let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    append(
      "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" class=\"\(style)\" "
        + "stroke=\"\(Self.stroke(style))\" stroke-width=\"\(number(width))\"\(dashes)/>")
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, style: String, fill: String? = nil,
    opacity: Double = 1, tip: String = ""
  ) {
    let see = opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : ""
    append(
      "<rect x=\"\(number(x))\" y=\"\(number(y))\" width=\"\(number(max(0, width)))\" height=\"\(number(max(0, height)))\""
        + " class=\"\(style)\" fill=\"\(fill ?? Self.fill(style))\"\(see)\(Self.closed(tip, "rect"))")
  }

  mutating func circle(
    _ x: Double, _ y: Double, radius: Double, style: String, opacity: Double = 1, stroke: String? = nil,
    isHollow: Bool = false, tip: String = ""
  ) {
    let see = opacity < 1 ? " fill-opacity=\"\(number(opacity))\"" : ""
    let color = isHollow ? Theme.background.light : Self.fill(style)
    let around = stroke.map { " stroke=\"\(Self.stroke($0))\" stroke-width=\"1.5\"" } ?? ""
    let classes = (isHollow ? "b" : style) + (stroke.map { " " + $0 } ?? "")
    append(
      "<circle cx=\"\(number(x))\" cy=\"\(number(y))\" r=\"\(number(radius))\" class=\"\(classes)\" fill=\"\(color)\""
        + "\(see)\(around)\(Self.closed(tip, "circle"))")
  }

  /// - Parameter points: Straight pieces between them; nil lifts the pen.
  mutating func polyline(_ points: [(x: Double, y: Double)?], style: String, width: Double, dash: String? = nil) {
    var path = ""
    var isDown = false
    for point in points {
      guard let point else {
        isDown = false
        continue
      }
      path += (isDown ? "L" : "M") + number(point.x) + " " + number(point.y)
      isDown = true
    }
    let dashes = dash.map { " stroke-dasharray=\"\($0)\"" } ?? ""
    append(
      "<path d=\"\(path)\" class=\"\(style)\" fill=\"none\" stroke=\"\(Self.stroke(style))\" stroke-width=\"\(number(width))\" "
        + "stroke-linejoin=\"round\" stroke-linecap=\"round\"\(dashes)/>")
  }

  mutating func polygon(_ points: [(x: Double, y: Double)], style: String, opacity: Double = 1) {
    let path = points.enumerated().map { ($0 == 0 ? "M" : "L") + number($1.x) + " " + number($1.y) }.joined()
    append("<path d=\"\(path)Z\" class=\"\(style)\" fill=\"\(Self.fill(style))\" fill-opacity=\"\(number(opacity))\"/>")
  }

  private static func closed(_ tip: String, _ element: String) -> String {
    tip.isEmpty ? "/>" : "><title>\(SVGText.escaped(tip))</title></\(element)>"
  }

  // MARK: - Colours by class

  /// `f3` fills with the fourth series colour; `l3` draws lines with it.
  static func fill(_ style: String) -> String {
    switch style {
    case "t": Theme.text.light
    case "m": Theme.muted.light
    case "b": Theme.background.light
    case "n": Theme.noValue.light
    case "d": Theme.land.light
    case _ where style.hasPrefix("e"): Theme.tint(Int(style.dropFirst()) ?? 0).light
    default: Int(style.dropFirst()).map { Theme.series($0).light } ?? Theme.text.light
    }
  }

  static func stroke(_ style: String) -> String {
    switch style {
    case "g": Theme.grid.light
    case "a": Theme.axis.light
    case "bl": Theme.background.light
    case "tl": Theme.text.light
    default: Int(style.dropFirst()).map { Theme.series($0).light } ?? Theme.axis.light
    }
  }

  /// What changes for readers who prefer dark pages; everything else is said at the elements themselves.
  static let darkStyle: String = {
    var rules = [
      ".b{fill:\(Theme.background.dark)}", ".t{fill:\(Theme.text.dark)}", ".m{fill:\(Theme.muted.dark)}",
      ".n{fill:\(Theme.noValue.dark)}", ".d{fill:\(Theme.land.dark)}", ".g{stroke:\(Theme.grid.dark)}",
      ".a{stroke:\(Theme.axis.dark)}", ".bl,.h{stroke:\(Theme.background.dark)}", ".tl{stroke:\(Theme.text.dark)}",
    ]
    for (index, paint) in Theme.series.enumerated() {
      rules.append(
        ".f\(index){fill:\(paint.dark)}.l\(index){stroke:\(paint.dark)}.e\(index){fill:\(Theme.tint(index).dark)}")
    }
    return "@media (prefers-color-scheme:dark){" + rules.joined() + "}"
  }()

  /// At most two decimals, and no more characters than needed.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "0" }
    let scaled = (value * 100).rounded()
    guard abs(scaled) < 1e15 else { return "0" }
    let whole = Int(scaled)
    if whole % 100 == 0 { return String(whole / 100) }
    let sign = whole < 0 ? "-" : ""
    let (integer, fraction) = (abs(whole) / 100, abs(whole) % 100)
    let digits = fraction % 10 == 0 ? String(fraction / 10) : fraction < 10 ? "0\(fraction)" : String(fraction)
    return "\(sign)\(integer).\(digits)"
  }

  private func number(_ value: Double) -> String { Self.number(value) }
}
