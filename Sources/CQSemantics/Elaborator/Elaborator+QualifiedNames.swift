import CQCatalog
import CQColumns
import CQSource
import CQSyntax

// `m.peers`: a name behind the name of a module is one name to everything that follows.

extension Elaborator {
  /// `statement` with each `m.name` as one name, where `m` is a module; a name that the module lacks is reported.
  func qualified(_ statement: Statement) -> Statement {
    if environment.modules.isEmpty { return statement }
    var result = statement
    switch statement.kind {
    case .use: break
    case .binding(var binding):
      binding.value = qualified(binding.value)
      result.kind = .binding(binding)
    case .definition(var definition):
      for index in definition.parameters.indices {
        definition.parameters[index].defaultValue = definition.parameters[index].defaultValue.map { qualified($0) }
      }
      switch definition.body {
      case .query(let query): definition.body = .query(qualified(query))
      case .fragment(let stages): definition.body = .fragment(stages.map { qualified($0) })
      }
      result.kind = .definition(definition)
    case .query(let query): result.kind = .query(qualified(query))
    }
    return result
  }

  private func qualified(_ query: Query) -> Query {
    Query(source: qualified(query.source), stages: query.stages.map { qualified($0) }, span: query.span)
  }

  private func qualified(_ stage: Stage) -> Stage {
    var result = stage
    result.arguments = stage.arguments.map { qualified($0) }
    let parts = stage.verb.text.split(separator: ".", maxSplits: 1).map(String.init)
    if parts.count == 2, let module = environment.modules[fold(parts[0])] {
      _ = known(Name(text: parts[1], span: stage.verb.span), in: module)
    }
    return result
  }

  private func qualified(_ argument: Argument) -> Argument {
    var result = argument
    result.value = qualified(argument.value)
    return result
  }

  private func qualified(_ expression: Expression) -> Expression {
    var result = expression
    switch expression.kind {
    case .access(let inner, let part):
      if case .name(let alias) = inner.kind, let module = environment.modules[fold(alias)] {
        result.kind = known(part, in: module) ? .name(module.alias + "." + part.text) : .unreadable
      } else {
        result.kind = .access(qualified(inner), part)
      }
    case .name(let name):
      if let module = environment.modules[fold(name)], environment.definition(name) == nil,
        environment.binding(name) == nil, catalog.measure(named: name) == nil
      {
        report(.moduleAsValue(module.alias, names: module.names, at: expression.span))
        result.kind = .unreadable
      }
    case .string(let segments):
      result.kind = .string(
        segments.map { segment in
          if case .interpolation(let inner) = segment { return .interpolation(qualified(inner)) }
          return segment
        })
    case .list(let items): result.kind = .list(items.map { qualified($0) })
    case .group(let query): result.kind = .group(qualified(query))
    case .call(let callee, let arguments):
      let isAccess = if case .access = callee.kind { true } else { false }
      result.kind = .call(callee: isAccess ? qualified(callee) : callee, arguments: arguments.map { qualified($0) })
    case .negate(let inner): result.kind = .negate(qualified(inner))
    case .not(let inner): result.kind = .not(qualified(inner))
    case .isState(let inner, let negated, let test): result.kind = .isState(qualified(inner), negated: negated, test)
    case .binary(let operation, let lhs, let rhs, let place):
      result.kind = .binary(operation, qualified(lhs), qualified(rhs), operatorSpan: place)
    case .coalesce(let lhs, let rhs): result.kind = .coalesce(qualified(lhs), qualified(rhs))
    case .contains(let lhs, let negated, let rhs):
      result.kind = .contains(qualified(lhs), negated: negated, qualified(rhs))
    case .range(let low, let high): result.kind = .range(low.map { qualified($0) }, high.map { qualified($0) })
    case .conditional(let test, let then, let otherwise):
      result.kind = .conditional(condition: qualified(test), then: qualified(then), otherwise: qualified(otherwise))
    case .number, .percent, .period, .host, .lastResult, .all, .truth, .missing, .withheld, .unreadable: break
    }
    return result
  }

  private func known(_ name: Name, in module: Module) -> Bool {
    if module.names.contains(where: { fold($0) == fold(name.text) }) { return true }
    let close = suggestions(for: name.text, among: module.names)
    report(.notInModule(name.text, module.path, names: module.names, suggestions: close, at: name.span))
    return false
  }
}
