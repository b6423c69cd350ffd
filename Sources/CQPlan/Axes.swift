package import CQCatalog
package import CQSemantics

/// The places that one coordinate of a request is grouped by.
package struct RegionAxis: Sendable, Hashable {
  package typealias Part = PlaceSelection.Part

  /// Levels that rows show; empty for a single group.
  package var levels: [Level]
  /// A place belongs to a group only if it lies inside every one of these.
  package var constraints: [RegionSet]
  /// One group each: the members at `levels`.
  package var entries: [[Member]]
  /// What each group is made of.
  package var parts: [[Part]]

  package init(levels: [Level], constraints: [RegionSet], entries: [[Member]], parts: [[Part]]? = nil) {
    self.levels = levels
    self.constraints = constraints
    self.entries = entries
    self.parts = parts ?? entries.map { $0.last.map { [Part(place: $0)] } ?? [] }
  }

  package var groupCount: Int { entries.count }

  // The entries follow from the levels and the constraints, so axes of one table compare without them.
  package static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.levels == rhs.levels && lhs.constraints == rhs.constraints
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(levels)
    hasher.combine(constraints)
  }
}

/// The activities that one coordinate of a request is grouped by.
package struct ActivityAxis: Sendable, Hashable {
  /// Levels that rows show; empty for a single group.
  package var levels: [Level]
  /// An activity belongs to a group only if it lies inside every one of these.
  package var constraints: [ActivitySet]
  /// One group each: the members at `levels`.
  package var entries: [[Member]]

  package init(levels: [Level], constraints: [ActivitySet], entries: [[Member]]) {
    self.levels = levels
    self.constraints = constraints
    self.entries = entries
  }

  package var groupCount: Int { entries.count }

  /// Whether telling members from non-members needs clusters.
  package var usesClusters: Bool {
    levels.contains(.cluster) || levels.contains(.subcluster)
      || constraints.contains { set in
        !set.isAll
          && set.terms.contains { term in
            switch term {
            case .all: false
            case .traded, .local: true
            case .member(let member): member.level == .cluster || member.level == .subcluster
            }
          }
      }
  }

  package static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.levels == rhs.levels && lhs.constraints == rhs.constraints
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(levels)
    hasher.combine(constraints)
  }
}

/// A grid of groups, region-major: what a table's rows, or the members that a measure adds over, are laid out on.
package struct Grid: Sendable, Hashable {
  package var region: RegionAxis
  package var activity: ActivityAxis
  /// Period codes; up to 0 they count back from each dataset's latest period.
  package var years: [Int]

  package init(region: RegionAxis, activity: ActivityAxis, years: [Int]) {
    self.region = region
    self.activity = activity
    self.years = years
  }

  package var cellCount: Int { region.groupCount * activity.groupCount * years.count }
}

/// "Group this measure by these axes": the one question that an engine answers.
package struct GroupingRequest: Sendable, Hashable {
  package var measure: String
  package var grid: Grid
}

/// Builds the axes of a frame from its levels and selections.
struct AxisBuilder {
  let catalog: Catalog
  let frame: Frame
  let places: Places

  init(catalog: Catalog, frame: Frame) {
    self.catalog = catalog
    self.frame = frame
    places = Places(catalog: catalog)
  }

  /// What the groups of an axis follow from, so that the next query need not find them again.
  private struct RegionKey: Hashable, Sendable {
    let levels: [Level]
    let sets: [RegionSet]
    let countries: [String]
    let delineations: [String: Int]
    let clipsToStates: Bool
  }

  private struct ActivityKey: Hashable, Sendable {
    struct Source: Hashable, Sendable {
      let dataset: ObjectIdentifier
      let measures: Set<String>
      let periods: Set<Int>
    }

    let levels: [Level]
    let constraints: [ActivitySet]
    let sources: [Source]
  }

  // MARK: - Places

  func regionAxis() -> RegionAxis { regionAxis(levels: frame.levels.filter { $0.dimension == .region }) }

  /// The places of the table grouped by `levels`.
  func regionAxis(levels: [Level]) -> RegionAxis {
    let key = RegionKey(
      levels: levels, sets: frame.placeSets, countries: frame.countries, delineations: frame.delineations,
      clipsToStates: frame.clipsToStates)
    return catalog.memory.value(for: key) { groups(of: levels) }
  }

