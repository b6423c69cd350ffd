/// A number to divide many others by: two multiplications each, where a division takes twenty cycles and more.
///
/// Exact: `2^64 / d` rounded up is too large by less than one, which a quotient notices only for numbers of `2^64 / d` and more.
struct Divisor: Sendable {
  let divisor: UInt64
  /// `2^64 / divisor`, rounded up; 0 where numbers are divided as ever.
  private let reciprocal: UInt64

  /// - Precondition: `divisor` is above 0, and numbers that are divided are below `bound`.
  init(_ divisor: Int, below bound: Int) {
    precondition(divisor > 0, "division by zero")
    self.divisor = UInt64(divisor)
    let (_, overflows) = UInt64(max(0, bound)).multipliedReportingOverflow(by: UInt64(divisor))
    reciprocal = divisor == 1 || overflows ? 0 : UInt64.max / UInt64(divisor) + 1
  }

  /// - Precondition: `number` is not negative, and below the bound.
  @inline(__always)
  func quotientAndRemainder(_ number: Int) -> (quotient: Int, remainder: Int) {
    let number = UInt64(bitPattern: Int64(number))
    let quotient = reciprocal == 0 ? number / divisor : number.multipliedFullWidth(by: reciprocal).high
    return (Int(truncatingIfNeeded: quotient), Int(truncatingIfNeeded: number &- quotient &* divisor))
  }
}
