import CQCatalog
import CQColumns
import CQEngine
import CQPlan
import CQSemantics
import CQSource
import CQSyntax
import Testing

/// Three invented economies with the classifications, levels, years and money that real ones have: none the same.
struct ThreeCountries {
  typealias Row = (period: Int, region: String, activity: String, values: [Double])

  private var files: [String: ArrowWriter] = [:]

  init() {
    addNames()
    addTrees()
    addUnitedStates()
    addMexico()
    addCanada()
  }

  func catalog() throws -> Catalog {
    try Catalog(files: files.sorted { $0.key < $1.key }.map { ($0.key, .copying($0.value.bytes())) })
  }

  // MARK: - Queries

  static let library = """
    def share(of = employment): percent = of / of(activity:all)
    def lq(of = employment) = share(of) / share(of, region:base)
    def growth(of = employment): percent = of(year:end) / of(year:start) - 1
    def yoy(of = employment): percent = of / of(year:previous) - 1

    """

  static func elaborate(
    _ text: String, on catalog: Catalog
  ) throws -> (outcomes: [Elaborator.Outcome], diagnostics: [Diagnostic]) {
    let source = SourceText(name: "test", text: library + text)
    let parsed = Parser.parse(source)
    let country = try #require(catalog.list(.country).member(code: "US", country: "US"))
    let elaborator = Elaborator(
      catalog: catalog, source: source, environment: Environment(), sessionArea: RegionSet([country]), parameters: [:],
      files: nil)
    let checked = elaborator.elaborate(parsed.program)
    return (checked.outcomes, parsed.diagnostics + checked.diagnostics)
  }

  static func run(_ text: String, on catalog: Catalog) throws -> Table {
    try runWithPlan(text, on: catalog, denseCells: QueryPlan.usualDenseCellLimit).table
  }

  static func runWithPlan(
    _ text: String, on catalog: Catalog, denseCells: Int
  ) throws -> (table: Table, plan: QueryPlan) {
    let (outcomes, diagnostics) = try elaborate(text, on: catalog)
    #expect(diagnostics.map { "\($0.code) \($0.message)" } == [], "\(text)")
    guard case .query(let query) = outcomes.last else { throw CancellationError() }
    var planner = Planner(catalog: catalog, denseCellLimit: denseCells)
    let plan = try planner.plan(query)
    let outcome = try Executor(catalog: catalog, plan: plan, limits: Limits(), cancellation: Cancellation()).run()
    return (outcome.table, plan)
  }

  /// Each row as text: names, years, and numbers with `~` when estimated, `W` and `-` when there are none.
  static func rows(_ table: Table) -> [String] {
    (0..<table.rowCount).map { row in
      table.columns.map { column in
        switch column.values {
        case .members(let codes, let members): return members[Int(codes[row])].name
        case .periods(let years): return "\(years[row])"
        case .numbers(let values, let states, _):
          let value = (values[row] * 1_000).rounded() / 1_000
          let text = value == value.rounded() ? "\(Int(value))" : "\(value)"
          switch states[row] {
          case .known: return text
          case .estimated: return text + "~"
          case .withheld: return "W"
          case .missing: return "-"
          }
        case .texts(let texts): return texts[row]
        case .truths(let truths): return "\(truths[row])"
        }
      }.joined(separator: " ")
    }
  }

  // MARK: - Names

  private mutating func addNames() {
    addRegions(
      "country",
      [
        ["NA", "NA", "North America", "", "", "USMCA"], ["US", "US", "United States", "US", "NA", "USA"],
        ["MX", "MX", "Mexico", "MX", "NA", "MEX"], ["CA", "CA", "Canada", "CA", "NA", "CAN"],
        ["DEU", "DEU", "Germany", "", "", ""],
      ])
    addRegions(
      "state",
      [
        ["US", "21", "Kentucky", "KY", "US", ""], ["US", "39", "Ohio", "OH", "US", ""],
        ["MX", "11", "Guanajuato", "GTO", "MX", ""], ["MX", "19", "Nuevo León", "NL", "MX", ""],
        ["CA", "24", "Quebec", "QC", "CA", "Québec"], ["CA", "35", "Ontario", "ON", "CA", ""],
      ])
    addRegions(
      "county",
      [
        ["US", "21037", "Campbell County, KY", "", "21", ""], ["US", "21111", "Jefferson County, KY", "", "21", ""],
        ["US", "39049", "Franklin County, OH", "", "39", ""], ["US", "39061", "Hamilton County, OH", "", "39", ""],
      ])
    addRegions(
      "metro",
      [
        ["US", "17140", "Cincinnati, OH-KY", "", "US", "Cincinnati"],
        ["US", "18140", "Columbus, OH", "", "US", "Columbus"], ["MX", "11.1.01", "León", "", "MX", ""],
      ], states: ["39 21", "39", "11"])
    var membership = ArrowWriter(rowCount: 4)
    membership.add("country", .texts(["US", "US", "US", "US"]))
    membership.add("delineation", .int16([2013, 2013, 2013, 2020]))
    membership.add("area", .texts(["17140", "17140", "18140", "18140"]))
    membership.add("county", .texts(["39061", "21037", "39049", "39061"]))
    files["membership.metro.arrow"] = membership
  }

