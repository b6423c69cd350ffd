import CQMethods
import Foundation
import Testing

@Suite struct TradeAreaTests {
  @Test func reillyAndConverse() throws {
    let expected = try Golden.expected("122_reilly_converse")
    let ratio = try #require(TradeAreas.reilly(sizeA: 39851, sizeB: 37366, distanceA: 100, distanceB: 80))
    #expect(agree(ratio, try #require(try expected.number("reilly", "relation_AB")), within: 1e-12))
    #expect(agree(ratio / (1 + ratio), try #require(try expected.number("reilly", "prop_A")), within: 1e-12))
    let point = try #require(TradeAreas.breakingPoint(sizeA: 400_000, sizeB: 200_000, distance: 80))
    #expect(agree(point, try #require(try expected.number("converse", "BP_A")), within: 1e-12))
    // At the breaking point Reilly's ratio is 1.
    let even = try #require(TradeAreas.reilly(sizeA: 4e5, sizeB: 2e5, distanceA: point, distanceB: 80 - point))
    #expect(agree(even, 1, within: 1e-12))
    #expect(TradeAreas.reilly(sizeA: 1, sizeB: 0, distanceA: 1, distanceB: 1) == nil)
    #expect(TradeAreas.breakingPoint(sizeA: 0, sizeB: 1, distance: 5) == nil)
  }

  /// Huff and Batsell's arithmetic on three shops: sizes 10, 20, 40 at 1, 2 and 4 km.
  @Test func huffByHand() throws {
    let parts = TradeAreas.huff(attraction: [10, 20, 40], distances: Matrix(rows: [[1, 2, 4], [0, 1, 1]]))
    for (part, reference) in zip(try #require(parts[0]), [10 / 17.5, 5 / 17.5, 2.5 / 17.5]) {
      #expect(agree(part, reference, within: 1e-12))
    }
    // A distance of 0 has no power below 0: the origin is left out unless a least distance is given.
    #expect(parts[1] == nil)
    let near = TradeAreas.huff(attraction: [10, 20, 40], distances: Matrix(rows: [[0, 1, 1]]), leastDistance: 1)
    #expect(try #require(near[0]).map { ($0 * 7).rounded() } == [1, 2, 4])
    let exponential = TradeAreas.huff(
      attraction: [1, 1], distances: Matrix(rows: [[0, 1]]), decay: .exponential(-1))
    #expect(agree(try #require(exponential[0])[0], 1 / (1 + exp(-1)), within: 1e-12))
    #expect(TradeAreas.huff(attraction: [0, 0], distances: Matrix(rows: [[1, 1]])) == [nil])
    // A half at the middle, and the odds fall as the exponential does.
    let logistic = DistanceDecay.logistic(-0.3, middle: 18)
    let factors = try [0, 18, 30].map { try #require(logistic.factor($0)) }
    #expect(factors[1] == 0.5 && factors[0] > 0.99)
    #expect(agree(factors[2] / (1 - factors[2]), exp(-0.3 * 12), within: 1e-12))
    let split = TradeAreas.huff(attraction: [1, 1], distances: Matrix(rows: [[18, 30]]), decay: logistic)
    #expect(agree(try #require(split[0])[0], 0.5 / (0.5 + factors[2]), within: 1e-12))
  }

  @Test func potentialsAreSums() {
    let distances = Matrix(rows: [[10, 20], [5, 4]])
    #expect(TradeAreas.potential(masses: [100, 40], distances: distances) == [12, 30])
    #expect(TradeAreas.potential(masses: [3, 2], distances: distances, exponent: 2, decay: .power(0)) == [13, 13])
    #expect(TradeAreas.potential(masses: [3, 2], distances: Matrix(rows: [[0, 1]])) == [nil])
    #expect(TradeAreas.potential(masses: [0, 2], distances: Matrix(rows: [[0, 1]])) == [2])
  }

  static func flows(_ random: inout SeededGenerator, noise: Double) -> [GravityModel.Flow] {
    (0..<60).map { _ in
      let (origin, destination, distance) = (
        Double.random(in: 10...900, using: &random), Double.random(in: 10...900, using: &random),
        Double.random(in: 5...500, using: &random)
      )
      let flow = 0.02 * pow(origin, 0.8) * pow(destination, 0.7) * pow(distance, -1.1)
      return GravityModel.Flow(
        flow: flow * exp(noise * Double.random(in: -1...1, using: &random)), origin: origin, destination: destination,
        distance: distance)
    }
  }

  @Test func exactFlowsGiveTheirParametersBack() throws {
    var random = SeededGenerator(seed: 12, stream: 0)
    var flows = Self.flows(&random, noise: 0)
    let truth = [log(0.02), 0.8, 0.7, -1.1]
    let squares = try #require(GravityModel.leastSquares(flows)).regression
    let poisson = try #require(GravityModel.poisson(flows))
    for column in 0..<4 {
      #expect(agree(squares.coefficients[column], truth[column], within: 1e-9))
      #expect(agree(poisson.coefficients[column], truth[column], within: 1e-7))
    }
    #expect(agree(poisson.pseudoRSquared, 1, within: 1e-9))
    flows.append(GravityModel.Flow(flow: 0, origin: 20, destination: 20, distance: 5))
    #expect(try #require(GravityModel.leastSquares(flows)).omittedCount == 1)
    #expect(try #require(GravityModel.poisson(flows)).omittedCount == 0)
    #expect(GravityModel.leastSquares([]) == nil)
    #expect(GravityModel.poisson([]) == nil)
  }

  /// At the maximum the score is 0: Σ (y − ŷ) x = 0 for every regressor.
  @Test func poissonEstimatesSolveTheScore() throws {
    var random = SeededGenerator(seed: 13, stream: 0)
    let flows = Self.flows(&random, noise: 1.5)
    let fit = try #require(GravityModel.poisson(flows))
    for column in 0..<4 {
      let score = flows.reduce(0) { sum, flow in
        let x = [1, log(flow.origin), log(flow.destination), log(flow.distance)]
        let fitted = exp(zip(x, fit.coefficients).reduce(0) { $0 + $1.0 * $1.1 })
        return sum + (flow.flow - fitted) * x[column]
      }
      #expect(abs(score) < 1e-6)
    }
    #expect(fit.standardErrors.allSatisfy { $0 > 0 })
  }

  @Test func balancedFlowsAddUp() throws {
    let impedance = Matrix(rows: [[1, 0.5, 0.2], [0.3, 1, 0.4]])
    let (flows, _) = try #require(
      GravityModel.doublyConstrained(origins: [30, 70], destinations: [20, 45, 35], impedance: impedance))
    for (row, total) in [30.0, 70].enumerated() {
      #expect(agree((0..<3).reduce(0) { $0 + flows[row, $1] }, total, within: 1e-9))
    }
    for (column, total) in [20.0, 45, 35].enumerated() {
      #expect(agree(flows[0, column] + flows[1, column], total, within: 1e-9))
    }
    // Balancing keeps the cross ratios of the impedance.
    let cross = flows[0, 0] * flows[1, 1] / (flows[0, 1] * flows[1, 0])
    #expect(agree(cross, 1 * 1 / (0.5 * 0.3), within: 1e-9))
    #expect(GravityModel.doublyConstrained(origins: [1], destinations: [2], impedance: Matrix(rows: [[1]])) == nil)
    #expect(GravityModel.doublyConstrained(origins: [1], destinations: [1], impedance: Matrix(rows: [[0]])) == nil)
  }
}

