import CQColumns

/// A page that needs nothing else: picture, table, source and notes; light, dark and on paper.
struct HTMLPage {
  private let table: Table
  private let cells: FormattedCells

  init(_ table: Table) {
    self.table = table
    cells = FormattedCells(table)
  }

  var text: String { head + section }

  /// Everything before the first result. The ends of `body` and `html` need not be written, so results may follow.
  private var head: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
    <title>\(SVGText.escaped(cells.title.isEmpty ? "cq" : cells.title))</title>
    <style>
    :root { color-scheme: light dark; --text: \(Theme.text.light); --muted: \(Theme.muted.light); --line: \(Theme.grid.light); --page: \(Theme.background.light); }
    @media (prefers-color-scheme: dark) { :root { --text: \(Theme.text.dark); --muted: \(Theme.muted.dark); --line: \(Theme.grid.dark); --page: \(Theme.background.dark); } }
    body { margin: 2rem auto; max-width: 60rem; padding: 0 1rem; background: var(--page); color: var(--text); font: 15px/1.5 \(Theme.fontFamily); }
    section { margin-bottom: 3rem; }
    h2 { font-size: 1.3rem; line-height: 1.3; margin: 0 0 .8rem; }
    svg { max-width: 100%; height: auto; }
    .scroll { overflow-x: auto; }
    table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: .25rem .9rem .25rem 0; text-align: left; border-bottom: 1px solid var(--line); vertical-align: baseline; }
    th.n, td.n { text-align: right; padding: .25rem 0 .25rem .9rem; }
    thead th { border-bottom: 2px solid var(--muted); }
    tbody th { font-weight: normal; }
    .unit, .estimated, .withheld, .missing, footer { color: var(--muted); }
    .unit { font-weight: normal; font-size: .85em; display: block; }
    footer { font-size: .85rem; margin-top: .8rem; }
    footer p { margin: .15rem 0; }
    @media print { body { margin: 0; max-width: none; } thead { display: table-header-group; } tr { break-inside: avoid; } }
    </style>
    </head>
    <body>

    """
  }

  /// One result.
  var section: String {
    var lines = ["<section>"]
    if let picture = svgPicture(table) {
      lines.append(picture)
    } else if !cells.title.isEmpty {
      lines.append("<h2>\(SVGText.escaped(cells.title))</h2>")
    }
    lines.append("<div class=\"scroll\"><table>")
    let heads = cells.columns.map { column in
      let unit = column.unit.isEmpty ? "" : " <span class=\"unit\">\(SVGText.escaped(column.unit))</span>"
      return "<th scope=\"col\"\(column.isNumeric ? " class=\"n\"" : "")>\(SVGText.escaped(column.title))\(unit)</th>"
    }
    lines.append("<thead><tr>\(heads.joined())</tr></thead>")
    lines.append("<tbody>")
    for row in 0..<cells.rowCount {
      let fields = cells.columns.enumerated().map { index, column -> String in
        let text = SVGText.escaped(column.cells[row])
        if index == 0, !column.isNumeric { return "<th scope=\"row\">\(text)</th>" }
        let state = column.states[row]
        let classes = (column.isNumeric ? ["n"] : []) + (state == .known ? [] : [state.name])
        return "<td\(classes.isEmpty ? "" : " class=\"\(classes.joined(separator: " "))\"")>\(text)</td>"
      }
      lines.append("<tr>\(fields.joined())</tr>")
    }
    lines += ["</tbody>", "</table></div>"]
    var foot = cells.source.isEmpty ? [] : [SVGText.escaped(SVGFrame.attribution(cells.source))]
    if cells.columns.contains(where: { $0.states.contains(.estimated) }) { foot.append("~ estimated in part") }
    foot += cells.notes.map { SVGText.escaped($0.text) }
    if !foot.isEmpty { lines.append("<footer>\(foot.map { "<p>\($0)</p>" }.joined())</footer>") }
    return (lines + ["</section>"]).joined(separator: "\n") + "\n"
  }
}
