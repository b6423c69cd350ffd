import CQSource

/// How the formatter spells the words of a text.
struct FormatterSpelling {
  let source: SourceText
  /// The spelling of a name that the text does not define.
  let defined: (String) -> String?
  /// Names that the text defines, by their lower case; nil where it spells them in two ways.
  private var own: [String: String?] = [:]

  init(source: SourceText, root: SyntaxNode, defined: @escaping (String) -> String?) {
    self.source = source
    self.defined = defined
    collect(root)
  }

  private mutating func collect(_ node: SyntaxNode) {
    switch node.kind {
    case .let, .definition:
      // `let` or `def` comes first.
      if let name = node.tokens.first(where: { $0.kind.isName }) { define(name) }
    case .parameter, .nameArgument: if let name = node.firstToken { define(name) }
    case .use:
      for name in node.tokens where name.kind.isName { define(name) }
    default: break
    }
    for child in node.nodes { collect(child) }
  }

  private mutating func define(_ name: Token) {
    guard name.kind == .name else { return }
    let text = source.slice(name.span)
    let key = text.lowercased()
    if let known = own[key] {
      if known != text { own[key] = .some(nil) }
    } else {
      own[key] = .some(text)
    }
  }

  // MARK: - Words

  /// Signs and reserved words in their one spelling; names that define something, and numbers, as they are written.
  func token(_ token: Token) -> String {
    if let spelling = token.kind.spelling { return spelling }
    let text = source.slice(token.span)
    switch token.kind {
    case .percent: return String(text.unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "\u{FEFF}" })
    case .period: return text.uppercased()
    default: return text
    }
  }

  /// A name where it is used, as it is spelled where it is defined.
  func name(_ token: Token) -> String {
    guard token.kind == .name else { return self.token(token) }
    let text = source.slice(token.span)
    if let own = own[text.lowercased()] { return own ?? text }
    return defined(text) ?? text
  }

  func verb(_ token: Token) -> String {
    guard token.kind == .name else { return self.token(token) }
    let name = name(token)
    return name == source.slice(token.span) && own[name.lowercased()] == nil && defined(name) == nil
      ? lowercase(token) : name
  }

  /// A word of the language that is not reserved: `desc`, `percent`, `as`.
  func lowercase(_ token: Token) -> String {
    guard token.kind != .quotedName else { return self.token(token) }
    return String(decoding: source.utf8[token.start..<token.end].map(\.lowercased), as: UTF8.self)
  }

  /// A piece of a text in straight double quotation marks.
  func text(_ token: Token) -> String {
    let bytes = source.utf8
    let continues = token.kind == .stringHead || token.kind == .stringMiddle
    let isContinuation = token.kind == .stringMiddle || token.kind == .stringTail
    var position = token.start + (bytes[token.start] < 0x80 ? 1 : 3)
    let end = token.end - (bytes[token.end - 1] < 0x80 ? 1 : 3)
    var result = [isContinuation ? UInt8(ascii: "}") : UInt8(ascii: "\"")]
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\\") where position + 1 < end:
        if bytes[position + 1] != UInt8(ascii: "'") { result.append(bytes[position]) }
        result.append(bytes[position + 1])
        position += 1
      case UInt8(ascii: "\""): result += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
      default: result.append(bytes[position])
      }
      position += 1
    }
    result.append(continues ? UInt8(ascii: "{") : UInt8(ascii: "\""))
    return String(decoding: result, as: UTF8.self)
  }

  /// A comment without the blanks behind it.
  func comment(_ piece: Trivia) -> String {
    var end = piece.span.end
    let blanks = Array(" \t\r".utf8)
    while end > piece.span.start, blanks.contains(source.utf8[end - 1]) { end -= 1 }
    return source.slice(TextSpan(piece.span.start, end))
  }
}
