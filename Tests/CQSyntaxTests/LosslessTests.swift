import CQSource
import Testing

@testable import CQSyntax

@Suite struct LosslessTests {
  /// What holds for any text: it is read, given back byte for byte, and every place in a diagnostic exists.
  private func check(_ text: String, _ comment: @autoclosure () -> String = "") {
    let source = SourceText(name: "test", text: text)
    let tree = Parser.tree(of: source)
    #expect(reassembled(tree).utf8.elementsEqual(text.utf8), "\(text.debugDescription)")
    let result = Parser.parse(source)
    for diagnostic in result.diagnostics {
      let spans = diagnostic.labels.map(\.span) + diagnostic.fixes.map(\.span)
      #expect(spans.allSatisfy { $0.start >= 0 && $0.end <= source.utf8.count }, "\(text.debugDescription)")
    }
    if result.diagnostics.isEmpty { #expect(!hasHole(tree.root), "\(text.debugDescription)") }
  }

  private func hasHole(_ node: SyntaxNode) -> Bool {
    if node.kind == .unreadable || node.kind == .comparisonChain { return true }
    if node.kind == .query, node.firstNode?.kind == .missing { return node.firstToken?.kind != .pipe }
    return node.kind == .missing || node.nodes.contains { hasHole($0) }
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
    let words = [
      "lq", "by", "in", "state", ":", "=", "==", "(", ")", "[", "]", ",", ";", "|", "|>", "%>%", "..", "??", "+", "-",
      "*",
      "/", "^", "<", ">=", "not", "and", "or", "is", "if", "then", "else", "let", "def", "use", "all", "missing", "NA",
      "select", "from", "group", "where", "top", "5", "5,000", "10k", "5%", "2021Q3", "2021Q9", "'a'", "\"a {", "} b\"",
      "\"x",
      "}", "{", "`q`", "`", "$h", "$", "_", "_x", ".", "\n", "\n  ", " ", " ", "#c\n", "## d\n", "//", "--", "–", "“a”",
      "é",
      "@", "\r\n", "\u{A0}", "desc", "edition", "1",
    ]
    var generator = SeededGenerator(state: seed)
    for _ in 0..<1500 {
      let count = Int.random(in: 1...40, using: &generator)
      let spaced = Bool.random(using: &generator)
      let soup = (0..<count).map { _ in words.randomElement(using: &generator) ?? "" }
      check(soup.joined(separator: spaced ? " " : ""))
    }
  }

  @Test(arguments: [11, 12, 13] as [UInt64]) func mutations(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let signs = Array("()[]{}|,:=\"'`.;#+-$%_ \n\\0aZ".utf8)
    for _ in 0..<1500 {
      var bytes = Array((Corpus.programs.randomElement(using: &generator) ?? "").utf8)
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes.insert(signs.randomElement(using: &generator) ?? 0, at: place)
        case 1: if place < bytes.count { bytes.remove(at: place) }
        default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &generator)))
        }
      }
      check(String(decoding: bytes, as: UTF8.self))
    }
  }

  /// The lexer takes any bytes, even those that no `String` can hold.
  @Test(arguments: [21, 22] as [UInt64]) func bytes(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    for _ in 0..<2000 {
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
