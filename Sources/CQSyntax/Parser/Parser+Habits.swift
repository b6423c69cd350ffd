import CQSource

/// Habits from other languages, read as what they mean so that one mistake gives one message.
extension Parser {
  /// `=lq(…)`, as in a spreadsheet.
  mutating func takeLeadingAssign() {
    report(.leadingAssign(at: token.span))
    take()
  }

  /// `lq by state`: blanks without the brackets of a call.
  mutating func parseBareSlots(from mark: Int) {
    guard let callee = lastNode, callee.kind == .name || callee.kind == .call else { return }
    guard isSlotWithoutColon || kind == .name && kind(ahead: 1) == .colon && isKnownSlot else { return }
    let first = token
    let canReport = position >= reportedEnd
    var slots: [String] = []
    while isSlotWithoutColon || kind == .in || kind == .name && kind(ahead: 1) == .colon && isKnownSlot {
      let slot = elements.count
      let name = text(token)
      take()
      if kind == .colon { take() }
      if let member = takeBareMember(of: name) {
        slots.append("\(name):\"\(member)\"")
      } else {
        parseOperators(.range)
        slots.append("\(name):\(source.slice(lastNode?.span ?? TextSpan(previousEnd, previousEnd)))")
      }
      finish(.slotArgument, from: slot)
      if kind == .comma, isKnownSlot(ahead: 1) { take() }
    }
    finish(.call, from: mark)
    guard canReport, reportedEnd <= position, !isAbandoned else { return }
    let call = source.slice(callee.span)
    let isCall = callee.kind == .call && call.hasSuffix(")")
    let opening = isCall ? String(call.dropLast()) + (call.hasSuffix("()") ? "" : ", ") : call + "("
    let span = TextSpan(callee.span.start, previousEnd)
    add(
      .bareSlots(at: first.span, whole: span, replacement: opening + slots.joined(separator: ", ") + ")"))
  }

  /// `in New York`: the words of a name without quotes, which the message about the brackets writes with them.
  private mutating func takeBareMember(of slot: String) -> String? {
    let word = Array(slot.lowercased().utf8)[...]
    let isPeriod = KnownWords.contains(["year", "quarter", "month", "region", "activity"], word)
    guard KnownWords.contains(["in", "vs"], word) || KnownWords.contains(KnownWords.levels, word) && !isPeriod,
      kind == .name, !isWord("base"), !isWord("traded"), !isWord("local")
    else { return nil }
    let mark = elements.count
    let start = token.start
    repeat { take() } while kind == .name && !isKnownSlot && !isUnpipedVerb && !isSlotWithoutColon
    finish(.unreadable, from: mark)
    return source.slice(TextSpan(start, previousEnd))
  }

  // MARK: - Slots

  private func isKnownSlot(ahead offset: Int) -> Bool {
    guard position + offset < tokens.count else { return false }
    let word = source.utf8[tokens[position + offset].start..<tokens[position + offset].end]
    return KnownWords.contains(KnownWords.slots, word) || KnownWords.contains(KnownWords.levels, word)
  }

  var isKnownSlot: Bool { isKnownSlot(ahead: 0) }

  /// `by state`, `in "Ohio"` at a place where a value or a slot is expected.
  var isSlotWithoutColon: Bool {
    guard kind == .name || kind == .in, position + 1 < tokens.count, !tokens[position + 1].startsLine else {
      return false
    }
    let value = kind(ahead: 1)
    let word = source.utf8[token.start..<token.end]
    switch value {
    case .string, .stringHead, .number, .period, .host, .leftBracket: return isKnownSlot
    case .name, .quotedName, .all:
      return KnownWords.contains(KnownWords.slots, word) && !isWord("asc", ahead: 1) && !isWord("desc", ahead: 1)
    default: return false
    }
  }

