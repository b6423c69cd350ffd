import CQSource
import CQSyntax

/// An abstract tree as text, with a bracket around every operation, so that tests can compare whole trees.
enum Outline {
  static func of(_ text: String) -> String {
    let result = Parser.parse(SourceText(name: "test", text: text))
    return result.program.statements.map { statement($0) }.joined(separator: "; ")
  }

  static func statement(_ statement: Statement) -> String {
    let body =
      switch statement.kind {
      case .use(let use):
        "use " + (use.file.map { expression($0) } ?? use.path.map(\.text).joined(separator: "."))
          + (use.alias.map { " as \($0.text)" } ?? "")
          + (use.imports.isEmpty ? "" : " (\(use.imports.map(\.text).joined(separator: ", ")))")
      case .binding(let binding): "let \(binding.name.text) = \(query(binding.value))"
      case .definition(let definition): self.definition(definition)
      case .query(let query): self.query(query)
      }
    return statement.documentation.map { "## \($0) " }.joined() + body
  }

  private static func definition(_ definition: DefStatement) -> String {
    let parameters = definition.parameters.map { parameter in
      parameter.name.text + (parameter.kind.map { ": \($0.text)" } ?? "")
        + (parameter.defaultValue.map { " = \(expression($0))" } ?? "")
    }
    let body =
      switch definition.body {
      case .query(let query): self.query(query)
      case .fragment(let stages): stages.map { "| \(stage($0))" }.joined(separator: " ")
      }
    return "def \(definition.name.text)(\(parameters.joined(separator: ", ")))"
      + (definition.kind.map { ": \($0.text)" } ?? "") + " = " + body
  }

  static func query(_ query: Query) -> String {
    ([expression(query.source)] + query.stages.map { stage($0) }).joined(separator: " | ")
  }

  static func stage(_ stage: Stage) -> String {
    stage.verb.text + (stage.arguments.isEmpty ? "" : " ")
      + stage.arguments.map { argument($0) }.joined(separator: ", ")
  }

  static func argument(_ argument: Argument) -> String {
    let label =
      switch argument.label {
      case .none: ""
      case .slot(let name): "\(name.text):"
      case .name(let name): "\(name.text) = "
      }
    let direction =
      switch argument.direction {
      case .ascending: " asc"
      case .descending: " desc"
      case nil: ""
      }
    return label + expression(argument.value) + direction
  }

  static func expression(_ expression: Expression) -> String {
    switch expression.kind {
    case .number(let value, let lexeme, let unit):
      lexeme + (lexeme == "\(value)" || lexeme == "\(Int(exactly: value) ?? -1)" ? "" : "=\(value)")
        + (unit.map { " \($0)" } ?? "")
    case .percent(let value, _): "%\(value)"
    case .period(let text): text
    case .string(let segments):
      "\""
        + segments.map {
          switch $0 {
          case .text(let text): text
          case .interpolation(let value): "{\(self.expression(value))}"
          }
        }.joined() + "\""
    case .host(let name): "$\(name)"
    case .name(let name): name
    case .lastResult: "_"
    case .all: "all"
    case .truth(let value): "\(value)"
    case .missing: "missing"
    case .withheld: "withheld"
    case .list(let items): "[\(items.map { self.expression($0) }.joined(separator: ", "))]"
    case .group(let query): "{\(self.query(query))}"
    case .call(let callee, let arguments):
      "\(self.expression(callee))(\(arguments.map { argument($0) }.joined(separator: ", ")))"
    case .access(let value, let name): "\(self.expression(value)).\(name.text)"
    case .negate(let value): "(- \(self.expression(value)))"
    case .not(let value): "(not \(self.expression(value)))"
    case .binary(let sign, let lhs, let rhs, _):
      "(\(self.expression(lhs)) \(sign.rawValue) \(self.expression(rhs)))"
    case .range(let lower, let upper):
      "(\(lower.map { self.expression($0) } ?? "") .. \(upper.map { self.expression($0) } ?? ""))"
    case .coalesce(let lhs, let rhs): "(\(self.expression(lhs)) ?? \(self.expression(rhs)))"
    case .contains(let item, let negated, let list):
      "(\(self.expression(item)) \(negated ? "not in" : "in") \(self.expression(list)))"
    case .isState(let value, let negated, let state):
      "(\(self.expression(value)) is \(negated ? "not " : "")\(state.rawValue))"
    case .conditional(let condition, let then, let otherwise):
      "(if \(self.expression(condition)) then \(self.expression(then)) else \(self.expression(otherwise)))"
    case .unreadable: "¿"
    }
  }
}
