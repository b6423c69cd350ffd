import CQBundledData
import ClusterQuery
import Testing

/// Clusters beside what the U.S. Cluster Mapping Project published, and tables made by definitions.
@Suite struct ClusterTests {
  private func numbers(_ table: ResultTable, _ name: String) throws -> [Double?] {
    let column = try #require(table.columns.first { $0.name == name }, "no column \(name)")
    guard case .numbers(let values, let states, _) = column.values else { return [] }
    return zip(values, states).map { $1.hasValue ? $0 : nil }
  }

  @Test func strongClustersAreThoseThatThePublishersName() throws {
    let table = try Answers.table(
      """
      table(strong, strong_cluster, by:[state, cluster], cluster:traded, data:us_cluster_map_2016)
        | summarize both = sum(if strong and strong_cluster == 1 then 1 else 0), ours = sum(if strong then 1 else 0),
          theirs = sum(strong_cluster), cells = count(strong_cluster)
      """)
    #expect(try numbers(table, "both") == [512] && numbers(table, "ours") == [512] && numbers(table, "theirs") == [512])
    #expect(try numbers(table, "cells") == [2_550])
  }

  @Test func quotientsAmongTradedClustersAreThosePublished() throws {
    let table = try Answers.table(
      "table(ours = lq(like:\"cluster_mapping\"), published_lq, by:[state, cluster], cluster:traded, data:us_cluster_map_2016)"
    )
    let pairs = zip(try numbers(table, "ours"), try numbers(table, "published_lq"))
    var count = 0
    for case (let ours?, let theirs?) in pairs {
      count += 1
      #expect(abs(ours - theirs) < 1e-5)
    }
    #expect(count > 2_400)
  }

  /// The published wage is of payrolls in thousands and printed in whole dollars.
  @Test func ranksAndWagesAreThosePublished() throws {
    let table = try Answers.table(
      """
      table(rank_here = place_rank(lq(like:"cluster_mapping")), published_lq_rank, avg_wage, published_wage,
        by:[state, cluster], cluster:traded, data:us_cluster_map_2016)
      """)
    var ranks = 0
    for case (let ours?, let theirs?) in zip(try numbers(table, "rank_here"), try numbers(table, "published_lq_rank")) {
      ranks += 1
      #expect(ours == theirs)
    }
    var wages = 0
    for case (let ours?, let theirs?) in zip(try numbers(table, "avg_wage"), try numbers(table, "published_wage"))
    where theirs > 0 {
      wages += 1
      #expect(abs(ours / theirs - 1) < 1e-3)
    }
    #expect(ranks > 2_400 && wages > 2_000)
  }

  @Test func strengthIsTheStrongPartOfTheTradedJobs() throws {
    let table = try Answers.table(
      """
      table(cluster_strength, traded_jobs = employment(activity:traded), by:state, year:2011)
        | join (table(employment, strong, by:[state, cluster], cluster:traded, year:2011)
          | where strong | summarize strong_jobs = sum(employment), by:state), on:state
      """)
    let (strength, traded) = (try numbers(table, "cluster_strength"), try numbers(table, "traded_jobs"))
    let jobs = try numbers(table, "strong_jobs")
    var count = 0
    for row in 0..<table.rowCount {
      guard let part = strength[row], let whole = traded[row] else { continue }
      count += 1
      #expect(abs(part * whole - (jobs[row] ?? 0)) < 1e-6 * whole)
    }
    #expect(count >= 50)
  }