  /// `cluster = "Aerospace"` in a call. In `table(…)` a level may as well name a column, unless its value is a text.
  func isSlotAssignment(_ place: ArgumentPlace) -> Bool {
    let word = source.utf8[token.start..<token.end]
    switch place {
    case .stage: return KnownWords.contains(["by"], word)
    case .call(let namesColumns):
      if KnownWords.contains(KnownWords.slots, word) { return true }
      let value = kind(ahead: 2)
      return KnownWords.contains(KnownWords.levels, word)
        && (!namesColumns || value == .string || value == .stringHead || value == .leftBracket)
    }
  }

  /// `in:metro:"Detroit"`: the level says enough.
  var isDoubledSlot: Bool {
    guard kind(ahead: 1) == .colon, kind(ahead: 2) == .name, kind(ahead: 3) == .colon, kind(ahead: 4).startsOperand,
      kind == .in || isWord("vs") || isWord("region") || isWord("activity")
    else { return false }
    return isKnownSlot(ahead: 2)
  }

  /// Takes `in:` of `in:metro:"Detroit"`. A base area has no level of its own, so `vs:` keeps the name alone.
  mutating func takeDoubledSlot() {
    let value = tokens[position + 4]
    let isBase = isWord("vs")
    let kept = isBase ? text(token) : text(tokens[position + 2])
    let whole = TextSpan(token.start, value.start)
    report(.doubledSlot(at: TextSpan(token.start, tokens[position + 3].end), whole: whole, replacement: "\(kept):"))
    let mark = elements.count
    take()
    take()
    finish(.unreadable, from: mark)
  }

  // MARK: - Verbs

  /// `lq(by:state) top 5`
  var isUnpipedVerb: Bool { kind == .name && isUnpipedVerb(ahead: 0) }

  func isUnpipedVerb(ahead offset: Int) -> Bool {
    guard kind(ahead: offset) == .name, position + offset + 1 < tokens.count else { return false }
    guard !tokens[position + offset + 1].startsLine else { return false }
    switch kind(ahead: offset + 1) {
    case .quotedName, .number, .string, .stringHead, .percent: break
    case .name: if isWord("asc", ahead: offset + 1) || isWord("desc", ahead: offset + 1) { return false }
    default: return false
    }
    let verb = tokens[position + offset]
    return KnownWords.contains(KnownWords.verbs, source.utf8[verb.start..<verb.end])
  }

  /// `lq(by:state), top 5`
  mutating func takeCommaForPipe() {
    let verb = tokens[position + 1]
    report(.missingPipe(at: verb.span, verb: text(verb), comma: token.span))
    reportedEnd = position + 2
    finishToken(.unreadable)
  }

  /// `| lq > 1`: a condition without its verb.
  var isBareCondition: Bool {
    guard kind.isName else { return false }
    switch kind(ahead: 1) {
    case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in, .is:
      return kind(ahead: 2).startsOperand
    case .not: return kind(ahead: 2) == .in
    default: return false
    }
  }

  mutating func parseBareCondition(from mark: Int) {
    let outer = isCondition
    isCondition = true
    parseStageArguments()
    isCondition = outer
    finish(.unreadable, from: mark)
  }

  // MARK: - Assignments

  /// The number of signs in `x = …` or `x <- …` at the start of a statement, nil if there are none.
  var assignmentLength: Int? {
    switch kind(ahead: 1) {
    case .assign: 1
    case .less: kind(ahead: 2) == .minus && isAdjacent(ahead: 2) && !isAdjacent(ahead: 1) ? 2 : nil
    default: nil
    }
  }

  /// `x = …` without `let`.
  mutating func parseAssignment() {
    guard let length = assignmentLength else { return }
    let mark = elements.count
    let gap = TextSpan(token.start, tokens[position + length].end)
    report(.missingLet(at: token.span, name: text(token), whole: gap))
    for _ in 0...length { take() }
    parseQuery()
    finish(.let, from: mark)
  }

