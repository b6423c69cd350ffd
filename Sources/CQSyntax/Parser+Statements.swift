import CQSource

extension Parser {
  mutating func parseProgram() {
    updateKind()
    while !isAbandoned {
      while kind == .newline || kind == .semicolon {
        if kind == .newline { kind = token.kind } else { take() }
      }
      guard kind != .end else { break }
      let start = position
      parseStatement()
      if !isStatementEnd { parseStatementRest() }
      openBrackets.removeAll()
      updateKind()
      if position == start, kind != .end { finishToken(.unreadable) }
    }
    // ORDER: the tokens after an abandoned place, then the end token, so that the tree holds the whole text.
    let mark = elements.count
    while token.kind != .end {
      elements.append(.token(token))
      position += 1
    }
    if elements.count > mark { finish(.unreadable, from: mark) }
    elements.append(.token(token))
  }

  private mutating func parseStatement() {
    isCondition = false
    thousands = .anywhere
    reportedEnd = min(reportedEnd, position)
    switch kind {
    case .use: parseUse()
    case .let: parseLet()
    case .def: parseDefinition()
    case .name where isEditionLine: parseEdition()
    default: parseQuery()
    }
  }

  private mutating func parseStatementRest() {
    reportUnexpected()
    repeat {
      skip(toComma: false)
      if !isStatementEnd { finishToken(.unreadable) }
    } while !isStatementEnd
  }

  // MARK: - edition, use

  private var isEditionLine: Bool {
    position == 0 && isWord("edition") && kind(ahead: 1) == .number && !tokens[position + 1].startsLine
  }

  private mutating func parseEdition() {
    let mark = elements.count
    take()
    if text(token) != "1" { report(.unknownEdition(at: token.span, number: text(token))) }
    take()
    finish(.edition, from: mark)
  }

  private mutating func parseUse() {
    let mark = elements.count
    take()
    if kind == .string || kind == .stringHead {
      parseText()
    } else {
      takeName(after: "use", or: "a name or a file in quotes")
      while kind == .dot {
        take()
        takeName(after: ".")
      }
    }
    if isWord("as") {
      take()
      takeName(after: "as")
    }
    if kind == .leftParenthesis {
      parseBracketed { $0.takeName(after: "(") }
    }
    finish(.use, from: mark)
  }

  // MARK: - let, def

  private mutating func parseLet() {
    let mark = elements.count
    take()
    takeName(after: "let")
    if takeAssign(after: "let") { parseQuery() }
    finish(.let, from: mark)
  }

  private mutating func parseDefinition() {
    let mark = elements.count
    take()
    takeName(after: "def")
    if kind == .leftParenthesis { parseBracketed { $0.parseParameter() } }
    if kind == .colon { takeKind() }
    if takeAssign(after: "def") {
      if kind == .pipe {
        let fragment = elements.count
        parseStages(of: nil)
        finish(.fragment, from: fragment)
      } else {
        parseQuery()
      }
    }
    finish(.definition, from: mark)
  }

  private mutating func parseParameter() {
    let mark = elements.count
    takeName(after: "(")
    if kind == .colon { takeKind() }
    if kind == .assign {
      take()
      parseExpression()
    }
    finish(.parameter, from: mark)
  }

  private mutating func takeKind() {
    take()
    if kind == .all || kind == .missing || kind == .withheld {
      report(.expected("a kind such as number, percent or measure", at: token.span, found: foundText, after: ":"))
      finishToken(.unreadable)
    } else {
      takeName(after: ":", or: "a kind such as number, percent or measure")
    }
  }

  private mutating func takeAssign(after keyword: String) -> Bool {
    if kind == .assign {
      take()
      return true
    }
    if kind == .equal || kind == .colon {
      report(.expectedAssign(at: token.span, found: text(token)))
      finishToken(.unreadable)
      return true
    }
    if kind.startsOperand, !isStatementEnd {
      let place = TextSpan(previousEnd, previousEnd)
      report(.missingAssign(at: token.span, insertAt: place))
      return true
    }
    report(.expected("`=`", at: here, found: foundText, after: position > 0 ? text(tokens[position - 1]) : keyword))
    return false
  }

  /// Takes a name; reports what stands there otherwise.
  mutating func takeName(after previous: String, or alternative: String = "a name") {
    if kind.isName {
      reportBrokenName()
      take()
    } else if kind.isReservedWord, isLabel {
      report(.reservedName(at: token.span, word: text(token)))
      finishToken(.unreadable)
    } else {
      if kind == .end, position >= reportedEnd, tokens[position - 1].kind.continuesLine { isIncomplete = true }
      report(.expected(alternative, at: here, found: foundText, after: previous))
    }
  }

  // MARK: - Brackets

  /// `( item, item, )`
  mutating func parseBracketed(_ item: (inout Parser) -> Void) {
    let opener = position
    open()
    parseItems(item)
    close(opener)
  }

  mutating func open() {
    openBrackets.append((position, kind))
    take()
  }

  /// Items with commas between them, up to the closing bracket, the end of the text or what can't stand in brackets.
  mutating func parseItems(_ item: (inout Parser) -> Void) {
    while kind != .end, kind != .newline, !kind.isCloser, kind != .pipe, kind != .foreignPipe {
      let start = position
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
      if kind == .semicolon {
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

  mutating func close(_ opener: Int) {
    let bracket = tokens[opener]
    if openBrackets.last?.position == opener { openBrackets.removeLast() }
    if kind == bracket.kind.closer { return take() }
    if kind.isCloser, !openBrackets.contains(where: { $0.kind.closer == kind }) {
      report(.mismatchedBracket(opening: bracket.span, closing: token.span, expected: bracket.kind.closer))
      return take()
    }
    if kind == .end, position >= reportedEnd { isIncomplete = true }
    report(
      .unclosedBracket(
        at: bracket.span, closer: bracket.kind.closer, insertAt: previousEnd, missing: missingClosers(bracket)))
    updateKind()
  }
}
