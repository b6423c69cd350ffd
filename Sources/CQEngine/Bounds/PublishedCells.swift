import CQCatalog
import CQColumns

/// What one dataset publishes of a measure in one period: the cells of some regions over one classification, with the
/// sums that hold between them.
///
/// Whether the children of a cell make up the whole of it is not written down anywhere. A sum is taken to hold where the
/// published and estimated numbers satisfy it; where one is withheld, where the same sum holds in every other place
/// (industry) in which all numbers are there. Otherwise the parts are only known to be at most the whole.
struct PublishedCells {
  /// One row of the facts.
  struct Row {
    var region: Int
    var node: Int
    /// In stored units.
    var value: Double
    var state: CellState
    /// What the size class of the cell says.
    var sizes: Interval?
  }

  let tree: ActivityTree
  /// For each region its parent among the regions; nil for those without.
  let parents: [Int?]
  let addsOverActivities: Bool
  let addsOverRegions: Bool
  /// What a cell is where nothing is published about it.
  let unknown: Interval
  /// How far rounding may have moved each number, in stored units: 0 for what was counted.
  let rounding: Double

  private let children: [[Int]]
  private var points: [Double]
  private var intervals: [Interval]
  /// Nodes of which the source publishes rows somewhere.
  private var isListed: [Bool]

  /// - Parameters:
  ///   - absentIsZero: A cell that is not listed, of a node that is listed elsewhere, is zero.
  init(
    tree: ActivityTree, parents: [Int?], rows: [Row], listedNodes: some Sequence<Int>, absentIsZero: Bool,
    unknown: Interval, rounding: Double = 0, addsOverActivities: Bool, addsOverRegions: Bool
  ) {
    self.tree = tree
    self.parents = parents
    self.unknown = unknown
    self.rounding = rounding
    self.addsOverActivities = addsOverActivities
    self.addsOverRegions = addsOverRegions
    var children = [[Int]](repeating: [], count: tree.nodeCount)
    for node in tree.parents.indices.dropFirst() { children[Int(tree.parents[node])].append(node) }
    self.children = children
    var isListed = [Bool](repeating: false, count: tree.nodeCount)
    for node in listedNodes { isListed[node] = true }
    self.isListed = isListed

    let count = parents.count * tree.nodeCount
    points = [Double](repeating: .nan, count: count)
    intervals = [Interval](repeating: unknown, count: count)
    if absentIsZero {
      for region in parents.indices {
        for node in 0..<tree.nodeCount where isListed[node] {
          points[region * tree.nodeCount + node] = 0
          intervals[region * tree.nodeCount + node] = Interval(0)
        }
      }
    }
    for row in rows {
      let cell = row.region * tree.nodeCount + row.node
      points[cell] = row.state.hasValue ? row.value : .nan
      intervals[cell] = row.state == .known ? Interval(row.value) : unknown.narrowed(to: row.sizes ?? unknown)
      // An estimate was made within what is known, of which size classes may be a part that rounding moves.
      if row.state == .estimated { intervals[cell] = intervals[cell].including(row.value) }
    }
    addUpUnlistedNodes()
  }

  func cell(_ region: Int, _ node: Int) -> Int { region * tree.nodeCount + node }

