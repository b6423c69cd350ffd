import CQColumns

/// Kernels of complexity over a long table of places, activities and amounts: verbs.
let complexityVerbs: [Kernel] = [
  Kernel(
    "complexity_of_places", .table, operands: longTable, options: ComplexitySample.spaceOptions,
    columns: [
      .init("", .members(of: "place")), .init("eci"), .init("diversity", .count), .init("mean_ubiquity"), .init("coi"),
      .init("fitness"),
    ]
  ) { input in
    let (table, sample) = crossed(input)
    let scores = try ComplexityScores(sample)
    let space = sample.space()
    let outlook = Outlook(
      presence: sample.presence, proximity: space, density: sample.density(in: space), complexity: scores.worth)
    let growthLab = sample.preset?.isGrowthLab == true
    return KernelOutput(
      columns: [
        KernelValues(scores.places), KernelValues(sample.presence.diversity.map(Double.init)),
        KernelValues(sample.presence.means(of: sample.presence.ubiquity.map(Double.init))),
        KernelValues(growthLab ? standardScores(outlook.index, ddof: 0) : outlook.index),
        KernelValues(Fitness(sample.presence).places),
      ], texts: [table.rows], notes: table.notes + sample.notes + scores.notes)
  },
  Kernel(
    "complexity_of_activities", .table, operands: longTable, options: ComplexitySample.spaceOptions,
    columns: [
      .init("", .members(of: "activity")), .init("pci"), .init("ubiquity", .count), .init("mean_diversity"),
      .init("complexity"),
    ]
  ) { input in
    let (table, sample) = crossed(input)
    let scores = try ComplexityScores(sample)
    return KernelOutput(
      columns: [
        KernelValues(scores.activities), KernelValues(sample.presence.ubiquity.map(Double.init)),
        KernelValues(sample.presence.transposed.means(of: sample.presence.diversity.map(Double.init))),
        KernelValues(Fitness(sample.presence).activities),
      ], texts: [table.columns], notes: table.notes + sample.notes + scores.notes)
  },
  Kernel(
    "proximities", .table, operands: longTable, options: ComplexitySample.spaceOptions,
    columns: [.init("", .members(of: "activity")), .init("with", .members(of: "activity")), .init("proximity")]
  ) { input in
    let (table, sample) = crossed(input)
    let space = sample.space()
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []], notes: table.notes + sample.notes)
    for row in 0..<space.rowCount {
      try input.checkpoint()
      for column in 0..<space.columnCount where column != row {
        output.texts[0].append(table.columns[row])
        output.texts[1].append(table.columns[column])
        output.columns[0].values.append(space[row, column])
        output.columns[0].states.append(.known)
      }
    }
    return output
  },
  Kernel(
    "product_space", .table, operands: longTable,
    options: ComplexitySample.spaceOptions + [.init("link_cut", .number(0...1))],
    columns: [
      .init("", .members(of: "activity")), .init("with", .members(of: "activity")), .init("link", .text),
      .init("proximity"),
    ]
  ) { input in
    let (table, sample) = crossed(input)
    let links = ProductSpace(sample.space(), cut: input.number("link_cut", default: 0.55)).links
    return KernelOutput(
      columns: [KernelValues(links.map(\.proximity))],
      texts: [
        links.map { table.columns[$0.first] }, links.map { table.columns[$0.second] },
        links.map { $0.isInTree ? "tree" : "cut" },
      ], notes: table.notes + sample.notes)
  },
  Kernel(
    "complexity_diagnostics", .table, operands: longTable, options: ComplexitySample.options,
    columns: [.init("statistic", .text), .init("value")]
  ) { input in
    let (table, sample) = crossed(input)
    let found = try ComplexityDiagnostics(
      sample.presence, advantage: sample.advantage, checkpoint: sample.input.checkpoint)
    let rows: [(String, Double)] = [
      ("places", Double(found.placeCount)), ("activities", Double(found.activityCount)), ("fill", found.fill),
      ("components", Double(found.componentCount)), ("second eigenvalue", found.secondEigenvalue),
      ("third eigenvalue", found.thirdEigenvalue), ("spectral gap", found.spectralGap),
      ("correlation with diversity", found.correlationWithDiversity), ("nestedness (NODF)", found.nestedness),
      ("log-supermodularity", found.logSupermodularity),
    ]
    return KernelOutput(
      columns: [KernelValues(rows.map(\.1))], texts: [rows.map(\.0)], notes: table.notes + sample.notes)
  },
]

private let longTable: [Kernel.Operand] = [.init("place", .text), .init("activity", .text), .init("of")]

/// The long table as a sample of places × activities.
private func crossed(_ input: KernelInput) -> (CrossTable, ComplexitySample) {
  let table = CrossTable(input.texts["place"] ?? [], input.texts["activity"] ?? [], input.values("of"))
  var wide = input
  wide.rows = table.rows.map { KernelMember(code: $0, name: $0) }
  wide.columns = table.columns.map { KernelMember(code: $0, name: $0) }
  wide.operands = ["of": KernelValues(table.matrix.elements)]
  return (table, ComplexitySample(wide))
}
