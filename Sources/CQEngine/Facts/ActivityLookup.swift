import CQCatalog
import CQPlan
import CQSemantics

/// Which group each activity code of a fact table belongs to, and from which depth on its rows count.
struct ActivityLookup: Sendable {
  /// Group of each activity code, or -1.
  var groups: [Int32]
  /// For each activity code: the depth of its topmost ancestor that lies wholly inside its group.
  var limits: [UInt8]

  /// - Parameters:
  ///   - nodes: The tree's node of each activity code, or -1 for a code that the classification does not have.
  ///   - hasCovers: The facts carry covers; without them only the topmost present nodes of a group get a group.
  init(_ spread: GroupsOfNodes, nodes: [Int32], hasCovers: Bool) {
    groups = [Int32](repeating: -1, count: nodes.count)
    limits = [UInt8](repeating: 0, count: nodes.count)
    for code in nodes.indices {
      let node = Int(nodes[code])
      guard node >= 0, spread.groups[node] >= 0 else { continue }
      if !hasCovers, spread.hasPresentAncestor(node) { continue }
      groups[code] = spread.groups[node]
      limits[code] = spread.topDepths[node]
    }
  }
}

/// The groups of an axis spread over the nodes of a classification, with what a period's facts have of them.
struct GroupsOfNodes {
  let tree: ActivityTree
  /// Group of each node whose leaves all belong to one group, else -1.
  let groups: [Int32]
  /// Depth of the topmost ancestor of each node with the same group.
  let topDepths: [UInt8]
  /// Nodes with rows in a fact table without covers.
  let isPresent: [Bool]

  /// - Complexity: O(nodes × constraints).
  init(_ axis: ActivityAxis, tree: ActivityTree, isPresent: [Bool], catalog: Catalog) {
    let classifier = LeafClassifier(tree: tree, catalog: catalog)
    let groups = classifier.spread(classifier.groups(of: axis))
    // From the root down: parents come first.
    var topDepths = [UInt8](repeating: 0, count: tree.nodeCount)
    for node in 0..<tree.nodeCount where groups[node] >= 0 {
      let parent = Int(tree.parents[node])
      let parentIsInside = node != 0 && groups[parent] == groups[node]
      topDepths[node] = parentIsInside ? topDepths[parent] : tree.depths[node]
    }
    self.tree = tree
    self.groups = groups
    self.topDepths = topDepths
    self.isPresent = isPresent
  }

  /// Whether a node above `node`, inside the same group, has rows that stand for it.
  func hasPresentAncestor(_ node: Int) -> Bool {
    var current = node
    while current != 0 {
      current = Int(tree.parents[current])
      if tree.depths[current] < topDepths[node] { return false }
      if isPresent[current] { return true }
    }
    return false
  }
}
