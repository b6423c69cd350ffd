import CQSource

/// SQL habits: `select …` as a statement, `group by` as a stage.
extension Parser {
  /// `group by`, or nothing if `group` is a name like any other.
  var isForeignGroup: Bool { isWord("group") && isWord("by", ahead: 1) }

  /// `lq(…) group by state` or `… | group by state`.
  mutating func parseForeignGroup(after sourceNode: SyntaxNode?) {
    let mark = elements.count
    let isStage = position > 0 && tokens[position - 1].kind == .pipe
    let clauseStart = isStage && position > 1 ? tokens[position - 1].start : token.start
    let beforeClause = position > (isStage ? 1 : 0) ? tokens[position - (isStage ? 2 : 1)].end : clauseStart
    let place = token.span.union(tokens[position + 1].span)
    let canReport = position >= reportedEnd
    take()
    take()
    let levelsStart = position
    while kind.isName {
      take()
      guard kind == .comma, kind(ahead: 1) == .name || kind(ahead: 1) == .quotedName else { break }
      take()
    }
    let names = tokens[levelsStart..<position].filter { $0.kind.isName }.map { text($0) }
    finish(.unreadable, from: mark)
    guard canReport, !isAbandoned else { return }
    reportedEnd = position
    let slot = names.isEmpty ? nil : names.count == 1 ? "by:\(names[0])" : "by:[\(names.joined(separator: ", "))]"
    var fix: Diagnostic.Fix?
    if let slot, let sourceNode {
      let middle = source.slice(TextSpan(sourceNode.span.end, max(sourceNode.span.end, beforeClause)))
      fix = groupFix(slot: slot, source: sourceNode, middle: middle, clause: TextSpan(beforeClause, previousEnd))
    }
    add(.foreignGroup(at: place, slot: slot, fix: fix))
  }

  /// Moves the levels into the call that the query starts with.
  private func groupFix(slot: String, source node: SyntaxNode, middle: String, clause: TextSpan) -> Diagnostic.Fix? {
    switch node.kind {
    case .name:
      return Diagnostic.Fix(span: TextSpan(node.span.end, clause.end), replacement: "(\(slot))\(middle)")
    case .call:
      if node.nodes.contains(where: { $0.kind == .slotArgument && $0.firstToken.map { text($0) } == "by" }) {
        return Diagnostic.Fix(span: clause, replacement: "", applicability: .maybe)
      }
      guard source.utf8[node.span.end - 1] == UInt8(ascii: ")") else { return nil }
      let comma = node.nodes.dropFirst().contains(where: { _ in true }) ? ", " : ""
      return Diagnostic.Fix(
        span: TextSpan(node.span.end - 1, clause.end), replacement: "\(comma)\(slot))\(middle)")
    default: return nil
    }
  }

  // MARK: - select

  private static let clauses: [StaticString] = ["from", "where", "group", "order", "having", "limit", "join"]

  var isForeignSelect: Bool {
    guard isWord("select"), position + 1 < tokens.count, !tokens[position + 1].startsLine else { return false }
    switch kind(ahead: 1) {
    case .name, .quotedName, .times, .string: break
    default: return false
    }
    var index = position + 1
    while tokens[index].kind != .end, tokens[index].kind != .pipe, tokens[index].kind != .semicolon {
      if isClause(tokens[index], "from") { return true }
      if tokens[index].startsLine, !isClause(tokens[index]) { break }
      index += 1
    }
    return position == 0
  }

  private func isClause(_ token: Token, _ word: StaticString? = nil) -> Bool {
    guard token.kind == .name else { return false }
    let bytes = source.utf8[token.start..<token.end]
    return word.map { $0.equalsIgnoringCase(bytes) } ?? KnownWords.contains(Self.clauses, bytes)
  }

  /// Takes the whole of `select … from … where …`, over several lines if they start with a clause.
  mutating func parseForeignSelect() {
    let mark = elements.count
    let first = position
    repeat {
      take()
      if kind == .newline, isClause(token) { kind = .name }
    } while !isStatementEnd
    finish(.unreadable, from: mark)
    let clause = tokens[first..<position]
    guard let last = clause.last else { return }
    let span = TextSpan(tokens[first].start, last.end)
    report(.foreignSelect(at: tokens[first].span, whole: span, replacement: translation(of: clause)))
  }

  /// The query that a `select` means; nil if it is more than measures, levels and simple clauses.
  private func translation(of tokens: ArraySlice<Token>) -> String? {
    let clauseStarts = tokens.indices.filter { isClause(tokens[$0]) } + [tokens.endIndex]
    let list = tokens[tokens.startIndex + 1..<clauseStarts[0]]
    let names = list.filter { $0.kind.isName }
    guard names.count * 2 == list.count + 1, list.filter({ $0.kind == .comma }).count == names.count - 1 else {
      return nil
    }
    let levels = names.filter { isLevel($0) }.map { text($0) }
    let measures = names.filter { !isLevel($0) }.map { text($0) }
    guard !measures.isEmpty else { return nil }
    let by = levels.isEmpty ? nil : levels.count == 1 ? "by:\(levels[0])" : "by:[\(levels.joined(separator: ", "))]"
    let arguments = ((measures.count > 1 ? measures : []) + (by.map { [$0] } ?? [])).joined(separator: ", ")
    var query = measures.count > 1 ? "table" : measures[0]
    if !arguments.isEmpty { query += "(\(arguments))" }
    for (start, end) in zip(clauseStarts, clauseStarts.dropFirst()) {
      guard let stage = stage(for: tokens[start..<end]) else { return nil }
      query += stage
    }
    return query
  }

  /// A clause as a stage: nothing for `from` and `group by`, which the call covers.
  private func stage(for clause: ArraySlice<Token>) -> String? {
    guard let head = clause.first, let last = clause.last, clause.count > 1 else { return nil }
    let body = source.slice(TextSpan(clause[clause.startIndex + 1].start, last.end))
    if isClause(head, "from"), clause.count == 2 { return "" }
    if isClause(head, "group") { return "" }
    if isClause(head, "where") { return " | where \(body)" }
    if isClause(head, "limit") { return " | first \(body)" }
    guard isClause(head, "order"), clause.count > 2 else { return nil }
    return " | sort \(source.slice(TextSpan(clause[clause.startIndex + 2].start, last.end)))"
  }

  private func isLevel(_ token: Token) -> Bool {
    KnownWords.contains(KnownWords.levels, source.utf8[token.start..<token.end])
  }
}
