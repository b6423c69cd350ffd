import CQCatalog
import CQColumns
import CQPlan
import CQSemantics

/// Answers what a grouping request leaves open: for each cell that is estimated or withheld, the interval in which the
/// published cells, size classes and totals hold it.
final class BoundsEngine {
  private let frame: Frame
  private let control: RunControl
  private let scans: [BoundsScan]

  init(catalog: Catalog, frame: Frame, control: RunControl) {
    self.frame = frame
    self.control = control
    let places = Places(catalog: catalog)
    scans = frame.sources.map {
      BoundsScan(catalog: catalog, source: $0, places: places, delineations: frame.delineations, control: control)
    }
  }

  /// - Parameters:
  ///   - answer: What the grouping engine found for the same request.
  ///   - places: Where each cell of the answer stands on the grid of the request; nil for an answer with all of them.
  func answer(_ request: GroupingRequest, _ answer: GroupedCells, numbers places: [Int]? = nil) throws -> IntervalVector
  {
    let numbers = try answer.numbers(control)
    var result = IntervalVector(numbers)
    let open = numbers.states.indices.filter {
      numbers.states[$0] == .estimated || numbers.states[$0] == .withheld
    }
    guard !open.isEmpty else { return result }
    let place = { (cell: Int) in places?[cell] ?? cell }
    // Cells of several years may be one of a request for a single year.
    let asked = places == nil ? open : Array(Set(open.map(place))).sorted()
    let totals = try intervals(of: asked, request)
    for cell in open {
      var interval = totals[place(cell)] ?? .unknown
      // Estimates agree with all that is published; the published parts of a sum alone are no such estimate.
      if numbers.states[cell] == .estimated, frame.policy == .estimate {
        interval = interval.including(numbers.values[cell])
      }
      result.intervals[cell] = interval
    }
    return result
  }

  /// What is published about some cells of a request, by their numbers on its grid.
  func intervals(of cells: [Int], _ request: GroupingRequest) throws -> [Int: Interval] {
    var totals: [Int: Interval] = [:]
    for (position, source) in frame.sources.enumerated() where source.measures.contains(request.measure) {
      guard let measure = source.dataset.measure(named: request.measure) else { continue }
      for (cell, interval) in try scans[position].intervals(of: cells, request, measure) {
        totals[cell] = (totals[cell] ?? Interval(0)) + interval
      }
    }
    return totals
  }
}

/// Bounds from the fact tables of one dataset. It works on the regions around the cells that are asked for: their
/// siblings, the whole above them, and their own parts.
final class BoundsScan {
  private let catalog: Catalog
  private let source: FrameSource
  private let places: Places
  private let delineations: [String: Int]
  private let control: RunControl
  private var periods: [Int: Period] = [:]
  private var families: [FamilyKey: Family] = [:]

  init(
    catalog: Catalog, source: FrameSource, places: Places, delineations: [String: Int], control: RunControl
  ) {
    self.catalog = catalog
    self.source = source
    self.places = places
    self.delineations = delineations
    self.control = control
  }

  /// What the dataset has for one measure and period: its regions, and where each lies.
  private struct Period {
    var measure: String
    var tree: ActivityTree
    var readers: [PublishedRows]
    /// Places of the region codes of all fact tables, each once.
    var regions: [Member]
    /// For each region the one right above it.
    var parents: [Int?]
    /// For each fact table the region of every region code, and the node of every activity code; -1 for neither.
    var regionsOfCodes: [[Int]]
    var nodesOfCodes: [[Int]]
    var listed: [Bool]
  }

  private struct FamilyKey: Hashable {
    var measure: String
    var period: Int
    var top: Int
  }

  /// Regions that lie in one another, with their cells.
  private struct Family {
    var cells: PublishedCells
    var narrowed: PublishedCells.Narrowed
    /// Position of each region.
    var positions: [Int: Int]
  }

  /// The intervals of those of `cells` that this dataset has a part of.
  func intervals(of cells: [Int], _ request: GroupingRequest, _ measure: Measure) throws -> [Int: Interval] {
    let years = request.grid.years
    var result: [Int: Interval] = [:]
    for (yearIndex, code) in years.enumerated() {
      let open = cells.filter { $0 % years.count == yearIndex }
      guard !open.isEmpty, let year = source.period(code) else { continue }
      for period in measure.periods(standingFor: year) {
        guard let table = try self.period(period, measure), !table.regions.isEmpty else { continue }
        for (cell, interval) in try intervals(of: open, request.grid, measure, period, table) {
          result[cell] = (result[cell] ?? Interval(0)) + interval
        }
      }
    }
    return result
  }

