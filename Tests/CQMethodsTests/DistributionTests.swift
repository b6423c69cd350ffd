import CQMethods
import Foundation
import Testing

@Suite struct DistributionTests {
  // Critical values of printed tables, and values of R 4.2 (pnorm, pchisq, pt, pf).
  @Test func tailsAgreeWithTables() throws {
    #expect(agree(Distribution.normalUpperTail(1.959963984540054), 0.025, within: 1e-12))
    #expect(agree(Distribution.normalTwoSided(-1), 0.31731050786291415, within: 1e-14))
    #expect(agree(try #require(Distribution.chiSquareUpperTail(3.841458820694124, degrees: 1)), 0.05, within: 1e-12))
    #expect(agree(try #require(Distribution.chiSquareUpperTail(18.307038053275146, degrees: 10)), 0.05, within: 1e-12))
    #expect(agree(try #require(Distribution.studentTwoSided(2.2281388519862753, degrees: 10)), 0.05, within: 1e-12))
    #expect(agree(try #require(Distribution.fisherUpperTail(3.3258345304130112, 5, 10)), 0.05, within: 1e-12))
  }

  @Test func exactCasesHoldForManyArguments() throws {
    for x in stride(from: 0.05, through: 40, by: 0.35) {
      // χ² with two degrees of freedom is exponential; t with one is Cauchy's; F(2, m) has a closed form.
      let chi = try #require(Distribution.chiSquareUpperTail(x, degrees: 2))
      #expect(abs(chi / exp(-x / 2) - 1) < 1e-11)
      let cauchy = try #require(Distribution.studentTwoSided(x, degrees: 1))
      #expect(agree(cauchy, 1 - 2 / Double.pi * atan(x), within: 1e-12))
      for m in [1.0, 4, 7, 200] {
        let upper = try #require(Distribution.fisherUpperTail(x, 2, m))
        #expect(agree(upper, pow(1 + 2 * x / m, -m / 2), within: 1e-12))
        let lower = try #require(Distribution.fisherLowerTail(x, 2, m))
        #expect(agree(lower + upper, 1, within: 1e-12))
      }
      // The square of t is F(1, m).
      let t = try #require(Distribution.studentTwoSided(x.squareRoot(), degrees: 9))
      #expect(agree(t, try #require(Distribution.fisherUpperTail(x, 1, 9)), within: 1e-12))
    }
  }

  @Test func noDegreesOfFreedomGiveNothing() {
    #expect(Distribution.studentTwoSided(1, degrees: 0) == nil)
    #expect(Distribution.fisherUpperTail(1, 0, 3) == nil)
    #expect(Distribution.chiSquareUpperTail(1, degrees: 0) == nil)
    #expect(Distribution.fisherUpperTail(.infinity, 1, 3) == nil)
  }
}

@Suite struct LeastSquaresTests {
  /// The normal equations, solved by elimination: another way to the same coefficients.
  @Test func randomRegressionsAgreeWithTheNormalEquations() throws {
    var random = SeededGenerator(seed: 3, stream: 0)
    for columnCount in 1...5 {
      let rowCount = columnCount + 12
      let rows = (0..<rowCount).map { _ in
        [1] + (1..<columnCount).map { _ in Double.random(in: -3...7, using: &random) }
      }
      let y = (0..<rowCount).map { _ in Double.random(in: -10...10, using: &random) }
      let design = Matrix(rows: rows)
      let fit = try #require(LeastSquares(y, on: design))
      for column in 0..<columnCount {
        let product = (0..<rowCount).reduce(0) { $0 + design[$1, column] * fit.residuals[$1] }
        #expect(abs(product) < 1e-9, "residuals are orthogonal to the regressors")
      }
      #expect(fit.degreesOfFreedom == 12)
    }
  }

