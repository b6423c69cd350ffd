import CQCatalog
import Testing

struct ActivityTreeTests {
  private func smallTree(_ change: (inout ActivityTree.Builder) -> Void = { _ in }) -> ActivityTree {
    var tree = ActivityTree.Builder(scheme: "naics", vintage: 2017)
    tree.add(code: "31-33", level: .naics2, depth: 2, parent: "")
    tree.add(code: "336", level: .naics3, depth: 3, parent: "31-33")
    tree.add(code: "3364", level: .naics4, depth: 4, parent: "336")
    // Data without five digits hang six digits below four.
    tree.add(code: "336411", level: .naics6, depth: 6, parent: "3364", cluster: 0, subcluster: 2)
    tree.add(code: "42", level: .naics2, depth: 2, parent: "")
    change(&tree)
    return tree.finish()
  }

  @Test func anEmptyTreeIsItsRoot() {
    let tree = ActivityTree.Builder(scheme: "naics").finish()
    #expect(tree.nodeCount == 1)
    #expect(tree.index(of: ActivityTree.rootCode) == 0)
    #expect(tree.isLeaf == [true] && tree.parents == [0] && tree.depths == [1])
  }

  @Test func nodesHangBelowTheirParents() {
    let tree = smallTree()
    #expect(tree.codes == ["00", "31-33", "336", "3364", "336411", "42"])
    #expect(tree.parents == [0, 0, 1, 2, 3, 0])
    #expect(tree.isLeaf == [false, false, false, false, true, true])
    #expect(tree.clusters == [-1, -1, -1, -1, 0, -1] && tree.subclusters == [-1, -1, -1, -1, 2, -1])
    #expect(tree.index(of: "336411") == 4 && tree.index(of: "33641") == nil)
  }

  @Test func ancestorsAreFoundByDepth() {
    let tree = smallTree()
    #expect(tree.ancestor(of: 4, atDepth: 6) == 4)
    #expect(tree.ancestor(of: 4, atDepth: 5) == nil, "its branch has no node of five digits")
    #expect(tree.ancestor(of: 4, atDepth: 4) == 3)
    #expect(tree.ancestor(of: 4, atDepth: 2) == 1)
    #expect(tree.ancestor(of: 4, atDepth: 1) == 0)
    #expect(tree.ancestor(of: 4, atDepth: 0) == nil)
    #expect(tree.ancestor(of: 1, atDepth: 3) == nil)
    #expect(tree.ancestor(of: 4, at: .naics3) == 2 && tree.ancestor(of: 4, at: .naics5) == nil)
  }

  @Test func aCodeIsAddedOnceAndStraysHangBelowTheRoot() {
    let tree = smallTree {
      $0.add(code: "42", level: .naics5, depth: 5, parent: "336")
      $0.add(code: "999999", level: .naics6, depth: 6, parent: "9999")
      $0.add(code: "33", level: .naics2, depth: 2, parent: "3364")
    }
    #expect(tree.nodeCount == 7, "a code of depth 2 can't lie below one of depth 4")
    #expect(tree.levels[5] == .naics2 && tree.parents[5] == 0)
    #expect(tree.parents.last == 0)
  }

  @Test(arguments: [2002, 2007, 2017])
  func bundledClassificationsAreTrees(vintage: Int) throws {
    let catalog = try BundledCatalog.open()
    let tree = try #require(catalog.tree(scheme: "naics", vintage: vintage))
    #expect(tree.nodeCount > 2_000)
    for node in 1..<tree.nodeCount {
      let parent = Int(tree.parents[node])
      #expect(parent < node && tree.depths[parent] < tree.depths[node], "\(tree.codes[node])")
      #expect(tree.clusters[node] < 0 || tree.isLeaf[node], "\(tree.codes[node])")
    }
    let aerospace = try #require(catalog.list(.cluster).position(of: "1"))
    #expect(tree.index(of: "336411").map { tree.clusters[$0] } == Int32(aerospace))
  }

  @Test func clustersAreAFlatTree() throws {
    let catalog = try BundledCatalog.open()
    let tree = try #require(catalog.tree(scheme: "cluster", vintage: nil))
    #expect(Array(tree.codes.dropFirst()) == catalog.list(.cluster).members.map(\.code))
    #expect(tree.parents.allSatisfy { $0 == 0 })
    #expect(Array(tree.clusters.dropFirst()) == (0..<Int32(tree.nodeCount - 1)).map { $0 })
    #expect(catalog.tree(scheme: "naics", vintage: 1987) == nil)
    #expect(catalog.damage == nil, "a vintage without a file is not damaged")
  }
}
