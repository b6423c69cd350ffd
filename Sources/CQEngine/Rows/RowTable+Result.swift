import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

// The table that is shown.

extension RowTable {
  /// The rows that are left, with `visible` columns.
  func snapshot(_ visible: [VisibleColumn], title: [String], _ picture: Picture?) throws -> Table {
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
    if case .stored(let stored) = try self.column(at: column.column),
      case .texts(let codes, let values) = stored.column.values
    {
      return .texts(TableTexts(codes: try codes.gathered(selection, control), values: values))
    }
    switch (try self.column(at: column.column), column.type) {
    case (.stored(let stored), .period):
      if case .numbers(.int32(let years)) = stored.column.values, stored.column.states == nil {
        return .periods(try years.gathered(selection, control))
      }
      let shown = try gathered(column.column)
      return try years(shown).map { .periods($0) } ?? .numbers(shown.values, states: shown.states, quantity: .ratio)
    case (.stored, let type):
      let shown = try gathered(column.column)
      return .numbers(shown.values, states: shown.states, quantity: type.quantity)
    case (.members(let codes, let members), _):
      return .members(
        codes: try order.gathered(codes, control), members: members.map { TableMember($0) })
    case (.texts(let vector), _): return .texts(try shownTexts(vector, texts))
    case (.numbers(let vector), .period):
      if let years = try years(try order.gathered(vector, control)) { return .periods(years) }
      // `if … then year else missing` is a number where it is no year.
      return try numbers(vector, .ratio)
    case (.numbers(let vector), .truth): return .texts(try shownTexts(vector, ["false", "true"]))
    case (.numbers(let vector), .number(let quantity)): return try numbers(vector, quantity)
    case (.numbers(let vector), _): return try numbers(vector, .ratio)
    }
  }

  /// The texts at the positions that a vector holds, and a dash where it holds none.
  private func shownTexts(_ vector: Vector, _ texts: [String]) throws -> TableTexts {
    let (selection, dash) = (selection, Int32(texts.count))
    let codes = try control.elements(selection.count) { position in
      let row = selection[position]
      return vector.states[row].hasValue ? Int32(vector.values[row]) : dash
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

  private func numbers(_ vector: Vector, _ quantity: Quantity) throws -> TableColumn.Values {
    let shown = try order.gathered(vector, control)
    return .numbers(shown.values, states: shown.states, quantity: quantity)
  }
}

extension TableMember {
  fileprivate init(_ member: Member) { self.init(code: member.code, name: member.name) }
}
