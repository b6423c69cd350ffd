import CQBundledData
import ClusterQuery
import Testing

/// Concordances, clusters and other verbs of the library through the language, on the bundled data.
@Suite struct MethodQueryTests {
  private func number(_ row: [String: String], _ column: String) throws -> Double {
    try #require(row[column].flatMap { Double($0) }, "no number in \(column)")
  }

  // MARK: - Concordances

  @Test(arguments: [
    ("naics2007", "naics2012"), ("naics2007", "naics2022"), ("naics2007", "isic4"), ("naics2007", "scian2018"),
  ])
  func totalsAreKeptFromEditionToEdition(from: String, to: String) throws {
    let before = try Answers.rows("establishments(by:naics6, year:2011, data:us_cbp_state)")
    let total = try before.reduce(0) { try $0 + number($1, "establishments") }
    let after = try Answers.rows(
      "establishments(by:naics6, year:2011, data:us_cbp_state) | concord code:naics6, value:establishments, from:\(from), to:\(to)"
    )
    let sum = try after.reduce(0) { try $0 + number($1, "value") }
    #expect(abs(sum - total) < 1e-6 * total && after.count > 300)
    let unmatched = try after.filter { $0["code"] == "unmatched" }.reduce(0) { try $0 + number($1, "value") }
    #expect(unmatched < 0.02 * total, "\(from) to \(to): \(unmatched)")
  }

  /// 722110 of 2007 is 722511 of 2012, with the same number.
  @Test func oneToOneCodesKeepTheirNumber() throws {
    let query = "employment(by:[state, naics6, year], state:[\"Ohio\", \"Iowa\"], year:2010..2011, data:us_cbp_state)"
    let before = try Answers.rows(query).filter { ($0["naics6"] ?? "").hasPrefix("Full-Service Restaurants") }
    let after = try Answers.rows(
      query + " | concord code:naics6, value:employment, place:state, year:year, from:naics2007, to:naics2012"
    ).filter { $0["code"] == "722511" }
    #expect(after.count == 4)
    for row in after {
      let same = try #require(before.first { $0["state"] == row["state"] && $0["year"] == row["year"] })
      #expect(same["employment"] == row["value"])
    }
  }

  /// Clusters of the leaves are those that the catalogue groups by.
  @Test func industriesGoToTheirClusters() throws {
    let ours = try Answers.rows(
      "establishments(by:naics6, state:\"Ohio\", year:2011, data:us_cbp_state) | concord code:naics6, value:establishments, from:naics2007, to:cluster"
    )
    let clusters = try Answers.rows("establishments(by:cluster, state:\"Ohio\", year:2011, data:us_cbp_state)")
    #expect(clusters.count > 60)
    for cluster in clusters {
      let row = try #require(ours.first { $0["title"] == cluster["cluster"] }, "\(cluster)")
      let difference = try abs(number(row, "value") - number(cluster, "establishments"))
      #expect(try difference <= 0.02 * number(cluster, "establishments") + 2, "\(cluster)")
    }
  }

  @Test func placesStayPlacesAndYearsStayYears() throws {
    let rows = try Answers.rows(
      """
      employment(by:[state, naics4, year], state:"Ohio", year:2010..2011, data:us_cbp_state)
        | concord code:naics4, value:employment, place:state, year:year, from:naics2007, to:cluster
        | sort value desc
        | where year == 2011
        | first 3
      """)
    #expect(rows.count == 3 && rows.allSatisfy { $0["state"] == "Ohio" && $0["year"] == "2011" })
  }

  @Test func plainTablesAreLinksToo() throws {
    let table = try Answers.table(
      "naics_products | concord code:naics, value:weight, from:naics, to:product, links:naics_products")
    let sum = try table.numbers("value").compactMap { $0 }.reduce(0, +)
    let before = try Answers.table("naics_products").numbers("weight").compactMap { $0 }.reduce(0, +)
    #expect(abs(sum - before) < 1e-6 * before)
    let none = try Answers.table(
      "naics_products | concord code:naics, value:weight, from:cluster, to:naics2017")
    #expect(none.notes.contains { $0.text.contains("no way from \"cluster\"") })
    let wrong = try Answers.table(
      "naics_products | concord code:naics, value:weight, from:nace, to:product, links:naics_products")
    #expect(wrong.notes.contains { $0.text.contains("has the columns") })
  }

  // MARK: - Clusters

  @Test func theSameTableGivesTheSameClusters() throws {
    let query =
      "exports(by:[state, naics3], in:\"Mexico\", year:2018) | detect_clusters industry:naics3, place:state, employment:exports, flows:mx_io_flows, k:8"
    let (one, other) = (try Answers.rows(query), try Answers.rows(query))
    #expect(one == other && one.count > 15)
    #expect(Set(one.compactMap { $0["cluster"] }).count == 8)
    func cluster(_ name: String) -> String? { one.first { $0["naics3"] == name }?["cluster"] }
    #expect(cluster("Oil and Gas Extraction") == cluster("Petroleum and Coal Products Manufacturing"))
    #expect(cluster("Oil and Gas Extraction") != cluster("Food Manufacturing"))
  }

