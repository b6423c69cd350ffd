/// The places of the United States: states, metropolitan and micropolitan areas, economic areas, counties.
struct UnitedStatesRegions {
  static let country = "US"
  /// Metropolitan areas are those of the delineation of February 2013; economic areas those of November 2004.
  static let metroDelineation = 2013
  static let economicAreaDelineation = 2004

  private(set) var rows: [RegionRow] = []
  private(set) var metroCounties: [MembershipRow] = []
  private(set) var economicAreaCounties: [MembershipRow] = []
  private var stateCodes: [String: String] = [:]

  /// An area of another delineation than that of the catalogue, which some dataset has.
  struct OtherMetro {
    var code: String
    var name: String
    /// Year of the delineation, for areas whose name alone might be mistaken for a current one.
    var year: Int?
  }

  /// - Parameters:
  ///   - otherMetros: Areas of other delineations that the datasets have.
  ///   - countyCodes: Counties that the datasets have; those that are not in the list of counties are added to it.
  init(from folder: InputFolder, otherMetros: [OtherMetro], countyCodes: Set<String>) throws {
    rows = [Self.unitedStates]
    try addStates(folder)
    try addAreas(folder)
    addOtherMetros(otherMetros)
    try addCounties(folder, countyCodes: countyCodes)
  }

  func add(to catalog: inout RegionCatalog) {
    catalog.add(
      rows, source: "U.S. Census Bureau and U.S. Bureau of Economic Analysis, geographic codes and delineations")
    catalog.add(metroCounties, level: .metro)
    catalog.add(economicAreaCounties, level: .economicArea)
  }

  private static let unitedStates = RegionRow(
    level: "country", country: country, code: country, name: "United States", abbreviation: "US", parent: "NA",
    aliases: [
      "USA", "U.S.", "U.S.A.", "United States of America", "Estados Unidos", "Estados Unidos de América", "EE. UU.",
      "EEUU", "États-Unis", "États-Unis d’Amérique",
    ])

  private mutating func addStates(_ folder: InputFolder) throws {
    for row in try folder.csv("states").rows {
      let abbreviation = try row.text("state_abbr")
      let code = try row.text("state_fips")
      stateCodes[abbreviation] = code
      rows.append(
        RegionRow(
          level: "state", country: Self.country, code: code, name: try row.text("state_name"),
          abbreviation: abbreviation, parent: Self.country, aliases: Self.stateAliases[abbreviation] ?? []))
    }
  }

  private mutating func addAreas(_ folder: InputFolder) throws {
    for row in try folder.csv("regions").rows {
      let code = try row.text("region_code")
      let isMetro = try row.text("region_type") == "msa"
      let name = AreaNames.repaired(try row.text("region_name"))
      rows.append(
        RegionRow(
          level: isMetro ? "metro" : "economic_area", country: Self.country, code: code, name: name,
          parent: Self.country, aliases: AreaNames(name).shortNames, states: try states(row.text("states"))))
    }
    for row in try folder.csv("region_counties").rows {
      let isMetro = try row.text("region_type") == "msa"
      let membership = try MembershipRow(
        country: Self.country, delineation: isMetro ? Self.metroDelineation : Self.economicAreaDelineation,
        area: row.text("region_code"), county: row.text("county_fips"))
      if isMetro { metroCounties.append(membership) } else { economicAreaCounties.append(membership) }
    }
  }

  /// Areas without counties: their name says whose delineation they are of, unless it can't be mistaken.
  private mutating func addOtherMetros(_ others: [OtherMetro]) {
    let metros = rows.filter { $0.level == "metro" }
    var known = Set(metros.map(\.code))
    let names = Set(metros.flatMap { [$0.name] + $0.aliases })
    for other in others.sorted(by: { $0.code < $1.code }) where known.insert(other.code).inserted {
      let parts = AreaNames(other.name)
      rows.append(
        RegionRow(
          level: "metro", country: Self.country, code: other.code,
          name: other.year.map { "\(other.name) (\($0))" } ?? other.name, parent: Self.country,
          aliases: other.year == nil || names.contains(other.name) ? [] : [other.name],
          states: parts.states.compactMap { stateCodes[$0] }.sorted()))
    }
  }

  private func states(_ list: String) throws(BundleError) -> [String] {
    var codes: [String] = []
    for abbreviation in list.split(separator: " ").map(String.init) {
      guard let code = stateCodes[abbreviation] else { throw BundleError("regions: '\(abbreviation)' is no state") }
      codes.append(code)
    }
    return codes.sorted()
  }

