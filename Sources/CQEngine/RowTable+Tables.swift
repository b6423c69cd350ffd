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
    notes += table.notes
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
    if keep == .matched { selection = zip(selection, matches).filter { $0.1 != nil }.map(\.0) }
    for note in table.notes where !notes.contains(note) { notes.append(note) }
    if let provenance = provenance(of: table, added) { notes.append(provenance) }
  }

  /// Says where joined columns come from when that is not where the header says.
  private func provenance(of table: Table, _ added: [Int]) -> TableNote? {
    guard !table.header.dataset.isEmpty, let years = table.header.years else { return nil }
    if case .frame(let frame, _) = plan.query.source, frame.datasetNames == table.header.dataset,
      frame.periodsShown.first == years.lowerBound, frame.periodsShown.last == years.upperBound
    {
      return nil
    }
    let names = added.map { table.columns[$0].name }.joined(separator: ", ")
    let span = years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound)–\(years.upperBound)"
    return TableNote(code: "N0508", text: "\(names): \(table.header.source) (\(table.header.dataset)), \(span)")
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
