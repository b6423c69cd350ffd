internal import Synchronization

/// A place or an activity that has a name.
package struct Member: Sendable, Hashable {
  package var level: Level
  /// Official code, unique within its level and country.
  package var code: String
  package var name: String
  /// Postal or ISO abbreviation, empty when there is none.
  package var abbreviation: String
  package var aliases: [String]
  /// `US` for places; empty for activities.
  package var country: String
  /// Code of the member above it (`Ohio` → `US`, subcluster → cluster), empty at the top.
  package var parent: String
  /// `traded` or `local` for clusters, else empty.
  package var kind: String

  package init(
    level: Level, code: String, name: String, abbreviation: String = "", aliases: [String] = [], country: String = "",
    parent: String = "", kind: String = ""
  ) {
    self.level = level
    self.code = code
    self.name = name
    self.abbreviation = abbreviation
    self.aliases = aliases
    self.country = country
    self.parent = parent
    self.kind = kind
  }

  /// `country:US/state:53`: what two references to the same member share.
  package var key: MemberKey { MemberKey(level: level, country: country, code: code) }

  package static func == (lhs: Member, rhs: Member) -> Bool { lhs.key == rhs.key }
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}

package struct MemberKey: Sendable, Hashable {
  package var level: Level
  package var country: String
  package var code: String

  package init(level: Level, country: String, code: String) {
    self.level = level
    self.country = country
    self.code = code
  }
}

/// The members of one level in the order of their codes, found by code, name, abbreviation or alias.
package final class MemberList: Sendable {
  package let level: Level
  package let members: [Member]
  private let index = Mutex<[String: [Int]]?>(nil)
  private let positions: [MemberKey: Int]

  package init(level: Level, members: [Member]) {
    self.level = level
    self.members = members
    positions = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The member with exactly this code in `country` (empty for activities).
  package func member(code: String, country: String = "") -> Member? {
    position(of: code, country: country).map { members[$0] }
  }

  package func position(of code: String, country: String = "") -> Int? {
    positions[MemberKey(level: level, country: country, code: code)]
  }

  /// All members whose code, official name, abbreviation or registered alias is `text` once both are folded.
  ///
  /// A code or a full name wins over an alias. Complexity: O(1) after the first call, which folds every name.
  package func find(_ text: String) -> [Member] {
    let key = fold(text)
    let positions = index.withLock { (built: inout [String: [Int]]?) -> [Int] in
      let table = built ?? makeIndex()
      built = table
      return table[key] ?? []
    }
    let found = positions.map { members[$0] }
    if found.count > 1 {
      let exact = found.filter { fold($0.name) == key || fold($0.code) == key }
      if !exact.isEmpty { return exact }
    }
    return found
  }

  private func makeIndex() -> [String: [Int]] {
    var table: [String: [Int]] = [:]
    table.reserveCapacity(members.count * 3)
    func add(_ text: String, _ position: Int) {
      guard !text.isEmpty else { return }
      let key = fold(text)
      if table[key]?.contains(position) != true { table[key, default: []].append(position) }
    }
    for (position, member) in members.enumerated() {
      add(member.code, position)
      add(member.name, position)
      add(member.abbreviation, position)
      for alias in member.aliases { add(alias, position) }
    }
    return table
  }

  /// Names and aliases, each with the member it belongs to, for suggestions.
  package func suggest(_ text: String, limit: Int = 3) -> [Member] {
    var owners: [String: Int] = [:]
    var candidates: [String] = []
    for (position, member) in members.enumerated() {
      for candidate in [member.name] + member.aliases where owners[candidate] == nil {
        owners[candidate] = position
        candidates.append(candidate)
      }
    }
    var result: [Member] = []
    for candidate in suggestions(for: text, among: candidates, limit: limit * 3) {
      guard let position = owners[candidate], !result.contains(members[position]) else { continue }
      result.append(members[position])
      if result.count == limit { break }
    }
    return result
  }
}
