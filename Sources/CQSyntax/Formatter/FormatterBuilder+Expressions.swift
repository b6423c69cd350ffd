import CQSource

extension LayoutBuilder {
  /// How tightly the parts of a node hold together, loosest first.
  private enum Strength: Int, Comparable {
    case conditional, or, and, not, comparison, coalesce, range, sum, product, negation, power, atom

    static func < (lhs: Strength, rhs: Strength) -> Bool { lhs.rawValue < rhs.rawValue }
  }

  /// Where an expression stands, which decides whether brackets around it say something.
  enum Place {
    case whole
    /// A value without a label, which may name a column: `table((lq))` has the column `value`.
    case naming
    /// Before `asc` or `desc`.
    case directed
    /// Before the first `|`.
    case pipeline
    /// Between `if` and `else`.
    case branch
    /// Behind `else`.
    case otherwise
    case operand(of: SyntaxNode, isFirst: Bool)
  }

  private func strength(_ node: SyntaxNode) -> Strength {
    switch node.kind {
    case .conditional: .conditional
    case .logicalNot: .not
    case .membership, .stateTest: .comparison
    case .coalesce: .coalesce
    case .range: .range
    case .negation: .negation
    case .binary:
      switch operatorToken(node)?.kind {
      case .or: .or
      case .and: .and
      case .plus, .minus: .sum
      case .times, .divide: .product
      case .power: .power
      default: .comparison
      }
    default: .atom
    }
  }

  private func operatorToken(_ node: SyntaxNode) -> Token? { node.tokens.first { _ in true } }

  // MARK: - Brackets that say nothing

  /// What stands in brackets around one expression, through all of them; nil if there are none or a comment is inside.
  private func bare(_ node: SyntaxNode) -> SyntaxNode? {
    var inner = node
    while inner.kind == .group, !hasComment(from: inner.span.start, to: inner.span.end),
      let query = inner.firstNode, !query.nodes.contains(where: { $0.kind == .stage }), let source = query.firstNode
    {
      inner = source
    }
    return inner.span == node.span ? nil : inner
  }

  /// Whether `node` in brackets at `place` would mean something else without them, or be harder to read.
  private func needsBrackets(_ node: SyntaxNode, in group: SyntaxNode, at place: Place) -> Bool {
    let own = strength(node)
    switch place {
    case .whole: return false
    case .naming: return node.kind == .name || node.kind == .call
    // What follows would be read as the end of the open range.
    case _ where node.lastToken?.kind == .range: return true
    case .directed: return own != .atom || node.kind == .name || node.kind == .call
    case .pipeline: return own != .atom
    case .branch: return own == .conditional
    case .otherwise: return own == .conditional && hasCommentAbove(group)
    case .operand(let parent, let isFirst):
      guard own != .atom else { return false }
      if isFirst, isRepeated(node, in: parent), !hasCommentAround(group) { return false }
      switch strength(parent) {
      case .or, .and: return own < .comparison
      case .comparison: return own < .sum
      case .sum: return own < .product || own == .negation
      case .product: return own != .power
      default: return true
      }
    }
  }

  /// `(a + b) + c`: an operator that repeats and may be read in any order.
  private func isRepeated(_ node: SyntaxNode, in parent: SyntaxNode) -> Bool {
    guard node.kind == .binary, parent.kind == .binary, let sign = operatorToken(node)?.kind else { return false }
    guard sign == operatorToken(parent)?.kind else { return false }
    return sign == .or || sign == .and || sign == .plus || sign == .times
  }

  private func hasCommentAbove(_ group: SyntaxNode) -> Bool {
    guard let first = group.firstToken else { return false }
    return hasComment(from: first.leadingStart, to: first.start)
  }

  private func hasCommentAround(_ group: SyntaxNode) -> Bool {
    guard let first = group.firstToken, let last = group.lastToken else { return false }
    return hasComment(from: first.leadingStart, to: last.trailingEnd)
  }

