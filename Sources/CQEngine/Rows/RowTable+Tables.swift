import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

// Verbs that bring in another table.

extension RowTable {
  /// The rows of `other` below the rows of this table.
  func append(_ other: QueryPlan, _ mine: [VisibleColumn]) throws {
    let table = try runOther(other)
    let count = selection.count + table.rowCount
    var next: [RowColumn] = []
    for (column, theirs) in zip(mine, table.columns) {
      switch (try plain(column.column), theirs.values) {
      case (.members(let codes, let members), .members(let otherCodes, let otherMembers)):
        let (all, renumbered) = merged(members, otherMembers)
        let selection = selection
        next.append(
          .members(
            try control.elements(selection.count) { codes[selection[$0]] }
              + control.elements(otherCodes.count) { renumbered[Int(otherCodes[$0])] }, all))
      case (.texts(let vector), .texts(let texts)):
        let mine = try elements(of: vector, selection)
        next.append(
          .texts(
            Vector(
              values: mine.values + (try codes(of: texts)),
              states: mine.states + [CellState](repeating: .known, count: texts.count))))
      default:
        let mine = try gathered(column.column)
        let vector = try numbers(theirs.values)
        next.append(.numbers(Vector(values: mine.values + vector.values, states: mine.states + vector.states)))
      }
    }
    replace(next, rowCount: count)
    for note in table.notes where !notes.contains(note) { notes.append(note) }
    guard !table.header.dataset.isEmpty else { return }
    addedSources.append(table.header)
    if let note = provenance(of: table, "the last \(table.rowCount == 1 ? "row" : "\(table.rowCount.grouped) rows")") {
      notes.append(note)
    }
  }

  /// Members of both tables under one numbering, and the number of each of `theirs` in it.
  private func merged(_ mine: [Member], _ theirs: [TableMember]) -> (members: [Member], numbers: [Int32]) {
    var members = mine
    var numberOfMember: [TableMember: Int32] = [:]
    for (number, member) in mine.enumerated() {
      numberOfMember[TableMember(code: member.code, name: member.name)] = Int32(number)
    }
    let numbers = theirs.map { member in
      if let known = numberOfMember[member] { return known }
      members.append(Member(level: mine.first?.level ?? .state, code: member.code, name: member.name))
      numberOfMember[member] = Int32(members.count - 1)
      return Int32(members.count - 1)
    }
    return (members, numbers)
  }

  /// Adds the columns of `other` where the keys agree; keys of `other` are unique.
  func join(_ other: QueryPlan, _ on: [(mine: Int, theirs: Int)], _ added: [Int], _ keep: JoinKeep) throws {
    let table = try runOther(other)
    let partners = try partners(in: table, on)
    for index in added {
      try join(table.columns[index], isTruth: other.query.visible[index].type == .truth, partners)
    }
    let unmatched = partners.unmatchedCount
    if unmatched > 0 {
      let rows = unmatched.counted("row has", "rows have")
      notes.append(TableNote(code: "N0506", text: "\(rows) no partner in the joined table"))
    }
    switch keep {
    case .left: break
    case .matched:
      if unmatched > 0 {
        let rows = try partners.listed(control)
        selection = try selection.at(rows.indices.filter { rows[$0] >= 0 }.map { Int32($0) }, control)
      }
    case .all:
      var isMatched = [Bool](each: false, count: table.rowCount)
      for row in try partners.listed(control) where row >= 0 { isMatched[Int(row)] = true }
      try addUnmatched(table, on, added, extra: isMatched.indices.filter { !isMatched[$0] })
    }
    for note in table.notes where !notes.contains(note) { notes.append(note) }
    let names = added.map { table.columns[$0].name }.joined(separator: ", ")
    if let provenance = provenance(of: table, names) { notes.append(provenance) }
  }

