/// One classification of activities, as a tree with the clusters of its leaves: a vintage of NAICS, SCIAN, the
/// harmonized system of products, a source's own list, or the flat list of clusters.
///
/// Nodes are stored parents first. Node 0 is the root: all activities (code `00`).
package final class ActivityTree: Sendable {
  package static let rootCode = "00"

  /// `naics`, `scian`, `cluster`, `hs` or a source's own name.
  package let scheme: String
  /// nil for classifications that have none.
  package let vintage: Int?
  package let codes: [String]
  /// Level of each node; nil for the root, and for nodes between the levels that queries may name.
  package let levels: [Level?]
  /// Node index of the parent; the root is its own parent.
  package let parents: [Int32]
  /// 1 for the root, otherwise larger than the parent's: the number of digits of an industry (a sector such as `31-33`
  /// has 2).
  package let depths: [UInt8]
  package let isLeaf: [Bool]
  /// Index into the catalogue's clusters and subclusters for each leaf that belongs to one, else -1.
  package let clusters: [Int32]
  package let subclusters: [Int32]
  private let indexes: [String: Int32]

  package var nodeCount: Int { codes.count }

  fileprivate init(_ builder: Builder) {
    scheme = builder.scheme
    vintage = builder.vintage
    codes = builder.codes
    levels = builder.levels
    parents = builder.parents
    depths = builder.depths
    isLeaf = builder.isLeaf
    clusters = builder.clusters
    subclusters = builder.subclusters
    indexes = builder.indexes
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

  /// The ancestor of `node` (or itself) that is a member of `level`; nil when its branch has none.
  package func ancestor(of node: Int, at level: Level) -> Int? {
    var current = node
    while levels[current] != level {
      let parent = Int(parents[current])
      if parent == current { return nil }
      current = parent
    }
    return current
  }

  /// What the member of `node` is called in the catalogue; nil for nodes without a level.
  package func key(of node: Int) -> MemberKey? {
    guard let level = levels[node] else { return nil }
    return MemberKey(level: level, country: level.owner(of: scheme), code: codes[node])
  }

  /// Collects nodes.
  package struct Builder {
    fileprivate let scheme: String
    fileprivate let vintage: Int?
    fileprivate var codes: [String] = [ActivityTree.rootCode]
    fileprivate var levels: [Level?] = [nil]
    fileprivate var parents: [Int32] = [0]
    fileprivate var depths: [UInt8] = [1]
    fileprivate var isLeaf: [Bool] = [true]
    fileprivate var clusters: [Int32] = [-1]
    fileprivate var subclusters: [Int32] = [-1]
    fileprivate var indexes: [String: Int32] = [ActivityTree.rootCode: 0]

    package init(scheme: String, vintage: Int? = nil, capacity: Int = 0) {
      self.scheme = scheme
      self.vintage = vintage
      indexes.reserveCapacity(capacity + 1)
    }

    /// Adds a node below the node called `parent` (the root when that is empty or unknown). A code that is there
    /// already, or one without the depth below its parent that it needs, is left out.
    ///
    /// - Parameters:
    ///   - cluster, subcluster: Indexes into the catalogue's lists, or -1.
    package mutating func add(
      code: String, level: Level?, depth: UInt8, parent: String, cluster: Int32 = -1, subcluster: Int32 = -1
    ) {
      let parentIndex = index(ofParent: parent)
      guard depth > depths[Int(parentIndex)], indexes[code] == nil else { return }
      indexes[code] = Int32(codes.count)
      codes.append(code)
      levels.append(level)
      parents.append(parentIndex)
      depths.append(depth)
      isLeaf.append(true)
      isLeaf[Int(parentIndex)] = false
      clusters.append(cluster)
      subclusters.append(subcluster)
    }

    /// Rows come depth first, so the parent is nearly always the last node or one above it.
    private func index(ofParent parent: String) -> Int32 {
      if parent.isEmpty { return 0 }
      var candidate = codes.count - 1
      while candidate > 0 {
        if codes[candidate] == parent { return Int32(candidate) }
        candidate = Int(parents[candidate])
      }
      return indexes[parent] ?? 0
    }

    package consuming func finish() -> ActivityTree { ActivityTree(self) }
  }
}
