import CQCatalog
import CQColumns
import CQMethods
import CQSource
import CQSyntax

// `core.NAME`: definitions whose body is a kernel.

extension Elaborator {
  /// The name behind `core.` when that is the whole body of a definition.
  func kernelName(_ body: Query) -> Name? {
    guard body.stages.isEmpty, case .access(let callee, let name) = body.source.kind, case .name("core") = callee.kind
    else { return nil }
    return name
  }

  /// The body of `definition`, where it is a kernel.
  func kernelName(of definition: Definition) -> Name? {
    guard case .query(let body) = definition.statement.body else { return nil }
    return kernelName(body)
  }

  /// The columns of a use of a definition whose body is `core.NAME`; nil when a diagnostic was given.
  ///
  /// - Parameter name: What the first column is called.
  func kernelColumns(
    _ definition: Definition, named name: String, _ arguments: [Argument], at span: TextSpan, _ scope: Scope,
    _ context: Context
  ) -> [SourceColumn]? {
    guard let name = kernelName(of: definition).map({ ($0, name) }) else { return nil }
    guard let kernel = kernel(name.0, of: definition, at: span, scope) else { return nil }
    // Over the rows of a table `by:` groups them, as for any aggregate.
    let by = scope.seesColumns ? arguments.first { $0.slotName == "by" } : nil
    let rest = by == nil ? arguments : arguments.filter { $0.slotName != "by" }
    guard let (inner, coordinates) = bind(definition, rest, at: span, scope, context), enterDefinition(scope, span)
    else { return nil }
    measureNames.append(definition.statement.name.text)
    defer {
      definitionDepth -= 1
      measureNames.removeLast()
    }
    let isOver = arguments.contains { $0.slotName == "over" }
    guard let call = kernelCall(kernel, definition, inner, coordinates, at: span) else { return nil }
    let place = scope.callSite ?? span
    let first = call.operands.first?.expression.type
    let isRows =
      call.operands.contains { $0.expression.mentionsColumn }
      || (scope.seesColumns && !isOver && context.frame.rowGroups != nil)
    var groups: [Int] = []
    if isRows {
      guard kernel.shape == .vector || kernel.shape == .map else {
        report(scope, span) { .kernelNeedsPlaces(definition.statement.name.text, at: $0) }
        return nil
      }
      if let by {
        guard let columns = groupColumns(by.value, scope, context) else { return nil }
        groups = columns
      } else {
        groups = context.frame.rowGroups ?? []
      }
    } else {
      if let by {
        if case .slot(let slot) = by.label { report(scope, slot.span) { .slotOfTable("by", at: $0) } }
        return nil
      }
      guard checkSample(call, definition, coordinates, at: span, scope) else { return nil }
    }
    let given = kernel.columns.enumerated().filter { _, column in
      column.needs == nil || call.operands.contains { $0.name == column.needs }
    }
    return given.map { index, column in
      let kind: TypedExpression.Kind =
        isRows ? .kernelOfRows(call, column: index, groupedBy: groups) : .kernel(call, column: index)
      var typed = TypedExpression(kind, column.kind.type(first), place)
      if index == 0, let kind = definition.statement.kind { typed = cast(typed, to: kind, inner) ?? typed }
      return SourceColumn(name: column.name.isEmpty ? name.1 : column.name, expression: typed)
    }
  }

  /// Whether the kernel of a definition exists and takes its parameters; reports when not.
  func checkKernel(of definition: Definition) {
    guard let name = kernelName(of: definition) else { return }
    _ = kernel(name, of: definition, at: name.span, Scope(environment: definition.environment, source: source))
  }

