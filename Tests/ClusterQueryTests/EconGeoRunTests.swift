import ClusterQuery
import Foundation
import Testing

/// Beside EconGeo 2.0, run on Germany's states by industry (`Tests/Golden/packages.tsv`).
@Suite struct EconGeoRunTests {
  private static let table = "german_states_2015"

  /// A call by place, by activity or by both, each cell beside the package's.
  private func compare(
    _ function: String, _ call: String, _ column: String, within tolerance: Double = 1e-9,
    location: SourceLocation = #_sourceLocation
  ) throws {
    let (text, land, industry) = try GoldenQueryTests().germany()
    let values = try PackageRuns.values("EconGeo " + function, Self.table)
    let rows = try Answers.rows(text + call)
    #expect(rows.count == values.count, "\(function)", sourceLocation: location)
    for row in rows {
      let key = PackageRuns.Key(
        row: row["state"].flatMap { land[$0] } ?? "", column: row["naics2_code"].flatMap { industry[$0] } ?? "")
      let value = try #require(values[key], "\(key)", sourceLocation: location)
      Answers.expect(row, column, value, tolerance, "\(function) \(key)", location: location)
    }
  }

  /// `RCA` rounds to two digits; `location.quotient` does not (case 002).
  @Test func quotients() throws {
    try compare("rca", "lq(like:econgeo, by:[state, naics2], data:jobs)", "lq")
  }

  @Test(arguments: [
    ("entropy", "entropy(like:econgeo, over:naics2, by:state, data:jobs)", "entropy"),
    ("herfindahl", "hhi(over:naics2, by:state, data:jobs)", "hhi"),
    ("hachman", "hachman(over:naics2, by:state, data:jobs)", "hachman"),
    ("krugman_index", "krugman(over:naics2, by:state, data:jobs)", "krugman"),
    ("spec_coeff", "coef_spec(over:naics2, by:state, data:jobs)", "coef_spec"),
  ])
  func mixesOfPlaces(_ function: String, _ call: String, _ column: String) throws {
    try compare(function, call, column)
  }

  @Test(arguments: [
    ("hoover_index", "hoover(like:econgeo, by:naics2, data:jobs)", "hoover"),
    ("hoover_index_population", "hoover(ref:population, like:econgeo, by:naics2, data:[jobs, people])", "hoover"),
    ("locational_gini", "locational_gini(by:naics2, data:jobs)", "locational_gini"),
    ("hoover_gini", "hoover_gini(like:econgeo, by:naics2, data:jobs)", "hoover_gini"),
    (
      "hoover_gini_population", "hoover_gini(ref:population, like:econgeo, by:naics2, data:[jobs, people])",
      "hoover_gini"
    ),
  ])
  func spreadOfActivities(_ function: String, _ call: String, _ column: String) throws {
    try compare(function, call, column)
  }

  /// Its cosine divides by co-occurrences, ours by the places of the two.
  @Test(arguments: [
    ("relatedness_prob", "probability"), ("relatedness_association", "association"),
    ("relatedness_jaccard", "jaccard"),
  ])
  func relatedness(_ function: String, _ method: String) throws {
    try compare(
      function, "proximity(with:\"11\", method:\(method), diagonal:0, by:naics2, data:jobs)", "proximity")
  }

  /// The package rounds to two digits, ours does not.
  @Test func densities() throws {
    try compare(
      "relatedness_density", "density(like:econgeo, by:[state, naics2], data:jobs) | derive d = round(density, 2)", "d")
  }

  /// The package rounds the matrix to four digits before it takes the eigenvector, which leaves three digits here; the vector over its sum
  /// is the same but for that. It turns TCI against ubiquity by itself, ours goes with the index of places: here the other way round.
  @Test(arguments: [
    ("kci", "eci(like:econgeo, over:naics2, by:state, data:jobs)", "eci", 1.0),
    ("tci", "pci(like:econgeo, over:state, by:naics2, data:jobs)", "pci", -1),
  ])
  func complexity(_ function: String, _ call: String, _ column: String, _ sign: Double) throws {
    let (text, land, industry) = try GoldenQueryTests().germany()
    let values = try PackageRuns.values("EconGeo " + function, Self.table)
    let largest = values.values.map(abs).max() ?? .nan
    for row in try Answers.rows(text + call) {
      let key = PackageRuns.Key(
        row: row["state"].flatMap { land[$0] } ?? "", column: row["naics2_code"].flatMap { industry[$0] } ?? "")
      let (ours, theirs) = (try #require(row[column].flatMap { Double($0) }), try #require(values[key]))
      #expect(abs(ours - sign * theirs) < 2e-3 * largest, "\(function) \(key): \(ours), not \(theirs)")
    }
  }

  /// The package weighs with quotients of two digits.
  @Test func incomesOfProducts() throws {
    try compare(
      "prody", "prody(income:population, over:state, by:naics2, data:[jobs, people])", "prody", within: 5e-3)
    try compare(
      "expy", "expy(income:population, over:naics2, by:state, data:[jobs, people])", "expy", within: 5e-3)
  }
}
