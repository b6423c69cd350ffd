import CQMethods
import Foundation
import Testing

@Suite struct InequalityTests {
  static let years = [1940, 1950, 1960, 1970, 1980, 1990, 2000]

  static func mexico(_ year: Int) throws -> [Double] {
    try Golden.input("mexican_states_gdp_per_head").numbers("gdp_\(year)")
  }

  /// Lists of random lengths with repeated values, zeros, and weights.
  static var samples: [(values: [Double], weights: [Double])] {
    var random = SeededGenerator(seed: 17, stream: 0)
    return (2...25).map { count in
      (
        (0..<count).map { _ in Double(Int.random(in: 0...30, using: &random)) + 1 },
        (0..<count).map { _ in Double.random(in: 0.1...9, using: &random) }
      )
    }
  }

  @Test func mexicanStatesAgreeWithTheReference() throws {
    let gini = try Golden.expected("080_gini_mexico")
    let theil = try Golden.expected("083_theil_mexico")
    let wolfson = try Golden.expected("089_wolfson_pysal_mexico")
    for year in Self.years {
      let values = try Self.mexico(year)
      let row = "pcgdp\(year)"
      #expect(agree(try #require(Inequality.gini(values)), try #require(try gini.number("G", row)), within: 1e-12))
      #expect(
        agree(
          try #require(Inequality.gini(values, isCorrected: true)), try #require(try gini.number("Gn", row)),
          within: 1e-12))
      #expect(agree(try #require(Inequality.theilT(values)), try #require(try theil.number("T", row)), within: 1e-12))
      #expect(agree(try #require(Inequality.theilL(values)), try #require(try theil.number("L", row)), within: 1e-12))
      // pysal gives half of Wolfson's index.
      let reference = 2 * (try #require(try wolfson.number(row)))
      #expect(agree(try #require(Inequality.wolfson(values)), reference, within: 1e-12))
    }
    let atkinson = try Golden.expected("086_atkinson_mexico")
    for (aversion, name) in [(0.5, "eps0.5"), (1, "eps1"), (2, "eps2")] {
      let value = try #require(Inequality.atkinson(try Self.mexico(2000), aversion: aversion))
      #expect(agree(value, try #require(try atkinson.number(name)), within: 1e-12))
    }
  }

  @Test func conventionsOfTheEdgeCase() throws {
    let expected = try Golden.expected("140_edge_gini")
    #expect(Inequality.gini([1, 1, 1, 1, 1]) == (try expected.number("all_equal")))
    #expect(Inequality.gini([3]) == (try expected.number("single_value")))
    #expect(Inequality.gini([0, 0, 0, 0, 7]) == (try expected.number("one_holds_all_n5")))
    #expect(Inequality.gini([0, 0, 0, 0, 7], isCorrected: true) == (try expected.number("one_holds_all_n5_corrected")))
  }

  @Test(arguments: samples) func giniAgreesWithItsDefinition(values: [Double], weights: [Double]) throws {
    let total = weights.reduce(0, +)
    let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    var sum = 0.0
    for first in values.indices {
      for second in values.indices { sum += weights[first] * weights[second] * abs(values[first] - values[second]) }
    }
    let gini = try #require(Inequality.gini(values, weights: weights))
    #expect(agree(gini, sum / (2 * mean * total * total), within: 1e-12))
  }

  @Test(arguments: samples) func wholeWeightsAreRepetitions(values: [Double], weights: [Double]) throws {
    let whole = weights.map { $0.rounded(.up) }
    let repeated = zip(values, whole).flatMap { [Double](repeating: $0, count: Int($1)) }
    let pairs: [(Double?, Double?)] = [
      (Inequality.gini(values, weights: whole), Inequality.gini(repeated)),
      (Inequality.theilT(values, weights: whole), Inequality.theilT(repeated)),
      (Inequality.theilL(values, weights: whole), Inequality.theilL(repeated)),
      (Inequality.atkinson(values, aversion: 0.7, weights: whole), Inequality.atkinson(repeated, aversion: 0.7)),
      (Inequality.variation(values, weights: whole), Inequality.variation(repeated)),
      (Inequality.hoover(values, weights: whole), Inequality.hoover(repeated)),
      (Inequality.palma(values, weights: whole), Inequality.palma(repeated)),
    ]
    for (weighted, plain) in pairs {
      #expect(agree(try #require(weighted), try #require(plain), within: 1e-10))
    }
  }

