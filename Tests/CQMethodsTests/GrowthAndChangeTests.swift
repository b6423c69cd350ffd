import Testing

@testable import CQMethods

@Suite struct GrowthAndChangeTests {
  /// A table of whole numbers by a rule.
  private static func table(_ rows: Int, _ columns: Int, _ rule: (Int, Int) -> Int) -> Matrix {
    var result = Matrix(rowCount: rows, columnCount: columns)
    for row in 0..<rows { for column in 0..<columns { result[row, column] = Double(rule(row, column)) } }
    return result
  }

  private static let before: Matrix = {
    var result = table(5, 4) { j, i in 50 + (i * 37 + j * j * 11) % 60 }
    result[2, 3] = 0
    return result
  }()
  private static let after: Matrix = {
    var result = table(5, 4) { j, i in 50 + (i * 37 + j * j * 11) % 60 }
    let points = table(5, 4) { j, i in (i * 29 + j * 31 + i * j * 7) % 23 - 6 }
    for index in result.elements.indices { result.elements[index] *= 1 + 0.01 * points.elements[index] }
    return result
  }()

  // statsmodels' WLS with a dummy for each place and activity; effects and errors of the weighted contrasts by t_test.
  @Test func effectsAsStatsmodelsHasThem() throws {
    let found = try RegressionShiftShare(before: Self.before, after: Self.after)
    #expect(abs(found.national - 0.05236893203883519) < 1e-12)
    let places = found.places.compactMap(\.self)
    let effects = [-0.019057204911, 0.004895010393, 0.029348405045, -0.040531976427, 0.029026001057]
    let errors = [0.029153028286, 0.029831621973, 0.031631105007, 0.026849060148, 0.02660545372]
    let p = [0.526736904391, 0.87263807944, 0.373404867775, 0.159316585967, 0.298602478423]
    for index in effects.indices {
      #expect(abs(places[index].value - effects[index]) < 1e-11)
      #expect(abs((places[index].error ?? 0) - errors[index]) < 1e-11)
      #expect(abs((places[index].p ?? 0) - p[index]) < 1e-10)
    }
    let activities = [-0.040428671221, 0.021681639336, -0.012573465945, 0.038016744225]
    #expect(zip(found.activities, activities).allSatisfy { abs(($0?.value ?? 0) - $1) < 1e-11 })
    #expect(found.degreesOfFreedom == 11 && abs((found.rSquared ?? 0) - 0.4060190450906197) < 1e-12)
  }

  @Test(arguments: 1...5) func growthIsTheSumOfItsParts(_ seed: Int) throws {
    var generator = SeededGenerator(seed: seed)
    var (before, after) = (Matrix(rowCount: 6, columnCount: 8), Matrix(rowCount: 6, columnCount: 8))
    for index in before.elements.indices where generator.unit() < 0.8 {
      before.elements[index] = 1 + 99 * generator.unit()
      after.elements[index] = before.elements[index] * (0.5 + generator.unit())
    }
    let found = try RegressionShiftShare(before: before, after: after)
    for place in 0..<6 {
      let parts = found.national + (found.mix[place] ?? 0) + (found.places[place]?.value ?? 0)
      #expect(abs(parts - (found.growth[place] ?? 0)) < 1e-10)
    }
    // Swapped, the same effects.
    let swapped = try RegressionShiftShare(before: before.transposed, after: after.transposed)
    for place in 0..<6 {
      #expect(abs((swapped.activities[place]?.value ?? 0) - (found.places[place]?.value ?? 0)) < 1e-10)
    }
  }

  @Test func whatHasNoRegression() {
    let one = Matrix(rows: [[1, 2, 3]])
    #expect(throws: RegressionShiftShare.Failure.tooSmall) { try RegressionShiftShare(before: one, after: one) }
    let apart = Matrix(rows: [[1, 0], [0, 2]])
    #expect(throws: RegressionShiftShare.Failure.disconnected) { try RegressionShiftShare(before: apart, after: apart) }
    let even = Matrix(rows: [[1, 2], [3, 4], [0, 0]])
    let found = try? RegressionShiftShare(before: even, after: even)
    #expect(found?.national == 0 && found?.rSquared == nil && found?.places[2] == nil && found?.places[0]?.error == nil)
  }

  private static let earlier = table(6, 3) { r, c in r == 5 ? 0 : (r * 13 + c * 7 + r * c) % 19 + 2 }
  private static let later = table(6, 3) { r, c in r == 5 ? [4, 9, 2][c] : (r * 5 + c * 11 + r * r * c) % 23 + 1 }

