internal import CQCatalog
internal import CQColumns
internal import CQSemantics
internal import CQSyntax

// Slots and their values, and the arguments of verbs.

extension Completer {
  /// What the slots of every measure are for.
  private static let slotNotes: [String: String] = [
    "by": "what becomes the rows: by:state, by:[state, year]", "in": "the area that rows are taken from",
    "vs": "the area to compare with", "among": "the activities that make up the whole",
    "over": "the level to add up over", "year": "a year or a range: 2020, 2010..2020",
    "quarter": "2020Q1, 2019Q1..2020Q4",
    "data": "the dataset", "suppressed": "what to do with withheld cells", "region": "a place of any level",
    "activity": "an activity of any level", "clip": "cut areas at state lines",
  ]

  private static let slotOrder = ["by", "in", "year", "vs", "among", "data", "suppressed"]

  // MARK: - Behind `(` and `,`

  func argumentWords(of owner: CompletionPlace.Owner, _ place: CompletionPlace, _ matcher: WordMatcher) -> [Candidate] {
    switch owner {
    case .call(let name, _): matcher.matches(callArguments(name, owner, place))
    case .stage(let verb, let node, let query): stageArguments(fold(verb), node, query, owner, place, matcher)
    }
  }

  private static let fileSlots: [(name: String, note: String)] = [
    ("bad_rows", "skip leaves out rows of wrong width"), ("decimal", "comma or point"),
    ("encoding", "latin1 or utf8"), ("header", "false: the first line is no names"),
    ("missing", "further marks of missing numbers: [\"closed\"]"), ("separator", "between fields: \";\""),
    ("skip_lines", "lines above the names"), ("table", "of a database"), ("text", "columns of codes: [fips]"),
    ("withheld", "further marks of withheld numbers: [\"(L)\"]"),
  ]
  private static let datasetSlots: [(name: String, note: String)] = [
    ("region", "the column of places of several levels"), ("activity", "the column of codes of several levels"),
    ("flows", "measures that add up over time"), ("averages", "measures that never add up"),
    ("in", "the country of the places"), ("vintage", "of the codes"), ("duplicates", "add: rows of finer detail"),
    ("absent", "zero: cells that are not listed"), ("title", "for headers"), ("source", "for source lines"),
  ]

  private func callArguments(_ name: String, _ owner: CompletionPlace.Owner, _ place: CompletionPlace) -> [Candidate] {
    let filled = Set(place.filledSlots(of: owner).map { fold($0) })
    let isFirst = place.argumentIndex(of: owner) == 0
    switch fold(name) {
    case "members": return isFirst ? levels : []
    case "open":
      if isFirst { return [] }
      let key = filled.contains("key") ? [] : [slot("key", "columns that name members: key:[state]")]
      return key + Self.fileSlots.filter { !filled.contains($0.name) }.map { slot($0.name, $0.note) }
    case "table": return slots(except: filled) + values(place)
    case "dataset":
      if isFirst { return [] }
      let bound = levels.map { slot($0.text, "the column with \(Level(word: $0.text)?.plural ?? "")") }
      let measured = catalog.measureNames.map { slot($0, "the column with the numbers of it") }
      let own = Self.datasetSlots + Self.fileSlots
      return (bound + measured + own.map { slot($0.name, $0.note) }).filter { !filled.contains(fold($0.text)) }
    case "columns": return (filled.contains("over") ? [] : [slot("over", Self.slotNotes["over"] ?? "")])
    case "estimate" where !isFirst: return [slot("method", "midpoint")]
    case "convert" where !isFirst:
      return [slot("to", "a currency: USD, MXN, CAD"), slot("rate", "a number or a table")]
    default: break
    }
    if let definition = environment.definition(name) {
      let own = definition.statement.parameters.filter { !filled.contains(fold($0.name.text)) }.map { parameter in
        let note = parameter.defaultValue.map { "\(definition.source.slice($0.span)) where it is left out" }
        return slot(parameter.name.text, note ?? "must be given")
      }
      let names = Set(definition.statement.parameters.map { fold($0.name.text) })
      let takesValue = isFirst && definition.statement.parameters.first.map { isMeasure($0) } ?? false
      return own + slots(except: filled.union(names)) + (takesValue ? values(place) : [])
    }
    if catalog.measure(named: name) != nil { return slots(except: filled) }
    // Functions and aggregates take expressions, and behind them the slots of a cell.
    var columns: [Candidate] = []
    if case .stage(_, let node, let query?)? = enclosingStage(place) {
      columns = columnCandidates(before: node, of: query, place)
    }
    let over = filled.contains("over") || isFirst ? [] : [slot("over", Self.slotNotes["over"] ?? "")]
    return columns + over + values(place)
  }

  private func slot(_ name: String, _ note: String) -> Candidate {
    Candidate(name, suffix: ":", kind: .slot, note: note)
  }

