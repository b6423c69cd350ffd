import ClusterQuery
import Foundation
import Testing

/// Ratios of performance, growth and trade on random tables with gaps, against the formulas written out in Swift.
@Suite struct RandomPerformanceTests {
  private static let sectors = RandomFacts.sectors.indices
  private static let places = RandomFacts.places.indices

  @Test(arguments: [1, 2, 3]) func ratiosOfPlaces(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(gdp_per_capita, productivity, patents_per_10k, export_intensity, manufacturing_intensity, avg_wage,
          establishment_size, per_hundred(patents), hhi(over:naics2), normal = hhi(over:naics2, normalize:true),
          by:state, year:2014, data:mine)
        """)
    #expect(found.count == RandomFacts.places.count)
    for row in found {
      let place = try #require(world.place(row))
      func total(_ measure: String) -> Double { world.total(measure, place: place) }
      Answers.expect(row, "gdp_per_capita", total("gdp") / total("population"))
      Answers.expect(row, "productivity", total("gdp") / total("employment"))
      Answers.expect(row, "patents_per_10k", 10_000 * total("patents") / total("employment"))
      Answers.expect(row, "export_intensity", total("exports") / total("gdp"))
      Answers.expect(row, "manufacturing_intensity", world.value(place, 4) / total("employment"))
      Answers.expect(row, "avg_wage", total("payroll") / total("employment"))
      Answers.expect(row, "establishment_size", total("employment") / total("establishments"))
      Answers.expect(row, "per_hundred", 100 * total("patents") / total("population"))
      let squares = Self.sectors.reduce(0) { $0 + pow(world.share(place, $1), 2) }
      Answers.expect(row, "hhi", squares)
      Answers.expect(row, "normal", (squares - 1 / 7) / (1 - 1 / 7))
    }
  }

  @Test(arguments: [1, 2, 3]) func changesOfCells(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(change, growth, cagr, log_growth, contribution, establishment_growth, lq_growth, projected(ahead:3),
          own = projected(ahead:3, method:own), homothetic, own_mix, by:[state, naics2], year:2012..2014, data:mine)
        """)
    #expect(found.count > 40)
    let all = world.total() / world.total(year: 0) - 1
    for row in found {
      let (place, sector) = (try #require(world.place(row)), try #require(world.activity(row)))
      let (before, after) = (world.cell(place, sector, year: 0), world.cell(place, sector))
      Answers.expect(row, "change", after - before)
      Answers.expect(row, "growth", before == 0 ? .nan : after / before - 1)
      Answers.expect(row, "cagr", before == 0 ? .nan : (after / before).squareRoot() - 1)
      Answers.expect(row, "log_growth", before == 0 || after == 0 ? .nan : log(after) - log(before))
      Answers.expect(row, "contribution", (after - before) / world.total(year: 0, place: place))
      Answers.expect(
        row, "establishment_growth",
        world.cell(place, sector, "establishments") / world.cell(place, sector, "establishments", year: 0) - 1)
      let quotients = (world.quotient(place, sector, year: 0), world.quotient(place, sector))
      Answers.expect(
        row, "lq_growth", after.isNaN || before.isNaN || before == 0 ? .nan : quotients.1 / quotients.0 - 1)
      Answers.expect(row, "projected", after * pow(1 + world.growth(sector), 1.5))
      Answers.expect(row, "own", before == 0 ? .nan : after * pow(after / before, 1.5))
      Answers.expect(row, "homothetic", world.total(year: 0, place: place) * world.baseShare(sector, year: 0))
      let start = world.value(place, sector, year: 0)
      let own = world.total(place: place) / world.total(year: 0, place: place) - 1
      Answers.expect(
        row, "own_mix",
        start == 0 ? .nan : world.value(place, sector) / start - 1 - own - (world.growth(sector) - all))
    }
  }

