/// A place as a country's module gives it to the catalogue of regions.
struct RegionRow {
  /// `country`, `state`, `metro`, `economic_area`, `county`.
  var level: String
  /// `US`, `MX`, `CA`; for countries their own code.
  var country: String
  var code: String
  var name: String
  var abbreviation = ""
  /// Code of the state of a county, of the country of everything else, of the continent of a country.
  var parent = ""
  var aliases: [String] = []
  /// Codes of the states that a metro or an economic area touches.
  var states: [String] = []
}

/// A county that belongs to a metro or an economic area in one delineation.
struct MembershipRow {
  var country: String
  var delineation: Int
  var area: String
  var county: String
}

/// Aliases that would mean several members of a level mean none of them.
struct UniqueNames {
  private var owners: [String: String?] = [:]

  /// - Parameter names: Code and name of every member.
  init(_ names: [(code: String, name: String)]) {
    for (code, name) in names {
      let key = MemberNames.folded(name)
      if let owner = owners[key] { owners[key] = owner == code ? code : .some(nil) } else { owners[key] = code }
    }
  }

  func isUnique(_ name: String) -> Bool { (owners[MemberNames.folded(name)] ?? nil) != nil }
}
