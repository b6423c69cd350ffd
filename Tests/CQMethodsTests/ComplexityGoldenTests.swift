import Testing

@testable import CQMethods

/// Reference values of `Tests/Golden` for complexity and relatedness.
@Suite struct ComplexityGoldenTests {
  struct World {
    let places: [String]
    let products: [String]
    let exports: Matrix
    var advantage: Matrix { exports.revealedAdvantage }
    var presence: PresenceMatrix { exports.presence() }

    init() throws {
      let table = try Golden.input("world_exports_sitc2").matrix(rows: "country", columns: "product", value: "exports")
      (places, products, exports) = (table.rowLabels, table.columnLabels, Matrix(rows: table.values))
    }
  }

  struct States {
    let states: [String]
    let industries: [String]
    let presence: PresenceMatrix

    init() throws {
      let table = try Golden.input("german_states_2015").matrix(
        rows: "state", columns: "industry", value: "employment")
      (states, industries) = (table.rowLabels, table.columnLabels)
      presence = Matrix(rows: table.values).presence()
    }
  }

  private func expect(
    _ matrix: Matrix, _ rows: [String], _ columns: [String], equals expected: Golden.Expected, result: String = "",
    within tolerance: Double, location: SourceLocation = #_sourceLocation
  ) throws {
    var compared = 0
    for (row, rowName) in rows.enumerated() {
      for (column, columnName) in columns.enumerated() {
        guard let value = try expected.number(result, rowName, columnName) else { continue }
        compared += 1
        #expect(
          agree(matrix[row, column], value, within: tolerance), "\(rowName) \(columnName)", sourceLocation: location)
      }
    }
    #expect(compared > 0, sourceLocation: location)
  }

  private func expect(
    _ values: [Double], _ names: [String], equals expected: Golden.Expected, result: String,
    within tolerance: Double, location: SourceLocation = #_sourceLocation
  ) throws {
    for (name, value) in zip(names, values) {
      let reference = try #require(try expected.number(result, name), sourceLocation: location)
      #expect(agree(value, reference, within: tolerance), "\(name)", sourceLocation: location)
    }
  }

  @Test func advantageOfTheWorld() throws {
    let world = try World()
    try expect(
      world.advantage, world.places, world.products, equals: Golden.expected("050_rca_world_sitc2"), within: 1e-9)
  }

  @Test func proximityOfTheWorld() throws {
    let world = try World()
    try expect(
      world.presence.proximity(), world.products, world.products,
      equals: Golden.expected("053_proximity_world_sitc2"), within: 1e-9)
  }

  @Test func indexByEigenvectors() throws {
    let world = try World()
    let expected = try Golden.expected("056_complexity_eigenvalues_world_sitc2")
    let index = ComplexityIndex(world.presence).standardized()
    try expect(index.places, world.places, equals: expected, result: "complexity_index_country", within: 1e-8)
    try expect(index.activities, world.products, equals: expected, result: "complexity_index_product", within: 1e-8)
  }

  /// With the scale of the Growth Lab a place's index is the mean of its activities'.
  @Test func activitiesOnTheScaleOfPlaces() throws {
    let presence = try World().presence
    for matrix in [presence, presence.transposed] {
      let index = ComplexityIndex(matrix).standardized(ddof: 0, activityScale: .places)
      let means = matrix.means(of: index.activities)
      #expect(zip(index.places, means).allSatisfy { agree($0, $1, within: 1e-10) })
    }
  }

  @Test func indexByReflections() throws {
    let world = try World()
    let expected = try Golden.expected("059_complexity_reflections_world_sitc2")
    let reflections = Reflections(world.presence, iterations: 20)
    #expect(reflections.orders == (18, 19))
    try expect(
      standardScores(reflections.places), world.places, equals: expected, result: "complexity_index_country",
      within: 1e-8)
    try expect(
      standardScores(reflections.activities), world.products, equals: expected, result: "complexity_index_product",
      within: 1e-8)
  }

  @Test func outlookOfTheWorld() throws {
    let world = try World()
    let expected = try Golden.expected("062_outlook_world_sitc2")
    let presence = world.presence
    let proximity = presence.proximity()
    let outlook = Outlook(
      presence: presence, proximity: proximity, density: relatednessDensity(of: presence, proximity: proximity),
      complexity: ComplexityIndex(presence).standardized().activities)
    try expect(outlook.index, world.places, equals: expected, result: "coi", within: 1e-8)
    try expect(outlook.gain, world.places, world.products, equals: expected, result: "cog", within: 1e-8)
  }

  @Test func opportunityGainOfTheWorld() throws {
    let world = try World()
    let presence = world.presence
    let proximity = presence.proximity(diagonal: 0)
    let gain = opportunityGain(
      presence: presence, proximity: proximity, density: relatednessDensity(of: presence, proximity: proximity),
      complexity: standardScores(Reflections(presence, iterations: 20).activities))
    try expect(
      gain, world.places, world.products, equals: Golden.expected("065_opportunity_gain_world_sitc2"), within: 1e-8)
  }

  @Test func overlapOfTheWorld() throws {
    let world = try World()
    let expected = try Golden.expected("068_export_similarity_finger_kreinin")
    for first in expected.rows() {
      let place = try #require(world.places.firstIndex(of: first))
      let values = similarity(to: place, in: world.exports, method: .overlap)
      for second in expected.columns() {
        let other = try #require(world.places.firstIndex(of: second))
        let reference = try #require(try expected.number("", first, second))
        #expect(agree(values[other], reference, within: 1e-9))
      }
    }
  }

  @Test func indexOfTheStates() throws {
    let states = try States()
    let expected = try Golden.expected("071_eci_pci_lander")
    let index = ComplexityIndex(states.presence)
    let second = try #require(try expected.number("eigenvalue_2"))
    let third = try #require(try expected.number("eigenvalue_3"))
    #expect(agree(index.secondEigenvalue, second, within: 1e-9) && agree(index.thirdEigenvalue, third, within: 1e-9))
    let scores = index.standardized(ddof: 0)
    try expect(scores.places, states.states, equals: expected, result: "eci", within: 1e-7)
    try expect(scores.activities, states.industries, equals: expected, result: "pci", within: 1e-7)
  }

  @Test(arguments: [
    ("074_relatedness_prob_lander", RelatednessMethod.probability), ("077_relatedness_jaccard_lander", .jaccard),
  ])
  func relatednessOfTheStates(_ name: String, _ method: RelatednessMethod) throws {
    let states = try States()
    try expect(
      coOccurrenceRelatedness(of: states.presence, method: method), states.industries, states.industries,
      equals: Golden.expected(name), within: 1e-9)
  }
}
