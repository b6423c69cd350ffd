import CQBundledData
import ClusterQuery
import Foundation
import Testing

/// Indicators of the library on random tables, against the formulas written out in Swift.
@Suite struct RandomTableTests {
  private static let sectors = RandomFacts.sectors.indices
  private static let places = RandomFacts.places.indices

  @Test(arguments: [1, 2, 3]) func indicatorsOfPlaces(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(krugman(over:naics2), others = krugman(over:naics2, against:"others"), means = krugman(over:naics2, against:"others_mean"),
          coef_spec(over:naics2), rzi(over:naics2), lq_average(over:naics2), gini_spec(over:naics2), entropy(over:naics2),
          averages = diversity(over:naics2, method:"national_averages"), ogive = diversity(over:naics2, method:"ogive"),
          gibbs = diversity(over:naics2, method:"gibbs_martin"), tideman = hall_tideman(over:naics2),
          between = krugman_between(with:"Ohio", over:naics2), overlap(with:"Ohio", over:naics2), by:state, year:2014, data:mine)
        """)
    #expect(found.count == RandomFacts.places.count)
    for row in found {
      let place = try #require(RandomFacts.places.firstIndex(of: row["state"] ?? ""))
      let shares = Self.sectors.map { world.share(place, $0) }
      let base = Self.sectors.map { world.baseShare($0) }
      let ohio = Self.sectors.map { world.share(RandomFacts.places.count - 1, $0) }
      let distance = Self.sectors.reduce(0) { $0 + abs(shares[$1] - base[$1]) }
      Answers.expect(row, "krugman", distance)
      Answers.expect(row, "coef_spec", distance / 2)
      let rest = world.total() - world.total(place: place)
      Answers.expect(
        row, "others",
        Self.sectors.reduce(0) { sum, sector in
          sum + abs(shares[sector] - (world.total(activity: sector) - world.value(place, sector)) / rest)
        })
      Answers.expect(
        row, "means",
        Self.sectors.reduce(0) { sum, sector in
          let others = Self.places.filter { $0 != place }.map { world.share($0, sector) }
          return sum + abs(shares[sector] - others.reduce(0, +) / Double(others.count))
        })
      let quotients = Self.sectors.map { world.quotient(place, $0) }
      Answers.expect(row, "rzi", quotients.max() ?? .nan)
      Answers.expect(row, "lq_average", Self.sectors.reduce(0) { $0 + shares[$1] * quotients[$1] })
      let pairs = quotients.reduce(0) { sum, one in quotients.reduce(sum) { $0 + abs($1 - one) } }
      let count = Double(quotients.count)
      Answers.expect(row, "gini_spec", pairs / (2 * count * quotients.reduce(0, +)))
      Answers.expect(row, "entropy", shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 })
      Answers.expect(row, "averages", Self.sectors.reduce(0) { $0 + pow(shares[$1] - base[$1], 2) / base[$1] })
      Answers.expect(row, "ogive", shares.reduce(0) { $0 + pow($1 - 1 / count, 2) * count })
      Answers.expect(row, "gibbs", 1 - shares.reduce(0) { $0 + $1 * $1 })
      let ranked = shares.sorted(by: >).enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element }
      Answers.expect(row, "tideman", 1 / (2 * ranked - 1))
      Answers.expect(row, "between", Self.sectors.reduce(0) { $0 + abs(shares[$1] - ohio[$1]) })
      Answers.expect(row, "overlap", Self.sectors.reduce(0) { $0 + min(shares[$1], ohio[$1]) })
    }
  }

  @Test(arguments: [1, 2, 3]) func indicatorsOfActivities(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(hoover, krugman_conc, locational_gini, hoover_gini, gini_conc, theil_conc, coagglomeration(with:"Construction"), maurel_sedillot(plants:0.1),
          gamma = ellison_glaeser(plants:0.1), top = mean_of_largest(place_lq(or_zero), n:3, over:state), by:naics2, year:2014, data:mine)
        """)
    #expect(found.count == RandomFacts.sectors.count)
    let weights = Self.places.map { world.weight($0) }
    let spread = 1 - weights.reduce(0) { $0 + $1 * $1 }
    let partner = Self.places.map { world.part($0, 3) }
    for row in found {
      let sector = try #require(RandomFacts.sectors.firstIndex(of: row["naics2_code"] ?? ""))
      let parts = Self.places.map { world.part($0, sector) }
      let distance = Self.places.reduce(0) { $0 + abs(parts[$1] - weights[$1]) }
      Answers.expect(row, "hoover", distance / 2)
      Answers.expect(row, "krugman_conc", distance)
      var pairs = 0.0
      for one in Self.places {
        for other in Self.places { pairs += abs(parts[one] * weights[other] - parts[other] * weights[one]) }
      }
      Answers.expect(row, "locational_gini", pairs / 4)
      Answers.expect(row, "hoover_gini", pairs / 2)
      let quotients = Self.places.map { parts[$0] / weights[$0] }
      let gaps = quotients.reduce(0) { sum, one in quotients.reduce(sum) { $0 + abs($1 - one) } }
      let count = Double(quotients.count)
      Answers.expect(row, "gini_conc", gaps / (2 * count * quotients.reduce(0, +)))
      Answers.expect(
        row, "theil_conc", Self.places.reduce(0) { parts[$1] > 0 ? $0 + parts[$1] * log(parts[$1] / weights[$1]) : $0 })
      Answers.expect(
        row, "coagglomeration",
        Self.places.reduce(0) { $0 + (parts[$1] - weights[$1]) * (partner[$1] - weights[$1]) } / spread)
      let raw = Self.places.reduce(0) { $0 + pow(parts[$1] - weights[$1], 2) }
      Answers.expect(row, "gamma", (raw - spread * 0.1) / (spread * 0.9))
      let squares = parts.reduce(0) { $0 + $1 * $1 }
      Answers.expect(row, "maurel_sedillot", ((squares - (1 - spread)) / spread - 0.1) / 0.9)
      Answers.expect(row, "top", quotients.sorted(by: >).prefix(3).reduce(0, +) / 3)
    }
  }

  @Test(arguments: [1, 2, 3]) func growthOfPlaces(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(growth, log_growth, cagr, bartik(over:naics2), whole = bartik(over:naics2, leave_out:false), shift_share(over:naics2),
          gerfin(over:naics2), by:state, year:2013..2014, data:mine)
        """)
    let growth = Self.sectors.map { world.growth($0, from: 1) }
    let all = world.total() / world.total(year: 1) - 1
    for row in found {
      let place = try #require(RandomFacts.places.firstIndex(of: row["state"] ?? ""))
      let before = Self.sectors.map { world.value(place, $0, year: 1) }
      let after = Self.sectors.map { world.value(place, $0) }
      let (start, end) = (before.reduce(0, +), after.reduce(0, +))
      Answers.expect(row, "growth", end / start - 1)
      Answers.expect(row, "cagr", end / start - 1)
      Answers.expect(row, "log_growth", log(end / start))
      Answers.expect(row, "whole", Self.sectors.reduce(0) { $0 + before[$1] / start * growth[$1] })
      Answers.expect(
        row, "bartik",
        Self.sectors.reduce(0) { sum, sector in
          let rest = world.total(year: 1, activity: sector) - before[sector]
          guard rest > 0, before[sector] > 0 else { return sum }
          return sum + before[sector] / start * ((world.total(activity: sector) - after[sector]) / rest - 1)
        })
      Answers.expect(row, "actual", end - start)
      let expected = Self.sectors.reduce(0) { $0 + before[$1] * (1 + growth[$1]) }
      Answers.expect(row, "total", end / start / (1 + all))
      Answers.expect(row, "regional", end / expected)
      Answers.expect(row, "gerfin_mix", expected / start / (1 + all))
    }
  }

  @Test(arguments: [1, 2]) func indicatorsOfCells(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(lq = lq(year:2014), lq_change, lq_interval(year:2014), percentile_rank(or_zero, year:2014),
          ahead = places_ahead(or_zero, year:2014), job_creation, quadrant, swot(lq_min:1), advantage_type, by:[state, naics2], year:2013..2014, data:mine)
        """)
    #expect(found.count > 40)
    for row in found {
      let place = try #require(RandomFacts.places.firstIndex(of: row["state"] ?? ""))
      let sector = try #require(RandomFacts.sectors.firstIndex(of: row["naics2_code"] ?? ""))
      let (before, after) = (world.value(place, sector, year: 1), world.value(place, sector))
      guard before > 0, after > 0 else { continue }
      let (first, last) = (world.quotient(place, sector, year: 1), world.quotient(place, sector))
      Answers.expect(row, "lq", last)
      Answers.expect(row, "lq_change", last - first)
      let growth = world.growth(sector, from: 1)
      Answers.expect(row, "expected", before * growth)
      Answers.expect(row, "difference", after - before * (1 + growth))
      let wanted = last >= 1 ? (last >= first ? "star" : "mature") : (last >= first ? "emerging" : "transforming")
      #expect(row["quadrant"] == wanted)
      #expect(row["swot"] == (growth >= 0 ? (last >= 1 ? "strength" : "opportunity") : (last >= 1 ? "risk" : "other")))
      let values = Self.places.map { world.value($0, sector) }
      let larger = values.count { $0 > after }
      let equal = values.count { $0 == after }
      Answers.expect(row, "ahead", Double(larger) / Double(values.count))
      let smaller = values.count - larger - equal
      Answers.expect(row, "percentile_rank", (Double(smaller) + Double(equal) / 2) / Double(values.count))
      // The delta method, term by term.
      let (p, base) = (world.share(place, sector), world.baseShare(sector))
      let (own, whole) = (world.total(place: place), world.total())
      let variance =
        (p * (1 - p) / own + last * last * base * (1 - base) / whole - 2 * last * p * (1 - p) / whole) / (base * base)
      let low = last - 1.96 * variance.squareRoot()
      Answers.expect(row, "low", low)
      Answers.expect(row, "lq_interval_lq", last)
    }
  }
}
