import CQSource
import Testing

@testable import CQSyntax
@testable import properties

@Suite struct LosslessTests {
  private func check(_ text: String) {
    #expect(Properties.faultOfReading(text) == nil, "\(text.debugDescription)")
  }

  @Test(arguments: Corpus.programs) func corpus(program: String) { check(program) }

  @Test func everyPrefixAndSuffix() {
    for program in Corpus.programs {
      let scalars = Array(program.unicodeScalars)
      for index in scalars.indices {
        var prefix = String.UnicodeScalarView()
        prefix.append(contentsOf: scalars[..<index])
        check(String(prefix))
        var suffix = String.UnicodeScalarView()
        suffix.append(contentsOf: scalars[index...])
        check(String(suffix))
      }
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func tokenSoup(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    for _ in 0..<500 { check(TextGenerator.soup(&random)) }
  }

  @Test(arguments: [11, 12, 13] as [UInt64]) func mutations(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    let generator = TextGenerator(corpus: Corpus.programs)
    for _ in 0..<500 { check(generator.mutation(&random)) }
  }

  /// The lexer takes any bytes, even those that no `String` can hold.
  @Test(arguments: [21, 22] as [UInt64]) func bytes(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    for _ in 0..<700 {
      let count = Int.random(in: 0...60, using: &generator)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
      var lexer = Lexer(bytes)
      lexer.run()
      var end = 0
      for token in lexer.tokens {
        #expect(token.leadingStart == end && token.start >= end && token.end >= token.start)
        end = token.trailingEnd
      }
      #expect(end == bytes.count)
      #expect(lexer.tokens.last?.kind == .end)
      check(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func triviaPieces() throws {
    let text = "a # one\r\n\r\n ## two\n\u{A0}b"
    let source = SourceText(name: "test", text: text)
    let tree = Parser.tree(of: source)
    var tokens: [Token] = []
    tree.root.appendTokens(to: &tokens)
    let trailing = Trivia.pieces(of: tokens[0].trailingTrivia, in: source)
    #expect(trailing.map(\.kind) == [.blank, .comment])
    let leading = Trivia.pieces(of: tokens[1].leadingTrivia, in: source)
    #expect(leading.map(\.kind) == [.newline, .newline, .blank, .documentation, .newline, .blank])
    #expect(leading.map { source.slice($0.span) } == ["\r\n", "\r\n", " ", "## two", "\n", "\u{A0}"])
  }
}
