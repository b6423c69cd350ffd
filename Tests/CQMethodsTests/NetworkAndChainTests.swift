import CQColumns
import Foundation
import Testing

@testable import CQMethods

/// Communities, positions in chains of production, and volatility.
@Suite struct NetworkAndChainTests {
  /// Zachary (1977), Journal of Anthropological Research 33: ties of a karate club, from 0.
  static let karate: [(Int, Int)] = [
    (0, 1), (0, 2), (0, 3), (0, 4), (0, 5), (0, 6), (0, 7), (0, 8), (0, 10), (0, 11), (0, 12), (0, 13), (0, 17),
    (0, 19), (0, 21), (0, 31), (1, 2), (1, 3), (1, 7), (1, 13), (1, 17), (1, 19), (1, 21), (1, 30), (2, 3), (2, 7),
    (2, 8), (2, 9), (2, 13), (2, 27), (2, 28), (2, 32), (3, 7), (3, 12), (3, 13), (4, 6), (4, 10), (5, 6), (5, 10),
    (5, 16), (6, 16), (8, 30), (8, 32), (8, 33), (9, 33), (13, 33), (14, 32), (14, 33), (15, 32), (15, 33), (18, 32),
    (18, 33), (19, 33), (20, 32), (20, 33), (22, 32), (22, 33), (23, 25), (23, 27), (23, 29), (23, 32), (23, 33),
    (24, 25), (24, 27), (24, 31), (25, 31), (26, 29), (26, 33), (27, 33), (28, 31), (28, 33), (29, 32), (29, 33),
    (30, 32), (30, 33), (31, 32), (31, 33), (32, 33),
  ]

  static func network(_ count: Int, _ ties: [(Int, Int)]) -> [[Int: Double]] {
    var links = [[Int: Double]](repeating: [:], count: count)
    for (one, other) in ties {
      links[one][other] = 1
      links[other][one] = 1
    }
    return links
  }

  /// The best known division has 0.4198 (Medus, Acuña and Dorso 2005); networkx 3.6's Louvain finds 0.4156 to 0.4198.
  @Test func communitiesOfTheKarateClub() throws {
    let found = try Communities(Self.network(34, Self.karate))
    #expect(found.modularity > 0.41 && found.modularity < 0.41979)
    #expect(Set(found.groups).count >= 3 && Set(found.groups).count <= 5)
    #expect(found.groups[33] == found.groups[32] && found.groups[0] != found.groups[33])
    #expect(try found.groups == Communities(Self.network(34, Self.karate)).groups)
  }

  /// Against the sum over all pairs of nodes.
  @Test(arguments: 0..<20) func modularityAgreesWithItsDefinition(number: Int) throws {
    var random = SeededGenerator(seed: 17, stream: number)
    let count = 2 + number
    var links = [[Int: Double]](repeating: [:], count: count)
    for one in 0..<count {
      for other in 0..<one where random.below(3) == 0 {
        links[one][other] = random.unit()
        links[other][one] = links[one][other]
      }
    }
    let degrees = links.map { $0.values.reduce(0, +) }
    let total = degrees.reduce(0, +)
    let groups = (0..<count).map { _ in random.below(3) }
    var naive = 0.0
    for one in 0..<count {
      for other in 0..<count where groups[one] == groups[other] && total > 0 {
        naive += ((links[one][other] ?? 0) - degrees[one] * degrees[other] / total) / total
      }
    }
    #expect(abs(Communities.modularity(links, groups: groups) - naive) < 1e-12)
    let found = try Communities(links)
    // No single move makes it better.
    for node in 0..<count {
      for group in Set(found.groups) {
        var moved = found.groups
        moved[node] = group
        #expect(Communities.modularity(links, groups: moved) <= found.modularity + 1e-9)
      }
    }
  }

