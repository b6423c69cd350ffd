/// Kernels of regressions among places that have neighbours.
let spatialRegressionKernels: [Kernel] = [
  Kernel(
    "spatial_regression", .vector, operands: SpatialSample.operands,
    options: Neighbourhood.options + [.init("model", .text(SpatialRegression.Model.allCases.map(\.rawValue)))],
    columns: [
      .init("slope"), .init("error"), .init("z"), .init("p"), .init("intercept"), .init("spatial"),
      .init("spatial_error"), .init("spatial_p"), .init("slope2", needs: "on2"), .init("p2", needs: "on2"),
      .init("slope3", needs: "on3"), .init("p3", needs: "on3"),
      .init("fit", .percent), .init("log_likelihood"), .init("aic"), .init("places", .count, isExact: true),
    ], workCells: { rows, columns in rows * max(columns, 8) }
  ) { input in
    let sample = try SpatialSample(input)
    guard let weights = sample.weights, let design = sample.design else {
      return KernelOutput([], notes: sample.notes)
    }
    let model = SpatialRegression.Model(rawValue: input.text("model")) ?? .lag
    guard
      let found = try SpatialRegression(
        sample.y, on: design, weights: weights, model: model, checkpoint: input.checkpoint)
    else {
      return KernelOutput([], notes: sample.notes + [SpatialSample.undefined])
    }
    func slope(_ column: Int) -> (Double?, Double?, Double?) {
      guard column < found.coefficients.count else { return (nil, nil, nil) }
      let (value, error) = (found.coefficients[column], found.standardErrors[column])
      return (value, error, error > 0 ? value / error : nil)
    }
    func p(_ z: Double?) -> Double? {
      guard model == .none else { return z.map(Distribution.normalTwoSided) }
      return z.flatMap { Distribution.studentTwoSided($0, degrees: Double(sample.y.count - design.columnCount)) }
    }
    let (first, second, third) = (slope(1), slope(2), slope(3))
    let spatialZ = found.spatial.flatMap { $0.error > 0 ? $0.value / $0.error : nil }
    return KernelOutput(
      [
        first.0, first.1, first.2, p(first.2), found.coefficients[0], found.spatial?.value, found.spatial?.error,
        spatialZ.map(Distribution.normalTwoSided), second.0, p(second.2), third.0, p(third.2), found.fit,
        found.logLikelihood, found.akaike, Double(sample.y.count),
      ], notes: sample.notes)
  },
  Kernel(
    "spatial_diagnostics", .vector, operands: SpatialSample.operands, options: Neighbourhood.options,
    columns: [
      .init("moran"), .init("z"), .init("p"), .init("lag"), .init("lag_p"), .init("error"), .init("error_p"),
      .init("robust_lag"), .init("robust_lag_p"), .init("robust_error"), .init("robust_error_p"), .init("both"),
      .init("both_p"),
    ]
  ) { input in
    let sample = try SpatialSample(input)
    guard let weights = sample.weights, let design = sample.design else {
      return KernelOutput([], notes: sample.notes)
    }
    guard let found = SpatialDiagnostics(sample.y, on: design, weights: weights) else {
      return KernelOutput([], notes: sample.notes + [SpatialSample.undefined])
    }
    let tests = [found.lag, found.error, found.robustLag, found.robustError, found.both]
    return KernelOutput(
      [found.moran, found.z, found.z.map(Distribution.normalTwoSided)]
        + tests.flatMap { [$0.value.isNaN ? nil : $0.value, $0.p] }, notes: sample.notes)
  },
]

/// Numbers of places, a design and row-standardised weights, of a kernel's input.
private struct SpatialSample {
  static let operands: [Kernel.Operand] = [
    .init("of"), .init("on"), .init("on2", isOptional: true), .init("on3", isOptional: true),
  ]

  static let undefined =
    "missing: too few places, a regressor that is the same everywhere or repeats another one, or nothing left to explain"

  let y: [Double]
  let design: Matrix?
  /// nil where the rows are no places, none has a neighbour, or a weight is below 0.
  let weights: SpatialWeights?
  let notes: [String]

  init(_ input: KernelInput) throws {
    y = input.values("of").values
    let regressors = ["on", "on2", "on3"].filter(input.has).map { input.values($0).values }
    guard let neighbourhood = try Neighbourhood.of(input) else {
      (design, weights, notes) = (nil, nil, [Neighbourhood.missingNote(input)])
      return
    }
    design = Matrix(rows: y.indices.map { place in [1] + regressors.map { $0[place] } })
    let weights = neighbourhood.weights.transformed(.row)
    // A negative weight could make the equation of a place unsolvable.
    let isUsable = weights.islands.count < weights.count && weights.values.allSatisfy { $0 > 0 }
    self.weights = isUsable ? weights : nil
    notes =
      neighbourhood.notes + (isUsable ? [] : ["missing: no place has a neighbour, or a weight is below 0"])
  }
}