  /// `top(5, by:lq)`: brackets around the arguments of a verb, which are not one expression in brackets.
  var isBracketedArguments: Bool {
    guard kind == .leftParenthesis, isAdjacent(ahead: 0), let end = matchingBracket else { return false }
    let next = tokens[min(end + 1, tokens.count - 1)]
    guard next.kind == .end || next.kind == .pipe || next.kind.isCloser || next.kind == .semicolon || next.startsLine
    else { return false }
    if end == position + 1 { return true }
    var depth = 0
    for index in position..<end {
      let kind = tokens[index].kind
      if kind == .leftParenthesis || kind == .leftBracket { depth += 1 }
      if kind.isCloser { depth -= 1 }
      if depth == 1, kind == .comma || kind == .colon || kind == .assign && !isCondition { return true }
    }
    return false
  }

  /// Where the bracket at the current token is closed.
  var matchingBracket: Int? {
    var depth = 0
    for index in position..<min(tokens.count, position + Self.lookaheadLimit) {
      let kind = tokens[index].kind
      if kind == .leftParenthesis || kind == .leftBracket { depth += 1 }
      if kind.isCloser { depth -= 1 }
      if depth == 0 { return index }
    }
    return nil
  }

  mutating func parseBracketedStageArguments(_ verb: Token) {
    if let end = matchingBracket {
      let inner = source.slice(TextSpan(token.end, tokens[end].start))
      let span = TextSpan(token.start, tokens[end].end)
      // The message about a verb of another language says both.
      if !isForeignVerb(verb) || tokens[end - 1].kind == .comma {
        report(.bracketedArguments(at: span, verb: text(verb), arguments: inner))
      }
    }
    parseBracketed { $0.parseArgument(.stage) }
  }

  private func isForeignVerb(_ verb: Token) -> Bool {
    let word = String(text(verb).lowercased().map { $0 == "_" ? " " : $0 })
    return ForeignVerbs.verbs[word] != nil || ForeignVerbs.advice[word] != nil || word == "group by"
  }

  // MARK: - Numbers

  /// `5,000` for `5_000`; the current token is the comma.
  mutating func takeThousands(from start: Int) {
    guard thousands != .nowhere, isThousandsHead(tokens[start]) else { return }
    guard isThousandsGroup else { return }
    if thousands == .leadingZeroOnly, source.utf8[tokens[position + 1].start] != UInt8(ascii: "0") { return }
    while isThousandsGroup {
      elements.append(.token(token))
      position += 1
      take()
    }
    guard !isAbandoned else { return }
    let span = TextSpan(tokens[start].start, previousEnd)
    add(.thousandsComma(at: span, text: source.slice(span)))
  }

  /// `,000` without blanks.
  private var isThousandsGroup: Bool {
    guard kind == .comma, kind(ahead: 1) == .number, isAdjacent(ahead: 0), isAdjacent(ahead: 1) else { return false }
    let number = tokens[position + 1]
    guard number.end - number.start >= 3 else { return false }
    let digits = source.utf8[number.start..<number.start + 3]
    guard digits.allSatisfy(\.isASCIIDigit) else { return false }
    guard number.end - number.start > 3 else { return true }
    let next = source.utf8[number.start + 3]
    return !next.isASCIIDigit && next != UInt8(ascii: "_")
  }

  /// One to three digits that are not a code such as `01`.
  private func isThousandsHead(_ token: Token) -> Bool {
    let text = source.utf8[token.start..<token.end]
    return text.count <= 3 && text.allSatisfy(\.isASCIIDigit) && text.first != UInt8(ascii: "0")
  }

  /// `NA`, `null`, `None`, `NaN`
  var isMissingSpelling: Bool {
    guard kind == .name, kind(ahead: 1) != .leftParenthesis, kind(ahead: 1) != .dot else { return false }
    let word = source.utf8[token.start..<token.end]
    guard KnownWords.contains(KnownWords.missing, word) else { return false }
    let text = text(token)
    return KnownWords.missing.contains { $0.description == text }
  }
}
