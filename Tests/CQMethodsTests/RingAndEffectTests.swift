import CQColumns
import Foundation
import Testing

@testable import CQMethods

/// Bands, kernel weights, correlograms, catchments, segregation of many groups, gravity with effects.
@Suite struct RingAndEffectTests {
  // MARK: - Bands

  /// Of all draws at most 5% are anywhere outside of the global band, and one more rank inwards there would be more.
  @Test(arguments: 0..<10) func globalBandsHoldWhatTheyPromise(number: Int) throws {
    var random = SeededGenerator(seed: 71, stream: number)
    let (count, drawCount) = (1 + number, 40 + 17 * number)
    let draws = (0..<drawCount).map { _ in (0..<count).map { _ in random.unit() } }
    let band = SimulatedBand(draws, count: count)
    func outside(_ bounds: [Double]) -> Int {
      draws.count { draw in draw.indices.contains { draw[$0] > bounds[$0] } }
    }
    let high = band.globalHigh.compactMap { $0 }
    #expect(high.count == count && Double(outside(high)) <= 0.05 * Double(drawCount))
    let sorted = (0..<count).map { index in draws.map { $0[index] }.sorted() }
    let position = try #require(sorted[0].firstIndex(of: high[0]))
    #expect(Double(outside(sorted.map { $0[position - 1] })) > 0.05 * Double(drawCount))
    let low = band.globalLow.compactMap { $0 }
    #expect(draws.count { draw in draw.indices.contains { draw[$0] < low[$0] } } <= drawCount / 20)
    for index in 0..<count {
      // One distance alone has the same band; several have a wider one.
      #expect(try high[index] >= #require(band.high[index]) - 0.03)
      #expect(try #require(band.low[index]) == Order.quantile(sorted[index], 0.05))
    }
  }

  @Test func bandsOfNoDrawAndOfOne() {
    let none = SimulatedBand([], count: 2)
    #expect(none.globalHigh == [nil, nil] && none.low == [nil, nil])
    let one = SimulatedBand([[1, 5]], count: 2)
    #expect(one.globalHigh == [1, 5] && one.globalLow == [1, 5])
  }

  // MARK: - Kernel weights

  static func points(_ count: Int, _ number: Int) -> [GeographicPoint] {
    var random = SeededGenerator(seed: 83, stream: number)
    return (0..<count).map { _ in
      GeographicPoint(longitude: -100 + 5 * random.unit(), latitude: 30 + 5 * random.unit())
    }
  }

  @Test(arguments: [SpatialWeights.DistanceKernel.triangular, .epanechnikov, .quartic, .gaussian])
  func kernelWeightsFallWithTheDistance(kernel: SpatialWeights.DistanceKernel) throws {
    let points = Self.points(12, 1)
    let fixed = SpatialWeights.kernel(kernel, bandwidth: 200, of: points)
    let adaptive = SpatialWeights.kernel(kernel, nearest: 3, of: points)
    func formula(_ z: Double) -> Double {
      switch kernel {
      case .triangular: 1 - z
      case .epanechnikov: 0.75 * (1 - z * z)
      case .quartic: 15.0 / 16 * (1 - z * z) * (1 - z * z)
      default: exp(-z * z / 2) / (2 * .pi).squareRoot()
      }
    }
    for one in points.indices {
      let others = points.indices.filter { $0 != one }.sorted {
        points[one].distance(to: points[$0]) < points[one].distance(to: points[$1])
      }
      let near = others.filter { points[one].distance(to: points[$0]) <= 200 }
      #expect(fixed.row(one).map { fixed.neighbours[$0] } == near.sorted())
      for entry in fixed.row(one) {
        let distance = points[one].distance(to: points[fixed.neighbours[entry]])
        #expect(agree(fixed.values[entry], formula(distance / 200), within: 1e-12))
      }
      let width = points[one].distance(to: points[others[2]]) * 1.0000001
      #expect(adaptive.row(one).map { adaptive.neighbours[$0] } == others.prefix(3).sorted())
      for entry in adaptive.row(one) {
        let distance = points[one].distance(to: points[adaptive.neighbours[entry]])
        #expect(agree(adaptive.values[entry], formula(distance / width), within: 1e-9))
      }
    }
    #expect(SpatialWeights.kernel(kernel, nearest: 2, of: [nil, points[0]]).neighbours.isEmpty)
  }

