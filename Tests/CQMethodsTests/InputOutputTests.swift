import Testing

@testable import CQMethods

@Suite struct InputOutputTests {
  private static let industries = [
    "agriculture_group", "industry_group", "construction", "trade_group", "business_services_group",
    "other_services_group",
  ]

  private static func germany() throws -> InputOutputTable {
    let table = try Golden.input("german_input_output_1995").matrix(rows: "from", columns: "to", value: "value")
    func value(_ row: String, _ column: String) throws -> Double {
      table.values[try #require(table.rowLabels.firstIndex(of: row))][
        try #require(table.columnLabels.firstIndex(of: column))]
    }
    return InputOutputTable(
      flows: Matrix(rows: try industries.map { row in try industries.map { try value(row, $0) } }),
      output: try industries.map { try value("output", $0) })
  }

  /// Flows whose industries sell more than they deliver to each other.
  static func random(_ size: Int, seed: Int) -> InputOutputTable {
    var generator = SeededGenerator(seed: seed)
    var flows = Matrix.random(size, size, using: &generator)
    for index in flows.elements.indices { flows.elements[index] = abs(flows.elements[index]) * 10 }
    let output = zip(flows.rowSums, flows.columnSums).map { max($0, $1) * (1.3 + generator.unit()) }
    return InputOutputTable(flows: flows, output: output)
  }

  @Test func closedModelOfMillerAndBlair() throws {
    let expected = try Golden.expected("125_io_miller_blair_closed")
    let coefficients = Matrix(rows: [[0.15, 0.25], [0.2, 0.05]])
    let households = Households(income: [0.3, 0.25], spending: [0.05, 0.4], ownSpending: 0.05)
    let inverse = try LUFactorization(coefficients.closed(with: households).leontief).inverse
    let names = ["1", "2", "hh"]
    for (row, rowName) in names.enumerated() {
      for (column, columnName) in names.enumerated() {
        let reference = try #require(try expected.number("L_closed", rowName, columnName))
        #expect(agree(inverse[row, column], reference, within: 1e-9))
      }
    }
    let leontief = try LUFactorization(coefficients.leontief).inverse
    let multipliers = try Multipliers(
      inverse: leontief, coefficients: coefficients, households: households)
    let simple = multipliers.effects(of: households.income)
    let total = try #require(multipliers.effectsWithHouseholds(of: households.income))
    let results: [(String, [Double])] = [
      ("type1_output", multipliers.output),
      ("type2_output_truncated", try #require(multipliers.outputWithHouseholds).truncated),
      ("type2_output_total", try #require(multipliers.outputWithHouseholds).total),
      ("simple_income", simple),
      ("type1_income", Multipliers.ratios(simple, to: households.income)),
      ("total_income", (0..<2).map { inverse[2, $0] }),
      ("type2_income", Multipliers.ratios((0..<2).map { inverse[2, $0] }, to: households.income)),
    ]
    for (result, values) in results {
      for (index, value) in values.enumerated() {
        let reference = try #require(try expected.number(result, "s\(index + 1)"))
        #expect(agree(value, reference, within: 1e-9), "\(result)")
      }
    }
    // What industries pay, without the twentieth that households pay each other.
    #expect(zip(total, (0..<2).map { inverse[2, $0] }).allSatisfy { agree($0, 0.95 * $1, within: 1e-12) })
  }

  @Test func linkagesOfGermany() throws {
    let table = try Self.germany()
    let expected = try Golden.expected("128_io_linkages_germany_1995")
    let linkages = Linkages(table, leontief: try table.leontiefInverse(), ghosh: try table.ghoshInverse())
    for (index, industry) in Self.industries.enumerated() {
      for (column, values) in [
        ("BL.dir", linkages.directBackward), ("FL.dir", linkages.directForward), ("BL.tot", linkages.backward),
        ("FL.tot", linkages.forward),
      ] {
        let reference = try #require(try expected.number("linkages", industry, column))
        #expect(agree(values[index], reference, within: 1e-9), "\(industry) \(column)")
      }
    }
    // The reference calls all six weak (III): its quadrants compare linkages that are not relative to their mean. Ours do.
    #expect(linkages.classes == [.key, .key, .backward, .weak, .forward, .weak])
    let direct = zip(table.inputCoefficients.columnSums, table.outputCoefficients.rowSums)
    for index in Self.industries.indices { #expect(try expected.text("key", "\(index + 1)") == "III") }
    #expect(direct.allSatisfy { $0 < 1 && $1 < 1 })
  }

  @Test func biproportionalFitOfThreeSectors() throws {
    let expected = try Golden.expected("131_io_ras_3sector")
    let coefficients = Matrix(rows: [[0.12, 0.21, 0.026], [0.1, 0.247, 0.249], [0.049, 0.265, 0.145]])
    let output: [Double] = [842, 568, 566]
    var flows = coefficients
    for row in 0..<3 { for column in 0..<3 { flows[row, column] *= output[column] } }
    let fit = try BiproportionalFit(flows, rowSums: [245, 136, 159], columnSums: [227, 144, 169], tolerance: 1e-14)
    for row in 0..<3 {
      for column in 0..<3 {
        let reference = try #require(try expected.number("A_ras", "\(row + 1)", "\(column + 1)"))
        #expect(agree(fit.matrix[row, column] / output[column], reference, within: 1e-8))
      }
    }
  }

  @Test func biproportionalFitSaysWhyNot() {
    let start = Matrix(rows: [[1, 2], [0, 0]])
    #expect(throws: BiproportionalFit.Failure.emptyRow(1)) {
      try BiproportionalFit(start, rowSums: [1, 1], columnSums: [1, 1])
    }
    #expect(throws: BiproportionalFit.Failure.emptyColumn(0)) {
      try BiproportionalFit(start.transposed.transposed.leontiefLike, rowSums: [1, 1], columnSums: [1, 1])
    }
    #expect(throws: BiproportionalFit.Failure.differentTotals(rows: 3, columns: 2)) {
      try BiproportionalFit(Matrix(rows: [[1, 1]]), rowSums: [3], columnSums: [1, 1])
    }
    #expect(throws: BiproportionalFit.Failure.negative) {
      try BiproportionalFit(Matrix(rows: [[1, -1]]), rowSums: [1], columnSums: [1, 0])
    }
    // The zeros leave the first row's 3 to a column that may hold 1.
    #expect(throws: BiproportionalFit.Failure.self) {
      try BiproportionalFit(
        Matrix(rows: [[1, 0], [1, 1]]), rowSums: [3, 1], columnSums: [1, 3], iterations: 200)
    }
  }

  @Test(arguments: [2, 5, 30, 75])
  func identitiesOfTheLeontiefAndGhoshInverses(_ size: Int) throws {
    let table = Self.random(size, seed: size)
    let inverse = try table.leontiefInverse()
    let ghosh = try table.ghoshInverse()
    #expect(table.inputCoefficients.satisfiesBrauerSolow)
    // Output from final demand, and from primary inputs.
    #expect(zip(inverse.multiplied(by: table.finalDemand), table.output).allSatisfy { agree($0, $1, within: 1e-10) })
    let primary = zip(table.output, table.flows.columnSums).map { $0 - $1 }
    #expect(zip(ghosh.leftMultiplied(by: primary), table.output).allSatisfy { agree($0, $1, within: 1e-10) })
    // G = x̂⁻¹ L x̂.
    for row in 0..<size {
      for column in 0..<size {
        let scaled = inverse[row, column] * table.output[column] / table.output[row]
        #expect(agree(ghosh[row, column], scaled, within: 1e-10))
      }
    }
    // The power series converges to the inverse.
    var (sum, power) = (Matrix.identity(size), Matrix.identity(size))
    for _ in 0..<400 {
      power = power.multiplied(by: table.inputCoefficients)
      for index in sum.elements.indices { sum.elements[index] += power.elements[index] }
    }
    #expect(sum.largestDifference(from: inverse) < 1e-8)
    // Value added per unit of final demand is 1 where all inputs are domestic.
    let valueAdded = zip(primary, table.output).map { $0 / $1 }
    let multipliers = try Multipliers(inverse: inverse, coefficients: table.inputCoefficients)
    #expect(multipliers.effects(of: valueAdded).allSatisfy { agree($0, 1, within: 1e-10) })
  }

  @Test(arguments: Extraction.allCases)
  func extractionsEqualSolvedSystems(_ extraction: Extraction) throws {
    let table = Self.random(9, seed: 31)
    let losses = extraction.losses(table, inverse: try table.leontiefInverse())
    for industry in 0..<table.size {
      var coefficients = table.inputCoefficients
      var demand = table.finalDemand
      for other in 0..<table.size {
        let isOther = other != industry
        if extraction == .all || (isOther && extraction != .forward) { coefficients[other, industry] = 0 }
        if extraction == .all || (isOther && extraction != .backward) { coefficients[industry, other] = 0 }
      }
      if extraction == .all { demand[industry] = 0 }
      let rest = try LUFactorization(coefficients.leontief).solve(demand)
      let loss = table.output.reduce(0, +) - rest.reduce(0, +)
      #expect(agree(losses[industry], loss, within: 1e-10), "\(industry)")
    }
  }

  @Test func anIndustryWithoutOutputIsHarmless() throws {
    let table = InputOutputTable(
      flows: Matrix(rows: [[10, 0, 5], [0, 0, 0], [20, 0, 30]]), output: [100, 0, 200])
    let inverse = try table.leontiefInverse()
    #expect(inverse[1, 1] == 1 && inverse[0, 1] == 0 && inverse[1, 2] == 0)
    #expect(Extraction.all.losses(table, inverse: inverse)[1] == 0)
    #expect(Linkages(table, leontief: inverse, ghosh: try table.ghoshInverse()).classes[1] == .weak)
    #expect(Multipliers.ratios([1, 0, 1], to: [0.5, 0, 0.25]).map(\.isNaN) == [false, true, false])
  }

  @Test func anEconomyThatUsesMoreThanItMakesIsSeen() {
    let table = InputOutputTable(flows: Matrix(rows: [[60, 0], [60, 50]]), output: [100, 200])
    #expect(!table.inputCoefficients.satisfiesBrauerSolow)
    #expect(!Matrix(rows: [[0.1, -0.2], [0, 0.5]]).satisfiesBrauerSolow)
  }

  @Test func regionalCoefficientsByHand() {
    let national: [Double] = [100, 300, 600]
    let regional: [Double] = [20, 20, 60]
    // SLQ = 0.2/0.1, 0.2/0.3, 0.6/0.6; the region is a tenth of the nation.
    let quotients = [2, 2.0 / 3, 1]
    let simple = Regionalization.simple.factors(regional: regional, national: national)
    let cross = Regionalization.crossIndustry.factors(regional: regional, national: national)
    let round = Regionalization.round.factors(regional: regional, national: national)
    let flegg = Regionalization.flegg.factors(regional: regional, national: national, delta: 0)
    for row in 0..<3 {
      for column in 0..<3 {
        let ratio = row == column ? quotients[row] : quotients[row] / quotients[column]
        #expect(agree(simple[row, column], min(quotients[row], 1), within: 1e-14))
        #expect(agree(cross[row, column], min(ratio, 1), within: 1e-14))
        // With δ = 0 the size of the region does not matter.
        #expect(agree(flegg[row, column], min(ratio, 1), within: 1e-14))
      }
    }
    // log2(1 + 2) = 1.58496…, log2(1 + 1) = 1.
    #expect(agree(round[1, 0], 2.0 / 3 / 1.584_962_500_721_156, within: 1e-14))
    #expect(agree(round[1, 2], 2.0 / 3, within: 1e-14))
  }

  @Test func fleggsSizeOfTheRegionByHand() {
    // A region as large as the nation has λ = log2(2)^δ = 1; half of it log2(1.5)^0.3 = 0.585^0.3 = 0.851….
    let national: [Double] = [100, 300]
    let whole = Regionalization.flegg.factors(regional: national, national: national)
    #expect(whole.elements == [1, 1, 1, 1])
    let half = Regionalization.flegg.factors(regional: [50, 150], national: national, delta: 0.3)
    #expect(half.elements.allSatisfy { agree($0, 0.851_410, within: 1e-4) })
    let larger = Regionalization.flegg.factors(regional: [50, 150], national: national, delta: 0.5)
    #expect(larger[0, 0] < half[0, 0])
    // Augmented: the buyer with SLQ 1.5 may need log2(2.5) times as much.
    let augmented = Regionalization.augmentedFlegg.factors(regional: [30, 30], national: [100, 200], delta: 0)
    #expect(agree(augmented[0, 0], 1.321_928_094_887_362, within: 1e-12))
    #expect(agree(augmented[1, 0], 0.5 * 1.321_928_094_887_362, within: 1e-12))
    #expect(augmented[0, 1] == 1)
  }

  @Test func aRegionWithoutAnIndustryBuysItElsewhere() {
    let factors = Regionalization.flegg.factors(regional: [0, 50], national: [10, 90])
    #expect(factors[0, 0] == 0 && factors[0, 1] == 0 && factors[1, 1] > 0)
    #expect(factors.elements.allSatisfy { $0.isFinite })
    let nowhere = Regionalization.flegg.factors(regional: [0, 0], national: [10, 90])
    #expect(nowhere.elements == [0, 0, 0, 0])
  }

  @Test func suppliersAndBuyersOfAGroup() {
    let flows = Matrix(rows: [[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    let chain = ValueChain(flows: flows, weights: [1, 0.5, 0])
    #expect(chain.deliveries == [2, 6.5, 11] && chain.purchases == [3, 4.5, 6])
    #expect(agree(chain.supplierShares[0], 2 / 19.5, within: 1e-15))
    #expect(ValueChain(flows: flows, weights: [0, 0, 0]).supplierShares.allSatisfy { $0.isNaN })
  }
}

extension Matrix {
  /// The first column emptied.
  fileprivate var leontiefLike: Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: columnCount, repeating: 1)
    for row in 0..<rowCount { result[row, 0] = 0 }
    return result
  }
}
