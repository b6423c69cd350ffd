extension Lexer {
  mutating func scanWord() -> TokenKind {
    let start = position
    skipName()
    return TokenKind.reservedWord(bytes[start..<position]) ?? .name
  }

  /// `_` alone is the last result; a name can't start with it.
  mutating func scanUnderscore() -> TokenKind {
    position += 1
    guard nameContinueLength(at: position) > 0 else { return .underscore }
    skipName()
    return .unknown
  }

  mutating func scanHost() -> TokenKind {
    position += 1
    guard nameStartLength(at: position) > 0 else { return .unknown }
    skipName()
    return .host
  }

  mutating func scanQuotedName() -> TokenKind {
    position += 1
    let bodyStart = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "`") {
      guard bytes[position] != UInt8(ascii: "\n") else { break }
      position += 1
    }
    if peek() == UInt8(ascii: "`") {
      position += 1
    } else {
      stopUnterminated(from: bodyStart)
    }
    return .quotedName
  }

  /// Numbers, percentages and periods.
  mutating func scanNumber() -> TokenKind {
    let start = position
    skipDigits()
    if position - start == 4, let length = periodSuffixLength {
      position += length
      return .period
    }
    if peek() == UInt8(ascii: "."), peek(1).isASCIIDigit {
      position += 1
      skipDigits()
    }
    if peek() == UInt8(ascii: "e") || peek() == UInt8(ascii: "E") {
      let signLength = peek(1) == UInt8(ascii: "+") || peek(1) == UInt8(ascii: "-") ? 1 : 0
      if peek(1 + signLength).isASCIIDigit {
        position += 1 + signLength
        skipDigits()
      }
    }
    let suffixes: StaticString = "kMB"
    if suffixes.contains(peek()), nameContinueLength(at: position + 1) == 0 { position += 1 }
    if nameContinueLength(at: position) > 0 {
      skipName()
      return .malformedNumber
    }
    return takePercentSign() ? .percent : .number
  }

  /// The length of `Q1` … `Q4`, `M01` … `M12`.
  private var periodSuffixLength: Int? {
    switch peek() {
    case UInt8(ascii: "Q"), UInt8(ascii: "q"):
      guard (UInt8(ascii: "1")...UInt8(ascii: "4")).contains(peek(1)) else { return nil }
      return nameContinueLength(at: position + 2) == 0 ? 2 : nil
    case UInt8(ascii: "M"), UInt8(ascii: "m"):
      guard peek(1).isASCIIDigit, peek(2).isASCIIDigit else { return nil }
      let month = Int(peek(1) - 0x30) * 10 + Int(peek(2) - 0x30)
      return (1...12).contains(month) && nameContinueLength(at: position + 3) == 0 ? 3 : nil
    default: return nil
    }
  }

  private mutating func takePercentSign() -> Bool {
    let blank = peek() == UInt8(ascii: "\r") ? 0 : blankLength(at: position)
    guard peek(blank) == UInt8(ascii: "%"), !bytes[(position + blank)...].starts(with: "%>%"),
      !bytes[(position + blank)...].starts(with: "%in%")
    else { return false }
    position += blank + 1
    return true
  }

  private mutating func skipDigits() {
    while peek().isASCIIDigit || peek() == UInt8(ascii: "_") { position += 1 }
  }

  private mutating func skipName() {
    while true {
      let length = nameContinueLength(at: position)
      guard length > 0 else { return }
      position += length
    }
  }

  // MARK: - Texts

  /// Reads a text up to its end or to the `{` of the next interpolation.
  mutating func scanText(_ quote: Quote, openedBy opening: Int, isContinuation: Bool = false) -> TokenKind {
    position += opening
    let bodyStart = position
    while position < bytes.count, bytes[position] != UInt8(ascii: "\n") {
      switch bytes[position] {
      case UInt8(ascii: "\\") where looksAt("\\u{"): position += 3
      case UInt8(ascii: "\\"):
        position += position + 1 < bytes.count && bytes[position + 1] != UInt8(ascii: "\n") ? 2 : 1
      case UInt8(ascii: "{") where peek(1) != UInt8(ascii: "{"):
        position += 1
        openTexts.append(quote)
        return isContinuation ? .stringMiddle : .stringHead
      case UInt8(ascii: "{"): position += 2
      case UInt8(ascii: "}") where peek(1) == UInt8(ascii: "}"): position += 2
      default:
        let length = closingLength(of: quote)
        if length > 0 {
          position += length
          return isContinuation ? .stringTail : .string
        }
        position += 1
      }
    }
    stopUnterminated(from: bodyStart)
    return isContinuation ? .stringTail : .string
  }

  private func closingLength(of quote: Quote) -> Int {
    switch quote {
    case .double: peek() == UInt8(ascii: "\"") ? 1 : 0
    case .single: peek() == UInt8(ascii: "'") ? 1 : 0
    case .curlyDouble: peek() == UInt8(ascii: "\"") ? 1 : looksAt("”") || looksAt("“") ? 3 : 0
    case .curlySingle: peek() == UInt8(ascii: "'") ? 1 : looksAt("’") || looksAt("‘") ? 3 : 0
    }
  }

  /// A text or name that its line doesn't close most likely ends before the next sign: `(cluster:"Aerospace)`.
  private mutating func stopUnterminated(from bodyStart: Int) {
    isUnterminated = true
    hasUnterminated = true
    let signs: StaticString = ")]|,"
    var end = bodyStart
    while end < position, !signs.contains(bytes[end]) { end += 1 }
    while end > bodyStart, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
    position = end
  }
}
