/// Members in groups such that each is near the mean of its group.
///
/// Seeds are drawn far from each other, members go to the nearest mean and means to the middle of their members until nothing changes;
/// the best of several starts is taken.
///
/// - Source: Lloyd (1982), *IEEE Transactions on Information Theory* 28(2); Arthur and Vassilvitskii (2007), k-means++, SODA; the
///   silhouette: Rousseeuw (1987), *Journal of Computational and Applied Mathematics* 20.
package struct KMeans: Sendable {
  /// Of each member, from 0 for the largest group (the earlier first member where equal).
  package let groups: [Int]
  package let centres: Matrix
  /// Squared distances to the own centre, added up.
  package let within: Double
  /// Squared distances to the mean of all, added up.
  package let total: Double

  /// - Parameters:
  ///   - table: Members × numbers, finite.
  ///   - count: Groups, at least 1; fewer are made where there are fewer different members.
  /// - Returns: nil without members.
  /// - Complexity: O(starts × rounds × members × groups × numbers).
  package init?(_ table: Matrix, count: Int, starts: Int = 20, seed: Int = 1, checkpoint: () throws -> Void = {})
    rethrows
  {
    guard table.rowCount > 0 else { return nil }
    var generator = SeededGenerator(seed: seed)
    var best: (groups: [Int], centres: [[Double]], within: Double)?
    let points = (0..<table.rowCount).map { row in (0..<table.columnCount).map { table[row, $0] } }
    for _ in 0..<max(1, starts) {
      try checkpoint()
      var centres = Self.seeds(points, count: count, &generator)
      var groups = [Int](repeating: -1, count: points.count)
      for _ in 0..<1_000 {
        let next = points.map { Self.nearest($0, centres) }
        if next == groups { break }
        groups = next
        for group in centres.indices {
          let members = points.indices.filter { groups[$0] == group }
          guard !members.isEmpty else { continue }
          for column in centres[group].indices {
            centres[group][column] = members.reduce(0) { $0 + points[$1][column] } / Double(members.count)
          }
        }
      }
      let within = points.indices.reduce(0) { $0 + Self.distance(points[$1], centres[groups[$1]]) }
      if within < (best?.within ?? .infinity) * (1 - 1e-12) { best = (groups, centres, within) }
    }
    guard let best else { return nil }
    let filled = best.centres.indices.filter { best.groups.contains($0) }
    let sizes = filled.map { group in best.groups.count { $0 == group } }
    let order = filled.indices.sorted { one, other in
      sizes[one] != sizes[other]
        ? sizes[one] > sizes[other]
        : (best.groups.firstIndex(of: filled[one]) ?? 0) < (best.groups.firstIndex(of: filled[other]) ?? 0)
    }
    var number = [Int](repeating: 0, count: best.centres.count)
    for (position, index) in order.enumerated() { number[filled[index]] = position }
    groups = best.groups.map { number[$0] }
    centres = Matrix(rows: order.map { best.centres[filled[$0]] })
    within = best.within
    let means = (0..<table.columnCount).map { column in points.reduce(0) { $0 + $1[column] } / Double(points.count) }
    total = points.reduce(0) { $0 + Self.distance($1, means) }
  }

  /// How much nearer each member is to its own group than to the next one, -1 to 1; 0 for a member by itself, nil with one group.
  ///
  /// - Complexity: O(members² × numbers).
  package func silhouettes(_ table: Matrix, checkpoint: () throws -> Void = {}) rethrows -> [Double?] {
    let points = (0..<table.rowCount).map { row in (0..<table.columnCount).map { table[row, $0] } }
    guard centres.rowCount > 1 else { return points.map { _ in nil } }
    let sizes = (0..<centres.rowCount).map { group in groups.count { $0 == group } }
    return try points.indices.map { member in
      if member % 64 == 0 { try checkpoint() }
      guard sizes[groups[member]] > 1 else { return 0 }
      var sums = [Double](repeating: 0, count: sizes.count)
      for other in points.indices where other != member {
        sums[groups[other]] += Self.distance(points[member], points[other]).squareRoot()
      }
      let own = sums[groups[member]] / Double(sizes[groups[member]] - 1)
      let next = sizes.indices.filter { $0 != groups[member] }.reduce(Double.infinity) {
        min($0, sums[$1] / Double(sizes[$1]))
      }
      return max(own, next) > 0 ? (next - own) / max(own, next) : 0
    }
  }

  private static func distance(_ one: [Double], _ other: [Double]) -> Double {
    var sum = 0.0
    for index in one.indices { sum += (one[index] - other[index]) * (one[index] - other[index]) }
    return sum
  }

  private static func nearest(_ point: [Double], _ centres: [[Double]]) -> Int {
    var (best, least) = (0, Double.infinity)
    for (index, centre) in centres.enumerated() {
      let distance = distance(point, centre)
      if distance < least { (best, least) = (index, distance) }
    }
    return best
  }

  private static func seeds(_ points: [[Double]], count: Int, _ generator: inout SeededGenerator) -> [[Double]] {
    var centres = [points[generator.below(points.count)]]
    var distances = points.map { distance($0, centres[0]) }
    while centres.count < count {
      let total = distances.reduce(0, +)
      guard total > 0 else { break }
      var rest = generator.unit() * total
      var next = distances.lastIndex { $0 > 0 } ?? 0
      for (index, distance) in distances.enumerated() where distance > 0 {
        rest -= distance
        if rest < 0 {
          next = index
          break
        }
      }
      centres.append(points[next])
      for index in points.indices { distances[index] = min(distances[index], distance(points[index], points[next])) }
    }
    return centres
  }
}
