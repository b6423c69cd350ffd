import CQColumns
import Foundation

/// Outlines of states and counties for maps: simplified for the size of a page, with borders still shared.
enum GeometryBuilder {
  private struct Source {
    var file: String
    var collection: String
    var level: String
    var country: String
    /// How far a border may move, in degrees of latitude.
    var tolerance: Double
    var source: String
    var code: @Sendable (Topology.Shape) -> String?
  }

  private static let census = "U.S. Census Bureau, cartographic boundary files"
  private static let inegi = "INEGI, Marco Geoestadístico"
  private static let statistics = "Statistics Canada, boundary files"

  private static let sources = [
    Source(
      file: "us_states_counties_10m", collection: "states", level: "state", country: "US", tolerance: 0.012,
      source: census, code: { $0.id.flatMap { usCode($0, digits: 2) } }),
    Source(
      file: "us_states_counties_10m", collection: "counties", level: "county", country: "US", tolerance: 0.004,
      source: census, code: { $0.id.flatMap { usCode($0, digits: 5) } }),
    Source(
      file: "mx_entidad_geo", collection: "mx_entidad_geo", level: "state", country: "MX", tolerance: 0.01,
      source: inegi, code: { $0.properties["cve_ent"] }),
    Source(
      file: "mx_municipio_geo", collection: "mx_municipio_geo", level: "county", country: "MX", tolerance: 0.004,
      source: inegi, code: { $0.properties["cvegeo"] }),
    Source(
      file: "ca_province_geo", collection: "ca_province_geo", level: "state", country: "CA", tolerance: 0.02,
      source: statistics, code: { $0.properties["sgc"] }),
    Source(
      file: "ca_census_division_geo", collection: "ca_census_division_geo", level: "county", country: "CA",
      tolerance: 0.008, source: statistics, code: { $0.properties["cduid"] }),
  ]

  /// The geometry files of `folder/geo`; none when there is no such folder.
  static func files(from folder: InputFolder) throws -> [BundleFile] {
    guard FileManager.default.fileExists(atPath: "\(folder.path)/geo") else { return [] }
    var topologies: [String: Topology] = [:]
    return try sources.map { source in
      let path = "\(folder.path)/geo/\(source.file).topojson"
      let topology: Topology
      if let known = topologies[source.file] {
        topology = known
      } else {
        guard let data = FileManager.default.contents(atPath: path) else { throw BundleError("there is no \(path)") }
        topology = try JSONDecoder().decode(Topology.self, from: data)
        topologies[source.file] = topology
      }
      return file(source, topology)
    }
  }

  /// The code with its leading zeros; nil for the territories and the water of the Great Lakes, which maps leave out.
  private static func usCode(_ id: String, digits: Int) -> String? {
    let code = String(repeating: "0", count: max(0, digits - id.count)) + id
    if ["60", "66", "69", "72", "78"].contains(code.prefix(2)) || code.hasSuffix("000") { return nil }
    return renamed[code] ?? code
  }

  /// Counties that have another name and code since 2015, within the same borders.
  private static let renamed = ["46113": "46102", "02270": "02158"]

  // MARK: - One file

  private static func file(_ source: Source, _ topology: Topology) -> BundleFile {
    var ringsOfCode: [String: [[Int]]] = [:]
    for shape in topology.shapes(source.collection) {
      guard let code = source.code(shape), !shape.rings.isEmpty else { continue }
      ringsOfCode[code, default: []] += shape.rings
    }
    var numbers: [Int: Int] = [:]
    var arcs: [[SIMD2<Double>]] = []
    let codes = ringsOfCode.keys.sorted()
    var shapes: [[[Int]]] = []
    for code in codes {
      let rings = (ringsOfCode[code] ?? []).map { ring in
        ring.map { reference -> Int in
          let arc = reference < 0 ? ~reference : reference
          let number = numbers[arc] ?? arcs.count
          if number == arcs.count {
            numbers[arc] = number
            arcs.append(simplified(unwrapped(topology.arcs[arc]), tolerance: source.tolerance))
          }
          return reference < 0 ? ~number : number
        }
      }
      // Islands of less than a dot are left out, unless a place is nothing else.
      let areas = rings.map { area($0, arcs) }
      let least = min(source.tolerance * source.tolerance * 16, areas.max() ?? 0)
      shapes.append(zip(rings, areas).filter { $0.1 >= least }.map(\.0))
    }
    return encoded(source, codes, shapes, arcs)
  }

  /// The Aleutian islands beyond the date line lie west of the others.
  private static func unwrapped(_ arc: [SIMD2<Double>]) -> [SIMD2<Double>] {
    arc.map { $0.x > 90 ? SIMD2($0.x - 360, $0.y) : $0 }
  }

  private static func area(_ ring: [Int], _ arcs: [[SIMD2<Double>]]) -> Double {
    let points = ring.flatMap { $0 < 0 ? arcs[~$0].reversed() : arcs[$0] }
    var sum = 0.0
    for (one, other) in zip(points, points.dropFirst() + points.prefix(1)) { sum += one.x * other.y - other.x * one.y }
    return abs(sum) / 2
  }

