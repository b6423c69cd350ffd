import ClusterQuery
import Foundation
import Testing

/// Complexity, input–output and trade on the bundled data: published figures, identities, and samples that are hard.
@Suite struct MatrixMethodTests {
  private func sum(_ numbers: [Double?]) -> Double { numbers.reduce(0) { $0 + ($1 ?? 0) } }

  private func correlation(_ pairs: [(Double, Double)]) -> Double {
    let count = Double(pairs.count)
    let (first, second) = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
    let (xx, yy, xy) = pairs.reduce((0.0, 0.0, 0.0)) {
      (
        $0.0 + ($1.0 - first) * ($1.0 - first), $0.1 + ($1.1 - second) * ($1.1 - second),
        $0.2 + ($1.0 - first) * ($1.1 - second)
      )
    }
    return xy / (xx * yy).squareRoot()
  }

  // MARK: - Complexity

  /// The Growth Lab ranks 145 countries by data of several years; ours is of one year and 230 economies.
  @Test func complexityOfCountriesFollowsThePublishedOne() async throws {
    let table = try await Bundled.run(
      """
      let published = country_complexity | where year == 2019 | select country, eci_hs92
      table(mine = eci(exports, over:product, like:"atlas"), by:country, in:"World", vs:"World") | join published
      """)
    let pairs = zip(try table.numbers("mine"), try table.numbers("eci_hs92")).compactMap { mine, published in
      mine.flatMap { mine in published.map { (mine, $0) } }
    }
    #expect(pairs.count == 145)
    #expect(correlation(pairs) > 0.97)
  }

