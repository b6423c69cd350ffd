import CQCatalog
import CQColumns

/// The levels of places, coarse to fine.
enum RegionLevel: String, CaseIterable {
  case country, state, metro
  case economicArea = "economic_area"
  case county

  /// The level's bit in the column `also`.
  var bit: UInt8 {
    switch self {
    case .country: 1
    case .state: 2
    case .metro: 4
    case .economicArea: 8
    case .county: 16
    }
  }

  fileprivate var isLarge: Bool { self == .country || self == .state }

  fileprivate var title: String {
    switch self {
    case .country: "Countries"
    case .state: "States and provinces"
    case .metro: "Metropolitan areas"
    case .economicArea: "Economic areas"
    case .county: "Counties and municipalities"
    }
  }
}

/// Collects the places of all countries and writes one file per level.
///
/// Each country adds its members; names are checked when the files are made, because whether a name is also one at
/// another level is known only then.
struct RegionCatalog {
  private var members: [RegionRow] = []
  private var memberships: [RegionLevel: [MembershipRow]] = [:]
  private var sources: [String] = []

  /// - Parameter source: Whose list of places it is.
  mutating func add(_ rows: [RegionRow], source: String) {
    members += rows
    if !source.isEmpty, !sources.contains(source) { sources.append(source) }
  }

  mutating func add(_ rows: [MembershipRow], level: RegionLevel) { memberships[level, default: []] += rows }

  func files() throws(BundleError) -> [BundleFile] {
    let also = namesAtOtherLevels()
    var files: [BundleFile] = []
    for level in RegionLevel.allCases { files.append(try file(level, also: also)) }
    for level in [RegionLevel.metro, .economicArea] where memberships[level] != nil {
      files.append(try membershipFile(level))
    }
    return files
  }

  private func file(_ level: RegionLevel, also: [RegionLevel: [String: UInt8]]) throws(BundleError) -> BundleFile {
    var rows = members.filter { $0.level == level.rawValue }
    rows.sort { ($0.country, $0.code) < ($1.country, $1.code) }
    for (previous, next) in zip(rows, rows.dropFirst()) {
      try require(
        (previous.country, previous.code) != (next.country, next.code),
        "\(next.country) has two places of level \(level.rawValue) with the code \(next.code)")
    }
    try checkParents(of: rows)
    let aliases = try claimNames(of: rows, level: level)
    let masks = rows.map { row in
      Self.names(of: row).reduce(UInt8(0)) { $0 | (also[level]?[fold($1)] ?? 0) }
    }
    var writer = ArrowWriter(
      rowCount: rows.count,
      metadata: catalogMetadata(
        title: level.title, source: sources.joined(separator: "; "), licence: "Codes and names are facts"))
    writer.add("country", words: rows.map(\.country))
    writer.add("code", .texts(rows.map(\.code)))
    writer.add("name", .texts(rows.map(\.name)))
    writer.add("abbreviation", words: rows.map(\.abbreviation))
    writer.add("parent", words: rows.map(\.parent))
    writer.add("aliases", .texts(aliases))
    if level == .metro || level == .economicArea {
      writer.add("states", words: rows.map { $0.states.joined(separator: " ") })
    }
    writer.add("also", .uint8(masks))
    return BundleFile(name: "regions.\(level.rawValue).arrow", rowCount: rows.count, bytes: writer.bytes())
  }

  /// The parent of a member must be in the catalogue too, and the states that it touches.
  private func checkParents(of rows: [RegionRow]) throws(BundleError) {
    let countries = Set(members.filter { $0.level == RegionLevel.country.rawValue }.map(\.code))
    let states = Set(members.filter { $0.level == RegionLevel.state.rawValue }.map { "\($0.country) \($0.code)" })
    for row in rows {
      let isKnown =
        switch RegionLevel(rawValue: row.level) {
        case .country: row.parent.isEmpty || countries.contains(row.parent)
        case .county: states.contains("\(row.country) \(row.parent)")
        default: countries.contains(row.parent)
        }
      try require(isKnown, "\(row.level) \(row.name): the place above it, '\(row.parent)', is not in the catalogue")
      for state in row.states {
        try require(
          states.contains("\(row.country) \(state)"), "\(row.level) \(row.name) touches the unknown state '\(state)'")
      }
    }
  }

