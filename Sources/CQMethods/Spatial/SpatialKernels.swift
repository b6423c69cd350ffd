/// Kernels of spatial autocorrelation: one number, with its tests, for the places of a level.
let spatialKernels: [Kernel] = [
  Kernel(
    "moran", .vector, operands: [.init("of")],
    options: Neighbourhood.options + PermutationTest.options + [SpatialWeights.transformOption, SpatialPreset.option],
    columns: [.init(), .init("expected"), .init("z"), .init("p"), .init("p_sim")]
  ) { input in
    try spatialTest(input) { weights, test in
      guard
        let moran = try MoranI(
          input.values("of").values, weights: weights, counted: SpatialPreset(input)?.counted(weights),
          permutations: test.count, seed: test.seed,
          alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      return [
        moran.i, moran.expected, moran.randomisation?.z,
        moran.randomisation.map {
          SpatialPreset(input) == .spdep ? Distribution.normalUpperTail($0.z) : test.p($0, moran.i, moran.expected)
        },
        moran.permutation?.p,
      ]
    }
  },
  Kernel(
    "moran_bivariate", .vector, operands: [.init("of"), .init("with")],
    options: Neighbourhood.options + PermutationTest.options + [SpatialWeights.transformOption],
    columns: [.init(), .init("p_sim")]
  ) { input in
    try spatialTest(input) { weights, test in
      guard
        let result = try MoranI.bivariate(
          input.values("of").values, input.values("with").values, weights: weights, permutations: test.count,
          seed: test.seed, alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      return [result.i, result.permutation?.p]
    }
  },
  Kernel(
    "moran_rate", .vector, operands: [.init("of"), .init("base")],
    options: Neighbourhood.options + PermutationTest.options + [SpatialWeights.transformOption],
    columns: [.init(), .init("expected"), .init("z"), .init("p"), .init("p_sim")]
  ) { input in
    try spatialTest(input) { weights, test in
      guard let rates = MoranI.standardisedRates(events: input.values("of").values, base: input.values("base").values),
        let moran = try MoranI(
          rates, weights: weights, permutations: test.count, seed: test.seed, alternative: test.alternative,
          checkpoint: input.checkpoint)
      else { return nil }
      return [
        moran.i, moran.expected, moran.randomisation?.z,
        moran.randomisation.map { test.p($0, moran.i, moran.expected) },
        moran.permutation?.p,
      ]
    }
  },
  Kernel(
    "geary", .vector, operands: [.init("of")],
    options: Neighbourhood.options + PermutationTest.options + [SpatialWeights.transformOption, SpatialPreset.option],
    columns: [.init(), .init("z"), .init("p"), .init("p_sim")]
  ) { input in
    try spatialTest(input) { weights, test in
      guard
        let geary = try GearyC(
          input.values("of").values, weights: weights, counted: SpatialPreset(input)?.counted(weights),
          permutations: test.count, seed: test.seed,
          alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      if SpatialPreset(input) == .spdep {
        let z = geary.randomisation.map { -$0.z }
        return [geary.c, z, z.map(Distribution.normalUpperTail), geary.permutation?.p]
      }
      return [
        geary.c, geary.randomisation?.z, geary.randomisation.map { test.p($0, geary.c, 1) }, geary.permutation?.p,
      ]
    }
  },
  Kernel(
    "getis_ord", .vector, operands: [.init("of")],
    options: Neighbourhood.options + PermutationTest.options + [SpatialPreset.option],
    columns: [.init(), .init("expected"), .init("z"), .init("p"), .init("p_sim")]
  ) { input in
    try spatialTest(input) { weights, test in
      var (values, weights) = (input.values("of").values, weights)
      if SpatialPreset(input) == .spdep {
        // Here spdep leaves places without neighbours out of everything.
        let islands = Set(weights.islands)
        let kept = (0..<weights.count).filter { !islands.contains($0) }
        (values, weights) = (kept.map { values[$0] }, weights.selecting(kept))
      }
      guard
        let general = try GetisOrdG(
          values, weights: weights, permutations: test.count, seed: test.seed,
          alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      return [
        general.g, general.expected, general.normality?.z,
        general.normality.map { moments in
          switch SpatialPreset(input) {
          case .esda: Distribution.normalUpperTail(abs(moments.z))
          case .spdep: Distribution.normalUpperTail(moments.z)
          default: test.p(moments, general.g, general.expected)
          }
        }, general.permutation?.p,
      ]
    }
  },
  Kernel(
    "join_count", .vector, operands: [.init("of")], options: Neighbourhood.options + PermutationTest.options,
    columns: [
      .init("", .number), .init("neither"), .init("mixed"), .init("expected"), .init("z"), .init("p"), .init("p_sim"),
    ]
  ) { input in
    try spatialTest(input) { weights, test in
      guard
        let joins = try JoinCounts(
          input.values("of").values.map { $0 != 0 }, weights: weights, permutations: test.count, seed: test.seed,
          alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      return [
        joins.both, joins.neither, joins.mixed, joins.expectedBoth, joins.normality?.z,
        joins.normality.map { test.p($0, joins.both, joins.expectedBoth) }, joins.permutation?.p,
      ]
    }
  },
  Kernel(
    "lee", .vector, operands: [.init("of"), .init("with")],
    options: Neighbourhood.options + [SpatialWeights.transformOption]
  ) { input in
    try spatialTest(input) { weights, _ in
      [LocalSpread.leeL(input.values("of").values, input.values("with").values, weights: weights)]
    }
  },
  Kernel(
    "spatial_gini", .vector, operands: [.init("of")], options: Neighbourhood.options + PermutationTest.options,
    columns: [.init(), .init("neighbours"), .init("others"), .init("polarisation"), .init("p_sim")]
  ) { input in
    try spatialTest(input) { weights, test in
      guard
        let gini = try LocalSpread.gini(
          input.values("of").values, weights: weights, permutations: test.count, seed: test.seed,
          checkpoint: input.checkpoint)
      else { return nil }
      return [gini.gini, gini.neighbours, gini.others, gini.polarisation, gini.permutation?.p]
    }
  },
]

/// Kernels of local statistics: a number for each place.
let localSpatialKernels: [Kernel] = [
  Kernel(
    "lisa", .map, operands: [.init("of")],
    options: Neighbourhood.options + PermutationTest.options + [
      SpatialWeights.transformOption, .init("divisor", .text(["n", "n-1"])), .init("adjust", .text(["none", "fdr"])),
      SpatialPreset.option,
    ],
    columns: [.init(), .init("quadrant", .count), .init("p_sim")]
  ) { input in
    try localStatistic(input, columns: 3) { weights, test in
      guard
        let local = try LocalMoran(
          input.values("of").values, weights: weights,
          divisor: LocalMoran.Divisor(rawValue: input.text("divisor"))
            ?? (SpatialPreset(input) == .esda ? .sample : .population), permutations: test.count,
          seed: test.seed, alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      return [
        local.i,
        local.quadrant.map { $0.map { Double(SpatialPreset(input) == .geoda ? $0.numberInGeoDa : $0.number) } },
        input.text("adjust") == "fdr" ? MultipleTests.falseDiscoveryRate(local.p) : local.p,
      ]
    }
  },
  Kernel(
    "hotspot", .map, operands: [.init("of")],
    options: Neighbourhood.options + PermutationTest.options + [
      .init("star", .truth), .init("adjust", .text(["none", "fdr"])),
    ],
    columns: [.init(), .init("p"), .init("p_sim")]
  ) { input in
    try localStatistic(input, columns: 3) { weights, test in
      guard
        let local = try LocalGetisOrd(
          input.values("of").values, weights: weights, includesSelf: input.truth("star", default: true),
          permutations: test.count, seed: test.seed, alternative: test.alternative, checkpoint: input.checkpoint)
      else { return nil }
      let adjusted = { (p: [Double?]) in input.text("adjust") == "fdr" ? MultipleTests.falseDiscoveryRate(p) : p }
      return [local.z, adjusted(local.p), adjusted(local.simulatedP)]
    }
  },
  Kernel(
    "spatial_lag", .map, operands: [.init("of")], options: Neighbourhood.options + [SpatialWeights.transformOption],
    columns: [.init("", .likeOperand)]
  ) { input in
    try localStatistic(input, columns: 1) { weights, _ in
      let lag = weights.lag(input.values("of").values)
      return [lag.indices.map { weights.row($0).isEmpty ? nil : lag[$0] }]
    }
  },
  Kernel("neighbours", .map, operands: [.init("of")], options: Neighbourhood.options, columns: [.init("", .count)]) {
    input in
    try localStatistic(input, columns: 1) { weights, _ in [(0..<weights.count).map { Double(weights.row($0).count) }] }
  },
  Kernel(
    "local_geary", .map, operands: [.init("of")], options: Neighbourhood.options + [SpatialWeights.transformOption]
  ) { input in
    try localStatistic(input, columns: 1) { weights, _ in
      LocalSpread.geary(input.values("of").values, weights: weights).map { [$0] }
    }
  },
  Kernel(
    "local_spread", .map, operands: [.init("of")],
    options: Neighbourhood.options + [SpatialWeights.transformOption, .init("exponent", .number(0.1...10))]
  ) { input in
    try localStatistic(input, columns: 1) { weights, _ in
      LocalSpread.heteroskedasticity(
        input.values("of").values, weights: weights, power: input.number("exponent", default: 2)
      ).map { [$0] }
    }
  },
]

extension SpatialWeights {
  static let transformOption = Kernel.Option("style", .text(["row", "binary", "variance"]))
}

extension PermutationTest {
  static let options: [Kernel.Option] = [
    .init("permutations", .whole(0...99_999)),
    .init("seed", .whole(0...1e15)),
    .init("alternative", .text(["directed", "two-sided", "greater", "less"])),
  ]
}

/// How a kernel was asked to test.
struct TestOptions {
  let count: Int
  let seed: UInt64
  let alternative: PermutationTest.Alternative

  init(_ input: KernelInput) {
    count = input.whole("permutations")
    seed = UInt64(max(0, input.whole("seed", default: 1)))
    alternative =
      switch input.text("alternative") {
      case "two-sided": .twoSided
      case "greater": .greater
      case "less": .less
      default: .directed
      }
  }

  /// The p-value of a normal approximation for the alternative: two-sided unless a direction was asked for.
  func p(_ moments: MoranI.Moments, _ statistic: Double, _ expected: Double) -> Double {
    switch alternative {
    case .directed, .twoSided: moments.p
    case .greater: Distribution.normalUpperTail(moments.z)
    case .less: Distribution.normalUpperTail(-moments.z)
    }
  }
}

/// One number of all places, or missing with a note.
private func spatialTest(
  _ input: KernelInput, _ compute: (SpatialWeights, TestOptions) throws -> [Double?]?
) throws -> KernelOutput {
  guard let neighbourhood = try Neighbourhood.of(input) else {
    return KernelOutput([], notes: [Neighbourhood.missingNote(input)])
  }
  let weights = neighbourhood.weights.transformed(input.transform)
  guard let numbers = try compute(weights, TestOptions(input)) else {
    return KernelOutput([], notes: neighbourhood.notes + [input.whyMissing(weights)])
  }
  return KernelOutput(numbers, notes: neighbourhood.notes)
}

/// A number for each place, or missing with a note.
private func localStatistic(
  _ input: KernelInput, columns: Int, _ compute: (SpatialWeights, TestOptions) throws -> [[Double?]]?
) throws -> KernelOutput {
  let none = [[Double?]](repeating: input.rows.map { _ in nil }, count: columns)
  guard let neighbourhood = try Neighbourhood.of(input) else {
    return KernelOutput(columns: none.map(KernelOutput.column), notes: [Neighbourhood.missingNote(input)])
  }
  let weights = neighbourhood.weights.transformed(input.transform)
  guard let numbers = try compute(weights, TestOptions(input)) else {
    return KernelOutput(
      columns: none.map(KernelOutput.column), notes: neighbourhood.notes + [input.whyMissing(weights)])
  }
  return KernelOutput(columns: numbers.map(KernelOutput.column), notes: neighbourhood.notes)
}

extension KernelInput {
  var transform: SpatialWeights.Transform {
    switch text("style", default: "binary") {
    case "row": .row
    case "variance": .variance
    default: .binary
    }
  }

  fileprivate func whyMissing(_ weights: SpatialWeights) -> String {
    let values = values("of").values
    if rows.count < 4 { return "missing: spatial statistics need at least 4 places" }
    if weights.neighbours.isEmpty { return "missing: no place has a neighbour" }
    if let first = values.first, values.allSatisfy({ $0 == first }) { return "missing: all values are equal" }
    return "missing: the statistic is undefined for these values"
  }
}

extension LocalMoran.Quadrant {
  /// As PySAL numbers them.
  var number: Int {
    switch self {
    case .highHigh: 1
    case .lowHigh: 2
    case .lowLow: 3
    case .highLow: 4
    }
  }
}

extension LocalMoran.Quadrant {
  /// As GeoDa numbers them.
  var numberInGeoDa: Int {
    switch self {
    case .highHigh: 1
    case .lowLow: 2
    case .lowHigh: 3
    case .highLow: 4
    }
  }
}

/// Conventions of another tool for spatial statistics, which a query may ask for by its name.
enum SpatialPreset: String, CaseIterable {
  case esda, spdep, geoda

  static let option = Kernel.Option("like", .text(allCases.map(\.rawValue)))

  init?(_ input: KernelInput) { self.init(rawValue: input.text("like")) }

  /// How many places n is, where not all: spdep leaves those without neighbours out.
  func counted(_ weights: SpatialWeights) -> Int? { self == .spdep ? weights.count - weights.islands.count : nil }
}

extension MultipleTests {
  /// Adjusts the p-values that there are.
  static func falseDiscoveryRate(_ p: [Double?]) -> [Double?] {
    let known = p.indices.filter { p[$0] != nil }
    var result = p
    for (index, value) in zip(known, falseDiscoveryRate(known.compactMap { p[$0] })) { result[index] = value }
    return result
  }
}
