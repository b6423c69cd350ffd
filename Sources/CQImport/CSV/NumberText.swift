import CQColumns

/// How numbers are written in a file, and what stands where there is none.
///
/// | text | is |
/// |---|---|
/// | `1234`, `-5`, `+3`, `12.50`, `.5`, `1e6` | a number |
/// | `1,234,567` (in a file with a decimal comma `1.234.567` and `1 234 567`) | a number with separators of thousands |
/// | `06037` | a code: its column is one of texts |
/// | `D`, `S`, `N`, `X`, `F`, `C`, `W` and the same in parentheses, `*`, `ND`, `suppressed`, … | a withheld number |
/// | nothing, `NA`, `N/A`, `.`, `..`, `-`, `null`, … | a missing number |
struct NumberText: Sendable {
  enum Reading: Equatable {
    case integer(Int64)
    case decimal(Double)
    case withheld, missing
    /// Digits with a leading zero.
    case code
    /// Beyond what a double, or digits without a point beyond what 64 bits hold.
    case tooLarge
    case text
  }

  static let withheldMarks = [
    "D", "S", "N", "X", "x", "F", "C", "c", "W", "(D)", "(S)", "(N)", "(X)", "(F)", "(C)", "(W)", "*", "**", "***",
    "ND", "N/D", "n/d", "suppressed", "withheld", "confidential",
  ]
  static let missingMarks = [
    "", "NA", "N/A", "n/a", "na", "(NA)", "#N/A", "NaN", "nan", ".", "..", "...", "-", "--", "–", "—", "null", "NULL",
    "None", "none",
  ]

  let hasDecimalComma: Bool
  private var marks: [UInt64: Reading] = [:]
  private var longMarks: [String: Reading] = [:]

  init(hasDecimalComma: Bool, options: ImportOptions = ImportOptions()) {
    self.hasDecimalComma = hasDecimalComma
    for mark in Self.withheldMarks + options.withheldMarks { add(mark, .withheld) }
    for mark in Self.missingMarks + options.missingMarks { add(mark, .missing) }
  }

  private mutating func add(_ mark: String, _ reading: Reading) {
    if let word = Self.packed(Array(mark.utf8)[...]) { marks[word] = reading } else { longMarks[mark] = reading }
  }

