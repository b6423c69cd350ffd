import ClusterQuery
import Foundation
import Testing

/// Beside spdep 1.2.7 and other packages of R, run on GDP per head of Mexico's states (`Tests/Golden/packages.tsv`): all states with their
/// neighbours, and with two of them cut off.
@Suite struct SpatialRunTests {
  private static let mexico = "\(packageFolder.path)/examples/data/mexico.gal"

  /// Baja California Sur (03) and Quintana Roo (23) lose their neighbours.
  private func islands() throws -> String {
    let cut: Set<Substring> = ["03", "23"]
    let lines = try String(contentsOfFile: Self.mexico, encoding: .utf8).split(separator: "\n")
    var rows = [["from", "to"]]
    for index in stride(from: 1, to: lines.count - 1, by: 2) {
      let place = lines[index].split(separator: " ")[0]
      for neighbour in lines[index + 1].split(separator: " ") where !cut.contains(place) && !cut.contains(neighbour) {
        rows.append([String(place), String(neighbour)])
      }
    }
    return try Answers.file("mexico-islands.csv", rows)
  }

  private func worlds() throws -> [(table: String, file: String)] {
    [("mexico", Self.mexico), ("mexico_two_islands", try islands())]
  }

  private func answer(_ call: String, _ file: String, _ slots: String = "over:state") throws -> [[String: String]] {
    let open = call.dropLast()
    return try Answers.rows("\(open), \(slots), in:\"Mexico\", year:2000, file:\"\(file)\")")
  }

  /// As spdep: n without islands, the mean with them. Ours has all places as n, as spdep with `adjust.n=FALSE`.
  @Test func moran() throws {
    for (table, file) in try worlds() {
      for (like, test) in [(", like:spdep", "randomisation"), (", alternative:greater", "randomisation_all_n")] {
        let row = try #require(try answer("moran(gdp_per_head, permutations:0\(like))", file).first)
        func theirs(_ column: String) throws -> Double {
          try PackageRuns.value("spdep moran.test", table, test, column)
        }
        Answers.expect(row, "moran", try theirs("Moran I statistic"))
        Answers.expect(row, "expected", try theirs("Expectation"))
        Answers.expect(row, "z", try theirs("z"))
        Answers.expect(row, "p", try theirs("p"))
      }
    }
  }

