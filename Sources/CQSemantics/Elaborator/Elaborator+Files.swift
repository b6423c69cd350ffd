import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// `open`: tables that a program takes from files.

extension Elaborator {
  // MARK: - Side tables

  /// The arguments of `open(…)`, nil when `source` is something else.
  func openArguments(_ source: Expression, _ scope: Scope) -> [Argument]? {
    guard case .call(let callee, let arguments) = source.kind, case .name(let name) = callee.kind, fold(name) == "open",
      scope.environment.definition(name) == nil
    else { return nil }
    return arguments
  }

  /// `open("grants.csv", key:[state])`: a table from a file; the columns named by `key:` hold members of levels.
  func openQuery(
    _ arguments: [Argument], _ source: Expression, _ stages: [ScopedStage], _ scope: Scope, at span: TextSpan
  ) -> TypedQuery? {
    guard let files else {
      report(scope, source.span) { .forbiddenHere("`open`", at: $0) }
      return nil
    }
    guard case (let path, let keys, var options)? = openParts(arguments, source, scope) else { return nil }
    options.showsAllRows = keepsAllRows(stages)
    if let touched = touchedColumns(stages) {
      options.columns = touched.union(keys.flatMap { [fold($0.level.rawValue), fold(scope.source.slice($0.span))] })
      let before = (diagnostics, mistakeCount)
      guard let table = fileTable(path, options, at: arguments[0].span, scope) else { return nil }
      if let (imported, notes) = imported(table, path, keys, scope, files),
        let query = query(of: imported, notes: notes, readBy: "open", stages, at: span)
      {
        return query
      }
      // What is wrong is told in the light of all columns.
      (diagnostics, mistakeCount) = before
      options.columns = nil
    }
    guard let table = fileTable(path, options, at: arguments[0].span, scope) else { return nil }
    guard let (imported, notes) = imported(table, path, keys, scope, files) else { return nil }
    return query(of: imported, notes: notes, readBy: "open", stages, at: span)
  }

  /// Reads a file; nil when a diagnostic was given.
  func fileTable(
    _ path: String, _ options: ImportOptions, at span: TextSpan, _ scope: Scope
  ) -> FileTable? {
    guard let files else { return nil }
    do throws(FileProblem) {
      return try files.table(resolve(path), options)
    } catch {
      report(scope, span) { .unreadableFile(path, error.message, remedy: error.remedy, at: $0) }
      return nil
    }
  }

