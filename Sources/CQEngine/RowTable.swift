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
}

/// The rows of a result on their way through the verbs: columns by number, and which rows are left in which order.
final class RowTable {
  let plan: QueryPlan
  let catalog: Catalog
  let control: RunControl
  private let sourceVectors: [Vector]
  private var texts: [String]
  private var textCodes: [String: Int] = [:]
  /// Rows of the whole table: the length of every column.
  var rowCount: Int
  var columns: [RowColumn] = []
  /// Rows that are left, in their order.
  var selection: [Int] = []
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
  var gridSelection: [Int]?
  /// Runs the other table of a join or an append.
  let runOther: (QueryPlan) throws -> Table
  /// Tables that `save` asked to be written, with their paths.
  private(set) var saved: [(path: String, table: Table)] = []

  /// Rows of the grid, one per combination of members: those where every column is missing do not exist.
  init(
    frame: Frame, columns sourceColumns: [SourceColumn], vectors: [Vector], _ plan: QueryPlan, _ catalog: Catalog,
    _ control: RunControl, runOther: @escaping (QueryPlan) throws -> Table
  ) {
    self.plan = plan
    self.catalog = catalog
    self.control = control
    self.sourceVectors = vectors
    self.texts = plan.texts
    for (code, text) in texts.enumerated() { textCodes[text] = code }
    self.runOther = runOther
    let grid = plan.grids[0]
    rowCount = grid.cellCount
    let layout = GridLayout(grid: grid, levels: frame.levels)
    for level in frame.levels { columns.append(layout.column(level)) }
    let shown = sourceColumns.indices.filter { !sourceColumns[$0].name.isEmpty }
    for index in shown { columns.append(column(vectors[index], sourceColumns[index].expression.type)) }
    selection = layout.rowOrder()
    if !frame.levels.isEmpty { removeMissingRows(vectors, shown) }
  }

