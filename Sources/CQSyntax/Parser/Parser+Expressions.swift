import CQSource

/// How tightly an operator binds, loosest first.
enum Precedence: Int, Comparable {
  case or, and, not, comparison, coalesce, range, sum, product, unary

  static func < (lhs: Precedence, rhs: Precedence) -> Bool { lhs.rawValue < rhs.rawValue }

  var tighter: Precedence { Precedence(rawValue: rawValue + 1) ?? .unary }
}

extension Parser {
  mutating func parseExpression() {
    nested { parser in
      if parser.kind == .if { parser.parseConditional() } else { parser.parseOperators(.or) }
    }
  }

  private mutating func parseConditional() {
    let mark = elements.count
    let outerCondition = isCondition
    take()
    isCondition = true
    if isBracketedBranches {
      parseBracketedBranches(from: mark)
      isCondition = outerCondition
      return
    }
    parseExpression()
    isCondition = outerCondition
    for word in [TokenKind.then, .else] {
      if kind == word {
        take()
      } else {
        if kind == .end, position >= reportedEnd { isIncomplete = true }
        let isBranchThere = kind.startsOperand
        let place = tokens[position - 1].span
        reportBroken(.missingBranch(at: place, word: "\(word)", insertAt: previousEnd, isBranchThere: isBranchThere))
        guard isBranchThere else { break }
      }
      parseExpression()
    }
    finish(.conditional, from: mark)
  }

  // MARK: - Operators

  /// The current token between two operands.
  private var infix: Precedence? {
    switch kind {
    case .or: .or
    case .and: .and
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .is: .comparison
    case .assign: assignCompares ? .comparison : nil
    case .not: kind(ahead: 1) == .in ? .comparison : nil
    case .coalesce: .coalesce
    case .range: .range
    case .plus, .minus: .sum
    case .times, .divide: .product
    default: nil
    }
  }

  mutating func parseOperators(_ minimum: Precedence) {
    let mark = elements.count
    parsePrefix(minimum)
    while !isAbandoned {
      if minimum <= .comparison, isForeignComparison {
        parseForeignComparison(from: mark)
        continue
      }
      guard let precedence = infix, precedence >= minimum else { return }
      switch precedence {
      case .comparison: parseComparison(from: mark)
      case .range: parseRange(from: mark)
      case .coalesce:
        take()
        parseOperators(precedence.tighter)
        finish(.coalesce, from: mark)
      default:
        take()
        parseOperators(precedence.tighter)
        finish(.binary, from: mark)
      }
    }
  }

  private mutating func parsePrefix(_ minimum: Precedence) {
    switch kind {
    case .not where minimum <= .not:
      nested { parser in
        let mark = parser.elements.count
        parser.take()
        parser.parseOperators(.not)
        parser.finish(.logicalNot, from: mark)
      }
    case .range where minimum <= .range: parseRange(from: elements.count)
    default: parseUnary()
    }
  }

  private mutating func parseUnary() {
    switch kind {
    case .minus:
      nested { parser in
        let mark = parser.elements.count
        parser.take()
        parser.parseUnary()
        parser.finish(.negation, from: mark)
      }
    case .not, .if, .range: parseLooseOperand()
    default:
      let mark = elements.count
      parsePostfix()
      guard kind == .power else { return }
      take()
      nested { $0.parseUnary() }
      finish(.binary, from: mark)
    }
  }

  /// `not …`, `if …` or `..b` as an operand of something that binds tighter.
  private mutating func parseLooseOperand() {
    let start = position
    let canReport = position >= reportedEnd
    parseExpression()
    guard canReport, start >= reportedEnd, !isAbandoned, !isConfused, let node = lastNode else { return }
    add(
      .needsBrackets(at: tokens[start].span, word: text(tokens[start]), operand: node.span, in: source))
    reportedEnd = start + 1
  }

  /// `a .. b`, `a ..`, `.. b`
  private mutating func parseRange(from mark: Int) {
    if case .node(let node)? = elements.count > mark ? elements.last : nil, node.kind == .range {
      reportBroken(.unexpected(at: token.span, found: foundText))
    }
    take()
    if kind.startsOperand, kind != .range, kind != .not, kind != .if {
      parseOperators(.sum)
    } else if elements.count == mark + 1 {
      reportMissingExpression()
    }
    finish(.range, from: mark)
  }

  // MARK: - Comparisons

