import CQColumns

// What a user's dataset says about itself, with the keys of the files of the catalogue.

extension DatasetBuilder {
  func metadata(_ facts: FactRows, _ report: DatasetReport) -> [(key: String, value: String)] {
    let levels = regionLevels(facts.places)
    var pairs: [(key: String, value: String)] = [
      ("cq.format", "1"), ("dataset", name), ("title", mapping.title.isEmpty ? path : mapping.title),
      ("source", mapping.source.isEmpty ? path : mapping.source), ("release", ""), ("licence", ""), ("citation", ""),
      ("url", ""), ("country", facts.places.country), ("scheme", facts.activities.scheme),
      ("levels.region", levels.map(\.rawValue).joined(separator: " ")),
      ("levels.activity", activityLevels(facts.activities).map(\.rawValue).joined(separator: " ")),
      ("vintages", vintages(facts)), ("absent", mapping.absentIsZero ? "zero" : "missing"),
      ("measures", mapping.measures.map(\.name).joined(separator: " ")), ("precedence", "9"),
      ("comparable", comparableSpans(facts)),
    ]
    if !facts.activities.codes.contains(ActivityTree.rootCode) { pairs.append(("total", "none")) }
    for measure in mapping.measures { pairs += metadata(of: measure, facts.places.country, facts) }
    for measure in mapping.measures where measure.name != measure.column {
      pairs.append(("import.column.\(measure.name)", measure.column))
    }
    for (index, note) in report.notes.enumerated() { pairs.append(("import.note.\(index + 1)", note)) }
    let coverage = coverage(facts.places, levels)
    if !coverage.isEmpty { pairs.append(("import.coverage", coverage)) }
    return pairs
  }

  private func regionLevels(_ places: Places) -> [Level] {
    let found = Set(places.members.map(\.level))
    return Level.places.filter { found.contains($0) }
  }

  /// The levels of the codes, and those above them: codes right below another are added up to it.
  private func activityLevels(_ activities: Activities) -> [Level] {
    var found: Set<Level> = []
    for vintage in Set(activities.vintageOfYear.values) {
      guard let tree = catalog.tree(scheme: activities.scheme, vintage: vintage) else { continue }
      for code in activities.codes {
        guard var node = tree.index(of: code) else { continue }
        while node != 0 {
          if let level = tree.levels[node] { found.insert(level) }
          node = Int(tree.parents[node])
        }
      }
    }
    return Level.activities.filter { found.contains($0) }
  }

  /// Runs of years with one vintage: `2003-2006:2002 2007-2011:2007`.
  private func vintageRuns(_ facts: FactRows) -> [(first: Int, last: Int, vintage: Int?)] {
    var runs: [(first: Int, last: Int, vintage: Int?)] = []
    for year in Set(facts.periods.map { Period.year(of: $0) }).sorted() {
      let vintage = facts.activities.vintageOfYear[year].flatMap { $0 }
      if let last = runs.last, last.vintage == vintage {
        runs[runs.count - 1].last = year
      } else {
        runs.append((year, year, vintage))
      }
    }
    return runs
  }

  private func vintages(_ facts: FactRows) -> String {
    vintageRuns(facts).compactMap { run in run.vintage.map { "\(run.first)-\(run.last):\($0)" } }.joined(separator: " ")
  }

  /// Growth is sound within one vintage, of all activities together over all years.
  private func comparableSpans(_ facts: FactRows) -> String {
    let runs = vintageRuns(facts)
    guard let first = runs.first, let last = runs.last else { return "" }
    var spans = runs.map { "\($0.first)-\($0.last):*" }
    if runs.count > 1 { spans.append("\(first.first)-\(last.last):all") }
    return spans.joined(separator: " ")
  }

  private func metadata(
    of measure: DatasetMapping.MeasureColumn, _ country: String, _ facts: FactRows
  ) -> [(key: String, value: String)] {
    let prefix = "measure.\(measure.name)."
    let known = catalog.measure(named: measure.name)
    var quantity = known?.quantity ?? .count(unit: "")
    var additive = known?.additive ?? [.region, .activity]
    switch measure.unit {
    case "": break
    case "%":
      quantity = .percent
      additive = []
    default: quantity = .money(currency: measure.unit)
    }
    if measure.unit.isEmpty, case .money = quantity {
      quantity = .money(currency: ["MX": "MXN", "CA": "CAD"][country] ?? "USD")
    }
    if mapping.averages.contains(measure.name) { additive = [] }
    if mapping.flows.contains(measure.name) { additive.formUnion([.region, .activity, .period]) }
    var pairs: [(key: String, value: String)] = [(prefix + "label", known?.label ?? measure.name)]
    switch quantity {
    case .money(let currency):
      pairs += [(prefix + "unit", currency), (prefix + "quantity", "money"), (prefix + "currency", currency)]
    case .percent: pairs += [(prefix + "unit", "percent"), (prefix + "quantity", "percent")]
    case .ratio, .mixed: pairs += [(prefix + "unit", ""), (prefix + "quantity", "ratio")]
    case .count(let unit): pairs += [(prefix + "unit", unit), (prefix + "quantity", "count")]
    }
    let scale =
      measure.factor == measure.factor.rounded() && measure.factor.magnitude < 1e15
      ? "\(Int(measure.factor))" : "\(measure.factor)"
    pairs.append((prefix + "scale", scale))
    let words = [Dimension.region, .activity, .period].filter { additive.contains($0) }.map(\.rawValue)
    pairs.append((prefix + "additive", words.joined(separator: " ")))
    if facts.hasStates(measure) { pairs.append((prefix + "state", measure.name + ".state")) }
    if facts.hasCovers { pairs.append((prefix + "cover", measure.name + ".cover")) }
    return pairs
  }

  /// `5 of 51 states` where totals of the country are sums of what the file has.
  private func coverage(_ places: Places, _ levels: [Level]) -> String {
    guard let level = levels.first, level != .country else { return "" }
    let all = catalog.list(level).members.count { $0.country == places.country }
    let mine = places.members.count { $0.level == level }
    return mine < all ? "\(mine) of \(all) \(level.plural)" : ""
  }
}
