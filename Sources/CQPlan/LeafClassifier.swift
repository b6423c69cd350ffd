package import CQCatalog
package import CQSemantics

/// Where the leaves of one classification belong, as whole numbers: cluster, subcluster, industry at every level.
package struct LeafClassifier {
  private let tree: ActivityTree
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
    default:
      if let digits = level.industryDigits {
        (0..<tree.nodeCount).map { tree.ancestor(of: $0, atDepth: UInt8(digits)) ?? -1 }
      } else {
        [Int](repeating: -1, count: tree.nodeCount)
      }
    }
  }

  /// The code of a member by its number at `level`.
  package func code(_ identifier: Int, at level: Level) -> String {
    switch level {
    case .cluster: clusters[identifier].code
    case .subcluster: subclusters[identifier].code
    default: tree.codes[identifier]
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
        case .member(let member):
          let wanted = number(of: member)
          let identifiers = identifiers(at: member.level)
          for node in 0..<tree.nodeCount where wanted >= 0 && identifiers[node] == wanted { isInSet[node] = true }
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

  private func number(of member: Member) -> Int {
    switch member.level {
    case .cluster: clusters.firstIndex { $0.code == member.code } ?? -1
    case .subcluster: subclusters.firstIndex { $0.code == member.code } ?? -1
    default: tree.index(of: member.code) ?? -1
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
    let identifiers = axis.levels.map { self.identifiers(at: $0) }
    var positions: [[Int]: Int32] = [:]
    for (position, entry) in axis.entries.enumerated() {
      let key = entry.map { number(of: $0) }
      if !key.contains(-1) { positions[key] = Int32(position) }
    }
    for node in 0..<tree.nodeCount where isInside[node] {
      groups[node] = positions[identifiers.map { $0[node] }] ?? -1
    }
    return groups
  }
}
