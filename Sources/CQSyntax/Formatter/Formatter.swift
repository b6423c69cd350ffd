package import CQSource

/// What the formatter makes of a text.
package struct FormatResult: Sendable {
  /// The text in its canonical form; as it was if it has errors.
  package let text: String
  package let diagnostics: [Diagnostic]
}

/// The canonical form of a program: one way to break lines, to space and to spell, without options.
///
/// It changes neither the meaning nor the order of anything, keeps every comment, and formatting twice is formatting
/// once.
package enum Formatter {
  /// Formats `source`, or gives it back untouched with its diagnostics when it does not parse.
  ///
  /// - Parameter spelling: The defined spelling of a name that the text itself does not define; nil leaves it as it is
  ///   written. Names differ in case and accents only, so this can't change what they mean.
  package static func format(_ source: SourceText, spelling: (String) -> String? = { _ in nil }) -> FormatResult {
    let diagnostics = Parser.parse(source).diagnostics
    guard diagnostics.isEmpty else { return FormatResult(text: source.text, diagnostics: diagnostics) }
    return withoutActuallyEscaping(spelling) { spelling in
      var program = ProgramFormatter(source: source, root: Parser.tree(of: source).root, spelling: spelling)
      return FormatResult(text: program.format(), diagnostics: [])
    }
  }
}

/// The statements of a program with the comments and blank lines between them.
private struct ProgramFormatter {
  private let source: SourceText
  private let root: SyntaxNode
  private var builder: LayoutBuilder
  private var printer = LayoutPrinter()
  /// Line ends since the last word or comment.
  private var newlines = 0
  /// The line that is being written is a statement without a comment behind it.
  private var canTakeComment = false
  /// What follows must not take the comment above for its documentation.
  private var needsBlankLine = false

  init(source: SourceText, root: SyntaxNode, spelling: @escaping (String) -> String?) {
    self.source = source
    self.root = root
    builder = LayoutBuilder(source: source, root: root, spelling: spelling)
  }

  mutating func format() -> String {
    var remaining = root.nodes.reduce(0) { count, _ in count + 1 }
    for child in root.children {
      switch child {
      case .node(let node):
        remaining -= 1
        addStatement(node, isLast: remaining == 0)
      case .token(let token): addSeparator(token)
      }
    }
    printer.finish()
    return printer.output
  }

  private mutating func addStatement(_ node: SyntaxNode, isLast: Bool) {
    guard let first = node.firstToken, let last = node.lastToken else { return }
    addComments(in: first.leadingTrivia)
    startLine()
    printer.print(builder.statement(node))
    // Behind an open range the next line would be read as its end.
    if !isLast, printer.output.utf8.suffix(2).elementsEqual("..".utf8) { printer.print(.text(";")) }
    canTakeComment = true
    addTrailingComment(in: last.trailingTrivia)
  }

  /// A `;` or the end of the text: only the comments around it stay.
  private mutating func addSeparator(_ token: Token) {
    let isBeforeStatement = token.kind == .semicolon
    let hasDocumentation = addComments(in: token.leadingTrivia)
    if addTrailingComment(in: token.trailingTrivia) || hasDocumentation, isBeforeStatement { needsBlankLine = true }
  }

  /// - Returns: Whether one of the comments looks like documentation.
  @discardableResult private mutating func addComments(in span: TextSpan) -> Bool {
    var hasDocumentation = false
    for piece in Trivia.pieces(of: span, in: source) {
      switch piece.kind {
      case .blank: continue
      case .newline: newlines += 1
      case .comment, .documentation:
        startLine()
        printer.print(.comments([builder.comment(piece)]))
        canTakeComment = false
        hasDocumentation = hasDocumentation || piece.kind == .documentation
      }
    }
    return hasDocumentation
  }

  /// - Returns: Whether the comment stands on a line of its own and looks like documentation.
  @discardableResult private mutating func addTrailingComment(in span: TextSpan) -> Bool {
    for piece in Trivia.pieces(of: span, in: source) where piece.kind != .blank {
      if canTakeComment {
        printer.print(.endComment(builder.comment(piece)))
        canTakeComment = false
        newlines = 0
        continue
      }
      startLine()
      printer.print(.comments([builder.comment(piece)]))
      return piece.kind == .documentation
    }
    return false
  }

  private mutating func startLine() {
    printer.endLine(blankLine: newlines > 1 || needsBlankLine)
    newlines = 0
    needsBlankLine = false
  }
}
