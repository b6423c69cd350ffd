#if canImport(Glibc)
  import Glibc
#endif

extension SpatialWeights {
  /// The `count` nearest places of each, all weights 1. Not symmetric: a remote place's neighbours have closer ones.
  ///
  /// Of places equally far away the first in the list counts. A place without a point has no neighbours and is nobody's.
  ///
  /// - Complexity: O(places² ).
  package static func nearest(_ count: Int, of points: [GeographicPoint?]) -> SpatialWeights {
    let located = Located(points)
    var rows = [[Int]](repeating: [], count: points.count)
    guard count > 0 else { return SpatialWeights(neighbours: rows) }
    for place in located.places.indices {
      // The closest so far, ascending; few, so inserting is cheap.
      var best: [(square: Double, place: Int)] = []
      for other in located.places.indices where other != place {
        let square = located.squareOfChord(place, other)
        if best.count == count, square >= best[count - 1].square { continue }
        if best.count == count { best.removeLast() }
        let position = best.firstIndex { square < $0.square } ?? best.count
        best.insert((square, located.places[other]), at: position)
      }
      rows[located.places[place]] = best.map(\.place)
    }
    return SpatialWeights(neighbours: rows)
  }

  /// Every place at most `limit` km away, all weights 1.
  package static func band(_ limit: Double, of points: [GeographicPoint?]) -> SpatialWeights {
    byDistance(points, limit: limit) { _ in 1 }
  }

  /// `d^−power` of the distance in km, up to `limit` if there is one. Places at the same point count as 1 km apart: an
  /// infinite weight has no mean.
  package static func inverseDistance(
    power: Double, limit: Double? = nil, of points: [GeographicPoint?]
  ) -> SpatialWeights {
    byDistance(points, limit: limit) { pow(max($0, 1e-9) < 1e-6 ? 1 : $0, -power) }
  }

  package enum DistanceKernel: String, Sendable {
    case triangular, uniform, epanechnikov, quartic, gaussian

    /// - Parameter part: Distance over bandwidth, 0 to 1.
    func weight(_ part: Double) -> Double {
      switch self {
      case .triangular: 1 - part
      case .uniform: 0.5
      case .epanechnikov: 0.75 * (1 - part * part)
      case .quartic: 0.9375 * (1 - part * part) * (1 - part * part)
      case .gaussian: exp(-part * part / 2) / (2 * Double.pi).squareRoot()
      }
    }
  }

  /// A weight that falls with the distance and is 0 from `bandwidth` km on.
  ///
  /// - Source: Anselin and Rey (2014), *Modern Spatial Econometrics in Practice*, ch. 3; the place itself is left out.
  package static func kernel(
    _ kernel: DistanceKernel, bandwidth: Double, of points: [GeographicPoint?]
  ) -> SpatialWeights {
    byDistance(points, limit: bandwidth) { kernel.weight($0 / bandwidth) }
  }

  /// As ``kernel(_:bandwidth:of:)`` with a bandwidth for each place: the distance to its `count`-th nearest other one.
  ///
  /// - Note: As in PySAL, bandwidths are a ten-millionth longer, so that a kernel which ends at 0 reaches the last neighbour.
  package static func kernel(
    _ kernel: DistanceKernel, nearest count: Int, of points: [GeographicPoint?]
  ) -> SpatialWeights {
    let nearest = SpatialWeights.nearest(count, of: points)
    return SpatialWeights(
      rows: points.indices.map { place in
        guard let from = points[place] else { return [] }
        let distances = nearest.row(place).map { entry in
          (nearest.neighbours[entry], points[nearest.neighbours[entry]].map { from.distance(to: $0) } ?? 0)
        }
        let bandwidth = (distances.map(\.1).max() ?? 0) * 1.0000001
        return bandwidth > 0 ? distances.map { ($0.0, kernel.weight($0.1 / bandwidth)) } : []
      })
  }

  /// All places of the same group, all weights 1.
  package static func block(_ groups: [Int]) -> SpatialWeights {
    var members: [Int: [Int]] = [:]
    for (place, group) in groups.enumerated() { members[group, default: []].append(place) }
    return SpatialWeights(neighbours: groups.map { members[$0] ?? [] })
  }

  private static func byDistance(
    _ points: [GeographicPoint?], limit: Double?, _ weight: (Double) -> Double
  ) -> SpatialWeights {
    var rows = [[(neighbour: Int, weight: Double)]](repeating: [], count: points.count)
    for first in points.indices {
      guard let from = points[first] else { continue }
      for second in points.indices.dropFirst(first + 1) {
        guard let to = points[second] else { continue }
        let distance = from.distance(to: to)
        if let limit, distance > limit { continue }
        let value = weight(distance)
        rows[first].append((second, value))
        rows[second].append((first, value))
      }
    }
    return SpatialWeights(rows: rows)
  }
}

/// Places as points of the unit sphere: nearer by chord is nearer by great circle.
private struct Located {
  let places: [Int]
  private let x: [Double]
  private let y: [Double]
  private let z: [Double]

  init(_ points: [GeographicPoint?]) {
    var (places, x, y, z) = ([Int](), [Double](), [Double](), [Double]())
    for (place, point) in points.enumerated() {
      guard let point else { continue }
      let (longitude, latitude) = (point.longitude * .pi / 180, point.latitude * .pi / 180)
      places.append(place)
      x.append(cos(latitude) * cos(longitude))
      y.append(cos(latitude) * sin(longitude))
      z.append(sin(latitude))
    }
    (self.places, self.x, self.y, self.z) = (places, x, y, z)
  }

  func squareOfChord(_ first: Int, _ second: Int) -> Double {
    let (dx, dy, dz) = (x[first] - x[second], y[first] - y[second], z[first] - z[second])
    return dx * dx + dy * dy + dz * dz
  }
}
