import CQSource
import CQSyntax
import Testing

@testable import properties

/// One mistake: where it is marked, what it is called, and what its fix makes of it (nil where only the user can know).
struct Mistake: Sendable, CustomTestStringConvertible {
  let source: String
  let code: String
  let fixed: String?

  init(_ source: String, _ code: String, fixed: String?) {
    self.source = source
    self.code = code
    self.fixed = fixed
  }

  var testDescription: String { source }

  static let all: [Mistake] = [
    Mistake("«lq foo bar»", "E0101", fixed: nil),
    Mistake("lq «@» 3", "E0101", fixed: nil),
    Mistake("«:plan» lq(by:state) | top 5", "E0101", fixed: nil),
    Mistake("«?» growth in Ohio", "E0101", fixed: nil),
    Mistake("lq(«in:metro:»\"Detroit\", by:cluster)", "E0101", fixed: "lq(metro:\"Detroit\", by:cluster)"),
    Mistake("lq(by:cluster, «vs:state:»\"Ohio\")", "E0101", fixed: "lq(by:cluster, vs:\"Ohio\")"),
    Mistake("lq(by:«@»state) | top 5", "E0101", fixed: nil),
    Mistake("x | derive a = b «=» 2", "E0101", fixed: "x | derive a = b == 2"),
    Mistake("let x «==» 2", "E0101", fixed: "let x = 2"),
    Mistake("let x «lq»", "E0101", fixed: "let x = lq"),
    Mistake("let «x»", "E0101", fixed: nil),
    Mistake("def f(a) «percent» = a", "E0101", fixed: "def f(a): percent = a"),
    Mistake("def f(a «10», b) = a", "E0101", fixed: "def f(a = 10, b) = a"),
    Mistake("table(a, b / f«:»base), by:state) | top 5", "E0101", fixed: nil),
    Mistake("x | «\"out/{»a}-{b + 1}.csv\" | top 5", "E0101", fixed: nil),
    Mistake("5 «%» 3", "E0101", fixed: "mod(5, 3)"),
    Mistake("a «%» b", "E0101", fixed: "mod(a, b)"),
    Mistake("x | where a «&» b", "E0101", fixed: "x | where a and b"),
    Mistake("1..2«..»3", "E0101", fixed: nil),
    Mistake("lq(cluster:\"A\" «=» , by:state)", "E0101", fixed: nil),
    Mistake("x | «5»", "E0101", fixed: nil),
    Mistake("a is «big»", "E0101", fixed: nil),
    Mistake("«$»5", "E0101", fixed: nil),
    Mistake("«_foo»", "E0101", fixed: nil),
    Mistake("year«:»2010", "E0101", fixed: nil),
    Mistake("x | note \"a {b «c»} d\"", "E0101", fixed: nil),
    Mistake("lq(cluster:«\"Aerospace»)", "E0102", fixed: "lq(cluster:\"Aerospace\")"),
    Mistake(
      "lq(cluster:«\"Aerospace», by:state) | top 5", "E0102", fixed: "lq(cluster:\"Aerospace\", by:state) | top 5"),
    Mistake("lq(cluster:«Aerospace\"», by:state)", "E0102", fixed: "lq(cluster:\"Aerospace\", by:state)"),
    Mistake("lq(cluster:«\"Aerospace, by:state, in:\"»Ohio\")", "E0102", fixed: nil),
    Mistake("x | note «\"a {»b", "E0102", fixed: nil),
    Mistake("x | note «\"a {»b) d\"", "E0102", fixed: nil),
    Mistake("x | note «\"a {b} c»", "E0102", fixed: "x | note \"a {b} c\""),
    Mistake("x | where «`foo»", "E0102", fixed: "x | where `foo`"),
    Mistake("(3+4)«)»", "E0103", fixed: "(3+4)"),
    Mistake("(3+4)«))» * 2", "E0103", fixed: nil),
    Mistake("lq(by:state)«)» | top 5", "E0103", fixed: "lq(by:state) | top 5"),
    Mistake("lq(by:«[»state)", "E0103", fixed: "lq(by:[state])"),
    Mistake("[1, 2«)»", "E0103", fixed: "[1, 2]"),
    Mistake("lq«(»by:state", "E0103", fixed: "lq(by:state)"),
    Mistake("lq(by:«[»state", "E0103", fixed: "lq(by:[state])"),
    Mistake("lq«(»by:state\n  | top 5", "E0103", fixed: "lq(by:state)\n  | top 5"),
    Mistake("lq«(»by:state\nlet x = 5", "E0103", fixed: "lq(by:state)\nlet x = 5"),
    Mistake("lq(by:«[»state\nlq(by:county)", "E0103", fixed: "lq(by:[state])\nlq(by:county)"),
    Mistake("f(a, b«]») | top 5", "E0103", fixed: "f(a, b) | top 5"),
    Mistake("employment«(»year:2010; employment(year:2011)", "E0103", fixed: nil),
    Mistake("def f«(»a, b = all: percent = a / b", "E0103", fixed: "def f(a, b = all): percent = a / b"),
    Mistake("def f«(»a = 1 = a * 2", "E0103", fixed: "def f(a = 1) = a * 2"),
    Mistake("lq «by» state", "E0104", fixed: "lq(by:state)"),
    Mistake("lq «by»:state | top 5", "E0104", fixed: "lq(by:state) | top 5"),
    Mistake("lq(cluster:\"A\") «by» state in \"Ohio\"", "E0104", fixed: "lq(cluster:\"A\", by:state, in:\"Ohio\")"),
    Mistake("let x = lq() «by» [state, year]", "E0104", fixed: "let x = lq(by:[state, year])"),
    Mistake("lq(«by» state)", "E0104", fixed: "lq(by:state)"),
    Mistake("lq(«in» \"Ohio\")", "E0104", fixed: "lq(in:\"Ohio\")"),
    Mistake("lq(by:year, «state» \"Ohio\")", "E0104", fixed: "lq(by:year, state:\"Ohio\")"),
    Mistake("lq | top 5, «by» growth", "E0104", fixed: "lq | top 5, by:growth"),
    Mistake("lq(by«:»)", "E0105", fixed: nil),
    Mistake("lq(cluster«:» ) \"A\", by:state) | top 5", "E0105", fixed: nil),
    Mistake("lq(by:state,«,» in:\"Ohio\")", "E0105", fixed: "lq(by:state, in:\"Ohio\")"),
    Mistake("a «+»", "E0105", fixed: nil),
    Mistake("«*» 3", "E0105", fixed: nil),
    Mistake("a «+» * 3", "E0105", fixed: nil),
    Mistake("let x «=»", "E0105", fixed: nil),
    Mistake("lq(by:state) «|»", "E0105", fixed: "lq(by:state) "),
    Mistake("lq(by:state) «|» | top 5", "E0105", fixed: "lq(by:state)  | top 5"),
    Mistake("lq | top 5«,»", "E0105", fixed: "lq | top 5"),
    Mistake("x | note \"a «{»} d\"", "E0105", fixed: nil),
    Mistake("lq | top 5 «by»:growth", "E0106", fixed: "lq | top 5, by:growth"),
    Mistake("lq | top 5 «by» growth | describe", "E0106", fixed: "lq | top 5, by:growth | describe"),
    Mistake("table(employment «lq», by:state)", "E0106", fixed: "table(employment, lq, by:state)"),
    Mistake("[\"Ohio\" «\"Texas\"»]", "E0106", fixed: "[\"Ohio\", \"Texas\"]"),
    Mistake("x | derive a = 1 «b» = 2", "E0106", fixed: "x | derive a = 1, b = 2"),
    Mistake("f(\n  a\n  «b»)", "E0106", fixed: "f(\n  a, b)"),
    Mistake("x | where 1 < lq «<» 2", "E0107", fixed: "x | where 1 < lq and lq < 2"),
    Mistake("x | where 1 < lq «<=» 2 < 3 and b", "E0107", fixed: "x | where 1 < lq and lq <= 2 and 2 < 3 and b"),
    Mistake("x | where a = b «=» c", "E0107", fixed: "x | where a == b and b == c"),
    Mistake("x | where a == b «in» [1]", "E0107", fixed: "x | where (a == b) in [1]"),
    Mistake("edition «2»\nlq", "E0109", fixed: nil),
    Mistake("note(\"a«\\q»\")", "E0110", fixed: "note(\"a\\\\q\")"),
    Mistake("note(\"C:«\\d»ata\")", "E0110", fixed: "note(\"C:\\\\data\")"),
    Mistake("lq | top«(5, by:lq)» | describe", "E0111", fixed: "lq | top 5, by:lq | describe"),
    Mistake("lq | describe«()»", "E0111", fixed: "lq | describe"),
    Mistake("lq(by:state) «top» 5", "E0112", fixed: "lq(by:state) | top 5"),
    Mistake("lq(by:state)\n  «top» 5\n  | describe", "E0112", fixed: "lq(by:state)\n  | top 5\n  | describe"),
    Mistake("lq(by:state) | where x > 3 «sort» lq desc", "E0112", fixed: "lq(by:state) | where x > 3 | sort lq desc"),
    Mistake("lq(by:state), «top» 5", "E0112", fixed: "lq(by:state) | top 5"),
    Mistake("«2021Q7»", "E0113", fixed: nil),
    Mistake("x | where wage > «45kUSD»", "E0113", fixed: "x | where wage > 45k USD"),
    Mistake("a + «``»", "E0101", fixed: nil),
    Mistake("a + «10K»", "E0113", fixed: "a + 10k"),
    Mistake("a + «.5»", "E0113", fixed: "a + 0.5"),
    Mistake("«1e999»", "E0113", fixed: nil),
    Mistake("let «in» = 5", "E0114", fixed: "let `in` = 5"),
    Mistake("x | derive «use» = 5", "E0114", fixed: "x | derive `use` = 5"),
    Mistake("x | sort «is»", "E0114", fixed: "x | sort `is`"),
    Mistake("x | derive a = if b then «c» | top 5", "E0115", fixed: "x | derive a = if b then c else missing | top 5"),
    Mistake("if «a» b else c", "E0115", fixed: "if a then b else c"),
    Mistake("x | derive a = if «b» 1 and c then 2 else 3 | top 5", "E0115", fixed: nil),
    Mistake("«x» = lq(by:state) | top 5\nx", "E0117", fixed: "let x = lq(by:state) | top 5\nx"),
    Mistake("«x» <- lq(by:state)", "E0117", fixed: "let x = lq(by:state)"),
    Mistake(
      "lq(by:state) | «lq» > 1.2 and year = 2 | top 5", "E0118",
      fixed: "lq(by:state) | where lq > 1.2 and year = 2 | top 5"),
    Mistake("lq(by:state) | «state» not in [\"Ohio\"]", "E0118", fixed: "lq(by:state) | where state not in [\"Ohio\"]"),
    Mistake("a == «not» b", "E0116", fixed: "a == (not b)"),
    Mistake("1 + «if» a then b else c", "E0116", fixed: "1 + (if a then b else c)"),
    Mistake(
      "«select» state, lq from us_cbp where lq > 2 order by lq desc limit 5", "E0120",
      fixed: "lq(by:state) | where lq > 2 | sort lq desc | first 5"),
    Mistake("«SELECT» state, year, lq, gdp\nFROM x\n", "E0120", fixed: "table(lq, gdp, by:[state, year])\n"),
    Mistake("«select» * from x", "E0120", fixed: nil),
    Mistake("let x = «select» lq from y", "E0120", fixed: "let x = lq"),
    Mistake("lq(cluster:\"A\") «group by» state | top 5", "E0121", fixed: "lq(cluster:\"A\", by:state) | top 5"),
    Mistake(
      "lq | where lq > 1 | «group by» state, year | top 5", "E0121",
      fixed: "lq(by:[state, year]) | where lq > 1 | top 5"),
    Mistake("lq(by:state) | «group by» state", "E0121", fixed: "lq(by:state)"),
    Mistake("lq(by:state) «%>%» top 5", "E0122", fixed: "lq(by:state) | top 5"),
    Mistake("lq(by:state)\n  «|>» top 5", "E0122", fixed: "lq(by:state)\n  | top 5"),
    Mistake("«=»lq(by:state)", "E0123", fixed: "lq(by:state)"),
    Mistake("lq(cluster:\"A\"«;» by:state)", "E0124", fixed: "lq(cluster:\"A\", by:state)"),
    Mistake("x | where employment > «5,000» and lq > 1", "E0125", fixed: "x | where employment > 5_000 and lq > 1"),
    Mistake("x | where employment > «1,234,500»", "E0125", fixed: "x | where employment > 1_234_500"),
    Mistake("x | top «5,000», by:lq", "E0125", fixed: "x | top 5_000, by:lq"),
    Mistake("round(«5,000»)", "E0125", fixed: "round(5_000)"),
    Mistake("let x = «12,500.75»", "E0125", fixed: "let x = 12_500.75"),
    Mistake("lq(cluster«=»\"Aerospace\")", "E0126", fixed: "lq(cluster:\"Aerospace\")"),
    Mistake("lq(by:state, in «=» \"Ohio\")", "E0126", fixed: "lq(by:state, in:\"Ohio\")"),
    Mistake(
      "table(employment, cluster «=» \"A\", by:year)", "E0126", fixed: "table(employment, cluster:\"A\", by:year)"),
    Mistake("lq | top 5, by«=»growth", "E0126", fixed: "lq | top 5, by:growth"),
    Mistake("lq «//» note", "E0127", fixed: "lq # note"),
    Mistake("«--» note\nlq", "E0127", fixed: "# note\nlq"),
    Mistake("lq  «--» note", "E0127", fixed: "lq  # note"),
    Mistake("x | derive a = lq ?? «null»", "E0128", fixed: "x | derive a = lq ?? missing"),
    Mistake("x | where lq is not «NA»", "E0128", fixed: "x | where lq is not missing"),
    Mistake("[«NaN»]", "E0128", fixed: "[missing]"),
    Mistake("f(«None»)", "E0128", fixed: "f(missing)"),
    Mistake("x | where lq «between» 1 and 2", "E0129", fixed: "x | where lq in 1..2"),
    Mistake("x | where state «%in%» [\"Ohio\"]", "E0129", fixed: "x | where state in [\"Ohio\"]"),
    Mistake("x | where not «is.na(lq)»", "E0129", fixed: "x | where not lq is missing"),
    Mistake("x | derive a = «if(lq > 1, 2, 3)»", "E0129", fixed: "x | derive a = if lq > 1 then 2 else 3"),
  ]
}

