import CQColumns

/// One column of a text table: cells as text, not yet padded to a width.
struct TextColumn {
  struct Cell {
    var text: String
    /// Stands behind the text however short that is cut.
    var mark = ""
    /// Estimated, or no number at all.
    var isFaint = false
    var tone = Tone.plain

    var paint: TextStyle.Paint? {
      switch (tone, isFaint) {
      case (.plain, false): nil
      case (.plain, true): .dim
      case (.negative, false): .plainRed
      case (.negative, true): .dimRed
      case (.strong, false): .green
      case (.strong, true): .dimGreen
      }
    }
  }

  /// What a number says at a glance: below zero, or a specialisation.
  enum Tone { case plain, negative, strong }

  /// What may be left out first when there is no room.
  enum Role: Int, Comparable {
    // ORDER: from what is never left out to what goes first.
    case key, trend, number, truth, text

    static func < (lhs: Role, rhs: Role) -> Bool { lhs.rawValue < rhs.rawValue }
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
  let role: Role
  /// What kind of number it holds; nil for other columns.
  let quantity: Quantity?

  var nameCell: Cell { Cell(text: name + markSlot) }
  var unitCell: Cell { Cell(text: unit + markSlot) }
  private var markSlot: String { hasMarks ? " " : "" }

  /// Below this a name says nothing any more.
  var leastWidth: Int { canShrink ? min(naturalWidth, max(Self.leastNameWidth, DisplayWidth.of(name))) : naturalWidth }

  /// - Parameter marked: Members whose rows a note is about.
  init(_ column: TableColumn, rowCount: Int, marked: Set<TableMember> = []) {
    var name = column.name.printable
    var unit = ""
    var hasMarks = false
    var role = Role.key
    var measured: Quantity?
    switch column.values {
    case .members(let codes, let members):
      isNumeric = false
      canShrink = true
      cells = codes.prefix(rowCount).map { code in
        let index = Int(code)
        guard members.indices.contains(index) else { return Cell(text: "–") }
        let mark = !marked.isEmpty && marked.contains(members[index]) ? TableNote.mark : ""
        return Cell(text: members[index].name.printable, mark: mark)
      }
    case .periods(let years):
      isNumeric = true
      canShrink = false
      cells = years.prefix(rowCount).map { Cell(text: periodText($0)) }
    case .numbers(let numbers, let states, let quantity):
      isNumeric = true
      canShrink = false
      role = .number
      measured = quantity
      hasMarks = states.prefix(rowCount).contains(.estimated)
      cells =
        column.rowQuantities.isEmpty
        ? Self.cells(
          numbers, states, quantity, column.bounds, rowCount: rowCount, hasMarks: hasMarks,
          isQuotient: quantity == .ratio && (name == "lq" || name.hasSuffix("_lq")))
        : Self.cells(numbers, states, column.rowQuantities, rowCount: rowCount, hasMarks: hasMarks)
      if case .percent = quantity {} else { unit = quantity.unitName.printable }
    case .texts(let texts):
      role = .text
      isNumeric = false
      canShrink = true
      cells = texts.prefix(rowCount).map { Cell(text: $0.printable) }
    case .truths(let truths):
      role = .truth
      isNumeric = false
      canShrink = false
      cells = truths.prefix(rowCount).map { Cell(text: $0 ? "true" : "false") }
    }
    if unit == name { unit = "" }
    if name.isEmpty { name = "–" }
    self.name = name
    self.unit = unit
    self.hasMarks = hasMarks
    self.role = role
    quantity = measured
    let headWidth = max(DisplayWidth.of(name), DisplayWidth.of(unit)) + (hasMarks ? 1 : 0)
    naturalWidth = cells.reduce(headWidth) { max($0, DisplayWidth.of($1.text) + $1.mark.count) }
  }

  /// A column of texts that are there already, such as the shapes of series.
  init(name: String, texts: [String], role: Role) {
    self.name = name
    unit = ""
    isNumeric = false
    canShrink = false
    cells = texts.map { Cell(text: $0) }
    hasMarks = false
    self.role = role
    quantity = nil
    naturalWidth = cells.reduce(DisplayWidth.of(name)) { max($0, DisplayWidth.of($1.text)) }
  }

  private static let leastNameWidth = 16

  /// From here on a location quotient is usually called specialised.
  private static let specialised = 1.2

  /// Rows of different kinds below each other: each kind prints as it would in a column of its own.
  private static func cells(
    _ numbers: [Double], _ states: [CellState], _ quantities: [Quantity], rowCount: Int, hasMarks: Bool
  ) -> [Cell] {
    var cells = [Cell](repeating: Cell(text: ""), count: min(rowCount, numbers.count))
    for quantity in Set(quantities) {
      let rows = cells.indices.filter { quantities[$0] == quantity }
      let own = self.cells(
        rows.map { numbers[$0] }, rows.map { states[$0] }, quantity, [:], rowCount: rows.count, hasMarks: hasMarks)
      for (row, cell) in zip(rows, own) { cells[row] = cell }
    }
    return cells
  }

  /// `(W 100–249)` where both ends are known, `(W 100+)` where only the lower one says something.
  static func withheld(_ bounds: ClosedRange<Double>?, _ format: NumberFormat) -> String {
    guard let bounds else { return "(W)" }
    let low = format(bounds.lowerBound).text
    if bounds.upperBound.isFinite { return "(W \(low)–\(format(bounds.upperBound).text))" }
    return bounds.lowerBound > 0 ? "(W \(low)+)" : "(W)"
  }

  private static func cells(
    _ numbers: [Double], _ states: [CellState], _ quantity: Quantity, _ bounds: [Int: ClosedRange<Double>],
    rowCount: Int, hasMarks: Bool, isQuotient: Bool = false
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
    return formatted.indices.map { row in
      let state = states[row]
      guard let formatted = formatted[row] else {
        let text = state == .withheld ? withheld(bounds[row], format) : "–"
        return Cell(text: text + noMark, isFaint: true)
      }
      let filler = String(repeating: " ", count: fractionWidth - formatted.fractionWidth)
      let isEstimated = state == .estimated
      let tone: Tone = numbers[row] < 0 ? .negative : isQuotient && numbers[row] >= specialised ? .strong : .plain
      return Cell(text: formatted.text + (isEstimated ? "~" : noMark) + filler, isFaint: isEstimated, tone: tone)
    }
  }
}
