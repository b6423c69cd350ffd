import CQSource
import CQSyntax
import Testing

@testable import properties

@Suite struct StatementTests {
  @Test(arguments: [
    ("use stdlib.growth", "use stdlib.growth"),
    ("use stdlib.growth as g (a, b,)", "use stdlib.growth as g (a, b)"),
    ("use \"lib/midwest.cq\" (peers)", "use \"lib/midwest.cq\" (peers)"),
    ("use \"lib/midwest.cq\" as west (peers)", "use \"lib/midwest.cq\" as west (peers)"),
    ("use as as as", "use as as as"),
    ("let x = lq(by:state) | top 5", "let x = lq(by:state) | top 5"),
    ("def f = a", "def f() = a"),
    ("def f(a, b = 1, c: level = state,): percent = a + b", "def f(a, b = 1, c: level = state): percent = (a + b)"),
    ("def f(n = 10) =\n  | where lq >= 1\n  | top n", "def f(n = 10) = | where (lq >= 1) | top n"),
    ("def f = a | top 1", "def f() = a | top 1"),
    ("edition 1\nlq", "lq"),
    ("| top 3", "_ | top 3"),
    ("a; b;; c", "a; b; c"),
    ("lq | my.verb 3", "lq | my.verb 3"),
    ("lq | sort -lq, state asc, year desc", "lq | sort (- lq), state asc, year desc"),
    ("lq | derive a = 1, b = a + 1", "lq | derive a = 1, b = (a + 1)"),
    ("lq | top 5, by:growth | describe", "lq | top 5, by:growth | describe"),
    ("lq(in:\"Ohio\", is:1, all:all)", "lq(in:\"Ohio\", is:1, all:all)"),
    ("table(employment, share = a / b, by:state)", "table(employment, share = (a / b), by:state)"),
    ("lq | map lq, title:\"a, b\"", "lq | map lq, title:\"a, b\""),
  ])
  func forms(source: String, expected: String) {
    #expect(Outline.of(source) == expected)
    #expect(codes(source) == [])
  }

  @Test(
    arguments: [
      ("a\nb", "a; b"),
      ("a\n| top 5", "a | top 5"),
      ("a\n\n  # comment\n  | top 5", "a | top 5"),
      ("a |\n top 5", "a | top 5"),
      ("a +\n b", "(a + b)"),
      ("a\n+ b", nil),
      ("let x =\n a", "let x = a"),
      ("x | where a\n  and b\n  or not\n c", "x | where ((a and b) or (not c))"),
      ("if a\nthen b\nelse c", "(if a then b else c)"),
      ("f(\n a,\n b\n)\nc", "f(a, b); c"),
      ("[\n1\n]", "[1]"),
      ("a | top 5,\n by:b\nc", "a | top 5, by:b; c"),
      ("a | where\nb", "a | where; b"),
      ("a\r\n| top 5\r\nb\r\n", "a | top 5; b"),
      ("(a\n + b)", "{(a + b)}"),
      ("a # x | y\nb", "a; b"),
    ] as [(String, String?)])
  func newlines(source: String, expected: String?) {
    if let expected {
      #expect(Outline.of(source) == expected)
      #expect(codes(source) == [])
    } else {
      #expect(codes(source) != [])
    }
  }

  @Test(arguments: [
    ("## one\n##two\ndef f = 1", ["one", "two"]),
    ("## one\n\ndef f = 1", []),
    ("## lost\n# plain\n## kept\nlet x = 1", ["kept"]),
    ("a ## not above\n## above\nlet x = 1", ["above"]),
    ("## a query has none\nlq", []),
    ("##\r\n## b\r\nlet x = 1\r\n", ["", "b"]),
  ])
  func documentation(source: String, expected: [String]) {
    #expect(parse(source).program.statements.last?.documentation == expected)
  }

  @Test(arguments: Corpus.programs)
  func corpusIsClean(source: String) {
    #expect(codes(source) == [])
    #expect(!parse(source).isIncomplete)
  }

  @Test(arguments: [
    "lq(", "lq(by:", "lq(by:state", "lq(by:state,", "lq(by:[a", "(a", "[1, 2", "a |", "a +", "a and", "not", "-",
    "a ??",
    "a ..  b ==", "let x =", "def f(", "def f =", "a | top 5,", "a | derive x =", "a in", "a is", "if", "if a",
    "if a then",
    "if a then b", "if a then b else", "a | where x >\n", "a.", "use a.", "a | where not  # c",
  ])
  func incomplete(source: String) {
    #expect(parse(source).isIncomplete)
    #expect(parse(source).diagnostics.count == 1)
  }

  @Test(arguments: [
    "", "a", "a | top 5", "let x", "def", "use", "a)", "\"abc", "lq(cluster:\"Aero", "lq by state", "f(y:2010..)",
    "a..",
    "lq(by:state\nlet x = 5", "5,", "lq @",
  ])
  func notIncomplete(source: String) {
    #expect(!parse(source).isIncomplete)
  }
}
