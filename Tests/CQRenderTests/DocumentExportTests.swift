import CQColumns
import Testing

@testable import CQRender

@Suite struct DocumentExportTests {
  private static let nasty = Table(
    columns: [
      TableColumn(
        name: "a|b", values: .texts(["=1+1", "@x", "a|b*c_d", "<i>&", "-5", "+x", "\\end{table} 50% #1 {x}"])),
      numbers("v", .percent, [0.05, -0.1, .withheld, .missing, .estimated(1), 0, 2]),
    ], header: TableHeader(title: ["<b>"], dataset: "d", source: "s & co"),
    notes: [TableNote(code: "", text: "50% of x_y")])

  @Test func noFormulaCells() {
    #expect(
      render(Self.nasty, as: .csv) == """
        a|b,v,v_state
        '=1+1,0.05,known
        '@x,-0.1,known
        a|b*c_d,,withheld
        <i>&,,missing
        -5,1,estimated
        '+x,0,known
        \\end{table} 50% #1 {x},2,known

        """)
    #expect(render(Self.nasty, as: .tsv).split(separator: "\n")[1] == "'=1+1\t0.05\tknown")
  }

  @Test func markdown() {
    #expect(
      render(Self.nasty, as: .md) == """
        **&lt;b&gt;**

        | A\\|b | V |
        |:--|--:|
        | =1+1 | 5.0% |
        | @x | −10.0% |
        | a\\|b\\*c\\_d | (W) |
        | &lt;i&gt;&amp; | – |
        | -5 | 100.0%\\~ |
        | +x | 0.0% |
        | \\\\end{table} 50% \\#1 {x} | 200.0% |

        Source: s &amp; co (d)\u{20}\u{20}
        50% of x\\_y\u{20}\u{20}

        """)
  }

  @Test func latex() {
    let text = render(Self.nasty, as: .tex)
    #expect(text.contains("\\textbackslash{}end\\{table\\} 50\\% \\#1 \\{x\\} & 200.0\\% \\\\"))
    #expect(text.contains("\\caption{\\textless{}b\\textgreater{}}"))
    #expect(text.contains("$-$10.0\\%"))
    // The only commands that end something are our own.
    #expect(text.split(separator: "\\end{table}").count == 2)
  }

  @Test func pagesHoldPictureAndTable() {
    let page = render(PictureSamples.bar, as: .html)
    #expect(page.hasPrefix("<!DOCTYPE html>"))
    #expect(page.contains("<svg "))
    #expect(page.contains("<th scope=\"row\">Washington</th><td class=\"n\" data-v=\"5.124\">5.12</td>"))
    #expect(page.contains("District of Columbia &amp; &lt;neighbours&gt;"))
    #expect(!page.contains("http-equiv=\"refresh\""))
    var options = RenderOptions()
    options.isContinuation = true
    #expect(render(PictureSamples.bar, as: .html, options: options).hasPrefix("<section>"))
  }

  @Test func checksumOfTheStandard() {
    #expect(StoredArchive.checksum(Array("123456789".utf8)) == 0xCBF4_3926)
  }

  @Test func workbookParts() throws {
    let text = String(decoding: render(aerospace, as: .xlsx), as: UTF8.self)
    #expect(text.hasPrefix("PK"))
    #expect(text.contains("<pane ySplit=\"1\""))
    #expect(text.contains("<c r=\"C2\" s=\"3\"><v>5.124</v></c>"))
    #expect(text.contains("Querétaro"))
    #expect(Workbook.reference(0, 1) == "A1")
    #expect(Workbook.reference(26, 3) == "AA3")
    #expect(Workbook.reference(701, 3) == "ZZ3")
  }

  @Test func arrowReadsBack() throws {
    let table = try ArrowReader.open(.copying(render(aerospace, as: .arrow)), name: "x")
    #expect(table.rowCount == 5)
    #expect(table.fields.map(\.name).prefix(4) == ["state", "state_code", "lq", "lq_state"])
    guard case .float64(let values) = table.data(named: "lq") else {
      Issue.record("lq must be a column of doubles")
      return
    }
    #expect(values[0] == 5.124)
    #expect(values[2].isNaN)
    #expect(table.metadata("dataset") == "us_qcew_state")
  }

  @Test func vegaLiteNamesItsColumns() {
    let text = render(PictureSamples.bubbles, as: .vegaLite)
    #expect(text.contains("vega-lite/v5.json"))
    #expect(text.contains("\"size\": {\"field\": \"employment\""))
    #expect(text.contains("\"lq_state\": \"estimated\""))
  }

  @Test func endingsChooseFormats() {
    let cases: [(String, OutputFormat?)] = [
      ("x.csv", .csv), ("a.b.SVG", .svg), ("x.vl.json", .vegaLite), ("x.json", .json), ("out/x.txt", .table),
      ("x.md", .md),
      ("x.table", nil), ("csv", nil), ("x.xlsx", nil), ("x.docx", nil),
    ]
    for (name, format) in cases { #expect(OutputFormat(fileName: name) == format, "\(name)") }
    #expect(BinaryFormat(fileName: "x.xlsx") == .xlsx)
    #expect(BinaryFormat(fileName: "xlsx") == nil)
  }
}
