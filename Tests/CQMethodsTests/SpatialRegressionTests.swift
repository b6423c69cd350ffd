import Foundation
import Testing

@testable import CQMethods

/// Crime, income and housing value of 49 neighbourhoods of Columbus, Ohio, and which of them touch.
///
/// - Source: Anselin (1988), Spatial Econometrics, table 12.1; neighbours as in `columbus.gal` of PySAL.
private enum Columbus {
  static let crime: [Double] = [
    15.72598, 18.801754, 30.626781, 32.38776, 50.73151, 26.066658, 0.178269, 38.425858, 30.515917, 34.000835,
    62.275448, 56.705669, 46.716129, 57.066132, 48.585487, 54.838711, 36.868774, 43.962486, 54.521965, 0.223797,
    40.074074, 33.705048, 20.048504, 38.297871, 61.299175, 40.969742, 52.79443, 56.919785, 60.750446, 68.892044,
    17.677214, 19.145592, 41.968163, 23.974028, 39.175053, 14.305556, 42.445076, 53.710938, 19.100863, 16.241299,
    18.905146, 16.49189, 36.663612, 25.962263, 29.028488, 16.530533, 27.822861, 26.645266, 22.541491,
  ]
  static let income: [Double] = [
    19.531, 21.232, 15.956, 4.477, 11.252, 16.028999, 8.438, 11.337, 17.586, 13.598, 7.467, 10.048, 9.549, 9.963,
    9.873, 7.625, 9.798, 13.185, 11.618, 31.07, 10.655, 11.709, 21.155001, 14.236, 8.461, 8.085, 10.822, 7.856,
    8.681, 13.906, 16.940001, 18.941999, 9.918, 14.948, 12.814, 18.739, 17.017, 11.107, 18.476999, 29.833,
    22.207001, 25.872999, 13.38, 16.961, 14.135, 18.323999, 18.950001, 11.813, 18.796,
  ]
  static let value: [Double] = [
    80.467003, 44.567001, 26.35, 33.200001, 23.225, 28.75, 75.0, 37.125, 52.599998, 96.400002, 19.700001, 19.9,
    41.700001, 42.900002, 18.0, 18.799999, 41.75, 60.0, 30.6, 81.266998, 19.975, 30.450001, 47.733002, 53.200001,
    17.9, 20.299999, 34.099998, 22.85, 32.5, 22.5, 31.799999, 40.299999, 23.6, 28.450001, 27.0, 36.299999,
    43.299999, 22.700001, 39.599998, 61.950001, 42.099998, 44.333, 25.700001, 33.5, 27.733, 76.099998, 42.5,
    26.799999, 35.799999,
  ]
  static let neighbours = [
    [1, 2], [0, 2, 3], [0, 1, 3, 4], [1, 2, 4, 7], [2, 3, 5, 7, 8, 10, 14, 15], [4, 8], [7, 11, 12, 13],
    [3, 4, 6, 10, 11, 12], [4, 5, 9, 14, 19, 21, 24, 25], [8, 16, 19, 21], [4, 7, 11, 14, 15],
    [6, 7, 10, 12, 13, 15], [6, 7, 11, 13], [6, 11, 12, 15, 17, 18], [4, 8, 10, 15, 24, 25],
    [4, 10, 11, 13, 14, 17, 23, 24], [9, 19, 22], [13, 15, 18, 23], [13, 17, 23],
    [8, 9, 16, 21, 22, 26, 31, 32, 34, 39], [23, 29, 33], [8, 9, 19, 25, 26, 27], [16, 19, 31],
    [15, 17, 18, 20, 24, 28, 29], [8, 14, 15, 23, 25, 27, 28, 29], [8, 14, 21, 24, 27, 28], [19, 21, 27, 32],
    [21, 24, 25, 26, 28, 32, 34, 36, 37], [23, 24, 25, 27, 29, 36, 37], [20, 23, 24, 28, 36], [33, 35, 38],
    [19, 22, 39, 40], [19, 26, 27, 34], [20, 30, 35, 41], [19, 27, 32, 37, 39, 42, 43], [30, 33, 38, 41, 45],
    [27, 28, 29, 37, 42, 44], [27, 28, 34, 36, 42, 43], [30, 35, 45], [19, 31, 34, 40, 46], [31, 39, 46], [33, 35],
    [34, 36, 37, 43, 44, 47], [34, 37, 42, 47, 48], [36, 42, 47, 48], [35, 38], [39, 40], [42, 43, 44, 48],
    [43, 44, 47],
  ]
  static var design: Matrix { Matrix(rows: crime.indices.map { [1, income[$0], value[$0]] }) }
  static var weights: SpatialWeights { SpatialWeights(neighbours: neighbours).transformed(.row) }

