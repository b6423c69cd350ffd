internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSyntax

// Names: of verbs, of what a query may begin with, of what an expression may use.

extension Completer {
  typealias Candidate = Completion.Candidate

  static let statementWords: [Candidate] = [
    Candidate("let", suffix: " ", kind: .keyword, note: "names a query: let big = employment(by:state) | top 5"),
    Candidate("def", suffix: " ", kind: .keyword, note: "names an indicator or a verb of your own"),
    Candidate("use", suffix: " ", kind: .keyword, note: "takes names from another file"),
  ]

  static let kinds: [Candidate] = [
    "number", "percent", "money", "text", "bool", "period", "measure", "level", "region", "activity", "table", "list",
  ].map { Candidate($0, kind: .keyword) }

  var verbs: [Candidate] {
    let own = environment.definitions.filter(\.isVerb).sorted { $0.name < $1.name }
    let taken = Set(own.map(\.name))
    let builtIn = VerbHelp.all.filter { !taken.contains($0.name) }
    return builtIn.map { verb in
      let hasArguments = verb.usage != verb.name
      return Candidate(verb.name, suffix: hasArguments ? " " : "", kind: .verb, note: verb.sentence)
    } + own.map { Candidate($0.name, suffix: " ", kind: .verb, note: $0.sentence) }
  }

  /// What a query may begin with, each as a call where it is one.
  func sources(_ place: CompletionPlace) -> [Candidate] {
    let calls = measuresAndIndicators(suffix: "(")
    let tables = [
      Candidate("table", suffix: "(", kind: .function, note: "several measures side by side"),
      Candidate("open", suffix: "(\"", kind: .function, note: "a table from a file"),
      Candidate("dataset", suffix: "(\"", kind: .function, note: "a file of yours that measures and indicators read"),
      Candidate("members", suffix: "(", kind: .function, note: "the members of a level"),
    ]
    return parameters(place) + bindings + calls + tables + functions + plainTables + aliases(suffix: "(")
  }

  /// What an expression may use: measures by their bare names.
  func values(_ place: CompletionPlace) -> [Candidate] {
    parameters(place) + bindings + measuresAndIndicators(suffix: "") + functions
      + ["not", "if", "missing", "withheld", "true", "false"].map { Candidate($0, kind: .keyword) }
      + aliases(suffix: "")
  }

  /// Own definitions, what the datasets publish, and what the library computes from it: the likeliest first.
  private func measuresAndIndicators(suffix: String) -> [Candidate] {
    let indicators = indicators(suffix: suffix)
    let ownCount = environment.definitions.count { !$0.isVerb && !$0.isLibrary }
    return indicators.prefix(ownCount) + measures(suffix: suffix) + indicators.dropFirst(ownCount)
  }

  /// Own definitions first.
  func indicators(suffix: String) -> [Candidate] {
    let definitions = environment.definitions.filter { !$0.isVerb }
      .sorted { ($0.isLibrary ? 1 : 0, $0.name) < ($1.isLibrary ? 1 : 0, $1.name) }
    return definitions.map { Candidate($0.name, suffix: suffix, kind: .indicator, note: $0.sentence) }
  }

  /// Other names of indicators; behind everything else, since each indicator has its own name before.
  private func aliases(suffix: String) -> [Candidate] {
    environment.aliases.sorted { $0.name < $1.name }.filter { !$0.definition.isVerb }.map { alias in
      // Names are kept folded.
      let name = alias.name.replacing(" ", with: "_")
      return Candidate(
        name, suffix: suffix, kind: .indicator, note: "\(alias.definition.name): \(alias.definition.sentence)")
    }
  }

  func measures(suffix: String) -> [Candidate] {
    catalog.measureNames.filter { environment.definition($0) == nil }.map { name in
      let measure = catalog.measure(named: name)
      let unit = measure?.quantity.unitName ?? ""
      return Candidate(
        name, suffix: suffix, kind: .measure, note: (measure?.label ?? "") + (unit.isEmpty ? "" : ", \(unit)"))
    }
  }

