import ClusterQuery
import Foundation
import Testing

/// What clusters are classed by, on random tables, against rules written out in Swift: ranks and quantiles by counting.
@Suite struct RandomClusterTests {
  private static let clusters = RandomFacts.clusters.indices
  private static let places = RandomFacts.places.indices
  /// The last two of the clusters are local.
  private static let traded = 0..<RandomFacts.clusters.count - 2

  /// Location quotient among traded clusters.
  private static func tradedQuotient(_ world: RandomFacts, _ place: Int, _ cluster: Int) -> Double {
    func sum(_ value: (Int) -> Double) -> Double { traded.reduce(0) { $0 + value($1) } }
    return world.value(place, cluster) / sum { world.value(place, $0) }
      / (world.total(activity: cluster) / sum { world.total(activity: $0) })
  }

  private static func isStrong(_ world: RandomFacts, _ place: Int, _ cluster: Int, top: Double = 0.75) -> Bool {
    guard traded.contains(cluster) else { return false }
    let present = places.filter { world.value($0, cluster) > 0 }
    let quotient = tradedQuotient(world, place, cluster)
    func cut(_ part: Double, _ value: (Int) -> Double) -> Double { quantileByWalking(present.map(value), part) }
    return quotient >= 1 && quotient >= cut(top) { tradedQuotient(world, $0, cluster) }
      && world.value(place, cluster) > cut(0.25) { world.value($0, cluster) }
      && world.value(place, cluster, "establishments") > cut(0.25) { world.value($0, cluster, "establishments") }
  }

  @Test(arguments: [1, 2, 3]) func strongClusters(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed, activities: RandomFacts.clusters)
    let found = try Answers.rows(
      world.text
        + "table(employment, strong, strict = strong(top:90%), cluster_class, by:[state, cluster], year:2014, data:mine)"
    )
    var count = 0
    for row in found {
      let (place, cluster) = (try #require(world.place(row)), try #require(world.activity(row)))
      if world.cell(place, cluster).isNaN { continue }
      let isStrong = Self.isStrong(world, place, cluster)
      count += isStrong ? 1 : 0
      #expect(row["strong"] == (isStrong ? "true" : "false"), "\(row)")
      #expect(row["strict"] == (Self.isStrong(world, place, cluster, top: 0.9) ? "true" : "false"), "\(row)")
      let isLarge = partAhead(world.value(place, cluster), Self.places.map { world.cell($0, cluster) }) < 0.1
      let wanted = isStrong ? (isLarge ? "strong and large" : "strong") : isLarge ? "large" : "other"
      #expect(row["cluster_class"] == wanted)
    }
    #expect(count > 3)
    for row in try Answers.rows(world.text + "cluster_strength(by:state, year:2014, data:mine)") {
      let place = try #require(world.place(row))
      let strong = Self.traded.filter { Self.isStrong(world, place, $0) }.reduce(0) { $0 + world.value(place, $1) }
      let all = Self.traded.reduce(0) { $0 + world.value(place, $1) }
      Answers.expect(row, "cluster_strength", strong / all)
    }
  }

