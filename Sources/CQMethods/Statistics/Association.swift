/// How two measures of the same places go together.
package enum Association {
  package struct Correlation: Sendable, Equatable {
    package let coefficient: Double
    /// Two-sided, that the two have nothing to do with each other; nil with too few pairs or where they lie on a line.
    package let p: Double?
  }

  /// Pearson's correlation, `Σ (x − x̄)(y − ȳ) / √(Σ (x − x̄)² Σ (y − ȳ)²)`, tested by Student's t with n − 2 degrees of freedom.
  ///
  /// - Returns: nil with fewer than two pairs or where all of one list are equal.
  /// - Complexity: O(n).
  /// - Source: Pearson (1895), *Proceedings of the Royal Society of London* 58: 240–242.
  package static func pearson(_ x: [Double], _ y: [Double]) -> Correlation? {
    precondition(x.count == y.count, "pairs")
    guard x.count > 1, let first = WeightedMoments(x), let second = WeightedMoments(y) else { return nil }
    // What is left of equal numbers by rounding is no spread.
    guard first.variance > 1e-24 * first.mean * first.mean, second.variance > 1e-24 * second.mean * second.mean else {
      return nil
    }
    var products = 0.0
    for (one, other) in zip(x, y) { products += (one - first.mean) * (other - second.mean) }
    let scale = (first.variance * second.variance).squareRoot() * Double(x.count)
    guard scale > 0 else { return nil }
    let coefficient = min(1, max(-1, products / scale))
    let degrees = Double(x.count - 2)
    let rest = 1 - coefficient * coefficient
    guard degrees > 0, rest > 0 else { return Correlation(coefficient: coefficient, p: nil) }
    let t = coefficient * (degrees / rest).squareRoot()
    return Correlation(coefficient: coefficient, p: Distribution.studentTwoSided(t, degrees: degrees))
  }

  /// Pearson's correlation of the ranks; equal values share the mean of theirs.
  ///
  /// - Complexity: O(n log n).
  /// - Source: Spearman (1904), *American Journal of Psychology* 15: 72–101.
  package static func spearman(_ x: [Double], _ y: [Double]) -> Correlation? {
    pearson(Order.averageRanks(x), Order.averageRanks(y))
  }
}

/// Kernels of how measures go together, over the members of `over:` or the rows of a table.
let associationKernels: [Kernel] = [
  Kernel(
    "correlation", .vector, operands: [.init("of"), .init("with")],
    options: [.init("method", .text(["pearson", "spearman", "kendall"]))],
    columns: [.init(), .init("p"), .init("count", .count, isExact: true)]
  ) { input in
    let (x, y) = (input.values("of").values, input.values("with").values)
    let found: Association.Correlation? =
      switch input.text("method") {
      case "spearman": Association.spearman(x, y)
      case "kendall": Order.kendallTau(x, y).map { .init(coefficient: $0.tau, p: $0.p) }
      default: Association.pearson(x, y)
      }
    guard let found else { return KernelOutput([nil, nil, Double(x.count)], notes: [undefinedAssociation]) }
    return KernelOutput([found.coefficient, found.p, Double(x.count)])
  },
  Kernel(
    "regression", .vector, operands: [.init("of"), .init("on")],
    columns: [
      .init("slope"), .init("error"), .init("t"), .init("p"), .init("intercept"), .init("fit", .percent),
      .init("count", .count, isExact: true),
    ]
  ) { input in
    let (y, x) = (input.values("of").values, input.values("on").values)
    var design = Matrix(rowCount: x.count, columnCount: 2, repeating: 1)
    for (row, value) in x.enumerated() { design[row, 1] = value }
    guard let line = LeastSquares(y, on: design) else {
      return KernelOutput([nil, nil, nil, nil, nil, nil, Double(x.count)], notes: [undefinedAssociation])
    }
    return KernelOutput([
      line.coefficients[1], line.standardErrors[1], line.tValue(1), line.pValue(1), line.coefficients[0], line.rSquared,
      Double(x.count),
    ])
  },
]

/// Averages in which members count by a weight of theirs.
let averageKernels: [Kernel] = [
  Kernel(
    "weighted_mean", .vector, operands: [.init("of"), .init("weight")], columns: [.init("", .likeOperand)]
  ) { input in
    let weights = input.values("weight").values
    guard weights.allSatisfy({ $0 >= 0 }), let mean = WeightedMoments(input.values("of").values, weights: weights)?.mean
    else { return KernelOutput(nil, notes: ["missing: the weights must be 0 or more, and one of them above it"]) }
    return KernelOutput(mean)
  }
]

private let undefinedAssociation = "missing: too few pairs, or all values of one measure are equal"
