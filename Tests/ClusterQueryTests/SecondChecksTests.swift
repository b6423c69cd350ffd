import ClusterQuery
import Foundation
import Testing

/// Second checks of indicators that another suite holds by a published or computed value: by hand, by a formula written out on random tables,
/// or by an identity.
@Suite struct SecondChecksTests {
  private static let sectors = RandomFacts.sectors.indices
  private static let places = RandomFacts.places.indices
  private static let flows = "open(\"\(packageFolder.path)/examples/data/flows.csv\")"

  private func table(_ name: String, _ columns: String, _ rows: [[String]]) throws -> String {
    "let mine = dataset(\"\(try Answers.file("second-\(name).csv", rows))\", state:state, naics2:sector, year:year, \(columns))\n"
  }

  private func row(_ rows: [[String: String]], _ state: String, _ code: String? = nil) throws -> [String: String] {
    try #require(rows.first { $0["state"] == state && (code == nil || $0["naics2_code"] == code) })
  }

  // MARK: - By hand

  /// Ohio has 30 and 70 jobs, Iowa 50 and 50; ten establishments are in the first sector.
  @Test func mixes() throws {
    let text = try table(
      "mixes", "employment:jobs, establishments:firms",
      [
        ["state", "sector", "year", "jobs", "firms"], ["Ohio", "11", "2014", "30", "4"],
        ["Ohio", "21", "2014", "70", "7"],
        ["Iowa", "11", "2014", "50", "6"], ["Iowa", "21", "2014", "50", "5"],
      ])
    let places = try Answers.rows(
      text + "table(krugman_between(with:\"Iowa\", over:naics2), rzi(over:naics2), by:state, data:mine)")
    Answers.expect(try row(places, "Ohio"), "krugman_between", 0.4)
    Answers.expect(try row(places, "Ohio"), "rzi", 0.7 / 0.6)
    let sectors = try Answers.rows(
      text
        + "table(theil_conc, pair = coagglomeration(with:\"11\"), raw = ellison_glaeser.raw, by:naics2, data:mine)")
    let first = try #require(sectors.first { $0["naics2_code"] == "11" })
    Answers.expect(first, "theil_conc", 0.375 * log(0.75) + 0.625 * log(1.25))
    // (3/8 - 1/2)² + (5/8 - 1/2)² over 1 - 1/2: with itself it is the raw concentration over the same.
    Answers.expect(first, "pair", 0.03125 / 0.5)
    Answers.expect(first, "raw", 0.03125)
    let cells = try Answers.rows(text + "table(lq_error, lq_interval, lq_test, by:[state, naics2], data:mine)")
    let ohio = try row(cells, "Ohio", "11")
    // 0.3 · 0.7 (1/100 - 2 · 0.75 / 200) + 0.75² · 0.4 · 0.6 / 200 = 0.0012.
    Answers.expect(ohio, "lq_error", 0.0012.squareRoot() / 0.4)
    Answers.expect(ohio, "high", 0.75 + 1.96 * 0.0012.squareRoot() / 0.4)
    // (3/8 - 1/2) / √(1/10 · 1/4).
    Answers.expect(ohio, "lq_test", -0.125 / 0.025.squareRoot())
  }