@Suite struct DiagnosticTests {
  @Test(arguments: Mistake.all) func oneMistakeOneMessage(mistake: Mistake) throws {
    let marked = Marked(mistake.source)
    let diagnostics = parse(marked.text).diagnostics
    #expect(diagnostics.map(\.code) == [mistake.code])
    let diagnostic = try #require(diagnostics.first)
    #expect(diagnostic.span == marked.span)
    guard let expected = mistake.fixed else { return }
    let fixed = applying(try #require(diagnostic.fixes.first), to: marked.text)
    #expect(fixed == expected)
    #expect(codes(fixed) == [])
  }

  @Test(arguments: Mistake.all) func messagesFollowTheStyle(mistake: Mistake) {
    for diagnostic in parse(Marked(mistake.source).text).diagnostics {
      #expect(!diagnostic.message.hasSuffix("."))
      #expect(!diagnostic.message.contains("invalid"))
      let isLower = diagnostic.message.first.map { $0.isLowercase || !$0.isLetter } ?? false
      #expect(isLower || diagnostic.message.hasPrefix("I "))
      #expect(diagnostic.message.filter { $0 == "`" }.count.isMultiple(of: 2))
    }
  }

  /// Text that looks like a habit of another language but is right.
  @Test(arguments: [
    "lq(naics3:[311,312])", "max(5,100)", "f(01,003)", "a - -b", "a --b", "table(employment, year = 2003, by:state)",
    "x | derive state = 1", "x | where (a > 3)", "x | sort (a + b) / 2 desc", "select(a)", "x | select lq, state",
    "x | select share, rank", "group(by:state)", "x | sort top", "na + nan + none", "x | where a in [\"NA\"]",
  ])
  func noFalseAlarm(source: String) {
    #expect(codes(source) == [])
  }

  @Test func allMistakesOfATextAreReported() {
    let source = """
      lq(cluster="A", by:state) %>% top 5,000
      =lq(by:)
      let in = 3
      lq(by:state)) | where lq == NA | sort
      def f(a = ) = a +
      """
    #expect(
      codes(source) == [
        "E0126", "E0122", "E0125", "E0123", "E0105", "E0114", "E0103", "E0128", "E0105", "E0105",
      ])
  }

  @Test func readableStatementsSurviveTheOthers() {
    #expect(
      Outline.of("lq(by:)\nlet x = )\nlq(by:state) | @ | top 5\nlet y = 1")
        == "lq(by:¿); let x = ¿; lq(by:state) | top 5; let y = 1")
  }

  @Test func everyCodeHasATest() {
    // E0108 is in LimitTests.
    let tested = Set(Mistake.all.map(\.code)).union(["E0108"])
    #expect(tested == Set(ErrorPage.all.map(\.code).filter { $0.hasPrefix("E01") }))
  }

  @Test func sortedByPosition() {
    let starts = parse("lq(by=state) %>% where a == NA ; b // c").diagnostics.map(\.span.start)
    #expect(starts.count == 4)
    #expect(starts == starts.sorted())
  }
}
