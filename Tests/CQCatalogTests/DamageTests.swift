import CQCatalog
import CQColumns
import Testing

/// Damaged files are errors, never traps: bytes of complete sets of files are changed at random, and everything is used.
struct DamageTests {
  private struct RandomBytes: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  private static let originals: [(name: String, bytes: [UInt8])] = {
    var files = SmallFiles()
    files.add("us_test.2021.arrow", facts: SmallFiles.manifest + [("period", "2021")], years: nil)
    files.add("table.organisations.arrow", texts: [("state", ["Ohio"]), ("name", ["A"])])
    files.addTree("tree.seph.arrow", [["T002", "industry", "Aircraft; parts", "", "", ""]])
    files.add("membership.economic_area.arrow", texts: [("country", []), ("area", []), ("county", [])])
    let list = files.files.sorted { $0.key < $1.key }.map { (name: $0.key, bytes: $0.value.bytes()) }
    let index = try? CatalogIndex(
      scanning: CatalogFiles(list.map { (name: $0.name, region: .copying($0.bytes)) })
    ).bytes()
    return list + [(name: CatalogIndex.fileName, bytes: index ?? [])]
  }()

  private func use(_ catalog: Catalog) throws {
    for level in Level.allCases {
      let list = catalog.list(level)
      _ = list.suggest("Nwe York")
      for member in list.members {
        _ = catalog.find(member.name, levels: [level], preferring: ["US"])
        _ = catalog.ancestors(of: member)
        _ = catalog.counties(of: member)
        _ = catalog.states(of: member)
        _ = catalog.area(of: member, at: .economicArea)
      }
    }
    _ = catalog.find("New York", levels: Level.places)
    for (scheme, vintage) in [("naics", 2017), ("seph", nil), ("cluster", nil)] as [(String, Int?)] {
      guard let tree = catalog.tree(scheme: scheme, vintage: vintage) else { continue }
      for node in 0..<tree.nodeCount { _ = (tree.key(of: node), tree.ancestor(of: node, atDepth: 2)) }
    }
    for table in catalog.tables { _ = table.content }
    for dataset in catalog.datasets {
      _ = catalog.trees(of: dataset)
      for measure in dataset.measures {
        for period in measure.periods {
          for (_, table) in try dataset.facts(for: measure, period: period) {
            _ = table.rows(of: period)
            _ = try table.numbers(measure.name)
          }
        }
      }
      _ = try Coverage(of: dataset, in: catalog)
    }
  }

  @Test func theFilesAreFineAsTheyAre() throws {
    let catalog = try Catalog(files: Self.originals.map { (name: $0.name, region: .copying($0.bytes)) })
    try use(catalog)
    // Its membership of economic areas lacks a column.
    #expect(catalog.damage?.message.contains("membership.economic_area.arrow") == true)
  }

  @Test(arguments: 0..<12) func nothingTraps(seed: Int) {
    var random = RandomBytes(state: UInt64(seed))
    for _ in 0..<40 {
      var files = Self.originals
      let damaged = Int.random(in: 0..<files.count, using: &random)
      for _ in 0..<Int.random(in: 1...4, using: &random) where !files[damaged].bytes.isEmpty {
        let position = Int.random(in: 0..<files[damaged].bytes.count, using: &random)
        files[damaged].bytes[position] = UInt8.random(in: 0...255, using: &random)
      }
      if Int.random(in: 0..<8, using: &random) == 0 { files[damaged].bytes.removeLast(files[damaged].bytes.count / 3) }
      if Int.random(in: 0..<4, using: &random) == 0 { files.removeAll { $0.name == CatalogIndex.fileName } }
      // An error is as good as a result; what counts is that there is one or the other.
      if let catalog = try? Catalog(files: files.map { (name: $0.name, region: .copying($0.bytes)) }) {
        try? use(catalog)
      }
    }
  }
}
