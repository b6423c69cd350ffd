import CQCatalog
import CQSource

// Which datasets answer a table: one for each of its countries, in the documented order; a measure that none of a
// country's datasets has together with the others comes from its own.

extension Elaborator {
  /// Codes of the countries of the rows, in the order of `in:`.
  func rowCountries(of builder: FrameBuilder) -> [String] {
    let ofArea = places.countries(of: builder.area)
    guard let regions = builder.regions else { return ofArea }
    let picked = places.countries(of: regions)
    let common = picked.filter { ofArea.contains($0) }
    return common.isEmpty ? picked : common
  }

  /// One source per country and measure; nil when a diagnostic was given.
  func sources(for builder: FrameBuilder, _ rowCountries: [String]) -> [FrameSource]? {
    var countries = rowCountries
    if case .area(let set) = builder.base, builder.usesBase { countries += places.countries(of: set) }
    countries += builder.otherCountries
    countries = countries.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    // A long script asks for much the same again and again, and every choice asks dozens of datasets.
    let key = ChoiceKey(builder, countries)
    if let known = chosenSources[key] { return known }
    guard let chosen = chosenSources(for: builder, countries) else { return nil }
    chosenSources[key] = chosen
    return chosen
  }

  /// All that the choice of datasets depends on.
  struct ChoiceKey: Hashable {
    private let countries: [String]
    private let datasets: [String]
    private let measures: [String]
    private let levels: [Level]
    private let activityLevels: Set<Level>
    private let overLevels: Set<Level>
    private let splitMeasures: Set<String>
    private let placeLevels: [String]
    private let clipsToStates: Bool
    private let years: ClosedRange<Int>?
    private let fixedYears: [Int]
    private let growsByDefault: Bool

    init(_ builder: FrameBuilder, _ countries: [String]) {
      self.countries = countries
      datasets = builder.datasets.map(\.value.name)
      measures = builder.measures.reduce(into: []) { if !$0.contains($1.value) { $0.append($1.value) } }
      levels = builder.levels
      activityLevels = builder.activityLevels
      overLevels = builder.overLevels
      splitMeasures = builder.splitMeasures
      let picked = builder.area.members + (builder.regions?.members ?? [])
      placeLevels = picked.reduce(into: []) { found, place in
        if place.level == .country { return }
        let level = "\(place.country) \(place.level.rawValue)"
        if !found.contains(level) { found.append(level) }
      }
      clipsToStates = builder.clipsToStates
      years = builder.years?.value
      fixedYears = builder.fixedYears.reduce(into: []) { if !$0.contains($1.value) { $0.append($1.value) } }
      growsByDefault = builder.defaultRangeUse != nil
    }
  }

  private func chosenSources(for builder: FrameBuilder, _ countries: [String]) -> [FrameSource]? {
    guard let choices = choices(builder, countries) else { return nil }
    var sources: [FrameSource] = []
    for (country, choices) in zip(countries, choices) {
      for choice in choices {
        let index = sources.firstIndex { $0.dataset.name == choice.dataset.name && $0.periods == choice.periods }
        if let index {
          sources[index].countries.insert(country)
          sources[index].measures.formUnion(choice.measures)
        } else {
          sources.append(
            FrameSource(
              dataset: choice.dataset, countries: [country], measures: choice.measures, periods: choice.periods))
        }
      }
    }
    return sources
  }

  /// A dataset with the measures that it answers for and the periods that have all that is asked of it.
  struct Choice {
    var dataset: Dataset
    var measures: Set<String>
    var periods: [Int]
  }

  /// Rows of countries that have no dataset of their own are compared within one that has all countries.
  private func needsWorld(_ countries: [String]) -> Bool {
    let own = Set(catalog.datasets.map(\.country))
    return countries.contains { !own.contains($0) }
  }

