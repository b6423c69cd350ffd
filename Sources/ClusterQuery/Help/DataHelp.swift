internal import CQCatalog
internal import CQColumns
internal import CQSemantics

/// What `?us_cbp_state`, `?organisations` and `?employment` print, from manifests and from the facts themselves.
struct DataHelp {
  let catalog: Catalog

  // MARK: - Datasets

  func text(_ dataset: Dataset) -> String {
    var lines = ["\(dataset.name): \(dataset.title)", ""]
    func add(_ label: String, _ text: String) {
      guard !text.isEmpty else { return }
      lines.append(label + String(repeating: " ", count: max(1, 11 - label.count)) + text)
    }
    add("source", dataset.source)
    add("release", dataset.release)
    add("licence", dataset.licence)
    add("cite", dataset.citation)
    add("see", dataset.address)
    add("country", Self.countryName(dataset, catalog))
    add("years", Self.periods(dataset.periods))
    let coverage = try? Coverage(of: dataset, in: catalog)
    add("places", Self.counts(coverage?.places ?? [], levels: dataset.regionLevels))
    add("activities", Self.counts(coverage?.activities ?? [], levels: dataset.activityLevels))
    for vintage in dataset.vintages {
      add(dataset.scheme.uppercased(), "\(vintage.vintage) in \(Self.span(vintage.years))")
    }
    if let delineation = dataset.delineation { add("metros", "as delineated in \(delineation)") }
    for span in dataset.comparableSpans {
      let levels = span.levels.contains("*") ? "" : " (\(span.levels.sorted().joined(separator: ", ")))"
      add("comparable", Self.span(span.years) + levels)
    }
    let width = max(14, dataset.measureNames.map(\.count).max() ?? 0) + 2
    lines += ["", "measures"] + dataset.measures.map { "  " + Self.line(of: $0, in: dataset, coverage, width: width) }
    let notes = [Self.meaningOfAbsence(dataset)] + dataset.notes
    lines += ["", "notes"] + notes.map { "  " + $0 }
    return lines.joined(separator: "\n")
  }

  /// `employment   Employment, persons, 2003–2011; 12.3% of cells estimated`
  private static func line(of measure: Measure, in dataset: Dataset, _ coverage: Coverage?, width: Int) -> String {
    var text = measure.label
    let unit = unit(of: measure)
    if !unit.isEmpty { text += ", \(unit)" }
    if measure.periods != dataset.periods { text += ", \(periods(measure.periods))" }
    if let cells = coverage?.cells[measure.name] {
      let states = withheld(cells)
      if !states.isEmpty { text += "; \(states)" }
    }
    let name = measure.name
    return name + String(repeating: " ", count: max(2, width - name.count)) + text
  }

  static func unit(of measure: Measure) -> String {
    let unit = measure.quantity.unitName
    return measure.priceYear.map { "\(unit) of \($0)" } ?? unit
  }

  /// `12.3% of cells estimated, 0.1% withheld`; empty where every cell is published.
  static func withheld(_ cells: Coverage.Cells) -> String {
    guard cells.count > 0 else { return "" }
    var parts: [String] = []
    for (count, word) in [(cells.estimated, "estimated"), (cells.withheld, "withheld"), (cells.missing, "missing")]
    where count > 0 {
      let tenths = (Double(count) * 1_000 / Double(cells.count)).rounded()
      let share = tenths == 0 ? "under 0.1" : "\(tenths / 10)"
      parts.append("\(share)%\(parts.isEmpty ? " of cells" : "") \(word)")
    }
    return parts.joined(separator: ", ")
  }

  static func countryName(_ dataset: Dataset, _ catalog: Catalog) -> String {
    catalog.list(.country).member(code: dataset.country, country: dataset.country)?.name ?? dataset.country
  }

  static func meaningOfAbsence(_ dataset: Dataset) -> String {
    let cell = dataset.absentIsZero ? "A cell that is not listed is zero." : "A cell that is not listed is missing."
    return dataset.hasTotal ? cell : cell + " The source publishes no total of all activities."
  }

  /// `51 states, 67 clusters`; levels that are derived rather than counted come after.
  static func counts(_ counts: [(level: Level, count: Int)], levels: [Level]) -> String {
    let known = counts.map { entry in
      "\(entry.count.grouped) \(entry.count == 1 ? entry.level.singular : entry.level.plural)"
    }
    let derived = levels.filter { level in !counts.contains { $0.level == level } }
    let others = derived.isEmpty ? [] : ["also by " + derived.map(\.rawValue).joined(separator: ", ")]
    return (known + others).joined(separator: ", ")
  }

