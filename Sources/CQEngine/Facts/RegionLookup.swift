import CQCatalog
import CQPlan
import CQSemantics

/// Which group each region code of some fact tables of one dataset belongs to.
///
/// Groups are made of parts (a metro, a county, the part of a metro in one state), and rows are added up per *slot*: one
/// slot for each part that differs. Where the facts hold both an area and what it is made of, a slot has several tiers:
/// a cell comes from the first tier that has rows for it, since published totals are data.
struct RegionLookup: Sendable {
  /// For each tier and fact table the slot of every region code, or -1.
  let tiers: [[[Int32]]]
  /// The groups that each slot belongs to: two for a metro in a table by state and metro that crosses a line.
  let groupsOfSlot: [[Int32]]
  /// There is one tier and each slot belongs to one group, so that rows can be added to their groups at once.
  let isDirect: Bool
  /// Groups that the facts have any place of: of others nothing is known, not even that there is nothing.
  let isListed: [Bool]

  var slotCount: Int { groupsOfSlot.count }

  /// - Parameter codes: The places of the region codes of each fact table.
  /// - Complexity: O(parts + codes).
  init(_ axis: RegionAxis, codes: [[Member?]], places: Places, delineations: [String: Int]) {
    var slots: [MemberKey: [(slot: Int, within: Set<MemberKey>?)]] = [:]
    var groupsOfSlot: [[Int32]] = []
    var levels: Set<Level> = []
    for (group, parts) in axis.parts.enumerated() {
      for part in parts {
        levels.insert(part.place.level)
        for area in part.within ?? [] { levels.insert(area.level) }
        let known = slots[part.place.key] ?? []
        if let same = known.first(where: { $0.within == part.within }) {
          if groupsOfSlot[same.slot].last != Int32(group) { groupsOfSlot[same.slot].append(Int32(group)) }
        } else {
          slots[part.place.key, default: []].append((groupsOfSlot.count, part.within))
          groupsOfSlot.append([Int32(group)])
        }
      }
    }
    let skipsAreas = !levels.contains(.metro) && !levels.contains(.economicArea)
    // A bit for each rank that some code of the slot has.
    var ranksOfSlot = [UInt8](repeating: 0, count: groupsOfSlot.count)
    func slotsOfCodes(_ table: [Member?]) -> [(slot: Int, rank: Int)?] {
      table.map { place in
        guard let place else { return nil }
        let containers = places.containers(
          of: place, delineation: delineations[place.country], skipsAreas: skipsAreas)
        for key in containers {
          guard let candidates = slots[key] else { continue }
          let match = candidates.first { $0.within.map { $0.contains { containers.contains($0) } } ?? true }
          guard let match else { continue }
          let rank = key == place.key ? 0 : Self.rank(of: place.level)
          ranksOfSlot[match.slot] |= 1 << UInt8(rank)
          return (match.slot, rank)
        }
        return nil
      }
    }
    let found = codes.map { slotsOfCodes($0) }
    let ranks = ranksOfSlot
    let tierCount = max(1, ranks.map(\.nonzeroBitCount).max() ?? 1)
    isDirect = tierCount == 1 && groupsOfSlot.allSatisfy { $0.count == 1 }
    self.groupsOfSlot = groupsOfSlot
    var isListed = [Bool](repeating: false, count: axis.groupCount)
    for slot in ranks.indices where ranks[slot] != 0 {
      for group in groupsOfSlot[slot] { isListed[Int(group)] = true }
    }
    self.isListed = isListed
    tiers = (0..<tierCount).map { tier in
      found.map { table in
        table.map { entry in
          guard let entry else { return -1 }
          // The fewer ranks come before that of the code, the earlier its tier.
          let before = ranks[entry.slot] & (1 << UInt8(entry.rank) - 1)
          return before.nonzeroBitCount == tier ? Int32(entry.slot) : -1
        }
      }
    }
  }

  /// In which order rows of a level stand for the area around them: the fewer and the more complete first.
  private static func rank(of level: Level) -> Int {
    switch level {
    case .country: 1
    case .state: 2
    case .county: 3
    case .economicArea: 4
    default: 5
    }
  }
}
