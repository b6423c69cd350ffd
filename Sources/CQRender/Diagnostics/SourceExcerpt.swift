import CQSource

/// The source lines that a diagnostic's labels touch, with the marks on each.
struct SourceExcerpt {
  /// Bytes of one line, counted from its start.
  private struct ByteMark {
    var start: Int
    var end: Int
    var text: String
    var isPrimary: Bool
  }

  private let source: SourceText
  private var marks: [Int: [ByteMark]] = [:]

  /// Digits of the largest line number.
  var numberWidth: Int { String((marks.keys.max() ?? 0) + 1).count }

  init(_ diagnostic: Diagnostic, in source: SourceText) {
    self.source = source
    for label in diagnostic.labels { add(label) }
  }

  private mutating func add(_ label: Diagnostic.Label) {
    let start = min(max(label.span.start, 0), source.utf8.count)
    let end = min(max(label.span.end, start), source.utf8.count)
    let firstLine = source.lineIndex(at: start)
    let lastLine = source.lineIndex(at: max(start, end - 1))
    let text = label.text.printable
    let lastStart = source.lineStarts[lastLine]
    guard firstLine < lastLine else {
      add(ByteMark(start: start - lastStart, end: end - lastStart, text: text, isPrimary: label.isPrimary), firstLine)
      return
    }
    // A label over several lines marks its beginning and its end; what lies between is understood.
    let firstStart = source.lineStarts[firstLine]
    let firstEnd = source.line(firstLine).utf8.count
    add(ByteMark(start: start - firstStart, end: firstEnd, text: "", isPrimary: label.isPrimary), firstLine)
    let indent = min(SourceLineLayout(source.line(lastLine)).firstTextByte, end - lastStart)
    add(ByteMark(start: indent, end: end - lastStart, text: text, isPrimary: label.isPrimary), lastLine)
  }

  private mutating func add(_ mark: ByteMark, _ lineIndex: Int) { marks[lineIndex, default: []].append(mark) }

  func lines(style: TextStyle, primaryPaint: TextStyle.Paint, width: Int?) -> [String] {
    let gutterWidth = numberWidth + 3
    let available = width.map { max($0 - gutterWidth, 20) }
    var lines: [String] = []
    var previous: Int?
    for (lineIndex, byteMarks) in marks.sorted(by: { $0.key < $1.key }) {
      if let previous, lineIndex - previous == 2 {
        lines += sourceLine(previous + 1, marks: [], style: style, primaryPaint: primaryPaint, available: available)
      } else if let previous, lineIndex - previous > 2 {
        lines.append(style(.blue, String(repeating: " ", count: numberWidth) + " …"))
      }
      lines += sourceLine(lineIndex, marks: byteMarks, style: style, primaryPaint: primaryPaint, available: available)
      previous = lineIndex
    }
    return lines
  }

  private func sourceLine(
    _ lineIndex: Int, marks: [ByteMark], style: TextStyle, primaryPaint: TextStyle.Paint, available: Int?
  ) -> [String] {
    var layout = SourceLineLayout(source.line(lineIndex).withoutSecrets)
    let columns = marks.map { layout.columns(from: $0.start, to: $0.end) }
    if let available {
      let focus = zip(marks, columns).first { $0.0.isPrimary }?.1 ?? columns.first ?? 0..<1
      layout.trim(to: available, around: focus)
    }
    let lineMarks = zip(marks, columns).map {
      LineMark(columns: layout.shown($1), text: $0.text, isPrimary: $0.isPrimary)
    }
    let margin = String(repeating: " ", count: numberWidth)
    let text = layout.text
    let lines = [
      style(.blue, String(lineIndex + 1).leftPadded(to: numberWidth) + " │") + (text.isEmpty ? "" : " " + text)
    ]
    guard !marks.isEmpty else { return lines }
    let rows = LabelRows(lineMarks, style: style, primaryPaint: primaryPaint, width: available).rows
    return lines + rows.map { style(.blue, margin + " │") + " " + $0 }
  }
}
