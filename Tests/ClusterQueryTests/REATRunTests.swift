import ClusterQuery
import Foundation
import Testing

/// Beside REAT 3.0.1, ineq, OasisR and vegan, run on Germany's states (`Tests/Golden/packages.tsv`).
@Suite struct REATRunTests {
  private static let table = "german_states_2015"

  // MARK: - Mixes of places

  @Test(arguments: [
    ("REAT krugman.spec2", "krugman(like:reat, over:naics2, by:state, data:jobs)", "krugman"),
    ("REAT durpug", "rdi(over:naics2, by:state, data:jobs)", "rdi"),
    ("ineq Rosenbluth", "hall_tideman(over:naics2, by:state, data:jobs)", "hall_tideman"),
    ("vegan diversity_shannon", "entropy(over:naics2, by:state, data:jobs)", "entropy"),
    ("vegan diversity_simpson", "diversity(over:naics2, by:state, data:jobs)", "diversity"),
    ("vegan diversity_invsimpson", "hhi(equivalent:true, over:naics2, by:state, data:jobs)", "hhi"),
  ])
  func mixes(_ function: String, _ call: String, _ column: String) throws {
    let (text, land, _) = try GoldenQueryTests().germany()
    let rows = try Answers.rows(text + call)
    #expect(rows.count == 16)
    for row in rows {
      let name = try #require(land[row["state"] ?? ""])
      Answers.expect(row, column, try PackageRuns.value(function, Self.table, name))
    }
  }

  // MARK: - Inequality

