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
      switch (columns[column.column], theirs.values) {
      case (.members(let codes, let members), .members(let otherCodes, let otherMembers)):
        let (all, renumbered) = merged(members, otherMembers)
        next.append(.members(selection.map { codes[$0] } + otherCodes.map { renumbered[Int($0)] }, all))
      case (.texts(let vector), .texts(let texts)):
        let mine = vector.gathered(selection)
        next.append(
          .texts(
            Vector(
              values: mine.values + texts.map { Double(code(of: $0)) }, states: mine.states + texts.map { _ in .known })
          ))
      default:
        let mine = gathered(column.column)
        let vector = numbers(theirs.values)
        next.append(.numbers(Vector(values: mine.values + vector.values, states: mine.states + vector.states)))
      }
    }
    replace(next, rowCount: count)
    for note in table.notes where !notes.contains(note) { notes.append(note) }
    guard !table.header.dataset.isEmpty else { return }
    addedSources.append(table.header)
    if let note = provenance(of: table, "the last \(table.rowCount == 1 ? "row" : "\(table.rowCount) rows")") {
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
    var partners: [[String]: Int] = [:]
    let theirKeys = on.map { keyTexts(table.columns[$0.theirs]) }
    for row in 0..<table.rowCount { partners[theirKeys.map { $0[row] }] = row }
    let myKeys = on.map { keyTexts($0.mine) }
    let matches = selection.indices.map { position in partners[myKeys.map { $0[position] }] }
    for index in added {
      columns.append(joined(table.columns[index], isTruth: other.query.visible[index].type == .truth, matches))
    }
    let unmatched = matches.count { $0 == nil }
    if unmatched > 0 {
      let rows = unmatched == 1 ? "1 row has" : "\(unmatched) rows have"
      notes.append(TableNote(code: "N0506", text: "\(rows) no partner in the joined table"))
    }
    switch keep {
    case .left: break
    case .matched: selection = zip(selection, matches).filter { $0.1 != nil }.map(\.0)
    case .all: addUnmatched(table, on, added, matched: Set(matches.compactMap { $0 }))
    }
    for note in table.notes where !notes.contains(note) { notes.append(note) }
    let names = added.map { table.columns[$0].name }.joined(separator: ", ")
    if let provenance = provenance(of: table, names) { notes.append(provenance) }
  }

  /// The rows of the other table that have no partner, below: with its keys and its columns, and nothing else.
  private func addUnmatched(
    _ table: Table, _ on: [(mine: Int, theirs: Int)], _ added: [Int], matched: Set<Int>
  ) {
    let extra = (0..<table.rowCount).filter { !matched.contains($0) }
    if extra.isEmpty { return }
    let addedStart = columns.count - added.count
    let kept = selection
    var next: [RowColumn] = []
    for (index, column) in columns.enumerated() {
      let theirs: Int? =
        index >= addedStart ? added[index - addedStart] : on.first { $0.mine == index }?.theirs
      switch column {
      case .members(let codes, let members):
        guard let theirs else {
          // A place that the row does not have is a text without a value.
          let names = members.map { Double(code(of: $0.name)) }
          next.append(extended(kept.map { names[Int(codes[$0])] }, kept.map { _ in .known }, by: extra.count))
          continue
        }
        next.append(mergedMembers(codes, members, kept, table.columns[theirs], extra))
      case .texts(let vector):
        let mine = vector.gathered(kept)
        let texts = theirs.map { keyTexts(table.columns[$0], folded: false) }
        next.append(
          .texts(
            Vector(
              values: mine.values + extra.map { row in texts.map { Double(code(of: $0[row])) } ?? 0 },
              states: mine.states + extra.map { _ in texts == nil ? .missing : .known })))
      case .numbers(let vector):
        let mine = vector.gathered(kept)
        let numbers = theirs.map { self.numbers(table.columns[$0].values).gathered(extra) }
        let rest = numbers ?? Vector(repeating: .missing, count: extra.count)
        next.append(.numbers(Vector(values: mine.values + rest.values, states: mine.states + rest.states)))
      }
    }
    replace(next, rowCount: kept.count + extra.count)
    let rows = extra.count == 1 ? "1 row" : "\(extra.count) rows"
    notes.append(TableNote(code: "N0506", text: "\(rows) of the joined table alone, at the end"))
  }

  private func extended(_ codes: [Double], _ states: [CellState], by count: Int) -> RowColumn {
    .texts(
      Vector(
        values: codes + [Double](repeating: 0, count: count),
        states: states + [CellState](repeating: .missing, count: count)))
  }

  private func mergedMembers(
    _ codes: [Int32], _ members: [Member], _ kept: [Int], _ theirs: TableColumn, _ extra: [Int]
  ) -> RowColumn {
    if case .members(let otherCodes, let otherMembers) = theirs.values {
      let (all, renumbered) = merged(members, otherMembers)
      return .members(kept.map { codes[$0] } + extra.map { renumbered[Int(otherCodes[$0])] }, all)
    }
    let names = members.map { Double(code(of: $0.name)) }
    let texts = keyTexts(theirs, folded: false)
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

  private func joined(_ theirs: TableColumn, isTruth: Bool, _ matches: [Int?]) -> RowColumn {
    switch theirs.values {
    case _ where isTruth, .numbers, .periods:
      let vector = numbers(theirs.values)
      var mine = Vector(repeating: .missing, count: matches.count)
      for (position, match) in matches.enumerated() {
        guard let match else { continue }
        mine.values[position] = vector.values[match]
        mine.states[position] = vector.states[match]
      }
      return .numbers(scattered(mine))
    case .members, .texts, .truths:
      let texts = keyTexts(theirs, folded: false)
      var mine = Vector(repeating: .missing, count: matches.count)
      for (position, match) in matches.enumerated() {
        guard let match else { continue }
        mine.values[position] = Double(code(of: texts[match]))
        mine.states[position] = .known
      }
      return .texts(scattered(mine))
    }
  }

  private func numbers(_ values: TableColumn.Values) -> Vector {
    switch values {
    case .numbers(let numbers, let states, _): Vector(values: numbers, states: states)
    case .periods(let years): Vector(values: years.map(Double.init), states: years.map { _ in .known })
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
  private func keyTexts(_ column: TableColumn, folded: Bool = true) -> [String] {
    let texts: [String] =
      switch column.values {
      case .members(let codes, let members): codes.map { members[Int($0)].name }
      case .periods(let periods): periods.map { periodText($0) }
      case .texts(let texts): texts
      case .truths(let truths): truths.map { $0 ? "true" : "false" }
      case .numbers(let numbers, _, _): numbers.map { keyText($0) }
      }
    return folded ? texts.map { fold($0) } : texts
  }

  private func keyTexts(_ column: Int) -> [String] {
    switch columns[column] {
    case .members(let codes, let members): selection.map { fold(members[Int(codes[$0])].name) }
    case .texts(let vector): selection.map { fold(text(vector, $0)) }
    case .numbers(let vector): selection.map { fold(keyText(vector.values[$0])) }
    }
  }

  /// `2019` for the number and for the year.
  private func keyText(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}