@Suite struct ExportBaseTests {
  @Test func minimumRequirementsOfGermanStates() throws {
    let (states, industries, values) = try Golden.input("german_states_2015").matrix(
      rows: "state", columns: "industry", value: "employment")
    let expected = try Golden.expected("134_minimum_requirements_lander")
    let shares = try #require(ExportBase.minimumShares(Matrix(rows: values)))
    for (industry, share) in zip(industries, shares) {
      #expect(agree(share, try #require(try expected.number("minimum_shares", industry)), within: 1e-12))
    }
    for (state, row) in zip(states, values) {
      let basic = ExportBase.basic(employment: row, minimumShares: shares)
      #expect(agree(basic.reduce(0, +), try #require(try expected.number("basic_by_region", state)), within: 1e-12))
      let multiplier = try #require(ExportBase.multiplier(employment: row, basic: basic))
      #expect(agree(multiplier, try #require(try expected.number("multiplier", state)), within: 1e-12))
    }
  }

  @Test func basicJobsAreThoseAboveTheBaseAreasShare() throws {
    let (place, base) = ([50.0, 30, 20, 0], [200.0, 500, 200, 100])
    let basic = try #require(ExportBase.basic(employment: place, base: base))
    #expect(basic == [30, 0, 0, 0])
    // e (1 − 1/LQ) where LQ > 1.
    for index in place.indices {
      let quotient = (place[index] / 100) / (base[index] / 1_000)
      #expect(agree(basic[index], quotient > 1 ? place[index] * (1 - 1 / quotient) : 0, within: 1e-12))
    }
    #expect(ExportBase.multiplier(employment: place, basic: basic) == 100.0 / 30)
    #expect(ExportBase.multiplier(employment: [1, 1], basic: [0, 0]) == nil)
    #expect(ExportBase.basic(employment: [1], base: [0]) == nil)
    #expect(ExportBase.minimumShares(Matrix(rows: [[0, 0]])) == nil)
  }
}

