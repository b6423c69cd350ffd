package import CQColumns

/// Ways to divide values into classes, for maps and tables: one implementation for both.
///
/// * `quantile`: as many values in each (quantiles of type 7);
/// * `equal`: as wide;
/// * `jenks`: natural breaks, the least sum of squared deviations within classes, exactly. Fisher (1958), *J. Am. Stat. Assoc.* 53:
///   789–798; Jenks (1977);
/// * `headtail`: split at the mean, then what is above it again, to the end. Jiang (2013), *Professional Geographer* 65: 482–494;
/// * `deviation`: 2 and 1 standard deviations below and above the mean;
/// * `boxplot`: quartiles and the fences 1.5 interquartile ranges away, so that outliers are classes of their own. Tukey (1977),
///   *Exploratory Data Analysis*;
/// * `percentiles`: the percentiles 1, 10, 50, 90, 99 and 100;
/// * `gaps`: in the middle of the widest gaps;
/// * `pretty`: round numbers, multiples of 1, 2 or 5 times a power of ten.
///
/// Upper bounds are inclusive: class `i` holds what is above bound `i − 1` and at most bound `i`, as in mapclassify and
/// classInt. The last bound is the largest value, except for box plots and deviations, where it can be above it.
package typealias ClassScheme = Picture.ClassScheme

extension ClassScheme {
  /// Whether the number of classes is a choice.
  package var hasCount: Bool {
    switch self {
    case .quantile, .equal, .jenks, .gaps, .pretty: true
    case .headtail, .deviation, .boxplot, .percentiles: false
    }
  }

  /// The inclusive upper bounds of the classes, ascending.
  ///
  /// - Parameters:
  ///   - sorted: Ascending and finite.
  ///   - count: How many classes are wanted; `pretty` takes it as a suggestion, and ties leave fewer.
  /// - Returns: Empty without values; one bound where all are equal.
  /// - Complexity: O(n log n) at most: also `jenks`, by divide and conquer over monotone optima, times classes.
  package func upperBounds(_ sorted: [Double], count: Int = 5) -> [Double] {
    guard let low = sorted.first, let high = sorted.last else { return [] }
    guard low < high else { return [high] }
    let count = max(1, count)
    switch self {
    case .quantile:
      return Self.distinct((1...count).map { Order.quantile(sorted, Double($0) / Double(count)) })
    case .equal:
      return (1...count).map { $0 == count ? high : low + (high - low) * Double($0) / Double(count) }
    case .jenks: return NaturalBreaks.upperBounds(sorted, count)
    case .headtail: return Self.headTail(sorted) + [high]
    case .deviation:
      guard let moments = WeightedMoments(sorted), let variance = moments.variance(ddof: 1) else { return [high] }
      let bounds = [-2.0, -1, 1, 2].map { moments.mean + $0 * variance.squareRoot() }
      return bounds[3] < high ? bounds + [high] : bounds
    case .boxplot:
      let quartiles = [0.25, 0.5, 0.75].map { Order.quantile(sorted, $0) }
      let range = 1.5 * (quartiles[2] - quartiles[0])
      let bounds = [quartiles[0] - range] + quartiles + [quartiles[2] + range]
      return bounds[4] < high ? bounds + [high] : bounds
    case .percentiles:
      return Self.distinct([0.01, 0.1, 0.5, 0.9, 0.99, 1].map { Order.quantile(sorted, $0) })
    case .gaps:
      let gaps = sorted.indices.dropFirst().sorted {
        // The widest first; of equal ones the highest, as mapclassify takes them.
        (sorted[$0] - sorted[$0 - 1], $0) > (sorted[$1] - sorted[$1 - 1], $1)
      }
      let chosen = gaps.prefix(count - 1).filter { sorted[$0] > sorted[$0 - 1] }
      return chosen.map { (sorted[$0] + sorted[$0 - 1]) / 2 }.sorted() + [high]
    case .pretty: return Self.pretty(low, high, count)
    }
  }

  /// Bounds as a user lists them; nil for what is no list of ascending numbers.
  package static func bounds(_ text: String) -> [Double]? {
    let numbers = text.split(separator: ",").map { field in Double(String(field.filter { !$0.isWhitespace })) }
    let bounds = numbers.compactMap { $0 }
    guard !bounds.isEmpty, bounds.count == numbers.count, zip(bounds, bounds.dropFirst()).allSatisfy({ $0 < $1 }) else {
      return nil
    }
    return bounds
  }

