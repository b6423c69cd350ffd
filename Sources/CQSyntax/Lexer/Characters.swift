extension UInt8 {
  var isASCIIDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isASCIILetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
  var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }
}

extension StaticString {
  func contains(_ byte: UInt8) -> Bool {
    withUTF8Buffer { unsafe $0.contains(byte) }
  }

  /// Compares ASCII letters without regard to case.
  func equalsIgnoringCase(_ word: ArraySlice<UInt8>) -> Bool {
    withUTF8Buffer { text in
      guard text.count == word.count else { return false }
      return unsafe zip(text, word).allSatisfy { $0.lowercased == $1.lowercased }
    }
  }
}

extension ArraySlice<UInt8> {
  func starts(with text: StaticString) -> Bool {
    text.withUTF8Buffer { unsafe starts(with: $0) }
  }
}

extension Lexer {
  /// The character at `index`, nil where the bytes are not UTF-8.
  func scalar(at index: Int) -> (value: Unicode.Scalar, length: Int)? {
    guard index < bytes.count else { return nil }
    let first = bytes[index]
    let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0
    guard length > 0, first < 0xF5, index + length <= bytes.count else { return nil }
    if length == 1 { return (Unicode.Scalar(first), 1) }
    var value = UInt32(first) & (0x7F >> UInt32(length))
    for offset in 1..<length {
      let byte = bytes[index + offset]
      guard byte & 0xC0 == 0x80 else { return nil }
      value = value << 6 | UInt32(byte & 0x3F)
    }
    return Unicode.Scalar(value).map { ($0, length) }
  }

  func nameStartLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    if bytes[index] < 0x80 { return bytes[index].isASCIILetter ? 1 : 0 }
    guard let scalar = scalar(at: index), scalar.value.properties.isXIDStart else { return 0 }
    return scalar.length
  }

  func nameContinueLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    let byte = bytes[index]
    if byte < 0x80 { return byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "_") ? 1 : 0 }
    guard let scalar = scalar(at: index), scalar.value.properties.isXIDContinue else { return 0 }
    return scalar.length
  }
}