  private func kernel(_ name: Name, of definition: Definition, at span: TextSpan, _ scope: Scope) -> Kernel? {
    guard let kernel = KernelRegistry.kernel(name.text.lowercased()) else {
      let place = callSite(of: definition.source, usedAt: span, scope) ?? name.span
      let close = suggestions(for: name.text, among: KernelRegistry.names)
      report(.unknownKernel(name.text, suggestions: close, at: place))
      return nil
    }
    let given = Set(definition.statement.parameters.map { fold($0.name.text) })
    let isOver = kernel.shape.goesOver
    let needed = kernel.operands.filter { !$0.isOptional }.map(\.name) + (isOver ? ["over"] : [])
    let known = kernel.operands.map(\.name) + kernel.options.map(\.name) + (isOver ? ["over"] : []) + ["among"]
    let missing = needed.filter { !given.contains(fold($0)) }
    let knownKeys = known.map(fold)
    let extra = definition.statement.parameters.map(\.name.text).filter { !knownKeys.contains(fold($0)) }
    // A mistake in a definition of the user's was shown where it stands.
    guard missing.isEmpty, extra.isEmpty else {
      let place = callSite(of: definition.source, usedAt: span, scope) ?? definition.statement.name.span
      report(.kernelParameters(definition.statement.name.text, name.text, missing: missing, extra: extra, at: place))
      return nil
    }
    return kernel
  }

  // MARK: - Arguments

  private func kernelCall(
    _ kernel: Kernel, _ definition: Definition, _ scope: Scope, _ context: Context, at span: TextSpan
  ) -> KernelCall? {
    var operands: [KernelCall.Operand] = []
    var failed = false
    for operand in kernel.operands {
      guard let argument = closure(operand.name, scope), !isMissing(argument.0, argument.1) else {
        if !operand.isOptional {
          // A definition without a default is only tried out here.
          operands.append(
            .init(
              name: operand.name, axis: operand.axis,
              expression: TypedExpression(.absent(.missing), .number(.ratio), span)))
        }
        continue
      }
      var inner = context
      switch kernel.shape {
      case .places, .activities, .cells: inner.activity = .row
      case .vector, .map, .table: break
      }
      switch operand.axis {
      case .cell, .text: break
      case .row: inner.activity = .set(.all)
      case .column: inner.region = .base(context.base ?? context.frame.base)
      }
      if let typed = number(argument.0, argument.1, inner) {
        operands.append(.init(name: operand.name, axis: operand.axis, expression: typed))
      } else {
        failed = true
      }
    }
    let (options, isWrong) = kernelOptions(kernel, scope, context)
    failed = failed || isWrong
    var level: Level?
    if kernel.shape.goesOver, let argument = closure("over", scope), !isMissing(argument.0, argument.1) {
      level = self.level(argument.0, argument.1)
      failed = failed || level == nil
    }
    if failed { return nil }
    var activities = context.among ?? .all
    if case .set(let set) = context.activity, kernel.shape != .vector, kernel.shape != .map { activities = set }
    if case .activities(let set)? = scope.parameter("among") { activities = set }
    if kernel.shape == .places, case .row = context.activity,
      !context.frame.levels.contains(where: { $0.dimension == .activity }), !context.frame.activities.isAll
    {
      activities = context.frame.activities
    }
    // The user asked for the outermost definition, and may never have heard of what it is made of.
    return KernelCall(
      kernel: kernel, name: measureNames.first ?? definition.statement.name.text, operands: operands, options: options,
      level: level,
      activities: activities)
  }

  /// The options that the parameters of a definition give, and whether one of them is wrong.
  func kernelOptions(
    _ kernel: Kernel, _ scope: Scope, _ context: Context
  ) -> (options: [String: KernelOption], isWrong: Bool) {
    var options: [String: KernelOption] = [:]
    var isWrong = false
    for option in kernel.options {
      guard let (value, outer) = closure(option.name, scope), !isMissing(value, outer) else { continue }
      var option = option
      let isFree = option.isFreeWith.contains { name in closure(name, scope).map { !isMissing($0.0, $0.1) } ?? false }
      if isFree { option.kind = .text([]) }
      if let found = optionValue(value, option, outer, context) {
        options[option.name] = found
      } else {
        isWrong = true
      }
    }
    return (options, isWrong)
  }

  private func closure(_ name: String, _ scope: Scope) -> (Expression, Scope)? {
    guard case .closure(let expression, let outer)? = scope.parameter(name) else { return nil }
    return (expression, outer)
  }

