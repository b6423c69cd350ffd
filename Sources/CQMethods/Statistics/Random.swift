/// Random numbers that a seed determines, for permutations and simulations: the same query gives the same bytes.
///
/// - Source: Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators, OOPSLA (SplitMix64).
package struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: Int) { state = UInt64(bitPattern: Int64(seed)) }

  /// One of many streams of a seed, so that results do not depend on which thread draws first.
  package init(seed: UInt64, stream: Int) {
    state = Self.mixed(seed &+ 0x9E37_79B9_7F4A_7C15)
    state &+= Self.mixed(UInt64(bitPattern: Int64(stream)) &* 0xD1B5_4A32_D192_ED03)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  private static func mixed(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }

  /// As ``below(_:)`` without a division: at least 0 and below `bound`; unequal by less than bound / 2⁶⁴.
  @inline(__always) mutating func index(below bound: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: bound)).high)
  }

  /// A whole number from 0 up to, not including, `bound`.
  package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(Swift.max(1, bound))) }

  /// A number from 0 up to 1.
  package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Puts `elements` into a random order (Fisher–Yates).
  package mutating func shuffle<Element>(_ elements: inout [Element]) {
    for index in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(index, below(index + 1)) }
  }
}