  /// The datasets of each country. Rows that only the world's dataset has are compared within it, with all others.
  private func choices(_ builder: FrameBuilder, _ countries: [String]) -> [[Choice]]? {
    if needsWorld(countries) {
      guard let first = countries.first, let shared = choices(builder, first, "world") else { return nil }
      return countries.map { _ in shared }
    }
    if builder.activityLevels.contains(.industry), countries.count > 1,
      let shared = sharingLines(builder, countries)
    {
      return shared
    }
    var found: [[Choice]] = []
    for country in countries {
      guard let choices = choices(builder, country, country) else { return nil }
      found.append(choices)
    }
    let all = found.joined()
    if builder.datasets.isEmpty, let world = all.first(where: { $0.dataset.country == "world" })?.dataset,
      all.contains(where: { $0.dataset.country != "world" })
    {
      let measures = all.reduce(into: Set<String>()) { $0.formUnion($1.measures) }.sorted()
      if countries.allSatisfy({ obstacle(builder, world, $0, measures) == nil }) {
        return countries.map { _ in [choice(builder, world, countries[0], measures)] }
      }
    }
    return found
  }

  /// Lines of a source's own are only the same lines in another country where both datasets use one list of them.
  private func sharingLines(_ builder: FrameBuilder, _ countries: [String]) -> [[Choice]]? {
    let candidates = builder.datasets.isEmpty ? catalog.datasets : builder.datasets.map(\.value)
    let measures = builder.measures.map(\.value)
    let fitting = countries.map { country in
      candidates.filter { obstacle(builder, $0, country, measures) == nil }
    }
    guard
      let scheme = fitting[0].first(where: { dataset in
        fitting.allSatisfy { $0.contains { $0.scheme == dataset.scheme } }
      })?.scheme
    else { return nil }
    return fitting.compactMap { datasets in
      datasets.first { $0.scheme == scheme }.map { [choice(builder, $0, countries[0], measures)] }
    }
  }

  private func choices(_ builder: FrameBuilder, _ country: String, _ key: String) -> [Choice]? {
    var candidates = builder.datasets.isEmpty ? catalog.datasets : builder.datasets.map(\.value)
    if key == "world", builder.datasets.isEmpty { candidates = candidates.filter { $0.country == "world" } }
    var measures: [String] = []
    for use in builder.measures where !measures.contains(use.value) { measures.append(use.value) }
    for dataset in candidates where obstacle(builder, dataset, country, measures) == nil {
      return [choice(builder, dataset, country, measures)]
    }
    if measures.count > 1, let several = separateChoices(builder, candidates, country, measures) {
      let common = several.dropFirst().reduce(Set(several[0].periods)) { $0.intersection($1.periods) }
      if !common.isEmpty { return several }
      let spans = several.map { ($0.dataset.name, periodList($0.periods)) }
      report(.measuresShareNoYear(measures, spans, at: builder.measures.first?.span ?? builder.span))
      return nil
    }
    // The dataset that comes closest explains best what is missing.
    let obstacles = candidates.compactMap { dataset in
      obstacle(builder, dataset, country, measures).map { (dataset, $0) }
    }
    func nearness(_ dataset: Dataset, _ obstacle: Obstacle) -> (Int, Int) {
      let levels = builder.activityLevels.union(builder.levels)
      return (obstacle.progress, levels.count { hasLevel(dataset, $0, country) })
    }
    guard let nearest = obstacles.max(by: { nearness($0.0, $0.1) < nearness($1.0, $1.1) }) else {
      report(.noData("any measure", at: builder.span, notes: ["the catalogue has no datasets"]))
      return nil
    }
    let levels = builder.activityLevels.union(builder.levels)
    let fitting = candidates.filter { dataset in
      dataset.answers(country) && levels.allSatisfy { hasLevel(dataset, $0, country) }
        && measures.allSatisfy { dataset.publishes($0) }
    }.map { ($0.name, usablePeriods(of: $0, measures, builder.activityLevels)) }
    report(nearest.1.diagnostic(nearest.0, builder, country, catalog, fitting: fitting))
    return nil
  }