  // MARK: - Correlogram and local joins

  @Test func ringsTogetherAreTheDisc() throws {
    let points = Self.points(20, 2)
    var random = SeededGenerator(seed: 84)
    let y = points.map { $0.latitude + random.unit() }
    let rings = try Correlogram.moran(y, at: points, bounds: [100, 200, 300, 1_000])
    #expect(rings.reduce(0) { $0 + $1.pairs } == 190)
    let discs = try Correlogram.moran(y, at: points, bounds: [100, 200, 300, 1_000], isCumulative: true)
    #expect(discs.map(\.pairs) == rings.indices.map { rings[...$0].reduce(0) { $0 + $1.pairs } })
    let band = try MoranI(y, weights: SpatialWeights.band(200, of: points).transformed(.row), permutations: 0)
    #expect(agree(try #require(discs[1].moran).i, try #require(band).i, within: 1e-12))
    // All pairs together: I is −1/(n−1) whatever the values.
    #expect(agree(try #require(discs[3].moran).i, -1.0 / 19, within: 1e-12))
    #expect(try #require(rings[0].moran).i > #require(rings[3].moran).i, "latitude is a trend")
    #expect(try Correlogram.moran([1, 2], at: Array(points.prefix(2)), bounds: [1]).allSatisfy { $0.moran == nil })
  }

  @Test(arguments: 0..<10) func localJoinsAddUpToTheGlobalCount(number: Int) throws {
    var random = SeededGenerator(seed: 85, stream: number)
    let points = Self.points(15, 3 + number)
    let marks = points.map { _ in random.below(2) == 0 }
    let weights = SpatialWeights.band(150, of: points)
    let local = try LocalJoinCounts(marks, weights: weights, permutations: 99)
    for place in points.indices {
      let naive = weights.row(place).count { marks[place] && marks[weights.neighbours[$0]] }
      #expect(local.counts[place] == Double(naive))
      #expect((local.p[place] != nil) == (naive > 0))
    }
    if let global = try JoinCounts(marks, weights: weights, permutations: 0) {
      #expect(local.counts.reduce(0, +) / 2 == global.both)
    }
    for p in local.p.compactMap({ $0 }) { #expect(p >= 0.01 && p <= 1) }
  }

  // MARK: - Catchments

  @Test(arguments: Catchments.Decay.allCases) func whatIsSharedAddsUpToTheSupply(decay: Catchments.Decay) {
    let points = Self.points(18, 20)
    var random = SeededGenerator(seed: 86)
    let supply = points.map { _ in Double(random.below(30)) }
    let demand = points.map { _ in Double(1 + random.below(1_000)) }
    let distances = Matrix(rows: points.map { one in points.map { one.distance(to: $0) } })
    let access = Catchments.access(supply: supply, demand: demand, distances: distances, radius: 120, decay: decay)
    #expect(agree(zip(access, demand).reduce(0) { $0 + $1.0 * $1.1 }, supply.reduce(0, +), within: 1e-9))
    // Everybody reaches everything: the same everywhere.
    if decay == .step {
      let all = Catchments.access(supply: supply, demand: demand, distances: distances, radius: 1e5)
      for value in all { #expect(agree(value, supply.reduce(0, +) / demand.reduce(0, +), within: 1e-12)) }
    }
    #expect(
      Catchments.access(supply: [], demand: [], distances: Matrix(rowCount: 0, columnCount: 0), radius: 1).isEmpty)
    #expect(
      Catchments.access(supply: [3], demand: [0], distances: Matrix(rows: [[0]]), radius: 1, decay: decay) == [0])
  }

