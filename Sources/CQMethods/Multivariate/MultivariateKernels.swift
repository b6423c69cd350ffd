/// Verbs over long tables of members, indicators and values.
let multivariateKernels: [Kernel] = [
  Kernel(
    "components", .table, operands: IndicatorTable.operands, options: componentOptions,
    columns: [.init("", .members(of: "member")), .init("component", .count, isExact: true), .init("score")],
    dropsGaps: false
  ) { input in
    let table = IndicatorTable(input)
    var output = KernelOutput(columns: [KernelValues([]), KernelValues([])], texts: [[]], notes: table.notes)
    guard let (found, scores) = table.components(input) else {
      output.notes.append(IndicatorTable.undefined)
      return output
    }
    output.notes.append(found.summary)
    for (row, name) in table.members.enumerated() {
      for component in 0..<scores.columnCount {
        output.texts[0].append(name)
        output.columns[0].append(Double(component + 1))
        output.columns[1].append(scores[row, component])
      }
    }
    return output
  },
  Kernel(
    "component_loadings", .table, operands: IndicatorTable.operands, options: componentOptions,
    columns: [
      .init("", .members(of: "indicator")), .init("component", .count, isExact: true), .init("loading"),
      .init("share", .percent),
      .init("communality", .percent),
    ], dropsGaps: false
  ) { input in
    let table = IndicatorTable(input)
    var output = KernelOutput(columns: (0..<4).map { _ in KernelValues([]) }, texts: [[]], notes: table.notes)
    guard let (found, _) = table.components(input) else {
      output.notes.append(IndicatorTable.undefined)
      return output
    }
    output.notes.append(found.summary)
    for (row, name) in table.indicators.enumerated() {
      let count = found.loadings.columnCount
      let communality = (0..<count).reduce(0) { $0 + found.loadings[row, $1] * found.loadings[row, $1] }
      for component in 0..<count {
        output.texts[0].append(name)
        output.columns[0].append(Double(component + 1))
        output.columns[1].append(found.loadings[row, component])
        output.columns[2].append(found.explained[component] / Double(table.indicators.count))
        output.columns[3].append(communality)
      }
    }
    return output
  },
  Kernel(
    "k_means", .table, operands: IndicatorTable.operands,
    options: [
      .init("k", .whole(1...1_000)), .init("scale", .text(["standard", "none"])), .init("starts", .whole(1...1_000)),
      .init("seed", .whole(0...1e9)),
    ],
    columns: [
      .init("", .members(of: "member")), .init("group", .count, isExact: true), .init("distance"), .init("silhouette"),
    ], dropsGaps: false
  ) { input in
    let table = IndicatorTable(input)
    var output = KernelOutput(columns: (0..<3).map { _ in KernelValues([]) }, texts: [[]], notes: table.notes)
    let numbers = input.text("scale") == "none" ? table.matrix : PrincipalComponents.standardised(table.matrix)
    guard let numbers,
      let found = try KMeans(
        numbers, count: input.whole("k", default: 4), starts: input.whole("starts", default: 20),
        seed: input.whole("seed", default: 1), checkpoint: input.checkpoint)
    else {
      output.notes.append(IndicatorTable.undefined)
      return output
    }
    let silhouettes = try found.silhouettes(numbers, checkpoint: input.checkpoint)
    if found.total > 0 {
      output.notes.append("the groups explain \(shown(100 * (1 - found.within / found.total)))% of the variance")
    }
    if found.centres.rowCount < input.whole("k", default: 4) {
      output.notes.append("only \(found.centres.rowCount) members are different from each other")
    }
    for (row, name) in table.members.enumerated() {
      let group = found.groups[row]
      let distance = (0..<numbers.columnCount).reduce(0) {
        $0 + (numbers[row, $1] - found.centres[group, $1]) * (numbers[row, $1] - found.centres[group, $1])
      }
      output.texts[0].append(name)
      output.columns[0].append(Double(group + 1))
      output.columns[1].append(distance.squareRoot())
      output.columns[2].append(silhouettes[row])
    }
    return output
  },
  Kernel(
    "chain_factors", .table, operands: [.init("from", .text), .init("to", .text), .init("value")],
    options: [.init("n", .whole(1...200)), .init("at_least", .number(0...1))],
    columns: [
      .init("", .members(of: "from")), .init("factor", .count, isExact: true), .init("loading"),
      .init("next_factor", .count, isExact: true),
      .init("next_loading"),
    ], dropsGaps: false
  ) { input in
    let flows = CrossTable(input.texts["from"] ?? [], input.texts["to"] ?? [], input.values("value"), sharesNames: true)
    var output = KernelOutput(columns: (0..<4).map { _ in KernelValues([]) }, texts: [[]], notes: flows.notes)
    let links = ChainFactors.links(flows.matrix)
    let count = input.options["n"] == nil ? nil : input.whole("n")
    guard links.used.count > 1,
      let found = PrincipalComponents(correlations: links.matrix, count: count, isRotated: true)
    else {
      output.notes.append("missing: fewer than two industries both deliver and receive")
      return output
    }
    let cut = input.number("at_least", default: 0)
    output.notes.append(found.summary)
    if links.used.count < flows.rows.count {
      output.notes.append(
        "\(flows.rows.count - links.used.count) names that only deliver or only receive are left out")
    }
    for (row, industry) in links.used.enumerated() {
      let order = (0..<found.loadings.columnCount).sorted { found.loadings[row, $0] > found.loadings[row, $1] }
      guard let first = order.first, found.loadings[row, first] >= cut else { continue }
      output.texts[0].append(flows.rows[industry])
      output.columns[0].append(Double(first + 1))
      output.columns[1].append(found.loadings[row, first])
      let second = order.dropFirst().first
      output.columns[2].append(second.map { Double($0 + 1) })
      output.columns[3].append(second.map { found.loadings[row, $0] })
    }
    return output
  },
]

