import CQColumns
import Testing

@testable import CQMethods

/// References are of scipy 1.17.1 (`cluster.hierarchy.linkage` of 1 − similarity, `fcluster` by `maxclust`) and numpy's `corrcoef`.
@Suite struct ClusterDetectionTests {
  static let table = Matrix(rows: [
    [90.0, 60, 5, 0], [30, 22, 2, 1], [25, 14, 0, 2], [3, 10, 80, 70], [2, 6, 40, 45], [40, 42, 39, 41],
    [20, 19, 22, 21],
  ])

  static func patterned(_ count: Int) -> Matrix {
    var matrix = Matrix(rowCount: count, columnCount: count)
    for one in 0..<count {
      for other in (one + 1)..<max(one + 1, count) {
        let number = (one * 7 + other * 13 + one * other * 3) % 101
        matrix[one, other] = Double(number) / 101
        matrix[other, one] = matrix[one, other]
      }
    }
    return matrix
  }

  /// Whether two lists of numbers make the same groups.
  static func sameGroups(_ one: [Int], _ other: [Int]) -> Bool {
    one.indices.allSatisfy { first in
      one.indices.allSatisfy { (one[first] == one[$0]) == (other[first] == other[$0]) }
    }
  }

  @Test func averageLinkageAsScipyHasIt() throws {
    let tree = try HierarchicalClustering(Self.patterned(12))
    let heights = [
      0.9801980198, 0.9504950495, 0.900990099, 0.8910891089, 0.8613861386, 0.6930693069, 0.6361386139, 0.5693069307,
      0.4521452145, 0.4089108911, 0.3707370737,
    ]
    #expect(zip(tree.merges, heights).allSatisfy { agree($0.similarity, $1, within: 1e-9) })
    #expect(Self.sameGroups(tree.groups(4), [1, 2, 3, 4, 3, 2, 4, 1, 4, 2, 1, 2]))
    #expect(tree.groups(1) == [Int](repeating: 0, count: 12) && tree.groups(12) == Array(0..<12))
    #expect(tree.groups(0) == tree.groups(1) && tree.groups(99) == tree.groups(12))
  }

  @Test func otherLinkagesAsScipyHasThem() throws {
    let complete = try HierarchicalClustering(Self.patterned(12), linkage: .complete)
    #expect(Self.sameGroups(complete.groups(4), [4, 2, 3, 1, 3, 2, 4, 4, 1, 2, 4, 2]))
    #expect(agree(complete.merges[9].similarity, 0.0099009901, within: 1e-9))
    let single = try HierarchicalClustering(Self.patterned(12), linkage: .single)
    #expect(agree(single.merges[10].similarity, 0.7722772277, within: 1e-9))
  }

