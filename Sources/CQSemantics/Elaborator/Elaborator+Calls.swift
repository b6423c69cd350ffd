import CQCatalog
import CQColumns
import CQSource
import CQSyntax

extension Elaborator {
  // MARK: - Names

  /// A bare name where a value is expected: parameter, column, `let`, `def`, base measure.
  func name(_ name: String, at span: TextSpan, _ scope: Scope, _ context: Context) -> TypedExpression? {
    if let argument = scope.parameter(name) {
      guard case .closure(let expression, let outer) = argument else {
        report(scope, span) { .notAValue("a set of activities", at: $0) }
        return nil
      }
      return self.expression(expression, outer, context)
    }
    if scope.seesColumns, let column = context.frame.visible.column(named: name) {
      return TypedExpression(.column(column.column), column.type, scope.callSite ?? span)
    }
    if let binding = scope.environment.binding(name) {
      guard binding.query.stages.isEmpty else {
        report(scope, span) { .notAValue("`\(name)` is a table, which", at: $0) }
        return nil
      }
      let site = callSite(of: binding.source, usedAt: span, scope)
      return expression(
        binding.query.source, Scope(environment: binding.environment, source: binding.source, callSite: site), context)
    }
    return call(name, [], at: span, scope, context)
  }

  func call(
    _ callee: Expression, _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    guard case .name(let name) = callee.kind else {
      if let (name, verbs) = verbAfterDot(callee) {
        report(scope, name.span) { .verbAfterDot(name.text, use: verbs, at: $0) }
      } else {
        report(scope, callee.span) { .notAValue(phrase(callee), at: $0) }
      }
      return nil
    }
    if let argument = scope.parameter(name) {
      guard case .closure(let expression, let outer) = argument else {
        report(scope, callee.span) { .notAValue("a set of activities", at: $0) }
        return nil
      }
      return callParameter(name, expression, outer, arguments, at: span, scope, context)
    }
    return call(name, arguments, at: span, calleeSpan: callee.span, scope, context)
  }

  /// The first word behind a point that is a verb: `lq(by:state).groupby("state").sum()`.
  private func verbAfterDot(_ callee: Expression) -> (Name, [String])? {
    guard case .access(let base, let name) = callee.kind else { return nil }
    if case .call(let inner, _) = base.kind, let found = verbAfterDot(inner) { return found }
    if let verbs = Self.verbs(meantBy: name.text) { return (name, verbs) }
    let isGrouping = ["groupby", "group by"].contains(fold(name.text))
    return isGrouping || ForeignVerbs.advice[fold(name.text)] != nil ? (name, ["summarize"]) : nil
  }

  /// `of(year:start)`: the measure passed as `of`, at changed coordinates.
  private func callParameter(
    _ name: String, _ bound: Expression, _ outer: Scope, _ arguments: [Argument], at span: TextSpan, _ scope: Scope,
    _ context: Context
  ) -> TypedExpression? {
    var inner = context
    var rest: [Argument] = []
    for argument in arguments where !overrideCoordinate(argument, scope, &inner) { rest.append(argument) }
    for argument in rest {
      report(scope, argument.span) { .unknownSlot(argument.labelText, of: name, slots: Self.coordinateSlots, at: $0) }
      return nil
    }
    return expression(bound, outer, inner)
  }

