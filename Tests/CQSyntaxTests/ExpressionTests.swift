import CQSource
import CQSyntax
import Testing

@testable import properties

@Suite struct ExpressionTests {
  /// Each line of the precedence table against its neighbours, and the associativity of each.
  @Test(arguments: [
    ("a.b(c).d", "a.b(c).d"),
    ("-2 ^ 2", "(- (2 ^ 2))"),
    ("2 ^ 3 ^ 4", "(2 ^ (3 ^ 4))"),
    ("2 ^ -3 ^ 4", "(2 ^ (- (3 ^ 4)))"),
    ("a(1) ^ 2", "(a(1) ^ 2)"),
    ("-a * b", "((- a) * b)"),
    ("- - a", "(- (- a))"),
    ("a / b * c", "((a / b) * c)"),
    ("a - b - c", "((a - b) - c)"),
    ("a + b * c - d / e", "((a + (b * c)) - (d / e))"),
    ("a + 1 .. b - 1", "((a + 1) .. (b - 1))"),
    ("..a + 1", "( .. (a + 1))"),
    ("f(y:a..)", "f(y:(a .. ))"),
    ("a .. b ?? c", "((a .. b) ?? c)"),
    ("a ?? b ?? c", "((a ?? b) ?? c)"),
    ("a ?? b == c", "((a ?? b) == c)"),
    ("a in b .. c", "(a in (b .. c))"),
    ("a not in b ?? c", "(a not in (b ?? c))"),
    ("a + b is not withheld", "((a + b) is not withheld)"),
    ("a is Estimated", "(a is estimated)"),
    ("not a == b", "(not (a == b))"),
    ("not not a and b", "((not (not a)) and b)"),
    ("a and not b or c", "((a and (not b)) or c)"),
    ("a or b and c or d", "((a or (b and c)) or d)"),
    ("if a or b then c else d or e", "(if (a or b) then c else (d or e))"),
    ("if a then b else if c then d else e", "(if a then b else (if c then d else e))"),
    ("(a | top 5) + 1", "({a | top 5} + 1)"),
    ("(a + b) * c", "({(a + b)} * c)"),
  ])
  func precedence(source: String, expected: String) {
    #expect(Outline.of(source) == expected)
    #expect(codes(source) == [])
  }

  @Test(arguments: [
    ("x | where a = 1 and (b = 2)", "x | where ((a == 1) and {(b == 2)})"),
    ("if a = 1 then b else c", "(if (a == 1) then b else c)"),
    ("x | where f(a = 1) = 2", "x | where (f(a = 1) == 2)"),
    ("a && b || !c", "((a and b) or (not c))"),
    ("a <> b", "(a != b)"),
    ("a ≤ b", "(a <= b)"), ("a ≥ b", "(a >= b)"), ("a ≠ b", "(a != b)"),
    ("a − b × c ÷ d", "(a - ((b * c) / d))"),
    ("f(y:2010–2020)", "f(y:(2010 .. 2020))"),
    ("f(y:2021Q1 – 2021Q3)", "f(y:(2021Q1 .. 2021Q3))"),
    ("a AND NOT b", "(a and (not b))"),
    ("“a” == ‘b’", "(\"a\" == \"b\")"),
    ("„a” == “b\"", "(\"a\" == \"b\")"),
    ("a\u{A0}+\u{202F}b", "(a + b)"),
  ])
  func toleratedSpellings(source: String, expected: String) {
    #expect(Outline.of(source) == expected)
    #expect(codes(source) == [])
  }

  @Test func operatorSpan() throws {
    let marked = Marked("a + b «/» c")
    let statement = try #require(parse(marked.text).program.statements.first)
    guard case .query(let query) = statement.kind,
      case .binary(_, _, let rhs, _) = query.source.kind, case .binary(_, _, _, let span) = rhs.kind
    else {
      Issue.record("not a sum with a quotient")
      return
    }
    #expect(span == marked.span)
  }

  @Test(arguments: ["«(a + b)»  # c", "  «lq( by:state )»\n", "«a\n  | top 5»\n\nb", "«f(x, )» ; g", "«-a»"])
  func spansCoverWhatWasWritten(source: String) {
    let marked = Marked(source)
    let statement = parse(marked.text).program.statements.first
    #expect(statement?.span == marked.span)
    if case .query(let query)? = statement?.kind { #expect(query.span == marked.span) }
  }
}