  private mutating func addCounties(_ folder: InputFolder, countyCodes: Set<String>) throws {
    let counties = try folder.csv("counties").rows.map { row in
      try (
        code: row.text("county_fips"), name: row.text("county_name"), state: row.text("state_fips"),
        abbreviation: row.text("state_abbr")
      )
    }
    let all = counties + Self.otherCounties.filter { countyCodes.contains($0.code) }
    let countyNames = Set(all.filter { $0.name.hasSuffix(" County") }.map { "\($0.state) \($0.name)" })
    for row in all {
      var aliases = [row.name]
      if let short = Self.withoutKind(row.name) {
        // Fairfax is the county; the independent city of that name is called by its full name.
        let isTaken = row.name.hasSuffix(" city") && countyNames.contains("\(row.state) \(short) County")
        if !isTaken { aliases.insert("\(short), \(row.abbreviation)", at: 0) }
      }
      rows.append(
        RegionRow(
          level: "county", country: Self.country, code: row.code, name: "\(row.name), \(row.abbreviation)",
          parent: row.state, aliases: aliases))
    }
  }

  /// `Fairfax` of `Fairfax County`.
  private static func withoutKind(_ name: String) -> String? {
    for kind in [" County", " Parish", " Borough", " Census Area", " Municipality", " Municipio", " city"]
    where name.hasSuffix(kind) {
      let short = String(name.dropLast(kind.count))
      return short.hasSuffix(" City and") ? String(short.dropLast(9)) : short
    }
    return nil
  }

  /// Counties that the Bureau of Economic Analysis reports together, and former census areas of Alaska.
  private static let otherCounties: [(code: String, name: String, state: String, abbreviation: String)] = [
    ("02201", "Prince of Wales-Outer Ketchikan Census Area", "02", "AK"),
    ("02232", "Skagway-Hoonah-Angoon Census Area", "02", "AK"),
    ("02280", "Wrangell-Petersburg Census Area", "02", "AK"),
    ("15901", "Maui + Kalawao", "15", "HI"),
    ("51901", "Albemarle + Charlottesville", "51", "VA"),
    ("51903", "Alleghany + Covington", "51", "VA"),
    ("51907", "Augusta, Staunton + Waynesboro", "51", "VA"),
    ("51911", "Campbell + Lynchburg", "51", "VA"),
    ("51913", "Carroll + Galax", "51", "VA"),
    ("51918", "Dinwiddie, Colonial Heights + Petersburg", "51", "VA"),
    ("51919", "Fairfax, Fairfax City + Falls Church", "51", "VA"),
    ("51921", "Frederick + Winchester", "51", "VA"),
    ("51923", "Greensville + Emporia", "51", "VA"),
    ("51929", "Henry + Martinsville", "51", "VA"),
    ("51931", "James City + Williamsburg", "51", "VA"),
    ("51933", "Montgomery + Radford", "51", "VA"),
    ("51939", "Pittsylvania + Danville", "51", "VA"),
    ("51941", "Prince George + Hopewell", "51", "VA"),
    ("51942", "Prince William, Manassas + Manassas Park", "51", "VA"),
    ("51944", "Roanoke + Salem", "51", "VA"),
    ("51945", "Rockbridge, Buena Vista + Lexington", "51", "VA"),
    ("51947", "Rockingham + Harrisonburg", "51", "VA"),
    ("51949", "Southampton + Franklin", "51", "VA"),
    ("51951", "Spotsylvania + Fredericksburg", "51", "VA"),
    ("51953", "Washington + Bristol", "51", "VA"),
    ("51955", "Wise + Norton", "51", "VA"),
    ("51958", "York + Poquoson", "51", "VA"),
  ]

  /// Spanish and French names where they differ by more than accents, and common other names.
  private static let stateAliases: [String: [String]] = [
    "CA": ["Californie"],
    "DC": [
      "Washington DC", "Washington, DC", "Washington, D.C.", "D.C.", "Distrito de Columbia", "District de Columbia",
    ],
    "FL": ["Floride"],
    "GA": ["Géorgie"],
    "HI": ["Hawái"],
    "LA": ["Luisiana", "Louisiane"],
    "MO": ["Misuri"],
    "MS": ["Misisipi"],
    "NC": ["Carolina del Norte", "Caroline du Nord"],
    "ND": ["Dakota del Norte", "Dakota du Nord"],
    "NH": ["Nuevo Hampshire", "Nueva Hampshire"],
    "NJ": ["Nueva Jersey"],
    "NM": ["Nuevo México", "Nouveau-Mexique"],
    "NY": ["Nueva York", "New York State", "État de New York"],
    "PA": ["Pensilvania", "Pennsylvanie"],
    "PR": ["Commonwealth of Puerto Rico", "Porto Rico"],
    "SC": ["Carolina del Sur", "Caroline du Sud"],
    "SD": ["Dakota del Sur", "Dakota du Sud"],
    "TX": ["Tejas"],
    "VA": ["Virginie"],
    "WA": ["Washington State", "State of Washington", "Estado de Washington", "État de Washington"],
    "WV": ["Virginia Occidental", "Virginie-Occidentale"],
  ]
}
