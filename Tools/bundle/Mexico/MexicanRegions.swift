/// The states, metropolitan areas and municipalities of Mexico.
struct MexicanRegions {
  static let country = "MX"

  let rows: [RegionRow]
  let memberships: [MembershipRow]
  /// Names of the states by code, as the catalogue shows them.
  let stateNames: [String: String]

  init(from folder: InputFolder) throws {
    var states: [RegionRow] = []
    var abbreviations: [String: String] = [:]
    for row in try folder.csv("mx_entidad", in: "mx").rows {
      let code = try row.text("cve_ent")
      let name = code == "15" ? "Estado de México" : try row.text("nombre_corto")
      let short = try row.text("abrev3")
      abbreviations[code] = try row.text("abrev_oficial")
      states.append(
        try RegionRow(
          level: "state", country: Self.country, code: code, name: name, abbreviation: short, parent: Self.country,
          aliases: [
            row.text("nombre_oficial"), row.text("abrev_oficial"), row.text("iso_3166_2"), row.text("nombre_corto"),
          ]
          .filter { code != "15" || $0 != "México" } + (Self.stateAliases[code] ?? [])))
    }
    stateNames = Dictionary(uniqueKeysWithValues: states.map { ($0.code, $0.name) })
    let metros = try MexicanMetros(from: folder)
    memberships = metros.memberships
    rows =
      [Self.mexico] + states + metros.rows
      + (try Self.municipalities(folder, abbreviations: abbreviations, stateNames: stateNames))
  }

  private static let mexico = RegionRow(
    level: "country", country: country, code: country, name: "Mexico", abbreviation: "MX", parent: "NA",
    aliases: ["MEX", "México", "Mexique", "Estados Unidos Mexicanos", "United Mexican States", "República Mexicana"])

  /// Names in English and French, and former ones.
  private static let stateAliases: [String: [String]] = [
    "02": ["Lower California", "Basse-Californie", "Baja California Norte"],
    "03": ["Basse-Californie du Sud"],
    "09": [
      "Mexico City", "Mexico DF", "Distrito Federal", "D.F.", "Ville de Mexico", "Ciudad de Mexico",
    ],
    "15": ["State of Mexico", "Edomex", "Edo. Méx.", "Edo. de México", "État de Mexico"],
    "19": ["New Leon", "Nouveau-León"],
    "30": ["Veracruz-Llave"],
  ]

  private static func municipalities(
    _ folder: InputFolder, abbreviations: [String: String], stateNames: [String: String]
  ) throws -> [RegionRow] {
    struct Municipality {
      var code: String
      var state: String
      var name: String
      var seat: String
    }
    var found: [Municipality] = []
    for row in try folder.csv("mx_municipio", in: "mx").rows {
      let code = try row.text("cvegeo")
      found.append(
        try Municipality(
          code: code, state: row.text("cve_ent"), name: distinguishedNames[code] ?? row.text("nombre"),
          seat: row.text("cabecera")))
    }
    let names = UniqueNames(found.flatMap { [($0.code, $0.name), ($0.code, $0.seat)] })
    return found.map { place in
      let state = abbreviations[place.state] ?? ""
      // The bare name, and that of the seat, where no other municipality of the country has it.
      let bare = [place.name, place.seat].filter(names.isUnique)
      return RegionRow(
        level: "county", country: country, code: place.code, name: "\(place.name), \(state)", parent: place.state,
        aliases: bare + ["\(place.name), \(stateNames[place.state] ?? "")"])
    } + [
      // Returned separately in the count of 1995, while the autonomous municipalities of Chiapas were disputed.
      RegionRow(
        level: "county", country: country, code: "07998", name: "Localities of Chiapas without a municipality",
        parent: "07")
    ]
  }

  /// Two pairs of municipalities of Oaxaca share their name; the district tells them apart.
  private static let distinguishedNames = [
    "20208": "San Juan Mixtepec (Distrito 08)", "20209": "San Juan Mixtepec (Distrito 26)",
    "20318": "San Pedro Mixtepec (Distrito 22)", "20319": "San Pedro Mixtepec (Distrito 26)",
  ]
}