  /// Whether an argument is `missing`, written out here or where it was handed on.
  func isMissing(_ value: Expression, _ scope: Scope) -> Bool {
    if case .missing = value.kind { return true }
    return dereference(value, scope).map { isMissing($0, $1) } ?? false
  }

  /// The value of an option, known now.
  private func optionValue(
    _ value: Expression, _ option: Kernel.Option, _ scope: Scope, _ context: Context
  ) -> KernelOption? {
    if isOnTrust(value, scope) { return .number(0) }
    switch option.kind {
    case .number(let range), .whole(let range):
      guard let typed = number(value, scope, context) else { return nil }
      let isWhole = if case .whole = option.kind { true } else { false }
      guard let literal = typed.literal, range.contains(literal), !isWhole || literal == literal.rounded() else {
        report(scope, value.span) { .wrongOption(option, typed.literal, at: $0) }
        return nil
      }
      return .number(literal)
    case .truth:
      guard let typed = expression(value, scope, context) else { return nil }
      guard case .truth(let truth) = typed.kind else {
        report(scope, value.span) { .wrongOption(option, at: $0) }
        return nil
      }
      return .truth(truth)
    case .text(let words):
      guard let text = optionText(value, scope) else { return nil }
      if words.isEmpty { return .text(text) }
      // `two stage` and `NAICS 2017` are `two_stage` and `naics2017`.
      func letters(_ text: String) -> String { fold(text).filter { $0.isLetter || $0.isNumber } }
      guard let word = words.first(where: { letters($0) == letters(text) }) else {
        report(scope, value.span) { .unknownOptionText(text, of: option.name, known: words, at: $0) }
        return nil
      }
      return .text(word)
    case .file:
      guard let path = optionText(value, scope) else { return nil }
      guard let files else {
        report(scope, value.span) { .forbiddenHere("`\(option.name):`", at: $0) }
        return nil
      }
      do throws(FileProblem) {
        return .file(name: path, text: try files.text(resolve(path)))
      } catch {
        report(scope, value.span) { .unreadableFile(path, error.message, remedy: error.remedy, at: $0) }
        return nil
      }
    case .table:
      let inner = dereference(value, scope) ?? (value, scope)
      guard let table = plainTable(inner.0, inner.1) else {
        report(scope, value.span) { .wrongOption(option, at: $0) }
        return nil
      }
      if !context.frame.plainTables.contains(where: { $0.name == table.name }) {
        context.frame.plainTables.append(table)
      }
      return .table(table.name)
    case .member:
      let rows = rowLevel(of: value, .region, scope, context) ?? rowLevel(of: value, .activity, scope, context)
      let levels = rows.map { [$0] } ?? Level.places + Level.activities
      guard let found = members(value, levels: levels, nil, scope), let member = found.first, found.count == 1 else {
        return nil
      }
      return .member(
        KernelMember(level: member.level.rawValue, country: member.country, code: member.code, name: member.name))
    }
  }

  /// A word or a text in quotes.
  private func optionText(_ value: Expression, _ scope: Scope) -> String? {
    if case .name(let name) = value.kind, scope.parameter(name) == nil, scope.environment.binding(name) == nil {
      return name
    }
    if let (target, inner) = dereference(value, scope) { return optionText(target, inner) }
    return text(value, scope)
  }

  // MARK: - Samples

