import CQCatalog
import CQColumns
import CQMethods
import CQSource
import CQSyntax

// `bounds` and `estimate`: what is known about a number that is not published.

extension Elaborator {
  /// `bounds(x).low`, `bounds(x).high`, and the columns of what gives several: `moran(gdp).p`.
  func access(_ value: Expression, _ part: Name, _ scope: Scope, _ context: Context) -> TypedExpression? {
    if case .name("core") = value.kind {
      let close = suggestions(for: part.text, among: KernelRegistry.names)
      report(scope, part.span) { .unknownKernel(part.text, suggestions: close, at: $0) }
      return nil
    }
    if let columns = severalColumns(value, scope, context) {
      guard let found = columns.first(where: { fold($0.name) == fold(part.text) }) else {
        if columns.isEmpty { return nil }
        let names = columns.map(\.name)
        report(scope, part.span) {
          .unknownPart(
            part.text, of: names[0], parts: names, suggestions: suggestions(for: part.text, among: names), at: $0)
        }
        return nil
      }
      return found.expression
    }
    guard let arguments = boundsArguments(value, scope) else {
      if case .unreadable = value.kind { return nil }
      let text = scope.source.slice(value.span)
      report(scope, part.span) { .noParts(text, part: part.text, at: $0) }
      return nil
    }
    let ends = ["low", "high"]
    guard let end = ends.firstIndex(of: fold(part.text)) else {
      report(scope, part.span) { .unknownEnd(part.text, suggestions: suggestions(for: part.text, among: ends), at: $0) }
      return nil
    }
    return bounded(arguments, at: value.span, scope, context).map {
      TypedExpression(.bounds($0, isHigh: end == 1), $0.type, scope.callSite ?? value.span)
    }
  }

  /// The columns of an indicator that gives several; empty when a diagnostic was given, nil for anything else.
  private func severalColumns(_ value: Expression, _ scope: Scope, _ context: Context) -> [SourceColumn]? {
    let name: String
    switch value.kind {
    case .name(let called): name = called
    case .call(let callee, _):
      guard case .name(let called) = callee.kind else { return nil }
      name = called
    default: return nil
    }
    guard scope.parameter(name) == nil, let definition = scope.environment.definition(name),
      givesSeveral(definition)
    else { return nil }
    var call = value
    if case .name = value.kind { call.kind = .call(callee: value, arguments: []) }
    let query = Query(source: call, stages: [], span: value.span)
    return measureColumns(query, named: definition.statement.name.text, scope, context) ?? []
  }

  /// Whether the body of a definition is `columns(…)`, or a kernel of several columns.
  func givesSeveral(_ definition: Definition) -> Bool {
    if let kernel = kernelName(of: definition) { return KernelRegistry.kernel(kernel.text)?.columns.count ?? 0 > 1 }
    guard case .query(let body) = definition.statement.body, body.stages.isEmpty else { return false }
    return givesSeveral(body.source, definition)
  }

  /// `columns(…)`, or a choice between several.
  static func isColumns(_ body: Expression) -> Bool {
    switch body.kind {
    case .call(let callee, _): if case .name(let name) = callee.kind { fold(name) == "columns" } else { false }
    case .conditional(_, let then, let otherwise): isColumns(then) || isColumns(otherwise)
    default: false
    }
  }

  private func givesSeveral(_ body: Expression, _ definition: Definition) -> Bool {
    switch body.kind {
    case .call(let callee, _):
      guard case .name(let name) = callee.kind else { return false }
      if fold(name) == "columns" { return true }
      return definition.environment.definition(name).map { givesSeveral($0) } ?? false
    case .conditional(_, let then, let otherwise):
      return givesSeveral(then, definition) || givesSeveral(otherwise, definition)
    case .group(let query): return query.stages.isEmpty && givesSeveral(query.source, definition)
    default: return false
    }
  }

