import CQSource
import CQSyntax

/// What must hold for texts; each check says what is wrong, nil if nothing is.
enum Properties {
  /// For any text: it is read, given back byte for byte, every place in a diagnostic exists, and what has no diagnostic
  /// has no hole.
  static func faultOfReading(_ text: String) -> String? {
    let source = SourceText(name: "test", text: text)
    let tree = Parser.tree(of: source)
    if !reassembled(tree).utf8.elementsEqual(text.utf8) { return "is not given back byte for byte" }
    let result = Parser.parse(source)
    for diagnostic in result.diagnostics {
      let spans = diagnostic.labels.map(\.span) + diagnostic.fixes.map(\.span)
      if !spans.allSatisfy({ $0.start >= 0 && $0.end <= source.utf8.count }) {
        return "\(diagnostic.code) is at a place that there is not"
      }
    }
    return result.diagnostics.isEmpty && hasHole(tree.root) ? "has a hole that no diagnostic explains" : nil
  }

  private static func hasHole(_ node: SyntaxNode) -> Bool {
    if node.kind == .unreadable || node.kind == .comparisonChain { return true }
    if node.kind == .query, node.firstNode?.kind == .missing { return node.firstToken?.kind != .pipe }
    return node.kind == .missing || node.nodes.contains { hasHole($0) }
  }

  /// For a text that parses: its canonical form parses, means the same, keeps every comment and is its own canonical
  /// form.
  static func faultOfFormatting(_ text: String) -> String? {
    let formatted = format(text)
    let diagnostics = parse(formatted).diagnostics
    if !diagnostics.isEmpty { return "formatted, does not parse: \(diagnostics.map(\.message))\n\(formatted)" }
    if Meaning.of(text) != Meaning.of(formatted) {
      return "formatted, means something else:\n\(Meaning.of(text))\n\(Meaning.of(formatted))\n\(formatted)"
    }
    if Meaning.comments(text) != Meaning.comments(formatted) { return "formatted, lost a comment:\n\(formatted)" }
    let again = format(formatted)
    if again != formatted { return "formatted, changes again:\n\(formatted)\n----\n\(again)" }
    if formatted.split(separator: "\n").contains(where: { $0.hasSuffix(" ") }) {
      return "formatted, has blanks at the end"
    }
    return nil
  }
}
