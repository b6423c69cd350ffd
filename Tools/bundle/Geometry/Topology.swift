import Foundation

/// A TopoJSON file: arcs that shapes share, in steps of its own.
struct Topology: Decodable {
  struct Transform: Decodable {
    var scale: [Double]
    var translate: [Double]
  }

  struct Shape: Decodable {
    /// Arcs of each ring; `~i` is arc `i` backwards.
    var rings: [[Int]]
    var id: String?
    var properties: [String: String]

    private enum Key: String, CodingKey { case type, id, properties, arcs }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      switch try container.decodeIfPresent(String.self, forKey: .type) {
      case "Polygon": rings = try container.decode([[Int]].self, forKey: .arcs)
      case "MultiPolygon": rings = try container.decode([[[Int]]].self, forKey: .arcs).flatMap { $0 }
      default: rings = []
      }
      if let number = try? container.decode(Int.self, forKey: .id) {
        id = String(number)
      } else {
        id = try container.decodeIfPresent(String.self, forKey: .id)
      }
      properties = (try? container.decodeIfPresent([String: String].self, forKey: .properties)) ?? [:]
    }
  }

  private struct Collection: Decodable {
    var shapes: [Shape]

    private enum Key: String, CodingKey { case geometries }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      shapes = try container.decodeIfPresent([Shape].self, forKey: .geometries) ?? []
    }
  }

  /// Longitude and latitude of each arc's points.
  let arcs: [[SIMD2<Double>]]
  private let collections: [String: Collection]

  private enum Key: String, CodingKey { case transform, arcs, objects }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    let transform = try container.decode(Transform.self, forKey: .transform)
    collections = try container.decode([String: Collection].self, forKey: .objects)
    let scale = SIMD2(transform.scale[0], transform.scale[1])
    let origin = SIMD2(transform.translate[0], transform.translate[1])
    // Every step is the difference to the point before it.
    arcs = try container.decode([[[Int]]].self, forKey: .arcs).map { steps in
      var point = SIMD2(0.0, 0.0)
      return steps.map { step in
        point += SIMD2(Double(step[0]), Double(step[1]))
        return point * scale + origin
      }
    }
  }

  func shapes(_ collection: String) -> [Shape] { collections[collection]?.shapes ?? [] }
}
