import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// The rows of a result on their way through the verbs: columns by number, and which rows are left in which order.
final class RowTable {
  let plan: QueryPlan
  let catalog: Catalog
  let control: RunControl
  private var sourceVectors: [Vector]
  private(set) var texts: [String]
  private var textCodes: [String: Int] = [:]
  /// Rows of the whole table: the length of every column.
  var rowCount: Int
  /// Which cells the rows are, until they become rows of something else.
  private(set) var layout: GridLayout?
  private var slots: [ColumnSlot] = []

  private(set) var order: RowOrder { didSet { knownSelection = nil } }
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
  /// Columns whose bytes the plan has bounded before: those of a grid.
  private var boundedColumnCount = 0
  /// What ``settleBytes(adding:)`` has set aside.
  private var heldByteCount = 0
  /// Runs the other table of a join or an append.
  let runOther: (QueryPlan) throws -> Table
  /// Tables that `save` asked to be written, with their paths.
  private(set) var saved: [(path: String, table: Table)] = []

  /// Rows of the grid, one per combination of members: those where every column is missing do not exist.
  ///
  /// - Parameter sparse: The cells that there are; nil for all of the grid.
  init(
    frame: Frame, columns sourceColumns: [SourceColumn], vectors: [Vector], sparse: SparseCells? = nil,
    _ plan: QueryPlan, _ catalog: Catalog, _ control: RunControl, runOther: @escaping (QueryPlan) throws -> Table
  ) throws {
    self.plan = plan
    self.catalog = catalog
    self.control = control
    self.sourceVectors = vectors
    self.texts = plan.texts
    for (code, text) in texts.enumerated() { textCodes[text] = code }
    self.runOther = runOther
    let layout = GridLayout(grid: plan.grids[0], levels: frame.levels, control: control, sparse: sparse)
    rowCount = layout.cellCount
    self.layout = layout
    let shown = sourceColumns.indices.filter { !sourceColumns[$0].name.isEmpty }
    order = try layout.rowOrder()
    slots = frame.levels.map { level in ColumnSlot(LazyColumn { try layout.column(level) }) }
    for index in shown { append(column(vectors[index], sourceColumns[index].expression.type)) }
    if !frame.levels.isEmpty { try removeMissingRows(vectors, shown) }
    boundedColumnCount = slots.count
  }

  deinit { control.ledger.release(heldByteCount) }

  /// Sets aside what the list of rows and the columns that verbs have made take now.
  ///
  /// - Parameter bytes: What is about to be made beside them.
  private func settleBytes(adding bytes: Int = 0) throws(LimitExceeded) {
    var held = bytes + slots.dropFirst(boundedColumnCount).byteCount
    if case .list(let rows) = order { held += rows.count * MemoryLayout<Int32>.stride }
    try control.ledger.reserve(max(0, held - heldByteCount), control.limits)
    control.ledger.release(max(0, heldByteCount - held))
    heldByteCount = held
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

  var columnCount: Int { slots.count }

  /// Makes another table, whose rows are no cells of a grid.
  func setColumns(_ next: [RowColumn]) {
    layout = nil
    slots = next.map { ColumnSlot($0) }
    boundedColumnCount = 0
  }

  /// One more column, of the same rows.
  func append(_ column: RowColumn) { slots.append(ColumnSlot(column)) }

  /// The column of a number; most are made when they are asked for.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func column(at index: Int) throws -> RowColumn {
    let (source, picked) = try source(ofColumn: index)
    guard let picked else { return source }
    let column = try gathered(source, picked)
    slots[index] = ColumnSlot(column)
    return column
  }

  /// What holds the column of a number, and which of its rows are those of this table; nil for all of them.
  ///
  /// - Throws: ``LimitExceeded``, `CancellationError`.
  func source(ofColumn index: Int) throws -> (column: RowColumn, rows: RowSelection?) {
    (try slots[index].source.column(), slots[index].picked?.rows)
  }

