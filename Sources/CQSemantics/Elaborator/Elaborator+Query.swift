import CQCatalog
import CQColumns
import CQSource
import CQSyntax

extension Elaborator {
  /// The typed form of a whole pipeline; nil when a diagnostic was given.
  ///
  /// - Parameter implied: A level of places that the rows have beside those of `by:`.
  func query(_ query: Query, _ scope: Scope, implied: Level? = nil) -> TypedQuery? {
    let countries = likelyCountries
    defer { likelyCountries = countries }
    let (source, stages, inner) = flattened(query, scope)
    if let table = catalogueTable(source, inner) {
      return catalogueQuery(table, named: inner.source.slice(source.span), stages, at: query.span)
    }
    if let table = plainTable(source, inner) {
      return self.query(
        of: table.imported(catalog), notes: table.content.notes.map { TableNote(code: "", text: $0) },
        readBy: table.name, stages, at: query.span)
    }
    if case .name(let name) = source.kind, fold(name) == "engines", inner.environment.definition(name) == nil {
      return enginesQuery(stages, source, inner, at: query.span)
    }
    if let arguments = openArguments(source, inner) {
      return openQuery(arguments, source, stages, inner, at: query.span)
    }
    if let arguments = datasetArguments(source, inner) {
      return datasetQuery(arguments, source, stages, inner, at: query.span)
    }
    let before = mistakeCount
    let builder = FrameBuilder(area: sessionArea)
    builder.span = query.span
    builder.levels = implied.map { [$0] } ?? []
    let tabled = self.source(source, inner, builder)
    if !tabled, let level = builder.impliedLevel, mistakeCount == before + 1 {
      mistakeCount = before
      return self.query(query, scope, implied: level)
    }
    // A source that failed has no columns: stages would only repeat the mistake, unless a verb is unknown.
    guard tabled else {
      for stage in stages { checkVerb(stage.stage, stage.scope) }
      return nil
    }
    for stage in stages {
      let mistakesBefore = mistakeCount
      self.stage(stage.stage, stage.scope, builder)
      if mistakeCount > mistakesBefore { excuseColumns(of: stage.stage, stage.scope, builder) }
    }
    if let level = builder.impliedLevel, mistakeCount == before + 1 {
      mistakeCount = before
      return self.query(query, scope, implied: level)
    }
    checkCurrencies(builder)
    guard mistakeCount == before, let frame = finish(builder) else { return nil }
    guard mistakeCount == before else { return nil }
    if isStrict { demandSlots(of: source, builder, frame) }
    // Nobody reads the header and the notes of a query that is only checked.
    let isChecking = parameters == nil
    return TypedQuery(
      source: .frame(frame, builder.sourceColumns), stages: builder.stages, visible: builder.visible,
      title: isChecking ? [] : title(builder, frame),
      notes: isChecking
        ? [] : userDataNotes(builder, frame) + cautions(builder, frame) + conversionNotes(builder, frame),
      picture: picture(builder),
      span: query.span)
  }

  /// Numbers below each other are compared, so a column must not change its currency from row to row.
  private func checkCurrencies(_ builder: FrameBuilder) {
    for column in builder.visible {
      guard case .number(.money(let currency)) = column.type, currency.contains("/") else { continue }
      let source = column.column - builder.levels.count
      let isSource = builder.sourceColumns.indices.contains(source)
      let span = isSource ? builder.sourceColumns[source].expression.span : builder.span
      report(.currenciesInColumn(column.name, currency.split(separator: "/").map(String.init), at: span))
    }
  }

  /// A stage with the scope its names are looked up in.
  struct ScopedStage {
    var stage: Stage
    var scope: Scope
  }

  /// The innermost source of a pipeline, and all stages that follow it: `(a | b) | c`, `let x = a | b`, `_ | c` and user
  /// verbs are unfolded.
  private func flattened(_ query: Query, _ scope: Scope) -> (Expression, [ScopedStage], Scope) {
    var (source, stages, inner) = unfolded(query.source, scope)
    stages += query.stages.flatMap { expanded($0, scope, depth: 0) }
    if case .list = source.kind { inner = scope }
    return (source, stages, inner)
  }