  @Test func tooLittleForClustersIsSaid() throws {
    let table = try Answers.table(
      "employment(by:[state, naics3], state:\"Ohio\", year:2011) | detect_clusters industry:naics3, place:state, employment:employment"
    )
    #expect(table.notes.contains { $0.text.contains("two industries and two places") })
    let links = try Answers.table(
      "employment(by:[state, naics3], year:2011) | related_industries industry:naics3, place:state, employment:employment, method:input_output"
    )
    #expect(links.notes.contains { $0.text.contains("flows: says who delivers") })
  }

  // MARK: - Identities

  /// Upstreamness weighted by final use: Σ U f is the sum of all output and its further uses; here U ≥ 1, and content of imports and value
  /// added make up final demand.
  @Test func importsAndValueAddedMakeUpFinalDemand() throws {
    let content = try Answers.rows("import_content(by:naics4, in:\"Mexico\")")
    let added = try Answers.rows("multiplier(by:naics4, in:\"Mexico\", effect:\"value_added\")")
    #expect(content.count > 200)
    var checked = 0
    for row in content {
      guard let other = added.first(where: { $0["naics4"] == row["naics4"] }),
        let one = Double(row["import_content"] ?? ""),
        let two = Double(other["multiplier"] ?? ""), one > 0
      else { continue }
      // What is left are taxes less subsidies on products.
      #expect(one + two > 0.85 && one + two < 1.15, "\(row["naics4"] ?? ""): \(one + two)")
      checked += 1
    }
    #expect(checked > 150)
    for row in try Answers.rows("upstreamness(by:naics4, in:\"Mexico\")") where row["upstreamness"] != "" {
      #expect(try number(row, "upstreamness") >= 1 && number(row, "downstreamness") >= 1)
    }
  }

  @Test func marginsAddUpAndMultiply() throws {
    for row in try Answers.rows("export_margins(by:state, year:2014..2018, over:naics3, in:\"US\")") {
      guard let change = Double(row["change"] ?? "") else { continue }
      let parts = try number(row, "continuing") + number(row, "new") + number(row, "lost")
      #expect(abs(parts - change) <= 1e-6 * max(1, abs(change)))
    }
    let rows = try Answers.rows(
      "table(extensive_margin(exports), intensive_margin(exports), part = sum(exports, over:product) / sum(exports(region:base), over:product), by:country, in:\"World\", vs:\"World\", data:trade_hs92)"
    )
    #expect(rows.count > 150)
    for row in rows {
      guard let extensive = Double(row["extensive_margin"] ?? ""), let intensive = Double(row["intensive_margin"] ?? "")
      else { continue }
      #expect(try abs(extensive * intensive - number(row, "part")) < 1e-12)
    }
  }

  @Test func whatIsWithinReachContainsThePlace() throws {
    let rows = try Answers.rows("table(population, within_reach(population, km:200), by:state, year:2019)")
    #expect(rows.count > 45)
    for row in rows where row["within_reach"] != "" {
      #expect(try number(row, "within_reach") >= number(row, "population"))
    }
  }

  @Test func multipliersOfTheExportBase() throws {
    let rows = try Answers.rows("table(assignment_multiplier, mixed_multiplier, by:state, year:2011)")
    #expect(rows.count > 45)
    for row in rows { #expect(try number(row, "assignment_multiplier") > number(row, "mixed_multiplier") * 0.9) }
    let slope = try #require(try Answers.rows("regression_multiplier(over:state, year:2011)").first)
    #expect(try number(slope, "regression_multiplier") > 1.5 && number(slope, "r2") > 0.9)
  }

  // MARK: - Huff and classes

  @Test func userClassesHaveTheBoundsThatWereGiven() throws {
    let rows = try Answers.rows(
      "lq(cluster:\"Aerospace\", by:state, year:2011) | derive class = class_of(lq, at:\"0.5, 1, 2\")")
    #expect(rows.count > 20)
    for row in rows {
      let lq = try number(row, "lq")
      #expect(try number(row, "class") == (lq <= 0.5 ? 1 : lq <= 1 ? 2 : lq <= 2 ? 3 : 4))
    }
    let wrong = try Answers.table(
      "lq(cluster:\"Aerospace\", by:state, year:2011) | derive class = class_of(lq, at:\"a, b\")")
    #expect(wrong.notes.contains { $0.text.contains("at: lists the bounds") })
  }
}
