import CQSource

extension Parser {
  /// `expr { "|" stage }`
  mutating func parseQuery() {
    let mark = elements.count
    if kind == .assign { takeLeadingAssign() }
    let source = elements.count
    if openBrackets.isEmpty, kind == .name, isForeignSelect {
      parseForeignSelect()
    } else if openBrackets.isEmpty, kind == .pipe || isUnpipedVerb {
      finish(.missing, from: source)
    } else if !parseSentence() {
      parseExpression()
      parseBareSlots(from: source)
    }
    let sourceNode = lastNode
    if isForeignGroup { parseForeignGroup(after: sourceNode) }
    parseStages(of: sourceNode)
    finish(.query, from: mark)
  }

  mutating func parseStages(of sourceNode: SyntaxNode?) {
    while true {
      if kind == .pipe || kind == .foreignPipe || isUnpipedVerb {
        parseStage(of: sourceNode)
      } else if kind == .comma, openBrackets.isEmpty, isUnpipedVerb(ahead: 1) {
        takeCommaForPipe()
      } else if kind.isCloser, openBrackets.isEmpty {
        takeStrayClosers()
      } else {
        return
      }
    }
  }

  private mutating func parseStage(of sourceNode: SyntaxNode?) {
    if kind == .foreignPipe { report(.foreignPipe(at: token.span, spelling: text(token))) }
    if kind == .pipe || kind == .foreignPipe {
      take()
    } else {
      report(.missingPipe(at: token.span, verb: text(token), comma: nil))
    }
    if openBrackets.isEmpty { isConfused = false }
    if isForeignGroup { return parseForeignGroup(after: sourceNode) }
    let mark = elements.count
    guard kind.isName else {
      reportMissingVerb()
      skip(toComma: false)
      return finish(.stage, from: mark)
    }
    if isForeignJoin {
      let both = TextSpan(token.start, tokens[position + 1].end)
      report(.foreignVerb(at: both, spelling: "\(text(token)) join", verb: "join"))
      finishToken(.unreadable)
    }
    if let verb = foreignOrdering {
      let both = TextSpan(token.start, tokens[position + 1].end)
      if isWord(verb == "sort" ? "sort" : "rank") {
        report(
          .verbWithBy(at: tokens[position + 1].span, verb: verb, gap: TextSpan(token.end, tokens[position + 1].end)))
      } else {
        report(.foreignVerb(at: both, spelling: "\(text(token)) by", verb: verb))
      }
      take()
      take()
      if !isStageEnd { parseStageArguments() }
      return finish(.unreadable, from: mark)
    }
    if isForeignCollapse { return parseForeignCollapse(from: mark) }
    let isFilter = isWord("where")
    let isSort = isWord("sort")
    let verb = token
    if isBareCondition {
      report(.missingWhere(at: token.span))
      return parseBareCondition(from: mark)
    }
    if isWord("keep"), kind(ahead: 1) == .if {
      report(.keepIf(at: TextSpan(token.start, tokens[position + 1].end)))
      take()
      take()
      return parseBareCondition(from: mark)
    }
    take()
    while kind == .dot {
      take()
      takeName(after: ".")
    }
    let outerCondition = isCondition
    isCondition = isFilter
    if isSort, isLeadingDirection { takeLeadingDirection() }
    if !isStageEnd {
      if isBracketedArguments { parseBracketedStageArguments(verb) } else { parseStageArguments() }
    }
    isCondition = outerCondition
    finish(.stage, from: mark)
  }

  var isStageEnd: Bool { kind == .pipe || kind == .foreignPipe || kind.isCloser || isStatementEnd }

  mutating func parseStageArguments() {
    while true {
      let start = position
      parseArgument(.stage)
      if isForeignGroup || isUnpipedVerb { return }
      if kind.startsOperand {
        reportMissingComma()
      } else if kind == .comma {
        if isDirection(ahead: 1) { takeCommaBeforeDirection() }
        if kind == .comma { take() } else { return }
      } else if !isStageEnd {
        reportUnexpected()
        skip(toComma: true)
        if kind == .comma { take() } else { return }
      } else {
        return
      }
      continueOrSkip(from: start)
    }
  }

  // MARK: - Arguments

  /// Where an argument stands, which decides how `by = state` is read.
  enum ArgumentPlace {
    /// `namesColumns`: in `table(…)` and `columns(…)`, whose arguments may name columns.
    case call(namesColumns: Bool)
    case stage
  }

  mutating func parseArgument(_ place: ArgumentPlace) {
    if isDoubledSlot { takeDoubledSlot() }
    let mark = elements.count
    let label: SyntaxKind
    if isLabel, kind(ahead: 1) == .colon {
      label = .slotArgument
      take()
      take()
    } else if isLabel, kind(ahead: 1) == .assign, !isCondition {
      label = isSlotAssignment(place) ? .slotArgument : .nameArgument
      if label == .slotArgument {
        report(.assignedSlot(at: tokens[position + 1].span, slot: text(token), gap: gapAfterLabel))
      } else if !kind.isName {
        report(.reservedName(at: token.span, word: text(token)))
      }
      take()
      take()
    } else if isSlotWithoutColon {
      label = .slotArgument
      report(.missingColon(at: token.span, slot: text(token), gap: TextSpan(token.end, tokens[position + 1].start)))
      take()
    } else {
      label = .argument
    }
    let outer = thousands
    if label == .slotArgument, thousands == .leadingZeroOnly { thousands = .anywhere }
    if label == .slotArgument, isForeignRange { takeForeignRange() } else { parseExpression() }
    thousands = outer
    if isDirection(ahead: 0) { takeDirection() }
    finish(label, from: mark)
  }

  /// A name or reserved word, not a sign such as `!` that stands for one.
  var isLabel: Bool {
    kind.isName || kind.isReservedWord && source.utf8[token.start].isASCIILetter
  }

  /// From the end of the label to the start of the value.
  private var gapAfterLabel: TextSpan {
    TextSpan(token.end, max(tokens[position + 1].end, tokens[min(position + 2, tokens.count - 1)].start))
  }
}
