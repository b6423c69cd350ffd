#if canImport(Glibc)
  import Glibc
#endif

/// What depends on the order of numbers: quantiles, ranks, rank correlation.
package enum Order {
  /// The quantile of type 7, as R, numpy and spreadsheets compute it: linear between the closest ranks.
  ///
  /// - Parameters:
  ///   - sorted: Ascending and not empty.
  ///   - part: 0 to 1.
  /// - Source: Hyndman and Fan (1996), *American Statistician* 50(4).
  package static func quantile(_ sorted: [Double], _ part: Double) -> Double {
    precondition(!sorted.isEmpty, "a quantile of something")
    let position = Double(sorted.count - 1) * min(max(part, 0), 1)
    let below = Int(position.rounded(.down))
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
  }

  /// How many of the numbers are below `value`.
  ///
  /// - Complexity: O(log n).
  package static func countBelow(_ value: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// How many of the numbers are at most `value`.
  ///
  /// - Complexity: O(log n).
  package static func countUpTo(_ value: Double, in sorted: [Double]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] <= value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Ranks from 1 for the smallest; equal values share the mean of their ranks.
  package static func averageRanks(_ values: [Double]) -> [Double] {
    var ranks = [Double](repeating: 0, count: values.count)
    for group in groupsOfEqual(values) {
      let mean = Double(group.first + 1 + group.first + group.members.count) / 2
      for member in group.members { ranks[member] = mean }
    }
    return ranks
  }

  /// Equal values together, ascending, each with its first position in the order.
  static func groupsOfEqual(_ values: [Double]) -> [(first: Int, members: [Int])] {
    let order = values.indices.sorted { values[$0] < values[$1] || (values[$0] == values[$1] && $0 < $1) }
    var groups: [(first: Int, members: [Int])] = []
    for (position, index) in order.enumerated() {
      if let last = groups.last?.members.last, values[last] == values[index] {
        groups[groups.count - 1].members.append(index)
      } else {
        groups.append((position, [index]))
      }
    }
    return groups
  }

  /// Kendall's τ_b with the p-value of its normal approximation.
  ///
  /// `τ_b = (concordant − discordant) / √((pairs − ties in x)(pairs − ties in y))`
  ///
  /// - Returns: nil with fewer than two values or where all of one list are equal.
  /// - Complexity: O(n log n).
  /// - Source: Kendall (1938), *Biometrika* 30: 81–93; Knight (1966), *J. Am. Stat. Assoc.* 61: 436–439, for the counting.
  package static func kendallTau(_ x: [Double], _ y: [Double]) -> (tau: Double, p: Double)? {
    precondition(x.count == y.count, "pairs")
    let count = Double(x.count)
    let pairs = count * (count - 1) / 2
    func tiedPairs(_ sizes: [Int]) -> Double { sizes.reduce(0) { $0 + Double($1) * Double($1 - 1) / 2 } }
    let xGroups = groupsOfEqual(x)
    let xTies = tiedPairs(xGroups.map(\.members.count))
    let yTies = tiedPairs(groupsOfEqual(y).map(\.members.count))
    guard pairs > xTies, pairs > yTies else { return nil }
    var sequence: [Double] = []
    var bothTies = 0.0
    for group in xGroups {
      let inner = group.members.map { y[$0] }.sorted()
      bothTies += tiedPairs(groupsOfEqual(inner).map(\.members.count))
      sequence += inner
    }
    let discordant = Double(inversions(&sequence))
    let concordant = pairs - xTies - yTies + bothTies - discordant
    let tau = (concordant - discordant) / ((pairs - xTies) * (pairs - yTies)).squareRoot()
    let deviation = ((4 * count + 10) / (9 * count * (count - 1))).squareRoot()
    return (tau, Distribution.normalTwoSided(tau / deviation))
  }

  /// Pairs in the wrong order, counted while merging; sorts `values`.
  private static func inversions(_ values: inout [Double]) -> Int {
    var buffer = values
    var found = 0
    var width = 1
    while width < values.count {
      var start = 0
      while start < values.count {
        let (middle, end) = (min(start + width, values.count), min(start + 2 * width, values.count))
        var (left, right, target) = (start, middle, start)
        while left < middle || right < end {
          if right >= end || (left < middle && values[left] <= values[right]) {
            buffer[target] = values[left]
            left += 1
          } else {
            buffer[target] = values[right]
            found += middle - left
            right += 1
          }
          target += 1
        }
        start = end
      }
      swap(&values, &buffer)
      width *= 2
    }
    return found
  }
}
