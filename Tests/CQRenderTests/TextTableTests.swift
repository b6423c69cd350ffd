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
    #expect(colored.contains("\u{1B}[2;32m4.20~\u{1B}[0m"))
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

@Suite struct FittedTableTests {
  private let years = Table(
    columns: [members("state", [("39", "Ohio"), ("48", "Texas"), ("56", "Wyoming")])]
      + (2003...2011).map { year in
        let growth = Double(year - 2003)
        return numbers(
          "\(year)", .count(unit: ""),
          [.known(4_000_000 + growth * 1_000), year == 2007 ? .missing : .known(9_000_000 - growth * 1_000), .known(7)])
      })

  private func text(_ table: Table, width: Int?) -> String {
    render(table, as: .table, options: RenderOptions(width: width, drawsTrends: true))
  }

  @Test func yearsSideBySideHaveAShape() {
    let text = text(years, width: nil)
    #expect(text.contains("2011  trend"))
    #expect(text.contains("4,008,000  ▁▁▂▃▅▆▇██") || text.contains("4,008,000  ▁▂▃▄▅▆▇██"), "\(text)")
    #expect(text.contains("·"))
    #expect(text.contains("▄▄▄▄▄▄▄▄▄"))
    #expect(!render(years, as: .table).contains("trend"))
  }

  @Test func theMiddleOfASeriesIsLeftOutFirst() {
    let text = text(years, width: 60)
    let head = text.split(separator: "\n").first.map(String.init) ?? ""
    #expect(head.contains("2003") && head.contains("2011") && head.contains("…") && head.contains("trend"))
    #expect(!head.contains("2007"))
    #expect(text.contains("no room for: "))
    #expect(text.split(separator: "\n").allSatisfy { DisplayWidth.of($0) <= 60 })
  }

  @Test func textsAreLeftOutBeforeNumbers() {
    let table = Table(columns: [
      members("state", [("39", "Ohio")]),
      TableColumn(name: "remark", values: .texts(["a remark that is rather long, as remarks are"])),
      numbers("lq", .ratio, [1.5]), numbers("employment", .count(unit: ""), [1_000_000]),
    ])
    let text = text(table, width: 28)
    #expect(text.contains("employment") && text.contains("lq"))
    #expect(text.contains("no room for: remark"))
  }

  @Test func nothingIsTooNarrow() {
    for width in 1...80 {
      let lines = text(years, width: width).split(separator: "\n")
      #expect(lines.contains { $0.hasPrefix("state") || $0.hasPrefix("st") || width < 5 })
    }
  }

  @Test func coloursSayWhatIsNegativeStrongOrEstimated() {
    let table = Table(columns: [
      numbers("lq", .ratio, [1.5, 0.7, .estimated(2), .estimated(0.5)]),
      numbers("growth", .percent, [-0.1, 0.1, .estimated(-0.2), .missing]),
    ])
    let text = render(table, as: .table, options: RenderOptions(isColored: true))
    for painted in ["\u{1B}[32m1.50", "\u{1B}[31m-10.0%", "\u{1B}[2;32m2.00~", "\u{1B}[2;31m-20.0%~", "\u{1B}[2m0.50~"]
    {
      #expect(text.contains(painted), "\(painted)")
    }
    #expect(!text.contains("\u{1B}[32m0.70"))
    #expect(!render(table, as: .table).contains("\u{1B}"))
  }
}
