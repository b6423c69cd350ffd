import CQColumns
import Testing

@testable import CQRender

@Suite struct HTMLPageTests {
  private func named(_ name: String, prose: String = "") -> Table {
    var table = PictureSamples.named(name)
    table.prose = prose
    return table
  }

  @Test func proseMakesTitleAndContents() {
    let page = render(
      [
        named("bar", prose: "# The *page* of `x`\n\nIntro with **strong** words.\n\n## One"),
        named("line", prose: "## Two"),
        named("map", prose: "## Three"), named("lorenz", prose: "## Four"),
      ], as: .html)
    #expect(page.contains("<title>The page of x</title>"))
    #expect(page.contains("<h1>The <em>page</em> of <code>x</code></h1>"))
    #expect(page.contains("<p>Intro with <strong>strong</strong> words.</p>"))
    #expect(page.contains("<a href=\"#two-2\">Two</a>"))
    #expect(page.contains("<h2 id=\"two-2\">Two</h2>"))
  }

  @Test func namesAreUniqueOnAPage() {
    let page = render(["map", "map-bubbles", "map-labels"].map { named($0, prose: "## Same") }, as: .html)
    var seen: Set<Substring> = []
    for part in page.split(separator: " id=\"").dropFirst() {
      let name = part.prefix { $0 != "\"" }
      #expect(seen.insert(name).inserted, "\(name)")
    }
    // What is referred to is there.
    for part in page.split(separator: "url(#").dropFirst() { #expect(seen.contains(part.prefix { $0 != ")" })) }
  }

  @Test func picturesComeWithTheirNumbersSourceAndNotes() {
    let page = render(named("map"), as: .html)
    #expect(page.contains("<summary>The numbers as a table, 4 rows</summary>"))
    #expect(page.contains("<footer><p>Source: U.S. Bureau of Labor Statistics, QCEW 2020 (us_qcew_state)</p>"))
    #expect(page.contains("1.9% is estimated"))
    #expect(
      page.contains("<h1>Lq · Aerospace Vehicles and Defense</h1>")
        || page.contains("<h1>LQ · Aerospace Vehicles and Defense</h1>"))
    #expect(page.contains("<abbr title=\"withheld\">(W)</abbr>"))
    #expect(page.contains("data-v=\"\""))
    #expect(!page.contains("http://") || page.contains("xmlns=\"http://www.w3.org/2000/svg\""))
  }

  @Test func oneRowIsReadAsFigures() {
    let table = Table(
      columns: [
        members("state", [("39", "Ohio")]), numbers("employment", .count(unit: "persons"), [4_419_189]),
        numbers("avg_wage", .money(currency: "USD"), [.estimated(55_378)]),
      ], header: PictureSamples.header)
    let page = render(table, as: .html)
    #expect(page.contains("<dt>Average wage <span class=\"unit\">USD</span></dt>"))
    #expect(page.contains("<dd>4,419,189</dd>"))
    #expect(!page.contains("<table"))
  }

  @Test func markdownIsASmallLanguage() {
    let cases: [(String, String)] = [
      ("plain", "<p>plain</p>"), ("a\nb", "<p>a b</p>"), ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
      ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"), ("- a\n  more\n- b", "<ul><li>a more</li><li>b</li></ul>"),
      ("> q\n> r", "<blockquote>q r</blockquote>"), ("```\na < b\n```", "<pre><code>a &lt; b</code></pre>"),
      ("### h", "<h3>h</h3>"), ("#no", "<p>#no</p>"), ("a *b* c", "<p>a <em>b</em> c</p>"),
      ("**b", "<p>**b</p>"), ("2 * 3 * 4", "<p>2 * 3 * 4</p>"), ("\\*a\\*", "<p>*a*</p>"),
      ("`<b>`", "<p><code>&lt;b&gt;</code></p>"), ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
      ("[t](https://x.org/a)", "<p><a href=\"https://x.org/a\">t</a></p>"),
      ("[t](javascript:x)", "<p>[t](javascript:x)</p>"), ("[t](https://x\" y)", "<p>[t](https://x&quot; y)</p>"),
      ("a_b_c", "<p>a_b_c</p>"), ("---", "<hr>"), ("*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>"),
    ]
    for (text, html) in cases { #expect(MarkdownText(text).html == html) }
  }

  @Test func boundsAreShownInEveryFormat() {
    var column = numbers("employment", .count(unit: "persons"), [5, .withheld, .withheld])
    column.bounds = [1: 100...249, 2: 20...Double.infinity]
    let table = Table(columns: [members("state", [("1", "A"), ("2", "B"), ("3", "C")]), column])
    #expect(
      render(table, as: .csv) == """
        state,state_code,employment,employment_state,employment_low,employment_high
        A,1,5,known,,
        B,2,,withheld,100,249
        C,3,,withheld,20,

        """)
    #expect(
      render(table, as: .jsonl).contains("{\"value\": null, \"state\": \"withheld\", \"low\": 100, \"high\": 249}"))
    #expect(render(table, as: .jsonl).contains("\"low\": 20, \"high\": null}"))
    column.bounds = [1: 0...Double.infinity]
    #expect(!render(Table(columns: [column]), as: .csv).contains("_low"))
    for format in [OutputFormat.html, .md, .tex] {
      let text = render(table, as: format)
      #expect(text.contains("(W 100–249)") || text.contains("(W 100--249)"), "\(format)")
    }
    #expect(String(decoding: render(table, as: .xlsx), as: UTF8.self).contains("employment_high"))
  }
}