  private func call(
    _ name: String, _ arguments: [Argument], at span: TextSpan, calleeSpan: TextSpan? = nil, _ scope: Scope,
    _ context: Context
  ) -> TypedExpression? {
    if let definition = scope.environment.definition(name) {
      return call(definition, arguments, at: span, scope, context)
    }
    if let measure = catalog.measure(named: name) {
      return cell(measure, arguments, at: span, scope, context)
    }
    let key = fold(name)
    if let aggregate = Aggregate.allCases.first(where: { fold($0.name) == key }),
      aggregate == .quantile(0.5) || !(arguments.count > 1 && arguments.allSatisfy(\.isPositional))
    {
      return self.aggregate(aggregate, arguments, at: span, scope, context)
    }
    if let function = ScalarFunction(rawValue: key) { return scalar(function, arguments, at: span, scope, context) }
    if key == "fill" { return fill(arguments, at: span, scope, context) }
    if key == "years" {
      let context = context
      if let range = context.range {
        return TypedExpression(.number(Double(range.count - 1)), .number(.ratio), span)
      }
      noteGrowth(context, at: scope.callSite ?? span)
      return TypedExpression(.yearCount, .number(.ratio), span)
    }
    if Level(word: name) != nil {
      report(scope, calleeSpan ?? span) { .levelAsValue(name, at: $0) }
      return nil
    }
    switch key {
    case "traded", "local":
      if arguments.isEmpty { return TypedExpression(.activityKind(key), .truth, span) }
    case "estimate": return estimate(arguments, at: span, scope, context)
    case "convert": return convert(arguments, at: span, scope, context)
    case "bounds":
      report(scope, span) { .boundsAsValue(scope.source.slice(span), at: $0) }
      return nil
    case "columns":
      report(scope, span) { .severalColumns("columns", at: $0) }
      return nil
    default: break
    }
    unknownName(name, at: calleeSpan ?? span, scope, context)
    return nil
  }

  /// Functions and aggregates of the core, for help.
  package static let functionNames: [String] =
    ScalarFunction.allCases.map(\.rawValue)
    + Aggregate.allCases.map(\.name).filter { !["min", "max", "quantile"].contains($0) }

  // MARK: - Definitions

  private func call(
    _ definition: Definition, _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    if kernelName(of: definition) != nil {
      let name = definition.statement.name.text
      return kernelColumns(definition, named: name, arguments, at: span, scope, context)?.first?.expression
    }
    guard case .query(let body) = definition.statement.body, body.stages.isEmpty else {
      report(scope, span) {
        .verbAsMeasure(definition.statement.name.text, example: definition.firstExample, at: $0)
      }
      return nil
    }
    guard let (inner, coordinates) = bind(definition, arguments, at: span, scope, context) else { return nil }
    guard enterDefinition(scope, span) else { return nil }
    measureNames.append(definition.statement.name.text)
    defer {
      definitionDepth -= 1
      measureNames.removeLast()
    }
    if Self.isColumns(body.source) {
      report(scope, span) { .severalColumns(definition.statement.name.text, at: $0) }
      return nil
    }
    guard var typed = expression(body.source, inner, coordinates) else { return nil }
    if let kind = definition.statement.kind { typed = cast(typed, to: kind, inner) ?? typed }
    return typed
  }

  func enterDefinition(_ scope: Scope, _ span: TextSpan) -> Bool {
    if definitionDepth >= Self.definitionDepthLimit {
      report(scope, span) { .definitionsTooDeep(limit: Self.definitionDepthLimit, at: $0) }
      return false
    }
    definitionDepth += 1
    return true
  }

  /// `def growth(…): percent`: the declared kind of a number. A count without a unit is a plain number as it is.
  func cast(_ typed: TypedExpression, to kind: Name, _ scope: Scope) -> TypedExpression? {
    guard case .number = typed.type else { return nil }
    var cast = typed
    switch kind.text {
    case "percent": cast.type = .number(.percent)
    case "number": if cast.type != .number(.count(unit: "")) { cast.type = .number(.ratio) }
    default: return nil
    }
    return cast
  }