  private func intervals(
    of cells: [Int], _ grid: Grid, _ measure: Measure, _ period: Int, _ table: Period
  ) throws -> [Int: Interval] {
    let weights = grid.activity.usesClusters ? catalog.weights(scheme: source.dataset.scheme) : nil
    let shares = weights.map {
      SharedLeaves(tree: table.tree, weights: $0, isPresent: table.listed, catalog: catalog).weights(of: grid.activity)
    }
    let classifier = LeafClassifier(tree: table.tree, catalog: catalog)
    let nodeGroups = shares == nil ? classifier.spread(classifier.groups(of: grid.activity)) : []
    let regions = RegionLookup(grid.region, codes: [table.regions], places: places, delineations: delineations)
    let perRegion = grid.activity.groupCount * grid.years.count
    var placesOfGroup: [Int: [PublishedCells.Place]] = [:]
    var result: [Int: Interval] = [:]
    for cell in cells {
      try control.check()
      let group = (cell / grid.years.count) % grid.activity.groupCount
      var total: Interval?
      for region in regions.regions(of: Int32(cell / perRegion)) {
        let family = try family(of: region, measure, period, table)
        guard let position = family.positions[region] else { continue }
        let interval: Interval
        if let shares {
          interval = Self.interval(of: shares.filter { $0.group == group }, position, family)
        } else {
          let inside = placesOfGroup[group] ?? Self.places(of: Int32(group), nodeGroups, table.tree)
          placesOfGroup[group] = inside
          interval = family.cells.interval(of: inside, in: position, family.narrowed)
        }
        total = (total ?? Interval(0)) + interval
      }
      if let total { result[cell] = Interval(total.low * measure.scale, total.high * measure.scale) }
    }
    return result
  }

  /// Codes that belong to a cluster in part: nobody knows which of their jobs do.
  private static func interval(of shares: [SharedLeaves.Weight], _ region: Int, _ family: Family) -> Interval {
    shares.reduce(Interval(0)) { total, share in
      var part = family.narrowed.intervals[family.cells.cell(region, share.node)]
      if share.weight < 1 - 1e-9 { part.low = min(part.low, 0) }
      return total + part
    }
  }

  /// Which nodes lie inside the group, outside, or partly.
  private static func places(of group: Int32, _ nodeGroups: [Int32], _ tree: ActivityTree) -> [PublishedCells.Place] {
    var places = [PublishedCells.Place](repeating: .outside, count: tree.nodeCount)
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) {
      if nodeGroups[node] == group { places[node] = .inside }
      let parent = Int(tree.parents[node])
      if node > 0, places[node] != .outside, nodeGroups[parent] != group { places[parent] = .partly }
    }
    return places
  }

  // MARK: - Regions

  private func period(_ period: Int, _ measure: Measure) throws -> Period? {
    if let known = periods[period], known.measure == measure.name { return known }
    let tree = catalog.tree(for: source.dataset, in: period) ?? Self.onlyTotal
    var table = Period(
      measure: measure.name, tree: tree, readers: [], regions: [], parents: [], regionsOfCodes: [], nodesOfCodes: [],
      listed: [Bool](repeating: false, count: tree.nodeCount))
    var regionOfKey: [MemberKey: Int] = [:]
    for (part, facts) in try source.dataset.facts(for: measure, period: period) where !facts.rows(of: period).isEmpty {
      table.regionsOfCodes.append(
        facts.regions.map { code in
          guard let place = place(code) else { return -1 }
          if let known = regionOfKey[place.key] { return known }
          regionOfKey[place.key] = table.regions.count
          table.regions.append(place)
          return table.regions.count - 1
        })
      let nodes = facts.activities.map { tree.index(of: $0) ?? -1 }
      for (code, isThere) in facts.activitiesPresent(in: facts.rows(of: period)).enumerated()
      where isThere && nodes[code] >= 0 {
        table.listed[nodes[code]] = true
      }
      table.nodesOfCodes.append(nodes)
      table.readers.append(try PublishedRows(measure, part, facts))
    }
    // Counties add up to states and states to countries; metros and areas are left alone.
    table.parents = table.regions.map { place in
      places.containers(of: place, delineation: delineations[place.country], skipsAreas: true)
        .dropFirst().lazy.compactMap { regionOfKey[$0] }.first
    }
    periods[period] = table
    return table
  }

  /// For datasets without activities: nothing but the total.
  private static let onlyTotal = ActivityTree.Builder(scheme: "").finish()

  private func place(_ code: String) -> Member? {
    for level in [.country] + source.dataset.regionLevels {
      for country in source.countries {
        if let member = catalog.list(level).member(code: code, country: level == .country ? code : country),
          level != .country || source.countries.contains(code)
        {
          return member
        }
      }
    }
    return nil
  }

  private func family(of region: Int, _ measure: Measure, _ period: Int, _ table: Period) throws -> Family {
    let top = table.parents[region] ?? region
    let key = FamilyKey(measure: measure.name, period: period, top: top)
    if let known = families[key], known.positions[region] != nil { return known }
    // The whole above and its parts, and the parts of the region itself.
    var regions = [top] + table.regions.indices.filter { table.parents[$0] == top }
    if top != region { regions += table.regions.indices.filter { table.parents[$0] == region } }
    let positions = Dictionary(regions.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let parents = regions.map { region in table.parents[region].flatMap { positions[$0] } }
    let cells = publishedCells(measure, period, table, positions: positions, parents: parents)
    let family = Family(cells: cells, narrowed: cells.narrowed(), positions: positions)
    families[key] = family
    return family
  }

  private func publishedCells(
    _ measure: Measure, _ period: Int, _ table: Period, positions: [Int: Int], parents: [Int?]
  ) -> PublishedCells {
    var rows: [PublishedCells.Row] = []
    var hasNegative = false
    var hasFractions = false
    for (part, reader) in table.readers.enumerated() {
      for row in reader.facts.rows(of: period) {
        let node = table.nodesOfCodes[part][reader.activity(row)]
        guard node >= 0, let region = positions[table.regionsOfCodes[part][reader.region(row)]] else { continue }
        let (value, state) = reader.number(row)
        if state.hasValue && value < 0 { hasNegative = true }
        if state.hasValue && value != value.rounded() { hasFractions = true }
        rows.append(.init(region: region, node: node, value: value, state: state, sizes: reader.sizes(row)))
      }
    }
    let adds = measure.additive.contains(.activity) || measure.additive.contains(.region)
    return PublishedCells(
      tree: table.tree, parents: parents, rows: rows, listedNodes: table.listed.indices.filter { table.listed[$0] },
      absentIsZero: source.dataset.absentIsZero, unknown: adds && !hasNegative ? .notNegative : .unknown,
      // Counts are exact; amounts were rounded to thousands, one by one.
      rounding: measure.scale == 1 && !hasFractions ? 0 : 0.5, addsOverActivities: measure.additive.contains(.activity),
      addsOverRegions: measure.additive.contains(.region))
  }
}

