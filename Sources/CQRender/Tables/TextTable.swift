package import CQColumns

/// A result laid out for reading in a terminal: what it is above, where it comes from and what to know about it below.
///
/// Names are shortened, then columns left out (and named below), until it fits the width.
package struct TextTable {
  private let table: Table
  private let options: RenderOptions
  private let style: TextStyle

  package init(_ table: Table, options: RenderOptions) {
    self.table = table
    self.options = options
    self.style = TextStyle(isColored: options.isColored)
  }

  package var text: String {
    let shownRowCount = min(table.rowCount, max(0, options.rowLimit ?? table.rowCount))
    let marked = table.markedMembers
    var columns = table.columns.map { TextColumn($0, rowCount: shownRowCount, marked: marked) }
    if options.drawsTrends { TrendColumn(table, rowCount: shownRowCount)?.insert(into: &columns) }
    let fitted = FittedColumns(columns, width: options.width)
    let sections = [titleLines, gridLines(fitted), footLines(shownRowCount: shownRowCount, dropped: fitted.dropped)]
    return sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private var titleLines: [String] {
    let title = table.header.title.map(\.printable).joined(separator: " · ")
    guard !title.isEmpty else { return [] }
    return wrapped(title).map { style(.bold, $0) }
  }

  private func gridLines(_ fitted: FittedColumns) -> [String] {
    guard !fitted.shown.isEmpty else { return [] }
    var lines = [line(fitted, paint: .bold, cell: \.nameCell)]
    if fitted.shown.contains(where: { !$0.column.unit.isEmpty }) {
      lines.append(line(fitted, paint: .dim, cell: \.unitCell))
    }
    lines.append(style(.dim, String(repeating: "─", count: fitted.totalWidth)))
    for rowIndex in 0..<(fitted.shown.first?.column.cells.count ?? 0) {
      lines.append(line(fitted, paint: nil) { $0.cells[rowIndex] })
    }
    return lines
  }

  private func line(
    _ fitted: FittedColumns, paint: TextStyle.Paint?, cell: (TextColumn) -> TextColumn.Cell
  ) -> String {
    var result = ""
    var pendingSpaces = 0
    for (column, width) in fitted.shown {
      let cell = cell(column)
      var body = DisplayWidth.truncate(cell.text, to: width - cell.mark.count) + cell.mark
      let free = width - DisplayWidth.of(body)
      var spacesAfter = column.isNumeric ? 0 : free
      while body.last == " " {
        body.removeLast()
        spacesAfter += 1
      }
      let spacesBefore = pendingSpaces + (column.isNumeric ? free : 0)
      // Spaces are written only before something: no line ends in blanks.
      if body.isEmpty {
        pendingSpaces = spacesBefore + spacesAfter + FittedColumns.gap
        continue
      }
      let paintOfCell = paint ?? cell.paint
      result += String(repeating: " ", count: spacesBefore) + (paintOfCell.map { style($0, body) } ?? body)
      pendingSpaces = spacesAfter + FittedColumns.gap
    }
    return result
  }

  private func footLines(shownRowCount: Int, dropped: [String]) -> [String] {
    var lines: [String] = []
    if shownRowCount < table.rowCount {
      lines.append("… \(table.rowCount.counted("row")), showing \(shownRowCount.grouped)")
    } else if table.rowCount == 0, !table.columns.isEmpty {
      lines.append("no rows")
    } else if table.rowCount > Self.countedRows {
      lines.append(table.rowCount.counted("row"))
    }
    if !dropped.isEmpty { lines.append("no room for: " + Self.list(dropped)) }
    let source = sourceText
    if !source.isEmpty { lines.append("source: " + source) }
    for note in table.notes {
      let code = note.code.isEmpty ? "note: " : "note \(note.code.printable): "
      let mark = note.subjects.isEmpty ? "" : TableNote.mark + " "
      lines.append(code + mark + note.text.printable)
    }
    return lines.flatMap(wrapped).map { style(.dim, $0) }
  }

  /// Prose narrower than this is unreadable, so it may be wider than the table.
  private func wrapped(_ text: String) -> [String] {
    DisplayWidth.wrap(text, to: options.width.map { max($0, 32) }, indent: 2)
  }

  private var sourceText: String {
    let header = table.header
    let source = header.source.printable
    let dataset = header.dataset.printable
    guard !source.isEmpty, !dataset.isEmpty else { return source + dataset }
    return "\(source) (\(dataset))"
  }

  /// All names where they are few, else the first and the last with their number.
  private static func list(_ names: [String]) -> String {
    guard names.count > listedColumns, let first = names.first, let last = names.last else {
      return names.joined(separator: ", ")
    }
    return "\(names.count) columns, \(first) to \(last)"
  }

  private static let listedColumns = 8

  /// Longer tables say how many rows they have: nobody counts them.
  private static let countedRows = 20

}