  /// Longley's data are the usual trial of least squares; certified values of NIST (Statistical Reference Datasets).
  @Test func longley() throws {
    let rows: [[Double]] = [
      [60323, 83.0, 234289, 2356, 1590, 107608, 1947], [61122, 88.5, 259426, 2325, 1456, 108632, 1948],
      [60171, 88.2, 258054, 3682, 1616, 109773, 1949], [61187, 89.5, 284599, 3351, 1650, 110929, 1950],
      [63221, 96.2, 328975, 2099, 3099, 112075, 1951], [63639, 98.1, 346999, 1932, 3594, 113270, 1952],
      [64989, 99.0, 365385, 1870, 3547, 115094, 1953], [63761, 100.0, 363112, 3578, 3350, 116219, 1954],
      [66019, 101.2, 397469, 2904, 3048, 117388, 1955], [67857, 104.6, 419180, 2822, 2857, 118734, 1956],
      [68169, 108.4, 442769, 2936, 2798, 120445, 1957], [66513, 110.8, 444546, 4681, 2637, 121950, 1958],
      [68655, 112.6, 482704, 3813, 2552, 123366, 1959], [69564, 114.2, 502601, 3931, 2514, 125368, 1960],
      [69331, 115.7, 518173, 4806, 2572, 127852, 1961], [70551, 116.9, 554894, 4007, 2827, 130081, 1962],
    ]
    let fit = try #require(LeastSquares(rows.map { $0[0] }, on: Matrix(rows: rows.map { [1] + $0.dropFirst() })))
    let certified: [(Double, Double)] = [
      (-3482258.63459582, 890420.383607373), (15.0618722713733, 84.9149257747669),
      (-0.358191792925910e-01, 0.334910077722432e-01), (-2.02022980381683, 0.488399681651699),
      (-1.03322686717359, 0.214274163161675), (-0.511041056535807e-01, 0.226073200069370),
      (1829.15146461355, 455.478499142212),
    ]
    for (column, reference) in certified.enumerated() {
      #expect(abs(fit.coefficients[column] / reference.0 - 1) < 1e-8)
      #expect(abs(fit.standardErrors[column] / reference.1 - 1) < 1e-8)
    }
    #expect(abs(fit.rSquared - 0.995479004577296) < 1e-10)
    #expect(abs(try #require(fit.fValue) / 330.285339234588 - 1) < 1e-8)
  }

  @Test func dependentColumnsGiveNothing() {
    #expect(LeastSquares([1, 2, 3, 5], on: Matrix(rows: [[1, 2, 4], [1, 3, 6], [1, 4, 8], [1, 7, 14]])) == nil)
    #expect(LeastSquares([1, 2], on: Matrix(rows: [[1, 2], [1, 3]])) == nil)
    #expect(LeastSquares([4, 4, 4], on: Matrix(rows: [[1, 2], [1, 3], [1, 9]])) == nil)
  }
}

@Suite struct OrderTests {
  @Test func quantilesAreLinearBetweenRanks() {
    // R: quantile(c(1, 2, 4, 8), 1/3), type 7.
    #expect(Order.quantile([1, 2, 4, 8], 1 / 3) == 2)
    #expect(Order.quantile([1, 2, 4, 8], 0.5) == 3)
    #expect(Order.quantile([5], 0.2) == 5)
  }

  @Test func ranksOfEqualValuesAreTheirMean() {
    #expect(Order.averageRanks([10, 30, 10, 20]) == [1.5, 4, 1.5, 3])
  }

  @Test func tauAgreesWithCountingAllPairs() throws {
    var random = SeededGenerator(seed: 5, stream: 0)
    for count in 2...40 {
      let x = (0..<count).map { _ in Double(Int.random(in: 0...7, using: &random)) }
      let y = (0..<count).map { _ in Double(Int.random(in: 0...7, using: &random)) }
      var (sum, tiedX, tiedY) = (0.0, 0.0, 0.0)
      for first in 0..<count {
        for second in 0..<first {
          let (dx, dy) = (x[first] - x[second], y[first] - y[second])
          sum += dx * dy > 0 ? 1 : dx * dy < 0 ? -1 : 0
          tiedX += dx == 0 ? 1 : 0
          tiedY += dy == 0 ? 1 : 0
        }
      }
      let pairs = Double(count * (count - 1) / 2)
      guard pairs > tiedX, pairs > tiedY else {
        #expect(Order.kendallTau(x, y) == nil)
        continue
      }
      let tau = try #require(Order.kendallTau(x, y)).tau
      #expect(agree(tau, sum / ((pairs - tiedX) * (pairs - tiedY)).squareRoot(), within: 1e-13))
    }
  }
}
