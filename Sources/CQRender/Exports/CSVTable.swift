import CQColumns

/// Comma-separated values (RFC 4180, lines end in LF), or tab-separated ones: full precision, and a `_state` column after
/// every column of numbers that are not all known, with `_low` and `_high` where bounds of withheld numbers are known.
///
/// A text that a spreadsheet would run as a formula gets an apostrophe before it.
struct CSVTable {
  enum Separator: String {
    case comma = ","
    case tab = "\t"
  }

  private let separator: Separator

  private struct Field {
    var name: String
    var text: (_ rowIndex: Int) -> String
  }

  private let fields: [Field]
  private let rowCount: Int

  init(_ table: Table, separator: Separator = .comma) {
    self.separator = separator
    let exported = ExportedColumns(table)
    var taken = Set(exported.columns.map(\.name))
    var fields: [Field] = []
    for column in exported.columns {
      switch column.values {
      case .texts(let texts):
        fields.append(Field(name: column.name) { Self.quoted(texts[$0].withoutFormula, separator) })
      case .periods(let years): fields.append(Field(name: column.name) { periodText(years[$0]) })
      case .truths(let truths): fields.append(Field(name: column.name) { truths[$0] ? "true" : "false" })
      case .numbers(let numbers, let states, _, let bounds):
        fields.append(Field(name: column.name) { states[$0].hasValue ? exactText(numbers[$0]) ?? "" : "" })
        if states.contains(where: { $0 != .known }) {
          let name = ExportedColumns.free(column.name + "_state", in: &taken)
          fields.append(Field(name: name) { states[$0].name })
        }
        guard !bounds.isEmpty else { continue }
        let (low, high) = (
          ExportedColumns.free(column.name + "_low", in: &taken),
          ExportedColumns.free(column.name + "_high", in: &taken)
        )
        fields.append(Field(name: low) { bounds[$0]?.lowText ?? "" })
        fields.append(Field(name: high) { bounds[$0]?.highText ?? "" })
      }
    }
    self.fields = fields
    rowCount = exported.rowCount
  }

  var text: String {
    guard !fields.isEmpty else { return "" }
    var result =
      fields.map { Self.quoted($0.name.withoutFormula, separator) }.joined(separator: separator.rawValue) + "\n"
    for rowIndex in 0..<rowCount {
      for (index, field) in fields.enumerated() {
        if index > 0 { result += separator.rawValue }
        result += field.text(rowIndex)
      }
      result += "\n"
    }
    return result
  }

  private static func quoted(_ text: String, _ separator: Separator) -> String {
    // Tab-separated files know no quotes.
    if separator == .tab {
      return String(
        String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\t" || $0 == "\n" || $0 == "\r" ? " " : $0 }))
    }
    let needsQuotes = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    guard needsQuotes else { return text }
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar == "\"" { result += "\"" }
      result.unicodeScalars.append(scalar)
    }
    return result + "\""
  }
}

extension String {
  /// With an apostrophe before it where a spreadsheet would take it for a formula.
  var withoutFormula: String {
    guard let first = unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first) else { return self }
    // A number is no formula, whatever its sign.
    return Double(self) == nil ? "'" + self : self
  }
}
