import CQColumns
import Testing

@testable import CQRender

@Suite struct ExportTests {
  @Test func csvHasCodesAndStates() {
    #expect(
      render(aerospace, as: .csv) == """
        state,state_code,lq,lq_state,employment,employment_state,growth,growth_state,avg_wage,avg_wage_state
        Washington,53,5.124,known,80123,known,0.05,known,112345,known
        Kansas,20,4.2,estimated,30456,estimated,-0.123,known,98000.4,known
        Connecticut,09,,withheld,,withheld,,missing,,missing
        Querétaro,MX-22,12.5,known,1200,known,0,estimated,,missing
        Hawaii,15,0.004,known,0,known,1.5,known,45300,estimated

        """)
  }

  @Test func csvQuotesWhatNeedsIt() {
    let table = Table(columns: [
      TableColumn(name: "a,b", values: .texts(["plain", "say \"hi\"", "two\r\nlines", "Fairfax, VA"])),
      TableColumn(name: "year", values: .periods([2003, 2004, 2005, 2006])),
      TableColumn(name: "large", values: .truths([true, false, true, false])),
      numbers("third", .ratio, [.known(1.0 / 3), 0.1, 1e300, -2]),
    ])
    #expect(
      render(table, as: .csv) == """
        "a,b",year,large,third
        plain,2003,true,0.3333333333333333
        "say ""hi\""",2004,false,0.1
        "two\r\nlines",2005,true,1e+300
        "Fairfax, VA",2006,false,-2

        """)
  }

  @Test func namesStayUnique() {
    let table = Table(columns: [
      members("state", [("39", "Ohio")]), TableColumn(name: "state_code", values: .texts(["x"])),
      TableColumn(name: "lq_state", values: .texts(["y"])), numbers("lq", .ratio, [.estimated(1)]),
      numbers("lq", .ratio, [2]),
    ])
    #expect(
      render(table, as: .csv) == """
        state,state_code_2,state_code,lq_state,lq,lq_state_2,lq_2
        Ohio,39,x,y,1,estimated,2

        """)
  }

  @Test func jsonCarriesProvenanceAndStates() {
    var table = aerospace
    table.columns = Array(aerospace.columns.prefix(3))
    #expect(
      render(table, as: .json) == """
        {
          "title": "lq · Aerospace Vehicles and Defense · by state · 2020 · vs United States",
          "dataset": "us_qcew_state",
          "source": "U.S. Bureau of Labor Statistics, QCEW 2020",
          "base": "United States",
          "years": [2020, 2020],
          "columns": [
            {"name": "state", "kind": "text"},
            {"name": "state_code", "kind": "text"},
            {"name": "lq", "kind": "number"},
            {"name": "employment", "kind": "number", "unit": "persons"}
          ],
          "rows": [
            {"state": "Washington", "state_code": "53", "lq": 5.124, "employment": 80123},
            {"state": "Kansas", "state_code": "20", "lq": {"value": 4.2, "state": "estimated"}, \
        "employment": {"value": 30456, "state": "estimated"}},
            {"state": "Connecticut", "state_code": "09", "lq": {"value": null, "state": "withheld"}, \
        "employment": {"value": null, "state": "withheld"}},
            {"state": "Querétaro", "state_code": "MX-22", "lq": 12.5, "employment": 1200},
            {"state": "Hawaii", "state_code": "15", "lq": 0.004, "employment": 0}
          ],
          "notes": [
            {"code": "N0502", "text": "1.9% of the employment behind these rows is estimated"},
            {"code": "", "text": "traded clusters only"}
          ]
        }

        """)
  }

  @Test func jsonOfNothing() {
    #expect(render(Table(columns: []), as: .json).contains("\"rows\": [],\n  \"notes\": []"))
    #expect(render(Table(columns: []), as: .jsonl) == "")
    #expect(render(Table(columns: []), as: .csv) == "")
  }

  @Test func jsonlHasOneObjectPerLine() {
    let table = Table(columns: [
      TableColumn(name: "note", values: .texts(["a \"b\" \\ \n\t\u{1}", "é日"])),
      numbers("x", .percent, [0.05, .missing]),
    ])
    #expect(
      render(table, as: .jsonl) == #"""
        {"note": "a \"b\" \\ \n\t\u0001", "x": 0.05}
        {"note": "é日", "x": {"value": null, "state": "missing"}}

        """#)
  }

  @Test func whatIsNoNumberIsNull() { #expect(JSONText.number(.nan) == "null") }
}
