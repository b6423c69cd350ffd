import CQColumns

/// A result as JSON: numbers that are not known are objects with value and state, so that no reader takes them for
/// published ones.
struct JSONTable {
  private let table: Table
  private let exported: ExportedColumns

  init(_ table: Table) {
    self.table = table
    exported = ExportedColumns(table)
  }

  /// One object with provenance, columns, rows and notes.
  var document: String {
    let header = table.header
    let years = header.years.map { JSONText.array([String($0.lowerBound), String($0.upperBound)]) } ?? "null"
    let notes = table.notes.map { note in
      JSONText.object([("code", JSONText.string(note.code)), ("text", JSONText.string(note.text))])
    }
    return JSONText.tallObject(
      [
        ("title", JSONText.string(header.title.joined(separator: " · "))),
        ("dataset", JSONText.string(header.dataset)),
        ("source", JSONText.string(header.source)),
        ("base", JSONText.string(header.base)),
        ("years", years),
        ("columns", JSONText.tallArray(exported.columns.map(description(of:)), indent: 2)),
        ("rows", JSONText.tallArray((0..<exported.rowCount).map(row), indent: 2)),
        ("notes", JSONText.tallArray(notes, indent: 2)),
      ],
      indent: 0
    ) + "\n"
  }

  /// One object per row and line.
  var lines: String { (0..<exported.rowCount).map { row($0) + "\n" }.joined() }

  private func row(_ rowIndex: Int) -> String {
    JSONText.object(exported.columns.map { ($0.name, value(of: $0.values, rowIndex)) })
  }

  private func value(of values: ExportedColumns.Values, _ rowIndex: Int) -> String {
    switch values {
    case .texts(let texts): JSONText.string(texts[rowIndex])
    case .periods(let periods):
      periods[rowIndex] > 9_999 ? JSONText.string(periodText(periods[rowIndex])) : String(periods[rowIndex])
    case .truths(let truths): truths[rowIndex] ? "true" : "false"
    case .numbers(let numbers, let states, _, let bounds):
      if states[rowIndex] == .known {
        JSONText.number(numbers[rowIndex])
      } else {
        JSONText.object(
          [
            ("value", states[rowIndex].hasValue ? JSONText.number(numbers[rowIndex]) : "null"),
            ("state", JSONText.string(states[rowIndex].name)),
          ]
            + (bounds[rowIndex].map {
              [("low", JSONText.number($0.lowerBound)), ("high", JSONText.number($0.upperBound))]
            } ?? []))
      }
    }
  }

  private func description(of column: ExportedColumns.Column) -> String {
    var members = [("name", JSONText.string(column.name))]
    switch column.values {
    case .texts: members.append(("kind", JSONText.string("text")))
    case .periods: members.append(("kind", JSONText.string("period")))
    case .truths: members.append(("kind", JSONText.string("bool")))
    case .numbers(_, _, let quantity, _):
      members.append(("kind", JSONText.string(quantity.kindName)))
      // A percent is stored as a fraction: its unit would say otherwise.
      if quantity != .percent, !quantity.unitName.isEmpty {
        members.append(("unit", JSONText.string(quantity.unitName)))
      }
    }
    return JSONText.object(members)
  }
}

extension Quantity {
  /// As the language calls it.
  fileprivate var kindName: String {
    switch self {
    case .count, .mixed, .ratio: "number"
    case .percent: "percent"
    case .money: "money"
    }
  }
}