  /// A node that the source has no rows of is what its children are.
  private mutating func addUpUnlistedNodes() {
    guard addsOverActivities else { return }
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) where !isListed[node] && !children[node].isEmpty {
      for region in parents.indices {
        points[cell(region, node)] = children[node].reduce(0) { $0 + points[cell(region, $1)] }
      }
    }
  }

  // MARK: - Sums

  /// Intervals of all cells, narrowed along every sum, and the sum over activities that each cell is the whole of.
  struct Narrowed {
    var intervals: [Interval]
    var sums: [CellSystem.Sum]
    /// Index into `sums` by cell, -1 where no sum is known.
    var sumOfCell: [Int32]
  }

  func narrowed() -> Narrowed {
    var system = CellSystem(intervals: intervals)
    if addsOverActivities { addActivitySums(to: &system) }
    var sumOfCell = [Int32](repeating: -1, count: intervals.count)
    for (index, sum) in system.sums.enumerated() { sumOfCell[Int(sum.whole)] = Int32(index) }
    let activitySums = system.sums
    if addsOverRegions { addRegionSums(to: &system) }
    system.propagate()
    return Narrowed(intervals: system.intervals, sums: activitySums, sumOfCell: sumOfCell)
  }

  private func addActivitySums(to system: inout CellSystem) {
    for node in 0..<tree.nodeCount where !children[node].isEmpty {
      let candidates = parents.indices.map { region in
        Candidate(whole: cell(region, node), parts: children[node].map { cell(region, $0) })
      }
      add(candidates, holdsByDefinition: !isListed[node], to: &system)
    }
  }

  private func addRegionSums(to system: inout CellSystem) {
    var members = [Int: [Int]]()
    for (region, parent) in parents.enumerated() { if let parent { members[parent, default: []].append(region) } }
    for (parent, regions) in members.sorted(by: { $0.key < $1.key }) {
      let candidates = (0..<tree.nodeCount).map { node in
        Candidate(whole: cell(parent, node), parts: regions.map { cell($0, node) })
      }
      add(candidates, holdsByDefinition: false, to: &system)
    }
  }

  private struct Candidate {
    var whole: Int
    var parts: [Int]
  }

  private enum Verdict {
    case holds(slack: Double)
    /// The parts leave a rest, or exceed the whole.
    case fails(isBelow: Bool)
    case unknown
  }

  /// Adds the sums of one kind: those of one node in every place, or of one place for every node.
  private func add(_ candidates: [Candidate], holdsByDefinition: Bool, to system: inout CellSystem) {
    let verdicts = candidates.map { holdsByDefinition ? .holds(slack: 0) : verdict($0) }
    var evidence = 0
    var slack = 0.0
    var isContradicted = false
    for (candidate, verdict) in zip(candidates, verdicts) {
      switch verdict {
      case .holds(let own):
        // 0 = 0 + 0 says nothing about how a classification is built.
        if points[candidate.whole] > 0 { evidence += 1 }
        slack = max(slack, own)
      case .fails: isContradicted = true
      case .unknown: break
      }
    }
    for (candidate, verdict) in zip(candidates, verdicts) {
      let relation: CellSystem.Sum.Relation
      var slackHere = slack
      switch verdict {
      case .holds(let own):
        relation = .equal
        slackHere = own
      case .fails(let isBelow):
        guard isBelow else { continue }
        relation = .atMost
        slackHere = 0
      case .unknown: relation = evidence > 0 && !isContradicted ? .equal : .atMost
      }
      system.addSum(whole: candidate.whole, parts: candidate.parts, relation: relation, slack: slackHere)
    }
  }

  private func verdict(_ candidate: Candidate) -> Verdict {
    let whole = points[candidate.whole]
    var total = 0.0
    for part in candidate.parts { total += points[part] }
    guard !whole.isNaN, !total.isNaN else { return .unknown }
    let difference = (whole - total).magnitude
    let allowed = rounding * Double(candidate.parts.count + 1) + 1e-9 * whole.magnitude
    return difference <= allowed ? .holds(slack: difference) : .fails(isBelow: total < whole)
  }

  // MARK: - Sets of activities

  /// For each node whether it lies inside a set, outside it, or partly inside.
  enum Place: UInt8 {
    case outside, inside, partly
  }

  /// The interval of a set of activities in a region: its parts added up, or what the rest leaves of a whole, whichever
  /// is narrower.
  ///
  /// - Parameter places: One per node, of the tree's leaves and all above them.
  /// - Complexity: O(nodes that lie partly inside × children).
  func interval(of places: [Place], in region: Int, _ narrowed: Narrowed) -> Interval {
    split(0, places, region, narrowed).inside
  }

  /// - Returns: Also whether nothing of the node lies neither inside nor outside (a rest that no child accounts for),
  ///   and how far rounding may set the parts off from the whole.
  private func split(
    _ node: Int, _ places: [Place], _ region: Int, _ narrowed: Narrowed
  ) -> (inside: Interval, outside: Interval, isComplete: Bool, slack: Double) {
    let whole = narrowed.intervals[cell(region, node)]
    switch places[node] {
    case .inside: return (whole, Interval(0), true, 0)
    case .outside: return (Interval(0), whole, true, 0)
    case .partly: break
    }
    var inside = Interval(0)
    var outside = Interval(0)
    let index = Int(narrowed.sumOfCell[cell(region, node)])
    var isComplete = index >= 0 && narrowed.sums[index].relation == .equal
    var slack = index >= 0 ? narrowed.sums[index].slack : 0
    for child in children[node] {
      let part = split(child, places, region, narrowed)
      inside = inside + part.inside
      outside = outside + part.outside
      isComplete = isComplete && part.isComplete
      slack += part.slack
    }
    guard index >= 0 else { return (inside, outside, false, slack) }
    var insideRest = whole - outside + Interval(-slack, slack)
    var outsideRest = whole - inside + Interval(-slack, slack)
    if !isComplete {
      insideRest.low = -.infinity
      outsideRest.low = -.infinity
    }
    return (inside.narrowed(to: insideRest), outside.narrowed(to: outsideRest), isComplete, slack)
  }
}
