import CQColumns
import CQMethods
import Foundation
import Testing

@Suite struct SpatialWeightsTests {
  /// Four squares around a point, and one apart: a and b share the border from (1,0) to (1,1), and so on.
  ///
  ///     c d
  ///     a b   e
  static let squares = Outlines(
    level: "state", country: "XX", source: "test",
    arcs: [
      [(1, 1), (1, 0)], [(1, 1), (2, 1)], [(1, 1), (1, 2)], [(1, 1), (0, 1)],
      [(1, 0), (0, 0), (0, 1)], [(2, 1), (2, 0), (1, 0)], [(1, 2), (2, 2), (2, 1)], [(0, 1), (0, 2), (1, 2)],
      [(5, 0), (6, 0), (6, 1), (5, 1), (5, 0)],
    ],
    shapes: [
      ("a", [[0, 4, ~3]]), ("b", [[1, 5, ~0]]), ("c", [[3, 7, ~2]]), ("d", [[2, 6, ~1]]), ("e", [[8]]),
    ])

  static func neighbours(_ weights: SpatialWeights) -> [[Int]] {
    (0..<weights.count).map { Array(weights.neighbours[weights.row($0)]) }
  }

  @Test func queenSeesCornersAndRookBordersOnly() {
    let areas = ["a", "b", "c", "d", "e"].map { [(file: 0, code: $0)] }
    let queen = SpatialWeights.contiguity(.queen, of: areas, in: [Self.squares])
    #expect(Self.neighbours(queen) == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], []])
    let rook = SpatialWeights.contiguity(.rook, of: areas, in: [Self.squares])
    #expect(Self.neighbours(rook) == [[1, 2], [0, 3], [0, 3], [1, 2], []])
    #expect(queen.islands == [4])
    #expect(queen.components == [[0, 1, 2, 3], [4]])
    // A metro of two squares touches what either touches, not itself.
    let metro = SpatialWeights.contiguity(
      .rook, of: [[(0, "a"), (0, "b")], [(0, "c")], [(0, "d")]], in: [Self.squares])
    #expect(Self.neighbours(metro) == [[1, 2], [0, 2], [0, 1]])
  }