  /// The slots of a table: the usual ones, then one for each level that some dataset has.
  private func slots(except filled: Set<String>) -> [Candidate] {
    let general = Self.slotOrder.map { slot($0, Self.slotNotes[$0] ?? "") }
    let ofLevels = levels.filter { Level(word: $0.text)?.dimension != .period }.map { level in
      slot(level.text, "one or several \(Level(word: level.text)?.plural ?? "")")
    }
    let others = ["region", "activity", "quarter", "clip"].map { slot($0, Self.slotNotes[$0] ?? "") }
    return (general + ofLevels + others).filter { !filled.contains(fold($0.text)) }
  }

  // MARK: - Arguments of verbs

  private func stageArguments(
    _ verb: String, _ node: SyntaxNode, _ query: SyntaxNode?, _ owner: CompletionPlace.Owner, _ place: CompletionPlace,
    _ matcher: WordMatcher
  ) -> [Candidate] {
    let columns = query.map { columnCandidates(before: node, of: $0, place) } ?? []
    let index = place.argumentIndex(of: owner)
    let filled = Set(place.filledSlots(of: owner).map { fold($0) })
    func slots(_ names: [(String, String)]) -> [Candidate] {
      names.filter { !filled.contains($0.0) }.map { slot($0.0, $0.1) }
    }
    let grouping = slots([("by", "groups: a column or a level")])
    if let definition = environment.definition(verb), definition.isVerb {
      let own = definition.statement.parameters.filter { !filled.contains(fold($0.name.text)) }
      return matcher.matches(own.map { slot($0.name.text, "") } + columns)
    }
    switch verb {
    case "top", "bottom": return matcher.matches(index == 0 ? [] : slots([("by", "the column that decides")]))
    case "first", "describe", "note", "save": return []
    case "select", "drop", "rename", "sort": return matcher.matches(columns)
    case "rank", "share": return matcher.matches(index == 0 ? columns : grouping)
    case "where", "derive": return matcher.matches(columns + values(place))
    case "summarize": return matcher.matches(grouping + columns + functions)
    case "pivot": return matcher.matches(index == 0 ? columns : slots([("values", "the columns that are spread")]))
    case "unpivot": return matcher.matches(columns)
    case "compare": return matcher.matches(index == 0 ? columns.filter { Level(word: $0.text) != nil } : [])
    case "join", "append":
      let options =
        verb == "join" && index > 0 ? slots([("on", "the columns that match"), ("keep", "left, matched or all")]) : []
      return matcher.matches(index == 0 ? bindings + sources(place) : options)
    case "chart", "map":
      let kinds = Elaborator.chartKinds.map { Candidate($0, kind: .value) }
      let options = (Elaborator.pictureSlots[verb] ?? []).filter { !filled.contains($0) }.map { slot($0, "") }
      let first = verb == "chart" ? kinds : columns
      return matcher.matches((index == 0 ? first : []) + options)
    default: return matcher.matches(columns)
    }
  }

  // MARK: - Values of slots

  func slotValues(
    _ slot: String, of owner: CompletionPlace.Owner, _ place: CompletionPlace, _ matcher: WordMatcher
  ) -> [Candidate] {
    if case .stage(let verb, let node, let query) = owner {
      return stageSlotValues(slot, fold(verb), node, query, place, matcher)
    }
    switch slot {
    case "by":
      let chosen = Set((place.innermost(.list)?.node.nodes.map { fold(place.source.slice($0.span)) }) ?? [])
      return levelWords(matcher) { !chosen.contains(fold($0)) }
    case "over": return levelWords(matcher) { Level(word: $0)?.dimension != .period }
    case "clip": return matcher.matches([Candidate("state", kind: .level, note: "places")])
    case "data": return matcher.matches(datasets(of: owner))
    case "year": return matcher.matches(years(of: owner, place))
    case "quarter": return matcher.matches(["all", "latest"].map { Candidate($0, kind: .value) })
    case "suppressed": return matcher.matches(SuppressionPolicy.allCases.map { Candidate($0.rawValue, kind: .value) })
    case "key":
      return matcher.matches(levels.filter { Level(word: $0.text)?.dimension != .period })
    default: break
    }
    if let levels = memberLevels(ofSlot: slot, of: owner) {
      let isActivity = levels.contains { $0.dimension == .activity }
      let sets = (isActivity ? ["all", "traded", "local"] : ["all"]).map { Candidate($0, kind: .value) }
      let words = matcher.matches(sets + bindings + parameters(place))
      return words + (place.typed.isEmpty ? [] : members(of: levels, place, owner: owner, quotes: true))
    }
    guard case .call(let name, _) = owner,
      let parameter = environment.definition(name)?.statement.parameters.first(where: { fold($0.name.text) == slot })
    else { return expressions(place) }
    if isLevel(parameter) { return levelWords(matcher) { _ in true } }
    return isMeasure(parameter) ? expressions(place) : matcher.matches(bindings + parameters(place))
  }

