import Testing

@testable import CQMethods

@Suite struct MultivariateTests {
  private let indicators: Matrix = {
    var result = Matrix(rowCount: 12, columnCount: 4)
    for i in 0..<12 {
      for j in 0..<4 {
        let step = (i * i * 3 + j * 17 * i + j * 5) % 23
        result[i, j] = Double(step) + Double(j + 1) * Double(i) * 0.7
      }
    }
    return result
  }()

  private func agrees(_ found: Matrix, _ expected: [[Double]], within tolerance: Double = 1e-9) -> Bool {
    found.rowCount == expected.count
      && found.largestDifference(from: Matrix(rows: expected)) <= tolerance
  }

  // scikit-learn 1.x, PCA(whiten=True) of standard scores; statsmodels' rotate_factors for varimax, which
  // stops where six digits are settled.
  @Test func componentsAsScikitLearnHasThem() throws {
    let scores = try #require(PrincipalComponents.standardised(indicators))
    let correlations = PrincipalComponents.correlations(scores)
    let found = try #require(PrincipalComponents(correlations: correlations, count: 2))
    let values = [2.961601415345, 0.583125670938, 0.354860847713, 0.100412066004]
    #expect(zip(found.eigenvalues, values).allSatisfy { abs($0 - $1) < 1e-11 })
    #expect(
      agrees(
        found.loadings,
        [
          [0.7815620579527389, 0.5242691662152348], [0.8141694189869043, -0.5099800042647729],
          [0.8853575833824928, 0.16348816971699416], [0.9508061167488998, -0.1464907022335408],
        ]))
    let first = Matrix(rows: (0..<3).map { row in (0..<2).map { found.scores(scores)[row, $0] } })
    #expect(
      agrees(
        first,
        [
          [-1.305108975679306, -0.24888828642126165], [-1.7152297290903167, 0.37500592002649136],
          [-0.18391067348719056, 1.3976886128535388],
        ]))
    let turned = try #require(PrincipalComponents(correlations: correlations, count: 2, isRotated: true))
    #expect(
      agrees(
        turned.loadings,
        [
          [0.19647000286550076, 0.9203786976290618], [0.9395901307645428, 0.20030435275659828],
          [0.5220691722893206, 0.7335054270425264], [0.7847770992974459, 0.5564321179679375],
        ], within: 1e-5))
    #expect(PrincipalComponents(correlations: correlations)?.explained.count == 1, "one eigenvalue of at least 1")
  }

  @Test(arguments: [3, 5, 8]) func componentsHoldWhatTheIndicatorsHold(_ width: Int) throws {
    var generator = SeededGenerator(seed: width)
    let table = Matrix.random(30, width, using: &generator)
    let scores = try #require(PrincipalComponents.standardised(table))
    let correlations = PrincipalComponents.correlations(scores)
    for isRotated in [false, true] {
      let found = try #require(PrincipalComponents(correlations: correlations, count: width, isRotated: isRotated))
      #expect(found.loadings.multiplied(by: found.loadings.transposed).largestDifference(from: correlations) < 1e-9)
      #expect(abs(found.explained.reduce(0, +) - Double(width)) < 1e-9)
      let components = found.scores(scores)
      let again = components.transposed.multiplied(by: components)
      var expected = Matrix.identity(width)
      for index in 0..<width { expected[index, index] = 29 }
      #expect(again.largestDifference(from: expected) < 1e-7, "uncorrelated, of variance 1")
    }
  }

  @Test func whatHasNoComponents() {
    #expect(PrincipalComponents.standardised(Matrix(rows: [[1, 2], [1, 3], [1, 5]])) == nil, "the same everywhere")
    #expect(PrincipalComponents(correlations: Matrix(rowCount: 0, columnCount: 0)) == nil)
    // Two equal indicators are one component.
    let twice = PrincipalComponents(correlations: Matrix(rows: [[1, 1], [1, 1]]), count: 2, isRotated: true)
    #expect(twice?.loadings.columnCount == 1)
  }

  private let points: Matrix = {
    var result = Matrix(rowCount: 24, columnCount: 3)
    for i in 0..<24 {
      let side = Double(i % 3)
      result[i, 0] = side * 10 + Double((i * i * 7) % 11) * 0.5
      result[i, 1] = side * 4 + Double((i * 5) % 7) * 0.6
      result[i, 2] = Double((i * 13) % 17) * 0.3
    }
    return result
  }()

  // scikit-learn, KMeans(3, n_init=50) and silhouette_samples.
  @Test func groupsAsScikitLearnHasThem() throws {
    let scores = try #require(PrincipalComponents.standardised(points))
    let found = try #require(try KMeans(scores, count: 3))
    #expect(abs(found.within - 22.986039471201437) < 1e-9)
    #expect((0..<3).map { group in found.groups.count { $0 == group } } == [8, 8, 8])
    let silhouettes = try found.silhouettes(scores).compactMap(\.self)
    #expect(abs(silhouettes[0] - 0.477896541145) < 1e-10 && abs(silhouettes[2] - 0.581966464905) < 1e-10)
    #expect(abs(silhouettes.reduce(0, +) / 24 - 0.370845969456141) < 1e-10)
    #expect(abs(found.total - 23 * 3) < 1e-9, "three indicators of variance 1")
  }

  /// No division of few points into two groups is better, by trying all of them.
  @Test(arguments: 1...6) func fewPointsAreDividedInTheBestWay(_ seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    let table = Matrix.random(9, 2, using: &generator)
    let found = try #require(try KMeans(table, count: 2, starts: 50, seed: seed))
    var least = Double.infinity
    for mask in 1..<255 {
      var sum = 0.0
      for side in 0..<2 {
        let members = (0..<9).filter { mask >> $0 & 1 == side }
        for column in 0..<2 {
          let mean = members.reduce(0) { $0 + table[$1, column] } / Double(members.count)
          sum += members.reduce(0) { $0 + (table[$1, column] - mean) * (table[$1, column] - mean) }
        }
      }
      least = min(least, sum)
    }
    #expect(abs(found.within - least) < 1e-12)
  }

  @Test func groupsOfEqualPoints() throws {
    let same = Matrix(rows: [[1, 1], [1, 1], [1, 1]])
    let found = try #require(try KMeans(same, count: 2))
    #expect(found.groups == [0, 0, 0] && found.within == 0)
    #expect(try found.silhouettes(same).allSatisfy { $0 == nil })
    #expect(try KMeans(Matrix(rowCount: 0, columnCount: 2), count: 2) == nil)
    let alone = try #require(try KMeans(Matrix(rows: [[0], [0.1], [9]]), count: 2))
    #expect(try alone.groups == [0, 0, 1] && alone.silhouettes(Matrix(rows: [[0], [0.1], [9]]))[2] == 0)
  }

  /// Against the four correlations of each pair, one by one.
  @Test func chainLinksAreTheLargestOfFourCorrelations() throws {
    var generator = SeededGenerator(seed: 4)
    var flows = Matrix.random(7, 7, using: &generator)
    for index in flows.elements.indices { flows.elements[index] = abs(flows.elements[index]) }
    for index in 0..<7 { flows[index, 6] = 0 }
    let links = ChainFactors.links(flows)
    #expect(links.used == Array(0..<6), "the last industry receives nothing")
    let buys = (0..<6).map { i in (0..<6).map { flows[$0, i] / flows.columnSums[i] } }
    let sells = (0..<6).map { i in (0..<6).map { flows[i, $0] / flows.rowSums[i] } }
    for one in 0..<6 {
      for other in 0..<6 where other != one {
        let expected =
          [
            correlation(buys[one], buys[other]), correlation(sells[one], sells[other]),
            correlation(buys[one], sells[other]),
            correlation(sells[one], buys[other]),
          ].max() ?? 0
        #expect(abs(links.matrix[one, other] - expected) < 1e-12)
      }
    }
  }
}
