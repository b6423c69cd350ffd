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
    guard let (path, keys) = openParts(arguments, source, scope) else { return nil }
    guard let files else {
      report(scope, source.span) { .forbiddenHere("`open`", at: $0) }
      return nil
    }
    let grid: TextGrid
    do throws(FileProblem) {
      grid = try files.grid(resolve(path))
    } catch {
      report(scope, arguments[0].span) { .unreadableFile(path, error.message, at: $0) }
      return nil
    }
    guard let (table, notes) = imported(grid, path, keys, scope) else { return nil }
    return query(of: table, notes: notes, readBy: "open", stages, at: span)
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
  ) -> (path: String, keys: [(level: Level, span: TextSpan)])? {
    guard let first = arguments.first, first.isPositional, let path = text(first.value, scope) else {
      if arguments.isEmpty {
        report(scope, source.span) { .verbNeeds("open", "a file name", "open(\"grants.csv\", key:[state])", at: $0) }
      }
      return nil
    }
    var keys: [(level: Level, span: TextSpan)] = []
    for argument in arguments.dropFirst() {
      guard argument.slotName == "key" else {
        report(scope, argument.span) { .unknownSlot(argument.labelText, of: "open", slots: ["key"], at: $0) }
        return nil
      }
      let items = if case .list(let list) = argument.value.kind { list } else { [argument.value] }
      for item in items {
        guard let level = level(item, scope) else { return nil }
        keys.append((level, item.span))
      }
    }
    return (path, keys)
  }

  /// Types the columns: keys become members, columns of numbers numbers; rows whose key names nothing are left out and
  /// counted in a note.
  private func imported(
    _ grid: TextGrid, _ path: String, _ keys: [(level: Level, span: TextSpan)], _ scope: Scope
  ) -> (ImportedTable, [TableNote])? {
    var members: [Int: [Member?]] = [:]
    var notes: [TableNote] = []
    for key in keys {
      guard let column = grid.names.firstIndex(where: { Level(word: $0) == key.level }) else {
        report(scope, key.span) { .columnNotInFile(key.level.rawValue, path, columns: grid.names, at: $0) }
        return nil
      }
      guard key.level.dimension != .period else { continue }
      let list = catalog.list(key.level)
      let found = grid.rows.map { row -> Member? in
        let matches = list.find(row[column])
        return matches.count == 1 ? matches[0] : nil
      }
      members[column] = found
      let unknown = grid.rows.indices.filter { found[$0] == nil }
      if let first = unknown.first {
        let value = grid.rows[first][column]
        let guess = list.suggest(value, limit: 1).first.map { "; did you mean \"\($0.name)\"?" } ?? ""
        let rows = unknown.count == 1 ? "1 row" : "\(unknown.count) rows"
        let text =
          "\(rows) of \(path) left out: no \(key.level.singular) is called \"\(value)\" (line \(grid.lines[first])\(guess))"
        notes.append(TableNote(code: "N0507", text: text))
      }
    }
    let kept = grid.rows.indices.filter { row in members.values.allSatisfy { $0[row] != nil } }
    let columns = grid.names.indices.map { column -> ImportedTable.Column in
      if let found = members[column] { return .members(found, at: kept) }
      return .values(kept.map { grid.rows[$0][column] }, isPeriod: Level(word: grid.names[column]) == .year)
    }
    let names = grid.names.enumerated().map { index, name in
      members[index]?.lazy.compactMap { $0 }.first?.level.rawValue ?? name
    }
    return (ImportedTable(path: path, names: names, columns: columns, rowCount: kept.count), notes)
  }
}

extension ImportedTable.Column {
  fileprivate static func members(_ found: [Member?], at rows: [Int]) -> Self {
    var distinct: [Member] = []
    var codes: [Member: Int32] = [:]
    let column = rows.compactMap { row -> Int32? in
      guard let member = found[row] else { return nil }
      if let code = codes[member] { return code }
      distinct.append(member)
      codes[member] = Int32(distinct.count - 1)
      return Int32(distinct.count - 1)
    }
    return .members(column, distinct)
  }

  /// Numbers when every text that is not blank is one; a blank number is missing.
  fileprivate static func values(_ texts: [String], isPeriod: Bool) -> Self {
    let trimmed = texts.map { $0.filter { $0 != " " } }
    let numbers = trimmed.map { Double($0) }
    let areNumbers = zip(trimmed, numbers).allSatisfy { $0.isEmpty || $1?.isFinite == true }
    guard areNumbers, trimmed.contains(where: { !$0.isEmpty }) else { return .texts(texts) }
    if isPeriod, numbers.allSatisfy({ $0.map { Int32(exactly: $0) != nil } ?? false }) {
      return .periods(numbers.map { Int32(exactly: $0 ?? 0) ?? 0 })
    }
    return .numbers(numbers.map { $0 ?? 0 }, numbers.map { $0 == nil ? .missing : .known })
  }

  var type: ValueType {
    switch self {
    case .members(_, let members): .member(members.first?.level ?? .state)
    case .numbers(_, _, let unit): .number(.count(unit: unit))
    case .periods: .period
    case .texts: .text
    }
  }
}
