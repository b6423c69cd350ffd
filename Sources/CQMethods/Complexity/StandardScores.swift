/// Mean and standard deviation of numbers, gaps (not a number) left out.
package struct Moments: Equatable, Sendable {
  package let count: Int
  package let mean: Double
  /// Not a number with fewer than two numbers or, at `ddof` 0, with none.
  package let deviation: Double

  /// - Parameter ddof: 1 for a sample, 0 for a whole population.
  package init(_ values: some Sequence<Double>, ddof: Int = 1) {
    let known = values.filter { !$0.isNaN }
    count = known.count
    let total = known.reduce(0, +)
    let mean = known.isEmpty ? .nan : total / Double(known.count)
    self.mean = mean
    let freedom = Double(known.count - ddof)
    deviation = freedom > 0 ? (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / freedom).squareRoot() : .nan
  }
}

/// Each number less the mean, in standard deviations; gaps stay gaps, and numbers that are all equal have no score.
package func standardScores(_ values: [Double], ddof: Int = 1) -> [Double] {
  let moments = Moments(values, ddof: ddof)
  // Rounding alone may leave a deviation behind when all numbers are equal.
  guard moments.deviation > abs(moments.mean) * 1e-13, moments.deviation > 0 else {
    return [Double](repeating: .nan, count: values.count)
  }
  return values.map { ($0 - moments.mean) / moments.deviation }
}

/// Pearson's correlation of the pairs that are both known; not a number when either does not vary.
package func correlation(_ first: [Double], _ second: [Double]) -> Double {
  precondition(first.count == second.count, "as many numbers")
  let pairs = zip(first, second).filter { !$0.isNaN && !$1.isNaN }
  guard pairs.count > 1 else { return .nan }
  let count = Double(pairs.count)
  let means = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (x, y) in pairs {
    xx += (x - means.0) * (x - means.0)
    yy += (y - means.1) * (y - means.1)
    xy += (x - means.0) * (y - means.1)
  }
  let noise = 1e-26 * count
  guard xx > means.0 * means.0 * noise, yy > means.1 * means.1 * noise, xx > 0, yy > 0 else { return .nan }
  return xy / (xx.squareRoot() * yy.squareRoot())
}