  /// Jobs per head of the states, weighted by their people where a weight is taken.
  @Test(arguments: [
    ("REAT theil", "theil(x, like:reat)"), ("REAT williamson", "williamson(x, weight:p, like:reat)"),
    ("REAT williamson_wmean", "williamson(x, weight:p)"), ("REAT coulter", "coulter(all)"),
    ("REAT atkinson", "atkinson(x, aversion:0.5)"), ("REAT atkinson_1", "atkinson(x, aversion:1)"),
    ("REAT atkinson_2", "atkinson(x, aversion:2)"), ("REAT cv", "variation(x)"),
    ("REAT gini2_weighted", "gini(x, weight:p)"), ("ineq RS", "pietra(x)"), ("ineq Gini", "gini(x)"),
  ])
  func inequality(_ function: String, _ call: String) throws {
    let (text, _, _) = try GoldenQueryTests().germany()
    let measure = "(employment(activity:all) / population * 1000)"
    let query = call.replacing("(x", with: "(\(measure)").replacing("weight:p", with: "weight:population")
      .replacing("(all", with: "(employment(activity:all)")
    let row = try #require(
      try Answers.rows(text + "table(value = \(query.dropLast()), over:state), data:[jobs, people])").first)
    Answers.expect(row, "value", try PackageRuns.value(function, Self.table))
  }

  /// The weighted form of REAT::theil takes the mean of terms that are weighted already, so it is 16 times too small, and the mean inside is
  /// not weighted. Ours is the weighted index.
  @Test func theilByWeights() throws {
    let (text, _, _) = try GoldenQueryTests().germany()
    let row = try #require(
      try Answers.rows(
        text
          + """
          table(l = theil(employment(activity:all) / population, weight:population, over:state, kind:l),
            plain = sum(employment(activity:all) / population, over:state) / 16,
            weighted = sum(employment(activity:all), over:state) / sum(population, over:state), data:[jobs, people])
          """
      ).first)
    func number(_ name: String) throws -> Double { try #require(row[name].flatMap { Double($0) }) }
    let theirs = try PackageRuns.value("REAT theil_weighted", Self.table)
    Answers.expect(row, "l", try 16 * theirs - log(number("plain") / number("weighted")))
  }

  /// REAT gives ln mean over the mean of logarithms (of jobs per 1,000 people): 1 / (1 - D).
  @Test func daltonsIndex() throws {
    let (text, _, _) = try GoldenQueryTests().germany()
    let row = try #require(
      try Answers.rows(
        text
          + "table(d = dalton(employment(activity:all) / population * 1000, over:state), data:[jobs, people])"
      ).first)
    Answers.expect(row, "d", try 1 - 1 / PackageRuns.value("REAT dalton", Self.table))
  }

  // MARK: - Cells

  @Test func clusterIndex() throws {
    let input = try GoldenQueryTests.table("inputs/german_states_2015")
    let (names, industries) = (try input.column("state"), try input.column("industry"))
    let (jobs, firms) = (try input.column("employment"), try input.column("establishments"))
    let (people, area) = (try input.column("population"), try input.column("area_km2"))
    let path = try Answers.file(
      "cluster-index.csv",
      [["place", "industry", "jobs", "firms", "people", "area"]]
        + names.indices.map { [names[$0], industries[$0], jobs[$0], firms[$0], people[$0], area[$0]] })
    let rows = try Answers.rows(
      """
      open("\(path)") | derive all_jobs = sum(jobs, by:industry), all_firms = sum(firms, by:industry),
        all_area = sum(area, by:industry), all_people = sum(people, by:industry)
        | derive index = cluster_index(jobs:jobs, firms:firms, area:area, people:people, all_jobs:all_jobs, all_firms:all_firms,
          all_area:all_area, all_people:all_people)
      """)
    #expect(rows.count == 272)
    for row in rows {
      let value = try PackageRuns.value("REAT litzenberger", Self.table, row["place"] ?? "", row["industry"] ?? "")
      Answers.expect(row, "index", value)
    }
  }

  /// OasisR rounds to four digits.
  @Test(arguments: [("OasisR ISDuncan", "dissimilarity"), ("OasisR HTheil", "information")])
  func segregation(_ function: String, _ method: String) throws {
    let (text, _, industry) = try GoldenQueryTests().germany()
    let rows = try Answers.rows(
      text
        + "segregation(employment, total:employment(activity:all), over:state, method:\(method), by:naics2, data:jobs)")
    #expect(rows.count == 17)
    for row in rows {
      let name = try #require(industry[row["naics2_code"] ?? ""])
      let value = try #require(row["segregation"].flatMap { Double($0) })
      #expect(try abs(value - PackageRuns.value(function, Self.table, "", name)) <= 5.1e-5, "\(name)")
    }
  }

  // MARK: - Growth

  private static let growth = "german_states_employment_2008_2014"

  private func compareStates(
    _ function: String, _ call: String, _ names: [(ours: String, theirs: String)]
  ) throws {
    let (text, land, _) = try GoldenQueryTests().germanGrowth()
    let rows = try Answers.rows(text + call)
    #expect(rows.count == 16)
    for row in rows {
      let name = try #require(land[row["state"] ?? ""])
      for pair in names {
        Answers.expect(
          row, pair.ours, try PackageRuns.value("REAT " + function, Self.growth, name, pair.theirs), 1e-9, name)
      }
    }
  }

  @Test func shiftShares() throws {
    let call = "over:naics2, by:state, data:growth, year:2008..2014"
    try compareStates(
      "shift_Dunn", "shift_share(\(call))",
      [("national", "national"), ("mix", "mix"), ("local", "regional"), ("actual", "growth")])
    try compareStates(
      "shift_Esteban", "shift_share(method:esteban, \(call))",
      [
        ("national", "national"), ("mix", "mix"), ("local", "regional"), ("allocation", "allocation"),
        ("actual", "growth"),
      ])
    try compareStates(
      "shift_Gerfin", "gerfin(\(call))", [("mix", "mix"), ("regional", "regional"), ("total", "net")])
  }

  /// Year by year, added up.
  @Test func dynamicShiftShares() throws {
    try compareStates(
      "shiftd",
      "shift_share_yearly(over:naics2, by:[state, year], year:2009..2014, data:growth) | dynamic_shift_share",
      [("national", "national"), ("mix", "mix"), ("local", "regional"), ("actual", "growth")])
  }

  @Test func industriesOfTwoStates() throws {
    let (text, land, industry) = try GoldenQueryTests().germanGrowth()
    for (state, name) in land where ["Berlin", "Bayern"].contains(name) {
      let rows = try Answers.rows(
        text
          + "shift_share(like:reat, by:naics2, region:\"\(state)\", over:naics2, year:2008..2014, data:growth)")
      #expect(rows.count == 10)
      for row in rows {
        let sector = try #require(industry[row["naics2_code"] ?? ""])
        for (ours, theirs) in [("national", "national"), ("local", "regional"), ("actual", "growth")] {
          Answers.expect(row, ours, try PackageRuns.value("REAT shifti_" + theirs, Self.growth, name, sector))
        }
      }
    }
  }

  @Test func successiveDifferences() throws {
    try compareStates(
      "mssd",
      "employment(by:[state, year], year:2008..2014, data:growth) | volatility place:state, year:year, value:employment",
      [("successive", "")])
  }
}
