import CQColumns
import Testing

@testable import CQMethods

/// Kernels of places and of points against values by hand, identities and naive versions.
@Suite struct PlacesAndPointsTests {
  @Test func ranksAndQuantiles() {
    #expect(Across.ranks([3, 1, 3, 2]) == [1, 4, 1, 3])
    #expect(Across.percentileRanks([10, 20, 20, 40]) == [0.125, 0.5, 0.5, 0.875])
    #expect(
      Across.quantile([1, 2, 3, 4], 0.25) == 1.75 && Across.quantile([7], 0.9) == 7 && Across.quantile([], 0.5) == nil)
    #expect(Across.othersMean([1, 2, 3]) == [2.5, 2, 1.5] && Across.othersMean([4]) == [nil])
    #expect(Across.standardized([5, 5, 5]) == [nil, nil, nil] && Across.standardized([1]) == [nil])
  }

  @Test func standardScoresHaveMeanZeroAndDeviationOne() throws {
    var generator = SeededGenerator(seed: 3)
    let values = (0..<40).map { _ in generator.unit() * 100 }
    for freedom in [0, 1] {
      let scores = Across.standardized(values, freedom: freedom).compactMap { $0 }
      let (mean, deviation) = try #require(Across.moments(scores, freedom: freedom))
      #expect(abs(mean) < 1e-12 && abs(deviation - 1) < 1e-12)
    }
  }

  @Test func shrinkageDrawsSmallPlacesMore() throws {
    let expected = [1.0, 1_000, 500, 2_000]
    let found = Across.shrunk([3, 1_500, 300, 1_000], expected: expected).compactMap { $0 }
    #expect(found.count == 4)
    #expect(found[0] < 2 && found[0] > 1, "3 for 1 expected says little")
    #expect(abs(found[1] - 1.5) < 0.01 && abs(found[3] - 0.5) < 0.01, "many say much")
    // Counts that differ no more than chance would have it.
    #expect(Across.shrunk([9, 11, 10, 10], expected: [10, 10, 10, 10]) == [1, 1, 1, 1])
    #expect(
      Across.shrunk([1, 1], expected: [0, 2]) == [nil, 0.5], "the mean of the one place that expects something")
  }

  /// Against the mean difference of quotients weighted by the reference.
  @Test func locationalGiniAgreesWithThePairs() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<40 {
      let count = 2 + generator.below(12)
      let values = (0..<count).map { _ in Double(generator.below(50)) }
      let reference = (0..<count).map { _ in Double(1 + generator.below(50)) }
      let (total, all) = (values.reduce(0, +), reference.reduce(0, +))
      guard total > 0 else { continue }
      var pairs = 0.0
      for one in 0..<count {
        for other in 0..<count {
          let gap = values[one] / total * (reference[other] / all) - values[other] / total * (reference[one] / all)
          pairs += gap.magnitude
        }
      }
      let area = try #require(locationalGini(values, reference: reference))
      #expect(abs(area - pairs / 4) < 1e-12)
      let quotients = zip(values, reference).map { $0 / $1 }
      #expect(try abs(2 * area - (#require(Inequality.gini(quotients, weights: reference)))) < 1e-12)
    }
    #expect(locationalGini([1, 2], reference: [2, 4]) == 0 && locationalGini([0, 0], reference: [1, 1]) == nil)
    #expect(locationalGini([-1, 2], reference: [1, 1]) == nil && locationalGini([1], reference: [1]) == 0)
  }

  @Test func hallTidemanOfKnownShares() throws {
    #expect(try abs(#require(hallTideman([1, 1, 1, 1])) - 0.25) < 1e-15 && hallTideman([3]) == 1)
    #expect(try abs(#require(hallTideman([6, 3, 1])) - 0.5) < 1e-15, "ranks weighted by shares: 1.5")
    #expect(hallTideman([]) == nil && hallTideman([0]) == nil && hallTideman([1, -1]) == nil)
  }

  @Test func portfolioVarianceIsThatOfTheWeightedSum() throws {
    var generator = SeededGenerator(seed: 5)
    let series = (0..<6).map { _ in (0..<5).map { _ in Optional(50 + 100 * generator.unit()) } }
    let found = try #require(portfolioVariance(series))
    // The naive double sum over covariances.
    let growth = series.map { row in (1..<5).map { (row[$0] ?? 0) / (row[$0 - 1] ?? 1) - 1 } }
    let last = series.map { $0[4] ?? 0 }
    let shares = last.map { $0 / last.reduce(0, +) }
    func covariance(_ one: [Double], _ other: [Double]) -> Double {
      let (a, b) = (one.reduce(0, +) / 4, other.reduce(0, +) / 4)
      return zip(one, other).reduce(0) { $0 + ($1.0 - a) * ($1.1 - b) } / 3
    }
    var naive = 0.0
    for one in 0..<6 {
      for other in 0..<6 { naive += shares[one] * shares[other] * covariance(growth[one], growth[other]) }
    }
    #expect(abs(found.variance - naive) < 1e-12 && found.count == 6)
    #expect(
      portfolioVariance([[1, 2]]) == nil && portfolioVariance([]) == nil && portfolioVariance([[nil, 1, 2]]) == nil)
  }

  @Test func maurelSedillotWithTheRegionsAsReference() throws {
    let firms = try Golden.input("firms_of_four_industries")
    let expected = try Golden.expected("032_maurel_sedillot_fk2014")
    let kernel = try #require(KernelRegistry.kernel("maurel_sedillot_plants"))
    let output = try kernel.run(
      KernelInput(
        operands: [
          "size": KernelValues(try firms.numbers("employment")),
          "total": KernelValues(try firms.numbers("region_employment")),
        ], texts: ["industry": try firms.texts("industry"), "place": try firms.texts("region")]))
    for (row, industry) in output.texts[0].enumerated() {
      let reference = try #require(try expected.number(industry))
      #expect(try agree(#require(output.columns[0][row]), reference, within: 1e-9), "\(industry)")
    }
  }

  // MARK: - Points

  /// Two towns 10 apart, three of kind A in one, three of B in the other.
  private let towns = PointPattern(
    x: [0, 0.1, 0, 10, 10.1, 10], y: [0, 0, 0.1, 0, 0, 0.1], kinds: ["A", "A", "A", "B", "B", "B"])

  @Test func neighboursOfOnesKind() throws {
    // Within a town all neighbours are of one's kind, in all 2 of 5 are.
    #expect(try abs(#require(towns.marconPuech("A", with: "A", radius: 1)) - 1 / (2.0 / 5)) < 1e-12)
    #expect(towns.marconPuech("A", with: "B", radius: 1) == 0)
    #expect(try abs(#require(towns.marconPuech("A", with: "A", radius: 100)) - 1) < 1e-12, "all are neighbours")
    #expect(towns.marconPuech("A", with: "A", radius: 0.01) == nil, "nobody has one")
    #expect(try abs(#require(towns.colocationQuotient("A", "A")) - 1 / (2.0 / 5)) < 1e-12)
    #expect(towns.colocationQuotient("A", "B") == 0 && towns.colocationQuotient("A", "C") == nil)
  }

  @Test func densityOfDistancesIntegratesToOne() throws {
    var generator = SeededGenerator(seed: 9)
    let points = PointPattern(
      x: (0..<30).map { _ in generator.unit() * 10 }, y: (0..<30).map { _ in generator.unit() * 10 },
      kinds: [String](repeating: "A", count: 30))
    let step = 0.01
    let radii = (0..<3_000).map { (Double($0) + 0.5) * step }
    for isWeighted in [false, true] {
      let density = try #require(try points.durantonOverman(Array(0..<30), radii: radii, isWeighted: isWeighted))
      #expect(abs(density.reduce(0, +) * step - 1) < 1e-3, "a density, reflected at 0")
    }
    #expect(try points.durantonOverman([0], radii: [1]) == nil)
    #expect(try towns.durantonOverman([0, 0, 0], radii: [1]) == nil, "all at one place")
  }

  @Test func ripleyCountsPairs() throws {
    let found = try #require(try towns.ripleyCurve(Array(0..<6), radii: [1], area: 100))
    #expect(abs(found[0] - 100.0 * 12 / 36) < 1e-12)
    #expect(try towns.ripleyCurve([], radii: [1], area: 100) == nil)
    #expect(try towns.ripleyCurve([0], radii: [1], area: 0) == nil)
  }

  @Test func colocationOfSixFirms() throws {
    let (kinds, places) = (["A", "B", "A", "B", "A", "B"], ["X", "X", "X", "Y", "Y", "X"])
    let reference = try #require(try Golden.expected("035_howard_cl_doc").number("CL"))
    #expect(try agree(#require(PointPattern.colocation(kinds, places, "A", "B")), reference, within: 1e-12))
    #expect(PointPattern.colocation(kinds, places, "A", "C") == nil)
    let one = try PointPattern.excessColocation(kinds, places, "A", "B", draws: 200, seed: 4)
    let other = try PointPattern.excessColocation(kinds, places, "A", "B", draws: 200, seed: 4)
    #expect(one?.excess == other?.excess && one?.p == other?.p, "the seed decides")
    #expect(try abs(#require(one).excess) < 0.2 && (#require(one).p) > 0.05)
  }
}
