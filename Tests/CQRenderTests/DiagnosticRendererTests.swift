import CQRender
import CQSource
import Testing

@Suite struct DiagnosticRendererTests {
  @Test func marksTheSpanAndHelps() {
    #expect(
      rendered(
        #"lq(cluster:"Aerospce", by:state) | top 5"#, "E0301", #"no cluster is called "Aerospce""#,
        [(#""Aerospce""#, "")], helps: [#"did you mean "Aerospace Vehicles and Defense"?"#],
        notes: ["`members(cluster)` lists all 67"])
          == #"""
          error[E0301]: no cluster is called "Aerospce"
            ┌─ report.cq:1:12
            │
          1 │ lq(cluster:"Aerospce", by:state) | top 5
            │            ^^^^^^^^^^
            = help: did you mean "Aerospace Vehicles and Defense"?
            = note: `members(cluster)` lists all 67

          """#)
  }

  @Test func hangsTheTextsOfSeveralLabels() {
    #expect(
      rendered(
        #"share(by:cluster, in:"Ohio") | where share > 5"#, "E0232", "`share` is a percent, and 5 means 500%",
        [("5", "did you mean 5%?"), ("share >", "percent"), ("share(", "first")])
          == #"""
          error[E0232]: `share` is a percent, and 5 means 500%
            ┌─ report.cq:1:46
            │
          1 │ share(by:cluster, in:"Ohio") | where share > 5
            │ ------                               ------- ^ did you mean 5%?
            │ │                                    │
            │ │                                    percent
            │ first

          """#)
  }

  @Test func showsTheLinesBetweenOrAnEllipsis() {
    #expect(
      rendered(
        "lq(by:cluster, in:\"Ohio\")\n\n  | sort growth desc", "E0403", "there is no column `growth` here",
        [("growth", ""), ("lq(by:cluster, in:\"Ohio\")", "this table has: cluster, lq")],
        helps: ["write state:\"New York\"\n  metro:\"New York\""])
          == #"""
          error[E0403]: there is no column `growth` here
            ┌─ report.cq:3:10
            │
          1 │ lq(by:cluster, in:"Ohio")
            │ ------------------------- this table has: cluster, lq
          2 │
          3 │   | sort growth desc
            │          ^^^^^^
            = help: write state:"New York"
                      metro:"New York"

          """#)
  }

  @Test func alignsUnderTabsAndWideCharactersOverSeveralLines() {
    let text = "\ttable(\n\t  región日本,\n\t  x,\n\t  y,\n\t)"
    #expect(
      rendered(text, "E0404", "too much", [(String(text.dropFirst()), "here"), ("日", "wide")])
        == """
        error[E0404]: too much
          ┌─ report.cq:1:2
          │
        1 │     table(
          │     ^^^^^^
        2 │       región日本,
          │             -- wide
          …
        5 │     )
          │     ^ here

        """)
  }

  @Test func marksWhatIsMissingAtTheEndAndOffersTheFix() {
    let text = "lq(by:state) | top"
    let end = TextSpan(text.utf8.count, text.utf8.count)
    let diagnostic = Diagnostic(
      "E0105", "`top` must say how many rows", at: end, label: "a number is missing here",
      fixes: [.init(span: end, replacement: " 5")])
    #expect(
      DiagnosticRenderer(offersFixes: true).text(diagnostic, in: SourceText(name: "<cq>", text: text))
        == """
        error[E0105]: `top` must say how many rows
          ┌─ <cq>:1:19
          │
        1 │ lq(by:state) | top
          │                   ^ a number is missing here
          = help: :fix inserts ` 5`

        """)
  }

  @Test func trimsLongLinesAroundTheMistake() {
    let text = String(repeating: "abcde fghi ", count: 20) + "HERE" + String(repeating: " xyz", count: 30)
    #expect(
      rendered(text, "E0301", "unknown", [("HERE", "there")], width: 50)
        == """
        error[E0301]: unknown
          ┌─ report.cq:1:221
          │
        1 │ …cde fghi abcde fghi HERE xyz xyz xyz xyz xyz…
          │                      ^^^^ there

        """)
  }

  @Test func labelsThatDoNotFitHang() {
    #expect(
      rendered(
        "lq(by:state) | top 5 by:growth", "E0106", "I expected a comma", [("by:g", "write `, by:growth`")], width: 40)
          == """
          error[E0106]: I expected a comma
            ┌─ report.cq:1:22
            │
          1 │ lq(by:state) | top 5 by:growth
            │                      ^^^^
            │                      │
            │                  write `, by:growth`

          """)
  }

  @Test func spansBesideTheSourceDoNotTrap() {
    let source = SourceText(name: "x.cq", text: "")
    let text = DiagnosticRenderer(width: 20).text(Diagnostic("E0001", "odd", at: TextSpan(5, 900)), in: source)
    #expect(text == "error[E0001]: odd\n  ┌─ x.cq:1:1\n  │\n1 │\n  │ ^\n")
  }

  @Test func everyWidthAndSpanIsDrawable() {
    let text = "lq(región:\"日本\",\n\tby:state) | tóp 5\r\n"
    for start in 0...text.utf8.count {
      for end in start...text.utf8.count {
        let diagnostic = Diagnostic("E0001", "odd", at: TextSpan(start, end), label: "here")
        for width in [5, 24, 80] {
          let drawn = DiagnosticRenderer(width: width).text(diagnostic, in: SourceText(name: "x", text: text))
          #expect(drawn.contains("^"))
        }
      }
    }
  }

  @Test func warningsAndMessagesWithoutAPlace() {
    let renderer = DiagnosticRenderer()
    #expect(
      renderer.text(severity: .error, "can't open `x.cq`", helps: ["try `cq --help`"])
        == "error: can't open `x.cq`\n = help: try `cq --help`\n")
    let warning = Diagnostic("W0220", "`top` hides a verb", at: TextSpan(0, 3), severity: .warning)
    let text = DiagnosticRenderer(isColored: true).text(warning, in: SourceText(name: "x.cq", text: "top"))
    #expect(text.hasPrefix("\u{1B}[1;33mwarning[W0220]\u{1B}[0m"))
  }

  @Test func jsonIsTheSameAsData() {
    let source = SourceText(name: "a.cq", text: "lq(é:1)")
    let diagnostic = Diagnostic(
      "E0301", "no", at: TextSpan(3, 5), label: "x", helps: ["h"], notes: ["n"],
      fixes: [.init(span: TextSpan(3, 5), replacement: "e", applicability: .maybe)])
    #expect(
      renderJSON([Diagnostics(source: source, [diagnostic])]) == """
        [
          {"code": "E0301", "severity": "error", "message": "no", "file": "a.cq", "span": {"start": 3, "end": 5}, \
        "line": 1, "column": 4, "endLine": 1, "endColumn": 5, \
        "labels": [{"span": {"start": 3, "end": 5}, "line": 1, "column": 4, "text": "x", "primary": true}], \
        "helps": ["h"], "notes": ["n"], \
        "fixes": [{"span": {"start": 3, "end": 5}, "replacement": "e", "applicability": "maybe"}]}
        ]

        """)
    #expect(renderJSON([]) == "[]\n")
  }
}

/// The first label is the primary one; each is found by its text, the last occurrence.
private func rendered(
  _ text: String, _ code: String, _ message: String, _ labels: [(text: String, label: String)], helps: [String] = [],
  notes: [String] = [], width: Int? = nil
) -> String {
  let spans = labels.map { span(of: $0.text, in: text) }
  var diagnostic = Diagnostic(code, message, at: spans[0], label: labels[0].label, helps: helps, notes: notes)
  for (span, label) in zip(spans, labels).dropFirst() {
    diagnostic.labels.append(Diagnostic.Label(span: span, text: label.label, isPrimary: false))
  }
  return DiagnosticRenderer(width: width).text(diagnostic, in: SourceText(name: "report.cq", text: text))
}

private func span(of needle: String, in text: String) -> TextSpan {
  let bytes = Array(text.utf8)
  let wanted = Array(needle.utf8)
  let start = (0...(bytes.count - wanted.count)).last { Array(bytes[$0..<($0 + wanted.count)]) == wanted } ?? 0
  return TextSpan(start, start + wanted.count)
}
