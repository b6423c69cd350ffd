extension Array where Element == Double {
  /// The same numbers in another unit, a power of two, in which the largest is near 1: nothing is rounded, and squares neither vanish nor
  /// overflow. For what does not depend on the unit.
  package var nearOne: [Double] {
    let largest = reduce(0) { Swift.max($0, abs($1)) }
    guard largest > 0, largest.isFinite, !(1e-100...1e100).contains(largest) else { return self }
    let unit = Double(
      sign: .plus, exponent: -Swift.min(1_000, Swift.max(-1_000, Int(largest.exponent))), significand: 1)
    return map { $0 * unit }
  }
}
