// One number of each place compared with that of all others.

/// Order statistics and moments of a sample, as the kernels below need them.
package enum Across {
  /// The value below which `part` of the numbers lie, between two of them in proportion (Hyndman and Fan's type 7).
  ///
  /// - Returns: nil for no numbers.
  package static func quantile(_ values: [Double], _ part: Double) -> Double? {
    let sorted = values.sorted()
    guard let last = sorted.last else { return nil }
    let position = part * Double(sorted.count - 1)
    let below = Int(position.rounded(.down))
    guard below >= 0, below + 1 < sorted.count else { return last }
    let rest = position - Double(below)
    return rest == 0 ? sorted[below] : sorted[below] * (1 - rest) + sorted[below + 1] * rest
  }

  /// Mean and standard deviation; nil for too few numbers.
  ///
  /// - Parameter freedom: 1 divides by n - 1, 0 by n.
  package static func moments(_ values: [Double], freedom: Int = 1) -> (mean: Double, deviation: Double)? {
    guard values.count > freedom, !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, (squares / Double(values.count - freedom)).squareRoot())
  }

  /// Standard scores; nil for each where all are equal.
  package static func standardized(_ values: [Double], freedom: Int = 1) -> [Double?] {
    let values = values.nearOne
    guard let (mean, deviation) = moments(values, freedom: freedom), deviation > 1e-12 * mean.magnitude
    else { return values.map { _ in nil } }
    return values.map { ($0 - mean) / deviation }
  }

  /// 1 for the largest; equal values share a rank, and the next one counts them all.
  package static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] > values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    for (position, index) in order.enumerated() {
      let isTied = position > 0 && values[order[position - 1]] == values[index]
      ranks[index] = isTied ? ranks[order[position - 1]] : Double(position + 1)
    }
    return ranks
  }

  /// The part of the values at or below each, counted in the middle of equal ones: `(i - 0.5) / n` with i from 1 for the
  /// smallest.
  ///
  /// - Source: Hazen (1914), Transactions of the American Society of Civil Engineers 77.
  package static func percentileRanks(_ values: [Double]) -> [Double] {
    let count = Double(values.count)
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      let middle = (Double(start + end) / 2 + 0.5) / count
      for position in start...end { result[order[position]] = middle }
      start = end + 1
    }
    return result
  }

  /// The mean of all others, for each; nil where there are none.
  package static func othersMean(_ values: [Double]) -> [Double?] {
    let total = values.reduce(0, +)
    return values.map { values.count > 1 ? (total - $0) / Double(values.count - 1) : nil }
  }

  /// Location quotients drawn towards 1 as far as chance explains that they differ from it.
  ///
  /// `(e + α) / (E + α)` with e what a place has, E what it would have with the mix of the base area, and α estimated by moments:
  /// the spread of the quotients is `A = s² - 1/Ē` beyond what Poisson counts give, and `α = 1/A`.
  ///
  /// - Returns: 1 for all where the quotients do not differ more than chance; nil for places that expect nothing.
  /// - Source: Marshall (1991), Applied Statistics 40(2), with the overall quotient as the mean.
  package static func shrunk(_ values: [Double], expected: [Double]) -> [Double?] {
    let total = expected.reduce(0, +)
    let present = values.indices.filter { expected[$0] > 0 }
    guard total > 0, !present.isEmpty else { return values.map { _ in nil } }
    let mean = present.reduce(0) { $0 + values[$1] } / total
    guard mean > 0 else { return values.indices.map { expected[$0] > 0 ? 0 : nil } }
    let spread =
      present.reduce(0) { sum, index in
        let gap = values[index] / expected[index] - mean
        return sum + expected[index] * gap * gap
      } / total
    let excess = spread - mean / (total / Double(present.count))
    return values.indices.map { index in
      guard expected[index] > 0 else { return nil }
      if excess <= 0 { return mean }
      // Shape and rate of the gamma distribution of the quotients.
      let (shape, rate) = (mean * mean / excess, mean / excess)
      return (values[index] + shape) / (expected[index] + rate)
    }
  }
}

/// Kernels that give each place a number from those of all places.
let acrossPlacesKernels: [Kernel] = [
  Kernel("standardized", .map, operands: [.init("of")], options: [.init("ddof", .whole(0...1))]) { input in
    let freedom = input.whole("ddof", default: 1)
    return KernelOutput(
      columns: [KernelOutput.column(Across.standardized(input.values("of").values, freedom: freedom))])
  },
  Kernel("place_rank", .map, operands: [.init("of")], columns: [.init("", .count)]) { input in
    KernelOutput(columns: [KernelValues(Across.ranks(input.values("of").values))])
  },
  Kernel("percentile_rank", .map, operands: [.init("of")], columns: [.init("", .percent)]) { input in
    KernelOutput(columns: [KernelValues(Across.percentileRanks(input.values("of").values))])
  },
  Kernel(
    "place_quantile", .map, operands: [.init("of")], options: [.init("part", .number(0...1))],
    columns: [.init("", .likeOperand)]
  ) { input in
    let value = Across.quantile(input.values("of").values, input.number("part", default: 0.5))
    return KernelOutput(columns: [KernelOutput.column(input.rows.map { _ in value })])
  },
  Kernel("places_ahead", .map, operands: [.init("of")], columns: [.init("", .percent)]) { input in
    let values = input.values("of").values
    let count = Double(max(1, values.count))
    return KernelOutput(columns: [KernelValues(Across.ranks(values).map { ($0 - 1) / count })])
  },
  Kernel(
    "mean_of_largest", .vector, operands: [.init("of")], options: [.init("n", .whole(1...1e6))],
    columns: [.init("", .likeOperand)]
  ) { input in
    let largest = input.values("of").values.sorted(by: >).prefix(input.whole("n", default: 5))
    return KernelOutput(largest.isEmpty ? nil : largest.reduce(0, +) / Double(largest.count))
  },
  Kernel("others_mean", .map, operands: [.init("of")], columns: [.init("", .likeOperand)]) { input in
    KernelOutput(columns: [KernelOutput.column(Across.othersMean(input.values("of").values))])
  },
  Kernel("shrunk_lq", .map, operands: [.init("of"), .init("expected")]) { input in
    KernelOutput(
      columns: [
        KernelOutput.column(Across.shrunk(input.values("of").values, expected: input.values("expected").values))
      ])
  },
]
