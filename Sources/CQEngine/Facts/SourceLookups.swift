import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// A fact table that has rows of a measure in a period.
struct FactPart: Sendable {
  let index: Int
  let facts: FactTable
  let rows: Range<Int>
  /// The rows added up by their codes; nil where the rows themselves are read.
  let sums: SumsByCode?
  let columns: MeasureColumns?
  let period: Int
  var hasCovers: Bool { columns?.covers != nil }
}

/// What a query has looked up about the fact tables of one dataset: which rows a period has, which group each code belongs
/// to. Each is found once, whichever worker asks first.
struct SourceLookups: Sendable {
  let catalog: Catalog
  let source: FrameSource
  let places: Places
  let delineations: [String: Int]
  /// The rows are in an engine, and have no columns here.
  let isRemote: Bool
  /// Sums by code that are there.
  var ready: [SumCache.Key: SumsByCode] = [:]
  private var parts: [PartsKey: [FactPart]] = [:]
  private var spreads: [(axis: ActivityAxis, isPresent: [Bool], spread: GroupsOfNodes)] = []
  private var placesOfCodes: [Int: [Member?]] = [:]
  private var regionLookups: [(axis: RegionAxis, tables: [Int], lookup: RegionLookup)] = []
  private var presence: [PresenceKey: [Bool]] = [:]

  private var activityLookups: [(key: ActivitiesKey, lookups: [ActivityLookup], exists: [Bool])] = []

  private struct ActivitiesKey: Hashable, Sendable {
    let axis: ActivityAxis
    let tree: ObjectIdentifier
    let dataset: ObjectIdentifier
    let tables: [Int]
    let haveCovers: [Bool]
    let isPresent: [Bool]

    // Axes of several tables may have other groups at the same levels. Arrays that are the same are not looked at.
    static func == (lhs: Self, rhs: Self) -> Bool {
      lhs.axis == rhs.axis && lhs.tree == rhs.tree && lhs.dataset == rhs.dataset && lhs.tables == rhs.tables
        && lhs.haveCovers == rhs.haveCovers && lhs.isPresent == rhs.isPresent && lhs.axis.entries == rhs.axis.entries
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(axis)
      hasher.combine(tree)
      hasher.combine(dataset)
      hasher.combine(tables)
    }
  }

  private struct RegionsKey: Hashable, Sendable {
    let axis: RegionAxis
    let dataset: ObjectIdentifier
    let tables: [Int]
    let countries: Set<String>
    let delineations: [String: Int]

    static func == (lhs: Self, rhs: Self) -> Bool {
      lhs.axis == rhs.axis && lhs.dataset == rhs.dataset && lhs.tables == rhs.tables && lhs.countries == rhs.countries
        && lhs.delineations == rhs.delineations && lhs.axis.parts == rhs.axis.parts
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(axis)
      hasher.combine(dataset)
      hasher.combine(tables)
    }
  }

  private struct PartsKey: Hashable {
    let measure: String
    let period: Int
  }

  private struct PresenceKey: Hashable {
    let table: Int
    let period: Int
  }

  init(catalog: Catalog, source: FrameSource, places: Places, delineations: [String: Int], isRemote: Bool) {
    self.catalog = catalog
    self.source = source
    self.places = places
    self.delineations = delineations
    self.isRemote = isRemote
  }

  /// The tables with rows of `measure` in `period`; `control` counts the rows that will be read one by one.
  mutating func parts(_ measure: Measure, _ period: Int, _ control: RunControl) throws -> [FactPart] {
    let key = PartsKey(measure: measure.name, period: period)
    if let known = parts[key] { return known }
    var found: [FactPart] = []
    for (part, facts) in try source.dataset.facts(for: measure, period: period) {
      let rows = facts.rows(of: period)
      guard !rows.isEmpty else { continue }
      let sums = ready[SumCache.Key(facts, measure.name, period)]
      let columns = sums == nil && !isRemote ? try MeasureColumns(measure, part, facts) : nil
      if columns != nil { control.ledger.addScan(rows: rows.count, threads: 1) }
      found.append(
        FactPart(index: part.factTable, facts: facts, rows: rows, sums: sums, columns: columns, period: period))
    }
    parts[key] = found
    return found
  }

