/// The part of the total that the poorest part of the population has, linear between the places.
///
/// - Source: Lorenz (1905), *Publications of the American Statistical Association* 9: 209–219.
package struct LorenzCurve: Sendable {
  /// Cumulated parts of the population and of the total, from (0, 0) to (1, 1).
  package let population: [Double]
  package let total: [Double]

  /// - Returns: nil with a negative value or where the total is not above 0.
  package init?(_ values: [Double], weights: [Double]? = nil) {
    guard let moments = WeightedMoments(values, weights: weights), moments.mean > 0, values.allSatisfy({ $0 >= 0 })
    else { return nil }
    let weightTotal = weights?.reduce(0, +) ?? Double(values.count)
    var (population, total) = ([0.0], [0.0])
    var (people, mass) = (0.0, 0.0)
    for index in values.indices.sorted(by: { values[$0] < values[$1] }) {
      let weight = weights?[index] ?? 1
      people += weight
      mass += weight * values[index]
      population.append(people / weightTotal)
      total.append(mass / (weightTotal * moments.mean))
    }
    self.population = population
    self.total = total
  }

  package func ordinate(at part: Double) -> Double {
    guard let above = population.firstIndex(where: { $0 >= part }), above > 0 else { return part <= 0 ? 0 : 1 }
    let width = population[above] - population[above - 1]
    guard width > 0 else { return total[above] }
    return total[above - 1] + (part - population[above - 1]) / width * (total[above] - total[above - 1])
  }
}

extension Inequality {
  /// Palma ratio: the part of the richest tenth over that of the poorest four tenths.
  ///
  /// - Returns: nil where the poorest four tenths have nothing.
  /// - Source: Palma (2011), *Development and Change* 42(1): 87–153.
  package static func palma(_ values: [Double], weights: [Double]? = nil) -> Double? {
    guard let curve = LorenzCurve(values, weights: weights) else { return nil }
    let poorest = curve.ordinate(at: 0.4)
    return poorest > 0 ? (1 - curve.ordinate(at: 0.9)) / poorest : nil
  }

  /// The upper quantile over the lower one (type 7), such as 0.9 and 0.1; nil where the lower one is not above 0.
  package static func quantileRatio(_ values: [Double], upper: Double, lower: Double) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let below = Order.quantile(sorted, lower)
    return below > 0 ? Order.quantile(sorted, upper) / below : nil
  }

  /// Wolfson's index of polarisation: how far the middle is hollowed out; 0 where all are equal, at most 1.
  ///
  /// `P = 2 (2 (½ − L(½)) − G) μ / median`
  ///
  /// - Returns: nil with a negative value or where the median is not above 0. pysal's `wolfson` is half of it.
  /// - Source: Wolfson (1994), *American Economic Review* 84(2): 353–358.
  package static func wolfson(_ values: [Double]) -> Double? {
    guard let curve = LorenzCurve(values), let gini = gini(values), let mean = WeightedMoments(values)?.mean else {
      return nil
    }
    let median = Order.quantile(values.sorted(), 0.5)
    return median > 0 ? 2 * (2 * (0.5 - curve.ordinate(at: 0.5)) - gini) * mean / median : nil
  }

  /// The usual measures of inequality at once, with their names; those that are undefined for the values are nil.
  ///
  /// - Source: Portnov and Felsenstein (2010), "On the suitability of income inequality measures for regional analysis",
  ///   *Socio-Economic Planning Sciences* 44: 212–219, for the choice.
  package static func disparity(_ values: [Double], weights: [Double]? = nil) -> [(name: String, value: Double?)] {
    let sorted = values.sorted()
    let extremes = sorted.first.flatMap { low in sorted.last.flatMap { low > 0 ? $0 / low : nil } }
    return [
      ("gini", gini(values)),
      ("gini_corrected", gini(values, isCorrected: true)),
      ("gini_weighted", weights.flatMap { gini(values, weights: $0) }),
      ("theil_t", theilT(values)),
      ("theil_t_weighted", weights.flatMap { theilT(values, weights: $0) }),
      ("theil_l", theilL(values)),
      ("theil_l_weighted", weights.flatMap { theilL(values, weights: $0) }),
      ("atkinson_05", atkinson(values, aversion: 0.5)),
      ("atkinson_1", atkinson(values, aversion: 1)),
      ("variation", variation(values)),
      ("williamson", weights.flatMap { variation(values, weights: $0) }),
      ("log_deviation", logDeviation(values)),
      ("hoover", hoover(values)),
      ("hoover_weighted", weights.flatMap { hoover(values, weights: $0) }),
      ("coulter", coulter(values)),
      ("coulter_weighted", weights.flatMap { coulter(values, weights: $0) }),
      ("palma", palma(values)),
      ("ratio_90_10", quantileRatio(values, upper: 0.9, lower: 0.1)),
      ("ratio_80_20", quantileRatio(values, upper: 0.8, lower: 0.2)),
      ("max_to_min", extremes),
      ("wolfson", wolfson(values)),
    ]
  }
}
