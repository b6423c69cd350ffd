import CQCatalog
import CQPlan
import CQSemantics

/// Builds look-up tables: which group each dictionary code of a fact table belongs to.
struct LookupBuilder {
  let catalog: Catalog
  let dataset: Dataset

  /// Group of each region code, or -1.
  ///
  /// Where the facts hold both an area and its parts, a group is taken from the area: published totals are data.
  func regionGroups(_ axis: RegionAxis, codes: [String]) -> [Int32] {
    let places = codes.map { place($0) }
    var groups = places.map { $0.map { group(of: $0, in: axis) } ?? -1 }
    guard Set(places.compactMap { $0?.level }).count > 1 else { return groups }
    let before = groups
    for (index, place) in places.enumerated() where before[index] >= 0 {
      guard let place else { continue }
      let hasWhole = places.indices.contains { other in
        guard other != index, before[other] == before[index], let whole = places[other] else { return false }
        return catalog.isInside(place, whole)
      }
      if hasWhole { groups[index] = -1 }
    }
    return groups
  }

  private func place(_ code: String) -> Member? {
    for level in dataset.regionLevels {
      if let member = catalog.list(level).member(code: code, country: dataset.country) { return member }
    }
    return nil
  }

  private func group(of place: Member, in axis: RegionAxis) -> Int32 {
    let above = catalog.ancestors(of: place)
    for constraint in axis.constraints {
      guard constraint.members.contains(where: { above.contains($0) }) else { return -1 }
    }
    for (index, entry) in axis.entries.enumerated() where entry.allSatisfy({ above.contains($0) }) {
      return Int32(index)
    }
    return -1
  }

  /// Groups and cover limits of each activity code of the facts, in the classification `tree`.
  ///
  /// - Parameters:
  ///   - nodes: The tree's node of each activity code, or -1 for a code of another vintage.
  ///   - hasCovers: The facts carry covers; without them only the topmost nodes of a group get a group.
  /// - Returns: Also which groups have any industry in this classification: a group without one is missing, not zero.
  /// - Complexity: O(nodes × constraints).
  func activityGroups(
    _ axis: ActivityAxis, tree: ActivityTree, nodes: [Int32], hasCovers: Bool
  ) -> (groups: [Int32], limits: [UInt8], exists: [Bool]) {
    let nodeGroups = self.nodeGroups(axis, tree)
    // Depth of the topmost ancestor with the same group, from the root down: parents come first.
    var topDepths = [UInt8](repeating: 0, count: tree.nodeCount)
    for node in 0..<tree.nodeCount where nodeGroups[node] >= 0 {
      let parent = Int(tree.parents[node])
      let parentIsInside = node != 0 && nodeGroups[parent] == nodeGroups[node]
      topDepths[node] = parentIsInside ? topDepths[parent] : tree.depths[node]
    }
    var isPresent = [Bool](repeating: false, count: tree.nodeCount)
    for node in nodes where node >= 0 { isPresent[Int(node)] = true }
    var groups = [Int32](repeating: -1, count: nodes.count)
    var limits = [UInt8](repeating: 0, count: nodes.count)
    var exists = [Bool](repeating: false, count: axis.groupCount)
    for code in nodes.indices {
      let node = Int(nodes[code])
      guard node >= 0, nodeGroups[node] >= 0 else { continue }
      exists[Int(nodeGroups[node])] = true
      if !hasCovers, hasPresentAncestor(node, tree, isPresent, atLeast: topDepths[node]) { continue }
      groups[code] = nodeGroups[node]
      limits[code] = topDepths[node]
    }
    return (groups, limits, exists)
  }

  /// Group of each node whose leaves all belong to one group, else -1.
  private func nodeGroups(_ axis: ActivityAxis, _ tree: ActivityTree) -> [Int32] {
    let mixed: Int32 = -1
    let unset: Int32 = -2
    let leafGroups = LeafClassifier(tree: tree, catalog: catalog).groups(of: axis)
    var groups = [Int32](repeating: unset, count: tree.nodeCount)
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) {
      if tree.isLeaf[node] { groups[node] = leafGroups[node] }
      guard node > 0 else { continue }
      let parent = Int(tree.parents[node])
      groups[parent] = groups[parent] == unset || groups[parent] == groups[node] ? groups[node] : mixed
    }
    return groups
  }

  private func hasPresentAncestor(
    _ node: Int, _ tree: ActivityTree, _ isPresent: [Bool], atLeast depth: UInt8
  ) -> Bool {
    var current = node
    while current != 0 {
      current = Int(tree.parents[current])
      if tree.depths[current] < depth { return false }
      if isPresent[current] { return true }
    }
    return false
  }
}
