/// The metropolitan areas of Mexico: one member per city, with the municipalities of both delineations.
///
/// A zone of 2015 is the same city as the metropolis of 2020 that holds most of its people. Three zones of 2015 have no
/// such successor (San Francisco del Rincón became part of León; Tula and Tehuantepec were divided) and stay members
/// of their own.
struct MexicanMetros {
  let rows: [RegionRow]
  let memberships: [MembershipRow]

  /// Share of a zone's people that its successor must hold.
  private static let minimumShare = 0.6

  init(from folder: InputFolder) throws {
    var names: [String: String] = [:]
    var municipalities: [String: [String]] = [:]
    var areaOfMunicipality: [String: String] = [:]
    var memberships: [MembershipRow] = []
    for row in try folder.csv("mx_metropoli_2020_municipio", in: "mx").rows {
      let (area, municipality) = (try row.text("cve_met"), try row.text("cvegeo"))
      names[area] = try row.text("nombre_metropoli")
      municipalities[area, default: []].append(municipality)
      areaOfMunicipality[municipality] = area
      memberships.append(
        MembershipRow(country: MexicanRegions.country, delineation: 2020, area: area, county: municipality))
    }
    let zones = try Self.zones(folder)
    let successors = Self.successors(of: zones, areaOfMunicipality)
    var zoneNames: [String: String] = [:]
    for zone in zones {
      let area = successors[zone.code] ?? zone.code
      if area == zone.code { names[area] = zone.name }
      zoneNames[area] = zone.name
      municipalities[area, default: []] += zone.people.map(\.municipality)
      memberships += zone.people.map {
        MembershipRow(country: MexicanRegions.country, delineation: 2015, area: area, county: $0.municipality)
      }
    }
    let shortNames = names.mapValues(Self.shortName)
    let unique = UniqueNames(shortNames.map { ($0.key, $0.value) })
    rows = names.keys.sorted().map { area in
      let official = names[area] ?? ""
      let short = shortNames[area] ?? ""
      // A zone without a successor may share its name with a metropolis of 2020. The plain name of the city is often that
      // of its state or municipality, so it is an alias.
      let isEarlier = area.split(separator: ".").count == 2 && !unique.isUnique(short)
      let name = isEarlier ? "ZM \(short) (2015)" : "ZM \(short)"
      let other = zoneNames[area].map(Self.capitalised) ?? ""
      return RegionRow(
        level: "metro", country: MexicanRegions.country, code: area, name: name, parent: MexicanRegions.country,
        aliases: isEarlier
          ? ["Zona metropolitana de \(short) (2015)"]
          : [
            official, "Zona metropolitana de \(short)", "ZM de \(short)", short, other,
            "Zona metropolitana del \(other)",
          ]
          .filter { !$0.hasSuffix(" ") } + (Self.aliases[area] ?? []),
        states: Set((municipalities[area] ?? []).map { String($0.prefix(2)) }).sorted())
    }
    self.memberships = memberships.sorted {
      ($0.delineation, $0.area, $0.county) < ($1.delineation, $1.area, $1.county)
    }
  }

  private static let aliases = [
    "08.2.03": ["Juárez", "Ciudad Juarez"],
    "09.1.01": [
      "Mexico City", "Greater Mexico City", "ZMVM", "Zona Metropolitana del Valle de México", "Grand Mexico",
    ],
    "14.1.01": ["ZMG"],
    "19.1.01": ["Greater Monterrey"],
    "05.1.01": ["Torreón", "Comarca Lagunera"],
  ]

  private struct Zone {
    var code: String
    var name: String
    var people: [(municipality: String, count: Int)]
  }

  private static func zones(_ folder: InputFolder) throws -> [Zone] {
    var zones: [String: Zone] = [:]
    for row in try folder.csv("mx_zona_metropolitana_2015_municipio", in: "mx").rows {
      let code = try row.text("cve_zm")
      let name = try row.text("nombre_zm")
      zones[code, default: Zone(code: code, name: capitalised(name), people: [])].people
        .append((try row.text("cvegeo"), try row.integer("poblacion_2015")))
    }
    return zones.keys.sorted().compactMap { zones[$0] }
  }

  /// The metropolis of 2020 that holds most people of each zone; each has one predecessor, the largest.
  private static func successors(of zones: [Zone], _ areaOfMunicipality: [String: String]) -> [String: String] {
    var shares: [(zone: String, area: String, people: Int)] = []
    for zone in zones {
      var people: [String: Int] = [:]
      for place in zone.people {
        if let area = areaOfMunicipality[place.municipality] { people[area, default: 0] += place.count }
      }
      let total = zone.people.reduce(0) { $0 + $1.count }
      for (area, count) in people where Double(count) >= minimumShare * Double(total) {
        shares.append((zone.code, area, count))
      }
    }
    var result: [String: String] = [:]
    var taken: Set<String> = []
    for share in shares.sorted(by: { ($1.people, $0.zone) < ($0.people, $1.zone) })
    where taken.insert(share.area).inserted {
      result[share.zone] = share.area
    }
    return result
  }

  /// `Monterrey` of `Zona metropolitana de Monterrey`.
  private static func shortName(_ name: String) -> String {
    for prefix in [
      "Zona metropolitana de la ", "Zona metropolitana de ", "Zona conurbada de ", "Metrópoli municipal de ",
    ]
    where name.hasPrefix(prefix) {
      let rest = String(name.dropFirst(prefix.count))
      return prefix.hasSuffix(" la ") && !rest.hasPrefix("Ciudad") ? "La " + rest : rest
    }
    return name
  }

  /// The source writes `Colima-Villa de álvarez`.
  private static func capitalised(_ name: String) -> String { name.replacing(" á", with: " Á") }
}
