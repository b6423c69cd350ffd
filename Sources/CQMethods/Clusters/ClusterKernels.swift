import CQColumns

/// Verbs that find clusters of related industries in a table of industries, places and jobs.
let clusterKernels: [Kernel] = [
  Kernel(
    "related_industries", .table, operands: RelatednessSample.operands, options: RelatednessSample.options,
    columns: [
      .init("", .members(of: "industry")), .init("with", .members(of: "industry")), .init("relatedness"),
      .init("percentile", .percent),
    ], dropsGaps: false
  ) { input in
    let sample = RelatednessSample(input)
    var output = KernelOutput(columns: [KernelValues([]), KernelValues([])], texts: [[], []], notes: sample.notes)
    guard let relatedness = sample.relatedness else { return output }
    let count = sample.names.count
    // Of each pair once, so that both directions have the same rank.
    let ranks = Across.percentileRanks(IndustryRelatedness.pairs(of: relatedness))
    for one in 0..<count {
      try input.checkpoint()
      for other in 0..<count where other != one {
        output.texts[0].append(sample.names[one])
        output.texts[1].append(sample.names[other])
        output.columns[0].append(relatedness[one, other])
        let (low, high) = (min(one, other), max(one, other))
        output.columns[1].append(ranks[high * (high - 1) / 2 + low])
      }
    }
    return output
  },
  Kernel(
    "detect_clusters", .table, operands: RelatednessSample.operands,
    options: RelatednessSample.options + [
      .init("linkage", .text(HierarchicalClustering.Linkage.allCases.map(\.rawValue))), .init("k", .whole(1...1e5)),
    ],
    columns: [
      .init("", .members(of: "industry")), .init("cluster", .count), .init("size", .count), .init("within"),
      .init("between"), .init("high"), .init("passes", .count),
    ], dropsGaps: false
  ) { input in
    let sample = RelatednessSample(input)
    var output = KernelOutput(
      columns: (0..<6).map { _ in KernelValues([]) }, texts: [[]], notes: sample.notes)
    guard let relatedness = sample.relatedness else { return output }
    let tree = try sample.tree(relatedness, input)
    let groups = tree.groups(input.whole("k", default: 30))
    let scores = ClusterValidation(relatedness, groups: groups).industries
    let numbers = sample.numbers(of: groups)
    for industry in groups.indices.sorted(by: { (numbers[groups[$0]], $0) < (numbers[groups[$1]], $1) }) {
      output.texts[0].append(sample.names[industry])
      output.columns[0].append(Double(numbers[groups[industry]]))
      output.columns[1].append(Double(groups.count { $0 == groups[industry] }))
      output.columns[2].append(scores[industry].within)
      output.columns[3].append(scores[industry].between)
      output.columns[4].append(scores[industry].high)
      output.columns[5].append(scores[industry].passesHigh ? 1 : 0)
    }
    output.notes += ClusterValidation.gaps(groups)
    if let parts = ClusterValidation.parts(sample.matrices, groups: groups) {
      output.notes.append("\((groups.max() ?? -1) + 1) clusters; \(parts.sentence)")
    }
    return output
  },
  Kernel(
    "cluster_scores", .table, operands: RelatednessSample.operands,
    options: RelatednessSample.options + [
      .init("linkage", .text(HierarchicalClustering.Linkage.allCases.map(\.rawValue))), .init("first", .whole(2...1e5)),
      .init("last", .whole(2...1e5)), .init("step", .whole(1...1e5)),
    ],
    columns: [
      .init("k", .count), .init("score", .percent), .init("clusters_mean", .percent), .init("clusters_high", .percent),
      .init("industries_mean", .percent), .init("industries_high", .percent), .init("single", .count),
    ], dropsGaps: false
  ) { input in
    let sample = RelatednessSample(input)
    var output = KernelOutput(columns: (0..<7).map { _ in KernelValues([]) }, notes: sample.notes)
    guard let relatedness = sample.relatedness else { return output }
    let tree = try sample.tree(relatedness, input)
    let (first, last) = (input.whole("first", default: 10), input.whole("last", default: 60))
    for k in stride(from: first, through: min(last, sample.names.count), by: max(1, input.whole("step", default: 10))) {
      try input.checkpoint()
      let groups = tree.groups(k)
      guard let parts = ClusterValidation.parts(sample.matrices, groups: groups) else { continue }
      var sizes = [Int](repeating: 0, count: k)
      for group in groups { sizes[group] += 1 }
      let numbers = [
        Double(k), parts.score, parts.clustersMean, parts.clustersHigh, parts.industriesMean, parts.industriesHigh,
        Double(sizes.count { $0 == 1 }),
      ]
      for (column, number) in numbers.enumerated() { output.columns[column].append(number) }
    }
    if first > min(last, sample.names.count) {
      output.notes.append("no number of clusters from \(first) to \(last): there are \(sample.names.count) industries")
    }
    return output
  },
  Kernel(
    "validate_clusters", .table, operands: RelatednessSample.operands + [.init("cluster", .text)],
    options: RelatednessSample.options,
    columns: [
      .init("", .members(of: "cluster")), .init("industries", .count), .init("within"), .init("between"),
      .init("high"), .init("passes", .count),
    ], dropsGaps: false
  ) { input in
    let sample = RelatednessSample(input)
    var output = KernelOutput(columns: (0..<5).map { _ in KernelValues([]) }, texts: [[]], notes: sample.notes)
    guard let relatedness = sample.relatedness else { return output }
    var clusterOfIndustry: [String: String] = [:]
    for (industry, cluster) in zip(input.texts["industry"] ?? [], input.texts["cluster"] ?? [])
    where clusterOfIndustry[industry] == nil { clusterOfIndustry[industry] = cluster }
    var names: [String] = []
    let groups = sample.names.map { industry in
      let name = clusterOfIndustry[industry] ?? ""
      if let known = names.firstIndex(of: name) { return known }
      names.append(name)
      return names.count - 1
    }
    for (index, score) in ClusterValidation(relatedness, groups: groups).clusters.enumerated() {
      output.texts[0].append(names[index])
      output.columns[0].append(Double(groups.count { $0 == index }))
      output.columns[1].append(score.within)
      output.columns[2].append(score.between)
      output.columns[3].append(score.high)
      output.columns[4].append(score.passesHigh ? 1 : 0)
    }
    output.notes += ClusterValidation.gaps(groups)
    if let parts = ClusterValidation.parts(sample.matrices, groups: groups) { output.notes.append(parts.sentence) }
    return output
  },
  Kernel(
    "communities", .table, operands: [.init("from", .text), .init("to", .text), .init("weight")],
    options: [.init("resolution", .number(0...100)), .init("at_least", .number(-1e15...1e15))],
    columns: [
      .init("", .members(of: "from")), .init("community", .count), .init("size", .count), .init("inside", .percent),
    ]
  ) { input in
    let table = CrossTable(
      input.texts["from"] ?? [], input.texts["to"] ?? [], input.values("weight"), sharesNames: true)
    let least = input.options["at_least"] == nil ? nil : input.number("at_least")
    var links = [[Int: Double]](repeating: [:], count: table.rows.count)
    var negative = 0
    for one in table.rows.indices {
      for other in 0...one {
        // Both directions count; a pair that is listed once in each is one tie.
        let sum = one == other ? table.matrix[one, other] : table.matrix[one, other] + table.matrix[other, one]
        let both =
          table.isPresent[one * table.columns.count + other] && table.isPresent[other * table.columns.count + one]
        let weight = both && one != other ? sum / 2 : sum
        if weight < 0 { negative += 1 }
        guard weight > 0, least.map({ weight >= $0 }) ?? true else { continue }
        links[one][other] = one == other ? 2 * weight : weight
        links[other][one] = links[one][other]
      }
    }
    let found = try Communities(
      links, resolution: input.number("resolution", default: 1), checkpoint: input.checkpoint)
    var sizes: [Int: Int] = [:]
    for group in found.groups { sizes[group, default: 0] += 1 }
    let order = sizes.keys.sorted { (sizes[$1] ?? 0, $0) < (sizes[$0] ?? 0, $1) }
    let numbers = Dictionary(order.enumerated().map { ($1, $0 + 1) }, uniquingKeysWith: { first, _ in first })
    var output = KernelOutput(columns: (0..<3).map { _ in KernelValues([]) }, texts: [[]], notes: table.notes)
    let nodes = table.rows.indices.sorted {
      (numbers[found.groups[$0]] ?? 0, $0) < (numbers[found.groups[$1]] ?? 0, $1)
    }
    for node in nodes {
      let ties = links[node].sorted { $0.key < $1.key }
      let all = ties.reduce(0) { $0 + $1.value }
      let inside = ties.reduce(0) { found.groups[$1.key] == found.groups[node] ? $0 + $1.value : $0 }
      output.texts[0].append(table.rows[node])
      output.columns[0].append(numbers[found.groups[node]].map(Double.init))
      output.columns[1].append(sizes[found.groups[node]].map(Double.init))
      output.columns[2].append(all > 0 ? inside / all : nil)
    }
    if negative > 0 { output.notes.append("\(negative) ties below 0 are left out") }
    let alone = links.count { $0.isEmpty }
    if alone > 0 { output.notes.append("\(alone) members have no tie, and stay by themselves") }
    output.notes.append("\(sizes.count) communities, modularity \(found.modularity.short)")
    return output
  },
]

