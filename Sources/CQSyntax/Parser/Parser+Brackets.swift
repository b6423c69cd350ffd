import CQSource

extension Parser {
  /// `( item, item, )`
  ///
  /// - Parameter stopsAtColon: Whether a `:` or `=` behind an item shows that the bracket is not closed.
  mutating func parseBracketed(stopsAtColon: Bool = false, _ item: (inout Parser) -> Void) {
    let opener = position
    open()
    parseItems(stopsAtColon: stopsAtColon, item)
    close(opener)
  }

  mutating func open() {
    openBrackets.append((position, kind))
    take()
  }

  /// Items with commas between them, up to the closing bracket, the end of the text or what can't stand in brackets.
  private mutating func parseItems(stopsAtColon: Bool, _ item: (inout Parser) -> Void) {
    while kind != .end, kind != .newline, !kind.isCloser, kind != .pipe, kind != .foreignPipe {
      let start = position
      if stopsAtColon, kind == .colon || kind == .assign { return }
      if kind == .comma || kind == .semicolon {
        report(.extraComma(at: token.span))
      } else {
        item(&self)
      }
      if kind.startsOperand {
        if startsNewStatement { return }
        reportMissingComma()
        continueOrSkip(from: start)
        continue
      }
      if stopsAtColon, kind == .colon || kind == .assign { return }
      if kind == .semicolon {
        guard isBracketClosed else { return }
        report(.semicolonBetweenArguments(at: token.span))
        take()
      } else if kind == .comma {
        take()
      } else if kind != .end, kind != .newline, !kind.isCloser, kind != .pipe, kind != .foreignPipe {
        reportUnexpected()
        skip(toComma: true)
        if kind == .comma { take() }
      }
      continueOrSkip(from: start)
    }
  }

  /// Proves that a loop moves on.
  mutating func continueOrSkip(from start: Int) {
    if position == start, kind != .end { finishToken(.unreadable) }
  }

  /// In an open bracket, a line that starts at the margin is more likely a new statement than a further argument.
  private var startsNewStatement: Bool {
    token.startsLine && (token.start == 0 || source.utf8[token.start - 1] == UInt8(ascii: "\n"))
  }

  /// What closes `bracket` and, where the statement ends, all brackets around it.
  private func missingClosers(_ bracket: Token) -> String {
    let outer = kind == .end || kind == .newline || startsNewStatement ? openBrackets.reversed() : []
    return ([bracket.kind] + outer.map(\.kind)).compactMap(\.closer.spelling).joined()
  }

  /// Whether the innermost open bracket is closed before the next `let`, `def` or `use`.
  private var isBracketClosed: Bool {
    var depth = 1
    for index in position..<min(tokens.count, position + Self.lookaheadLimit) {
      switch tokens[index].kind {
      case .leftParenthesis, .leftBracket: depth += 1
      case .rightParenthesis, .rightBracket: depth -= 1
      case .let, .def, .use: if tokens[index].startsLine { return false }
      default: continue
      }
      if depth == 0 { return true }
    }
    return false
  }

  mutating func close(_ opener: Int) {
    let bracket = tokens[opener]
    if openBrackets.last?.position == opener { openBrackets.removeLast() }
    if kind == bracket.kind.closer { return take() }
    if kind.isCloser, kind(ahead: 1) == bracket.kind.closer, !openBrackets.contains(where: { $0.kind != bracket.kind })
    {
      reportBroken(.strayBracket(at: token.span, text: text(token)))
      finishToken(.unreadable)
      return take()
    }
    if kind.isCloser, !openBrackets.contains(where: { $0.kind.closer == kind }) {
      reportBroken(.mismatchedBracket(opening: bracket.span, closing: token.span, expected: bracket.kind.closer))
      return take()
    }
    if kind == .end, position >= reportedEnd { isIncomplete = true }
    reportBroken(
      .unclosedBracket(
        at: bracket.span, closer: bracket.kind.closer, insertAt: previousEnd, missing: missingClosers(bracket)))
    updateKind()
  }
}