  /// Levels by their own words; by those of single countries where nothing else fits.
  private func levelWords(_ matcher: WordMatcher, _ isWanted: (String) -> Bool) -> [Candidate] {
    let found = matcher.matches(levels.filter { isWanted($0.text) })
    if !found.isEmpty { return found }
    let others = Level.words.filter { $0 != Level(word: $0)?.rawValue && isWanted($0) }
    return matcher.matches(others.map { Candidate($0, kind: .level, note: Level(word: $0)?.plural ?? "") })
  }

  private func stageSlotValues(
    _ slot: String, _ verb: String, _ node: SyntaxNode, _ query: SyntaxNode?, _ place: CompletionPlace,
    _ matcher: WordMatcher
  ) -> [Candidate] {
    switch (verb, slot) {
    case ("join", "keep"): return matcher.matches(["left", "matched", "all"].map { Candidate($0, kind: .value) })
    case (_, "title"): return []
    case (_, "classes"):
      return matcher.matches(Picture.ClassScheme.allCases.map { Candidate($0.rawValue, kind: .value) })
    default:
      guard let query else { return expressions(place) }
      let columns = columnCandidates(before: node, of: query, place)
      return matcher.matches(columns)
    }
  }

  /// Datasets that publish what the call asks for; all where it is no measure.
  private func datasets(of owner: CompletionPlace.Owner) -> [Candidate] {
    sources(of: owner).map { Candidate($0.name, kind: .dataset, note: "\($0.span) \($0.title)") }
  }

  private func sources(of owner: CompletionPlace.Owner) -> [Dataset] {
    guard case .call(let name, _) = owner else { return catalog.datasets }
    if catalog.measure(named: name) != nil { return catalog.datasets(publishing: name) }
    if let first = environment.definition(name)?.statement.parameters.first,
      case .name(let of)? = first.defaultValue?.kind,
      catalog.measure(named: of) != nil
    {
      return catalog.datasets(publishing: of)
    }
    return catalog.datasets
  }

  /// The years of the dataset that `data:` picks, else of those of the country that the call asks about, latest first.
  private func years(of owner: CompletionPlace.Owner, _ place: CompletionPlace) -> [Candidate] {
    var datasets = sources(of: owner)
    if let name = place.value(of: "data", in: owner), let chosen = catalog.dataset(named: name) {
      datasets = [chosen]
    } else {
      let countries = self.countries(of: owner, place)
      datasets = datasets.filter { countries.contains($0.country) }
    }
    let range = place.innermost(.range)?.node
    let low = range?.firstNode.flatMap { Int(place.source.slice($0.span)) } ?? 0
    let known = Set(datasets.flatMap(\.years)).sorted(by: >).filter { $0 > low || range == nil }
    let words = range == nil && place.typed.isEmpty ? [Candidate("latest", kind: .value, note: "the latest year")] : []
    return words
      + known.map { year in
        let names = datasets.filter { $0.years.contains(year) }.map(\.name)
        return Candidate("\(year)", kind: .value, note: names.prefix(3).joined(separator: ", "))
      }
  }

  /// Codes of the countries whose places and datasets a call means.
  func countries(of owner: CompletionPlace.Owner?, _ place: CompletionPlace) -> [String] {
    let own = area.members.map(\.country)
    guard let owner, let text = place.value(of: "in", in: owner) else { return own }
    let name = text.filter { $0 != "\"" && $0 != "'" }
    if let country = catalog.list(.country).find(name).first { return [country.code] }
    for level in [Level.state, .metro, .county] {
      if let member = catalog.list(level).find(name).first { return [member.country] }
    }
    return own
  }

  // MARK: - Kinds of parameters

  private func isLevel(_ parameter: DefStatement.Parameter) -> Bool { fold(parameter.kind?.text ?? "") == "level" }

  private func isMeasure(_ parameter: DefStatement.Parameter) -> Bool {
    if let kind = parameter.kind { return ["measure", "number", "percent", "money"].contains(fold(kind.text)) }
    guard case .name(let name)? = parameter.defaultValue?.kind else { return parameter.defaultValue == nil }
    return catalog.measure(named: name) != nil || environment.definition(name) != nil
  }

  /// The levels whose members a parameter of a definition stands for.
  func memberLevels(of parameter: DefStatement.Parameter) -> [Level]? {
    switch fold(parameter.kind?.text ?? "") {
    case "region": return Level.places
    case "activity": return Level.activities
    default: break
    }
    if case .all? = parameter.defaultValue?.kind { return Level.activities }
    return nil
  }

  /// The levels whose members a slot of a call takes; nil when it takes none.
  func memberLevels(ofSlot slot: String, of owner: CompletionPlace.Owner) -> [Level]? {
    switch slot {
    case "in", "region", "vs": return Level.places
    case "activity", "among": return Level.activities
    default: break
    }
    if case .call(let name, _) = owner,
      let parameter = environment.definition(name)?.statement.parameters.first(where: { fold($0.name.text) == slot })
    {
      return memberLevels(of: parameter)
    }
    guard let level = Level(word: slot), level.dimension != .period else { return nil }
    return [level]
  }
}