  /// Parameters of `definition` bound to `arguments`, and the coordinates that its body is evaluated at.
  func bind(
    _ definition: Definition, _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> (Scope, Context)? {
    let statement = definition.statement
    let callSite = callSite(of: definition.source, usedAt: span, scope)
    var parameters = Scope.Arguments()
    var inner = context
    var failed = false
    for (position, argument) in arguments.enumerated() {
      if case .slot(let slot) = argument.label {
        if let parameter = statement.parameters.first(where: { fold($0.name.text) == fold(slot.text) }) {
          parameters[fold(parameter.name.text)] = .closure(argument.value, scope)
        } else if !overrideCoordinate(argument, scope, &inner) {
          let own = statement.parameters.map(\.name.text)
          let shared = Self.coordinateSlots.filter { slot in slot != "over" && !own.contains(slot) }
          report(scope, slot.span) {
            .unknownSlot(slot.text, of: statement.name.text, slots: own + shared, at: $0)
          }
          failed = true
        }
      } else if case .name(let name) = argument.label {
        report(scope, argument.span) { .nameForSlot(name, value: scope.source.slice(argument.value.span), at: $0) }
        failed = true
      } else if position == 0, let first = statement.parameters.first, first.kind == nil,
        case .name(let usual)? = first.defaultValue?.kind, catalog.measure(named: usual) != nil,
        case .string = argument.value.kind
      {
        // `lq("Ohio")`: the first value is what is measured.
        report(scope, argument.span) {
          .valueWithoutName(of: statement.name.text, blank: blank(for: argument.value, scope), at: $0)
        }
        failed = true
      } else if position == 0, let first = statement.parameters.first {
        parameters[fold(first.name.text)] = .closure(argument.value, scope)
      } else {
        report(scope, argument.span) {
          .unnamedArgument(
            of: statement.name.text, slots: statement.parameters.map(\.name.text), tableSlots: ["by", "in", "year"],
            at: $0)
        }
        failed = true
      }
    }
    if failed { return nil }
    for parameter in statement.parameters {
      guard case .closure(let value, let outer)? = parameters[fold(parameter.name.text)] else { continue }
      if !checkKind(value, for: parameter, outer) { return nil }
    }
    for parameter in statement.parameters where parameter.kind?.text == "text" {
      guard case .closure(let value, let outer)? = parameters[fold(parameter.name.text)] else { continue }
      let text = asText(value, outer)
      parameters[fold(parameter.name.text)] = .closure(text, outer)
      let (word, place) = given(text, outer)
      if !checkWord(word, for: parameter, of: definition, place) { return nil }
    }
    for parameter in statement.parameters where parameters[fold(parameter.name.text)] == nil {
      if fold(parameter.name.text) == "among", let among = context.among {
        parameters["among"] = .activities(among)
      } else if let value = parameter.defaultValue {
        // A default may name the parameters before it: `ref = of`.
        let defaults = Scope(
          environment: definition.environment, source: definition.source, parameters: parameters, callSite: callSite)
        parameters[fold(parameter.name.text)] = .closure(value, defaults)
      } else {
        report(scope, span) { .missingArgument(parameter.name.text, of: statement.name.text, at: $0) }
        return nil
      }
    }
    return (
      Scope(environment: definition.environment, source: definition.source, parameters: parameters, callSite: callSite),
      inner
    )
  }

  // MARK: - Base measures

  private func cell(
    _ measure: Measure, _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    var inner = context
    for argument in arguments where !overrideCoordinate(argument, scope, &inner) {
      if argument.isPositional {
        report(scope, argument.span) {
          .valueWithoutName(
            of: measure.name, blank: blank(for: argument.value, scope), help: conditionHelp(argument.value, scope),
            at: $0)
        }
      } else {
        unknownSlot(argument, of: measure.name, slots: Self.coordinateSlots, scope)
      }
      return nil
    }
    let frame = context.frame
    let place = scope.callSite ?? span
    guard addsUp(measure, inner, at: span, scope) else { return nil }
    if inner.period == .row, inner.spansYears || (frame.spansYears && inner.range == nil) {
      let years = inner.range ?? frame.years?.value ?? 0...0
      if measure.additive.contains(.period) {
        return sum(of: measure, over: Period.codes(in: years), inner, at: span, scope)
      }
      // The range itself is the mistake; it is the table's, or stands in the call.
      let range = arguments.first { $0.slotName == "year" }?.value.span
      let place = range ?? (inner.range == nil ? frame.years?.span : nil)
      // The range of the table stands in the text itself, wherever the measure does.
      let isHere = scope.callSite == nil || range == nil
      let isWritten = isHere && place.map { source.slice($0).contains("..") } ?? false
      let diagnostic = Diagnostic.notAdditiveOverTime(
        measure.name, years: years, range: isWritten ? place : nil, hasRows: !frame.levels.isEmpty,
        at: place ?? scope.callSite ?? span)
      mistakeCount += 1
      if !diagnostics.contains(where: { $0.code == diagnostic.code && $0.span == diagnostic.span }) {
        report(diagnostic)
      }
      return nil
    }
    frame.measures.append(.init(value: measure.name, span: place))
    if case .fixed = inner.period {} else { frame.usesYearOfTable = true }
    if inner.activity != .set(.all) { frame.splitMeasures.insert(measure.name) }
    if case .base = inner.region { frame.usesBase = true }
    if case .set(let set) = inner.activity { frame.noteActivities(set, at: place) }
    if case .previous = inner.period { frame.previousUse = place }
    if inner.period == .rangeStart || inner.period == .rangeEnd { noteGrowth(inner, at: place) }
    guard let quantity = quantity(of: measure, inner, at: place, scope) else { return nil }
    let cell = Cell(measure: measure.name, region: inner.region, activity: inner.activity, period: inner.period)
    return TypedExpression(.cell(cell), .number(quantity), place)
  }

  /// A flow over a range of periods is the sum over them.
  private func sum(
    of measure: Measure, over periods: [Int], _ context: Context, at span: TextSpan, _ scope: Scope
  ) -> TypedExpression? {
    var total: TypedExpression?
    for period in periods {
      var inner = context
      inner.period = .fixed(period)
      inner.range = nil
      inner.spansYears = false
      guard let cell = cell(measure, [], at: span, scope, inner) else { return nil }
      total = total.map { TypedExpression(.arithmetic(.add, $0, cell), cell.type, cell.span) } ?? cell
    }
    return total
  }

  /// What the numbers of `measure` are, there where they are asked for: money is each country's own.
  private func quantity(of measure: Measure, _ context: Context, at span: TextSpan, _ scope: Scope) -> Quantity? {
    let frame = context.frame
    let isSplit = frame.levels.contains { $0.dimension == .region }
    var isOneNumber = !isSplit
    let countries: [String]
    switch context.region {
    case .row, .whole: countries = rowCountries(of: frame)
    case .base(.countryOfRow): countries = rowCountries(of: frame)
    case .base(.area(let set)), .set(let set):
      countries = places.countries(of: set)
      for country in countries where !frame.otherCountries.contains(country) { frame.otherCountries.append(country) }
      isOneNumber = true
    }
    guard case .money = measure.quantity else { return measure.quantity }
    let candidates = frame.datasets.isEmpty ? catalog.datasets(publishing: measure.name) : frame.datasets.map(\.value)
    var currencies: [String] = []
    for country in countries {
      // A measure of one name may be in pesos by industry and in dollars by place: the dataset with the table's levels counts.
      let ofCountry = candidates.filter { $0.answers(country) && $0.publishes(measure.name) }
      guard let dataset = ofCountry.first(where: { hasLevels($0, frame, country) }) ?? ofCountry.first,
        case .money(let currency)? = dataset.measure(named: measure.name)?.priced, !currencies.contains(currency)
      else { continue }
      currencies.append(currency)
    }
    guard let first = currencies.first else { return measure.priced }
    if currencies.count > 1, isOneNumber {
      report(scope, span) { .currenciesAddedUp(measure.name, currencies, at: $0) }
      return nil
    }
    return currencies.count == 1 ? .money(currency: first) : .money(currency: currencies.joined(separator: "/"))
  }

  /// A measure such as a published location quotient has a value at each member, none for several at once.
  private func addsUp(_ measure: Measure, _ context: Context, at span: TextSpan, _ scope: Scope) -> Bool {
    let frame = context.frame
    if !measure.additive.contains(.activity) {
      let isSplit = frame.levels.contains { $0.dimension == .activity }
      let set: ActivitySet? = if case .set(let set) = context.activity { set } else { isSplit ? nil : frame.activities }
      if let set, set.isSeveral {
        report(scope, span) { .doesNotAddUp(measure.name, over: set.name, level: "cluster", at: $0) }
        return false
      }
    }
    if !measure.additive.contains(.region) {
      let isSplit = frame.levels.contains { $0.dimension == .region }
      let set: RegionSet? =
        switch context.region {
        case .set(let set): set
        case .base, .whole: nil
        case .row: isSplit ? nil : frame.regions ?? frame.area
        }
      if let set, set.members.count > 1 {
        report(scope, span) { .doesNotAddUp(measure.name, over: set.name, level: "state", at: $0) }
        return false
      }
    }
    return true
  }

  func noteGrowth(_ context: Context, at span: TextSpan) {
    if context.frame.defaultRangeUse == nil { context.frame.defaultRangeUse = span }
  }

  // MARK: - Functions of the core

  private func scalar(
    _ function: ScalarFunction, _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    guard function.arity.contains(arguments.count), arguments.allSatisfy(\.isPositional) else {
      report(scope, span) { .wrongArity(function.rawValue, takes: function.arity, found: arguments.count, at: $0) }
      return nil
    }
    var typed: [TypedExpression] = []
    for argument in arguments {
      if let value = number(argument.value, scope, context) { typed.append(value) }
    }
    guard typed.count == arguments.count, let first = typed.first else { return nil }
    let type: ValueType =
      switch function {
      case .abs, .round, .min, .max, .mod: first.type
      case .ln, .exp, .sqrt: .number(.ratio)
      }
    return TypedExpression(.function(function, typed), type, scope.callSite ?? span)
  }

  /// `fill(x, 0)` is `x ?? 0` for those who think of it as a function.
  private func fill(
    _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    guard arguments.count == 2, arguments.allSatisfy(\.isPositional) else {
      report(scope, span) { .wrongArity("fill", takes: 2...2, found: arguments.count, at: $0) }
      return nil
    }
    let (left, right) = (number(arguments[0].value, scope, context), number(arguments[1].value, scope, context))
    guard let left, let right else { return nil }
    return TypedExpression(.coalesce(left, right), left.type, span)
  }

  /// `sum(x, over:cluster)` inside a measure, `sum(x)` or `sum(x, by:state)` over the rows of a table.
  private func aggregate(
    _ aggregate: Aggregate, _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    var aggregate = aggregate
    var value: Expression?
    var over: Expression?
    var by: Expression?
    var part: Expression?
    for argument in arguments {
      switch (argument.label, argument.slotName) {
      case (.none, _) where value == nil: value = argument.value
      case (.none, _) where part == nil && aggregate == .quantile(0.5): part = argument.value
      case (.slot, "over"): over = argument.value
      case (.slot, "by"): by = argument.value
      default:
        report(scope, argument.span) {
          .unknownSlot(argument.labelText, of: aggregate.name, slots: ["over", "by"], at: $0)
        }
        return nil
      }
    }
    guard let value else {
      report(scope, span) { .wrongArity(aggregate.name, takes: 1...1, found: 0, at: $0) }
      return nil
    }
    if aggregate == .quantile(0.5) {
      guard let fraction = quantileFraction(part, at: span, scope, context) else { return nil }
      aggregate = .quantile(fraction)
    }
    let place = scope.callSite ?? span
    if let over {
      guard let level = level(over, scope) else { return nil }
      guard aggregate.worksOver else {
        report(scope, over.span) { .cannotGoOver(aggregate.name, level.rawValue, at: $0) }
        return nil
      }
      guard goesOver(level, aggregate.name, over.span, scope, context) else { return nil }
      guard let typed = number(value, scope, context) else { return nil }
      let type: ValueType = aggregate.isCount ? .number(.count(unit: "")) : typed.type
      return TypedExpression(.over(aggregate, typed, level: level), type, place)
    }
    guard scope.seesColumns else {
      report(scope, span) { .needsOver(aggregate.name, at: $0) }
      return nil
    }
    let counted = aggregate == .count ? countedColumn(value, context) : nil
    guard let typed = counted ?? number(value, scope, context) else { return nil }
    let groups = by.map { groupColumns($0, scope, context) } ?? context.frame.rowGroups ?? []
    guard let groups else { return nil }
    if aggregate == .sum, groups.isEmpty { compareTotal(of: typed, context.frame) }
    let type: ValueType = aggregate.isCount ? .number(.count(unit: "")) : typed.type
    return TypedExpression(.ofRows(aggregate, typed, groupedBy: groups), type, place)
  }

  /// The second value of `quantile(x, 0.9)`: a number or a percent from 0 to 1.
  private func quantileFraction(
    _ part: Expression?, at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> Double? {
    guard let part else {
      report(scope, span) { .wrongArity("quantile", takes: 2...2, found: 1, at: $0) }
      return nil
    }
    guard let typed = number(part, scope, context) else { return nil }
    if isOnTrust(part, scope) { return 0.5 }
    guard let value = typed.literal, (0...1).contains(value) else {
      report(scope, part.span) { .wrongQuantile(typed.literal, at: $0) }
      return nil
    }
    return value
  }

  /// `count(name)` of a column without numbers: 1 in every row that has a text.
  private func countedColumn(_ value: Expression, _ context: Context) -> TypedExpression? {
    guard case .name(let name) = value.kind, let column = context.frame.visible.column(named: name),
      !column.type.isNumber
    else { return nil }
    func typed(_ kind: TypedExpression.Kind, _ type: ValueType) -> TypedExpression {
      TypedExpression(kind, type, value.span)
    }
    let number = ValueType.number(.count(unit: ""))
    let one = typed(.number(1), number)
    guard column.type == .text else { return one }
    let isBlank = typed(.isText(typed(.column(column.column), .text), [""]), .truth)
    return typed(.conditional(isBlank, typed(.absent(.missing), number), one), number)
  }

  /// Columns named in `by:` of an aggregate over rows.
  func groupColumns(_ expression: Expression, _ scope: Scope, _ context: Context) -> [Int]? {
    let items: [Expression]
    if case .list(let list) = expression.kind { items = list } else { items = [expression] }
    var columns: [Int] = []
    for written in items {
      let (item, scope) = given(written, scope)
      if case .unreadable = item.kind { return nil }
      guard case .name(let name) = item.kind,
        let column = context.frame.visible.column(named: name)
      else {
        let names = context.frame.visible.map(\.name)
        let text = scope.source.slice(item.span)
        if isExcused(text, context.frame) { return nil }
        report(scope, item.span) {
          .unknownColumn(text, columns: names, suggestions: suggestions(for: text, among: names), at: $0)
        }
        return nil
      }
      columns.append(column.column)
    }
    return columns
  }

  /// What a caller gave for a parameter that stands for a column, and where it was written; any other expression as it is.
  func given(_ expression: Expression, _ scope: Scope) -> (Expression, Scope) {
    guard case .name(let name) = expression.kind, case .closure(let value, let outer)? = scope.parameter(name) else {
      return (expression, scope)
    }
    return given(value, outer)
  }
}

extension Argument {
  var isPositional: Bool {
    if case .none = label { return true }
    return false
  }

  /// Folded name of the slot with `_` for a space, nil for other arguments.
  var slotName: String? {
    guard case .slot(let name) = label else { return nil }
    let folded = fold(name.text)
    if !folded.utf8.contains(UInt8(ascii: " ")) { return folded }
    return String(decoding: folded.utf8.map { $0 == UInt8(ascii: " ") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }

  var labelText: String {
    switch label {
    case .slot(let name), .name(let name): name.text
    case .none: "a second unnamed value"
    }
  }
}