  @Test(arguments: samples) func identitiesHold(values: [Double], weights: [Double]) throws {
    // Money does not change inequality; an equal addition lowers it.
    let gini = try #require(Inequality.gini(values))
    #expect(agree(try #require(Inequality.gini(values.map { $0 * 7.25 })), gini, within: 1e-12))
    #expect(try #require(Inequality.gini(values.map { $0 + 5 })) <= gini + 1e-15)
    // 1 − 2 × area under the Lorenz curve is the Gini coefficient.
    let curve = try #require(LorenzCurve(values))
    let area = zip(curve.population.indices.dropFirst(), curve.population.dropFirst()).reduce(0) { sum, step in
      sum + (step.1 - curve.population[step.0 - 1]) * (curve.total[step.0] + curve.total[step.0 - 1]) / 2
    }
    #expect(agree(1 - 2 * area, gini, within: 1e-12))
    // L(0) is ln of mean over geometric mean: 1 − exp(−L) is Atkinson's index with ε = 1.
    let mean = try #require(Inequality.theilL(values, weights: weights))
    #expect(
      agree(1 - exp(-mean), try #require(Inequality.atkinson(values, aversion: 1, weights: weights)), within: 1e-12))
  }

  @Test(arguments: samples) func theilIsWithinPlusBetween(values: [Double], weights: [Double]) throws {
    let groups = values.indices.map { $0 % 3 }
    for kind in [TheilDecomposition.Kind.t, .l] {
      let parts = try #require(TheilDecomposition(values, groups: groups, kind: kind, weights: weights))
      #expect(agree(parts.within + parts.between, parts.total, within: 1e-12))
      let apart = try #require(TheilDecomposition(values, groups: Array(values.indices), kind: kind))
      #expect(abs(apart.within) < 1e-12)
      let together = try #require(TheilDecomposition(values, groups: values.map { _ in 1 }, kind: kind))
      #expect(abs(together.between) < 1e-12)
    }
  }

  @Test func undefinedMeasuresAreMissing() {
    #expect(Inequality.gini([]) == nil)
    #expect(Inequality.gini([0, 0]) == nil)
    #expect(Inequality.gini([-3, 1]) == nil)
    #expect(Inequality.gini([5], isCorrected: true) == nil)
    #expect((Inequality.gini([-3, 5]) ?? 0) > 1)
    #expect(Inequality.theilT([1, -1, 5]) == nil)
    #expect(Inequality.theilL([0, 1]) == nil)
    #expect(Inequality.theilT([0, 4]).map { abs($0 - log(2)) < 1e-15 } == true)
    #expect(Inequality.atkinson([0, 4], aversion: 1) == 1)
    #expect(Inequality.atkinson([1, 4], aversion: -1) == nil)
    #expect(Inequality.atkinson([1, 4], aversion: 0) == 0)
    #expect(Inequality.palma([0, 0, 0, 0, 0, 0, 9]) == nil)
    #expect(Inequality.logDeviation([1, 0]) == nil)
    #expect(Inequality.variation([4], ddof: 1) == nil)
    #expect(Inequality.disparity([]).allSatisfy { $0.value == nil })
    #expect(Inequality.gini([1, 2], weights: [0, 0]) == nil)
  }

  @Test func disparityListsEveryMeasure() throws {
    let table = Inequality.disparity([1, 2, 3, 10], weights: [4, 3, 2, 1])
    #expect(table.count == 21)
    #expect(table.allSatisfy { $0.value.map(\.isFinite) == true })
    #expect(Set(table.map(\.name)).count == 21)
  }
}

@Suite struct TheilChanceTests {
  /// Six members in two groups: of the ten different divisions one is as unequal as this one.
  @Test func chanceOfADivision() throws {
    let values: [Double] = [1, 2, 3, 10, 20, 30]
    let groups = [0, 0, 0, 1, 1, 1]
    let parts = try #require(TheilDecomposition(values, groups: groups))
    let p = try #require(try parts.chance(values, groups: groups, permutations: 4_000, seed: 1))
    #expect(abs(p - 0.1) < 0.02)
    #expect(try parts.chance(values, groups: groups, permutations: 0, seed: 1) == nil)
    let even = try #require(TheilDecomposition([5, 5, 5, 5], groups: [0, 0, 1, 1]))
    #expect(try even.chance([5, 5, 5, 5], groups: [0, 0, 1, 1], permutations: 99, seed: 1) == 1)
  }
}
