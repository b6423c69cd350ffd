package import CQCatalog
import CQSemantics

/// The codes of a classification that is coarser than the definitions of clusters, each shared among clusters by weights:
/// "a third of 3363 in this cluster". What is added up with them is an estimate.
package struct SharedLeaves {
  /// A part of one code that belongs to one cluster.
  private struct Share {
    var node: Int
    var cluster: Int
    var weight: Double
  }

  /// How much of the code of a node counts for a group.
  package struct Weight: Sendable {
    package var node: Int
    package var group: Int32
    package var weight: Double
  }

  private let tree: ActivityTree
  private let clusters: [Member]
  private let shares: [Share]

  /// - Parameter isPresent: Which nodes the data have; of those with weights the finest are taken, so that no job counts
  ///   twice.
  package init(tree: ActivityTree, weights: ClusterWeights, isPresent: [Bool], catalog: Catalog) {
    self.tree = tree
    clusters = catalog.list(.cluster).members
    let positions = Dictionary(
      clusters.enumerated().map { ($1.code, $0) }, uniquingKeysWith: { first, _ in first })
    let known = (0..<tree.nodeCount).map { isPresent[$0] && !weights.shares(of: tree.codes[$0]).isEmpty }
    // A code that has a finer one with weights below it stands aside for that.
    var hasFiner = [Bool](repeating: false, count: tree.nodeCount)
    for node in stride(from: tree.nodeCount - 1, to: 0, by: -1) where known[node] || hasFiner[node] {
      hasFiner[Int(tree.parents[node])] = true
    }
    var shares: [Share] = []
    for node in 1..<max(1, tree.nodeCount) where known[node] && !hasFiner[node] {
      for share in weights.shares(of: tree.codes[node]) {
        guard let cluster = positions[share.cluster] else { continue }
        shares.append(Share(node: node, cluster: cluster, weight: share.weight))
      }
    }
    self.shares = shares
  }

  private func isInside(_ share: Share, _ set: ActivitySet) -> Bool {
    set.terms.contains { term in
      switch term {
      case .all: return true
      case .traded: return clusters[share.cluster].kind == "traded"
      case .local: return clusters[share.cluster].kind == "local"
      case .member(let member):
        if member.level == .cluster { return clusters[share.cluster].code == member.code }
        return key(share, at: member.level) == member.key
      }
    }
  }

  private func key(_ share: Share, at level: Level) -> MemberKey? {
    if level == .cluster { return clusters[share.cluster].key }
    guard let node = tree.ancestor(of: share.node, at: level) else { return nil }
    return MemberKey(level: level, country: level.owner(of: tree.scheme), code: tree.codes[node])
  }

  /// Positions in `lists` of the members of every group of `axis` that a share belongs to.
  func entries(of axis: ActivityAxis, _ lists: [MemberList]) -> Set<[Int]> {
    var found: Set<[Int]> = []
    for share in shares where axis.constraints.allSatisfy({ isInside(share, $0) }) {
      let positions = zip(axis.levels, lists).compactMap { level, list -> Int? in
        key(share, at: level).flatMap { list.position(of: $0.code, country: $0.country) }
      }
      if positions.count == lists.count { found.insert(positions) }
    }
    return found
  }

  /// The shares of each group of `axis`, in the order of the nodes.
  package func weights(of axis: ActivityAxis) -> [Weight] {
    let positions = Dictionary(
      axis.entries.enumerated().map { ($1.map(\.key), Int32($0)) }, uniquingKeysWith: { first, _ in first })
    var sums: [Weight] = []
    for share in shares where axis.constraints.allSatisfy({ isInside(share, $0) }) {
      let keys = axis.levels.compactMap { key(share, at: $0) }
      guard keys.count == axis.levels.count, let group = positions[keys] else { continue }
      // Clusters of one code follow each other: those of one group are one share.
      if let last = sums.last, last.node == share.node, last.group == group {
        sums[sums.count - 1].weight += share.weight
      } else {
        sums.append(Weight(node: share.node, group: group, weight: share.weight))
      }
    }
    return sums
  }
}
