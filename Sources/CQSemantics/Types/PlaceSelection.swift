package import CQCatalog

/// The places that a table is about: the area of `in:`, narrowed by the places that another slot picks.
///
/// A metro that crosses the line of a picked state belongs to it as a whole, unless areas are cut there (`clip:state`).
package struct PlaceSelection {
  /// A place that counts, or only the part of it that lies in other places.
  package struct Part: Sendable, Hashable {
    package var place: Member
    /// Places of which it must lie in one; nil for all of it.
    package var within: Set<MemberKey>?

    package init(place: Member, within: Set<MemberKey>? = nil) {
      self.place = place
      self.within = within
    }
  }

  private let places: Places
  private let delineations: [String: Int]
  private let clipsToStates: Bool
  /// What is selected: places that lie in every one of the sets.
  package let parts: [Part]
  private let partsOfPlace: [MemberKey: [Part]]
  private let partsInArea: [MemberKey: [Part]]
  /// Countries that are selected as a whole, so that nothing in them needs a closer look.
  private let wholeCountries: Set<String>

  /// - Parameters:
  ///   - sets: A place must lie in all of them; the wider ones first.
  ///   - delineations: Version of the metros' borders by country.
  package init(_ sets: [RegionSet], places: Places, delineations: [String: Int], clipsToStates: Bool) {
    self.places = places
    self.delineations = delineations
    self.clipsToStates = clipsToStates
    func around(_ place: Member) -> [MemberKey] {
      places.areas(around: place, delineation: delineations[place.country])
    }
    var parts = sets.first.map { $0.members.map { Part(place: $0) } } ?? []
    for set in sets.dropFirst() {
      let current = Dictionary(grouping: parts, by: \.place.key)
      var narrowed: [Part] = []
      for place in set.members {
        let areas = around(place)
        let holders = areas.filter { current[$0] != nil }
        if !holders.isEmpty {
          let whole = places.containers(of: place, delineation: delineations[place.country])
          let isCut = clipsToStates && !holders.contains { whole.contains($0) }
          narrowed.append(Part(place: place, within: isCut ? Set(holders) : nil))
        } else {
          narrowed += parts.filter { around($0.place).contains(place.key) }
        }
      }
      parts = narrowed.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }
    self.parts = parts
    partsOfPlace = Dictionary(grouping: parts, by: \.place.key)
    var partsInArea: [MemberKey: [Part]] = [:]
    for part in parts { for area in around(part.place) { partsInArea[area, default: []].append(part) } }
    self.partsInArea = partsInArea
    wholeCountries = Set(
      parts.filter { $0.place.level == .country && $0.within == nil }.flatMap { places.countries(of: $0.place) })
  }

  /// Whether `place` lies in the selection, or a part of the selection lies in it.
  package func touches(_ place: Member) -> Bool {
    wholeCountries.contains(place.country) || partsInArea[place.key] != nil
      || around(place).contains { partsOfPlace[$0] != nil }
  }

  /// What `place` stands for in the selection: itself where it belongs to it, else the parts of the selection inside it.
  package func parts(of place: Member) -> [Part] {
    if wholeCountries.contains(place.country) { return [Part(place: place)] }
    let holders = around(place).filter { partsOfPlace[$0] != nil }
    if holders.isEmpty { return partsInArea[place.key] ?? [] }
    if clipsToStates {
      let whole = places.containers(of: place, delineation: delineations[place.country])
      if !holders.contains(where: { whole.contains($0) }) { return [Part(place: place, within: Set(holders))] }
    }
    let limits = holders.flatMap { partsOfPlace[$0] ?? [] }.compactMap(\.within)
    let isLimited = limits.count == holders.count && !limits.isEmpty
    return [Part(place: place, within: isLimited ? limits.reduce(into: Set()) { $0.formUnion($1) } : nil)]
  }

  /// Members of `list` in the selection, with the areas of `levels` around each: one entry per combination.
  package func entries(of list: [Member], levels: [Level]) -> [[Member]] {
    list.flatMap { member -> [[Member]] in
      guard member != .world, places.unions[member.key] == nil, touches(member) else { return [] }
      var entries: [[Member]] = [[]]
      for level in levels {
        let areas = places.areas(at: level, around: member, delineation: delineations[member.country])
          .filter { $0 == member || touches($0) }
        entries = entries.flatMap { entry in areas.map { entry + [$0] } }
      }
      return entries
    }
  }

  private func around(_ place: Member) -> [MemberKey] {
    places.areas(around: place, delineation: delineations[place.country])
  }
}

extension Frame {
  /// Versions of the metros' borders by country, where the datasets name one.
  package var delineations: [String: Int] {
    var found: [String: Int] = [:]
    for source in sources {
      guard let delineation = source.dataset.delineation else { continue }
      for country in source.countries where found[country] == nil { found[country] = delineation }
    }
    return found
  }

  /// The area, and what other slots pick from it.
  package var placeSets: [RegionSet] { [area] + (regions.map { [$0] } ?? []) }

  package func selection(_ places: Places) -> PlaceSelection {
    PlaceSelection(placeSets, places: places, delineations: delineations, clipsToStates: clipsToStates)
  }
}