  /// Year by year, and added up: the dynamic shift-share.
  @Test(arguments: [1, 2, 3]) func yearlyShiftShareAddsUp(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let yearly = "shift_share_yearly(over:naics2, by:[state, year], year:2013..2014, data:mine)"
    let found = try Answers.rows(world.text + yearly + " | dynamic_shift_share")
    #expect(found.count == RandomFacts.places.count)
    for row in found {
      let place = try #require(world.place(row))
      var sums = (national: 0.0, mix: 0.0, local: 0.0)
      for year in 1...2 {
        let all = world.total(year: year) / world.total(year: year - 1) - 1
        for sector in Self.sectors {
          let start = world.value(place, sector, year: year - 1)
          let growth = world.total(year: year, activity: sector) / world.total(year: year - 1, activity: sector) - 1
          sums.national += start * all
          sums.mix += start * (growth - all)
          sums.local += world.value(place, sector, year: year) - start * (1 + growth)
        }
      }
      Answers.expect(row, "national", sums.national)
      Answers.expect(row, "mix", sums.mix)
      Answers.expect(row, "local", sums.local)
      Answers.expect(row, "actual", world.total(place: place) - world.total(year: 0, place: place))
    }
    let index = try Answers.rows(world.text + "index_number(by:[state, year], year:2012..2014, data:mine)")
    #expect(index.count == 27)
    for row in index {
      let (place, year) = (try #require(world.place(row)), try #require(row["year"].flatMap { Int($0) }))
      Answers.expect(
        row, "index_number", 100 * world.total(year: year - 2012, place: place) / world.total(year: 0, place: place))
    }
  }

  // MARK: - Neighbours

  @Test(arguments: [1, 2]) func quotientsAcrossTheBorder(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(world.text + "table(focal_lq, lq_test, by:[state, naics2], year:2014, data:mine)")
    #expect(found.count > 40)
    for row in found {
      let (place, sector) = (try #require(world.place(row)), try #require(world.activity(row)))
      let group = [place] + world.neighbours(place)
      let (own, all) = group.reduce((0, 0)) { ($0.0 + world.value($1, sector), $0.1 + world.total(place: $1)) }
      Answers.expect(row, "focal_lq", own / all / world.baseShare(sector))
      // As many throws as there are establishments, at fields as large as the places.
      let throwsCount = world.total("establishments", activity: sector)
      let weight = world.weight(place)
      Answers.expect(
        row, "lq_test",
        world.cell(place, sector).isNaN
          ? .nan : (world.part(place, sector) - weight) * (throwsCount / (weight * (1 - weight))).squareRoot())
    }
  }

  @Test(arguments: [1, 2]) func shiftShareOfNeighbours(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text + "spatial_shift_share(over:naics2, by:state, year:2012..2014, data:mine)")
    let rates = try Answers.rows(
      world.text
        + "table(g = neighbour_growth, share = shift_share_rates(over:naics2), by:state, year:2012..2014, data:mine)")
    let all = world.total() / world.total(year: 0) - 1
    for row in rates {
      let near = world.neighbours(try #require(world.place(row)))
      let sums = near.reduce((0, 0)) { ($0.0 + world.total(year: 0, place: $1), $0.1 + world.total(place: $1)) }
      Answers.expect(row, "g", near.isEmpty ? .nan : sums.1 / sums.0 - 1)
    }
    #expect(found.count == 6, "three places have no neighbour")
    for row in found {
      let place = try #require(world.place(row))
      var parts = (national: 0.0, neighbours: 0.0, local: 0.0, actual: 0.0)
      for sector in Self.sectors {
        let (before, after) = (world.cell(place, sector, year: 0), world.cell(place, sector))
        let near = world.neighbours(place).reduce((0, 0)) {
          ($0.0 + world.value($1, sector, year: 0), $0.1 + world.value($1, sector))
        }
        guard before > 0, after >= 0, near.0 > 0 else { continue }
        let rate = near.1 / near.0 - 1
        parts.national += before * all
        parts.neighbours += before * (rate - all)
        parts.local += after - before - before * rate
        parts.actual += after - before
      }
      Answers.expect(row, "national", parts.national)
      Answers.expect(row, "neighbours", parts.neighbours)
      Answers.expect(row, "local", parts.local)
      Answers.expect(row, "actual", parts.actual)
    }
  }

  // MARK: - Trade

  @Test(arguments: [1, 2, 3]) func indicesOfTrade(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(rca, rsca, nrca, bought = lq(imports), trade_balance(exports, imports:imports), lafay(exports, imports:imports),
          michaely(exports, imports:imports), grubel_lloyd(exports, imports:imports),
          import_penetration(output, exports:exports, imports:imports),
          self_sufficiency(output, exports:exports, imports:imports), by:[state, naics2], year:2014, data:mine)
        """)
    #expect(found.count > 40)
    var sums = ["nrca": 0.0, "lafay": 0.0, "michaely": 0.0]
    for row in found {
      let (place, sector) = (try #require(world.place(row)), try #require(world.activity(row)))
      let (x, m) = (world.orZero(place, sector, "exports"), world.orZero(place, sector, "imports"))
      let (xs, ms) = (world.total("exports", place: place), world.total("imports", place: place))
      let advantage = world.quotient(place, sector, "exports")
      let isSold = !world.cell(place, sector, "exports").isNaN
      Answers.expect(row, "rca", isSold ? advantage : .nan)
      Answers.expect(row, "rsca", isSold ? (advantage - 1) / (advantage + 1) : .nan)
      Answers.expect(
        row, "bought", world.cell(place, sector, "imports").isNaN ? .nan : world.quotient(place, sector, "imports"))
      let all = world.total("exports")
      Answers.expect(row, "nrca", x / all - xs * world.total("exports", activity: sector) / (all * all))
      Answers.expect(row, "trade_balance", (x - m) / (x + m))
      Answers.expect(row, "grubel_lloyd", 2 * min(x, m) / (x + m))
      Answers.expect(row, "michaely", x / xs - m / ms)
      Answers.expect(row, "lafay", 100 * (x - m - (xs - ms) / (xs + ms) * (x + m)) / (xs + ms) * (x + m > 0 ? 1 : .nan))
      let output = world.cell(place, sector, "output")
      Answers.expect(row, "import_penetration", m / (output + m - x))
      Answers.expect(row, "self_sufficiency", output / (output + m - x))
      for name in sums.keys { sums[name, default: 0] += row[name].flatMap { Double($0) } ?? 0 }
    }
    for (name, sum) in sums { #expect(abs(sum) < 1e-9, "\(name) adds up to \(sum)") }
  }

  @Test(arguments: [1, 2, 3]) func tradeOfAllProducts(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(intra_industry_trade(exports, imports:imports, over:naics2),
          complementarity(with:"Ohio", exports:exports, imports:imports, over:naics2), by:state, year:2014, data:mine)
        """)
    for row in found {
      let place = try #require(world.place(row))
      let flows = Self.sectors.map { (world.orZero(place, $0, "exports"), world.orZero(place, $0, "imports")) }
      let both = flows.reduce(0) { $0 + min($1.0, $1.1) }
      Answers.expect(row, "intra_industry_trade", 2 * both / flows.reduce(0) { $0 + $1.0 + $1.1 })
      let ohio = RandomFacts.places.count - 1
      let overlap = Self.sectors.reduce(0) {
        $0 + min(world.share(ohio, $1, "imports"), world.share(place, $1, "exports"))
      }
      Answers.expect(row, "complementarity", overlap)
    }
    let suppliers = try Answers.rows(
      world.text + "exports(by:[state, naics2], year:2014, data:mine) | supplier_hhi product:naics2, value:exports")
    #expect(suppliers.count == RandomFacts.sectors.count)
    for row in suppliers {
      let sector = try #require(world.activity(row))
      Answers.expect(row, "supplier_hhi", Self.places.reduce(0) { $0 + pow(world.part($1, sector, "exports"), 2) })
    }
  }

  @Test(arguments: [1, 2]) func marketSharesAndIntensities(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let shares = try Answers.rows(
      world.text
        + """
        table(a = or_zero(exports, year:2012), b = or_zero(exports, year:2014), by:[state, naics2], data:mine)
          | market_share_change place:state, product:naics2, before:a, after:b
        """)
    #expect(shares.count == RandomFacts.places.count)
    let all = world.total("exports") / world.total("exports", year: 0) - 1
    for row in shares {
      let place = try #require(world.place(row))
      var parts = (growth: 0.0, mix: 0.0, won: 0.0)
      for sector in Self.sectors {
        let start = world.value(place, sector, "exports", year: 0)
        let rate = world.total("exports", activity: sector) / world.total("exports", year: 0, activity: sector) - 1
        parts.growth += start * all
        parts.mix += start * (rate - all)
        parts.won += world.value(place, sector, "exports") - start * (1 + rate)
      }
      Answers.expect(row, "growth", parts.growth)
      Answers.expect(row, "product_mix", parts.mix)
      Answers.expect(row, "competitiveness", parts.won)
    }
    // A table of trade among four places.
    var source = SeededSource(seed: UInt64(seed))
    let names = ["A", "B", "C", "D"]
    let trade = names.map { from in names.map { from == $0 ? 0.0 : Double(source.index(below: 90)) } }
    let path = try Answers.file(
      "trade-\(seed).csv",
      [["from", "to", "amount"]]
        + names.indices.flatMap { i in
          names.indices.filter { $0 != i }.map { [names[i], names[$0], "\(trade[i][$0])"] }
        })
    for row in try Answers.rows("open(\"\(path)\") | trade_intensities from:from, to:to, value:amount") {
      let i = try #require(names.firstIndex(of: row["from"] ?? ""))
      let j = try #require(names.firstIndex(of: row["to"] ?? ""))
      let sold = trade[i].reduce(0, +)
      let bought = names.indices.map { k in trade.reduce(0) { $0 + $1[k] } }
      let others = bought.reduce(0, +) - bought[i]
      Answers.expect(row, "intensity", i == j ? .nan : trade[i][j] / sold / (bought[j] / others))
    }
  }

  // MARK: - Complexity by measures of others

  /// The mean over what a place is specialised in, of any number of the activities.
  @Test(arguments: [1, 2, 3]) func indexByComplexityFromElsewhere(_ seed: Int) throws {
    let world = try RandomFacts(seed: seed)
    let found = try Answers.rows(
      world.text
        + """
        table(eci(over:naics2, pci:gdp), specialties(over:naics2), mean_ubiquity(over:naics2), expy(over:naics2, income:gdp(activity:all)),
          by:state, year:2014, data:mine)
        """)
    func isPresent(_ place: Int, _ sector: Int) -> Bool { world.quotient(place, sector) >= 1 }
    let incomes = Self.places.map { world.total("gdp", place: $0) }
    let levels = Self.sectors.map { sector in
      Self.places.reduce(0) { $0 + world.share($1, sector) * incomes[$1] }
        / Self.places.reduce(0) { $0 + world.share($1, sector) }
    }
    for row in found {
      let place = try #require(world.place(row))
      let own = Self.sectors.filter { isPresent(place, $0) }
      let count = Double(own.count)
      Answers.expect(row, "specialties", count)
      Answers.expect(row, "eci", own.reduce(0) { $0 + world.total("gdp", activity: $1) } / count)
      Answers.expect(
        row, "mean_ubiquity",
        Double(own.reduce(0) { sum, sector in sum + Self.places.count { isPresent($0, sector) } }) / count)
      Answers.expect(row, "expy", Self.sectors.reduce(0) { $0 + world.share(place, $1) * levels[$1] })
    }
    let cells = try Answers.rows(
      world.text
        + "table(entry, exit, before = presence(year:2012), by:[state, naics2], year:2012..2014, data:mine)")
    for row in cells {
      let (place, sector) = (try #require(world.place(row)), try #require(world.activity(row)))
      let was = world.quotient(place, sector, year: 0) >= 1
      let isNow = isPresent(place, sector)
      Answers.expect(row, "before", was ? 1 : 0)
      Answers.expect(row, "entry", was ? .nan : isNow ? 1 : 0)
      Answers.expect(row, "exit", was ? isNow ? 0 : 1 : .nan)
    }
  }
}