  // By a program of its own (numpy): iterative proportional fitting, and means over the six orders of exchange.
  @Test func segregationChangesByItsParts() throws {
    let parts = try SegregationChange(before: Self.earlier, after: Self.later).parts
    let expected = [
      "dissimilarity": [
        0.30106660052089795, 0.380116162991197, -0.002144572979, -0.006236824729, 0.09206349736, -0.0046325371821133166,
      ],
      "information": [
        0.10552291193350893, 0.17842905512970159, 0.000842794515, -0.002120816126, 0.072689270146,
        0.0014948946608141223,
      ],
    ]
    for part in parts {
      let sum = part.groups + part.places + part.pattern + part.replaced
      #expect(abs(part.after - part.before - sum) < 1e-12)
      guard let numbers = expected[part.name] else { continue }
      let found = [part.before, part.after, part.groups, part.places, part.pattern, part.replaced]
      #expect(zip(found, numbers).allSatisfy { abs($0 - $1) < 1e-9 }, "\(part.name)")
    }
    #expect(parts.count == 6)
  }

  @Test func aTableWithOtherMarginsHasTheSamePattern() throws {
    // Twice as many of one group everywhere: nothing but the groups changed.
    var doubled = Self.earlier
    for row in 0..<6 { doubled[row, 0] *= 2 }
    for part in try SegregationChange(before: Self.earlier, after: doubled).parts {
      #expect(abs(part.pattern) < 1e-9 && part.replaced == 0)
    }
    let same = try SegregationChange(before: Self.earlier, after: Self.earlier).parts
    #expect(same.allSatisfy { abs($0.groups) + abs($0.places) + abs($0.pattern) + abs($0.replaced) < 1e-12 })
  }

  @Test func whatHasNoChange() {
    let none = Matrix(rows: [[1, 0], [2, 0]])
    #expect(throws: SegregationChange.Failure.undefined) { try SegregationChange(before: none, after: none) }
    let negative = Matrix(rows: [[1, -1], [2, 3]])
    #expect(throws: SegregationChange.Failure.undefined) { try SegregationChange(before: negative, after: negative) }
    // Groups apart in one year: no table with these zeros has the margins of the other.
    let apart = Matrix(rows: [[5, 0], [0, 5]])
    let mixed = Matrix(rows: [[1, 3], [3, 9]])
    #expect(throws: SegregationChange.Failure.noFit) { try SegregationChange(before: apart, after: mixed) }
  }

  /// Sixteen places on a square, nine years; giddy 2.3.8's LISA_Markov has the same transitions.
  @Test func transitionsBetweenKindsOfNeighbourhood() throws {
    let table = Self.table(16, 9) { i, t in
      let step = (i * 7 + t * 13 + i * t * 3 + (i * i) % 5) % 29
      return step + 1 + i / 4 * 6
    }
    let values = (0..<16).map { place in (0..<9).map { table[place, $0] } }
    let rows = (0..<16).map { (place: Int) -> [Int] in
      let west = place % 4 > 0 ? place - 1 : -1
      let east = place % 4 < 3 ? place + 1 : -1
      return [west, east, place - 4, place + 4].filter { (0..<16).contains($0) }
    }
    let weights = SpatialWeights(neighbours: rows).transformed(.row)
    var histories = values.map { $0.map { _ in LocalMoran.Quadrant?.none } }
    for year in 0..<9 {
      let local = try #require(try LocalMoran(values.map { $0[year] }, weights: weights, permutations: 0))
      for place in 0..<16 { histories[place][year] = local.quadrant[place] }
    }
    let found = LisaMarkov(histories: histories)
    #expect(found.chain.counts.elements == [16, 12, 5, 5, 11, 5, 4, 7, 0, 8, 17, 12, 7, 5, 8, 6])
    // What is expected has the same number of transitions from each quadrant, and the product form.
    for from in 0..<4 {
      let sum = (0..<4).reduce(0) { $0 + found.expected[from, $1] }
      #expect(abs(sum - (0..<4).reduce(0) { $0 + found.chain.counts[from, $1] }) < 1e-9)
      // Quadrants 0 and 3 are high themselves, 0 and 1 have high neighbours.
      #expect(
        abs(found.expected[from, 0] * found.expected[from, 2] - found.expected[from, 1] * found.expected[from, 3])
          < 1e-9)
    }
    let test = try #require(found.independence)
    var chi = 0.0
    for index in 0..<16 {
      let (o, e) = (found.chain.counts.elements[index], found.expected.elements[index])
      chi += (o - e) * (o - e) / e
    }
    #expect(abs(test.chiSquare - chi) < 1e-12 && test.p > 0 && test.p < 1)
    #expect(LisaMarkov(histories: [[.highHigh, .highHigh]]).independence == nil)
  }
}
