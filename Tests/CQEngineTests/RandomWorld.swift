import CQCatalog
import CQColumns
import Testing

@testable import CQSemantics

/// An invented country with two classifications, and facts whose numbers do not add up: a sum shows which rows it took.
struct RandomWorld {
  struct Node {
    var code: String
    var parent: Int
    var children: [Int] = []
    /// Indexes of clusters, for leaves.
    var cluster = -1
  }

  struct Key: Hashable {
    var year: Int
    var region: String
    var code: String
  }

  struct Fact {
    var employment: Int
    var payroll: Int
    var state: CellState
    var countsItself: Bool
  }

  static let vintageOfYear = [2001: 2002, 2002: 2002, 2003: 2007]
  static let states = ["01", "02", "53"]
  static let kinds = ["traded", "traded", "local", "local", "traded"]

  /// By vintage; node 0 is the root `00`.
  private(set) var trees: [Int: [Node]] = [:]
  private(set) var facts: [Key: Fact] = [:]
  let hasCountry: Bool
  let absentIsZero: Bool

  init(seed: Int) {
    var random = RandomSource(seed: seed)
    hasCountry = random.chance(0.3)
    absentIsZero = random.chance(0.7)
    for vintage in [2002, 2007] { trees[vintage] = Self.tree(&random) }
    for (year, vintage) in Self.vintageOfYear.sorted(by: { $0.key < $1.key }) {
      for region in Self.states + (hasCountry ? ["US"] : []) {
        addFacts(trees[vintage] ?? [], year, region, &random)
      }
    }
  }

  /// Two to six digits; branches may skip a level or end early.
  private static func tree(_ random: inout RandomSource) -> [Node] {
    var nodes = [Node(code: "00", parent: 0)]
    for sector in ["11", "21", "31-33", "92"] where random.chance(0.9) { grow(sector, below: 0, &nodes, &random) }
    if nodes.count == 1 { grow("42", below: 0, &nodes, &random) }
    return nodes
  }

  private static func grow(_ code: String, below parent: Int, _ nodes: inout [Node], _ random: inout RandomSource) {
    let index = nodes.count
    nodes.append(Node(code: code, parent: parent))
    nodes[parent].children.append(index)
    let digits = code.contains("-") ? 2 : code.count
    if digits < 6 && (digits < 4 || random.chance(0.8)) {
      let step = digits == 4 && random.chance(0.3) ? 2 : 1
      for digit in 1...Int.random(in: 1...3, using: &random) {
        let prefix = code == "31-33" ? "31" : code
        grow(prefix + (step == 2 ? "\(digit)0" : "\(digit)"), below: index, &nodes, &random)
      }
    } else {
      nodes[index].cluster = Int.random(in: -1..<kinds.count, using: &random)
    }
  }

  private mutating func addFacts(_ nodes: [Node], _ year: Int, _ region: String, _ random: inout RandomSource) {
    var isPresent = nodes.map { $0.children.isEmpty && random.chance(0.8) }
    for index in nodes.indices.reversed() where isPresent[index] { isPresent[nodes[index].parent] = true }
    isPresent[0] = true
    let withholds = random.chance(0.5)
    for (index, node) in nodes.enumerated() where isPresent[index] {
      let state: CellState =
        withholds
        ? random.pick([.known, .known, .known, .estimated, .estimated, .withheld, .missing])
        : random.pick([.known, .known, .estimated])
      let hasChildren = node.children.contains { isPresent[$0] }
      facts[Key(year: year, region: region, code: node.code)] = Fact(
        employment: Int.random(in: 1...2_000_000_000, using: &random),
        payroll: Int.random(in: 1...1_000_000_000_000, using: &random), state: state,
        countsItself: state == .known || !hasChildren || random.chance(0.1))
    }
  }

  func fact(_ year: Int, _ region: String, _ code: String) -> Fact? {
    facts[Key(year: year, region: region, code: code)]
  }

  func leaves(below index: Int, in nodes: [Node]) -> [Int] {
    nodes[index].children.isEmpty ? [index] : nodes[index].children.flatMap { leaves(below: $0, in: nodes) }
  }

  static func depth(_ code: String) -> Int { code == "00" ? 1 : code.contains("-") ? 2 : code.count }

  // MARK: - As files

  func catalog() throws -> Catalog {
    var files: [(name: String, writer: ArrowWriter)] = [
      ("regions.country.arrow", Self.regions([("US", "Country", "")])),
      ("regions.state.arrow", Self.regions(Self.states.map { ($0, "State \($0)", "US") })),
      (
        "clusters.arrow",
        Self.table([
          ("code", Self.kinds.indices.map { "\($0 + 1)" }), ("name", Self.kinds.indices.map { "Cluster \($0 + 1)" }),
          ("kind", Self.kinds), ("short_name", Self.kinds.map { _ in "" }), ("aliases", Self.kinds.map { _ in "" }),
        ])
      ),
      ("subclusters.arrow", Self.table([("code", []), ("cluster", []), ("name", [])])),
      ("world.arrow", factTable()),
    ]
    for (vintage, nodes) in trees { files.append(("tree.naics.\(vintage).arrow", Self.industries(nodes))) }
    return try Catalog(files: files.map { (name: $0.name, region: .copying($0.writer.bytes())) })
  }