  /// The class of a value, from 0: the first whose bound is not below it.
  package static func index(of value: Double, in upperBounds: [Double]) -> Int {
    var (low, high) = (0, max(0, upperBounds.count - 1))
    while low < high {
      let middle = (low + high) / 2
      if upperBounds[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private static func distinct(_ bounds: [Double]) -> [Double] {
    var result: [Double] = []
    for bound in bounds where bound != result.last { result.append(bound) }
    return result
  }

  private static func headTail(_ sorted: [Double]) -> [Double] {
    var bounds: [Double] = []
    var start = 0
    while sorted.count - start > 1 {
      let mean = sorted[start...].reduce(0, +) / Double(sorted.count - start)
      guard let next = sorted[start...].firstIndex(where: { $0 > mean }) else { break }
      bounds.append(mean)
      start = next
    }
    return bounds
  }

  /// - Source: Becker, Chambers and Wilks (1988), *The New S Language*, for the idea; the unit is the one of 1, 2, 5 × 10ⁿ
  ///   that comes closest to the number of classes.
  private static func pretty(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
    let width = (high - low) / Double(count)
    var power = 1.0
    while power * 10 <= width { power *= 10 }
    while power > width { power /= 10 }
    let unit = [1.0, 2, 5, 10].map { $0 * power }.min { abs($0 / width - 1) < abs($1 / width - 1) } ?? power
    var bounds: [Double] = []
    var step = (low / unit).rounded(.down) + 1
    while step * unit < high, bounds.count < 10_000 {
      bounds.append(step * unit)
      step += 1
    }
    return bounds + [step * unit]
  }
}

/// Fisher's optimal classes.
package enum NaturalBreaks {
  /// The largest value of each class of the division into `count` classes with the least sum of squared deviations.
  ///
  /// - Parameter sorted: Ascending.
  /// - Complexity: O(count × n log n): where a class ends later, the best beginning of it is not earlier.
  package static func upperBounds(_ sorted: [Double], _ count: Int) -> [Double] {
    let total = sorted.count
    let distinctCount = total == 0 ? 0 : zip(sorted, sorted.dropFirst()).count { $0 != $1 } + 1
    guard distinctCount > count else {
      return sorted.enumerated().filter { $0.offset + 1 == total || sorted[$0.offset + 1] != $0.element }.map(\.element)
    }
    let costs = DeviationSums(sorted)
    var best = (0...total).map { costs.deviation(0, $0) }
    var starts: [[Int]] = []
    for _ in 1..<max(1, count) {
      var next = [Double](repeating: .infinity, count: total + 1)
      var start = [Int](repeating: 0, count: total + 1)
      // Ends still to be settled, each range with the beginnings that are possible for it.
      var ranges = [(ends: 1..<(total + 1), from: 0, to: total)]
      while let range = ranges.popLast() {
        guard !range.ends.isEmpty else { continue }
        let end = (range.ends.lowerBound + range.ends.upperBound) / 2
        for from in range.from...max(range.from, min(range.to, end - 1)) where from < end {
          let cost = best[from] + costs.deviation(from, end)
          if cost < next[end] {
            next[end] = cost
            start[end] = from
          }
        }
        ranges.append((range.ends.lowerBound..<end, range.from, start[end]))
        ranges.append((end + 1..<max(end + 1, range.ends.upperBound), start[end], range.to))
      }
      next[0] = 0
      best = next
      starts.append(start)
    }
    var bounds = [sorted[total - 1]]
    var end = total
    for start in starts.reversed() {
      end = start[end]
      guard end > 0 else { break }
      bounds.append(sorted[end - 1])
    }
    return bounds.reversed()
  }
}

/// Sums of squared deviations of runs of sorted values, each in constant time.
private struct DeviationSums {
  private var sums = [0.0]
  private var squares = [0.0]

  init(_ sorted: [Double]) {
    // About the middle, so that squares do not swallow the differences.
    let middle = sorted[sorted.count / 2]
    for value in sorted {
      sums.append(sums[sums.count - 1] + (value - middle))
      squares.append(squares[squares.count - 1] + (value - middle) * (value - middle))
    }
  }

  func deviation(_ from: Int, _ to: Int) -> Double {
    guard to > from else { return 0 }
    let sum = sums[to] - sums[from]
    return max(0, squares[to] - squares[from] - sum * sum / Double(to - from))
  }
}
