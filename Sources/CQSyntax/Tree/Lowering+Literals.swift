import CQSource

extension Lowering {
  func literal(_ token: Token) -> Expression.Kind? {
    switch token.kind {
    case .percent:
      let lexeme = text(token)
      let number = lexeme.prefix { $0 != "%" && $0 != " " && $0 != "\t" && $0 != "\u{A0}" && $0 != "\u{202F}" }
      return .percent(value: Self.value(String(number), scale: -2), lexeme: lexeme)
    case .period: return .period(text(token).uppercased())
    case .host: return .host(String(text(token).dropFirst()))
    case .underscore: return .lastResult
    case .all: return .all
    case .true: return .truth(true)
    case .false: return .truth(false)
    case .missing, .name: return .missing
    case .withheld: return .withheld
    default: return nil
    }
  }

  mutating func number(_ node: SyntaxNode) -> Expression.Kind? {
    var lexeme = ""
    var unit: String?
    for token in node.tokens {
      if token.kind == .number { lexeme += text(token) }
      if token.kind == .name { unit = text(token) }
    }
    let value = Self.value(lexeme, scale: 0)
    if !value.isFinite, diagnostics.count < Parser.diagnosticLimit {
      diagnostics.append(.numberTooLarge(at: node.span))
    }
    return .number(value: value, lexeme: lexeme, unit: unit)
  }

  /// The value of `lexeme` times ten to the power of `scale`, rounded once.
  private static func value(_ lexeme: String, scale: Int) -> Double {
    var digits: [UInt8] = []
    var exponent = scale
    for byte in lexeme.utf8 {
      switch byte {
      case UInt8(ascii: "_"): continue
      case UInt8(ascii: "k"): exponent += 3
      case UInt8(ascii: "M"): exponent += 6
      case UInt8(ascii: "B"): exponent += 9
      default: digits.append(byte)
      }
    }
    let number = String(decoding: digits, as: UTF8.self)
    guard exponent != 0 else { return Double(number) ?? .infinity }
    guard let mark = digits.firstIndex(where: { $0 | 0x20 == UInt8(ascii: "e") }) else {
      return Double("\(number)e\(exponent)") ?? .infinity
    }
    let written = Int(String(decoding: digits[(mark + 1)...], as: UTF8.self)) ?? 0
    let (sum, overflow) = written.addingReportingOverflow(exponent)
    guard !overflow, written != 0 || exponent != 0 else { return Double(number) ?? .infinity }
    return Double("\(String(decoding: digits[..<mark], as: UTF8.self))e\(sum)") ?? .infinity
  }

  // MARK: - Texts

  mutating func segments(_ node: SyntaxNode) -> [Expression.Segment] {
    var segments: [Expression.Segment] = []
    for child in node.children {
      switch child {
      case .token(let token):
        let piece = pieceText(token)
        if !piece.isEmpty { segments.append(.text(piece)) }
      case .node(let part):
        if part.kind != .unreadable { segments.append(.interpolation(expression(part))) }
      }
    }
    return segments.isEmpty ? [.text("")] : segments
  }

  /// The contents of one token of a text: without its marks, with its escapes replaced.
  private mutating func pieceText(_ token: Token) -> String {
    let bytes = source.utf8
    var position = token.start + markLength(at: token.start)
    var end = token.end
    if token.kind == .stringHead || token.kind == .stringMiddle {
      end -= 1
    } else if !token.isUnterminated {
      end -= bytes[end - 1] < 0x80 ? 1 : 3
    }
    let isPlain = bytes[position..<max(position, end)].allSatisfy {
      $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "}")
    }
    if isPlain { return source.slice(TextSpan(position, max(position, end))) }
    var contents: [UInt8] = []
    contents.reserveCapacity(max(0, end - position))
    while position < end {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\\"), position + 1 < end {
        position = appendEscape(at: position, end: end, to: &contents)
      } else {
        contents.append(byte)
        let isDoubled = byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}")
        position += isDoubled && position + 1 < end && bytes[position + 1] == byte ? 2 : 1
      }
    }
    return String(decoding: contents, as: UTF8.self)
  }

  private func markLength(at offset: Int) -> Int { source.utf8[offset] < 0x80 ? 1 : 3 }

  /// - Returns: Where the text goes on.
  private mutating func appendEscape(at start: Int, end: Int, to contents: inout [UInt8]) -> Int {
    let bytes = source.utf8
    switch bytes[start + 1] {
    case UInt8(ascii: "n"): contents.append(UInt8(ascii: "\n"))
    case UInt8(ascii: "t"): contents.append(UInt8(ascii: "\t"))
    case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): contents.append(bytes[start + 1])
    case UInt8(ascii: "u"):
      if let (scalar, length) = unicodeEscape(at: start, end: end) {
        contents.append(contentsOf: String(scalar).utf8)
        return start + length
      }
      reportEscape(TextSpan(start, start + 2))
      contents.append(contentsOf: bytes[start..<start + 2])
    default:
      var next = start + 2
      while next < end, bytes[next] & 0xC0 == 0x80 { next += 1 }
      reportEscape(TextSpan(start, next))
      contents.append(contentsOf: bytes[start..<next])
      return next
    }
    return start + 2
  }

  private mutating func reportEscape(_ span: TextSpan) {
    guard diagnostics.count < Parser.diagnosticLimit else { return }
    diagnostics.append(.unknownEscape(at: span, escape: source.slice(span)))
  }

  /// `\u{41}`
  private func unicodeEscape(at start: Int, end: Int) -> (Unicode.Scalar, Int)? {
    let bytes = source.utf8
    guard start + 2 < end, bytes[start + 2] == UInt8(ascii: "{") else { return nil }
    guard let close = bytes[start..<end].firstIndex(of: UInt8(ascii: "}")) else { return nil }
    let digits = String(decoding: bytes[start + 3..<close], as: UTF8.self)
    guard digits.utf8.count <= 6, let value = UInt32(digits, radix: 16) else { return nil }
    return Unicode.Scalar(value).map { ($0, close + 1 - start) }
  }
}
