import CQSource

/// How the formatter spells the words of a text.
struct FormatterSpelling {
  let source: SourceText
  /// The spelling of a name that the text does not define.
  let defined: (String) -> String?
  /// What `let`, `def` and `use` name, by its lower case; nil where the text spells it in two ways.
  private var definitions: [String: String?] = [:]
  /// Names of columns and parameters, likewise.
  private var labels: [String: String?] = [:]

  init(source: SourceText, root: SyntaxNode, defined: @escaping (String) -> String?) {
    self.source = source
    self.defined = defined
    collect(root)
  }

  private mutating func collect(_ node: SyntaxNode) {
    switch node.kind {
    case .let, .definition:
      if let name = node.tokens.first(where: { $0.kind.isName }) { add(name, to: &definitions) }
    case .use:
      for name in node.tokens where name.kind.isName { add(name, to: &definitions) }
    case .parameter, .nameArgument: if let name = node.firstToken { add(name, to: &labels) }
    default: break
    }
    for child in node.nodes { collect(child) }
  }

  private func add(_ name: Token, to names: inout [String: String?]) {
    guard name.kind == .name else { return }
    let text = source.slice(name.span)
    let key = text.lowercased()
    let isFirst = names[key] == nil
    names[key] = .some(isFirst || names[key] == text ? text : nil)
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
    let known = defined(text)
    if known == text { return text }
    let key = text.lowercased()
    if let own = definitions[key] ?? labels[key] { return own ?? text }
    return known ?? text
  }

  /// A verb of the language is in lower case.
  func verb(_ token: Token) -> String {
    guard token.kind == .name else { return self.token(token) }
    let text = source.slice(token.span)
    if let own = definitions[text.lowercased()] { return own ?? text }
    return defined(text) ?? lowercase(token)
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
