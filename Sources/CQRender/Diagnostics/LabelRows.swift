/// A marked stretch of one source line, in display columns of the printed line.
struct LineMark {
  var columns: Range<Int>
  var text: String
  var isPrimary: Bool
}

/// The rows under a source line: carets and dashes, the text of the rightmost label behind them, the texts of the others
/// hanging below.
struct LabelRows {
  private struct Segment {
    var column: Int
    var text: String
    var paint: TextStyle.Paint
  }

  let marks: [LineMark]
  let style: TextStyle
  let primaryPaint: TextStyle.Paint
  /// Display columns right of the gutter; no limit when nil.
  let width: Int?

  init(_ marks: [LineMark], style: TextStyle, primaryPaint: TextStyle.Paint, width: Int?) {
    self.marks = marks.sorted {
      ($0.columns.lowerBound, $0.columns.upperBound) < ($1.columns.lowerBound, $1.columns.upperBound)
    }
    self.style = style
    self.primaryPaint = primaryPaint
    self.width = width
  }

  var rows: [String] {
    let inlineIndex = inlineMarkIndex
    var markRow = markSegments
    if let inlineIndex {
      let mark = marks[inlineIndex]
      markRow.append(Segment(column: mark.columns.upperBound + 1, text: mark.text, paint: paint(mark)))
    }
    let hanging = marks.indices.filter { $0 != inlineIndex && !marks[$0].text.isEmpty }.map { marks[$0] }
    var rows = [markRow]
    if !hanging.isEmpty { rows.append(bars(hanging[...])) }
    for index in hanging.indices.reversed() {
      let mark = hanging[index]
      var column = mark.columns.lowerBound
      if let width { column = min(column, max(0, width - DisplayWidth.of(mark.text))) }
      let row = bars(hanging[..<index]).filter { $0.column + 1 < column }
      rows.append(row + [Segment(column: column, text: mark.text, paint: paint(mark))])
    }
    return rows.map(compose)
  }

  /// The label whose text may follow the marks: nothing stands right of it and the text fits.
  private var inlineMarkIndex: Int? {
    guard let index = marks.indices.last, !marks[index].text.isEmpty else { return nil }
    let end = marks[index].columns.upperBound
    guard marks.allSatisfy({ $0.columns.upperBound <= end }) else { return nil }
    if let width, end + 1 + DisplayWidth.of(marks[index].text) > width { return nil }
    return index
  }

  /// Dashes, overwritten by carets.
  private var markSegments: [Segment] {
    var kinds: [Int: Bool] = [:]
    for mark in marks {
      for column in mark.columns where kinds[column] != true { kinds[column] = mark.isPrimary }
    }
    var segments: [Segment] = []
    var previous: (column: Int, isPrimary: Bool)?
    for (column, isPrimary) in kinds.sorted(by: { $0.key < $1.key }) {
      let sign = isPrimary ? "^" : "-"
      if let previous, previous.column + 1 == column, previous.isPrimary == isPrimary {
        segments[segments.count - 1].text += sign
      } else {
        segments.append(Segment(column: column, text: sign, paint: isPrimary ? primaryPaint : .blue))
      }
      previous = (column, isPrimary)
    }
    return segments
  }

  private func bars(_ marks: ArraySlice<LineMark>) -> [Segment] {
    var segments: [Segment] = []
    for mark in marks where segments.last?.column != mark.columns.lowerBound {
      segments.append(Segment(column: mark.columns.lowerBound, text: "│", paint: paint(mark)))
    }
    return segments
  }

  private func paint(_ mark: LineMark) -> TextStyle.Paint { mark.isPrimary ? primaryPaint : .blue }

  private func compose(_ segments: [Segment]) -> String {
    var row = ""
    var column = 0
    for segment in segments {
      row += String(repeating: " ", count: max(0, segment.column - column)) + style(segment.paint, segment.text)
      column = max(column, segment.column) + DisplayWidth.of(segment.text)
    }
    return row
  }
}
