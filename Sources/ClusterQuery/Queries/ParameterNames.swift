internal import CQSyntax

/// Finds the `$names` of a program.
enum ParameterNames {
  static func names(in program: Program) -> [String] {
    var names: [String] = []
    for statement in program.statements {
      switch statement.kind {
      case .use: break
      case .binding(let binding): visit(binding.value, &names)
      case .definition(let definition):
        switch definition.body {
        case .query(let query): visit(query, &names)
        case .fragment(let stages): for stage in stages { visit(stage.arguments, &names) }
        }
      case .query(let query): visit(query, &names)
      }
    }
    return names
  }

  private static func visit(_ query: Query, _ names: inout [String]) {
    visit(query.source, &names)
    for stage in query.stages { visit(stage.arguments, &names) }
  }

  private static func visit(_ arguments: [Argument], _ names: inout [String]) {
    for argument in arguments { visit(argument.value, &names) }
  }

  private static func visit(_ expression: Expression, _ names: inout [String]) {
    switch expression.kind {
    case .host(let name): if !names.contains(name) { names.append(name) }
    case .string(let segments):
      for case .interpolation(let inner) in segments { visit(inner, &names) }
    case .list(let items): for item in items { visit(item, &names) }
    case .group(let query): visit(query, &names)
    case .call(let callee, let arguments):
      visit(callee, &names)
      visit(arguments, &names)
    case .access(let inner, _), .negate(let inner), .not(let inner), .isState(let inner, _, _): visit(inner, &names)
    case .binary(_, let lhs, let rhs, _), .coalesce(let lhs, let rhs), .contains(let lhs, _, let rhs):
      visit(lhs, &names)
      visit(rhs, &names)
    case .range(let low, let high):
      if let low { visit(low, &names) }
      if let high { visit(high, &names) }
    case .conditional(let condition, let then, let otherwise):
      for part in [condition, then, otherwise] { visit(part, &names) }
    case .number, .percent, .period, .name, .lastResult, .all, .truth, .missing, .withheld, .unreadable: break
    }
  }
}
