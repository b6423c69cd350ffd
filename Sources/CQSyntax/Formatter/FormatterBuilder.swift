import CQSource

/// Makes layouts out of the lossless tree of a text without errors.
struct LayoutBuilder {
  let source: SourceText
  let spelling: FormatterSpelling
  /// Where the comments of the text begin, in order.
  private let comments: [Int]
  /// The statement being laid out; comments around it are its caller's.
  private var statementSpan = TextSpan(0, 0)
  /// Inside the braces of a text, where no line may end.
  var isInText = false

  init(source: SourceText, root: SyntaxNode, spelling: @escaping (String) -> String?) {
    self.source = source
    self.spelling = FormatterSpelling(source: source, root: root, defined: spelling)
    var tokens: [Token] = []
    root.appendTokens(to: &tokens)
    comments = tokens.flatMap { token in
      [token.leadingTrivia, token.trailingTrivia].flatMap { Self.comments(in: $0, of: source).map(\.span.start) }
    }
  }

  // MARK: - Tokens and their comments

  private static func comments(in span: TextSpan, of source: SourceText) -> [Trivia] {
    span.isEmpty
      ? [] : Trivia.pieces(of: span, in: source).filter { $0.kind == .comment || $0.kind == .documentation }
  }

  func comment(_ piece: Trivia) -> String { spelling.comment(piece) }

