import ClusterQuery
import Foundation
import Testing

/// Formulas written out once more in a few lines, over bundled and example data: second checks of what is held elsewhere by a figure.
@Suite struct NaiveOverDataTests {
  private static let points = "open(\"\(packageFolder.path)/examples/data/points.csv\")"

  private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

  private static func correlation(_ one: [Double], _ other: [Double]) -> Double {
    let (a, b) = (mean(one), mean(other))
    let products = zip(one, other).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) }
    return products
      / (one.reduce(0) { $0 + ($1 - a) * ($1 - a) } * other.reduce(0) { $0 + ($1 - b) * ($1 - b) }).squareRoot()
  }

  /// The numbers of a long table by row and column.
  private static func cells(
    _ rows: [[String: String]], _ row: String, _ column: String, _ value: String
  ) -> [String: [String: Double]] {
    var cells: [String: [String: Double]] = [:]
    for one in rows { cells[one[row] ?? "", default: [:]][one[column] ?? ""] = one[value].flatMap { Double($0) } }
    return cells
  }

  // MARK: - Likeness

  @Test func relatedIndustriesAreFoundInTheSamePlaces() throws {
    let table = "establishments(by:[state, naics2], year:2011, data:us_cbp_state)"
    let numbers = Self.cells(try Answers.rows(table), "naics2", "state", "establishments")
    let states = Set(numbers.values.flatMap(\.keys)).sorted()
    func places(_ industry: String?) -> [Double] { states.map { numbers[industry ?? ""]?[$0] ?? 0 } }
    let slots = "industry:naics2, place:state, employment:establishments"
    let alike = try Answers.rows("\(table) | related_industries \(slots), method:employment")
    #expect(alike.count == numbers.count * (numbers.count - 1) && numbers.count > 15)
    for row in alike {
      Answers.expect(row, "relatedness", Self.correlation(places(row["naics2"]), places(row["with"])))
    }
    let together = try Answers.rows("\(table) | related_industries \(slots), method:coagglomeration")
    let totals = states.map { state in numbers.values.reduce(0) { $0 + ($1[state] ?? 0) } }
    let weights = totals.map { $0 / totals.reduce(0, +) }
    let rest = 1 - weights.reduce(0) { $0 + $1 * $1 }
    let found = try together.map { try Answers.number($0, "relatedness") }
    for row in together {
      let (one, other) = (places(row["naics2"]), places(row["with"]))
      let (all, whole) = (one.reduce(0, +), other.reduce(0, +))
      let products = states.indices.map { (one[$0] / all - weights[$0]) * (other[$0] / whole - weights[$0]) }
      Answers.expect(row, "relatedness", products.reduce(0, +) / rest)
      Answers.expect(row, "percentile", percentileByCounting(try Answers.number(row, "relatedness"), found))
    }
  }

  /// Correlations of ln(LQ + 0.1) over the sectors that both states have.
  @Test(arguments: [1, 2]) func alikeSpecialisations(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let rows = try Answers.rows(
      world.text + "rca_similarity(with:\"Ohio\", over:naics2, by:state, year:2014, data:mine)")
    #expect(rows.count == RandomFacts.places.count)
    let ohio = try #require(RandomFacts.places.firstIndex(of: "Ohio"))
    for row in rows {
      let place = try #require(world.place(row))
      let common = RandomFacts.sectors.indices.filter {
        !world.cell(place, $0).isNaN && !world.cell(ohio, $0).isNaN
      }
      func logs(_ place: Int) -> [Double] { common.map { log(world.quotient(place, $0) + 0.1) } }
      Answers.expect(row, "rca_similarity", Self.correlation(logs(place), logs(ohio)))
    }
  }

  // MARK: - Options

  /// The weighted mean of three standard scores of what a place does not have.
  @Test func scoresOfOptions() throws {
    let slots = "by:[state, naics3], state:[\"Ohio\", \"Nevada\"]"
    let rows = try Answers.rows(
      "table(score = opportunity_score(density_weight:3, gain_weight:0.5), density, gain = cog, presence, \(slots))")
    let complexity = Dictionary(
      try Answers.rows("pci(by:naics3, over:state)").map { ($0["naics3_code"] ?? "", Double($0["pci"] ?? "") ?? .nan) },
      uniquingKeysWith: { first, _ in first })
    for state in ["Ohio", "Nevada"] {
      let options = rows.filter {
        $0["state"] == state && $0["presence"] == "0" && complexity[$0["naics3_code"] ?? ""]?.isNaN == false
      }
      #expect(options.count > 30)
      func scores(_ values: [Double]) -> [Double] {
        let middle = Self.mean(values)
        let squares = values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        let deviation = (squares / Double(values.count - 1)).squareRoot()
        return values.map { ($0 - middle) / deviation }
      }
      let near = scores(try options.map { try Answers.number($0, "density") })
      let worth = scores(options.map { complexity[$0["naics3_code"] ?? ""] ?? .nan })
      let gain = scores(try options.map { try Answers.number($0, "gain") })
      for (index, row) in options.enumerated() {
        Answers.expect(row, "score", (3 * near[index] + worth[index] + 0.5 * gain[index]) / 4.5)
      }
      for row in rows where row["state"] == state && row["presence"] == "1" { #expect(row["score"] == "") }
    }
    let table = "table(opportunity_score, \(slots))"
    let scores = try Answers.rows(table).compactMap { row in
      Double(row["opportunity_score"] ?? "").map { (score: $0, row: row) }
    }
    // Few enough that the number decides, and so many that the score does.
    for count in [7, 60] {
      let best = scores.filter { $0.score >= 0.4 }.sorted { $0.score > $1.score }.prefix(count).map(\.row)
      #expect(
        try Answers.rows("\(table) | options \(count), at:0.4") == Array(best) && best.count > 6 && best.count < 60)
    }
  }

  @Test(arguments: [1, 2]) func strongestQuotients(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let ohio = try #require(RandomFacts.places.firstIndex(of: "Ohio"))
    let quotients = RandomFacts.sectors.indices.filter { !world.cell(ohio, $0).isNaN }
      .map { (code: RandomFacts.sectors[$0], value: world.quotient(ohio, $0)) }.sorted { $0.value > $1.value }
    for (count, cut) in [(2, 0.1), (9, 1.0)] {
      let rows = try Answers.rows(
        world.text + "lq(by:naics2, region:\"Ohio\", year:2014, data:mine) | strongest \(count), at:\(cut)")
      let wanted = quotients.filter { $0.value >= cut }.prefix(count)
      #expect(rows.map { $0["naics2_code"] } == wanted.map(\.code) && !rows.isEmpty)
    }
  }

  // MARK: - Points

  private struct Point {
    let x: Double
    let y: Double
    let weight: Double
    let kind: String

    func distance(_ other: Point) -> Double {
      ((x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)).squareRoot()
    }
  }

  private static func samplePoints() throws -> [Point] {
    try Answers.rows(points).map {
      Point(
        x: try Answers.number($0, "x"), y: try Answers.number($0, "y"), weight: try Answers.number($0, "weight"),
        kind: $0["kind"] ?? "")
    }
  }

  /// M of Marcon and Puech, of one's own kind and of another, with and without weights.
  @Test(arguments: ["A", "B"], [true, false]) func neighboursOfAKind(_ kind: String, _ isWeighted: Bool) throws {
    let all = try Self.samplePoints()
    func weight(_ index: Int) -> Double { isWeighted ? all[index].weight : 1 }
    let whole = all.indices.reduce(0) { $0 + weight($1) }
    let ofKind = all.indices.filter { all[$0].kind == kind }.reduce(0) { $0 + weight($1) }
    let rows = try Answers.rows(
      "\(Self.points) | m_function x:x, y:y, kind:kind, type:\"A\", neighbours:\"\(kind)\", to:40, steps:4\(isWeighted ? ", weight:weight" : "")"
    )
    #expect(rows.count == 4)
    for row in rows {
      let radius = try Answers.number(row, "distance")
      var (near, everywhere): ([Double], [Double]) = ([], [])
      for center in all.indices where all[center].kind == "A" {
        let around = all.indices.filter { $0 != center && all[$0].distance(all[center]) <= radius }
        if around.isEmpty { continue }
        let own = around.filter { all[$0].kind == kind }.reduce(0) { $0 + weight($1) }
        near.append(own / around.reduce(0) { $0 + weight($1) })
        everywhere.append((ofKind - (kind == "A" ? weight(center) : 0)) / (whole - weight(center)))
      }
      Answers.expect(row, "m", Self.mean(near) / Self.mean(everywhere), 1e-9, "\(radius)")
    }
  }

  @Test func nearestNeighboursOfKinds() throws {
    let all = try Self.samplePoints()
    let rows = try Answers.rows("\(Self.points) | colocation_quotients x:x, y:y, kind:kind")
    let kinds = Set(all.map(\.kind))
    #expect(rows.count == kinds.count * kinds.count && kinds.count == 3)
    for row in rows {
      let (one, other) = (row["kind"] ?? "", row["with"] ?? "")
      var hits = 0.0
      for center in all.indices where all[center].kind == one {
        let others = all.indices.filter { $0 != center }
        let least = others.map { all[$0].distance(all[center]) }.min() ?? 0
        let nearest = others.filter { all[$0].distance(all[center]) == least }
        hits += Double(nearest.count { all[$0].kind == other }) / Double(nearest.count)
      }
      let count = Double(all.count { $0.kind == one })
      let others = Double(all.count { $0.kind == other } - (one == other ? 1 : 0))
      Answers.expect(row, "quotient", hits / count / (others / Double(all.count - 1)), 1e-9, "\(one) \(other)")
    }
  }

  // MARK: - Chains

  /// Imports per unit of each input, and of the inputs of domestic inputs, round by round.
  @Test func importsRoundByRound() throws {
    let industries = try Answers.rows("mx_io_industries")
    let codes = industries.compactMap { $0["industry_code"] }
    let index = Dictionary(uniqueKeysWithValues: zip(codes, codes.indices))
    let output = try industries.map { try Answers.number($0, "output") }
    let abroad = try industries.map { row in
      let (imports, home) = try (
        Answers.number(row, "imports"), Answers.number(row, "output") - Answers.number(row, "exports")
      )
      return imports + max(home, 0) > 0 ? imports / (imports + max(home, 0)) : 0
    }
    let flows = try Answers.rows("mx_io_flows").compactMap { row -> (from: Int, to: Int, share: Double)? in
      guard let from = index[row["origin_code"] ?? ""], let to = index[row["destination_code"] ?? ""], output[to] > 0
      else { return nil }
      return (from, to, try Answers.number(row, "value") / output[to])
    }
    #expect(flows.count > 20_000)
    var round = [Double](repeating: 0, count: codes.count)
    for flow in flows { round[flow.to] += abroad[flow.from] * flow.share }
    var content = round
    for _ in 0..<60 {
      var next = [Double](repeating: 0, count: codes.count)
      for flow in flows { next[flow.to] += round[flow.from] * (1 - abroad[flow.from]) * flow.share }
      round = next
      for code in content.indices { content[code] += round[code] }
    }
    let rows = try Answers.rows("import_content(by:naics4, in:\"Mexico\")")
    var compared = 0
    for row in rows {
      guard let code = index[row["naics4_code"] ?? ""], output[code] > 0 else { continue }
      compared += 1
      Answers.expect(row, "import_content", content[code], 1e-9, codes[code])
    }
    #expect(compared > 200)
  }

  /// Shares of the flows into one industry, beside quotients of the numbers of jobs.
  @Test func networkOfOneIndustry() throws {
    let industry = "Motor Vehicle Parts Manufacturing"
    let network = try Answers.rows("value_network(\"\(industry)\", place:\"Ohio\", cut:1.4)")
    let bought = try Answers.rows("mx_io_flows | where destination == \"\(industry)\"")
    let sold = try Answers.rows("mx_io_flows | where origin == \"\(industry)\"")
    func shares(_ flows: [[String: String]], _ column: String) throws -> [String: Double] {
      let all = try flows.reduce(0) { try $0 + Answers.number($1, "value") }
      return Dictionary(
        try flows.map { ($0[column] ?? "", try Answers.number($0, "value") / all) }, uniquingKeysWith: +)
    }
    let (supplies, buys) = (try shares(bought, "origin_code"), try shares(sold, "destination_code"))
    func jobs(_ query: String) throws -> [String: Double] {
      Dictionary(
        try Answers.rows(query).compactMap { row in
          row["employment"].flatMap { Double($0) }.map { (row["naics4_code"] ?? "", $0) }
        }, uniquingKeysWith: { first, _ in first })
    }
    let (own, base) = (try jobs("employment(by:naics4, in:\"Ohio\")"), try jobs("employment(by:naics4, in:\"US\")"))
    let (place, whole) = (try jobs("employment(in:\"Ohio\")"), try jobs("employment(in:\"US\")"))
    var seen: Set<String> = []
    for row in network {
      let code = row["naics4_code"] ?? ""
      Answers.expect(row, "supplies", supplies[code] ?? 0, 1e-9, code)
      Answers.expect(row, "buys", buys[code] ?? 0, 1e-9, code)
      var status = "not in the data"
      if let here = own[code], let there = base[code], let all = place[""], let nation = whole[""], there > 0 {
        let quotient = here / all / (there / nation)
        Answers.expect(row, "lq", quotient, 1e-9, code)
        status = quotient >= 1.4 ? "present" : quotient >= 0.7 ? "weak" : "missing"
      }
      #expect(row["status"] == status, "\(code)")
      seen.insert(status)
    }
    #expect(seen.count == 4 && network.count > 200)
  }

  // MARK: - Years

  @Test(arguments: [1, 2]) func cellsThatBothYearsHave(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let rows = try Answers.rows(
      world.text
        + "table(kept = both_years(patents(year:end), of:payroll, jobs:employment), patents(year:end), by:[state, naics2], year:2012..2014, data:mine)"
    )
    var gaps = 0
    for row in rows {
      let (place, sector) = (try #require(world.place(row)), try #require(world.activity(row)))
      let isWhole = [0, 2].allSatisfy {
        world.value(place, sector, "employment", year: $0) > 0 && world.value(place, sector, "payroll", year: $0) > 0
      }
      gaps += isWhole ? 0 : 1
      if isWhole { #expect(row["kept"] == row["patents"], "\(row)") } else { #expect(row["kept"] == "", "\(row)") }
    }
    #expect(gaps > 5 && gaps < rows.count - 5)
  }
}