  /// `node` without brackets that say nothing at `place`.
  mutating func operand(_ node: SyntaxNode, at place: Place) -> Layout {
    guard let inner = bare(node), let opener = node.firstToken, let closer = node.lastToken else {
      return expression(node)
    }
    if needsBrackets(inner, in: node, at: place) { return brackets(opener, expression(inner), closer) }
    return .sequence(leading(opener), expression(inner), trailing(closer))
  }

  // MARK: - Expressions

  mutating func expression(_ node: SyntaxNode) -> Layout {
    switch node.kind {
    case .name: return .sequence(node.tokens.map { name($0) })
    case .text: return text(node)
    case .list: return list(node)
    case .group: return group(node)
    case .call: return call(node)
    case .access, .negation: return joined(node) { _ in .empty }
    case .range:
      let isTight = node.nodes.allSatisfy { strength($0) == .atom || bare($0) != nil }
      return joined(node) { $0 == 0 || isTight ? .empty : .space }
    case .binary: return chain(node)
    case .conditional: return conditional(node)
    case .number, .literal:
      let isState = node.tokens.contains { $0.kind == .name } && node.kind == .literal
      return .words(node.tokens.map { isState ? word($0, as: spelling.lowercase($0)) : word($0) })
    default: return joined(node) { $0 == 0 ? .empty : .space }
    }
  }

  /// The words and operands of a node, each behind what `separator` gives for its place.
  private mutating func joined(_ node: SyntaxNode, separator: (Int) -> Layout) -> Layout {
    var parts: [Layout] = []
    for (index, child) in node.children.enumerated() {
      parts.append(separator(index))
      switch child {
      case .token(let token) where token.kind == .assign: parts.append(word(token, as: "=="))
      case .token(let token): parts.append(token.kind.isName ? name(token) : word(token))
      case .node(let value):
        // Two minus signs in a row would begin what other languages call a comment.
        if node.kind == .negation, value.kind == .negation { parts.append(.space) }
        parts.append(operand(value, at: .operand(of: node, isFirst: index == 0)))
      }
    }
    return .sequence(parts)
  }

  private mutating func group(_ node: SyntaxNode) -> Layout {
    guard let opener = node.firstToken, let closer = node.lastToken, let content = node.firstNode else { return .empty }
    return brackets(opener, query(content), closer)
  }

  private mutating func call(_ node: SyntaxNode) -> Layout {
    guard let callee = node.firstNode, let start = node.children.firstIndex(where: { $0.isToken(.leftParenthesis) })
    else { return .empty }
    let namesColumns =
      callee.kind == .name && callee.firstToken.map { Self.columnCalls.contains(spelling.lowercase($0)) } == true
    let arguments = bracketed(node.children[start...]) { builder, element in
      guard case .node(let argument) = element else { return .empty }
      return builder.argument(argument, namesColumns: namesColumns)
    }
    return .sequence(expression(callee), arguments)
  }

  private static let columnCalls: Set = ["table", "columns"]

  /// `value`, `slot:value`, `name = value`, each with `asc` or `desc`.
  mutating func argument(_ node: SyntaxNode, namesColumns: Bool) -> Layout {
    let isDirected = if case .token? = node.children.last { true } else { false }
    var parts: [Layout] = []
    for child in node.children {
      switch child {
      case .token(let token) where token.kind == .colon: parts.append(word(token))
      case .token(let token) where token.kind == .assign: parts += [.space, word(token), .space]
      case .token(let token) where parts.isEmpty: parts.append(node.kind == .slotArgument ? name(token) : word(token))
      case .token(let token): parts += [.space, word(token, as: spelling.lowercase(token))]
      case .node(let value):
        let isPlain = node.kind == .argument && namesColumns
        parts.append(operand(value, at: isDirected ? .directed : isPlain ? .naming : .whole))
      }
    }
    return .sequence(parts)
  }