  /// The levels of activities that a dataset must have to answer for `measures`: none where all of them are asked for over all
  /// activities.
  private func activityLevels(of measures: [String], _ builder: FrameBuilder) -> Set<Level> {
    measures.isEmpty || measures.contains { builder.splitMeasures.contains($0) } ? builder.activityLevels : []
  }

  private func choice(_ builder: FrameBuilder, _ dataset: Dataset, _ country: String, _ measures: [String]) -> Choice {
    let periods = usablePeriods(of: dataset, measures, activityLevels(of: measures, builder))
    let isQuarterly = builder.levels.contains(.quarter)
    let fitting = periods.filter { (Period.quarter(of: $0) != nil) == isQuarterly }
    return Choice(dataset: dataset, measures: Set(measures), periods: fitting.isEmpty ? periods : fitting)
  }

  /// Measures that no dataset of the country has together, each from the first that has it.
  ///
  /// Payroll and employment of two agencies would make a wage that nobody earns, so measures that some dataset has
  /// together are never taken from two.
  private func separateChoices(
    _ builder: FrameBuilder, _ candidates: [Dataset], _ country: String, _ measures: [String]
  ) -> [Choice]? {
    var choices: [Choice] = []
    for measure in measures {
      if let index = choices.firstIndex(where: { obstacle(builder, $0.dataset, country, [measure]) == nil }) {
        let all = choices[index].measures.union([measure]).sorted()
        let joined = choice(builder, choices[index].dataset, country, all)
        if !joined.periods.isEmpty {
          choices[index] = joined
          continue
        }
      }
      guard let dataset = candidates.first(where: { obstacle(builder, $0, country, [measure]) == nil }) else {
        return nil
      }
      choices.append(choice(builder, dataset, country, [measure]))
    }
    let served = candidates.filter { $0.answers(country) }
    for (index, one) in choices.enumerated() {
      for other in choices[..<index] {
        for (mine, theirs) in one.measures.flatMap({ mine in other.measures.map { (mine, $0) } })
        where served.contains(where: { $0.publishes(mine) && $0.publishes(theirs) }) {
          return nil
        }
      }
    }
    return choices
  }

  /// Why `dataset` can't answer for `country`; nil when it can.
  func obstacle(
    _ builder: FrameBuilder, _ dataset: Dataset, _ country: String, _ measures: [String]
  ) -> Obstacle? {
    for use in builder.measures where measures.contains(use.value) && !dataset.publishes(use.value) {
      return .measure(use)
    }
    guard dataset.answers(country) else { return .country(country) }
    let picked = builder.area.members + (builder.regions?.members ?? [])
    let placeLevels = picked.filter { $0.level != .country && $0.country == country }.map(\.level)
    let rowLevels =
      activityLevels(of: measures, builder).isEmpty
      ? builder.levels.filter { $0.dimension != .activity } : builder.levels
    for level in rowLevels + placeLevels + builder.overLevels.sorted(by: { $0.rawValue < $1.rawValue })
    where !hasLevel(dataset, level, country) { return .level(level) }
    if builder.clipsToStates, !dataset.regionLevels.contains(.county) { return .level(.county) }
    for level in activityLevels(of: measures, builder).sorted(by: { $0.rawValue < $1.rawValue })
    where !hasLevel(dataset, level, country) {
      return .level(level)
    }
    let periods = usablePeriods(of: dataset, measures, activityLevels(of: measures, builder))
    if let use = builder.years {
      let isQuarterly = builder.levels.contains(.quarter)
      for year in [use.value.lowerBound, use.value.upperBound] where !has(year, periods, isQuarterly) {
        return .year(.init(value: year, span: use.span))
      }
    }
    for use in builder.fixedYears where !has(use.value, periods, false) { return .year(use) }
    if periods.isEmpty { return .level(builder.activityLevels.first ?? .year) }
    if let use = builder.defaultRangeUse, builder.years == nil, periods.count < 2 { return .growth(use) }
    return nil
  }