  /// Whether a comment begins between two places of the text.
  func hasComment(from start: Int, to end: Int) -> Bool {
    var low = 0
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if comments[middle] < start { low = middle + 1 } else { high = middle }
    }
    return low < comments.count && comments[low] < end
  }

  /// The comments above a token.
  func leading(_ token: Token) -> Layout {
    guard token.start != statementSpan.start else { return .empty }
    return ownLines(token.leadingTrivia)
  }

  /// The comment behind a token.
  func trailing(_ token: Token) -> Layout {
    guard token.end != statementSpan.end else { return .empty }
    return .sequence(Self.comments(in: token.trailingTrivia, of: source).map { .endComment(comment($0)) })
  }

  private func ownLines(_ span: TextSpan) -> Layout {
    .comments(Self.comments(in: span, of: source).map { comment($0) })
  }

  func word(_ token: Token, as text: String) -> Layout {
    .sequence(leading(token), .text(text), trailing(token))
  }

  func word(_ token: Token) -> Layout { word(token, as: spelling.token(token)) }

  func name(_ token: Token) -> Layout { word(token, as: spelling.name(token)) }

  /// A comma stays right behind its item; the comments before and behind it follow.
  private func comma(_ token: Token?) -> Layout {
    guard let token else { return .comma }
    return .sequence(.comma, leading(token), trailing(token))
  }

  // MARK: - Brackets

  /// The children from the opening to the closing bracket: on one line, or each on its own with a comma behind it.
  mutating func bracketed(
    _ children: ArraySlice<SyntaxElement>, _ item: (inout LayoutBuilder, SyntaxElement) -> Layout
  ) -> Layout {
    guard case .token(let opener)? = children.first, case .token(let closer)? = children.last else { return .empty }
    var rows: [Layout] = []
    var hasItem = false
    var isAfterComma = false
    for child in children.dropFirst().dropLast() {
      if case .token(let token) = child, token.kind == .comma {
        rows.append(comma(token))
        isAfterComma = true
      } else {
        if isAfterComma { rows.append(.line) }
        rows.append(item(&self, child))
        isAfterComma = false
        hasItem = true
      }
    }
    if isAfterComma {
      // The last comma stays only where the lines are broken, and with its comments they are.
      let last = rows.removeLast()
      let hasComments = last.endsWithComment || last.isBroken
      rows.append(hasComments ? last : .ifBroken(.comma))
    } else if hasItem {
      rows.append(.ifBroken(.comma))
    }
    return .sequence(
      .group(
        word(opener), .indented(2, [hasItem ? .softLine : .empty] + rows + [leading(closer)]),
        hasItem || leading(closer).beginsWithComment || trailing(opener).endsWithComment ? .softLine : .empty,
        .text(spelling.token(closer))),
      trailing(closer))
  }

  /// Brackets around one thing.
  func brackets(_ opener: Token, _ content: Layout, _ closer: Token) -> Layout {
    .sequence(
      .group(
        word(opener), .indented(2, [.softLine, content, leading(closer)]), .softLine,
        .text(spelling.token(closer))),
      trailing(closer))
  }

  // MARK: - Statements

  mutating func statement(_ node: SyntaxNode) -> Layout {
    // What a `|` at the start goes on from is not in the text: the statement begins with its first token.
    statementSpan = TextSpan(node.firstToken?.start ?? node.span.start, node.span.end)
    switch node.kind {
    case .let, .definition: return definition(node)
    case .use: return use(node)
    case .query: return query(node)
    default: return .words(node.tokens.map { word($0, as: spelling.lowercase($0)) })
    }
  }

  private mutating func use(_ node: SyntaxNode) -> Layout {
    var parts: [Layout] = []
    var previous: TokenKind?
    var isAlias = false
    for (index, child) in node.children.enumerated() {
      guard case .token(let token) = child else {
        if case .node(let file) = child { parts += [.space, expression(file)] }
        previous = .string
        continue
      }
      switch token.kind {
      case .use, .dot: parts.append(word(token))
      case .leftParenthesis:
        return .sequence(
          parts + [.space, bracketed(node.children[index...]) { builder, name in builder.element(name) }])
      case _ where previous == .dot: parts.append(word(token))
      case _ where previous == .use || isAlias: parts += [.space, word(token)]
      default:
        parts += [.space, word(token, as: spelling.lowercase(token))]
        isAlias = true
      }
      previous = token.kind
    }
    return .sequence(parts)
  }

  /// `let name = query`, `def name(parameters): kind = query`
  private mutating func definition(_ node: SyntaxNode) -> Layout {
    var parts: [Layout] = []
    var rest = node.children[...]
    while let child = rest.first {
      guard case .token(let token) = child else { break }
      rest.removeFirst()
      switch token.kind {
      case .leftParenthesis:
        guard let end = rest.firstIndex(where: { $0.isToken(.rightParenthesis) }) else { break }
        parts.append(
          bracketed(node.children[(rest.startIndex - 1)...end]) { builder, parameter in builder.element(parameter) })
        rest = rest[(end + 1)...]
      case .colon:
        parts.append(word(token))
        guard case .token(let kind)? = rest.popFirst() else { break }
        parts += [.space, word(kind, as: spelling.lowercase(kind))]
      case .assign: parts += [.space, word(token)]
      default: parts += parts.isEmpty ? [word(token)] : [.space, word(token)]
      }
    }
    guard case .node(let body)? = rest.first else { return .sequence(parts) }
    let value = body.kind == .fragment ? fragment(body) : query(body)
    if body.kind == .fragment { return .sequence(parts + [value]) }
    if parts.last?.endsWithComment == true || value.beginsWithComment {
      return .sequence(parts + [.indented(2, [.newline, value])])
    }
    let hasStages = body.nodes.contains { $0.kind == .stage }
    return .sequence(parts + (hasStages ? [.space, value] : [.nextLine(value)]))
  }

  mutating func element(_ element: SyntaxElement) -> Layout {
    switch element {
    case .token(let token): word(token)
    case .node(let node): node.kind == .parameter ? parameter(node) : argument(node, namesColumns: false)
    }
  }

  /// `name: kind = value`
  private mutating func parameter(_ node: SyntaxNode) -> Layout {
    var parts: [Layout] = []
    var isKind = false
    for child in node.children {
      switch child {
      case .node(let value): parts += [.space, operand(value, at: .whole)]
      case .token(let token) where token.kind == .assign: parts += [.space, word(token)]
      case .token(let token):
        if isKind { parts.append(.space) }
        parts.append(isKind ? word(token, as: spelling.lowercase(token)) : word(token))
        isKind = token.kind == .colon
      }
    }
    return .sequence(parts)
  }

  // MARK: - Queries

  /// A table and its verbs: on one line if there are at most two and 72 columns, else each on its own.
  mutating func query(_ node: SyntaxNode) -> Layout {
    guard let first = node.firstNode else { return .empty }
    let stages = stages(node)
    if stages.isEmpty { return operand(first, at: .whole) }
    // A line can't start with `|` where a statement stands above it, so what it goes on from is written out.
    let source = first.kind == .missing ? Layout.text("_") : operand(first, at: .pipeline)
    let separator = stages.count > 2 && !isInText ? Layout.newline : .line
    return .group(source, .indented(2, stages.flatMap { [separator, $0] }), limit: 72)
  }

  /// The body of a verb of the user's: each stage on its own line.
  private mutating func fragment(_ node: SyntaxNode) -> Layout {
    .indented(2, stages(node).flatMap { [.newline, $0] })
  }

  private mutating func stages(_ node: SyntaxNode) -> [Layout] {
    var stages: [Layout] = []
    var pipe: Token?
    for child in node.children {
      switch child {
      case .token(let token): pipe = token
      case .node(let stage):
        guard let bar = pipe, stage.kind == .stage else { continue }
        stages.append(self.stage(stage, behind: bar))
      }
    }
    return stages
  }

  /// Comments behind the bar go above it.
  private mutating func stage(_ node: SyntaxNode, behind pipe: Token) -> Layout {
    var parts = [leading(pipe), ownLines(pipe.trailingTrivia)]
    var arguments: [Layout] = []
    var isInVerb = true
    for (index, child) in node.children.enumerated() {
      switch child {
      case .token(let token) where index == 0:
        parts += [ownLines(token.leadingTrivia), .text("| " + spelling.verb(token)), trailing(token)]
      case .token(let token) where token.kind == .comma: arguments += [comma(token), .line]
      case .token(let token) where token.kind == .leftParenthesis || token.kind == .rightParenthesis:
        // Brackets that only verbs of other languages have.
        parts += [leading(token), trailing(token)]
      case .token(let token): parts.append(token.kind == .dot ? word(token) : word(token, as: spelling.verb(token)))
      case .node(let argument):
        isInVerb = false
        arguments.append(self.argument(argument, namesColumns: true))
      }
    }
    guard !isInVerb, let first = arguments.first else { return .sequence(parts) }
    return .group(.sequence(parts), .space, first, .indented(4, Array(arguments.dropFirst())))
  }
}

extension SyntaxElement {
  func isToken(_ kind: TokenKind) -> Bool {
    if case .token(let token) = self { token.kind == kind } else { false }
  }
}

extension SyntaxNode {
  var lastToken: Token? {
    for child in children.reversed() {
      switch child {
      case .token(let token): return token
      case .node(let node): if let token = node.lastToken { return token }
      }
    }
    return nil
  }
}
