import CQCatalog
package import CQSource
package import CQSyntax

/// Names that statements before this one have given. A value: a session grows it statement by statement.
package struct Environment: Sendable {
  private var definitionTable = NameTable<Definition>()
  private var bindingTable = NameTable<Binding>()
  /// The query before this one (`_`).
  package var last: Binding?

  package init() {}

  package mutating func define(_ definition: Definition) {
    let key = fold(definition.statement.name.text)
    definitionTable[key] = definition
    bindingTable[key] = nil
  }

  package mutating func bind(_ name: String, _ binding: Binding) {
    let key = fold(name)
    bindingTable[key] = binding
    definitionTable[key] = nil
  }

  /// Only the names of the standard library.
  var library: Environment {
    var library = Environment()
    for definition in definitions where definition.isLibrary { library.define(definition) }
    return library
  }

  /// Names that a module gives on top of the standard library.
  var ownNames: [String] {
    definitions.filter { !$0.isLibrary }.map(\.statement.name.text).sorted() + bindingTable.all.map(\.key).sorted()
  }

  /// In no particular order.
  package var definitions: [Definition] { definitionTable.all.map(\.value) }

  package func definition(_ name: String) -> Definition? { definitionTable[fold(name)] }
  package func binding(_ name: String) -> Binding? { bindingTable[fold(name)] }
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

  /// Arguments by the folded names of their parameters: so few that comparing is faster than a table.
  struct Arguments {
    private var list: [(key: String, value: Argument)] = []

    subscript(key: String) -> Argument? {
      get {
        for entry in list where entry.key == key { return entry.value }
        return nil
      }
      set {
        let index = list.firstIndex { $0.key == key }
        if let newValue {
          if let index { list[index].value = newValue } else { list.append((key, newValue)) }
        } else if let index {
          list.remove(at: index)
        }
      }
    }

    var isEmpty: Bool { list.isEmpty }
  }

  let environment: Environment
  /// The text that the expressions of this scope stand in.
  let source: SourceText
  let parameters: Arguments
  /// Set inside a definition: where the user's call stands; mistakes found inside are shown there.
  let callSite: TextSpan?
  /// Columns of the table are visible (stage arguments, not definitions).
  let seesColumns: Bool

  init(
    environment: Environment, source: SourceText, parameters: Arguments = Arguments(), callSite: TextSpan? = nil,
    seesColumns: Bool = false
  ) {
    self.environment = environment
    self.source = source
    self.parameters = parameters
    self.callSite = callSite
    self.seesColumns = seesColumns
  }

  func parameter(_ name: String) -> Argument? { parameters.isEmpty ? nil : parameters[fold(name)] }
}
