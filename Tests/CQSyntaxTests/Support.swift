import CQSource

@testable import CQSyntax

/// A source whose expected place of a diagnostic stands between `«` and `»`.
struct Marked {
  let text: String
  let span: TextSpan

  init(_ marked: String) {
    let bytes = Array(marked.utf8)
    let opening = Array("«".utf8)
    let closing = Array("»".utf8)
    var clean: [UInt8] = []
    var start = 0
    var end = 0
    var index = 0
    while index < bytes.count {
      if bytes[index...].starts(with: opening) {
        start = clean.count
        index += 2
      } else if bytes[index...].starts(with: closing) {
        end = clean.count
        index += 2
      } else {
        clean.append(bytes[index])
        index += 1
      }
    }
    text = String(decoding: clean, as: UTF8.self)
    span = TextSpan(start, end)
  }
}

func parse(_ text: String) -> ParseResult { Parser.parse(SourceText(name: "test", text: text)) }

func codes(_ text: String) -> [String] { parse(text).diagnostics.map(\.code) }

func applying(_ fix: Diagnostic.Fix, to text: String) -> String {
  var bytes = Array(text.utf8)
  bytes.replaceSubrange(fix.span.start..<fix.span.end, with: fix.replacement.utf8)
  return String(decoding: bytes, as: UTF8.self)
}

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
