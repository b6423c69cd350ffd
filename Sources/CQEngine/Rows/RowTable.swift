import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// A column of the row table, as long as the table was before any stage ran.
enum RowColumn {
  /// Index into `members` for each row.
  case members([Int32], [Member])
  case numbers(Vector)
  /// Codes into the table's texts, with states.
  case texts(Vector)
  /// A column of a file, in place.
  case stored(StoredColumn)
}

/// A column of a file while verbs run over it.
final class StoredColumn {
  let column: FileTable.Column
  /// For each text of its dictionary the code among the texts of the table, once something has asked for it.
  private var codes: [Double]?

  init(_ column: FileTable.Column) { self.column = column }

  func codes(_ rows: RowTable) -> [Double] {
    if let codes { return codes }
    guard case .texts(_, let values) = column.values else { return [] }
    let made = values.map { Double(rows.code(of: $0)) }
    codes = made
    return made
  }
}

/// The rows of a result on their way through the verbs: columns by number, and which rows are left in which order.
final class RowTable {
  let plan: QueryPlan
  let catalog: Catalog
  let control: RunControl
  private let sourceVectors: [Vector]
  private(set) var texts: [String]
  private var textCodes: [String: Int] = [:]
  /// Rows of the whole table: the length of every column.
  var rowCount: Int
  /// Which cells the rows are, until they become rows of something else.
  private var layout: GridLayout?
  /// Columns from the first one on, or from the first one after the levels of `layout`.
  private var storedColumns: [RowColumn] = []
  private var hasLevelColumns = false
  private var order: RowOrder { didSet { knownSelection = nil } }
  private var knownSelection: RowSelection?
  var notes: [TableNote] = []
  /// Numbers that the query itself gave to cells without one.
  let replacements = ReplacementCounts()
  /// What the numbers of a column measure, row by row, where verbs have put different ones below each other.
  var rowQuantities: [Int: [Quantity]] = [:]
  /// Sources of rows that other tables added.
  var addedSources: [TableHeader] = []
  /// Columns that a pivot made without a single number.
  var emptyColumns: Set<Int> = []
  /// A query that joins this table counts on all of its columns.
  var keepsEmptyColumns = false
  /// Grid rows that were left when rows stopped being rows of the grid.
  var gridSelection: RowSelection?
  /// Runs the other table of a join or an append.
  let runOther: (QueryPlan) throws -> Table
  /// Tables that `save` asked to be written, with their paths.
  private(set) var saved: [(path: String, table: Table)] = []

  /// Rows of the grid, one per combination of members: those where every column is missing do not exist.
  init(
    frame: Frame, columns sourceColumns: [SourceColumn], vectors: [Vector], _ plan: QueryPlan, _ catalog: Catalog,
    _ control: RunControl, runOther: @escaping (QueryPlan) throws -> Table
  ) throws {
    self.plan = plan
    self.catalog = catalog
    self.control = control
    self.sourceVectors = vectors
    self.texts = plan.texts
    for (code, text) in texts.enumerated() { textCodes[text] = code }
    self.runOther = runOther
    let grid = plan.grids[0]
    rowCount = grid.cellCount
    let layout = GridLayout(grid: grid, levels: frame.levels, control: control)
    self.layout = layout
    let shown = sourceColumns.indices.filter { !sourceColumns[$0].name.isEmpty }
    order = try layout.rowOrder()
    storedColumns = shown.map { column(vectors[$0], sourceColumns[$0].expression.type) }
    if !frame.levels.isEmpty { try removeMissingRows(vectors, shown) }
  }

  /// Rows where every column is missing do not exist; most often the first column alone says that all do.
  private func removeMissingRows(_ vectors: [Vector], _ shown: [Int]) throws {
    guard let first = shown.first else {
      order = .all(0)
      return
    }
    let (states, others) = (vectors[first].states, shown.dropFirst())
    if !states.holds(.missing) { return }
    if others.isEmpty, case .ranges = order {
      order = try RowOrder.rows(of: states, without: .missing, control)
    } else {
      order = try order.filter(control) { row in
        states[row] != .missing || others.contains { vectors[$0].states[row] != .missing }
      }
    }
  }

  var columnCount: Int { storedColumns.count + (hasLevelColumns ? 0 : layout?.levels.count ?? 0) }

  /// Makes another table, whose rows are no cells of a grid.
  func setColumns(_ next: [RowColumn]) {
    layout = nil
    storedColumns = next
  }

  /// One more column, of the same rows.
  func append(_ column: RowColumn) { storedColumns.append(column) }