  @Test func centroidsAreCentresOfArea() throws {
    let centres = Self.squares.centroids
    #expect(centres[0] == GeographicPoint(longitude: 0.5, latitude: 0.5))
    #expect(centres[4] == GeographicPoint(longitude: 5.5, latitude: 0.5))
    // With a hole in one half the centre moves to the other; a hole turns the other way.
    let square: [(x: Double, y: Double)] = [(0, 0), (4, 0), (4, 4), (0, 4)]
    let hole: [(x: Double, y: Double)] = [(2, 1), (2, 3), (4, 3), (4, 1)]
    let centre = try #require(Outlines.centroid([square, hole]))
    #expect(abs(centre.longitude - (16.0 * 2 - 4 * 3) / 12) < 1e-12 && abs(centre.latitude - 2) < 1e-12)
    // Both sides of the 180th meridian.
    let island = try #require(
      Outlines.centroid([[(179, 0), (180, 0), (180, 1), (179, 1)], [(-180, 0), (-178, 0), (-178, 1), (-180, 1)]]))
    #expect(abs(island.longitude - -179.5) < 1e-12)
    #expect(Outlines.centroid([]) == nil)
    #expect(Outlines.centroid([[(1, 1), (2, 2)]]) == nil)
  }

  @Test func distancesAreGreatCircles() {
    let pole = GeographicPoint(longitude: 0, latitude: 90)
    let equator = GeographicPoint(longitude: 13, latitude: 0)
    #expect(agree(pole.distance(to: equator), .pi / 2 * 6371.0088, within: 1e-12))
    #expect(pole.distance(to: pole) == 0)
    // Mexico City to Monterrey, by Vincenty's formula on the sphere.
    let (mexico, monterrey) = (
      GeographicPoint(longitude: -99.1332, latitude: 19.4326), GeographicPoint(longitude: -100.3161, latitude: 25.6866)
    )
    let cosine =
      sin(19.4326 * .pi / 180) * sin(25.6866 * .pi / 180)
      + cos(19.4326 * .pi / 180) * cos(25.6866 * .pi / 180) * cos((100.3161 - 99.1332) * .pi / 180)
    #expect(agree(mexico.distance(to: monterrey), acos(cosine) * 6371.0088, within: 1e-9))
  }

  static func points(_ number: Int) -> [GeographicPoint?] {
    var random = SeededGenerator(seed: 41, stream: number)
    return (0..<(number % 30)).map { index in
      index == 3
        ? nil
        : GeographicPoint(
          longitude: .random(in: -120 ... -70, using: &random), latitude: .random(in: 15...60, using: &random))
    }
  }

  @Test(arguments: 0..<30) func nearestAndBandsAgreeWithSorting(number: Int) {
    let points = Self.points(number)
    let nearest = SpatialWeights.nearest(4, of: points)
    let band = SpatialWeights.band(900, of: points)
    let inverse = SpatialWeights.inverseDistance(power: 2, limit: 900, of: points)
    for (place, point) in points.enumerated() {
      let others =
        point.map { point in
          points.enumerated().compactMap { other in
            other.offset == place ? nil : other.element.map { (other.offset, point.distance(to: $0)) }
          }.sorted { $0.1 < $1.1 }
        } ?? []
      #expect(Self.neighbours(nearest)[place] == others.prefix(4).map(\.0).sorted())
      let near = others.filter { $0.1 <= 900 }.sorted { $0.0 < $1.0 }
      #expect(Self.neighbours(band)[place] == near.map(\.0))
      for (value, other) in zip(inverse.values[inverse.row(place)], near) {
        #expect(agree(value, 1 / (other.1 * other.1), within: 1e-12))
      }
    }
  }

  @Test func transformsScaleRows() throws {
    let weights = SpatialWeights(rows: [[(1, 1), (2, 3)], [(0, 2)], [], [(0, 1), (1, 1), (2, 1)]])
    let row = weights.transformed(.row)
    #expect(row.lag([1, 1, 1, 1]).map { ($0 * 1e12).rounded() / 1e12 } == [1, 1, 0, 1])
    #expect(row.values[0] == 0.25)
    let stabilised = weights.transformed(.variance)
    #expect(agree(stabilised.sums.s0, 4, within: 1e-12))
    #expect(agree(stabilised.values[1] / stabilised.values[0], 3, within: 1e-12))
    #expect(weights.transformed(.binary) == weights)
    let part = weights.restricted(to: [3, 0, 1])
    #expect(Self.neighbours(part) == [[1, 2], [2], [1]])
  }

  @Test func higherOrders() {
    let line = SpatialWeights(neighbours: [[1], [0, 2], [1, 3], [2, 4], [3]])
    #expect(Self.neighbours(line.ofOrder(2)) == [[2], [3], [0, 4], [1], [2]])
    #expect(
      Self.neighbours(line.ofOrder(2, isCumulative: true)) == [[1, 2], [0, 2, 3], [0, 1, 3, 4], [1, 2, 4], [2, 3]])
    #expect(Self.neighbours(SpatialWeights.block([7, 8, 7])) == [[2], [], [0]])
  }

  @Test func kernelsFallWithDistance() {
    let points = (0..<3).map { GeographicPoint(longitude: 0, latitude: Double($0)) }
    let distance = points[0].distance(to: points[1])
    let triangular = SpatialWeights.kernel(.triangular, bandwidth: 2 * distance, of: points)
    #expect(triangular.row(0).count == 1)
    #expect(agree(triangular.values[0], 0.5, within: 1e-12))
    let bell = SpatialWeights.kernel(.gaussian, bandwidth: distance, of: points)
    #expect(agree(bell.values[0], exp(-0.5) / (2 * Double.pi).squareRoot(), within: 1e-12))
  }

  @Test func filesOfNeighboursAreRead() throws {
    let gal = try WeightsFile("4\nA 2\nB C\nB 1\nA\nC 0\n\nD 0\n", format: .gal)
    #expect(gal.links.map { "\($0.from)\($0.to)" } == ["AB", "AC", "BA"])
    let (weights, unknown) = gal.weights(codes: ["a", "x", "c"], names: ["A", "B", "C"])
    #expect(Self.neighbours(weights) == [[1, 2], [0], []])
    #expect(unknown == ["D"])
    let gwt = try WeightsFile("0 2 states code\n01 02 12.5\n02 01 12.5\n", format: .gwt)
    #expect(gwt.weights(codes: ["01", "02"], names: ["", ""]).weights.values == [12.5, 12.5])
    let csv = try WeightsFile("from,to\n\"Fairfax County, VA\", Arlington\n", format: .csv)
    #expect(csv.links.map(\.from) == ["Fairfax County, VA"] && csv.links[0].to == "Arlington")
    #expect(csv.links[0].weight == 1)
    let accents = try WeightsFile("from,to\nmichoacan,San Luis Potosí\nQUERÉTARO,Michoacán\n", format: .csv)
    let named = accents.weights(codes: ["16", "24", "22"], names: ["Michoacán", "San Luis Potosi", "Querétaro"])
    #expect(Self.neighbours(named.weights) == [[1], [], [0]] && named.unknown.isEmpty)
  }

  @Test(arguments: [
    ("", WeightsFile.Format.gal, 1), ("2\nA two\n", .gal, 2), ("2\nA 2\nB\n", .gal, 3), ("", .gwt, 1),
    ("0 2 s c\nA B x\n", .gwt, 2), ("from,to,weight\nA\n", .csv, 2), ("from,to,weight\nA,B,inf\n", .csv, 2),
  ]) func damagedFilesNameTheLine(text: String, format: WeightsFile.Format, line: Int) {
    #expect {
      try WeightsFile(text, format: format)
    } throws: { error in
      guard case .line(line, _)? = error as? WeightsFile.ParseError else { return false }
      return true
    }
  }
}