  @Test func theRowsAskedForNeverChangeTheNumbers() async throws {
    let all = try await Bundled.run(#"eci(by:state, over:naics3)"#)
    let ohio = try await Bundled.run(#"eci(by:state, over:naics3, state:"Ohio")"#)
    let index = try #require(try all.names("state").firstIndex(of: "Ohio"))
    #expect(try ohio.numbers("eci") == [all.numbers("eci")[index]])
    let years = try await Bundled.run(#"eci(by:[state, year], over:naics3, year:2010..2011, state:"Ohio")"#)
    let year = try await Bundled.run(#"eci(by:state, over:naics3, year:2010, state:"Ohio")"#)
    #expect(try years.numbers("eci").first == year.numbers("eci").first)
  }

  @Test func measuresAndVerbsAgree() async throws {
    let measure = try await Bundled.run(
      #"table(eci(over:naics3), specialties(over:naics3), mean_ubiquity(over:naics3), coi(over:naics3), by:state)"#)
    let verb = try await Bundled.run(
      "employment(by:[state, naics3]) | complexity_of_places place:state, activity:naics3, of:employment")
    let names = try verb.names("state")
    let columns = [("eci", "eci"), ("specialties", "diversity"), ("mean_ubiquity", "mean_ubiquity"), ("coi", "coi")]
    for (index, name) in try measure.names("state").enumerated() {
      guard let other = names.firstIndex(of: name) else {
        // A place that the data have nothing of is no row of theirs.
        #expect(try measure.numbers("eci")[index] == nil)
        continue
      }
      for (column, same) in columns {
        let (first, second) = (try measure.numbers(column)[index], try verb.numbers(same)[other])
        #expect((first == nil) == (second == nil), "\(name) \(column)")
        if let first, let second { #expect(abs(first - second) < 1e-9, "\(name) \(column)") }
      }
    }
  }

  /// ECI with the scale of the Atlas is the mean PCI of what a place is specialised in.
  @Test func aPlaceIsTheMeanOfItsActivities() async throws {
    let places = try await Bundled.run(#"eci(by:state, over:naics3, like:"atlas")"#)
    let activities = try await Bundled.run(#"pci(by:naics3, over:state, like:"atlas")"#)
    let presence = try await Bundled.run(#"presence(by:[state, naics3])"#)
    let levels = Dictionary(
      uniqueKeysWithValues: zip(try activities.names("naics3"), try activities.numbers("pci")))
    var sums: [String: (Double, Double)] = [:]
    for ((state, activity), present) in zip(
      zip(try presence.names("state"), try presence.names("naics3")), try presence.numbers("presence"))
    where present == 1 {
      guard case let level?? = levels[activity] else { continue }
      sums[state, default: (0, 0)] = (sums[state, default: (0, 0)].0 + level, sums[state, default: (0, 0)].1 + 1)
    }
    for (state, index) in zip(try places.names("state"), try places.numbers("eci")) {
      guard let index, let sum = sums[state] else { continue }
      #expect(abs(index - sum.0 / sum.1) < 1e-8, "\(state)")
    }
  }

  @Test func aSampleOfOnePlaceIsMissingAndSaysWhy() async throws {
    let table = try await Bundled.run(#"eci(by:state, in:"Ohio", vs:"Ohio", over:naics3)"#)
    #expect(try table.numbers("eci").compactMap { $0 }.isEmpty)
    #expect(table.notes.contains { $0.text.contains("nothing to index") })
  }

  @Test func entriesAndExitsAreOfWhatWasAtRisk() async throws {
    let table = try await Bundled.run(
      """
      table(
        entry, exit, before = presence(employment(year:start)), after = presence(employment(year:end)),
        by:[state, naics3], in:"Ohio", year:2008..2011,
      )
      """)
    for index in 0..<table.rowCount {
      let (before, after) = (try table.numbers("before")[index], try table.numbers("after")[index])
      let (entry, exit) = (try table.numbers("entry")[index], try table.numbers("exit")[index])
      guard let before, let after else { continue }
      #expect(entry == (before == 1 ? nil : after) && exit == (before == 1 ? 1 - after : nil))
    }
  }

  // MARK: - Input–output

  /// With imports inside the flows, final demand times the multipliers of value added is all value added: v'L f = v'x. Each
  /// multiplier is 1 but for taxes less subsidies on products, which are neither flows nor value added.
  @Test func valueAddedOfAllFlowsIsThatOfTheEconomy() async throws {
    let table = try await Bundled.run(
      """
      table(
        every = multiplier(effect:"value_added", domestic:false), home = multiplier(effect:"value_added"), final_demand,
        value_added, by:naics4, in:"Mexico",
      )
      """)
    let (all, home) = (try table.numbers("every").compactMap { $0 }, try table.numbers("home").compactMap { $0 })
    #expect(all.count == 262 && home.count == 262)
    #expect(all.allSatisfy { abs($0 - 1) < 0.06 })
    #expect(zip(all, home).allSatisfy { $1 > 0 && $1 <= $0 + 1e-9 })
    let demand = try table.numbers("final_demand").map { $0 ?? 0 }
    let total = sum(try table.numbers("value_added"))
    #expect(abs(zip(all, demand).reduce(0) { $0 + $1.0 * $1.1 } / total - 1) < 1e-6)
  }

  /// The impact of one unit, added up, is the multiplier; household spending only adds to it.
  @Test func impactsAddUpToMultipliers() async throws {
    let impact = try await Bundled.run(#"impact("3361", by:naics4, in:"Mexico", amount:1_000)"#)
    let table = try await Bundled.run(
      #"table(one = multiplier, two = multiplier(type:"II"), by:naics4, in:"Mexico", naics4:"3361")"#)
    let one = try #require(try table.numbers("one")[0])
    #expect(abs(sum(try impact.numbers("impact")) - 1_000 * one) < 1e-6 * one)
    #expect(try #require(try table.numbers("two")[0]) > one)
  }

  @Test func linkagesHaveTheMeanOne() async throws {
    let table = try await Bundled.run(#"linkages(by:naics4, in:"Mexico")"#)
    for column in ["backward", "forward", "direct_backward", "direct_forward", "sensitivity"] {
      #expect(abs(sum(try table.numbers(column)) - 262) < 1e-6, "\(column)")
    }
  }

  @Test func valueChainsAddUpToAll() async throws {
    let table = try await Bundled.run(#"value_chain("Automotive", by:naics4, in:"Mexico")"#)
    for column in ["supplies", "buys"] { #expect(abs(sum(try table.numbers(column)) - 1) < 1e-9) }
    let names = try table.names("naics4")
    let vehicles = try #require(names.firstIndex(of: "Motor Vehicle Manufacturing"))
    #expect(try table.numbers("inside")[vehicles] == 1)
  }

  /// A region buys a part of its needs elsewhere, so its multipliers stay below the nation's; a larger δ takes more away.
  @Test func regionalMultipliersStayBelowTheNations() async throws {
    let table = try await Bundled.run(
      """
      table(
        regional_multiplier, more = regional_multiplier(delta:0.5), by:[state, naics3], in:"Nuevo León",
      )
      """)
    let numbers = try table.numbers("regional_multiplier")
    #expect(numbers.compactMap { $0 }.count > 60)
    for index in numbers.indices {
      guard let regional = numbers[index], let nation = try table.numbers("national")[index],
        let more = try table.numbers("more")[index]
      else { continue }
      #expect(regional >= 1 && regional <= nation + 1e-9 && more <= regional + 1e-9)
    }
  }

  /// The example of Miller and Blair (2009), table 2.3.
  @Test func multipliersOfATableOfOnesOwn() async throws {
    let path = packageFolder.appending(path: "examples/data/flows.csv").path
    let table = try await Bundled.run(
      "open(\"\(path)\") | io_multipliers from:seller, to:buyer, value:amount, jobs:jobs")
    #expect(try table.numbers("multiplier").map { $0.map { ($0 * 1000).rounded() } } == [1518, 1452])
    let effects = try table.numbers("effect")
    #expect(abs((effects[0] ?? 0) - (0.12 * 1.254_125_4 + 0.15 * 0.264_026_4)) < 1e-6)
  }

  @Test func tablesThatCanNotBeFittedSayWhy() async throws {
    let path = packageFolder.appending(path: "examples/data/flows.csv").path
    let table = try await Bundled.run(
      "open(\"\(path)\") | ras from:seller, to:buyer, value:amount, row_total:jobs, column_total:purchases")
    #expect(table.rowCount == 0)
    #expect(table.notes.contains { $0.text.contains("not fitted") })
  }

  // MARK: - Trade

  @Test func indicesOfTradeAddUpToNothing() async throws {
    let mexico = try await Bundled.run(
      """
      table(
        a = lafay(exports, imports:0 - imports_deducted), b = michaely(exports, imports:0 - imports_deducted),
        by:naics4, in:"Mexico", data:mx_io_2013,
      )
      """)
    for column in ["a", "b"] { #expect(abs(sum(try mexico.numbers(column))) < 1e-6) }
    let world = try await Bundled.run(#"nrca(by:product, in:"Mexico", vs:"World", data:trade_hs92)"#)
    #expect(abs(sum(try world.numbers("nrca"))) < 1e-9)
  }

  /// What the United States buy from China, 464,598 million dollars, is shared among industries without loss.
  @Test func gapsAddUpToImports() async throws {
    let table = try await Bundled.run(#"nearshoring(by:[state, naics3], in:"Nuevo León")"#)
    let placed = sum(try table.numbers("gap"))
    #expect(placed < 464_598e6 && placed > 0.9 * 464_598e6)
    for index in 0..<table.rowCount {
      guard let score = try table.numbers("score")[index], let gap = try table.numbers("gap")[index],
        let density = try table.numbers("density")[index]
      else { continue }
      #expect(abs(score - gap * density) <= 1e-9 * max(gap, 1))
    }
    let products = try await Bundled.run(
      #"nearshoring(exports, by:[country, product], in:"Mexico", vs:"World", data:trade_hs92)"#)
    #expect(sum(try products.numbers("gap")) > 0.95 * 464_598e6)
  }

  @Test func marketSharesOfTheWorldAddUp() async throws {
    let table = try await Bundled.run(
      """
      table(a = exports(year:2014), b = exports(year:2018), by:[state, naics3], in:"US")
        | market_share_change place:state, product:naics3, before:a, after:b
      """)
    #expect(abs(sum(try table.numbers("competitiveness"))) < 1)
    for index in 0..<table.rowCount {
      let parts = ["growth", "product_mix", "market_mix", "competitiveness"]
      let total = try parts.reduce(0) { $0 + (try table.numbers($1)[index] ?? 0) }
      #expect(abs(total - (try table.numbers("change")[index] ?? 0)) < 1)
    }
  }
}
