import BundledElaboration
import CQPlan
import Testing

/// Equal cells are asked for once, and the work is bounded before any of it is done.
@Suite struct PlannerTests {
  @Test(arguments: [
    "lq(cluster:\"Aerospace\", in:\"Ohio\")", "lq(by:state, cluster:\"Aerospace\")", "lq(by:cluster, in:\"Ohio\")",
    "lq(by:[state, cluster])", "lq(by:[state, naics6])", "lq(by:[state, cluster, year], year:2003..2011)",
  ])
  func anLQIsFourRequestsWhateverItsRows(_ text: String) throws {
    #expect(try Bundled.plan(text).requests.count == 4)
  }

  @Test func whatMeasuresShareIsAskedOnce() throws {
    #expect(try Bundled.plan("table(employment, share, lq, by:cluster, in:\"Ohio\")").requests.count == 4)
    #expect(
      try Bundled.plan("table(lq, twice = lq + lq, lq2 = lq(of:employment), by:state, cluster:1)").requests.count == 4)
    #expect(
      try Bundled.plan("employment(by:state) | where employment > 5 | derive e = employment()").requests.count == 1)
    // The base of an area is the area itself here: two more totals and nothing else.
    #expect(try Bundled.plan("table(lq, here = lq(state:\"Ohio\"), by:cluster, in:\"Ohio\")").requests.count <= 6)
  }

  @Test func shiftShareIsAtMostEightRequests() throws {
    #expect(try Bundled.plan("shift_share(by:state, year:2008..2011)").requests.count <= 8)
    #expect(try Bundled.plan("shift_share(by:[state, cluster], year:2008..2011)").requests.count <= 8)
  }

  @Test func growthTakesTwoYearsOfOneMeasure() throws {
    let plan = try Bundled.plan("growth(by:state, year:2003..2011)")
    #expect(plan.requests.map(\.grid.years).sorted { $0[0] < $1[0] } == [[2003], [2011]])
  }

  @Test func gridsHoldTheRows() throws {
    let plan = try Bundled.plan("employment(by:[state, cluster, year], year:2003..2011)")
    #expect(plan.grids[0].region.groupCount == 52)
    #expect(plan.grids[0].activity.groupCount == 67)
    #expect(plan.grids[0].years == Array(2003...2011))
    #expect(plan.grids[0].cellCount == 52 * 67 * 9)
  }

  @Test func aSumOverALevelHasAFinerGrid() throws {
    let plan = try Bundled.plan("hhi(by:state)")
    #expect(plan.grids.count == 2)
    #expect(plan.grids[0].cellCount == 52)
    #expect(plan.grids[1].cellCount == 52 * 67)
    #expect(plan.reductions.count == 1)
    #expect(plan.reductions[0].parents == [Int32](repeating: 0, count: 67))
  }

  @Test func listwiseColumnsAreOneReduction() throws {
    let plan = try Bundled.plan("shift_share(by:state, year:2008..2011)")
    #expect(plan.reductions.count == 1)
    #expect(plan.reductions[0].isListwise)
    #expect(plan.reductions[0].formulas.count == 4)
  }

  @Test func theCellBoundGrowsWithTheRows() throws {
    // Grid and request of the rows.
    #expect(try Bundled.plan("employment(by:state, year:2020)").cellBound == 2 * 52)
    // Grid; e(r,a) e(r,·) e(US,a) e(US,·).
    #expect(try Bundled.plan("lq(by:[state, cluster], year:2020)").cellBound == 52 * 67 * 2 + 52 + 67 + 1)
    let industries = try Bundled.plan("employment(by:[state, naics6, year], year:2003..2011)")
    #expect(industries.cellBound > 51 * 1_000 * 9)
  }

  @Test func tablesOfTheCatalogueAskNothing() throws {
    let plan = try Bundled.plan("clusters | where kind == \"local\" | first 3")
    #expect(plan.requests.isEmpty)
    #expect(plan.cellBound == 0)
    #expect(plan.stages.count == 2)
  }
}