  private mutating func parseComparison(from mark: Int) {
    var operators: [Token] = []
    var operands = [lastNode?.span ?? token.span]
    var hasTest = false
    let reportedBefore = reportedEnd
    while infix == .comparison, !isAbandoned {
      let start = position
      let kind = parseComparisonRest()
      hasTest = hasTest || kind != .binary
      operators.append(tokens[start])
      operands.append(lastNode?.span ?? tokens[start].span)
      finish(operators.count > 1 ? .comparisonChain : kind, from: mark)
    }
    if operators.count > 1, reportedBefore == reportedEnd, !isAbandoned {
      add(
        .comparisonChain(at: operators[1].span, operands: operands, operators: operators, hasTest: hasTest, in: source))
      reportedEnd = position
    }
  }

  /// The operator and what stands right of it.
  private mutating func parseComparisonRest() -> SyntaxKind {
    switch kind {
    case .in, .not:
      if kind == .not { take() }
      take()
      parseOperators(.coalesce)
      return .membership
    case .is:
      take()
      if kind == .not { take() }
      parseStateName()
      return .stateTest
    default:
      if kind == .assign, !isCondition { reportBroken(.assignForEqual(at: token.span)) }
      take()
      parseOperators(.coalesce)
      return .binary
    }
  }

  private mutating func parseStateName() {
    if kind == .withheld || kind == .missing || isWord("estimated") || isWord("known") {
      finishToken(.literal)
    } else if isMissingSpelling {
      report(.missingSpelling(at: token.span, spelling: text(token)))
      finishToken(.literal)
    } else if let state = foreignState {
      report(.foreignState(at: token.span, spelling: text(token), state: state))
      finishToken(.literal)
    } else {
      let mark = elements.count
      if kind == .end, position >= reportedEnd { isIncomplete = true }
      reportBroken(.expected("`withheld`, `missing`, `estimated` or `known`", at: here, found: foundText, after: "is"))
      if kind.isName || kind == .string || kind == .number { take() }
      finish(.unreadable, from: mark)
    }
  }

  // MARK: - Operands

  private mutating func parsePostfix() {
    let mark = elements.count
    parsePrimary()
    while !isAbandoned {
      guard let last = lastNode?.kind, elements.count == mark + 1 else { return }
      switch kind {
      case .leftParenthesis where last == .name || last == .access:
        parseCallArguments(isTable: last == .name && namesColumns)
        finish(.call, from: mark)
      case .leftBracket where isAdjacent(ahead: 0) && (last == .name || last == .access || last == .call):
        parseSubscript(from: mark)
      case .dot where isDottedOperator:
        report(.dottedOperator(at: token.span, spelling: text(tokens[position + 1])))
        finishToken(.unreadable)
        return
      case .dot where last == .name || last == .access || last == .call:
        take()
        takeName(after: ".")
        finish(.access, from: mark)
      default: return
      }
    }
  }

  /// Whether the name just read is `table` or `columns`.
  private var namesColumns: Bool {
    let word = tokens[position - 1]
    let bytes = source.utf8[word.start..<word.end]
    return ("table" as StaticString).equalsIgnoringCase(bytes) || ("columns" as StaticString).equalsIgnoringCase(bytes)
  }

  private mutating func parseCallArguments(isTable: Bool) {
    let outer = (isCondition, thousands)
    (isCondition, thousands) = (false, .leadingZeroOnly)
    parseBracketed { $0.parseArgument(.call(namesColumns: isTable)) }
    (isCondition, thousands) = outer
  }

  private mutating func parsePrimary() {
    switch kind {
    case .number: parseNumber()
    case .percent, .period, .host, .underscore, .all, .true, .false, .missing, .withheld: finishToken(.literal)
    case .string, .stringHead: parseText()
    case .name, .quotedName: parseNameOperand()
    case .leftBracket:
      let mark = elements.count
      let outer = thousands
      thousands = .nowhere
      parseBracketed { $0.parseExpression() }
      thousands = outer
      finish(.list, from: mark)
    case .leftParenthesis: parseGroup()
    case .is where isMissingTest: parseMissingTest()
    case _ where isReservedName:
      report(.reservedName(at: token.span, word: text(token)))
      finishToken(.unreadable)
    case .malformedNumber:
      report(.malformedNumber(at: token.span, text: text(token)))
      finishToken(.unreadable)
    case .unknown:
      report(.unknownCharacter(at: token.span, text: text(token)))
      let mark = elements.count
      take()
      if kind.startsOperand, isAdjacent(ahead: 0) { parsePrimary() }
      finish(.unreadable, from: mark)
    case .dot where kind(ahead: 1) == .number && isAdjacent(ahead: 1):
      let span = token.span.union(tokens[position + 1].span)
      report(.missingLeadingZero(at: span, text: source.slice(span)))
      let mark = elements.count
      take()
      take()
      finish(.unreadable, from: mark)
    case .times
    where kind(ahead: 1) == .rightParenthesis && position > 0 && tokens[position - 1].kind == .leftParenthesis:
      report(.everything(at: token.span))
      finishToken(.unreadable)
    default:
      reportMissingExpression()
      finish(.missing, from: elements.count)
    }
  }

