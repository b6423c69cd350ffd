internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSyntax

/// What `?topic` prints, with the queries in it that run.
public struct HelpPage: Sendable, Equatable {
  public var text: String
  /// In the order of their numbers in the text, which begin with 1.
  public var examples: [String]

  public init(text: String, examples: [String]) {
    self.text = text
    self.examples = examples
  }
}

/// Plain-text help, made from what is defined: the doc comments of definitions, the manifests of datasets.
struct HelpTexts {
  let catalog: Catalog
  let environment: Environment
  /// Codes of the countries that answer where a query does not say.
  let countries: [String]

  /// Explains a word of the language or of the data; a topic in quotes is looked for everywhere.
  func page(for topic: String) -> HelpPage? {
    let key = fold(topic)
    if key.isEmpty { return HelpPage(text: overview(), examples: []) }
    if key == "verbs" { return HelpPage(text: verbs(), examples: []) }
    if let text = Self.unquoted(topic) {
      return HelpSearch(texts: self).page(for: text) ?? ForeignNames.measures[fold(text)].flatMap { page(for: $0[0]) }
    }
    // `share` is an indicator and a verb; position tells them apart, so both are explained.
    let verb = VerbHelp.all.first { $0.name == key }
    if let definition = environment.definition(topic) {
      let own = page(definition)
      guard let verb else { return own }
      return HelpPage(text: own.text + "\n\n" + verb.text, examples: own.examples)
    }
    let data = DataHelp(catalog: catalog)
    if let measure = catalog.measure(named: topic) {
      return Self.page(data.text(measure), ["\(measure.name)(\(usualRows(of: measure)))"])
    }
    if let dataset = catalog.dataset(named: topic) { return Self.page(data.text(dataset), Self.examples(of: dataset)) }
    if let table = catalog.plainTable(named: topic) { return Self.page(data.text(table), ["\(table.name) | first 5"]) }
    if let verb { return HelpPage(text: verb.text, examples: [verb.example]) }
    if let function = (FunctionHelp.all + FunctionHelp.files).first(where: { $0.name == key }) {
      return HelpPage(text: function.text, examples: [function.example])
    }
    if let level = Level(word: topic), let text = data.text(level) {
      return Self.page(text, ["members(\(level.rawValue))"])
    }
    if let page = MemberHelp(catalog: catalog).page(for: topic) { return page }
    // `?jobs`: what others call it.
    guard let meant = ForeignNames.measures[key]?.first, let page = page(for: meant) else { return nil }
    return HelpPage(text: "`\(topic)` is called `\(meant)` here.\n\n" + page.text, examples: page.examples)
  }

  /// What stands between quotes of any kind; nil for a plain word.
  private static func unquoted(_ topic: String) -> String? {
    guard let first = topic.first, ["\"", "'", "“", "‘"].contains(first) else { return nil }
    return String(topic.dropFirst().prefix { !["\"", "'", "”", "’"].contains($0) })
  }

  // MARK: - Lists

  /// Those that most datasets have first.
  private var measureNames: [String] {
    catalog.measureNames.map { (name: $0, count: catalog.datasets(publishing: $0).count) }
      .sorted { ($1.count, $0.name) < ($0.count, $1.name) }.map(\.name)
  }

  /// The definitions by the files of the library, those of the session before them.
  private func families() -> [(name: String, names: [String])] {
    var names: [String: [String]] = [:]
    for definition in environment.definitions {
      let file = definition.source.name.split(separator: "/").last.map(String.init) ?? ""
      let family = definition.isLibrary ? String(file.prefix { $0 != "." }).replacing("_", with: " ") : "your own"
      names[family, default: []].append(definition.name)
    }
    return names.map { (name: $0.key, names: $0.value.sorted()) }
      .sorted { ($0.name != "your own" ? 1 : 0, $0.name) < ($1.name != "your own" ? 1 : 0, $1.name) }
  }

