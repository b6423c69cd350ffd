import CQBundledData
import ClusterQuery
import Foundation
import Testing

/// Indicators of the library on random tables, against the formulas written out in Swift.
@Suite struct RandomTableTests {
  /// Jobs by place, sector and year; a pair that is absent has none.
  private struct World {
    static let places = [
      "Alabama", "Arizona", "Arkansas", "California", "Colorado", "Florida", "Georgia", "Idaho", "Ohio",
    ]
    static let sectors = ["11", "21", "22", "23", "42", "51", "52"]
    static let years = [2013, 2014]

    /// `jobs[year][place][sector]`
    var jobs: [[[Double]]] = []
    let text: String

    init(seed: Int) throws {
      var state = UInt64(truncatingIfNeeded: seed &* 2_654_435_761 &+ 12_345)
      func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
      }
      var lines = ["state,sector,year,employment,establishments"]
      for year in Self.years {
        var table: [[Double]] = []
        for place in Self.places {
          var row: [Double] = []
          for sector in Self.sectors {
            // One in five is absent, one in ten a zero that is listed.
            let kind = next(10)
            let value = kind < 2 ? 0 : kind == 2 ? 0 : Double(1 + next(5_000))
            row.append(value)
            if kind >= 2 { lines.append("\(place),\(sector),\(year),\(Int(value)),\(1 + next(40))") }
          }
          table.append(row)
        }
        jobs.append(table)
      }
      let folder = FileManager.default.temporaryDirectory
      let url = folder.appending(path: "cq-random-\(ProcessInfo.processInfo.processIdentifier)-\(seed).csv")
      try (lines.joined(separator: "\n") + "\n").write(to: url, atomically: true, encoding: .utf8)
      text =
        "let mine = dataset(\"\(url.path)\", state:state, naics2:sector, year:year, employment:employment, establishments:establishments)\n"
    }

