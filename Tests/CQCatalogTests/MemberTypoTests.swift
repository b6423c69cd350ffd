import CQCatalog
import Testing

@testable import properties

/// Of the random single-edit typos in names of members, the first suggestion must be right in at least 95 of 100.
struct MemberTypoTests {
  private static let catalog = Result { try BundledCatalog.open() }

  @Test(arguments: [
    (Level.cluster, 200), (.subcluster, 200), (.state, 200), (.naics2, 100), (.naics3, 100), (.naics4, 200),
    (.naics5, 200), (.naics6, 200), (.metro, 200), (.county, 200), (.economicArea, 100), (.country, 200),
  ])
  func firstSuggestionIsRight(level: Level, count: Int) throws {
    let list = try Self.catalog.get().list(level)
    guard !list.members.isEmpty else { return }
    let found = try wrong(list, list.members.map { [$0.name] }, count)
    #expect(found.wrong.count * 20 <= found.count, "\(level): \(found.wrong.joined(separator: "\n"))")
  }

  /// Short names and names in other languages, where a member has them.
  @Test(arguments: [Level.cluster, .state, .metro, .country]) func aliases(level: Level) throws {
    let list = try Self.catalog.get().list(level)
    guard list.members.contains(where: { !$0.aliases.isEmpty }) else { return }
    let found = try wrong(list, list.members.map(\.aliases), 200)
    #expect(found.wrong.count * 20 <= found.count, "\(level): \(found.wrong.joined(separator: "\n"))")
  }

  /// Ten thousand names must not keep anybody waiting; optimised this takes some 5 ms (`Benchmarks/run`).
  @Test func longListsAreSearched() {
    let places = (0..<10_000).map { "\(["North", "South", "Upper", "Old"][$0 % 4]) Place\($0) County" }
    let index = NameIndex(places)
    #expect(index.closest(to: "Upper Plaec4710 County").first?.position == 4710)
    #expect(index.closest(to: "Cuonty").count <= 3)
    #expect(index.closest(to: String(repeating: "Place ", count: 10_000)).isEmpty)
  }

  /// Typos whose first suggestion is another member, or none.
  private func wrong(_ list: MemberList, _ names: [[String]], _ count: Int) throws -> (wrong: [String], count: Int) {
    let all = names.enumerated().flatMap { position, names in names.map { (position, $0) } }
    var source = TypoSource(seed: list.level.rawValue.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    var wrong: [String] = []
    var tried = 0
    // What is a name itself is no typo, whatever was meant.
    for typo in source.typos(count + 50, in: all.map(\.1)) where list.find(typo.text).isEmpty && tried < count {
      tried += 1
      let meant = list.members[all[typo.position].0]
      let first = list.suggest(typo.text).first
      // Several cities share a short name.
      let owners = list.find(all[typo.position].1)
      if first != meant, first?.name != meant.name, !owners.contains(where: { $0 == first }) {
        wrong.append("\(typo.text) → \(first?.name ?? "nothing"), not \(meant.name)")
      }
    }
    try #require(tried == count)
    return (wrong, tried)
  }
}
