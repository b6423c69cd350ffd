import CQCatalog
import CQColumns
import CQPlan
import Testing

@testable import CQEngine

/// Sums of the combinations of codes that rows have, against sums of all combinations.
struct SparseSumsTests {
  // MARK: - Sets of cells

  @Test(arguments: [0, 1, 63, 64, 65, 1_000, 100_000], [0.0, 0.01, 0.5, 1.0])
  func aSetKnowsItsCells(spaceCount: Int, density: Double) {
    var random = RandomSource(seed: spaceCount)
    let cells = (0..<spaceCount).filter { _ in random.chance(density) }
    var set = CellSet(spaceCount: spaceCount)
    for cell in cells.shuffled(using: &random) { set.insert(cell) }
    set.finish()
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
    var all = CellSet(spaceCount: spaceCount)
    all.formUnion(set)
    all.finish()
    #expect(all.cells() == cells)
  }

  // MARK: - Roll-ups

  private struct World {
    var dense: SumsByCode
    var sparse: SumsByCode
  }

  /// Sums that are no short decimal fractions: their bits depend on the order in which they are added.
  private func world(_ regions: Int, _ activities: Int, density: Double, _ random: inout RandomSource) -> World {
    let dense = CodeSums<Double>(regionCount: regions, activityCount: activities, hasStates: false)
    var cells = CellSet(spaceCount: regions * activities)
    for cell in 0..<regions * activities where random.chance(density) {
      unsafe dense.sums[cell] = Double(random.next(below: 1_000_000)) / 7
      unsafe dense.isPresent[cell] = 1
      cells.insert(cell)
    }
    cells.finish()
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
    let world = world(codes.0, codes.1, density: codes.2, &random)
    // The only group of all activities has all of them: this is added up place by place.
    let hasGaps = groups != (1, 1)
    let regionGroups = (0..<codes.0).map { _ in Int32(random.next(below: groups.0 + 1)) - 1 }
    let activityGroups = (0..<codes.1).map { _ in
      groups.1 == 1 && !hasGaps ? 0 : Int32(random.next(below: groups.1 + 1)) - 1
    }
    let exists = [Bool](repeating: true, count: groups.1)
    let isListed = (0..<groups.0).map { _ in random.chance(0.8) }
    let grid = Grid(
      region: RegionAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: groups.0)),
      activity: ActivityAxis(levels: [], constraints: [], entries: [[Member]](repeating: [], count: groups.1)),
      years: [2_001])
    let control = RunControl(cancellation: Cancellation(), limits: Limits(threads: 2))
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
        let found = try #require(try rollUp(sums, isZero: isZero).sparseSums(year: 0))
        let known = isZero ? nil : dense.states.indices.filter { dense.states[$0] == .known }
        if let known { #expect(found.cells.cells() == known) }
        found.cells.forEach { cell, position in
          #expect(found.sums.sums[position].bitPattern == dense.values[cell].bitPattern)
        }
      }
    }
  }
}