extension RegionLookup {
  /// The regions that a group is made of: of each slot those of the first tier that has any.
  ///
  /// The lookup must have been made for one table.
  fileprivate func regions(of group: Int32) -> [Int] {
    groupsOfSlot.indices.filter { groupsOfSlot[$0].contains(group) }.flatMap { slot -> [Int] in
      for tier in tiers {
        let regions = tier[0].indices.filter { tier[0][$0] == Int32(slot) }
        if !regions.isEmpty { return regions }
      }
      return []
    }
  }
}

/// The rows of one measure in one fact table, one at a time.
private struct PublishedRows {
  let facts: FactTable
  private let columns: MeasureColumns
  private let sizeCodes: DictionaryCodes?
  private let sizeIntervals: [Interval?]

  init(_ measure: Measure, _ part: MeasurePart, _ facts: FactTable) throws {
    self.facts = facts
    columns = try MeasureColumns(measure, part, facts)
    // Size classes are classes of employment.
    if measure.name == "employment", let (codes, letters) = facts.columns.data(named: "size_class")?.members() {
      sizeCodes = codes
      sizeIntervals = letters.map { letter in
        facts.columns.metadata("size_class.\(letter)").flatMap { Self.interval($0) }
      }
    } else {
      sizeCodes = nil
      sizeIntervals = []
    }
  }

  /// Reads `0-19`, and `100000+` or `100000 or more` for an open class.
  private static func interval(_ text: String) -> Interval? {
    let numbers = text.split { !$0.isNumber && $0 != "," }.compactMap { Double($0.filter { $0 != "," }) }
    guard let low = numbers.first else { return nil }
    return Interval(low, numbers.count > 1 ? numbers[1] : .infinity)
  }

  func region(_ row: Int) -> Int { columns.regions.code(at: row) }
  func activity(_ row: Int) -> Int { columns.activities.code(at: row) }

  func number(_ row: Int) -> (value: Double, state: CellState) {
    let state = columns.states.map { CellState(rawValue: $0[row]) ?? .missing } ?? .known
    let value: Double =
      switch columns.values {
      case .int32(let values): Double(values[row])
      case .int64(let values): Double(values[row])
      case .float64(let values): values[row]
      }
    return (value, state)
  }

  func sizes(_ row: Int) -> Interval? { sizeCodes.flatMap { sizeIntervals[$0.code(at: row)] } }
}

extension DictionaryCodes {
  fileprivate func code(at row: Int) -> Int {
    switch self {
    case .bits8(let codes): Int(codes[row])
    case .bits16(let codes): Int(codes[row])
    case .bits32(let codes): Int(codes[row])
    }
  }
}
