import ClusterQuery
import Testing

/// What agencies and the U.S. Cluster Mapping Project have published comes out again.
@Suite struct PublishedFiguresTests {
  @Test func locationQuotientsOfClusterMapping() async throws {
    var rowCount = 0
    for kind in ["traded", "local"] {
      let table = try await Bundled.run(
        """
        table(lq, published_lq, by:[state, cluster], cluster:\(kind), among:\(kind), data:us_cluster_map_2016)
        """)
      let (computed, published) = (try table.numbers("lq"), try table.numbers("published_lq"))
      rowCount += table.rowCount
      for row in 0..<table.rowCount {
        guard let ours = computed[row], let theirs = published[row] else {
          Issue.record("row \(row) of \(kind) clusters has no number")
          continue
        }
        #expect(abs(ours - theirs) <= 1e-5, "row \(row) of \(kind) clusters")
      }
    }
    #expect(rowCount == 3350)
  }

  @Test(arguments: [(2007, 120_604_265.0), (2011, 113_425_965), (2019, 126_358_746)])
  func totals(_ year: Int, _ published: Double) async throws {
    let nation = try await Bundled.run("employment(year:\(year))")
    #expect(try nation.numbers("employment") == [published])
    let states = try await Bundled.run("employment(by:state, year:\(year))")
    #expect(try states.numbers("employment").reduce(0) { $0 + ($1 ?? .nan) } == published)
  }

  @Test func washingtonsAerospaceIsKnownAlthoughItsLargestIndustryIsWithheld() async throws {
    let cluster = try await Bundled.run("table(employment, lq, cluster:\"Aerospace\", in:\"Washington\", year:2020)")
    #expect(try cluster.numbers("employment") == [81_497])
    #expect(try #require(try cluster.numbers("lq")[0]) > 5)
    let industry = try await Bundled.run("employment(naics6:336411, in:\"Washington\", year:2020)")
    guard case .numbers(_, let states, _) = industry.columns[0].values else {
      Issue.record("employment must be a column of numbers")
      return
    }
    #expect(states == [.estimated])
  }
}