  /// A pipeline that starts with rows that are there already.
  ///
  /// - Parameter verb: What messages call the place where they come from.
  func query(
    of table: ImportedTable, notes: [TableNote], readBy verb: String, _ stages: [ScopedStage], at span: TextSpan
  ) -> TypedQuery? {
    let before = mistakeCount
    let builder = FrameBuilder(area: sessionArea)
    for (name, column) in zip(table.names, table.columns) {
      let type = column.type
      builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: type))
      builder.columnTypes.append(type)
    }
    builder.detachedBy = verb
    builder.imported = table
    for stage in stages { self.stage(stage.stage, stage.scope, builder) }
    guard mistakeCount == before else { return nil }
    return TypedQuery(
      source: .imported(table), stages: builder.stages, visible: builder.visible, title: [table.path], notes: notes,
      picture: picture(builder), span: span)
  }

  private func openParts(
    _ arguments: [Argument], _ source: Expression, _ scope: Scope
  ) -> (path: String, keys: [(level: Level, span: TextSpan)], options: ImportOptions)? {
    guard let first = arguments.first, first.isPositional, let path = text(first.value, scope) else {
      if arguments.isEmpty {
        report(scope, source.span) { .verbNeeds("open", "a file name", "open(\"grants.csv\", key:[state])", at: $0) }
      }
      return nil
    }
    let before = mistakeCount
    var keys: [(level: Level, span: TextSpan)] = []
    var options = ImportOptions()
    for argument in arguments.dropFirst() {
      if fileOption(argument, scope, &options) { continue }
      guard argument.slotName == "key" else {
        report(scope, argument.span) {
          .unknownSlot(argument.labelText, of: "open", slots: ["key"] + Self.fileSlots, at: $0)
        }
        return nil
      }
      let items = if case .list(let list) = argument.value.kind { list } else { [argument.value] }
      for item in items {
        guard let level = level(item, scope) else { return nil }
        keys.append((level, item.span))
      }
    }
    return mistakeCount == before ? (path, keys, options) : nil
  }

  /// Types the columns: keys become members, columns of numbers numbers; rows whose key names nothing are left out and
  /// counted in a note.
  private func imported(
    _ table: FileTable, _ path: String, _ keys: [(level: Level, span: TextSpan)], _ scope: Scope, _ files: FileAccess
  ) -> (ImportedTable, [TableNote])? {
    var members: [Int: MemberColumn] = [:]
    var notes = table.notes.map { TableNote(code: "N0507", text: "\(path): \($0)") }
    for key in keys {
      guard let column = table.columns.firstIndex(where: { Level(word: $0.name) == key.level }) else {
        let names = table.columns.map(\.name)
        report(scope, key.span) { .columnNotInFile(key.level.rawValue, path, columns: names, at: $0) }
        return nil
      }
      guard key.level.dimension != .period else { continue }
      let found = MemberColumn(
        table.columns[column], rowCount: table.rowCount, level: key.level, catalog: catalog, countries: likelyCountries,
        threads: files.threads, isStopped: files.isStopped)
      members[column] = found
      if let first = found.firstUnknown {
        let value = table.columns[column].text(at: first)
        let guess =
          catalog.list(key.level).suggest(value, limit: 1).first.map { "; did you mean \"\($0.name)\"?" } ?? ""
        let rows = found.unknownCount.counted("row")
        let place = table.place(ofRow: first)
        let text = "\(rows) of \(path) left out: no \(key.level.singular) is called \"\(value)\" (\(place)\(guess))"
        notes.append(TableNote(code: "N0507", text: text))
      }
    }
    for (index, column) in table.columns.enumerated() where members[index] == nil {
      guard let oddity = column.oddity else { continue }
      notes.append(
        TableNote(
          code: "N0513",
          text: "column `\(column.name)` of \(path) holds texts, because line \(oddity.line) has \"\(oddity.text)\""))
    }
    // Columns of keys end where it was stopped.
    if files.isStopped() { return nil }
    let isComplete = members.values.allSatisfy { $0.unknownCount == 0 }
    var kept: [Int]?
    if !isComplete {
      let columns = members.values.map(\.codes)
      var rows: [Int] = []
      // What was stopped is never shown: rows too few do no harm.
      for row in 0..<table.rowCount {
        if row & 0xFFFF == 0, files.isStopped() { break }
        if columns.allSatisfy({ $0[row] >= 0 }) { rows.append(row) }
      }
      kept = rows
    }
    let columns = table.columns.indices.map { index -> ImportedTable.Column in
      if let found = members[index] { return .members(kept?.map { found.codes[$0] } ?? found.codes, found.members) }
      let column = kept.map { table.columns[index].gathered($0, threads: files.threads, isStopped: files.isStopped) }
      return ImportedTable.Column(column ?? table.columns[index], files)
    }
    let names = table.columns.enumerated().map { members[$0] == nil ? $1.name : levelName($1.name, members[$0]) }
    return (
      ImportedTable(path: path, names: names, columns: columns, rowCount: kept?.count ?? table.rowCount), notes
    )
  }

  private func levelName(_ name: String, _ column: MemberColumn?) -> String {
    column?.members.first?.level.rawValue ?? name
  }
}

extension ImportedTable.Column {
  /// Whole numbers in a column that is called `year` are periods, those of 1500 to 2500 also in one that is called `yr`,
  /// `año` and the like.
  init(_ column: FileTable.Column, _ files: FileAccess) {
    var isPeriod = false
    let isYear = Level(word: column.name) == .year
    if isYear, column.states == nil, case .numbers(.int32(let years)) = column.values, years.count > 0 {
      // Nothing else has to be known of them.
      isPeriod = true
    } else if isYear || PeriodMatching.isYear(column.name, from: 2000, to: 2000),
      let range = column.wholeRange(threads: files.threads, isStopped: files.isStopped)
    {
      let (low, high) = (Int(range.lowerBound), Int(range.upperBound))
      isPeriod = isYear || PeriodMatching.isYear(column.name, from: low, to: high)
    }
    self = .stored(column, isPeriod: isPeriod)
  }

  var type: ValueType {
    switch self {
    case .members(_, let members): .member(members.first?.level ?? .state)
    case .numbers(_, _, let unit): .number(.count(unit: unit))
    case .periods, .stored(_, isPeriod: true): .period
    case .texts: .text
    case .stored(let column, isPeriod: false): column.isNumeric ? .number(.count(unit: "")) : .text
    }
  }

  /// The different texts of the column, in the order in which they come; nil for a column of anything else.
  var differentTexts: [String]? {
    switch self {
    case .texts(let texts):
      var seen: Set<String> = []
      return texts.filter { seen.insert($0).inserted }
    case .stored(let column, _):
      guard case .texts(_, let values) = column.values else { return nil }
      return values
    case .members, .numbers, .periods: return nil
    }
  }

  /// The column with one value per row in arrays, for those who look at few rows.
  func plain(rowCount: Int) -> ImportedTable.Column {
    guard case .stored(let column, let isPeriod) = self else { return self }
    let rows = 0..<rowCount
    guard column.isNumeric else { return .texts(rows.map { column.text(at: $0) }) }
    if isPeriod { return .periods(rows.map { Int32(column.number(at: $0) ?? 0) }) }
    let states = rows.map { column.state(at: $0) }
    return .numbers(rows.map { states[$0].hasValue ? column.number(at: $0) ?? 0 : 0 }, states)
  }
}