  /// Rows where every column is missing do not exist; most often the first column alone says that a row does.
  private func removeMissingRows(_ vectors: [Vector], _ shown: [Int]) {
    guard let first = shown.first else {
      selection = []
      return
    }
    let (states, others) = (vectors[first].states, shown.dropFirst())
    var kept = 0
    for row in selection
    where states[row] != .missing || others.contains(where: { vectors[$0].states[row] != .missing }) {
      selection[kept] = row
      kept += 1
    }
    selection.removeLast(selection.count - kept)
  }

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
    selection = Array(0..<table.rowCount)
    for (code, text) in texts.enumerated() { textCodes[text] = code }
    for column in table.columns {
      switch column {
      case .members(let codes, let members): columns.append(.members(codes, members))
      case .numbers(let values, let states, _): columns.append(.numbers(Vector(values: values, states: states)))
      case .periods(let years):
        columns.append(.numbers(Vector(values: years.map(Double.init), states: years.map { _ in .known })))
      case .texts(let values):
        let codes = values.map { Double(code(of: $0)) }
        columns.append(.texts(Vector(values: codes, states: codes.map { _ in .known })))
      }
    }
  }

  /// Grid rows that are left.
  var shownGridRows: [Int] { gridSelection ?? selection }

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
    for stage in plan.stages {
      try control.check()
      try run(stage)
    }
    if selection.count > control.limits.rows {
      throw LimitExceeded.rows(needed: selection.count, limit: control.limits.rows)
    }
    var table = snapshot(plan.query.visible, title: title, plan.query.picture)
    table.notes = before + notes + replacements.notes
    return table
  }

  /// The rows that are left, with `visible` columns.
  func snapshot(_ visible: [VisibleColumn], title: [String], _ picture: Picture?) -> Table {
    let range = selection.asRange
    let shown = visible.filter { keepsEmptyColumns || !emptyColumns.contains($0.column) }
    var table = Table(
      columns: shown.map { column in
        var shown = TableColumn(name: column.name, values: values(column, range))
        if let quantities = rowQuantities[column.column] { shown.rowQuantities = selection.map { quantities[$0] } }
        return shown
      }, header: TableHeader(title: title))
    table.picture = picture
    if picture?.kind == .map, let place = visible.first(where: { $0.name == picture?.x }),
      case .members(let codes, let members) = columns[place.column]
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
    case .filter(let condition): filter(try evaluate(condition))
    case .sort(let keys): try sort(try keys.map { (try SortKey(self, $0.key), $0.isDescending) })
    case .top(let count, let key, let largest): try top(count, try evaluate(key), largest: largest)
    case .first(let count): selection = Array(selection.prefix(count))
    case .derive(let formula, let type): columns.append(column(scattered(try evaluate(formula)), type))
    case .hidden(let index): columns.append(.numbers(sourceVectors[index]))
    case .rank(let formula, let groupColumns):
      columns.append(.numbers(scattered(ranks(of: try evaluate(formula), in: groups(groupColumns)))))
    case .collapse(let groups): collapse(groups)
    case .pivot(let key, let keys, let values, let groups): pivot(key, keys, values, groups)
    case .unpivot(let kept, let stacked): unpivot(kept, stacked)
    case .compare(let key, let keys, let measures, let groups): compare(key, keys, measures, groups)
    case .kernel(let stage): try run(stage)
    case .describe(let columns): describe(columns)
    case .append(let other, let mine): try append(other, mine)
    case .join(let other, let on, let added, let keep): try join(other, on, added, keep)
    case .compareTotal(let name, let rows, let total): compareTotal(name, gathered(rows), gathered(total))
    case .note(let text): notes.append(TableNote(code: "", text: text))
    case .save(let path, let visible, let picture):
      saved.append((path, snapshot(visible, title: plan.query.title, picture)))
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

  private func filter(_ condition: Vector) {
    var kept: [Int] = []
    var unknown: [CellState: Int] = [:]
    for (position, row) in selection.enumerated() {
      let state = condition.states[position]
      if !state.hasValue {
        unknown[state, default: 0] += 1
      } else if condition.values[position] == 1 {
        kept.append(row)
      }
    }
    selection = kept
    for state in [CellState.withheld, .missing] {
      guard let count = unknown[state] else { continue }
      let rows = count == 1 ? "1 row is" : "\(count) rows are"
      notes.append(
        TableNote(
          code: "N0501", text: "\(rows) \(state.name) and could not be compared (keep with: or … is \(state.name))"))
    }
  }

  private func sort(_ keys: [(key: SortKey, isDescending: Bool)]) throws {
    var comparisons = 0
    let order = try selection.indices.sorted { lhs, rhs in
      comparisons &+= 1
      if comparisons % RunControl.morselRowCount == 0 { try control.check() }
      for (key, isDescending) in keys {
        switch key.compare(lhs, rhs, isDescending: isDescending) {
        case .orderedBefore: return true
        case .orderedAfter: return false
        case .same: continue
        }
      }
      return lhs < rhs
    }
    selection = order.map { selection[$0] }
  }

  /// 1 for the largest of each group; equal values share a rank, and the next rank counts them all.
  private func ranks(of key: Vector, in groups: [Int]) -> Vector {
    let order = key.values.indices.filter { key.states[$0].hasValue }.sorted {
      key.values[$0] == key.values[$1] ? $0 < $1 : key.values[$0] > key.values[$1]
    }
    var ranks = Vector(repeating: .missing, count: key.count)
    var last: [Int: (rank: Int, count: Int, value: Double)] = [:]
    for row in order {
      var place = last[groups[row]] ?? (rank: 0, count: 0, value: .nan)
      place.count += 1
      if key.values[row] != place.value { place.rank = place.count }
      place.value = key.values[row]
      last[groups[row]] = place
      ranks.values[row] = Double(place.rank)
      ranks.states[row] = .known
    }
    return ranks
  }

  // MARK: - Formulas over the rows that are left

  func evaluate(_ formula: Formula) throws -> Vector {
    let inputs = try formula.inputs.map { input -> Vector in
      switch input {
      case .column(let column): gathered(column)
      case .memberTest(let column, let members): memberTest(column, members)
      case .textTest(let column, let wanted): textTest(column, wanted)
      case .rowAggregate(let aggregate):
        Aggregation(aggregate: aggregate.aggregate).overRows(
          try evaluate(aggregate.formula), groups: groups(aggregate.groups))
      case .rowKernel(let kernel, let column): try evaluate(kernel, column: column)
      case .cell, .reduction, .kernel, .activityKind, .bounds, .exchangeRate:
        Vector(repeating: .missing, count: selection.count)
      }
    }
    return FormulaEvaluator(
      formula: formula, inputs: inputs, rowCount: selection.count, replacements: replacements
    ).evaluate()
  }

  func gathered(_ column: Int) -> Vector {
    switch columns[column] {
    case .members(let codes, _):
      Vector(values: selection.map { Double(codes[$0]) }, states: selection.map { _ in .known })
    case .numbers(let vector), .texts(let vector): vector.gathered(selection)
    }
  }

  private func memberTest(_ column: Int, _ wanted: Set<Member>) -> Vector {
    guard case .members(let codes, let members) = columns[column] else {
      return Vector(repeating: .missing, count: selection.count)
    }
    let isWanted = members.map { wanted.contains($0) ? 1.0 : 0 }
    return Vector(values: selection.map { isWanted[Int(codes[$0])] }, states: selection.map { _ in .known })
  }

  private func textTest(_ column: Int, _ wanted: [String]) -> Vector {
    let folded = Set(wanted.map { fold($0) })
    let vector = gathered(column)
    return Vector(
      values: vector.values.indices.map { folded.contains(fold(text(vector, $0))) ? 1 : 0 }, states: vector.states)
  }

  /// A number per row that is the same for rows of one group.
  func groups(_ groupColumns: [Int]) -> [Int] {
    var codes: [[Double]: Int] = [:]
    let keys = groupColumns.map { column -> [Double] in
      let vector = gathered(column)
      // Cells without a number, whose values mean nothing, are groups of their own.
      return vector.values.indices.map { row in
        switch vector.states[row] {
        case .known, .estimated: vector.values[row]
        case .withheld: -.infinity
        case .missing: .infinity
        }
      }
    }
    return selection.indices.map { row in
      let key = keys.map { $0[row] }
      if let code = codes[key] { return code }
      codes[key] = codes.count
      return codes.count - 1
    }
  }

  /// A column over the rows that are left, put back to where they stand in the whole table.
  func scattered(_ vector: Vector) -> Vector {
    var full = Vector(repeating: .missing, count: rowCount)
    for (position, row) in selection.enumerated() {
      full.values[row] = vector.values[position]
      full.states[row] = vector.states[position]
    }
    return full
  }

  /// Texts of a column by which rows sort, nil for a column of numbers.
  fileprivate func sortTexts(_ formula: Formula) -> [String]? {
    guard formula.instructions.count == 1, case .load(0) = formula.instructions[0],
      case .column(let column) = formula.inputs[0]
    else { return nil }
    switch columns[column] {
    case .members(let codes, let members):
      let names = members.map { fold($0.name) }
      return selection.map { names[Int(codes[$0])] }
    case .texts(let vector): return selection.map { fold(text(vector, $0)) }
    case .numbers: return nil
    }
  }

  // MARK: - The result

  /// - Parameter range: The rows that are left, where they follow each other.
  private func values(_ column: VisibleColumn, _ range: Range<Int>?) -> TableColumn.Values {
    switch (columns[column.column], column.type) {
    case (.members(let codes, let members), _):
      return .members(
        codes: range.map { $0.count == codes.count ? codes : Array(codes[$0]) } ?? selection.map { codes[$0] },
        members: members.map { TableMember(code: $0.code, name: $0.name) })
    case (.texts(let vector), _):
      return .texts(selection.map { vector.states[$0].hasValue ? texts[Int(vector.values[$0])] : "–" })
    case (.numbers(let vector), .period):
      if let years = years(vector, range) { return .periods(years) }
      // `if … then year else missing` is a number where it is no year.
      return numbers(vector, range, .ratio)
    case (.numbers(let vector), .truth):
      return .texts(selection.map { vector.states[$0].hasValue ? (vector.values[$0] == 1 ? "true" : "false") : "–" })
    case (.numbers(let vector), .number(let quantity)): return numbers(vector, range, quantity)
    case (.numbers(let vector), _): return numbers(vector, range, .ratio)
    }
  }

  /// The numbers as years; nil where one is none.
  private func years(_ vector: Vector, _ range: Range<Int>?) -> [Int32]? {
    let shown = vector.gathered(selection)
    var isYear = shown.states.allSatisfy(\.hasValue)
    let years = shown.values.map { value -> Int32 in
      let year = Int32(truncatingIfNeeded: Int(max(-1, min(value, 1_000_000))))
      isYear = isYear && Double(year) == value
      return year
    }
    return isYear ? years : nil
  }

  private func numbers(_ vector: Vector, _ range: Range<Int>?, _ quantity: Quantity) -> TableColumn.Values {
    if range?.count == vector.count { return .numbers(vector.values, states: vector.states, quantity: quantity) }
    let shown = vector.gathered(selection)
    return .numbers(shown.values, states: shown.states, quantity: quantity)
  }
}

/// One key of a sort: numbers by size, names by their letters; what has no number comes last either way.
private struct SortKey {
  enum Order { case orderedBefore, orderedAfter, same }

  let vector: Vector
  let texts: [String]?

  init(_ rows: RowTable, _ formula: Formula) throws {
    vector = try rows.evaluate(formula)
    texts = rows.sortTexts(formula)
  }

  func compare(_ lhs: Int, _ rhs: Int, isDescending: Bool) -> Order {
    let (left, right) = (vector.states[lhs].hasValue, vector.states[rhs].hasValue)
    if left != right { return left ? .orderedBefore : .orderedAfter }
    if let texts {
      if texts[lhs] == texts[rhs] { return .same }
      return (texts[lhs] < texts[rhs]) != isDescending ? .orderedBefore : .orderedAfter
    }
    if !left || vector.values[lhs] == vector.values[rhs] { return .same }
    return (vector.values[lhs] < vector.values[rhs]) != isDescending ? .orderedBefore : .orderedAfter
  }
}
