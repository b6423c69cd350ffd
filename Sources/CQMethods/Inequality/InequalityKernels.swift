import CQColumns

/// Kernels of inequality among the members of `over:`, or the rows of a table.
let inequalityKernels: [Kernel] = [
  inequality("gini", [.init("corrected", .truth)]) { values, weights, input in
    Inequality.gini(values, weights: weights, isCorrected: input.truth("corrected"))
  },
  inequality("theil", [.init("kind", .text(["t", "l"])), .init("like", .text(["reat"]))]) { values, weights, input in
    input.text("kind", default: input.text("like") == "reat" ? "l" : "t") == "l"
      ? Inequality.theilL(values, weights: weights) : Inequality.theilT(values, weights: weights)
  },
  inequality("atkinson", [.init("aversion", .number(0...100))]) { values, weights, input in
    Inequality.atkinson(values, aversion: input.number("aversion", default: 0.5), weights: weights)
  },
  inequality("variation", [.init("ddof", .whole(0...1))]) { values, weights, input in
    Inequality.variation(values, weights: weights, ddof: input.whole("ddof"))
  },
  inequality("log_deviation", [.init("ddof", .whole(0...1))]) { values, weights, input in
    Inequality.logDeviation(values, weights: weights, ddof: input.whole("ddof", default: 1))
  },
  inequality("coulter", []) { values, weights, _ in Inequality.coulter(values, weights: weights) },
  inequality("pietra", []) { values, weights, _ in Inequality.hoover(values, weights: weights) },
  inequality("palma", []) { values, weights, _ in Inequality.palma(values, weights: weights) },
  Kernel(
    "quantile_ratio", .vector, operands: [.init("of")],
    options: [.init("upper", .number(0...1)), .init("lower", .number(0...1))]
  ) { input in
    KernelOutput(
      Inequality.quantileRatio(
        input.values("of").values, upper: input.number("upper", default: 0.9),
        lower: input.number("lower", default: 0.1)))
  },
  Kernel("wolfson", .vector, operands: [.init("of")], options: [.init("like", .text(["pysal"]))]) { input in
    let index = Inequality.wolfson(input.values("of").values)
    return KernelOutput(input.text("like") == "pysal" ? index.map { $0 / 2 } : index)
  },
  Kernel(
    "theil_parts", .vector, operands: [.init("of"), .init("weight", isOptional: true)],
    options: [
      .init("group", .text(["state", "country"])), .init("kind", .text(["t", "l"])),
      .init("permutations", .whole(0...99_999)), .init("seed", .whole(0...1e15)),
    ],
    columns: [
      .init(), .init("within"), .init("between"), .init("between_share", .percent),
      .init("groups", .count, isExact: true), .init("p_sim"),
    ]
  ) { input in
    var numbers: [String: Int] = [:]
    let groups = input.rows.map { row -> Int in
      let group = input.text("group") == "country" ? row.country : row.country + row.stateCode
      let number = numbers[group, default: numbers.count]
      numbers[group] = number
      return number
    }
    let (values, kind) = (input.values("of").values, input.text("kind") == "l" ? TheilDecomposition.Kind.l : .t)
    guard let parts = TheilDecomposition(values, groups: groups, kind: kind, weights: input.weights) else {
      return KernelOutput([], notes: [undefinedInequality])
    }
    let p = try parts.chance(
      values, groups: groups, kind: kind, weights: input.weights, permutations: input.whole("permutations"),
      seed: input.whole("seed", default: 1), checkpoint: input.checkpoint)
    return KernelOutput([
      parts.total, parts.within, parts.between, parts.total > 0 ? parts.between / parts.total : nil,
      Double(numbers.count), p,
    ])
  },
  Kernel(
    "disparity", .vector, operands: [.init("of"), .init("weight", isOptional: true)],
    columns: disparityNames.map { .init($0) }
  ) { input in
    KernelOutput(Inequality.disparity(input.values("of").values, weights: input.weights).map(\.value))
  },
  Kernel(
    "disparities", .table, operands: [.init("value"), .init("weight", isOptional: true)],
    columns: [.init("measure", .text), .init("value")]
  ) { input in
    let gaps = input.gaps(["value", "weight"])
    let table = Inequality.disparity(
      gaps.kept.map { input.values("value").values[$0] },
      weights: input.has("weight") ? gaps.kept.map { input.values("weight").values[$0] } : nil)
    return KernelOutput(
      columns: [KernelOutput.column(table.map(\.value))], texts: [table.map(\.name)], notes: gaps.notes)
  },
  Kernel(
    "segregation", .vector, operands: [.init("of", isPart: true), .init("total")],
    options: [.init("method", .text(["dissimilarity", "isolation", "exposure", "information"]))]
  ) { input in
    let (group, total) = (input.values("of").values, input.values("total").values)
    let others = zip(total, group).map { $0 - $1 }
    guard group.allSatisfy({ $0 >= 0 }), others.allSatisfy({ $0 >= -1e-9 * (total.max() ?? 0) }) else {
      return KernelOutput(nil, notes: ["missing: the group must be a part of the total in every place"])
    }
    let index =
      switch input.text("method") {
      case "isolation": Segregation.isolation(group, of: total)
      case "exposure": Segregation.exposure(of: group, to: others, total)
      case "information": Segregation.information([group, others.map { max(0, $0) }])
      default: Segregation.dissimilarity(group, others)
      }
    return KernelOutput(index)
  },
]

private let disparityNames = Inequality.disparity([]).map(\.name).enumerated().map { $0.offset == 0 ? "" : $0.element }

let undefinedInequality =
  "missing: the measure is undefined for these values (negative, zero in a logarithm, or no total)"

private func inequality(
  _ name: String, _ options: [Kernel.Option],
  _ compute: @escaping @Sendable ([Double], [Double]?, KernelInput) -> Double?
) -> Kernel {
  Kernel(name, .vector, operands: [.init("of"), .init("weight", isOptional: true)], options: options) { input in
    let values = input.values("of").values
    if let weights = input.weights, weights.contains(where: { $0 < 0 }) {
      return KernelOutput(nil, notes: ["missing: a weight is negative"])
    }
    let number = compute(values, input.weights, input)
    var notes = number == nil && !values.isEmpty ? [undefinedInequality] : []
    if name == "gini", number != nil, values.contains(where: { $0 < 0 }) {
      notes.append("some values are negative: the coefficient can be above 1")
    }
    return KernelOutput(number, notes: notes)
  }
}

extension KernelInput {
  /// The operand `weight`, where it was given.
  var weights: [Double]? { has("weight") ? values("weight").values : nil }

  /// The rows that have a number in each of these operands, and what is to be said of the others.
  func gaps(_ names: [String]) -> (kept: [Int], notes: [String]) {
    let operands = names.filter(has).map(values)
    let count = operands.map(\.count).max() ?? 0
    let kept = (0..<count).filter { row in operands.allSatisfy { $0[row] != nil } }
    let left = count - kept.count
    return (
      kept,
      left > 0
        ? ["\(left.counted("row is", "rows are")) left out because a number is withheld or missing"] : []
    )
  }
}
