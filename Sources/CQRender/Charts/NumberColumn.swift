import CQColumns

/// A column of numbers of the table.
struct NumberColumn {
  var name: String
  var quantity: Quantity
  private var numbers: [Double]
  private var states: [CellState]

  init?(_ column: TableColumn?) {
    guard let column else { return nil }
    name = column.name
    switch column.values {
    case .numbers(let numbers, let states, let quantity):
      (self.numbers, self.states, self.quantity) = (numbers, states, quantity)
    case .periods(let years):
      (numbers, states, quantity) = (years.map(Double.init), years.map { _ in .known }, .ratio)
    default: return nil
    }
  }

  func cell(_ row: Int) -> ChartCell {
    let isFinite = numbers[row].isFinite
    return ChartCell(value: isFinite ? numbers[row] : 0, state: isFinite ? states[row] : .missing)
  }

  var cells: [ChartCell] { numbers.indices.map(cell) }

  var title: String { Label.sentence(name) }

  var titleWithUnit: String {
    let unit = quantity.unitName.printable
    return unit.isEmpty || unit == "%" || unit == name ? title : "\(title) (\(unit))"
  }

  /// Quotients whose neutral value is 1.
  var isQuotient: Bool {
    guard quantity == .ratio else { return false }
    return name == "lq" || name.hasPrefix("lq_") || name.hasSuffix("_lq")
  }
}

extension TableColumn {
  /// Texts, members, years, truths: what names a row.
  var isName: Bool {
    if case .numbers = values { return false }
    return true
  }

  /// Each cell in words.
  var texts: [String] {
    switch values {
    case .members(let codes, let members):
      codes.map { members.indices.contains(Int($0)) ? members[Int($0)].name.printable : "–" }
    case .periods(let years): years.map(Label.period)
    case .numbers(let numbers, _, _): numbers.map { exactText($0) ?? "–" }
    case .texts(let texts): texts.map(\.printable)
    case .truths(let truths): truths.map { $0 ? "true" : "false" }
    }
  }
}
