package import CQSource

/// What a node of the lossless tree stands for.
package enum SyntaxKind: UInt8, Sendable {
  case program, edition, use, `let`, definition, parameter, fragment, query, stage
  /// `expr`, `slot:expr`, `name = expr`; the value is the only node among the children.
  case argument, slotArgument, nameArgument
  case literal, number, name, text, list, group, call, access
  case negation, logicalNot, binary, range, coalesce, membership, stateTest, conditional
  /// A chain of comparisons, which has no meaning.
  case comparisonChain
  /// A place where something is missing; it has no children.
  case missing
  /// Tokens that could not be read; a diagnostic says why.
  case unreadable
}

package enum SyntaxElement: Sendable {
  case node(SyntaxNode)
  case token(Token)
}

/// A node of the lossless tree: its tokens, in order, are the whole text with its blanks and comments.
package struct SyntaxNode: Sendable {
  package let kind: SyntaxKind
  package let children: [SyntaxElement]
  /// What the user wrote for it, without the blanks and comments around it.
  package let span: TextSpan
  /// Levels of nodes below and including this one.
  package let height: Int

  init(kind: SyntaxKind, children: [SyntaxElement], emptyAt offset: Int) {
    self.kind = kind
    self.children = children
    var span: TextSpan?
    var height = 0
    for child in children {
      let childSpan: TextSpan
      switch child {
      case .node(let node):
        childSpan = node.span
        height = max(height, node.height)
      case .token(let token): childSpan = token.span
      }
      span = span.map { TextSpan($0.start, childSpan.end) } ?? childSpan
    }
    self.span = span ?? TextSpan(offset, offset)
    self.height = height + 1
  }

  package var nodes: some Sequence<SyntaxNode> {
    children.lazy.compactMap { if case .node(let node) = $0 { node } else { nil } }
  }

  package var firstNode: SyntaxNode? {
    for case .node(let node) in children { return node }
    return nil
  }

  package var tokens: some Sequence<Token> {
    children.lazy.compactMap { if case .token(let token) = $0 { token } else { nil } }
  }

  package var firstToken: Token? {
    for child in children {
      switch child {
      case .token(let token): return token
      case .node(let node): if let token = node.firstToken { return token }
      }
    }
    return nil
  }

  /// Appends all tokens below this node, in the order of the text.
  package func appendTokens(to tokens: inout [Token]) {
    for child in children {
      switch child {
      case .node(let node): node.appendTokens(to: &tokens)
      case .token(let token): tokens.append(token)
      }
    }
  }
}

/// A text as a lossless tree, with all that is wrong with its form.
package struct SyntaxTree: Sendable {
  package let source: SourceText
  /// Of kind ``SyntaxKind/program``.
  package let root: SyntaxNode
  package let diagnostics: [Diagnostic]
  /// See ``ParseResult/isIncomplete``.
  package let isIncomplete: Bool
}
