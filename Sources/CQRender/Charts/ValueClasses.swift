import CQColumns
import CQMethods

/// Values divided into classes by bounds: class `i` holds what is at least bound `i − 1` and below bound `i`.
struct ValueClasses {
  /// Between classes, ascending; one fewer than classes.
  let bounds: [Double]
  /// The first class above the centre of a diverging scale; nil for a scale from little to much.
  let turn: Int?

  var count: Int { bounds.count + 1 }

  func index(of value: Double) -> Int { bounds.firstIndex { value < $0 } ?? bounds.count }

  /// - Parameters:
  ///   - center: Where a diverging scale turns: a bound of its own.
  ///   - breaks: Bounds that the user gave; they are kept as they are.
  init(
    _ values: [Double], scheme: Picture.ClassScheme? = nil, center: Double? = nil, breaks: [Double] = [],
    count: Int? = nil
  ) {
    let sorted = values.filter(\.isFinite).sorted()
    let low = sorted.first ?? 0
    let high = sorted.last ?? 0
    // A scale turns only where there are values on both sides.
    let turns = center.map { low < $0 && high > $0 } ?? false
    let center = turns ? center : nil
    if !breaks.isEmpty {
      bounds = breaks
      turn = center.flatMap { breaks.firstIndex(of: $0) }.map { $0 + 1 }
      return
    }
    guard let center else {
      bounds = Self.distinct(Self.bounds(sorted, scheme ?? .quantile, count ?? 5), low: low)
      turn = nil
      return
    }
    let side = max(1, (count ?? 6) / 2)
    var below: [Double]
    var above: [Double]
    if center == 1, scheme == nil, low >= 0 {
      // Quotients: the same bounds on every map, so that maps can be compared; 1.2 is where specialised begins.
      below = [0.5, 0.8].filter { $0 > low }
      above = [1.2, 2].filter { $0 <= high }
    } else {
      let scheme = scheme ?? .quantile
      below = Self.bounds(sorted.filter { $0 < center }, scheme, side)
      above = Self.bounds(sorted.filter { $0 >= center }, scheme, side)
    }
    below = Self.distinct(below.filter { $0 < center }, low: low)
    above = Self.distinct(above.filter { $0 > center }, low: center)
    bounds = below + [center] + above
    turn = below.count + 1
  }

  /// A class of its own for each of the whole numbers from 0.
  init(categoryCount: Int) {
    bounds = categoryCount > 1 ? (1..<categoryCount).map { Double($0) - 0.5 } : []
    turn = nil
  }

  private static func distinct(_ bounds: [Double], low: Double) -> [Double] {
    var result: [Double] = []
    for bound in bounds where bound > low && bound > (result.last ?? -.infinity) { result.append(bound) }
    return result
  }

  private static func bounds(_ sorted: [Double], _ scheme: Picture.ClassScheme, _ count: Int) -> [Double] {
    guard let low = sorted.first, let high = sorted.last, low < high, count > 1 else { return [] }
    let inner = scheme.upperBounds(sorted, count: count).dropLast()
    switch scheme {
    case .quantile:
      let bounds = rounded(Array(inner), sorted)
      // Ties leave classes without a value.
      return bounds.enumerated().filter { index, bound in
        let before = index == 0 ? -Double.infinity : bounds[index - 1]
        return sorted.contains { $0 >= before && $0 < bound }
      }.map(\.element)
    // Bounds are values there, the largest ones of their classes; here a class begins at its bound.
    case .jenks: return rounded(inner.compactMap { bound in sorted.first { $0 > bound } }, sorted)
    // More classes than colours can tell apart say nothing.
    case .headtail: return Array(inner.prefix(7))
    case .equal, .deviation, .boxplot, .percentiles, .gaps, .pretty: return Array(inner)
    }
  }

  /// Bounds as round as they can be while every value stays in its class.
  private static func rounded(_ bounds: [Double], _ sorted: [Double]) -> [Double] {
    bounds.map { bound in
      guard bound != 0, let above = sorted.first(where: { $0 >= bound }) else { return bound }
      let below = sorted.last { $0 < bound } ?? -.infinity
      var power = 1.0
      while power * 10 <= abs(bound) { power *= 10 }
      while power > abs(bound), power > 1e-12 { power /= 10 }
      for digits in 0..<6 {
        let unit = power / [1, 10, 100, 1_000, 10_000, 100_000][digits]
        let candidate = (bound / unit).rounded() * unit
        if candidate > below, candidate <= above { return candidate }
      }
      return bound
    }
  }

  // MARK: - Names

  /// `below 0.50`, `0.50–0.80`, `2.00 and more`.
  func labels(_ quantity: Quantity) -> [String] {
    let texts = boundTexts(quantity)
    guard let first = texts.first, let last = texts.last else { return ["all the same"] }
    let inner = zip(texts, texts.dropFirst()).map { "\($0) to \($1)" }
    return ["below \(first)"] + inner + ["\(last) and more"]
  }

  /// `0.50`, `1.00`: what stands between classes.
  func boundTexts(_ quantity: Quantity) -> [String] { bounds.map { text($0, quantity) } }

  /// As many decimals as tell the bounds apart.
  private func text(_ bound: Double, _ quantity: Quantity) -> String {
    let isPercent = quantity == .percent
    let factor = isPercent ? 100.0 : 1
    let scaled = bounds.map { $0 * factor }
    let gaps = zip(scaled, scaled.dropFirst()).map { $1 - $0 }
    let least = (gaps + scaled.map(abs)).filter { $0 > 0 }.min() ?? 1
    var decimals = 0
    var unit = 1.0
    while decimals < 4, unit > least * 0.51 {
      unit /= 10
      decimals += 1
    }
    let largest = scaled.map(abs).max() ?? 0
    if largest >= 1_000, least >= 1 { decimals = 0 }
    // `2.4M`, `340k`: the zeros of millions say nothing.
    for (unit, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "k")]
    where !isPercent && largest >= 1e6 && abs(bound) >= unit {
      let value = bound / unit
      var places = abs(value) >= 100 ? 0 : abs(value) >= 10 ? 1 : 2
      while places > 0, Self.isWhole(value * (places == 1 ? 1 : 10)) { places -= 1 }
      return NumberFormat.fixed(value, decimals: places).replacingMinus + letter
    }
    return NumberFormat.fixed(bound * factor, decimals: decimals).replacingMinus + (isPercent ? "%" : "")
  }

  private static func isWhole(_ value: Double) -> Bool { abs(value - value.rounded()) < 1e-9 * abs(value) }
}
