import CQCatalog
import CQColumns
import Testing

@testable import CQEngine

/// Intervals of hidden cells against the truth behind them.
@Suite struct BoundsTests {
  /// A country of three states over a random classification, with numbers that add up along both.
  private struct World {
    var tree: ActivityTree
    var truth: [[Double]]
    var rows: [PublishedCells.Row] = []
    var listed: [Int] = []
    var known: Set<[Int]> = []
    /// Nodes whose children leave a rest.
    let hasRests: Bool

    static let parents: [Int?] = [nil, 0, 0, 0]

    init(seed: Int) {
      var random = RandomSource(seed: seed)
      tree = Self.tree(&random)
      hasRests = random.chance(0.3)
      let count = tree.nodeCount
      truth = [[Double]](repeating: [Double](repeating: 0, count: count), count: Self.parents.count)
      let restNodes = (0..<count).map { _ in hasRests && random.chance(0.3) }
      for region in 1..<Self.parents.count {
        for node in stride(from: count - 1, through: 0, by: -1) {
          if tree.isLeaf[node] || restNodes[node] {
            truth[region][node] +=
              random.chance(0.2) && tree.isLeaf[node] ? 0 : Double(Int.random(in: 1...500, using: &random))
          }
          if node > 0 { truth[region][Int(tree.parents[node])] += truth[region][node] }
        }
        for node in 0..<count { truth[0][node] += truth[region][node] }
      }
      listed = (0..<count).filter { $0 == 0 || restNodes[$0] || tree.isLeaf[$0] || random.chance(0.8) }
      let hides = random.pick([0.05, 0.3, 0.7, 0.95])
      for region in Self.parents.indices {
        for node in listed where truth[region][node] > 0 {
          let value = truth[region][node]
          guard random.chance(hides) else {
            known.insert([region, node])
            rows.append(.init(region: region, node: node, value: value, state: .known, sizes: nil))
            continue
          }
          let width = Double(Int.random(in: 1...200, using: &random))
          let sizes = random.chance(0.4) ? Interval(max(0, value - width), value + width) : nil
          // An estimate that agrees with everything: the truth itself is one.
          let state: CellState = random.chance(0.5) ? .estimated : .withheld
          rows.append(.init(region: region, node: node, value: value, state: state, sizes: sizes))
        }
      }
    }

    private static func tree(_ random: inout RandomSource) -> ActivityTree {
      var tree = ActivityTree.Builder(scheme: "naics")
      var frontier = [(code: "", depth: 1)]
      while let (code, depth) = frontier.popLast() {
        for child in 1...Int.random(in: 1...4, using: &random) {
          let next = code + "\(child)"
          tree.add(code: next, level: nil, depth: UInt8(depth + 1), parent: code)
          if depth < 4, random.chance(0.5) { frontier.append((next, depth + 1)) }
        }
      }
      return tree.finish()
    }

    var cells: PublishedCells {
      PublishedCells(
        tree: tree, parents: Self.parents, rows: rows, listedNodes: listed, absentIsZero: true, unknown: .notNegative,
        addsOverActivities: true, addsOverRegions: true)
    }
  }

  private let tolerance = 1e-6

  @Test(arguments: 1...300) func theTruthLiesInside(seed: Int) {
    let world = World(seed: seed)
    let cells = world.cells
    let narrowed = cells.narrowed()
    for region in World.parents.indices {
      for node in 0..<world.tree.nodeCount {
        let interval = narrowed.intervals[cells.cell(region, node)]
        let value = world.truth[region][node]
        #expect(interval.low <= value + tolerance && value <= interval.high + tolerance, "\(region) \(node)")
        if world.known.contains([region, node]) {
          #expect(interval == Interval(value), "what is published is what it is")
        }
      }
    }
  }

  @Test(arguments: 1...300) func setsHoldTheirSum(seed: Int) {
    let world = World(seed: seed)
    var random = RandomSource(seed: seed + 10_000)
    let cells = world.cells
    let narrowed = cells.narrowed()
    let tree = world.tree
    for _ in 0..<8 {
      let isInside = tree.isLeaf.map { $0 && random.chance(0.4) }
      let places = Self.places(isInside, tree)
      for region in World.parents.indices {
        // A rest of a node that lies partly inside belongs to nobody.
        let truth = Self.sum(0, places, region, world)
        let interval = cells.interval(of: places, in: region, narrowed)
        #expect(interval.low <= truth + tolerance && truth <= interval.high + tolerance)
      }
    }
  }

  private static func places(_ isInside: [Bool], _ tree: ActivityTree) -> [PublishedCells.Place] {
    var inside = isInside
    var touches = isInside
    for node in 0..<tree.nodeCount where !tree.isLeaf[node] { inside[node] = true }
    for node in stride(from: tree.nodeCount - 1, to: 0, by: -1) {
      let parent = Int(tree.parents[node])
      if !inside[node] { inside[parent] = false }
      if touches[node] { touches[parent] = true }
    }
    return tree.isLeaf.indices.map { inside[$0] ? .inside : touches[$0] ? .partly : .outside }
  }