  /// Against a version that looks at all pairs of members of all groups before each merge.
  @Test(arguments: 0..<20) func averageLinkageAgreesWithItsDefinition(number: Int) throws {
    var random = SeededGenerator(seed: 5, stream: number)
    let count = 2 + number
    var matrix = Matrix(rowCount: count, columnCount: count)
    for one in 0..<count {
      // Few different numbers, so that there are ties.
      for other in 0..<one { matrix[one, other] = number % 2 == 0 ? Double(random.below(5)) : random.unit() }
      for other in 0..<one { matrix[other, one] = matrix[one, other] }
    }
    var groups = (0..<count).map { [$0] }
    let tree = try HierarchicalClustering(matrix)
    for merge in tree.merges {
      var best: (one: Int, other: Int, mean: Double)?
      for one in groups.indices {
        for other in groups.indices where other > one {
          let sum = groups[one].reduce(0.0) { sum, left in groups[other].reduce(sum) { $0 + matrix[left, $1] } }
          let mean = sum / Double(groups[one].count * groups[other].count)
          if best.map({ mean > $0.mean + 1e-12 }) ?? true { best = (one, other, mean) }
        }
      }
      guard let best else { break }
      #expect(agree(merge.similarity, best.mean, within: 1e-9))
      if number % 2 == 1 { #expect(merge.one == groups[best.one].min() && merge.other == groups[best.other].min()) }
      let one = groups.firstIndex { $0.contains(merge.one) } ?? 0
      let other = groups.firstIndex { $0.contains(merge.other) } ?? 0
      groups[one] += groups[other]
      groups.remove(at: other)
    }
    #expect(groups.count == 1)
  }

  @Test func relatednessOfIndustries() throws {
    let correlations = IndustryRelatedness.correlations(Self.table)
    #expect(agree(correlations[1, 0], 0.9981622803638269, within: 1e-12))
    #expect(agree(correlations[5, 3], -0.4631373986902357, within: 1e-12))
    #expect(correlations[2, 2] == 1)
    let flat = IndustryRelatedness.correlations(Matrix(rows: [[1, 2, 3], [4, 4, 4]]))
    #expect(flat[0, 1] == 0 && flat[1, 1] == 1)
    // Weighted by the industries' shares, coagglomerations with the whole add up to 0: the reference is their mean.
    let together = try #require(IndustryRelatedness.coagglomerations(Self.table))
    let totals = (0..<7).map { row in (0..<4).reduce(0) { $0 + Self.table[row, $1] } }
    for row in 0..<7 { #expect(abs((0..<7).reduce(0) { $0 + totals[$1] * together[row, $1] }) < 1e-9) }
    #expect(IndustryRelatedness.coagglomerations(Matrix(rows: [[3], [4]])) == nil)
    let links = IndustryRelatedness.inputOutputLinks(Matrix(rows: [[5, 10, 0], [2, 0, 0], [1, 0, 0]]))
    // 10 of 15 sold, 10 of 10 bought.
    #expect(links[0, 1] == 1 && links[1, 0] == 1 && links[2, 0] == 1 && links[1, 2] == 0)
    let composite = try #require(IndustryRelatedness.composite([correlations, together]))
    let pairs = IndustryRelatedness.pairs(of: composite)
    #expect(abs(pairs.reduce(0, +)) < 1e-9)
    #expect(IndustryRelatedness.composite([]) == nil)
    // Quotients weighted by what the place would have add up to what there is.
    let quotients = IndustryRelatedness.quotients(Self.table)
    let whole = totals.reduce(0, +)
    for place in 0..<4 {
      let sum = (0..<7).reduce(0) { $0 + quotients[$1, place] * totals[$1] / whole }
      #expect(agree(sum, 1, within: 1e-12))
    }
    #expect(IndustryRelatedness.quotients(Matrix(rows: [[0, 0], [0, 2]])).elements == [0, 0, 0, 1])
  }

  @Test(arguments: 0..<20) func validationAgreesWithItsDefinition(number: Int) throws {
    var random = SeededGenerator(seed: 6, stream: number)
    let count = 3 + number
    var matrix = Matrix(rowCount: count, columnCount: count)
    for one in 0..<count {
      for other in 0..<one {
        matrix[one, other] = random.unit()
        matrix[other, one] = matrix[one, other]
      }
    }
    let groups = (0..<count).map { $0 < 3 ? $0 : random.below(3) }
    let found = ClusterValidation(matrix, groups: groups)
    func mean(_ pairs: [(Int, Int)]) -> Double? {
      pairs.isEmpty ? nil : pairs.reduce(0) { $0 + matrix[$1.0, $1.1] } / Double(pairs.count)
    }
    func members(_ group: Int) -> [Int] { groups.indices.filter { groups[$0] == group } }
    for group in 0..<3 {
      let own = members(group)
      let within = mean(own.flatMap { one in own.filter { $0 != one }.map { (one, $0) } })
      let others = (0..<3).filter { $0 != group }.compactMap { other in
        mean(own.flatMap { one in members(other).map { (one, $0) } })
      }
      let score = found.clusters[group]
      #expect((score.within == nil) == (within == nil))
      if let within { #expect(agree(try #require(score.within), within, within: 1e-12)) }
      #expect(agree(try #require(score.between), others.reduce(0, +) / 2, within: 1e-12))
      #expect(agree(try #require(score.high), try #require(Across.quantile(others, 0.95)), within: 1e-12))
    }
    for industry in groups.indices {
      let own = members(groups[industry]).filter { $0 != industry }
      #expect((found.industries[industry].within == nil) == own.isEmpty)
      if let within = mean(own.map { (industry, $0) }) {
        #expect(agree(try #require(found.industries[industry].within), within, within: 1e-12))
      }
    }
  }

  @Test func clustersOfTheSeaAndOfMetal() throws {
    let relatedness = IndustryRelatedness.correlations(Self.table)
    let groups = try HierarchicalClustering(relatedness).groups(3)
    #expect(groups[0] == groups[1] && groups[1] == groups[2] && groups[3] == groups[4] && groups[0] != groups[3])
    let parts = try #require(ClusterValidation.parts([relatedness], groups: [0, 0, 0, 1, 1, 2, 2]))
    #expect(parts.clustersMean > 0.6 && parts.score <= 1)
    // One cluster has no other to be compared with.
    #expect(ClusterValidation(relatedness, groups: [Int](repeating: 0, count: 7)).parts.score == 0)
  }
}
