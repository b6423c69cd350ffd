import CQColumns
import CQSource

extension TypedExpression {
  /// A copy in which `replacement` stands for each part that it gives one for, from the outside in.
  ///
  /// The columns of `columns(…)` are left alone: they are measures, shared by identity.
  func replacing(_ replacement: (TypedExpression) -> TypedExpression?) -> TypedExpression {
    if let replaced = replacement(self) { return replaced }
    var result = self
    func inner(_ operand: TypedExpression) -> TypedExpression { operand.replacing(replacement) }
    switch kind {
    case .number, .text, .truth, .absent, .cell, .yearCount, .column, .isMember, .listwise, .exchangeRate, .kernel,
      .activityKind:
      break
    case .kernelOfRows(let call, let column, let groups):
      result.kind = .kernelOfRows(
        call.with(call.operands.map { inner($0.expression) }), column: column, groupedBy: groups)
    case .arithmetic(let operation, let lhs, let rhs): result.kind = .arithmetic(operation, inner(lhs), inner(rhs))
    case .negate(let operand): result.kind = .negate(inner(operand))
    case .compare(let operation, let lhs, let rhs): result.kind = .compare(operation, inner(lhs), inner(rhs))
    case .both(let lhs, let rhs): result.kind = .both(inner(lhs), inner(rhs))
    case .either(let lhs, let rhs): result.kind = .either(inner(lhs), inner(rhs))
    case .not(let operand): result.kind = .not(inner(operand))
    case .isState(let operand, let state): result.kind = .isState(inner(operand), state)
    case .isText(let operand, let texts): result.kind = .isText(inner(operand), texts)
    case .conditional(let test, let then, let otherwise):
      result.kind = .conditional(inner(test), inner(then), inner(otherwise))
    case .coalesce(let lhs, let rhs): result.kind = .coalesce(inner(lhs), inner(rhs))
    case .function(let function, let operands): result.kind = .function(function, operands.map(inner))
    case .over(let aggregate, let operand, let level): result.kind = .over(aggregate, inner(operand), level: level)
    case .ofRows(let aggregate, let operand, let groups):
      result.kind = .ofRows(aggregate, inner(operand), groupedBy: groups)
    case .bounds(let operand, let isHigh): result.kind = .bounds(inner(operand), isHigh: isHigh)
    case .midpoint(let operand): result.kind = .midpoint(inner(operand))
    }
    return result
  }

  /// The parts right below this one.
  var parts: [TypedExpression] {
    switch kind {
    case .number, .text, .truth, .absent, .cell, .yearCount, .column, .isMember, .exchangeRate, .activityKind: []
    case .listwise(let columns, _): columns.columns
    case .kernel(let call, _), .kernelOfRows(let call, _, _): call.operands.map(\.expression)
    case .negate(let operand), .not(let operand), .isState(let operand, _), .isText(let operand, _),
      .over(_, let operand, _), .ofRows(_, let operand, _), .bounds(let operand, _), .midpoint(let operand):
      [operand]
    case .arithmetic(_, let lhs, let rhs), .compare(_, let lhs, let rhs), .both(let lhs, let rhs),
      .either(let lhs, let rhs), .coalesce(let lhs, let rhs):
      [lhs, rhs]
    case .conditional(let test, let then, let otherwise): [test, then, otherwise]
    case .function(_, let operands): operands
    }
  }
}

extension TypedExpression {
  /// Whether a part of it is `… is withheld`.
  package var asksForWithheld: Bool {
    if case .isState(_, .withheld) = kind { return true }
    return parts.contains { $0.asksForWithheld }
  }
}
