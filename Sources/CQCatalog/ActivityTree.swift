/// One vintage of the industry classification, or the list of clusters, as a tree with its leaves' clusters.
///
/// Nodes are stored parents first. Node 0 is the root: all activities (code `00`).
package struct ActivityTree: Sendable {
  package static let rootCode = "00"

  package private(set) var codes: [String] = [rootCode]
  package private(set) var titles: [String] = ["All activities"]
  /// Node index of the parent; the root is its own parent.
  package private(set) var parents: [Int32] = [0]
  /// 1 for the root, otherwise the number of digits (a sector such as `31-33` has 2); clusters have 2.
  package private(set) var depths: [UInt8] = [1]
  package private(set) var isLeaf: [Bool] = [true]
  /// Index into the catalogue's clusters and subclusters for each leaf that belongs to one, else -1.
  package private(set) var clusters: [Int32] = [-1]
  package private(set) var subclusters: [Int32] = [-1]
  private var indexes: [String: Int32] = [rootCode: 0]

  package var nodeCount: Int { codes.count }

  package init() {}

  /// Adds a node below the node called `parent` (the root when that is empty or unknown).
  ///
  /// - Parameters:
  ///   - cluster, subcluster: Indexes into the catalogue's lists, or -1.
  package mutating func add(
    code: String, title: String, depth: UInt8, parent: String, cluster: Int32 = -1, subcluster: Int32 = -1
  ) {
    guard indexes[code] == nil else { return }
    let parentIndex = indexes[parent] ?? 0
    indexes[code] = Int32(codes.count)
    codes.append(code)
    titles.append(title)
    parents.append(parentIndex)
    depths.append(depth)
    isLeaf.append(true)
    isLeaf[Int(parentIndex)] = false
    clusters.append(cluster)
    subclusters.append(subcluster)
  }

  package func index(of code: String) -> Int? { indexes[code].map(Int.init) }

  /// The ancestor of `node` (or itself) at `depth`; nil when its branch has none.
  package func ancestor(of node: Int, atDepth depth: UInt8) -> Int? {
    var current = node
    while depths[current] > depth {
      let parent = Int(parents[current])
      if parent == current { return nil }
      current = parent
    }
    return depths[current] == depth ? current : nil
  }
}