  /// Leaves of the whole table `rows` alone, and appends columns of as many rows.
  func compact(to rows: RowSelection, adding made: [RowColumn]) throws {
    gridSelection = gridSelection ?? selection
    // Columns that are hidden until a verb wants them have rows of the grid too.
    let hidden = Set(plan.stages.compactMap { if case .hidden(let index) = $0 { index } else { nil } })
    for index in hidden where sourceVectors[index].count == rowCount {
      sourceVectors[index] = try rows.rowOrder.gathered(sourceVectors[index], control)
    }
    layout = nil
    slots = try slots.picked(rows, control)
    for column in made { append(column) }
    for (column, quantities) in rowQuantities { rowQuantities[column] = rows.map { quantities[$0] } }
    rowCount = rows.count
    selectAll()
  }

  /// Forgets the rows that are gone, so that columns made from here on have no room for them.
  ///
  /// The rows of a grid stay where they are: its columns are arithmetic.
  func forgetRows() throws {
    if layout == nil, !selection.isAll(of: rowCount) { try compact(to: selection, adding: []) }
  }

  /// One more column, of the rows that are left in their order.
  func append(_ vector: Vector, _ type: ValueType) throws {
    try forgetRows()
    append(column(try scattered(vector), type))
  }

  /// The years of the rows that are left, where the column is one of a grid.
  func years(_ column: Int) throws -> [Int32]? {
    guard let layout, column < layout.levels.count, layout.levels[column].dimension == .period else { return nil }
    return try layout.filled(layout.periods(layout.levels[column]), order)
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
      try settleBytes()
    }
    if selectionCount > control.limits.rows {
      throw LimitExceeded.rows(needed: selectionCount, limit: control.limits.rows)
    }
    // The table of a grid has been bounded before.
    if layout == nil { try settleBytes(adding: selectionCount * bytesPerRow(of: plan.query.visible)) }
    var table = try snapshot(plan.query.visible, title: title, plan.query.picture)
    try control.check()
    table.notes = before + notes + replacements.notes
    table.settleNotes()
    return table
  }

  private func bytesPerRow(of columns: [VisibleColumn]) -> Int {
    columns.reduce(0) { bytes, column in
      if case .number = column.type { bytes + 9 } else { bytes + 4 }
    }
  }

  private func run(_ stage: QueryPlan.Stage) throws {
    switch stage {
    case .filter(let condition): try filter(condition)
    case .sort(let keys): try sort(keys)
    case .top(let count, let key, let largest): try top(count, key, largest: largest)
    case .first(let count): selection = selection.upTo(count)
    case .derive(let formula, let type):
      try forgetRows()
      try append(try evaluate(formula), type)
    case .hidden(let index): append(.numbers(sourceVectors[index]))
    case .rank(let formula, let groupColumns):
      try append(try ranks(of: formula, in: try groups(groupColumns)), .number(.ratio))
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
      let rows = count.counted("row is", "rows are")
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
    case .namesLike(let column, let other): try names(column, like: other)
    case .memberTest(let column, let members): try memberTest(column, members)
    case .textTest(let column, let wanted): try textTest(column, wanted)
    case .rowAggregate(let aggregate): try window(aggregate)
    case .rowKernel(let kernel, let column): .inOrder(try evaluate(kernel, column: column))
    case .cell, .reduction, .kernel, .activityKind, .bounds, .exchangeRate:
      .inOrder(Vector(repeating: .missing, count: selection.count))
    }
  }

  /// A column as formulas load it: codes of texts and members count as numbers.
  func input(_ column: Int) throws -> RowInput { try input(try self.column(at: column)) }

  private func input(_ column: RowColumn) throws -> RowInput {
    switch column {
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
    case .members, .stored: try read(try self.column(at: column), selection)
    }
  }

  /// The column over `rows` of the whole table, with its values in arrays.
  func gathered(_ column: Int, _ rows: RowSelection) throws -> RowColumn {
    try gathered(try self.column(at: column), rows)
  }

  private func gathered(_ column: RowColumn, _ rows: RowSelection) throws -> RowColumn {
    switch column {
    case .members(let codes, let members):
      .members(rows.isAll(of: codes.count) ? codes : try rows.elements(control) { codes[$0] }, members)
    case .numbers: .numbers(try read(column, rows))
    case .texts: .texts(try read(column, rows))
    case .stored(let stored):
      if case .texts(let codes, let values) = stored.column.values {
        .stored(
          StoredColumn(
            FileTable.Column(
              name: stored.column.name, values: .texts(codes: try codes.picked(rows, control), values: values))))
      } else {
        .numbers(try read(column, rows))
      }
    }
  }

  /// The column over `rows` as numbers, block by block.
  func read(_ column: RowColumn, _ rows: RowSelection) throws -> Vector {
    try RowReader(loading: try input(column), rows, replacements).evaluate(control)
  }

  /// The column with its values in arrays, for verbs that look at single rows.
  func plain(_ column: Int) throws -> RowColumn {
    guard case .stored(let stored) = try self.column(at: column) else { return try self.column(at: column) }
    let vector = try read(.stored(stored), RowSelection(0..<rowCount))
    let made = stored.column.isNumeric ? RowColumn.numbers(vector) : .texts(vector)
    slots[column] = ColumnSlot(made)
    return made
  }

  private func memberTest(_ column: Int, _ wanted: Set<Member>) throws -> RowInput {
    guard case .members(let codes, let members) = try self.column(at: column) else {
      return .inOrder(Vector(repeating: .missing, count: selection.count))
    }
    return .members(codes, members.map { wanted.contains($0) ? 1 : 0 })
  }

  /// A column as numbers that are equal where the names are: members by where they stand in the list of `other`, texts whatever their case
  /// and accents.
  private func names(_ column: Int, like other: Int) throws -> RowInput {
    guard case .members(let codes, let members) = try self.column(at: column) else {
      return try numbers(ofTexts: column) { Double(code(of: fold($0))) }
    }
    guard case .members(_, let list) = try self.column(at: other) else { return try input(column) }
    let positions = Dictionary(list.enumerated().map { ($1, Double($0)) }, uniquingKeysWith: { first, _ in first })
    return .members(codes, members.map { positions[$0] ?? -1 })
  }

  private func textTest(_ column: Int, _ wanted: [String]) throws -> RowInput {
    let folded = Set(wanted.map { fold($0) })
    return try numbers(ofTexts: column) { folded.contains(fold($0)) ? 1 : 0 }
  }

  /// A number for each text of a column.
  private func numbers(ofTexts column: Int, _ number: (String) -> Double) throws -> RowInput {
    if case .stored(let stored) = try self.column(at: column), case .texts(let codes, let values) = stored.column.values
    {
      return .codes(codes, values.map(number))
    }
    let vector = try gathered(column)
    let known = texts
    let table = try control.list(known.count) { number(known[$0]) }
    return .inOrder(
      Vector(
        values: try control.elements(vector.count) { row in
          vector.states[row].hasValue ? table[Int(vector.values[row])] : 0
        }, states: vector.states))
  }

  /// A column over the rows that are left, put back to where they stand in the whole table.
  func scattered(_ vector: Vector) throws -> Vector {
    if vector.count == rowCount, case .ranges = order { return vector }
    return Vector(values: try scattered(vector.values, 0), states: try scattered(vector.states, .missing))
  }

  private func scattered<Element: BitwiseCopyable & Sendable>(_ elements: [Element], _ none: Element) throws
    -> [Element]
  {
    let (selection, rowCount, control, size) = (selection, rowCount, control, RunControl.morselRowCount)
    let scheduler = Scheduler(control.limits, isWorthwhile: rowCount > 4 * size)
    return try unsafe [Element](writing: rowCount) { full in
      let full = unsafe SharedElements(full)
      try scheduler.run((rowCount + size - 1) / size) { unit in
        try control.check()
        unsafe full.part(unit * size..<min(rowCount, (unit + 1) * size)).initialize(repeating: none)
      }
      // No row is there twice.
      try scheduler.run((elements.count + size - 1) / size) { unit in
        try control.check()
        for position in unit * size..<min(elements.count, (unit + 1) * size) {
          full[selection[position]] = elements[position]
        }
      }
    }
  }
}
