import CQSource

/// Makes the abstract tree out of the lossless one.
///
/// The parser has reported what is wrong with the form; only the contents of numbers and texts are checked here.
struct Lowering {
  let source: SourceText
  var diagnostics: [Diagnostic] = []

  init(source: SourceText) { self.source = source }

  mutating func program(_ root: SyntaxNode) -> Program {
    var statements: [Statement] = []
    for node in root.nodes {
      guard let kind = statementKind(node) else { continue }
      let isDocumented = node.kind == .let || node.kind == .definition
      let documentation = isDocumented ? documentation(above: node) : []
      statements.append(
        Statement(
          kind: kind, span: node.span, documentation: documentation,
          prose: prose(above: node, besides: documentation.count)))
    }
    return Program(statements: statements)
  }

  private mutating func statementKind(_ node: SyntaxNode) -> Statement.Kind? {
    switch node.kind {
    case .use: return use(node).map { .use($0) }
    case .let:
      guard let name = names(node.tokens).first, let value = node.nodes.first(where: { $0.kind == .query }) else {
        return nil
      }
      return .binding(LetStatement(name: name, value: query(value)))
    case .definition: return definition(node).map { .definition($0) }
    case .query:
      let query = query(node)
      if case .unreadable = query.source.kind, query.stages.isEmpty { return nil }
      return .query(query)
    default: return nil
    }
  }

  func text(_ token: Token) -> String { source.slice(token.span) }

  // MARK: - Names

  func name(_ token: Token) -> Name {
    guard token.kind == .quotedName else { return Name(text: text(token), span: token.span) }
    let end = token.isUnterminated ? token.end : token.end - 1
    return Name(text: source.slice(TextSpan(token.start + 1, end)), span: token.span)
  }

  private func names(_ tokens: some Sequence<Token>) -> [Name] {
    tokens.filter { $0.kind.isName }.map { name($0) }
  }

  /// The `##` lines right above a statement, without the marks and the blank after them.
  private func documentation(above node: SyntaxNode) -> [String] {
    guard let first = node.firstToken else { return [] }
    var lines: [String] = []
    var newlines = 0
    for piece in Trivia.pieces(of: first.leadingTrivia, in: source).reversed() {
      switch piece.kind {
      case .blank: continue
      case .newline:
        newlines += 1
        if newlines > 1 { return lines.reversed() }
      case .comment: return lines.reversed()
      case .documentation:
        newlines = 0
        let line = source.slice(TextSpan(piece.span.start + 2, piece.span.end))
        lines.append(line.hasPrefix(" ") ? String(line.dropFirst()) : line)
      }
    }
    return lines.reversed()
  }

  /// All `##` lines before a statement but the last `ownCount`, which are its own.
  private func prose(above node: SyntaxNode, besides ownCount: Int) -> [String] {
    guard let first = node.firstToken else { return [] }
    var lines: [String] = []
    var newlines = 0
    for piece in Trivia.pieces(of: first.leadingTrivia, in: source) {
      switch piece.kind {
      case .blank: continue
      case .newline: newlines += 1
      case .comment: newlines = 2
      case .documentation:
        if newlines > 1, !lines.isEmpty { lines.append("") }
        newlines = 0
        let line = source.slice(TextSpan(piece.span.start + 2, piece.span.end))
        lines.append(line.hasPrefix(" ") ? String(line.dropFirst()) : line)
      }
    }
    lines.removeLast(min(ownCount, lines.count))
    while lines.last == "" { lines.removeLast() }
    return lines
  }

  // MARK: - Statements

  private mutating func use(_ node: SyntaxNode) -> UseStatement? {
    var path: [Name] = []
    var alias: Name?
    var imports: [Name] = []
    var isInImports = false
    var isAlias = false
    for token in node.tokens.dropFirst() {
      if token.kind == .leftParenthesis { isInImports = true }
      guard token.kind.isName else { continue }
      if isInImports {
        imports.append(name(token))
      } else if isAlias {
        alias = name(token)
      } else if token.kind == .name, text(token).lowercased() == "as", !path.isEmpty || node.firstNode != nil {
        isAlias = true
      } else {
        path.append(name(token))
      }
    }
    let file = node.nodes.first { $0.kind == .text }.map { expression($0) }
    guard file != nil || !path.isEmpty else { return nil }
    return UseStatement(path: path, file: file, alias: alias, imports: imports)
  }

