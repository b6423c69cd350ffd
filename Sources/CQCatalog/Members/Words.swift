extension String {
  /// The parts between `separator`, empty ones left out. Over bytes, which is many times faster than over characters.
  func parts(separatedBy separator: Unicode.Scalar) -> [String] {
    let byte = UInt8(ascii: separator)
    guard utf8.contains(byte) else { return isEmpty ? [] : [self] }
    return utf8.split(separator: byte).map { String(Substring($0)) }
  }

  var words: [String] { parts(separatedBy: " ") }
}
