import CQCatalog
package import CQSource
package import CQSyntax

/// Names that statements before this one have given. A value: a session grows it statement by statement.
package struct Environment: Sendable {
  package private(set) var definitions: [String: Definition] = [:]
  package private(set) var bindings: [String: Binding] = [:]
  /// The query before this one (`_`).
  package var last: Binding?

  package init() {}

  package mutating func define(_ definition: Definition) {
    definitions[fold(definition.statement.name.text)] = definition
    bindings[fold(definition.statement.name.text)] = nil
  }

  package mutating func bind(_ name: String, _ binding: Binding) {
    bindings[fold(name)] = binding
    definitions[fold(name)] = nil
  }

  /// Only the names of the standard library.
  var library: Environment {
    var library = Environment()
    library.definitions = definitions.filter { $0.value.isLibrary }
    return library
  }

  /// Names that a module gives on top of the standard library.
  var ownNames: [String] {
    definitions.values.filter { !$0.isLibrary }.map(\.statement.name.text).sorted() + bindings.keys.sorted()
  }

  package func definition(_ name: String) -> Definition? { definitions[fold(name)] }
  package func binding(_ name: String) -> Binding? { bindings[fold(name)] }
}

/// A `def` with the names that were visible where it stands; since it can't see itself, there is no recursion.
package final class Definition: Sendable {
  package let statement: DefStatement
  package let documentation: [String]
  package let source: SourceText
  package let span: TextSpan
  package let environment: Environment
  /// Part of the standard library: mistakes in its use are shown at the call.
  package let isLibrary: Bool

  package init(
    statement: DefStatement, documentation: [String], source: SourceText, span: TextSpan, environment: Environment,
    isLibrary: Bool
  ) {
    self.statement = statement
    self.documentation = documentation
    self.source = source
    self.span = span
    self.environment = environment
    self.isLibrary = isLibrary
  }
}

/// A `let` with the names that were visible where it stands.
package final class Binding: Sendable {
  package let query: Query
  package let source: SourceText
  package let environment: Environment

  package init(query: Query, source: SourceText, environment: Environment) {
    self.query = query
    self.source = source
    self.environment = environment
  }
}

/// A value that the caller supplies for `$name`.
package enum HostValue: Sendable, Hashable {
  case text(String)
  case number(Double)
  case list([String])
}

/// Where names inside an expression are looked up: the parameters of the definition being inlined, then an environment.
final class Scope {
  enum Argument {
    /// Unevaluated: an expression with the scope it was written in.
    case closure(Expression, Scope)
    case activities(ActivitySet)
  }

  let environment: Environment
  /// The text that the expressions of this scope stand in.
  let source: SourceText
  let parameters: [String: Argument]
  /// Set inside a definition: where the user's call stands; mistakes found inside are shown there.
  let callSite: TextSpan?
  /// Columns of the table are visible (stage arguments, not definitions).
  let seesColumns: Bool

  init(
    environment: Environment, source: SourceText, parameters: [String: Argument] = [:], callSite: TextSpan? = nil,
    seesColumns: Bool = false
  ) {
    self.environment = environment
    self.source = source
    self.parameters = parameters
    self.callSite = callSite
    self.seesColumns = seesColumns
  }

  func parameter(_ name: String) -> Argument? { parameters[fold(name)] }
}
