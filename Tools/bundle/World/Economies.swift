/// The economies of world trade beyond North America.
enum Economies {
  /// The code of an economy in the catalogue: its own members have the codes of their statistics, the others ISO's.
  static func code(iso3: String) -> String { ["USA": "US", "MEX": "MX", "CAN": "CA"][iso3] ?? iso3 }

  /// All but the three of North America, whose own modules name them.
  static var rows: [RegionRow] {
    names.split(separator: "\n").map { line in
      let fields = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let code = fields[0].filter { $0 != " " }
      return RegionRow(
        level: "country", country: code, code: code, name: fields[1],
        aliases: fields[2].split(separator: ";").map(String.init))
    }
  }

  /// English names by the catalogue's code, for tables that name countries.
  static var englishNames: [String: String] {
    Dictionary(
      rows.map { ($0.code, $0.name) } + [("US", "United States"), ("MX", "Mexico"), ("CA", "Canada")],
      uniquingKeysWith: { first, _ in first })
  }
}
