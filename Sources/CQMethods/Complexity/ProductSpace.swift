/// The network of related activities that maps are drawn from.
package struct ProductSpace: Sendable {
  package struct Link: Equatable, Sendable {
    package let first: Int
    package let second: Int
    package let proximity: Double
    /// Whether the link is one of the spanning tree.
    package let isInTree: Bool
  }

  /// The strongest first; equal ones by their activities.
  package let links: [Link]

  /// - Parameters:
  ///   - proximity: Symmetric; pairs with 0 are not linked, so that the tree may be a forest.
  ///   - cut: Links beside those of the tree have at least this proximity.
  /// - Source: Hidalgo et al. (2007), Science 317: maximum spanning tree and proximities from 0.55.
  /// - Complexity: O(size²) for the tree (Prim).
  package init(_ proximity: Matrix, cut: Double = 0.55) {
    let size = proximity.rowCount
    var isReached = [Bool](repeating: false, count: size)
    var nearest = [Int](repeating: -1, count: size)
    var best = [Double](repeating: 0, count: size)
    var tree: Set<[Int]> = []
    for start in 0..<size where !isReached[start] {
      var current: Int? = start
      while let node = current {
        isReached[node] = true
        if nearest[node] >= 0 { tree.insert([min(node, nearest[node]), max(node, nearest[node])]) }
        current = nil
        for other in 0..<size where !isReached[other] {
          if proximity[node, other] > best[other] { (best[other], nearest[other]) = (proximity[node, other], node) }
          if best[other] > 0, current.map({ best[other] > best[$0] }) ?? true { current = other }
        }
      }
    }
    var links: [Link] = []
    for first in 0..<size {
      for second in first + 1..<max(size, first + 1) {
        let value = proximity[first, second]
        let isInTree = tree.contains([first, second])
        if isInTree || (value >= cut && value > 0) {
          links.append(Link(first: first, second: second, proximity: value, isInTree: isInTree))
        }
      }
    }
    self.links = links.sorted { ($0.proximity, $1.first, $1.second) > ($1.proximity, $0.first, $0.second) }
  }
}
