import CQSource

/// Cuts UTF-8 bytes into tokens. It never fails: what has no meaning becomes a token of kind `unknown`.
struct Lexer {
  /// The sign that a text was opened with; a text in curly quotes may be closed by either curly or a straight one.
  enum Quote { case double, single, curlyDouble, curlySingle }

  /// More than this many tokens are refused, so that a hostile text costs bounded memory.
  static let tokenLimit = 500_000

  let bytes: [UInt8]
  let tokenLimit: Int
  var position = 0
  var tokens: [Token] = []
  var diagnostics: [Diagnostic] = []
  /// The texts whose `{ … }` is being read, innermost last.
  var openTexts: [Quote] = []
  /// Whether the token being read lacks its closing mark, and whether any did.
  var isUnterminated = false
  var hasUnterminated = false
  private(set) var isOverLimit = false

  init(_ bytes: [UInt8], tokenLimit: Int = Lexer.tokenLimit) {
    self.bytes = bytes
    self.tokenLimit = tokenLimit
    tokens.reserveCapacity(min(bytes.count / 3 + 2, tokenLimit + 2))
  }

  /// The last token has the kind `end`.
  mutating func run() {
    while true {
      let leadingStart = position
      let crossedLine = skipTrivia(acrossLines: true)
      let startsLine = crossedLine || tokens.isEmpty
      if crossedLine { openTexts.removeAll() }
      let start = position
      isUnterminated = false
      let kind = scan()
      let end = position
      if kind != .end { _ = skipTrivia(acrossLines: false) }
      tokens.append(
        Token(
          kind: kind, startsLine: startsLine, isUnterminated: isUnterminated, leadingStart: leadingStart, start: start,
          end: end, trailingEnd: position))
      if kind == .end { return }
    }
  }

  // MARK: - Bytes

  /// The byte `offset` places ahead; 0 behind the end, which no rule accepts.
  func peek(_ offset: Int = 0) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  func looksAt(_ text: StaticString) -> Bool {
    bytes[position...].starts(with: text)
  }

