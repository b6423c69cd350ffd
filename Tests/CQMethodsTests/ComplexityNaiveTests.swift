import Foundation
import Testing

@testable import CQMethods

/// Complexity and relatedness against their formulas, cell by cell, on random data.
@Suite struct ComplexityNaiveTests {
  static func randomPresence(_ rows: Int, _ columns: Int, fill: Double, seed: Int) -> PresenceMatrix {
    var generator = SeededGenerator(seed: seed)
    return PresenceMatrix(
      rowCount: rows, columnCount: columns, isPresent: (0..<rows * columns).map { _ in generator.unit() < fill })
  }

  static let presences = [
    randomPresence(5, 7, fill: 0.5, seed: 1), randomPresence(40, 70, fill: 0.2, seed: 2),
    randomPresence(130, 65, fill: 0.1, seed: 3), randomPresence(12, 200, fill: 0.02, seed: 4),
  ]

  private func number(_ presence: PresenceMatrix, _ row: Int, _ column: Int) -> Double {
    presence[row: row, column: column] ? 1 : 0
  }

  @Test(arguments: presences.indices)
  func countsAreSums(_ index: Int) {
    let presence = Self.presences[index]
    let (rows, columns) = (0..<presence.rowCount, 0..<presence.columnCount)
    #expect(presence.diversity == rows.map { row in columns.count { presence[row: row, column: $0] } })
    #expect(presence.ubiquity == columns.map { column in rows.count { presence[row: $0, column: column] } })
    let counts = presence.coOccurrence
    for first in rows {
      for second in rows {
        let both = columns.count { presence[row: first, column: $0] && presence[row: second, column: $0] }
        #expect(counts[first * presence.rowCount + second] == Int32(both))
      }
    }
  }

  /// The second eigenvector of the matrix as it is written, by power iteration without the constant part.
  @Test(arguments: [1, 2])
  func theIndexIsTheSecondEigenvector(_ which: Int) {
    let presence = Self.presences[which]
    let index = ComplexityIndex(presence)
    let core = presence.core()
    let kept = presence.selecting(rows: core.rows, columns: core.columns)
    #expect(index.isConverged && index.componentCount == 1)
    let (diversity, ubiquity) = (kept.diversity.map(Double.init), kept.ubiquity.map(Double.init))
    let places = core.rows.map { index.places[$0] }
    for row in 0..<kept.rowCount {
      var product = 0.0
      for other in 0..<kept.rowCount {
        for column in 0..<kept.columnCount {
          product +=
            number(kept, row, column) * number(kept, other, column) / (diversity[row] * ubiquity[column])
            * places[other]
        }
      }
      #expect(abs(product - index.secondEigenvalue * places[row]) < 1e-11)
    }
    // Orthogonal to the first eigenvector in the metric of the diversity.
    #expect(abs(dotProduct(places, diversity)) < 1e-9 * dotProduct(diversity, diversity).squareRoot())
    #expect(correlation(diversity, places) >= 0)
    let means = kept.transposed.means(of: places)
    #expect(zip(core.columns, means).allSatisfy { abs(index.activities[$0] - $1) < 1e-12 })
  }

  @Test func bothSidesGiveTheSameIndex() {
    let presence = Self.presences[1]
    let (straight, turned) = (ComplexityIndex(presence), ComplexityIndex(presence.transposed))
    #expect(agree(straight.secondEigenvalue, turned.secondEigenvalue, within: 1e-12))
    let first = standardScores(straight.places)
    let second = standardScores(turned.activities)
    let sign: Double = first[0] * second[0] < 0 ? -1 : 1
    #expect(zip(first, second).allSatisfy { $0.isNaN ? $1.isNaN : abs($0 - sign * $1) < 1e-8 })
  }