  /// Whether a dataset has all levels that rows are split by.
  func hasLevels(_ dataset: Dataset, _ builder: FrameBuilder, _ country: String) -> Bool {
    builder.levels.filter { $0.dimension != .period }.allSatisfy { hasLevel(dataset, $0, country) }
  }

  private func hasLevel(_ dataset: Dataset, _ level: Level, _ country: String) -> Bool {
    switch level.dimension {
    case .region: return hasPlaces(dataset, level, country)
    case .period: return level == .year || (level == .quarter && dataset.hasQuarters)
    case .activity:
      if dataset.activityLevels.contains(level) { return true }
      // Clusters may be made of shares of coarser codes.
      return level == .cluster && dataset.activityLevels.contains { ($0.industryDigits ?? 0) > 2 }
        && catalog.weights(scheme: dataset.scheme) != nil
    }
  }

  /// Whether the dataset has rows at `level`, or finer ones that make up its members.
  private func hasPlaces(_ dataset: Dataset, _ level: Level, _ country: String) -> Bool {
    if level == .country || dataset.regionLevels.contains(level) { return true }
    guard dataset.regionLevels.contains(.county) else { return false }
    switch level {
    case .state: return true
    case .metro, .economicArea: return !catalog.delineations(of: level, country: country).isEmpty
    default: return false
    }
  }

  /// Whether `period` is among `periods`, or, for rows by quarter, a quarter of it.
  private func has(_ period: Int, _ periods: [Int], _ isQuarterly: Bool) -> Bool {
    periods.contains(period) || (isQuarterly && periods.contains { $0 / 10 == period })
  }

  /// The periods in which `dataset` has all of `measures` at all of `levels`.
  func usablePeriods(of dataset: Dataset, _ measures: [String], _ levels: Set<Level>) -> [Int] {
    var common: Set<Int>?
    for name in measures {
      guard let measure = dataset.measure(named: name) else { return [] }
      let periods = Set(dataset.periods(of: measure, with: levels))
      common = common?.intersection(periods) ?? periods
    }
    return common?.sorted() ?? dataset.periods
  }
}

extension Dataset {
  /// Whether it has numbers of the country with this code.
  package func answers(_ code: String) -> Bool { country == code || country == "world" }

  /// Whether some of its periods are quarters.
  package var hasQuarters: Bool { periods.count > years.count }

  /// Periods in which `measure` is there at every one of `levels`.
  func periods(of measure: Measure, with levels: Set<Level>) -> [Int] {
    let own = measure.periods.filter { period in
      let parts = measure.parts.filter { $0.periods.contains(period) }
      return levels.allSatisfy { level in parts.contains { has(level, $0) } }
    }
    guard hasQuarters, measure.additive.contains(.period) else { return own }
    // Of a flow the four quarters make the year.
    let quarters = Set(own)
    let whole = Set(own.map { Period.year(of: $0) }).filter { year in
      (1...4).allSatisfy { quarters.contains(year * 10 + $0) }
    }
    return quarters.union(whole).sorted()
  }

  /// Whether a part has the activities of `level`, or finer ones that make them up.
  private func has(_ level: Level, _ part: MeasurePart) -> Bool {
    guard let own = part.activityLevels else { return true }
    if own.contains(level) { return true }
    if let digits = level.industryDigits { return own.contains { ($0.industryDigits ?? 0) > digits } }
    guard level == .cluster || level == .subcluster else { return false }
    // Clusters are made of six-digit industries, or of shares of the finest codes that there are.
    return scheme == "naics" ? own.contains(.naics6) : own.contains { $0 == .cluster || ($0.industryDigits ?? 0) > 2 }
  }
}
