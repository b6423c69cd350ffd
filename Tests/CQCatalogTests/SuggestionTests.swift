import CQCatalog
import Testing

@testable import struct CQCatalog.EditDistances

struct SuggestionTests {
  private let catalog: Catalog

  init() throws { catalog = try BundledCatalog.open() }

  @Test(arguments: [
    ("Aerospce", "1"), ("Aerospase", "1"), ("aerospace vehicals", "1"), ("tourisim", "22"), ("Turism", "22"),
    ("hospitalty", "22"), ("logisitcs", "45"), ("electronic comerce", "10"), ("e-comerce", "10"),
    ("biofarmaceutical", "5"), ("automotiv", "4"), ("Aérospacial", "1"), ("furnitur", "21"), ("footware", "19"),
    ("jewelery", "25"), ("Financal Services", "16"), ("information tecnology", "23"), ("plastcs", "38"),
    ("medcal devices", "30"), ("oil and gaz", "35"), ("agricutural", "2"),
  ])
  func clustersAreFoundByMistypedNames(text: String, code: String) {
    let found = catalog.list(.cluster).suggest(text)
    #expect(found.first?.code == code, "\(text) → \(found.map(\.name))")
  }

  @Test(arguments: [
    ("Massachusets", "MA"), ("Massachussetts", "MA"), ("Conneticut", "CT"), ("Califronia", "CA"), ("Calfornia", "CA"),
    ("Pensylvania", "PA"), ("Tenessee", "TN"), ("Missisippi", "MS"), ("Ilinois", "IL"), ("Arkansaw", "AR"),
    ("Nort Dakota", "ND"), ("New Yrok", "NY"), ("washingtn", "WA"), ("Hawai", "HI"), ("Virgina", "VA"),
    ("West Virgina", "WV"), ("Nueva Yrok", "NY"), ("Louisana", "LA"), ("Texs", "TX"), ("Ohoi", "OH"),
  ])
  func statesAreFoundByMistypedNames(text: String, abbreviation: String) {
    let found = catalog.list(.state).suggest(text)
    #expect(found.first?.abbreviation == abbreviation, "\(text) → \(found.map(\.name))")
  }

  @Test(arguments: ["xyzzy", "qqqqqqqq", "", "   ", "!!!", "Lorem ipsum dolor", "東京", "zz", "Aerospace Qzxwv"])
  func nonsenseFindsNothing(text: String) {
    #expect(catalog.list(.cluster).suggest(text).isEmpty)
    #expect(catalog.list(.state).suggest(text).isEmpty)
  }

  @Test func theBestComesFirstAndNothingTwice() {
    let candidates = ["growth", "growths", "share", "growth", "broth"]
    #expect(suggestions(for: "growht", among: candidates) == ["growth"])
    #expect(suggestions(for: "growth", among: candidates, limit: 2) == ["growth"])
    #expect(suggestions(for: "grwth", among: ["growths", "growth"], limit: 2) == ["growth"])
    #expect(suggestions(for: "growth", among: [], limit: 2).isEmpty)
  }

  @Test func shortWordsMustBeExact() {
    #expect(suggestions(for: "by", among: ["my", "be", "bye"]).isEmpty)
    #expect(suggestions(for: "by", among: ["by"]) == ["by"])
  }

  @Test(arguments: [
    ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("abc", "abc", 0), ("abc", "abd", 1), ("abc", "acb", 1),
    ("abc", "bca", 2), ("kitten", "sitting", 3), ("ca", "abc", 3), ("aerospce", "aerospace", 1),
  ])
  func distanceCountsEditsAndSwaps(one: String, other: String, distance: Int) {
    // Likely edits cost nine tenths.
    var distances = EditDistances()
    for (lhs, rhs) in [(one, other), (other, one)] {
      let found = distances.between(Array(lhs.utf8)[...], Array(rhs.utf8)[...], atMost: 9)
      #expect(found.map { ($0 + 9) / 10 } == distance)
      #expect(distances.between(Array(lhs.utf8)[...], Array(rhs.utf8)[...], atMost: distance) == found)
      #expect(distance == 0 || distances.between(Array(lhs.utf8)[...], Array(rhs.utf8)[...], atMost: 0) == nil)
    }
  }
}
