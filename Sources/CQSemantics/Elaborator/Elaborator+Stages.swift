import CQCatalog
import CQColumns
import CQSource
import CQSyntax

extension Elaborator {
  /// Verbs of this version, in the order in which help lists them.
  package static let verbs = [
    "where", "sort", "top", "bottom", "first", "select", "drop", "derive", "rename", "rank", "summarize", "share",
    "pivot",
    "unpivot", "compare", "join", "append", "describe", "chart", "map", "note", "save",
  ]

  /// Verbs of the language that this version does not have yet.
  static let laterVerbs: [String] = []

  func stage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    switch fold(stage.verb.text) {
    case "where": whereStage(stage, scope, builder)
    case "sort": sortStage(stage, scope, builder)
    case "top": topStage(stage, largest: true, scope, builder)
    case "bottom": topStage(stage, largest: false, scope, builder)
    case "first":
      if let count = count(stage, scope) { builder.stages.append(.first(count)) }
    case "select": selectStage(stage, scope, builder)
    case "drop": dropStage(stage, scope, builder)
    case "derive": deriveStage(stage, scope, builder)
    case "rename": renameStage(stage, scope, builder)
    case "rank": rankStage(stage, scope, builder)
    case "summarize": summarizeStage(stage, scope, builder)
    case "share": shareStage(stage, scope, builder)
    case "pivot": pivotStage(stage, scope, builder)
    case "unpivot": unpivotStage(stage, scope, builder)
    case "compare": compareStage(stage, scope, builder)
    case "join": joinStage(stage, scope, builder)
    case "append": appendStage(stage, scope, builder)
    case "describe": describeStage(stage, builder)
    case "chart": chartStage(stage, scope, builder)
    case "map": mapStage(stage, scope, builder)
    case "note": noteStage(stage, scope, builder)
    case "save": saveStage(stage, scope, builder)
    default:
      if isKernelVerb(stage) { kernelStage(stage, scope, builder) } else { unknownVerb(stage, scope) }
    }
  }

  /// Reports a verb that there is not, for a stage that is not read any further.
  func checkVerb(_ stage: Stage, _ scope: Scope) {
    if !Self.verbs.contains(fold(stage.verb.text)), !isKernelVerb(stage) { unknownVerb(stage, scope) }
  }

  private func unknownVerb(_ stage: Stage, _ scope: Scope) {
    let verb = stage.verb
    let key = fold(verb.text)
    if Self.laterVerbs.contains(key) {
      report(scope, verb.span) { .notAvailableYet("the verb `\(verb.text)`", at: $0, instead: nil) }
    } else if let synonyms = ForeignVerbs.verbs[key] {
      // `mutate(x = 1)`: the brackets go with the word.
      let whole = stage.bracketed.map { (span: TextSpan(verb.span.start, $0.end + 1), text: scope.source.slice($0)) }
      report(scope, verb.span) { .foreignVerb(verb.text, use: synonyms, bracketed: whole, at: $0) }
    } else if key == "group by" || key == "groupby" {
      report(scope, verb.span) { .groupingVerb(verb.text, at: $0) }
    } else if let advice = ForeignVerbs.advice[key] {
      report(scope, verb.span) { .verbToWriteOtherwise(verb.text, advice, at: $0) }
    } else if let (counting, count) = Self.countRightAfter(verb.text) {
      report(scope, verb.span) {
        .unknownVerb(verb.text, verbs: Self.verbs, suggestions: ["\(counting) \(count)"], at: $0)
      }
    } else {
      let defined = scope.environment.definitions.filter {
        if case .fragment = $0.statement.body { return true }
        return false
      }
      let names = defined.map(\.statement.name.text).sorted()
      let own = defined.filter { !$0.isLibrary }.map(\.statement.name.text).sorted()
      let close = suggestions(for: verb.text, among: Self.verbs + names + Self.laterVerbs)
      report(scope, verb.span) { .unknownVerb(verb.text, verbs: Self.verbs + own, suggestions: close, at: $0) }
    }
  }

  /// `top5` for `top 5`.
  private static func countRightAfter(_ text: String) -> (verb: String, count: String)? {
    let count = String(text.reversed().prefix { $0.isASCII && $0.isNumber }.reversed())
    let verb = fold(String(text.dropLast(count.count)))
    return !count.isEmpty && ["top", "bottom", "first"].contains(verb) ? (verb, count) : nil
  }

  /// The verbs that `name` means, one of cq's or another language's; nil when it is no verb.
  static func verbs(meantBy name: String) -> [String]? {
    let key = fold(name)
    return verbs.contains(key) ? [key] : ForeignVerbs.verbs[key]
  }

  func context(_ builder: FrameBuilder) -> Context {
    var context = Context(frame: builder)
    context.among = builder.among
    return context
  }

  /// An expression over the rows: its measures are computed as hidden source columns at the rows' own coordinates.
  func rowExpression(
    _ expression: Expression, _ scope: Scope, _ builder: FrameBuilder
  ) -> TypedExpression? {
    self.expression(expression, scope, context(builder)).map { hoisted($0, builder) }
  }

  private func whereStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    if stage.arguments.isEmpty {
      report(scope, stage.span) { .verbNeeds("where", "a condition", "where lq >= 1.2", at: $0) }
    }
    for argument in stage.arguments {
      var value = argument.value
      if case .name(let name) = argument.label {
        // A lone `=` in a condition is tolerated.
        let column = Expression(kind: .name(name.text), span: name.span)
        value = Expression(
          kind: .binary(.equal, column, argument.value, operatorSpan: argument.span), span: argument.span)
      }
      guard let typed = condition(value, scope, context(builder)) else { continue }
      builder.stages.append(.filter(hoisted(typed, builder)))
    }
  }

  private func sortStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    if stage.arguments.isEmpty { report(scope, stage.span) { .verbNeeds("sort", "a column", "sort lq desc", at: $0) } }
    var keys: [(key: TypedExpression, isDescending: Bool)] = []
    for argument in stage.arguments {
      var value = argument.value
      var descending = argument.direction == .descending
      // The message about the brackets of `sort(lq, desc)` has it in its place.
      if stage.bracketed != nil, case .name(let name) = value.kind, ["asc", "desc"].contains(fold(name)) { continue }
      if let column = descendingCall(value, scope) {
        report(scope, argument.span) { .directionAsFunction(column.text, column.direction, at: $0) }
        continue
      }
      // `sort -lq` sorts descending, for numbers and names alike.
      if case .negate(let operand) = value.kind {
        value = operand
        descending.toggle()
      }
      if let typed = rowExpression(value, scope, builder) { keys.append((typed, descending)) }
    }
    if !keys.isEmpty { builder.stages.append(.sort(keys)) }
  }

  /// `desc(lq)`, as in R.
  private func descendingCall(_ value: Expression, _ scope: Scope) -> (text: String, direction: String)? {
    switch value.kind {
    case .group(let query) where query.stages.isEmpty: return descendingCall(query.source, scope)
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind, ["asc", "desc"].contains(fold(name)), arguments.count == 1,
        arguments[0].isPositional
      else { return nil }
      return (scope.source.slice(arguments[0].value.span), fold(name))
    default: return nil
    }
  }

  private func topStage(_ stage: Stage, largest: Bool, _ scope: Scope, _ builder: FrameBuilder) {
    guard let count = count(stage, scope) else { return }
    var key: TypedExpression?
    for argument in stage.arguments.dropFirst() {
      guard argument.slotName == "by" else {
        report(scope, argument.span) { .unknownSlot(argument.labelText, of: stage.verb.text, slots: ["by"], at: $0) }
        return
      }
      guard let typed = expression(argument.value, scope, context(builder)) else { return }
      guard typed.type.isNumber else {
        let column = scope.source.slice(argument.value.span)
        report(scope, argument.value.span) {
          .topOfNames(typed.type.phrase, count, column: column, largest: largest, at: $0)
        }
        return
      }
      key = hoisted(typed, builder)
    }
    if key == nil {
      key = builder.visible.first(where: { $0.type.isNumber }).map {
        TypedExpression(.column($0.column), $0.type, stage.span)
      }
    }
    guard let key else {
      report(scope, stage.span) { .verbNeeds(stage.verb.text, "a column of numbers", "top 5, by:employment", at: $0) }
      return
    }
    builder.stages.append(.top(count, by: key, largest: largest))
  }

  /// The whole number right after `top`, `bottom`, `first`.
  private func count(_ stage: Stage, _ scope: Scope) -> Int? {
    let verb = stage.verb.text
    guard let argument = stage.arguments.first, argument.isPositional else {
      report(scope, stage.span) { .verbNeeds(verb, "how many rows", "\(verb) 5", at: $0) }
      return nil
    }
    guard let typed = number(argument.value, scope, Context(frame: FrameBuilder(area: sessionArea))) else { return nil }
    guard let value = typed.literal, value >= 1, value == value.rounded(), value < 1e9 else {
      report(scope, argument.span) { .verbNeeds(verb, "a whole number of rows", "\(verb) 5", at: $0) }
      return nil
    }
    return Int(value)
  }

  func column(_ value: Expression, _ scope: Scope, _ builder: FrameBuilder) -> VisibleColumn? {
    let (value, scope) = given(value, scope)
    if case .unreadable = value.kind { return nil }
    let text: String
    if case .name(let name) = value.kind { text = name } else { text = scope.source.slice(value.span) }
    if let column = builder.visible.column(named: text) { return column }
    if isExcused(text, builder) { return nil }
    let names = builder.visible.map(\.name)
    report(scope, value.span) {
      .unknownColumn(text, columns: names, suggestions: suggestions(for: text, among: names), at: $0)
    }
    return nil
  }

  /// Notes the columns that `stage`, which has a mistake, would have made.
  func excuseColumns(of stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    switch fold(stage.verb.text) {
    case "rank": builder.excusedColumns.insert("rank")
    case "share":
      if let argument = stage.arguments.first {
        builder.excusedColumns.insert(fold(measureName(argument.value, scope) + "_share"))
      }
    case "join", "append", "pivot", "unpivot", "compare", "describe": builder.excusesAllColumns = true
    default: break
    }
    for argument in stage.arguments {
      if case .name(let name) = argument.label { builder.excusedColumns.insert(fold(name.text)) }
    }
  }

  /// Whether a column of this name is missing because of a mistake that was reported; it counts as one all the same.
  func isExcused(_ name: String, _ builder: FrameBuilder) -> Bool {
    guard builder.excusesAllColumns || builder.excusedColumns.contains(fold(name)) else { return false }
    mistakeCount += 1
    return true
  }

  private func selectStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    if stage.arguments.isEmpty {
      report(scope, stage.span) { .verbNeeds("select", "columns", "select state, lq", at: $0) }
    }
    var kept: [VisibleColumn] = []
    for argument in stage.arguments {
      if let column = column(argument.value, scope, builder), !kept.contains(where: { $0.name == column.name }) {
        kept.append(column)
      }
    }
    if !kept.isEmpty { builder.visible = kept }
  }

  private func dropStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    if stage.arguments.isEmpty {
      report(scope, stage.span) { .verbNeeds("drop", "columns", "drop employment", at: $0) }
    }
    var dropped: Set<String> = []
    for argument in stage.arguments {
      if let column = column(argument.value, scope, builder) { dropped.insert(column.name) }
    }
    let kept = builder.visible.filter { !dropped.contains($0.name) }
    if kept.isEmpty {
      report(scope, stage.span) { .nothingLeft(at: $0) }
    } else {
      builder.visible = kept
    }
  }

  private func renameStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    for argument in stage.arguments {
      guard case .name(let name) = argument.label else {
        report(scope, argument.span) { .verbNeeds("rename", "`new = old`", "rename jobs = employment", at: $0) }
        continue
      }
      guard let column = column(argument.value, scope, builder) else { continue }
      if fold(name.text) != column.key, builder.visible.position(named: name.text) != nil {
        report(scope, argument.span) { .duplicateColumn(name.text, at: $0) }
        continue
      }
      for index in builder.visible.indices where builder.visible[index].name == column.name {
        builder.visible[index].name = name.text
      }
    }
  }

  private func deriveStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    if stage.arguments.isEmpty {
      report(scope, stage.span) {
        .verbNeeds("derive", "`name = expression`", "derive wage = payroll / employment", at: $0)
      }
    }
    for argument in stage.arguments {
      let name: String
      if case .name(let given) = argument.label { name = given.text } else { name = measureName(argument.value, scope) }
      if name == "value" {
        report(scope, argument.span) { .verbNeeds("derive", "a name for the new column", "derive x = …", at: $0) }
        continue
      }
      if let ends = boundsColumns(argument.value, argument.label, scope, context(builder)) {
        for end in ends { derive(end.name, end.expression, builder) }
      } else if let typed = self.expression(argument.value, scope, context(builder)) {
        derive(name, typed, builder)
      } else {
        builder.excusedColumns.insert(fold(name))
      }
    }
  }

  private func derive(_ name: String, _ expression: TypedExpression, _ builder: FrameBuilder) {
    let hoisted = hoisted(expression, builder)
    builder.stages.append(.derive(hoisted))
    builder.columnDefinitions[builder.columnTypes.count] = expression
    addDerived(name, expression.type, builder)
  }

  private func rankStage(_ stage: Stage, _ scope: Scope, _ builder: FrameBuilder) {
    guard let argument = stage.arguments.first, argument.isPositional else {
      report(scope, stage.span) {
        .verbNeeds("rank", "a column", "rank \(builder.visible.first { $0.type.isNumber }?.name ?? "lq")", at: $0)
      }
      return
    }
    var groups: [Int] = []
    for option in stage.arguments.dropFirst() {
      guard option.slotName == "by" else {
        report(scope, option.span) { .unknownSlot(option.labelText, of: "rank", slots: ["by"], at: $0) }
        return
      }
      guard let columns = groupColumns(option.value, scope, context(builder)) else { return }
      groups = columns
    }
    guard let typed = number(argument.value, scope, context(builder)) else { return }
    builder.stages.append(.rank(hoisted(typed, builder), groups: groups))
    addDerived("rank", .number(.count(unit: "")), builder)
  }

  /// A column with a name that exists replaces it.
  func addDerived(_ name: String, _ type: ValueType, _ builder: FrameBuilder) {
    let column = VisibleColumn(name: name, column: builder.columnTypes.count, type: type)
    builder.columnTypes.append(type)
    if let index = builder.visible.position(named: name) {
      builder.visible[index] = column
    } else {
      builder.visible.append(column)
    }
  }

  // MARK: - Measures inside stages

  /// Moves every measure inside `expression` into a hidden source column, so that stages only combine columns.
  ///
  /// Hidden columns get numbers after all others at this point; the planner lays them out in this order.
  func hoisted(_ expression: TypedExpression, _ builder: FrameBuilder) -> TypedExpression {
    expression.replacing { part in
      switch part.kind {
      case .cell, .over, .listwise, .kernel, .activityKind, .yearCount, .bounds, .midpoint, .exchangeRate:
        if let verb = builder.detachedBy { report(.rowsHaveNoPlace(after: verb, at: part.span)) }
        return TypedExpression(.column(hiddenColumn(part, builder)), part.type, part.span)
      default: return nil
      }
    }
  }

  func hiddenColumn(_ expression: TypedExpression, _ builder: FrameBuilder) -> Int {
    let column = builder.columnTypes.count
    builder.columnTypes.append(expression.type)
    builder.sourceColumns.append(SourceColumn(name: "", expression: expression))
    builder.stages.append(.hidden(builder.sourceColumns.count - 1))
    return column
  }
}

extension ValueType {
  var isNumber: Bool {
    if case .number = self { return true }
    return false
  }
}
