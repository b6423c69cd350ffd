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
  case cluster, subcluster, naics2, naics3, naics4, naics5, naics6, product
  case year, quarter, month

  /// The level that `word` names, a country's own word for it included (`province`, `entidad`, `municipio`, `scian4`).
  package init?(word: String) {
    let folded = fold(word)
    if let level = Level(rawValue: folded.replacingSpaces()) {
      self = level
      return
    }
    switch folded {
    case "province", "entidad": self = .state
    case "municipio", "census division": self = .county
    case "scian2": self = .naics2
    case "scian3": self = .naics3
    case "scian4": self = .naics4
    case "scian5": self = .naics5
    case "scian6": self = .naics6
    default: return nil
    }
  }

  package var dimension: Dimension {
    switch self {
    case .country, .state, .metro, .economicArea, .county: .region
    case .cluster, .subcluster, .naics2, .naics3, .naics4, .naics5, .naics6, .product: .activity
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

  /// `cluster`, `clusters`: for messages.
  package var plural: String {
    switch self {
    case .country: "countries"
    case .economicArea: "economic areas"
    case .county: "counties"
    case .naics2, .naics3, .naics4, .naics5, .naics6: "\(rawValue) industries"
    default: rawValue + "s"
    }
  }

  package var singular: String {
    switch self {
    case .economicArea: "economic area"
    case .naics2, .naics3, .naics4, .naics5, .naics6: "\(rawValue) industry"
    default: rawValue
    }
  }

  /// Every word that names a level, for suggestions.
  package static let words: [String] =
    allCases.map(\.rawValue) + ["province", "entidad", "municipio", "census_division"]
    + (2...6).map { "scian\($0)" }
}

extension String {
  fileprivate func replacingSpaces() -> String {
    String(map { $0 == " " ? "_" : $0 })
  }
}
