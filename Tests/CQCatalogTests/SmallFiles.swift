import CQCatalog
import CQColumns

/// A complete set of invented data files, each of which a test may change.
struct SmallFiles {
  var files: [String: ArrowWriter] = [:]

  init() {
    addRegions(
      .country,
      [
        ["NA", "NA", "North America", "", "", "USMCA;T-MEC"],
        ["US", "US", "United States", "US", "NA", "USA;Estados Unidos"],
        ["MX", "MX", "Mexico", "MX", "NA", "MEX;México"], ["CA", "CA", "Canada", "CA", "NA", "CAN"],
        ["GEO", "GEO", "Georgia", "", "", ""],
      ], also: [0, 0, 2, 2, 2])
    addRegions(
      .state,
      [
        ["US", "01", "Alabama", "AL", "US", ""], ["US", "06", "California", "CA", "US", ""],
        ["US", "08", "Colorado", "CO", "US", ""],
        ["US", "11", "District of Columbia", "DC", "US", "Washington, D.C."], ["US", "13", "Georgia", "GA", "US", ""],
        ["US", "34", "New Jersey", "NJ", "US", ""], ["US", "36", "New York", "NY", "US", "Nueva York"],
        ["US", "39", "Ohio", "OH", "US", ""], ["US", "53", "Washington", "WA", "US", ""],
        ["MX", "01", "Aguascalientes", "AGS", "MX", ""], ["MX", "10", "Durango", "DGO", "MX", ""],
        ["MX", "15", "México", "MEX", "MX", "Estado de México"], ["CA", "35", "Ontario", "ON", "CA", ""],
      ],
      also: [0, 0, 0, 0, 1, 0, 20, 0, 4, 20, 20, 1, 16])
    addRegions(
      .metro,
      [
        ["US", "20420", "Durango, CO", "", "US", "Durango"],
        ["US", "35620", "New York-Newark-Jersey City, NY-NJ", "", "US", "New York"],
        ["US", "47900", "Washington-Arlington, DC", "", "US", "Washington"],
        ["MX", "01.1.01", "Aguascalientes", "", "MX", ""], ["MX", "10.2.01", "Durango", "", "MX", ""],
      ],
      also: [18, 18, 2, 18, 18], states: ["08", "36 34", "11", "01", "10"])
    addRegions(
      .county,
      [
        ["US", "08067", "La Plata County, CO", "", "08", ""], ["US", "34013", "Essex County, NJ", "", "34", ""],
        ["US", "36061", "New York County, NY", "", "36", "New York"],
        ["US", "36069", "Ontario County, NY", "", "36", "Ontario"],
        ["MX", "01001", "Aguascalientes", "", "01", ""], ["MX", "10005", "Durango", "", "10", ""],
      ],
      also: [0, 0, 6, 2, 6, 6])
    addMembership([
      ("US", 2013, "35620", "34013"), ("US", 2020, "35620", "34013"), ("US", 2020, "35620", "36061"),
      ("US", 2013, "20420", "08067"), ("MX", 2020, "01.1.01", "01001"),
    ])
    add(
      "clusters.arrow",
      texts: [
        ("code", ["1", "2"]), ("name", ["Aerospace Vehicles", "Farming"]), ("kind", ["traded", "local"]),
        ("short_name", ["Aerospace", "Farms"]), ("aliases", ["", ""]),
      ])
    add(
      "subclusters.arrow", texts: [("code", ["1.1"]), ("cluster", ["1"]), ("name", ["Aircraft"])])
    addTree(
      "tree.naics.2017.arrow",
      [["31-33", "naics2", "Manufacturing", "", "", ""], ["336411", "naics6", "Aircraft", "31-33", "1", "1.1"]])
    add("us_test.arrow", facts: Self.manifest)
  }