  /// Douglas–Peucker (1973) with longitudes as long as they are at that latitude; ends stay where they are, so that
  /// borders still meet.
  private static func simplified(_ arc: [SIMD2<Double>], tolerance: Double) -> [SIMD2<Double>] {
    guard arc.count > 2 else { return arc }
    var kept = [Bool](repeating: false, count: arc.count)
    kept[0] = true
    kept[arc.count - 1] = true
    var pending = [(0, arc.count - 1)]
    // A closed ring has no length between its ends: it is kept open by its farthest point.
    if arc[0] == arc[arc.count - 1] {
      let farthest = arc.indices.max { distance(arc[$0], arc[0]) < distance(arc[$1], arc[0]) } ?? arc.count / 2
      kept[farthest] = true
      pending = [(0, farthest), (farthest, arc.count - 1)]
    }
    while let (first, last) = pending.popLast() {
      guard last > first + 1 else { continue }
      var (worst, at) = (0.0, first)
      for index in (first + 1)..<last {
        let deviation = deviation(arc[index], arc[first], arc[last])
        if deviation > worst { (worst, at) = (deviation, index) }
      }
      guard worst > tolerance else { continue }
      kept[at] = true
      pending += [(first, at), (at, last)]
    }
    let points = arc.indices.filter { kept[$0] }.map { arc[$0] }
    // An island needs three corners.
    if arc[0] == arc[arc.count - 1], points.count < 4 {
      return arc.count < 12 ? arc : [arc[0], arc[arc.count / 3], arc[2 * arc.count / 3], arc[0]]
    }
    return points
  }

  private static func distance(_ one: SIMD2<Double>, _ other: SIMD2<Double>) -> Double {
    let shrink = cos(one.y * .pi / 180)
    let (dx, dy) = ((one.x - other.x) * shrink, one.y - other.y)
    return dx * dx + dy * dy
  }

  /// Of a point from the stretch between two others.
  private static func deviation(_ point: SIMD2<Double>, _ start: SIMD2<Double>, _ end: SIMD2<Double>) -> Double {
    let shrink = SIMD2(cos(point.y * .pi / 180), 1)
    let (along, offset) = ((end - start) * shrink, (point - start) * shrink)
    let length = (along * along).sum()
    let part = length > 0 ? min(1, max(0, (along * offset).sum() / length)) : 0
    let rest = offset - along * part
    return (rest * rest).sum().squareRoot()
  }

  // MARK: - Encoding

  /// Degrees of one step: 100 metres or so.
  private static let step = 0.001

  /// The words that `Outlines` reads.
  private static func encoded(
    _ source: Source, _ codes: [String], _ shapes: [[[Int]]], _ arcs: [[SIMD2<Double>]]
  ) -> BundleFile {
    // Only arcs that a shape still uses.
    var used: [Int] = []
    var numbers: [Int: Int] = [:]
    for arc in shapes.joined().joined().map({ $0 < 0 ? ~$0 : $0 }) where numbers[arc] == nil {
      numbers[arc] = used.count
      used.append(arc)
    }
    var words: [Int16] = []
    func wide(_ value: Int) {
      words.append(Int16(truncatingIfNeeded: value >> 16))
      words.append(Int16(truncatingIfNeeded: value))
    }
    for arc in used {
      var points: [SIMD2<Int>] = []
      for point in arcs[arc] {
        let next = SIMD2(Int((point.x / step).rounded()), Int((point.y / step).rounded()))
        // Steps of more than 16 bits are taken in several.
        while let last = points.last, max(abs(next.x - last.x), abs(next.y - last.y)) > 30_000 {
          points.append(
            SIMD2(
              last.x + min(30_000, max(-30_000, next.x - last.x)), last.y + min(30_000, max(-30_000, next.y - last.y))))
        }
        if points.last != next { points.append(next) }
      }
      words.append(Int16(points.count))
      wide(points[0].x)
      wide(points[0].y)
      for (last, next) in zip(points, points.dropFirst()) {
        words.append(Int16(next.x - last.x))
        words.append(Int16(next.y - last.y))
      }
    }
    for rings in shapes {
      words.append(Int16(rings.count))
      for ring in rings {
        words.append(Int16(ring.count))
        for reference in ring {
          let number = numbers[reference < 0 ? ~reference : reference] ?? 0
          wide(reference < 0 ? ~number : number)
        }
      }
    }
    var writer = ArrowWriter(
      rowCount: words.count,
      metadata: [
        ("cq.format", "1"),
        ("title", "Outlines for maps"), ("source", source.source), ("country", source.country), ("level", source.level),
        ("arcs", String(used.count)), ("scale", "\(step) \(step)"), ("origin", "0 0"),
        ("codes", codes.joined(separator: " ")),
      ])
    writer.add("words", .int16(words))
    return BundleFile(
      name: "geometry.\(source.level).\(source.country).arrow", rowCount: words.count, bytes: writer.bytes())
  }
}