  /// A full name belongs to one member of a level and country. So does an alias of a country or a state; smaller places
  /// may share short names: a query that uses such a name is told which places it may mean.
  ///
  /// - Returns: The alias column.
  private func claimNames(of rows: [RegionRow], level: RegionLevel) throws(BundleError) -> [String] {
    let mayShare = level != .country && level != .state
    var owners: [String: MemberNames] = [:]
    var aliases: [String] = []
    for row in rows {
      let what = level == .country ? "country" : "\(row.country) \(level.rawValue)"
      let own = try owners[level == .country ? "" : row.country, default: MemberNames(level: what)].claim(
        code: row.code, names: [row.name, row.abbreviation], aliases: mayShare ? [] : row.aliases)
      guard mayShare else {
        aliases.append(own)
        continue
      }
      var seen: Set<String> = [fold(row.name), fold(row.abbreviation)]
      for alias in row.aliases {
        try require(!alias.contains(";"), "the name '\(alias)' must not contain a semicolon")
      }
      aliases.append(row.aliases.filter { seen.insert(fold($0)).inserted }.joined(separator: ";"))
    }
    return aliases
  }

  /// For each level, the folded names of its members that are names at other levels too, with the bits of those levels.
  ///
  /// A country or state does not share its names with the short names of smaller places: `in:"Mexico"` is the country
  /// although there is a town of Mexico in Missouri, which `metro:"Mexico"` finds. An area that reaches beyond the state
  /// by which its own name begins is no smaller place: New York is a state and the metro New York-Newark-Jersey City.
  private func namesAtOtherLevels() -> [RegionLevel: [String: UInt8]] {
    var levelsOfName: [String: UInt8] = [:]
    var levelsOfFullName: [String: UInt8] = [:]
    var stateNames: [String: Set<String>] = [:]
    for member in members where member.level == RegionLevel.state.rawValue {
      stateNames["\(member.country) \(member.code)"] = Set(Self.names(of: member).map { fold($0) })
    }
    for member in members {
      guard let level = RegionLevel(rawValue: member.level) else { continue }
      for name in Self.names(of: member) { levelsOfName[fold(name), default: 0] |= level.bit }
      let namesakes =
        member.states.count < 2 ? [] : member.states.compactMap { stateNames["\(member.country) \($0)"] }
      func isNamesake(_ name: String) -> Bool {
        fold(member.name).hasPrefix(fold(name)) && namesakes.contains { $0.contains(fold(name)) }
      }
      for name in Self.names(of: member)
      where level.isLarge || name == member.name || isNamesake(name) {
        levelsOfFullName[fold(name), default: 0] |= level.bit
      }
    }
    var result: [RegionLevel: [String: UInt8]] = [:]
    for level in RegionLevel.allCases {
      result[level] = (level.isLarge ? levelsOfFullName : levelsOfName).mapValues { $0 & ~level.bit }
        .filter { $0.value != 0 }
    }
    return result
  }

  private static func names(of member: RegionRow) -> [String] {
    ([member.name, member.abbreviation] + member.aliases).filter { !$0.isEmpty }
  }

  private func membershipFile(_ level: RegionLevel) throws(BundleError) -> BundleFile {
    var rows = memberships[level] ?? []
    rows.sort {
      ($0.country, $0.delineation, $0.area, $0.county) < ($1.country, $1.delineation, $1.area, $1.county)
    }
    let areas = Set(members.filter { $0.level == level.rawValue }.map { "\($0.country) \($0.code)" })
    let counties = Set(members.filter { $0.level == RegionLevel.county.rawValue }.map { "\($0.country) \($0.code)" })
    for row in rows {
      try require(
        areas.contains("\(row.country) \(row.area)"),
        "the \(level.rawValue) \(row.area) of \(row.country) is not in the list of places")
      try require(
        counties.contains("\(row.country) \(row.county)"),
        "\(row.county), a part of the \(level.rawValue) \(row.area), is not in the list of counties")
    }
    for (previous, next) in zip(rows, rows.dropFirst()) {
      try require(
        (previous.country, previous.delineation, previous.area, previous.county)
          != (next.country, next.delineation, next.area, next.county),
        "\(next.county) is twice in the \(level.rawValue) \(next.area)")
    }
    var writer = ArrowWriter(
      rowCount: rows.count,
      metadata: catalogMetadata(
        title: "Counties of \(level.title.lowercased())", source: sources.joined(separator: "; "),
        licence: "Codes and names are facts"))
    writer.add("country", words: rows.map(\.country))
    writer.add("delineation", .int16(rows.map { Int16(clamping: $0.delineation) }))
    writer.add("area", words: rows.map(\.area))
    writer.add("county", .texts(rows.map(\.county)))
    return BundleFile(name: "membership.\(level.rawValue).arrow", rowCount: rows.count, bytes: writer.bytes())
  }
}
