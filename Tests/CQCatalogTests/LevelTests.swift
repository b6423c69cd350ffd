import CQCatalog
import Testing

struct LevelTests {
  @Test(arguments: [
    ("state", Level.state), ("State", .state), ("province", .state), ("Entidad", .state), ("municipio", .county),
    ("census_division", .county), ("census division", .county), ("Census-Division", .county), ("county", .county),
    ("economic_area", .economicArea), ("economic area", .economicArea), ("naics4", .naics4), ("SCIAN4", .naics4),
    ("scian2", .naics2), ("cluster", .cluster), ("subcluster", .subcluster), ("year", .year), ("states", .state),
    ("Provinces", .state), ("entidades", .state), ("municipios", .county), ("counties", .county),
    ("economic areas", .economicArea), ("clusters", .cluster), ("years", .year), ("industry", .industry),
    ("industries", .industry), ("product_group", .productGroup), ("product groups", .productGroup),
    ("hs2", .productGroup),
    ("product", .product), ("HS4", .product),
  ])
  func wordsNameLevels(word: String, level: Level) {
    #expect(Level(word: word) == level)
  }

  @Test(arguments: ["naics7", "scian", "", "stat", "naics", "économie"])
  func otherWordsDoNot(word: String) {
    #expect(Level(word: word) == nil)
  }

  @Test func everyListedWordIsALevel() {
    for word in Level.words { #expect(Level(word: word) != nil, "\(word)") }
    #expect(Set(Level.words.compactMap { Level(word: $0) }) == Set(Level.allCases), "every level has a word")
  }

  @Test func levelsOfIndustriesHaveDigits() {
    for digits in 0...7 {
      let level = Level(industryDigits: digits)
      #expect(level?.industryDigits == ((2...6).contains(digits) ? digits : nil))
      if let level { #expect(level.rawValue == "naics\(digits)" && level.dimension == .activity) }
    }
  }

  @Test func casesGoFromCoarseToFine() {
    let regions = Level.allCases.filter { $0.dimension == .region }
    #expect(regions == [.country, .state, .metro, .economicArea, .county])
    #expect(Level.allCases.filter { $0.dimension == .period } == [.year, .quarter, .month])
    #expect(Level.places == regions && Level.activities == Level.allCases.filter { $0.dimension == .activity })
    #expect(Level.country < .state && Level.naics2 < .naics6 && Level.county > .metro)
  }

  @Test(arguments: [
    (Level.country, "countries", "country"), (.county, "counties", "county"),
    (.economicArea, "economic areas", "economic area"), (.state, "states", "state"), (.cluster, "clusters", "cluster"),
    (.naics4, "naics4 industries", "naics4 industry"),
  ])
  func wordsForMessages(level: Level, plural: String, singular: String) {
    #expect(level.plural == plural)
    #expect(level.singular == singular)
  }
}
