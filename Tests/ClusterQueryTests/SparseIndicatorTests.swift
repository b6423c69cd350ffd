import ClusterQuery
import Foundation
import Testing

/// Every definition of the library on facts with gaps: laid out cell by cell of those that rows have, it gives what it gives laid
/// out whole.
@Suite struct SparseIndicatorTests {
  private static let states = ["Alabama", "Florida", "Georgia", "Tennessee", "Mississippi", "Ohio", "Wyoming"]
  private static let clusters = ["Apparel", "Automotive", "Coal Mining", "Footwear", "Local Utilities", "Music"]

  /// `let mine = dataset(…)` with half of its cells, of numbers whose sums depend on the order in which they are added.
  private static func text(name: String, places: [String], level: String, activities: [String]) throws -> String {
    var source = SeededSource(seed: 29)
    var lines = [[level == "cluster" ? "state" : "place", level, "year"] + HardTable.measures]
    for year in [2012, 2013, 2014] {
      for place in places {
        for activity in activities where source.index(below: 2) == 0 {
          let fields = HardTable.measures.map { _ in
            switch source.index(below: 20) {
            case 0: "D"
            case 1: ""
            default: "\(Double(1 + source.index(below: 900_000)) / 700)"
            }
          }
          lines.append([place, activity, "\(year)"] + fields)
        }
      }
    }
    let path = try Answers.file("sparse-\(name).csv", lines)
    let money = ["payroll", "gdp", "output", "exports", "imports"]
    let columns = HardTable.measures.map { "\($0):\($0)\(money.contains($0) ? " * 1 USD" : "")" }
    let region = level == "cluster" ? "state:state" : "region:place"
    return
      "let mine = dataset(\"\(path)\", \(region), \(level):\(level), year:year, \(columns.joined(separator: ", ")))\n"
  }

  /// What a query gives, and of how many grids only the cells with rows were laid out.
  private static func answer(_ text: String, denseCells: Int) throws -> (text: String, grids: Int, passed: Int) {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    var limits = Limits()
    limits.denseCells = denseCells
    limits.reusesSums = false
    var answer = ("", 0, 0)
    do {
      try session.execute(text, limits: limits) { table in
        // What `??` fills in, and rows without a number, are counted among the cells that there are.
        let notes = table.notes.filter { !["N0509", "N0542"].contains($0.code) }.map { "\($0.code) \($0.text)" }
        answer = (
          table.render(.csv) + notes.joined(separator: "\n"), table.stats.sparseGrids.count,
          table.stats.sparseGrids.count { $0.isPassedOver }
        )
      }
    } catch let error as Diagnostics {
      answer = ("\(error)", 0, 0)
    }
    return answer
  }

  @Test(arguments: DefinitionCall.all) func definitions(_ call: DefinitionCall) throws {
    let facts = try Self.text(name: "clusters", places: Self.states, level: "cluster", activities: Self.clusters)
    for query in try call.queries(.usual) where query.contains("data:mine") {
      let byYear =
        query.contains("by:[state, cluster], year:2014")
        ? query.replacing("by:[state, cluster], year:2014", with: "by:[cluster, year, state], year:2012..2014") : query
      for query in Set([query, byYear]).sorted() {
        let dense = try Self.answer(facts + query, denseCells: .max)
        let sparse = try Self.answer(facts + query, denseCells: 0)
        #expect(sparse.text == dense.text, "\(query)")
      }
    }
  }

  /// Sums over members, growth, shares, filters and orders, at several levels of places and of activities.
  @Test(arguments: [
    "employment(by:[county, naics4, year], data:mine)",
    "table(employment, payroll, gdp / employment, by:[year, naics4, county], data:mine)",
    "lq(by:[county, naics4, year], data:mine) | where lq > 1 | sort lq desc",
    "lq(by:[state, naics3, year], data:mine) | top 5",
    "share(by:[naics2, county, year], data:mine) | bottom 5",
    "growth(by:[county, naics4], year:2012..2014, data:mine)",
    "table(g = growth(employment), e = employment(year:end), by:[county, naics4], year:2012..2014, data:mine)",
    "table(g = growth(employment), e = employment, by:[county, naics4, year], year:2012..2014, data:mine)",
    "hhi(over:naics4, by:[county, year], data:mine)",
    "hhi(over:naics4, by:[county, naics2, year], data:mine)",
    "table(median(employment, over:naics4), mean(payroll, over:naics4), max(gdp, over:naics4), by:[county, year], data:mine)",
    "table(sum(employment, over:county), stdev(lq, over:county), by:[state, naics4, year], data:mine)",
    "table(count(employment, over:naics4), by:[county, naics2, year], data:mine)",
    "table(columns(a = employment, b = payroll, over:naics4) , by:[county, year], data:mine)",
    "table(e = employment ?? 0, by:[county, naics4, year], data:mine)",
    "table(employment, suppressed:withhold, by:[county, naics4, year], data:mine)",
    "table(employment, payroll, suppressed:exclude, by:[county, naics4, year], data:mine)",
    "table(employment, by:[county, naics4, year], data:mine) | where employment is withheld",
    "table(employment, by:[state, naics4, year], data:mine) | pivot year, values:employment",
    "table(jobs = employment, by:[county, naics4, year], data:mine) | summarize total = sum(jobs), by:[county, year]",
    "shift_share(by:[county, naics4], year:2012..2014, data:mine)",
    "employment(by:[metro, naics3, year], data:mine)",
    "employment(by:[state, metro, naics4, year], data:mine)",
    "table(e = employment, s = employment / employment(region:base), by:[county, naics6, year], data:mine)",
    "krugman(over:naics6, by:[county, year], data:mine)",
    "krugman(over:naics4, by:[county, year], against:\"others\", data:mine)",
    "entropy(over:naics6, by:[county, year], data:mine)", "diversity(over:naics6, by:[county, year], data:mine)",
    "shift_share(by:[county, year], over:naics6, year:2012..2014, data:mine)",
    "shift_share(by:county, over:naics6, year:2012..2014, method:\"esteban\", data:mine)",
    "shift_share(by:county, over:naics6, year:2012..2014, method:\"arcelus\", data:mine)",
    "table(hhi(over:naics6), krugman(over:naics6), by:[county, year], data:mine) | top 3",
    "krugman_conc(over:county, by:[naics6, year], data:mine)", "theil_conc(over:county, by:[naics6, year], data:mine)",
  ])
  func tables(_ query: String) throws {
    let counties = ["39049", "39061", "39035", "39041", "01073", "13121", "13089", "56021", "21117", "39165"]
    let facts = try Self.text(
      name: "counties", places: counties, level: "naics6",
      activities: ["111110", "111120", "113310", "311111", "311119", "311211", "511210", "522110", "236115", "236116"])
    let dense = try Self.answer(facts + query, denseCells: .max)
    let sparse = try Self.answer(facts + query, denseCells: 0)
    #expect(sparse.text == dense.text)
    #expect(dense.grids == 0)
    #expect(!dense.text.hasPrefix("Diagnostics"), "\(dense.text)")
    // `??` gives numbers where there is nothing.
    #expect(sparse.grids > 0 || query.contains("??"), "nothing was sparse")
    let isPassedOver = ["krugman", "shift_share"].contains { query.contains($0) }
    #expect(!isPassedOver || sparse.passed > 0, "nothing was passed over")
  }
}
