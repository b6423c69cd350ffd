import CQColumns

/// How the numbers of one column print for reading: the same number of decimals in every row, except that a value that
/// would round to nothing keeps its first digit (`0.004`, not `0.00`), or its first two behind many zeros (`4.1e-9`).
struct NumberFormat {
  /// A formatted number; `fractionWidth` is what stands behind the units digit, so that a column can align on the point.
  struct Formatted: Equatable {
    var text: String
    var fractionWidth: Int
  }

  private let decimals: Int
  private let maximumDecimals: Int
  private let scale: Double
  private let suffix: String
  /// Large numbers of a mixed column are counts or amounts and need no fraction.
  private let isMixed: Bool

  init(_ quantity: Quantity, of numbers: [Double], states: [CellState]) {
    var largest = 0.0
    var hasFractions = false
    for (number, state) in zip(numbers, states) where state.hasValue && number.isFinite {
      largest = max(largest, abs(number))
      hasFractions = hasFractions || number != number.rounded()
    }
    isMixed = quantity == .mixed
    switch quantity {
    case .count, .money:
      // A mean of a few establishments needs its fraction, one of ones and zeros both digits of it; a mean of thousands none.
      decimals = hasFractions && largest < 100 ? largest <= 1 ? 2 : 1 : 0
      maximumDecimals = decimals
      scale = 1
      suffix = ""
    case .ratio:
      decimals = largest >= 1e6 ? 0 : Self.decimals(atLeast: 2, largest: largest)
      maximumDecimals = Self.mostDecimals
      scale = 1
      suffix = ""
    case .mixed:
      decimals = 2
      maximumDecimals = Self.mostDecimals
      scale = 1
      suffix = ""
    case .percent:
      decimals = Self.decimals(atLeast: 1, largest: largest * 100)
      maximumDecimals = Self.mostDecimals
      scale = 100
      suffix = "%"
    }
  }

  func callAsFunction(_ number: Double) -> Formatted {
    let scaled = number * scale
    guard scaled.isFinite else { return Formatted(text: "–", fractionWidth: 0) }
    var shownDecimals = isMixed && abs(scaled) >= 100 ? 0 : decimals
    while shownDecimals < maximumDecimals, scaled != 0, abs(scaled) * Self.powersOfTen[shownDecimals] < 0.5 {
      shownDecimals += 1
    }
    if scaled != 0, maximumDecimals == Self.mostDecimals, abs(scaled) * Self.powersOfTen[Self.mostDecimals] < 0.5 {
      let text = Self.twoDigits(scaled)
      return Formatted(text: text + suffix, fractionWidth: text.drop { $0 != "." }.count + suffix.count)
    }
    let text = Self.fixed(scaled, decimals: shownDecimals)
    return Formatted(text: text + suffix, fractionWidth: (shownDecimals > 0 ? shownDecimals + 1 : 0) + suffix.count)
  }

  /// `1,234.50`; numbers beyond the whole ones that a `Double` can tell apart print as `1.2e+20`.
  static func fixed(_ number: Double, decimals: Int) -> String {
    let magnitude = abs(number)
    guard magnitude < 1e15 else { return number.description }
    // ROUNDING: the fraction is split off first because that subtraction is exact; 2.675 is 2.67499… and prints 2.67.
    let factor = powersOfTen[decimals]
    var whole = magnitude.rounded(.down)
    var fraction = ((magnitude - whole) * factor).rounded()
    if fraction >= factor {
      whole += 1
      fraction = 0
    }
    let sign = number < 0 && (whole > 0 || fraction > 0) ? "-" : ""
    let digits = sign + Int(whole).grouped
    guard decimals > 0 else { return digits }
    let fractionDigits = String(Int(fraction))
    return digits + "." + String(repeating: "0", count: decimals - fractionDigits.count) + fractionDigits
  }

  /// `0.00000000412` as `4.1e-9`.
  private static func twoDigits(_ number: Double) -> String {
    var mantissa = abs(number)
    var exponent = 0
    // 0.995 is where one decimal rounds up to 1.0; the smallest number above zero is near 5e-324.
    while mantissa < 0.995, exponent < 324 {
      mantissa *= 10
      exponent += 1
    }
    return (number < 0 ? "-" : "") + fixed(mantissa, decimals: 1) + "e-\(exponent)"
  }

  private static let mostDecimals = 6
  private static let powersOfTen: [Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6]

  /// Enough decimals for `minimum + 1` digits of the largest number of a column of small ones.
  private static func decimals(atLeast minimum: Int, largest: Double) -> Int {
    var decimals = minimum
    var magnitude = largest * powersOfTen[minimum - 1]
    while magnitude > 0, magnitude < 1, decimals < mostDecimals {
      decimals += decimals == minimum ? minimum : 1
      magnitude *= 10
    }
    return decimals
  }
}
