#if canImport(Glibc)
  import Glibc
#endif

/// Tails of the distributions that tests need.
///
/// - Source: Abramowitz and Stegun (1964), *Handbook of Mathematical Functions*, 6.5 and 26.5; the continued fractions are
///   evaluated by the method of Lentz (1976), *Applied Optics* 15: 668–671.
package enum Distribution {
  /// P(Z ≥ z) of the standard normal distribution.
  package static func normalUpperTail(_ z: Double) -> Double { 0.5 * erfc(z / 2.0.squareRoot()) }

  /// P(|Z| ≥ |z|) of the standard normal distribution.
  package static func normalTwoSided(_ z: Double) -> Double { erfc(abs(z) / 2.0.squareRoot()) }

  /// P(X ≥ x) of χ² with `degrees` degrees of freedom; nil without a degree of freedom.
  package static func chiSquareUpperTail(_ x: Double, degrees: Double) -> Double? {
    guard degrees > 0, x.isFinite else { return nil }
    return x <= 0 ? 1 : upperGamma(degrees / 2, x / 2)
  }

  /// P(|T| ≥ |t|) of Student's t with `degrees` degrees of freedom; nil without a degree of freedom.
  package static func studentTwoSided(_ t: Double, degrees: Double) -> Double? {
    guard degrees > 0, t.isFinite else { return nil }
    return incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t))
  }

  /// P(F ≥ f) of Fisher's F; nil without degrees of freedom.
  package static func fisherUpperTail(_ f: Double, _ degrees1: Double, _ degrees2: Double) -> Double? {
    guard degrees1 > 0, degrees2 > 0, f.isFinite else { return nil }
    return f <= 0 ? 1 : incompleteBeta(degrees2 / 2, degrees1 / 2, degrees2 / (degrees2 + degrees1 * f))
  }

  /// P(F ≤ f) of Fisher's F, exact also where it is tiny.
  package static func fisherLowerTail(_ f: Double, _ degrees1: Double, _ degrees2: Double) -> Double? {
    guard degrees1 > 0, degrees2 > 0, f.isFinite else { return nil }
    return f <= 0 ? 0 : incompleteBeta(degrees1 / 2, degrees2 / 2, degrees1 * f / (degrees2 + degrees1 * f))
  }

  /// The regularised incomplete beta function I_x(a, b).
  package static func incompleteBeta(_ a: Double, _ b: Double, _ x: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    let front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    // The fraction converges fast below the mean; above it the other tail is computed.
    if x < (a + 1) / (a + b + 2) { return front * betaFraction(a, b, x) / a }
    return 1 - front * betaFraction(b, a, 1 - x) / b
  }

  private static func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    var lentz = Lentz(first: 1)
    for term in 1...10_000 {
      let m = Double(term / 2)
      let numerator =
        term % 2 == 0
        ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      if lentz.add(numerator: numerator, denominator: 1) { break }
    }
    return 1 / lentz.value
  }

  /// The regularised upper incomplete gamma function Q(a, x).
  private static func upperGamma(_ a: Double, _ x: Double) -> Double {
    let front = exp(-x + a * log(x) - lgamma(a))
    if x < a + 1 {
      var term = 1 / a
      var sum = term
      for index in 1...100_000 {
        term *= x / (a + Double(index))
        sum += term
        if term < sum * 1e-17 { break }
      }
      return max(0, 1 - front * sum)
    }
    var lentz = Lentz(first: x + 1 - a)
    for index in 1...100_000 {
      let step = Double(index)
      if lentz.add(numerator: -step * (step - a), denominator: x + 2 * step + 1 - a) { break }
    }
    return front / lentz.value
  }
}

/// b0 + a1/(b1 + a2/(b2 + …)), from the front.
private struct Lentz {
  var value: Double
  private var c: Double
  private var d = 0.0

  init(first: Double) {
    value = first == 0 ? 1e-300 : first
    c = value
  }

  /// Whether the value has settled.
  mutating func add(numerator: Double, denominator: Double) -> Bool {
    d = denominator + numerator * d
    if d == 0 { d = 1e-300 }
    c = denominator + numerator / c
    if c == 0 { c = 1e-300 }
    d = 1 / d
    value *= c * d
    return abs(c * d - 1) < 1e-16
  }
}
