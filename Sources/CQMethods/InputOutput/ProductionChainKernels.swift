import CQColumns

/// Kernels of chains of production.
let productionChainKernels: [Kernel] = [
  Kernel(
    "io_chain_position", .activities, operands: [.init("of", .column)], options: IndustrySystem.tableOptions,
    columns: [.init(), .init("downstreamness")], dropsGaps: false, workCells: { 4 * $1 * $1 + 300_000 * min($0, 1) }
  ) { input in
    try chain(input, columnCount: 2) { input throws(IndustrySystem.Failure) in
      let system = try IndustrySystem(input)
      return (
        system,
        [
          ProductionChains.upstreamness(ghosh: try system.ghosh()),
          ProductionChains.downstreamness(leontief: try system.leontief()),
        ]
      )
    }
  },
  Kernel(
    "io_import_content", .activities, operands: [.init("of", .column)],
    options: IndustrySystem.tableOptions.filter { $0.name != "domestic" }, columns: [.init("", .percent)],
    dropsGaps: false, workCells: { 4 * $1 * $1 + 300_000 * min($0, 1) }
  ) { input in
    try chain(input, columnCount: 1) { input throws(IndustrySystem.Failure) in
      func system(domestic: Bool) throws(IndustrySystem.Failure) -> IndustrySystem {
        var asked = input
        asked.options["domestic"] = .truth(domestic)
        return try IndustrySystem(asked)
      }
      let (domestic, whole) = (try system(domestic: true), try system(domestic: false))
      var imported = whole.table.inputCoefficients
      let coefficients = domestic.table.inputCoefficients
      for index in imported.elements.indices { imported.elements[index] -= coefficients.elements[index] }
      return (domestic, [ProductionChains.importContent(imported: imported, leontief: try domestic.leontief())])
    }
  },
  Kernel(
    "chain_positions", .table, operands: IndustrySystem.operands,
    columns: [.init("", .members(of: "from")), .init("upstreamness"), .init("downstreamness")]
  ) { input in
    try overRows(input, textCount: 1, columnCount: 2) { system throws(IndustrySystem.Failure) in
      (
        [system.names],
        [
          ProductionChains.upstreamness(ghosh: try system.ghosh()),
          ProductionChains.downstreamness(leontief: try system.leontief()),
        ], []
      )
    }
  },
  Kernel(
    "structural_decomposition", .table,
    operands: [
      .init("from", .text), .init("to", .text), .init("before"), .init("after"),
      .init("output_before", isOptional: true), .init("output_after", isOptional: true),
    ],
    columns: [
      .init("", .members(of: "from")), .init("technology", .likeOperand), .init("demand", .likeOperand),
      .init("change", .likeOperand),
    ]
  ) { input in
    func system(_ values: String) throws(IndustrySystem.Failure) -> IndustrySystem {
      var asked = input
      asked.operands = ["value": input.values(values)]
      asked.operands["output"] = input.operands["output_\(values)"]
      return try IndustrySystem(rowsOf: asked)
    }
    do throws(IndustrySystem.Failure) {
      let (before, after) = (try system("before"), try system("after"))
      let parts = ProductionChains.decomposition(
        before: (try before.leontief(), before.table.finalDemand),
        after: (try after.leontief(), after.table.finalDemand))
      let change = zip(before.table.output, after.table.output).map { $1 - $0 }
      return KernelOutput(
        columns: [KernelValues(parts.technology), KernelValues(parts.demand), KernelValues(change)],
        texts: [before.names], notes: before.notes + after.notes.filter { !before.notes.contains($0) })
    } catch {
      return KernelOutput(columns: (0..<3).map { _ in KernelValues([]) }, texts: [[]], notes: [error.note])
    }
  },
  Kernel(
    "chain_links", .table, operands: IndustrySystem.operands,
    columns: [
      .init("", .members(of: "from")), .init("", .members(of: "to")), .init("rounds"), .init("influence"),
      .init("product"),
    ]
  ) { input in
    try overRows(input, textCount: 2, columnCount: 3) { system throws(IndustrySystem.Failure) in
      let (names, inverse) = (system.names, try system.leontief())
      let rounds = ProductionChains.propagationLengths(leontief: inverse).elements
      let idle = rounds.count { $0.isNaN }
      return (
        [names.flatMap { name in names.map { _ in name } }, names.flatMap { _ in names }],
        [
          rounds, ProductionChains.fieldOfInfluence(leontief: inverse).elements,
          ProductionChains.multiplierProducts(leontief: inverse).elements,
        ],
        idle > 0 ? ["\(idle) pairs have no rounds: nothing of the one ever reaches the other"] : []
      )
    }
  },
]

/// Numbers of the industries of a system where the columns of the sample stand; none, and why, where that fails.
private func chain(
  _ input: KernelInput, columnCount: Int,
  _ body: (KernelInput) throws(IndustrySystem.Failure) -> (IndustrySystem, [[Double]])
) throws -> KernelOutput {
  try input.checkpoint()
  do throws(IndustrySystem.Failure) {
    let (system, columns) = try body(input)
    return KernelOutput(columns: columns.map { input.placed($0, of: system) }, notes: system.notes)
  } catch {
    let none = KernelValues([Double](repeating: .nan, count: input.columns.count))
    return KernelOutput(columns: (0..<columnCount).map { _ in none }, notes: [error.note])
  }
}
