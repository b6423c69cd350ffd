import CQSource
import CQSyntax
import Testing

@testable import properties

@Suite struct FormatterTests {
  struct Example: CustomTestStringConvertible {
    let before: String
    let after: String
    var testDescription: String { before.debugDescription }

    init(_ before: String, _ after: String) {
      self.before = before
      self.after = after
    }
  }

  /// Both forms without the line end of the last line.
  private func check(_ example: Example) {
    #expect(format(example.before) == example.after + "\n")
    #expect(Properties.faultOfFormatting(example.before) == nil)
  }

  @Test(arguments: [
    Example("LQ( cluster : 'Aerospace',by :state )|TOP 5", "LQ(cluster:\"Aerospace\", by:state) | top 5"),
    Example("x|where a&&b||!c and d<>3", "x | where a and b or not c and d != 3"),
    Example(
      "x | where e≤3−2×4÷5 and f≥1 and g≠2 and h=1", "x | where e <= 3 - 2 * 4 / 5 and f >= 1 and g != 2 and h == 1"),
    Example("lq(year:2010–2020)", "lq(year:2010..2020)"),
    Example("lq(year:2010 .. 2020, month:..2021m05)", "lq(year:2010..2020, month:..2021M05)"),
    Example("f(n+1..2020)", "f(n + 1 .. 2020)"),
    Example("lq(in:“Ohio”, state:‘a \"b\"’, x:'it\\'s')", "lq(in:\"Ohio\", state:\"a \\\"b\\\"\", x:\"it's\")"),
    Example("note(\"{ 1+2 } of {lq( in:'Ohio' )}\")", "note(\"{1 + 2} of {lq(in:\"Ohio\")}\")"),
    Example("f(5 %, 12_500, 10k, 06037, 45k  USD)", "f(5%, 12_500, 10k, 06037, 45k USD)"),
    Example("LET a=IF x THEN 1 ELSE - -y", "let a = if x then 1 else - -y"),
    Example("x | where a IS NOT Withheld or b Not In [ 1 ,2, ]", "x | where a is not withheld or b not in [1, 2]"),
    Example("def F ( a:Level , b :number=2 ):Percent=a", "def F(a: level, b: number = 2): percent = a"),
    Example("use a.b AS c( d,e, )", "use a.b as c (d, e)"),
    Example("Edition 1", "edition 1"),
    Example("x | sort a DESC, b Asc | derive c=d, e = -f ^ 2", "x | sort a desc, b asc | derive c = d, e = -f ^ 2"),
    Example("`my Table` | `My Verb` `x y`", "`my Table` | `My Verb` `x y`"),
    Example("| top 3", "_ | top 3"),
    Example("\u{FEFF}a\u{A0}|\u{A0}top 5\r\n\r\n\r\n\r\nb\r\n\r\n", "a | top 5\n\nb"),
    Example("a;b; ;c", "a\nb\nc"),
  ])
  func spacingAndSpelling(_ example: Example) { check(example) }

  @Test(arguments: [
    Example("((a)) | where ((b) > (1 + 2)) and (c) | sort (a / b)", "a | where b > 1 + 2 and c | sort a / b"),
    Example("let x = (a * b) + (c ^ 2)", "let x = a * b + c ^ 2"),
    Example("let x = (a + b) + c", "let x = a + b + c"),
    Example("x | where (a and b) and (c or d)", "x | where a and b and (c or d)"),
    Example("def lq = (a / b) / (c / d)", "def lq = (a / b) / (c / d)"),
    Example("x | where (a and b) or not (c in d)", "x | where (a and b) or not (c in d)"),
    Example("let x = a - (-b) * (2 ^ (-1))", "let x = a - (-b) * 2 ^ (-1)"),
    Example("x | where (a < b) == c", "x | where (a < b) == c"),
    Example(
      "let x = if (if a then b else c) then (d) else (if e then f else g)",
      "let x = if (if a then b else c) then d else if e then f else g"),
    Example("let x = (lq | top 5)", "let x = (lq | top 5)"),
    Example("f((2010..))", "f(2010..)"),
    Example("x | where a and (b == 2010..)", "x | where a and (b == 2010..)"),
    // A column is called after the measure only if that stands alone.
    Example(
      "table((lq), (lq + 1)) | derive (growth(year:2003..2011))",
      "table((lq), lq + 1) | derive (growth(year:2003..2011))"),
    Example("f(( # why\n a))", "f(\n  (  # why\n    a\n  ),\n)"),
  ])
  func brackets(_ example: Example) { check(example) }

