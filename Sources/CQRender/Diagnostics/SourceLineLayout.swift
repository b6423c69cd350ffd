/// One line of source as it is printed: tabs widened, control characters made visible, trimmed around what matters, and a
/// display column for every byte.
struct SourceLineLayout {
  private struct Cell {
    var byteOffset: Int
    var column: Int
    var text: String
    var width: Int
  }

  private let cells: [Cell]
  private let byteCount: Int
  private let width: Int
  private var first = 0
  private var limit: Int

  private static let tabWidth = 4
  private static let trimMark = "…"

  /// - Parameter line: Without its line end.
  init(_ line: String) {
    var cells: [Cell] = []
    var column = 0
    var byteOffset = 0
    for character in line {
      var text = String(character)
      if character == "\t" {
        text = String(repeating: " ", count: Self.tabWidth - column % Self.tabWidth)
      } else if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
        text = "\u{FFFD}"
      }
      let width = DisplayWidth.of(text)
      cells.append(Cell(byteOffset: byteOffset, column: column, text: text, width: width))
      column += width
      byteOffset += character.utf8.count
    }
    self.cells = cells
    byteCount = byteOffset
    width = column
    limit = column
  }

  /// Display columns of the bytes `start ..< end`, at least one, before trimming.
  func columns(from start: Int, to end: Int) -> Range<Int> {
    let lower = cells.last { $0.byteOffset <= start }.map { start >= byteCount ? width : $0.column } ?? 0
    let upper = end >= byteCount ? width : cells.first { $0.byteOffset >= end }?.column ?? width
    return lower..<max(upper, lower + 1)
  }

  /// First byte that is no blank.
  var firstTextByte: Int { cells.first { $0.text.contains { $0 != " " } }?.byteOffset ?? 0 }

  /// Leaves `available` columns with `focus` in view.
  mutating func trim(to available: Int, around focus: Range<Int>) {
    guard width > available, available > 2 else { return }
    let free = max(0, available - focus.count)
    first = min(max(0, focus.lowerBound - free / 2), width - available)
    // A focus longer than the line shows its beginning.
    first = min(first, max(0, focus.lowerBound - 1))
    limit = first + available
  }

  var text: String {
    let isCutBefore = first > 0
    let isCutAfter = limit < width
    let lower = isCutBefore ? first + 1 : 0
    let upper = isCutAfter ? limit - 1 : width
    var result = isCutBefore ? Self.trimMark : ""
    var column = lower
    for cell in cells where cell.column >= lower && cell.column + cell.width <= upper {
      result += String(repeating: " ", count: cell.column - column) + cell.text
      column = cell.column + cell.width
    }
    if isCutAfter { result += String(repeating: " ", count: upper - column) + Self.trimMark }
    return result
  }

  /// Where `columns` stand in ``text``.
  func shown(_ columns: Range<Int>) -> Range<Int> {
    // One column past the end is where something that is missing at the end of the line is marked.
    let lower = min(max(columns.lowerBound - first, 0), limit - first)
    let upper = min(max(columns.upperBound - first, lower + 1), max(limit - first, lower + 1))
    return lower..<upper
  }
}