  private mutating func definition(_ node: SyntaxNode) -> DefStatement? {
    let names = names(node.tokens)
    guard let name = names.first else { return nil }
    var parameters: [DefStatement.Parameter] = []
    var body: DefStatement.Body?
    for child in node.nodes {
      switch child.kind {
      case .parameter:
        let parts = self.names(child.tokens)
        guard let name = parts.first else { continue }
        let value = child.nodes.first { $0.kind != .unreadable }.map { expression($0) }
        parameters.append(
          DefStatement.Parameter(name: name, kind: parts.count > 1 ? parts[1] : nil, defaultValue: value))
      case .query: body = .query(query(child))
      case .fragment: body = .fragment(child.nodes.filter { $0.kind == .stage }.compactMap { stage($0) })
      default: continue
      }
    }
    guard let body else { return nil }
    return DefStatement(name: name, parameters: parameters, kind: names.count > 1 ? names[1] : nil, body: body)
  }

  // MARK: - Queries

  mutating func query(_ node: SyntaxNode) -> Query {
    var stages: [Stage] = []
    var sourceNode: SyntaxNode?
    for child in node.nodes {
      if sourceNode == nil {
        sourceNode = child
      } else if child.kind == .stage, let stage = stage(child) {
        stages.append(stage)
      }
    }
    guard let sourceNode else {
      return Query(source: Expression(kind: .unreadable, span: node.span), stages: stages, span: node.span)
    }
    var start = expression(sourceNode)
    if sourceNode.kind == .missing, node.firstToken?.kind == .pipe {
      let place = node.firstToken?.start ?? node.span.start
      start = Expression(kind: .lastResult, span: TextSpan(place, place))
    }
    return Query(source: start, stages: stages, span: node.span)
  }

  private mutating func stage(_ node: SyntaxNode) -> Stage? {
    var verb: Name?
    for token in node.tokens where token.kind.isName {
      let part = name(token)
      verb = verb.map { Name(text: $0.text + "." + part.text, span: $0.span.union(part.span)) } ?? part
    }
    guard let name = verb else { return nil }
    let tokens = Array(node.tokens)
    var bracketed: TextSpan?
    if let opening = tokens.first(where: { $0.kind == .leftParenthesis }), let closing = tokens.last,
      closing.kind == .rightParenthesis
    {
      bracketed = TextSpan(opening.end, closing.start)
    }
    return Stage(verb: name, arguments: arguments(node), span: node.span, bracketed: bracketed)
  }

  mutating func arguments(_ node: SyntaxNode) -> [Argument] {
    var arguments: [Argument] = []
    for child in node.nodes {
      switch child.kind {
      case .argument, .slotArgument, .nameArgument: arguments.append(argument(child))
      default: continue
      }
    }
    return arguments
  }

  private mutating func argument(_ node: SyntaxNode) -> Argument {
    let value = node.firstNode.map { expression($0) }
    var label = Argument.Label.none
    if case .token(let first)? = node.children.first {
      switch node.kind {
      case .slotArgument: label = .slot(name(first))
      case .nameArgument: label = .name(name(first))
      default: break
      }
    }
    var direction: Argument.Direction?
    if case .token(let last)? = node.children.last, last.kind == .name {
      let word = source.utf8[last.start..<last.end]
      direction = ("asc" as StaticString).equalsIgnoringCase(word) ? .ascending : nil
      if ("desc" as StaticString).equalsIgnoringCase(word) { direction = .descending }
    }
    return Argument(
      label: label, value: value ?? Expression(kind: .unreadable, span: node.span), direction: direction,
      span: node.span)
  }
}