  @Test func theLargestPartOfADisconnectedNetworkIsIndexed() {
    // Rows 0–3 with columns 0–3, rows 4–5 with columns 4–5, row 6 and column 6 with nothing.
    var isPresent = [Bool](repeating: false, count: 49)
    for (row, column) in [
      (0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2), (2, 3), (3, 3), (3, 0), (4, 4), (5, 5), (4, 5),
    ] {
      isPresent[row * 7 + column] = true
    }
    let presence = PresenceMatrix(rowCount: 7, columnCount: 7, isPresent: isPresent)
    let index = ComplexityIndex(presence)
    #expect(index.componentCount == 2)
    #expect(index.separatedPlaceCount == 2 && index.droppedPlaceCount == 1 && index.droppedActivityCount == 1)
    #expect(index.places.prefix(4).allSatisfy { !$0.isNaN } && index.places.suffix(3).allSatisfy { $0.isNaN })
    #expect(index.secondEigenvalue < 0.999)
    #expect(presence.components.map(\.rows) == [[0, 1, 2, 3], [4, 5], [6]])
  }

  @Test func samplesWithoutASecondDimensionHaveNoIndex() {
    let full = PresenceMatrix(rowCount: 4, columnCount: 5, isPresent: [Bool](repeating: true, count: 20))
    let single = PresenceMatrix(rowCount: 1, columnCount: 5, isPresent: [Bool](repeating: true, count: 5))
    let empty = PresenceMatrix(rowCount: 3, columnCount: 3, isPresent: [Bool](repeating: false, count: 9))
    let nothing = PresenceMatrix(rowCount: 0, columnCount: 0, isPresent: [])
    for presence in [full, single, empty, nothing] {
      let index = ComplexityIndex(presence)
      #expect(index.places.allSatisfy { $0.isNaN } && index.activities.allSatisfy { $0.isNaN })
      #expect(index.standardized().places.allSatisfy { $0.isNaN })
    }
  }

  @Test func trimmingGoesOnUntilNothingChanges() {
    // Column 2 has one place; without it row 2 has one column; without that column 1 has one place.
    let presence = PresenceMatrix(
      rowCount: 3, columnCount: 3,
      isPresent: [true, false, false, true, true, false, false, true, true])
    let core = presence.core(minimumDiversity: 2, minimumUbiquity: 2)
    #expect(core.rows.isEmpty && core.columns.isEmpty)
    #expect(presence.core().rows == [0, 1, 2])
  }