  @Test func networksWithoutTies() throws {
    #expect(try Communities([]).groups.isEmpty && Communities([[:], [:]]).groups == [0, 1])
    #expect(try Communities([[:], [:]]).modularity == 0)
    let cliques = Self.network(6, [(0, 1), (1, 2), (0, 2), (3, 4), (4, 5), (3, 5)])
    #expect(
      try Communities(cliques).groups == [0, 0, 0, 1, 1, 1] && abs(Communities(cliques).modularity - 0.5) < 1e-12)
  }

  // MARK: - Chains of production

  /// Miller and Blair's (2009) table 2.3 (flows 150, 500; 200, 100; output 1000, 2000), by numpy.
  @Test func positionsOfTwoIndustries() throws {
    let table = InputOutputTable(flows: Matrix(rows: [[150, 500], [200, 100]]), output: [1_000, 2_000])
    let (leontief, ghosh) = (try table.leontiefInverse(), try table.ghoshInverse())
    let up = ProductionChains.upstreamness(ghosh: ghosh)
    #expect(agree(up[0], 1.91419142, within: 1e-8) && agree(up[1], 1.25412541, within: 1e-8))
    let down = ProductionChains.downstreamness(leontief: leontief)
    #expect(agree(down[0], 1.51815182, within: 1e-8) && agree(down[1], 1.45214521, within: 1e-8))
    let rounds = ProductionChains.propagationLengths(leontief: leontief)
    #expect(agree(rounds[0, 0], 1.59701684, within: 1e-8) && agree(rounds[1, 0], 1.37623762, within: 1e-8))
    let products = ProductionChains.multiplierProducts(leontief: leontief)
    #expect(zip(products.rowSums, leontief.rowSums).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(products.columnSums, leontief.columnSums).allSatisfy { abs($0 - $1) < 1e-12 })
    let field = ProductionChains.fieldOfInfluence(leontief: leontief)
    #expect(agree(field[0, 1], 0.98418112, within: 1e-8) && agree(field[1, 1], 0.89819199, within: 1e-8))
  }

  /// Against power series and a changed coefficient.
  @Test(arguments: 0..<15) func chainsAgreeWithTheirDefinitions(number: Int) throws {
    var random = SeededGenerator(seed: 23, stream: number)
    let size = 2 + number % 6
    var flows = Matrix(rowCount: size, columnCount: size)
    for index in flows.elements.indices { flows.elements[index] = random.below(4) == 0 ? 0 : 10 * random.unit() }
    let output = (0..<size).map { row in
      1.5 * max(flows.rowSums[row], flows.columnSums[row]) + 1
    }
    let table = InputOutputTable(flows: flows, output: output)
    let leontief = try table.leontiefInverse()
    let coefficients = table.inputCoefficients
    var (power, sum, weighted) = (
      Matrix.identity(size), Matrix(rowCount: size, columnCount: size), Matrix(rowCount: size, columnCount: size)
    )
    for step in 1...400 {
      power = power.multiplied(by: coefficients)
      for index in power.elements.indices {
        sum.elements[index] += power.elements[index]
        weighted.elements[index] += Double(step) * power.elements[index]
      }
    }
    let rounds = ProductionChains.propagationLengths(leontief: leontief)
    for index in sum.elements.indices where sum.elements[index] > 1e-9 {
      #expect(agree(rounds.elements[index], weighted.elements[index] / sum.elements[index], within: 1e-8))
    }
    // U_i = 1 + Σ_j b_ij U_j.
    let up = ProductionChains.upstreamness(ghosh: try table.ghoshInverse())
    let next = table.outputCoefficients.multiplied(by: up)
    for row in 0..<size { #expect(agree(up[row], 1 + next[row], within: 1e-9)) }
    // The change of the inverse with one coefficient, by differences.
    let field = ProductionChains.fieldOfInfluence(leontief: leontief)
    func change(with cell: (Int, Int)) throws -> Double {
      var changed = coefficients
      changed[cell.0, cell.1] += 1e-6
      let inverse = try LUFactorization(changed.leontief).inverse
      return zip(inverse.elements, leontief.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }
    let ratio = try change(with: (0, 1)) / change(with: (1, 0))
    #expect(agree(field[0, 1] / field[1, 0], ratio, within: 1e-4))
    // What final demand needs is value added, made at home, or imported.
    var (home, abroad) = (coefficients, coefficients)
    for index in home.elements.indices {
      home.elements[index] *= 0.7
      abroad.elements[index] *= 0.3
    }
    let domestic = try LUFactorization(home.leontief).inverse
    let content = ProductionChains.importContent(imported: abroad, leontief: domestic)
    let added = domestic.leftMultiplied(by: coefficients.columnSums.map { 1 - $0 })
    for column in 0..<size { #expect(agree(content[column] + added[column], 1, within: 1e-9)) }
  }

  /// The two ways to weigh the parts, averaged; and they add up to the change.
  @Test(arguments: 0..<15) func decompositionsAddUp(number: Int) throws {
    var random = SeededGenerator(seed: 29, stream: number)
    let size = 2 + number % 5
    func table() throws -> (leontief: Matrix, demand: [Double], output: [Double]) {
      var flows = Matrix(rowCount: size, columnCount: size)
      for index in flows.elements.indices { flows.elements[index] = 10 * random.unit() }
      let output = (0..<size).map { 2 * max(flows.rowSums[$0], flows.columnSums[$0]) + random.unit() }
      let made = InputOutputTable(flows: flows, output: output)
      return (try made.leontiefInverse(), made.finalDemand, output)
    }
    let (one, other) = (try table(), try table())
    let parts = ProductionChains.decomposition(
      before: (one.leontief, one.demand), after: (other.leontief, other.demand))
    for row in 0..<size {
      #expect(agree(parts.technology[row] + parts.demand[row], other.output[row] - one.output[row], within: 1e-9))
      var (first, second) = (0.0, 0.0)
      for column in 0..<size {
        let change = other.leontief[row, column] - one.leontief[row, column]
        first += change * one.demand[column]
        second += change * other.demand[column]
      }
      #expect(abs(parts.technology[row] - (first + second) / 2) < 1e-9 * max(1, abs(first) + abs(second)))
    }
  }

  // MARK: - Volatility

  @Test func volatilityOfSeries() throws {
    let steady = Volatility([100, 110, 121, 133.1])
    #expect(try abs(#require(steady.deviation)) < 1e-12 && agree(#require(steady.mean), log(1.1), within: 1e-12))
    let uneven = Volatility([1, 2, 1])
    #expect(try agree(#require(uneven.deviation), log(2) * 2.0.squareRoot(), within: 1e-12))
    #expect(uneven.successive == 1 && uneven.count == 2 && uneven.mean == 0)
    let gap = Volatility([1, nil, 4, 8])
    #expect(gap.count == 1 && gap.deviation == nil && gap.successive == 16)
    #expect(Volatility([0, 5, 5]).count == 1 && Volatility([]).mean == nil && Volatility([3]).successive == nil)
  }

  @Test func volatilityByPlaceSortsYearsAndMindsGaps() throws {
    let kernel = try #require(KernelRegistry.kernel("volatility"))
    let output = try kernel.run(
      KernelInput(
        operands: ["value": KernelValues([4, 1, 2, 5, 5, 0], [.known, .known, .known, .known, .known, .withheld])],
        texts: ["place": ["A", "A", "A", "B", "B", "B"], "year": ["3", "1", "2", "1", "3", "2"]],
        codes: ["year": ["3", "1", "2", "1", "3", "2"]]))
    #expect(output.texts == [["A", "B"]])
    #expect(output.columns[3].values == [2, 0], "no growth across B's withheld year")
    #expect(abs(output.columns[0].values[0]) < 1e-12 && output.columns[0].states[1] == .missing)
    #expect(output.notes.count == 2)
  }
}

/// The log t test against numpy (heteroskedasticity and autocorrelation consistent matrix of the whole regression), clubs by construction.
@Suite struct ClubConvergenceTests {
  static func panel() -> Matrix {
    var panel = Matrix(rowCount: 8, columnCount: 20)
    for place in 0..<8 {
      for year in 0..<20 {
        let gap = Double(5 * ((place * 7) % 5) - 10) * pow(0.9, Double(year)) * 0.3
        let noise = 0.2 * Double((place * 13 + year * 29) % 11 - 5) / 5
        panel[place, year] = 10 + Double(place) + gap + noise + (place >= 5 ? 0.5 * Double(year) : 0)
      }
    }
    return panel
  }

  @Test func logTAsNumpyHasIt() throws {
    let references: [(ClosedRange<Int>, Double, Double)] = [
      (0...7, -1.483035933424636, 0.024988473004006397),
      (0...4, -0.18839643141434367, 0.03644290597828219),
      (5...7, 0.8303395480730351, 0.0887506812976519),
    ]
    for (members, slope, error) in references {
      let found = try #require(ClubConvergence.test(Self.panel(), members: Array(members)))
      #expect(agree(found.slope, slope, within: 1e-9) && agree(found.standardError, error, within: 1e-8))
      #expect(agree(found.t, slope / error, within: 1e-8))
    }
  }

  /// Two groups on paths that part, each coming together.
  @Test func clubsThatWereMadeAreFound() throws {
    var random = SeededGenerator(seed: 91)
    var panel = Matrix(rowCount: 12, columnCount: 30)
    for place in 0..<12 {
      let start = 3 * (random.unit() - 0.5)
      for year in 0..<30 {
        let path = place % 2 == 0 ? 20 + 1.0 * Double(year) : 20 + 0.2 * Double(year)
        panel[place, year] = path + start * pow(Double(year + 1), -1.5)
      }
    }
    let found = try ClubConvergence.clubs(panel)
    #expect(found.clubs.count == 2 && found.rest.isEmpty)
    #expect(found.clubs.map { Set($0) } == [[0, 2, 4, 6, 8, 10], [1, 3, 5, 7, 9, 11]])
  }

  @Test func panelsThatSayNothing() throws {
    #expect(ClubConvergence.test(Self.panel(), members: [1]) == nil)
    let equal = Matrix(rowCount: 3, columnCount: 12, repeating: 5)
    #expect(ClubConvergence.test(equal, members: [0, 1, 2]) == nil)
    #expect(ClubConvergence.test(Matrix(rowCount: 3, columnCount: 3, repeating: 5), members: [0, 1]) == nil)
    #expect(try ClubConvergence.clubs(equal).rest.count == 3)
    #expect(try ClubConvergence.clubs(Matrix(rowCount: 0, columnCount: 0)).clubs.isEmpty)
  }
}