  /// Luo and Wang's rule by hand: two sites, three places on a line, 10 km apart, 10 km of reach.
  @Test func catchmentsByHand() {
    let distances = Matrix(rows: [[0, 10, 20], [10, 0, 10], [20, 10, 0]])
    let access = Catchments.access(supply: [6, 0, 4], demand: [100, 200, 200], distances: distances, radius: 10)
    // 6 for the 300 of the first two, 4 for the 400 of the last two.
    #expect(access == [0.02, 0.02 + 0.01, 0.01])
  }

  // MARK: - Segregation

  /// segregation 2.5.4 (PySAL): MultiDissim, MultiGini, MultiInfoTheory, MultiNormExposure, MultiRelativeDiversity, MultiSquaredCoefVar.
  @Test func severalGroupsAsPySALHasThem() throws {
    let found = try #require(MultigroupSegregation(ClusterDetectionTests.table.transposed))
    let reference = [
      0.3735559342645006, 0.4013111132044771, 0.18031014870820058, 0.11183106079761289, 0.10907467102657048,
      0.08935024542618689,
    ]
    for ((name, value), expected) in zip(found.all, reference) {
      #expect(agree(value, expected, within: 1e-9), "\(name)")
    }
  }

  /// With two groups the index of several groups is the index of two; the Gini against the sum over all pairs.
  @Test(arguments: 0..<20) func twoGroupsAreTheUsualIndex(number: Int) throws {
    var random = SeededGenerator(seed: 87, stream: number)
    let rows = (0..<(2 + number)).map { _ in [Double(random.below(50)), Double(random.below(50))] }
    guard let found = MultigroupSegregation(Matrix(rows: rows)) else { return }
    let (one, other) = (rows.map { $0[0] }, rows.map { $0[1] })
    #expect(agree(found.dissimilarity, try #require(Segregation.dissimilarity(one, other)), within: 1e-9))
    let people = rows.map { $0[0] + $0[1] }
    let all = people.reduce(0, +)
    let part = one.reduce(0, +) / all
    var pairs = 0.0
    for first in rows.indices where people[first] > 0 {
      for second in rows.indices where people[second] > 0 {
        pairs += people[first] * people[second] * abs(one[first] / people[first] - one[second] / people[second])
      }
    }
    #expect(agree(found.gini, pairs / (2 * all * all * part * (1 - part)), within: 1e-9))
    #expect(agree(found.exposure, found.diversity, within: 1e-9), "η² both, for two groups")
    // Without neighbours of another mix nothing is taken away; neighbours that differ take.
    let alone = SpatialWeights(neighbours: rows.map { _ in [] })
    #expect(Segregation.spatialDissimilarity(one, other, weights: alone) == Segregation.dissimilarity(one, other))
    let line = SpatialWeights(neighbours: rows.indices.map { [$0 - 1, $0 + 1].filter(rows.indices.contains) })
    #expect(try #require(Segregation.spatialDissimilarity(one, other, weights: line)) <= found.dissimilarity + 1e-12)
  }