  private func unfolded(_ source: Expression, _ scope: Scope) -> (Expression, [ScopedStage], Scope) {
    switch source.kind {
    case .group(let inner): return flattened(inner, scope)
    case .call:
      guard let (body, inner) = tableBody(source, scope) else { return (source, [], scope) }
      guard let body, enterDefinition(scope, source.span) else {
        return (Expression(kind: .unreadable, span: source.span), [], scope)
      }
      defer { definitionDepth -= 1 }
      return flattened(body, inner)
    case .lastResult:
      guard let last = scope.environment.last else { return (source, [], scope) }
      return flattened(
        last.query,
        Scope(
          environment: last.environment, source: last.source,
          callSite: callSite(of: last.source, usedAt: source.span, scope)))
    case .name(let name):
      guard scope.parameter(name) == nil, let binding = scope.environment.binding(name) else {
        guard let (body, inner) = tableBody(source, scope) else { return (source, [], scope) }
        guard let body, enterDefinition(scope, source.span) else {
          return (Expression(kind: .unreadable, span: source.span), [], scope)
        }
        defer { definitionDepth -= 1 }
        return flattened(body, inner)
      }
      return flattened(
        binding.query,
        Scope(
          environment: binding.environment, source: binding.source,
          callSite: callSite(of: binding.source, usedAt: source.span, scope)))
    default: return (source, [], scope)
    }
  }

  /// A verb of the user's (`def strongest(n = 10) = | where … | top n`) replaced by its stages.
  private func expanded(_ stage: Stage, _ scope: Scope, depth: Int) -> [ScopedStage] {
    guard depth < 16, let definition = scope.environment.definition(stage.verb.text),
      case .fragment(let body) = definition.statement.body
    else { return [ScopedStage(stage: stage, scope: stageScope(scope))] }
    var parameters = Scope.Arguments()
    let outer = stageScope(scope)
    // A default such as `lq` means the column here, as it would when written at the stage.
    let defaults = Scope(
      environment: definition.environment, source: definition.source,
      callSite: callSite(of: definition.source, usedAt: stage.verb.span, scope), seesColumns: true)
    for parameter in definition.statement.parameters {
      if let value = parameter.defaultValue { parameters[fold(parameter.name.text)] = .closure(value, defaults) }
    }
    let own = definition.statement.parameters.map(\.name.text)
    var failed = false
    for (position, argument) in stage.arguments.enumerated() {
      if case .slot(let slot) = argument.label {
        if own.contains(where: { fold($0) == fold(slot.text) }) {
          parameters[fold(slot.text)] = .closure(argument.value, outer)
        } else {
          report(scope, slot.span) { .unknownSlot(slot.text, of: stage.verb.text, slots: own, at: $0) }
          failed = true
        }
      } else if position == 0, argument.isPositional, let first = own.first {
        parameters[fold(first)] = .closure(argument.value, outer)
      } else {
        report(scope, argument.span) { .unnamedArgument(of: stage.verb.text, slots: own, tableSlots: [], at: $0) }
        failed = true
      }
    }
    for name in own where parameters[fold(name)] == nil && !failed {
      report(scope, stage.verb.span) { .missingArgument(name, ofVerb: stage.verb.text, at: $0) }
      failed = true
    }
    for parameter in definition.statement.parameters {
      guard case .closure(let value, let place)? = parameters[fold(parameter.name.text)] else { continue }
      if !checkKind(value, for: parameter, place) { failed = true }
    }
    if failed { return [] }
    let inner = Scope(
      environment: definition.environment, source: definition.source, parameters: parameters,
      callSite: callSite(of: definition.source, usedAt: stage.verb.span, scope), seesColumns: true)
    return body.flatMap { expanded($0, inner, depth: depth + 1) }
  }

  private func stageScope(_ scope: Scope) -> Scope {
    Scope(
      environment: scope.environment, source: scope.source, parameters: scope.parameters, callSite: scope.callSite,
      seesColumns: true)
  }

  // MARK: - Sources

