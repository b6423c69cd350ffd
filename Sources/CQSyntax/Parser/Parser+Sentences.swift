import CQSource

/// Texts that are no queries: names written in several words, and questions asked in English.
extension Parser {
  private static let questionWords: [StaticString] = [
    "which", "what", "who", "whose", "where", "when", "why", "how", "show", "give", "get", "list", "find", "tell",
    "print", "display", "calculate", "compute", "explain", "please", "cuál", "cuáles", "qué", "cómo", "dónde",
    "cuánto", "cuántos", "muestra", "quels", "quelle", "quelles", "combien", "comment",
  ]

  /// `:plan lq(…)`, `?lq`: what only a session understands.
  var isSessionCommand: Bool {
    kind == .colon && kind(ahead: 1).isName && isAdjacent(ahead: 1)
      || kind == .unknown && source.utf8[token.start] == UInt8(ascii: "?")
  }

  /// Takes the whole line, which has no other meaning, with one message.
  mutating func parseSessionCommand() {
    let mark = elements.count
    let isCommand = kind == .colon
    let span = isCommand ? TextSpan(token.start, tokens[position + 1].end) : token.span
    report(isCommand ? .sessionCommand(at: span, command: source.slice(span)) : .sessionHelp(at: span))
    while !isStatementEnd { take() }
    finish(.unreadable, from: mark)
  }

  /// How many names stand side by side from the current token on, at the start of a query; 0 where the second one may
  /// be read as something else.
  private var leadingNameCount: Int {
    guard openBrackets.isEmpty, kind == .name else { return 0 }
    var count = 1
    while kind(ahead: count) == .name, !tokens[position + count].startsLine, count < 8 {
      let word = source.utf8[tokens[position + count].start..<tokens[position + count].end]
      if KnownWords.contains(KnownWords.slots, word) || isUnpipedVerb(ahead: count) { return count == 1 ? 0 : count }
      if kind(ahead: count + 1) == .colon, KnownWords.contains(KnownWords.levels, word) { return 0 }
      if isWord("by", ahead: count + 1), isWord("group", ahead: count) || isWord("order", ahead: count) { return 0 }
      count += 1
    }
    return count > 1 ? count : 0
  }

  /// `gdp per capita(by:state)`, `which states compete with Michigan`: taken whole, with one message.
  mutating func parseSentence() -> Bool {
    let count = leadingNameCount
    let isQuestion =
      kind == .name && KnownWords.contains(Self.questionWords, source.utf8[token.start..<token.end])
      && (kind(ahead: 1).startsOperand || kind(ahead: 1) == .is) && kind(ahead: 1) != .leftParenthesis
      && !tokens[position + 1].startsLine
    let isReading = isWord("import") || isWord("load") || isWord("read") || isWord("open")
    if isReading, kind(ahead: 1) == .string, !tokens[position + 1].startsLine {
      let mark = elements.count
      let span = TextSpan(token.start, tokens[position + 1].end)
      report(.bareReading(at: span, file: text(tokens[position + 1])))
      take()
      take()
      finish(.unreadable, from: mark)
      return true
    }
    guard count > 1 || isQuestion else { return false }
    let isCall = count > 1 && kind(ahead: count) == .leftParenthesis && isAdjacent(ahead: count)
    guard isCall || isQuestion || count > 2 else { return false }
    if count < 3, kind(ahead: 1) == .name, kind(ahead: 2) == .leftParenthesis, takeVerbBeforeTable() {
      return false
    }
    let mark = elements.count
    let words = tokens[position..<position + max(count, 1)]
    let span = TextSpan(token.start, words[words.endIndex - 1].end)
    if isCall, !isQuestion {
      report(.spacedName(at: span, name: words.map { text($0) }.joined(separator: "_")))
      reportedEnd = position + count + 1
      for _ in 0..<count { take() }
      parseBracketed { $0.parseArgument(.call(namesColumns: false)) }
    } else {
      report(.sentence(at: span))
      while !isStatementEnd { take() }
      reportedEnd = position + 1
    }
    finish(.unreadable, from: mark)
    return true
  }

  /// `describe employment(by:state)`: takes the verb, so that the table is read as ever.
  private mutating func takeVerbBeforeTable() -> Bool {
    let word = text(token)
    let folded = word.lowercased()
    let isShowing = ["show", "print", "display", "get", "list", "give"].contains(folded)
    let isOwn = KnownWords.contains(KnownWords.verbs, source.utf8[token.start..<token.end]) || folded == "describe"
    let verb = isOwn ? folded : ForeignVerbs.verbs[folded]?.first
    guard isShowing || verb != nil else { return false }
    let gap = TextSpan(token.start, tokens[position + 1].start)
    var fix: Diagnostic.Fix? = isShowing ? Diagnostic.Fix(span: gap, replacement: "") : nil
    if let verb {
      var end = position + 2
      var depth = 0
      while end < tokens.count, tokens[end].kind != .end {
        if tokens[end].kind == .leftParenthesis { depth += 1 }
        if tokens[end].kind == .rightParenthesis { depth -= 1 }
        if depth == 0 { break }
        end += 1
      }
      if end + 1 < tokens.count, tokens[end + 1].kind == .end || tokens[end + 1].startsLine {
        let table = source.slice(TextSpan(tokens[position + 1].start, tokens[end].end))
        fix = Diagnostic.Fix(span: TextSpan(token.start, tokens[end].end), replacement: "\(table) | \(verb)")
      }
    }
    report(.verbBeforeTable(at: token.span, word: word, verb: isShowing ? nil : verb, fix: fix))
    take()
    return true
  }
}