private let componentOptions: [Kernel.Option] = [
  .init("n", .whole(1...200)), .init("rotation", .text(["none", "varimax"])),
]

/// Members × indicators of a long table; members that lack a number are left out.
private struct IndicatorTable {
  static let operands: [Kernel.Operand] = [.init("member", .text), .init("indicator", .text), .init("value")]
  static let undefined =
    "missing: fewer than three members with all indicators, or an indicator that is the same everywhere"

  let members: [String]
  let indicators: [String]
  let matrix: Matrix
  let notes: [String]

  init(_ input: KernelInput) {
    let table = CrossTable(input.texts["member"] ?? [], input.texts["indicator"] ?? [], input.values("value"))
    let kept = table.rows.indices.filter { row in
      table.columns.indices.allSatisfy { table.isPresent[row * table.columns.count + $0] }
    }
    members = kept.map { table.rows[$0] }
    indicators = table.columns
    matrix = Matrix(rows: kept.map { row in table.columns.indices.map { table.matrix[row, $0] } })
    let left = table.rows.count - kept.count
    notes = left > 0 ? ["\(left) members lack a number of some indicator and are left out"] : []
  }

  func components(_ input: KernelInput) -> (PrincipalComponents, Matrix)? {
    guard members.count > 2, let standardised = PrincipalComponents.standardised(matrix),
      let found = PrincipalComponents(
        correlations: PrincipalComponents.correlations(standardised),
        count: input.options["n"] == nil ? nil : input.whole("n"), isRotated: input.text("rotation") == "varimax")
    else { return nil }
    return (found, found.scores(standardised))
  }
}

extension PrincipalComponents {
  fileprivate var summary: String {
    let part = explained.reduce(0, +) / Double(loadings.rowCount)
    let values = eigenvalues.prefix(max(explained.count + 1, 3)).map(shown).joined(separator: ", ")
    return
      "\(explained.count) components hold \(shown(100 * part))% of the variance; eigenvalues \(values)\(eigenvalues.count > max(explained.count + 1, 3) ? ", …" : "")"
  }
}

/// How alike industries buy and sell: the first step to clusters by value chains.
///
/// - Source: Feser and Bergman (2000), *Regional Studies* 34(1): 1–19.
package enum ChainFactors {
  /// For each pair the largest of four correlations: of what they buy, of what they sell, and of what the one buys with what the other
  /// sells.
  ///
  /// - Parameter flows: Deliveries of the row's industry to the column's.
  /// - Returns: Positions of the industries that both deliver and receive, and their links; 1 on the diagonal.
  /// - Complexity: O(industries³).
  package static func links(_ flows: Matrix) -> (used: [Int], matrix: Matrix) {
    let (sales, purchases) = (flows.rowSums, flows.columnSums)
    let used = (0..<flows.rowCount).filter { sales[$0] > 0 && purchases[$0] > 0 }
    func profile(_ values: [Double]) -> [Double]? {
      let scores = standardScores(values)
      return scores.contains { $0.isNaN } ? nil : scores
    }
    let buys = used.map { industry in profile(used.map { flows[$0, industry] / purchases[industry] }) }
    let sells = used.map { industry in profile(used.map { flows[industry, $0] / sales[industry] }) }
    let degrees = Double(max(used.count - 1, 1))
    func r(_ one: [Double]?, _ other: [Double]?) -> Double {
      guard let one, let other else { return 0 }
      return dotProduct(one, other) / degrees
    }
    var matrix = Matrix.identity(used.count)
    for one in used.indices {
      for other in one + 1..<max(used.count, one + 1) {
        let link = max(
          max(r(buys[one], buys[other]), r(sells[one], sells[other])),
          max(r(buys[one], sells[other]), r(sells[one], buys[other])))
        matrix[one, other] = link
        matrix[other, one] = link
      }
    }
    return (used, matrix)
  }
}