  /// The column of a number; those of levels are made when the first of them is asked for.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func column(at index: Int) throws -> RowColumn {
    guard let layout, !hasLevelColumns else { return storedColumns[index] }
    if index >= layout.levels.count { return storedColumns[index - layout.levels.count] }
    storedColumns = try layout.levels.map { try layout.column($0) } + storedColumns
    hasLevelColumns = true
    return storedColumns[index]
  }

  /// Rows that are left, in their order.
  var selection: RowSelection {
    get {
      if let knownSelection { return knownSelection }
      let selection: RowSelection
      if case .ranges(let ranges) = order, ranges.count < 2 {
        selection = RowSelection(ranges.first ?? 0..<0)
      } else {
        selection = RowSelection(order.rows)
      }
      knownSelection = selection
      return selection
    }
    set {
      order = newValue.rowOrder
      knownSelection = newValue
    }
  }

  var selectionCount: Int { order.count }

  /// Leaves every row, in its order.
  func selectAll() { order = .all(rowCount) }

  /// A table of the catalogue or of a file.
  init(
    _ table: ImportedTable, _ plan: QueryPlan, _ catalog: Catalog, _ control: RunControl,
    runOther: @escaping (QueryPlan) throws -> Table
  ) {
    self.runOther = runOther
    self.plan = plan
    self.catalog = catalog
    self.control = control
    sourceVectors = []
    texts = plan.texts
    rowCount = table.rowCount
    order = .all(table.rowCount)
    for (code, text) in texts.enumerated() { textCodes[text] = code }
    for column in table.columns {
      switch column {
      case .members(let codes, let members): append(.members(codes, members))
      case .numbers(let values, let states, _): append(.numbers(Vector(values: values, states: states)))
      case .periods(let years):
        append(.numbers(Vector(values: years.map(Double.init), states: years.map { _ in .known })))
      case .texts(let values):
        let codes = values.map { Double(code(of: $0)) }
        append(.texts(Vector(values: codes, states: codes.map { _ in .known })))
      case .stored(let column, _): append(.stored(StoredColumn(column)))
      }
    }
  }

  /// Grid rows that are left.
  var shownGridRows: RowSelection { gridSelection ?? selection }

  func column(_ vector: Vector, _ type: ValueType) -> RowColumn {
    type == .text ? .texts(vector) : .numbers(vector)
  }

  func code(of text: String) -> Int {
    if let known = textCodes[text] { return known }
    texts.append(text)
    textCodes[text] = texts.count - 1
    return texts.count - 1
  }

  /// The text of `row`, empty where there is none.
  func text(_ vector: Vector, _ row: Int) -> String {
    vector.states[row].hasValue ? texts[Int(vector.values[row])] : ""
  }

  // MARK: - Stages

  /// Runs the plan's stages and gives what they leave.
  func finished(title: [String], notes before: [TableNote]) throws -> Table {
    var index = 0
    while index < plan.stages.count {
      try control.check()
      if let summary = summary(at: index) {
        try summarize(summary.derived, by: summary.groups)
        index += summary.stageCount
      } else {
        try run(plan.stages[index])
        index += 1
      }
    }
    if selectionCount > control.limits.rows {
      throw LimitExceeded.rows(needed: selectionCount, limit: control.limits.rows)
    }
    var table = try snapshot(plan.query.visible, title: title, plan.query.picture)
    try control.check()
    table.notes = before + notes + replacements.notes
    table.settleNotes()
    return table
  }

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

  private func run(_ stage: QueryPlan.Stage) throws {
    switch stage {
    case .filter(let condition): try filter(condition)
    case .sort(let keys): try sort(keys)
    case .top(let count, let key, let largest): try top(count, try evaluate(key), largest: largest)
    case .first(let count): selection = selection.upTo(count)
    case .derive(let formula, let type): append(column(try scattered(try evaluate(formula)), type))
    case .hidden(let index): append(.numbers(sourceVectors[index]))
    case .rank(let formula, let groupColumns):
      append(.numbers(try scattered(try ranks(of: try evaluate(formula), in: try groups(groupColumns)))))
    case .collapse(let groups): try collapse(groups)
    case .pivot(let key, let keys, let values, let groups): try pivot(key, keys, values, groups)
    case .unpivot(let kept, let stacked): try unpivot(kept, stacked)
    case .compare(let key, let keys, let measures, let groups): try compare(key, keys, measures, groups)
    case .kernel(let stage): try run(stage)
    case .describe(let columns): try describe(columns)
    case .append(let other, let mine): try append(other, mine)
    case .join(let other, let on, let added, let keep): try join(other, on, added, keep)
    case .compareTotal(let name, let rows, let total): try compareTotal(name, gathered(rows), gathered(total))
    case .note(let text): notes.append(TableNote(code: "", text: text))
    case .save(let path, let visible, let picture):
      saved.append((path, try snapshot(visible, title: plan.query.title, picture)))
    }
  }

  /// N0510: `x / sum(x)` divides by the rows of the table, `share` by the published total; when they differ, say so.
  private func compareTotal(_ name: String, _ rows: Vector, _ totals: Vector) {
    guard let first = totals.states.indices.first(where: { totals.states[$0].hasValue }),
      !rows.states.contains(.withheld)
    else { return }
    let total = totals.values[first]
    let sum = rows.values.indices.reduce(0) { rows.states[$1].hasValue ? $0 + rows.values[$1] : $0 }
    guard total > 0, (sum - total).magnitude > total * 0.01 else { return }
    let tenths = Int((sum / total * 1_000).rounded())
    notes.append(
      TableNote(
        code: "N0510",
        text: "these rows have \(tenths / 10).\(tenths % 10)% of the published total of \(name); "
          + "sum divides by the rows, share(\(name)) by the total"))
  }

  private func filter(_ condition: Formula) throws {
    let (positions, withheld, missing) = try reader(condition).matches(control)
    selection = try selection.at(positions, control)
    for (state, count) in [(CellState.withheld, withheld), (.missing, missing)] where count > 0 {
      let rows = count == 1 ? "1 row is" : "\(count) rows are"
      notes.append(
        TableNote(
          code: "N0501", text: "\(rows) \(state.name) and could not be compared (keep with: or … is \(state.name))"))
    }
  }

  // MARK: - Formulas over the rows that are left

  func evaluate(_ formula: Formula) throws -> Vector { try reader(formula).evaluate(control) }

  /// The formula with what it loads.
  func reader(_ formula: Formula) throws -> RowReader {
    RowReader(
      formula: formula, inputs: try formula.inputs.map { try input($0) }, selection: selection,
      replacements: replacements)
  }

  func input(_ input: Formula.Input) throws -> RowInput {
    switch input {
    case .column(let column): try self.input(column)
    case .memberTest(let column, let members): try memberTest(column, members)
    case .textTest(let column, let wanted): try textTest(column, wanted)
    case .rowAggregate(let aggregate): try window(aggregate)
    case .rowKernel(let kernel, let column): .inOrder(try evaluate(kernel, column: column))
    case .cell, .reduction, .kernel, .activityKind, .bounds, .exchangeRate:
      .inOrder(Vector(repeating: .missing, count: selection.count))
    }
  }

  /// A column as formulas load it: codes of texts and members count as numbers.
  func input(_ column: Int) throws -> RowInput {
    switch try self.column(at: column) {
    case .members(let codes, let members): .members(codes, members.indices.map(Double.init))
    case .numbers(let vector), .texts(let vector): .vector(vector)
    case .stored(let stored):
      switch stored.column.values {
      case .numbers(let numbers): .numbers(numbers, states: stored.column.states)
      case .texts(let codes, _): .codes(codes, stored.codes(self))
      }
    }
  }

  func gathered(_ column: Int) throws -> Vector {
    switch try self.column(at: column) {
    case .numbers(let vector), .texts(let vector): try order.gathered(vector, control)
    case .members, .stored: try read(column, selection)
    }
  }

  /// The column over `rows` of the whole table, with its values in arrays.
  func gathered(_ column: Int, _ rows: RowSelection) throws -> RowColumn {
    switch try self.column(at: column) {
    case .members(let codes, let members):
      .members(rows.isAll(of: codes.count) ? codes : try control.elements(rows.count) { codes[rows[$0]] }, members)
    case .numbers: .numbers(try read(column, rows))
    case .texts: .texts(try read(column, rows))
    case .stored(let stored):
      stored.column.isNumeric ? .numbers(try read(column, rows)) : .texts(try read(column, rows))
    }
  }

  /// The column over `rows` as numbers, block by block.
  private func read(_ column: Int, _ rows: RowSelection) throws -> Vector {
    var load = Formula()
    load.inputs = [.column(column)]
    load.instructions = [.load(0)]
    load.depth = 1
    return try RowReader(formula: load, inputs: [try input(column)], selection: rows, replacements: replacements)
      .evaluate(control)
  }

  /// The column with its values in arrays, for verbs that look at single rows.
  func plain(_ column: Int) throws -> RowColumn {
    guard case .stored = try self.column(at: column) else { return try self.column(at: column) }
    let made = try gathered(column, RowSelection(0..<rowCount))
    storedColumns[column] = made
    return made
  }

  private func memberTest(_ column: Int, _ wanted: Set<Member>) throws -> RowInput {
    guard case .members(let codes, let members) = try self.column(at: column) else {
      return .inOrder(Vector(repeating: .missing, count: selection.count))
    }
    return .members(codes, members.map { wanted.contains($0) ? 1 : 0 })
  }

  private func textTest(_ column: Int, _ wanted: [String]) throws -> RowInput {
    let folded = Set(wanted.map { fold($0) })
    if case .stored(let stored) = try self.column(at: column), case .texts(let codes, let values) = stored.column.values
    {
      return .codes(codes, values.map { folded.contains(fold($0)) ? 1 : 0 })
    }
    let vector = try gathered(column)
    let isWanted = try control.list(texts.count) { folded.contains(fold(texts[$0])) ? 1.0 : 0 }
    return .inOrder(
      Vector(
        values: try control.elements(vector.count) { row in
          vector.states[row].hasValue ? isWanted[Int(vector.values[row])] : 0
        }, states: vector.states))
  }

  /// A column over the rows that are left, put back to where they stand in the whole table.
  func scattered(_ vector: Vector) throws -> Vector {
    if vector.count == rowCount, case .ranges = order { return vector }
    var full = Vector(repeating: .missing, count: rowCount)
    let selection = selection
    try control.morsels(selection.count) { positions in
      for position in positions {
        full.values[selection[position]] = vector.values[position]
        full.states[selection[position]] = vector.states[position]
      }
    }
    return full
  }

  // MARK: - The result

  private func values(_ column: VisibleColumn) throws -> TableColumn.Values {
    if let layout, column.column < layout.levels.count {
      let level = layout.levels[column.column]
      switch column.type {
      case .period where level.dimension == .period:
        return .periods(try layout.filled(layout.periods(level), order))
      case .member where level.dimension != .period:
        let (axis, members) = layout.members(level)
        return .members(codes: try layout.filled(axis, order), members: members.map { TableMember($0) })
      default: break
      }
    }
    if case .stored(let stored) = try self.column(at: column.column),
      case .texts(let codes, let values) = stored.column.values
    {
      let selection = selection
      return .texts(try control.list(selection.count) { values[codes[selection[$0]]] })
    }
    switch (try self.column(at: column.column), column.type) {
    case (.stored, .period):
      let shown = try gathered(column.column)
      return years(shown).map { .periods($0) } ?? .numbers(shown.values, states: shown.states, quantity: .ratio)
    case (.stored, let type):
      let shown = try gathered(column.column)
      return .numbers(shown.values, states: shown.states, quantity: type.quantity)
    case (.members(let codes, let members), _):
      return .members(
        codes: try order.gathered(codes, control), members: members.map { TableMember($0) })
    case (.texts(let vector), _):
      let selection = selection
      return .texts(
        try control.list(selection.count) { position in
          let row = selection[position]
          return vector.states[row].hasValue ? texts[Int(vector.values[row])] : "–"
        })
    case (.numbers(let vector), .period):
      if let years = years(try order.gathered(vector, control)) { return .periods(years) }
      // `if … then year else missing` is a number where it is no year.
      return try numbers(vector, .ratio)
    case (.numbers(let vector), .truth):
      let selection = selection
      return .texts(
        try control.list(selection.count) { position in
          let row = selection[position]
          return vector.states[row].hasValue ? (vector.values[row] == 1 ? "true" : "false") : "–"
        })
    case (.numbers(let vector), .number(let quantity)): return try numbers(vector, quantity)
    case (.numbers(let vector), _): return try numbers(vector, .ratio)
    }
  }

  /// The numbers as years; nil where one is none.
  private func years(_ shown: Vector) -> [Int32]? {
    var isYear = shown.states.allSatisfy(\.hasValue)
    let years = shown.values.map { value -> Int32 in
      let year = Int32(truncatingIfNeeded: Int(max(-1, min(value, 1_000_000))))
      isYear = isYear && Double(year) == value
      return year
    }
    return isYear ? years : nil
  }

  private func numbers(_ vector: Vector, _ quantity: Quantity) throws -> TableColumn.Values {
    let shown = try order.gathered(vector, control)
    return .numbers(shown.values, states: shown.states, quantity: quantity)
  }
}

extension TableMember {
  fileprivate init(_ member: Member) { self.init(code: member.code, name: member.name) }
}
