import CQColumns

/// The three coordinates of every fact.
package enum Dimension: String, Sendable {
  case region, activity, period
}

/// A word of one role in every country: usable in `by:` and as a slot (`state:"Ohio"`).
package enum Level: String, Sendable, CaseIterable, Hashable {
  // ORDER: coarse to fine within a dimension.
  case country, state, metro
  case economicArea = "economic_area"
  case county
  case cluster, subcluster, naics2, naics3, naics4, naics5, naics6
  case productGroup = "product_group"
  case product, industry
  case year, quarter, month

  /// Places, from large to small.
  package static let places: [Level] = [.country, .state, .metro, .economicArea, .county]
  /// Activities, from coarse to fine within each classification.
  package static let activities: [Level] = [
    .cluster, .subcluster, .naics2, .naics3, .naics4, .naics5, .naics6, .productGroup, .product, .industry,
  ]

  /// The level that `word` names in the singular or plural, a country's own word for it included (`province`, `entidad`,
  /// `municipio`, `scian4`).
  package init?(word: String) {
    let folded = fold(word)
    if let level = Level(rawValue: folded) {
      self = level
      return
    }
    guard let level = Self.otherWords[folded] else { return nil }
    self = level
  }

  private static let otherWords: [String: Level] = {
    var words: [String: Level] = [
      "province": .state, "entidad": .state, "provinces": .state, "entidades": .state, "municipio": .county,
      "municipios": .county, "census division": .county, "census divisions": .county, "hs2": .productGroup,
      "hs4": .product,
    ]
    for level in Level.allCases {
      words[fold(level.rawValue)] = level
      if level.industryDigits == nil { words[fold(level.plural)] = level }
      if let digits = level.industryDigits { words["scian\(digits)"] = level }
    }
    return words
  }()

  package var dimension: Dimension {
    switch self {
    case .country, .state, .metro, .economicArea, .county: .region
    case .cluster, .subcluster, .naics2, .naics3, .naics4, .naics5, .naics6, .productGroup, .product, .industry:
      .activity
    case .year, .quarter, .month: .period
    }
  }

  /// Digits of an industry code at this level; nil for levels that are not industry codes.
  package var industryDigits: Int? {
    switch self {
    case .naics2: 2
    case .naics3: 3
    case .naics4: 4
    case .naics5: 5
    case .naics6: 6
    default: nil
    }
  }

  package init?(industryDigits: Int) {
    switch industryDigits {
    case 2: self = .naics2
    case 3: self = .naics3
    case 4: self = .naics4
    case 5: self = .naics5
    case 6: self = .naics6
    default: return nil
    }
  }

  /// The bit of this level in the mask `also` of a place.
  var placeBit: UInt8 {
    switch self {
    case .country: 1
    case .state: 2
    case .metro: 4
    case .economicArea: 8
    case .county: 16
    default: 0
    }
  }

  /// `cluster`, `clusters`: for messages.
  package var plural: String {
    switch self {
    case .country: "countries"
    case .economicArea: "economic areas"
    case .county: "counties"
    case .naics2, .naics3, .naics4, .naics5, .naics6: "\(rawValue) industries"
    case .productGroup: "product groups"
    case .industry: "industries"
    default: rawValue + "s"
    }
  }

  package var singular: String {
    switch self {
    case .economicArea: "economic area"
    case .productGroup: "product group"
    case .naics2, .naics3, .naics4, .naics5, .naics6: "\(rawValue) industry"
    default: rawValue
    }
  }

  /// `word` in the singular and in its usual spelling, where it names a level: `Municipios` is `municipio`.
  package static func singular(of word: String) -> String {
    let folded = fold(word)
    guard let level = Level(word: folded) else { return word }
    let own = words(for: level).first { fold($0) == folded }
    if let own { return own }
    switch folded {
    case "provinces": return "province"
    case "entidades": return "entidad"
    case "municipios": return "municipio"
    case "census divisions": return "census_division"
    default: return level.rawValue
    }
  }

  /// The words that name `level` in the singular, its own first.
  package static func words(for level: Level) -> [String] { words.filter { Level(word: $0) == level } }

  /// Every word that names a level in the singular, for suggestions.
  package static let words: [String] =
    allCases.map(\.rawValue) + ["province", "entidad", "municipio", "census_division"]
    + (2...6).map { "scian\($0)" } + ["hs2", "hs4"]
}
