import ClusterQuery
import Foundation
import Testing

/// Tables and verbs are their measures, and keep what they must.
@Suite struct TableIdentityTests {
  @Test func tablesAreTheirMeasures() throws {
    let profile = try Answers.rows("profile(\"Ohio\")")
    let measures = try Answers.rows(
      "table(employment, share, lq = lq(among:traded), rank = place_rank(lq(among:traded)), strong, avg_wage, job_creation, by:[state, cluster], state:\"Ohio\", cluster:traded)"
    )
    #expect(profile.count == measures.count && profile.count > 40)
    for row in profile { #expect(measures.contains(row)) }
    let strong = try Answers.rows("strong_clusters(\"Ohio\")")
    #expect(
      Set(strong.map { $0["cluster"] ?? "" })
        == Set(measures.filter { $0["strong"] == "true" }.map { $0["cluster"] ?? "" }))
    let alike = try Answers.rows("similarity(with:\"Ohio\", by:state) | where state != \"Ohio\" | top 4")
    #expect(try Answers.rows("peers(\"Ohio\", n:4)") == alike)
    let quotients = try Answers.rows("table(lq, by:cluster, in:\"Ohio\", cluster:traded)")
    let strengths = Set(quotients.filter { Double($0["lq"] ?? "") ?? 0 >= 1.2 }.compactMap { $0["cluster"] })
    let pairs = try Answers.rows("cluster_relatedness").filter {
      strengths.contains($0["cluster"] ?? "") && $0["related_avg_state"] == "known"
    }
    let options = try Answers.rows("opportunities(\"Ohio\")")
    #expect(options.count > 10 && strengths.count > 5)
    for row in options {
      #expect(!strengths.contains(row["cluster"] ?? ""))
      let percentiles = try pairs.filter { $0["related_cluster"] == row["cluster"] }.map {
        try Answers.number($0, "relatedness_percentile")
      }
      Answers.expect(row, "relatedness", percentiles.reduce(0, +) / Double(percentiles.count))
      Answers.expect(row, "links", Double(percentiles.count { $0 >= 80 }))
    }
    let industry = "Motor Vehicle Parts Manufacturing"
    let flows = try Answers.rows("mx_io_flows | where destination == \"\(industry)\"")
    let all = try flows.reduce(0) { try $0 + Answers.number($1, "value") }
    for row in try Answers.rows("suppliers(\"\(industry)\", n:6)") {
      let flow = try #require(flows.first { $0["origin"] == row["origin"] })
      #expect(flow["value"] == row["value"])
      Answers.expect(row, "value_share", try Answers.number(flow, "value") / all)
    }
    let sold = try Answers.rows("mx_io_flows | where origin == \"\(industry)\"").compactMap {
      Double($0["value"] ?? "")
    }
    let customers = try Answers.rows("customers(\"\(industry)\", n:6)").compactMap { Double($0["value"] ?? "") }
    #expect(customers == Array(sold.sorted(by: >).prefix(6)))
    let card = try Answers.rows("scorecard()")
    let columns = try Answers.rows(
      "table(employment, cagr, establishments, establishment_growth, avg_wage, establishment_size, cluster_strength, krugman, by:state)"
    )
    #expect(card == columns && card.count > 50)
    let related = try Answers.rows("related_to(\"Aerospace Vehicles and Defense\", min_percentile:80)")
    let links = try Answers.rows("cluster_relatedness").filter {
      $0["cluster"] == "Aerospace Vehicles and Defense" && $0["related_cluster"] != $0["cluster"]
        && (Double($0["relatedness_percentile"] ?? "") ?? 0) >= 80
    }
    #expect(Set(related.map { $0["related_cluster"] ?? "" }) == Set(links.map { $0["related_cluster"] ?? "" }))
  }

  /// The U.S. Cluster Mapping Project publishes beside the percentiles which pairs it calls related. (Of all 2,550 pairs 12 differ: at the
  /// threshold the percentiles are rounded, and a few pairs far above it are not marked.)
  @Test(arguments: ["Automotive", "Biopharmaceuticals", "Furniture", "Insurance Services"])
  func relatedClustersAreThosePublished(_ cluster: String) throws {
    let published = try Answers.rows("cluster_relatedness | where cluster == \"\(cluster)\" and related_90 == 1")
    let found = try Answers.rows("related_to(\"\(cluster)\")").compactMap { $0["related_cluster"] }
    #expect(!found.isEmpty)
    #expect(Set(found + [cluster]) == Set(published.compactMap { $0["related_cluster"] } + [cluster]))
  }