  func looksLikeTable(_ source: Expression, _ scope: Scope) -> Bool {
    switch source.kind {
    case .call: return true
    case .group, .lastResult: return true
    case .name(let name):
      return scope.environment.definition(name) != nil || catalog.measure(named: name) != nil
    default: return false
    }
  }

  /// Fills `builder` from the head of a pipeline; false when it can't be read as a table.
  private func source(_ source: Expression, _ scope: Scope, _ builder: FrameBuilder) -> Bool {
    let before = mistakeCount
    switch source.kind {
    case .call(let callee, let arguments):
      guard case .name(let name) = callee.kind else { break }
      if fold(name) == "table" {
        table(arguments, scope, builder)
      } else {
        measureTable(name, callee.span, arguments, source, scope, builder)
      }
      return mistakeCount == before
    case .lastResult:
      report(scope, source.span) { .noLastResult(at: $0) }
      return false
    case .list:
      report(scope, source.span) { .notAValue("a list", at: $0) }
      return false
    case .unreadable: return false
    case .binary(let operation, let table, let bound, let place) where operation.isComparison:
      guard case .call(let callee, let arguments) = table.kind, arguments.contains(where: { $0.slotName == "by" })
      else { break }
      if case .string = bound.kind, operation == .greater {
        // `lq(by:state) > "lq.csv"`, as in a shell.
        let path = scope.source.slice(bound.span)
        report(scope, place) { .tableCompared(TextSpan(place.start, bound.span.end), savedAs: path, at: $0) }
        return false
      }
      // `lq(by:state) > 1.2`: a table that rows are to be kept of.
      let kept = [
        scope.source.slice(table.span), "| where", measureName(callee, scope), operation.rawValue,
        scope.source.slice(bound.span),
      ]
      report(scope, place) { .tableCompared(source.span, fix: kept.joined(separator: " "), at: $0) }
      return false
    case .binary(_, let lhs, let rhs, let place) where isTableCall(lhs) || isTableCall(rhs):
      report(scope, place) { .tablesComputed(source.span, fix: oneTable(lhs, rhs, place, scope), at: $0) }
      return false
    default: break
    }
    // A bare measure, or arithmetic on numbers: one row.
    setLevels(builder)
    guard let typed = expression(source, scope, Context(frame: builder)) else { return false }
    let name = if case .name(let name) = source.kind { definedName(name, scope) } else { "value" }
    addSource(name, typed, builder)
    builder.title.append(name)
    return mistakeCount == before
  }

  private func isTableCall(_ expression: Expression) -> Bool {
    guard case .call(_, let arguments) = expression.kind else { return false }
    return arguments.contains { $0.slotName == "by" }
  }

  /// `employment(by:state) / population(by:state)` as one table; nil where the two are not asked for alike.
  private func oneTable(_ lhs: Expression, _ rhs: Expression, _ place: TextSpan, _ scope: Scope) -> String? {
    func parts(_ expression: Expression) -> (measure: String, blanks: String)? {
      guard case .call(let callee, let arguments) = expression.kind, case .name(let name) = callee.kind,
        arguments.allSatisfy({ !$0.isPositional })
      else { return nil }
      return (name, arguments.map { scope.source.slice($0.span) }.joined(separator: ", "))
    }
    guard let left = parts(lhs), let right = parts(rhs), left.blanks == right.blanks else { return nil }
    return "table(value = \(left.measure) \(scope.source.slice(place)) \(right.measure), \(left.blanks))"
  }

  /// `lq(cluster:"Aerospace", by:state)`: one measure with the slots of a table.
  private func measureTable(
    _ name: String, _ nameSpan: TextSpan, _ arguments: [Argument], _ whole: Expression, _ scope: Scope,
    _ builder: FrameBuilder
  ) {
    let definition = scope.environment.definition(name)
    // `among:` is one of the table's slots too, and the header says what it is.
    let own = (definition?.statement.parameters.map { fold($0.name.text) } ?? []).filter { $0 != "among" }
    guard !hasLooseMembers(arguments, scope) else { return }
    var rest: [Argument] = []
    for argument in areaFirst(arguments) {
      let isOwn = argument.slotName.map { own.contains($0) } ?? false
      if isOwn || !frameSlot(argument, scope, builder) { rest.append(argument) }
    }
    setLevels(builder)
    let call = Expression(
      kind: .call(callee: Expression(kind: .name(name), span: nameSpan), arguments: rest), span: whole.span)
    let query = Query(source: call, stages: [], span: whole.span)
    var context = Context(frame: builder)
    context.among = builder.among
    guard let columns = measureColumns(query, named: definedName(name, scope), scope, context) else { return }
    for column in columns { addSource(column.name, column.expression, builder) }
    builder.title.append(definedName(name, scope) + optionsText(rest, scope))
  }

