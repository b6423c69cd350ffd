import CQColumns

/// Kernels of input–output analysis over a table of flows: verbs.
let inputOutputVerbs: [Kernel] = [
  Kernel(
    "io_multipliers", .table, operands: IndustrySystem.operands + [.init("jobs", isOptional: true)],
    columns: [
      .init("", .members(of: "from")), .init("class", .text), .init("multiplier"), .init("backward"), .init("forward"),
      .init("sensitivity"), .init("effect"), .init("effect_ratio"),
    ]
  ) { input in
    try overRows(input, textCount: 2, columnCount: 6) { system throws(IndustrySystem.Failure) in
      let inverse = try system.leontief()
      let linkages = Linkages(system.table, leontief: inverse, ghosh: try system.ghosh())
      let jobs =
        input.has("jobs")
        ? IndustrySystem.firstNumbers("jobs", of: system.names, input) : system.names.map { _ in Double.nan }
      let perOutput = zip(jobs, system.table.output).map { $1 != 0 ? $0 / $1 : 0 }
      let effects = inverse.leftMultiplied(by: perOutput.map { $0.isNaN ? 0 : $0 })
      let isKnown = input.has("jobs") && !perOutput.contains { $0.isNaN }
      let notes =
        !input.has("jobs")
        ? ["effects count what `jobs:` gives"]
        : isKnown ? [] : ["some industries have no number in jobs:, so the effects are not known"]
      return (
        [system.names, linkages.classes.map(\.rawValue)],
        [
          inverse.columnSums, linkages.backward, linkages.forward, linkages.sensitivity,
          effects.map { isKnown ? $0 : .nan }, Multipliers.ratios(effects, to: perOutput).map { isKnown ? $0 : .nan },
        ], notes
      )
    }
  },
  Kernel(
    "leontief", .table, operands: IndustrySystem.operands,
    columns: [
      .init("", .members(of: "from")), .init("", .members(of: "to")), .init("coefficient"), .init("requirement"),
      .init("allocation"),
    ]
  ) { input in
    try overRows(input, textCount: 2, columnCount: 3) { system throws(IndustrySystem.Failure) in
      let inverse = try system.leontief()
      let names = system.names
      return (
        [names.flatMap { name in names.map { _ in name } }, names.flatMap { _ in names }],
        [
          system.table.inputCoefficients.elements, inverse.elements, system.table.outputCoefficients.elements,
        ], []
      )
    }
  },
  Kernel(
    "extraction", .table, operands: IndustrySystem.operands,
    options: [.init("method", .text(Extraction.allCases.map(\.rawValue)))],
    columns: [.init("", .members(of: "from")), .init("loss"), .init("loss_share", .percent)]
  ) { input in
    try overRows(input, textCount: 1, columnCount: 2) { system throws(IndustrySystem.Failure) in
      let extraction = Extraction(rawValue: input.text("method")) ?? .all
      let losses = extraction.losses(system.table, inverse: try system.leontief())
      let total = system.table.output.reduce(0, +)
      return ([system.names], [losses, losses.map { $0 / total }], [])
    }
  },
  Kernel(
    "demand_impact", .table, operands: IndustrySystem.operands + [.init("demand")],
    columns: [.init("", .members(of: "from")), .init("impact")]
  ) { input in
    try overRows(input, textCount: 1, columnCount: 1) { system throws(IndustrySystem.Failure) in
      let demand = IndustrySystem.firstNumbers("demand", of: system.names, input).map { $0.isNaN ? 0 : $0 }
      return ([system.names], [try system.leontief().multiplied(by: demand)], [])
    }
  },
  Kernel(
    "ras", .table,
    operands: [
      .init("from", .text), .init("to", .text), .init("value"), .init("row_total"), .init("column_total"),
    ],
    columns: [.init("", .members(of: "from")), .init("", .members(of: "to")), .init("value", .likeOperand)]
  ) { input in
    biproportional(input)
  },
  Kernel(
    "regionalize", .table, operands: IndustrySystem.operands + [.init("regional"), .init("national")],
    options: [.init("method", .text(Regionalization.allCases.map(\.rawValue))), .init("delta", .number(0...0.999))],
    columns: [
      .init("", .members(of: "from")), .init("", .members(of: "to")), .init("coefficient"),
      .init("regional_coefficient"),
    ]
  ) { input in
    try overRows(input, textCount: 2, columnCount: 2) { system throws(IndustrySystem.Failure) in
      let names = system.names
      let regional = IndustrySystem.firstNumbers("regional", of: names, input)
      let national = IndustrySystem.firstNumbers("national", of: names, input)
      let method = Regionalization(rawValue: input.text("method")) ?? .flegg
      let coefficients = system.table.inputCoefficients
      let result = method.coefficients(
        national: coefficients, regionalSize: regional.map { $0.isNaN ? 0 : $0 },
        nationalSize: national.map { $0.isNaN ? 0 : $0 }, delta: input.number("delta", default: 0.3))
      let unknown = zip(regional, national).count { $0.isNaN || $1.isNaN }
      return (
        [names.flatMap { name in names.map { _ in name } }, names.flatMap { _ in names }],
        [coefficients.elements, result.elements],
        unknown > 0 ? ["\(unknown) industries without a size in the region or the nation count as absent"] : []
      )
    }
  },
]

