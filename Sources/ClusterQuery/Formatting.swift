internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSyntax

extension Engine {
  /// `text` in its canonical form, as `cq fmt` writes it: the same program with the same comments, one way to break
  /// lines, to space and to spell. What is canonical already comes back as it is.
  ///
  /// - Throws: `Diagnostics` when the text does not parse.
  public func format(_ text: String, name: String = "<cq>") throws(Diagnostics) -> String {
    try DefinedNames(catalog: catalog, environment: environment).format(text, name: name)
  }
}

/// The names that the engine defines, by how they are spelled.
struct DefinedNames {
  let catalog: Catalog
  let environment: Environment

  /// - Parameter countries: Where members are looked for first when aliases become official names; nil to leave them.
  func format(_ text: String, name: String, officialNamesIn countries: [String]? = nil) throws(Diagnostics) -> String {
    let text =
      countries.map { OfficialNames(catalog: catalog, countries: $0).rewritten(text, name: name) } ?? text
    let source = SourceText(name: name, text: text)
    let result = Formatter.format(source) { spelling(of: $0) }
    if !result.diagnostics.isEmpty { throw Diagnostics(source: source, result.diagnostics) }
    return result.text
  }

  private func spelling(of name: String) -> String? {
    if let definition = environment.definition(name) { return definition.statement.name.text }
    if let measure = catalog.measure(named: name) { return measure.name }
    if let dataset = catalog.dataset(named: name) { return dataset.name }
    return Self.words[fold(name)]
  }

  /// Levels, slots, verbs and coordinates by their folded form.
  private static let words: [String: String] = {
    let coordinates = ["base", "start", "end", "latest", "previous", "traded", "local", "table", "columns"]
    let all = Level.words + Elaborator.coordinateSlots + Elaborator.verbs + coordinates
    return Dictionary(all.map { (fold($0), $0) }) { first, _ in first }
  }()
}