    func total(_ year: Int, place: Int) -> Double { jobs[year][place].reduce(0, +) }
    func total(_ year: Int, sector: Int) -> Double { jobs[year].reduce(0) { $0 + $1[sector] } }
    func total(_ year: Int) -> Double { jobs[year].reduce(0) { $0 + $1.reduce(0, +) } }
    func share(_ year: Int, _ place: Int, _ sector: Int) -> Double {
      jobs[year][place][sector] / total(year, place: place)
    }
    func baseShare(_ year: Int, _ sector: Int) -> Double { total(year, sector: sector) / total(year) }
    func quotient(_ year: Int, _ place: Int, _ sector: Int) -> Double {
      share(year, place, sector) / baseShare(year, sector)
    }
    func part(_ year: Int, _ place: Int, _ sector: Int) -> Double {
      jobs[year][place][sector] / total(year, sector: sector)
    }
    func weight(_ year: Int, _ place: Int) -> Double { total(year, place: place) / total(year) }
  }

  private func rows(_ text: String) throws -> [[String: String]] {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    var last: ResultTable?
    try session.execute(text) { last = $0 }
    let lines = try #require(last).render(.csv).split(separator: "\n").map { line -> [String] in
      var fields = [""]
      var isQuoted = false
      for character in line {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted: fields.append("")
        default: fields[fields.count - 1].append(character)
        }
      }
      return fields
    }
    return lines.dropFirst().map { Dictionary(zip(lines[0], $0), uniquingKeysWith: { first, _ in first }) }
  }

  private func agrees(_ text: String?, _ reference: Double, _ what: String) {
    guard reference.isFinite else {
      #expect(text == "", "\(what): missing where the formula has no value, found \(text ?? "nothing")")
      return
    }
    guard let value = text.flatMap({ Double($0) }) else {
      Issue.record("\(what): no number, \(reference) expected")
      return
    }
    #expect(abs(value - reference) <= 1e-9 * max(1, abs(reference)), "\(what): \(value), not \(reference)")
  }

  private static let sectors = World.sectors.indices
  private static let places = World.places.indices

  @Test(arguments: [1, 2, 3]) func indicatorsOfPlaces(_ seed: Int) throws {
    let world = try World(seed: seed)
    let found = try rows(
      world.text
        + """
        table(krugman(over:naics2), others = krugman(over:naics2, against:"others"), means = krugman(over:naics2, against:"others_mean"),
          coef_spec(over:naics2), rzi(over:naics2), lq_average(over:naics2), gini_spec(over:naics2), entropy(over:naics2),
          averages = diversity(over:naics2, method:"national_averages"), ogive = diversity(over:naics2, method:"ogive"),
          gibbs = diversity(over:naics2, method:"gibbs_martin"), tideman = hall_tideman(over:naics2),
          between = krugman_between(with:"Ohio", over:naics2), overlap(with:"Ohio", over:naics2), by:state, year:2014, data:mine)
        """)
    #expect(found.count == World.places.count)
    for row in found {
      let place = try #require(World.places.firstIndex(of: row["state"] ?? ""))
      let shares = Self.sectors.map { world.share(1, place, $0) }
      let base = Self.sectors.map { world.baseShare(1, $0) }
      let ohio = Self.sectors.map { world.share(1, World.places.count - 1, $0) }
      let distance = Self.sectors.reduce(0) { $0 + abs(shares[$1] - base[$1]) }
      agrees(row["krugman"], distance, "krugman")
      agrees(row["coef_spec"], distance / 2, "coef_spec")
      let rest = world.total(1) - world.total(1, place: place)
      agrees(
        row["others"],
        Self.sectors.reduce(0) { sum, sector in
          sum + abs(shares[sector] - (world.total(1, sector: sector) - world.jobs[1][place][sector]) / rest)
        }, "krugman against others")
      agrees(
        row["means"],
        Self.sectors.reduce(0) { sum, sector in
          let others = Self.places.filter { $0 != place }.map { world.share(1, $0, sector) }
          return sum + abs(shares[sector] - others.reduce(0, +) / Double(others.count))
        }, "krugman against the mean of others")
      let quotients = Self.sectors.map { world.quotient(1, place, $0) }
      agrees(row["rzi"], quotients.max() ?? .nan, "rzi")
      agrees(row["lq_average"], Self.sectors.reduce(0) { $0 + shares[$1] * quotients[$1] }, "lq_average")
      let pairs = quotients.reduce(0) { sum, one in quotients.reduce(sum) { $0 + abs($1 - one) } }
      let count = Double(quotients.count)
      agrees(row["gini_spec"], pairs / (2 * count * quotients.reduce(0, +)), "gini_spec")
      agrees(row["entropy"], shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }, "entropy")
      agrees(
        row["averages"], Self.sectors.reduce(0) { $0 + pow(shares[$1] - base[$1], 2) / base[$1] }, "national averages")
      agrees(row["ogive"], shares.reduce(0) { $0 + pow($1 - 1 / count, 2) * count }, "ogive")
      agrees(row["gibbs"], 1 - shares.reduce(0) { $0 + $1 * $1 }, "Gibbs–Martin")
      let ranked = shares.sorted(by: >).enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
      agrees(row["tideman"], 1 / (2 * ranked - 1), "Hall–Tideman")
      agrees(row["between"], Self.sectors.reduce(0) { $0 + abs(shares[$1] - ohio[$1]) }, "krugman_between")
      agrees(row["overlap"], Self.sectors.reduce(0) { $0 + min(shares[$1], ohio[$1]) }, "overlap")
    }
  }

  @Test(arguments: [1, 2, 3]) func indicatorsOfActivities(_ seed: Int) throws {
    let world = try World(seed: seed)
    let found = try rows(
      world.text
        + """
        table(hoover, krugman_conc, locational_gini, hoover_gini, gini_conc, theil_conc, coagglomeration(with:"Construction"), maurel_sedillot(plants:0.1),
          gamma = ellison_glaeser(plants:0.1), top = mean_of_largest(place_lq(or_zero), n:3, over:state), by:naics2, year:2014, data:mine)
        """)
    #expect(found.count == World.sectors.count)
    let weights = Self.places.map { world.weight(1, $0) }
    let spread = 1 - weights.reduce(0) { $0 + $1 * $1 }
    let partner = Self.places.map { world.part(1, $0, 3) }
    for row in found {
      let sector = try #require(World.sectors.firstIndex(of: row["naics2_code"] ?? ""))
      let parts = Self.places.map { world.part(1, $0, sector) }
      let distance = Self.places.reduce(0) { $0 + abs(parts[$1] - weights[$1]) }
      agrees(row["hoover"], distance / 2, "hoover")
      agrees(row["krugman_conc"], distance, "krugman_conc")
      var pairs = 0.0
      for one in Self.places {
        for other in Self.places { pairs += abs(parts[one] * weights[other] - parts[other] * weights[one]) }
      }
      agrees(row["locational_gini"], pairs / 4, "locational_gini")
      agrees(row["hoover_gini"], pairs / 2, "hoover_gini")
      let quotients = Self.places.map { parts[$0] / weights[$0] }
      let gaps = quotients.reduce(0) { sum, one in quotients.reduce(sum) { $0 + abs($1 - one) } }
      let count = Double(quotients.count)
      agrees(row["gini_conc"], gaps / (2 * count * quotients.reduce(0, +)), "gini_conc")
      agrees(
        row["theil_conc"], Self.places.reduce(0) { parts[$1] > 0 ? $0 + parts[$1] * log(parts[$1] / weights[$1]) : $0 },
        "theil_conc")
      agrees(
        row["coagglomeration"],
        Self.places.reduce(0) { $0 + (parts[$1] - weights[$1]) * (partner[$1] - weights[$1]) } / spread,
        "coagglomeration")
      let raw = Self.places.reduce(0) { $0 + pow(parts[$1] - weights[$1], 2) }
      agrees(row["gamma"], (raw - spread * 0.1) / (spread * 0.9), "ellison_glaeser")
      let squares = parts.reduce(0) { $0 + $1 * $1 }
      agrees(row["maurel_sedillot"], ((squares - (1 - spread)) / spread - 0.1) / 0.9, "maurel_sedillot")
      agrees(row["top"], quotients.sorted(by: >).prefix(3).reduce(0, +) / 3, "mean_of_largest")
    }
  }

  @Test(arguments: [1, 2, 3]) func growthOfPlaces(_ seed: Int) throws {
    let world = try World(seed: seed)
    let found = try rows(
      world.text
        + """
        table(growth, log_growth, cagr, bartik(over:naics2), whole = bartik(over:naics2, leave_out:false), shift_share(over:naics2),
          gerfin(over:naics2), by:state, year:2013..2014, data:mine)
        """)
    let growth = Self.sectors.map { world.total(1, sector: $0) / world.total(0, sector: $0) - 1 }
    let all = world.total(1) / world.total(0) - 1
    for row in found {
      let place = try #require(World.places.firstIndex(of: row["state"] ?? ""))
      let (before, after) = (world.jobs[0][place], world.jobs[1][place])
      let (start, end) = (before.reduce(0, +), after.reduce(0, +))
      agrees(row["growth"], end / start - 1, "growth")
      agrees(row["cagr"], end / start - 1, "cagr over one year")
      agrees(row["log_growth"], log(end / start), "log_growth")
      agrees(row["whole"], Self.sectors.reduce(0) { $0 + before[$1] / start * growth[$1] }, "bartik of all")
      agrees(
        row["bartik"],
        Self.sectors.reduce(0) { sum, sector in
          let rest = world.total(0, sector: sector) - before[sector]
          guard rest > 0, before[sector] > 0 else { return sum }
          return sum + before[sector] / start * ((world.total(1, sector: sector) - after[sector]) / rest - 1)
        }, "bartik")
      agrees(row["actual"], end - start, "actual")
      let expected = Self.sectors.reduce(0) { $0 + before[$1] * (1 + growth[$1]) }
      agrees(row["total"], end / start / (1 + all), "gerfin total")
      agrees(row["regional"], end / expected, "gerfin regional")
      agrees(row["gerfin_mix"], expected / start / (1 + all), "gerfin mix")
    }
  }

  @Test(arguments: [1, 2]) func indicatorsOfCells(_ seed: Int) throws {
    let world = try World(seed: seed)
    let found = try rows(
      world.text
        + """
        table(lq = lq(year:2014), lq_change, lq_interval(year:2014), percentile_rank(or_zero, year:2014),
          ahead = places_ahead(or_zero, year:2014), job_creation, quadrant, swot(lq_min:1), advantage_type, by:[state, naics2], year:2013..2014, data:mine)
        """)
    #expect(found.count > 40)
    for row in found {
      let place = try #require(World.places.firstIndex(of: row["state"] ?? ""))
      let sector = try #require(World.sectors.firstIndex(of: row["naics2_code"] ?? ""))
      let (before, after) = (world.jobs[0][place][sector], world.jobs[1][place][sector])
      guard before > 0, after > 0 else { continue }
      let (first, last) = (world.quotient(0, place, sector), world.quotient(1, place, sector))
      agrees(row["lq"], last, "lq")
      agrees(row["lq_change"], last - first, "lq_change")
      let growth = world.total(1, sector: sector) / world.total(0, sector: sector) - 1
      agrees(row["expected"], before * growth, "expected")
      agrees(row["difference"], after - before * (1 + growth), "difference")
      let wanted = last >= 1 ? (last >= first ? "star" : "mature") : (last >= first ? "emerging" : "transforming")
      #expect(row["quadrant"] == wanted)
      #expect(row["swot"] == (growth >= 0 ? (last >= 1 ? "strength" : "opportunity") : (last >= 1 ? "risk" : "other")))
      let values = Self.places.map { world.jobs[1][$0][sector] }
      let larger = values.count { $0 > after }
      let equal = values.count { $0 == after }
      agrees(row["ahead"], Double(larger) / Double(values.count), "places_ahead")
      let smaller = values.count - larger - equal
      agrees(
        row["percentile_rank"], (Double(smaller) + Double(equal) / 2) / Double(values.count), "percentile_rank")
      // The delta method, term by term.
      let (p, base) = (world.share(1, place, sector), world.baseShare(1, sector))
      let (own, whole) = (world.total(1, place: place), world.total(1))
      let variance =
        (p * (1 - p) / own + last * last * base * (1 - base) / whole - 2 * last * p * (1 - p) / whole) / (base * base)
      let low = last - 1.96 * variance.squareRoot()
      agrees(row["low"], low, "lq_interval")
      agrees(row["lq_interval_lq"], last, "lq_interval")
    }
  }
}
