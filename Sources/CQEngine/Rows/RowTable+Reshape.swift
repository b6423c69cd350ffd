import CQCatalog
import CQColumns
import CQPlan
import CQSemantics
import CQSyntax

// Verbs that change what a row is.

extension RowTable {
  /// Keeps the first row of each group.
  func collapse(_ groupColumns: [Int]) throws {
    gridSelection = gridSelection ?? selection
    selection = try selection.at(try groups(groupColumns).firstPositions, control)
  }

  /// The numbers of each of `values` under the column of their key, on the first row of their group.
  func pivot(_ key: Int, _ keys: [PivotKey], _ values: [Int], _ groupColumns: [Int]) throws {
    let keyPositions = try positions(of: keys, in: key)
    let groups = try groups(groupColumns)
    let sources = try sources(keyPositions, keys.count, groups)
    let count = groups.count
    var made: [RowColumn] = []
    for value in values {
      let numbers = try gathered(value)
      for key in keys.indices {
        let wide = Vector(
          values: try control.elements(count) { group in
            let source = sources[group * keys.count + key]
            return source < 0 ? 0 : numbers.values[Int(source)]
          },
          states: try control.elements(count) { group in
            let source = sources[group * keys.count + key]
            return source < 0 ? .missing : numbers.states[Int(source)]
          })
        if wide.states.allSatisfy({ $0 == .missing }) { emptyColumns.insert(columnCount + made.count) }
        made.append(.numbers(wide))
      }
    }
    try compact(to: try selection.at(groups.firstPositions, control), adding: made)
  }

  /// For each group and each key the position of its row, the last one of several; -1 where there is none.
  private func sources(_ keyPositions: [Int32], _ keyCount: Int, _ groups: RowGroups) throws -> [Int32] {
    let ofPosition = try groups.ofPosition(control)
    var sources = try control.elements(groups.count * keyCount) { _ in Int32(-1) }
    try control.morsels(keyPositions.count) { positions in
      for position in positions where keyPositions[position] >= 0 {
        let group = ofPosition.isEmpty ? 0 : Int(ofPosition[position])
        sources[group * keyCount + Int(keyPositions[position])] = Int32(truncatingIfNeeded: position)
      }
    }
    return sources
  }

