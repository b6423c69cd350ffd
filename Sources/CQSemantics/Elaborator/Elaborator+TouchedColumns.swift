import CQCatalog
import CQColumns
import CQSyntax

// Which columns of a file a pipeline needs: the others are not read.

extension Elaborator {
  /// Names that a pipeline over a file mentions before it keeps nothing but what it has mentioned, folded.
  ///
  /// - Returns: nil where every column may be needed: nothing narrows the table, or a name stands for more than itself.
  func touchedColumns(_ stages: [ScopedStage]) -> Set<String>? {
    var names: Set<String> = []
    for scoped in stages {
      let stage = scoped.stage
      switch fold(stage.verb.text) {
      case "where", "derive", "rename", "first", "note": break
      // Without a key the first column of numbers is taken.
      case "top", "bottom": if !stage.arguments.contains(where: { $0.slotName == "by" }) { return nil }
      case "sort", "rank", "share": if stage.arguments.isEmpty { return nil }
      case "summarize", "select":
        guard mention(stage.arguments, scoped.scope, &names), !names.isEmpty else { return nil }
        return names
      default: return nil
      }
      guard mention(stage.arguments, scoped.scope, &names) else { return nil }
    }
    return nil
  }

  /// Whether every row of the source is a row of the result.
  func keepsAllRows(_ stages: [ScopedStage]) -> Bool {
    let keeping: Set<String> = [
      "append", "chart", "derive", "drop", "map", "note", "rank", "rename", "save", "select", "share", "sort",
      "unpivot",
    ]
    return stages.allSatisfy { keeping.contains(fold($0.stage.verb.text)) }
  }

  private func mention(_ arguments: [Argument], _ scope: Scope, _ names: inout Set<String>) -> Bool {
    for argument in arguments where !mention(argument.value, scope, &names) { return false }
    return true
  }

  private func mention(_ expression: Expression, _ scope: Scope, _ names: inout Set<String>) -> Bool {
    switch expression.kind {
    case .number, .percent, .period, .all, .truth, .missing, .withheld: return true
    case .name(let name):
      guard scope.parameter(name) == nil, scope.environment.binding(name) == nil,
        scope.environment.definition(name) == nil
      else { return false }
      names.insert(fold(name))
      return true
    case .string(let segments):
      return segments.allSatisfy { if case .text = $0 { true } else { false } }
    case .list(let items):
      for item in items where !mention(item, scope, &names) { return false }
      return true
    case .call(let callee, let arguments):
      return mention(callee, scope, &names) && mention(arguments, scope, &names)
    case .negate(let operand), .not(let operand), .isState(let operand, _, _):
      return mention(operand, scope, &names)
    case .binary(_, let lhs, let rhs, _), .coalesce(let lhs, let rhs), .contains(let lhs, _, let rhs):
      return mention(lhs, scope, &names) && mention(rhs, scope, &names)
    case .range(let lower, let upper):
      for end in [lower, upper].compactMap({ $0 }) where !mention(end, scope, &names) { return false }
      return true
    case .conditional(let condition, let then, let otherwise):
      return mention(condition, scope, &names) && mention(then, scope, &names) && mention(otherwise, scope, &names)
    case .host, .lastResult, .group, .access, .unreadable: return false
    }
  }
}