  /// ` method:"symmetric"`: options of an indicator that were given, for the title.
  private func optionsText(_ arguments: [Argument], _ scope: Scope) -> String {
    arguments.compactMap { argument -> String? in
      guard case .slot(let slot) = argument.label else { return nil }
      switch argument.value.kind {
      case .string, .number, .percent, .truth: return " \(slot.text):\(scope.source.slice(argument.value.span))"
      default: return nil
      }
    }.joined()
  }

  /// `in:` and `data:` before everything else: they say in which country names and codes are looked up.
  private func areaFirst(_ arguments: [Argument]) -> [Argument] {
    arguments.filter { $0.slotName == "in" } + arguments.filter { $0.slotName == "data" }
      + arguments.filter { $0.slotName != "in" && $0.slotName != "data" }
  }

  /// `table(employment, lq, wage = avg_wage, by:cluster)`.
  private func table(_ arguments: [Argument], _ scope: Scope, _ builder: FrameBuilder) {
    var values: [Argument] = []
    for argument in areaFirst(arguments) where !frameSlot(argument, scope, builder) {
      if case .slot(let slot) = argument.label {
        let known = Self.coordinateSlots.filter { $0 != "over" }
        report(scope, slot.span) { .unknownSlot(slot.text, of: "table", slots: known, at: $0) }
      } else {
        values.append(argument)
      }
    }
    setLevels(builder)
    var context = Context(frame: builder)
    context.among = builder.among
    for argument in values {
      let query = Query(source: argument.value, stages: [], span: argument.value.span)
      let name: String
      var years = ""
      if case .name(let given) = argument.label {
        name = given.text
      } else {
        name = calculationName(argument.value, scope)
        years = yearsText(argument.value, scope)
      }
      guard let columns = measureColumns(query, named: name, scope, context) else { continue }
      for var column in columns {
        // The columns of two indicators may have the same names: `moran_z`, `geary_z`.
        if columns.count > 1, builder.visible.position(named: column.name) != nil {
          column.name = "\(name)_\(column.name)"
        }
        if builder.visible.position(named: column.name) != nil {
          report(scope, argument.span) { .duplicateColumn(column.name, at: $0) }
        } else {
          addSource(column.name, column.expression, builder)
          builder.title.append(column.name + years)
        }
      }
    }
    if values.isEmpty { report(scope, builder.span) { .emptyTable(at: $0) } }
  }

  /// The columns that a measure gives: one, or those of its `columns(…)`.
  func measureColumns(
    _ query: Query, named name: String, _ scope: Scope, _ context: Context
  ) -> [SourceColumn]? {
    guard query.stages.isEmpty else {
      report(scope, query.span) { .notAValue("a table", at: $0) }
      return nil
    }
    switch query.source.kind {
    case .conditional(let test, let then, let otherwise):
      // Which of two sets of columns is known now where the condition is about words.
      if let typed = condition(test, scope, context), let truth = typed.constantTruth {
        let branch = truth ? then : otherwise
        return measureColumns(Query(source: branch, stages: [], span: branch.span), named: name, scope, context)
      }
    case .group(let inner): return measureColumns(inner, named: name, scope, context)
    default: break
    }
    if let ends = boundsColumns(query.source, .none, scope, context) {
      guard !ends.isEmpty else { return nil }
      guard name != "bounds" else { return ends }
      return zip(ends, ["_low", "_high"]).map { SourceColumn(name: name + $1, expression: $0.expression) }
    }
    if case .name(let called) = query.source.kind, !scope.seesColumns, scope.parameter(called) == nil,
      let definition = scope.environment.definition(called), givesSeveral(definition)
    {
      let call = Expression(kind: .call(callee: query.source, arguments: []), span: query.source.span)
      return measureColumns(
        Query(source: call, stages: [], span: query.span), named: name, scope, context)
    }
    if case .call(let callee, let arguments) = query.source.kind, case .name(let called) = callee.kind {
      if fold(called) == "columns", scope.parameter(called) == nil {
        return listwiseColumns(arguments, at: query.source.span, scope, context)
      }
      if scope.parameter(called) == nil, let definition = scope.environment.definition(called),
        kernelName(of: definition) != nil
      {
        return kernelColumns(definition, named: name, arguments, at: query.source.span, scope, context)
      }
      if scope.parameter(called) == nil, let definition = scope.environment.definition(called),
        case .query(let body) = definition.statement.body, givesSeveral(definition)
      {
        guard let (bodyScope, coordinates) = bind(definition, arguments, at: query.source.span, scope, context),
          enterDefinition(scope, query.span)
        else { return nil }
        defer { definitionDepth -= 1 }
        return measureColumns(body, named: name, bodyScope, coordinates)
      }
    }
    return expression(query.source, scope, context).map { [SourceColumn(name: name, expression: $0)] }
  }

