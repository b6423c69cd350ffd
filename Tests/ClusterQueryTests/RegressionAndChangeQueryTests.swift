import CQBundledData
import ClusterQuery
import Foundation
import Testing

/// Regressions among neighbours, decompositions of change and verbs over many indicators, through the language.
@Suite struct RegressionAndChangeQueryTests {
  private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap { Double($0) }, "no number in \(column) of \(row)")
  }

  private func verb(_ rows: [[String]], _ verb: String, _ name: String = #function) throws -> ResultTable {
    let path = try Answers.file("\(name.filter(\.isLetter))\(rows.count).csv", rows)
    return try Answers.table("open(\"\(path)\") | \(verb)")
  }

  // MARK: - Neighbours

  /// Least squares through the spatial definition, against the plain one, and the models against their own sum.
  @Test func betaAmongNeighbours() throws {
    let plain = try Answers.rows("beta_convergence(gdp_per_head, over:state, in:\"Mexico\", year:1970..2000)")[0]
    let same = try Answers.rows(
      "spatial_beta_convergence(gdp_per_head, over:state, in:\"Mexico\", year:1970..2000, model:none)")[0]
    Answers.expect(same, "beta", try number(plain, "beta"), 1e-10)
    Answers.expect(same, "error", try number(plain, "se"), 1e-10)
    Answers.expect(same, "p", try number(plain, "p"), 1e-9)
    Answers.expect(same, "speed", try number(plain, "speed"), 1e-9)
    Answers.expect(same, "half_life", try number(plain, "half_life"), 1e-9)
    let lag = try Answers.rows(
      "spatial_beta_convergence(gdp_per_head, over:state, in:\"Mexico\", year:1970..2000)")[0]
    Answers.expect(lag, "total", try number(lag, "beta") / (1 - number(lag, "spatial")), 1e-10)
    #expect(try number(lag, "places") == 32)
    // A lag with a parameter more never has a smaller likelihood: AIC rises by less than 2.
    #expect(try number(lag, "aic") <= number(same, "aic") + 2 + 1e-6)
    let tests = try Answers.rows("spatial_beta_tests(gdp_per_head, over:state, in:\"Mexico\", year:1970..2000)")[0]
    Answers.expect(tests, "both", try number(tests, "robust_lag") + number(tests, "error"), 1e-9)
    Answers.expect(tests, "both", try number(tests, "robust_error") + number(tests, "lag"), 1e-9)
  }

  @Test func withoutNeighboursThereIsNoRegression() throws {
    // Rows that are no places, all values the same, one regressor twice.
    let flat = try Answers.table(
      "spatial_regression(gdp_per_head * 0 + 1, on:gdp_per_head, over:state, in:\"Mexico\", year:2000)")
    #expect(try flat.numbers("slope") == [nil] && flat.notes.contains { $0.text.hasPrefix("missing: too few places") })
    let twice = try Answers.table(
      "spatial_regression(gdp_per_head, on:population, on2:2 * population, over:state, in:\"Mexico\", year:2000)")
    #expect(try twice.numbers("slope") == [nil])
    let apart = try Answers.table(
      "spatial_regression(gdp_per_head, on:population, over:state, in:\"Mexico\", year:2000, weights:band, km:1)")
    #expect(try apart.numbers("slope") == [nil])
    #expect(apart.notes.contains { $0.text.contains("no place has a neighbour") })
  }

  @Test func quadrantsOfStates() throws {
    let rows = try Answers.rows(
      "gdp_per_head(by:[state, year], in:\"Mexico\", year:1940..2000) | lisa_markov place:state, year:year, value:gdp_per_head"
    )
    #expect(rows.count == 16)
    let moves = try rows.reduce(0) { try $0 + number($1, "transitions") }
    let years = try Set(
      Answers.rows("gdp_per_head(by:[state, year], in:\"Mexico\", year:1940..2000)").compactMap { $0["year"] }
    ).count
    #expect(moves == Double(32 * (years - 1)))
    let none = try verb(
      [["place", "year", "value"], ["a", "1", "1"], ["a", "2", "2"], ["b", "1", "1"]],
      "lisa_markov place:place, year:year, value:value")
    #expect(none.notes.contains { $0.text.hasPrefix("missing: the rows are no places") })
  }

  // MARK: - Change

  @Test func productivityGrowthIsTheSumOfItsParts() throws {
    let rows = try Answers.rows("productivity_growth(by:state, year:2008..2011)")
    #expect(rows.count == 51)
    for row in rows {
      Answers.expect(
        row, "growth", try number(row, "within") + number(row, "between") + number(row, "interaction"), 1e-9, "\(row)")
    }
    // By the cells themselves, for one state.
    let cells = try Answers.rows("table(payroll, employment, by:[cluster, year], in:\"Ohio\", year:2008..2011)")
    var before: [String: (Double, Double)] = [:]
    var after = before
    for cell in cells {
      guard let name = cell["cluster"], let pay = cell["payroll"].flatMap(Double.init),
        let jobs = cell["employment"].flatMap(Double.init), jobs > 0
      else { continue }
      if cell["year"] == "2008" { before[name] = (pay, jobs) }
      if cell["year"] == "2011" { after[name] = (pay, jobs) }
    }
    let both = before.keys.filter { after[$0] != nil }.sorted()
    func total(_ table: [String: (Double, Double)], _ part: KeyPath<(Double, Double), Double>) -> Double {
      both.reduce(0) { $0 + (table[$1]?[keyPath: part] ?? 0) }
    }
    let (jobs0, jobs1, level) = (total(before, \.1), total(after, \.1), total(before, \.0) / total(before, \.1))
    var (within, between) = (0.0, 0.0)
    for name in both {
      guard let (pay0, own0) = before[name], let (pay1, own1) = after[name] else { continue }
      within += own0 / jobs0 * (pay1 / own1 - pay0 / own0) / level
      between += (own1 / jobs1 - own0 / jobs0) * (pay0 / own0) / level
    }
    let ohio = try #require(rows.first { $0["state"] == "Ohio" })
    Answers.expect(ohio, "within", within, 1e-9)
    Answers.expect(ohio, "between", between, 1e-9)
  }

  @Test func regressionShiftShareAddsUp() throws {
    let rows = try Answers.rows(
      """
      table(before = employment(year:2008), after = employment(year:2011), by:[state, cluster], cluster:traded)
        | regression_shift_share place:state, activity:cluster, before:before, after:after
      """)
    #expect(rows.count == 51)
    for row in rows {
      Answers.expect(row, "growth", try number(row, "national") + number(row, "mix") + number(row, "local"), 1e-9)
    }
    let head = ["place", "activity", "before", "after"]
    let call = "regression_shift_share place:place, activity:activity, before:before, after:after"
    let one = try verb([head, ["a", "x", "1", "2"], ["a", "y", "3", "4"]], call)
    #expect(one.rowCount == 0 && one.notes.contains { $0.text.hasPrefix("missing: there are fewer than two places") })
    let apart = try verb([head, ["a", "x", "1", "2"], ["b", "y", "3", "4"], ["b", "z", "0", "4"]], call)
    #expect(apart.notes.contains { $0.text.contains("nothing in common") })
    #expect(apart.notes.contains { $0.text.hasPrefix("1 pairs that are new") })
    let negative = try verb([head, ["a", "x", "-1", "2"], ["b", "x", "3", "4"]], call)
    #expect(negative.notes.contains { $0.text.contains("below 0") })
  }

  @Test func segregationChangeAddsUp() throws {
    let rows = try Answers.rows(
      """
      table(before = establishments(year:2008), after = establishments(year:2011), by:[state, naics2])
        | segregation_change place:state, group:naics2, before:before, after:after
      """)
    #expect(rows.count == 6)
    for row in rows {
      Answers.expect(row, "change", try number(row, "after") - number(row, "before"), 1e-12)
      let parts = try ["groups", "places", "pattern", "replaced"].reduce(0) { try $0 + number(row, $1) }
      Answers.expect(row, "change", parts, 1e-12)
    }
    let levels = try Answers.rows(
      "establishments(by:[state, naics2], year:2011) | multigroup_segregation place:state, group:naics2, value:establishments"
    )
    for (row, level) in zip(rows, levels) { Answers.expect(row, "after", try number(level, "value"), 1e-12) }
    let none = try verb(
      [["place", "group", "before", "after"], ["a", "x", "1", "2"], ["b", "x", "3", "4"]],
      "segregation_change place:place, group:group, before:before, after:after")
    #expect(none.rowCount == 0 && none.notes.contains { $0.text.hasPrefix("missing: needs two groups") })
  }

  @Test func daltonIsOneLessAMeanOfLogarithms() throws {
    let values = try Answers.table("gdp_per_head(by:state, in:\"Mexico\", year:2000)").numbers("gdp_per_head")
      .compactMap { $0 }
    let mean = values.reduce(0, +) / Double(values.count)
    let logs = values.reduce(0) { $0 + log($1) } / Double(values.count)
    let roots = values.reduce(0) { $0 + $1.squareRoot() } / Double(values.count)
    let one = try Answers.rows("dalton(gdp_per_head, over:state, in:\"Mexico\", year:2000)")[0]
    Answers.expect(one, "dalton", 1 - logs / log(mean), 1e-10)
    let half = try Answers.rows("dalton(gdp_per_head, aversion:0.5, over:state, in:\"Mexico\", year:2000)")[0]
    Answers.expect(half, "dalton", 1 - (roots - 1) / (mean.squareRoot() - 1), 1e-10)
    let zero = try Answers.table("dalton(gdp_per_head * 0, over:state, in:\"Mexico\", year:2000)")
    #expect(try zero.numbers("dalton") == [nil])
  }

  // MARK: - Many indicators

  @Test func verbsOverIndicators() throws {
    let rows = try Answers.rows(
      "share(by:[state, naics2]) | components member:state, indicator:naics2, value:share, n:3")
    let scores = try rows.filter { $0["component"] == "1" }.map { try number($0, "score") }
    #expect(scores.count > 40)
    #expect(abs(scores.reduce(0, +)) < 1e-9)
    #expect(abs(scores.reduce(0) { $0 + $1 * $1 } - Double(scores.count - 1)) < 1e-8)
    let groups = try Answers.table(
      "share(by:[state, naics2]) | k_means member:state, indicator:naics2, value:share, k:4")
    #expect(Set(try groups.numbers("group")) == [1, 2, 3, 4])
    let head = ["member", "indicator", "value"]
    let flat = [head] + ["a", "b", "c", "d"].flatMap { [[$0, "x", "1"], [$0, "y", "2"]] }
    for call in ["components", "component_loadings", "k_means"] {
      let none = try verb(flat, "\(call) member:member, indicator:indicator, value:value", call)
      #expect(
        none.rowCount == 0 && none.notes.contains { $0.text.hasPrefix("missing: fewer than three members") }, "\(call)")
    }
    let gap = try verb(
      flat + [["e", "x", "5"]], "k_means member:member, indicator:indicator, value:value, k:2, scale:none")
    #expect(
      gap.notes.contains { $0.text.hasPrefix("1 members lack") } && gap.notes.contains { $0.text.hasPrefix("only 1") })
  }

  @Test func industriesWithTheirFactors() throws {
    let table = try Answers.table("mx_io_flows | chain_factors from:origin, to:destination, value:value, n:10")
    let loadings = try table.numbers("loading").compactMap { $0 }
    let next = try table.numbers("next_loading").compactMap { $0 }
    #expect(loadings.count > 200 && zip(loadings, next).allSatisfy { $0 >= $1 })
  }

  // MARK: - Points and visitors

  @Test func bandsOfPointPatterns() throws {
    for call in [
      "ripley x:x, y:y, area:10000, to:40, steps:4, simulations:99",
      "d_function x:x, y:y, kind:kind, type:\"A\", area:10000, to:40, steps:4, simulations:99",
      "m_density x:x, y:y, kind:kind, type:\"A\", to:40, steps:4, simulations:99",
    ] {
      let table = try Answers.table("open(\"examples/data/points.csv\") | \(call)")
      let (low, high) = (try table.numbers("low"), try table.numbers("high"))
      let (least, most) = (try table.numbers("global_low"), try table.numbers("global_high"))
      for index in low.indices {
        #expect((low[index] ?? 1) <= (high[index] ?? 0) && (least[index] ?? 1) <= (most[index] ?? 0))
      }
      #expect(table.rowCount == 4)
    }
    let none = try Answers.table(
      "open(\"examples/data/points.csv\") | d_function x:x, y:y, kind:kind, type:\"Z\", area:100, to:4, steps:2")
    #expect(
      try none.numbers("d") == [nil, nil] && none.notes.contains { $0.text.hasPrefix("missing: there is no area") })
  }

  @Test func huffIsFoundAgain() throws {
    let rows = try Answers.rows(
      "open(\"examples/data/trips.csv\") | huff_fit origin:origin, flow:flow, attraction:destination_size, distance:km")
    #expect(rows.map { $0["term"] } == ["attraction", "distance"])
    #expect(try number(rows[0], "exponent") > 0 && number(rows[1], "exponent") < 0)
    let none = try verb(
      [["o", "f", "s", "d"], ["a", "1", "2", "3"], ["a", "0", "2", "3"]],
      "huff_fit origin:o, flow:f, attraction:s, distance:d")
    #expect(none.rowCount == 0 && none.notes.contains { $0.text.hasPrefix("1 pairs without numbers above 0") })
  }
}