  private func groups(of levels: [Level]) -> RegionAxis {
    let constraints = frame.placeSets
    let selection = frame.selection(places)
    guard let finest = levels.max() else {
      return RegionAxis(levels: [], constraints: constraints, entries: [[]], parts: [selection.parts])
    }
    // Metros and economic areas cut each other: their combinations are found at the counties that both are made of.
    let isCrossed = finest == .economicArea && levels.contains(.metro)
    let members = inOrder(catalog.list(isCrossed ? .county : finest).members)
    var entries = selection.entries(of: members, levels: levels)
    if isCrossed {
      var seen: Set<[MemberKey]> = []
      entries = entries.filter { seen.insert($0.map(\.key)).inserted }
    }
    if levels.count > 1 { entries = inOrder(entries, levels) }
    return RegionAxis(
      levels: levels, constraints: constraints, entries: entries,
      parts: entries.map { parts(of: $0, finest: levels.firstIndex(of: finest) ?? 0, selection) })
  }

  /// The members in the countries of the table, country by country in the order of `in:`.
  private func inOrder(_ members: [Member]) -> [Member] {
    if let only = frame.countries.first, frame.countries.count == 1 { return members.filter { $0.country == only } }
    let byCountry = Dictionary(grouping: members, by: \.country)
    return frame.countries.flatMap { byCountry[$0] ?? [] }
  }

