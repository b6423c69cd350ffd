import CQColumns

/// A page that needs nothing else: prose, pictures, tables, sources and notes; light, dark and on paper. Without its script
/// it reads the same; the script sorts tables and walks through the marks of pictures with the arrow keys.
struct HTMLPage {
  private let tables: [Table]

  init(_ tables: [Table]) { self.tables = tables }

  var text: String { head + sections }

  /// The results without the page around them. The ends of `main`, `body` and `html` need not be written, so more may follow.
  var sections: String {
    // A page of one result and no words of its own is called what the result is called.
    let level = tables.count == 1 && !hasOwnHeading ? 1 : 3
    return tables.enumerated().map { HTMLSection($1, number: $0, level: level).text }.joined()
  }

  /// What the prose calls the page, or else what the first result is called.
  private var title: String {
    for table in tables {
      if let heading = MarkdownText(table.prose).firstHeading { return heading }
    }
    return tables.first.map { FormattedCells($0).title } ?? ""
  }

  private var hasOwnHeading: Bool { tables.contains { MarkdownText($0.prose).firstHeading != nil } }

  private var head: String {
    let title = title.isEmpty ? "cq" : title
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="generator" content="cq">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '\(HTMLScript.digest)'; img-src data:; base-uri 'none'; form-action 'none'">
      <title>\(SVGText.escaped(title))</title>
      <style>
      \(HTMLStyle.text)</style>
      <script>\(HTMLScript.text)</script>
      </head>
      <body>
      <main>
      \(hasOwnHeading || tables.count < 2 ? "" : "<h1>\(SVGText.escaped(title))</h1>\n")\(contents)
      """
  }

  /// Links to the chapters of a long page.
  private var contents: String {
    let chapters = tables.enumerated().flatMap { MarkdownText($1.prose, number: $0).chapters }
    guard chapters.count > 3 else { return "" }
    let links = chapters.map { "<li><a href=\"#\($0.anchor)\">\(SVGText.escaped($0.title))</a></li>" }
    return "<nav aria-label=\"Contents\"><ul>\(links.joined())</ul></nav>\n"
  }
}

/// One result on a page: its prose, its picture or key figures, its table, source and notes.
struct HTMLSection {
  private let table: Table
  private let cells: FormattedCells
  /// Its place on the page: names that must be unique there end in it.
  private let number: Int
  private let level: Int

  /// - Parameter level: Of the result's heading.
  init(_ table: Table, number: Int, level: Int = 3) {
    self.table = table
    self.number = number
    self.level = level
    cells = FormattedCells(table)
  }

  var text: String {
    var lines: [String] = []
    if !table.prose.isEmpty { lines.append(MarkdownText(table.prose, number: number).html) }
    lines.append("<section>")
    if let picture = barePicture(table) {
      lines.append(heading(picture.title))
      if !picture.subtitle.isEmpty { lines.append("<p class=\"sub\">\(SVGText.escaped(picture.subtitle))</p>") }
      lines += ["<figure>", Self.renamed(picture.svg, number) + "<p class=\"tip\" role=\"status\"></p>", "</figure>"]
      lines += foot(picture.notes)
      let rows = cells.rowCount.counted("row")
      lines += ["<details><summary>The numbers as a table, \(rows)</summary>", grid, "</details>"]
    } else {
      let title = ownTitle
      if !title.isEmpty { lines.append(heading(title)) }
      lines.append(isFigures ? figures : grid)
      lines += foot(estimateNote + cells.notes.map(\.text))
    }
    return (lines + ["</section>"]).joined(separator: "\n") + "\n"
  }

  /// Hatches are defined once in each picture, and names must be unique on a page.
  private static func renamed(_ svg: String, _ number: Int) -> String {
    guard svg.contains("<pattern id=\"cq-") else { return svg }
    // Names are those of hatches and of nothing else: texts can't hold a quote, and a `#` before `cq-` only in words.
    let (bytes, digits) = (Array(svg.utf8), Array("\(number)-".utf8))
    let name = Array("cq-".utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 256)
    for (index, byte) in bytes.enumerated() {
      result.append(byte)
      guard byte == UInt8(ascii: "-"), index > 2, Array(bytes[(index - 2)...index]) == name,
        bytes[index - 3] == UInt8(ascii: "\"")
          || index > 7 && Array(bytes[(index - 7)...(index - 3)]) == Array("url(#".utf8)
      else { continue }
      result += digits
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Where, when and against what: what is measured stands at each figure, and at the head of each of many columns.
  private var ownTitle: String {
    let parts = table.header.title
    let isLong = isFigures || (parts.first ?? "").split(separator: ",").count > 3
    guard isLong, parts.count > 1 else { return cells.title }
    return Label.sentence(parts.dropFirst().map { Label.words($0.printable) }.joined(separator: " · "))
  }

  private func heading(_ text: String) -> String { "<h\(level)>\(SVGText.escaped(text))</h\(level)>" }

  private var estimateNote: [String] {
    cells.columns.contains { $0.states.contains(.estimated) } ? ["~ estimated in part"] : []
  }

  private func foot(_ notes: [String]) -> [String] {
    let source = cells.source.isEmpty ? [] : [SVGText.escaped(SVGFrame.attribution(cells.source))]
    let lines = source + notes.map { MarkdownText.inline($0.uppercasedFirst) }
    return lines.isEmpty ? [] : ["<footer>\(lines.map { "<p>\($0)</p>" }.joined())</footer>"]
  }

  // MARK: - Key figures

  /// A single row of a few numbers is read as figures, not as a table.
  private var isFigures: Bool { cells.rowCount == 1 && (2...12).contains(cells.columns.count) }

  private var figures: String {
    let tiles = cells.columns.map { column -> String in
      let unit = column.unit.isEmpty ? "" : " <span class=\"unit\">\(SVGText.escaped(column.unit))</span>"
      let mark = column.isNumeric ? "" : " class=\"name\""
      return "<div\(mark)><dt>\(SVGText.escaped(column.title))\(unit)</dt><dd>\(Self.marked(column, 0))</dd></div>"
    }
    return "<dl class=\"figures\">\(tiles.joined())</dl>"
  }

  // MARK: - The table

  private var grid: String {
    var lines = [
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(SVGText.escaped(cells.title))\"><table class=\"sortable\">"
    ]
    let heads = cells.columns.map { column in
      let unit = column.unit.isEmpty ? "" : " <span class=\"unit\">\(SVGText.escaped(column.unit))</span>"
      return "<th scope=\"col\"\(column.isNumeric ? " class=\"n\"" : "")>\(SVGText.escaped(column.title))\(unit)</th>"
    }
    lines.append("<thead><tr>\(heads.joined())</tr></thead>")
    lines.append("<tbody>")
    for row in 0..<cells.rowCount {
      let fields = cells.columns.enumerated().map { index, column -> String in
        let text = Self.marked(column, row)
        if index == 0, !column.isNumeric { return "<th scope=\"row\">\(text)</th>" }
        let state = column.states[row]
        let classes = (column.isNumeric ? ["n"] : []) + (state == .known ? [] : [state.name])
        // What rows are sorted by: the number in full, nothing where there is none.
        let value = column.isNumeric ? " data-v=\"\(column.sortKeys[row])\"" : ""
        return "<td\(classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"")\(value)>\(text)</td>"
      }
      lines.append("<tr>\(fields.joined())</tr>")
    }
    return (lines + ["</tbody>", "</table></div>"]).joined(separator: "\n")
  }

  /// The cell in words; what is not simply known says so to those who point at it.
  private static func marked(_ column: FormattedCells.Column, _ row: Int) -> String {
    let text = SVGText.escaped(column.cells[row])
    guard column.states[row] != .known else { return text }
    let state = column.states[row] == .estimated ? "estimated in part" : column.states[row].name
    return "<abbr title=\"\(state)\">\(text)</abbr>"
  }
}