  private static func packed(_ bytes: ArraySlice<UInt8>) -> UInt64? {
    guard bytes.count <= 8 else { return nil }
    return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// What a field says, with spaces around it or not.
  func read(_ field: [UInt8]) -> Reading {
    var bytes = field[...]
    while let first = bytes.first, first == 0x20 || first == 0x09 { bytes.removeFirst() }
    while let last = bytes.last, last == 0x20 || last == 0x09 || last == 0x0D { bytes.removeLast() }
    if let word = Self.packed(bytes) {
      if let mark = marks[word] { return mark }
    } else if let mark = longMarks[String(decoding: bytes, as: UTF8.self)] {
      return mark
    }
    return number(Array(Self.withoutSign(bytes)))
  }

  /// `%` behind a number or a sign of money before it, as spreadsheets show them.
  static func hasSign(_ bytes: [UInt8]) -> Bool { withoutSign(bytes[...]).count < bytes.count }

  private static let moneySigns: [[UInt8]] = ["$", "€", "£", "MX$", "CA$", "US$", "C$"].map { Array($0.utf8) }

  private static func withoutSign(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    if bytes.last == 0x25 {
      var number = bytes.dropLast()
      while let last = number.last, last == 0x20 || last == 0xA0 || last == 0xC2 { number.removeLast() }
      return number
    }
    guard let first = bytes.first, first &- 0x30 > 9, first != 0x2E else { return bytes }
    let isNegative = first == 0x2D
    let rest = isNegative ? bytes.dropFirst() : bytes
    for sign in moneySigns where rest.starts(with: sign) {
      let number = rest.dropFirst(sign.count)
      return isNegative ? [0x2D] + number : number
    }
    return bytes
  }

  private func number(_ bytes: [UInt8]) -> Reading {
    let point: UInt8 = hasDecimalComma ? 0x2C : 0x2E
    var position = 0
    var digits: [UInt8] = []
    let isNegative = bytes.first == 0x2D
    if isNegative || bytes.first == 0x2B { position = 1 }
    guard let whole = wholePart(bytes, &position) else { return .text }
    digits = whole
    var isDecimal = false
    var fraction: [UInt8] = []
    if position < bytes.count, bytes[position] == point {
      isDecimal = true
      position += 1
      while position < bytes.count, Self.isDigit(bytes[position]) {
        fraction.append(bytes[position])
        position += 1
      }
    }
    if digits.isEmpty && fraction.isEmpty { return .text }
    var exponent: [UInt8] = []
    if position < bytes.count, bytes[position] | 0x20 == 0x65 {
      isDecimal = true
      var next = position + 1
      exponent = [0x65]
      if next < bytes.count, bytes[next] == 0x2B || bytes[next] == 0x2D {
        exponent.append(bytes[next])
        next += 1
      }
      let start = next
      while next < bytes.count, Self.isDigit(bytes[next]) {
        exponent.append(bytes[next])
        next += 1
      }
      guard next > start else { return .text }
      position = next
    }
    guard position == bytes.count else { return .text }
    if !isDecimal {
      if digits.count > 1, digits[0] == 0x30 { return .code }
      return Self.integer(digits, isNegative: isNegative)
    }
    let text =
      (isNegative ? "-" : "") + String(decoding: digits.isEmpty ? [0x30] : digits, as: UTF8.self) + "."
      + String(decoding: fraction.isEmpty ? [0x30] : fraction, as: UTF8.self)
      + String(decoding: exponent, as: UTF8.self)
    guard let value = Double(text) else { return .text }
    return value.isFinite ? .decimal(value) : .tooLarge
  }

  /// Digits with or without separators of thousands; nil for separators at other places.
  private func wholePart(_ bytes: [UInt8], _ position: inout Int) -> [UInt8]? {
    var digits: [UInt8] = []
    var groupSeparator: UInt8?
    var sinceSeparator = 0
    while position < bytes.count {
      let byte = bytes[position]
      if Self.isDigit(byte) {
        digits.append(byte)
        sinceSeparator += 1
      } else if isGroupSeparator(byte), let separator = Self.separator(bytes, position), !digits.isEmpty,
        groupSeparator ?? separator.byte == separator.byte,
        groupSeparator == nil ? sinceSeparator <= 3 : sinceSeparator == 3, digits[0] != 0x30
      {
        groupSeparator = separator.byte
        sinceSeparator = 0
        position += separator.length - 1
      } else {
        break
      }
      position += 1
    }
    if groupSeparator != nil, sinceSeparator != 3 { return nil }
    return digits
  }

  private func isGroupSeparator(_ byte: UInt8) -> Bool {
    hasDecimalComma
      ? byte == 0x2E || byte == 0x20 || byte == 0xC2 || byte == 0xE2 || byte == 0xA0 || byte == 0x27 : byte == 0x2C
  }

  /// A point, a comma, a space, or one of the spaces that do not break.
  private static func separator(_ bytes: [UInt8], _ position: Int) -> (byte: UInt8, length: Int)? {
    switch bytes[position] {
    case 0xC2: position + 1 < bytes.count && bytes[position + 1] == 0xA0 ? (0x20, 2) : nil
    case 0xE2:
      position + 2 < bytes.count && bytes[position + 1] == 0x80 && [0xAF, 0x89].contains(bytes[position + 2])
        ? (0x20, 3) : nil
    case 0xA0: (0x20, 1)
    default: (bytes[position], 1)
    }
  }

  private static func integer(_ digits: [UInt8], isNegative: Bool) -> Reading {
    var value: Int64 = 0
    for digit in digits {
      let (product, overflows) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsToo) = product.subtractingReportingOverflow(Int64(digit - 0x30))
      if overflows || overflowsToo { return .tooLarge }
      value = sum
    }
    if isNegative { return .integer(value) }
    return value == .min ? .tooLarge : .integer(-value)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }
}

extension ColumnBuilder {
  /// A text of a format that has numbers too: the marks that withhold numbers in files of text do so here.
  mutating func append(text: String, _ numbers: NumberText) {
    guard text.utf8.count <= 16, !holdsTexts else { return append(text) }
    switch numbers.read(Array(text.utf8)) {
    case .withheld: appendMark(text, .withheld)
    case .missing: appendMark(text, .missing)
    default: append(text)
    }
  }
}
