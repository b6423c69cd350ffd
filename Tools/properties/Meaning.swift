import CQSource
import CQSyntax

/// What the formatter must not change, as text.
enum Meaning {
  /// The abstract tree without brackets around single expressions, and with names and words in lower case.
  static func of(_ text: String) -> String {
    parse(text).program.statements.map { statement in
      var statement = statement
      statement.documentation = statement.documentation.map { trimmed($0) }
      switch statement.kind {
      case .use(var use):
        use.file = use.file.map { bare($0) }
        statement.kind = .use(use)
      case .binding(var binding):
        binding.name = lowercase(binding.name)
        binding.value = bare(binding.value)
        statement.kind = .binding(binding)
      case .definition(let definition): statement.kind = .definition(bare(definition))
      case .query(let query): statement.kind = .query(bare(query))
      }
      return Outline.statement(statement)
    }.joined(separator: ";\n")
  }

  /// All comments in order, without the blanks behind them.
  static func comments(_ text: String) -> [String] {
    let source = SourceText(name: "test", text: text)
    var tokens: [Token] = []
    Parser.tree(of: source).root.appendTokens(to: &tokens)
    var comments: [String] = []
    for span in tokens.flatMap({ [$0.leadingTrivia, $0.trailingTrivia] }) {
      for piece in Trivia.pieces(of: span, in: source) where piece.kind == .comment || piece.kind == .documentation {
        comments.append(trimmed(source.slice(piece.span)))
      }
    }
    return comments
  }

  private static func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars[...]
    while let last = scalars.last, " \t\r".unicodeScalars.contains(last) { scalars.removeLast() }
    return String(scalars)
  }

  private static func lowercase(_ name: Name) -> Name { Name(text: name.text.lowercased(), span: name.span) }

  private static func bare(_ definition: DefStatement) -> DefStatement {
    var definition = definition
    definition.name = lowercase(definition.name)
    definition.kind = definition.kind.map { lowercase($0) }
    definition.parameters = definition.parameters.map {
      DefStatement.Parameter(
        name: lowercase($0.name), kind: $0.kind.map { lowercase($0) }, defaultValue: $0.defaultValue.map { bare($0) })
    }
    switch definition.body {
    case .query(let query): definition.body = .query(bare(query))
    case .fragment(let stages): definition.body = .fragment(stages.map { bare($0) })
    }
    return definition
  }

  private static func bare(_ query: Query) -> Query {
    Query(source: bare(query.source), stages: query.stages.map { bare($0) }, span: query.span)
  }

  private static func bare(_ stage: Stage) -> Stage {
    Stage(verb: lowercase(stage.verb), arguments: stage.arguments.map { bare($0, names: true) }, span: stage.span)
  }

  /// A name or call in brackets gives a column another name, so there the brackets are kept as a list of one.
  private static func bare(_ argument: Argument, names: Bool) -> Argument {
    var argument = argument
    let value = bare(argument.value)
    switch (argument.label, argument.value.kind, value.kind) {
    case (.none, .group(let query), .name), (.none, .group(let query), .call):
      argument.value = names && query.stages.isEmpty ? Expression(kind: .list([value]), span: value.span) : value
    default: argument.value = value
    }
    switch argument.label {
    case .none: break
    case .slot(let name): argument.label = .slot(lowercase(name))
    case .name(let name): argument.label = .name(lowercase(name))
    }
    return argument
  }

  private static func bare(_ expression: Expression) -> Expression {
    Expression(kind: kind(expression.kind), span: expression.span)
  }

  private static func kind(_ kind: Expression.Kind) -> Expression.Kind {
    switch kind {
    case .group(let query):
      let query = bare(query)
      return query.stages.isEmpty ? query.source.kind : .group(query)
    case .string(let segments):
      return .string(
        segments.map { if case .interpolation(let value) = $0 { .interpolation(bare(value)) } else { $0 } })
    case .name(let name): return .name(name.lowercased())
    case .list(let items): return .list(items.map { bare($0) })
    case .call(let callee, let arguments):
      let callee = bare(callee)
      var names = false
      if case .name(let name) = callee.kind { names = name == "table" || name == "columns" }
      return .call(callee: callee, arguments: arguments.map { bare($0, names: names) })
    case .access(let value, let name): return .access(bare(value), lowercase(name))
    case .negate(let value): return .negate(bare(value))
    case .not(let value): return .not(bare(value))
    case .binary(let sign, let lhs, let rhs, let span): return .binary(sign, bare(lhs), bare(rhs), operatorSpan: span)
    case .range(let lower, let upper): return .range(lower.map { bare($0) }, upper.map { bare($0) })
    case .coalesce(let lhs, let rhs): return .coalesce(bare(lhs), bare(rhs))
    case .contains(let item, let negated, let list): return .contains(bare(item), negated: negated, bare(list))
    case .isState(let value, let negated, let test): return .isState(bare(value), negated: negated, test)
    case .conditional(let condition, let then, let otherwise):
      return .conditional(condition: bare(condition), then: bare(then), otherwise: bare(otherwise))
    default: return kind
    }
  }
}
