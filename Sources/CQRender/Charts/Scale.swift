import CQColumns

/// Round numbers along an axis, and where a value lies between its ends.
struct Scale {
  let low: Double
  let high: Double
  let ticks: [Double]
  let step: Double

  /// - Parameters:
  ///   - includesZero: Bars and areas start at zero; points need not.
  ///   - tickCount: About how many ticks.
  init(_ values: [Double], includesZero: Bool, tickCount: Int) {
    var low = values.min() ?? 0
    var high = values.max() ?? 1
    if includesZero {
      low = min(low, 0)
      high = max(high, 0)
    }
    if low == high {
      let room = low == 0 ? 1 : abs(low) * 0.5
      if includesZero {
        if low < 0 { high = 0 } else { low = 0; high = max(high, low + room) }
      } else {
        low -= room
        high += room
      }
    }
    let step = Self.step((high - low) / Double(max(1, tickCount)))
    self.step = step
    self.low = (low / step + 1e-9).rounded(.down) * step
    self.high = (high / step - 1e-9).rounded(.up) * step
    var ticks: [Double] = []
    var index = (self.low / step).rounded()
    while index * step <= self.high + step * 1e-6, ticks.count < 64 {
      ticks.append(index == 0 ? 0 : index * step)
      index += 1
    }
    self.ticks = ticks
  }

  /// A scale with these ends as they are, and ticks at `ticks`.
  init(low: Double, high: Double, ticks: [Double]) {
    self.low = low
    self.high = high > low ? high : low + 1
    self.ticks = ticks
    step = ticks.count > 1 ? ticks[1] - ticks[0] : self.high - low
  }

  /// 0 at `low`, 1 at `high`.
  func position(_ value: Double) -> Double { (value - low) / (high - low) }

  /// 1, 2 or 5 times a power of ten, at least `rough`.
  private static func step(_ rough: Double) -> Double {
    guard rough > 0, rough.isFinite else { return 1 }
    var power = 1.0
    while power * 10 <= rough, power < 1e300 { power *= 10 }
    while power > rough, power > 1e-300 { power /= 10 }
    for factor in [1.0, 2, 2.5, 5] where power * factor >= rough * (1 - 1e-9) { return power * factor }
    return power * 10
  }

  /// Ticks as short as they can be: `0.5`, `20k`, `1.5M`, `5%`.
  func texts(_ quantity: Quantity) -> [String] { ticks.map { text($0, quantity) } }

  func text(_ tick: Double, _ quantity: Quantity) -> String {
    if tick == 0 { return quantity == .percent ? "0%" : "0" }
    let size = max(abs(low), abs(high)) * (quantity == .percent ? 100 : 1)
    if size >= 1e13 || size < 1e-6 { return Self.scientific(tick, step) + (quantity == .percent ? "%" : "") }
    if case .percent = quantity { return Self.plain(tick * 100, step: step * 100) + "%" }
    let largest = max(abs(low), abs(high))
    if largest >= 1e9 { return Self.plain(tick / 1e9, step: step / 1e9) + "B" }
    if largest >= 1e6 { return Self.plain(tick / 1e6, step: step / 1e6) + "M" }
    if largest >= 1e4 { return Self.plain(tick / 1e3, step: step / 1e3) + "k" }
    return Self.plain(tick, step: step)
  }

  /// A number in at most eight characters or so: `1.2M`, `2.5e15`.
  static func compact(_ value: Double, _ quantity: Quantity) -> String {
    let scaled = quantity == .percent ? value * 100 : value
    let suffix = quantity == .percent ? "%" : ""
    let magnitude = abs(scaled)
    if value == 0 { return "0" + suffix }
    if magnitude >= 1e12 || magnitude < 1e-3 { return scientific(scaled, 0) + suffix }
    for (unit, letter) in [(1e9, "B"), (1e6, "M"), (1e3, "k")] where magnitude >= unit {
      return NumberFormat.fixed(scaled / unit, decimals: 1).replacingMinus + letter + suffix
    }
    return NumberFormat.fixed(scaled, decimals: 2).replacingMinus + suffix
  }

  /// `2.5e15`, for what is beyond billions and below millionths.
  private static func scientific(_ value: Double, _ step: Double) -> String {
    var exponent = 0
    var mantissa = abs(value)
    while mantissa >= 9.995, exponent < 400 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
    while mantissa < 0.9995, exponent > -400 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
    let tenths = (mantissa * 10).rounded() / 10
    return (value < 0 ? "−" : "") + NumberFormat.fixed(tenths, decimals: tenths == tenths.rounded() ? 0 : 1)
      + "e\(exponent)"
  }

  private static func plain(_ value: Double, step: Double) -> String {
    var decimals = 0
    var shown = step
    while decimals < 6, abs(shown - shown.rounded()) > 1e-6 * abs(shown) {
      shown *= 10
      decimals += 1
    }
    return NumberFormat.fixed(value, decimals: decimals).replacingMinus
  }
}

extension String {
  /// A true minus sign, as long as a digit.
  var replacingMinus: String { hasPrefix("-") ? "−" + dropFirst() : self }
}
