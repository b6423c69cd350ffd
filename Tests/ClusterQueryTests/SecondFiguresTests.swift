import ClusterQuery
import Foundation
import Testing

/// Figures from outside for what formulas and identities hold elsewhere: published, of a package that was run, or worked by hand.
@Suite struct SecondFiguresTests {
  private func row(_ rows: [[String: String]], _ state: String) throws -> [String: String] {
    try #require(rows.first { $0["state"] == state })
  }

  // MARK: - Published

  /// INEGI, Matriz de Insumo-Producto 2013: the largest flows into and out of industry 3363, in million pesos. Its intermediate inputs are
  /// 763,831 of output less 153,962 of value added and 552,596 were sold to industries.
  @Test func partnersOfTheMakersOfVehicleParts() throws {
    let industry = "\"Motor Vehicle Parts Manufacturing\""
    let suppliers = try Answers.rows("suppliers(\(industry), n:5)")
    #expect(suppliers.map { $0["origin_code"] } == ["3363", "4311", "3359", "3329", "3344"])
    for (row, value) in zip(suppliers, [71_802.554, 59_309.29, 31_833.417, 30_228.498, 25_600.834]) {
      Answers.expect(row, "value", value)
      // What is left of output are taxes less subsidies on products.
      let inputs = try Answers.number(row, "value") / Answers.number(row, "value_share")
      #expect(abs(inputs / (763_830.897 - 153_961.517) - 1) < 0.01, "\(inputs)")
    }
    let customers = try Answers.rows("customers(\(industry), n:5)")
    #expect(customers.map { $0["destination_code"] } == ["3361", "3363", "4841", "4852", "8111"])
    for (row, value) in zip(customers, [333_511.132, 71_802.554, 24_370.045, 15_693.694, 10_683.317]) {
      Answers.expect(row, "value", value)
      Answers.expect(row, "value_share", value / 552_596.06, 1e-6)
    }
  }

  /// Bureau of Labor Statistics, Quarterly Census of Employment and Wages, private employers 2020, pay in whole dollars.
  @Test func scorecardsOfStates() throws {
    let card = try Answers.rows("scorecard()")
    for (state, establishments, jobs, pay) in [
      ("Alabama", 125_684.0, 1_548_007.0, 51_384.0), ("Massachusetts", 255_711, 2_908_702, 85_218),
      ("Texas", 719_153, 10_184_871, 63_879), ("Wyoming", 25_854, 196_750, 50_241),
    ] {
      let row = try row(card, state)
      Answers.expect(row, "employment", jobs)
      Answers.expect(row, "establishments", establishments)
      Answers.expect(row, "establishment_size", jobs / establishments)
      #expect(try Answers.number(row, "avg_wage").rounded() == pay, "\(state)")
    }
  }

  /// The U.S. Cluster Mapping Project publishes which clusters are strong and the rank of their jobs among 50 states.
  @Test func classesFollowThePublishedFlagsAndRanks() throws {
    let rows = try Answers.rows(
      "table(kind = cluster_class, strong_cluster, employment_rank, by:[state, cluster], cluster:traded, data:us_cluster_map_2016)"
    )
    #expect(rows.count == 2_550)
    // What has no jobs has no rank.
    var counts: [String: Int] = [:]
    for row in rows {
      let isStrong = row["strong_cluster"] == "1"
      let isLarge = row["employment_rank"].flatMap { Double($0) }.map { $0 <= 5 } ?? false
      let wanted = isStrong ? (isLarge ? "strong and large" : "strong") : isLarge ? "large" : "other"
      counts[wanted, default: 0] += 1
      #expect(row["kind"] == wanted, "\(row)")
    }
    #expect(counts.count == 4 && counts.values.allSatisfy { $0 > 40 }, "\(counts)")
  }

  /// With the cut just below the largest quotient one cluster is left to start from: what is next are its published percentiles.
  @Test(arguments: ["Ohio", "Nevada"]) func opportunitiesBesideOneCluster(_ state: String) throws {
    let quotients = try Answers.rows("table(lq, by:cluster, in:\"\(state)\", cluster:traded)")
      .compactMap { row in Double(row["lq"] ?? "").map { (value: $0, cluster: row["cluster"] ?? "") } }
      .sorted { $0.value > $1.value }
    let top = quotients[0]
    let found = try Answers.rows("opportunities(\"\(state)\", cut:\((top.value + quotients[1].value) / 2))")
    let published = try Answers.rows(
      "cluster_relatedness | where cluster == \"\(top.cluster)\" and related_avg is not missing")
    let percentiles = Dictionary(
      try published.map { ($0["related_cluster"] ?? "", try Answers.number($0, "relatedness_percentile")) },
      uniquingKeysWith: { first, _ in first })
    #expect(found.count > 40)
    for row in found {
      let percentile = try #require(percentiles[row["cluster"] ?? ""], "\(row)")
      Answers.expect(row, "relatedness", percentile)
      Answers.expect(row, "links", percentile >= 80 ? 1 : 0)
    }
  }

  // MARK: - By hand