  @Test func extremesOfSegregation() throws {
    let apart = try #require(MultigroupSegregation(Matrix(rows: [[5, 0, 0], [0, 7, 0], [0, 0, 2]])))
    for (name, value) in apart.all { #expect(agree(value, 1, within: 1e-12), "\(name)") }
    let alike = try #require(MultigroupSegregation(Matrix(rows: [[2, 4], [1, 2], [0, 0]])))
    for (name, value) in alike.all { #expect(abs(value) < 1e-12, "\(name)") }
    #expect(
      MultigroupSegregation(Matrix(rows: [[2, 0]])) == nil && MultigroupSegregation(Matrix(rows: [[2, -1]])) == nil)
    #expect(MultigroupSegregation(Matrix(rowCount: 0, columnCount: 0)) == nil)
  }

  // MARK: - Gravity

  static func trips() throws -> (
    flows: [Double], origins: [Int], destinations: [Int], distance: [Double], mass: [Double]
  ) {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("examples/data/trips.csv")
    let rows = try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    var numbers: [String: Int] = [:]
    func number(_ name: String) -> Int {
      let found = numbers[name] ?? numbers.count
      numbers[name] = found
      return found
    }
    return (
      rows.compactMap { Double($0[2]) }, rows.map { number($0[0]) }, rows.map { number($0[1]) },
      rows.compactMap { Double($0[5]) }, rows.compactMap { Double($0[4]) }
    )
  }

  /// statsmodels 0.15: GLM Poisson with dummies, standard errors HC0, here with the factor n / (n − parameters).
  @Test func effectsOfTripsAsStatsmodelsHasThem() throws {
    let trips = try Self.trips()
    let both = try #require(
      try FixedEffectsGravity(
        trips.flows, effects: [trips.origins, trips.destinations],
        regressors: Matrix(rows: trips.distance.map { [log($0)] })))
    #expect(agree(both.coefficients[0], -1.415181276234542, within: 1e-8))
    #expect(agree(both.standardErrors[0], 0.15684590383989158 * (30.0 / 18).squareRoot(), within: 1e-6))
    #expect(both.effectCount == 11)
    let one = try #require(
      try FixedEffectsGravity(
        trips.flows, effects: [trips.origins],
        regressors: Matrix(rows: zip(trips.distance, trips.mass).map { [log($0), log($1)] })))
    #expect(agree(one.coefficients[0], -1.494085433523662, within: 1e-8))
    #expect(agree(one.coefficients[1], 0.9458020482368394, within: 1e-8))
    #expect(agree(one.standardErrors[1], 0.09424244033917724 * (30.0 / 22).squareRoot(), within: 1e-6))
  }

  /// Fitted flows add up to the totals of places, and the estimate is the one with dummies.
  @Test(arguments: 0..<8) func effectsAgreeWithDummies(number: Int) throws {
    var random = SeededGenerator(seed: 88, stream: number)
    let (sent, received) = (3 + number % 3, 4)
    var (flows, origins, destinations, rows) = ([Double](), [Int](), [Int](), [[Double]]())
    for origin in 0..<sent {
      for destination in 0..<received where random.below(8) > 0 {
        origins.append(origin)
        destinations.append(destination)
        rows.append([log(10 + 90 * random.unit())])
        flows.append(random.below(5) == 0 ? 0 : Double(random.below(100)))
      }
    }
    guard let found = try FixedEffectsGravity(flows, effects: [origins, destinations], regressors: Matrix(rows: rows))
    else { return }
    for (kind, count) in [(origins, sent), (destinations, received)] {
      for place in 0..<count {
        let observed = found.used.filter { kind[$0] == place }.reduce(0) { $0 + flows[$1] }
        let fitted = zip(found.used, found.fitted).filter { kind[$0.0] == place }.reduce(0) { $0 + $1.1 }
        #expect(agree(fitted, observed, within: 1e-6))
      }
    }
    let places = (Set(found.used.map { origins[$0] }).sorted(), Set(found.used.map { destinations[$0] }).sorted())
    let design = found.used.map { flow in
      rows[flow] + places.0.map { $0 == origins[flow] ? 1 : 0 }
        + places.1.dropFirst().map { $0 == destinations[flow] ? 1 : 0 }
    }
    if let dummies = GravityModel.poisson(found.used.map { flows[$0] }, on: Matrix(rows: design)) {
      #expect(abs(dummies.coefficients[0] - found.coefficients[0]) < 1e-6)
      #expect(agree(dummies.standardErrors[0], found.standardErrors[0], within: 1e-4))
    }
  }

  @Test func effectsThatCannotBeEstimated() throws {
    // The distance is that of the origin alone.
    #expect(
      try FixedEffectsGravity(
        [1, 2, 3, 4, 5, 6], effects: [[0, 0, 1, 1, 2, 2]], regressors: Matrix(rows: [[1], [1], [2], [2], [3], [3]]))
        == nil)
    #expect(try FixedEffectsGravity([], effects: [[], []], regressors: Matrix(rowCount: 0, columnCount: 1)) == nil)
    #expect(try FixedEffectsGravity([0, 0], effects: [[0, 1]], regressors: Matrix(rows: [[1], [2]])) == nil)
  }
}