  /// Ohio goes 100, 110, 121 in one sector and 100, 90, 79 in another; Iowa 100, 120, 150 and 100 throughout.
  @Test func rates() throws {
    let jobs = ["Ohio": [[100, 110, 121], [100, 90, 79]], "Iowa": [[100, 120, 150], [100, 100, 100]]]
    var lines = [["state", "sector", "year", "jobs"]]
    for (state, series) in jobs.sorted(by: { $0.key < $1.key }) {
      for (sector, values) in zip(["11", "21"], series) {
        for (year, value) in zip(2012...2014, values) { lines.append([state, sector, "\(year)", "\(value)"]) }
      }
    }
    let text = try table("rates", "employment:jobs", lines)
    let cells = try Answers.rows(
      text
        + """
        table(change, growth, cagr, log_growth, contribution, own = projected(ahead:2, method:own), projected(ahead:2),
          by:[state, naics2], year:2012..2014, data:mine)
        """)
    let ohio = try row(cells, "Ohio", "11")
    for (name, value) in [
      ("change", 21), ("growth", 0.21), ("cagr", 0.1), ("log_growth", log(1.21)), ("contribution", 0.105),
      ("own", 121 * 1.21), ("projected", 121 * 1.355),
    ] { Answers.expect(ohio, name, value) }
    let places = try Answers.rows(
      text + "table(bartik(over:naics2), s = shift_share_rates(over:naics2), by:state, year:2012..2014, data:mine)")
    // Half of Ohio's jobs would grow as Iowa's by a half, half not at all.
    Answers.expect(try row(places, "Ohio"), "bartik", 0.25)
    // All jobs grow by 50 of 400, the sectors by 71 and -21 of 200.
    for (name, value) in [("national", 0.125), ("mix", 0), ("local", -0.125), ("growth", 0)] {
      Answers.expect(try row(places, "Ohio"), name, value)
    }
    let years = try Answers.rows(
      text
        + "table(yoy, log_yoy, index_number, by:[state, naics2, year], year:2012..2014, data:mine) | where year == 2014"
    )
    let last = try row(years, "Ohio", "11")
    Answers.expect(last, "yoy", 0.1)
    Answers.expect(last, "log_yoy", log(1.1))
    Answers.expect(last, "index_number", 121)
  }

  @Test func ratesFromYearToYear() throws {
    let world = try RandomFacts(seed: 5)
    let rows = try Answers.rows(
      world.text + "table(yoy, log_yoy, by:[state, naics2, year], year:2013..2014, data:mine)")
    #expect(rows.count > 60)
    for row in rows {
      let (place, sector) = (try #require(world.place(row)), try #require(world.activity(row)))
      let year = try Int(Answers.number(row, "year")) - 2012
      let (before, now) = (world.cell(place, sector, year: year - 1), world.cell(place, sector, year: year))
      Answers.expect(row, "yoy", before == 0 ? .nan : now / before - 1)
      Answers.expect(row, "log_yoy", before == 0 || now == 0 ? .nan : log(now / before))
    }
  }

  @Test func ratios() throws {
    let text = try table(
      "ratios",
      "employment:jobs, establishments:firms, gdp:gdp * 1 USD, population:people, patents:patents, exports:exports * 1 USD",
      [
        ["state", "sector", "year", "jobs", "firms", "gdp", "people", "patents", "exports"],
        ["Ohio", "31-33", "2013", "5", "2", "200", "40", "1", "10"],
        ["Ohio", "11", "2013", "15", "2", "200", "40", "1", "10"],
        ["Ohio", "31-33", "2014", "5", "3", "200", "40", "2", "60"],
        ["Ohio", "11", "2014", "15", "3", "300", "10", "1", "40"],
        ["Iowa", "11", "2014", "9", "3", "300", "10", "1", "40"],
      ])
    let rows = try Answers.rows(
      text
        + """
        table(gdp_per_capita, productivity, patents_per_10k, export_intensity, manufacturing_intensity, establishment_size,
          per_hundred(patents), by:state, year:2014, data:mine)
        """)
    for (name, value) in [
      ("gdp_per_capita", 10.0), ("productivity", 25), ("patents_per_10k", 1_500), ("export_intensity", 0.2),
      ("manufacturing_intensity", 0.25), ("establishment_size", 20.0 / 6), ("per_hundred", 6),
    ] { Answers.expect(try row(rows, "Ohio"), name, value) }
    let growth = try Answers.rows(text + "establishment_growth(by:state, year:2013..2014, data:mine)")
    Answers.expect(try row(growth, "Ohio"), "establishment_growth", 0.5)
    let zeros = try Answers.rows(text + "or_zero(by:[state, naics2], year:2014, data:mine)")
    Answers.expect(try row(zeros, "Iowa", "31-33"), "or_zero", 0)
  }

  /// Of 100 made, and two activities whose growth makes up for each other: 10 and 20 %, 20 and 10 %.
  @Test func portfolios() throws {
    let path = try Answers.file(
      "second-portfolio.csv",
      [
        ["place", "activity", "period", "value"], ["x", "a", "1", "100"], ["x", "a", "2", "110"],
        ["x", "a", "3", "132"],
        ["x", "b", "1", "100"], ["x", "b", "2", "120"], ["x", "b", "3", "132"],
      ])
    let row = try #require(
      try Answers.rows(
        "open(\"\(path)\") | portfolio place:place, activity:activity, period:period, value:value"
      ).first)
    Answers.expect(row, "variance", 0)
    // Half each: 2 · ¼ · 0.005.
    Answers.expect(row, "own_variance", 0.0025)
  }

