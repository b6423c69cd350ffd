/// Outlines of the places of one level in one country, in degrees, as a topology: a border that two places share is
/// stored once, so that simplifying it never tears them apart.
///
/// The file `geometry.LEVEL.COUNTRY.arrow` has one column `words` of 16-bit integers, read in order:
///
///     arc:    count of points, then x and y of the first (two words each, high first), then dx dy of each further point
///     shape:  count of rings; ring: count of arcs, then the arcs (two words each, high first): i, or ~i for backwards
///
/// and the metadata `country`, `level`, `arcs` (their number), `codes` (of the shapes, separated by spaces), `scale`
/// and `origin` (degrees of one step, and of zero: `x y`), `source`.
public struct Outlines: Sendable {
  public var level: String
  public var country: String
  /// Agency and product.
  public var source: String
  /// Longitude and latitude of each arc's points.
  public var arcs: [[(x: Double, y: Double)]]
  /// For each shape its rings, each a list of arcs: `i`, or `~i` for arc `i` backwards.
  public var shapes: [(code: String, rings: [[Int]])]

  public init(
    level: String, country: String, source: String, arcs: [[(x: Double, y: Double)]],
    shapes: [(code: String, rings: [[Int]])]
  ) {
    self.level = level
    self.country = country
    self.source = source
    self.arcs = arcs
    self.shapes = shapes
  }
}

extension Outlines {
  /// Reads a geometry file; nil when it is not one or is damaged.
  package init?(_ table: ArrowTable) {
    guard case .int16(let words) = table.data(named: "words"), let country = table.metadata("country"),
      let level = table.metadata("level"), let arcCount = table.metadata("arcs").flatMap(Int.init),
      let codes = table.metadata("codes"), let scale = Self.pair(table.metadata("scale")),
      let origin = Self.pair(table.metadata("origin"))
    else { return nil }
    var reader = WordReader(words: words)
    var arcs: [[(x: Double, y: Double)]] = []
    for _ in 0..<max(0, arcCount) {
      guard let count = reader.next(), count > 0, var x = reader.wide(), var y = reader.wide() else { return nil }
      var points: [(x: Double, y: Double)] = []
      points.reserveCapacity(count)
      points.append((origin.0 + Double(x) * scale.0, origin.1 + Double(y) * scale.1))
      for _ in 1..<max(1, count) {
        guard let dx = reader.next(), let dy = reader.next() else { return nil }
        x += dx
        y += dy
        points.append((origin.0 + Double(x) * scale.0, origin.1 + Double(y) * scale.1))
      }
      arcs.append(points)
    }
    var shapes: [(code: String, rings: [[Int]])] = []
    for code in codes.split(separator: " ") {
      guard let ringCount = reader.next(), ringCount >= 0 else { return nil }
      var rings: [[Int]] = []
      for _ in 0..<ringCount {
        guard let count = reader.next(), count >= 0 else { return nil }
        var ring: [Int] = []
        for _ in 0..<count {
          guard let arc = reader.wide(), arcs.indices.contains(arc < 0 ? ~arc : arc) else { return nil }
          ring.append(arc)
        }
        rings.append(ring)
      }
      shapes.append((String(code), rings))
    }
    self.init(
      level: level, country: country, source: table.metadata("source") ?? "", arcs: arcs, shapes: shapes)
  }

  private static func pair(_ text: String?) -> (Double, Double)? {
    let numbers = (text ?? "").split(separator: " ").compactMap { Double($0) }
    return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
  }
}

private struct WordReader {
  let words: ColumnBuffer<Int16>
  var position = 0

  mutating func next() -> Int? {
    guard position < words.count else { return nil }
    defer { position += 1 }
    return Int(words[position])
  }

  /// 32 bits in two words, the high one first.
  mutating func wide() -> Int? {
    guard let high = next(), let low = next() else { return nil }
    return high << 16 | (low & 0xFFFF)
  }
}