extension ClusterValidation {
  /// Why some clusters have nothing within or beside them.
  fileprivate static func gaps(_ groups: [Int]) -> [String] {
    let sizes = Dictionary(groups.map { ($0, 1) }, uniquingKeysWith: +)
    let single = sizes.values.count { $0 == 1 }
    return (single > 0 ? ["\(single) clusters of one industry have no relatedness within, and do not pass"] : [])
      + (sizes.count == 1 ? ["one cluster only: there is nothing to compare it with"] : [])
  }
}

extension ClusterValidation.Parts {
  fileprivate var sentence: String {
    "validation: \((100 * clustersMean).short)% of clusters and \((100 * industriesMean).short)% of industries are nearer within than to others on average, \((100 * clustersHigh).short)% and \((100 * industriesHigh).short)% than to 95% of them; score \((100 * score).short)"
  }
}

/// Industries × places as verbs of clusters get them, with the matrices of relatedness that they allow.
private struct RelatednessSample {
  static let operands: [Kernel.Operand] = [
    .init("industry", .text), .init("place", .text), .init("employment"), .init("establishments", isOptional: true),
  ]
  static let options: [Kernel.Option] = [
    .init("method", .text(IndustryRelatedness.allCases.map(\.rawValue))), .init("flows", .table),
    .init("scale", .text(["numbers", "quotients"])),
  ]