  @Test func pairsAreTheMeasure() throws {
    let world = try RandomFacts(seed: 3)
    let one = try Answers.rows(world.text + "similarity(with:\"Ohio\", over:naics2, by:state, year:2014, data:mine)")
    let all = try Answers.rows(
      world.text
        + "employment(by:[state, naics2], year:2014, data:mine) | similarities row:state, column:naics2, value:employment"
    )
    for row in one where row["state"] != "Ohio" {
      let pair = try #require(
        all.first { Set([$0["state"], $0["with"]]) == Set([row["state"], "Ohio"]) }, "\(row["state"] ?? "")")
      Answers.expect(pair, "similarity", try Answers.number(row, "similarity"))
    }
    let near = try Answers.rows(world.text + "proximity(with:\"11\", by:naics2, year:2014, data:mine)")
    let pairs = try Answers.rows(
      world.text
        + "employment(by:[state, naics2], year:2014, data:mine) | proximities place:state, activity:naics2, of:employment"
    )
    for row in near where row["naics2_code"] != "11" {
      let pair = try #require(
        pairs.first { Set([$0["naics2_code"], $0["with_code"]]) == Set([row["naics2_code"], "11"]) })
      Answers.expect(pair, "proximity", try Answers.number(row, "proximity"))
    }
  }

  /// 1 less the density; among what a place is not specialised in, its score.
  @Test func distancesOfOptions() throws {
    let world = try RandomFacts(seed: 4)
    let rows = try Answers.rows(
      world.text
        + "table(density, activity_distance, relative_density, presence, by:[state, naics2], year:2014, data:mine)")
    for row in rows where row["density"] != "" {
      Answers.expect(row, "activity_distance", try 1 - Answers.number(row, "density"))
      guard row["relative_density"] != "" else { continue }
      let options = try rows.filter { $0["state"] == row["state"] && $0["presence"] == "0" && $0["density"] != "" }
        .map { try Answers.number($0, "density") }
      let mean = options.reduce(0, +) / Double(options.count)
      let squares = options.reduce(0) { $0 + pow($1 - mean, 2) }
      let score = try (Answers.number(row, "density") - mean) / (squares / Double(options.count - 1)).squareRoot()
      if row["presence"] == "0" { Answers.expect(row, "relative_density", score) }
    }
  }

  @Test func theilOfParts() throws {
    let query = "by:cluster, over:county, year:2021, cluster:[\"Automotive\", \"Apparel\"]"
    for row in try Answers.rows(
      "table(whole = theil_conc(over:county), parts = theil_conc_parts, \(query.replacing(", over:county", with: "")))")
    {
      Answers.expect(row, "parts", try Answers.number(row, "within") + Answers.number(row, "between"))
    }
  }

  // MARK: - What is published

  @Test func boundsHoldTheEstimate() throws {
    let rows = try Answers.rows("lq_bounds(by:cluster, state:\"Washington\", year:2020)").filter { $0["low"] != "" }
    #expect(rows.count > 40)
    for row in rows where row["lq"] != "" {
      let (low, value, high) = (
        try Answers.number(row, "low"), try Answers.number(row, "lq"), try Answers.number(row, "high")
      )
      #expect(low <= value + 1e-12 && value <= high + 1e-12, "\(row)")
    }
  }

  @Test func coverageIsTheKnownPart() throws {
    let cells = try Answers.table("employment(by:naics4, state:\"Wyoming\", year:2020)")
    let row = try #require(
      try Answers.rows(
        "table(coverage(over:naics4), hidden_cells(over:naics4), employment, by:state, state:\"Wyoming\", year:2020)"
      ).first)
    let column = try #require(cells.columns.first { $0.name == "employment" })
    guard case .numbers(let values, let states, _) = column.values else { return }
    let known = zip(values, states).filter { $0.1 == .known }.reduce(0) { $0 + $1.0 }
    Answers.expect(row, "coverage", try known / Answers.number(row, "employment"))
    #expect(try Answers.number(row, "hidden_cells") == Double(states.count { $0 == .estimated || $0 == .withheld }))
  }
}