  /// The group of every activity code of `parts`, and which groups have any code.
  mutating func activities(
    _ parts: [FactPart], _ axis: ActivityAxis, _ tree: ActivityTree, _ period: Int
  ) -> (lookups: [ActivityLookup], exists: [Bool]) {
    let isPresent = presentNodes(parts.filter { !$0.hasCovers }, tree, period)
    // Most often all periods have the same codes.
    let key = ActivitiesKey(
      axis: axis, tree: ObjectIdentifier(tree), dataset: ObjectIdentifier(source.dataset), tables: parts.map(\.index),
      haveCovers: parts.map(\.hasCovers), isPresent: isPresent)
    if let known = activityLookups.first(where: { $0.key == key }) { return (known.lookups, known.exists) }
    let (lookups, exists) = catalog.memory.value(for: key, of: [source.dataset]) {
      found(parts, axis, tree, isPresent)
    }
    activityLookups.append((key, lookups, exists))
    return (lookups, exists)
  }

  private mutating func found(
    _ parts: [FactPart], _ axis: ActivityAxis, _ tree: ActivityTree, _ isPresent: [Bool]
  ) -> (lookups: [ActivityLookup], exists: [Bool]) {
    let spread: GroupsOfNodes
    if let known = spreads.first(where: { $0.spread.tree === tree && $0.axis == axis && $0.isPresent == isPresent }) {
      spread = known.spread
    } else {
      spread = GroupsOfNodes(axis, tree: tree, isPresent: isPresent, catalog: catalog)
      spreads.append((axis, isPresent, spread))
    }
    var exists = [Bool](repeating: false, count: axis.groupCount)
    let lookups = parts.map { part in
      let nodes = part.facts.nodes(in: tree)
      for node in nodes where node >= 0 {
        let group = spread.groups[Int(node)]
        if group >= 0 { exists[Int(group)] = true }
      }
      return ActivityLookup(spread, nodes: nodes, hasCovers: part.hasCovers)
    }
    return (lookups, exists)
  }

  /// The group of every region code of `parts`.
  mutating func regions(_ parts: [FactPart], _ axis: RegionAxis) -> RegionLookup {
    let tables = parts.map(\.index)
    if let known = regionLookups.first(where: { $0.axis == axis && $0.tables == tables }) { return known.lookup }
    let key = RegionsKey(
      axis: axis, dataset: ObjectIdentifier(source.dataset), tables: tables, countries: source.countries,
      delineations: delineations)
    let lookup = catalog.memory.value(for: key, of: [source.dataset]) {
      for part in parts where placesOfCodes[part.index] == nil {
        placesOfCodes[part.index] = part.facts.regions.map { place($0) }
      }
      return RegionLookup(
        axis, codes: tables.map { placesOfCodes[$0] ?? [] }, places: places, delineations: delineations)
    }
    regionLookups.append((axis, tables, lookup))
    return lookup
  }

  private func place(_ code: String) -> Member? {
    let dataset = source.dataset
    let levels = dataset.regionLevels.contains(.country) ? dataset.regionLevels : [.country] + dataset.regionLevels
    for level in levels {
      if level == .country {
        if source.countries.contains(code) { return catalog.list(.country).member(code: code, country: code) }
        continue
      }
      for country in source.countries {
        if let member = catalog.list(level).member(code: code, country: country) { return member }
      }
    }
    return nil
  }

  /// Nodes that rows of `period` are of, over all `parts`.
  mutating func presentNodes(_ parts: [FactPart], _ tree: ActivityTree, _ period: Int) -> [Bool] {
    var isPresent = [Bool](repeating: false, count: tree.nodeCount)
    for part in parts {
      let nodes = part.facts.nodes(in: tree)
      let key = PresenceKey(table: part.index, period: period)
      let codes =
        presence[key] ?? part.sums?.presentActivities() ?? part.facts.activitiesPresent(in: part.rows)
      presence[key] = codes
      for (code, isThere) in codes.enumerated() where isThere && nodes[code] >= 0 { isPresent[Int(nodes[code])] = true }
    }
    return isPresent
  }
}
