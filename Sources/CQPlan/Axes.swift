package import CQCatalog
package import CQSemantics

/// The members that one coordinate of a request is grouped by.
package struct Axis<Selection: Hashable & Sendable>: Sendable, Hashable {
  /// Levels that rows show; empty for a single group.
  package var levels: [Level]
  /// A member belongs to a group only if it lies inside every one of these.
  package var constraints: [Selection]
  /// One group each: the members at `levels`.
  package var entries: [[Member]]

  package init(levels: [Level], constraints: [Selection], entries: [[Member]]) {
    self.levels = levels
    self.constraints = constraints
    self.entries = entries
  }

  package var groupCount: Int { entries.count }

  // The entries follow from the levels and the constraints, so axes of one table compare without them.
  package static func == (lhs: Self, rhs: Self) -> Bool {
    lhs.levels == rhs.levels && lhs.constraints == rhs.constraints
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(levels)
    hasher.combine(constraints)
  }
}

package typealias RegionAxis = Axis<RegionSet>
package typealias ActivityAxis = Axis<ActivitySet>

/// A grid of groups, region-major: what a table's rows, or the members that a measure adds over, are laid out on.
package struct Grid: Sendable, Hashable {
  package var region: RegionAxis
  package var activity: ActivityAxis
  package var years: [Int]

  package var cellCount: Int { region.groupCount * activity.groupCount * years.count }
}

/// "Group this measure by these axes": the one question that an engine answers.
package struct GroupingRequest: Sendable, Hashable {
  package var measure: String
  package var grid: Grid
}

/// Builds the axes of a frame from its levels and selections.
struct AxisBuilder {
  let catalog: Catalog
  let frame: Frame

  func regionAxis() -> RegionAxis {
    let levels = frame.levels.filter { $0.dimension == .region }
    let constraints = [frame.area] + (frame.regions.map { [$0] } ?? [])
    guard let finest = levels.max() else {
      return RegionAxis(levels: [], constraints: constraints, entries: [[]])
    }
    let members = catalog.list(finest).members.filter { member in
      member.country == frame.dataset.country && constraints.allSatisfy { touches(member, $0) }
    }
    let entries = members.map { member in levels.compactMap { ancestor(of: member, at: $0) } }
    return RegionAxis(levels: levels, constraints: constraints, entries: entries.filter { $0.count == levels.count })
  }

  /// A single group of the places in `set`.
  func regionAxis(of set: RegionSet) -> RegionAxis { RegionAxis(levels: [], constraints: [set], entries: [[]]) }

  func baseAxis(_ base: BaseArea) -> RegionAxis {
    switch base {
    case .area(let set): regionAxis(of: set)
    // Every dataset covers one country, so all rows share their base.
    case .countryOfRow: regionAxis(of: RegionSet(catalog.list(.country).find(frame.dataset.country)))
    }
  }

  /// Whether `member` lies inside, or contains a part of, `set`.
  private func touches(_ member: Member, _ set: RegionSet) -> Bool {
    set.members.contains { other in
      catalog.touches(member, other)
    }
  }

  private func ancestor(of member: Member, at level: Level) -> Member? {
    var current = member
    while current.level != level {
      guard let parent = catalog.parent(of: current) else { return nil }
      current = parent
    }
    return current
  }

  func activityAxis(extra: Level? = nil) throws(CatalogError) -> ActivityAxis {
    var levels = frame.levels.filter { $0.dimension == .activity }
    if let extra, !levels.contains(extra) { levels.append(extra) }
    return try activityAxis(levels: levels, constraints: [frame.activities])
  }

  func activityAxis(of set: ActivitySet) -> ActivityAxis {
    ActivityAxis(levels: [], constraints: [set], entries: [[]])
  }

  /// The combinations of members of `levels` that some industry in the data belongs to, in the order of the catalogue.
  func activityAxis(levels: [Level], constraints: [ActivitySet]) throws(CatalogError) -> ActivityAxis {
    guard !levels.isEmpty else { return ActivityAxis(levels: [], constraints: constraints, entries: [[]]) }
    let lists = levels.map { catalog.list($0) }
    var found: Set<[Int]> = []
    let present = try codesPresent()
    for tree in catalog.trees(of: frame.dataset) {
      let classifier = LeafClassifier(tree: tree, catalog: catalog)
      let isInside = classifier.membership(in: constraints)
      let ranks = levels.enumerated().map { index, level in
        classifier.identifiers(at: level).map {
          $0 < 0 ? -1 : lists[index].position(of: classifier.code($0, at: level)) ?? -1
        }
      }
      for node in 0..<tree.nodeCount where tree.isLeaf[node] && isInside[node] && present.contains(tree.codes[node]) {
        let entry = ranks.map { $0[node] }
        if !entry.contains(-1) { found.insert(entry) }
      }
    }
    let entries = found.sorted { $0.lexicographicallyPrecedes($1) }
    return ActivityAxis(
      levels: levels, constraints: constraints,
      entries: entries.map { entry in zip(lists, entry).map { $0.members[$1] } })
  }

  /// Codes that the facts of the dataset's first measure use.
  private func codesPresent() throws(CatalogError) -> Set<String> {
    guard let part = frame.dataset.measures.first?.parts.first else { return [] }
    return Set(try frame.dataset.facts(part.factTable).activities)
  }
}
