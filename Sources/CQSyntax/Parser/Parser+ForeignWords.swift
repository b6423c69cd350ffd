import CQSource

/// Words and forms of other languages inside expressions and stages, read as what they mean.
extension Parser {
  // MARK: - Conditions

  /// `lq between 1 and 2`, `name like "Aero%"`, behind an operand of a condition.
  var isForeignComparison: Bool {
    guard isCondition, kind == .name, lastNode != nil, position + 1 < tokens.count else { return false }
    guard isWord("between") || Self.textTests.contains(where: { isWord($0) }), !tokens[position + 1].startsLine else {
      return false
    }
    return kind(ahead: 1).startsOperand
  }

  private static let textTests: [StaticString] = [
    "like", "ilike", "contains", "matches", "startswith", "starts_with", "endswith", "ends_with", "regexp", "rlike",
  ]

  mutating func parseForeignComparison(from mark: Int) {
    let word = token
    let canReport = position >= reportedEnd
    take()
    parseOperators(.sum)
    let low = lastNode?.span
    var diagnostic = Diagnostic.foreignWord(
      at: word.span, spelling: text(word),
      instead: "compare whole texts: `==`, or `in [\"…\", \"…\"]` for several; `:members` finds names by a part",
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

  // MARK: - Directions

  /// `descending`, with the word for it here.
  private static let foreignDirections: [(word: StaticString, direction: String)] = [
    ("descending", "desc"), ("decreasing", "desc"), ("ascending", "asc"), ("increasing", "asc"),
  ]

  private func foreignDirection(ahead offset: Int) -> String? {
    guard kind(ahead: offset) == .name else { return nil }
    return Self.foreignDirections.first { isWord($0.word, ahead: offset) }?.direction
  }

  /// `desc` or a word for it behind what is sorted: nothing follows that it could be the name of.
  func isDirection(ahead offset: Int) -> Bool {
    guard (offset == 0 ? kind : kind(ahead: offset)) == .name else { return false }
    if isWord("asc", ahead: offset) || isWord("desc", ahead: offset) { return offset == 0 || endsArgument(offset + 1) }
    return foreignDirection(ahead: offset) != nil && endsArgument(offset + 1)
  }

  private func endsArgument(_ offset: Int) -> Bool {
    let next = tokens[min(position + offset, tokens.count - 1)]
    return next.startsLine || next.kind == .end || next.kind == .comma || next.kind == .pipe || next.kind.isCloser
      || next.kind == .semicolon || next.kind == .foreignPipe
  }

  mutating func takeDirection() {
    if let direction = foreignDirection(ahead: 0) {
      report(
        .foreignWord(
          at: token.span, spelling: text(token), instead: "write `\(direction)`",
          fix: Diagnostic.Fix(span: token.span, replacement: direction)))
    }
    take()
  }

  /// `sort lq, desc`; the current token is the comma.
  mutating func takeCommaBeforeDirection() {
    let direction = foreignDirection(ahead: 1) ?? text(tokens[position + 1])
    let span = TextSpan(token.start, tokens[position + 1].end)
    report(
      .misplacedDirection(at: span, direction: direction, fix: Diagnostic.Fix(span: span, replacement: " " + direction))
    )
    reportedEnd = position + 2
    take()
    finishToken(.unreadable)
  }

  /// `sort desc lq`; the current token follows the verb.
  var isLeadingDirection: Bool {
    guard kind == .name, isWord("asc") || isWord("desc") || foreignDirection(ahead: 0) != nil else { return false }
    return kind(ahead: 1).isName && !tokens[position + 1].startsLine
  }

  mutating func takeLeadingDirection() {
    let direction = foreignDirection(ahead: 0) ?? text(token)
    let span = TextSpan(token.start, tokens[position + 1].end)
    report(
      .misplacedDirection(
        at: token.span, direction: direction,
        fix: endsArgument(2)
          ? Diagnostic.Fix(span: span, replacement: "\(text(tokens[position + 1])) \(direction)") : nil))
    finishToken(.unreadable)
  }

  // MARK: - Ranges

  /// `year:2019:2020`, `year:2019 to 2020`; the current token is the first number.
  var isForeignRange: Bool {
    guard kind == .number, kind(ahead: 2) == .number, position > 1, !tokens[position + 2].startsLine else {
      return false
    }
    let isYears = isWord("year", ahead: -2) || isWord("years", ahead: -2)
    let isBetween = isWord("to", ahead: 1) || isWord("through", ahead: 1) || isWord("until", ahead: 1)
    return isYears && (isBetween || kind(ahead: 1) == .colon)
  }

  mutating func takeForeignRange() {
    let mark = elements.count
    let span = TextSpan(token.start, tokens[position + 2].end)
    report(.foreignRange(at: span, range: "\(text(token))..\(text(tokens[position + 2]))"))
    take()
    take()
    take()
    finish(.unreadable, from: mark)
  }

  // MARK: - collapse

  /// `collapse (sum) employment, by(state)`, as in Stata; the current token is the verb.
  var isForeignCollapse: Bool {
    isWord("collapse") && kind(ahead: 1) == .leftParenthesis && kind(ahead: 2) == .name
      && kind(ahead: 3) == .rightParenthesis && !isAdjacent(ahead: 1)
  }

  mutating func parseForeignCollapse(from mark: Int) {
    let verb = token
    let function = text(tokens[position + 2])
    for _ in 0..<4 { take() }
    var columns: [String] = []
    while kind == .name, kind(ahead: 1) != .colon {
      columns.append(text(token))
      take()
    }
    var levels: [String] = []
    if kind == .comma, isWord("by", ahead: 1) {
      take()
      while !isStatementEnd, kind != .pipe, kind != .foreignPipe {
        if kind == .name, !isWord("by") { levels.append(text(token)) }
        take()
      }
    }
    let names = ["sd": "stdev", "p50": "median", "avg": "mean"]
    let aggregate = names[function] ?? function
    var rewrite = "summarize " + columns.map { "\($0) = \(aggregate)(\($0))" }.joined(separator: ", ")
    if !levels.isEmpty {
      rewrite += levels.count == 1 ? ", by:\(levels[0])" : ", by:[\(levels.joined(separator: ", "))]"
    }
    let isWhole = !columns.isEmpty && (isStageEnd || isStatementEnd)
    let span = TextSpan(verb.start, previousEnd)
    skip(toComma: false)
    finish(.unreadable, from: mark)
    guard !isAbandoned else { return }
    add(.foreignCollapse(at: verb.span, fix: isWhole ? Diagnostic.Fix(span: span, replacement: rewrite) : nil))
    reportedEnd = position
  }
}
