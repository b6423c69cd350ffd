import CQSource
import CQSyntax

func parse(_ text: String) -> ParseResult { Parser.parse(SourceText(name: "test", text: text)) }

func format(_ text: String) -> String { Formatter.format(SourceText(name: "test", text: text)).text }

/// The source as the tokens of its lossless tree give it back.
func reassembled(_ tree: SyntaxTree) -> String {
  var tokens: [Token] = []
  tree.root.appendTokens(to: &tokens)
  return tokens.map { token in
    tree.source.slice(token.leadingTrivia) + tree.source.slice(token.span) + tree.source.slice(token.trailingTrivia)
  }.joined()
}

/// SplitMix64, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