  /// Two industries of a group and one beside it, in two states of 100 jobs: shares 3/4 and 1/4, 5/6 and 1/6, against halves. The pair has
  /// (1/4 · 1/3 + 1/4 · 1/3) / (1/2) = 1/3; by the formula (0.18 - 0.16/8 - 0.36 · 2/9) / (0.5 · 0.48).
  @Test func groupOfTwoIsAPair() throws {
    let path = try Answers.file(
      "second-group.csv",
      [
        ["state", "industry", "year", "jobs"], ["Ohio", "311", "2014", "30"], ["Ohio", "312", "2014", "50"],
        ["Ohio", "211", "2014", "20"], ["Iowa", "311", "2014", "10"], ["Iowa", "312", "2014", "10"],
        ["Iowa", "211", "2014", "80"], ["Ohio", "31-33", "2014", "80"], ["Iowa", "31-33", "2014", "20"],
        ["Ohio", "21", "2014", "20"], ["Iowa", "21", "2014", "80"],
      ])
    let found = try Answers.rows(
      """
      let mine = dataset("\(path)", state:state, activity:industry, year:year, employment:jobs)
      coagglomeration_within(by:naics2, naics2:"31-33", parts:naics3, data:mine)
      """)
    Answers.expect(try #require(found.first), "coagglomeration_within", 1.0 / 3)
  }

  /// Alabama and Florida touch; of four states with 100 jobs each they have 10 and 60 of 120 in the first sector.
  @Test func quotientsWithNeighbours() throws {
    let path = try Answers.file(
      "second-focal.csv",
      [["state", "sector", "year", "jobs"]]
        + [("Alabama", 10), ("Florida", 60), ("Ohio", 30), ("Idaho", 20)].flatMap { state, jobs in
          [[state, "11", "2014", "\(jobs)"], [state, "21", "2014", "\(100 - jobs)"]]
        })
    let rows = try Answers.rows(
      """
      let mine = dataset("\(path)", state:state, naics2:sector, year:year, employment:jobs)
      focal_lq(by:[state, naics2], data:mine)
      """)
    for (state, code, value) in [
      ("Alabama", "11", 70.0 / 200 / 0.3), ("Florida", "11", 70.0 / 200 / 0.3), ("Florida", "21", 130.0 / 200 / 0.7),
      ("Ohio", "11", 1), ("Idaho", "11", 2.0 / 3), ("Idaho", "21", 8.0 / 7),
    ] {
      let row = try #require(rows.first { $0["state"] == state && $0["naics2_code"] == code })
      Answers.expect(row, "focal_lq", value)
    }
  }

  /// Ohio lacks payroll at the beginning, Iowa jobs at the end, Maine has no row at the end.
  @Test func cellsOfBothYears() throws {
    let path = try Answers.file(
      "second-years.csv",
      [
        ["state", "year", "jobs", "pay"], ["Ohio", "2012", "10", ""], ["Ohio", "2014", "20", "5"],
        ["Iowa", "2012", "10", "4"], ["Iowa", "2014", "", "5"], ["Maine", "2012", "10", "4"],
        ["Texas", "2012", "10", "4"], ["Texas", "2014", "30", "9"],
      ])
    let rows = try Answers.rows(
      """
      let mine = dataset("\(path)", state:state, year:year, employment:jobs, payroll:pay * 1 USD)
      table(first = employment(year:start), kept = both_years(employment(year:start)), by:state, year:2012..2014, data:mine)
      """)
    #expect(rows.count == 4)
    for row in rows {
      #expect(row["first"] == "10" && row["kept"] == (row["state"] == "Texas" ? "10" : ""), "\(row)")
    }
  }

  // MARK: - Packages

  /// economic-complexity 0.3.0 (Datawheel) on the example of fields of science and industries.
  @Test func nearnessOfTwoKinds() throws {
    let slots = "place:place, activity:field, space:kind, of:amount, from:science, to:industry"
    let file = "open(\"\(packageFolder.path)/examples/data/knowledge.csv\")"
    let pairs = try Answers.rows("\(file) | cross_proximities \(slots)")
    #expect(pairs.count == 9)
    for row in pairs {
      let (one, other) = (row["field"] ?? "", row["with"] ?? "")
      Answers.expect(
        row, "proximity",
        try PackageRuns.value("economic-complexity cross_proximity", "knowledge", one, other), 1e-9, "\(one) \(other)")
    }
    let places = try Answers.rows("\(file) | cross_density \(slots)")
    #expect(places.count == 15)
    for row in places {
      let (place, field) = (row["place"] ?? "", row["field"] ?? "")
      Answers.expect(
        row, "cross_density",
        try PackageRuns.value("economic-complexity cross_relatedness", "knowledge", place, field), 1e-9,
        "\(place) \(field)")
    }
  }

  /// spdep's empirical Bayes estimates of rates, of the jobs of Germany's states over what they would have with the mix of the country.
  @Test func quotientsDrawnToTheMean() throws {
    let (text, land, industry) = try GoldenQueryTests().germany()
    let rows = try Answers.rows(text + "shrunk_lq(by:[state, naics2], data:jobs)")
    let values = try PackageRuns.values("spdep EBest", "german_states_2015")
    var compared = 0
    for row in rows {
      let key = PackageRuns.Key(
        row: row["state"].flatMap { land[$0] } ?? "", column: row["naics2_code"].flatMap { industry[$0] } ?? "")
      guard let value = values[key] else { continue }
      compared += 1
      Answers.expect(row, "shrunk_lq", value, 1e-9, "\(key)")
    }
    #expect(compared == values.count && compared == 64)
  }

  /// spdep's test of Moran's I with the neighbours of each ring, or disc, as weights.
  @Test(arguments: ["ring", "disc"]) func correlogramRingByRing(_ kind: String) throws {
    let rows = try Answers.rows(
      "gdp_per_head(by:state, in:\"Mexico\", year:2000) | correlogram place:state, value:gdp_per_head, step:300, steps:5, cumulative:\(kind == "disc")"
    )
    #expect(rows.count == 5)
    for row in rows {
      for (ours, theirs) in [("moran", "I"), ("expected", "E"), ("z", "z"), ("p", "p"), ("pairs", "pairs")] {
        let value = try PackageRuns.value("spdep moran.test_rings", "mexico", "\(kind) \(row["to_km"] ?? "")", theirs)
        Answers.expect(row, ours, value, 1e-9, "\(kind) \(row["to_km"] ?? "")")
      }
    }
  }
}
