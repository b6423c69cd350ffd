extension Catalog {
  /// The members of some level that a mistyped `text` probably meant, best first; of equally close ones the coarser.
  package func suggest(_ text: String, levels: [Level], limit: Int = 3) -> [Member] {
    var found: [(distance: Int, order: Int, member: Member)] = []
    for (order, level) in levels.sorted().enumerated() {
      let list = list(level)
      for match in list.closest(to: text, limit: limit) {
        found.append((match.distance, order, list.members[match.position]))
      }
    }
    found.sort { ($0.distance, $0.order) < ($1.distance, $1.order) }
    guard let best = found.first?.distance else { return [] }
    var members: [Member] = []
    for entry in found where entry.distance <= best + NameIndex.edit / 2 && !members.contains(entry.member) {
      members.append(entry.member)
    }
    return Array(members.prefix(limit))
  }
}
