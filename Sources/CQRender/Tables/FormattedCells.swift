import CQColumns

/// A table as documents show it: titles and cells in words, numbers with their marks.
struct FormattedCells {
  struct Column {
    var title: String
    var unit: String
    var isNumeric: Bool
    var cells: [String]
    var states: [CellState]
    /// Numbers in full, empty where there is none: what rows are sorted by. Empty for texts.
    var sortKeys: [String] = []
  }

  let columns: [Column]
  let rowCount: Int
  let title: String
  let source: String
  let notes: [(code: String, text: String)]

  init(_ table: Table) {
    rowCount = table.rowCount
    title =
      table.picture?.title?.printable
      ?? Label.sentence(table.header.title.map { Label.words($0.printable) }.joined(separator: " · "))
    let header = table.header
    source =
      header.dataset.isEmpty
      ? header.source.printable
      : header.source.isEmpty ? header.dataset.printable : "\(header.source.printable) (\(header.dataset.printable))"
    notes = table.notes.map { note in
      (note.code.printable, (note.subjects.isEmpty ? "" : TableNote.mark + " ") + note.text.printable)
    }
    let marked = table.markedMembers
    columns = table.columns.map { column in
      switch column.values {
      case .numbers(let numbers, let states, let quantity):
        let cells = Self.cells(column, numbers, states, quantity)
        let keys = zip(numbers, states).map { $1.hasValue ? exactText($0) ?? "" : "" }
        let unit = quantity == .percent ? "" : quantity.unitName.printable
        return Column(
          title: Label.sentence(column.name.printable), unit: unit == column.name ? "" : unit, isNumeric: true,
          cells: cells, states: states, sortKeys: keys)
      default:
        let isYears = if case .periods = column.values { true } else { false }
        return Column(
          title: Label.sentence(column.name.printable), unit: "", isNumeric: isYears,
          cells: Self.texts(column, marked: marked),
          states: Array(repeating: .known, count: column.count),
          sortKeys: isYears ? column.texts.map { String($0.filter(\.isNumber)) } : [])
      }
    }
  }

  /// Names and texts, with the mark of a note that is about their row.
  private static func texts(_ column: TableColumn, marked: Set<TableMember>) -> [String] {
    guard !marked.isEmpty, case .members(let codes, let members) = column.values else { return column.texts }
    return zip(codes, column.texts).map { code, text in
      members.indices.contains(Int(code)) && marked.contains(members[Int(code)]) ? text + TableNote.mark : text
    }
  }

  private static func cells(
    _ column: TableColumn, _ numbers: [Double], _ states: [CellState], _ quantity: Quantity
  ) -> [String] {
    // Where rows measure different things, each kind is written as in a column of its own.
    let kinds = column.rowQuantities.isEmpty ? Array(repeating: quantity, count: numbers.count) : column.rowQuantities
    var formats: [Quantity: NumberFormat] = [:]
    for kind in Set(kinds) {
      let rows = numbers.indices.filter { kinds[$0] == kind }
      formats[kind] = NumberFormat(kind, of: rows.map { numbers[$0] }, states: rows.map { states[$0] })
    }
    return numbers.indices.map { row in
      guard let format = formats[kinds[row]] else { return "–" }
      switch states[row] {
      case .known: return format(numbers[row]).text.replacingMinus
      case .estimated: return format(numbers[row]).text.replacingMinus + "~"
      case .withheld: return TextColumn.withheld(column.bounds[row], format).replacingMinus
      case .missing: return "–"
      }
    }
  }
}

/// A pipe table (GitHub Flavored Markdown) with title, source and notes.
struct MarkdownTable {
  private let cells: FormattedCells
  private let prose: String

  init(_ table: Table) { (cells, prose) = (FormattedCells(table), table.prose) }