  let names: [String]
  /// What the composite is made of, or the one that was asked for.
  private(set) var matrices: [Matrix] = []
  private(set) var relatedness: Matrix?
  private(set) var notes: [String] = []
  private let sizes: [Double]

  init(_ input: KernelInput) {
    let (industries, places) = (input.texts["industry"] ?? [], input.texts["place"] ?? [])
    let jobs = CrossTable(industries, places, input.values("employment"))
    names = jobs.rows
    sizes = (0..<jobs.matrix.rowCount).map { row in
      (0..<jobs.matrix.columnCount).reduce(0) { $0 + jobs.matrix[row, $1] }
    }
    guard names.count >= 2, jobs.columns.count >= 2 else {
      notes = ["relatedness needs at least two industries and two places"]
      return
    }
    let gaps = input.values("employment").states.count { $0 == .withheld }
    if gaps > 0 { notes.append("\(gaps) withheld numbers of jobs count as 0") }
    let method = IndustryRelatedness(rawValue: input.text("method")) ?? .composite
    var used: [String] = []
    func scaled(_ matrix: Matrix) -> Matrix {
      input.text("scale") == "quotients" ? IndustryRelatedness.quotients(matrix) : matrix
    }
    if method == .employment || method == .composite {
      matrices.append(IndustryRelatedness.correlations(scaled(jobs.matrix)))
      used.append("correlation of jobs")
    }
    if method == .establishments || method == .composite, input.has("establishments") {
      matrices.append(
        IndustryRelatedness.correlations(
          scaled(CrossTable(industries, places, input.values("establishments")).matrix)))
      used.append("correlation of establishments")
    }
    if method == .inputOutput || method == .composite, let flows = input.tables["flows"] {
      let (matrix, unplaced) = Self.flows(flows, names: names, input)
      if let matrix {
        matrices.append(IndustryRelatedness.inputOutputLinks(matrix))
        used.append("input–output links")
        if unplaced > 0 { notes.append("\(unplaced) industries are not in the flows, and have no links") }
      } else {
        notes.append("flows: needs a table with the columns origin, destination and value")
      }
    }
    if method == .coagglomeration, let matrix = IndustryRelatedness.coagglomerations(jobs.matrix) {
      matrices.append(matrix)
    }
    if matrices.isEmpty {
      notes.append(
        method == .establishments
          ? "establishments: says how many there are"
          : method == .inputOutput ? "flows: says who delivers to whom" : "one place has everything")
      return
    }
    if method == .composite {
      relatedness = IndustryRelatedness.composite(matrices)
      notes.append(
        "composite of \(used.joined(separator: ", "))\(input.text("scale") == "quotients" ? ", of location quotients" : "")"
      )
    } else {
      relatedness = matrices[0]
    }
    let absent = sizes.count { $0 == 0 }
    if absent > 0 { notes.append("\(absent) industries have no jobs anywhere: their correlations are 0") }
  }

