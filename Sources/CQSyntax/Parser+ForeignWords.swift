import CQSource

/// Words and forms of other languages inside expressions and stages, read as what they mean.
extension Parser {
  // MARK: - Conditions

  /// `lq between 1 and 2`, `name like "Aero%"`, behind an operand of a condition.
  var isForeignComparison: Bool {
    guard isCondition, kind == .name, lastNode != nil, position + 1 < tokens.count else { return false }
    guard isWord("between") || isWord("like"), !tokens[position + 1].startsLine else { return false }
    return kind(ahead: 1).startsOperand
  }

  mutating func parseForeignComparison(from mark: Int) {
    let word = token
    let canReport = position >= reportedEnd
    take()
    parseOperators(.sum)
    let low = lastNode?.span
    var diagnostic = Diagnostic.foreignWord(
      at: word.span, spelling: text(word), instead: "compare whole texts: `==`, or `in [\"…\", \"…\"]` for several",
      fix: nil)
    if ("between" as StaticString).equalsIgnoringCase(source.utf8[word.start..<word.end]) {
      var fix: Diagnostic.Fix?
      if kind == .and {
        take()
        parseOperators(.sum)
        if let low, let high = lastNode?.span {
          fix = Diagnostic.Fix(
            span: TextSpan(word.start, high.end), replacement: "in \(source.slice(low))..\(source.slice(high))")
        }
      }
      diagnostic = .foreignWord(
        at: word.span, spelling: text(word), instead: "write a range: `in 1..2`, both ends included", fix: fix)
    }
    finish(.unreadable, from: mark)
    guard canReport, !isAbandoned else { return }
    add(diagnostic)
    reportedEnd = position
  }

  /// `is.na(employment)`
  var isMissingTest: Bool {
    kind == .is && kind(ahead: 1) == .dot && kind(ahead: 2).isName && kind(ahead: 3) == .leftParenthesis
      && isAdjacent(ahead: 1) && isAdjacent(ahead: 2)
  }

  mutating func parseMissingTest() {
    let mark = elements.count
    let start = token.start
    let word = source.slice(TextSpan(start, tokens[position + 2].end))
    take()
    take()
    take()
    let end = matchingBracket
    let inner = end.map { source.slice(TextSpan(token.end, tokens[$0].start)) } ?? "…"
    let span = TextSpan(start, end.map { tokens[$0].end } ?? token.end)
    report(
      .foreignWord(
        at: span, spelling: "\(word)(…)", instead: "ask with `is`: `\(inner) is missing`",
        fix: Diagnostic.Fix(span: span, replacement: "\(inner) is missing")))
    parseBracketed { $0.parseExpression() }
    finish(.unreadable, from: mark)
  }

  /// The state that a word of statistical offices means: `suppressed`, `confidential`, `imputed`.
  var foreignState: String? {
    guard kind == .name else { return nil }
    let word = source.utf8[token.start..<token.end]
    let spellings: [(words: [StaticString], state: String)] = [
      (["suppressed", "confidential", "hidden", "secret", "undisclosed", "masked"], "withheld"),
      (["imputed", "estimate", "modelled", "modeled"], "estimated"), (["published", "reported", "disclosed"], "known"),
    ]
    return spellings.first { KnownWords.contains($0.words, word) }?.state
  }

  // MARK: - Operators

  /// `lq .> 1`: a point before an operator, right at it.
  var isDottedOperator: Bool {
    guard isAdjacent(ahead: 1) else { return false }
    switch kind(ahead: 1) {
    case .plus, .minus, .times, .divide, .power, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual:
      return true
    default: return false
    }
  }

  /// `lq(by:state)["Ohio"]`; the current token is the bracket.
  mutating func parseSubscript(from mark: Int) {
    let end = matchingBracket
    report(.subscriptedRows(at: end.map { TextSpan(token.start, tokens[$0].end) } ?? token.span))
    let outer = thousands
    thousands = .nowhere
    parseBracketed { $0.parseExpression() }
    thousands = outer
    finish(.unreadable, from: mark)
  }

  // MARK: - Choices

  /// `if(lq > 1, "yes", "no")`, as in a spreadsheet: the bracket holds several things.
  var isBracketedBranches: Bool { !branchCommas.isEmpty }

  /// Positions of the commas in the bracket at the current token.
  private var branchCommas: [Int] {
    guard kind == .leftParenthesis, let end = matchingBracket, end + 1 < tokens.count else { return [] }
    // A bracket that goes on is a part of the condition.
    let next = tokens[end + 1]
    switch next.kind {
    case .end, .pipe, .comma, .semicolon, .rightParenthesis, .rightBracket: break
    default: if !next.startsLine || next.kind.continuesPreviousLine { return [] }
    }
    var commas: [Int] = []
    var depth = 0
    for index in position..<end {
      let kind = tokens[index].kind
      if kind == .leftParenthesis || kind == .leftBracket { depth += 1 }
      if kind.isCloser { depth -= 1 }
      if depth == 1, kind == .comma || kind == .semicolon { commas.append(index) }
    }
    return commas
  }

  mutating func parseBracketedBranches(from mark: Int) {
    let commas = branchCommas
    guard let end = matchingBracket else { return }
    let word = tokens[position - 1]
    let span = TextSpan(word.start, tokens[end].end)
    var fix: Diagnostic.Fix?
    if commas.count == 2 {
      let condition = source.slice(TextSpan(token.end, tokens[commas[0]].start))
      let then = source.slice(TextSpan(tokens[commas[0]].end, tokens[commas[1]].start)).drop { $0 == " " }
      let otherwise = source.slice(TextSpan(tokens[commas[1]].end, tokens[end].start)).drop { $0 == " " }
      fix = Diagnostic.Fix(span: span, replacement: "if \(condition) then \(then) else \(otherwise)")
    }
    report(.bracketedBranches(at: span, fix: fix))
    reportedEnd = max(reportedEnd, end + 1)
    parseBracketed { $0.parseExpression() }
    finish(.unreadable, from: mark)
  }

  // MARK: - Verbs

  /// `left join`
  var isForeignJoin: Bool {
    let isSide = isWord("left") || isWord("right") || isWord("inner") || isWord("outer") || isWord("full")
    return isSide && isWord("join", ahead: 1)
  }

  /// The verb that `order by` means.
  var foreignOrdering: String? {
    guard isWord("order") || isWord("sort") || isWord("rank"), isWord("by", ahead: 1), kind(ahead: 2) != .colon else {
      return nil
    }
    return isWord("rank") ? "rank" : "sort"
  }
}