  @Test(arguments: [
    Example("a | top 1 | sort b | first 2", "a\n  | top 1\n  | sort b\n  | first 2"),
    // 72 and 73 columns.
    Example(
      "lq(cluster:\"Aerospace Vehicles and Defense\", by:state, in:\"US\") | top 50",
      "lq(cluster:\"Aerospace Vehicles and Defense\", by:state, in:\"US\") | top 50"),
    Example(
      "lq(cluster:\"Aerospace Vehicles and Defense\", by:state, in:\"US\") | top 500",
      "lq(cluster:\"Aerospace Vehicles and Defense\", by:state, in:\"US\")\n  | top 500"),
    // 80 and 81 columns.
    Example(
      "table(employment, lq, avg_wage, by:cluster, in:\"Washington\", cluster:local, a:1)",
      "table(employment, lq, avg_wage, by:cluster, in:\"Washington\", cluster:local, a:1)"),
    Example(
      "table(employment, lq, avg_wage, by:cluster, in:\"Washington\", cluster:local, a:12)",
      """
      table(
        employment,
        lq,
        avg_wage,
        by:cluster,
        in:"Washington",
        cluster:local,
        a:12,
      )
      """),
    Example("def f(n = 10) = | where lq >= n", "def f(n = 10) =\n  | where lq >= n"),
    Example(
      "def overlap(with: region, of = employment, over: level = cluster): percent = sum(min(share(of), 1), over:over)",
      """
      def overlap(with: region, of = employment, over: level = cluster): percent =
        sum(min(share(of), 1), over:over)
      """),
    Example(
      "x | derive role = if lq >= 1.2 and growth > 0% then \"star\" else if lq >= 1.2 then \"mature\" else \"watch\"",
      """
      x
        | derive role = if lq >= 1.2 and growth > 0% then "star"
            else if lq >= 1.2 then "mature"
            else "watch"
      """),
    Example(
      "x | where employment_of_the_region >= 5_000 and location_quotient >= 1.2 and growth > 1%",
      """
      x
        | where employment_of_the_region >= 5_000
            and location_quotient >= 1.2
            and growth > 1%
      """),
    Example(
      "x | chart line, x:year, y:index, color:state, title:\"Coal mining jobs, 2003 = 100\", width:80",
      """
      x
        | chart line,
            x:year,
            y:index,
            color:state,
            title:"Coal mining jobs, 2003 = 100",
            width:80
      """),
    Example(
      "let codes = [336411, 336412, 336413, 336414, 336415, 336419, 334511, 336411, 336412, 336413]",
      """
      let codes = [
        336411, 336412, 336413, 336414, 336415, 336419, 334511, 336411, 336412,
        336413,
      ]
      """),
    Example(
      "let mix = employment_of_the_region * (growth(of, region:base) - growth(of, region:base, activity:all))",
      """
      let mix = employment_of_the_region *
          (growth(of, region:base) - growth(of, region:base, activity:all))
      """),
  ])
  func lines(_ example: Example) { check(example) }

  @Test(arguments: [
    Example(
      "#!/usr/bin/env cq\n# one\n\n\n\n# two\na # three\n\n\n# four",
      "#!/usr/bin/env cq\n# one\n\n# two\na  # three\n\n# four"),
    Example("lq # source\n# between\n | top 5 # last", "lq  # source\n  # between\n  | top 5  # last"),
    Example("lq | # why\n top 5", "lq\n  # why\n  | top 5"),
    Example("f(# first\na, # a\n# above\nb # b\n# end\n)", "f(  # first\n  a,  # a\n  # above\n  b,  # b\n  # end\n)"),
    Example("f(a # a\n, b)", "f(\n  a,  # a\n  b,\n)"),
    Example("let x = # why\n  1", "let x =  # why\n  1"),
    Example("x | where a and # why\n b", "x\n  | where a\n      and  # why\n      b"),
    Example(
      "f(if a then b else (if c then d else e) # why\n, g)",
      "f(\n  if a then b else if c then d else e,  # why\n  g,\n)"),
    Example("[ # none\n]", "[  # none\n]"),
    Example("## About f.\n##\tMore.\ndef f = 1", "## About f.\n##\tMore.\ndef f = 1"),
    // What is no documentation must not become it.
    Example("## No.\n\n\ndef f = 1", "## No.\n\ndef f = 1"),
    Example("a # one\n; ## two\ndef f = 1", "a  # one\n## two\n\ndef f = 1"),
    // An open range would go on in the next line, and a bar would go on from the statement above.
    Example("let a = 2010..; b", "let a = 2010..;\nb"),
    Example("a; | top 3", "a\n_ | top 3"),
    Example("", ""),
  ])
  func commentsAndStatements(_ example: Example) {
    if example.after.isEmpty { #expect(format(example.before).isEmpty) } else { check(example) }
  }

  @Test func keepsWhatDoesNotParse() {
    let result = Formatter.format(SourceText(name: "test", text: "lq( by :state\n\n\nx = "))
    #expect(result.text == "lq( by :state\n\n\nx = ")
    #expect(!result.diagnostics.isEmpty)
    #expect(format("f( '\\q' )") == "f( '\\q' )")
  }

  @Test func namesAreSpelledAsDefined() {
    let text = "let Midwest = [1]\nLQ(BY:State, of:MIDWEST) | Derive Wage = LQ | Sort WAGE | My_Verb 1 | `LQ` LQ.x"
    let source = SourceText(name: "test", text: text)
    let formatted = Formatter.format(source) { ["lq": "lq", "state": "state", "by": "by"][$0.lowercased()] }
    #expect(
      formatted.text == """
        let Midwest = [1]
        lq(by:state, of:Midwest)
          | derive Wage = lq
          | sort Wage
          | my_verb 1
          | `LQ` lq.x

        """)
  }

  /// A column may differ from a measure in case only, and a verb from a column.
  @Test func namesThatAreRightStay() {
    let source = SourceText(
      name: "test", text: "table(employment, Employment = employment * 2) | derive Top = 1 | TOP 5")
    #expect(
      Formatter.format(source) { $0.lowercased() == "employment" ? "employment" : nil }.text
        == "table(employment, Employment = employment * 2) | derive Top = 1 | top 5\n")
  }

  @Test func deepAndLongProgramsAreFormatted() {
    let deep = String(repeating: "(", count: 150) + "a or b" + String(repeating: ")", count: 150)
    #expect(format("x | where not \(deep)") == "x | where not (a or b)\n")
    let calls = String(repeating: "f(", count: 150) + "1" + String(repeating: ")", count: 150)
    #expect(Properties.faultOfFormatting(calls) == nil)
    let long = (0..<400).map { "a\($0)" }.joined(separator: " or ")
    #expect(Properties.faultOfFormatting("x | where \(long)") == nil)
    let list = "let x = [" + (0..<5000).map { "\"a\($0)\"" }.joined(separator: ",") + "]"
    #expect(format(list).split(separator: "\n").count == 5002)
  }
}
