import BundledElaboration
import CQCatalog
import CQColumns
import CQSemantics
import Testing

/// The kinds of expressions, and the mistakes that kinds catch.
@Suite struct KindTests {
  static let persons = ValueType.number(.count(unit: "persons"))
  static let ratio = ValueType.number(.ratio)
  static let percent = ValueType.number(.percent)
  static let dollars = ValueType.number(.money(currency: "USD"))

  static let algebra: [(String, ValueType)] = [
    ("employment", persons), ("lq", ratio), ("share", percent), ("growth", percent), ("avg_wage", dollars),
    ("payroll", dollars), ("employment + employment", persons), ("employment - 100", persons),
    ("employment * 2", persons),
    ("employment * 10%", persons), ("10% * employment", persons), ("employment * (1 + growth)", persons),
    ("employment / employment", ratio), ("employment / 2", persons), ("employment / share", persons),
    ("share + share", percent), ("share - 1%", percent), ("share * share", percent), ("share / share", ratio),
    ("1 + growth", ratio), ("1 - share", ratio), ("payroll / employment", dollars), ("avg_wage * employment", dollars),
    ("avg_wage / avg_wage", ratio), ("avg_wage - 5k USD", dollars), ("-share", percent), ("abs(growth)", percent),
    ("max(share, 5%)", percent), ("round(employment / 3, 1)", persons), ("ln(employment)", ratio), ("sqrt(lq)", ratio),
    ("share ^ 2", ratio), ("if lq > 1 then share else 0%", percent), ("employment ?? 0", persons),
    ("fill(share, 0%)", percent), ("sum(employment)", persons), ("mean(share)", percent),
    ("count(lq)", .number(.count(unit: ""))), ("sum(share, over:subcluster)", percent), ("years", ratio),
    ("lq > 1", .truth), ("share > 5%", .truth), ("lq is withheld", .truth), ("not lq > 1", .truth), ("\"text\"", .text),
    ("if lq > 1 then \"a\" else \"b\"", .text), ("state", .member(.state)),
  ]

  @Test(arguments: algebra) func kindOf(_ expression: String, _ expected: ValueType) throws {
    let query = try Bundled.query("table(employment, lq, share, by:state, cluster:1) | derive x = \(expression)")
    #expect(query.visible.last?.name == "x")
    #expect(query.visible.last?.type == expected)
  }

  static let mistakes: [(String, String)] = [
    ("E0231", "employment(by:state) | derive x = «employment + 5%»"),
    ("E0231", "employment(by:state) | derive x = «5% + employment»"),
    ("E0231", "lq(by:state) | derive x = «lq - growth»"),
    ("E0232", "share(by:cluster) | where share > «5»"), ("E0232", "share(by:cluster) | where «0.05» <= share"),
    ("E0232", "growth(by:state) | where growth in «2»..5%"), ("E0232", "growth(by:state) | where growth in 2%..«5»"),
    ("E0232", "share(by:cluster) | where (share) == «1»"),
    ("E0233", "avg_wage(by:state) | where «avg_wage > 5 EUR»"),
    ("E0233", "avg_wage(by:state) | derive x = «avg_wage + 5 EUR»"),
    ("E0234", "table(avg_wage, employment, by:state) | derive x = «avg_wage + employment»"),
    ("E0234", "table(establishments, employment, by:state) | derive x = «employment - establishments»"),
    ("E0230", "lq(by:state) | derive x = «state» * 2"), ("E0230", "lq(by:state) | where «lq + 1»"),
    ("E0230", "lq(by:state) | where lq > 1 and «lq»"), ("E0230", "lq(by:state) | where not «lq»"),
    ("E0230", "lq(by:state) | derive x = if lq > 1 then 1 else «\"b\"»"),
    ("E0230", "lq(by:state) | where lq == «\"a\"»"),
    ("E0230", "lq(by:state) | derive x = abs(«\"a\"»)"), ("E0230", "lq(by:state) | derive x = sum(«\"a\"»)"),
    ("E0218", "lq(by:state) | derive x = «sqrt(1, 2)»"), ("E0218", "lq(by:state) | derive x = «mod(1)»"),
    ("E0412", "employment(by:state, year:«2008..2011»)"), ("E0206", "lq(by:state) | where lq > «[1, 2]»"),
    ("E0205", "lq(by:state) | derive x = «cluster» + 1"),
  ]

  @Test(arguments: mistakes) func mistake(_ code: String, _ marked: String) {
    _ = Bundled.expect(code, marked)
  }

  @Test(arguments: [
    "share(by:cluster) | where share > 0", "growth(by:state) | where growth < 0",
    "share(by:cluster) | where share in 1%..5%",
    "share(by:cluster) | where share > share(region:base)",
    "lq(by:[state, year], year:2008..2011) | where year >= 2009",
    "lq(by:[state, year], year:2008..2011) | where year in 2009..2010", "avg_wage(by:state) | where avg_wage > 50k USD",
    "avg_wage(by:state) | where avg_wage > 50k",
  ])
  func isAllowed(_ text: String) {
    #expect(Bundled.codes(text) == [])
  }
}