  @Test func definitionsThatAreTablesTakeParameters() throws {
    let profile = try Answers.table("profile(\"Ohio\")")
    #expect(
      profile.columns.map(\.name).prefix(4) == ["state", "cluster", "employment", "share"] && profile.rowCount > 40)
    #expect(profile.columns.map(\.name).suffix(3) == ["actual", "expected", "difference"])
    #expect(try Answers.table("peers(\"Ohio\", n:3)").rowCount == 3)
    #expect(try Answers.table("related_to(\"Aerospace\", min_percentile:80)").rowCount == 2)
    #expect(try Answers.table("def mine(n = 3) = employment(by:state) | top n\nmine(n:2)").rowCount == 2)
    #expect(
      try Answers.table("def mine(place) = lq(by:cluster, in:place) | top 4\nlet x = mine(\"Iowa\")\nx | first 1")
        .rowCount == 1)
  }

  @Test func wordsForOptionsAreChecked() throws {
    #expect(try Answers.table("lq(cluster:\"Aerospace\", by:state, method:symmetric) | top 1").rowCount == 1)
    for text in [
      "lq(by:state, method:\"symetric\")", "shift_share(by:state, method:dun)", "profile(\"Ohio\", state:\"Iowa\")",
      "stars(by:[state, cluster], scheme:\"eco2008\")",
    ] {
      #expect(throws: Diagnostics.self, "\(text)") { _ = try Answers.table(text) }
    }
  }

  @Test func otherNamesMeanTheSame() throws {
    let table = try Answers.table(
      "table(lq, a = cociente_localizacion, b = ql, by:state, cluster:\"Aerospace\", year:2011)")
    #expect(try numbers(table, "lq") == numbers(table, "a") && numbers(table, "lq") == numbers(table, "b"))
  }

  /// Sums of shift-share, by every method.
  @Test(arguments: ["dunn", "esteban", "arcelus"]) func componentsAddUp(_ method: String) throws {
    let table = try Answers.table("shift_share(by:state, year:2008..2011, method:\"\(method)\")")
    let columns = try table.columns.dropFirst().map { try numbers(table, $0.name) }
    let actual = try #require(columns.last)
    #expect(table.rowCount > 50)
    for row in 0..<table.rowCount {
      guard let whole = actual[row] else { continue }
      let parts = columns.dropLast().reduce(0) { $0 + ($1[row] ?? .nan) }
      #expect(abs(parts - whole) < 1e-6 * max(1, abs(whole)), "\(method) row \(row)")
    }
  }

  @Test func varietyAddsUpToTheEntropy() throws {
    let table = try Answers.table(
      "table(u = unrelated_variety, r = related_variety, e = entropy(over:naics4, log:\"2\"), by:state, year:2011) | derive gap = abs(u + r - e)"
    )
    #expect(try numbers(table, "gap").allSatisfy { ($0 ?? 1) < 1e-12 })
  }

  /// One region, one industry, nothing at all: numbers or stated gaps, never a trap.
  @Test(arguments: [
    "krugman(by:state, state:\"Ohio\", vs:\"Ohio\", year:2011)",
    "rdi(by:state, state:\"Ohio\", vs:\"Ohio\", year:2011)",
    "hoover(by:cluster, in:\"Rhode Island\", over:state, year:2011)",
    "ellison_glaeser(by:cluster, in:\"Rhode Island\", over:state, year:2011)",
    "hhi(by:state, cluster:\"Aerospace\", normalize:true, year:2011)",
    "standardized(by:state, cluster:\"Coal Mining\", year:2011)",
    "entropy(by:county, in:\"Wyoming\", normalize:true)", "gini_spec(by:county, in:\"Delaware\")",
    "related_variety(by:county, in:\"Wyoming\")", "cluster_strength(by:county, in:\"Wyoming\")",
    "shrunk_lq(by:[county, cluster], in:\"Delaware\")",
    "bartik(by:state, state:\"Ohio\", vs:\"Ohio\", year:2008..2011)",
  ])
  func edgesGiveNumbersOrGaps(_ text: String) throws {
    let table = try Answers.table(text)
    for column in table.columns {
      guard case .numbers(let values, _, _) = column.values else { continue }
      let areFinite = values.allSatisfy { $0.isFinite }
      #expect(areFinite, "\(text)")
    }
  }
}