  /// The rows of `table` with the same keys.
  ///
  /// - Complexity: O(rows of both); texts are compared once for each that differs.
  private func partners(in table: Table, _ on: [(mine: Int, theirs: Int)]) throws -> RowPartners {
    if on.count == 1, case .stored(let stored) = try column(at: on[0].mine),
      case .texts(let codes, let values) = stored.column.values
    {
      // One text of a file: its code says all.
      let theirs = try keyTexts(table.columns[on[0].theirs])
      var rows: [String: Int32] = [:]
      try control.morsels(theirs.count) { for row in $0 { rows[theirs[row]] = Int32(truncatingIfNeeded: row) } }
      let partners = try control.list(values.count) { rows[fold(values[$0])] ?? -1 }
      return try RowPartners(codes, of: selection, partners, control)
    }
    // What the keys of a row are together, as one number below `possible`; -1 for a key that the other table does not have.
    var theirs = [Int](each: 0, count: table.rowCount)
    var mine: [Int] = []
    var possible = 1
    for key in on {
      var numbers: [String: Int] = [:]
      let texts = try keyTexts(table.columns[key.theirs])
      let numberOfText = try control.list(texts.values.count) { index in
        let next = numbers.count
        let known = numbers[texts.values[index], default: next]
        if known == next { numbers[texts.values[index]] = next }
        return known
      }
      let width = max(1, numbers.count)
      let (before, own) = (theirs, mine)
      let found = try keyNumbers(key.mine, numbers)
      theirs = try control.elements(before.count) { before[$0] * width + numberOfText[Int(texts.codes[$0])] }
      mine = try unsafe control.written(found.count) { positions, part in
        for (index, position) in positions.enumerated() {
          let (known, number) = (own.isEmpty ? 0 : own[position], Int(found[position]))
          unsafe part[index] = known < 0 || number < 0 ? -1 : known * width + number
        }
      }
      possible *= width
      if possible > max(RowGrouping.denseLimit, 4 * theirs.count) {
        // So many would not fit into an array: only those that the other table has are numbered.
        var combinations: [Int: Int] = [:]
        for row in theirs.indices {
          if row % RunControl.morselRowCount == 0 { try control.check() }
          let next = combinations.count
          theirs[row] = combinations[theirs[row], default: next]
          if theirs[row] == next { combinations[before[row] * width + numberOfText[Int(texts.codes[row])]] = next }
        }
        let (all, known) = (mine, combinations)
        mine = try control.elements(all.count) { known[all[$0]] ?? -1 }
        possible = max(1, combinations.count)
      }
    }
    var rowOfNumber = [Int32](each: -1, count: possible)
    for (row, number) in theirs.enumerated() { rowOfNumber[number] = Int32(truncatingIfNeeded: row) }
    let (numbers, rows) = (mine, rowOfNumber)
    return RowPartners(
      try unsafe control.written(numbers.count) { positions, part in
        for (index, position) in positions.enumerated() {
          unsafe part[index] = numbers[position] < 0 ? -1 : rows[numbers[position]]
        }
      })
  }

  /// The number of the text that a column holds, for each row that is left; -1 for a text without a number.
  private func keyNumbers(_ column: Int, _ numbers: [String: Int]) throws -> [Int32] {
    let number = { (text: String) in Int32(truncatingIfNeeded: numbers[fold(text)] ?? -1) }
    switch try self.column(at: column) {
    case .members(let codes, let members):
      let table = members.map { number($0.name) }
      return try selection.elements(control) { table[Int(codes[$0])] }
    case .texts(let vector):
      let table = try control.list(texts.count) { number(texts[$0]) }
      let blank = number("")
      return try selection.elements(control) { vector.states[$0].hasValue ? table[Int(vector.values[$0])] : blank }
    case .stored(let stored):
      if case .texts(let codes, let values) = stored.column.values {
        let table = try control.list(values.count) { number(values[$0]) }
        return try codes.looked(up: table, selection, control)
      }
      if case .numbers(.int32(let values)) = stored.column.values, stored.column.states == nil,
        let found = try wholeNumbers(values, numbers)
      {
        return found
      }
    case .numbers: break
    }
    var known: [Double: Int32] = [:]
    var last: (value: Double, number: Int32) = (.nan, -1)
    let values = try gathered(column).values
    return try control.list(values.count) { position in
      let value = values[position]
      if value == last.value { return last.number }
      last = (value, known[value] ?? number(keyText(value)))
      known[value] = last.number
      return last.number
    }
  }

