import CQSource

/// What the parser says and skips where the grammar does not fit.
extension Parser {
  /// The current token, or the last one of the statement if it ends here.
  var here: TextSpan {
    isStatementEnd && position > 0 ? tokens[position - 1].span : token.span
  }

  var foundText: String {
    if kind == .end { return "the end of the text" }
    if kind == .newline { return "the end of the line" }
    return kind == .stringHead || token.end - token.start > 40 ? "this" : "`\(text(token))`"
  }

  mutating func reportUnexpected() {
    switch kind {
    case .end, .newline: reportBroken(.unexpected(at: here, found: "the end of the line"))
    case .unknown where text(token) == "%" && position > 0:
      reportModulo(from: token, dividend: tokens[position - 1].span, divisor: position + 1)
    case .unknown where isJoiningTexts: report(.joinedTexts(at: token.span))
    case .unknown:
      let amount = kind(ahead: 1) == .number && isAdjacent(ahead: 1) ? tokens[position + 1] : nil
      report(
        .unknownCharacter(at: token.span, text: text(token), amount: amount.map { (text: text($0), span: $0.span) }))
    case .rightParenthesis, .rightBracket: reportBroken(.strayBracket(at: token.span, text: text(token)))
    case .malformedNumber: report(.malformedNumber(at: token.span, text: text(token)))
    default:
      if position > 0, tokens[position - 1].kind == .percent, kind.startsOperand {
        reportModulo(from: tokens[position - 1], dividend: tokens[position - 1].span, divisor: position)
      } else if kind == .colon {
        let help = "`:` fills a blank inside the brackets of a call: `lq(by:state)`"
        reportBroken(.unexpected(at: token.span, found: "`:`", help: help))
      } else {
        let expected = openBrackets.last.map { "an operator, `,` or `\($0.kind.closer.spelling ?? ")")`" }
        reportBroken(
          .unexpected(
            at: token.span, found: foundText, expected: expected ?? "an operator, `|` or the end of the line"))
      }
    }
  }

  /// `state & "!"`
  private var isJoiningTexts: Bool {
    guard text(token) == "&", position > 0 else { return false }
    let sides = [tokens[position - 1].kind, kind(ahead: 1)]
    return sides.contains(.string) || sides.contains(.stringHead) || sides.contains(.stringTail)
  }

  /// `a % b`
  private mutating func reportModulo(from sign: Token, dividend: TextSpan, divisor: Int) {
    let isSimple = divisor < tokens.count && (tokens[divisor].kind == .number || tokens[divisor].kind == .name)
    let isCall = divisor + 1 < tokens.count && tokens[divisor + 1].kind == .leftParenthesis
    let place = TextSpan(sign.end - 1, sign.end)
    guard isSimple, !isCall else {
      return report(.percentAsModulo(at: place, whole: place, replacement: nil))
    }
    let number = source.slice(dividend).filter { $0 != "%" && $0 != " " }
    let whole = dividend.union(tokens[divisor].span)
    report(.percentAsModulo(at: place, whole: whole, replacement: "mod(\(number), \(text(tokens[divisor])))"))
  }

  /// A word of the language where only a value can stand.
  var isReservedName: Bool {
    switch kind {
    case .let, .def, .use: isLabel
    case .in, .is, .then, .else: isLabel && !kind(ahead: 1).startsOperand
    default: false
    }
  }

  /// Reports that an operand is missing before the current token.
  mutating func reportMissingExpression() {
    let previous = position > 0 ? tokens[position - 1] : token
    // What stands before has its diagnostic, which explains that nothing follows it.
    if position > 0, reportedEnd == position { reportedEnd = position + 1 }
    defer { isConfused = true }
    switch kind {
    case .colon, .assign, .dot, .unknown, .stringMiddle, .stringTail:
      guard kind == .stringMiddle || kind == .stringTail else { return reportUnexpected() }
      report(.missingExpression(at: TextSpan(previous.end - 1, previous.end), beside: "after `{`"))
    default:
      if position == 0 || !previous.kind.continuesLine {
        report(.missingExpression(at: token.span, beside: "before `\(text(token))`"))
      } else if previous.kind == .comma {
        report(.extraComma(at: previous.span))
      } else {
        report(.missingExpression(at: previous.span, beside: "after `\(text(previous))`"))
      }
      if kind == .end, position > 0, previous.kind.continuesLine { isIncomplete = true }
    }
  }

  /// Reports the missing comma before an operand that follows another.
  mutating func reportMissingComma() {
    if kind == .malformedNumber || position > 0 && tokens[position - 1].kind == .percent { return reportUnexpected() }
    let name = text(token)
    if isSlotWithoutColon {
      let gap = TextSpan(previousEnd, tokens[position + 1].start)
      let hint = ", \(name):\(text(tokens[position + 1]))"
      return report(.missingComma(at: token.span, before: "blank", hint: hint, gap: gap, replacement: ", \(name):"))
    }
    let gap = TextSpan(previousEnd, token.start)
    let isBlank = isLabel && kind(ahead: 1) == .colon
    let hint = isBlank && position + 2 < tokens.count ? ", \(name):\(text(tokens[position + 2]))" : ", \(name)"
    let what = isBlank ? "blank" : isLabel && kind(ahead: 1) == .assign ? "name" : "value"
    report(.missingComma(at: token.span, before: what, hint: hint, gap: gap, replacement: ", "))
  }

  mutating func reportMissingVerb() {
    let pipe = tokens[position - 1].span
    if isStageEnd {
      if kind == .end { isIncomplete = true }
      report(.missingVerb(at: pipe))
    } else if isLabel {
      report(.reservedName(at: token.span, word: text(token)))
    } else {
      reportBroken(.expected("a verb such as `where`, `sort` or `top`", at: token.span, found: foundText, after: "|"))
    }
  }

  mutating func reportBrokenName() {
    guard kind == .quotedName else { return }
    if token.isUnterminated { return report(.unterminatedName(at: token.span)) }
    if token.end - token.start == 2 { report(.emptyName(at: token.span)) }
  }

  /// Closing brackets that close nothing; several in a row are one mistake.
  mutating func takeStrayClosers() {
    let mark = elements.count
    var span = token.span
    let canReport = position >= reportedEnd && !isConfused
    while kind.isCloser {
      span = span.union(token.span)
      take()
    }
    finish(.unreadable, from: mark)
    isConfused = true
    guard canReport, !isAbandoned else { return }
    add(.strayBracket(at: span, text: source.slice(span)))
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
    let line = position
    while token.kind != .end, position == line || !token.startsLine {
      elements.append(.token(token))
      position += 1
    }
    finish(.unreadable, from: mark)
    openBrackets.removeAll()
    updateKind()
    if kind != .end { kind = .newline }
    reportedEnd = position + 1
  }
}
