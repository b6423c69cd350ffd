import CQMethods
import Foundation
import Testing

/// References without a file are of esda 2.8.2 and libpysal 4.14 on the same tables.
@Suite struct SpatialAutocorrelationTests {
  struct Sample {
    let names: [String]
    let weights: SpatialWeights
    let input: Golden.Input
  }

  static func sample(_ table: String, neighbours: String) throws -> Sample {
    let input = try Golden.input(table)
    let names = try input.texts("state")
    let links = try Golden.input(neighbours)
    var rows = [[Int]](repeating: [], count: names.count)
    for (place, neighbour) in zip(try links.texts("place"), try links.texts("neighbour")) {
      rows[try #require(names.firstIndex(of: place))].append(try #require(names.firstIndex(of: neighbour)))
    }
    return Sample(names: names, weights: SpatialWeights(neighbours: rows), input: input)
  }

  static func mexico() throws -> Sample {
    try sample("mexican_states_gdp_per_head", neighbours: "mexican_states_neighbours")
  }

  /// Graphs that are not symmetric, with islands, and values with ties.
  static func random(_ number: Int) -> (y: [Double], weights: SpatialWeights, dense: [[Double]]) {
    var random = SeededGenerator(seed: 99, stream: number)
    let count = 4 + number % 17
    let y = (0..<count).map { _ in Double(Int.random(in: 0...12, using: &random)) }
    let dense = (0..<count).map { row in
      (0..<count).map { column in
        row != column && row != 1 && Int.random(in: 0...3, using: &random) == 0
          ? Double.random(in: 0.2...3, using: &random) : 0
      }
    }
    let weights = SpatialWeights(rows: dense.map { row in row.enumerated().map { ($0.offset, $0.element) } })
    return (y, weights, dense)
  }

  // MARK: - Global statistics

  @Test func moranOfMexicanStates() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let moran = try #require(try MoranI(y, weights: sample.weights.transformed(.row), permutations: 0))
    #expect(agree(moran.i, 0.15134115335280393, within: 1e-12))
    #expect(agree(moran.expected, -1 / 31, within: 1e-15))
    let (normal, random) = (try #require(moran.normality), try #require(moran.randomisation))
    #expect(agree(normal.variance, 0.014931974235933558, within: 1e-12))
    #expect(agree(normal.z, 1.5024921471646762, within: 1e-12))
    #expect(agree(normal.p, 0.1329700544956647, within: 1e-12))
    #expect(agree(random.variance, 0.013941151175188621, within: 1e-12))
    #expect(agree(random.z, 1.5549681877657224, within: 1e-12))
    #expect(agree(random.p, 0.11995364598224749, within: 1e-12))
    let stabilised = try #require(try MoranI(y, weights: sample.weights.transformed(.variance), permutations: 0))
    #expect(agree(stabilised.i, 0.15546524862807776, within: 1e-12))
    #expect(agree(try #require(stabilised.randomisation).variance, 0.011561249132560928, within: 1e-12))
  }

  @Test func moranOfAmericanStates() throws {
    let sample = try Self.sample("us_states_income_1929_2009", neighbours: "us_states_neighbours")
    for (year, i, z) in [(1929, 0.6269268785168661, 6.632145286159287), (2009, 0.42876895050417846, 4.654588245883553)]
    {
      let y = try sample.input.numbers("income_\(year)")
      let moran = try #require(try MoranI(y, weights: sample.weights.transformed(.row), permutations: 999))
      #expect(agree(moran.i, i, within: 1e-12))
      #expect(agree(try #require(moran.randomisation).z, z, within: 1e-11))
      #expect(try #require(moran.permutation).p == 0.001)
    }
  }

  @Test func gearyOfMexicanStates() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let row = try #require(try GearyC(y, weights: sample.weights.transformed(.row), permutations: 0))
    #expect(agree(row.c, 0.7153964071303158, within: 1e-12))
    #expect(agree(try #require(row.normality).variance, 0.017420744635448876, within: 1e-12))
    #expect(agree(try #require(row.randomisation).variance, 0.01992746047644932, within: 1e-12))
    #expect(agree(try #require(row.randomisation).z, -2.0161108188947736, within: 1e-12))
    let binary = try #require(try GearyC(y, weights: sample.weights, permutations: 0))
    #expect(agree(binary.c, 0.5969289827456613, within: 1e-12))
    #expect(agree(try #require(binary.randomisation).variance, 0.038965648344820136, within: 1e-12))
  }

