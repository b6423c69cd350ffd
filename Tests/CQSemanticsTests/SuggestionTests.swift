import BundledElaboration
import CQSource
import Testing

/// A typo in any kind of name gives one message, at its place, with the right name as the first fix.
@Suite struct TypoTests {
  static let typos: [(String, String, String)] = [
    ("E0201", "«emplyment»(by:state)", "employment"), ("E0201", "table(«avg_wge», lq, by:state)", "avg_wage"),
    ("E0201", "«shiftshare»(by:state, year:2008..2011)", "shift_share"), ("E0201", "«LQQ»(by:state)", "lq"),
    ("E0202", "lq(by:state, «clustr»:1)", "cluster"), ("E0202", "lq(by:state, «yaer»:2020)", "year"),
    ("E0202", "table(lq, by:state, «supressed»:exclude)", "suppressed"),
    ("E0203", "lq(by:state) | «wher» lq > 1", "where"), ("E0203", "lq(by:state) | «slect» lq", "select"),
    ("E0203", "lq(by:state) | «sumarize» n = count(lq)", "summarize"),
    ("E0203", "lq(by:state) | «filter» lq > 1", "where"),
    ("E0301", "lq(by:state, cluster:«\"Aerospce\"»)", "\"Aerospace Vehicles and Defense\""),
    ("E0301", "lq(by:state, cluster:«\"automtive\"»)", "\"Automotive\""),
    ("E0301", "employment(in:«\"Ohoi\"»)", "\"Ohio\""),
    ("E0301", "employment(state:«\"Massachussets\"»)", "\"Massachusetts\""),
    ("E0301", "employment(naics4:«\"Motor Vehicle Manufacturng\"»)", "\"Motor Vehicle Manufacturing\""),
    ("E0301", "employment(naics2:«44»)", "\"Retail Trade\""),
    ("E0302", "employment(state:«Ohio»)", "\"Ohio\""), ("E0302", "lq(by:state) | where state == «Ohio»", "\"Ohio\""),
    ("E0310", "lq(by:«sate»)", "state"), ("E0310", "hhi(by:state, over:«clusers»)", "cluster"),
    ("E0310", "lq(by:[cluster, «yar»])", "year"), ("E0311", "lq(by:state, data:«us_qcew»)", "us_qcew_state"),
    ("E0313", "lq(by:state, suppressed:«estimates»)", "estimate"),
    ("E0403", "lq(by:state) | sort «lqq»", "lq"),
    ("E0403", "employment(by:state) | rename jobs = «employmnt»", "employment"),
    ("E0403", "employment(by:state) | derive x = employment / sum(employment, by:«sate»)", "state"),
    ("E0403", "states | where «nme» == \"Ohio\"", "name"),
  ]

  @Test(arguments: typos) func isFound(_ code: String, _ marked: String, _ expected: String) {
    let diagnostic = Bundled.expect(code, marked)
    #expect(diagnostic?.fixes.first?.replacement == expected)
    #expect(diagnostic?.fixes.first?.span == diagnostic?.span)
  }

  @Test(arguments: ["lq(cluster:\"qqqqq\")", "qqqqq(by:state)", "lq(by:state) | qqqqq", "lq(by:state) | sort qqqqq"])
  func nothingCloseNothingSuggested(_ text: String) {
    let source = SourceText(name: "test", text: text)
    let found = Bundled.elaborate(source, Bundled.library).diagnostics
    #expect(found.count == 1)
    #expect(found.first?.fixes.isEmpty == true)
  }
}