  static func regression(_ model: SpatialRegression.Model) throws -> SpatialRegression {
    try #require(try SpatialRegression(crime, on: design, weights: weights, model: model))
  }
}

@Suite struct SpatialRegressionTests {
  private func agrees(_ found: [Double], _ expected: [Double], within tolerance: Double = 1e-6) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  // spreg 1.9.0 (ML_Lag, ML_Error, GM_Lag, OLS) and spatialreg of R (lagsarlm, errorsarlm) give the same to seven digits.
  @Test func columbusAsSpregAndSpatialregHaveIt() throws {
    let lag = try Columbus.regression(.lag)
    #expect(agrees(lag.coefficients, [45.60324969141, -1.048728182627, -0.266334808591]))
    #expect(agrees(lag.standardErrors, [7.257403935829, 0.307405917147, 0.08909629105]))
    let rho = try #require(lag.spatial)
    #expect(agrees([rho.value, rho.error], [0.423325404795, 0.119510447106]))
    #expect(agrees([lag.logLikelihood ?? 0, lag.akaike ?? 0], [-182.67397201013, 373.34794402027], within: 1e-10))
    #expect(agrees([lag.fit], [0.5806466256229], within: 1e-7))
    let error = try Columbus.regression(.error)
    #expect(agrees(error.coefficients, [60.279469489157, -0.957305324749, -0.304559259042]))
    #expect(agrees(error.standardErrors, [5.365593856932, 0.334230754477, 0.092047315646]))
    let lambda = try #require(error.spatial)
    #expect(agrees([lambda.value, lambda.error], [0.546753040648, 0.138050776538]))
    #expect(agrees([error.logLikelihood ?? 0], [-183.74942806206], within: 1e-10))
    #expect(agrees([error.fit], [0.53618491310907], within: 1e-7))
    let stages = try Columbus.regression(.twoStage)
    #expect(agrees(stages.coefficients, [43.96319089759, -1.009637155377, -0.265793483383], within: 1e-9))
    #expect(agrees(stages.standardErrors, [10.768084729591, 0.372394845943, 0.088602579602], within: 1e-9))
    #expect(
      agrees([stages.spatial?.value ?? 0, stages.spatial?.error ?? 0], [0.453490822696, 0.183417246254], within: 1e-9))
    #expect(agrees([stages.fit], [0.5785724858051], within: 1e-9))
    let plain = try Columbus.regression(.none)
    #expect(agrees([plain.logLikelihood ?? 0, plain.akaike ?? 0], [-187.37723881215, 380.75447762430], within: 1e-10))
  }

  // spreg's LMtests and MoranRes; spdep's lm.LMtests and lm.morantest.
  @Test func columbusLeavesALag() throws {
    let tests = try #require(SpatialDiagnostics(Columbus.crime, on: Columbus.design, weights: Columbus.weights))
    let found = [tests.error, tests.lag, tests.robustError, tests.robustLag, tests.both]
    #expect(
      agrees(
        found.map(\.value), [5.206213923882, 8.897998591088, 0.043905931885, 3.735690599091, 8.941904522973],
        within: 1e-10))
    #expect(
      agrees(
        found.compactMap(\.p), [0.022506293821, 0.002854833951, 0.834028723932, 0.053261645051, 0.011436420201],
        within: 1e-9))
    #expect(
      agrees(
        [tests.moran, tests.expected, tests.z ?? 0], [0.222109406579, -0.033418334576, 2.839318934513], within: 1e-9))
  }

  /// The determinant and the solution of `I - ρW` against elimination of the whole matrix.
  @Test(arguments: [-0.9, -0.3, 0, 0.4, 0.95]) func bandsGiveWhatTheWholeMatrixGives(_ rho: Double) throws {
    var generator = SeededGenerator(seed: 11)
    // Asymmetric, with an island and two parts.
    let rows: [[Int]] = (0..<40).map { place in
      place == 7
        ? [] : (0..<3).map { _ in (place < 20 ? 0 : 20) + generator.below(20) }.filter { $0 != place && $0 != 7 }
    }
    let weights = SpatialWeights(neighbours: rows).transformed(.row)
    var whole = Matrix.identity(40)
    for place in 0..<40 {
      for entry in weights.row(place) { whole[place, weights.neighbours[entry]] -= rho * weights.values[entry] }
    }
    let factors = BandedFactorization(weights, rho: rho, layout: .init(weights))
    let right = Matrix.random(1, 40, using: &generator).elements
    let exact = try LUFactorization(whole)
    #expect(agrees(factors.solve(right), exact.solve(right), within: 1e-11))
    // ln det by eigenvalues of the symmetric product: ½ ln det (A'A).
    let values = try #require(whole.transposed.multiplied(by: whole).symmetricEigenpairs).map(\.value)
    #expect(abs(factors.logDeterminant - values.reduce(0) { $0 + log($1) } / 2) < 1e-9)
  }

  /// The likelihood that is found is the largest: a naive one on a grid is nowhere above it, and comes near.
  @Test func noOtherRhoIsMoreLikely() throws {
    var generator = SeededGenerator(seed: 5)
    let rows = (0..<30).map { place in [place - 1, place + 1, place - 6, place + 6].filter { (0..<30).contains($0) } }
    let weights = SpatialWeights(neighbours: rows).transformed(.row)
    let layout = BandedFactorization.Layout(weights)
    for round in 0..<4 {
      let x = (0..<30).map { _ in generator.unit() }
      let noise = x.map { 2 * $0 + generator.unit() }
      let y = BandedFactorization(weights, rho: Double(round) * 0.3 - 0.4, layout: layout).solve(noise)
      let design = Matrix(rows: x.map { [1, $0] })
      let found = try #require(try SpatialRegression(y, on: design, weights: weights, model: .lag))
      let lag = weights.lag(y)
      var best = -Double.infinity
      for step in -198...198 {
        let rho = Double(step) / 200
        let plain = try #require(LeastSquares(zip(y, lag).map { $0 - rho * $1 }, on: design))
        let variance = plain.residuals.reduce(0) { $0 + $1 * $1 } / 30
        let value =
          BandedFactorization(weights, rho: rho, layout: layout).logDeterminant - 15
          * (log(2 * Double.pi * variance) + 1)
        best = max(best, value)
      }
      let most = try #require(found.logLikelihood)
      #expect(most >= best - 1e-9 && most - best < 0.01)
    }
  }

  @Test func whatCannotBeEstimatedIsMissing() throws {
    let weights = Columbus.weights
    let constant = Matrix(rows: Columbus.crime.map { _ in [1] })
    let twice = Matrix(rows: Columbus.income.map { [1, $0, 2 * $0] })
    for model in SpatialRegression.Model.allCases {
      #expect(try SpatialRegression(Columbus.crime, on: twice, weights: weights, model: model) == nil)
      #expect(
        try SpatialRegression(Columbus.crime.map { _ in 3 }, on: Columbus.design, weights: weights, model: model) == nil
      )
      // A line that fits perfectly leaves nothing.
      #expect(try SpatialRegression(Columbus.income, on: Columbus.design, weights: weights, model: model) == nil)
    }
    #expect(
      try SpatialRegression(Columbus.crime, on: constant, weights: weights, model: .twoStage) == nil, "no instruments")
    #expect(try SpatialRegression(Columbus.crime, on: constant, weights: weights, model: .lag) != nil)
    let none = SpatialWeights(neighbours: Columbus.crime.map { _ in [] })
    #expect(SpatialDiagnostics(Columbus.crime, on: Columbus.design, weights: none) == nil)
    let alone = SpatialDiagnostics(Columbus.crime, on: constant, weights: weights)
    #expect(alone?.robustLag.p == nil && alone?.lag.p != nil, "the lag of a constant is a constant")
  }
}
