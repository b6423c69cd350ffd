import CQColumns
import CQMethods
import Foundation
import Testing

/// Which places touch, from the bundled outlines, beside what is known about them.
@Suite struct ContiguityTests {
  static func outlines(_ level: String, _ country: String) throws -> Outlines {
    let path = Golden.folder.deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/CBundledData/data/geometry.\(level).\(country).arrow").path
    return try #require(Outlines(try ArrowReader.open(try ByteRegion.mapping(path: path), name: "geometry")))
  }

  static func contiguity(_ kind: SpatialWeights.Contiguity, _ outlines: Outlines) -> [String: Set<String>] {
    let codes = outlines.shapes.map(\.code)
    let weights = SpatialWeights.contiguity(kind, of: codes.map { [(file: 0, code: $0)] }, in: [outlines])
    return Dictionary(
      uniqueKeysWithValues: codes.indices.map { place in
        (codes[place], Set(weights.row(place).map { codes[weights.neighbours[$0]] }))
      })
  }

  /// Pairs of codes that one says to touch and the other does not.
  static func differences(_ found: [String: Set<String>], _ known: [String: Set<String>]) -> Set<Set<String>> {
    var pairs: Set<Set<String>> = []
    for (place, neighbours) in known {
      for other in neighbours.symmetricDifference(found[place] ?? []) { pairs.insert([place, other]) }
    }
    return pairs
  }

  static func known(_ table: String, codes: [String: String]) throws -> [String: Set<String>] {
    let links = try Golden.input(table)
    var result: [String: Set<String>] = [:]
    for (place, neighbour) in zip(try links.texts("place"), try links.texts("neighbour")) {
      result[try #require(codes[place]), default: []].insert(try #require(codes[neighbour]))
    }
    return result
  }

  @Test func americanStates() throws {
    let outlines = try Self.outlines("state", "US")
    let queen = Self.contiguity(.queen, outlines)
    let table = try Golden.input("us_states_income_1929_2009")
    let codes = Dictionary(uniqueKeysWithValues: zip(try table.texts("state"), try table.texts("fips")))
    // The reference has no District of Columbia; Delaware and New Jersey meet on land nobody drew, beside the river.
    #expect(
      Self.differences(queen, try Self.known("us_states_neighbours", codes: codes))
        == [["24", "11"], ["51", "11"], ["10", "34"]])
    #expect(queen["02"] == [] && queen["15"] == [])
    // At the Four Corners Arizona meets Colorado, and Utah New Mexico, in a point only.
    let rook = Self.contiguity(.rook, outlines)
    #expect(Self.differences(rook, queen) == [["04", "08"], ["49", "35"]])
  }

  @Test func mexicanStates() throws {
    let names = try Golden.input("mexican_states_gdp_per_head").texts("state")
    let fips = [
      "01", "02", "03", "04", "07", "08", "05", "06", "09", "10", "11", "12", "13", "14", "15", "16", "17", "18", "19",
      "20", "21", "22", "23", "24", "25", "26", "27", "28", "29", "30", "31", "32",
    ]
    let known = try Self.known(
      "mexican_states_neighbours", codes: Dictionary(uniqueKeysWithValues: zip(names, fips)))
    // Where four states nearly meet, the coarser outlines of the reference make them meet; in INEGI's, borders of 2, 9 and
    // 12 km lie between.
    #expect(
      Self.differences(Self.contiguity(.queen, try Self.outlines("state", "MX")), known)
        == [["05", "24"], ["10", "14"], ["14", "24"]])
  }

  @Test(arguments: [
    ("US", ["02130", "25007", "25019", "36085", "53055", "15003"]), ("MX", []), ("CA", ["2401"]),
  ]) func countiesAndMunicipalities(country: String, islands: [String]) throws {
    let outlines = try Self.outlines("county", country)
    let queen = Self.contiguity(.queen, outlines)
    for island in islands { #expect(queen[island] == []) }
    #expect(queen.values.count { $0.isEmpty } <= 10)
    for (place, neighbours) in queen {
      for other in neighbours { #expect(queen[other]?.contains(place) == true) }
    }
    // Between five and seven neighbours each is what a map of many areas has.
    if country != "CA" {
      let mean = Double(queen.values.reduce(0) { $0 + $1.count }) / Double(queen.count)
      #expect(mean > 5.5 && mean < 6.2)
    }
  }

  @Test func centroidsLieWherePlacesAre() throws {
    let states = try Self.outlines("state", "US")
    let centres = Dictionary(uniqueKeysWithValues: zip(states.shapes.map(\.code), states.centroids))
    // Lebanon, Kansas is the centre of the 48 states; Kansas's own is 90 km south-east of it. Alaska crosses 180°.
    let kansas = try #require(centres["20"] ?? nil)
    #expect(kansas.distance(to: GeographicPoint(longitude: -98.38, latitude: 38.48)) < 10)
    let alaska = try #require(centres["02"] ?? nil)
    #expect(alaska.distance(to: GeographicPoint(longitude: -152.5, latitude: 64.3)) < 150)
  }
}