  /// spdep's variance takes n with islands in some terms and without them in others, which is not followed: z differs where there are any.
  @Test func geary() throws {
    for (table, file) in try worlds() {
      let row = try #require(try answer("geary(gdp_per_head, permutations:0, like:spdep)", file).first)
      let all = try #require(try answer("geary(gdp_per_head, permutations:0)", file).first)
      func theirs(_ column: String, _ test: String = "randomisation") throws -> Double {
        try PackageRuns.value("spdep geary.test", table, test, column)
      }
      Answers.expect(row, "geary", try theirs("Geary C statistic"))
      Answers.expect(all, "geary", try theirs("Geary C statistic", "randomisation_all_n"))
      Answers.expect(all, "z", try -theirs("z", "randomisation_all_n"))
      if table == "mexico" {
        Answers.expect(row, "z", try theirs("z"))
        Answers.expect(row, "p", try theirs("p"))
      } else {
        let difference = try abs(#require(row["z"].flatMap { Double($0) }) - theirs("z"))
        #expect(difference > 1e-3 && difference < 0.5, "\(difference)")
      }
    }
  }

  @Test func generalG() throws {
    for (table, file) in try worlds() {
      let row = try #require(try answer("getis_ord(gdp_per_head, permutations:0, like:spdep)", file).first)
      for (ours, theirs) in [("getis_ord", "Global G statistic"), ("expected", "Expectation"), ("z", "z"), ("p", "p")] {
        Answers.expect(row, ours, try PackageRuns.value("spdep globalG.test", table, "", theirs))
      }
    }
  }

  @Test func leeAndJoins() throws {
    for (table, file) in try worlds() {
      let lee = try #require(
        try answer("lee(gdp_per_head(year:2000), with:gdp_per_head(year:1940))", file).first)
      Answers.expect(lee, "lee", try PackageRuns.value("spdep lee", table, "", "L"))
      // Above the median.
      let joins = try #require(
        try answer("join_count(if gdp_per_head > 17444 then 1 else 0, permutations:0)", file).first)
      Answers.expect(joins, "join_count", try PackageRuns.value("spdep joincount.test", table, "TRUE", "count"))
      Answers.expect(joins, "neither", try PackageRuns.value("spdep joincount.test", table, "FALSE", "count"))
      guard table == "mexico" else { continue }
      Answers.expect(joins, "expected", try PackageRuns.value("spdep joincount.test", table, "TRUE", "expected"))
      Answers.expect(joins, "z", try PackageRuns.value("spdep joincount.test", table, "TRUE", "z"))
    }
  }

  @Test func localStatistics() throws {
    let names = try GoldenQueryTests.table("inputs/mexican_states_gdp_per_head")
    let (labels, values) = (try names.column("state"), try names.column("gdp_2000"))
    let own = try Answers.rows("gdp_per_head(by:state, in:\"Mexico\", year:2000)")
    #expect(own.count == 32)
    for (table, file) in try worlds() {
      for (function, column, call, result) in [
        ("localmoran", "Ii", "lisa(gdp_per_head, permutations:0, like:spdep)", "lisa"),
        ("localG", "", "hotspot(gdp_per_head, star:false)", "hotspot"),
        ("localG_star", "", "hotspot(gdp_per_head)", "hotspot"),
        ("LOSH", "Hi", "local_spread(gdp_per_head)", "local_spread"),
        // spdep standardises with n - 1.
        ("localC", "", "local_geary(gdp_per_head)", "local_geary"),
      ] {
        // spdep 1.2.7 has no LOSH with islands.
        if function == "LOSH", table != "mexico" { continue }
        let theirs = try PackageRuns.values("spdep " + function, table)
        let rows = try answer(call, file, "by:state")
        for row in rows {
          let place = try #require(own.first { $0["state"] == row["state"] })
          let index = try #require(values.firstIndex { Double($0) == Double(place["gdp_per_head"] ?? "") })
          let value = try #require(theirs[PackageRuns.Key(row: labels[index], column: column)])
          if row[result] == "" { continue }
          let scale = function == "localC" ? 32.0 / 31 : 1
          Answers.expect(row, result, scale * value, 1e-9, "\(function) \(labels[index])")
        }
      }
    }
  }

  // MARK: - Other packages of R

  @Test func transitionsInTheLongRun() throws {
    let table = "gdp_per_head(by:[state, year], in:\"Mexico\", year:1940..2000)"
    let call = "place:state, year:year, value:gdp_per_head, classes:3"
    let classes = try Answers.rows("\(table) | markov_classes \(call)")
    #expect(classes.count == 3)
    for (index, row) in classes.enumerated() {
      Answers.expect(row, "ergodic", try PackageRuns.value("markovchain steadyStates", "mexico", "\(index + 1)"))
      Answers.expect(
        row, "years_to_return", try PackageRuns.value("markovchain meanRecurrenceTime", "mexico", "\(index + 1)"))
    }
  }

  @Test(arguments: ["pearson", "spearman", "kendall"]) func correlations(_ method: String) throws {
    let row = try #require(
      try Answers.rows(
        "correlation(ln(gdp_per_head(year:1940)), with:ln(gdp_per_head(year:2000)), method:\(method), over:state, in:\"Mexico\")"
      ).first)
    Answers.expect(row, "correlation", try PackageRuns.value("base R cor.test_" + method, "mexico", "", "estimate"))
  }

  @Test func leastSquares() throws {
    let line = try #require(
      try Answers.rows(
        "regression(ln(gdp_per_head(year:2000)), on:ln(gdp_per_head(year:1940)), over:state, in:\"Mexico\")"
      ).first)
    let trend = try #require(
      try Answers.rows(
        "trend(ln(gdp_per_head(year:2000)), on:ln(gdp_per_head(year:1940)), over:state, in:\"Mexico\")"
      ).first)
    func theirs(_ column: String) throws -> Double { try PackageRuns.value("base R lm", "mexico", "", column) }
    for name in ["slope", "error", "t", "p", "fit", "intercept"] { Answers.expect(line, name, try theirs(name)) }
    Answers.expect(trend, "trend", try theirs("slope"))
    Answers.expect(trend, "se", try theirs("error"))
    let beta = try #require(
      try Answers.rows("beta_convergence(gdp_per_head, over:state, in:\"Mexico\", year:1970..2000)").first)
    for name in ["beta", "se", "p", "r2"] {
      Answers.expect(beta, name, try PackageRuns.value("base R lm_beta", "mexico", "", name))
    }
    let sigma = try #require(
      try Answers.rows("sigma_convergence(gdp_per_head, over:state, in:\"Mexico\", year:1940..2000)").first)
    Answers.expect(sigma, "f", try PackageRuns.value("base R var.test", "mexico", "", "f"))
    Answers.expect(sigma, "p", try PackageRuns.value("base R var.test", "mexico", "", "p"))
  }

  /// Kendall's W is Friedman's statistic over m (n - 1), of places within years.
  @Test func concordance() throws {
    let row = try #require(
      try Answers.rows(
        "gdp_per_head(by:[state, year], in:\"Mexico\", year:1940..2000) | concordance place:state, year:year, value:gdp_per_head"
      ).first)
    let theirs = try PackageRuns.value("base R friedman.test", "mexico", "", "chi2")
    Answers.expect(row, "w", theirs / (7 * 31))
    Answers.expect(row, "p", try PackageRuns.value("base R friedman.test", "mexico", "", "p"))
  }

  @Test func points() throws {
    let table = "open(\"\(packageFolder.path)/Tests/Golden/inputs/sixty_points.tsv\")"
    for row in try Answers.rows("\(table) | ripley x:x, y:y, area:9215, to:19.2, steps:4") {
      guard let distance = row["distance"].flatMap({ Double($0) }), distance > 0 else { continue }
      let key = String((10 * distance).rounded() / 10)
      let theirs = try PackageRuns.value("spatstat.explore Kest_none", "sixty_points", key)
      Answers.expect(row, "k", theirs, 1e-9, key)
    }
    let density = try Answers.rows(
      "\(table) | duranton_overman x:x, y:y, kind:kind, type:\"A\", to:40, steps:8, simulations:0")
    for key in ["5", "10", "20", "40"] {
      let row = try #require(density.first { Double($0["distance"] ?? "") == Double(key) }, "\(density)")
      Answers.expect(row, "density", try PackageRuns.value("base R kd_reflected", "sixty_points", key), 1e-9, key)
    }
  }
}