  var functions: [Candidate] {
    let explained = FunctionHelp.all.map { Candidate($0.name, suffix: "(", kind: .function, note: $0.sentence) }
    let names = Set(explained.map(\.text))
    return explained
      + Elaborator.functionNames.filter { !names.contains($0) }.map { Candidate($0, suffix: "(", kind: .function) }
  }

  var bindings: [Candidate] {
    environment.bindingNames.sorted().map { Candidate($0, kind: .name, note: "a name of yours") }
  }

  private var plainTables: [Candidate] {
    let catalogue = [("clusters", "the clusters"), ("datasets", "the datasets"), ("states", "the states")]
    return catalogue.map { Candidate($0, kind: .table, note: $1) }
      + catalog.tables.map { Candidate($0.name, kind: .table, note: $0.title) }
  }

  var modules: [Candidate] { [Candidate("\"", kind: .keyword, note: "a file in quotes")] }

  /// Parameters of the definition that the cursor is in.
  func parameters(_ place: CompletionPlace) -> [Candidate] {
    guard let (definition, _) = place.innermost(.definition) else { return [] }
    return definition.nodes.filter { $0.kind == .parameter }.compactMap { node in
      node.firstToken.map { Candidate(place.source.slice($0.span), kind: .name, note: "a parameter") }
    }
  }

  var levels: [Candidate] {
    let used = Set(catalog.datasets.flatMap { $0.regionLevels + $0.activityLevels } + [.country, .year])
    return Level.allCases.filter { used.contains($0) }.map { level in
      let dimension =
        switch level.dimension {
        case .region: "places"
        case .activity: "activities"
        case .period: "time"
        }
      return Candidate(level.rawValue, kind: .level, note: dimension)
    }
  }

  // MARK: - Hints

  /// How the innermost call or verb is used.
  func hint(at place: CompletionPlace) -> String? {
    switch place.owner {
    case .call(let name, _)?: callHint(name)
    case .stage(let verb, _, _)?:
      environment.definition(verb).map(\.signature)
        ?? VerbHelp.all.first { $0.name == fold(verb) }.map { "| " + $0.usage }
    case nil: nil
    }
  }

  private func callHint(_ name: String) -> String? {
    if let definition = environment.definition(name) { return definition.signature }
    if let function = FunctionHelp.all.first(where: { $0.name == fold(name) }) { return function.usage }
    switch fold(name) {
    case "table": return "table(measure, name = measure, …, by:, in:, year:, …)"
    case "open": return "open(\"file.csv\", key:[state])"
    case "dataset": return "dataset(\"file.csv\", county:column, naics6:column, year:column, employment:column)"
    case "members": return "members(level)"
    default: return catalog.measure(named: name).map { "\($0.name)(by:, in:, year:, …)" }
    }
  }
}

extension Definition {
  var name: String { statement.name.text }

  var isVerb: Bool { if case .fragment = statement.body { true } else { false } }

  /// The first sentence of its documentation.
  var sentence: String {
    let text = documentation.prefix { !$0.contains(":  ") && !$0.hasPrefix("formula:") && !$0.hasPrefix("example:") }
      .joined(separator: " ")
    guard let end = text.firstRange(of: ". ") else { return text }
    return String(text[..<end.lowerBound]) + "."
  }

  /// `lq(of:employment, among:all, by:, in:, year:, …)`, `| strongest 10, at:1.2`
  var signature: String {
    let parameters = statement.parameters.map { parameter in
      parameter.defaultValue.map { "\(parameter.name.text):\(source.slice($0.span))" } ?? parameter.name.text + ":"
    }
    if isVerb { return "| \(name)" + (parameters.isEmpty ? "" : " ") + parameters.joined(separator: ", ") }
    return "\(name)(\((parameters + ["by:", "in:", "year:", "…"]).joined(separator: ", ")))"
  }
}