  static let manifest = [
    ("title", "Test data"), ("source", "An agency"), ("country", "US"), ("scheme", "naics"),
    ("levels.region", "state"), ("levels.activity", "naics2 naics6"), ("vintages", "2019-2020:2017"),
    ("absent", "zero"), ("measures", "employment"), ("measure.employment.label", "Employment"),
    ("measure.employment.unit", "persons"), ("measure.employment.quantity", "count"),
    ("measure.employment.additive", "region activity"),
  ]

  mutating func add(_ name: String, texts: [(String, [String])]) {
    var writer = ArrowWriter(rowCount: texts[0].1.count)
    for (column, values) in texts { writer.add(column, .texts(values)) }
    files[name] = writer
  }

  /// Rows of country, code, name, abbreviation, parent, aliases.
  mutating func addRegions(
    _ level: Level, _ rows: [[String]], also: [UInt8], states: [String]? = nil, leavingOut omitted: String = ""
  ) {
    var writer = ArrowWriter(rowCount: rows.count)
    for (index, column) in ["country", "code", "name", "abbreviation", "parent", "aliases"].enumerated()
    where column != omitted {
      writer.add(column, .texts(rows.map { $0[index] }))
    }
    if let states { writer.add("states", .texts(states)) }
    if omitted != "also" { writer.add("also", .uint8(also)) }
    files["regions.\(level.rawValue).arrow"] = writer
  }

  mutating func addMembership(_ rows: [(country: String, year: Int16, area: String, county: String)]) {
    var writer = ArrowWriter(rowCount: rows.count)
    writer.add("country", .texts(rows.map(\.country)))
    writer.add("delineation", .int16(rows.map(\.year)))
    writer.add("area", .texts(rows.map(\.area)))
    writer.add("county", .texts(rows.map(\.county)))
    files["membership.metro.arrow"] = writer
  }

  /// Rows of code, level, title, parent, cluster, subcluster, and perhaps titles in Spanish and French.
  mutating func addTree(_ name: String, _ rows: [[String]], leavingOut omitted: String = "") {
    var writer = ArrowWriter(rowCount: rows.count)
    for (index, column) in ["code", "level", "title", "parent", "cluster", "subcluster", "title_es", "title_fr"]
      .enumerated()
    where column != omitted {
      writer.add(column, .texts(rows.map { index < $0.count ? $0[index] : "" }))
    }
    let depths = rows.map { row in
      UInt8(clamping: Level(word: row[1])?.industryDigits ?? (row[3].isEmpty ? 2 : 3))
    }
    if omitted != "depth" { writer.add("depth", .uint8(depths)) }
    files[name] = writer
  }

  /// Adds a fact table of four rows with the manifest `metadata`.
  mutating func add(
    _ name: String, facts metadata: [(String, String)],
    years: ArrowWriter.Values? = .int16([2019, 2019, 2020, 2020]),
    region: ArrowWriter.Values? = .dictionary(codes: [0, 0, 0, 0], values: ["53"], width: .bits8),
    measure: String = "employment", values: ArrowWriter.Values = .int32([10, 4, 12, 5])
  ) {
    var writer = ArrowWriter(rowCount: 4, metadata: metadata.map { (key: $0.0, value: $0.1) })
    if let years { writer.add("year", years) }
    if let region { writer.add("region", region) }
    writer.add("activity", .dictionary(codes: [0, 1, 0, 1], values: ["00", "336411"], width: .bits8))
    writer.add(measure, values)
    files[name] = writer
  }

  var list: [(name: String, region: ByteRegion)] {
    files.sorted { $0.key < $1.key }.map { (name: $0.key, region: .copying($0.value.bytes())) }
  }

  func open() throws -> Catalog { try Catalog(files: list) }

  /// The catalogue as the bundle has it: with an index.
  func openIndexed() throws -> Catalog {
    let index = try CatalogIndex(scanning: CatalogFiles(list))
    return try Catalog(files: list + [(name: CatalogIndex.fileName, region: .copying(index.bytes()))])
  }
}
