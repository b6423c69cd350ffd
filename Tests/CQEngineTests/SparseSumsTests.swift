import CQCatalog
import CQColumns
import CQPlan
import Testing

@testable import CQEngine

/// Sums of the combinations of codes that rows have, against sums of all combinations.
struct SparseSumsTests {
  private let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: 2))

  // MARK: - Sets of cells

  @Test(arguments: [0, 1, 63, 64, 65, 1_000, 100_000], [0.0, 0.01, 0.5, 1.0])
  func aSetKnowsItsCells(spaceCount: Int, density: Double) throws {
    var random = RandomSource(seed: spaceCount)
    let cells = (0..<spaceCount).filter { _ in random.chance(density) }
    var set = try CellSet(spaceCount: spaceCount, control)
    for cell in cells.shuffled(using: &random) { set.insert(cell) }
    try set.finish(control)
    #expect(set.count == cells.count)
    #expect(set.cells() == cells)
    for (position, cell) in cells.enumerated() {
      #expect(set.rank(cell) == position)
      #expect(set.contains(cell))
    }
    #expect(set.rank(spaceCount) == cells.count)
    let others = Set(cells)
    #expect((0..<spaceCount).allSatisfy { set.contains($0) == others.contains($0) })
    for _ in 0..<20 {
      let start = random.next(below: spaceCount + 1)
      let part = start..<start + random.next(below: spaceCount + 1 - start)
      var found: [Int] = []
      set.forEach(in: part) { cell, position in
        #expect(set.rank(cell) == position)
        found.append(cell)
      }
      #expect(found == cells.filter(part.contains))
    }
    var all = try CellSet(spaceCount: spaceCount, control)
    all.formUnion(set)
    try all.finish(control)
    #expect(all.cells() == cells)
  }

  // MARK: - Roll-ups

  private struct World {
    var dense: SumsByCode
    var sparse: SumsByCode
  }

  /// Sums that are no short decimal fractions: their bits depend on the order in which they are added.
  private func world(_ regions: Int, _ activities: Int, density: Double, _ random: inout RandomSource) throws -> World {
    let dense = CodeSums<Double>(regionCount: regions, activityCount: activities, hasStates: false)
    var cells = try CellSet(spaceCount: regions * activities, control)
    for cell in 0..<regions * activities where random.chance(density) {
      unsafe dense.sums[cell] = Double(random.next(below: 1_000_000)) / 7
      unsafe dense.isPresent[cell] = 1
      cells.insert(cell)
    }
    try cells.finish(control)
    dense.addUp()
    let sparse = CodeSums<Double>(
      regionCount: regions, activityCount: activities, sparseCount: cells.count, hasStates: false)
    cells.forEach { cell, position in
      unsafe sparse.sums[position] = dense.sums[cell]
      unsafe sparse.isPresent[position] = 1
    }
    sparse.addUp(cells, parts: [Array(0..<regions)])
    return World(dense: SumsByCode(.decimals(dense)), sparse: SumsByCode(.decimals(sparse), cells: cells))
  }

  /// Places in more pieces than one, so that the order in which pieces are put together shows.
  @Test(arguments: [(2_500, 1_000, 0.01), (9, 20, 0.5), (3_000, 1_100, 0.002)], [(1, 1), (7, 1), (1, 5), (40, 9)])
  func groupsHaveTheSameBits(codes: (Int, Int, Double), groups: (Int, Int)) throws {
    var random = RandomSource(seed: codes.0 + groups.0)
    let world = try world(codes.0, codes.1, density: codes.2, &random)
    // The only group of all activities has all of them: this is added up place by place.
    let hasGaps = groups != (1, 1)
    let regionGroups = (0..<codes.0).map { _ in Int32(random.next(below: groups.0 + 1)) - 1 }
    let activityGroups = (0..<codes.1).map { _ in
      groups.1 == 1 && !hasGaps ? 0 : Int32(random.next(below: groups.1 + 1)) - 1
    }
    try hold(world, groups, regionGroups, activityGroups, &random)
  }

  /// Groups of one code each, in the order of the codes: all codes, or some of them.
  @Test(arguments: [(2_500, 1_000, 0.01), (9, 20, 0.5)], [false, true])
  func groupsThatAreCodesHaveTheSameBits(codes: (Int, Int, Double), leavesOut: Bool) throws {
    var random = RandomSource(seed: codes.0)
    let world = try world(codes.0, codes.1, density: codes.2, &random)
    func groups(_ count: Int) -> [Int32] {
      var next: Int32 = 0
      return (0..<count).map { _ in
        if leavesOut && random.chance(0.3) { return -1 }
        defer { next += 1 }
        return next
      }
    }
    try hold(world, (codes.0, codes.1), groups(codes.0), groups(codes.1), &random)
  }

  private func hold(
    _ world: World, _ groups: (Int, Int), _ regionGroups: [Int32], _ activityGroups: [Int32],
    _ random: inout RandomSource
  ) throws {
    let exists = [Bool](repeating: true, count: groups.1)
    let isListed = (0..<groups.0).map { _ in random.chance(0.8) }
    let grid = Grid(
      region: RegionAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: groups.0)),
      activity: ActivityAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: groups.1)),
      years: [2_001])
    func rollUp(_ sums: SumsByCode, isZero: Bool) -> RollUp {
      RollUp(
        grid: grid,
        years: [
          RollUp.Year(
            sums, regionGroups: regionGroups, activityGroups: activityGroups, isListed: isListed, exists: exists)
        ], scale: 1, absentIsZero: isZero, control: control)
    }
    for isZero in [false, true] {
      let dense = try rollUp(world.dense, isZero: isZero).cells().numbers(control)
      let sparse = try rollUp(world.sparse, isZero: isZero).cells().numbers(control)
      #expect(dense.values.map(\.bitPattern) == sparse.values.map(\.bitPattern))
      #expect(dense.states == sparse.states)
      for sums in [world.dense, world.sparse] {
        let found = try #require(try rollUp(sums, isZero: isZero).sparseYear(0))
        let known = isZero ? nil : dense.states.indices.filter { dense.states[$0] == .known }
        if let known { #expect(found.cells.cells() == known) }
        found.cells.forEach { cell, position in
          #expect(found.values[position].bitPattern == dense.values[cell].bitPattern)
        }
      }
    }
  }

  /// Every quotient and remainder is that of a plain division.
  @Test func divisorsAreExact() {
    var random = RandomSource(seed: 3)
    for divisor in [1, 2, 3, 7, 20, 64, 1_057, 3_174, 65_537, 1 << 20, 3_354_918] {
      for bound in [divisor + 1, 1 << 31, 1 << 40, 1 << 62] {
        let by = Divisor(divisor, below: bound)
        let near = (0..<6).flatMap { [$0 * divisor, $0 * divisor - 1] } + [bound - 1, bound / divisor * divisor - 1]
        for number in near + (0..<500).map({ _ in random.next(below: bound) }) where (0..<bound).contains(number) {
          #expect(by.quotientAndRemainder(number) == number.quotientAndRemainder(dividingBy: divisor))
        }
      }
    }
  }
}
