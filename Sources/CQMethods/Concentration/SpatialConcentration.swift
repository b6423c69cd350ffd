import CQColumns

/// Area between the diagonal and the curve of running shares of `values` over running shares of `reference`, by
/// ascending quotient of the two: 0 to 0.5.
///
/// - Parameters:
///   - values, reference: Amounts by place, 0 and above.
/// - Returns: nil without a total of either, or for a negative number.
/// - Complexity: O(n log n).
/// - Source: Krugman (1991), Geography and Trade, appendix B; Hoover (1936), Review of Economic Statistics 18.
package func locationalGini(_ values: [Double], reference: [Double]) -> Double? {
  let (values, reference) = (values.nearOne, reference.nearOne)
  let (total, all) = (values.reduce(0, +), reference.reduce(0, +))
  guard total > 0, all > 0, !(values + reference).contains(where: { $0 < 0 }) else { return nil }
  // A place with activity and no reference stands at the steep end.
  let order = values.indices.sorted { lhs, rhs in
    values[lhs] * reference[rhs] < values[rhs] * reference[lhs]
  }
  var below = 0.0
  var twiceArea = 0.0
  for index in order {
    let share = values[index] / total
    twiceArea += reference[index] / all * (below + below + share)
    below += share
  }
  return max(0, 0.5 - twiceArea / 2)
}

/// Hall–Tideman index of shares: `1 / (2 Σ k s_(k) - 1)` with k from 1 for the largest share.
///
/// - Returns: 1/n for n equal shares to 1; nil without a total or for a negative value.
/// - Source: Hall and Tideman (1967), Journal of the American Statistical Association 62.
package func hallTideman(_ values: [Double]) -> Double? {
  let total = values.reduce(0, +)
  guard total > 0, !values.contains(where: { $0 < 0 }) else { return nil }
  let ranked = values.sorted(by: >).enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element / total }
  return 1 / (2 * ranked - 1)
}

/// How the growth of a mix of activities varies: `Σ_i Σ_k s_i s_k cov(g_i, g_k)`.
///
/// - Parameters:
///   - series: Amounts by activity and period, activities as rows; gaps are nil.
/// - Returns: Variance of the growth of the portfolio with the shares of the last period, the part of it that the
///   activities would have by themselves (`Σ s_i² var(g_i)`), and how many activities had growth in all periods; nil for
///   fewer than three periods or no such activity.
/// - Source: Conroy (1975), Journal of Regional Science 15(3): 331–344.
package func portfolioVariance(_ series: [[Double?]]) -> (variance: Double, own: Double, count: Int)? {
  guard let periods = series.first?.count, periods >= 3 else { return nil }
  var growth: [[Double]] = []
  var last: [Double] = []
  for row in series {
    let numbers = row.compactMap { $0 }
    guard numbers.count == periods, numbers.dropLast().allSatisfy({ $0 > 0 }), let end = numbers.last else { continue }
    growth.append((1..<periods).map { numbers[$0] / numbers[$0 - 1] - 1 })
    last.append(end)
  }
  let total = last.reduce(0, +)
  guard total > 0 else { return nil }
  let centred = growth.map { rates in
    let mean = rates.reduce(0, +) / Double(rates.count)
    return rates.map { $0 - mean }
  }
  let shares = last.map { $0 / total }
  let freedom = Double(periods - 2)
  // The sum over all pairs is the variance of the weighted sum.
  var variance = 0.0
  for period in 0..<(periods - 1) {
    let gap = shares.indices.reduce(0) { $0 + shares[$1] * centred[$1][period] }
    variance += gap * gap / freedom
  }
  let own = shares.indices.reduce(0) { sum, index in
    sum + shares[index] * shares[index] * centred[index].reduce(0) { $0 + $1 * $1 } / freedom
  }
  return (variance, own, shares.count)
}

let spatialConcentrationKernels: [Kernel] = [
  Kernel(
    "locational_gini", .vector, operands: [.init("of"), .init("ref")],
    options: [.init("scale", .text(["half", "whole"]))]
  ) { input in
    let area = locationalGini(input.values("of").values, reference: input.values("ref").values)
    return KernelOutput(area.map { input.text("scale") == "whole" ? 2 * $0 : $0 })
  },
  Kernel("hall_tideman", .vector, operands: [.init("of")]) { input in
    KernelOutput(hallTideman(input.values("of").values))
  },
  Kernel(
    "portfolio", .table,
    operands: [.init("place", .text), .init("activity", .text), .init("period", .text), .init("value")],
    columns: [
      .init("", .members(of: "place")), .init("variance"), .init("deviation", .percent), .init("own_variance"),
      .init("activities", .count),
    ]
  ) { input in
    let (places, activities) = (input.texts["place"] ?? [], input.texts["activity"] ?? [])
    let (periods, values) = (input.texts["period"] ?? [], input.values("value"))
    let order = Set(periods).sorted()
    let position = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    var names: [String] = []
    var series: [String: [String: [Double?]]] = [:]
    for row in places.indices {
      if series[places[row]] == nil { names.append(places[row]) }
      var line = series[places[row], default: [:]][activities[row]] ?? [Double?](repeating: nil, count: order.count)
      if let value = values[row], let index = position[periods[row]] { line[index] = (line[index] ?? 0) + value }
      series[places[row], default: [:]][activities[row]] = line
    }
    let found = names.map { name in
      let lines = series[name] ?? [:]
      return portfolioVariance(lines.keys.sorted().compactMap { lines[$0] })
    }
    let left = zip(names, found).reduce(0) { $0 + (series[$1.0]?.count ?? 0) - ($1.1?.count ?? 0) }
    return KernelOutput(
      columns: [
        KernelOutput.column(found.map { $0?.variance }),
        KernelOutput.column(found.map { $0?.variance.squareRoot() }), KernelOutput.column(found.map { $0?.own }),
        KernelOutput.column(found.map { $0.map { Double($0.count) } }),
      ], texts: [names],
      notes: left > 0 ? ["\(left) activities without a number above 0 in every period are left out"] : [])
  },
]
