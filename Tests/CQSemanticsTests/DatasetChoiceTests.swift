import BundledElaboration
import CQCatalog
import CQSemantics
import Testing

/// Which dataset, which years.
@Suite struct DatasetChoiceTests {
  private func frame(_ text: String) throws -> Frame {
    let query = try Bundled.query(text)
    guard case .frame(let frame, _) = query.source else {
      throw NoFrame()
    }
    return frame
  }

  struct NoFrame: Error {}

  @Test(arguments: [
    ("employment(by:state)", "us_qcew_state"), ("employment(year:2007)", "us_cbp_state"),
    ("published_lq(by:state, cluster:1)", "us_cluster_map_2016"), ("employment(year:2016)", "us_cluster_map_2016"),
    ("growth(year:2003..2011)", "us_cbp_state"), ("employment(by:state, data:us_cbp_state)", "us_cbp_state"),
    ("employment(by:state) | where published_lq > 0", "us_cluster_map_2016"),
    ("employment(by:naics5, in:\"Ohio\")", "us_qcew_state"),
  ])
  func isChosen(_ text: String, _ dataset: String) throws {
    #expect(try frame(text).dataset.name == dataset)
  }

  @Test(arguments: [
    ("employment(by:state)", [2020]), ("employment(by:[state, year])", [2019, 2020]),
    ("employment(year:2005)", [2005]), ("employment(by:year, year:2008..2010)", [2008, 2009, 2010]),
    ("employment(data:us_cbp_state)", [2011]),
  ])
  func years(_ text: String, _ expected: [Int]) throws {
    #expect(try frame(text).years == expected)
  }

  @Test(arguments: [
    ("growth(by:state)", 2019...2020), ("growth(by:state, data:us_cbp_state)", 2006...2011),
    ("growth(by:cluster, data:us_cbp_state)", 2006...2011), ("growth(by:naics4, data:us_cbp_state)", 2008...2011),
    ("growth(by:naics4, year:2003..2007)", 2003...2007),
  ])
  func defaultRanges(_ text: String, _ expected: ClosedRange<Int>) throws {
    #expect(try frame(text).range == expected)
  }

  @Test(arguments: [
    ("E0331", "growth(by:naics6, year:«2003..2011»)"), ("E0331", "growth(by:naics4, in:\"Ohio\", year:«2007..2008»)"),
    ("E0321", "employment(year:«1950»)"), ("E0321", "employment(by:«county», in:\"Canada\")"),
    ("E0323", "«growth(year:2011)»"), ("E0324", "«growth(data:us_cluster_map_2016)»"),
    ("E0306", "employment(naics6:«519130», year:2005)"),
    ("E0322", "table(«federal_employment», published_lq, by:state, cluster:1)"),
    ("E0411", "«published_lq(by:state, cluster:[1, 4])»"), ("E0411", "«published_lq(by:cluster, state:[39, 19])»"),
    ("E0221", "lq(by:state, cluster:traded, «naics4»:3364)"), ("E0221", "lq(by:cluster, in:39, «in»:19)"),
  ])
  func isRefused(_ code: String, _ marked: String) {
    _ = Bundled.expect(code, marked)
  }
}
