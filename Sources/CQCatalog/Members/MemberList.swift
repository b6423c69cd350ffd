import CQColumns

/// The members of one level in the order of their countries and codes, found by code, name, abbreviation or alias.
package final class MemberList: Sendable {
  package let level: Level
  package let members: [Member]
  private let positions = Lazy<[MemberKey: Int]>()
  private let index = Lazy<NameTable>()
  private let names = Lazy<(names: NameIndex, owners: [Int])>()
  private let words = Lazy<MemberSearch>()

  package init(level: Level, members: [Member]) {
    self.level = level
    self.members = members
  }

  /// The member with exactly this code in `country` (empty for activities).
  package func member(code: String, country: String = "") -> Member? {
    position(of: code, country: country).map { members[$0] }
  }

  /// Complexity: O(1) after the first call, which looks at every code.
  package func position(of code: String, country: String = "") -> Int? {
    let table = positions.get {
      Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    }
    return table[MemberKey(level: level, country: country, code: code)]
  }

  /// All members whose code, official name, abbreviation or registered alias is `text` once both are folded.
  ///
  /// A code or a full name wins over an alias, within each country and classification. Complexity: O(1) after the first
  /// call, which folds every name.
  package func find(_ text: String) -> [Member] {
    let key = fold(text)
    let found = index.get { NameTable(members) }.positions(of: key).map { members[Int($0)] }
    guard found.count > 1 else { return found }
    let exact = found.filter { fold($0.name) == key || fold($0.code) == key }
    let settled = Set(exact.map(\.country))
    return found.filter { !settled.contains($0.country) || exact.contains($0) }
  }

  /// Search by the words of names, made at the first call.
  package var search: MemberSearch { words.get { MemberSearch(members) } }

  /// The members that a mistyped `text` probably meant by name or alias, best first, each once.
  package func suggest(_ text: String, limit: Int = 3) -> [Member] {
    closest(to: text, limit: limit).map { members[$0.position] }
  }

  /// As ``suggest(_:limit:)``, with the distances, so that several lists can be compared.
  ///
  /// - Complexity: as ``NameIndex/closest(to:limit:)``; the first call folds every name.
  func closest(to text: String, limit: Int = 3) -> [NameIndex.Match] {
    let index = names.get {
      var texts: [String] = []
      var owners: [Int] = []
      for (position, member) in members.enumerated() {
        for name in [member.name] + member.aliases {
          texts.append(name)
          owners.append(position)
        }
      }
      return (NameIndex(texts), owners)
    }
    var result: [NameIndex.Match] = []
    for match in index.names.closest(to: text, limit: limit * 3) {
      let position = index.owners[match.position]
      if result.contains(where: { $0.position == position }) { continue }
      result.append(NameIndex.Match(position: position, distance: match.distance))
      if result.count == limit { break }
    }
    return result
  }
}

/// The members that each folded name belongs to: mostly one.
private struct NameTable: Sendable {
  private var first: [String: Int32] = [:]
  private var others: [String: [Int32]] = [:]

  init(_ members: [Member]) {
    first.reserveCapacity(members.count * 3)
    var buffer: [UInt8] = []
    for (position, member) in members.enumerated() {
      for name in [member.code, member.name, member.abbreviation] + member.aliases where !name.isEmpty {
        buffer.removeAll(keepingCapacity: true)
        appendFolded(name, to: &buffer)
        add(String(decoding: buffer, as: UTF8.self), Int32(position))
      }
    }
  }

  private mutating func add(_ key: String, _ position: Int32) {
    guard let known = first.updateValue(position, forKey: key), known != position else { return }
    first[key] = known
    if others[key]?.contains(position) != true { others[key, default: []].append(position) }
  }

  func positions(of key: String) -> [Int32] { first[key].map { [$0] + (others[key] ?? []) } ?? [] }
}