  /// For each row that is left, which of `keys` its column holds.
  ///
  /// - Returns: Positions among `keys`, -1 for none of them.
  private func positions(of keys: [PivotKey], in column: Int) throws -> [Int32] {
    let order = Dictionary(keys.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    if case .members(let codes, let members) = try self.column(at: column) {
      let columnOfMember = members.map { order[.member($0)] ?? -1 }
      return try selection.elements(control) { columnOfMember[Int(codes[$0])] }
    }
    let years = keys.compactMap { if case .year(let year) = $0 { year } else { nil } }
    guard let first = years.min(), let last = years.max() else {
      return try control.elements(selectionCount) { _ in -1 }
    }
    let columnOfYear = (first...last).map { order[.year($0)] ?? -1 }
    if let years = try self.years(column) {
      return try control.elements(years.count) { position in
        let year = Int(years[position])
        return first <= year && year <= last ? columnOfYear[year - first] : -1
      }
    }
    let values = try gathered(column).values
    return try control.elements(values.count) { position in
      guard let year = Int(exactly: values[position]), first <= year, year <= last else { return -1 }
      return columnOfYear[year - first]
    }
  }

  /// Vectors without a number, each with memory of its own: as copies of one they would be copied when they are first written,
  /// all rows at once.
  private func emptyVectors(_ count: Int, _ rowCount: Int) throws -> [Vector] {
    try (0..<count).map { _ in
      Vector(
        values: try control.elements(rowCount) { _ in 0 }, states: try control.elements(rowCount) { _ in .missing })
    }
  }

  /// One row per row and column of `stacked`.
  func unpivot(_ kept: [VisibleColumn], _ stacked: [VisibleColumn]) throws {
    let rows = selection
    let count = stacked.count
    let repeated = try control.elements(rows.count * count) { Int32(truncatingIfNeeded: rows[$0 / count]) }
    let repeatedRows = RowSelection(repeated)
    var next = try kept.map { try gathered($0.column, repeatedRows) }
    let names = stacked.map { Double(code(of: $0.name)) }
    let nameCodes = try control.elements(repeated.count) { names[$0 % count] }
    next.append(
      .texts(Vector(values: nameCodes, states: [CellState](repeating: .known, count: repeated.count))))
    let vectors = try stacked.map { try gathered($0.column) }
    let values = Vector(
      values: try control.elements(repeated.count) { vectors[$0 % count].values[$0 / count] },
      states: try control.elements(repeated.count) { vectors[$0 % count].states[$0 / count] })
    next.append(.numbers(values))
    replace(next, rowCount: repeated.count)
    let quantities = stacked.map { $0.type.quantity }
    if Set(quantities).count > 1 {
      rowQuantities[next.count - 1] = try control.list(repeated.count) { quantities[$0 % count] }
    }
  }

  /// Measures as rows, members as columns, then difference and ratio to the first member.
  func compare(_ key: Int, _ keys: [PivotKey], _ measures: [VisibleColumn], _ groupColumns: [VisibleColumn]) throws {
    let keyPositions = try positions(of: keys, in: key)
    let groups = try groups(groupColumns.map(\.column))
    let ofPosition = try groups.ofPosition(control)
    let rowTotal = groups.count * measures.count
    var wide = try emptyVectors(keys.count, rowTotal)
    for (index, measure) in measures.enumerated() {
      let numbers = try gathered(measure.column)
      try control.morsels(keyPositions.count) { positions in
        for position in positions where keyPositions[position] >= 0 {
          let (column, group) = (Int(keyPositions[position]), ofPosition.isEmpty ? 0 : Int(ofPosition[position]))
          wide[column].values[group * measures.count + index] = numbers.values[position]
          wide[column].states[group * measures.count + index] = numbers.states[position]
        }
      }
    }
    let repeated = groups.firstPositions.flatMap { position in
      [Int](repeating: selection[Int(position)], count: measures.count)
    }
    var next = try groupColumns.map { try gathered($0.column, RowSelection(repeated)) }
    let names = measures.map { Double(code(of: $0.comparedName)) }
    let nameCodes = (0..<rowTotal).map { names[$0 % measures.count] }
    next.append(.texts(Vector(values: nameCodes, states: nameCodes.map { _ in .known })))
    next += wide.map { .numbers($0) }
    for vector in wide.dropFirst() {
      next.append(.numbers(combined(.subtract, vector, wide[0])))
      next.append(.numbers(combined(.divide, vector, wide[0])))
    }
    let first = groupColumns.count + 1
    let isRatio = next.indices.map { $0 >= first + keys.count && ($0 - first - keys.count) % 2 == 1 }
    replace(next, rowCount: rowTotal)
    let quantities = (0..<rowTotal).map { measures[$0 % measures.count].type.quantity }
    for column in first..<next.count where !isRatio[column] { rowQuantities[column] = quantities }
  }

  private func combined(_ operation: BinaryOperator, _ lhs: Vector, _ rhs: Vector) -> Vector {
    var formula = Formula()
    formula.inputs = [.column(0), .column(1)]
    formula.instructions = [.load(0), .load(1), .arithmetic(operation)]
    formula.depth = 2
    return FormulaEvaluator(formula: formula, inputs: [lhs, rhs], rowCount: lhs.count).evaluate()
  }

  /// One row per column: its kind, how many cells of each state, and the range.
  func describe(_ described: [VisibleColumn]) throws {
    var rows: [(name: String, kind: String, counts: [Int], low: Double?, high: Double?)] = []
    for column in described {
      try control.check()
      let vector = try gathered(column.column)
      let isNumber = if case .number = column.type { true } else { false }
      let present = vector.values.indices.filter { vector.states[$0].hasValue }.map { vector.values[$0] }
      rows.append(
        (
          column.name, column.type.kindName, CellState.allCases.map { state in vector.states.count { $0 == state } },
          isNumber ? present.min() : nil, isNumber ? present.max() : nil
        ))
    }
    func texts(_ values: [String]) -> RowColumn {
      .texts(Vector(values: values.map { Double(code(of: $0)) }, states: values.map { _ in .known }))
    }
    func numbers(_ values: [Double?]) -> RowColumn {
      .numbers(Vector(values: values.map { $0 ?? 0 }, states: values.map { $0 == nil ? .missing : .known }))
    }
    var next = [texts(rows.map(\.name)), texts(rows.map(\.kind))]
    next += CellState.allCases.indices.map { state in numbers(rows.map { Double($0.counts[state]) }) }
    next += [numbers(rows.map(\.low)), numbers(rows.map(\.high))]
    replace(next, rowCount: rows.count)
    let quantities = described.map(\.type.quantity)
    for column in [next.count - 2, next.count - 1] { rowQuantities[column] = quantities }
  }

  /// A new table in place of this one; columns count from 0 again.
  func replace(_ next: [RowColumn], rowCount count: Int) {
    gridSelection = gridSelection ?? selection
    setColumns(next)
    emptyColumns = []
    rowQuantities = [:]
    rowCount = count
    selectAll()
  }
}

extension VisibleColumn {
  /// `employment, persons`: rows of a comparison have different units.
  fileprivate var comparedName: String {
    guard case .number(let quantity) = type else { return name }
    if quantity == .percent { return name }
    return quantity.unitName.isEmpty ? name : "\(name), \(quantity.unitName)"
  }
}

extension ValueType {
  /// What a column of this type measures.
  var quantity: Quantity {
    if case .number(let quantity) = self { return quantity }
    return .ratio
  }

  fileprivate var kindName: String {
    switch self {
    case .number(.percent): "percent"
    case .number(.money(let currency)): "money (\(currency))"
    case .number(let quantity): quantity.unitName.isEmpty ? "number" : "number (\(quantity.unitName))"
    case .text: "text"
    case .truth: "bool"
    case .period: "period"
    case .member(let level): level.rawValue
    }
  }
}