  private mutating func addRegions(_ level: String, _ rows: [[String]], states: [String]? = nil) {
    var writer = ArrowWriter(rowCount: rows.count)
    for (index, column) in ["country", "code", "name", "abbreviation", "parent", "aliases"].enumerated() {
      writer.add(column, .texts(rows.map { $0[index] }))
    }
    if let states { writer.add("states", .texts(states)) }
    writer.add("also", .uint8(rows.map { _ in 0 }))
    files["regions.\(level).arrow"] = writer
  }

  private mutating func addTrees() {
    var clusters = ArrowWriter(rowCount: 3)
    for (name, values) in [
      ("code", ["1", "2", "3"]), ("name", ["Automotive", "Farming", "Leather"]),
      ("kind", ["traded", "local", "traded"]), ("short_name", ["", "", ""]), ("aliases", ["", "", ""]),
    ] { clusters.add(name, .texts(values)) }
    files["clusters.arrow"] = clusters
    var subclusters = ArrowWriter(rowCount: 0)
    for name in ["code", "cluster", "name"] { subclusters.add(name, .texts([])) }
    files["subclusters.arrow"] = subclusters
    let shared = [
      ["11", "naics2", "Agriculture", "", ""], ["111", "naics3", "Crops", "11", ""],
      ["31-33", "naics2", "Manufacturing", "", ""], ["316", "naics3", "Leather", "31-33", ""],
      ["3162", "naics4", "Footwear", "316", ""], ["336", "naics3", "Vehicles", "31-33", ""],
      ["3361", "naics4", "Cars", "336", ""], ["3362", "naics4", "Bodies", "336", ""],
    ]
    addTree(
      "naics.2017",
      shared + [
        ["111110", "naics6", "Soy", "111", "2"], ["316210", "naics6", "Shoes", "3162", "3"],
        ["336110", "naics6", "Cars", "3361", "1"], ["336211", "naics6", "Bodies", "3362", ""],
      ])
    addTree("scian.2018", shared)
    addTree(
      "seph",
      [
        ["11", "naics2", "Agriculture", "", ""], ["31-33", "naics2", "Manufacturing", "", ""],
        ["durable", "industry", "Durables", "31-33", ""], ["other", "industry", "Other goods", "31-33", ""],
      ])
    var weights = ArrowWriter(rowCount: 4)
    weights.add("code", .texts(["316", "336", "3361", "111"]))
    weights.add("cluster", .texts(["3", "1", "1", "2"]))
    weights.add("weight", .float64([1, 0.75, 1, 0.5]))
    files["weights.scian.arrow"] = weights
  }

  private mutating func addTree(_ name: String, _ rows: [[String]]) {
    var writer = ArrowWriter(rowCount: rows.count)
    for (index, column) in ["code", "level", "title", "parent", "cluster"].enumerated() {
      writer.add(column, .texts(rows.map { $0[index] }))
    }
    for column in ["subcluster", "title_es", "title_fr"] { writer.add(column, .texts(rows.map { _ in "" })) }
    writer.add("depth", .uint8(rows.map { UInt8(Level(word: $0[1])?.industryDigits ?? 3) }))
    files["tree.\(name).arrow"] = writer
  }

  // MARK: - Facts

  /// Adds a fact table; rows come in any order.
  mutating func add(_ name: String, _ manifest: [(String, String)], measures: [String], _ rows: [Row]) {
    let sorted = rows.sorted { ($0.period, $0.region, $0.activity) < ($1.period, $1.region, $1.activity) }
    var metadata = manifest.map { (key: $0.0, value: $0.1) }
    metadata.append((key: "measures", value: measures.joined(separator: " ")))
    for measure in measures where !metadata.contains(where: { $0.key == "measure.\(measure).additive" }) {
      metadata.append((key: "measure.\(measure).additive", value: "region activity"))
    }
    var writer = ArrowWriter(rowCount: sorted.count, metadata: metadata)
    func dictionary(_ texts: [String]) -> ArrowWriter.Values {
      let values = Set(texts).sorted()
      return .dictionary(
        codes: texts.map { Int32(values.firstIndex(of: $0) ?? 0) }, values: values,
        width: .init(valueCount: values.count))
    }
    writer.add("year", .int16(sorted.map { Int16($0.period) }))
    writer.add("region", dictionary(sorted.map(\.region)))
    writer.add("activity", dictionary(sorted.map(\.activity)))
    for (index, measure) in measures.enumerated() { writer.add(measure, .float64(sorted.map { $0.values[index] })) }
    files[name] = writer
  }

