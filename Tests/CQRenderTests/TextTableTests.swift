import CQColumns
import Testing

@testable import CQRender

@Suite struct TextTableTests {
  @Test func alignsDigitsPastMarksAndAccents() {
    #expect(
      render(aerospace, as: .table) == """
        lq · Aerospace Vehicles and Defense · by state · 2020 · vs United States

        state            lq   employment   growth   avg_wage
                                 persons                 USD
        ─────────────────────────────────────────────────────
        Washington    5.12        80,123     5.0%    112,345
        Kansas        4.20~       30,456~  -12.3%     98,000
        Connecticut     (W)          (W)        –          –
        Querétaro    12.50         1,200     0.0%~         –
        Hawaii        0.004            0   150.0%     45,300~

        source: U.S. Bureau of Labor Statistics, QCEW 2020 (us_qcew_state)
        note N0502: 1.9% of the employment behind these rows is estimated
        note: traded clusters only

        """)
  }

  @Test func dropsColumnsFromTheRightAndSaysSo() {
    #expect(
      render(aerospace, as: .table, options: RenderOptions(width: 44, rowLimit: 3)) == """
        lq · Aerospace Vehicles and Defense · by
          state · 2020 · vs United States

        state          lq   employment   growth
                               persons
        ───────────────────────────────────────
        Washington   5.12       80,123     5.0%
        Kansas       4.20~      30,456~  -12.3%
        Connecticut   (W)          (W)        –

        … 5 rows, showing 3
        no room for: avg_wage
        source: U.S. Bureau of Labor Statistics,
          QCEW 2020 (us_qcew_state)
        note N0502: 1.9% of the employment behind
          these rows is estimated
        note: traded clusters only

        """)
  }

  @Test func shortensNamesBeforeDroppingColumns() {
    let table = Table(columns: [
      members(
        "cluster",
        [("1", "Information Technology and Analytical Instruments"), ("2", "Fishing"), ("3", "日本語の名前がとても長い場合")]),
      numbers("lq", .ratio, [1.5, 2, .missing]),
    ])
    #expect(
      render(table, as: .table, options: RenderOptions(width: 30)) == """
        cluster                     lq
        ──────────────────────────────
        Information Technology…   1.50
        Fishing                   2.00
        日本語の名前がとても長…      –

        """)
  }

  @Test func neverDropsTheFirstColumnNorCutsANumber() {
    let table = Table(columns: [
      numbers("employment", .count(unit: "persons"), [123_456_789]), numbers("lq", .ratio, [1]),
    ])
    #expect(
      render(table, as: .table, options: RenderOptions(width: 5)) == """
         employment
            persons
        ───────────
        123,456,789

        no room for: lq

        """)
  }

  @Test func noLineIsWiderThanTheTerminal() {
    for width in 32...90 {
      let text = render(aerospace, as: .table, options: RenderOptions(width: width))
      for line in text.split(separator: "\n") { #expect(DisplayWidth.of(line) <= width, "width \(width): \(line)") }
    }
  }

  @Test func saysWhenThereAreNoRowsAndCountsMany() {
    let empty = Table(columns: [numbers("lq", .ratio, [])])
    #expect(
      render(empty, as: .table) == """
        lq
        ──

        no rows

        """)
    let many = Table(columns: [TableColumn(name: "year", values: .periods((0..<1234).map { Int32($0 + 1000) }))])
    #expect(render(many, as: .table).hasSuffix("\n2233\n\n1,234 rows\n"))
    #expect(
      render(many, as: .table, options: RenderOptions(rowLimit: 2)).hasSuffix("1001\n\n… 1,234 rows, showing 2\n"))
    #expect(render(Table(columns: []), as: .table) == "")
  }

  @Test func textFromFilesCannotSteerTheTerminal() {
    let table = Table(columns: [TableColumn(name: "note", values: .texts(["a\u{1B}[31mb", "two\nlines"]))])
    #expect(
      render(table, as: .table) == """
        note
        ─────────
        a\u{FFFD}[31mb
        two lines

        """)
  }

  @Test func colorsLeaveTheTextAlone() {
    let colored = render(aerospace, as: .table, options: RenderOptions(isColored: true))
    #expect(colored.contains("\u{1B}[1mlq · Aerospace"))
    #expect(colored.contains("\u{1B}[2m4.20~\u{1B}[0m"))
    var plain = ""
    var isEscape = false
    for character in colored {
      if character == "\u{1B}" { isEscape = true }
      if !isEscape { plain.append(character) }
      if isEscape, character == "m" { isEscape = false }
    }
    #expect(plain == render(aerospace, as: .table))
  }
}
