import CQColumns

/// Kernels of input–output analysis: numbers for each industry, from tables of the catalogue.
let inputOutputKernels: [Kernel] = [
  Kernel(
    "io_multiplier", .activities, operands: [.init("of", .column)],
    options: IndustrySystem.tableOptions + [
      .init("effect", .text(["output", "value_added", "of"])), .init("type", .text(["I", "II"])),
      .init("per", .text(["demand", "own"])),
    ],
    dropsGaps: false, workCells: { 3 * $1 * $1 + 300_000 * min($0, 1) }
  ) { input in
    try multiplier(input)
  },
  Kernel(
    "io_linkages", .activities, operands: [.init("of", .column)], options: IndustrySystem.tableOptions,
    columns: [
      .init("backward"), .init("forward"), .init("direct_backward"), .init("direct_forward"), .init("sensitivity"),
    ],
    dropsGaps: false, workCells: { 4 * $1 * $1 + 300_000 * min($0, 1) }
  ) { input in
    try computed(input, columnCount: 5) { system throws(IndustrySystem.Failure) in
      let linkages = Linkages(system.table, leontief: try system.leontief(), ghosh: try system.ghosh())
      return [
        linkages.backward, linkages.forward, linkages.directBackward, linkages.directForward, linkages.sensitivity,
      ]
    }
  },
  Kernel(
    "io_extraction", .activities, operands: [.init("of", .column)],
    options: IndustrySystem.tableOptions + [.init("method", .text(Extraction.allCases.map(\.rawValue)))],
    columns: [.init("", .percent)], dropsGaps: false, workCells: { 3 * $1 * $1 + 300_000 * min($0, 1) }
  ) { input in
    try computed(input, columnCount: 1) { system throws(IndustrySystem.Failure) in
      let extraction = Extraction(rawValue: input.text("method")) ?? .all
      let total = system.table.output.reduce(0, +)
      return [extraction.losses(system.table, inverse: try system.leontief()).map { $0 / total }]
    }
  },
  Kernel(
    "io_impact", .activities, operands: [.init("of", .column)],
    options: IndustrySystem.tableOptions + [.init("demand", .member), .init("amount", .number(-1e15...1e15))],
    dropsGaps: false, workCells: { 3 * $1 * $1 + 300_000 * min($0, 1) }
  ) { input in
    try computed(input, columnCount: 1) { system throws(IndustrySystem.Failure) in
      guard case .member(let wanted)? = input.options["demand"] else {
        throw IndustrySystem.Failure(note: "demand: says for which industry's products")
      }
      // Demand for a group is spread over its industries by their output.
      let weights = zip(system.names, system.table.output).map { input.part($0, wanted) * $1 }
      let total = weights.reduce(0, +)
      guard total > 0 else {
        throw IndustrySystem.Failure(note: "the input-output table has nothing of \(wanted.name)")
      }
      let amount = input.number("amount", default: 1)
      return [try system.leontief().multiplied(by: weights.map { amount * $0 / total })]
    }
  },
  Kernel(
    "io_value_chain", .activities, operands: [.init("of", .column)],
    options: IndustrySystem.tableOptions + [.init("with", .member)],
    columns: [
      .init("supplies", .percent), .init("buys", .percent), .init("supplies_mxn"), .init("buys_mxn"),
      .init("inside", .percent),
    ],
    dropsGaps: false, workCells: { 2 * $1 * $1 + 200_000 * min($0, 1) }
  ) { input in
    try computed(input, columnCount: 5) { system throws(IndustrySystem.Failure) in
      guard case .member(let wanted)? = input.options["with"] else {
        throw IndustrySystem.Failure(note: "with: says whose suppliers and buyers")
      }
      let weights = system.names.map { input.part($0, wanted) }
      guard weights.contains(where: { $0 > 0 }) else {
        throw IndustrySystem.Failure(note: "the input-output table has nothing of \(wanted.name)")
      }
      let chain = ValueChain(flows: system.table.flows, weights: weights)
      return [chain.supplierShares, chain.buyerShares, chain.deliveries, chain.purchases, weights]
    }
  },
  Kernel(
    "io_regional_multiplier", .cells, operands: [.init("of")],
    options: IndustrySystem.tableOptions + [
      .init("method", .text(Regionalization.allCases.map(\.rawValue))), .init("delta", .number(0...0.999)),
    ],
    columns: [.init(""), .init("national"), .init("imported", .percent)], dropsGaps: false,
    workCells: { $0 * (3 * $1 * $1) + 300_000 * min($0, 1) }
  ) { input in
    try regionalMultipliers(input)
  },
]

