/// Title, picture, source and notes in one document.
struct SVGFrame {
  var title: String
  var subtitle: String
  var source: String
  var notes: [String]
  /// Read out by screen readers in place of the picture.
  var description: String

  static let width = 800.0
  static let margin = 24.0
  static var innerWidth: Double { width - 2 * margin }
  /// More would be longer than the picture.
  private static let noteLineLimit = 6

  /// - Parameter body: Drawn in `innerWidth × height`, from (0, 0).
  /// - Returns: The whole document, and where its texts stand.
  func document(_ body: SVGDocument, height: Double) -> (
    text: String, size: (width: Double, height: Double), SVGDocument
  ) {
    let inner = Self.innerWidth
    var document = SVGDocument()
    var y = Self.margin + 4
    for line in SVGText.wrap(title, to: inner, size: Theme.titleSize, isBold: true) {
      y += Theme.titleSize * 0.8
      document.text(line, x: Self.margin, y: y, size: Theme.titleSize, isBold: true)
      y += Theme.titleSize * 0.45
    }
    for line in SVGText.wrap(subtitle, to: inner, size: Theme.subtitleSize) {
      y += Theme.subtitleSize
      document.text(line, x: Self.margin, y: y, size: Theme.subtitleSize, style: "m")
      y += Theme.subtitleSize * 0.35
    }
    y += 16
    document.append(body, x: Self.margin, y: y)
    y += height + 14
    var lines: [(text: String, style: String)] = []
    if !source.isEmpty {
      lines += SVGText.wrap(Self.attribution(source), to: inner, size: Theme.footSize).map { ($0, "m") }
    }
    var noteLines = notes.map(\.uppercasedFirst).flatMap { SVGText.wrap($0, to: inner, size: Theme.footSize) }
    if noteLines.count > Self.noteLineLimit {
      noteLines = Array(noteLines.prefix(Self.noteLineLimit))
      noteLines[Self.noteLineLimit - 1] = SVGText.truncate(
        noteLines[Self.noteLineLimit - 1] + " …", to: inner, size: Theme.footSize)
    }
    lines += noteLines.map { ($0, "m") }
    for line in lines {
      y += Theme.footSize * 1.4
      document.text(line.text, x: Self.margin, y: y, size: Theme.footSize, style: line.style)
    }
    y += Self.margin * 0.8
    return (text(document, height: y.rounded(.up)), (Self.width, y.rounded(.up)), document)
  }

  /// The drawing alone; title and notes come with it for whoever sets them.
  func bare(_ body: SVGDocument, height: Double) -> BarePicture {
    var document = SVGDocument()
    document.append(body, x: 2, y: 4)
    let svg = text(document, width: Self.innerWidth + 4, height: (height + 8).rounded(.up))
    return BarePicture(title: title, subtitle: subtitle, notes: notes, svg: svg)
  }

  /// Agencies that ask for `Fuente: …` are quoted as they ask.
  static func attribution(_ source: String) -> String { source.hasPrefix("Fuente:") ? source : "Source: " + source }

  private func text(_ document: SVGDocument, width: Double = SVGFrame.width, height: Double) -> String {
    let (width, height) = (SVGDocument.number(width), SVGDocument.number(height))
    let definitions = document.definitions.isEmpty ? "" : "<defs>\n\(document.definitions)</defs>\n"
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" height="\(height)" \
      role="img" font-family="\(Theme.fontFamily)" font-size="\(SVGDocument.number(Theme.labelSize))">
      <title>\(SVGText.escaped(title))</title>
      <desc>\(SVGText.escaped(description))</desc>
      <style>\(SVGDocument.darkStyle)</style>
      \(definitions)<rect class="b" fill="\(Theme.background.light)" width="\(width)" height="\(height)"/>
      \(document.body)</svg>

      """
  }
}
