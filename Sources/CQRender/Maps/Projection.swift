import CQColumns

// Conic projections of the sphere (Snyder 1987, *Map Projections: A Working Manual*, chapters 14 and 15).

/// Degrees to a plane whose unit is the radius of the earth; y grows downwards, as on a page.
struct Projection {
  private enum Kind { case equalArea, conformal, azimuthal }

  private let kind: Kind
  private let cone: Double
  private let constant: Double
  private let centralMeridian: Double
  private let scale: Double
  private let offset: (x: Double, y: Double)

  /// Albers' equal-area conic with two standard parallels.
  static func albers(
    _ first: Double, _ second: Double, meridian: Double, scale: Double = 1, offset: (x: Double, y: Double) = (0, 0)
  ) -> Projection {
    let (one, other) = (Trigonometry.sine(first), Trigonometry.sine(second))
    let cone = first == second ? one : (one + other) / 2
    let cosine = Trigonometry.cosine(first)
    return Projection(
      kind: .equalArea, cone: cone, constant: cosine * cosine + 2 * cone * one, centralMeridian: meridian, scale: scale,
      offset: offset)
  }

  /// Lambert's conformal conic, the one of Statistics Canada.
  static func lambert(_ first: Double, _ second: Double, meridian: Double) -> Projection {
    func tangent(_ latitude: Double) -> Double { Trigonometry.tangent(45 + latitude / 2) }
    let cone =
      Trigonometry.logarithm(Trigonometry.cosine(first) / Trigonometry.cosine(second))
      / Trigonometry.logarithm(tangent(second) / tangent(first))
    let constant = Trigonometry.cosine(first) * Trigonometry.power(tangent(first), cone) / cone
    return Projection(
      kind: .conformal, cone: cone, constant: constant, centralMeridian: meridian, scale: 1, offset: (0, 0))
  }

  /// Lambert's azimuthal equal-area projection about a point, the one of continental atlases.
  static func azimuthal(_ latitude: Double, meridian: Double) -> Projection {
    Projection(
      kind: .azimuthal, cone: latitude, constant: 0, centralMeridian: meridian, scale: 1, offset: (0, 0))
  }

  private init(
    kind: Kind, cone: Double, constant: Double, centralMeridian: Double, scale: Double, offset: (x: Double, y: Double)
  ) {
    self.kind = kind
    self.cone = cone
    self.constant = constant
    self.centralMeridian = centralMeridian
    self.scale = scale
    self.offset = offset
  }

  func callAsFunction(_ longitude: Double, _ latitude: Double) -> (x: Double, y: Double) {
    let angle = (kind == .azimuthal ? 1 : cone) * (longitude - centralMeridian)
    let radius: Double
    switch kind {
    case .azimuthal:
      // The cone's field holds the latitude of the centre.
      let (sine, cosine) = (Trigonometry.sine(latitude), Trigonometry.cosine(latitude))
      let (centerSine, centerCosine) = (Trigonometry.sine(cone), Trigonometry.cosine(cone))
      let across = Trigonometry.cosine(angle)
      let stretch = (2 / max(1e-9, 1 + centerSine * sine + centerCosine * cosine * across)).squareRoot()
      return (
        stretch * cosine * Trigonometry.sine(angle) * scale + offset.x,
        -stretch * (centerCosine * sine - centerSine * cosine * across) * scale + offset.y
      )
    case .equalArea: radius = max(0, constant - 2 * cone * Trigonometry.sine(latitude)).squareRoot() / cone
    case .conformal:
      radius = constant / Trigonometry.power(Trigonometry.tangent(45 + min(89, latitude) / 2), cone)
    }
    return (
      radius * Trigonometry.sine(angle) * scale + offset.x, radius * Trigonometry.cosine(angle) * scale + offset.y
    )
  }

  /// Moves the point at these degrees to `position`.
  func placing(_ longitude: Double, _ latitude: Double, at position: (x: Double, y: Double), scale: Double)
    -> Projection
  {
    let plain = Projection(
      kind: kind, cone: cone, constant: constant, centralMeridian: centralMeridian, scale: scale, offset: (0, 0))
    let point = plain(longitude, latitude)
    return Projection(
      kind: kind, cone: cone, constant: constant, centralMeridian: centralMeridian, scale: scale,
      offset: (position.x - point.x, position.y - point.y))
  }
}

