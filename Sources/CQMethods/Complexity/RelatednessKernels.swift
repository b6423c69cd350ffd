/// Kernels of the space of activities: how near they are to each other, and to what a place has.
let relatednessKernels: [Kernel] = [
  Kernel(
    "proximity", .activities, operands: ComplexitySample.operands,
    options: ComplexitySample.options + [
      .init("with", .member), .init("method", .text(ActivitySpace.names)), .init("diagonal", .number(0...1)),
    ],
    dropsGaps: false, workCells: { $0 * $1 + $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    guard let activity = input.position("with", in: input.columns) else {
      return sample.output(input.columns.map { _ in .nan }, ["the activity to compare with is not in the sample"])
    }
    let space = ActivitySpace.matrix(
      input.text("method", default: "min"), sample.presence, diagonal: sample.diagonal
    ) { sample.advantage }
    return sample.output((0..<space.columnCount).map { space[$0, activity] })
  },
  Kernel(
    "density", .cells, operands: ComplexitySample.operands, options: ComplexitySample.spaceOptions, dropsGaps: false,
    workCells: { $0 * $1 + $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    let density = sample.density(in: sample.space()).elements
    return sample.output(sample.preset?.isInPercent == true ? density.map { 100 * $0 } : density)
  },
  Kernel(
    "relative_density", .cells, operands: ComplexitySample.operands, options: ComplexitySample.spaceOptions,
    dropsGaps: false, workCells: { $0 * $1 + $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    return sample.output(
      relativeDensity(sample.density(in: sample.space()), presence: sample.presence, ddof: sample.ddof))
  },
  Kernel(
    "coi", .places, operands: ComplexitySample.operands, options: ComplexitySample.outlookOptions, dropsGaps: false,
    workCells: { 2 * $0 * $1 + 2 * $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    let (outlook, notes) = try outlook(sample)
    let index = sample.preset?.isGrowthLab == true ? standardScores(outlook.index, ddof: 0) : outlook.index
    return sample.output(index, notes)
  },
  Kernel(
    "cog", .cells, operands: ComplexitySample.operands, options: ComplexitySample.outlookOptions, dropsGaps: false,
    workCells: { 2 * $0 * $1 + 2 * $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    let (outlook, notes) = try outlook(sample)
    return sample.output(outlook.gain, notes)
  },
  Kernel(
    "opportunity_gain", .cells, operands: ComplexitySample.operands, options: ComplexitySample.outlookOptions,
    dropsGaps: false, workCells: { 2 * $0 * $1 + 2 * $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    let scores = try ComplexityScores(sample)
    // The measure is defined with 0 as the proximity of an activity to itself.
    let space = ActivitySpace.matrix(
      input.text("space", default: "min"), sample.presence, diagonal: input.number("diagonal")
    ) { sample.advantage }
    let gain = opportunityGain(
      presence: sample.presence, proximity: space, density: sample.density(in: space), complexity: scores.worth)
    return sample.output(gain, scores.notes)
  },
  Kernel(
    "opportunity_score", .cells, operands: ComplexitySample.operands,
    options: ComplexitySample.outlookOptions + [
      .init("density_weight", .number(0...1e6)), .init("complexity_weight", .number(0...1e6)),
      .init("gain_weight", .number(0...1e6)),
    ],
    dropsGaps: false, workCells: { 3 * $0 * $1 + 2 * $1 * $1 }
  ) { input in
    let sample = ComplexitySample(input)
    let scores = try ComplexityScores(sample)
    let space = sample.space()
    let density = sample.density(in: space)
    let outlook = Outlook(presence: sample.presence, proximity: space, density: density, complexity: scores.worth)
    let weights = (
      density: input.number("density_weight", default: 1), complexity: input.number("complexity_weight", default: 1),
      gain: input.number("gain_weight", default: 1)
    )
    guard weights.density + weights.complexity + weights.gain > 0 else {
      return sample.output(sample.amounts.elements.map { _ in .nan }, ["the weights are all 0"])
    }
    return sample.output(
      diversificationScores(
        presence: sample.presence, density: density, complexity: scores.activities, gain: outlook.gain, weights: weights
      ),
      scores.notes)
  },
]

private func outlook(_ sample: ComplexitySample) throws -> (Outlook, [String]) {
  let scores = try ComplexityScores(sample)
  let space = sample.space()
  return (
    Outlook(
      presence: sample.presence, proximity: space, density: sample.density(in: space), complexity: scores.worth),
    scores.notes
  )
}