  /// As ``keyNumbers(_:_:)`` for whole numbers, by an array with an element for each from the smallest to the largest; nil where these would
  /// be many.
  private func wholeNumbers(_ values: ColumnBuffer<Int32>, _ numbers: [String: Int]) throws -> [Int32]? {
    guard let (low, high) = try values.ends(of: selection, control) else { return [] }
    let span = Int(high) - Int(low) + 1
    if span > max(1 << 16, selection.count) { return nil }
    var table = [Int32](each: -1, count: span)
    for (text, number) in numbers {
      if let value = Int32(text), value >= low, value <= high, keyText(Double(value)) == text {
        table[Int(value) - Int(low)] = Int32(truncatingIfNeeded: number)
      }
    }
    let (known, rows) = (table, selection)
    return try unsafe control.written(rows.count) { positions, part in
      unsafe values.write(positions, of: rows, to: part) { known[Int($0) - Int(low)] }
    }
  }

  /// The rows of the other table that have no partner, below: with its keys and its columns, and nothing else.
  private func addUnmatched(
    _ table: Table, _ on: [(mine: Int, theirs: Int)], _ added: [Int], extra: [Int]
  ) throws {
    if extra.isEmpty { return }
    let addedStart = columnCount - added.count
    let kept = selection
    var next: [RowColumn] = []
    for index in 0..<columnCount {
      try control.check()
      let theirs: Int? =
        index >= addedStart ? added[index - addedStart] : on.first { $0.mine == index }?.theirs
      switch try plain(index) {
      case .stored: continue
      case .members(let codes, let members):
        guard let theirs else {
          // A place that the row does not have is a text without a value.
          let names = members.map { Double(code(of: $0.name)) }
          next.append(extended(kept.map { names[Int(codes[$0])] }, kept.map { _ in .known }, by: extra.count))
          continue
        }
        next.append(try mergedMembers(codes, members, kept, table.columns[theirs], extra))
      case .texts(let vector):
        let mine = try elements(of: vector, kept)
        let texts = try theirs.map { try keyTexts(table.columns[$0], folded: false) }
        next.append(
          .texts(
            Vector(
              values: mine.values + extra.map { row in texts.map { Double(code(of: $0[row])) } ?? 0 },
              states: mine.states + extra.map { _ in texts == nil ? .missing : .known })))
      case .numbers(let vector):
        let mine = try elements(of: vector, kept)
        let numbers = try theirs.map { try self.numbers(table.columns[$0].values).gathered(extra) }
        let rest = numbers ?? Vector(repeating: .missing, count: extra.count)
        next.append(.numbers(Vector(values: mine.values + rest.values, states: mine.states + rest.states)))
      }
    }
    replace(next, rowCount: kept.count + extra.count)
    let rows = extra.count.counted("row")
    notes.append(TableNote(code: "N0506", text: "\(rows) of the joined table alone, at the end"))
  }

  private func extended(_ codes: [Double], _ states: [CellState], by count: Int) -> RowColumn {
    .texts(
      Vector(
        values: codes + [Double](repeating: 0, count: count),
        states: states + [CellState](repeating: .missing, count: count)))
  }

  private func mergedMembers(
    _ codes: [Int32], _ members: [Member], _ kept: RowSelection, _ theirs: TableColumn, _ extra: [Int]
  ) throws -> RowColumn {
    if case .members(let otherCodes, let otherMembers) = theirs.values {
      let (all, renumbered) = merged(members, otherMembers)
      return .members(kept.map { codes[$0] } + extra.map { renumbered[Int(otherCodes[$0])] }, all)
    }
    let names = members.map { Double(code(of: $0.name)) }
    let texts = try keyTexts(theirs, folded: false)
    return .texts(
      Vector(
        values: kept.map { names[Int(codes[$0])] } + extra.map { Double(code(of: texts[$0])) },
        states: [CellState](repeating: .known, count: kept.count + extra.count)))
  }