@Suite struct SegregationTests {
  @Test func indicesByHand() throws {
    // Two areas, groups of 60 and 40: (50, 10) and (10, 30).
    let (a, b) = ([50.0, 10, 0], [10.0, 30, 0])
    let total = zip(a, b).map { $0 + $1 }
    #expect(
      agree(
        try #require(Segregation.dissimilarity(a, b)), (abs(50.0 / 60 - 0.25) + abs(10.0 / 60 - 0.75)) / 2,
        within: 1e-12))
    let isolation = try #require(Segregation.isolation(a, of: total))
    let exposure = try #require(Segregation.exposure(of: a, to: b, total))
    #expect(agree(isolation, 50.0 / 60 * 50 / 60 + 10.0 / 60 * 10 / 40, within: 1e-12))
    #expect(agree(isolation + exposure, 1, within: 1e-12))
    #expect(Segregation.information([[10, 0], [0, 10]]) == 1)
    #expect(abs(try #require(Segregation.information([[10, 20], [5, 10]]))) < 1e-12)
    #expect(Segregation.information([[10, 20], [0, 0]]) == nil)
    #expect(Segregation.dissimilarity([0], [1]) == nil)
  }
}

@Suite struct HuffFitTests {
  /// A model's own shares give its exponents back; with noise they are those of a regression with an effect for each origin.
  @Test func exponentsComeBack() throws {
    var generator = SeededGenerator(seed: 12)
    let (size, distances) = (
      (0..<6).map { _ in 1 + generator.unit() * 9 }, (0..<24).map { _ in 1 + generator.unit() * 20 }
    )
    let origins = (0..<24).map { $0 / 6 }
    let exact = (0..<24).map { pair in
      Double(origins[pair] + 1) * pow(size[pair % 6], 0.8) * pow(distances[pair], -1.7)
    }
    let attraction = (0..<24).map { size[$0 % 6] }
    let found = try #require(HuffFit(origins: origins, flows: exact, variables: [attraction, distances]))
    #expect(
      abs(found.exponents[0] - 0.8) < 1e-10 && abs(found.exponents[1] + 1.7) < 1e-10 && found.rSquared > 1 - 1e-12)
    let flows = exact.map { $0 * (0.5 + generator.unit()) }
    let noisy = try #require(HuffFit(origins: origins, flows: flows, variables: [attraction, distances]))
    let design = Matrix(
      rows: (0..<24).map { pair in
        (0..<4).map { $0 == 0 || origins[pair] == $0 ? 1 : 0 } + [log(attraction[pair]), log(distances[pair])]
      })
    let plain = try #require(LeastSquares(flows.map { log($0) }, on: design))
    for term in 0..<2 {
      #expect(abs(noisy.exponents[term] - plain.coefficients[4 + term]) < 1e-10)
      #expect(abs(noisy.errors[term] - plain.standardErrors[4 + term]) < 1e-10)
      #expect(abs((noisy.p[term] ?? 2) - (plain.pValue(4 + term) ?? 3)) < 1e-9)
    }
    // Shares in place of flows.
    let totals = (0..<4).map { origin in (0..<24).filter { origins[$0] == origin }.reduce(0) { $0 + flows[$1] } }
    let shares = flows.indices.map { flows[$0] / totals[origins[$0]] }
    let same = try #require(HuffFit(origins: origins, flows: shares, variables: [attraction, distances]))
    #expect(zip(same.exponents, noisy.exponents).allSatisfy { abs($0 - $1) < 1e-10 })
  }

  @Test func whatDoesNotVaryHasNoExponent() {
    #expect(HuffFit(origins: [0, 0, 0, 1, 1, 1], flows: [1, 2, 3, 4, 5, 6], variables: [[5, 5, 5, 7, 7, 7]]) == nil)
    #expect(HuffFit(origins: [0, 0], flows: [1, 2], variables: [[1, 2]]) == nil)
    #expect(HuffFit(origins: [], flows: [], variables: []) == nil)
  }
}
