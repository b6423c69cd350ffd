import CQColumns

// Which member a text means; never a guess.

extension Catalog {
  /// The members that `text` names: one when it is clear, several when the user must say which, none when nothing is
  /// called that.
  ///
  /// Code, official name, abbreviation and registered aliases count, without regard to case, accents and punctuation.
  /// Levels are searched from coarse to fine, and finer ones only where a place of the coarser ones says that it shares a
  /// name with them. Of several places
  /// 1. a country of North America by its own name is meant ("Mexico" is never the state of that name),
  /// 2. other countries of the world are not meant (`Georgia` is the state),
  /// 3. those in the first country of `countries` that has any at a level are meant at that level and below it,
  /// 4. a place that has it as its own name or abbreviation goes before finer ones in it ("Durango" is the state, not
  ///    its capital) and elsewhere ("Washington" is not the capital's metro), but a finer one that reaches beyond it must
  ///    be told apart ("New York" may be the state, the metro or the county).
  ///
  /// - Parameters:
  ///   - levels: Where to look, of one dimension.
  ///   - countries: Of the table, or of the session, the likeliest first; they decide about codes and names that several
  ///     countries have.
  package func find(_ text: String, levels: [Level], preferring countries: [String] = []) -> [Member] {
    let sorted = Level.allCases.filter { levels.contains($0) }
    guard let first = sorted.first else { return [] }
    if first.dimension != .region {
      return preferred(sorted.flatMap { list($0).find(text) }, countries)
    }
    var found: [Member] = []
    var mask: UInt8 = 0
    let key = fold(text)
    for level in sorted where found.isEmpty || mask & level.placeBit != 0 {
      let here = list(level).find(text)
      found += here
      for member in here { mask |= member.also }
      // `CA` is Canada's code and California's abbreviation.
      if key.utf8.count == 2 { mask |= Level.state.placeBit }
    }
    return found.count < 2 ? found : settled(found, key: key, preferring: countries)
  }

  private func settled(_ found: [Member], key: String, preferring countries: [String]) -> [Member] {
    func isOfNorthAmerica(_ country: Member) -> Bool {
      country.parent == northAmericaCode || country.code == northAmericaCode
    }
    let isCode = key.utf8.count == 2
    if !isCode, let country = found.first(where: { $0.level == .country && isOfNorthAmerica($0) }) { return [country] }
    var rest = found.filter { $0.level != .country || isOfNorthAmerica($0) }
    if rest.isEmpty { return found }
    // The preferred country decides at every level where it has a place, and below.
    if let country = countries.first(where: { country in rest.contains { $0.country == country } }),
      let top = rest.first(where: { $0.country == country })?.level
    {
      rest.removeAll { $0.country != country && ($0.level >= top || isCode) }
    }
    guard let coarsest = rest.first, !rest.dropFirst().contains(where: { $0.level == coarsest.level }),
      owns(coarsest, key)
    else { return rest }
    let isPreferred = countries.isEmpty || coarsest.country == countries[0]
    let others = rest.dropFirst().filter { touches($0, coarsest) || (!isPreferred && $0.country == countries[0]) }
    return others.contains { !isInside($0, coarsest) } ? [coarsest] + others : [coarsest]
  }

  private func owns(_ member: Member, _ key: String) -> Bool {
    fold(member.name) == key || fold(member.abbreviation) == key || fold(member.code) == key
  }

  /// Of activities that two classifications have under one name, those that the data of the preferred country use.
  private func preferred(_ found: [Member], _ countries: [String]) -> [Member] {
    let owners = Set(found.map(\.country))
    guard found.count > 1, owners.count > 1 else { return found }
    for country in countries {
      let usual = found.filter { self.countries(using: $0.country.isEmpty ? "naics" : $0.country).contains(country) }
      if !usual.isEmpty { return usual }
    }
    return found
  }
}

/// Code of North America among the countries.
let northAmericaCode = "NA"

extension Level: Comparable {
  /// Coarse before fine, within one dimension.
  package static func < (lhs: Level, rhs: Level) -> Bool { lhs.order < rhs.order }

  private var order: Int { Level.allCases.firstIndex(of: self) ?? 0 }
}