/// Numbers of the industries of the catalogue's tables, for the columns of the sample; missing, and why, where that fails.
private func computed(
  _ input: KernelInput, columnCount: Int, _ body: (IndustrySystem) throws(IndustrySystem.Failure) -> [[Double]]
) throws -> KernelOutput {
  do throws(IndustrySystem.Failure) {
    let system = try IndustrySystem(input)
    let columns = try body(system)
    return KernelOutput(columns: columns.map { input.placed($0, of: system) }, notes: system.notes)
  } catch {
    let none = KernelOutput.column(input.columns.map { _ in nil })
    return KernelOutput(columns: (0..<columnCount).map { _ in none }, notes: [error.note])
  }
}

private func multiplier(_ input: KernelInput) throws -> KernelOutput {
  try computed(input, columnCount: 1) { system throws(IndustrySystem.Failure) in
    let output = system.table.output
    let effect = input.text("effect", default: "output")
    let amounts: [Double]
    switch effect {
    case "value_added": amounts = system.totals["value_added"] ?? []
    case "of": amounts = input.numbers("of", for: system)
    default: amounts = output
    }
    guard amounts.count == output.count else {
      throw IndustrySystem.Failure(note: "industries: has no column value_added")
    }
    let perOutput = zip(amounts, output).map { $1 != 0 ? $0 / $1 : 0 }
    var households: Households?
    if input.text("type") == "II" {
      guard let income = system.totals["value_added"], let spending = system.totals["private_consumption"] else {
        throw IndustrySystem.Failure(
          note: "type II needs the columns value_added and private_consumption in industries:")
      }
      let total = income.reduce(0, +)
      households = Households(
        income: zip(income, output).map { $1 != 0 ? $0 / $1 : 0 }, spending: spending.map { $0 / total })
    }
    let effects: [Double]
    do throws(LUFactorization.Failure) {
      let multipliers = try Multipliers(
        inverse: try system.leontief(orThrow: ()), coefficients: system.table.inputCoefficients, households: households)
      effects = multipliers.effectsWithHouseholds(of: perOutput) ?? multipliers.effects(of: perOutput)
    } catch {
      throw IndustrySystem.Failure(
        note: "the Leontief matrix has no inverse: some industries use up all that they make")
    }
    return [input.text("per") == "own" ? Multipliers.ratios(effects, to: perOutput) : effects]
  }
}

extension IndustrySystem {
  fileprivate func leontief(orThrow: Void) throws(LUFactorization.Failure) -> Matrix {
    do { return try leontief() } catch { throw .singular(column: 0) }
  }
}

private func regionalMultipliers(_ input: KernelInput) throws -> KernelOutput {
  let missing = KernelValues([Double](repeating: .nan, count: input.rows.count * input.columns.count))
  do throws(IndustrySystem.Failure) {
    let system = try IndustrySystem(input)
    let method = Regionalization(rawValue: input.text("method")) ?? .flegg
    let delta = input.number("delta", default: 0.3)
    let national = system.table.inputCoefficients
    let nationalMultipliers = input.placed(try system.leontief().columnSums, of: system)
    let sizes = input.matrix("of")
    let index = Dictionary(uniqueKeysWithValues: system.names.enumerated().map { ($1, $0) })
    // Industries of the table that the sizes do not cover are bought elsewhere, and a note says how much that is.
    let covered = input.columns.map { index[$0.code] }
    var nationalSizes = [Double](repeating: 0, count: system.names.count)
    for (column, industry) in covered.enumerated() {
      guard let industry else { continue }
      for row in 0..<sizes.rowCount { nationalSizes[industry] += sizes[row, column] }
    }
    var output = KernelOutput(
      columns: [missing, missing, missing], notes: system.notes)
    let uncovered = zip(nationalSizes, system.table.output).reduce(0) { $1.0 == 0 ? $0 + $1.1 : $0 }
    let total = system.table.output.reduce(0, +)
    if uncovered > 0 {
      output.notes.append(
        "industries with \((100 * uncovered / total).short)% of the table's output have no sizes here, and count as bought elsewhere"
      )
    }
    for row in 0..<sizes.rowCount {
      var regional = [Double](repeating: 0, count: system.names.count)
      for (column, industry) in covered.enumerated() {
        if let industry { regional[industry] += sizes[row, column] }
      }
      let coefficients = method.coefficients(
        national: national, regionalSize: regional, nationalSize: nationalSizes, delta: delta)
      guard let inverse = try? LUFactorization(coefficients.leontief).inverse else { continue }
      let sums = inverse.columnSums
      let (needs, found) = (national.columnSums, coefficients.columnSums)
      for (column, industry) in covered.enumerated() {
        guard let industry, regional[industry] > 0 else { continue }
        let cell = row * input.columns.count + column
        output.columns[0].values[cell] = sums[industry]
        output.columns[1].values[cell] = nationalMultipliers.values[column]
        output.columns[2].values[cell] = needs[industry] > 0 ? 1 - found[industry] / needs[industry] : .nan
      }
    }
    return output
  } catch {
    return KernelOutput(columns: [missing, missing, missing], notes: [error.note])
  }
}