  private static func regions(_ rows: [(code: String, name: String, parent: String)]) -> ArrowWriter {
    var writer = table([
      ("country", rows.map { _ in "US" }), ("code", rows.map(\.code)), ("name", rows.map(\.name)),
      ("abbreviation", rows.map { _ in "" }), ("parent", rows.map(\.parent)), ("aliases", rows.map { _ in "" }),
    ])
    writer.add("also", .uint8(rows.map { _ in 0 }))
    return writer
  }

  private static func table(_ columns: [(String, [String])]) -> ArrowWriter {
    var writer = ArrowWriter(rowCount: columns[0].1.count)
    for (name, values) in columns { writer.add(name, .texts(values)) }
    return writer
  }

  private static func industries(_ nodes: [Node]) -> ArrowWriter {
    let rows = nodes.dropFirst()
    var writer = ArrowWriter(rowCount: rows.count)
    writer.add("level", .texts(rows.map { "naics\(depth($0.code))" }))
    writer.add("depth", .uint8(rows.map { UInt8(depth($0.code)) }))
    writer.add("code", .texts(rows.map(\.code)))
    writer.add("title", .texts(rows.map { "Industry \($0.code)" }))
    writer.add("parent", .texts(rows.map { $0.parent == 0 ? "" : nodes[$0.parent].code }))
    writer.add("cluster", .texts(rows.map { $0.cluster < 0 ? "" : "\($0.cluster + 1)" }))
    writer.add("subcluster", .texts(rows.map { _ in "" }))
    return writer
  }

  private func factTable() -> ArrowWriter {
    let rows = facts.sorted {
      ($0.key.year, $0.key.region, $0.key.code) < ($1.key.year, $1.key.region, $1.key.code)
    }
    let regions = Set(rows.map(\.key.region)).sorted()
    let codes = Set(rows.map(\.key.code)).sorted()
    var writer = ArrowWriter(rowCount: rows.count, metadata: manifest.map { (key: $0.0, value: $0.1) })
    func dictionary(_ texts: [String], _ values: [String]) -> ArrowWriter.Values {
      .dictionary(
        codes: texts.map { Int32(values.firstIndex(of: $0) ?? 0) }, values: values,
        width: .init(valueCount: values.count))
    }
    writer.add("year", .int16(rows.map { Int16($0.key.year) }))
    writer.add("region", dictionary(rows.map(\.key.region), regions))
    writer.add("activity", dictionary(rows.map(\.key.code), codes))
    writer.add("employment", .int32(rows.map { Int32($0.value.employment) }))
    writer.add("payroll", .int64(rows.map { Int64($0.value.payroll) }))
    writer.add("establishments", .float64(rows.map { Double($0.value.employment) }))
    writer.add("state", dictionary(rows.map(\.value.state.name), CellState.allCases.map(\.name)))
    writer.add("cover", .uint8(rows.map { cover($0.key) }))
    return writer
  }

  /// Depth of the nearest ancestor that counts itself, 255 for a row that does not.
  private func cover(_ key: Key) -> UInt8 {
    guard let nodes = Self.vintageOfYear[key.year].flatMap({ trees[$0] }),
      let start = nodes.firstIndex(where: { $0.code == key.code }), facts[key]?.countsItself == true
    else { return 255 }
    var index = start
    while index != 0 {
      index = nodes[index].parent
      if fact(key.year, key.region, nodes[index].code)?.countsItself == true {
        return UInt8(Self.depth(nodes[index].code))
      }
    }
    return 0
  }

  private var manifest: [(String, String)] {
    var entries = [
      ("country", "US"), ("scheme", "naics"), ("levels.region", hasCountry ? "country state" : "state"),
      ("levels.activity", "naics2 naics3 naics4 naics5 naics6"), ("vintages", "2001-2002:2002 2003:2007"),
      ("absent", absentIsZero ? "zero" : "missing"), ("measures", "employment payroll establishments"),
      ("measure.payroll.quantity", "money"), ("measure.payroll.scale", "1000"),
    ]
    for measure in ["employment", "payroll", "establishments"] {
      entries.append(("measure.\(measure).additive", "region activity"))
      if measure != "establishments" {
        entries += [("measure.\(measure).state", "state"), ("measure.\(measure).cover", "cover")]
      }
    }
    return entries
  }
}