  @Test func generalGOfMexicanStates() throws {
    let sample = try Self.mexico()
    let expected = try Golden.expected("104_getis_ord_global_mexico_2000")
    let general = try #require(
      GetisOrdG(try sample.input.numbers("gdp_2000"), weights: sample.weights, permutations: 99))
    #expect(agree(general.g, try #require(try expected.number("G")), within: 1e-12))
    #expect(agree(general.expected, try #require(try expected.number("EG")), within: 1e-12))
    let normal = try #require(general.normality)
    #expect(agree(normal.variance, try #require(try expected.number("VG")), within: 1e-12))
    #expect(agree(normal.z, try #require(try expected.number("z", "1", "1")), within: 1e-9))
    #expect(agree(normal.p, try #require(try expected.number("p", "1", "1")), within: 1e-9))
  }

  @Test func joinsOfMexicanStates() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let median = Order.quantile(y.sorted(), 0.5)
    let joins = try #require(try JoinCounts(y.map { $0 > median }, weights: sample.weights, permutations: 99))
    #expect(joins.both == 12 && joins.neither == 30 && joins.mixed == 28)
  }

  @Test func bivariateMoranOfMexicanStates() throws {
    let sample = try Self.mexico()
    let (x, y) = (try sample.input.numbers("gdp_1940"), try sample.input.numbers("gdp_2000"))
    let weights = sample.weights.transformed(.row)
    let result = try #require(try MoranI.bivariate(x, y, weights: weights, permutations: 99))
    #expect(agree(result.i, try #require(try Golden.expected("110_moran_bivariate_mexico").number("I")), within: 1e-12))
    // With itself and row weights it is Moran's I.
    let own = try #require(try MoranI.bivariate(y, y, weights: weights, permutations: 0)).i
    #expect(agree(own, try #require(try MoranI(y, weights: weights, permutations: 0)).i, within: 1e-12))
    #expect(agree(try #require(LocalSpread.leeL(x, y, weights: weights)), 0.29002625, within: 1e-8))
  }

  @Test func ratesAreMadeComparable() throws {
    let sample = try Self.mexico()
    let events: [Double] = [
      21, 17, 14, 10, 22, 22, 17, 17, 19, 21, 17, 18, 22, 18, 19, 17, 19, 21, 17, 16, 20, 20, 23, 23, 18, 18, 18, 11,
      34,
      23, 23, 21,
    ]
    let base: [Double] = [
      3851, 1302, 2183, 342, 4248, 3429, 1910, 583, 1272, 2210, 2624, 1103, 747, 2589, 1376, 1728, 4991, 463, 4984,
      4972,
      3703, 2248, 2174, 790, 2208, 233, 4699, 589, 1742, 2692, 1634, 4240,
    ]
    let z = try #require(try MoranI.standardisedRates(events: events, base: base))
    let moran = try #require(try MoranI(z, weights: sample.weights.transformed(.row), permutations: 0))
    #expect(agree(moran.i, -0.11054685529407532, within: 1e-12))
    #expect(MoranI.standardisedRates(events: [1, 2], base: [1, 0]) == nil)
    #expect(MoranI.standardisedRates(events: [], base: []) == nil)
  }

  @Test(arguments: 0..<40) func globalStatisticsAgreeWithTheirDefinitions(number: Int) throws {
    let (y, weights, dense) = Self.random(number)
    let n = Double(y.count)
    let mean = y.reduce(0, +) / n
    let z = y.map { $0 - mean }
    let squares = z.reduce(0) { $0 + $1 * $1 }
    var (products, differences, s0, s1, raw, rawAll) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for i in y.indices {
      for j in y.indices {
        products += dense[i][j] * z[i] * z[j]
        differences += dense[i][j] * pow(y[i] - y[j], 2)
        raw += dense[i][j] * y[i] * y[j]
        rawAll += i == j ? 0 : y[i] * y[j]
        s0 += dense[i][j]
        s1 += 0.5 * pow(dense[i][j] + dense[j][i], 2)
      }
    }
    let s2 = y.indices.reduce(0) { sum, i in
      sum + pow(dense[i].reduce(0, +) + dense.reduce(0) { $0 + $1[i] }, 2)
    }
    let sums = weights.sums
    #expect(agree(sums.s0, s0, within: 1e-12) && agree(sums.s1, s1, within: 1e-12) && agree(sums.s2, s2, within: 1e-12))
    guard squares > 0, s0 > 0 else { return }
    let moran = try #require(try MoranI(y, weights: weights, permutations: 19))
    #expect(agree(moran.i, n / s0 * products / squares, within: 1e-12))
    let geary = try #require(try GearyC(y, weights: weights, permutations: 19))
    #expect(agree(geary.c, (n - 1) * differences / (2 * s0 * squares), within: 1e-12))
    if rawAll > 0 {
      #expect(agree(try #require(try GetisOrdG(y, weights: weights, permutations: 0)).g, raw / rawAll, within: 1e-12))
    }
  }

  /// Over all orders of five values the moments under randomisation are exact.
  @Test func momentsAreThoseOfAllOrders() throws {
    let y: [Double] = [1, 2, 4, 8, 3]
    let weights = SpatialWeights(rows: [
      [(1, 1), (2, 2)], [(0, 1), (3, 0.5)], [(3, 1), (4, 1)], [(4, 3)], [(0, 1)],
    ])
    var (moran, geary, general, joins) = ([Double](), [Double](), [Double](), [Double]())
    func visit(_ rest: [Double], _ chosen: [Double]) throws {
      if rest.isEmpty {
        if let value = try MoranI(chosen, weights: weights, permutations: 0) { moran.append(value.i) }
        if let value = try GearyC(chosen, weights: weights, permutations: 0) { geary.append(value.c) }
        if let value = try GetisOrdG(chosen, weights: weights, permutations: 0) { general.append(value.g) }
        if let value = try JoinCounts(chosen.map { $0 > 2 }, weights: weights, permutations: 0) {
          joins.append(value.both)
        }
      }
      for index in rest.indices {
        var others = rest
        let value = others.remove(at: index)
        try visit(others, chosen + [value])
      }
    }
    try visit(y, [])
    #expect(moran.count == 120)
    func check(_ values: [Double], _ expected: Double, _ variance: Double?) throws {
      let moments = try #require(WeightedMoments(values))
      #expect(agree(moments.mean, expected, within: 1e-12))
      #expect(agree(moments.variance, try #require(variance), within: 1e-12))
    }
    let one = try #require(try MoranI(y, weights: weights, permutations: 0))
    try check(moran, one.expected, one.randomisation?.variance)
    try check(geary, 1, try #require(try GearyC(y, weights: weights, permutations: 0)).randomisation?.variance)
    let g = try #require(try GetisOrdG(y, weights: weights, permutations: 0))
    try check(general, g.expected, g.normality?.variance)
    let b = try #require(try JoinCounts(y.map { $0 > 2 }, weights: weights, permutations: 0))
    try check(joins, b.expectedBoth, b.normality?.variance)
  }

  @Test func permutationsDependOnTheSeedAlone() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let weights = sample.weights.transformed(.row)
    func test(_ seed: UInt64, _ alternative: PermutationTest.Alternative = .directed) throws -> PermutationTest {
      try #require(try MoranI(y, weights: weights, seed: seed, alternative: alternative)?.permutation)
    }
    #expect(try test(7) == test(7))
    #expect(try test(7) != test(8))
    // Close to the moments under randomisation: 999 draws.
    let simulated = try test(7)
    #expect(abs(simulated.mean - -1 / 31) < 0.015)
    #expect(abs(simulated.deviation - 0.013941151175188621.squareRoot()) < 0.01)
    #expect(abs(simulated.p - 0.065) < 0.03)
    #expect(try test(7, .twoSided).p == 2 * simulated.p)
    #expect(try test(7, .greater).p == simulated.p)
    #expect(abs(try test(7, .less).p - (1 - simulated.p)) < 0.01)
  }

  @Test func nothingToTestGivesNothing() throws {
    let ring = SpatialWeights(neighbours: [[1], [2], [3], [0]])
    let none = SpatialWeights(neighbours: [[], [], [], []])
    #expect(try MoranI([2, 2, 2, 2], weights: ring) == nil)
    #expect(try MoranI([1, 2, 3], weights: SpatialWeights(neighbours: [[1], [0], [1]])) == nil)
    #expect(try MoranI([1, 2, 3, 4], weights: none) == nil)
    #expect(try MoranI([], weights: SpatialWeights(neighbours: [])) == nil)
    #expect(try GearyC([1, 2, 3, 4], weights: none) == nil)
    #expect(try GetisOrdG([-1, 2, 3, 4], weights: ring) == nil)
    #expect(try GetisOrdG([0, 0, 0, 4], weights: ring) == nil)
    #expect(try JoinCounts([true, true, true, true], weights: ring) == nil)
    #expect(try LocalMoran([3, 3, 3, 3], weights: ring) == nil)
    #expect(try LocalGetisOrd([3, 3, 3, 3], weights: ring) == nil)
    // Values that differ by rounding only are equal.
    #expect(try MoranI([0.1 + 0.2, 0.3, 0.3, 0.3], weights: ring) == nil)
  }

  // MARK: - Local statistics

  @Test func localMoranOfMexicanStates() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let weights = sample.weights.transformed(.row)
    let pysal = try #require(try LocalMoran(y, weights: weights, divisor: .sample, permutations: 9_999))
    for (value, reference) in zip(
      pysal.i, [-0.29437494235935374, 0.3595685859178474, 0.4462103362655608, 0.08319130408557482])
    {
      #expect(agree(try #require(value), reference, within: 1e-12))
    }
    #expect(
      pysal.quadrant.prefix(8) == [.highLow, .highHigh, .highHigh, .highHigh, .lowLow, .highHigh, .highHigh, .highLow])
    // Of PySAL with as many permutations of its own.
    let references = [
      "Chiapas": 0.0055, "Guerrero": 0.0297, "Oaxaca": 0.0052, "Puebla": 0.0024, "Veracruz": 0.0084, "Yucatan": 0.0492,
      "Aguascalientes": 0.3045, "Nuevo Leon": 0.4979, "Quertaro": 0.0527,
    ]
    for (name, p) in references {
      let place = try #require(sample.names.firstIndex(of: name))
      let own = try #require(pysal.p[place])
      #expect(abs(own - p) < 5 * (p / 9_999).squareRoot(), "\(name) \(own)")
    }
    // With the other divisor the mean of the local statistics is the global one.
    let local = try #require(try LocalMoran(y, weights: weights, permutations: 0))
    let global = try #require(try MoranI(y, weights: weights, permutations: 0)).i
    #expect(agree(local.i.compactMap(\.self).reduce(0, +) / 32, global, within: 1e-12))
    #expect(local.p.allSatisfy { $0 == nil })
  }

  @Test func localGetisOrdOfMexicanStates() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let expected = try Golden.expected("107_getis_ord_local_mexico_2000")
    let apart = try #require(try LocalGetisOrd(y, weights: sample.weights, includesSelf: false))
    for (name, z) in zip(sample.names, apart.z) {
      #expect(agree(try #require(z), try #require(try expected.number(name)), within: 1e-12))
    }
    let star = try #require(try LocalGetisOrd(y, weights: sample.weights, permutations: 999))
    for (z, reference) in zip(
      star.z, [-0.12195549128619383, 1.0291172617227533, 1.0114407917646613, 0.8854405793437905])
    {
      #expect(agree(try #require(z), reference, within: 1e-12))
    }
    // Scaling rows changes nothing.
    let scaled = try #require(try LocalGetisOrd(y, weights: sample.weights.transformed(.row)))
    for (z, reference) in zip(scaled.z, star.z) {
      #expect(agree(try #require(z), try #require(reference), within: 1e-12))
    }
    #expect(star.simulatedP.allSatisfy { ($0 ?? 0) > 0 })
  }

  @Test func localSpreadOfMexicanStates() throws {
    let sample = try Self.mexico()
    let y = try sample.input.numbers("gdp_2000")
    let weights = sample.weights.transformed(.row)
    let geary = try #require(LocalSpread.geary(y, weights: weights))
    let spread = try #require(LocalSpread.heteroskedasticity(y, weights: weights))
    let references = [
      (1.5414292102555347, 0.7348456764159771), (0.23248253716042694, 0.0782092715062587),
      (0.1376072733141848, 0.22897242118882796), (2.8521829881769833, 1.2570428681840773),
    ]
    for (place, reference) in references.enumerated() {
      #expect(agree(try #require(geary[place]), reference.0, within: 1e-12))
      #expect(agree(try #require(spread[place]), reference.1, within: 1e-12))
    }
    let gini = try #require(try LocalSpread.gini(y, weights: sample.weights, permutations: 99))
    #expect(agree(gini.gini, 0.2581130824882791, within: 1e-12))
    #expect(agree(gini.others, 0.2314544138793607, within: 1e-12))
    #expect(agree(gini.polarisation, 1.4266434676134834, within: 1e-12))
    #expect(agree(gini.neighbours + gini.others, gini.gini, within: 1e-12))
  }

  /// With few places every draw can be listed: simulated p-values come close to the exact ones.
  @Test func conditionalPermutationsAreFairDraws() throws {
    let y: [Double] = [3, 9, 1, 7, 4, 12]
    let weights = SpatialWeights(neighbours: [[1, 3], [0, 2], [4], [5], [0], []]).transformed(.row)
    let local = try #require(try LocalMoran(y, weights: weights, permutations: 20_000, alternative: .greater))
    let mean = y.reduce(0, +) / 6
    for place in 0..<5 {
      let others = (0..<6).filter { $0 != place }
      let row = weights.row(place)
      var sums: [Double] = []
      if row.count == 1 {
        sums = others.map { y[$0] }
      } else {
        for first in others { for second in others where second != first { sums.append((y[first] + y[second]) / 2) } }
      }
      let observed = row.reduce(0) { $0 + weights.values[$1] * y[weights.neighbours[$1]] }
      let isHigh = y[place] > mean
      let extreme = sums.count { isHigh ? $0 >= observed - 1e-12 : $0 <= observed + 1e-12 }
      #expect(abs(try #require(local.p[place]) - Double(extreme) / Double(sums.count)) < 0.02)
    }
    #expect(local.i[5] == nil && local.p[5] == nil && local.quadrant[5] == nil)
  }

  /// Weights of −1 count one by one what weights of 1 look up in sorted sums: above and below change places.
  @Test func drawsOfEvenWeightsAreLookedUpRight() throws {
    for number in 0..<20 {
      let (y, _, dense) = Self.random(number)
      let even = SpatialWeights(neighbours: dense.map { row in row.indices.filter { row[$0] > 0 } })
      let negative = SpatialWeights(rows: dense.map { row in row.indices.filter { row[$0] > 0 }.map { ($0, -1) } })
      guard let high = try LocalMoran(y, weights: even, permutations: 499, seed: 5, alternative: .greater),
        let low = try LocalMoran(y, weights: negative, permutations: 499, seed: 5, alternative: .less)
      else { continue }
      #expect(high.p == low.p)
    }
  }

  @Test func falseDiscoveries() {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "BH").
    let adjusted = MultipleTests.falseDiscoveryRate([0.01, 0.04, 0.03, 0.005])
    for (value, reference) in zip(adjusted, [0.02, 0.04, 0.04, 0.02]) {
      #expect(agree(value, reference, within: 1e-15))
    }
    #expect(MultipleTests.falseDiscoveryRate([]) == [])
  }
}
