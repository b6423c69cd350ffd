import CQColumns

/// Kernels of complexity: one number for each place, or for each activity.
let complexityKernels: [Kernel] = [
  Kernel(
    "eci", .places, operands: ComplexitySample.operands + [.init("pci", .column, isOptional: true)],
    options: ComplexitySample.indexOptions, dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    if input.has("pci") {
      let levels = input.numbers("pci", count: input.columns.count)
      let unknown = levels.count { $0.isNaN }
      return sample.output(
        externalComplexity(of: sample.presence, complexity: levels),
        unknown > 0 ? ["\(unknown) of \(levels.count) activities have no complexity to take the mean of"] : [])
    }
    let scores = try ComplexityScores(sample)
    return sample.output(scores.places, scores.notes)
  },
  Kernel(
    "pci", .activities, operands: ComplexitySample.operands, options: ComplexitySample.indexOptions, dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    let scores = try ComplexityScores(sample)
    return sample.output(scores.activities, scores.notes)
  },
  Kernel(
    "diversity", .places, operands: ComplexitySample.operands, options: ComplexitySample.options,
    columns: [.init("", .count)], dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    return sample.output(sample.presence.diversity.map(Double.init))
  },
  Kernel(
    "ubiquity", .activities, operands: ComplexitySample.operands, options: ComplexitySample.options,
    columns: [.init("", .count)], dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    return sample.output(sample.presence.ubiquity.map(Double.init))
  },
  Kernel(
    "mean_ubiquity", .places, operands: ComplexitySample.operands, options: ComplexitySample.options, dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    return sample.output(sample.presence.means(of: sample.presence.ubiquity.map(Double.init)))
  },
  Kernel(
    "mean_diversity", .activities, operands: ComplexitySample.operands, options: ComplexitySample.options,
    dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    return sample.output(sample.presence.transposed.means(of: sample.presence.diversity.map(Double.init)))
  },
  Kernel(
    "presence", .cells, operands: ComplexitySample.operands, options: ComplexitySample.options,
    columns: [.init("", .count)], dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    let presence = sample.presence
    var result = sample.amounts
    for row in 0..<presence.rowCount {
      for column in 0..<presence.columnCount where !result[row, column].isNaN {
        result[row, column] = presence[row: row, column: column] ? 1 : 0
      }
    }
    // What is not in the data is absent; what is withheld is not known.
    for index in result.elements.indices where input.values("of").states[index] == .missing {
      result.elements[index] = 0
    }
    return sample.output(result)
  },
  Kernel(
    "prody", .activities, operands: [.init("of"), .init("income", .row)], options: [.init("present", .truth)],
    columns: [.init("", .likeOperand)], dropsGaps: false
  ) { input in
    let (levels, notes) = activityLevels(input)
    return KernelOutput(columns: [KernelValues(levels)], notes: notes)
  },
  Kernel(
    "expy", .places, operands: [.init("of"), .init("income", .row)], options: [.init("present", .truth)],
    dropsGaps: false
  ) { input in
    let (levels, notes) = activityLevels(input)
    let sample = ComplexitySample(input)
    return KernelOutput(
      columns: [KernelValues(AttributeLevels.ofPlaces(shares: sample.amounts.rowShares, levels: levels))],
      notes: notes)
  },
  Kernel(
    "rca_similarity", .places, operands: [.init("of")],
    options: [.init("with", .member), .init("offset", .number(0...1e6))], dropsGaps: false
  ) { input in
    let sample = ComplexitySample(input)
    guard let place = input.position("with", in: input.rows) else {
      return sample.output(input.rows.map { _ in .nan }, ["the place to compare with is not in the base area"])
    }
    let offset = input.number("offset", default: 0.1)
    return sample.output(similarity(to: place, in: sample.amounts, method: .correlation, offset: offset))
  },
]

/// PRODY of each activity, and what was left out.
private func activityLevels(_ input: KernelInput) -> (levels: [Double], notes: [String]) {
  let sample = ComplexitySample(input)
  let income = input.numbers("income", count: input.rows.count)
  let unknown = income.count { $0.isNaN }
  let levels = AttributeLevels.ofActivities(
    shares: sample.amounts.rowShares, attribute: income,
    presence: input.truth("present") ? sample.amounts.presence() : nil)
  let notes = unknown > 0 ? ["\(unknown) of \(income.count) places without a number to average are left out"] : []
  return (levels, sample.notes + notes)
}