  /// Flows between the industries of the sample; the finest industry that a code of the flows is part of counts.
  private static func flows(
    _ table: KernelTable, names: [String], _ input: KernelInput
  ) -> (matrix: Matrix?, unplaced: Int) {
    guard let from = table.texts["origin"] ?? table.texts["from"],
      let to = table.texts["destination"] ?? table.texts["to"], let values = table.numbers["value"]
    else { return (nil, 0) }
    let codes = Dictionary(
      zip(input.texts["industry"] ?? [], input.codes["industry"] ?? []), uniquingKeysWith: { first, _ in first })
    let codeOfIndustry = names.map { codes[$0] ?? $0 }
    var known: [String: Int?] = [:]
    func index(_ code: String) -> Int? {
      if let found = known[code] { return found }
      let found = codeOfIndustry.indices.filter { KernelInput.holds(codeOfIndustry[$0], code) }
        .max { codeOfIndustry[$0].count < codeOfIndustry[$1].count }
      known[code] = .some(found)
      return found
    }
    var matrix = Matrix(rowCount: names.count, columnCount: names.count)
    for row in 0..<min(from.count, to.count, values.count) {
      guard let value = values[row], let one = index(from[row]), let other = index(to[row]) else { continue }
      matrix[one, other] += max(0, value)
    }
    let placed = Set(known.values.compactMap { $0 })
    return (matrix, names.count - placed.count)
  }

  func tree(_ relatedness: Matrix, _ input: KernelInput) throws -> HierarchicalClustering {
    try HierarchicalClustering(
      relatedness, linkage: HierarchicalClustering.Linkage(rawValue: input.text("linkage")) ?? .average,
      checkpoint: input.checkpoint)
  }

  /// Numbers of groups from 1 for the one with most jobs.
  func numbers(of groups: [Int]) -> [Int] {
    var totals = [Double](repeating: 0, count: (groups.max() ?? -1) + 1)
    for (industry, group) in groups.enumerated() { totals[group] += sizes[industry] }
    let order = totals.indices.sorted { totals[$0] != totals[$1] ? totals[$0] > totals[$1] : $0 < $1 }
    var numbers = [Int](repeating: 0, count: totals.count)
    for (position, group) in order.enumerated() { numbers[group] = position + 1 }
    return numbers
  }
}
