import CQCatalog
import CQColumns
import Testing

@testable import CQEngine
@testable import CQPlan
@testable import CQSemantics

/// Sums over sets of activities against a recursion down the tree.
struct PublishedCoverTests {
  /// The recursion: a node that lies wholly inside the set and counts itself stands for everything below it.
  private struct Naive {
    let world: RandomWorld
    let year: Int
    let measure: String

    var nodes: [RandomWorld.Node] { RandomWorld.vintageOfYear[year].flatMap { world.trees[$0] } ?? [] }

    func facts(_ region: String, at index: Int = 0, inside: [Bool]) -> [RandomWorld.Fact] {
      let nodes = nodes
      guard let fact = world.fact(year, region, nodes[index].code) else { return [] }
      let countsItself = fact.countsItself || measure == "establishments"
      if countsItself && world.leaves(below: index, in: nodes).allSatisfy({ inside[$0] }) { return [fact] }
      return nodes[index].children.flatMap { facts(region, at: $0, inside: inside) }
    }

    func cell(_ regions: [String], inside: [Bool], policy: SuppressionPolicy) -> (value: Double, state: CellState) {
      var facts = regions.flatMap { self.facts($0, inside: inside) }
      // A cell that the country's own rows do not have comes from the states.
      if facts.isEmpty, regions == ["US"] { facts = RandomWorld.states.flatMap { self.facts($0, inside: inside) } }
      if measure == "establishments" { for index in facts.indices { facts[index].state = .known } }
      func sum(_ states: [CellState]) -> Double {
        let counted = facts.filter { states.contains($0.state) }
        return measure == "payroll"
          ? Double(counted.reduce(0) { $0 + $1.payroll } * 1000)
          : Double(counted.reduce(0) { $0 + $1.employment })
      }
      let states = facts.map(\.state)
      if states.allSatisfy({ $0 == .missing }) {
        let isZero = states.isEmpty && world.absentIsZero && exists(inside)
        return (0, isZero ? .known : .missing)
      }
      let isIncomplete = states.contains { $0 == .estimated || $0 == .withheld }
      switch policy {
      case .estimate:
        if states.contains(.withheld) { return (0, .withheld) }
        return (sum([.known, .estimated]), isIncomplete ? .estimated : .known)
      case .exclude:
        if !states.contains(.known) { return (0, .withheld) }
        return (sum([.known]), isIncomplete ? .estimated : .known)
      case .withhold: return isIncomplete ? (0, .withheld) : (sum([.known]), .known)
      }
    }

    /// Whether the data know any code of the set in this classification.
    private func exists(_ inside: [Bool]) -> Bool {
      let nodes = nodes
      let codes = Set(world.facts.keys.map(\.code))
      return nodes.indices.contains { index in
        codes.contains(nodes[index].code) && world.leaves(below: index, in: nodes).allSatisfy { inside[$0] }
      }
    }
  }

  private struct Request {
    var levels: [Level]
    var activities: ActivitySet
    var policy: SuppressionPolicy
    var measure: String
  }

  private func request(_ world: RandomWorld, _ catalog: Catalog, _ random: inout RandomSource) -> Request {
    var levels: [Level] = []
    if random.chance(0.5) { levels.append(.state) }
    if random.chance(0.6) { levels.append(random.pick([.cluster, .naics2, .naics3, .naics4, .naics5, .naics6])) }
    func member() -> ActivitySet.Term {
      let level = random.pick([Level.cluster, .naics2, .naics3, .naics4, .naics6])
      let members = catalog.list(level).members
      return members.isEmpty ? .all : .member(random.pick(members))
    }
    let terms: [ActivitySet.Term] =
      switch Int.random(in: 0...5, using: &random) {
      case 0, 1: [.all]
      case 2: [.traded]
      case 3: [.local, member()]
      case 4: [member()]
      default: (0..<12).map { _ in member() }
      }
    return Request(
      levels: levels, activities: ActivitySet(terms), policy: random.pick(SuppressionPolicy.allCases),
      measure: random.pick(["employment", "payroll", "establishments"]))
  }

  /// For each leaf of the year's tree, whether it belongs to the set and to the members that a group stands for.
  private func isInside(_ naive: Naive, _ set: ActivitySet, _ members: [Member]) -> [Bool] {
    let nodes = naive.nodes
    return nodes.indices.map { leaf in
      guard nodes[leaf].children.isEmpty else { return false }
      func belongs(_ member: Member) -> Bool {
        if member.level == .cluster { return member.code == "\(nodes[leaf].cluster + 1)" }
        var index = leaf
        while index != 0 {
          if nodes[index].code == member.code { return true }
          index = nodes[index].parent
        }
        return false
      }
      let kind = nodes[leaf].cluster < 0 ? "" : RandomWorld.kinds[nodes[leaf].cluster]
      let isInSet = set.terms.contains { term in
        switch term {
        case .all: true
        case .traded: kind == "traded"
        case .local: kind == "local"
        case .member(let member): belongs(member)
        }
      }
      return isInSet && members.allSatisfy(belongs)
    }
  }

  @Test(arguments: 0..<40)
  func sumsAreThoseOfTheRecursion(seed: Int) throws {
    let world = RandomWorld(seed: seed)
    let catalog = try world.catalog()
    let dataset = try #require(catalog.datasets.first)
    let country = try #require(catalog.list(.country).members.first)
    var random = RandomSource(seed: seed + 1_000)
    for _ in 0..<10 {
      let request = request(world, catalog, &random)
      let frame = Frame(
        levels: request.levels, area: RegionSet([country]), regions: nil, activities: request.activities,
        base: .countryOfRow, policy: request.policy, dataset: dataset, years: [2001, 2002, 2003], range: 2001...2003,
        spansYears: false)
      let axes = AxisBuilder(catalog: catalog, frame: frame)
      let grid = Grid(region: axes.regionAxis(), activity: try axes.activityAxis(), years: frame.years)
      let control = RunControl(cancellation: Cancellation(), limits: Limits())
      let engine = GroupingEngine(catalog: catalog, frame: frame, control: control, cache: nil)
      let found = try engine.answers([GroupingRequest(measure: request.measure, grid: grid)])[0].numbers(control)
      #expect(found.count == grid.cellCount)
      for (region, places) in grid.region.entries.enumerated() {
        for (activity, members) in grid.activity.entries.enumerated() {
          for (position, year) in frame.years.enumerated() {
            let naive = Naive(world: world, year: year, measure: request.measure)
            let regions = places.isEmpty ? (world.hasCountry ? ["US"] : RandomWorld.states) : places.map(\.code)
            let inside = isInside(naive, request.activities, members)
            let expected = naive.cell(regions, inside: inside, policy: request.policy)
            let cell = (region * grid.activity.groupCount + activity) * frame.years.count + position
            let comment = "seed \(seed), \(request), \(regions), \(members.map(\.code)), \(year)"
            guard found.states[cell] == expected.state, found.values[cell] == expected.value else {
              Issue.record("\(comment): \(found.values[cell]) \(found.states[cell]), expected \(expected)")
              return
            }
          }
        }
      }
    }
  }
}