  /// Length of the blank at `index` that is not a line end, 0 if there is none.
  func blankLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    switch bytes[index] {
    case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): return 1
    case 0xC2: return bytes[index...].starts(with: "\u{A0}") ? 2 : 0
    case 0xE2: return bytes[index...].starts(with: "\u{202F}") ? 3 : 0
    case 0xEF: return bytes[index...].starts(with: "\u{FEFF}") ? 3 : 0
    default: return 0
    }
  }

  // MARK: - Trivia

  /// - Returns: Whether a line end was passed.
  private mutating func skipTrivia(acrossLines: Bool) -> Bool {
    var crossedLine = false
    while position < bytes.count {
      let byte = bytes[position]
      // Most tokens stand right behind the one before, or behind one space.
      if byte == UInt8(ascii: " ") {
        position += 1
        continue
      }
      if byte.isASCIILetter || byte.isASCIIDigit { return crossedLine }
      if !acrossLines, isLineEnd { return crossedLine }
      let blank = blankLength(at: position)
      if blank > 0 {
        position += blank
      } else if bytes[position] == UInt8(ascii: "\n") {
        position += 1
        crossedLine = true
      } else if bytes[position] == UInt8(ascii: "#") {
        skipLine()
      } else if let length = foreignCommentMark(startsLine: acrossLines && (crossedLine || tokens.isEmpty)) {
        let span = TextSpan(position, position + length)
        guard diagnostics.count < Parser.diagnosticLimit else {
          skipLine()
          continue
        }
        diagnostics.append(
          .foreignComment(at: span, spelling: String(decoding: bytes[span.start..<span.end], as: UTF8.self)))
        skipLine()
      } else {
        return crossedLine
      }
    }
    return crossedLine
  }

  private mutating func skipLine() {
    while position < bytes.count, !isLineEnd { position += 1 }
  }

  private var isLineEnd: Bool {
    peek() == UInt8(ascii: "\n") || peek() == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n")
  }

  /// `//`, and `--` where it can't be two minus signs: before a blank, or before a word at the start of a line.
  private func foreignCommentMark(startsLine: Bool) -> Int? {
    if peek() == UInt8(ascii: "/"), peek(1) == UInt8(ascii: "/") { return 2 }
    guard peek() == UInt8(ascii: "-"), peek(1) == UInt8(ascii: "-") else { return nil }
    let next = peek(2)
    let standsAlone = position + 2 >= bytes.count || next == UInt8(ascii: "\n") || blankLength(at: position + 2) > 0
    return standsAlone || startsLine && (next.isASCIILetter || next == UInt8(ascii: "-")) ? 2 : nil
  }

  // MARK: - Tokens

  private mutating func scan() -> TokenKind {
    guard position < bytes.count else { return .end }
    if tokens.count >= tokenLimit {
      isOverLimit = true
      position = bytes.count
      return .unknown
    }
    let byte = bytes[position]
    if byte.isASCIILetter { return scanWord() }
    if byte.isASCIIDigit { return scanNumber() }
    if byte >= 0x80 { return scanBeyondASCII() }
    switch byte {
    case UInt8(ascii: "\""): return scanText(.double, openedBy: 1)
    case UInt8(ascii: "'"): return scanText(.single, openedBy: 1)
    case UInt8(ascii: "`"): return scanQuotedName()
    case UInt8(ascii: "$"): return scanHost()
    case UInt8(ascii: "_"): return scanUnderscore()
    case UInt8(ascii: "}"):
      guard let quote = openTexts.popLast() else { return scanUnknown() }
      return scanText(quote, openedBy: 1, isContinuation: true)
    default: return scanSign()
    }
  }

  private mutating func take(_ length: Int, as kind: TokenKind) -> TokenKind {
    position += length
    return kind
  }

  private mutating func scanSign() -> TokenKind {
    let next = peek(1)
    switch bytes[position] {
    case UInt8(ascii: "("): return take(1, as: .leftParenthesis)
    case UInt8(ascii: ")"): return take(1, as: .rightParenthesis)
    case UInt8(ascii: "["): return take(1, as: .leftBracket)
    case UInt8(ascii: "]"): return take(1, as: .rightBracket)
    case UInt8(ascii: ","): return take(1, as: .comma)
    case UInt8(ascii: ":"): return take(1, as: .colon)
    case UInt8(ascii: ";"): return take(1, as: .semicolon)
    case UInt8(ascii: "+"): return take(1, as: .plus)
    case UInt8(ascii: "-"): return take(1, as: .minus)
    case UInt8(ascii: "*"): return take(1, as: .times)
    case UInt8(ascii: "/"): return take(1, as: .divide)
    case UInt8(ascii: "^"): return take(1, as: .power)
    case UInt8(ascii: "."): return next == UInt8(ascii: ".") ? take(2, as: .range) : take(1, as: .dot)
    case UInt8(ascii: "="): return next == UInt8(ascii: "=") ? take(2, as: .equal) : take(1, as: .assign)
    case UInt8(ascii: "!"): return next == UInt8(ascii: "=") ? take(2, as: .notEqual) : take(1, as: .not)
    case UInt8(ascii: ">"): return next == UInt8(ascii: "=") ? take(2, as: .greaterOrEqual) : take(1, as: .greater)
    case UInt8(ascii: "<"):
      if next == UInt8(ascii: "=") { return take(2, as: .lessOrEqual) }
      return next == UInt8(ascii: ">") ? take(2, as: .notEqual) : take(1, as: .less)
    case UInt8(ascii: "|"):
      if next == UInt8(ascii: "|") { return take(2, as: .or) }
      return next == UInt8(ascii: ">") ? take(2, as: .foreignPipe) : take(1, as: .pipe)
    case UInt8(ascii: "&") where next == UInt8(ascii: "&"): return take(2, as: .and)
    case UInt8(ascii: "?") where next == UInt8(ascii: "?"): return take(2, as: .coalesce)
    case UInt8(ascii: "%") where looksAt("%>%"): return take(3, as: .foreignPipe)
    case UInt8(ascii: "%") where looksAt("%in%"):
      if diagnostics.count < Parser.diagnosticLimit {
        let span = TextSpan(position, position + 4)
        let fix = Diagnostic.Fix(span: span, replacement: "in")
        diagnostics.append(.foreignWord(at: span, spelling: "%in%", instead: "write `in`", fix: fix))
      }
      return take(4, as: .in)
    default: return scanUnknown()
    }
  }

  private mutating func scanBeyondASCII() -> TokenKind {
    switch bytes[position] {
    case 0xC3:
      if looksAt("×") { return take(2, as: .times) }
      if looksAt("÷") { return take(2, as: .divide) }
    case 0xE2:
      if looksAt("“") || looksAt("”") || looksAt("„") { return scanText(.curlyDouble, openedBy: 3) }
      if looksAt("‘") || looksAt("’") { return scanText(.curlySingle, openedBy: 3) }
      if looksAt("≤") { return take(3, as: .lessOrEqual) }
      if looksAt("≥") { return take(3, as: .greaterOrEqual) }
      if looksAt("≠") { return take(3, as: .notEqual) }
      if looksAt("−") { return take(3, as: .minus) }
      if looksAt("–"), isBetweenPeriods { return take(3, as: .range) }
    default: break
    }
    return nameStartLength(at: position) > 0 ? scanWord() : scanUnknown()
  }

  /// An en dash is a range only between two periods; elsewhere it could as well be a minus.
  private var isBetweenPeriods: Bool {
    guard let last = tokens.last, last.kind == .number || last.kind == .period || last.kind == .quotedName else {
      return false
    }
    var index = position + 3
    while blankLength(at: index) > 0 { index += blankLength(at: index) }
    return index < bytes.count && bytes[index].isASCIIDigit
  }

  /// A run of characters without meaning is one token, and so one message.
  private mutating func scanUnknown() -> TokenKind {
    let start = position
    repeat {
      position += max(1, scalar(at: position)?.length ?? 1)
    } while position < bytes.count && bytes[position] == bytes[start] && bytes[start] < 0x80
    while position < bytes.count, bytes[position] >= 0x80, bytes[start] >= 0x80, blankLength(at: position) == 0,
      nameStartLength(at: position) == 0, !isTolerated(at: position)
    {
      position += max(1, scalar(at: position)?.length ?? 1)
    }
    return .unknown
  }

  private func isTolerated(at index: Int) -> Bool {
    guard let value = scalar(at: index)?.value.value else { return false }
    return switch value {
    case 0xD7, 0xF7, 0x2013, 0x2018, 0x2019, 0x201C...0x201E, 0x2212, 0x2260, 0x2264, 0x2265: true
    default: false
    }
  }
}
