internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSyntax

// What a session answers about its catalogue and its names: `:def`, `:source`, `:members`, `:years`.

extension Session {
  /// The definition of `name` as it is written, with its documentation; nil when nothing is defined so.
  public func definition(of name: String) -> String? {
    let environment = currentEnvironment
    if let definition = environment.definition(name) {
      let documentation = definition.documentation.map { $0.isEmpty ? "##" : "## " + $0 }
      let body = definition.source.slice(definition.span)
      let code = body.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.hasPrefix("##") }
      return (documentation + code.map(String.init)).joined(separator: "\n")
    }
    guard let binding = environment.binding(name) else { return nil }
    return "let \(name) = \(binding.source.slice(binding.query.span))"
  }

  /// Where the numbers of a measure or a dataset come from: source, release, licence and years of each dataset.
  public func provenance(of name: String) -> String? {
    let catalog = engine.catalog
    let datasets = catalog.dataset(named: name).map { [$0] } ?? catalog.datasets.filter { $0.publishes(name) }
    if datasets.isEmpty { return nil }
    return datasets.map { dataset in
      let years = Self.span(of: dataset.years)
      return """
        \(dataset.name)  \(dataset.country) \(years)
          \(dataset.title)
          source   \(dataset.source), \(dataset.release)
          licence  \(dataset.licence)
        """
    }.joined(separator: "\n")
  }

  /// The datasets whose name, title, source or measures have each word of `text`, one line each; nil when none has.
  public func datasets(matching text: String = "") -> String? {
    let words = fold(text).split(separator: " ")
    let found = engine.catalog.datasets.filter { dataset in
      let all = fold(
        ([dataset.name, dataset.title, dataset.source, dataset.country] + dataset.measureNames).joined(separator: " "))
      return words.allSatisfy { all.contains($0) }
    }
    if found.isEmpty { return nil }
    let width = found.map(\.name.count).max() ?? 0
    return found.map { dataset in
      let name = dataset.name + String(repeating: " ", count: width - dataset.name.count)
      return "\(name)  \(dataset.span)  \(dataset.title)"
    }.joined(separator: "\n")
  }

  /// The members of a level, those whose name, code or alias has each word of `text`; nil when there is no such level.
  ///
  /// - Parameter limit: More than this many are counted, not listed.
  public func members(of level: String, matching text: String = "", limit: Int = 40) -> String? {
    guard let level = Level(word: level), level.dimension != .period else { return nil }
    let words = fold(text).split(separator: " ")
    let found = engine.catalog.list(level).members.filter { member in
      let names = fold(([member.code, member.name, member.abbreviation] + member.aliases).joined(separator: " "))
      return words.allSatisfy { names.contains($0) }
    }
    if found.isEmpty { return "no \(level.singular) has \(words.joined(separator: " and ")) in its name" }
    let width = found.prefix(limit).map(\.code.count).max() ?? 0
    let lines = found.prefix(limit).map { member in
      let aliases = member.aliases.isEmpty ? "" : "  (\(member.aliases.prefix(3).joined(separator: "; ")))"
      return member.code + String(repeating: " ", count: width - member.code.count + 2) + member.name + aliases
    }
    let more = found.count > limit ? ["… \(found.count - limit) more"] : []
    return (lines + more).joined(separator: "\n")
  }

  /// Where and when a measure is published, one line per dataset; nil when no dataset has it (there).
  ///
  /// - Parameter country: Name or code of a country, empty for all.
  public func availability(of measure: String, in country: String = "") -> String? {
    let catalog = engine.catalog
    var code: String?
    if !country.isEmpty {
      guard let found = catalog.list(.country).find(country).first else { return nil }
      code = found.code
    }
    let datasets = catalog.datasets.filter { dataset in
      dataset.publishes(measure) && (code.map { dataset.answers($0) } ?? true)
    }
    if datasets.isEmpty { return nil }
    let width = datasets.map(\.name.count).max() ?? 0
    return datasets.map { dataset in
      let years = Self.span(of: dataset.years)
      let levels = (dataset.regionLevels + dataset.activityLevels).map(\.rawValue).joined(separator: " ")
      let name = dataset.name + String(repeating: " ", count: width - dataset.name.count)
      return "\(name)  \(dataset.country)  \(years)  \(levels)"
    }.joined(separator: "\n")
  }

  /// `2003–2011`, or each year where some are left out between them.
  private static func span(of years: [Int]) -> String {
    guard let first = years.first, let last = years.last else { return "" }
    if years.count == 1 { return "\(first)" }
    return last - first + 1 == years.count ? "\(first)–\(last)" : years.map(String.init).joined(separator: ", ")
  }
}
