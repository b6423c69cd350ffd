import CQSyntax
import Testing

@testable import properties

@Suite struct LiteralTests {
  private func literal(_ text: String) -> Expression.Kind? {
    guard case .query(let query)? = parse(text).program.statements.first?.kind else { return nil }
    return query.source.kind
  }

  @Test(
    arguments: [
      ("0", 0, nil), ("12_500", 12_500, nil), ("10k", 10_000, nil), ("2.5M", 2_500_000, nil), ("0.1k", 100, nil),
      ("3B", 3e9, nil), ("1e-3", 0.001, nil), ("1E+3k", 1e6, nil), ("06037", 6037, nil), ("45k USD", 45_000, "USD"),
      ("2021", 2021, nil), ("1e-3k", 1, nil), ("7 EUR", 7, "EUR"),
    ] as [(String, Double, String?)])
  func numbers(source: String, value: Double, unit: String?) {
    guard case .number(value, let lexeme, unit)? = literal(source) else {
      Issue.record("`\(source)` is not \(value)")
      return
    }
    #expect(lexeme == source.prefix { $0 != " " })
    #expect(codes(source) == [])
  }

  @Test(arguments: [("5%", 0.05), ("5 %", 0.05), ("12.5%", 0.125), ("1_0%", 0.1), ("5\u{A0}%", 0.05), ("1k%", 10)])
  func percentages(source: String, value: Double) {
    guard case .percent(value, source)? = literal(source) else {
      Issue.record("`\(source)` is not \(value)")
      return
    }
  }

  @Test(arguments: ["2021Q1", "2021Q4", "2021M01", "2021M12"])
  func periods(source: String) {
    guard case .period(source)? = literal(source) else {
      Issue.record("`\(source)` is not a period")
      return
    }
  }

  @Test(arguments: [
    (#""a""#, "a"), (#"'it\'s'"#, "it's"), (#"'say "x"'"#, #"say "x""#), (#""a\n\t\\\"""#, "a\n\t\\\""),
    (#""\u{e9}\u{1F600}""#, "é😀"), (#""{{a}} }""#, "{a} }"), (#""""#, ""), ("“Ohio”", "Ohio"),
  ])
  func texts(source: String, value: String) {
    guard case .string(let segments)? = literal(source), segments.count == 1, case .text(let text) = segments[0] else {
      Issue.record("`\(source)` is not one text")
      return
    }
    #expect(text == value)
    #expect(codes(source) == [])
  }

  @Test(arguments: [
    (#""{a}""#, #""{a}""#), (#""x {a + 1} y {b} z""#, #""x {(a + 1)} y {b} z""#),
    (#""{f("in {x}")}!""#, #""{f("in {x}")}!""#), (#""{{{a}}}""#, #""{{a}}""#),
  ])
  func interpolation(source: String, expected: String) {
    #expect(Outline.of(source) == expected)
    #expect(codes(source) == [])
  }

  @Test(arguments: [
    ("true", "true"), ("FALSE", "false"), ("all", "all"), ("missing", "missing"), ("withheld", "withheld"), ("_", "_"),
    ("$place", "$place"), ("`in`", "in"), ("`my column`", "my column"), ("Querétaro", "Querétaro"), ("[]", "[]"),
    ("[1, [2],]", "[1, [2]]"),
  ])
  func otherOperands(source: String, expected: String) {
    #expect(Outline.of(source) == expected)
    #expect(codes(source) == [])
  }

  @Test func namesKeepTheirSpelling() {
    #expect(Outline.of("LQ(By:État)") == "LQ(By:État)")
  }
}
