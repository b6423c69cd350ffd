import ClusterQuery
import Foundation
import Testing

/// What a query is expected to take before it runs: more for more of everything. How near that is to what it takes is printed by
/// `Benchmarks/estimates.py`; here nothing is held against a clock.
@Suite struct EstimateTests {
  private static func expected(_ text: String, _ limits: Limits = Limits()) throws -> Double {
    let session = Session(engine: try Bundled.engine.get(), mode: .readOnly)
    var limits = limits
    limits.reusesSums = false
    limits.threads = 1
    var milliseconds = 0.0
    try session.execute(text, limits: limits) { milliseconds = $0.stats.estimatedMilliseconds }
    return milliseconds
  }

  /// Each takes more than the one before.
  @Test(arguments: [
    [
      "employment(by:state, year:2011)", "employment(by:[state, naics6], year:2011)",
      "employment(by:[state, naics6, year], year:2003..2011)",
    ],
    [
      "employment(by:[state, naics6], year:2020) | top 3",
      "employment(by:[state, naics6], year:2020) | sort employment",
      "employment(by:[state, naics6], year:2020) | rank employment",
    ],
    [
      "hhi(over:naics6, by:state, year:2020)", "table(m = median(employment, over:naics6), by:state, year:2020)",
      "gini_spec(over:naics6, by:state, year:2020)",
    ],
    [
      "employment(by:[state, naics6], year:2020) | summarize n = sum(employment), by:state",
      "employment(by:[state, naics6], year:2020) | summarize n = sum(employment), by:[state, naics6]",
    ],
    ["employment(by:[state, naics6], year:2020)", "lq(by:[state, naics6], year:2020)"],
  ])
  func moreTakesLonger(_ queries: [String]) throws {
    let expected = try queries.map { try Self.expected($0) }
    for (one, next) in zip(expected, expected.dropFirst()) { #expect(one < next, "\(queries): \(expected)") }
  }

  /// A moment, or seconds.
  @Test func theOrderOfMagnitudeIsRight() throws {
    #expect(try Self.expected("employment(by:state, year:2020)") < 5)
    let facts = try Answers.file(
      "estimate.csv",
      [["county", "naics6", "quarter", "employment"]]
        + (0..<300).map { ["39049", "311111", "\(1945 + $0 / 4)Q\($0 % 4 + 1)", "\($0 + 1)"] })
    let mine = "let mine = dataset(\"\(facts)\")\n"
    let few = "table(k = sum(or_zero(employment), over:naics6), by:[county, quarter], quarter:2019Q4, data:mine)"
    var limits = Limits()
    limits.denseCells = 0
    let (small, large) = (
      try Self.expected(mine + few, limits),
      try Self.expected(mine + few.replacing("quarter:2019Q4", with: "quarter:1945Q1..2019Q4"), limits)
    )
    #expect(small < 5 && large < 50 && small < large, "\(small), \(large)")
  }

  /// It says what to expect, and stops nothing: limits are held against cells, rows, bytes and the clock.
  @Test func nothingIsRefusedBecauseOfIt() throws {
    let text = "employment(by:[state, naics6, year], year:2003..2011) | sort employment"
    #expect(try Self.expected(text, Limits(time: .seconds(600))) > 0.5)
  }
}
