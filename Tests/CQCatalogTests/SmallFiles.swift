import CQCatalog
import CQColumns

/// A complete set of invented data files, each of which a test may change.
struct SmallFiles {
  var files: [String: ArrowWriter] = [:]

  init() {
    add(
      "regions.arrow",
      texts: [
        ("country", ["US", "US"]), ("level", ["country", "state"]), ("code", ["US", "53"]),
        ("name", ["United States", "Washington"]), ("abbreviation", ["US", "WA"]), ("parent", ["", "US"]),
        ("aliases", ["USA;Estados Unidos", ""]),
      ])
    add(
      "clusters.arrow",
      texts: [
        ("code", ["1", "2"]), ("name", ["Aerospace Vehicles", "Farming"]), ("kind", ["traded", "local"]),
        ("short_name", ["Aerospace", "Farms"]), ("aliases", ["", ""]),
      ])
    add(
      "subclusters.arrow", texts: [("code", ["1.1"]), ("cluster", ["1"]), ("name", ["Aircraft"])])
    addIndustries("naics_2017.arrow")
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

  mutating func addIndustries(_ name: String, leavingOut omitted: String = "") {
    var writer = ArrowWriter(rowCount: 2)
    writer.add("level", .int8([2, 6]))
    for (column, values) in [
      ("code", ["31-33", "336411"]), ("title", ["Manufacturing", "Aircraft"]), ("parent", ["", "31-33"]),
      ("cluster", ["", "1"]), ("subcluster", ["", "1.1"]),
    ] where column != omitted {
      writer.add(column, .texts(values))
    }
    files[name] = writer
  }

  /// Adds a fact table of four rows with the manifest `metadata`.
  mutating func add(
    _ name: String, facts metadata: [(String, String)], years: ArrowWriter.Values = .int16([2019, 2019, 2020, 2020]),
    region: ArrowWriter.Values = .dictionary(codes: [0, 0, 0, 0], values: ["53"], width: .bits8),
    measure: String = "employment"
  ) {
    var writer = ArrowWriter(rowCount: 4, metadata: metadata.map { (key: $0.0, value: $0.1) })
    writer.add("year", years)
    writer.add("region", region)
    writer.add("activity", .dictionary(codes: [0, 1, 0, 1], values: ["00", "336411"], width: .bits8))
    writer.add(measure, .int32([10, 4, 12, 5]))
    files[name] = writer
  }

  func open() throws -> Catalog {
    try Catalog(files: files.sorted { $0.key < $1.key }.map { (name: $0.key, region: .copying($0.value.bytes())) })
  }
}