  private mutating func list(_ node: SyntaxNode) -> Layout {
    let items = Array(node.nodes)
    let isShort =
      items.count > 1
      && items.allSatisfy { $0.kind == .number || $0.kind == .literal && $0.firstToken?.kind == .period }
    if isShort, !hasComment(from: node.span.start, to: node.span.end), let opener = node.firstToken,
      let closer = node.lastToken
    {
      let numbers = items.map { LayoutPrinter.flat(expression($0)) }
      return brackets(opener, .sequence(.fill(numbers), .ifBroken(.comma)), closer)
    }
    return bracketed(node.children[...]) { builder, element in
      guard case .node(let item) = element else { return .empty }
      return builder.operand(item, at: .whole)
    }
  }

  /// Between braces everything stays on the line.
  private mutating func text(_ node: SyntaxNode) -> Layout {
    guard let first = node.firstToken, let last = node.lastToken else { return .empty }
    let outer = isInText
    isInText = true
    var text = ""
    for child in node.children {
      switch child {
      case .token(let token): text += spelling.text(token)
      case .node(let value): text += LayoutPrinter.flat(operand(value, at: .whole))
      }
    }
    isInText = outer
    return .sequence(leading(first), .text(text), trailing(last))
  }

  // MARK: - Operators in a row

  /// `a and b and c`: where it does not fit, every operand on its own line.
  ///
  /// `and` and `or` begin a line, which goes on from the one above; signs end the line, because a line can't begin with one.
  private mutating func chain(_ node: SyntaxNode) -> Layout {
    guard let sign = operatorToken(node) else { return .empty }
    let own = strength(node)
    guard own != .comparison, own != .power else {
      return joined(node) { $0 == 0 ? .empty : .space }
    }
    var links: [(sign: Token, operand: SyntaxNode, node: SyntaxNode)] = []
    var first = node
    while let inner = link(first, own) {
      links.append(inner.link)
      first = inner.rest
    }
    guard let firstParent = links.last?.node else { return .empty }
    let isWord = sign.kind == .and || sign.kind == .or
    var parts: [Layout] = []
    for link in links.reversed() {
      parts += isWord ? [.line, word(link.sign), .space] : [.space, word(link.sign), .line]
      parts.append(operand(link.operand, at: .operand(of: link.node, isFirst: false)))
    }
    return .group(operand(first, at: .operand(of: firstParent, isFirst: true)), .indented(4, parts))
  }

  /// The last operand of a row of operators, and the row before it.
  private func link(
    _ node: SyntaxNode, _ strength: Strength
  ) -> (link: (sign: Token, operand: SyntaxNode, node: SyntaxNode), rest: SyntaxNode)? {
    guard node.kind == .binary, self.strength(node) == strength, let sign = operatorToken(node) else { return nil }
    let operands = Array(node.nodes)
    guard operands.count == 2 else { return nil }
    var rest = operands[0]
    if let inner = bare(rest), isRepeated(inner, in: node), !hasCommentAround(rest) { rest = inner }
    return ((sign, operands[1], node), rest)
  }

  /// `if … then … else if … then … else …`: where it does not fit, every `else` on its own line.
  private mutating func conditional(_ node: SyntaxNode) -> Layout {
    var parts: [Layout] = []
    var first = Layout.empty
    var current = node
    var elseToken: Token?
    // A comment behind brackets that go may yet move behind a comma, so it must not decide whether they do.
    var comments: [Layout] = []
    while true {
      let tokens = Array(current.tokens)
      let operands = Array(current.nodes)
      guard tokens.count == 3, operands.count == 3 else { return .empty }
      let branch = Layout.group(
        elseToken.map { .sequence(word($0), .space) } ?? .empty, word(tokens[0]), .space,
        operand(operands[0], at: .branch),
        .indented(4, [.line, word(tokens[1]), .space, operand(operands[1], at: .branch)]))
      if elseToken == nil { first = branch } else { parts += [.line, branch] }
      elseToken = tokens[2]
      var last = operands[2]
      if let inner = bare(last), inner.kind == .conditional, !hasCommentAbove(last) {
        if let closer = last.lastToken { comments.append(trailing(closer)) }
        last = inner
      }
      if last.kind != .conditional {
        parts += [.line, word(tokens[2]), .space, operand(last, at: .otherwise)]
        return .sequence([.group(first, .indented(4, parts))] + comments.reversed())
      }
      current = last
    }
  }
}
