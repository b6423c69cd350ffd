package import CQCatalog
import CQColumns
package import CQSource
package import CQSyntax
import Synchronization

/// Names that statements before this one have given. A value: a session grows it statement by statement.
package struct Environment: Sendable {
  private var definitionTable = NameTable<Definition>()
  private var bindingTable = NameTable<Binding>()
  /// Other names of definitions, in other languages too; every other name wins over them.
  private var aliasTable = NameTable<Definition>()
  /// Names of bindings as they were written.
  private var spellings = NameTable<String>()
  /// Modules by what the program calls them.
  private(set) var modules: [String: Module] = [:]
  /// Datasets that a `let` has made of the user's files, by the folded names of the bindings.
  private var userDatasets: [(key: String, dataset: Dataset)] = []
  /// The query before this one (`_`).
  package var last: Binding?

  package init() {}

  /// - Parameter name: How it is called here, where that is not its own name (`m.peers`).
  package mutating func define(_ definition: Definition, as name: String? = nil) {
    let key = fold(name ?? definition.name)
    definitionTable[key] = definition
    bindingTable[key] = nil
  }

  /// Another name of a definition (`also:` in its documentation).
  package mutating func define(alias: String, of definition: Definition) {
    aliasTable[fold(alias)] = definition
  }

  /// Other names of definitions, folded, in no particular order.
  package var aliases: [(name: String, definition: Definition)] { aliasTable.all.map { ($0.key, $0.value) } }

  /// Notes that `alias.name` stands for a name of a module.
  mutating func name(module path: String, alias: String, names: [String]) {
    modules[fold(alias)] = Module(path: path, alias: alias, names: names)
  }

  package mutating func bind(_ name: String, _ binding: Binding) {
    let key = fold(name)
    spellings[key] = name
    bindingTable[key] = binding
    definitionTable[key] = nil
  }

  /// Only the names of the standard library.
  var library: Environment {
    var library = Environment()
    for definition in definitions where definition.isLibrary { library.define(definition) }
    library.aliasTable = aliasTable
    return library
  }

  /// Names that a module gives on top of the standard library.
  var ownNames: [String] {
    definitionTable.all.filter { !$0.value.isLibrary && !isQualified($0.key) }.map(\.value.statement.name.text).sorted()
      + bindingTable.all.filter { !isQualified($0.key) }.map { spellings[$0.key] ?? $0.key }.sorted()
  }

  /// Whether a folded key is `m.name` of a module that the program uses itself.
  private func isQualified(_ key: String) -> Bool {
    modules.keys.contains { alias in modules[alias]?.names.contains { fold(alias + "." + $0) == key } ?? false }
  }

  package var datasets: [Dataset] { userDatasets.map(\.dataset) }

  /// The datasets of a name: of a file with several countries one for each, which have names of their own besides.
  func datasets(named name: String) -> [Dataset] {
    let key = fold(name)
    let bound = userDatasets.filter { $0.key == key }.map(\.dataset)
    return bound.isEmpty ? userDatasets.filter { fold($0.dataset.name) == key }.map(\.dataset) : bound
  }

  mutating func add(_ datasets: [Dataset], as name: String) {
    removeDataset(name)
    userDatasets += datasets.map { (fold(name), $0) }
  }

  mutating func removeDataset(_ name: String) {
    let key = fold(name)
    userDatasets.removeAll { $0.key == key }
  }

  /// In no particular order.
  package var definitions: [Definition] { definitionTable.all.map(\.value) }

  /// Names of bindings as they were written, in no particular order.
  package var bindingNames: [String] {
    bindingTable.all.filter { !isQualified($0.key) }.map { spellings[$0.key] ?? $0.key }
  }

  /// `m.peers` for every name of every module.
  package var qualifiedNames: [String] {
    modules.values.flatMap { module in module.names.map { "\(module.alias).\($0)" } }
  }

  package func definition(_ name: String) -> Definition? {
    let key = fold(name)
    if let own = definitionTable[key] { return own }
    return bindingTable[key] == nil ? aliasTable[key] : nil
  }
  package func binding(_ name: String) -> Binding? { bindingTable[fold(name)] }
}

/// A file whose names are known behind a point: `m.peers`.
struct Module: Sendable {
  var path: String
  var alias: String
  var names: [String]
}

/// A `def` with the names that were visible where it stands; since it can't see itself, there is no recursion.
///
/// The text of a library's definition is parsed when it is first asked for: a query uses a few of hundreds.
package final class Definition: Sendable {
  private struct Parts: Sendable {
    var statement: DefStatement
    var documentation: [String]
    var span: TextSpan
  }

  package let name: String
  package let source: SourceText
  package let environment: Environment
  /// Part of the standard library: mistakes in its use are shown at the call.
  package let isLibrary: Bool
  private let parsed: Mutex<Parts?>

  package init(
    statement: DefStatement, documentation: [String], source: SourceText, span: TextSpan, environment: Environment,
    isLibrary: Bool
  ) {
    name = statement.name.text
    self.source = source
    self.environment = environment
    self.isLibrary = isLibrary
    parsed = Mutex(Parts(statement: statement, documentation: documentation, span: span))
  }

  /// A definition of the library that is parsed at its first use.
  ///
  /// - Parameter source: The definition with its documentation, and nothing else.
  package init(libraryDefinition name: String, in source: SourceText, environment: Environment) {
    self.name = name
    self.source = source
    self.environment = environment
    isLibrary = true
    parsed = Mutex(nil)
  }

  package var statement: DefStatement { parts.statement }
  package var documentation: [String] { parts.documentation }

  /// The first `example:` of its documentation.
  var firstExample: String? {
    let mark = "example:"
    return documentation.lazy.map { $0.drop { $0 == " " } }.first { $0.hasPrefix(mark) }
      .map { String($0.dropFirst(mark.count).drop { $0 == " " }) }
  }
  package var span: TextSpan { parts.span }

  private var parts: Parts {
    parsed.withLock { known in
      if let known { return known }
      let parts = Self.parse(name, source)
      known = parts
      return parts
    }
  }

  private static func parse(_ name: String, _ source: SourceText) -> Parts {
    for statement in Parser.parse(source).program.statements {
      if case .definition(let definition) = statement.kind {
        return Parts(statement: definition, documentation: statement.documentation, span: statement.span)
      }
    }
    // A test reads every definition of the library.
    let nothing = DefStatement(
      name: Name(text: name, span: TextSpan(0, 0)), parameters: [], kind: nil, body: .fragment([]))
    return Parts(statement: nothing, documentation: [], span: TextSpan(0, 0))
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