/// Columns of the industries of a table of flows; no row, and why, where that fails.
func overRows(
  _ input: KernelInput, textCount: Int, columnCount: Int,
  _ body: (IndustrySystem) throws(IndustrySystem.Failure) -> ([[String]], [[Double]], [String])
) throws -> KernelOutput {
  do throws(IndustrySystem.Failure) {
    let system = try IndustrySystem(rowsOf: input)
    let (texts, columns, notes) = try body(system)
    return KernelOutput(columns: columns.map { KernelValues($0) }, texts: texts, notes: system.notes + notes)
  } catch {
    return KernelOutput(
      columns: (0..<columnCount).map { _ in KernelValues([]) }, texts: (0..<textCount).map { _ in [] },
      notes: [error.note])
  }
}

/// A table of flows, scaled to given totals.
private func biproportional(_ input: KernelInput) -> KernelOutput {
  let (from, to) = (input.texts["from"] ?? [], input.texts["to"] ?? [])
  let flows = CrossTable(from, to, input.values("value"))
  func totals(_ operand: String, _ names: [String], _ labels: [String]) -> [Double] {
    var numbers: [String: Double] = [:]
    let values = input.values(operand)
    for (index, name) in labels.enumerated() where index < values.count && numbers[name] == nil {
      if let number = values[index] { numbers[name] = number }
    }
    return names.map { numbers[$0] ?? 0 }
  }
  let failure: String
  do throws(BiproportionalFit.Failure) {
    let fit = try BiproportionalFit(
      flows.matrix, rowSums: totals("row_total", flows.rows, from),
      columnSums: totals("column_total", flows.columns, to))
    let names = flows.rows.flatMap { name in flows.columns.map { _ in name } }
    return KernelOutput(
      columns: [KernelValues(fit.matrix.elements)], texts: [names, flows.rows.flatMap { _ in flows.columns }],
      notes: flows.notes + ["fitted after \(fit.iterationCount) steps"])
  } catch {
    switch error {
    case .negative: failure = "a number is negative"
    case .differentTotals(let rows, let columns):
      failure = "the totals of rows add up to \(rows.short), those of columns to \(columns.short)"
    case .emptyRow(let row): failure = "\(flows.rows[row]) has a total but no flow to scale"
    case .emptyColumn(let column): failure = "\(flows.columns[column]) has a total but no flow to scale"
    case .notConverged(let difference):
      failure = "the zeros of the table leave no solution: totals are still off by \(difference.short)"
    }
  }
  return KernelOutput(columns: [KernelValues([])], texts: [[], []], notes: ["not fitted: \(failure)"])
}
