package import CQColumns

extension SpatialWeights {
  package enum Contiguity: String, Sendable {
    /// Places with a common point.
    case queen
    /// Places with a common border.
    case rook
  }

  /// Which places touch, from outlines that store a common border once.
  ///
  /// A border that two shapes have in common is the same arc of both; where they meet in a point only, an arc of each ends
  /// there, since arcs end wherever three or more borders meet. Simplifying a border moves neither.
  ///
  /// - Parameters:
  ///   - outlines: Each file is a topology of its own, so places of different files never touch: the agencies of
  ///     different countries draw the same border differently.
  ///   - areas: For each place its shapes, by file and code: one for a county, several for a metro made of counties.
  /// - Complexity: O(arcs of the shapes).
  package static func contiguity(
    _ kind: Contiguity, of areas: [[(file: Int, code: String)]], in outlines: [Outlines]
  ) -> SpatialWeights {
    var shapeByCode: [[String: Int]] = []
    for file in outlines {
      var codes: [String: Int] = [:]
      for (index, shape) in file.shapes.enumerated() { codes[shape.code] = index }
      shapeByCode.append(codes)
    }
    // Places by what they share: arcs for a border, end points too for a point.
    var byArc: [ArcKey: [Int]] = [:]
    var byPoint: [PointKey: [Int]] = [:]
    func note<Key>(_ place: Int, _ key: Key, _ table: inout [Key: [Int]]) {
      if table[key]?.last != place { table[key, default: []].append(place) }
    }
    for (place, area) in areas.enumerated() {
      for (file, code) in area {
        guard let shape = shapeByCode[file][code] else { continue }
        for arc in outlines[file].shapes[shape].rings.joined() {
          let index = arc < 0 ? ~arc : arc
          let points = outlines[file].arcs[index]
          // A border that was simplified to a point is one.
          if points.count > 1 { note(place, ArcKey(file: file, arc: index), &byArc) }
          guard kind == .queen else { continue }
          if let first = points.first, let last = points.last {
            note(place, PointKey(file: file, x: first.x, y: first.y), &byPoint)
            note(place, PointKey(file: file, x: last.x, y: last.y), &byPoint)
          }
        }
      }
    }
    var rows = [Set<Int>](repeating: [], count: areas.count)
    for places in Array(byArc.values) + Array(byPoint.values) where places.count > 1 {
      for first in places {
        for second in places where second != first { rows[first].insert(second) }
      }
    }
    return SpatialWeights(neighbours: rows.map { Array($0) })
  }

  private struct ArcKey: Hashable {
    let file: Int
    let arc: Int
  }

  private struct PointKey: Hashable {
    let file: Int
    let x: Double
    let y: Double
  }
}
