// How places belong together: county → state → country → North America, and metros and economic areas of counties.

extension Catalog {
  /// The member right above `member`: state → country, county → state, country → North America, subcluster → cluster,
  /// an industry → the industry of fewer digits.
  package func parent(of member: Member) -> Member? {
    guard !member.parent.isEmpty else { return nil }
    switch member.level {
    case .country: return list(.country).member(code: member.parent, country: member.parent)
    case .state, .metro, .economicArea: return list(.country).member(code: member.country, country: member.country)
    case .county: return list(.state).member(code: member.parent, country: member.country)
    case .subcluster: return list(.cluster).member(code: member.parent)
    case .productGroup, .product: return list(.productGroup).member(code: member.parent)
    case .naics2, .naics3, .naics4, .naics5, .naics6, .industry:
      let levels: [Level] = [.naics5, .naics4, .naics3, .naics2, .naics6, .industry]
      for level in levels {
        for owner in ["", member.country] {
          if let parent = list(level).member(code: member.parent, country: owner), parent != member { return parent }
        }
      }
      return nil
    case .cluster, .year, .quarter, .month: return nil
    }
  }

  /// `member` and every member above it, from the inside out.
  package func ancestors(of member: Member) -> [Member] {
    var found: [Member] = [member]
    // A damaged file could make a ring.
    while let next = found.last.flatMap({ parent(of: $0) }), !found.contains(next) { found.append(next) }
    return found
  }

  /// Whether all of the place `member` lies in the place `area`.
  ///
  /// Complexity: O(1), O(states) for a metro in a state, O(counties) for areas in a metro.
  ///
  /// - Parameter delineation: Of metros; the latest when nil.
  package func isInside(_ member: Member, _ area: Member, delineation: Int? = nil) -> Bool {
    if member == area { return true }
    guard member.level.dimension == .region, area.level.dimension == .region else { return false }
    if area.level == .country {
      return member.country == area.code
        || list(.country).member(
          code: member.country, country: member.country)?.parent == area.code
    }
    guard member.country == area.country else { return false }
    switch (member.level, area.level) {
    case (.county, .state): return member.parent == area.code
    case (.metro, .state), (.economicArea, .state): return member.states == [area.code]
    case (.county, .metro), (.county, .economicArea):
      return membership(area.level)?.area(of: member, delineation: delineation) == area.code
    case (.metro, .economicArea):
      let counties = membership(.metro)?.counties(of: member, delineation: delineation) ?? []
      return !counties.isEmpty
        && counties.allSatisfy {
          membership(.economicArea)?.area(of: $0, country: member.country, delineation: nil) == area.code
        }
    default: return false
    }
  }

  /// Whether the places have ground in common: one lies in the other, or a metro crosses the border of a state.
  package func touches(_ lhs: Member, _ rhs: Member, delineation: Int? = nil) -> Bool {
    if isInside(lhs, rhs, delineation: delineation) || isInside(rhs, lhs, delineation: delineation) { return true }
    guard lhs.country == rhs.country else { return false }
    switch (lhs.level, rhs.level) {
    case (.metro, .state), (.economicArea, .state): return lhs.states.contains(rhs.code)
    case (.state, .metro), (.state, .economicArea): return rhs.states.contains(lhs.code)
    case (.metro, .economicArea):
      return counties(of: lhs, delineation: delineation).contains { isInside($0, rhs) }
    case (.economicArea, .metro):
      return counties(of: rhs, delineation: delineation).contains { isInside($0, lhs) }
    default: return false
    }
  }

  /// The counties of a metro or an economic area in one of its delineations (nil for the latest).
  package func counties(of area: Member, delineation: Int? = nil) -> [Member] {
    let counties = list(.county)
    return (membership(area.level)?.counties(of: area, delineation: delineation) ?? []).compactMap {
      counties.member(code: $0, country: area.country)
    }
  }

  /// The metro or economic area (`level`) that `county` belongs to, nil outside all of them.
  package func area(of county: Member, at level: Level, delineation: Int? = nil) -> Member? {
    membership(level)?.area(of: county, delineation: delineation).flatMap {
      list(level).member(code: $0, country: county.country)
    }
  }

  /// Years of the delineations of metros or economic areas (`level`) of `country`, oldest first.
  package func delineations(of level: Level, country: String) -> [Int] {
    membership(level)?.delineations(of: country) ?? []
  }

  /// The states that a metro or an economic area touches, the main one first where the source says.
  package func states(of area: Member) -> [Member] {
    let states = list(.state)
    return area.states.compactMap { states.member(code: $0, country: area.country) }
  }
}

/// Which counties make up metros or economic areas, by country and delineation.
package struct AreaMembership: Sendable {
  private struct Delineation: Sendable {
    var countiesOfArea: [String: [String]] = [:]
    var areaOfCounty: [String: String] = [:]
  }

  private var delineations: [String: [Int: Delineation]] = [:]

  init() {}

  init(_ file: CatalogFile) throws(CatalogError) {
    let (countries, years) = (try file.texts("country"), try file.numbers("delineation"))
    let (areas, counties) = (try file.texts("area"), try file.texts("county"))
    for row in countries.indices {
      delineations[countries[row], default: [:]][years[row], default: Delineation()].countiesOfArea[
        areas[row], default: []
      ].append(counties[row])
      delineations[countries[row]]?[years[row]]?.areaOfCounty[counties[row]] = areas[row]
    }
  }

  func delineations(of country: String) -> [Int] { (delineations[country] ?? [:]).keys.sorted() }

  /// Codes of the counties of `area`. An area that the latest delineation does not know has those of the latest that
  /// does.
  func counties(of area: Member, delineation: Int?) -> [String] {
    let known = delineations[area.country] ?? [:]
    if let delineation { return known[delineation]?.countiesOfArea[area.code] ?? [] }
    for year in known.keys.sorted(by: >) {
      if let counties = known[year]?.countiesOfArea[area.code] { return counties }
    }
    return []
  }

  func area(of county: Member, delineation: Int?) -> String? {
    area(of: county.code, country: county.country, delineation: delineation)
  }

  func area(of county: String, country: String, delineation: Int?) -> String? {
    let known = delineations[country] ?? [:]
    if let delineation { return known[delineation]?.areaOfCounty[county] }
    for year in known.keys.sorted(by: >) {
      if let area = known[year]?.areaOfCounty[county] { return area }
    }
    return nil
  }
}
