import CQMethods
import Foundation
import Testing

@Suite struct ConvergenceTests {
  static func counties() throws -> (start: [Double], end: [Double], east: [Double]) {
    let table = try Golden.input("german_counties_gdp_per_head")
    return (
      try table.numbers("gdp_1992"), try table.numbers("gdp_2014"), try table.texts("part").map { $0 == "West" ? 0 : 1 }
    )
  }

  @Test func sigmaOfGermanCounties() throws {
    let (start, end, _) = try Self.counties()
    let expected = try Golden.expected("092_sigma_convergence_cv_counties")
    let sigma = try #require(
      SigmaConvergence(start: start.filter(\.isFinite), end: end.filter(\.isFinite), measure: .variation))
    #expect(agree(sigma.start, try #require(try expected.number("", "CV 1992", "Estimate")), within: 1e-12))
    #expect(agree(sigma.end, try #require(try expected.number("", "CV 2014", "Estimate")), within: 1e-12))
    #expect(
      agree(try #require(sigma.ratio), try #require(try expected.number("", "Quotient", "Estimate")), within: 1e-12))
    #expect(
      agree(try #require(sigma.fValue), try #require(try expected.number("", "Quotient", "F value")), within: 1e-12))
    #expect(sigma.degrees == (327, 401))
    let p = try #require(try expected.number("", "Quotient", "Pr (>F)"))
    #expect(abs(try #require(sigma.pValue) / p - 1) < 1e-9)
  }

  @Test func conditionalBetaOfGermanCounties() throws {
    let (start, end, east) = try Self.counties()
    let expected = try Golden.expected("095_beta_convergence_conditional_counties")
    let beta = try #require(BetaConvergence(start: start, end: end, years: 22, controls: [east]))
    for (column, name) in ["Alpha", "Beta", "East"].enumerated() {
      func reference(_ column: String) throws -> Double { try #require(try expected.number("estimates", name, column)) }
      #expect(abs(beta.regression.coefficients[column] / (try reference("Estimate")) - 1) < 1e-10)
      #expect(abs(beta.regression.standardErrors[column] / (try reference("Std. Error")) - 1) < 1e-10)
      #expect(abs(try #require(beta.regression.tValue(column)) / (try reference("t value")) - 1) < 1e-10)
      #expect(abs(try #require(beta.regression.pValue(column)) / (try reference("Pr (>|t|)")) - 1) < 1e-8)
    }
    func statistic(_ column: String) throws -> Double {
      try #require(try expected.number("modelstat", "R-Squared", column))
    }
    #expect(abs(beta.regression.rSquared / (try statistic("Estimate")) - 1) < 1e-10)
    #expect(abs(try #require(beta.regression.fValue) / (try statistic("F value")) - 1) < 1e-9)
    #expect(abs(try #require(beta.regression.fPValue) / (try statistic("Pr (>F)")) - 1) < 1e-7)
    #expect(beta.omittedCount == start.count - 328)
  }

  @Test func speedOfConvergenceIsBarrosNotReats() throws {
    let (start, end, _) = try Self.counties()
    let expected = try Golden.expected("098_beta_speed_textbook_counties")
    let beta = try #require(BetaConvergence(start: start, end: end, years: 22))
    #expect(agree(beta.beta, try #require(try expected.number("beta")), within: 1e-12))
    #expect(agree(try #require(beta.speed), try #require(try expected.number("lambda_bsm")), within: 1e-12))
    #expect(agree(try #require(beta.halfLife), try #require(try expected.number("halflife_bsm")), within: 1e-11))
  }

  @Test func aWorldThatConvergesAtAKnownSpeedGivesItBack() throws {
    // ln y moves to 10 by e^(−λT): the regression has no residual, so β = −(1 − e^(−λT)) / T.
    let speed = 0.03
    let start = (0..<20).map { exp(8 + 0.1 * Double($0 * $0 % 23)) }
    let end = start.map { exp(10 + (log($0) - 10) * exp(-speed * 15)) }
    let beta = try #require(BetaConvergence(start: start, end: end, years: 15))
    #expect(agree(try #require(beta.speed), speed, within: 1e-12))
    #expect(agree(try #require(beta.halfLife), log(2) / speed, within: 1e-9))
    #expect(agree(beta.regression.rSquared, 1, within: 1e-12))
  }

  @Test func speedIsMissingWhereThereIsNoConvergence() {
    #expect(BetaConvergence.speed(beta: 0.01, years: 10) == nil)
    #expect(BetaConvergence.speed(beta: -0.2, years: 10) == nil)
    #expect(BetaConvergence.speed(beta: -0.01, years: 0) == nil)
    #expect(BetaConvergence(start: [1, 2], end: [2, 3], years: 5) == nil)
    #expect(BetaConvergence(start: [1, -2, 3, .nan, 7], end: [2, 3, 4, 5, 11], years: 5)?.omittedCount == 2)
    #expect(SigmaConvergence(start: [3, 3], end: [3, 3])?.pValue == nil)
    #expect(SigmaConvergence(start: [0, 3], end: [3, 3]) == nil)
  }

  @Test func rankMobilityOfMexico() throws {
    let table = try Golden.input("mexican_states_gdp_per_head")
    let expected = try Golden.expected("101_rank_mobility_mexico")
    let columns = try InequalityTests.years.map { try table.numbers("gdp_\($0)") }
    let tau = try #require(Order.kendallTau(columns[0], columns[6]))
    #expect(agree(tau.tau, try #require(try expected.number("tau")), within: 1e-12))
    // giddy rounds √2 to eight digits.
    #expect(agree(tau.p, try #require(try expected.number("tau_p")), within: 1e-11))
    let groups = try table.numbers("hanson98").map { Int($0) }
    for step in 0..<6 {
      let theta = try #require(RankMobility.theta(start: columns[step], end: columns[step + 1], groups: groups))
      #expect(agree(theta, try #require(try expected.number("theta", "\(step + 1)")), within: 1e-12))
    }
    #expect(RankMobility.theta(start: [1, 2], end: [5, 6], groups: [0, 1]) == nil)
  }

  @Test func concordanceOfTwoRankingsIsSpearmans() throws {
    var random = SeededGenerator(seed: 23, stream: 0)
    for count in 3...20 {
      let x = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &random)) }
      let y = (0..<count).map { _ in Double(Int.random(in: 0...9, using: &random)) }
      let (rx, ry) = (Order.averageRanks(x), Order.averageRanks(y))
      let mean = Double(count + 1) / 2
      let products = zip(rx, ry).reduce(0) { $0 + ($1.0 - mean) * ($1.1 - mean) }
      let (sx, sy) = (rx.reduce(0) { $0 + pow($1 - mean, 2) }, ry.reduce(0) { $0 + pow($1 - mean, 2) })
      // W of two rankings without ties is (1 + ρ) / 2; with ties the mean of the variances takes their place.
      let w = try #require(GammaConvergence.concordance([x, y])).w
      #expect(agree(w, (sx + sy + 2 * products) / (2 * (sx + sy)), within: 1e-12))
    }
    #expect(GammaConvergence.concordance([[1, 2, 3], [1, 2, 3], [4, 5, 6]])?.w == 1)
    #expect(GammaConvergence.concordance([[1, 1], [2, 2]]) == nil)
    #expect(GammaConvergence.index(start: [1, 2, 3, 4], end: [10, 20, 30, 40]) == 1)
    #expect(GammaConvergence.index(start: [1, 2, 3, 4], end: [4, 3, 2, 1]) == 0)
  }
}
