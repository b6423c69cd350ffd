internal import CQCatalog
internal import CQColumns

/// `Docs/data.md`: a section for each dataset, plain table and level, made from the data themselves.
package struct DataReference {
  private let catalog: Catalog

  package init(_ engine: Engine) { catalog = engine.catalog }

  package var text: String {
    var parts = [introduction, overview]
    parts.append("## Datasets")
    parts += catalog.datasets.map { section($0) }
    if !catalog.tables.isEmpty {
      parts.append("## Plain tables")
      parts += catalog.tables.map { section($0) }
    }
    parts.append("## Levels and their members")
    parts += Level.allCases.compactMap { section($0) }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private let introduction = """
    # The data

    What is bundled: where it comes from, what it covers, how much of it is withheld. This file is made from the data
    (a test rewrites it with `UPDATE_SNAPSHOTS=1`); `?name` prints the same in a session.

    A query that names no dataset takes the first of this list that has its measures, levels and years, for each of its
    countries: usual datasets before partial ones (whose rows do not add up to the whole) and before those that mean
    something wider, then the latest, then the one with more levels of activities, then by name. `data:` picks one.
    """

  private var overview: String {
    let rows = catalog.datasets.map { dataset in
      "| [\(dataset.name)](#\(dataset.name)) | \(DataHelp.countryName(dataset, catalog)) | "
        + "\(words(dataset.regionLevels)) | \(words(dataset.activityLevels)) | \(DataHelp.periods(dataset.periods)) | "
        + "\(code(dataset.measureNames)) |"
    }
    return """
      | dataset | country | places | activities | years | measures |
      |---|---|---|---|---|---|
      \(rows.joined(separator: "\n"))
      """
  }

  // MARK: - Datasets

  private func section(_ dataset: Dataset) -> String {
    let coverage = try? Coverage(of: dataset, in: catalog)
    var facts: [(String, String)] = [
      ("source", dataset.source), ("release", dataset.release), ("licence", dataset.licence),
      ("cite", dataset.citation), ("see", dataset.address), ("country", DataHelp.countryName(dataset, catalog)),
      ("years", DataHelp.periods(dataset.periods)),
      ("places", DataHelp.counts(coverage?.places ?? [], levels: dataset.regionLevels)),
      ("activities", DataHelp.counts(coverage?.activities ?? [], levels: dataset.activityLevels)),
      ("rows", dataset.rowCount.grouped), ("tried", Self.precedence(dataset)),
    ]
    let vintages = dataset.vintages.map { "\($0.vintage) in \(DataHelp.span($0.years))" }
    if !vintages.isEmpty {
      facts.append(("classification", "\(dataset.scheme.uppercased()) \(vintages.joined(separator: ", "))"))
    }
    if let delineation = dataset.delineation { facts.append(("metros", "as delineated in \(delineation)")) }
    let spans = dataset.comparableSpans.map { span in
      DataHelp.span(span.years)
        + (span.levels.contains("*") ? "" : " (\(span.levels.sorted().joined(separator: ", ")))")
    }
    if !spans.isEmpty { facts.append(("growth is sound within", spans.joined(separator: ", "))) }
    let measures = dataset.measures.map { measure in
      let cells = coverage?.cells[measure.name]
      let adds = measure.additive.map(\.rawValue).sorted().joined(separator: ", ")
      return "| `\(measure.name)` | \(cell(measure.label)) | \(cell(DataHelp.unit(of: measure))) | "
        + "\(DataHelp.periods(measure.periods)) | \(adds.isEmpty ? "never" : adds) | "
        + "\(cells.map { DataHelp.withheld($0) } ?? "") |"
    }
    let notes = ([DataHelp.meaningOfAbsence(dataset)] + dataset.notes).map { "* \($0)" }
    return """
      ### \(dataset.name)

      **\(dataset.title)**

      \(table(facts))

      | measure | what it is | unit | years | adds up over | not published |
      |---|---|---|---|---|---|
      \(measures.joined(separator: "\n"))

      \(notes.joined(separator: "\n"))
      """
  }

  private static func precedence(_ dataset: Dataset) -> String {
    switch dataset.precedence {
    case 0: "among the usual ones"
    case 1: "after the usual ones: its rows do not add up to the whole"
    case 2: "after the usual ones: its measures mean something wider or unusual"
    default: "for countries that have no dataset of their own"
    }
  }

  // MARK: - Tables

  private func section(_ table: PlainTable) -> String {
    let content = table.content
    let facts: [(String, String)] = [
      ("source", table.source), ("licence", table.licence), ("cite", content.citation),
      ("rows", content.rowCount.grouped),
    ]
    let columns = content.columns.map { "| `\($0.name)` | \(cell(DataHelp.meaning(of: $0))) |" }
    let notes = content.notes.map { "* \($0)" }.joined(separator: "\n")
    return """
      ### \(table.name)

      **\(table.title)**

      \(self.table(facts))

      | column | holds |
      |---|---|
      \(columns.joined(separator: "\n"))

      ```cq
      \(table.name) | first 5
      ```
      """ + (notes.isEmpty ? "" : "\n\n" + notes)
  }

  // MARK: - Levels

  private func section(_ level: Level) -> String? {
    let list = catalog.list(level)
    guard let first = list.members.first else { return nil }
    let publishers = catalog.datasets.filter { ($0.regionLevels + $0.activityLevels).contains(level) }.map(\.name)
    let words = Level.words(for: level).map { "`\($0)`" }
    let owners = Dictionary(grouping: list.members.indices, by: { list.members[$0].country })
    // From each country or classification the member in the middle: the first are no examples of anything.
    let examples = owners.sorted { $0.key < $1.key }.prefix(4).map { list.members[$0.value[$0.value.count / 2]] }
    let rows = examples.map { member in
      "| \(cell(member.country)) | `\(member.code)` | \(cell(member.name)) | "
        + "\(cell(([member.abbreviation] + member.aliases).filter { !$0.isEmpty }.prefix(4).joined(separator: "; "))) |"
    }
    return """
      ### Level \(level.rawValue)

      \(DataHelp.membersByOwner(list)). Words for it: \(words.joined(separator: ", ")).
      \(publishers.isEmpty ? "No dataset publishes it." : "Published by \(code(publishers)).")

      | of | code | name | also called |
      |---|---|---|---|
      \(rows.joined(separator: "\n"))

      ```cq
      members(\(level.rawValue)) | where code == "\(first.code)"
      ```
      """
  }

  // MARK: - Markdown

  private func table(_ facts: [(String, String)]) -> String {
    "| | |\n|---|---|\n"
      + facts.filter { !$0.1.isEmpty }.map { "| \($0.0) | \(cell($0.1)) |" }.joined(separator: "\n")
  }

  private func words(_ levels: [Level]) -> String { code(levels.map(\.rawValue)) }

  private func code(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: " ") }

  /// Text in a cell of a table, where a bar would end the cell.
  private func cell(_ text: String) -> String { text.split(separator: "|").joined(separator: "\\|") }
}
