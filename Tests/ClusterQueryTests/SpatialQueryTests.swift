import CQBundledData
import ClusterQuery
import Testing

/// Spatial statistics, inequality and convergence through the language, on bundled outlines.
///
/// References are of esda 2.8.2 on the same values, with the neighbours that the bundled outlines give.
@Suite struct SpatialQueryTests {
  private func number(_ row: [String: String]?, _ column: String) throws -> Double {
    try #require(row?[column].flatMap { Double($0) }, "no number in \(column)")
  }

  private func isClose(_ value: Double, _ reference: Double) -> Bool {
    abs(value - reference) <= 1e-9 * max(1, abs(reference))
  }

  @Test func moranOfMexicanStatesByYear() throws {
    let found = try Answers.rows(#"moran(gdp_per_head, over:state, in:"Mexico", by:year, year:1940..2000)"#)
    #expect(found.count == 7)
    for (row, i, z) in [
      (0, 0.1114261919290507, 1.2145057731903703), (3, 0.36567296615235695, 3.2324710265505994),
      (6, 0.15745000462329134, 1.5833299552734743),
    ] {
      #expect(isClose(try number(found[row], "moran"), i))
      #expect(isClose(try number(found[row], "z"), z))
      #expect(isClose(try number(found[row], "expected"), -1 / 31))
    }
    let one = try Answers.rows(#"moran(gdp_per_head, over:state, in:"Mexico", year:2000)"#)
    #expect(one.first?["p_sim"] == found[6]["p_sim"], "the same seed gives the same numbers")
  }

  @Test func otherStatisticsOfMexicanStates() throws {
    let geary = try Answers.rows(#"geary(gdp_per_head, over:state, in:"Mexico", year:2000)"#)
    #expect(isClose(try number(geary.first, "geary"), 0.7177842262444423))
    let lisa = try Answers.rows(#"lisa(gdp_per_head, by:state, in:"Mexico", year:2000)"#)
    #expect(isClose(try number(lisa.first { $0["state"] == "Aguascalientes" }, "lisa"), -0.30387090824191354))
    #expect(isClose(try number(lisa.first { $0["state"] == "Baja California" }, "lisa"), 0.3711675725603586))
    // The mean of the local statistics is the global one.
    let mean = try lisa.reduce(0.0) { $0 + (try number($1, "lisa")) } / 32
    #expect(isClose(mean, 0.15745000462329134))
    let esda = try Answers.rows(#"lisa(gdp_per_head, by:state, in:"Mexico", year:2000, divisor:"n-1")"#)
    #expect(isClose(try number(esda.first { $0["state"] == "Aguascalientes" }, "lisa"), -0.29437494235935374))
    let hot = try Answers.rows(#"hotspot(gdp_per_head, by:state, in:"Mexico", year:2000)"#)
    #expect(isClose(try number(hot.first { $0["state"] == "Baja California" }, "hotspot"), 1.0291172617227533))
  }

  @Test func rowsShownDoNotChangeLocalStatistics() throws {
    let all = try Answers.rows(#"lisa(gdp_per_head, by:state, in:"Mexico", year:2000)"#)
    let one = try Answers.rows(#"lisa(gdp_per_head, by:state, state:"Puebla", in:"Mexico", year:2000)"#)
    #expect(one.count == 1 && all.contains(one[0]))
  }

  @Test func weightsOfEveryKind() throws {
    let queen = try Answers.rows(#"neighbours(by:state, year:2020)"#)
    #expect(queen.first { $0["state"] == "Colorado" }?["neighbours"] == "7")
    let rook = try Answers.rows(#"neighbours(by:state, year:2020, weights:rook)"#)
    #expect(rook.first { $0["state"] == "Colorado" }?["neighbours"] == "6")
    #expect(rook.first { $0["state"] == "Hawaii" }?["neighbours"] == "0")
    let nearest = try Answers.rows(#"neighbours(by:state, year:2020, weights:nearest, k:3)"#)
    #expect(nearest.allSatisfy { $0["neighbours"] == "3" })
    let band = try Answers.rows(#"neighbours(by:state, year:2020, weights:band, km:300)"#)
    #expect(band.first { $0["state"] == "Alaska" }?["neighbours"] == "0")
    #expect(band.first { $0["state"] == "Rhode Island" }?["neighbours"] != "0")
    let second = try Answers.rows(#"neighbours(by:state, year:2020, order:2)"#)
    // Colorado's neighbours' neighbours: eleven states.
    let reached = try number(second.first { $0["state"] == "Colorado" }, "neighbours")
    #expect(reached > 8 && reached < 16)
    let pairs = try Answers.rows(#"population(by:state, in:"Mexico", year:2020) | neighbour_pairs place:state"#)
    #expect(pairs.count == 134)
    let sums = pairs.reduce(into: [String: Double]()) {
      $0[$1["from"] ?? "", default: 0] += Double($1["weight"] ?? "") ?? 0
    }
    #expect(sums.values.allSatisfy { abs($0 - 1) < 1e-9 })
  }

  /// libpysal's neighbours, with which esda gives 0.15134115335280393 for the same year.
  @Test func neighboursFromAFile() throws {
    let found = try Answers.rows(
      #"moran(gdp_per_head, over:state, in:"Mexico", year:2000, file:"examples/data/mexico.gal")"#)
    #expect(isClose(try number(found.first, "moran"), 0.15134115335280393))
    #expect(isClose(try number(found.first, "z"), 1.5549681877657224))
    let other = try Answers.table(
      #"moran(gdp_per_head, over:state, in:"Mexico", year:2000, file:"examples/data/shops.csv")"#)
    #expect(other.notes.contains { $0.text.contains("line 2: expected from, to and weight") })
    #expect(throws: (any Error).self) {
      try Answers.table(#"moran(gdp_per_head, over:state, in:"Mexico", year:2000, file:"examples/data/nowhere.gal")"#)
    }
  }

  @Test func islandsAreNamed() throws {
    let notes = try Answers.table("neighbours(by:state, year:2020)").notes
    #expect(notes.contains { $0.text.contains("no neighbours: Alaska, Hawaii") })
  }

  /// Nothing to compute gives a stated missing, never a number.
  @Test(arguments: [
    (#"moran(gdp_per_head * 0, over:state, in:"Mexico", year:2000)"#, "all values are equal"),
    (#"moran(population, over:state, in:["Ohio", "Texas", "Maine"], year:2020)"#, "at least 4 places"),
    (#"moran(population, over:state, in:"Mexico", year:2020, weights:band, km:1)"#, "no place has a neighbour"),
    (#"getis_ord(0 - population, over:state, in:"Mexico", year:2020)"#, "undefined"),
    (#"theil(gdp_per_head - 20_000, over:state, in:"Mexico", year:2000)"#, "undefined"),
  ]) func edgesSayWhyTheyAreMissing(query: String, reason: String) throws {
    let result = try Answers.table(query)
    #expect(result.notes.contains { $0.text.contains(reason) }, "\(result.notes)")
    let first = try #require(try Answers.rows(query).first)
    #expect(first.values.allSatisfy { Double($0) == nil }, "\(first)")
  }

  @Test func inequalityOfMexicanStates() throws {
    let gini = try Answers.rows(#"gini(gdp_per_head, over:state, in:"Mexico", by:year, year:1940..2000)"#)
    #expect(isClose(try number(gini[0], "gini"), 0.3537237117345285))
    #expect(isClose(try number(gini[6], "gini"), 0.2581130824882791))
    let theil = try Answers.rows(#"theil(gdp_per_head, over:state, in:"Mexico", year:2000, kind:l)"#)
    #expect(isClose(try number(theil.first, "theil"), 0.10490703045815349))
    let parts = try Answers.rows("theil_parts(gdp / population, weight:population, over:county, year:2019)")
    let total = try number(parts.first, "within") + number(parts.first, "between")
    #expect(isClose(total, try number(parts.first, "theil_parts")))
    // The Gini coefficient weighted by nothing is the one of the table of all measures.
    let disparity = try Answers.rows(#"disparity(gdp_per_head, over:state, in:"Mexico", year:2000)"#)
    #expect(isClose(try number(disparity.first, "disparity"), 0.2581130824882791))
  }

  @Test func convergenceOfMexicanStates() throws {
    let sigma = try Answers.rows(#"sigma_convergence(gdp_per_head, over:state, in:"Mexico", year:1940..2000)"#)
    let first = try Answers.rows(#"log_deviation(gdp_per_head, over:state, in:"Mexico", by:year, year:1940..2000)"#)
    let ratio = try number(first[0], "log_deviation") / number(first[6], "log_deviation")
    #expect(isClose(try number(sigma.first, "ratio"), ratio))
    #expect(isClose(try number(sigma.first, "f"), ratio * ratio))
    let beta = try Answers.rows(#"beta_convergence(gdp_per_head, over:state, in:"Mexico", year:1970..2000)"#)
    // The slope by hand: covariance over variance of the logarithms.
    let starts = try Answers.rows(#"gdp_per_head(by:state, in:"Mexico", year:1970) | derive l = ln(gdp_per_head)"#)
    let ends = try Answers.rows(#"gdp_per_head(by:state, in:"Mexico", year:2000) | derive l = ln(gdp_per_head)"#)
    let x = try starts.map { try number($0, "l") }
    let y = try zip(x, ends).map { (try number($1, "l") - $0) / 30 }
    let (meanX, meanY) = (x.reduce(0, +) / 32, y.reduce(0, +) / 32)
    let slope =
      zip(x, y).reduce(0) { $0 + ($1.0 - meanX) * ($1.1 - meanY) } / x.reduce(0) { $0 + ($1 - meanX) * ($1 - meanX) }
    #expect(isClose(try number(beta.first, "beta"), slope))
    #expect(try number(beta.first, "places") == 32)
    let tau = try Answers.rows(#"rank_mobility(gdp_per_head, over:state, in:"Mexico", year:1940..2000)"#)
    #expect(isClose(try number(tau.first, "tau"), 0.5846774193548387))
  }

  @Test func exportBaseAddsUp() throws {
    // Σ max(0, e − e S) by the formula, beside e (1 − 1/LQ) where the quotient is above 1.
    let basic = try Answers.rows(#"basic_employment(by:cluster, in:"Ohio", year:2011) | derive e = employment, q = lq"#)
    for row in basic {
      guard let jobs = Double(row["e"] ?? ""), let quotient = Double(row["q"] ?? "") else { continue }
      let expected = quotient > 1 ? jobs * (1 - 1 / quotient) : 0
      #expect(abs(try number(row, "basic_employment") - expected) < 1e-6 * max(1, jobs), "\(row)")
    }
    let all = try Answers.rows(#"base_multiplier(by:state, state:"Ohio", year:2011)"#)
    let (jobs, base) = try basic.reduce((0.0, 0.0)) { sums, row in
      (sums.0 + (Double(row["e"] ?? "") ?? 0), sums.1 + (try number(row, "basic_employment")))
    }
    #expect(isClose(try number(all.first, "base_multiplier"), jobs / base))
    // The least shares leave some place without a basic job of each activity, and every place the same multiplier.
    let least = try Answers.rows("minimum_requirements(by:state, over:naics2, year:2011)")
    let multipliers = least.compactMap { Double($0["minimum_requirements"] ?? "") }
    #expect(multipliers.count > 50)
    for multiplier in multipliers { #expect(abs(multiplier - multipliers[0]) < 1e-9) }
    let shares = try Answers.rows("minimum_share(by:naics2, over:state, year:2011)").compactMap {
      Double($0["minimum_share"] ?? "")
    }
    #expect(abs(1 / (1 - shares.reduce(0, +)) - multipliers[0]) < 1e-6)
  }

  @Test func classesAreThoseOfTheGoldenTable() throws {
    let found = try Answers.rows(#"class_of(gdp_per_head, by:state, in:"Mexico", year:2000)"#)
    let counts = found.reduce(into: [String: Int]()) { $0[$1["class_of"] ?? "", default: 0] += 1 }
    #expect(counts == ["1": 7, "2": 6, "3": 6, "4": 6, "5": 7])
    let bounds = try Answers.rows(
      #"gdp_per_head(by:state, in:"Mexico", year:2000) | class_bounds value:gdp_per_head, method:jenks"#)
    #expect(bounds.map { $0["rows"] } == ["10", "10", "8", "3", "1"])
  }

  @Test func tradeAreas() throws {
    let huff = try Answers.rows(
      #"""
      open("examples/data/shops.csv")
        | huff origin:origin, destination:shop, attraction:floor_space, distance:minutes, demand:households
        | summarize p = sum(probability), c = sum(customers), by:origin
      """#)
    #expect(huff.count == 5)
    for row in huff { #expect(isClose(try number(row, "p"), 1)) }
    #expect(isClose(try number(huff.first { $0["origin"] == "North" }, "c"), 4_200))
    let distance = try Answers.rows(#"distance(with:"Kansas", by:state, year:2020)"#)
    #expect(try number(distance.first { $0["state"] == "Kansas" }, "distance") == 0)
    #expect(abs(try number(distance.first { $0["state"] == "Nebraska" }, "distance") - 345) < 25)
  }
}
