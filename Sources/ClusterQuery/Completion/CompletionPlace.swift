internal import CQSource
internal import CQSyntax

/// Where a cursor stands in the grammar: the nodes of the lossless tree around it.
///
/// What stands behind the cursor on its line does not count. At the cursor the parser is given a word that nobody
/// uses, so that there is a node for what is about to be written.
struct CompletionPlace {
  /// What encloses a list of arguments.
  enum Owner {
    case call(name: String, node: SyntaxNode)
    case stage(verb: String, node: SyntaxNode, query: SyntaxNode?)

    var node: SyntaxNode {
      switch self {
      case .call(_, let node), .stage(_, let node, _): node
      }
    }

    /// In lower case; nil for a call.
    var verb: String? { if case .stage(let verb, _, _) = self { verb.lowercased() } else { nil } }
  }

  /// The text with the stand-in at its end.
  let source: SourceText
  /// From the program to the node with the cursor.
  let path: [SyntaxNode]
  /// Of the text that was asked about.
  let span: TextSpan
  /// What stands between the beginning of the word or text and the cursor.
  let typed: String
  let isInText: Bool
  /// The sign that opened the text.
  let quote: String
  /// What follows the span in the text that was asked about.
  let following: UInt8?
  /// The tokens before the cursor.
  let tokens: [Token]

  private static let standIn = "cq0cursor"

  /// nil inside a comment.
  init?(_ text: String, at offset: Int) {
    let bytes = Array(text.utf8)
    let cursor = min(max(offset, 0), bytes.count)
    let before = SourceText(name: "<cq>", text: String(decoding: bytes[..<cursor], as: UTF8.self))
    var tokens: [Token] = []
    Parser.tree(of: before).root.appendTokens(to: &tokens)

    var start = cursor
    var end = cursor
    if let open = tokens.last(where: { $0.kind != .end && $0.isUnterminated && Self.isText($0.kind) }),
      !bytes[open.start..<cursor].contains(0x0A)
    {
      isInText = true
      let opening = Self.quoteLength(bytes, at: open.start)
      quote = String(decoding: bytes[open.start..<open.start + opening], as: UTF8.self)
      start = open.start + opening
      // A closing quote on the same line ends what is replaced.
      var closing = cursor
      while closing < bytes.count, bytes[closing] != 0x0A, bytes[closing] != bytes[open.start] { closing += 1 }
      if closing < bytes.count, bytes[closing] == bytes[open.start], Self.isRestOfText(bytes[cursor..<closing]) {
        end = closing
      }
      tokens.removeAll { $0.start >= open.start }
      let head = String(decoding: bytes[..<open.start], as: UTF8.self)
      source = SourceText(name: "<cq>", text: head + "\"" + Self.standIn + "\"")
    } else {
      isInText = false
      quote = "\""
      while start > 0, Self.isWordByte(bytes[start - 1]) { start -= 1 }
      while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
      tokens.removeAll { $0.end > start || $0.kind == .end }
      // A number stays one: `3364` and `2003` are completed as such.
      let isNumber = start < cursor && (0x30...0x39).contains(bytes[start])
      source = SourceText(name: "<cq>", text: before.text + (isNumber ? "" : Self.standIn))
    }
    span = TextSpan(start, end)
    following = end < bytes.count ? bytes[end] : nil
    typed = String(decoding: bytes[start..<cursor], as: UTF8.self)
    self.tokens = tokens

    let place = source.utf8.count - 1
    var node = Parser.tree(of: source).root
    var path = [node]
    while let inner = node.nodes.first(where: { $0.span.start <= place && place < $0.span.end }) {
      node = inner
      path.append(node)
    }
    guard node.tokens.contains(where: { $0.start <= place && place < $0.end }) else { return nil }
    self.path = path
  }

  // MARK: - What surrounds the cursor

  /// The token right before the cursor.
  var previous: TokenKind? { tokens.last?.kind }

  /// The innermost node of one of these kinds with its position in the path.
  func innermost(_ kinds: SyntaxKind...) -> (node: SyntaxNode, depth: Int)? {
    for depth in path.indices.reversed() where kinds.contains(path[depth].kind) { return (path[depth], depth) }
    return nil
  }

  /// The argument that the cursor stands in, and what it is an argument of.
  var argument: (node: SyntaxNode, depth: Int, owner: Owner)? {
    guard let (node, depth) = innermost(.argument, .slotArgument, .nameArgument), depth > 0,
      let owner = owner(at: depth - 1)
    else { return nil }
    return (node, depth, owner)
  }

  /// The innermost call or stage whose arguments the cursor is among.
  var owner: Owner? {
    for depth in path.indices.reversed() {
      guard depth + 1 < path.count || path[depth].kind == .call else { continue }
      if let owner = owner(at: depth) { return owner }
    }
    return nil
  }

  private func owner(at depth: Int) -> Owner? {
    let node = path[depth]
    switch node.kind {
    case .call:
      guard let callee = node.firstNode else { return nil }
      return .call(name: source.slice(callee.span), node: node)
    case .stage:
      guard let verb = node.firstToken, verb.end < source.utf8.count else { return nil }
      let query = path[..<depth].last { $0.kind == .query }
      return .stage(verb: source.slice(verb.span), node: node, query: query)
    default: return nil
    }
  }

  /// The slot names that the arguments before the cursor fill.
  func filledSlots(of owner: Owner) -> [String] {
    owner.node.nodes.filter { $0.kind == .slotArgument && $0.span.end < source.utf8.count }
      .compactMap { $0.firstToken.map { source.slice($0.span) } }
  }

  /// How many arguments stand before the cursor's own.
  func argumentIndex(of owner: Owner) -> Int {
    owner.node.nodes.filter {
      [.argument, .slotArgument, .nameArgument].contains($0.kind) && $0.span.end < source.utf8.count
    }.count
  }

  /// The value of a slot as it is written, nil when the slot is not filled before the cursor.
  func value(of slot: String, in owner: Owner) -> String? {
    for node in owner.node.nodes where node.kind == .slotArgument && node.span.end < source.utf8.count {
      if let token = node.firstToken, source.slice(token.span).lowercased() == slot, let value = node.firstNode {
        return source.slice(value.span)
      }
    }
    return nil
  }

  // MARK: - Bytes

  private static func isText(_ kind: TokenKind) -> Bool {
    kind == .string || kind == .stringHead || kind == .stringMiddle || kind == .stringTail
  }

  private static func quoteLength(_ bytes: [UInt8], at position: Int) -> Int { bytes[position] < 0x80 ? 1 : 3 }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
      || (0x61...0x7A).contains(byte)
  }

  /// `space` of `"aero|space"` belongs to the text; `, by:state, cluster:` of an unclosed one does not.
  private static func isRestOfText(_ bytes: ArraySlice<UInt8>) -> Bool {
    !bytes.contains { [UInt8](":()[]|=".utf8).contains($0) }
  }
}
