import CQSource

extension Lowering {
  mutating func expression(_ node: SyntaxNode) -> Expression {
    Expression(kind: expressionKind(node) ?? .unreadable, span: node.span)
  }

  private mutating func expressionKind(_ node: SyntaxNode) -> Expression.Kind? {
    switch node.kind {
    case .literal: return node.firstToken.flatMap { literal($0) }
    case .number: return number(node)
    case .name: return node.firstToken.map { .name(name($0).text) }
    case .text: return .string(segments(node))
    case .list: return .list(node.nodes.map { expression($0) })
    case .group: return node.nodes.first { $0.kind == .query }.map { .group(query($0)) }
    case .call: return call(node)
    case .access:
      guard let value = node.firstNode else { return nil }
      guard let name = node.tokens.first(where: { $0.kind.isName }) else { return nil }
      return .access(expression(value), self.name(name))
    case .negation: return operands(node).first.map { .negate($0) }
    case .logicalNot: return operands(node).first.map { .not($0) }
    case .binary: return binary(node)
    case .range: return range(node)
    case .coalesce: return pair(node).map { .coalesce($0, $1) }
    case .membership:
      let isNegated = node.tokens.contains { $0.kind == .not }
      return pair(node).map { .contains($0, negated: isNegated, $1) }
    case .stateTest: return stateTest(node)
    case .conditional:
      let parts = operands(node)
      guard parts.count == 3 else { return nil }
      return .conditional(condition: parts[0], then: parts[1], otherwise: parts[2])
    default: return nil
    }
  }

  private mutating func operands(_ node: SyntaxNode) -> [Expression] {
    node.nodes.map { expression($0) }
  }

  private mutating func pair(_ node: SyntaxNode) -> (Expression, Expression)? {
    var first: Expression?
    var second: Expression?
    for child in node.nodes {
      if second != nil { return nil }
      if first == nil { first = expression(child) } else { second = expression(child) }
    }
    if let first, let second { return (first, second) }
    return nil
  }

  private mutating func binary(_ node: SyntaxNode) -> Expression.Kind? {
    guard let (lhs, rhs) = pair(node), let token = node.tokens.first(where: { _ in true }),
      let binaryOperator = token.kind.binaryOperator
    else { return nil }
    return .binary(binaryOperator, lhs, rhs, operatorSpan: token.span)
  }

  /// The bounds stand before and after the `..`; either may be open.
  private mutating func range(_ node: SyntaxNode) -> Expression.Kind? {
    var lower: Expression?
    var upper: Expression?
    var isPastOperator = false
    for child in node.children {
      switch child {
      case .token: isPastOperator = true
      case .node(let bound):
        if isPastOperator { upper = expression(bound) } else { lower = expression(bound) }
      }
    }
    return .range(lower, upper)
  }

  private mutating func stateTest(_ node: SyntaxNode) -> Expression.Kind? {
    let parts = Array(node.nodes)
    guard parts.count == 2, parts[1].kind == .literal, let word = parts[1].firstToken else { return nil }
    let test = Expression.StateTest(rawValue: text(word).lowercased()) ?? .missing
    return .isState(expression(parts[0]), negated: node.tokens.contains { $0.kind == .not }, test)
  }

  /// A call, or `lq(…) by state`, whose slots belong to the call before them.
  private mutating func call(_ node: SyntaxNode) -> Expression.Kind? {
    guard let calleeNode = node.firstNode else { return nil }
    let callee = expression(calleeNode)
    let own = arguments(node)
    if case .call(let inner, let arguments) = callee.kind { return .call(callee: inner, arguments: arguments + own) }
    return .call(callee: callee, arguments: own)
  }
}

extension TokenKind {
  /// The operator between two operands that this token writes; a lone `=` compares.
  fileprivate var binaryOperator: BinaryOperator? {
    switch self {
    case .plus: .add
    case .minus: .subtract
    case .times: .multiply
    case .divide: .divide
    case .power: .power
    case .equal, .assign: .equal
    case .notEqual: .notEqual
    case .less: .less
    case .lessOrEqual: .lessOrEqual
    case .greater: .greater
    case .greaterOrEqual: .greaterOrEqual
    case .and: .and
    case .or: .or
    default: nil
    }
  }
}
