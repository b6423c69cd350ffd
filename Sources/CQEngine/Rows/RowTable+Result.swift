import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

// The table that is shown.

extension RowTable {
  /// The rows that are left, with `visible` columns.
  func snapshot(_ visible: [VisibleColumn], title: [String], _ picture: Picture?) throws -> Table {
    try forgetRows()
    let shown = visible.filter { keepsEmptyColumns || !emptyColumns.contains($0.column) }
    var table = Table(
      columns: try shown.map { column in
        var shown = TableColumn(name: column.name, values: try values(column))
        if let quantities = rowQuantities[column.column] { shown.rowQuantities = selection.map { quantities[$0] } }
        return shown
      }, header: TableHeader(title: title))
    table.picture = picture
    if picture?.kind == .map, let place = visible.first(where: { $0.name == picture?.x }),
      case .members(let codes, let members) = try column(at: place.column)
    {
      table.picture?.level = members.first?.level.rawValue ?? ""
      table.picture?.places = selection.map {
        let member = members[Int(codes[$0])]
        return Picture.Place(country: member.country, code: member.code)
      }
    }
    return table
  }

  private func values(_ column: VisibleColumn) throws -> TableColumn.Values {
    if let layout, column.column < layout.levels.count {
      let level = layout.levels[column.column]
      switch column.type {
      case .period where level.dimension == .period:
        return .periods(try layout.filled(layout.periods(level), order))
      case .member where level.dimension != .period:
        let (axis, members) = layout.members(level) { TableMember($0) }
        return .members(codes: try layout.filled(axis, order), members: members)
      default: break
      }
    }
    let (source, picked) = try source(ofColumn: column.column)
    let order = picked?.rowOrder ?? order
    switch (source, column.type) {
    case (.stored(let stored), let type): return try values(stored, type, picked ?? selection)
    case (.members(let codes, let members), _):
      return .members(
        codes: try order.gathered(codes, control), members: members.map { TableMember($0) })
    case (.texts(let vector), _): return .texts(try shownTexts(vector, texts, picked ?? selection))
    case (.numbers(let vector), .truth):
      return .texts(try shownTexts(vector, ["false", "true"], picked ?? selection))
    case (.numbers(let vector), let type): return try numbers(try order.gathered(vector, control), type)
    }
  }

  /// A column of a file.
  private func values(_ stored: StoredColumn, _ type: ValueType, _ rows: RowSelection) throws -> TableColumn.Values {
    switch (stored.column.values, type) {
    case (.texts(let codes, let values), _):
      return .texts(TableTexts(codes: try codes.gathered(rows, control), values: values))
    case (.numbers(.int32(let years)), .period) where stored.column.states == nil:
      return .periods(try years.gathered(rows, control))
    case (.numbers, _): return try numbers(try read(.stored(stored), rows), type)
    }
  }

  /// Numbers as they are shown; `if … then year else missing` is a number where it is no year.
  private func numbers(_ shown: Vector, _ type: ValueType) throws -> TableColumn.Values {
    if type == .period, let years = try years(shown) { return .periods(years) }
    return .numbers(shown.values, states: shown.states, quantity: type.quantity)
  }

  /// The texts at the positions that a vector holds in these rows, and a dash where it holds none.
  private func shownTexts(_ vector: Vector, _ texts: [String], _ rows: RowSelection) throws -> TableTexts {
    let dash = Int32(texts.count)
    let codes = try rows.elements(control) { row in
      vector.states[row].hasValue ? Int32(vector.values[row]) : dash
    }
    return TableTexts(codes: codes, values: texts + ["–"])
  }

  /// The numbers as years; nil where one is none.
  private func years(_ shown: Vector) throws -> [Int32]? {
    let years = try control.elements(shown.count) { row in
      Int32(truncatingIfNeeded: Int(max(-1, min(shown.values[row], 1_000_000))))
    }
    var areYears = true
    try control.morsels(shown.count) { rows in
      for row in rows where !shown.states[row].hasValue || Double(years[row]) != shown.values[row] { areYears = false }
    }
    return areYears ? years : nil
  }
}

extension TableMember {
  fileprivate init(_ member: Member) { self.init(code: member.code, name: member.name) }
}
