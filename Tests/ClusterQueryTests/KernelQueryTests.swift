import CQBundledData
import ClusterQuery
import Testing

/// Definitions whose body is `core.NAME`, through the language.
@Suite struct KernelQueryTests {
  private func csv(_ text: String) throws -> String { try Answers.table(text).render(.csv) }

  private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap { Double($0) }, "no number in \(column)")
  }

  @Test func theRowsShownNeverChangeTheNumbers() throws {
    let all = try Answers.rows("similarity(with:\"Ohio\", by:state, year:2011)")
    let two = try Answers.rows("similarity(with:\"Ohio\", by:state, state:[\"Michigan\", \"Texas\"], year:2011)")
    #expect(two.count == 2 && all.count > 50)
    for row in two { #expect(all.contains(row)) }
    let years = try Answers.rows("similarity(with:\"Ohio\", by:[state, year], state:\"Michigan\", year:2010..2011)")
    let michigan = try #require(two.first { $0["state"] == "Michigan" })
    #expect(years.count == 2 && years[1]["similarity"] == michigan["similarity"], "each year is a sample of its own")
    #expect(years[0]["similarity"] != years[1]["similarity"])
  }

  @Test func theSampleIsNamed() throws {
    let notes = try Answers.table("similarity(with:\"Ohio\", by:state, state:\"Michigan\", year:2011)").notes
    #expect(notes.contains { $0.code == "N0540" && $0.text.contains("states of United States") })
  }

  /// Against the same mixes compared here, from the rows of the employment.
  @Test func theKernelAgreesWithTheMixesComparedByHand() throws {
    var mixes: [String: [String: Double]] = [:]
    for row in try Answers.rows("employment(by:[state, cluster], year:2011)") {
      mixes[row["state"] ?? "", default: [:]][row["cluster"] ?? ""] = Double(row["employment"] ?? "") ?? 0
    }
    let shares = mixes.mapValues { mix in
      let total = mix.values.reduce(0, +)
      return mix.mapValues { $0 / total }
    }
    let ohio = try #require(shares["Ohio"])
    let found = try Answers.rows("similarity(with:\"Ohio\", by:state, year:2011)")
    #expect(found.count > 50)
    for row in found {
      let common = try #require(shares[row["state"] ?? ""]).reduce(0) { $0 + min($1.value, ohio[$1.key] ?? 0) }
      #expect(abs(try number(row, "similarity") - common) < 1e-12, "\(row)")
    }
  }

  @Test func sumsGoOverPlaces() throws {
    // The counties of a state make up the state.
    let sums = try Answers.rows(
      """
      def parts(of = employment) = sum(of, over:county)
      def share_of_parts(of = employment): percent = sum(of / of(region:all), over:county)
      table(employment, parts, share_of_parts, by:state, state:["Ohio", "Iowa"], data:us_cbp_county)
      """)
    #expect(sums.count == 2)
    for row in sums {
      let share = try number(row, "share_of_parts")
      #expect(abs(try number(row, "parts") / number(row, "employment") - share) < 1e-12)
      #expect(abs(share - 1) < 0.01)
    }
    // By activity the places of the whole area are gone over, and `region:all` is the area.
    let clusters = try Answers.rows(
      "def parts(of = employment): percent = sum(of / of(region:all), over:state)\nparts(by:cluster, year:2011)")
    #expect(clusters.count > 60)
    for row in clusters { #expect(abs(try number(row, "parts") - 1) < 0.02, "\(row)") }
  }

  @Test func vectorsAreAggregatesOverRows() throws {
    func numbers(_ text: String) throws -> [String: Double] {
      Dictionary(
        uniqueKeysWithValues: try Answers.rows(text).map { ($0["cluster"] ?? "", Double($0["gini"] ?? "") ?? .nan) })
    }
    let one = try numbers("gini(over:state, by:cluster, cluster:traded, year:2011)")
    let other = try numbers(
      "employment(by:[state, cluster], cluster:traded, year:2011) | summarize gini = gini(employment), by:cluster")
    #expect(one.count > 40 && one == other)
    let derived = try Answers.rows(
      "employment(by:[state, cluster], year:2011) | derive gini = gini(employment, by:cluster)")
    for row in derived where one[row["cluster"] ?? ""] != nil {
      #expect(try number(row, "gini") == one[row["cluster"] ?? ""])
    }
  }

  @Test func severalColumnsOfOneKernel() throws {
    let table = try Answers.table("ellison_glaeser(by:cluster, cluster:traded, year:2011)")
    #expect(table.columns.map(\.name) == ["cluster", "ellison_glaeser", "raw", "plants", "z"])
    let part = try Answers.table(
      "employment(by:cluster, cluster:traded, year:2011) | derive ellison_glaeser(over:state).z | first 1")
    #expect(part.columns.map(\.name) == ["cluster", "employment", "ellison_glaeser_z"])
    let beside = try Answers.table("table(employment, ellison_glaeser, by:cluster, cluster:traded, year:2011)")
    #expect(beside.columns.map(\.name) == ["cluster", "employment", "ellison_glaeser", "raw", "plants", "z"])
  }

  @Test func verbsMakeTables() throws {
    let table = try Answers.table(
      "employment(by:[state, cluster], state:[\"Ohio\", \"Iowa\", \"Utah\"], year:2011) | similarities row:state, column:cluster, value:employment"
    )
    #expect(table.columns.map(\.name) == ["state", "with", "similarity"] && table.rowCount == 6)
  }

  @Test(arguments: [
    ("stars(by:cluster, in:\"Ohio\")", "stars(by:[state, cluster], in:\"Ohio\")"),
    ("table(lq, strong, by:cluster, state:\"Ohio\")", "table(lq, strong, by:[state, cluster], state:\"Ohio\")"),
    ("eci(in:\"Ohio\")", "eci(by:state, in:\"Ohio\")"),
    ("lq(by:cluster, in:\"Ohio\") | derive strong", "lq(by:[state, cluster], in:\"Ohio\") | derive strong"),
  ])
  func theOnePlaceAskedForIsAmongTheRows(_ implied: String, _ written: String) throws {
    #expect(try csv(implied) == csv(written))
  }

  @Test func tablesThatAMethodWorksOnAreNamed() throws {
    let notes = try Answers.table("multiplier(by:naics3, in:\"Mexico\") | top 1").notes
    #expect(notes.contains { $0.code == "N0508" && $0.text.contains("mx_io_flows") && $0.text.contains("INEGI") })
  }

  @Test(arguments: ["stars(by:cluster)", "stars(by:cluster, in:[\"Ohio\", \"Iowa\"])", "eci(in:\"Mexico\")"])
  func methodsThatComparePlacesAreNamedAsTheyWereCalled(_ text: String) throws {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    let error = #expect(throws: Diagnostics.self) { try session.execute(text) { _ in } }
    let name = text.prefix { $0 != "(" }
    #expect(
      error?.rendered.contains("error[E0246]: `\(name)` needs a level of places") == true, "\(error?.rendered ?? "")")
  }

  @Test(arguments: [
    ("similarity(with:\"Ohio\", by:state, method:\"cosin\")", "E0245"),
    ("similarity(with:\"Ohio\")", "E0246"),
    ("similarity(with:\"Ohio\", by:state, over:county)", "E0215"),
    ("coi(by:state, like:econcomplex)", "E0245"), ("cog(by:[state, naics4], like:econgeo)", "E0245"),
    ("gini(by:state, over:state)", "E0215"),
    ("gini(by:year, over:year)", "E0215"),
    ("employment(by:state) | derive x = similarity(of:employment, with:\"Ohio\")", "E0246"),
    ("employment(by:state) | derive x = core.gini", "E0243"),
    ("employment(by:state) | core.similarities row:state", "E0243"),
    ("def mine(of = employment) = core.gini", "E0244"),
    ("ellison_glaeser(by:cluster, year:2011).gamma", "E0227"),
  ])
  func mistakesAreSaid(_ text: String, _ code: String) throws {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    let error = #expect(throws: Diagnostics.self) { try session.execute(text) { _ in } }
    #expect(error?.rendered.contains("error[\(code)]") == true, "\(error?.rendered ?? "")")
  }
}