  /// Says where joined columns or rows come from when that is not where the header says.
  private func provenance(of table: Table, _ what: String) -> TableNote? {
    guard !table.header.dataset.isEmpty, let years = table.header.years else { return nil }
    if case .frame(let frame, _) = plan.query.source, frame.datasetNames == table.header.dataset,
      frame.periodsShown.first == years.lowerBound, frame.periodsShown.last == years.upperBound
    {
      return nil
    }
    let span = years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound)–\(years.upperBound)"
    return TableNote(code: "N0508", text: "\(what): \(table.header.source) (\(table.header.dataset)), \(span)")
  }

  /// Appends a column of the other table.
  private func join(_ theirs: TableColumn, isTruth: Bool, _ partners: RowPartners) throws {
    var column: Vector
    var isText = false
    switch theirs.values {
    case _ where isTruth, .numbers, .periods: column = try numbers(theirs.values)
    case .members, .texts, .truths:
      isText = true
      let texts = try keyTexts(theirs, folded: false)
      let codes = try codes(of: texts)
      column = Vector(values: codes, states: [CellState](repeating: .known, count: codes.count))
    }
    try append(try partners.joined(column, control), isText ? .text : .number(.ratio))
  }

  private func numbers(_ values: TableColumn.Values) throws -> Vector {
    switch values {
    case .numbers(let numbers, let states, _): Vector(values: numbers, states: states)
    case .periods(let years):
      Vector(
        values: try control.elements(years.count) { Double(years[$0]) },
        states: [CellState](repeating: .known, count: years.count))
    case .truths(let truths): Vector(values: truths.map { $0 ? 1 : 0 }, states: truths.map { _ in .known })
    case .members(let codes, _): Vector(repeating: .missing, count: codes.count)
    case .texts(let texts):
      // Truths, of which some are unknown.
      Vector(
        values: texts.map { $0 == "true" ? 1 : 0 },
        states: texts.map { $0 == "true" || $0 == "false" ? .known : .missing })
    }
  }

  /// Texts by which rows of two tables are matched: members by name, so that a side table may hold names.
  private func keyTexts(_ column: TableColumn, folded: Bool = true) throws -> TableTexts {
    let finished = { (text: String) in folded ? fold(text) : text }
    switch column.values {
    case .members(let codes, let members): return TableTexts(codes: codes, values: members.map { finished($0.name) })
    case .periods(let periods):
      return TableTexts(try control.list(periods.count) { finished(periodText(periods[$0])) })
    case .texts(let texts):
      if !folded { return texts }
      return TableTexts(codes: texts.codes, values: try control.list(texts.values.count) { fold(texts.values[$0]) })
    case .truths(let truths):
      return TableTexts(codes: try control.elements(truths.count) { truths[$0] ? 1 : 0 }, values: ["false", "true"])
    case .numbers(let numbers, _, _):
      return TableTexts(try control.list(numbers.count) { finished(keyText(numbers[$0])) })
    }
  }

  /// The texts as codes of this table.
  private func codes(of texts: TableTexts) throws -> [Double] {
    let known = try control.list(texts.values.count) { Double(code(of: texts.values[$0])) }
    return try unsafe control.written(texts.count) { positions, part in
      for (index, position) in positions.enumerated() { unsafe part[index] = known[Int(texts.codes[position])] }
    }
  }

  /// The elements of a vector at `rows`.
  private func elements(of vector: Vector, _ rows: RowSelection) throws -> Vector {
    try rows.rowOrder.gathered(vector, control)
  }

  /// `2019` for the number and for the year.
  private func keyText(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}
