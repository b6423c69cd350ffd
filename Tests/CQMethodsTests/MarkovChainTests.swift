import CQColumns
import CQMethods
import Foundation
import Testing

/// References are of giddy 2.3.8 on the same table: 48 states, classes of the year.
@Suite struct MarkovChainTests {
  static func classes() throws -> (sample: SpatialAutocorrelationTests.Sample, years: [[Double]], histories: [[Int?]]) {
    let sample = try SpatialAutocorrelationTests.sample(
      "us_states_income_1929_2009", neighbours: "us_states_neighbours")
    let years = try (1929...2009).map { try sample.input.numbers("income_\($0)") }
    let byYear = years.map { year -> [Int] in
      let bounds = ClassScheme.quantile.upperBounds(year.sorted(), count: 5)
      return year.map { ClassScheme.index(of: $0, in: bounds) }
    }
    return (sample, years, sample.names.indices.map { place in byYear.map { $0[place] } })
  }

  @Test func transitionsOfAmericanStates() throws {
    let chain = MarkovChain(histories: try Self.classes().histories, classCount: 5)
    #expect(
      chain.counts.elements == [
        729, 71, 1, 0, 0, 72, 567, 80, 3, 0, 0, 81, 631, 86, 2, 0, 3, 86, 573, 56, 0, 0, 1, 57, 741,
      ])
    let ergodic = [
      0.20774715891655166, 0.1872577387487519, 0.20740536573229798, 0.18821786797367906, 0.20937186862871932,
    ]
    for (part, reference) in zip(try #require(chain.ergodic), ergodic) {
      #expect(agree(part, reference, within: 1e-12))
    }
    #expect(agree(try #require(chain.mobility), 0.19758992000997844, within: 1e-12))
    let passage = try #require(chain.meanFirstPassage)
    for (row, column, years) in [(0, 0, 4.8135435652415905), (0, 4, 103.59816743277963), (3, 1, 42.859148240494505)] {
      #expect(agree(passage[row, column], years, within: 1e-10))
    }
  }

  @Test func spatialMarkovOfAmericanStates() throws {
    let (sample, years, _) = try Self.classes()
    let weights = sample.weights.transformed(.row)
    let relative = years.map { year in
      let mean = year.reduce(0, +) / Double(year.count)
      return year.map { $0 / mean }
    }
    func pooled(_ columns: [[Double]]) -> [[Int?]] {
      let bounds = ClassScheme.quantile.upperBounds(columns.joined().sorted(), count: 5)
      return columns[0].indices.map { place in columns.map { ClassScheme.index(of: $0[place], in: bounds) } }
    }
    let chains = SpatialMarkov.chains(
      histories: pooled(relative), lags: pooled(relative.map(weights.lag)), classCount: 5, lagClassCount: 5)
    #expect(
      chains[0].counts.elements == [
        474, 15, 3, 0, 0, 9, 124, 16, 0, 0, 0, 14, 74, 12, 0, 0, 1, 9, 16, 2, 0, 0, 0, 1, 5,
      ])
    let homogeneity = try #require(MarkovChain.homogeneity(chains))
    #expect(agree(homogeneity.likelihoodRatio, 170.6588284308426, within: 1e-10))
    #expect(agree(homogeneity.q, 200.62372763076806, within: 1e-10))
    #expect(homogeneity.degrees == 60)
    #expect(abs(homogeneity.likelihoodRatioP / 1.492250767398673e-12 - 1) < 1e-3)
  }

  @Test func ergodicDistributionsAreFixedPoints() throws {
    var random = SeededGenerator(seed: 8, stream: 0)
    for count in 1...8 {
      var counts = Matrix(rowCount: count, columnCount: count)
      for index in counts.elements.indices { counts.elements[index] = Double(Int.random(in: 1...20, using: &random)) }
      let chain = MarkovChain(counts: counts)
      let parts = try #require(chain.ergodic)
      #expect(agree(parts.reduce(0, +), 1, within: 1e-12))
      for column in 0..<count {
        #expect(
          agree((0..<count).reduce(0) { $0 + parts[$1] * chain.transition[$1, column] }, parts[column], within: 1e-12))
      }
    }
  }

  @Test func classesThatAreNeverLeftAreSaid() throws {
    let absorbing = MarkovChain(histories: [[0, 1, 1], [0, nil, 1], [0, 0, 1]], classCount: 3)
    #expect(absorbing.counts.elements == [1, 2, 0, 0, 1, 0, 0, 0, 0])
    #expect(absorbing.probabilities(from: 2) == nil)
    #expect(absorbing.closedSets == [[1], [2]])
    #expect(absorbing.ergodic == nil)
    #expect(absorbing.mobility == nil)
    #expect(absorbing.meanFirstPassage == nil)
    let transient = MarkovChain(counts: Matrix(rows: [[1, 1], [0, 3]]))
    #expect(transient.ergodic == [0, 1])
    #expect(MarkovChain.homogeneity([]) == nil)
    #expect(MarkovChain.homogeneity([transient]) == nil)
  }
}
