package import CQSource

/// Reads a text by recursive descent.
///
/// Taken tokens are pushed on `elements`; `finish` folds what was pushed since a mark into a node. So every token ends
/// up in the tree, whatever is wrong with the text.
package struct Parser {
  /// Brackets, `-`, `not`, `^` and `if` within each other.
  static let nestingLimit = 200
  /// Levels of the tree, which operators in a row (`a or b or …`) deepen as well.
  static let heightLimit = 500

  /// More diagnostics than this are not kept, so that a hostile text costs bounded memory.
  static let diagnosticLimit = 100
  /// Tokens that are looked at to tell one mistake from another, so that reading stays linear.
  static let lookaheadLimit = 200

  /// Where `5,000` is read as one number: nowhere in a list, only with a leading zero among the arguments of a call.
  enum Thousands { case anywhere, leadingZeroOnly, nowhere }

  let source: SourceText
  let tokens: [Token]
  var position = 0
  /// Kind of the current token, or `newline` if it starts a new statement.
  var kind: TokenKind
  /// The position and kind of every bracket that is open.
  var openBrackets: [(position: Int, kind: TokenKind)] = []
  var nesting = 0
  /// A lone `=` compares here.
  var isCondition = false
  /// A lone `=` after an operand is meant to compare, even where that is a mistake.
  var assignCompares = true
  var thousands = Thousands.anywhere
  var isIncomplete = false
  var elements: [SyntaxElement] = []
  var diagnostics: [Diagnostic]
  /// Tokens before this one have their diagnostic.
  var reportedEnd = 0
  /// Set after a mistake of form that makes more of them likely, up to the next stage or statement.
  var isConfused = false
  /// Set once the rest of the text is given up.
  var isAbandoned = false

  /// Reads `source` completely; never fails.
  package static func parse(_ source: SourceText) -> ParseResult {
    let tree = tree(of: source)
    var lowering = Lowering(source: source)
    let program = lowering.program(tree.root)
    return ParseResult(
      program: program, diagnostics: sorted(tree.diagnostics + lowering.diagnostics), isIncomplete: tree.isIncomplete)
  }

  /// The lossless tree of `source`, without the checks of number and text literals that ``parse(_:)`` adds.
  package static func tree(of source: SourceText) -> SyntaxTree {
    var lexer = Lexer(source.utf8)
    lexer.run()
    var parser = Parser(source, lexer)
    if lexer.isOverLimit, let last = lexer.tokens.dropLast().last {
      parser.report(.tooLong(at: TextSpan(last.start, last.start), limit: lexer.tokenLimit))
      parser.isAbandoned = true
    }
    parser.parseProgram()
    return SyntaxTree(
      source: source, root: parser.takeRoot(), diagnostics: sorted(parser.diagnostics),
      isIncomplete: parser.isIncomplete && !parser.isAbandoned && !lexer.hasUnterminated)
  }

  private init(_ source: SourceText, _ lexer: Lexer) {
    self.source = source
    self.tokens = lexer.tokens
    self.diagnostics = lexer.diagnostics
    self.kind = lexer.tokens[0].kind
    elements.reserveCapacity(32)
  }

  private static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
    guard diagnostics.count > 1 else { return diagnostics }
    return diagnostics.enumerated().sorted {
      ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
    }.map(\.element)
  }

  private mutating func takeRoot() -> SyntaxNode {
    SyntaxNode(kind: .program, children: elements, emptyAt: 0)
  }

  // MARK: - Tokens

  var token: Token { tokens[position] }

  var previousEnd: Int { position > 0 ? tokens[position - 1].end : 0 }

  func kind(ahead offset: Int) -> TokenKind {
    position + offset < tokens.count ? tokens[position + offset].kind : .end
  }

  func text(_ token: Token) -> String { source.slice(token.span) }

  /// Whether the token is the word `word`, in any case.
  func isWord(_ word: StaticString, ahead offset: Int = 0) -> Bool {
    guard kind(ahead: offset) == .name else { return false }
    let token = tokens[position + offset]
    return word.equalsIgnoringCase(source.utf8[token.start..<token.end])
  }

  /// Whether the token stands right behind the one before, without a blank.
  func isAdjacent(ahead offset: Int) -> Bool {
    position + offset > 0 && position + offset < tokens.count
      && tokens[position + offset - 1].end == tokens[position + offset].start
  }

  mutating func take() {
    guard token.kind != .end else { return }
    elements.append(.token(token))
    position += 1
    updateKind()
  }

  /// Decides whether a line end before the current token ends the statement.
  mutating func updateKind() {
    kind = isAbandoned ? .end : token.kind
    guard token.startsLine, position > 0, kind != .end else { return }
    if startsDefinition
      || openBrackets.isEmpty && !tokens[position - 1].kind.continuesLine && !kind.continuesPreviousLine
    {
      kind = .newline
    }
  }

  /// `let`, `def` and `use` at the start of a line begin a statement even if a bracket is open.
  private var startsDefinition: Bool {
    switch token.kind {
    case .let, .def, .use: token.startsLine && kind(ahead: 1) != .colon && kind(ahead: 1) != .assign
    default: false
    }
  }

  var isStatementEnd: Bool {
    kind == .newline || kind == .end || kind == .semicolon && openBrackets.isEmpty
  }

  // MARK: - Nodes

  mutating func finish(_ kind: SyntaxKind, from mark: Int) {
    let node = SyntaxNode(kind: kind, children: Array(elements[mark...]), emptyAt: previousEnd)
    elements.removeSubrange(mark...)
    elements.append(.node(node))
    if node.height > Self.heightLimit { abandon(at: tokens[max(0, position - 1)].span) }
  }

  mutating func finishToken(_ kind: SyntaxKind) {
    let mark = elements.count
    take()
    finish(kind, from: mark)
  }

  /// The node that was finished last.
  var lastNode: SyntaxNode? {
    if case .node(let node)? = elements.last { node } else { nil }
  }

  // MARK: - Reporting

  /// Adds a diagnostic about the current token, unless the token has one.
  mutating func report(_ diagnostic: Diagnostic) {
    guard !isAbandoned, position >= reportedEnd else { return }
    reportedEnd = position + 1
    add(diagnostic)
  }

  mutating func add(_ diagnostic: Diagnostic) {
    if diagnostics.count < Self.diagnosticLimit { diagnostics.append(diagnostic) }
  }

  /// Adds a diagnostic about the form, unless an earlier one explains it.
  mutating func reportBroken(_ diagnostic: Diagnostic) {
    if !isConfused { report(diagnostic) }
    isConfused = true
    reportedEnd = max(reportedEnd, position + 1)
  }

  /// Gives up the rest of the text, which is nested too deeply.
  mutating func abandon(at span: TextSpan) {
    guard !isAbandoned else { return }
    add(.tooDeep(at: span, limit: Self.nestingLimit))
    isAbandoned = true
    kind = .end
  }

  /// Runs `body` one level deeper, or gives up.
  mutating func nested(_ body: (inout Parser) -> Void) {
    guard nesting < Self.nestingLimit else {
      abandon(at: token.span)
      let mark = elements.count
      return finish(.missing, from: mark)
    }
    nesting += 1
    body(&self)
    nesting -= 1
  }

  /// Takes tokens, whole brackets at a time, up to a place where reading can go on.
  mutating func skip(toComma: Bool) {
    let mark = elements.count
    let outer = openBrackets.count
    var openTexts = 0
    while kind != .end, kind != .newline {
      if openBrackets.count == outer, openTexts == 0 {
        if kind.isCloser || kind == .pipe || kind == .foreignPipe || toComma && kind == .comma || isStatementEnd {
          break
        }
        if kind == .stringMiddle || kind == .stringTail { break }
      }
      switch kind {
      case .leftParenthesis, .leftBracket: openBrackets.append((position, kind))
      case .rightParenthesis, .rightBracket: if openBrackets.count > outer { openBrackets.removeLast() }
      case .stringHead: openTexts += 1
      case .stringTail: openTexts = max(0, openTexts - 1)
      default: break
      }
      take()
    }
    openBrackets.removeSubrange(outer...)
    updateKind()
    if elements.count > mark { finish(.unreadable, from: mark) }
  }
}