  @Test(arguments: [1, 2, 3]) func starsAndScores(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed, activities: RandomFacts.clusters)
    let found = try Answers.rows(
      world.text
        + """
        table(stars(lq_min:1.2, size_top:25%, focus_top:25%, year:2014), panorama = stars(scheme:panorama2016),
          score, swot(lq_min:1), quadrant, by:[state, cluster], year:2012..2014, data:mine)
        """)
    #expect(found.count > 50)
    for row in found {
      let (place, cluster) = (try #require(world.place(row)), try #require(world.activity(row)))
      let jobs = Self.places.map { world.cell($0, cluster) }
      let isThere = Self.places.map { !world.cell($0, cluster).isNaN }
      let quotients = Self.places.map { isThere[$0] ? world.quotient($0, cluster) : .nan }
      let shares = Self.places.map { isThere[$0] ? world.share($0, cluster) : .nan }
      let wages = Self.places.map { world.cell($0, cluster, "payroll") / jobs[$0] }.map { $0.isFinite ? $0 : .nan }
      let rates = Self.places.map { jobs[$0] / world.cell($0, cluster, year: 0) - 1 }.map { $0.isFinite ? $0 : .nan }
      func star(_ isGiven: Bool) -> Double { isGiven ? 1 : 0 }
      let stars =
        jobs[place] < 1_000
        ? 0
        : star(partAhead(jobs[place], jobs) < 0.25) + star(quotients[place] >= 1.2)
          + star(partAhead(shares[place], shares) < 0.25)
      Answers.expect(row, "stars", isThere[place] ? stars : .nan)
      let hasAll = [quotients, jobs, wages, rates].allSatisfy { !$0[place].isNaN }
      let panorama = [quotients, jobs, wages, rates].reduce(0) { $0 + star(partAhead($1[place], $1) < 0.2) }
      Answers.expect(row, "panorama", hasAll ? panorama : .nan)
      let parts = [(0.3, quotients), (0.2, jobs), (0.2, rates), (0.3, wages)]
      Answers.expect(
        row, "score",
        hasAll ? parts.reduce(0) { $0 + $1.0 * percentileByCounting($1.1[place], $1.1) } : .nan)
      guard isThere[place] else { continue }
      let isSpecialised = quotients[place] >= 1
      let grows = world.growth(cluster) >= 0
      #expect(row["swot"] == (isSpecialised ? (grows ? "strength" : "risk") : grows ? "opportunity" : "other"))
    }
  }

  /// Ranks, quantiles and scores among all places.
  @Test(arguments: [1, 2]) func placesAmongAllPlaces(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed, activities: RandomFacts.clusters)
    let found = try Answers.rows(
      world.text
        + """
        table(place_rank, percentile_rank, place_quantile(part:30%), others_mean, standardized, standardized_lq,
          rescaled, share, base_share, place_lq, by:[state, cluster], year:2014, data:mine)
        """)
    #expect(found.count > 50)
    for row in found {
      let (place, cluster) = (try #require(world.place(row)), try #require(world.activity(row)))
      let cells = Self.places.map { world.cell($0, cluster) }
      let jobs = cells.filter { !$0.isNaN }
      let own = cells[place]
      let isThere = !own.isNaN
      Answers.expect(row, "place_rank", isThere ? Double(1 + jobs.count { $0 > own }) : .nan)
      Answers.expect(row, "percentile_rank", isThere ? percentileByCounting(own, cells) : .nan)
      if isThere { Answers.expect(row, "place_quantile", quantileByWalking(cells, 0.3)) }
      let (count, sum) = (Double(jobs.count), jobs.reduce(0, +))
      Answers.expect(row, "others_mean", isThere ? (sum - own) / (count - 1) : .nan)
      let deviation = (jobs.reduce(0) { $0 + pow($1 - sum / count, 2) } / (count - 1)).squareRoot()
      Answers.expect(row, "standardized", isThere ? (own - sum / count) / deviation : .nan)
      let (low, high) = (jobs.min() ?? .nan, jobs.max() ?? .nan)
      Answers.expect(row, "rescaled", isThere ? (own - low) / (high - low) : .nan)
      let quotients = Self.places.map { world.quotient($0, cluster) }
      let mean = quotients.reduce(0, +) / Double(quotients.count)
      let spread = quotients.reduce(0) { $0 + pow($1 - mean, 2) } / Double(quotients.count - 1)
      Answers.expect(row, "standardized_lq", (quotients[place] - mean) / spread.squareRoot())
      Answers.expect(row, "share", isThere ? world.share(place, cluster) : .nan)
      Answers.expect(row, "base_share", isThere ? world.part(place, cluster) : .nan)
      Answers.expect(row, "place_lq", isThere ? world.part(place, cluster) / world.weight(place) : .nan)
    }
  }