  @Test(arguments: presences.indices)
  func proximityDensityAndOutlook(_ which: Int) {
    let presence = Self.presences[which]
    let (places, products) = (0..<presence.rowCount, 0..<presence.columnCount)
    let ubiquity = presence.ubiquity.map(Double.init)
    let proximity = presence.proximity()
    let maximum = presence.proximity(.maximum)
    let cosine = presence.proximity(.cosine)
    let asymmetric = presence.proximity(.asymmetric, diagonal: 0)
    for first in products {
      for second in products where first != second {
        let both = Double(places.count { presence[row: $0, column: first] && presence[row: $0, column: second] })
        let larger = max(ubiquity[first], ubiquity[second])
        let smaller = min(ubiquity[first], ubiquity[second])
        #expect(proximity[first, second] == (larger > 0 ? both / larger : 0))
        #expect(maximum[first, second] == (smaller > 0 ? both / smaller : 0))
        #expect(asymmetric[first, second] == (smaller > 0 ? both / ubiquity[first] : 0))
        #expect(agree(cosine[first, second], smaller > 0 ? both / (larger * smaller).squareRoot() : 0, within: 1e-14))
      }
      #expect(proximity[first, first] == (ubiquity[first] > 0 ? 1 : 0) && asymmetric[first, first] == 0)
    }
    let density = relatednessDensity(of: presence, proximity: proximity)
    let complexity = standardScores(ComplexityIndex(presence).activities)
    let outlook = Outlook(presence: presence, proximity: proximity, density: density, complexity: complexity)
    let gain = opportunityGain(presence: presence, proximity: proximity, density: density, complexity: complexity)
    let totals = products.map { product in products.reduce(0) { $0 + proximity[product, $1] } }
    for place in places {
      var index = 0.0
      for product in products {
        let sum = products.reduce(0) { $0 + number(presence, place, $1) * proximity[product, $1] }
        if totals[product] == 0 {
          #expect(density[place, product].isNaN)
          continue
        }
        #expect(agree(density[place, product], sum / totals[product], within: 1e-12))
        if complexity[product].isNaN { continue }
        let lacking = 1 - number(presence, place, product)
        index += density[place, product] * lacking * complexity[product]
        let brought = products.reduce(0) {
          complexity[$1].isNaN || totals[$1] == 0
            ? $0 : $0 + (1 - number(presence, place, $1)) * proximity[product, $1] * complexity[$1] / totals[$1]
        }
        #expect(agree(outlook.gain[place, product], lacking * brought, within: 1e-10))
        let direct = products.reduce(0) {
          complexity[$1].isNaN
            ? $0 : $0 + (1 - number(presence, place, $1)) * proximity[product, $1] * complexity[$1] / totals[product]
        }
        #expect(
          agree(gain[place, product], direct - density[place, product] * complexity[product], within: 1e-10))
      }
      #expect(agree(outlook.index[place], index, within: 1e-10))
    }
  }

  @Test func nearestNeighboursLeaveTheActivityItselfOut() {
    let proximity = Matrix(rows: [[1, 0.5, 0.2], [0.5, 1, 0.4], [0.2, 0.4, 1]])
    let presence = PresenceMatrix(rowCount: 1, columnCount: 3, isPresent: [true, false, true])
    let one = relatednessDensity(of: presence, proximity: proximity, neighborCount: 1)
    #expect(one.elements == [0, 1, 0])
    let two = relatednessDensity(of: presence, proximity: proximity, neighborCount: 2)
    #expect(zip(two.elements, [0.2 / 0.7, 1, 0.2 / 0.6]).allSatisfy { agree($0, $1, within: 1e-14) })
  }

  @Test func relativeDensityIsAScoreOfTheOptions() {
    let presence = Self.presences[1]
    let density = relatednessDensity(of: presence, proximity: presence.proximity())
    let relative = relativeDensity(density, presence: presence)
    for place in 0..<presence.rowCount {
      let options = (0..<presence.columnCount).filter { !presence[row: place, column: $0] && !density[place, $0].isNaN }
      let scores = options.map { relative[place, $0] }
      #expect(abs(scores.reduce(0, +)) < 1e-9)
      #expect(agree(scores.reduce(0) { $0 + $1 * $1 }, Double(options.count - 1), within: 1e-9))
    }
  }

  /// Associations of independent activities are near 1; identities of the four measures.
  @Test func relatednessFromCoOccurrence() {
    let presence = Self.presences[2]
    let counts = presence.transposed.coOccurrence
    let size = presence.columnCount
    func count(_ first: Int, _ second: Int) -> Double { first == second ? 0 : Double(counts[first * size + second]) }
    let sums = (0..<size).map { row in (0..<size).reduce(0) { $0 + count(row, $1) } }
    let total = sums.reduce(0, +)
    let association = coOccurrenceRelatedness(of: presence)
    let cosine = coOccurrenceRelatedness(of: presence, method: .cosine)
    let occurrence = coOccurrenceRelatedness(of: presence, method: .association, marginals: .occurrence)
    let ubiquity = presence.ubiquity.map(Double.init)
    for first in 0..<size {
      for second in 0..<size where first != second {
        let expected = count(first, second) / total / (sums[first] / total * (sums[second] / total))
        #expect(agree(association[first, second], expected.isNaN ? 0 : expected, within: 1e-12))
        let angle = count(first, second) / (sums[first] * sums[second]).squareRoot()
        #expect(agree(cosine[first, second], angle.isNaN ? 0 : angle, within: 1e-12))
        let chance = count(first, second) * Double(presence.rowCount) / (ubiquity[first] * ubiquity[second])
        #expect(agree(occurrence[first, second], chance.isNaN ? 0 : chance, within: 1e-12))
      }
    }
  }

  @Test func fitnessIsAFixedPoint() {
    let presence = Self.presences[1]
    let result = Fitness(presence, iterations: 20_000, tolerance: 1e-13)
    #expect(result.isConverged)
    let core = presence.core()
    let kept = presence.selecting(rows: core.rows, columns: core.columns)
    let fitness = core.rows.map { result.places[$0] }
    let complexity = core.columns.map { result.activities[$0] }
    #expect(agree(fitness.reduce(0, +), Double(fitness.count), within: 1e-10))
    var sums = (0..<kept.rowCount).map { row in
      (0..<kept.columnCount).reduce(0) { $0 + number(kept, row, $1) * complexity[$1] }
    }
    let mean = sums.reduce(0, +) / Double(sums.count)
    sums = sums.map { $0 / mean }
    #expect(zip(sums, fitness).allSatisfy { abs($0 - $1) < 1e-9 })
  }

  @Test func fitnessOfANestedMatrixFollowsDiversity() {
    let presence = PresenceMatrix(
      rowCount: 3, columnCount: 3, isPresent: [true, true, true, true, true, false, true, false, false])
    let result = Fitness(presence, iterations: 50)
    #expect(result.places[0] > result.places[1] && result.places[1] > result.places[2])
    #expect(result.activities[2] > result.activities[1] && result.activities[1] > result.activities[0])
    #expect(agree(presence.nestedness, 100, within: 1e-12))
    // Two steps by hand: F = (3, 2, 1) / 2, Q = (1/3, 1/2, 1) / mean; then F = sums of Q, Q = 1 / (1/F + …).
    let two = Fitness(presence, iterations: 2)
    let first = [1.0 / 3, 0.5, 1].map { $0 / (11.0 / 18) }
    let places = [first[0] + first[1] + first[2], first[0] + first[1], first[0]]
    let mean = places.reduce(0, +) / 3
    #expect(zip(two.places, places).allSatisfy { agree($0, $1 / mean, within: 1e-14) })
  }

  @Test func incomeOfProductsAndPlaces() {
    let shares = Matrix(rows: [[0.5, 0.5, 0], [0.2, 0.3, 0.5], [1, 0, 0]])
    let levels = AttributeLevels.ofActivities(shares: shares, attribute: [10, 20, .nan])
    #expect(agree(levels[0], (5 + 4) / 0.7, within: 1e-14))
    #expect(agree(levels[1], (5 + 6) / 0.8, within: 1e-14))
    #expect(levels[2] == 20)
    let places = AttributeLevels.ofPlaces(shares: shares, levels: levels)
    #expect(agree(places[1], 0.2 * levels[0] + 0.3 * levels[1] + 0.5 * levels[2], within: 1e-14))
    let none = AttributeLevels.ofActivities(shares: shares, attribute: [.nan, .nan, .nan])
    #expect(none.allSatisfy { $0.isNaN })
    #expect(AttributeLevels.ofPlaces(shares: shares, levels: none).allSatisfy { $0.isNaN })
  }

  @Test func similarityIsSymmetricAndOneWithItself() {
    var generator = SeededGenerator(seed: 9)
    var values = Matrix.random(6, 30, using: &generator)
    for index in values.elements.indices { values.elements[index] = abs(values.elements[index]) }
    for method in SimilarityMethod.allCases {
      let rows = (0..<6).map { similarity(to: $0, in: values, method: method) }
      for first in 0..<6 {
        #expect(agree(rows[first][first], 1, within: 1e-12))
        for second in 0..<6 { #expect(agree(rows[first][second], rows[second][first], within: 1e-12)) }
      }
    }
  }

  @Test func theSpanningTreeIsTheHeaviest() {
    var generator = SeededGenerator(seed: 12)
    var proximity = Matrix(rowCount: 6, columnCount: 6)
    for first in 0..<6 {
      for second in 0..<first {
        proximity[first, second] = generator.unit() * 0.5
        proximity[second, first] = proximity[first, second]
      }
    }
    let tree = ProductSpace(proximity, cut: 2).links
    #expect(tree.count == 5 && tree.allSatisfy { $0.isInTree })
    // All 15 choose 5 sets of links that connect six nodes.
    let pairs = (0..<6).flatMap { first in (0..<first).map { (first, $0) } }
    var best = 0.0
    for set in 0..<(1 << pairs.count) where set.nonzeroBitCount == 5 {
      var label = Array(0..<6)
      var weight = 0.0
      for (index, pair) in pairs.enumerated() where set >> index & 1 == 1 {
        weight += proximity[pair.0, pair.1]
        let (from, to) = (label[pair.0], label[pair.1])
        label = label.map { $0 == from ? to : $0 }
      }
      if Set(label).count == 1 { best = max(best, weight) }
    }
    #expect(agree(tree.reduce(0) { $0 + $1.proximity }, best, within: 1e-14))
    #expect(
      ProductSpace(proximity, cut: 0.3).links.count
        == Set(tree.map { [$0.first, $0.second] }).union(
          pairs.filter { proximity[$0.0, $0.1] >= 0.3 }.map { [$0.1, $0.0] }
        ).count)
  }

  @Test func aNetworkInTwoPartsHasAForest() {
    let proximity = Matrix(rows: [[1, 0.6, 0, 0], [0.6, 1, 0, 0], [0, 0, 1, 0.2], [0, 0, 0.2, 1]])
    #expect(ProductSpace(proximity).links.map { [$0.first, $0.second] } == [[0, 1], [2, 3]])
  }

  @Test func scoresOfOptionsAreMeansOfStandardScores() {
    let presence = PresenceMatrix(rowCount: 1, columnCount: 4, isPresent: [true, false, false, false])
    let density = Matrix(rows: [[0.9, 0.1, 0.2, 0.3]])
    let gain = Matrix(rows: [[0, 1, 1, 1]])
    let scores = diversificationScores(
      presence: presence, density: density, complexity: [0, 3, 2, 1], gain: gain, weights: (2, 1, 1))
    #expect(scores[0, 0].isNaN)
    #expect(zip(scores.elements.dropFirst(), [-0.25, 0, 0.25]).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func testsOfPresence() {
    let values = Matrix(rows: [[10, 0, 5], [10, 30, 45], [0, 0, 0]])
    let population: [Double] = [10, 200, 5]
    func bits(_ presence: PresenceMatrix) -> [Bool] {
      (0..<3).flatMap { row in (0..<3).map { presence[row: row, column: $0] } }
    }
    #expect(bits(values.presence()) == [true, false, false, false, true, true, false, false, false])
    #expect(
      bits(values.presence(.rpop, population: population))
        == [true, false, true, false, true, false, false, false, false])
    #expect(
      bits(values.presence(.both, population: population))
        == [true, false, true, false, true, true, false, false, false])
    #expect(
      bits(values.presence(.share, atLeast: 0.33)) == [true, false, true, false, true, true, false, false, false])
    #expect(bits(values.presence(.value, atLeast: 10)) == [true, false, false, true, true, true, false, false, false])
    // A gap is absent and does not spoil the totals.
    var gap = values
    gap[0, 1] = .nan
    #expect(bits(gap.presence()) == bits(values.presence()))
  }

  @Test func scoresWithoutSpreadAreNone() {
    #expect(standardScores([3, 3, 3]).allSatisfy { $0.isNaN })
    #expect(standardScores([]).isEmpty && standardScores([1]).allSatisfy { $0.isNaN })
    #expect(standardScores([1, .nan, 3], ddof: 0)[0] == -1)
    #expect(correlation([1, 1, 1], [1, 2, 3]).isNaN)
    #expect(agree(correlation([1, 2, 3], [2, 4, 6]), 1, within: 1e-15))
  }

  // MARK: - Two kinds of activities

  @Test(arguments: 0..<20) func crossProximityAgreesWithItsDefinition(number: Int) {
    var random = SeededGenerator(seed: 61, stream: number)
    let (places, one, other) = (2 + number % 7, 1 + number % 5, 2 + number % 4)
    func drawn(_ columns: Int) -> PresenceMatrix {
      PresenceMatrix(
        rowCount: places, columnCount: columns, isPresent: (0..<places * columns).map { _ in random.below(2) == 0 })
    }
    let (first, second) = (drawn(one), drawn(other))
    let proximity = CrossSpace.proximity(first, second)
    let density = CrossSpace.density(first, proximity: proximity)
    for p in 0..<one {
      for q in 0..<other {
        let both = (0..<places).count { first[row: $0, column: p] && second[row: $0, column: q] }
        let most = max(
          (0..<places).count { first[row: $0, column: p] }, (0..<places).count { second[row: $0, column: q] })
        #expect(proximity[p, q] == (most > 0 ? Double(both) / Double(most) : 0))
      }
    }
    for place in 0..<places {
      for q in 0..<other {
        let whole = (0..<one).reduce(0) { $0 + proximity[$1, q] }
        let near = (0..<one).reduce(0) { $0 + (first[row: place, column: $1] ? proximity[$1, q] : 0) }
        let value = density[place, q]
        #expect(whole > 0 ? abs(value - near / whole) < 1e-12 : value.isNaN)
      }
    }
    // With itself it is the proximity of one kind.
    let same = CrossSpace.proximity(first, first)
    let usual = first.proximity()
    for p in 0..<one { for q in 0..<one where p != q { #expect(abs(same[p, q] - usual[p, q]) < 1e-12) } }
  }
}

@Suite struct LogSupermodularityTests {
  /// `exp(a_i b_j)` has relatively more of the later activities in the later places; turned round, never.
  @Test func orderedQuotientsAreLogSupermodular() {
    var values = Matrix(rowCount: 6, columnCount: 5)
    for i in 0..<6 { for j in 0..<5 { values[i, j] = exp(Double(i * j) / 7) } }
    let (up, down) = ((0..<6).map(Double.init), (0..<5).map { Double(-$0) })
    let other = (0..<5).map(Double.init)
    #expect(ComplexityDiagnostics.logSupermodularity(values, places: up, activities: other) == 1)
    #expect(ComplexityDiagnostics.logSupermodularity(values, places: up, activities: down) == 0)
    let even = Matrix(rowCount: 6, columnCount: 5, repeating: 2)
    #expect(ComplexityDiagnostics.logSupermodularity(even, places: up, activities: other).isNaN)
    #expect(ComplexityDiagnostics.logSupermodularity(values, places: [.nan, 1], activities: other).isNaN)
  }

  /// Drawn pairs of a large table against all of them.
  @Test func drawsComeNearAllPairs() {
    var generator = SeededGenerator(seed: 77)
    var values = Matrix(rowCount: 30, columnCount: 40)
    for i in 0..<30 {
      for j in 0..<40 { values[i, j] = generator.unit() < 0.3 ? 0 : exp(Double(i * j) / 300) * generator.unit() }
    }
    let (places, activities) = ((0..<30).map(Double.init), (0..<40).map(Double.init))
    let found = ComplexityDiagnostics.logSupermodularity(values, places: places, activities: activities)
    // 30 × 29 × 40 × 39 / 4 pairs of pairs are within the bound: twice as many places are not, with the same part.
    var double = Matrix(rowCount: 60, columnCount: 40)
    for i in 0..<60 { for j in 0..<40 { double[i, j] = values[i / 2, j] } }
    let twins = (0..<60).map { Double($0 / 2) }
    let drawn = ComplexityDiagnostics.logSupermodularity(double, places: twins, activities: activities)
    #expect(found > 0.5 && found < 1 && abs(found - drawn) < 0.005)
  }
}