  private func listwiseColumns(
    _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> [SourceColumn]? {
    var names: [String] = []
    var columns: [TypedExpression] = []
    var level: Level?
    var failed = false
    for argument in arguments {
      switch (argument.label, argument.slotName) {
      case (.slot, "over"):
        level = self.level(argument.value, scope)
        failed = failed || level == nil
      case (.name(let name), _):
        guard let typed = number(argument.value, scope, context) else {
          failed = true
          continue
        }
        names.append(name.text)
        columns.append(typed)
      default:
        report(scope, argument.span) { .columnsNeedNames(at: $0) }
        failed = true
      }
    }
    if failed { return nil }
    guard let level else {
      return zip(names, columns).map { SourceColumn(name: $0, expression: $1) }
    }
    guard goesOver(level, "columns", span, scope, context) else { return nil }
    let listwise = ListwiseColumns(names: names, columns: columns, level: level)
    return names.indices.map { index in
      SourceColumn(
        name: names[index],
        expression: TypedExpression(.listwise(listwise, index: index), columns[index].type, scope.callSite ?? span))
    }
  }

  /// ` 2003–2011` for a measure that is asked for at years of its own.
  private func yearsText(_ value: Expression, _ scope: Scope) -> String {
    guard case .call(_, let arguments) = value.kind,
      let years = arguments.first(where: { $0.slotName == "year" })?.value
    else { return "" }
    switch years.kind {
    case .number(_, let lexeme, _): return " " + lexeme
    case .range(let first?, let last?): return " \(scope.source.slice(first.span))–\(scope.source.slice(last.span))"
    default: return ""
    }
  }

  /// The name of a column from how it is written: `lq(year:2003)` is `lq`.
  func measureName(_ value: Expression, _ scope: Scope) -> String {
    switch value.kind {
    case .name(let name): definedName(name, scope)
    case .call(let callee, _): measureName(callee, scope)
    case .access(let value, let part):
      switch measureName(value, scope) {
      case "value", "bounds": "value"
      case let name: "\(name)_\(part.text)"
      }
    default: "value"
    }
  }

  /// `employment / establishments` is `employment_per_establishments`, a name that later verbs can use.
  private func calculationName(_ value: Expression, _ scope: Scope) -> String {
    guard case .binary(let operation, let lhs, let rhs, _) = value.kind else { return measureName(value, scope) }
    let word: String
    switch operation {
    case .divide: word = "per"
    case .multiply: word = "times"
    case .add: word = "plus"
    case .subtract: word = "minus"
    default: return "value"
    }
    let names = [lhs, rhs].map { calculationName($0, scope) }
    return names.contains("value") ? "value" : names.joined(separator: "_\(word)_")
  }

  /// A name in the spelling of its definition.
  func definedName(_ name: String, _ scope: Scope) -> String {
    scope.environment.definition(name)?.statement.name.text ?? catalog.measure(named: fold(name))?.name ?? name
  }
}
