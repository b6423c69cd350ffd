import ClusterQuery
import Foundation
import Testing

/// `like:` gives the numbers of another tool, held by what that tool gave for the same table.
///
/// Germany's states by industry (`german_states_2015`): econcomplex 1.0.1, ecomplexity 0.5.3. Mexico's states in 2000: esda 2.9. What
/// EconGeo, REAT and spdep gave is in `EconGeoRunTests`, `REATRunTests` and `SpatialRunTests`.
@Suite struct PresetTests {
  /// The row of a state of Germany, by the name that stands for it: Berlin is Arizona, mining 11.
  private func row(_ query: String, _ name: String = "Arizona", _ code: String? = "11") throws -> [String: String] {
    let rows = try Answers.rows(try GoldenQueryTests().germany().text + query)
    return try #require(
      rows.first { ($0["state"] ?? name) == name && (code == nil || ($0["naics2_code"] ?? code) == code) })
  }

  @Test func econcomplex() throws {
    let table = "over:naics2, by:state, data:jobs)"
    Answers.expect(try row("entropy(like:econcomplex, " + table), "entropy", 3.6841895127893984)
    Answers.expect(try row("hhi(like:econcomplex, " + table), "hhi", 0.031361171609996207)
    Answers.expect(try row("eci(like:econcomplex, " + table, "Alabama"), "eci", 1.00470533, 1e-8)
    let cells = "by:[state, naics2], data:jobs)"
    Answers.expect(try row("density(like:econcomplex, " + cells), "density", 58.3374862952)
    Answers.expect(try row("density(like:econcomplex, " + cells, "Arizona", "71"), "density", 63.8633377135)
    let space = "proximity(with:\"11\", by:naics2, data:jobs, like:econcomplex)"
    Answers.expect(try row(space), "proximity", 0)
    Answers.expect(try row(space, "", "21"), "proximity", 1 / 6)
  }

  @Test func packagesThatRoundOrPrintPercents() throws {
    let ours = try Answers.rows(
      try GoldenQueryTests().germany().text
        + """
        table(h = hoover, percent = hoover(like:econcomplex), rounded = hoover(like:econgeo), half = locational_gini,
          whole_rounded = hoover_gini(like:econgeo), by:naics2, data:jobs)
        """)
    let halves = [0.14915492740123343, 0.06973079004517452]
    for (row, half) in zip(ours, halves) {
      let h = try #require(row["h"].flatMap { Double($0) })
      Answers.expect(row, "percent", 100 * h)
      Answers.expect(row, "rounded", (10_000 * h).rounded() / 100)
      Answers.expect(row, "half", half)
      Answers.expect(row, "whole_rounded", (2_000 * half).rounded() / 1_000)
    }
    Answers.expect(try row("entropy(like:econgeo, over:naics2, by:state, data:jobs)"), "entropy", 3.684)
  }

  @Test func atlas() throws {
    let cells = "over:naics2, by:state, data:jobs)"
    Answers.expect(try row("coi(like:atlas, " + cells), "coi", 0.382677, 1e-6)
    Answers.expect(try row("eci(like:atlas, " + cells), "eci", -0.072037, 1e-6)
    let density = "density(like:atlas, by:[state, naics2], data:jobs)"
    Answers.expect(try row(density), "density", 0.492635, 1e-6)
    Answers.expect(try row(density, "Arizona", "23"), "density", 0.67, 1e-6)
    Answers.expect(try row("cog(like:atlas, by:[state, naics2], data:jobs)"), "cog", 0.193450, 1e-6)
    let space = "proximity(with:\"11\", by:naics2, data:jobs, like:"
    Answers.expect(try row(space + "atlas)"), "proximity", 1)
    Answers.expect(try row(space + "oec)"), "proximity", 0)
  }

  @Test func reatAndTheClusterMap() throws {
    let (text, _) = try GoldenQueryTests().freiburg()
    let call = "by:naics2, region:\"Ohio\", over:naics2, data:jobs, year:2008..2014)"
    let parts = try Answers.rows(text + "shift_share(" + call)
    let reat = try Answers.rows(text + "shift_share(like:reat, " + call)
    let map = try Answers.rows(text + "shift_share(like:cluster_mapping, " + call)
    // The first industry is B–E: REAT's shifti prints 150.492 as its national share.
    Answers.expect(try #require(reat.first), "national", 150.492, 1e-5)
    for ((ours, reat), map) in zip(zip(parts, reat), map) {
      func number(_ name: String) throws -> Double { try #require(ours[name].flatMap { Double($0) }) }
      Answers.expect(reat, "national", try number("national") + number("mix"))
      Answers.expect(reat, "local", try number("local"))
      Answers.expect(map, "expected", try number("national") + number("mix"))
      Answers.expect(map, "difference", try number("local"))
    }
    // Of three places with the mean 30: Theil's L is ln(3 × 1.5 × 0.5) / 3; squares around the mean 400, 100 and 900.
    let path = try Answers.file(
      "three.csv",
      [
        ["state", "year", "income", "people"], ["Ohio", "2000", "10", "5"], ["Iowa", "2000", "20", "1"],
        ["Texas", "2000", "60", "2"],
      ])
    let row = try #require(
      try Answers.rows(
        """
        let mine = dataset("\(path)", state:state, year:year, income:income, people:people, averages:[income])
        table(l = theil(income, over:state, like:reat), v = williamson(income, weight:people, over:state, like:reat),
          half = wolfson(income, over:state, like:pysal), whole = wolfson(income, over:state), data:mine)
        """
      ).first)
    Answers.expect(row, "l", log(2.25) / 3)
    Answers.expect(row, "v", (3_900.0 / 8).squareRoot() / 30)
    let whole = try #require(row["whole"].flatMap { Double($0) })
    Answers.expect(row, "half", whole / 2)
  }

  @Test func spatialPackages() throws {
    let place =
      "gdp_per_head, over:state, in:\"Mexico\", year:2000, file:\"\(packageFolder.path)/examples/data/mexico.gal\""
    let spdep = try #require(try Answers.rows("moran(\(place), like:spdep)").first)
    Answers.expect(spdep, "moran", 0.151341, 1e-6)
    // The upper tail beyond z = 1.554968.
    Answers.expect(spdep, "p", 0.05997684, 1e-6)
    let geary = try #require(try Answers.rows("geary(\(place), like:spdep)").first)
    Answers.expect(geary, "z", 2.016111, 1e-6)
    Answers.expect(geary, "p", 0.021894, 1e-5)
    let general = try #require(try Answers.rows("getis_ord(\(place), like:esda)").first)
    Answers.expect(general, "p", 0.07041651191941144 / 2, 1e-9)
    let cells =
      "gdp_per_head, by:state, in:\"Mexico\", year:2000, permutations:0, file:\"\(packageFolder.path)/examples/data/mexico.gal\""
    let (esda, geoda) = (try Answers.rows("lisa(\(cells), like:esda)"), try Answers.rows("lisa(\(cells), like:geoda)"))
    Answers.expect(try #require(esda.first), "lisa", -0.294375, 1e-6)
    Answers.expect(try #require(geoda.first), "lisa", -0.303870, 1e-6)
    let numbers = ["1": "1", "2": "3", "3": "2", "4": "4"]
    #expect(Set(esda.compactMap { $0["quadrant"] }) == Set(numbers.keys) && esda.count == geoda.count)
    for (one, other) in zip(esda, geoda) { #expect(numbers[one["quadrant"] ?? ""] == other["quadrant"]) }
  }

  /// Places that have no neighbour do not count in spdep's n.
  @Test func islandsOfSpdep() throws {
    let query = "employment, over:state, year:2020, permutations:0"
    let ours = try #require(try Answers.rows("moran(\(query))").first)
    let spdep = try #require(try Answers.rows("moran(\(query), like:spdep)").first)
    let counts = [ours, spdep].compactMap { $0["expected"].flatMap { Double($0) }.map { 1 - 1 / $0 } }
    let islands = try Answers.rows("neighbours(employment, by:state, year:2020)").filter { $0["neighbours"] == "0" }
    #expect(!islands.isEmpty && abs(counts[0] - counts[1] - Double(islands.count)) < 1e-9, "\(counts)")
  }

  @Test func emptyTotals() throws {
    let path = try Answers.file(
      "empty.csv",
      [
        ["state", "sector", "year", "jobs"], ["Ohio", "11", "2000", "0"], ["Iowa", "11", "2000", "4"],
        ["Iowa", "21", "2000", "2"],
      ])
    let found = try Answers.rows(
      """
      let mine = dataset("\(path)", state:state, naics2:sector, year:year, employment:jobs)
      table(employment, lq, zero = lq(like:econcomplex), by:[state, naics2], data:mine)
      """)
    let ohio = try #require(found.first { $0["state"] == "Ohio" && $0["naics2_code"] == "11" })
    #expect(ohio["lq"] == "" && ohio["zero"] == "0")
  }
}
