import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// Verbs that change what a row is, or bring in another table.

extension Elaborator {
  /// A pivoted table wider than this is a mistake.
  static let pivotColumnLimit = 200

  // MARK: - Groups

  /// `summarize total = sum(employment), by:state`: one row per group.
  func summarizeStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    let by = stage.arguments.first { $0.slotName == "by" }
    let groups = by.map { groupColumns($0.value, scope, context(builder)) } ?? []
    guard let groups else { return }
    builder.rowGroups = groups
    defer { builder.rowGroups = nil }
    let kept = builder.visible.filter { groups.contains($0.column) }
    var added: [VisibleColumn] = []
    var failed = false
    for argument in stage.arguments where argument.slotName != "by" {
      guard case .name(let name) = argument.label else {
        report(scope, argument.span) {
          .verbNeeds("summarize", "a name for each column", "summarize total = sum(employment), by:state", at: $0)
        }
        failed = true
        continue
      }
      guard let typed = expression(argument.value, scope, context(builder)).map({ hoisted($0, builder) }) else {
        failed = true
        continue
      }
      if typed.hasColumn(outside: groups) {
        report(scope, argument.span) {
          .verbNeeds("summarize", "an aggregate of each column", "summarize total = sum(employment), by:state", at: $0)
        }
        failed = true
      }
      builder.stages.append(.derive(typed))
      added.append(VisibleColumn(name: name.text, column: builder.columnTypes.count, type: typed.type))
      builder.columnTypes.append(typed.type)
    }
    if failed { return }
    if added.isEmpty {
      report(scope, stage.span) {
        .verbNeeds("summarize", "`name = aggregate`", "summarize total = sum(employment), by:state", at: $0)
      }
      return
    }
    builder.stages.append(.collapse(groups: groups))
    builder.visible = kept + added
    builder.detachedBy = "summarize"
  }

  /// `share employment, by:state`: the part of each row in the total of the rows.
  func shareStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    let before = mistakeCount
    guard let argument = stage.arguments.first, argument.isPositional,
      let column = column(argument.value, scope, builder), column.type.isNumber
    else {
      if mistakeCount > before { return }
      report(scope, stage.span) { .verbNeeds("share", "a column of numbers", "share employment, by:state", at: $0) }
      return
    }
    let by = stage.arguments.first { $0.slotName == "by" }
    let groups = by.map { groupColumns($0.value, scope, context(builder)) } ?? []
    guard let groups else { return }
    let value = TypedExpression(.column(column.column), column.type, argument.span)
    let total = TypedExpression(.ofRows(.sum, value, groupedBy: groups), column.type, argument.span)
    let percent: ValueType = .number(.percent)
    if groups.isEmpty { compareTotal(of: value, builder) }
    builder.stages.append(.derive(TypedExpression(.arithmetic(.divide, value, total), percent, argument.span)))
    addDerived(column.name + "_share", percent, builder)
  }

  /// Where `rows` is a measure as it stands in the rows, has its published total compared with their sum.
  func compareTotal(of rows: TypedExpression, _ builder: FrameBuilder) {
    guard case .column(let column) = rows.kind, let definition = builder.columnDefinitions[column],
      case .cell(var cell) = definition.kind, cell.region == .row, cell.activity == .row, cell.period == .row,
      builder.detachedBy == nil, builder.rowGroups == nil, let measure = catalog.measure(named: cell.measure),
      !builder.levels.contains(where: { $0.dimension == .period })
    else { return }
    if builder.levels.contains(where: { $0.dimension == .region }) {
      guard measure.additive.contains(.region) else { return }
      cell.region = .set(builder.regions ?? builder.area)
    }
    if builder.levels.contains(where: { $0.dimension == .activity }) {
      guard measure.additive.contains(.activity) else { return }
      cell.activity = .set(builder.activities)
    }
    let total = TypedExpression(.cell(cell), definition.type, definition.span)
    builder.stages.append(.compareTotal(name: measure.name, rows: column, total: hiddenColumn(total, builder)))
  }

  // MARK: - Long and wide

  /// `pivot year`: the values of a level across the top.
  func pivotStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    guard let argument = stage.arguments.first, argument.isPositional,
      let key = column(argument.value, scope, builder)
    else {
      if stage.arguments.isEmpty { report(scope, stage.span) { .verbNeeds("pivot", "a level", "pivot year", at: $0) } }
      return
    }
    guard let keys = pivotKeys(key, argument.span, scope, builder) else { return }
    guard let values = pivotValues(stage, scope, builder) else { return }
    let width = values.count * keys.count
    if width > Self.pivotColumnLimit {
      report(scope, argument.span) { .tooManyColumns(width, limit: Self.pivotColumnLimit, at: $0) }
      return
    }
    let kept = builder.visible.filter { $0.column != key.column && !$0.type.isNumber }
    builder.stages.append(
      .pivot(key: key.column, keys: keys, values: values.map(\.column), groups: kept.map(\.column)))
    builder.visible = kept
    for value in values {
      for key in keys {
        let name = values.count == 1 ? key.name : "\(value.name) \(key.name)"
        builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: value.type))
        builder.columnTypes.append(value.type)
      }
    }
    builder.detachedBy = "pivot"
  }

  /// `values:` of a pivot, one column or a list; the first column of numbers when it is left out.
  private func pivotValues(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) -> [VisibleColumn]? {
    var values: [VisibleColumn] = []
    for option in stage.arguments.dropFirst() {
      guard option.slotName == "values" else {
        report(scope, option.span) { .unknownSlot(option.labelText, of: "pivot", slots: ["values"], at: $0) }
        return nil
      }
      let items = if case .list(let list) = option.value.kind { list } else { [option.value] }
      for item in items {
        guard let column = column(item, scope, builder) else { return nil }
        values.append(column)
      }
    }
    if values.isEmpty, let first = builder.visible.first(where: { $0.type.isNumber }) { values = [first] }
    guard !values.isEmpty, values.allSatisfy(\.type.isNumber) else {
      report(scope, stage.span) { .verbNeeds("pivot", "a column of numbers", "pivot year, values:employment", at: $0) }
      return nil
    }
    return values
  }

  private func isLevelColumn(_ column: VisibleColumn, _ builder: FrameBuilder) -> Bool {
    builder.levels.contains { (builder.levelWords[$0] ?? $0.rawValue) == column.name }
  }

  /// The values that a level column can have, from the selections of the table.
  private func pivotKeys(
    _ column: VisibleColumn, _ span: TextSpan, _ scope: Scope, _ builder: FrameBuilder
  ) -> [PivotKey]? {
    guard builder.detachedBy == nil, isLevelColumn(column, builder) else {
      report(scope, span) { .notALevelColumn(column.name, levels: builder.levels.map(\.rawValue), at: $0) }
      return nil
    }
    guard let frame = finish(builder) else { return nil }
    let keys: [PivotKey] =
      switch column.type {
      case .member(let level): members(of: level, in: frame).map { .member($0) }
      default: frame.years.map { .year($0) }
      }
    if keys.count > Self.pivotColumnLimit {
      report(scope, span) { .tooManyColumns(keys.count, limit: Self.pivotColumnLimit, at: $0) }
      return nil
    }
    return keys
  }

  private func members(of level: Level, in frame: Frame) -> [Member] {
    let all = catalog.list(level).members
    if level.dimension == .region {
      let selection = frame.selection(places)
      return selection.entries(of: all.filter { frame.countries.contains($0.country) }, levels: [level]).map { $0[0] }
    }
    let owners = Set(frame.datasets.map { level.owner(of: $0.scheme) })
    return all.filter { member in
      owners.contains(member.country)
        && frame.activities.terms.contains { term in
          switch term {
          case .all: true
          case .traded, .local: member.kind.isEmpty || member.kind == (term == .traded ? "traded" : "local")
          case .member(let other): other.level != member.level || other == member
          }
        }
    }
  }

  /// `unpivot`: the columns of numbers as rows, with the column's name and its value.
  func unpivotStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    var stacked: [VisibleColumn] = []
    for argument in stage.arguments {
      guard let column = column(argument.value, scope, builder) else { return }
      stacked.append(column)
    }
    if stacked.isEmpty { stacked = builder.visible.filter { $0.type.isNumber } }
    guard let first = stacked.first, stacked.allSatisfy({ $0.type.isNumber }) else {
      report(scope, stage.span) { .verbNeeds("unpivot", "columns of numbers", "unpivot lq, share", at: $0) }
      return
    }
    let names = Set(stacked.map(\.name))
    let kept = builder.visible.filter { !names.contains($0.name) && !$0.type.isNumber }
    let quantities = Set(stacked.map(\.type))
    let value: ValueType = quantities.count == 1 ? first.type : .number(.mixed)
    builder.stages.append(.unpivot(kept: kept, stacked: stacked))
    replaceColumns(kept.map { ($0.name, $0.type) } + [("column", .text), ("value", value)], "unpivot", builder)
  }

  /// `compare state`: measures as rows, members as columns, with difference and ratio to the first.
  func compareStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    guard let argument = stage.arguments.first, let key = column(argument.value, scope, builder) else {
      if stage.arguments.isEmpty {
        report(scope, stage.span) { .verbNeeds("compare", "a level", "compare state", at: $0) }
      }
      return
    }
    guard let keys = pivotKeys(key, argument.span, scope, builder) else { return }
    guard (2...10).contains(keys.count) else {
      report(scope, argument.span) { .compareNeedsAFew(key.name, found: keys.count, at: $0) }
      return
    }
    let measures = builder.visible.filter { $0.type.isNumber }
    let groups = builder.visible.filter { $0.column != key.column && !$0.type.isNumber }
    builder.stages.append(.compare(key: key.column, keys: keys, measures: measures, groups: groups))
    var columns: [(String, ValueType)] = groups.map { ($0.name, $0.type) } + [("measure", .text)]
    columns += keys.map { ($0.name, .number(.mixed)) }
    for key in keys.dropFirst() {
      let suffix = keys.count == 2 ? "" : " " + key.name
      columns += [("difference" + suffix, .number(.mixed)), ("ratio" + suffix, .number(.ratio))]
    }
    replaceColumns(columns, "compare", builder)
  }

  /// `describe`: what each column holds.
  func describeStage(_ stage: Stage, _ builder: FrameBuilder) {
    builder.stages.append(.describe(builder.visible))
    let count: ValueType = .number(.count(unit: ""))
    replaceColumns(
      [
        ("column", .text), ("kind", .text), ("known", count), ("estimated", count), ("withheld", count),
        ("missing", count), ("minimum", .number(.mixed)), ("maximum", .number(.mixed)),
      ], "describe", builder)
  }

  func replaceColumns(_ columns: [(String, ValueType)], _ verb: String, _ builder: FrameBuilder) {
    builder.columnTypes = columns.map(\.1)
    builder.columnDefinitions = [:]
    builder.visible = columns.enumerated().map { VisibleColumn(name: $1.0, column: $0, type: $1.1) }
    builder.detachedBy = verb
    builder.imported = nil
    builder.picture = nil
  }

  // MARK: - Two tables

  func appendStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    guard let (other, argument) = otherTable(stage, scope) else { return }
    let mine = builder.visible
    guard mine.map(\.key) == other.visible.map(\.key),
      zip(mine, other.visible).allSatisfy({ $0.type.isNumber == $1.type.isNumber })
    else {
      report(scope, argument.span) {
        .columnsDiffer(mine: mine.map(\.name), theirs: other.visible.map(\.name), at: $0)
      }
      return
    }
    builder.stages.append(.append(other, mine: mine))
    replaceColumns(mine.map { ($0.name, $0.type) }, "append", builder)
  }

  func joinStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    guard let (other, argument) = otherTable(stage, scope) else { return }
    var keep = JoinKeep.left
    var names: [String]?
    for option in stage.arguments.dropFirst() {
      switch option.slotName {
      case "keep":
        let text = scope.source.slice(option.value.span)
        var word = ""
        switch option.value.kind {
        case .name(let name): word = fold(name)
        case .all: word = "all"
        default: break
        }
        guard let chosen = JoinKeep(rawValue: word) else {
          report(scope, option.value.span) { .unknownKeep(text, at: $0) }
          return
        }
        keep = chosen
      case "on":
        let items = if case .list(let list) = option.value.kind { list } else { [option.value] }
        var chosen: [String] = []
        for item in items {
          guard let column = column(item, scope, builder) else { return }
          chosen.append(column.name)
        }
        names = chosen
      default:
        report(scope, option.span) { .unknownSlot(option.labelText, of: "join", slots: ["on", "keep"], at: $0) }
        return
      }
    }
    join(other, on: names, keep, at: argument.span, scope, builder)
  }

  private func join(
    _ other: TypedQuery, on names: [String]?, _ keep: JoinKeep, at span: TextSpan, _ scope: Scope,
    _ builder: FrameBuilder
  ) {
    let theirKeys = other.visible.filter { !$0.type.isNumber && $0.type != .truth }
    let shared =
      names
      ?? builder.visible.filter { mine in
        !mine.type.isNumber && mine.type != .truth && theirKeys.column(named: mine.name) != nil
      }.map(\.name)
    var on: [(mine: Int, theirs: Int)] = []
    for name in shared {
      guard let mine = builder.visible.column(named: name),
        let theirs = other.visible.position(meantBy: name)
      else {
        report(scope, span) { .joinColumnMissing(name, theirs: other.visible.map(\.name), at: $0) }
        return
      }
      on.append((mine.column, theirs))
    }
    guard !on.isEmpty else {
      report(scope, span) {
        .nothingToJoinOn(mine: builder.visible.map(\.name), theirs: other.visible.map(\.name), at: $0)
      }
      return
    }
    let matched = Set(on.map(\.theirs))
    if case .frame = other.source,
      let extra = theirKeys.first(where: { key in
        !matched.contains { other.visible[$0].name == key.name }
      })
    {
      report(scope, span) { .joinNotUnique(by: shared, extra: extra.name, at: $0) }
      return
    }
    if case .imported(let table) = other.source, other.stages.isEmpty,
      let repeated = table.repeatedKey(in: on.map(\.theirs))
    {
      report(scope, span) { .joinRepeats(repeated, in: table.path, at: $0) }
      return
    }
    let added = other.visible.indices.filter { !matched.contains($0) }
    builder.stages.append(.join(other, on: on, added: added, keep: keep))
    for index in added {
      let column = other.visible[index]
      let taken = builder.visible.contains { $0.key == column.key }
      let name = taken ? column.name + "_2" : column.name
      builder.visible.append(VisibleColumn(name: name, column: builder.columnTypes.count, type: column.type))
      builder.columnTypes.append(column.type)
    }
    // Rows of the other table alone have no place of this one's.
    if keep == .all { builder.detachedBy = "join" }
  }

  /// The table named first in `join` or `append`.
  private func otherTable(_ stage: Stage, _ scope: Scope) -> (TypedQuery, Argument)? {
    guard let argument = stage.arguments.first, argument.isPositional else {
      report(scope, stage.span) {
        .verbNeeds(stage.verb.text, "a table", "\(stage.verb.text) other, where `let other = …` names it", at: $0)
      }
      return nil
    }
    switch argument.value.kind {
    case .string, .number, .percent, .list, .truth:
      let isText = if case .string = argument.value.kind { true } else { false }
      let written = scope.source.slice(argument.span)
      report(scope, argument.span) {
        .wrongKind(
          "a table", found: phrase(argument.value), at: $0,
          fix: isText ? Diagnostic.Fix(span: $0, replacement: "open(\(written))", applicability: .maybe) : nil)
      }
      return nil
    default: break
    }
    let whole = Query(source: argument.value, stages: [], span: argument.value.span)
    let outer = Scope(
      environment: scope.environment, source: scope.source, parameters: scope.parameters, callSite: scope.callSite)
    return query(whole, outer).map { ($0, argument) }
  }

  // MARK: - Notes and files

  func noteStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    guard let argument = stage.arguments.first, let text = text(argument.value, scope) else {
      if stage.arguments.isEmpty {
        report(scope, stage.span) { .verbNeeds("note", "a text", "note \"Traded clusters only\"", at: $0) }
      }
      return
    }
    builder.stages.append(.note(text))
  }

  func saveStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    if let value = stage.arguments.first?.value, case .access = value.kind {
      let path = scope.source.slice(value.span)
      report(scope, value.span) { .fileNameWithoutQuotes(path, at: $0) }
      return
    }
    guard let argument = stage.arguments.first, let path = text(argument.value, scope) else {
      if stage.arguments.isEmpty {
        report(scope, stage.span) { .verbNeeds("save", "a file name", "save \"lq.csv\"", at: $0) }
      }
      return
    }
    guard files != nil else {
      report(scope, stage.span) { .forbiddenHere("`save`", at: $0) }
      return
    }
    guard canSave(path, argument, scope, builder) else { return }
    builder.stages.append(.save(path: path, visible: builder.visible, picture: picture(builder)))
  }

  /// A text with its `{…}` filled in: names of texts and numbers known before the query runs.
  func text(_ value: Expression, _ scope: Scope) -> String? {
    switch value.kind {
    case .string(let segments):
      var text = ""
      for segment in segments {
        switch segment {
        case .text(let part): text += part
        case .interpolation(let inner):
          guard let part = self.text(inner, scope) else { return nil }
          text += part
        }
      }
      return text
    case .number(_, let lexeme, _): return lexeme
    case .host(let name):
      guard let parameters else { return "" }
      switch parameters[name] {
      case .text(let text): return text
      case .number(let number): return number == number.rounded() ? "\(Int(exactly: number) ?? 0)" : "\(number)"
      case .list(let list): return list.joined(separator: ", ")
      case nil:
        report(.missingParameter(name, at: value.span))
        return nil
      }
    default:
      if let (target, inner) = dereference(value, scope) { return text(target, inner) }
      report(scope, value.span) { .wrongKind("text in quotes", found: phrase(value), at: $0) }
      return nil
    }
  }
}
