package import CQColumns

#if canImport(Glibc)
  import Glibc
#endif

/// A point of the earth, in degrees.
package struct GeographicPoint: Equatable, Sendable {
  package let longitude: Double
  package let latitude: Double

  package init(longitude: Double, latitude: Double) {
    self.longitude = longitude
    self.latitude = latitude
  }

  /// Mean radius of the earth in km (IUGG).
  package static let earthRadius = 6_371.0088

  /// Great-circle distance in km by the haversine formula, which stays exact for close points.
  ///
  /// - Source: Sinnott (1984), *Sky and Telescope* 68(2): 159.
  package func distance(to other: GeographicPoint) -> Double {
    let radian = Double.pi / 180
    let northward = sin((other.latitude - latitude) * radian / 2)
    let eastward = sin((other.longitude - longitude) * radian / 2)
    let square =
      northward * northward + cos(latitude * radian) * cos(other.latitude * radian) * eastward * eastward
    return 2 * Self.earthRadius * asin(min(1, square.squareRoot()))
  }
}

extension Outlines {
  /// The centre of the area of each shape, in the order of ``shapes``; nil for one without area.
  ///
  /// Computed in the plane of longitude and latitude, as PySAL does with unprojected outlines. A shape on both sides of the
  /// 180th meridian (Alaska) is measured eastward across it.
  package var centroids: [GeographicPoint?] { shapes.map { centroid(of: $0.rings) } }

  /// The centre of several rings together; rings that are holes turn the other way and are subtracted.
  package func centroid(of rings: [[Int]]) -> GeographicPoint? { Self.centroid(rings.map(points(of:))) }

  /// The area of rings in km² on the sphere; holes are subtracted.
  ///
  /// By Lambert's cylindrical projection, which keeps areas: longitude × sine of the latitude.
  package func area(of rings: [[Int]]) -> Double {
    let radian = Double.pi / 180
    var sum = 0.0
    for ring in rings.map(points(of:)) {
      guard var before = ring.last else { continue }
      for point in ring {
        var eastward = point.x - before.x
        if eastward > 180 { eastward -= 360 } else if eastward < -180 { eastward += 360 }
        sum += eastward * radian * (sin(point.y * radian) + sin(before.y * radian)) / 2
        before = point
      }
    }
    return abs(sum) * GeographicPoint.earthRadius * GeographicPoint.earthRadius
  }

  /// The points of a ring, each once.
  package func points(of ring: [Int]) -> [(x: Double, y: Double)] {
    var points: [(x: Double, y: Double)] = []
    for arc in ring {
      let next = arc < 0 ? arcs[~arc].reversed() : arcs[arc]
      // An arc starts where the one before it ends.
      if let last = points.last, let first = next.first, last == first {
        points += next.dropFirst()
      } else {
        points += next
      }
    }
    if points.count > 1, points[0] == points[points.count - 1] { points.removeLast() }
    return points
  }

  package static func centroid(_ rings: [[(x: Double, y: Double)]]) -> GeographicPoint? {
    let longitudes = rings.joined().map(\.x)
    guard let west = longitudes.min(), let east = longitudes.max(), let south = rings.joined().map(\.y).min()
    else { return nil }
    let crosses = east - west > 180
    // Moments about a corner of the shape: about (0, 0) they would lose digits.
    let (originX, originY) = (crosses ? 180 : west, south)
    var (area, momentX, momentY) = (0.0, 0.0, 0.0)
    for ring in rings {
      guard var before = ring.last else { continue }
      for point in ring {
        let (x1, y1) = ((crosses && before.x < 0 ? before.x + 360 : before.x) - originX, before.y - originY)
        let (x2, y2) = ((crosses && point.x < 0 ? point.x + 360 : point.x) - originX, point.y - originY)
        let cross = x1 * y2 - x2 * y1
        area += cross
        momentX += (x1 + x2) * cross
        momentY += (y1 + y2) * cross
        before = point
      }
    }
    guard area != 0 else { return nil }
    let longitude = originX + momentX / (3 * area)
    return GeographicPoint(
      longitude: longitude > 180 ? longitude - 360 : longitude, latitude: originY + momentY / (3 * area))
  }
}
