package import CQCatalog

/// How places lie in one another: counties in states, metros and economic areas, states in countries, countries in
/// "North America".
package final class Places: Sendable {
  private let catalog: Catalog
  /// Codes of countries that have a whole above them, with its members.
  package let unions: [MemberKey: [String]]
  private let unionOfCountry: [String: MemberKey]

  package init(catalog: Catalog) {
    self.catalog = catalog
    let countries = catalog.list(.country).members
    var unions: [MemberKey: [String]] = [:]
    var unionOfCountry: [String: MemberKey] = [:]
    // Only a few of the world's countries have a whole above them.
    for country in countries where !country.parent.isEmpty {
      guard let union = countries.first(where: { $0.code == country.parent }), union.code != country.code else {
        continue
      }
      unions[union.key, default: []].append(country.code)
      unionOfCountry[country.code] = union.key
    }
    self.unions = unions
    self.unionOfCountry = unionOfCountry
  }

  /// Codes of the countries that `place` lies in, or consists of.
  package func countries(of place: Member) -> [String] {
    if place.level != .country { return [place.country] }
    if place == .world { return catalog.list(.country).members.filter { unions[$0.key] == nil }.map(\.code) }
    return unions[place.key] ?? [place.code]
  }

  /// Codes of the countries of all places in `set`, each once, in their order.
  package func countries(of set: RegionSet) -> [String] {
    set.members.reduce(into: []) { found, place in
      for country in countries(of: place) where !found.contains(country) { found.append(country) }
    }
  }

  /// `place` and every area that it lies in as a whole, from the inside out.
  ///
  /// - Parameters:
  ///   - delineation: The version of the metros' borders; nil for the latest.
  ///   - skipsAreas: Metros and economic areas do not matter, and looking a county up in them is left out.
  package func containers(of place: Member, delineation: Int?, skipsAreas: Bool = false) -> [MemberKey] {
    var found = [place.key]
    switch place.level {
    case .county:
      if !skipsAreas {
        for level in [Level.metro, .economicArea] {
          if let area = catalog.area(of: place, at: level, delineation: level == .metro ? delineation : nil) {
            found.append(area.key)
          }
        }
      }
      if !place.parent.isEmpty {
        found.append(MemberKey(level: .state, country: place.country, code: place.parent))
      }
    case .metro, .economicArea:
      if place.states.count == 1 {
        found.append(MemberKey(level: .state, country: place.country, code: place.states[0]))
      }
    default: break
    }
    if place.level != .country { found.append(countryKey(place.country)) }
    if let union = unionOfCountry[place.level == .country ? place.code : place.country] { found.append(union) }
    if place != .world { found.append(Member.world.key) }
    return found
  }

  /// The areas that `place` lies in, those included that it lies in only with a part.
  package func areas(around place: Member, delineation: Int?) -> [MemberKey] {
    var found = containers(of: place, delineation: delineation)
    if place.states.count > 1 {
      found += place.states.map { MemberKey(level: .state, country: place.country, code: $0) }
    }
    return found
  }

  /// The member at `level` that `place` lies in; several for a metro that crosses a state line.
  package func areas(at level: Level, around place: Member, delineation: Int?) -> [Member] {
    if level == place.level { return [place] }
    return areas(around: place, delineation: delineation)
      .filter { $0.level == level && unions[$0] == nil && $0 != Member.world.key }
      .compactMap { catalog.member($0) }
  }

  /// Whether `place` is `area` or lies inside it as a whole.
  package func isInside(_ place: Member, _ area: Member, delineation: Int?) -> Bool {
    containers(of: place, delineation: delineation).contains(area.key)
  }

  /// Whether the two share a part, however small.
  package func overlap(_ one: Member, _ other: Member, delineation: Int?) -> Bool {
    areas(around: one, delineation: delineation).contains(other.key)
      || areas(around: other, delineation: delineation).contains(one.key)
  }

  private func countryKey(_ code: String) -> MemberKey { MemberKey(level: .country, country: code, code: code) }
}

extension Member {
  /// All countries that there are numbers of.
  package static let world = Member(
    level: .country, code: "world", name: "World", aliases: ["Mundo", "Monde"], country: "world")
}
