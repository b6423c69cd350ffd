import CQSource
import Testing

@testable import CQSyntax
@testable import properties

@Suite struct LimitTests {
  @Test(arguments: [
    String(repeating: "(", count: 50_000),
    String(repeating: "[", count: 50_000),
    String(repeating: "f(", count: 50_000),
    String(repeating: "- ", count: 300) + "1",
    String(repeating: "not ", count: 50_000) + "a",
    String(repeating: "2^", count: 50_000) + "2",
    String(repeating: "if a then b else ", count: 50_000) + "c",
    "a" + String(repeating: " + a", count: 50_000),
    "a" + String(repeating: " or a", count: 50_000),
    "a" + String(repeating: ".a", count: 50_000),
    String(repeating: "\"{", count: 50_000),
    String(repeating: "(", count: 150) + "a" + String(repeating: " + a", count: 450)
      + String(repeating: ")", count: 150),
  ])
  func deepTextsGiveOneMessage(text: String) {
    let source = SourceText(name: "test", text: text)
    #expect(Parser.parse(source).diagnostics.filter { $0.code == "E0108" }.count == 1)
    let tree = Parser.tree(of: source)
    #expect(tree.root.height < 2 * Parser.heightLimit)
    #expect(reassembled(tree) == text)
    #expect(!tree.isIncomplete)
  }

  @Test func ordinaryDepthIsFine() {
    let brackets = String(repeating: "(", count: 60) + "1" + String(repeating: ")", count: 60)
    #expect(codes(brackets) == [])
    #expect(codes("a" + String(repeating: " or a", count: 300)) == [])
    #expect(codes("x | where " + (0..<300).map { "a == \($0)" }.joined(separator: " or ")) == [])
  }

  @Test func longLists() {
    let list = "[" + (0..<20_000).map { "\"place \($0)\"" }.joined(separator: ", ") + "]"
    #expect(codes(list) == [])
  }

  /// Texts that a parser with unbounded lookahead reads in quadratic time, or with a message for every token.
  @Test(arguments: ["[;", "a|b(;", "NA ", "a)", "// b\n", "select a;", "a == not ", "x | y(1;2 ", "\"{b c ;", "lq by "])
  func hostileTextsAreReadQuickly(piece: String) {
    let result = parse(String(repeating: piece, count: 10_000))
    #expect(!result.diagnostics.isEmpty)
    #expect(result.diagnostics.count <= 2 * Parser.diagnosticLimit)
  }

  @Test func tokenLimit() {
    var lexer = Lexer(Array("a b c d".utf8), tokenLimit: 2)
    lexer.run()
    #expect(lexer.isOverLimit)
    #expect(lexer.tokens.map(\.kind) == [.name, .name, .unknown, .end])
    #expect(lexer.tokens.last?.trailingEnd == 7)
  }

  @Test func tooLongTextGivesOneMessage() {
    let text = String(repeating: "a;", count: Lexer.tokenLimit / 2 + 10)
    let source = SourceText(name: "test", text: text)
    let tree = Parser.tree(of: source)
    #expect(tree.diagnostics.map(\.code) == ["E0108"])
    #expect(reassembled(tree) == text)
  }
}
