/// How many terminal columns text takes: accents take none of their own, CJK and emoji take two.
package enum DisplayWidth {
  package static func of(_ text: some StringProtocol) -> Int {
    // Nearly all text is plain, and then nothing needs to be looked up.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    var width = 0
    for character in text { width += of(character) }
    return width
  }

  package static func of(_ character: Character) -> Int {
    if let ascii = character.asciiValue { return ascii < 0x20 || ascii == 0x7F ? 0 : 1 }
    var width = 0
    for scalar in character.unicodeScalars {
      if scalar.value == emojiPresentation { return 2 }
      width = max(width, of(scalar))
    }
    return width
  }

  /// The longest beginning of `text` that fits `width`, ending in `…` where something was cut off.
  package static func truncate(_ text: String, to width: Int) -> String {
    guard of(text) > width else { return text }
    guard width > 0 else { return "" }
    var kept = ""
    var used = 0
    for character in text {
      let characterWidth = of(character)
      if used + characterWidth > width - 1 { break }
      kept.append(character)
      used += characterWidth
    }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// Words of `text` in lines of at most `width`; continuation lines begin with `indent` spaces.
  package static func wrap(_ text: String, to width: Int?, indent: Int) -> [String] {
    guard let width, of(text) > width else { return [text] }
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    var used = 0
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let wordWidth = of(word)
      if used > indent, used + 1 + wordWidth > width {
        lines.append(line)
        line = margin + word
        used = indent + wordWidth
      } else {
        if used > 0 {
          line += " "
          used += 1
        }
        line += word
        used += wordWidth
      }
    }
    return lines + [line]
  }

  private static let emojiPresentation: UInt32 = 0xFE0F

  private static func of(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: return isWide(scalar.value) ? 2 : 1
    }
  }

  /// East Asian Width `W` and `F` (UAX #11), without the unassigned gaps between neighbouring blocks.
  private static func isWide(_ value: UInt32) -> Bool {
    guard value >= 0x1100 else { return false }
    return switch value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x2614...0x2615, 0x26A1, 0x2705, 0x274C,
      0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF, 0x1F1E6...0x1F1FF,
      0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
      true
    default: false
    }
  }
}

extension String {
  /// On one line and without control characters, so that no text from a file can steer the terminal.
  package var printable: String {
    if utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control
      if !isControl {
        result.append(scalar)
      } else if scalar == "\n" || scalar == "\t" {
        result.append(" ")
      } else if scalar != "\r" {
        result.append("\u{FFFD}")
      }
    }
    return String(result)
  }

  /// Filled with spaces up to `width` display columns.
  func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - DisplayWidth.of(self))) }

  /// Spaces before, up to `width` display columns.
  func leftPadded(to width: Int) -> String {
    String(repeating: " ", count: max(0, width - DisplayWidth.of(self))) + self
  }
}