  private mutating func addUnitedStates() {
    var jobs: [Row] = []
    for year in [2019, 2020] {
      for (state, base) in [("39", 100.0), ("21", 50.0)] {
        let grown = base + Double(year - 2019) * 10
        jobs += [
          (year, state, "00", [grown * 10, grown * 500]), (year, state, "31-33", [grown * 4, grown * 220]),
          (year, state, "336110", [grown * 2, grown * 120]), (year, state, "336211", [grown, grown * 50]),
          (year, state, "316210", [grown, grown * 50]), (year, state, "111110", [grown * 6, grown * 280]),
        ]
      }
    }
    add(
      "us_jobs.arrow",
      [
        ("country", "US"), ("scheme", "naics"), ("source", "US agency"), ("levels.region", "state"),
        ("levels.activity", "naics2 naics6"), ("vintages", "2019-2020:2017"), ("comparable", "2019-2020:*"),
        ("measure.payroll.quantity", "money"), ("measure.payroll.currency", "USD"),
      ], measures: ["employment", "payroll"], jobs)
    // Sectors in one file (manufacturing is not among them), four digits in another.
    let counties = [("39049", 1.0), ("39061", 2.0), ("21037", 4.0), ("21111", 8.0)]
    let manifest = [
      ("country", "US"), ("scheme", "naics"), ("source", "US counties"), ("levels.region", "county"),
      ("levels.activity", "naics2 naics3 naics4"), ("vintages", "2018-2018:2017"), ("precedence", "1"),
      ("total", "none"),
      ("delineation", "2013"),
    ]
    add(
      "us_county.arrow", manifest + [("measure.employment.levels.activity", "naics2")], measures: ["employment"],
      counties.map { (2018, $0.0, "11", [$0.1 * 7]) })
    add(
      "us_county.naics4.arrow", manifest + [("measure.employment.levels.activity", "naics4")], measures: ["employment"],
      counties.flatMap { [(2018, $0.0, "3361", [$0.1 * 10]), (2018, $0.0, "3162", [$0.1 * 100])] })
    add(
      "us_people.arrow",
      [
        ("country", "US"), ("scheme", "none"), ("source", "US census"), ("levels.region", "state"), ("precedence", "0"),
      ],
      measures: ["population"],
      [2018, 2019, 2020].flatMap { year in [("39", 3_000.0), ("21", 2_000.0)].map { (year, $0.0, "00", [$0.1]) } })
  }

  private mutating func addMexico() {
    var jobs: [Row] = []
    for (year, factor) in [(2013, 1.0), (2018, 2.0)] {
      for (state, base) in [("11", 100.0), ("19", 40.0)] {
        let size = base * factor
        jobs += [
          (year, state, "00", [size * 10, size * 900]), (year, state, "31-33", [size * 7, size * 600]),
          (year, state, "336", [size * 4, size * 400]), (year, state, "316", [size * 3, size * 200]),
          (year, state, "111", [size * 2, size * 100]),
        ]
      }
    }
    add(
      "mx_jobs.arrow",
      [
        ("country", "MX"), ("scheme", "scian"), ("source", "MX agency"), ("levels.region", "state"),
        ("levels.activity", "naics2 naics3 cluster"), ("vintages", "2013-2018:2018"), ("comparable", "2013-2018:*"),
        ("measure.payroll.quantity", "money"), ("measure.payroll.currency", "MXN"),
      ], measures: ["employment", "payroll"], jobs)
    add(
      "mx_fdi.arrow",
      [
        ("country", "MX"), ("scheme", "none"), ("source", "MX investment"), ("levels.region", "state"),
        ("measure.fdi.additive", "region activity period"), ("comparable", "2018-2019:*"),
      ], measures: ["fdi"],
      [20181, 20182, 20183, 20184, 20191].map { ($0, "11", "00", [Double($0 % 10)]) })
  }

  private mutating func addCanada() {
    var jobs: [Row] = []
    for year in [2018, 2019, 2020] {
      for (state, base) in [("35", 20.0), ("24", 10.0)] {
        jobs += [
          (year, state, "00", [base * 10]), (year, state, "31-33", [base * 3]), (year, state, "11", [base]),
          (year, state, "durable", [base * 2]), (year, state, "other", [base]),
        ]
      }
      // Canada's own total is a little more than its provinces.
      jobs.append((year, "CA", "00", [303]))
    }
    add(
      "ca_jobs.arrow",
      [
        ("country", "CA"), ("scheme", "seph"), ("source", "CA agency"), ("levels.region", "country state"),
        ("levels.activity", "naics2 industry"), ("comparable", "2018-2020:*"),
      ], measures: ["employment"], jobs)
  }
}
