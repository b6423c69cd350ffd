#if canImport(Glibc)
  import Glibc
#endif

/// What is known about one number: it lies from `low` to `high`, both included; an open end is infinite.
struct Interval: Equatable, Sendable {
  var low: Double
  var high: Double

  init(_ low: Double, _ high: Double) {
    self.low = low
    self.high = high
  }

  init(_ value: Double) { self.init(value, value) }

  static let unknown = Interval(-.infinity, .infinity)
  /// What is counted or paid is never negative.
  static let notNegative = Interval(0, .infinity)

  var isPoint: Bool { low == high }

  func contains(_ value: Double) -> Bool { low <= value && value <= high }

  /// Both hold; where they contradict each other by rounding, the first is kept.
  func narrowed(to other: Interval) -> Interval {
    let (newLow, newHigh) = (max(low, other.low), min(high, other.high))
    return newLow <= newHigh ? Interval(newLow, newHigh) : self
  }

  func including(_ value: Double) -> Interval { Interval(min(low, value), max(high, value)) }
}

// Interval arithmetic: every value that the operands allow lies in the result.
//
// Moore (1966), Interval Analysis.
extension Interval {
  static prefix func - (operand: Interval) -> Interval { Interval(-operand.high, -operand.low) }

  static func + (lhs: Interval, rhs: Interval) -> Interval {
    Interval(sum(lhs.low, rhs.low, open: -.infinity), sum(lhs.high, rhs.high, open: .infinity))
  }

  static func - (lhs: Interval, rhs: Interval) -> Interval { lhs + -rhs }

  static func * (lhs: Interval, rhs: Interval) -> Interval {
    let products = [
      product(lhs.low, rhs.low), product(lhs.low, rhs.high), product(lhs.high, rhs.low), product(lhs.high, rhs.high),
    ]
    return Interval(products.min() ?? -.infinity, products.max() ?? .infinity)
  }

  /// A denominator that may be zero opens the end that it would overflow to; nil where it can only be zero.
  static func / (lhs: Interval, rhs: Interval) -> Interval? {
    if rhs.low == 0 && rhs.high == 0 { return nil }
    if rhs.low < 0 && rhs.high > 0 { return .unknown }
    let inverse: Interval =
      rhs.low >= 0
      ? Interval(1 / rhs.high, rhs.low == 0 ? .infinity : 1 / rhs.low)
      : Interval(rhs.high == 0 ? -.infinity : 1 / rhs.high, 1 / rhs.low)
    return lhs * inverse
  }

  /// `lhs ^ rhs` where the exponent is one number, which is what formulas have.
  func power(_ exponent: Interval) -> Interval {
    guard exponent.isPoint else { return .unknown }
    let power = exponent.low
    if power == 0 { return Interval(1) }
    if low >= 0 {
      let ends = [pow(low, power), pow(high, power)]
      return Interval(ends.min() ?? 0, ends.max() ?? .infinity)
    }
    guard power > 0, power == power.rounded() else { return .unknown }
    if power.truncatingRemainder(dividingBy: 2) == 0 {
      let least = high >= 0 ? 0 : pow(high, power)
      return Interval(least, max(pow(low, power), pow(high, power)))
    }
    return Interval(pow(low, power), pow(high, power))
  }

  var magnitude: Interval {
    if low >= 0 { return self }
    if high <= 0 { return -self }
    return Interval(0, max(-low, high))
  }

  /// A function that never falls, taken at both ends; an end outside its domain is open.
  func mapped(_ function: (Double) -> Double) -> Interval {
    let (newLow, newHigh) = (function(low), function(high))
    return Interval(newLow.isNaN ? -.infinity : newLow, newHigh.isNaN ? .infinity : newHigh)
  }

  private static func sum(_ lhs: Double, _ rhs: Double, open: Double) -> Double {
    let sum = lhs + rhs
    return sum.isNaN ? open : sum
  }

  /// Nothing times anything is nothing, however large.
  private static func product(_ lhs: Double, _ rhs: Double) -> Double { lhs == 0 || rhs == 0 ? 0 : lhs * rhs }
}
