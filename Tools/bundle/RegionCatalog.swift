import CQColumns

/// `regions`: the country and its states.
struct RegionCatalog {
  let file: BundleFile

  init(from folder: InputFolder) throws {
    var rows = [
      (
        level: "country", code: "US", name: "United States", abbreviation: "US", parent: "",
        aliases: [
          "USA", "U.S.", "U.S.A.", "United States of America", "Estados Unidos", "Estados Unidos de América",
          "EE. UU.", "EEUU", "États-Unis", "États-Unis d’Amérique",
        ]
      )
    ]
    // Outlying areas, which have no Census region, are in none of the datasets.
    for row in try folder.csv("states").rows where try !row.text("census_region").isEmpty {
      let abbreviation = try row.text("state_abbr")
      rows.append(
        try (
          "state", row.text("state_fips"), row.text("state_name"), abbreviation, "US",
          Self.stateAliases[abbreviation] ?? []
        ))
    }
    rows[1...].sort { $0.code < $1.code }
    var names = MemberNames(level: "region")
    var aliases: [String] = []
    for row in rows {
      aliases.append(
        try names.claim(code: row.code, names: [row.name, row.abbreviation], aliases: row.aliases))
    }
    var writer = ArrowWriter(
      rowCount: rows.count,
      metadata: catalogMetadata(
        title: "Regions", source: "U.S. Census Bureau, state codes; Spanish and French names added",
        licence: publicDomain))
    writer.add("country", .texts(rows.map { _ in "US" }))
    writer.add("level", .texts(rows.map(\.level)))
    writer.add("code", .texts(rows.map(\.code)))
    writer.add("name", .texts(rows.map(\.name)))
    writer.add("abbreviation", .texts(rows.map(\.abbreviation)))
    writer.add("parent", .texts(rows.map(\.parent)))
    writer.add("aliases", .texts(aliases))
    file = BundleFile(name: "regions.arrow", rowCount: rows.count, bytes: writer.bytes())
  }

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
    "SC": ["Carolina del Sur", "Caroline du Sud"],
    "SD": ["Dakota del Sur", "Dakota du Sud"],
    "TX": ["Tejas"],
    "VA": ["Virginie"],
    "WA": ["Washington State", "State of Washington", "Estado de Washington", "État de Washington"],
    "WV": ["Virginia Occidental", "Virginie-Occidentale"],
  ]
}
