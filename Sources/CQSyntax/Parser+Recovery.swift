import CQSource

/// What the parser says and skips where the grammar does not fit.
extension Parser {
  /// The current token, or the last one of the statement if it ends here.
  var here: TextSpan {
    isStatementEnd && position > 0 ? tokens[position - 1].span : token.span
  }

  var foundText: String {
    if kind == .end { return "the end of the text" }
    return kind == .newline ? "the end of the line" : "`\(text(token))`"
  }

  mutating func reportUnexpected() {
    switch kind {
    case .end, .newline: report(.unexpected(at: here, found: "the end of the line"))
    case .unknown: report(.unknownCharacter(at: token.span, text: text(token)))
    case .rightParenthesis, .rightBracket: report(.strayBracket(at: token.span, text: text(token)))
    case .malformedNumber: report(.malformedNumber(at: token.span, text: text(token)))
    default:
      if position > 0, tokens[position - 1].kind == .percent, kind.startsOperand {
        report(.percentAsModulo(at: tokens[position - 1].span))
      } else {
        report(.unexpected(at: token.span, found: "`\(text(token))`"))
      }
    }
  }

  /// Reports that an operand is missing before the current token.
  mutating func reportMissingExpression() {
    let previous = position > 0 ? tokens[position - 1] : token
    switch kind {
    case .colon, .assign, .dot, .unknown, .stringMiddle, .stringTail:
      guard kind == .stringMiddle || kind == .stringTail else { return reportUnexpected() }
      report(.missingExpression(at: TextSpan(previous.end - 1, previous.end), beside: "after `{`"))
    case .let, .def, .use, .in, .is, .then, .else:
      if kind != .newline, isLabel, kind(ahead: 1).continuesPreviousLine || !kind(ahead: 1).startsOperand {
        report(.reservedName(at: token.span, word: text(token)))
        take()
      } else {
        report(.missingExpression(at: previous.span, beside: "after `\(text(previous))`"))
      }
    default:
      if position == 0 || !previous.kind.continuesLine {
        report(.missingExpression(at: token.span, beside: "before `\(text(token))`"))
      } else if previous.kind == .comma {
        report(.extraComma(at: previous.span))
      } else {
        report(.missingExpression(at: previous.span, beside: "after `\(text(previous))`"))
      }
      if kind == .end, position > 0, previous.kind.continuesLine { isIncomplete = !isAbandoned }
    }
  }

  /// Reports the missing comma before an operand that follows another.
  mutating func reportMissingComma() {
    if kind == .malformedNumber || position > 0 && tokens[position - 1].kind == .percent { return reportUnexpected() }
    if isSlotWithoutColon {
      let gap = TextSpan(previousEnd, tokens[position + 1].start)
      report(.missingComma(at: token.span, before: "blank", gap: gap, replacement: ", \(text(token)):"))
    } else {
      let what = !isLabel ? "value" : kind(ahead: 1) == .colon ? "blank" : kind(ahead: 1) == .assign ? "name" : "value"
      let gap = TextSpan(previousEnd, token.start)
      report(.missingComma(at: token.span, before: what, gap: gap, replacement: ", "))
    }
  }

  mutating func reportMissingVerb() {
    let pipe = tokens[position - 1].span
    if isStageEnd {
      if kind == .end { isIncomplete = !isAbandoned }
      report(.missingVerb(at: pipe))
    } else if isLabel {
      report(.reservedName(at: token.span, word: text(token)))
    } else {
      report(.expected("a verb such as `where`, `sort` or `top`", at: token.span, found: foundText, after: "|"))
    }
  }

  mutating func reportUnterminatedName() {
    if token.isUnterminated { report(.unterminatedName(at: token.span)) }
  }

  /// Closing brackets that close nothing; several in a row are one mistake.
  mutating func takeStrayClosers() {
    let mark = elements.count
    var span = token.span
    let canReport = position >= reportedEnd
    while kind.isCloser {
      span = span.union(token.span)
      take()
    }
    finish(.unreadable, from: mark)
    guard canReport, !isAbandoned else { return }
    diagnostics.append(.strayBracket(at: span, text: source.slice(span)))
    reportedEnd = position + 1
  }

  /// A quotation mark right after a name: `Aerospace"`.
  mutating func takeStrayText() {
    guard token.isUnterminated, token.end - token.start <= 3, let name = lastNode else { return giveUpLine(nil) }
    report(.missingOpeningQuote(at: name.span.union(token.span), name: source.slice(name.span)))
    finishToken(.unreadable)
    let mark = elements.count - 2
    finish(.unreadable, from: mark)
  }

  /// Takes the rest of the line without a further message, because it can't be known what is inside a text.
  mutating func giveUpLine(_ diagnostic: Diagnostic?) {
    guard !isAbandoned else { return }
    if let diagnostic { report(diagnostic) } else { reportUnexpected() }
    let mark = elements.count
    repeat {
      elements.append(.token(token))
      position += 1
    } while token.kind != .end && !token.startsLine
    finish(.unreadable, from: mark)
    openBrackets.removeAll()
    updateKind()
    if kind != .end { kind = .newline }
    reportedEnd = position + 1
  }
}