  /// `2003–2011`, `1998, 2003, 2008`, `2010 Q1–2025 Q2`.
  static func periods(_ periods: [Int]) -> String {
    let years = periods.filter { Period.quarter(of: $0) == nil }
    let quarters = periods.filter { Period.quarter(of: $0) != nil }
    var parts: [String] = []
    if let first = years.first, let last = years.last {
      let isWhole = last - first == years.count - 1
      parts.append(
        isWhole || years.count > 12
          ? span(first...last) : years.map { "\($0)" }.joined(separator: ", "))
    }
    if let first = quarters.first, let last = quarters.last {
      parts.append("\(name(ofQuarter: first))–\(name(ofQuarter: last))")
    }
    return parts.joined(separator: " and ")
  }

  private static func name(ofQuarter code: Int) -> String {
    "\(Period.year(of: code)) Q\(Period.quarter(of: code) ?? 0)"
  }

  static func span(_ years: ClosedRange<Int>) -> String {
    years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound)–\(years.upperBound)"
  }

  // MARK: - Tables, measures, levels

  func text(_ table: PlainTable) -> String {
    let content = table.content
    var lines = ["\(table.name): \(table.title)", "", "a plain table of \(content.rowCount.grouped) rows", ""]
    lines.append("source     \(table.source)")
    lines.append("licence    \(table.licence)")
    if !content.citation.isEmpty { lines.append("cite       \(content.citation)") }
    lines += ["", "columns"]
    for column in content.columns {
      let meaning = Self.meaning(of: column)
      lines.append("  \(column.name)" + (meaning.isEmpty ? "" : ", \(meaning)"))
    }
    if !content.notes.isEmpty { lines += ["", "notes"] + content.notes.map { "  " + $0 } }
    lines += ["", "example: \(table.name) | first 5"]
    return lines.joined(separator: "\n")
  }

  /// `members of state in MX`, `in MW`; empty for a plain text.
  static func meaning(of column: PlainTable.Column) -> String {
    if let level = column.level { return level.plural + (column.country.isEmpty ? "" : " of \(column.country)") }
    return column.unit.isEmpty ? "" : "in \(column.unit)"
  }

  func text(_ measure: Measure) -> String {
    let rows = catalog.datasets(publishing: measure.name).map { dataset -> String in
      let published = dataset.measure(named: measure.name)
      let unit = published.map { Self.unit(of: $0) } ?? ""
      return "  \(dataset.name)  \(Self.periods(published?.periods ?? dataset.periods))  \(dataset.title)"
        + (unit.isEmpty ? "" : " (\(unit))")
    }
    let adds = measure.additive.map(\.rawValue).sorted().joined(separator: " and ")
    let unit = measure.quantity.unitName
    return """
      \(measure.name)(by:, in:, year:, …)

      \(measure.label)\(unit.isEmpty ? "" : ", in \(unit)").
      \(adds.isEmpty ? "Its values are never added up." : "It adds up over \(adds), not over time.")

      published by
      \(rows.joined(separator: "\n"))
      """
  }

  func text(_ level: Level) -> String? {
    guard level.dimension != .period else { return nil }
    let list = catalog.list(level)
    guard let first = list.members.first else { return nil }
    let publishers = catalog.datasets.filter { ($0.regionLevels + $0.activityLevels).contains(level) }
    return """
      \(level.rawValue): a level of \(level.dimension == .region ? "places" : "activities")

      \(Self.membersByOwner(list))
      for example \(level.rawValue):"\(first.name)"; members(\(level.rawValue)) lists them

      published by \(publishers.map(\.name).joined(separator: " "))
      """
  }

  /// `96 states: 51 of US, 32 of MX, 13 of CA`.
  static func membersByOwner(_ list: MemberList) -> String {
    let total = "\(list.members.count.grouped) \(list.members.count == 1 ? list.level.singular : list.level.plural)"
    guard list.level != .country else { return total }
    let owners = Dictionary(grouping: list.members, by: \.country).mapValues(\.count)
    guard owners.count > 1 || owners.keys.first?.isEmpty == false else { return total }
    let parts = owners.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { owner, count in
      "\(count.grouped) of \(owner.isEmpty ? "NAICS" : owner)"
    }
    return "\(total): \(parts.joined(separator: ", "))"
  }
}
