package import CQCatalog
package import CQSemantics

/// Where the leaves of one classification belong, as whole numbers: cluster, subcluster, industry at every level.
package struct LeafClassifier {
  package let tree: ActivityTree
  private let clusters: [Member]
  private let subclusters: [Member]

  package init(tree: ActivityTree, catalog: Catalog) {
    self.tree = tree
    clusters = catalog.list(.cluster).members
    subclusters = catalog.list(.subcluster).members
  }

  /// For each node of the tree the number of its member at `level`, or -1; only leaves have clusters.
  ///
  /// Numbers are indexes into the catalogue's clusters or subclusters, or node indexes of the tree.
  package func identifiers(at level: Level) -> [Int] {
    switch level {
    case .cluster: tree.clusters.map(Int.init)
    case .subcluster: tree.subclusters.map(Int.init)
    default: (0..<tree.nodeCount).map { tree.ancestor(of: $0, at: level) ?? -1 }
    }
  }

  /// The key of a member by its number at `level`.
  package func key(_ identifier: Int, at level: Level) -> MemberKey {
    switch level {
    case .cluster: clusters[identifier].key
    case .subcluster: subclusters[identifier].key
    default: MemberKey(level: level, country: level.owner(of: tree.scheme), code: tree.codes[identifier])
    }
  }

  /// For each leaf whether it lies inside every one of `sets`; nodes that are not leaves are never inside.
  ///
  /// - Complexity: O(nodes × terms).
  package func membership(in sets: [ActivitySet]) -> [Bool] {
    var isInside = tree.isLeaf
    for set in sets where !set.isAll {
      var isInSet = [Bool](repeating: false, count: tree.nodeCount)
      for term in set.terms {
        switch term {
        case .all: break
        case .traded: markClusters(ofKind: "traded", &isInSet)
        case .local: markClusters(ofKind: "local", &isInSet)
        case .member(let member): mark(member, &isInSet)
        }
      }
      for node in 0..<tree.nodeCount { isInside[node] = isInside[node] && isInSet[node] }
    }
    return isInside
  }

  private func markClusters(ofKind kind: String, _ isInSet: inout [Bool]) {
    let isOfKind = clusters.map { $0.kind == kind }
    for node in 0..<tree.nodeCount where tree.clusters[node] >= 0 && isOfKind[Int(tree.clusters[node])] {
      isInSet[node] = true
    }
  }

  private func mark(_ member: Member, _ isInSet: inout [Bool]) {
    guard let wanted = number(of: member) else { return }
    switch member.level {
    case .cluster: for node in 0..<tree.nodeCount where Int(tree.clusters[node]) == wanted { isInSet[node] = true }
    case .subcluster:
      for node in 0..<tree.nodeCount where Int(tree.subclusters[node]) == wanted { isInSet[node] = true }
    default:
      // Parents come first, so what lies below the member is marked in one pass.
      var isBelow = [Bool](repeating: false, count: tree.nodeCount)
      isBelow[wanted] = true
      for node in 1..<max(1, tree.nodeCount) {
        isBelow[node] = isBelow[node] || isBelow[Int(tree.parents[node])]
        if isBelow[node] { isInSet[node] = true }
      }
    }
  }

  private func number(of member: Member) -> Int? {
    switch member.level {
    case .cluster: return clusters.firstIndex { $0.code == member.code }
    case .subcluster: return subclusters.firstIndex { $0.code == member.code }
    default:
      guard member.country == member.level.owner(of: tree.scheme) else { return nil }
      return tree.index(of: member.code).flatMap { tree.levels[$0] == member.level ? $0 : nil }
    }
  }

  /// The group of every leaf for the entries of an axis: the position of the entry that its members form, or -1.
  package func groups(of axis: ActivityAxis) -> [Int32] {
    let isInside = membership(in: axis.constraints)
    var groups = [Int32](repeating: -1, count: tree.nodeCount)
    guard !axis.levels.isEmpty else {
      for node in 0..<tree.nodeCount where isInside[node] { groups[node] = 0 }
      return groups
    }
    if let level = axis.levels.first, axis.levels.count == 1 {
      let identifiers = identifiers(at: level)
      var positions = [Int32](repeating: -1, count: (identifiers.max() ?? -1) + 1)
      for (position, entry) in axis.entries.enumerated() {
        if let number = number(of: entry[0]), number < positions.count { positions[number] = Int32(position) }
      }
      for node in 0..<tree.nodeCount where isInside[node] && identifiers[node] >= 0 {
        groups[node] = positions[identifiers[node]]
      }
      return groups
    }
    var positions: [[Int]: Int32] = [:]
    for (position, entry) in axis.entries.enumerated() {
      let key = entry.compactMap { number(of: $0) }
      if key.count == entry.count { positions[key] = Int32(position) }
    }
    let identifiers = axis.levels.map { self.identifiers(at: $0) }
    for node in 0..<tree.nodeCount where isInside[node] {
      groups[node] = positions[identifiers.map { $0[node] }] ?? -1
    }
    return groups
  }

  /// The group of each node whose leaves all belong to one group, else -1.
  package func spread(_ leafGroups: [Int32]) -> [Int32] {
    let mixed: Int32 = -1
    let unset: Int32 = -2
    var groups = [Int32](repeating: unset, count: tree.nodeCount)
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) {
      if tree.isLeaf[node] { groups[node] = leafGroups[node] }
      guard node > 0 else { continue }
      let parent = Int(tree.parents[node])
      groups[parent] = groups[parent] == unset || groups[parent] == groups[node] ? groups[node] : mixed
    }
    return groups
  }

  /// Positions in `list` of the members of `level` that some present node lies wholly inside.
  func positions(
    at level: Level, _ constraints: [ActivitySet], _ list: MemberList, isPresent: [Bool]
  ) -> [Int] {
    let isInside = membership(in: constraints)
    let identifiers = identifiers(at: level)
    let groups = spread(identifiers.indices.map { isInside[$0] ? Int32(identifiers[$0]) : -1 })
    var exists = [Bool](repeating: false, count: (identifiers.max() ?? -1) + 1)
    for node in 0..<tree.nodeCount where isPresent[node] && groups[node] >= 0 { exists[Int(groups[node])] = true }
    return exists.indices.compactMap { identifier in
      guard exists[identifier] else { return nil }
      let member = key(identifier, at: level)
      return list.position(of: member.code, country: member.country)
    }
  }

  /// Positions in `lists` of the members of every group of `axis` that some present node lies wholly inside.
  func entries(of axis: ActivityAxis, _ lists: [MemberList], isPresent: [Bool]) -> Set<[Int]> {
    let isInside = membership(in: axis.constraints)
    let identifiers = axis.levels.map { self.identifiers(at: $0) }
    var known: [[Int]: Int32] = [:]
    var keys: [[Int]] = []
    var leafGroups = [Int32](repeating: -1, count: tree.nodeCount)
    for node in 0..<tree.nodeCount where isInside[node] {
      let key = identifiers.map { $0[node] }
      if key.contains(-1) { continue }
      if let group = known[key] {
        leafGroups[node] = group
      } else {
        known[key] = Int32(keys.count)
        leafGroups[node] = Int32(keys.count)
        keys.append(key)
      }
    }
    let groups = spread(leafGroups)
    var exists = [Bool](repeating: false, count: keys.count)
    for node in 0..<tree.nodeCount where isPresent[node] && groups[node] >= 0 { exists[Int(groups[node])] = true }
    var found: Set<[Int]> = []
    for (group, key) in keys.enumerated() where exists[group] {
      let positions = zip(axis.levels, zip(lists, key)).compactMap { level, entry -> Int? in
        let member = self.key(entry.1, at: level)
        return entry.0.position(of: member.code, country: member.country)
      }
      if positions.count == key.count { found.insert(positions) }
    }
    return found
  }
}