  private mutating func parseGroup() {
    let mark = elements.count
    let opener = position
    let outer = thousands
    thousands = .anywhere
    open()
    parseQuery()
    if kind != .rightParenthesis, kind != .end, kind != .newline, !kind.isCloser, openBrackets.last?.position == opener
    {
      reportUnexpected()
      skip(toComma: false)
    }
    close(opener)
    thousands = outer
    finish(.group, from: mark)
  }

  private mutating func parseNameOperand() {
    if isMissingSpelling {
      report(.missingSpelling(at: token.span, spelling: text(token)))
      return finishToken(.literal)
    }
    reportBrokenName()
    finishToken(.name)
    if kind == .string, isAdjacent(ahead: 0) { takeStrayText() }
  }

  private mutating func parseNumber() {
    let mark = elements.count
    let start = position
    take()
    takeThousands(from: start)
    if kind == .name, !token.startsLine, isUnit { take() }
    finish(.number, from: mark)
  }

  private var isUnit: Bool {
    guard token.end - token.start == 3 else { return false }
    let word = source.utf8[token.start..<token.end]
    return word.elementsEqual("USD".utf8) || word.elementsEqual("MXN".utf8) || word.elementsEqual("CAD".utf8)
      || word.elementsEqual("EUR".utf8)
  }

  // MARK: - Texts

  mutating func parseText() {
    let mark = elements.count
    let head = token
    if kind == .string {
      if token.isUnterminated { report(.unterminatedText(at: token.span)) }
      take()
    } else if !isTextEndInLine {
      take()
      let quote = lastQuoteInLine
      giveUpLine(.unterminatedInterpolation(at: head.span, closingQuote: quote))
    } else {
      repeat {
        take()
        parseExpression()
        if kind != .stringMiddle, kind != .stringTail { skipToTextEnd() }
      } while kind == .stringMiddle && !isAbandoned
      if kind == .stringTail {
        if token.isUnterminated { report(.unterminatedText(at: head.span.union(token.span))) }
        take()
      } else {
        giveUpLine(.unterminatedInterpolation(at: head.span, closingQuote: nil))
      }
    }
    finish(.text, from: mark)
    if kind.startsOperand, isAdjacent(ahead: 0), kind != .leftBracket, kind != .leftParenthesis, kind != .minus,
      kind != .range
    {
      giveUpLine(.misplacedQuote(at: head.span.union(tokens[position - 1].span)))
    }
  }

  /// Whether the text that begins at the current token ends in its line.
  private var isTextEndInLine: Bool {
    var depth = 0
    for index in position..<tokens.count {
      if index > position, tokens[index].startsLine || tokens[index].kind == .end { return false }
      if tokens[index].kind == .stringHead { depth += 1 }
      if tokens[index].kind == .stringTail { depth -= 1 }
      if depth == 0 || index - position > Self.lookaheadLimit { return true }
    }
    return false
  }

  /// The first quotation mark from here on that opens a text which its line does not close: it was meant to close one.
  private var lastQuoteInLine: TextSpan? {
    var index = position
    while index < tokens.count, tokens[index].kind != .end, index == position || !tokens[index].startsLine {
      if tokens[index].kind == .string, tokens[index].isUnterminated { return tokens[index].span }
      index += 1
    }
    return nil
  }

  /// Takes what stands between the expression in braces and the rest of its text.
  private mutating func skipToTextEnd() {
    var end = position
    var depth = 0
    while depth > 0 || tokens[end].kind != .stringMiddle && tokens[end].kind != .stringTail {
      guard tokens[end].kind != .end, !tokens[end].startsLine, !isAbandoned else { return }
      if tokens[end].kind == .stringHead { depth += 1 }
      if tokens[end].kind == .stringTail { depth -= 1 }
      end += 1
    }
    reportBroken(.unexpected(at: token.span, found: foundText, expected: "an operator or `}`"))
    let mark = elements.count
    while position < end { take() }
    kind = tokens[end].kind
    finish(.unreadable, from: mark)
  }
}