/// Which projection each place of a map has: one for all, except that Alaska and Hawaii are drawn beside the other states.
struct ProjectionSet {
  private let main: Projection
  private let alaska: Projection?
  private let hawaii: Projection?

  /// - Parameter bounds: Degrees of what is drawn, for maps of a part of a country.
  init(countries: Set<String>, isPart: Bool, bounds: (west: Double, south: Double, east: Double, north: Double)) {
    var insets = false
    var islands: Projection?
    if countries.count > 1 {
      main = .azimuthal(45, meridian: -100)
      // Hawaii would make the continent a third narrower: it is drawn off Mexico.
      islands = Projection.albers(8, 18, meridian: -157).placing(-157, 20.5, at: main(-124, 22), scale: 1)
    } else if isPart {
      let height = bounds.north - bounds.south
      main = .albers(
        bounds.south + height / 6, bounds.north - height / 6, meridian: (bounds.west + bounds.east) / 2)
    } else {
      switch countries.first {
      case "MX": main = .albers(17.5, 29.5, meridian: -102)
      case "CA": main = .lambert(49, 77, meridian: -91.87)
      default:
        // Where the composite of the states has them, in radii of the earth from a point near its middle.
        main = Projection.albers(29.5, 45.5, meridian: -96).placing(-96.6, 38.7, at: (0, 0), scale: 1)
        insets = true
      }
    }
    alaska =
      insets ? Projection.albers(55, 65, meridian: -154).placing(-156, 58.5, at: (-0.307, 0.201), scale: 0.35) : nil
    hawaii =
      !insets ? islands : Projection.albers(8, 18, meridian: -157).placing(-160, 19.9, at: (-0.205, 0.212), scale: 1)
  }

  func projection(country: String, code: String) -> Projection {
    switch inset(country: country, code: code) {
    case .alaska: alaska ?? main
    case .hawaii: hawaii ?? main
    case nil: main
    }
  }

  /// Where a place that is drawn beside the others belongs.
  func inset(country: String, code: String) -> MapInset? {
    guard country == "US" else { return nil }
    if alaska != nil, code.hasPrefix("02") { return .alaska }
    return hawaii != nil && code.hasPrefix("15") ? .hawaii : nil
  }
}

enum MapInset: Hashable {
  case alaska, hawaii
}

/// Functions of angles in degrees, from series: this module does without a mathematics library.
enum Trigonometry {
  static func sine(_ degrees: Double) -> Double {
    // Brought to −90…90, where the series is good to the last digit after 11 terms.
    var angle = degrees - 360 * (degrees / 360).rounded()
    if angle > 90 { angle = 180 - angle }
    if angle < -90 { angle = -180 - angle }
    let x = angle * Double.pi / 180
    let square = x * x
    var (term, sum) = (x, x)
    for index in 1...11 {
      term *= -square / Double(2 * index * (2 * index + 1))
      sum += term
    }
    return sum
  }

  static func cosine(_ degrees: Double) -> Double { sine(degrees + 90) }
  static func tangent(_ degrees: Double) -> Double { sine(degrees) / cosine(degrees) }

  static func logarithm(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    // ln(m · 2^e) = ln m + e ln 2, with m near 1, by the series of the inverse hyperbolic tangent.
    let exponent = value.exponent
    let part = (value.significand - 1) / (value.significand + 1)
    let square = part * part
    var (power, sum) = (part, 0.0)
    for index in 0..<40 {
      sum += power / Double(2 * index + 1)
      power *= square
    }
    return 2 * sum + Double(exponent) * 0.693_147_180_559_945_3
  }

  static func power(_ base: Double, _ exponent: Double) -> Double {
    let x = exponent * logarithm(base)
    // e^x = (e^(x/1024))^1024.
    let small = x / 1_024
    var (term, sum) = (1.0, 1.0)
    for index in 1...8 {
      term *= small / Double(index)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}
