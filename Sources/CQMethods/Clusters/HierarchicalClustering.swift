/// Groups that are merged two by two, the most alike first.
///
/// The same similarities give the same tree whatever the platform: of pairs that are equally alike the one with the lowest
/// numbers goes first.
///
/// - Source: Sokal and Michener (1958), *University of Kansas Science Bulletin* 38: 1409–1438 (average linkage); Lance and Williams
///   (1967), *Computer Journal* 9: 373–380.
package struct HierarchicalClustering: Sendable {
  package enum Linkage: String, Sendable, CaseIterable {
    /// The mean of all pairs of members.
    case average
    /// The pair that is least alike.
    case complete
    /// The pair that is most alike.
    case single
  }

  package struct Merge: Sendable, Equatable {
    /// Members that stand for the two groups: the lowest of each.
    package var one: Int
    package var other: Int
    package var similarity: Double
  }

  package let count: Int
  /// `count − 1` of them, in the order in which they happen.
  package let merges: [Merge]

  /// - Parameter similarity: Symmetric; its diagonal is not read.
  /// - Complexity: O(n²) memory, O(n²) time unless the nearest ones change all the time (at most O(n³)).
  package init(_ similarity: Matrix, linkage: Linkage = .average, checkpoint: () throws -> Void = {}) rethrows {
    let count = similarity.rowCount
    self.count = count
    var alike = similarity
    var sizes = [Double](repeating: 1, count: count)
    var isOpen = [Bool](repeating: true, count: count)
    // For each group the later group that is most alike.
    var best = [Int](repeating: -1, count: count)
    func nearest(_ row: Int) -> Int {
      var found = -1
      for column in (row + 1)..<max(row + 1, count) where isOpen[column] {
        if found < 0 || alike[row, column] > alike[row, found] { found = column }
      }
      return found
    }
    for row in 0..<count { best[row] = nearest(row) }
    var merges: [Merge] = []
    for step in 0..<max(0, count - 1) {
      if step % 32 == 0 { try checkpoint() }
      var one = -1
      for row in 0..<count where isOpen[row] && best[row] >= 0 {
        if one < 0 || alike[row, best[row]] > alike[one, best[one]] { one = row }
      }
      guard one >= 0 else { break }
      let other = best[one]
      merges.append(Merge(one: one, other: other, similarity: alike[one, other]))
      isOpen[other] = false
      let (left, right) = (sizes[one], sizes[other])
      for column in 0..<count where isOpen[column] && column != one {
        let joined =
          switch linkage {
          case .average: (left * alike[one, column] + right * alike[other, column]) / (left + right)
          case .complete: min(alike[one, column], alike[other, column])
          case .single: max(alike[one, column], alike[other, column])
          }
        alike[one, column] = joined
        alike[column, one] = joined
      }
      sizes[one] = left + right
      best[one] = nearest(one)
      for row in 0..<count where isOpen[row] && row != one {
        if best[row] == one || best[row] == other {
          best[row] = nearest(row)
        } else if row < one,
          best[row] < 0 || alike[row, one] > alike[row, best[row]]
            || (alike[row, one] == alike[row, best[row]] && one < best[row])
        {
          best[row] = one
        }
      }
    }
    self.merges = merges
  }

  /// The group of each member where `groups` are left, from 0, numbered by their first members.
  package func groups(_ groups: Int) -> [Int] {
    var parent = Array(0..<count)
    func root(_ member: Int) -> Int {
      var current = member
      while parent[current] != current { current = parent[current] }
      return current
    }
    for merge in merges.prefix(max(0, count - max(1, groups))) { parent[root(merge.other)] = root(merge.one) }
    var numbers: [Int: Int] = [:]
    return (0..<count).map { member in
      let root = root(member)
      let number = numbers[root] ?? numbers.count
      numbers[root] = number
      return number
    }
  }
}
