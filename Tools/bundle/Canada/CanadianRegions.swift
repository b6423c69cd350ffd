/// The provinces and territories, economic regions and census divisions of Canada.
struct CanadianRegions {
  static let country = "CA"

  let rows: [RegionRow]

  init(from folder: InputFolder) throws {
    var provinces: [RegionRow] = []
    var letters: [String: String] = [:]
    for row in try folder.csv("ca_province", in: "ca").rows {
      let code = try row.text("sgc")
      letters[code] = try row.text("alpha")
      provinces.append(
        try RegionRow(
          level: "state", country: Self.country, code: code, name: row.text("name_en"),
          abbreviation: row.text("alpha"), parent: Self.country,
          aliases: [row.text("name_fr"), row.text("iso_3166_2")] + (Self.provinceAliases[code] ?? [])))
    }
    rows =
      [Self.canada] + provinces
      + (try Self.places(
        folder, "ca_economic_region", code: "er_code", level: "economic_area", letters: letters))
      + (try Self.places(folder, "ca_census_division", code: "cduid", level: "county", letters: letters))
  }

  private static let canada = RegionRow(
    level: "country", country: country, code: country, name: "Canada", abbreviation: "CAN", parent: "NA",
    aliases: ["Canadá"])

  /// Spanish names, and common others.
  private static let provinceAliases: [String: [String]] = [
    "10": ["Terranova y Labrador", "Newfoundland", "Terre-Neuve"],
    "11": ["Isla del Príncipe Eduardo", "PEI", "P.E.I.", "Î.-P.-É."],
    "12": ["Nueva Escocia", "N.S."],
    "13": ["Nuevo Brunswick", "N.B."],
    "24": ["PQ", "Que."],
    "35": ["Ont."],
    "46": ["Man."],
    "47": ["Sask."],
    "48": ["Alta."],
    "59": ["Columbia Británica", "B.C.", "C.-B."],
    "60": ["Yukón", "Yukon Territory"],
    "61": ["Territorios del Noroeste", "N.W.T."],
  ]

  private static func places(
    _ folder: InputFolder, _ file: String, code codeColumn: String, level: String, letters: [String: String]
  ) throws -> [RegionRow] {
    var found: [(code: String, name: String, province: String)] = []
    for row in try folder.csv(file, in: "ca").rows {
      found.append(try (row.text(codeColumn), plain(row.text("name")), row.text("sgc")))
    }
    let unique = UniqueNames(found.map { ($0.code, $0.name) })
    return found.map { place in
      RegionRow(
        level: level, country: country, code: place.code, name: "\(place.name), \(letters[place.province] ?? "")",
        parent: level == "county" ? place.province : country,
        aliases: unique.isUnique(place.name) ? [place.name] : [],
        states: level == "county" ? [] : [place.province])
    }
  }

  /// `Division No.  1` and `Stratford--Bruce Peninsula` as they are written elsewhere.
  private static func plain(_ name: String) -> String {
    if name.hasPrefix("Yukon Territory") { return "Yukon" }
    return name.replacing("  ", with: " ").replacing("--", with: "–")
  }
}
