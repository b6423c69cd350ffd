import CQColumns

/// The published cover of a user's facts: for each row the depth of its nearest ancestor row that stands for it, 255
/// where its children stand for it (ARCHITECTURE.md, "Published cover").
///
/// A row is resolved when its number is known, when no row lies below it, or when the file lacks a row for one of the
/// codes right below it: adding up those that there are would then lose a part without a word.
struct FactCovers {
  private let tree: ActivityTree
  /// Codes right below each node.
  private let childCounts: [Int]

  init(_ tree: ActivityTree) {
    self.tree = tree
    var counts = [Int](repeating: 0, count: tree.nodeCount)
    for node in 1..<max(1, tree.nodeCount) { counts[Int(tree.parents[node])] += 1 }
    childCounts = counts
  }

  /// - Parameters:
  ///   - nodes: Of the rows of one place and period, ascending: parents come before their children.
  ///   - isKnown: Whether a row has a number.
  ///   - absentIsZero: Codes that are not listed are zero, so the children that are listed are all there are.
  func covers(nodes: ArraySlice<Int32>, isKnown: (Int) -> Bool, absentIsZero: Bool, _ store: (Int, UInt8) -> Void) {
    var rowOfNode: [Int32: Int] = [:]
    rowOfNode.reserveCapacity(nodes.count)
    for (row, node) in zip(nodes.indices, nodes) { rowOfNode[node] = row }
    var parents = [Int](repeating: -1, count: nodes.count)
    var listed = [Int](repeating: 0, count: nodes.count)
    var hasBelow = [Bool](repeating: false, count: nodes.count)
    let first = nodes.startIndex
    for (row, node) in zip(nodes.indices, nodes) {
      var current = Int(node)
      while current != 0 {
        current = Int(tree.parents[current])
        if let above = rowOfNode[Int32(current)], above != row {
          parents[row - first] = above - first
          hasBelow[above - first] = true
          if Int(tree.parents[Int(node)]) == current { listed[above - first] += 1 }
          break
        }
      }
    }
    var depthAbove = [UInt8](repeating: 0, count: nodes.count)
    var covers = [UInt8](repeating: 255, count: nodes.count)
    for (row, node) in zip(nodes.indices, nodes) {
      let index = row - first
      let above = parents[index]
      if above >= 0 {
        depthAbove[index] =
          covers[above] != 255 ? tree.depths[Int(nodes[first + above])] : depthAbove[above]
      }
      let isComplete = absentIsZero || listed[index] == childCounts[Int(node)]
      if isKnown(row) || !hasBelow[index] || !isComplete { covers[index] = depthAbove[index] }
      store(row, covers[index])
    }
  }
}