  @Test func verbsOfRows() throws {
    let rows = try Answers.rows(
      "open(\"\(try Answers.file("second-verbs.csv", [["product", "seller", "value"], ["p", "a", "60"], ["p", "b", "40"], ["q", "a", "10"]]))\") | supplier_hhi product:product, value:value"
    )
    #expect(rows.map { $0["supplier_hhi"] } == ["0.52", "1"])
    let all = try Answers.rows("lq(by:cluster, in:\"Ohio\", year:2011)")
    let strongest = try Answers.rows("lq(by:cluster, in:\"Ohio\", year:2011) | strongest 4, at:1.5")
    let expected = try all.filter { $0["lq"] != "" }.map { (try Answers.number($0, "lq"), $0["cluster"]) }
      .filter { $0.0 >= 1.5 }.sorted { $0.0 > $1.0 }.prefix(4).map(\.1)
    #expect(strongest.map { $0["cluster"] } == expected)
  }

  // MARK: - Random tables

  @Test(arguments: [1, 2]) func exportBase(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed, activities: RandomFacts.clusters)
    let traded = 0..<RandomFacts.clusters.count - 2
    let found = try Answers.rows(
      world.text + "table(assignment_multiplier, mixed_multiplier, base_multiplier, by:state, year:2014, data:mine)")
    var points: [(Double, Double)] = []
    for row in found {
      let place = try #require(world.place(row))
      let all = world.total(place: place)
      let base = traded.reduce(0) { $0 + world.value(place, $1) }
      func beyond(_ cluster: Int) -> Double { max(0, world.value(place, cluster) - all * world.baseShare(cluster)) }
      let local = (traded.upperBound..<RandomFacts.clusters.count).reduce(0) { $0 + beyond($1) }
      Answers.expect(row, "assignment_multiplier", all / base)
      Answers.expect(row, "mixed_multiplier", all / (base + local))
      Answers.expect(
        row, "base_multiplier", all / RandomFacts.clusters.indices.reduce(0) { $0 + beyond($1) })
      points.append((base, all))
    }
    let count = Double(points.count)
    let means = points.reduce((0.0, 0.0)) { ($0.0 + $1.0 / count, $0.1 + $1.1 / count) }
    let slope =
      points.reduce(0) { $0 + ($1.0 - means.0) * ($1.1 - means.1) }
      / points.reduce(0) { $0 + ($1.0 - means.0) * ($1.0 - means.0) }
    let line = try #require(
      try Answers.rows(world.text + "regression_multiplier(over:state, year:2014, data:mine)").first)
    Answers.expect(line, "regression_multiplier", slope)
    let cells = try Answers.rows(
      world.text
        + "table(basic_employment, supply_gap, purchase_coefficient, by:[state, cluster], year:2014, data:mine)")
    for row in cells {
      let (place, cluster) = (try #require(world.place(row)), try #require(world.activity(row)))
      guard !world.cell(place, cluster).isNaN else { continue }
      let expected = world.total(place: place) * world.baseShare(cluster)
      Answers.expect(row, "basic_employment", max(0, world.value(place, cluster) - expected))
      Answers.expect(row, "supply_gap", expected - world.value(place, cluster))
      Answers.expect(row, "purchase_coefficient", min(1, world.value(place, cluster) / expected))
    }
  }

  @Test(arguments: [1, 2]) func typesFollowTheSigns(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let rows = try Answers.rows(
      world.text
        + "table(s = shift_share(over:naics2), kind = shift_share_type(over:naics2), by:state, year:2013..2014, data:mine)"
    )
    for row in rows {
      let signs = try ["mix", "local"].map { "\($0) \(try Answers.number(row, $0) >= 0 ? "+" : "-")" }
      #expect(row["kind"] == signs.joined(separator: " "))
    }
    let cells = try Answers.rows(
      world.text
        + "table(kind = advantage_type, start = employment(year:start), b = homothetic, own = growth, by:[state, naics2], year:2013..2014, data:mine)"
    )
    for row in cells where row["own"] != "" {
      let start = row["start"] == "" ? 0 : try Answers.number(row, "start")
      let specialised = try start >= Answers.number(row, "b") ? "specialised" : "not specialised"
      let place = try #require(world.activity(row))
      #expect(
        row["kind"]
          == "\(specialised), \(try Answers.number(row, "own") >= world.growth(place, from: 1) ? "advantage" : "disadvantage")"
      )
    }
  }

  @Test func typesOfTrade() throws {
    var source = SeededSource(seed: 8)
    for _ in 0..<20 {
      let numbers = (0..<4).map { _ in 1 + source.index(below: 40) }
      let row = try #require(
        try Answers.rows(
          "table(kind = trade_type(\(numbers[0]), imports:\(numbers[1]), export_price:\(numbers[2]), import_price:\(numbers[3])), value = unit_value(\(numbers[0]), quantity:\(numbers[1])))"
        ).first)
      let (x, m, ratio) = (Double(numbers[0]), Double(numbers[1]), Double(numbers[2]) / Double(numbers[3]))
      let wanted =
        min(x, m) < 0.1 * max(x, m)
        ? "one way" : ratio > 1.15 ? "vertical high" : ratio < 0.85 ? "vertical low" : "horizontal"
      #expect(row["kind"] == wanted, "\(numbers)")
      Answers.expect(row, "value", x / m)
    }
  }

  @Test(arguments: [1, 2]) func spread(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let row = try #require(
      try Answers.rows(
        world.text
          + """
          table(v = variation(over:state), h = pietra(over:state), c = coulter(over:state), l = log_deviation(over:state),
            q = quantile_ratio(over:state), m = weighted_mean(gdp, weight:population, over:state), w = wolfson(over:state),
            g = gini(over:state), p = palma(over:state), year:2014, data:mine)
          """
      ).first)
    let jobs = Self.places.map { world.total(place: $0) }
    let count = Double(jobs.count)
    let mean = jobs.reduce(0, +) / count
    let variance = jobs.reduce(0) { $0 + pow($1 - mean, 2) } / count
    Answers.expect(row, "v", variance.squareRoot() / mean)
    Answers.expect(row, "h", jobs.reduce(0) { $0 + abs($1 / mean - 1) } / (2 * count))
    Answers.expect(row, "c", (jobs.reduce(0) { $0 + pow($1 / (mean * count) - 1 / count, 2) } / 2).squareRoot())
    let logs = jobs.map { log($0) }
    let middle = logs.reduce(0, +) / count
    Answers.expect(row, "l", (logs.reduce(0) { $0 + pow($1 - middle, 2) } / (count - 1)).squareRoot())
    Answers.expect(row, "q", quantileByWalking(jobs, 0.9) / quantileByWalking(jobs, 0.1))
    let (values, weights) = (
      Self.places.map { world.total("gdp", place: $0) }, Self.places.map { world.total("population", place: $0) }
    )
    Answers.expect(
      row, "m", zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +))
    let pairs = jobs.reduce(0) { sum, one in jobs.reduce(sum) { $0 + abs($1 - one) } }
    Answers.expect(row, "g", pairs / (2 * count * count * mean))
  }

  /// R's counts of the same transitions; those by class of the neighbours add up to all.
  @Test func transitions() throws {
    let table = "gdp_per_head(by:[state, year], in:\"Mexico\", year:1940..2000)"
    let slots = "place:state, year:year, value:gdp_per_head"
    let rows = try Answers.rows("\(table) | markov \(slots), classes:3")
    for row in rows {
      let (from, to) = (String((row["from"] ?? "").prefix(1)), String((row["to"] ?? "").prefix(1)))
      Answers.expect(row, "probability", try PackageRuns.value("markovchain transition", "mexico", from, to))
    }
    let all = try Answers.rows("\(table) | markov \(slots), classes:3, bounds:relative")
    let near = try Answers.rows(
      "\(table) | derive near = spatial_lag(gdp_per_head, by:year) | spatial_markov \(slots), lag:near, classes:3, bounds:relative"
    )
    for row in all {
      let parts = near.filter { $0["from"] == row["from"] && $0["to"] == row["to"] }
      #expect(parts.count == 3)
      let sum = try parts.reduce(0) { try $0 + Answers.number($1, "transitions") }
      Answers.expect(row, "transitions", sum)
    }
  }

  /// Poisson and ordinary least squares as R's `glm` and `lm` have them.
  @Test func gravityAsRHasIt() throws {
    let names = ["a", "b", "c", "d"]
    let (origins, destinations) = (["a": 5, "b": 9, "c": 14, "d": 30], ["a": 4, "b": 11, "c": 13, "d": 25])
    let (distances, flows) = ([3, 7, 4, 9, 6, 5, 2, 8, 10, 3, 6, 7], [12, 5, 40, 3, 0, 60, 9, 7, 31, 44, 18, 26])
    let pairs = names.flatMap { to in names.filter { $0 != to }.map { ($0, to) } }
    let path = try Answers.file(
      "second-trips.csv",
      [["from", "to", "mass_o", "mass_d", "km", "flow"]]
        + pairs.indices.map {
          [
            pairs[$0].0, pairs[$0].1, "\(origins[pairs[$0].0] ?? 0)", "\(destinations[pairs[$0].1] ?? 0)",
            "\(distances[$0])", "\(flows[$0])",
          ]
        })
    let masses = "flow:flow, origin_mass:mass_o, destination_mass:mass_d, distance:km"
    for (method, function) in [("ppml", "base R glm_poisson"), ("ols", "base R lm_gravity")] {
      let rows = try Answers.rows("open(\"\(path)\") | gravity \(masses), method:\(method)")
      for (row, name) in zip(rows, ["constant", "origin", "destination", "distance"]) {
        Answers.expect(row, "estimate", try PackageRuns.value(function, "trips4", "", name), 1e-7, method)
      }
      // Flows in another unit: the same but for the constant.
      let scaled = try Answers.rows(
        "open(\"\(path)\") | derive flow = flow / 1_000_000_000_000 | gravity \(masses), method:\(method)")
      for (row, other) in zip(rows.dropFirst(), scaled.dropFirst()) {
        Answers.expect(other, "estimate", try Answers.number(row, "estimate"), 1e-7, method)
      }
    }
    let effects = try #require(
      try Answers.rows("open(\"\(path)\") | gravity_effects flow:flow, origin:from, destination:to, distance:km").first)
    Answers.expect(
      effects, "estimate", try PackageRuns.value("base R glm_poisson_effects", "trips4", "", "distance"), 1e-7)
  }

  // MARK: - Places beside each other

  @Test(arguments: [1, 2]) func lags(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let rows = try Answers.rows(
      world.text
        + """
        table(lag = spatial_lag, sum = spatial_lag(style:binary), n = neighbours, marked = local_join_count(if employment > 9000 then 1 else 0),
          by:state, year:2014, data:mine)
        """)
    let isMarked = Self.places.map { world.total(place: $0) > 9_000 }
    for row in rows {
      let place = try #require(world.place(row))
      let near = world.neighbours(place)
      let sum = near.reduce(0) { $0 + world.total(place: $1) }
      Answers.expect(row, "n", Double(near.count))
      Answers.expect(row, "lag", near.isEmpty ? .nan : sum / Double(near.count))
      Answers.expect(row, "sum", near.isEmpty ? .nan : sum)
      Answers.expect(row, "marked", isMarked[place] ? Double(near.count { isMarked[$0] }) : 0)
    }
    let pairs = try Answers.rows(
      world.text + "employment(by:state, year:2014, data:mine) | neighbour_pairs place:state, style:binary")
    #expect(pairs.count == 2 * RandomFacts.borders.count && pairs.allSatisfy { $0["weight"] == "1" })
    let segregation = try #require(
      try Answers.rows(
        world.text
          + "spatial_segregation(employment(naics2:\"11\"), total:employment(activity:all), over:state, year:2014, data:mine)"
      ).first)
    let all = Self.places.map { world.total(place: $0) }
    let part = Self.places.map { world.value($0, 0) }
    let (sumAll, sumPart) = (all.reduce(0, +), part.reduce(0, +))
    let plain = Self.places.reduce(0) {
      $0 + abs(part[$1] / sumPart - (all[$1] - part[$1]) / (sumAll - sumPart)) / 2
    }
    let links = Self.places.flatMap { place in world.neighbours(place).map { (place, $0) } }
    let differences = links.reduce(0) { $0 + abs(part[$1.0] / all[$1.0] - part[$1.1] / all[$1.1]) }
    Answers.expect(segregation, "spatial_segregation", plain - differences / Double(links.count))
  }

  @Test func kindsOfNeighbourhoods() throws {
    let kinds = ["1": "high-high", "2": "low-high", "3": "low-low", "4": "high-low"]
    let rows = try Answers.rows(
      "table(lisa(gdp_per_head), kind = lisa_cluster(gdp_per_head), by:state, in:\"Mexico\", year:2000)")
    #expect(Set(rows.compactMap { $0["kind"] }).count > 2)
    for row in rows {
      #expect(
        try row["kind"] == (Answers.number(row, "p_sim") > 0.05 ? "not significant" : kinds[row["quadrant"] ?? ""]))
    }
  }

  /// Rates as spdep's empirical Bayes index has them.
  @Test func ratesMadeComparable() throws {
    let row = try #require(
      try Answers.rows(
        "moran_rate(round(gdp_per_head(year:1940) / 100, 0), base:gdp_per_head(year:2000), over:state, in:\"Mexico\", permutations:0, file:\"\(packageFolder.path)/examples/data/mexico.gal\")"
      ).first)
    Answers.expect(row, "moran_rate", try PackageRuns.value("spdep EBImoran.mc", "mexico", "", "I"))
  }

  @Test func distancesAndPotentials() throws {
    let names = RandomFacts.places
    let world = try RandomFacts(seed: 2)
    let rows = try Answers.rows(
      world.text + "table(market_potential(employment, self:false), by:state, year:2014, data:mine)")
    var distance: [[Double]] = []
    for name in names {
      let found = try Answers.rows(
        world.text + "distance(with:\"\(name)\", of:employment, by:state, year:2014, data:mine)")
      distance.append(try names.map { other in try Answers.number(try self.row(found, other), "distance") })
    }
    for row in rows {
      let place = try #require(world.place(row))
      let sum = Self.places.filter { $0 != place }.reduce(0) { $0 + world.total(place: $1) / distance[place][$1] }
      Answers.expect(row, "market_potential", sum)
      for other in Self.places { #expect(abs(distance[place][other] - distance[other][place]) < 1e-9) }
    }
  }

  // MARK: - Chains

  /// The example of Miller and Blair: L is (1.2541, 0.3300; 0.2640, 1.1221).
  @Test func inverseOfATable() throws {
    let flows = "from:seller, to:buyer, value:amount"
    let inverse = try Answers.rows("\(Self.flows) | leontief \(flows)")
    let determinant = 0.85 * 0.95 - 0.25 * 0.2
    for (row, value) in zip(inverse, [0.95, 0.25, 0.2, 0.85]) {
      Answers.expect(row, "requirement", value / determinant)
    }
    // Demand 120 and 300.
    let impact = try Answers.rows("\(Self.flows) | demand_impact \(flows), demand:jobs")
    for (row, value) in zip(impact, [0.95 * 120 + 0.25 * 300, 0.2 * 120 + 0.85 * 300]) {
      Answers.expect(row, "impact", value / determinant)
    }
    // Without farms, factories make what households buy over 0.95; without factories, farms over 0.85.
    let loss = try Answers.rows("\(Self.flows) | extraction \(flows)")
    for (row, left) in zip(loss, [1_700 / 0.95, 350 / 0.85]) { Answers.expect(row, "loss", 3_000 - left) }
    let parts = try Answers.rows(
      "\(Self.flows) | derive later = if seller == \"farms\" and buyer == \"factories\" then amount * 1.2 else amount | structural_decomposition from:seller, to:buyer, before:amount, after:later"
    )
    for row in parts {
      Answers.expect(row, "change", try Answers.number(row, "technology") + Answers.number(row, "demand"))
    }
    // What is made is what goes in: factories take 100 more, farms nothing.
    for (row, value) in zip(parts, [0.0, 100]) { Answers.expect(row, "change", value) }
  }

  @Test func fittedTables() throws {
    var source = SeededSource(seed: 9)
    let wanted = (rows: [60.0, 90, 150], columns: [100.0, 120, 80])
    var lines = [["from", "to", "amount", "made", "used"]]
    for row in 0..<3 {
      for column in 0..<3 {
        lines.append([
          "r\(row)", "c\(column)", "\(1 + source.index(below: 50))", "\(wanted.rows[row])", "\(wanted.columns[column])",
        ])
      }
    }
    let path = try Answers.file("second-ras.csv", lines)
    let fitted = try Answers.rows(
      "open(\"\(path)\") | ras from:from, to:to, value:amount, row_total:made, column_total:used")
    #expect(fitted.count == 9)
    let name = try #require(
      fitted.first?.keys.first { !["from", "to", "factor"].contains($0) && !$0.hasSuffix("_state") })
    for index in 0..<3 {
      let row = try fitted.filter { $0["from"] == "r\(index)" }.reduce(0) { try $0 + Answers.number($1, name) }
      let column = try fitted.filter { $0["to"] == "c\(index)" }.reduce(0) { try $0 + Answers.number($1, name) }
      #expect(abs(row - wanted.rows[index]) < 1e-6 && abs(column - wanted.columns[index]) < 1e-6)
    }
  }

  /// Of ten places the richest tenth is one and the poorest four tenths are four: no curve is needed.
  @Test(arguments: [5, 6, 7]) func richestAndPoorest(_ seed: UInt64) throws {
    var source = SeededSource(seed: seed)
    let names = RandomFacts.places + ["Iowa"]
    let jobs = names.map { _ in [1 + source.index(below: 900), 1 + source.index(below: 900)] }
    let lines = names.indices.flatMap { place in
      ["11", "21"].indices.map { [names[place], ["11", "21"][$0], "2014", "\(jobs[place][$0])"] }
    }
    let text = try table("tenths-\(seed)", "employment:jobs", [["state", "sector", "year", "jobs"]] + lines)
    let rows = try Answers.rows(
      text + "table(palma(over:state), least = minimum_share(over:state), by:naics2, data:mine)")
    #expect(rows.count == 2)
    for (sector, row) in rows.enumerated() {
      let sizes = jobs.map { Double($0[sector]) }.sorted()
      Answers.expect(row, "palma", sizes[9] / sizes[..<4].reduce(0, +))
      let shares = jobs.map { Double($0[sector]) / Double($0[0] + $0[1]) }
      Answers.expect(row, "least", shares.min() ?? .nan)
    }
  }

  /// Where two towns draw alike, Reilly's ratio is 1.
  @Test func tradeBreaksWhereBothDrawAlike() throws {
    let other = "size_b:employment(region:base), distance"
    let point = "breaking_point(employment, \(other):100)"
    let rows = try Answers.rows(
      "table(reilly(employment, \(other)_a:\(point), distance_b:100 - \(point)), by:state, year:2019)")
    #expect(rows.count > 45)
    for row in rows { Answers.expect(row, "reilly", 1) }
  }

  /// Whatever balances rows and columns cancels in `T_ij T_kl / (T_il T_kj)`: what is left is that of the distances.
  @Test func balancedFlowsKeepTheOddsOfDistances() throws {
    let file = "open(\"\(packageFolder.path)/examples/data/trips.csv\")"
    let trips = try Answers.rows(file)
    let flows = try Answers.rows(
      "\(file) | doubly_constrained origin:origin, destination:destination, sent:sent, received:received, distance:km, decay:-1.3"
    )
    func value(_ rows: [[String: String]], _ origin: String, _ destination: String, _ name: String) -> Double? {
      rows.first { $0["origin"] == origin && $0["destination"] == destination }?[name].flatMap { Double($0) }
    }
    let names = Set(flows.compactMap { $0["origin"] }).sorted()
    var count = 0
    for origin in names {
      for other in names where other != origin {
        for (to, beyond) in zip(names, names.dropFirst()) {
          let pairs = [(origin, to), (other, beyond), (origin, beyond), (other, to)]
          let found = pairs.compactMap { value(flows, $0, $1, "flow") }
          let distances = pairs.compactMap { value(trips, $0, $1, "km") }
          guard found.count == 4, distances.count == 4 else { continue }
          let odds = found[0] * found[1] / (found[2] * found[3])
          let expected = pow(distances[0] * distances[1] / (distances[2] * distances[3]), -1.3)
          #expect(abs(odds / expected - 1) < 1e-6, "\(pairs)")
          count += 1
        }
      }
    }
    #expect(count > 3)
  }
}