  /// `bounds(x)` where columns are made: two of them, named after `x` or as the query says.
  func boundsColumns(
    _ value: Expression, _ label: Argument.Label, _ scope: Scope, _ context: Context
  ) -> [SourceColumn]? {
    guard let arguments = boundsArguments(value, scope) else { return nil }
    guard let operand = bounded(arguments, at: value.span, scope, context) else { return [] }
    var name = arguments.first.map { measureName($0.value, scope) } ?? "value"
    if case .name(let given) = label { name = given.text }
    return [false, true].map { isHigh in
      SourceColumn(
        name: name + (isHigh ? "_high" : "_low"),
        expression: TypedExpression(.bounds(operand, isHigh: isHigh), operand.type, operand.span))
    }
  }

  /// The arguments of a call of the built-in `bounds`; nil when `value` is something else.
  private func boundsArguments(_ value: Expression, _ scope: Scope) -> [Argument]? {
    guard case .call(let callee, let arguments) = value.kind, case .name(let name) = callee.kind,
      fold(name) == "bounds", scope.parameter(name) == nil, scope.environment.definition(name) == nil
    else { return nil }
    return arguments
  }

  /// The measure whose interval is asked for, with columns replaced by what they were made of.
  private func bounded(
    _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    guard arguments.count == 1, arguments[0].isPositional else {
      report(scope, span) { .wrongArity("bounds", takes: 1...1, found: arguments.count, at: $0) }
      return nil
    }
    guard let typed = number(arguments[0].value, scope, context) else { return nil }
    return boundable(typed, of: "bounds", scope, context)
  }

  private func boundable(
    _ typed: TypedExpression, of function: String, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    let whole = unfolded(typed, context.frame, depth: 0)
    guard whole.hasInterval else {
      report(scope, typed.span) { .noInterval(function, scope.source.slice(typed.span), at: $0) }
      return nil
    }
    return whole
  }

  /// `expression` with each column replaced by the measures that it was made of, where that is known.
  private func unfolded(_ expression: TypedExpression, _ builder: FrameBuilder, depth: Int) -> TypedExpression {
    guard depth < Self.definitionDepthLimit else { return expression }
    return expression.replacing { part in
      guard case .column(let column) = part.kind, let definition = builder.columnDefinitions[column] else { return nil }
      var found = unfolded(definition, builder, depth: depth + 1)
      found.span = part.span
      return found
    }
  }

  /// `estimate(x, method:"midpoint")`: the middle of the bounds where there is no number.
  func estimate(
    _ arguments: [Argument], at span: TextSpan, _ scope: Scope, _ context: Context
  ) -> TypedExpression? {
    var value: Expression?
    for argument in arguments {
      if argument.isPositional, value == nil {
        value = argument.value
      } else if argument.slotName == "method" {
        let text = text(argument.value, scope)
        guard let text else { return nil }
        guard fold(text) == "midpoint" else {
          report(scope, argument.value.span) { .unknownMethod(text, at: $0) }
          return nil
        }
      } else {
        report(scope, argument.span) {
          .unknownSlot(argument.labelText, of: "estimate", slots: ["method"], at: $0)
        }
        return nil
      }
    }
    guard let value else {
      report(scope, span) { .wrongArity("estimate", takes: 1...1, found: 0, at: $0) }
      return nil
    }
    guard let typed = number(value, scope, context),
      let whole = boundable(typed, of: "estimate", scope, context)
    else { return nil }
    return TypedExpression(.midpoint(whole), whole.type, scope.callSite ?? span)
  }
}

extension TypedExpression {
  /// Whether interval arithmetic can follow it: numbers, measures, arithmetic, monotone functions and aggregates.
  fileprivate var hasInterval: Bool {
    let isFollowed =
      switch kind {
      case .number, .absent, .cell, .yearCount, .exchangeRate, .arithmetic, .negate, .listwise: true
      case .function(let function, _): function != .mod
      case .over(let aggregate, _, _):
        switch aggregate {
        case .sum, .mean, .median, .min, .max, .quantile: true
        default: false
        }
      default: false
      }
    return isFollowed && parts.allSatisfy(\.hasInterval)
  }
}
