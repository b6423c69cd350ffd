import CQColumns

/// Verbs that follow places through classes of a long table: place, year, value.
let markovKernels: [Kernel] = [
  Kernel(
    "markov", .table, operands: MarkovPanel.operands, options: MarkovPanel.options,
    columns: [
      .init("from", .text), .init("to", .text), .init("transitions", .count), .init("probability", .percent),
    ]
  ) { input in
    let panel = MarkovPanel(input)
    let chain = MarkovChain(histories: panel.histories, classCount: panel.classCount)
    var output = KernelOutput(columns: [KernelValues([]), KernelValues([])], texts: [[], []], notes: panel.notes)
    output.notes += chain.notes(panel.labels)
    for from in 0..<panel.classCount {
      let parts = chain.probabilities(from: from)
      for to in 0..<panel.classCount {
        output.texts[0].append(panel.labels[from])
        output.texts[1].append(panel.labels[to])
        output.columns[0].append(chain.counts[from, to])
        output.columns[1].append(parts?[to])
      }
    }
    return output
  },
  Kernel(
    "markov_classes", .table, operands: MarkovPanel.operands, options: MarkovPanel.options,
    columns: [
      .init("class", .text), .init("start", .percent), .init("end", .percent), .init("ergodic", .percent),
      .init("years_in_class"), .init("years_to_return"),
    ]
  ) { input in
    let panel = MarkovPanel(input)
    let chain = MarkovChain(histories: panel.histories, classCount: panel.classCount)
    let (ergodic, passage) = (chain.ergodic, chain.meanFirstPassage)
    func part(_ year: Int, _ index: Int) -> Double? {
      let known = panel.histories.compactMap { year < $0.count ? $0[year] : nil }
      return known.isEmpty ? nil : Double(known.count { $0 == index }) / Double(known.count)
    }
    let classes = Array(0..<panel.classCount)
    return KernelOutput(
      columns: [
        KernelOutput.column(classes.map { part(0, $0) }),
        KernelOutput.column(classes.map { part(panel.yearCount - 1, $0) }),
        KernelOutput.column(classes.map { index in ergodic.map { $0[index] } }),
        KernelOutput.column(
          classes.map { index in
            chain.probabilities(from: index).flatMap { $0[index] < 1 ? 1 / (1 - $0[index]) : nil }
          }),
        KernelOutput.column(classes.map { index in passage.map { $0[index, index] } }),
      ], texts: [panel.labels], notes: panel.notes + chain.notes(panel.labels))
  },
  Kernel(
    "spatial_markov", .table, operands: MarkovPanel.operands + [.init("lag")], options: MarkovPanel.options,
    columns: [
      .init("neighbours", .text), .init("from", .text), .init("to", .text), .init("transitions", .count),
      .init("probability", .percent),
    ]
  ) { input in
    let panel = MarkovPanel(input)
    let lags = MarkovPanel(input, value: "lag")
    let chains = SpatialMarkov.chains(
      histories: panel.histories, lags: lags.histories, classCount: panel.classCount, lagClassCount: lags.classCount)
    var output = KernelOutput(columns: [KernelValues([]), KernelValues([])], texts: [[], [], []], notes: panel.notes)
    if let test = MarkovChain.homogeneity(chains) {
      output.notes.append(
        "are transitions the same whatever the neighbours: LR = \(shown(test.likelihoodRatio)), p = \(shown(test.likelihoodRatioP)); "
          + "Q = \(shown(test.q)), p = \(shown(test.qP)); \(test.degrees) degrees of freedom")
    }
    for (neighbours, chain) in chains.enumerated() {
      for from in 0..<panel.classCount {
        let parts = chain.probabilities(from: from)
        for to in 0..<panel.classCount {
          output.texts[0].append(lags.labels[neighbours])
          output.texts[1].append(panel.labels[from])
          output.texts[2].append(panel.labels[to])
          output.columns[0].append(chain.counts[from, to])
          output.columns[1].append(parts?[to])
        }
      }
    }
    return output
  },
]

/// Places in classes by year.
struct MarkovPanel {
  static let operands: [Kernel.Operand] = [.init("place", .text), .init("year", .text), .init("value")]
  static let options: [Kernel.Option] = [
    .init("classes", .whole(2...20)), .init("bounds", .text(["year", "pooled", "relative"])),
  ]

  let histories: [[Int?]]
  let classCount: Int
  let labels: [String]
  let yearCount: Int
  let notes: [String]

  /// Classes are quantiles of each year (`year`), of all years together (`pooled`), or of all years together after each
  /// value was divided by the mean of its year (`relative`).
  init(_ input: KernelInput, value: String = "value") {
    var source = input
    source.operands["value"] = input.values(value)
    let panel = Panel(source)
    let count = input.whole("classes", default: 5)
    var values = panel.values
    let years = panel.years.indices
    if input.text("bounds") == "relative" {
      for year in years {
        let known = values.compactMap { $0[year] }
        guard let mean = WeightedMoments(known)?.mean, mean != 0 else { continue }
        for place in values.indices { values[place][year] = values[place][year].map { $0 / mean } }
      }
    }
    let isByYear = input.text("bounds", default: "year") == "year"
    let pooled = ClassScheme.quantile.upperBounds(values.joined().compactMap(\.self).sorted(), count: count)
    var histories = values.map { $0.map { _ in Int?.none } }
    for year in years {
      let bounds =
        isByYear ? ClassScheme.quantile.upperBounds(values.compactMap { $0[year] }.sorted(), count: count) : pooled
      for place in values.indices {
        histories[place][year] = values[place][year].map { ClassScheme.index(of: $0, in: bounds) }
      }
    }
    self.histories = histories
    classCount = count
    labels = (1...count).map { index in
      index == 1 ? "1 (lowest)" : index == count ? "\(count) (highest)" : "\(index)"
    }
    yearCount = panel.years.count
    let gaps = values.joined().count { $0 == nil }
    notes = panel.notes + (gaps > 0 ? ["\(gaps) values are missing or withheld: their transitions are left out"] : [])
  }
}

extension MarkovChain {
  /// What cannot be told from these transitions.
  fileprivate func notes(_ labels: [String]) -> [String] {
    var notes: [String] = []
    let empty = (0..<classCount).filter { probabilities(from: $0) == nil }
    if !empty.isEmpty {
      notes.append("no transition starts in class \(empty.map { labels[$0] }.joined(separator: ", "))")
    }
    if closedSets.count > 1 {
      notes.append("no ergodic distribution: there are classes that are never left for the others")
    }
    return notes
  }
}

extension KernelValues {
  mutating func append(_ value: Double?) {
    values.append(value ?? 0)
    states.append(value == nil ? .missing : .known)
  }
}

/// Three digits for a note.
func shown(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return "\(value)" }
  if value == 0 || abs(value) >= 0.001 {
    let thousandths = (value * 1_000).rounded()
    return thousandths == (thousandths / 1_000).rounded() * 1_000
      ? "\(Int(thousandths / 1_000))" : "\(thousandths / 1_000)"
  }
  return "below 0.001"
}
