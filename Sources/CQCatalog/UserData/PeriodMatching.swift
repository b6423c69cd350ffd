import CQColumns

/// Which periods the values of columns name: years, and quarters as `2019Q1` or beside a column of years.
package struct PeriodMatching {
  private static let years = 1000...3275

  /// What files call a column of years; dates and spans of time have other names besides.
  static let yearWords: Set<String> = [
    "year", "yr", "ano", "anio", "annee", "jahr", "fiscal year", "calendar year", "reference year", "data year",
    "time period", "ref date", "reference period", "ejercicio", "periodo",
  ]

  /// Whether a column of this name with these whole numbers holds years.
  package static func isYear(_ name: String, from low: Int, to high: Int) -> Bool {
    yearWords.contains(fold(name)) && low >= 1500 && high <= 2500
  }

  /// A year: `2019`, `2019-12-31`, `31.12.2019`, `12/31/2019`, `FY2019`, and `2019p` or `2019/r` for one that is
  /// preliminary or revised.
  static func year(_ text: String) -> Int? {
    var text = text.trimmed
    if text.uppercased().hasPrefix("FY") { text.removeFirst(2) }
    let bytes = Array(text.utf8)
    // The year is the same, whichever of the two numbers before it is the month.
    let parts = bytes.split(omittingEmptySubsequences: false) { $0 == 0x2E || $0 == 0x2F || $0 == 0x2D }
    if parts.count == 3, parts[2].count == 4, parts.joined().allSatisfy({ $0 &- 0x30 <= 9 }),
      parts[0..<2].allSatisfy({ (1...2).contains($0.count) }),
      let year = Int(String(decoding: parts[2], as: UTF8.self)), years.contains(year)
    {
      return year
    }
    let digits = bytes.prefix { $0 &- 0x30 <= 9 }
    guard digits.count == 4, let year = Int(String(decoding: digits, as: UTF8.self)), years.contains(year) else {
      return nil
    }
    if bytes.count == 4 { return year }
    let mark = bytes.dropFirst(4).filter { $0 != 0x20 && $0 != 0x2F }
    if bytes.count <= 7, mark.count == 1, [0x65, 0x70, 0x72].contains(mark[0] | 0x20) { return year }
    // An ISO date, or one with a time behind it.
    guard bytes.count >= 7, bytes[4] == 0x2D, bytes[5] &- 0x30 <= 9, bytes[6] &- 0x30 <= 9 else { return nil }
    return year
  }

  /// A quarter: `2019Q1`, `2019-Q1`, `2019 T1`.
  static func quarter(_ text: String) -> Int? {
    let bytes = Array(text.trimmed.utf8)
    guard bytes.count >= 6, bytes.count <= 7, let year = Int(String(decoding: bytes.prefix(4), as: UTF8.self)),
      years.contains(year), let last = bytes.last, (0x31...0x34).contains(last),
      [0x51, 0x71, 0x54, 0x74].contains(bytes[bytes.count - 2]),
      bytes.count == 6 || [0x2D, 0x20, 0x3A].contains(bytes[4])
    else { return nil }
    return year * 10 + Int(last - 0x30)
  }

  /// Whether it is a month: `2019-01`, `2019M01`.
  static func isMonth(_ text: String) -> Bool {
    let bytes = Array(text.trimmed.utf8)
    guard bytes.count == 7, [0x2D, 0x2F, 0x4D, 0x6D].contains(bytes[4]),
      let month = Int(String(decoding: bytes[5...], as: UTF8.self)), (1...12).contains(month)
    else { return false }
    return year(String(decoding: bytes[..<4], as: UTF8.self)) != nil
  }

  /// The number of a quarter by itself: `1`, `Q1`, `T1`.
  static func quarterNumber(_ text: String) -> Int? {
    let bytes = Array(text.trimmed.utf8)
    guard let last = bytes.last, (0x31...0x34).contains(last), bytes.count <= 2,
      bytes.count == 1 || [0x51, 0x71, 0x54, 0x74].contains(bytes[0])
    else { return nil }
    return Int(last - 0x30)
  }
}