  private func overview() -> String {
    """
    measures     \(measureNames.joined(separator: " "))
    indicators of
    \(families().map { "  \($0.name.padded(to: 21)) \($0.names.joined(separator: " "))" }.joined(separator: "\n"))
    verbs        \(Elaborator.verbs.joined(separator: " "))
    functions    \((FunctionHelp.all.map(\.name) + Elaborator.functionNames).joined(separator: " "))
    datasets     \(catalog.datasets.map(\.name).joined(separator: " "))
    levels       \(usedLevels.map(\.rawValue).joined(separator: " "))
    tables       \((["datasets", "clusters", "states", "members(cluster)"] + catalog.tables.map(\.name)).joined(separator: " "))

    ?name explains one of them, for example ?lq or ?us_qcew_state; ?"wage" looks for a word everywhere.
    """
  }

  private var usedLevels: [Level] {
    let used = Set(catalog.datasets.flatMap { $0.regionLevels + $0.activityLevels } + [.country, .year])
    return Level.allCases.filter { used.contains($0) }
  }

  private func verbs() -> String { VerbHelp.all.map(\.summary).joined(separator: "\n") }

  // MARK: - Pages

  /// `text` with its examples numbered below it.
  static func page(_ text: String, _ examples: [String]) -> HelpPage {
    HelpPage(text: text + "\n\n" + numbered(examples), examples: examples)
  }

  private static func numbered(_ examples: [String]) -> String {
    let title = examples.count == 1 ? "example (?1 runs it)" : "examples (?1 runs the first)"
    return ([title] + examples.enumerated().map { "  \($0 + 1)  \($1)" }).joined(separator: "\n")
  }

  private func page(_ definition: Definition) -> HelpPage {
    let entry = Reference.Entry(definition)
    var parts = [definition.signature]
    if !entry.sentences.isEmpty { parts.append(entry.sentences.joined(separator: " ")) }
    let fields = Reference.fieldNames.flatMap { name in
      entry.fields.filter { $0.name == name }.enumerated().map { index, field in
        let label = index == 0 ? name : ""
        return "  " + label + String(repeating: " ", count: 10 - label.count) + field.text
      }
    }
    if !fields.isEmpty { parts.append(fields.joined(separator: "\n")) }
    if !entry.examples.isEmpty { parts.append(Self.numbered(entry.examples)) }
    let related = related(to: definition)
    let last = related.isEmpty ? [] : ["related: " + related.joined(separator: ", ")]
    parts.append((last + [":def \(definition.name) shows how it is defined"]).joined(separator: "\n"))
    return HelpPage(text: parts.joined(separator: "\n\n"), examples: entry.examples)
  }

  /// Definitions that use this one or that it uses, then others of the same file.
  private func related(to definition: Definition) -> [String] {
    let others = environment.definitions.filter { $0.name != definition.name }.sorted { $0.name < $1.name }
    let own = Self.words(of: definition)
    let near = others.filter { own.contains($0.name) || Self.words(of: $0).contains(definition.name) }.map(\.name)
    let beside = others.filter { $0.source.name == definition.source.name && !near.contains($0.name) }
      .sorted { abs($0.span.start - definition.span.start) < abs($1.span.start - definition.span.start) }.map(\.name)
    return Array((near + beside).prefix(8))
  }

  private static func words(of definition: Definition) -> Set<String> {
    let body = definition.source.slice(definition.span).split(separator: "\n").drop { $0.hasPrefix("##") }
    return Set(body.joined(separator: " ").split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
  }

  private func usualRows(of measure: Measure) -> String {
    let datasets = catalog.datasets(publishing: measure.name)
    let own = datasets.first { countries.contains($0.country) }
    guard let dataset = own ?? datasets.first,
      let level = dataset.regionLevels.first(where: { $0 != .country }) ?? dataset.activityLevels.first
    else { return "by:year" }
    return "by:\(level.rawValue)" + (own == nil ? ", data:\(dataset.name)" : "")
  }

  private static func examples(of dataset: Dataset) -> [String] {
    guard let measure = dataset.measureNames.first else { return [] }
    let levels = [dataset.regionLevels.first { $0 != .country }, dataset.activityLevels.first].compactMap { $0 }
    let byLevels = levels.prefix(1).map { "\(measure)(by:\($0.rawValue), data:\(dataset.name)) | first 5" }
    let byYears = dataset.years.count > 1 ? ["\(measure)(by:year, data:\(dataset.name))"] : []
    return byLevels + byYears
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