  private static func sum(_ node: Int, _ places: [PublishedCells.Place], _ region: Int, _ world: World) -> Double {
    switch places[node] {
    case .inside: world.truth[region][node]
    case .outside: 0
    case .partly:
      world.tree.parents.indices.dropFirst().filter { Int(world.tree.parents[$0]) == node }
        .reduce(0) { $0 + sum($1, places, region, world) }
    }
  }

  /// One hidden cell among published ones is no secret, whichever tree gives it away.
  @Test func theOnlyUnknownIsKnown() {
    var tree = ActivityTree.Builder(scheme: "naics")
    for code in ["a", "b"] { tree.add(code: code, level: nil, depth: 2, parent: "") }
    func row(_ region: Int, _ node: Int, _ value: Double, _ state: CellState = .known) -> PublishedCells.Row {
      .init(region: region, node: node, value: value, state: state, sizes: nil)
    }
    // State 1 hides both industries; state 2 publishes all, and so does the country.
    let rows = [
      row(0, 0, 30), row(0, 1, 12), row(0, 2, 18), row(1, 0, 10), row(1, 1, 4, .withheld), row(1, 2, 6, .withheld),
      row(2, 0, 20), row(2, 1, 8), row(2, 2, 12),
    ]
    let cells = PublishedCells(
      tree: tree.finish(), parents: [nil, 0, 0], rows: rows, listedNodes: 0..<3, absentIsZero: true,
      unknown: .notNegative,
      addsOverActivities: true, addsOverRegions: true)
    let narrowed = cells.narrowed()
    // Over regions the totals (30 = 10 + 20) show that sums hold.
    #expect(narrowed.intervals[cells.cell(1, 1)] == Interval(4))
    #expect(narrowed.intervals[cells.cell(1, 2)] == Interval(6))
  }

  @Test func aSizeClassIsABound() {
    var tree = ActivityTree.Builder(scheme: "naics")
    for code in ["a", "b", "c"] { tree.add(code: code, level: nil, depth: 2, parent: "") }
    let rows: [PublishedCells.Row] = [
      .init(region: 0, node: 0, value: 150, state: .known, sizes: nil),
      .init(region: 0, node: 1, value: 0, state: .withheld, sizes: Interval(0, 19)),
      .init(region: 0, node: 2, value: 0, state: .withheld, sizes: Interval(100, 249)),
      .init(region: 0, node: 3, value: 7, state: .known, sizes: nil),
      .init(region: 1, node: 0, value: 9, state: .known, sizes: nil),
      .init(region: 1, node: 3, value: 9, state: .known, sizes: nil),
    ]
    let cells = PublishedCells(
      tree: tree.finish(), parents: [nil, nil], rows: rows, listedNodes: 0..<4, absentIsZero: true,
      unknown: .notNegative,
      addsOverActivities: true, addsOverRegions: true)
    let narrowed = cells.narrowed()
    #expect(narrowed.intervals[cells.cell(0, 2)] == Interval(124, 143), "150 - 7 - (0 to 19)")
    #expect(narrowed.intervals[cells.cell(0, 1)] == Interval(0, 19))
    // Together they are what the total leaves, exactly.
    #expect(cells.interval(of: [.partly, .inside, .inside, .outside], in: 0, narrowed) == Interval(143))
  }

  // MARK: - Interval arithmetic

  @Test(arguments: 1...200) func everyResultLiesInside(seed: Int) {
    var random = RandomSource(seed: seed)
    func number() -> Double { Double(Int.random(in: -40...40, using: &random)) / 4 }
    for _ in 0..<50 {
      let ends = [[number(), number()].sorted(), [number(), number()].sorted()]
      let (a, b) = (Interval(ends[0][0], ends[0][1]), Interval(ends[1][0], ends[1][1]))
      let (part, other) = (Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random))
      let x = a.low + (a.high - a.low) * part
      let y = b.low + (b.high - b.low) * other
      func holds(_ interval: Interval?, _ value: Double) -> Bool {
        guard let interval else { return !value.isFinite }
        return !value.isFinite || (interval.low - 1e-9 <= value && value <= interval.high + 1e-9)
      }
      #expect(holds(a + b, x + y) && holds(a - b, x - y) && holds(a * b, x * y))
      #expect(holds(a / b, x / y), "\(a) / \(b) at \(x), \(y)")
      #expect(holds(a.magnitude, x.magnitude) && holds(-a, -x))
      #expect(holds(a.power(Interval(2)), x * x) && holds(a.power(Interval(3)), x * x * x))
    }
  }

  @Test func openEndsStayOpen() {
    let open = Interval.notNegative
    #expect(open + Interval(1) == Interval(1, .infinity) && open - open == .unknown)
    #expect(open * Interval(0) == Interval(0))
    #expect(Interval(1) / open == Interval(0, .infinity))
    #expect(Interval(1) / Interval(0) == nil)
    #expect(Interval(2, 4) / Interval(0, 2) == Interval(1, .infinity))
  }
}
