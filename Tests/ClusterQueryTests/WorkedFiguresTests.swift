import ClusterQuery
import Foundation
import Testing

/// Small tables whose results are worked by hand, step by step in the comments.
@Suite struct WorkedFiguresTests {
  /// `let mine = dataset(…)` of rows `state, activity, year, numbers…`.
  private func world(
    _ name: String, _ level: String, _ measures: [String], _ rows: [(String, String, Int, [Double])]
  ) throws -> String {
    let lines = rows.map { [$0.0, $0.1, "\($0.2)"] + $0.3.map { "\($0)" } }
    let path = try Answers.file("worked-\(name).csv", [["state", "activity", "year"] + measures] + lines)
    let columns = measures.map { $0 == "employment" ? "\($0):\($0)" : "\($0):\($0) * 1 USD" }
    return
      "let mine = dataset(\"\(path)\", state:state, \(level):activity, year:year, \(columns.joined(separator: ", ")))\n"
  }

  private func row(_ rows: [[String: String]], _ state: String, _ activity: String? = nil) throws -> [String: String] {
    try #require(
      rows.first {
        $0["state"] == state && (activity == nil || $0["cluster"] == activity || $0["naics2_code"] == activity)
      }, "no row \(state) \(activity ?? "")")
  }

  // MARK: - Trade

  /// Ohio sells 300 and 700 of two products and buys 500 and 100; Iowa sells 500 and 500 and buys 300 and 100.
  @Test func indicesOfTrade() throws {
    let text = try world(
      "trade", "naics2", ["exports", "imports", "output"],
      [
        ("Ohio", "11", 2014, [300, 500, 1_000]), ("Ohio", "21", 2014, [700, 100, 900]),
        ("Iowa", "11", 2014, [500, 300, 800]), ("Iowa", "21", 2014, [500, 100, 600]),
      ])
    let rows = try Answers.rows(
      text
        + """
        table(share(exports), base_share(exports), rca, rsca, nrca, trade_balance(exports, imports:imports),
          lafay(exports, imports:imports), michaely(exports, imports:imports), grubel_lloyd(exports, imports:imports),
          import_penetration(output, exports:exports, imports:imports),
          self_sufficiency(output, exports:exports, imports:imports), by:[state, naics2], data:mine)
        """)
    let first = try row(rows, "Ohio", "11")
    let second = try row(rows, "Ohio", "21")
    // 300 of 1,000; 300 of the 800 that all sell.
    Answers.expect(first, "share", 0.3)
    Answers.expect(first, "base_share", 0.375)
    // 0.3 / (800 / 2,000); (0.75 - 1) / (0.75 + 1); 300 / 2,000 - 1,000 × 800 / 2,000².
    Answers.expect(first, "rca", 0.75)
    Answers.expect(first, "rsca", -0.25 / 1.75)
    Answers.expect(first, "nrca", -0.05)
    Answers.expect(second, "nrca", 0.05)
    // (300 - 500) / 800 and (700 - 100) / 800; of all (1,000 - 600) / 1,600 = 0.25.
    Answers.expect(first, "trade_balance", -0.25)
    Answers.expect(second, "trade_balance", 0.75)
    // 100 (-0.25 - 0.25) 800 / 1,600 and 100 (0.75 - 0.25) 800 / 1,600.
    Answers.expect(first, "lafay", -25)
    Answers.expect(second, "lafay", 25)
    Answers.expect(first, "michaely", 0.3 - 500.0 / 600)
    Answers.expect(first, "grubel_lloyd", 0.75)
    Answers.expect(second, "grubel_lloyd", 0.25)
    // Home use is 1,000 + 500 - 300 = 1,200 and 900 + 100 - 700 = 300.
    Answers.expect(first, "import_penetration", 500.0 / 1_200)
    Answers.expect(first, "self_sufficiency", 1_000.0 / 1_200)
    Answers.expect(second, "self_sufficiency", 3)
    let places = try Answers.rows(
      text
        + """
        table(intra_industry_trade(exports, imports:imports, over:naics2),
          complementarity(with:"Iowa", exports:exports, imports:imports, over:naics2), by:state, data:mine)
        """)
    // 1 - (200 + 600) / 1,600; Iowa buys 0.75 and 0.25, Ohio sells 0.3 and 0.7: 1 - (0.45 + 0.45) / 2.
    Answers.expect(try row(places, "Ohio"), "intra_industry_trade", 0.5)
    Answers.expect(try row(places, "Ohio"), "complementarity", 0.55)
  }

  @Test func marginsOfTrade() throws {
    let text = try world(
      "margins", "naics2", ["exports"],
      [
        ("Ohio", "11", 2013, [100]), ("Ohio", "21", 2013, [0]), ("Ohio", "22", 2013, [20]), ("Ohio", "11", 2014, [150]),
        ("Ohio", "21", 2014, [30]), ("Ohio", "22", 2014, [0]), ("Iowa", "11", 2014, [50]), ("Iowa", "22", 2014, [70]),
      ])
    let rows = try Answers.rows(
      text
        + "table(extensive_margin(exports, over:naics2), intensive_margin(exports, over:naics2), by:state, year:2014, data:mine)"
    )
    // Ohio sells products of which all sell 200 and 30 of 300; of these it sells 180.
    Answers.expect(try row(rows, "Ohio"), "extensive_margin", 230.0 / 300)
    Answers.expect(try row(rows, "Ohio"), "intensive_margin", 180.0 / 230)
    let parts = try Answers.rows(text + "export_margins(by:state, year:2013..2014, over:naics2, data:mine)")
    for (column, value) in [("continuing", 50.0), ("new", 30), ("lost", -20), ("change", 60)] {
      Answers.expect(try row(parts, "Ohio"), column, value)
    }
    // 6,000 for 500 are 12 each, a third above 9: better quality, if both directions count (3,000 is above a tenth of 6,000).
    let prices = try Answers.rows(
      """
      table(price = unit_value(6_000, quantity:500), high = trade_type(6_000, imports:3_000, export_price:12, import_price:9),
        low = trade_type(6_000, imports:3_000, export_price:7, import_price:9),
        same = trade_type(6_000, imports:3_000, export_price:10, import_price:9),
        one = trade_type(6_000, imports:500, export_price:12, import_price:9))
      """)
    #expect(
      prices.first == [
        "price": "12", "high": "vertical high", "low": "vertical low", "same": "horizontal", "one": "one way",
      ])
  }

  // MARK: - Clusters

  /// Ten states, two clusters, two years that are alike: Ohio has 6,000 in cars and 4,000 in clothes, Iowa 3,000 and 2,000, eight others
  /// 1,000 and 4,000 each. A tenth of ten states is one.
  @Test func starsAndScores() throws {
    let others = ["Alabama", "Arizona", "Arkansas", "Colorado", "Florida", "Georgia", "Idaho", "Texas"]
    var rows: [(String, String, Int, [Double])] = []
    for year in [2013, 2014] {
      for state in ["Ohio", "Iowa"] + others {
        let (cars, clothes) = state == "Ohio" ? (6_000.0, 4_000.0) : state == "Iowa" ? (3_000, 2_000) : (1_000, 4_000)
        rows.append((state, "Automotive", year, [cars, 50 * cars]))
        rows.append((state, "Apparel", year, [clothes, 40 * clothes]))
      }
    }
    let text = try world("stars", "cluster", ["employment", "payroll"], rows)
    let found = try Answers.rows(
      text
        + """
        table(stars(year:2014), low = stars(lq_min:1.9, year:2014), score, percentile_rank(year:2014),
          places_ahead(year:2014), lq = lq(year:2014), by:[state, cluster], year:2013..2014, data:mine)
        """)
    let ohio = try row(found, "Ohio", "Automotive")
    // 0.6 / (17,000 / 55,000).
    Answers.expect(ohio, "lq", 33.0 / 17)
    // First by size, first by share beside Iowa; its quotient is below 2 but above 1.9.
    Answers.expect(ohio, "stars", 2)
    Answers.expect(ohio, "low", 3)
    // Iowa: one of ten ahead is not below a tenth; first by share.
    Answers.expect(try row(found, "Iowa", "Automotive"), "stars", 1)
    Answers.expect(try row(found, "Texas", "Automotive"), "stars", 0)
    // Nine states share the largest number of jobs in clothes, eight the largest share.
    Answers.expect(try row(found, "Texas", "Apparel"), "stars", 2)
    Answers.expect(try row(found, "Ohio", "Apparel"), "stars", 1)
    // By quotient eight below and two alike: 0.9; by share of the cluster nine below: 0.95; growth and wage are alike everywhere: 0.5.
    Answers.expect(ohio, "score", 0.3 * 0.9 + 0.2 * 0.95 + 0.2 * 0.5 + 0.3 * 0.5)
    Answers.expect(ohio, "percentile_rank", 0.95)
    Answers.expect(try row(found, "Iowa", "Automotive"), "places_ahead", 0.1)
  }

  /// Cars go from 20 to 40 of 100 jobs in Ohio and stay 40 of 100 in Iowa: quotients 2/3 and 4/3, then 1 and 1.
  @Test func quadrants() throws {
    let text = try world(
      "quadrants", "cluster", ["employment"],
      [
        ("Ohio", "Automotive", 2013, [20]), ("Ohio", "Apparel", 2013, [80]), ("Iowa", "Automotive", 2013, [40]),
        ("Iowa", "Apparel", 2013, [60]), ("Ohio", "Automotive", 2014, [40]), ("Ohio", "Apparel", 2014, [60]),
        ("Iowa", "Automotive", 2014, [40]), ("Iowa", "Apparel", 2014, [60]),
      ])
    let rows = try Answers.rows(
      text
        + """
        table(quadrant, high = quadrant(cut:1.1), lq_change, lq_growth, swot(lq_min:1), advantage_type, shift_share,
          by:[state, cluster], year:2013..2014, data:mine)
        """)
    let (ohio, iowa) = (try row(rows, "Ohio", "Automotive"), try row(rows, "Iowa", "Automotive"))
    #expect(ohio["quadrant"] == "star" && iowa["quadrant"] == "mature")
    #expect(ohio["high"] == "emerging" && iowa["high"] == "transforming")
    Answers.expect(ohio, "lq_change", 1.0 / 3)
    Answers.expect(ohio, "lq_growth", 0.5)
    Answers.expect(iowa, "lq_growth", -0.25)
    // Cars grow by a third in all, clothes shrink by a seventh; all jobs stay 200.
    let clothes = try row(rows, "Ohio", "Apparel")
    #expect(ohio["swot"] == "strength" && clothes["swot"] == "risk")
    for (column, value) in [("national", 0.0), ("mix", 20.0 / 3), ("local", 40.0 / 3), ("actual", 20)] {
      Answers.expect(ohio, column, value)
    }
    // Of 100 jobs the mix of both would have 30 in cars: Ohio had fewer and gained, Iowa more and fell behind.
    #expect(ohio["advantage_type"] == "not specialised, advantage")
    #expect(iowa["advantage_type"] == "specialised, disadvantage")
  }

  /// Twelve states of 100 jobs; cars are 30 and 20 in two of them and nowhere else, clothes the rest.
  @Test func tradedByPortersTest() throws {
    let states = [
      "Ohio", "Iowa", "Alabama", "Arizona", "Arkansas", "Colorado", "Florida", "Georgia", "Idaho", "Texas", "Kansas",
      "Maine",
    ]
    let cars = [30.0, 20] + [Double](repeating: 0, count: 10)
    let text = try world(
      "porter", "cluster", ["employment"],
      zip(states, cars).flatMap { [($0, "Automotive", 2014, [$1]), ($0, "Apparel", 2014, [100 - $1])] })
    let rows = try Answers.rows(
      text
        + """
        table(passes_as_traded, top = mean_of_largest(place_lq(or_zero), over:state), hoover_gini, hoover, by:cluster, data:mine)
        """)
    let car = try #require(rows.first { $0["cluster"] == "Automotive" })
    // All of it is in states with quotients of 30 and 20 over 50 / 12; the five largest have the mean (7.2 + 4.8 + 0 + 0 + 0) / 5.
    #expect(car["passes_as_traded"] == "true")
    Answers.expect(car, "top", 2.4)
    // Lorenz curve: 0 until 10/12, then 0.4 at 11/12 and 1: twice the area above it is 1 - (0.4 + 1.4) / 12.
    Answers.expect(car, "hoover_gini", 1 - 1.8 / 12)
    // Both states hold 1 instead of 1/6.
    Answers.expect(car, "hoover", 5.0 / 6)
    #expect(rows.first { $0["cluster"] == "Apparel" }?["passes_as_traded"] == "false")
  }

  // MARK: - Export base

  /// Traded jobs 40, 60 and 20, local ones 60, 140 and 40: local jobs are two thirds of all.
  @Test func exportBaseMultipliers() throws {
    let text = try world(
      "base", "cluster", ["employment"],
      [
        ("Ohio", "Automotive", 2014, [40]), ("Ohio", "Local Utilities", 2014, [60]), ("Iowa", "Automotive", 2014, [60]),
        ("Iowa", "Local Utilities", 2014, [140]), ("Texas", "Automotive", 2014, [20]),
        ("Texas", "Local Utilities", 2014, [40]),
      ])
    let rows = try Answers.rows(
      text + "table(assignment_multiplier, mixed_multiplier, base_multiplier, by:state, data:mine)")
    Answers.expect(try row(rows, "Ohio"), "assignment_multiplier", 2.5)
    Answers.expect(try row(rows, "Iowa"), "assignment_multiplier", 200.0 / 60)
    // Ohio's local jobs are below two thirds: 100 / 40. Iowa's 140 are 20 / 3 above 400 / 3: 200 / (60 + 20 / 3).
    Answers.expect(try row(rows, "Ohio"), "mixed_multiplier", 2.5)
    Answers.expect(try row(rows, "Iowa"), "mixed_multiplier", 3)
    // Only Ohio has more traded jobs than a third: 40 - 100 / 3 of 100; Texas has neither.
    Answers.expect(try row(rows, "Ohio"), "base_multiplier", 15)
    Answers.expect(try row(rows, "Texas"), "base_multiplier", .nan)
    // Points (40, 100), (60, 200), (20, 60) about (40, 120): (0 + 1,600 + 1,200) / (0 + 400 + 400).
    let line = try #require(try Answers.rows(text + "regression_multiplier(over:state, data:mine)").first)
    Answers.expect(line, "regression_multiplier", 3.5)
    Answers.expect(line, "intercept", -20)
    let cells = try Answers.rows(
      text + "table(basic_employment, supply_gap, purchase_coefficient, by:[state, cluster], data:mine)")
    let ohio = try row(cells, "Ohio", "Automotive")
    Answers.expect(ohio, "basic_employment", 20.0 / 3)
    Answers.expect(ohio, "supply_gap", -20.0 / 3)
    Answers.expect(try row(cells, "Ohio", "Local Utilities"), "purchase_coefficient", 0.9)
    let least = try Answers.rows(
      text + "minimum_requirements(over:cluster, by:state, data:mine)")
    // At least 0.3 are traded everywhere and at least 0.6 local: 1 / (1 - 0.9).
    Answers.expect(try row(least, "Iowa"), "minimum_requirements", 10)
  }

  // MARK: - Growth

  /// Alabama touches Florida and Georgia: 100 become 130, 110 and 130; the three together grow by 70 of 300.
  @Test func neighboursInShiftShare() throws {
    let text = try world(
      "neighbours", "naics2", ["employment"],
      [
        ("Alabama", "11", 2013, [100]), ("Alabama", "11", 2014, [130]), ("Florida", "11", 2013, [100]),
        ("Florida", "11", 2014, [110]), ("Georgia", "11", 2013, [100]), ("Georgia", "11", 2014, [130]),
      ])
    let found = try Answers.rows(
      text
        + """
        table(spatial_shift_share(over:naics2), neighbour_growth, sum = neighbour_sum(year:2013), by:state, year:2013..2014, data:mine)
        """)
    let alabama = try row(found, "Alabama")
    Answers.expect(alabama, "neighbour_growth", 0.2)
    Answers.expect(alabama, "sum", 200)
    for (column, value) in [("national", 70.0 / 3), ("neighbours", 20 - 70.0 / 3), ("local", 10), ("actual", 30)] {
      Answers.expect(alabama, column, value)
    }
  }

  // MARK: - Chains

  /// The status of an industry in a chain follows from the place's quotient, its parts from the chain.
  @Test func valueNetwork() throws {
    let network = try Answers.rows("value_network(\"Automotive\", place:\"Ohio\")")
    let chain = try Answers.rows("value_chain(\"Automotive\", by:naics4, in:\"Mexico\")")
    let place = try Answers.rows("table(employment, lq, by:naics4, in:\"Ohio\")")
    #expect(network.count == chain.count && network.count > 200)
    let parts = Dictionary(chain.map { ($0["naics4_code"] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    let own = Dictionary(place.map { ($0["naics4_code"] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    var seen: Set<String> = []
    for row in network {
      let code = row["naics4_code"] ?? ""
      #expect(row["supplies"] == parts[code]?["supplies"] && row["buys"] == parts[code]?["buys"])
      #expect((row["lq"] ?? "") == (own[code]?["lq"] ?? ""), "\(code)")
      let quotient = own[code]?["lq"].flatMap { Double($0) }
      let wanted =
        quotient.map { $0 >= 1 ? "present" : $0 >= 0.5 ? "weak" : "missing" } ?? "not in the data"
      #expect(row["status"] == wanted, "\(code)")
      seen.insert(wanted)
    }
    #expect(seen.count == 4)
    let supplies = network.compactMap { $0["supplies"].flatMap { Double($0) } }
    #expect(supplies == supplies.sorted(by: >) && abs(supplies.reduce(0, +) - 1) < 1e-9)
  }

  // MARK: - What is published

  /// Ohio publishes two of three sectors of 100 jobs: 60 and 30, and 10 are withheld.
  @Test func coverageOfATable() throws {
    let path = try Answers.file(
      "worked-coverage.csv",
      [
        ["state", "sector", "year", "jobs"], ["Ohio", "11", "2014", "60"], ["Ohio", "21", "2014", "30"],
        ["Ohio", "22", "2014", "D"], ["Iowa", "11", "2014", "40"], ["Iowa", "21", "2014", "60"],
      ])
    let rows = try Answers.rows(
      """
      let mine = dataset("\(path)", state:state, naics2:sector, year:year, employment:jobs, withheld:["D"])
      table(hidden_cells(over:naics2), by:state, data:mine)
      """)
    Answers.expect(try row(rows, "Ohio"), "hidden_cells", 1)
    Answers.expect(try row(rows, "Iowa"), "hidden_cells", 0)
  }
}