  /// Porter's test, with the part of the jobs, the five largest quotients and the Gini coefficient written out.
  @Test(arguments: [1, 2, 3]) func tradedByPortersTest(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed, activities: RandomFacts.clusters)
    for row in try Answers.rows(world.text + "table(t = passes_as_traded, by:cluster, year:2014, data:mine)") {
      let cluster = try #require(world.activity(row))
      let quotients = Self.places.map { world.part($0, cluster) / world.weight($0) }
      let inside = Self.places.filter { quotients[$0] >= 1 }.reduce(0) { $0 + world.part($1, cluster) }
      let largest = quotients.sorted(by: >).prefix(5).reduce(0, +) / 5
      var gini = 0.0
      for one in Self.places {
        for other in Self.places {
          gini +=
            abs(world.part(one, cluster) * world.weight(other) - world.part(other, cluster) * world.weight(one)) / 2
        }
      }
      #expect(row["t"] == (inside >= 0.5 && largest >= 2 && gini >= 0.3 ? "true" : "false"))
    }
  }

  /// γ of a group is the weighted mean of the γ of its pairs.
  @Test(arguments: [1, 2, 3]) func coagglomerationOfAGroup(_ seed: Int) throws {
    var source = SeededSource(seed: UInt64(seed))
    let industries = ["311", "312", "313", "211", "212"]
    let jobs = RandomFacts.places.map { _ in
      industries.map { _ in Double(source.index(below: 3) == 0 ? 0 : 1 + source.index(below: 900)) }
    }
    let lines = Self.places.flatMap { place in
      industries.indices.map { [RandomFacts.places[place], industries[$0], "2014", "\(Int(jobs[place][$0]))"] }
    }
    let sectors = Self.places.flatMap { place in
      [("31-33", 0..<3), ("21", 3..<5)].map { name, range in
        [RandomFacts.places[place], name, "2014", "\(Int(jobs[place][range].reduce(0, +)))"]
      }
    }
    let path = try Answers.file("industries-\(seed).csv", [["state", "industry", "year", "jobs"]] + lines + sectors)
    let row = try #require(
      try Answers.rows(
        """
        let mine = dataset("\(path)", state:state, activity:industry, year:year, employment:jobs)
        coagglomeration_within(by:naics2, naics2:"31-33", parts:naics3, data:mine)
        """
      ).first)
    let sums = industries.indices.map { industry in jobs.reduce(0) { $0 + $1[industry] } }
    let all = sums.reduce(0, +)
    let weights = Self.places.map { jobs[$0].reduce(0, +) / all }
    let spread = 1 - weights.reduce(0) { $0 + $1 * $1 }
    let group = sums.prefix(3).reduce(0, +)
    var (above, below) = (0.0, 0.0)
    for a in 0..<3 {
      for b in a + 1..<3 {
        let gamma =
          Self.places.reduce(0) {
            $0 + (jobs[$1][a] / sums[a] - weights[$1]) * (jobs[$1][b] / sums[b] - weights[$1])
          } / spread
        let weight = sums[a] / group * sums[b] / group
        above += weight * gamma
        below += weight
      }
    }
    Answers.expect(row, "coagglomeration_within", above / below)
  }

  /// Density times specialisation over the size of firms, in another order of the same factors.
  @Test func clusterIndexOfRandomNumbers() throws {
    var source = SeededSource(seed: 7)
    for _ in 0..<20 {
      let n = (0..<8).map { _ in Double(1 + source.index(below: 10_000)) }
      let row = try #require(
        try Answers.rows(
          "table(i = cluster_index(jobs:\(n[0]), firms:\(n[1]), area:\(n[2]), people:\(n[3]), all_jobs:\(n[4]), all_firms:\(n[5]), all_area:\(n[6]), all_people:\(n[7])))"
        ).first)
      let (jobs, firms, area, people) = (n[0] / n[4], n[1] / n[5], n[2] / n[6], n[3] / n[7])
      Answers.expect(row, "i", jobs * firms / (area * people))
    }
  }
}