  private func inOrder(_ entries: [[Member]], _ levels: [Level]) -> [[Member]] {
    let lists = levels.map { catalog.list($0) }
    let ranks = Dictionary(frame.countries.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let keyed = entries.map { entry in
      let positions = zip(lists, entry).map { $0.position(of: $1.code, country: $1.country) ?? 0 }
      return (entry, [ranks[entry[0].country] ?? 0] + positions)
    }
    return keyed.sorted { $0.1.lexicographicallyPrecedes($1.1) }.map(\.0)
  }

  private func parts(of entry: [Member], finest: Int, _ selection: PlaceSelection) -> [RegionAxis.Part] {
    var parts = selection.parts(of: entry[finest])
    guard entry.count > 1 else { return parts }
    let place = entry[finest]
    let whole = places.containers(of: place, delineation: frame.delineations[place.country])
    for (index, area) in entry.enumerated() where index != finest && !whole.contains(area.key) {
      // A metro below a state that it crosses into is shown whole, unless it is cut there.
      if area.level == .state && !frame.clipsToStates { continue }
      for index in parts.indices { parts[index].within = [area.key] }
    }
    return parts
  }

  /// A single group of the places in `set`.
  func regionAxis(of set: RegionSet) -> RegionAxis {
    RegionAxis(levels: [], constraints: [set], entries: [[]], parts: [set.members.map { .init(place: $0) }])
  }

  /// The country of each row, or the area that all rows share.
  func baseAxis(_ base: BaseArea) -> RegionAxis {
    switch base {
    case .area(let set): return regionAxis(of: set)
    case .countryOfRow:
      let countries = frame.countries.compactMap { catalog.list(.country).member(code: $0, country: $0) }
      guard countries.count > 1, frame.levels.contains(where: { $0.dimension == .region }) else {
        return regionAxis(of: RegionSet(countries))
      }
      return RegionAxis(levels: [.country], constraints: [], entries: countries.map { [$0] })
    }
  }

  // MARK: - Activities

  func activityAxis(extra: Level? = nil) throws(CatalogError) -> ActivityAxis {
    var levels = frame.levels.filter { $0.dimension == .activity }
    if let extra, !levels.contains(extra) { levels.append(extra) }
    return try activityAxis(levels: levels, constraints: [frame.activities])
  }

  func activityAxis(of set: ActivitySet) -> ActivityAxis {
    ActivityAxis(levels: [], constraints: [set], entries: [[]])
  }

  /// The combinations of members of `levels` that some row of the data belongs to, in the order of the catalogue.
  func activityAxis(levels: [Level], constraints: [ActivitySet]) throws(CatalogError) -> ActivityAxis {
    if levels.isEmpty { return ActivityAxis(levels: [], constraints: constraints, entries: [[]]) }
    let sources = frame.sources.map { source in
      ActivityKey.Source(
        dataset: ObjectIdentifier(source.dataset), measures: source.measures, periods: periods(of: source))
    }
    let key = ActivityKey(levels: levels, constraints: constraints, sources: sources)
    return try catalog.memory.value(for: key, of: frame.sources.map(\.dataset)) { () throws(CatalogError) in
      try groups(of: levels, constraints)
    }
  }

  /// - Precondition: There are levels.
  private func groups(of levels: [Level], _ constraints: [ActivitySet]) throws(CatalogError) -> ActivityAxis {
    var axis = ActivityAxis(levels: levels, constraints: constraints, entries: [[]])
    if let level = levels.first, levels.count == 1 {
      axis.entries = try members(at: level, of: axis).map { [$0] }
      return axis
    }
    let lists = levels.map { catalog.list($0) }
    var found: Set<[Int]> = []
    for dataset in frame.datasets {
      for (tree, isPresent) in try nodesPresent(in: dataset) {
        if axis.usesClusters, let weights = catalog.weights(scheme: dataset.scheme) {
          let shares = SharedLeaves(tree: tree, weights: weights, isPresent: isPresent, catalog: catalog)
          found.formUnion(shares.entries(of: axis, lists))
        } else {
          let classifier = LeafClassifier(tree: tree, catalog: catalog)
          found.formUnion(classifier.entries(of: axis, lists, isPresent: isPresent))
        }
      }
    }
    let entries = found.sorted { $0.lexicographicallyPrecedes($1) }
    axis.entries = entries.map { entry in zip(lists, entry).map { $0.members[$1] } }
    return axis
  }

  /// As above for a single level, whose members are marked in a list.
  private func members(at level: Level, of axis: ActivityAxis) throws(CatalogError) -> [Member] {
    let list = catalog.list(level)
    var isFound = [Bool](repeating: false, count: list.members.count)
    for dataset in frame.datasets {
      for (tree, isPresent) in try nodesPresent(in: dataset) {
        if axis.usesClusters, let weights = catalog.weights(scheme: dataset.scheme) {
          let shares = SharedLeaves(tree: tree, weights: weights, isPresent: isPresent, catalog: catalog)
          for entry in shares.entries(of: axis, [list]) { isFound[entry[0]] = true }
        } else {
          let classifier = LeafClassifier(tree: tree, catalog: catalog)
          for position in classifier.positions(at: level, axis.constraints, list, isPresent: isPresent) {
            isFound[position] = true
          }
        }
      }
    }
    return isFound.indices.compactMap { isFound[$0] ? list.members[$0] : nil }
  }

  private func periods(of source: FrameSource) -> Set<Int> {
    Set(frame.years.compactMap { source.period($0) } + [frame.range.lowerBound, frame.range.upperBound])
  }

  /// Nodes whose codes the facts of the table's periods use, by the classification that they are of.
  private func nodesPresent(
    in dataset: Dataset
  ) throws(CatalogError) -> [(tree: ActivityTree, isPresent: [Bool])] {
    var found: [(tree: ActivityTree, isPresent: [Bool], tables: Set<Int>)] = []
    for source in frame.sources where source.dataset.name == dataset.name {
      let periods = periods(of: source)
      for name in source.measures.sorted() {
        guard let measure = dataset.measure(named: name) else { continue }
        for part in measure.parts {
          for period in part.periods where periods.contains(period) || periods.contains(Period.year(of: period)) {
            guard let tree = catalog.tree(for: dataset, in: period) else { continue }
            let index = found.firstIndex { $0.tree === tree } ?? found.count
            if index == found.count {
              found.append((tree, [Bool](repeating: false, count: tree.nodeCount), []))
            }
            guard found[index].tables.insert(part.factTable).inserted else { continue }
            for node in try dataset.facts(part.factTable).nodes(in: tree) where node >= 0 {
              found[index].isPresent[Int(node)] = true
            }
          }
        }
      }
    }
    return found.map { ($0.tree, $0.isPresent) }
  }
}
