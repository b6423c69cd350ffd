/// What sums are kept in: whole numbers exactly, whatever their order, doubles in the order they come.
protocol GroupSum: AdditiveArithmetic, BitwiseCopyable, Sendable {
  /// Adds without trapping; see ``FactValue`` for why whole numbers can't overflow.
  mutating func add(_ other: Self)
  var number: Double { get }
}

extension Int64: GroupSum {
  @inline(__always) mutating func add(_ other: Int64) { self &+= other }
  var number: Double { Double(self) }
}

extension Int128: GroupSum {
  @inline(__always) mutating func add(_ other: Int128) { self &+= other }
  var number: Double { Double(self) }
}

extension Double: GroupSum {
  @inline(__always) mutating func add(_ other: Double) { self += other }
  var number: Double { self }
}

/// A stored value with the type that its sums are kept in.
///
/// A table has fewer than 2^31 rows, so sums of 32-bit numbers fit into 64 bits, and sums of 64-bit numbers into 128.
protocol FactValue: BitwiseCopyable, Sendable {
  associatedtype Sum: GroupSum
  var asSum: Sum { get }
  /// Above 0; not so for what is no number.
  var isPositive: Bool { get }
}

extension Int8: FactValue { var asSum: Int64 { Int64(self) } }
extension UInt8: FactValue { var asSum: Int64 { Int64(self) } }
extension Int16: FactValue { var asSum: Int64 { Int64(self) } }
extension UInt16: FactValue { var asSum: Int64 { Int64(self) } }
extension Int32: FactValue { var asSum: Int64 { Int64(self) } }
extension Int64: FactValue { var asSum: Int128 { Int128(self) } }
extension Double: FactValue { var asSum: Double { self } }

extension FactValue where Self: FixedWidthInteger {
  @inline(__always) var isPositive: Bool { self > 0 }
}

extension Double {
  @inline(__always) var isPositive: Bool { self > 0 }
}

extension FactValue {
  /// The sum of `count` values that lie next to each other.
  ///
  /// Doubles go into four sums side by side, so that the processor need not wait for each; their order is fixed, so they give the same
  /// bits whenever they start at the same value.
  @inline(__always)
  static func sum(_ values: UnsafePointer<Self>, count: Int) -> Sum {
    var total = Sum.zero
    var index = 0
    if Sum.self == Double.self {
      var (a, b, c, d) = (Sum.zero, Sum.zero, Sum.zero, Sum.zero)
      while index + 4 <= count {
        // SAFETY: the caller owns `count` values from `values` on.
        unsafe a.add(values[index].asSum)
        unsafe b.add(values[index + 1].asSum)
        unsafe c.add(values[index + 2].asSum)
        unsafe d.add(values[index + 3].asSum)
        index += 4
      }
      a.add(b)
      c.add(d)
      a.add(c)
      total = a
    }
    while index < count {
      unsafe total.add(values[index].asSum)
      index += 1
    }
    return total
  }
}
