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
    assignCompares = true
    isConfused = false
    reportedEnd = min(reportedEnd, position)
    switch kind {
    case .use: parseUse()
    case .let: parseLet()
    case .def: parseDefinition()
    case _ where kind.isName && assignmentLength != nil: parseAssignment()
    case .name where isEditionLine: parseEdition()
    case _ where isSessionCommand: parseSessionCommand()
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
    if takeAssign() { parseQuery() }
    finish(.let, from: mark)
  }

  private mutating func parseDefinition() {
    let mark = elements.count
    take()
    takeName(after: "def")
    if kind == .leftParenthesis {
      parseBracketed(stopsAtColon: true) { $0.parseParameter() }
    }
    if kind == .colon { takeKind() }
    if kind.isName, kind(ahead: 1) == .assign {
      report(.missingKindColon(at: token.span, insertAt: previousEnd))
      take()
    }
    if takeAssign() {
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
    takeName(after: text(tokens[position - 1]))
    if kind == .colon { takeKind() }
    if kind == .assign {
      take()
      parseParameterDefault()
    } else if kind.startsOperand, !kind.isName, reportedEnd <= position {
      report(.missingAssign(at: token.span, insertAt: TextSpan(previousEnd, previousEnd)))
      parseParameterDefault()
    }
    finish(.parameter, from: mark)
  }

  /// In `def f(a = b = c)` the bracket is missing, so the second `=` is not read as a comparison.
  private mutating func parseParameterDefault() {
    assignCompares = false
    parseExpression()
    assignCompares = true
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

  private mutating func takeAssign() -> Bool {
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
      reportBroken(.missingAssign(at: token.span, insertAt: place))
      return true
    }
    reportBroken(.expected("`=`", at: here, found: foundText, after: text(tokens[position - 1])))
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
      reportBroken(.expected(alternative, at: here, found: foundText, after: previous))
    }
  }
}
