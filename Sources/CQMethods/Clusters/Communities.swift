/// Groups of a network that are tied more within than chance would have it (Louvain).
///
/// Nodes are looked at in their order, and of moves that are equally good the one to the earliest group is made, so that the same network gives
/// the same groups.
///
/// - Source: Blondel, Guillaume, Lambiotte and Lefebvre (2008), *Journal of Statistical Mechanics* P10008; Newman and Girvan (2004),
///   *Physical Review E* 69: 026113, for modularity; Reichardt and Bornholdt (2006), *Physical Review E* 74: 016110, for the resolution.
package struct Communities: Sendable {
  /// Of each node, from 0, numbered by their first nodes.
  package let groups: [Int]
  /// `Σ_c [w_cc / 2m − γ (k_c / 2m)²]`.
  package let modularity: Double

  /// - Parameters:
  ///   - links: Symmetric weights, not negative: of each node its neighbours; a loop counts twice in the degree.
  ///   - resolution: Above 1 more and smaller groups.
  /// - Complexity: about O(links · log nodes).
  package init(_ links: [[Int: Double]], resolution: Double = 1, checkpoint: () throws -> Void = {}) rethrows {
    var membership = Array(links.indices)
    while true {
      // Nodes first, then groups of them as they came out; and again, since a node may fit better elsewhere by now.
      let start = membership
      membership = Self.moved(links, from: membership, resolution)
      while true {
        try checkpoint()
        let level = Self.joined(links, membership)
        let moved = Self.moved(level, from: Array(level.indices), resolution)
        membership = membership.map { moved[$0] }
        if Set(moved).count == level.count { break }
      }
      if membership == start { break }
    }
    groups = Self.numbered(membership)
    modularity = Self.modularity(links, groups: groups, resolution: resolution)
  }

  /// - Returns: 0 for a network without links.
  package static func modularity(_ links: [[Int: Double]], groups: [Int], resolution: Double = 1) -> Double {
    let total = links.reduce(0) { $0 + $1.values.sorted().reduce(0, +) }
    guard total > 0 else { return 0 }
    var (within, degrees) = ([Int: Double](), [Int: Double]())
    for (node, neighbours) in links.enumerated() {
      for (other, weight) in neighbours.sorted(by: { $0.key < $1.key }) {
        degrees[groups[node], default: 0] += weight
        if groups[other] == groups[node] { within[groups[node], default: 0] += weight }
      }
    }
    return degrees.keys.sorted().reduce(0) { sum, group in
      let degree = (degrees[group] ?? 0) / total
      return sum + (within[group] ?? 0) / total - resolution * degree * degree
    }
  }

  /// The network of groups: what is within one becomes its loop.
  private static func joined(_ links: [[Int: Double]], _ groups: [Int]) -> [[Int: Double]] {
    var result = [[Int: Double]](repeating: [:], count: (groups.max() ?? -1) + 1)
    for (node, neighbours) in links.enumerated() {
      // In order, so that sums are the same every time.
      for (other, weight) in neighbours.sorted(by: { $0.key < $1.key }) {
        result[groups[node]][groups[other], default: 0] += weight
      }
    }
    return result
  }

  /// Nodes move to the neighbouring group that gains most until none does.
  private static func moved(_ links: [[Int: Double]], from start: [Int], _ resolution: Double) -> [Int] {
    let neighbours = links.map { $0.sorted { $0.key < $1.key } }
    let degrees = neighbours.map { $0.reduce(0) { $0 + $1.value } }
    let total = degrees.reduce(0, +)
    var group = start
    guard total > 0 else { return numbered(group) }
    var sums = [Double](repeating: 0, count: links.count)
    for (node, degree) in degrees.enumerated() { sums[group[node]] += degree }
    var hasMoved = true
    while hasMoved {
      hasMoved = false
      for node in links.indices {
        var ties: [Int: Double] = [:]
        for (other, weight) in neighbours[node] where other != node { ties[group[other], default: 0] += weight }
        let own = group[node]
        sums[own] -= degrees[node]
        func gain(_ candidate: Int) -> Double {
          (ties[candidate] ?? 0) - resolution * degrees[node] * sums[candidate] / total
        }
        var (best, most) = (own, gain(own))
        for candidate in ties.keys.sorted() where gain(candidate) > most + 1e-12 * total {
          (best, most) = (candidate, gain(candidate))
        }
        sums[best] += degrees[node]
        if best != own {
          group[node] = best
          hasMoved = true
        }
      }
    }
    return numbered(group)
  }

  private static func numbered(_ labels: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return labels.map { label in
      let number = numbers[label] ?? numbers.count
      numbers[label] = number
      return number
    }
  }
}