  var text: String {
    var lines = prose.isEmpty ? [] : [prose, ""]
    if !cells.title.isEmpty { lines += ["**\(Self.escaped(cells.title))**", ""] }
    let heads = cells.columns.map { Self.escaped($0.unit.isEmpty ? $0.title : "\($0.title) (\($0.unit))") }
    lines.append("| " + heads.joined(separator: " | ") + " |")
    lines.append("|" + cells.columns.map { $0.isNumeric ? "--:|" : ":--|" }.joined())
    for row in 0..<cells.rowCount {
      lines.append("| " + cells.columns.map { Self.escaped($0.cells[row]) }.joined(separator: " | ") + " |")
    }
    var foot: [String] = []
    if !cells.source.isEmpty { foot.append(Self.line(SVGFrame.attribution(cells.source))) }
    foot += cells.notes.map { Self.line($0.text) }
    if !foot.isEmpty { lines += [""] + foot.map { $0 + "  " } }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Text that begins a line: no list, no rule and no underline of a heading either.
  private static func line(_ text: String) -> String {
    let escaped = escaped(text)
    if let first = escaped.first, "-+=".contains(first) { return "\\" + escaped }
    let digits = escaped.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let next = escaped.dropFirst(digits.count).first, next == "." || next == ")" else {
      return escaped
    }
    return digits + "\\" + escaped.dropFirst(digits.count)
  }

  /// Text in which nothing is markup: neither Markdown's nor the HTML that Markdown lets through.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "|", "`", "*", "_", "[", "]", "#", "!", "$", "~": result += "\\" + String(scalar)
      case "\n", "\r", "\t": result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

/// A `tabular` with rules, for any LaTeX with UTF-8 input; needs no package.
struct TeXTable {
  private let cells: FormattedCells

  init(_ table: Table) { cells = FormattedCells(table) }

  var text: String {
    let layout = cells.columns.map { $0.isNumeric ? "r" : "l" }.joined()
    var lines = ["% made by cq", "\\begin{table}[htbp]", "  \\centering"]
    if !cells.title.isEmpty { lines.append("  \\caption{\(Self.escaped(cells.title))}\\medskip") }
    lines += ["  \\small\\setlength{\\tabcolsep}{5pt}", "  \\begin{tabular}{\(layout)}", "    \\hline"]
    lines.append("    " + cells.columns.map { Self.escaped($0.title) }.joined(separator: " & ") + " \\\\")
    if cells.columns.contains(where: { !$0.unit.isEmpty }) {
      lines.append("    " + cells.columns.map { Self.escaped($0.unit) }.joined(separator: " & ") + " \\\\")
    }
    lines.append("    \\hline")
    for row in 0..<cells.rowCount {
      lines.append("    " + cells.columns.map { Self.escaped($0.cells[row]) }.joined(separator: " & ") + " \\\\")
    }
    lines += ["    \\hline", "  \\end{tabular}"]
    var foot: [String] = []
    if !cells.source.isEmpty { foot.append(Self.escaped(SVGFrame.attribution(cells.source)) + ".") }
    foot += cells.notes.map { Self.escaped($0.text) + "." }
    if !foot.isEmpty {
      lines.append(
        "  \\par\\smallskip\\begin{minipage}{\\linewidth}\\footnotesize \(foot.joined(separator: " "))\\end{minipage}")
    }
    return (lines + ["\\end{table}"]).joined(separator: "\n") + "\n"
  }

  /// Text in which no character is a command.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\": result += "\\textbackslash{}"
      case "&", "%", "$", "#", "_", "{", "}": result += "\\" + String(scalar)
      case "~": result += "$\\sim$"
      case "^": result += "\\textasciicircum{}"
      case "<": result += "\\textless{}"
      case ">": result += "\\textgreater{}"
      case "|": result += "\\textbar{}"
      // The text command for it is missing in the default encoding.
      case "\"": result += "\\char34{}"
      case "≥": result += "$\\geq$"
      case "≤": result += "$\\leq$"
      case "≠": result += "$\\neq$"
      case "≈": result += "$\\approx$"
      case "→": result += "$\\to$"
      case "√": result += "$\\surd$"
      case "Σ": result += "$\\Sigma$"
      case "Δ": result += "$\\Delta$"
      case "−": result += "$-$"
      case "–": result += "--"
      case "·": result += "\\textperiodcentered{}"
      case "\n", "\r", "\t": result += " "
      default:
        if scalar.properties.generalCategory == .control { continue }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
