#if canImport(Glibc)
  import Glibc
#endif

/// Poisson pseudo maximum likelihood with an effect of its own for each origin and destination.
///
/// `T_ij = exp(a_i + b_j + x_ij'β)`: whatever sends or attracts, size, openness, remoteness, is in the effects. They are not
/// estimated one by one but taken out of the regressors within each weighted regression, so that hundreds of places cost little.
///
/// - Source: Santos Silva and Tenreyro (2006), *Review of Economics and Statistics* 88: 641–658; Fally (2015), *Journal of International
///   Economics* 97: 76–85; Correia, Guimarães and Zylkin (2020), *Stata Journal* 20: 95–115, for the iteration.
package struct FixedEffectsGravity: Sendable {
  package let coefficients: [Double]
  /// Robust to any variance (sandwich), with the factor n / (n − parameters).
  package let standardErrors: [Double]
  package let fitted: [Double]
  package let iterations: Int
  /// Flows that were used.
  package let used: [Int]
  /// Effects that were taken out, less the one that the others imply.
  package let effectCount: Int

  package func zValue(_ column: Int) -> Double? {
    standardErrors[column] > 0 ? coefficients[column] / standardErrors[column] : nil
  }

  /// - Parameters:
  ///   - flows: Not negative. Places that send (or receive) nothing at all have no effect: their flows are left out.
  ///   - effects: Of each kind (origins, destinations) the number of the place that each flow belongs to.
  ///   - regressors: Flows × variables, finite.
  /// - Returns: nil where it does not settle, or where a variable is the same but for the effects.
  /// - Complexity: O(iterations · flows · variables).
  package init?(
    _ flows: [Double], effects: [[Int]], regressors: Matrix, checkpoint: () throws -> Void = {}
  ) rethrows {
    precondition(regressors.rowCount == flows.count && effects.allSatisfy { $0.count == flows.count }, "one per flow")
    let used = Self.withFlows(flows, effects)
    let (count, width) = (used.count, regressors.columnCount)
    let y = used.map { flows[$0] }
    let groups = effects.map { kind in Self.numbered(used.map { kind[$0] }) }
    let effectCount = groups.isEmpty ? 0 : groups.reduce(0) { $0 + $1.count } - (groups.count - 1)
    let mean = y.reduce(0, +) / Double(max(1, count))
    guard width > 0, mean > 0, count > width + effectCount else { return nil }
    var fitted = y.map { ($0 + mean) / 2 }
    var deviance = Double.infinity
    for iteration in 1...200 {
      try checkpoint()
      let target = (0..<count).map { log(fitted[$0]) + (y[$0] - fitted[$0]) / fitted[$0] }
      guard let inner = Self.centred(target, by: groups, weights: fitted) else { return nil }
      var columns: [[Double]] = []
      for column in 0..<width {
        let values = used.map { regressors[$0, column] }
        guard let values = Self.centred(values, by: groups, weights: fitted) else { return nil }
        columns.append(values)
      }
      var (design, scaled) = (Matrix(rowCount: count, columnCount: width), inner)
      for row in 0..<count {
        let root = fitted[row].squareRoot()
        for column in 0..<width { design[row, column] = columns[column][row] * root }
        scaled[row] *= root
      }
      // What is left of a variable that the effects explain is rounding.
      for column in 0..<width {
        let left = (0..<count).reduce(0) { $0 + design[$1, column] * design[$1, column] }
        let whole = used.indices.reduce(0) { sum, row in
          sum + fitted[row] * regressors[used[row], column] * regressors[used[row], column]
        }
        guard left > 1e-14 * whole else { return nil }
      }
      guard let reduced = QR(design) else { return nil }
      let coefficients = reduced.solve(reduced.applyTransposed(to: scaled))
      for row in 0..<count {
        let explained = (0..<width).reduce(0) { $0 + columns[$1][row] * coefficients[$1] }
        fitted[row] = exp(min(700, max(-700, target[row] - (inner[row] - explained))))
      }
      let next = 2 * zip(y, fitted).reduce(0) { $0 + ($1.0 > 0 ? $1.0 * log($1.0 / $1.1) : 0) - ($1.0 - $1.1) }
      guard next.isFinite else { return nil }
      if abs(next - deviance) <= 1e-12 * (abs(next) + 0.1 * mean) {
        self.coefficients = coefficients
        self.fitted = fitted
        self.used = used
        self.effectCount = effectCount
        iterations = iteration
        let inverse = reduced.inverseGram()
        var sums = [Double](repeating: 0, count: width)
        for row in 0..<count {
          for column in 0..<width {
            let influence =
              (0..<width).reduce(0) { $0 + inverse[column, $1] * columns[$1][row] } * (y[row] - fitted[row])
            sums[column] += influence * influence
          }
        }
        let factor = Double(count) / Double(count - width - effectCount)
        standardErrors = sums.map { ($0 * factor).squareRoot() }
        return
      }
      deviance = next
    }
    return nil
  }

  /// Flows of places that have some, of every kind.
  private static func withFlows(_ flows: [Double], _ effects: [[Int]]) -> [Int] {
    var used = flows.indices.filter { flows[$0] >= 0 }
    while true {
      let before = used.count
      for kind in effects {
        var totals: [Int: Double] = [:]
        for flow in used { totals[kind[flow], default: 0] += flows[flow] }
        used = used.filter { totals[kind[$0]] ?? 0 > 0 }
      }
      if used.count == before { return used }
    }
  }

  private static func numbered(_ labels: [Int]) -> (index: [Int], count: Int) {
    var numbers: [Int: Int] = [:]
    let index = labels.map { label in
      let number = numbers[label] ?? numbers.count
      numbers[label] = number
      return number
    }
    return (index, numbers.count)
  }

  /// Values less the weighted means of their groups, of one kind after the other until nothing changes; nil where that does not end.
  private static func centred(
    _ values: [Double], by groups: [(index: [Int], count: Int)], weights: [Double]
  ) -> [Double]? {
    var values = values
    let size = values.reduce(0) { max($0, abs($1)) }
    let totals = groups.map { kind in
      var sums = [Double](repeating: 0, count: kind.count)
      for (row, group) in kind.index.enumerated() { sums[group] += weights[row] }
      return sums
    }
    for _ in 0..<20_000 {
      var most = 0.0
      for (kind, total) in zip(groups, totals) {
        var sums = [Double](repeating: 0, count: kind.count)
        for (row, group) in kind.index.enumerated() { sums[group] += weights[row] * values[row] }
        for group in sums.indices {
          sums[group] = total[group] > 0 ? sums[group] / total[group] : 0
          most = max(most, abs(sums[group]))
        }
        for (row, group) in kind.index.enumerated() { values[row] -= sums[group] }
      }
      if most <= 1e-13 * size || groups.count < 2 { return values }
    }
    return nil
  }
}
