/// The form in which names compare: lower case, accents removed, every run of punctuation or space one space.
///
/// Covers the Latin letters of English, Spanish and French; other scripts are only lower-cased. `&` folds to `and`.
///
/// - Complexity: O(length); plain ASCII takes a table-free path over the bytes.
package func fold(_ text: String) -> String {
  if isFolded(text) { return text }
  var bytes: [UInt8] = []
  bytes.reserveCapacity(text.utf8.count)
  appendFolded(text, to: &bytes)
  return String(decoding: bytes, as: UTF8.self)
}

/// Appends the bytes of the folded `text`.
package func appendFolded(_ text: String, to bytes: inout [UInt8]) {
  let start = bytes.count
  var pendingSpace = false
  for byte in text.utf8 {
    switch byte {
    case 0x30...0x39, 0x61...0x7A, 0x41...0x5A:
      if pendingSpace, bytes.count > start { bytes.append(0x20) }
      pendingSpace = false
      bytes.append(byte < 0x41 ? byte : byte | 0x20)
    case 0x26:  // "&" is read as a word of its own
      if bytes.count > start { bytes.append(0x20) }
      bytes.append(contentsOf: "and".utf8)
      pendingSpace = true
    case 0x27: continue  // an apostrophe joins: O'Brien = OBrien
    case 0..<0x80: pendingSpace = true
    default:
      bytes.removeSubrange(start...)
      appendFoldedScalars(text, to: &bytes)
      return
    }
  }
}

/// As ``appendFolded(_:to:)`` for a text that is not all ASCII.
private func appendFoldedScalars(_ text: String, to bytes: inout [UInt8]) {
  let start = bytes.count
  var pendingSpace = false

  func append(_ byte: UInt8) {
    if pendingSpace && bytes.count > start { bytes.append(0x20) }
    pendingSpace = false
    bytes.append(byte)
  }

  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x30...0x39, 0x61...0x7A:
      append(UInt8(truncatingIfNeeded: scalar.value))
    case 0x41...0x5A:
      append(UInt8(truncatingIfNeeded: scalar.value) | 0x20)
    case 0x26:  // "&" is read as a word of its own
      pendingSpace = true
      for byte in "and".utf8 { append(byte) }
      pendingSpace = true
    case 0x27, 0x2019:  // an apostrophe joins: O'Brien = OBrien
      continue
    case 0x300...0x36F:  // combining accents
      continue
    case 0..<0x80, 0xA0...0xBF, 0x2000...0x206F:
      pendingSpace = true
    default:
      if let base = latinBase(of: scalar) {
        for byte in base.utf8 { append(byte) }
      } else {
        for byte in String(scalar).lowercased().utf8 { append(byte) }
      }
    }
  }
}

/// The unaccented lower-case letters for a Latin letter with a mark; nil for anything else.
private func latinBase(of scalar: Unicode.Scalar) -> String? {
  switch scalar.value {
  case 0xC0...0xC5, 0xE0...0xE5, 0x100...0x105: "a"
  case 0xC6, 0xE6: "ae"
  case 0xC7, 0xE7, 0x106...0x10D: "c"
  case 0xC8...0xCB, 0xE8...0xEB, 0x112...0x11B: "e"
  case 0xCC...0xCF, 0xEC...0xEF, 0x128...0x131: "i"
  case 0xD1, 0xF1, 0x143...0x148: "n"
  case 0xD2...0xD6, 0xD8, 0xF2...0xF6, 0xF8, 0x14C...0x151: "o"
  case 0x152, 0x153: "oe"
  case 0xD9...0xDC, 0xF9...0xFC, 0x168...0x173: "u"
  case 0xDD, 0xFD, 0xFF: "y"
  case 0xDF: "ss"
  default: nil
  }
}

/// Whether `text` consists of lower-case ASCII words with one space between them, as most names that are looked up do.
private func isFolded(_ text: String) -> Bool {
  let bytes = text.utf8Span.span
  var previous: UInt8 = 0x20
  for index in bytes.indices {
    let byte = bytes[index]
    if byte &- 0x61 >= 26, byte &- 0x30 >= 10, byte != 0x20 || previous == 0x20 { return false }
    previous = byte
  }
  return previous != 0x20 || bytes.isEmpty
}