  /// Whether the rows of the table and `over:` give the kernel its sample; notes what that asks of the data.
  private func checkSample(
    _ call: KernelCall, _ definition: Definition, _ context: Context, at span: TextSpan, _ scope: Scope
  ) -> Bool {
    let frame = context.frame
    if frame.isTrial { return true }
    let name = definition.statement.name.text
    if let level = call.level {
      let isAllowed: Bool =
        switch call.kernel.shape {
        case .vector: level.dimension != .period
        case .places: level.dimension == .activity
        case .activities: level.dimension == .region
        case .map, .cells, .table: true
        }
      guard isAllowed else {
        report(scope, span) { .cannotGoOver(name, level.rawValue, at: $0) }
        return false
      }
      guard goesOver(level, name, span, scope, context) else { return false }
    } else if call.kernel.shape.goesOver {
      report(scope, span) { .needsOver(name, at: $0) }
      return false
    }
    let hasPlaces = frame.levels.contains { $0.dimension == .region }
    let hasActivities = frame.levels.contains { $0.dimension == .activity }
    let needed: [String] =
      switch call.kernel.shape {
      case .vector, .table: []
      case .map, .places: hasPlaces ? [] : ["state"]
      case .activities: hasActivities ? [] : ["naics4"]
      case .cells: (hasPlaces ? [] : ["state"]) + (hasActivities ? [] : ["naics4"])
      }
    guard needed.isEmpty else {
      if needed == ["state"], let place = frame.onlyPlace, place.level != .country {
        // The query is read again with this level in its rows.
        if frame.impliedLevel == nil { mistakeCount += 1 }
        frame.impliedLevel = place.level
      } else {
        report(scope, span) { .kernelNeedsRows(calledName(at: $0) ?? name, needed, at: $0) }
      }
      return false
    }
    if call.kernel.shape == .vector { return true }
    guard context.region == .row else {
      report(scope, span) { .kernelElsewhere(name, at: $0) }
      return false
    }
    // The sample is the base area, and the header must say so.
    frame.usesBase = true
    frame.noteActivities(call.activities, at: scope.callSite ?? span)
    return true
  }

  /// The name of the user's call at `span`, which may stand for a definition that uses another one.
  private func calledName(at span: TextSpan) -> String? {
    let name = source.slice(span).prefix { $0.isLetter || $0.isNumber || $0 == "_" }
    return name.isEmpty ? nil : String(name)
  }

  /// Whether sums may go over `level` here; notes that the dataset must have it.
  func goesOver(_ level: Level, _ name: String, _ span: TextSpan, _ scope: Scope, _ context: Context) -> Bool {
    switch level.dimension {
    case .activity: context.frame.activityLevels.insert(level)
    case .period:
      report(scope, span) { .cannotGoOver(name, level.rawValue, at: $0) }
      return false
    case .region:
      let rows = context.frame.levels.filter { $0.dimension == .region }
      if let finest = rows.max(by: Level.isCoarser), !Level.isCoarser(finest, level) {
        report(scope, span) { .cannotGoOver(name, level.rawValue, rows: finest.rawValue, at: $0) }
        return false
      }
      guard context.region == .row else {
        report(scope, span) { .kernelElsewhere(name, at: $0) }
        return false
      }
      context.frame.overLevels.insert(level)
    }
    return true
  }
}

extension FrameBuilder {
  /// The place that a table without places in its rows is about, where it is one.
  fileprivate var onlyPlace: Member? {
    let members = (regions ?? area).members
    return members.count == 1 ? members[0] : nil
  }
}

extension Kernel.Shape {
  /// Whether it takes a level in `over:`.
  var goesOver: Bool {
    switch self {
    case .vector, .places, .activities: true
    case .map, .cells, .table: false
    }
  }
}

extension Kernel.Column.Kind {
  /// - Parameter first: The type of the first operand.
  func type(_ first: ValueType?) -> ValueType {
    switch self {
    case .number: .number(.ratio)
    case .percent: .number(.percent)
    case .count: .number(.count(unit: ""))
    case .likeOperand: first ?? .number(.ratio)
    case .text, .members: .text
    }
  }
}

extension Level {
  /// Whether places of `lhs` are made of places of `rhs`.
  static func isCoarser(_ lhs: Level, _ rhs: Level) -> Bool {
    (Level.places.firstIndex(of: lhs) ?? 0) < (Level.places.firstIndex(of: rhs) ?? 0)
  }
}

extension TypedExpression {
  /// Whether a column of the table stands in it.
  var mentionsColumn: Bool {
    switch kind {
    case .column, .isMember: true
    default: parts.contains { $0.mentionsColumn }
    }
  }
}
