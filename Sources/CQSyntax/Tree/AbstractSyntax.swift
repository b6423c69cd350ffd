package import CQSource

// The tree that later stages read. The lossless tree (`SyntaxNode`) is what the formatter works on; `Parser` builds both.

/// A parsed source text. Statements that could not be read are left out; their diagnostics say why.
package struct Program: Sendable {
  package var statements: [Statement]

  package init(statements: [Statement]) { self.statements = statements }
}

package struct Statement: Sendable {
  package enum Kind: Sendable {
    case use(UseStatement)
    case binding(LetStatement)
    case definition(DefStatement)
    case query(Query)
  }

  package var kind: Kind
  package var span: TextSpan
  /// The `##` lines directly above a `let` or `def`, without the marks; empty when there are none.
  package var documentation: [String]
  /// The `##` lines above it that document no name: what a page says before the results that follow. Blocks are apart by
  /// an empty line.
  package var prose: [String]

  package init(kind: Kind, span: TextSpan, documentation: [String], prose: [String] = []) {
    self.kind = kind
    self.span = span
    self.documentation = documentation
    self.prose = prose
  }
}

/// A name as written (`text` without back-ticks).
package struct Name: Sendable, Hashable {
  package var text: String
  package var span: TextSpan

  package init(text: String, span: TextSpan) {
    self.text = text
    self.span = span
  }
}

package struct UseStatement: Sendable {
  /// `use stdlib.growth` gives two names; `use "lib/midwest.cq"` gives `file`.
  package var path: [Name]
  package var file: Expression?
  package var alias: Name?
  package var imports: [Name]

  package init(path: [Name], file: Expression?, alias: Name?, imports: [Name]) {
    self.path = path
    self.file = file
    self.alias = alias
    self.imports = imports
  }
}

package struct LetStatement: Sendable {
  package var name: Name
  package var value: Query

  package init(name: Name, value: Query) {
    self.name = name
    self.value = value
  }
}

package struct DefStatement: Sendable {
  package enum Body: Sendable {
    case query(Query)
    /// A user-defined verb: `| where … | top …`.
    case fragment([Stage])
  }

  package struct Parameter: Sendable {
    package var name: Name
    package var kind: Name?
    package var defaultValue: Expression?

    package init(name: Name, kind: Name?, defaultValue: Expression?) {
      self.name = name
      self.kind = kind
      self.defaultValue = defaultValue
    }
  }

  package var name: Name
  package var parameters: [Parameter]
  package var kind: Name?
  package var body: Body

  package init(name: Name, parameters: [Parameter], kind: Name?, body: Body) {
    self.name = name
    self.parameters = parameters
    self.kind = kind
    self.body = body
  }
}

package struct Query: Sendable {
  package var source: Expression
  package var stages: [Stage]
  package var span: TextSpan

  package init(source: Expression, stages: [Stage], span: TextSpan) {
    self.source = source
    self.stages = stages
    self.span = span
  }
}

package struct Stage: Sendable {
  /// The verb; the parts of a dotted verb joined by dots.
  package var verb: Name
  package var arguments: [Argument]
  package var span: TextSpan
  /// What stands between the brackets of `mutate(x = 1)`, which a verb of cq does not have.
  package var bracketed: TextSpan?

  package init(verb: Name, arguments: [Argument], span: TextSpan, bracketed: TextSpan? = nil) {
    self.verb = verb
    self.arguments = arguments
    self.span = span
    self.bracketed = bracketed
  }
}

package struct Argument: Sendable {
  package enum Label: Sendable {
    case none
    /// `by:state`
    case slot(Name)
    /// `wage = …`
    case name(Name)
  }

  package enum Direction: Sendable { case ascending, descending }

  package var label: Label
  package var value: Expression
  package var direction: Direction?
  package var span: TextSpan

  package init(label: Label, value: Expression, direction: Direction?, span: TextSpan) {
    self.label = label
    self.value = value
    self.direction = direction
    self.span = span
  }
}

package struct Expression: Sendable {
  package indirect enum Kind: Sendable {
    /// `lexeme` keeps leading zeros (`06037`); `value` includes the suffix (`10k` is 10,000).
    case number(value: Double, lexeme: String, unit: String?)
    /// `5%` is 0.05.
    case percent(value: Double, lexeme: String)
    /// `2021Q3`, `2021M05`.
    case period(String)
    case string([Segment])
    /// `$name`
    case host(String)
    case name(String)
    /// `_`
    case lastResult
    case all
    case truth(Bool)
    case missing
    case withheld
    case list([Expression])
    /// `( query )`
    case group(Query)
    case call(callee: Expression, arguments: [Argument])
    case access(Expression, Name)
    case negate(Expression)
    case not(Expression)
    case binary(BinaryOperator, Expression, Expression, operatorSpan: TextSpan)
    case range(Expression?, Expression?)
    case coalesce(Expression, Expression)
    case contains(Expression, negated: Bool, Expression)
    case isState(Expression, negated: Bool, StateTest)
    case conditional(condition: Expression, then: Expression, otherwise: Expression)
    /// What could not be read; a diagnostic was given, later stages stay silent.
    case unreadable
  }

  package enum Segment: Sendable {
    case text(String)
    case interpolation(Expression)
  }

  package enum StateTest: String, Sendable { case withheld, missing, estimated, known }

  package var kind: Kind
  package var span: TextSpan

  package init(kind: Kind, span: TextSpan) {
    self.kind = kind
    self.span = span
  }
}

package enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case power = "^"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case and
  case or

  package var isComparison: Bool {
    switch self {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
    default: false
    }
  }

  package var isArithmetic: Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .power: true
    default: false
    }
  }
}

/// What `Parser.parse` gives: the statements that could be read, and all that is wrong with the rest.
package struct ParseResult: Sendable {
  package var program: Program
  package var diagnostics: [Diagnostic]
  /// The text ends inside an open bracket, after an operator, `|`, `,` or `=`: more lines may complete it.
  package var isIncomplete: Bool

  package init(program: Program, diagnostics: [Diagnostic], isIncomplete: Bool) {
    self.program = program
    self.diagnostics = diagnostics
    self.isIncomplete = isIncomplete
  }
}
