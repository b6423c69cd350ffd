import CQColumns

/// One column of a text table: cells as text, not yet padded to a width.
struct TextColumn {
  struct Cell {
    var text: String
    var isFaint = false
  }

  let name: String
  /// Printed under the name: `persons`, `USD`.
  let unit: String
  let isNumeric: Bool
  /// Names may be cut off with `…`; numbers never.
  let canShrink: Bool
  let cells: [Cell]
  /// Whether a number carries a `~`: then all texts of the column leave one display column for it behind their digits.
  let hasMarks: Bool
  let naturalWidth: Int

  var nameCell: Cell { Cell(text: name + markSlot) }
  var unitCell: Cell { Cell(text: unit + markSlot) }
  private var markSlot: String { hasMarks ? " " : "" }

  /// Below this a name says nothing any more.
  var leastWidth: Int { canShrink ? min(naturalWidth, max(Self.leastNameWidth, DisplayWidth.of(name))) : naturalWidth }

  init(_ column: TableColumn, rowCount: Int) {
    var name = column.name.printable
    var unit = ""
    var hasMarks = false
    switch column.values {
    case .members(let codes, let members):
      isNumeric = false
      canShrink = true
      cells = codes.prefix(rowCount).map { code in
        let index = Int(code)
        return Cell(text: members.indices.contains(index) ? members[index].name.printable : "–")
      }
    case .periods(let years):
      isNumeric = true
      canShrink = false
      cells = years.prefix(rowCount).map { Cell(text: periodText($0)) }
    case .numbers(let numbers, let states, let quantity):
      isNumeric = true
      canShrink = false
      hasMarks = states.prefix(rowCount).contains(.estimated)
      cells = Self.cells(numbers, states, quantity, rowCount: rowCount, hasMarks: hasMarks)
      if case .percent = quantity {} else { unit = quantity.unitName.printable }
    case .texts(let texts):
      isNumeric = false
      canShrink = true
      cells = texts.prefix(rowCount).map { Cell(text: $0.printable) }
    case .truths(let truths):
      isNumeric = false
      canShrink = false
      cells = truths.prefix(rowCount).map { Cell(text: $0 ? "true" : "false") }
    }
    if unit == name { unit = "" }
    if name.isEmpty { name = "–" }
    self.name = name
    self.unit = unit
    self.hasMarks = hasMarks
    let headWidth = max(DisplayWidth.of(name), DisplayWidth.of(unit)) + (hasMarks ? 1 : 0)
    naturalWidth = cells.reduce(headWidth) { max($0, DisplayWidth.of($1.text)) }
  }

  private static let leastNameWidth = 16

  private static func cells(
    _ numbers: [Double], _ states: [CellState], _ quantity: Quantity, rowCount: Int, hasMarks: Bool
  ) -> [Cell] {
    let format = NumberFormat(quantity, of: numbers, states: states)
    var fractionWidth = 0
    let formatted = zip(numbers, states).prefix(rowCount).map { number, state -> NumberFormat.Formatted? in
      guard state.hasValue else { return nil }
      let text = format(number)
      fractionWidth = max(fractionWidth, text.fractionWidth)
      return text
    }
    let noMark = hasMarks ? " " : ""
    return zip(formatted, states).map { formatted, state in
      guard let formatted else { return Cell(text: (state == .withheld ? "(W)" : "–") + noMark, isFaint: true) }
      let filler = String(repeating: " ", count: fractionWidth - formatted.fractionWidth)
      let isEstimated = state == .estimated
      return Cell(text: formatted.text + (isEstimated ? "~" : noMark) + filler, isFaint: isEstimated)
    }
  }
}
