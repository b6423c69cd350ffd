import CQColumns

/// Verbs over tables of points.
let pointPatternKernels: [Kernel] = [
  Kernel(
    "duranton_overman", .table,
    operands: [.init("x"), .init("y"), .init("kind", .text), .init("weight", isOptional: true)],
    options: [
      .init("type", .text([])), .init("to", .number(0...1e9)), .init("steps", .whole(1...500)),
      .init("simulations", .whole(0...10_000)), .init("seed", .whole(0...1e9)),
    ],
    columns: [
      .init("distance"), .init("density"), .init("low"), .init("high"), .init("global_low"), .init("global_high"),
      .init("localisation"), .init("dispersion"),
    ], dropsGaps: false
  ) { input in
    let (points, notes) = points(input)
    let type = input.text("type")
    let members = points.kinds.indices.filter { points.kinds[$0] == type }
    let radii = radii(input)
    let isWeighted = input.has("weight")
    guard
      let found = try points.durantonOverman(
        members, radii: radii, isWeighted: isWeighted, checkpoint: input.checkpoint)
    else {
      return KernelOutput(
        columns: (0..<8).map { _ in KernelValues([]) }, notes: notes + ["fewer than three points of type \"\(type)\""])
    }
    // The sites of all points are where a plant could have been.
    var draws: [[Double]] = []
    var generator = SeededGenerator(seed: input.whole("seed", default: 1))
    for _ in 0..<input.whole("simulations") {
      var sites = Array(points.kinds.indices)
      generator.shuffle(&sites)
      var drawn = points
      for (position, member) in members.enumerated() {
        drawn.x[member] = points.x[sites[position]]
        drawn.y[member] = points.y[sites[position]]
      }
      if let density = try drawn.durantonOverman(
        members, radii: radii, isWeighted: isWeighted, checkpoint: input.checkpoint)
      {
        draws.append(density)
      }
    }
    let band = SimulatedBand(draws, count: radii.count)
    let excess = zip(found, band.globalHigh).map { density, bound in bound.map { max(0, density - $0) } }
    // What is localised at some distance is not called dispersed at any: densities add up to 1.
    let isLocalised = excess.contains { ($0 ?? 0) > 0 }
    let lack = zip(found, band.globalLow).map { density, bound in bound.map { isLocalised ? 0 : max(0, $0 - density) } }
    return KernelOutput(
      columns: [
        KernelValues(radii), KernelValues(found), KernelOutput.column(band.low), KernelOutput.column(band.high),
        KernelOutput.column(band.globalLow), KernelOutput.column(band.globalHigh), KernelOutput.column(excess),
        KernelOutput.column(lack),
      ],
      notes: notes + [
        "low and high hold 90% of the draws at each distance; 5% of the draws leave the global band on either side at some distance"
      ])
  },
  Kernel(
    "m_function", .table,
    operands: [.init("x"), .init("y"), .init("kind", .text), .init("weight", isOptional: true)],
    options: [
      .init("type", .text([])), .init("neighbours", .text([])), .init("to", .number(0...1e9)),
      .init("steps", .whole(1...500)), .init("simulations", .whole(0...10_000)), .init("seed", .whole(0...1e9)),
    ],
    columns: [
      .init("distance"), .init("m"), .init("low"), .init("high"), .init("global_low"), .init("global_high"),
    ], dropsGaps: false
  ) { input in
    let (points, notes) = points(input)
    let radii = radii(input)
    let type = input.text("type")
    let neighbours = input.text("neighbours").isEmpty ? type : input.text("neighbours")
    var values: [Double?] = []
    for radius in radii {
      values.append(points.marconPuech(type, with: neighbours, radius: radius))
      try input.checkpoint()
    }
    // Chance exchanges the kinds of the points, which keep their weights.
    var draws: [[Double]] = []
    var generator = SeededGenerator(seed: input.whole("seed", default: 1))
    let absent = absent([type, neighbours], points.kinds, "point")
    for _ in 0..<(absent.isEmpty ? input.whole("simulations") : 0) {
      var drawn = points
      generator.shuffle(&drawn.kinds)
      let curve = try radii.map { radius in
        try input.checkpoint()
        return drawn.marconPuech(type, with: neighbours, radius: radius) ?? 1
      }
      draws.append(curve)
    }
    return KernelOutput(columns: [KernelValues(radii)] + banded(values, draws), notes: notes + absent)
  },
  Kernel(
    "ripley", .table, operands: [.init("x"), .init("y")],
    options: [
      .init("area", .number(0...1e18)), .init("to", .number(0...1e9)), .init("steps", .whole(1...500)),
      .init("simulations", .whole(0...10_000)), .init("seed", .whole(0...1e9)),
    ],
    columns: [
      .init("distance"), .init("k"), .init("l"), .init("low"), .init("high"), .init("global_low"), .init("global_high"),
    ], dropsGaps: false
  ) { input in
    let (points, notes) = points(input)
    let (radii, area) = (radii(input), input.number("area"))
    let all = Array(points.x.indices)
    func l(_ k: Double) -> Double { (k / Double.pi).squareRoot() }
    let found = try points.ripleyCurve(all, radii: radii, area: area, checkpoint: input.checkpoint)
    var draws: [[Double]] = []
    var generator = SeededGenerator(seed: input.whole("seed", default: 1))
    for _ in 0..<(found == nil ? 0 : input.whole("simulations")) {
      guard let drawn = points.uniform(area: area, using: &generator),
        let curve = try drawn.ripleyCurve(all, radii: radii, area: area, checkpoint: input.checkpoint)
      else { break }
      draws.append(curve.map(l))
    }
    let band = SimulatedBand(draws, count: radii.count)
    return KernelOutput(
      columns: [
        KernelValues(radii), KernelOutput.column(radii.indices.map { found?[$0] }),
        KernelOutput.column(radii.indices.map { (found?[$0]).map(l) }), KernelOutput.column(band.low),
        KernelOutput.column(band.high), KernelOutput.column(band.globalLow), KernelOutput.column(band.globalHigh),
      ],
      notes: notes + (found == nil ? ["missing: there are no points, or no area"] : [])
        + (found != nil && draws.isEmpty && input.whole("simulations") > 0
          ? ["no bands: the points lie on a line, so there is no rectangle to draw from"] : []))
  },
  Kernel(
    "d_function", .table, operands: [.init("x"), .init("y"), .init("kind", .text)],
    options: [
      .init("type", .text([])), .init("controls", .text([])), .init("area", .number(0...1e18)),
      .init("to", .number(0...1e9)), .init("steps", .whole(1...500)), .init("simulations", .whole(0...10_000)),
      .init("seed", .whole(0...1e9)),
    ],
    columns: [
      .init("distance"), .init("d"), .init("low"), .init("high"), .init("global_low"), .init("global_high"),
    ], dropsGaps: false
  ) { input in
    let (points, notes) = points(input)
    let (radii, area, type) = (radii(input), input.number("area"), input.text("type"))
    let wanted = input.text("controls")
    let cases = points.kinds.indices.filter { points.kinds[$0] == type }
    let controls = points.kinds.indices.filter {
      wanted.isEmpty ? points.kinds[$0] != type : points.kinds[$0] == wanted && wanted != type
    }
    let found = try points.diggleChetwynd(
      cases, controls: controls, radii: radii, area: area, checkpoint: input.checkpoint)
    // Chance exchanges cases and controls.
    var draws: [[Double]] = []
    var generator = SeededGenerator(seed: input.whole("seed", default: 1))
    var pool = cases + controls
    for _ in 0..<(found == nil ? 0 : input.whole("simulations")) {
      generator.shuffle(&pool)
      if let curve = try points.diggleChetwynd(
        Array(pool.prefix(cases.count)), controls: Array(pool.dropFirst(cases.count)), radii: radii, area: area,
        checkpoint: input.checkpoint)
      {
        draws.append(curve)
      }
    }
    return KernelOutput(
      columns: [KernelValues(radii)] + banded(radii.indices.map { found?[$0] }, draws),
      notes: notes
        + (found == nil ? ["missing: there is no area, or no point of type \"\(type)\" or of its controls"] : []))
  },
  Kernel(
    "m_density", .table,
    operands: [.init("x"), .init("y"), .init("kind", .text), .init("weight", isOptional: true)],
    options: [
      .init("type", .text([])), .init("neighbours", .text([])), .init("to", .number(0...1e9)),
      .init("steps", .whole(1...500)), .init("bandwidth", .number(0...1e9)), .init("simulations", .whole(0...10_000)),
      .init("seed", .whole(0...1e9)),
    ],
    columns: [
      .init("distance"), .init("m"), .init("low"), .init("high"), .init("global_low"), .init("global_high"),
    ], dropsGaps: false
  ) { input in
    let (points, notes) = points(input)
    let (radii, type) = (radii(input), input.text("type"))
    let neighbours = input.text("neighbours").isEmpty ? type : input.text("neighbours")
    let given = input.number("bandwidth")
    guard let bandwidth = given > 0 ? given : points.bandwidth(of: type) else {
      return KernelOutput(
        columns: [KernelValues(radii)] + (0..<5).map { _ in KernelOutput.column(radii.map { _ in nil }) },
        notes: notes + ["missing: no point of type \"\(type)\", or all points are equally far from each other"])
    }
    let found = try points.langMarconPuech(
      type, with: neighbours, radii: radii, bandwidth: bandwidth, checkpoint: input.checkpoint)
    var draws: [[Double]] = []
    var generator = SeededGenerator(seed: input.whole("seed", default: 1))
    let absent = absent([type, neighbours], points.kinds, "point")
    for _ in 0..<(absent.isEmpty ? input.whole("simulations") : 0) {
      var drawn = points
      generator.shuffle(&drawn.kinds)
      draws.append(
        try drawn.langMarconPuech(
          type, with: neighbours, radii: radii, bandwidth: bandwidth, checkpoint: input.checkpoint
        ).map { $0 ?? 1 })
    }
    return KernelOutput(
      columns: [KernelValues(radii)] + banded(found, draws),
      notes: notes + ["the bandwidth is \(shown(bandwidth))"] + absent)
  },
  Kernel(
    "colocation", .table, operands: [.init("kind", .text), .init("place", .text)],
    options: [
      .init("a", .text([])), .init("b", .text([])), .init("simulations", .whole(0...100_000)),
      .init("seed", .whole(0...1e9)),
    ],
    columns: [.init("colocation"), .init("excess"), .init("p")]
  ) { input in
    let (kinds, places) = (input.texts["kind"] ?? [], input.texts["place"] ?? [])
    let (one, other) = (input.text("a"), input.text("b"))
    let found = PointPattern.colocation(kinds, places, one, other)
    let excess = try PointPattern.excessColocation(
      kinds, places, one, other, draws: input.whole("simulations"), seed: input.whole("seed", default: 1),
      checkpoint: input.checkpoint)
    return KernelOutput([found, excess?.excess, excess?.p], notes: absent([one, other], kinds, "establishment"))
  },
  Kernel(
    "colocation_quotients", .table, operands: [.init("x"), .init("y"), .init("kind", .text)],
    columns: [.init("", .members(of: "kind")), .init("with", .members(of: "kind")), .init("quotient")],
    dropsGaps: false
  ) { input in
    let (points, notes) = points(input)
    var seen: Set<String> = []
    let kinds = points.kinds.filter { seen.insert($0).inserted }
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []], notes: notes)
    for kind in kinds {
      for other in kinds {
        let value = points.colocationQuotient(kind, other)
        output.texts[0].append(kind)
        output.texts[1].append(other)
        output.columns[0].values.append(value ?? 0)
        output.columns[0].states.append(value == nil ? .missing : .known)
        try input.checkpoint()
      }
    }
    return output
  },
]

/// The points of a table; rows without coordinates or a weight are left out.
private func points(_ input: KernelInput) -> (PointPattern, [String]) {
  let (x, y, weight) = (input.values("x"), input.values("y"), input.values("weight"))
  let kinds = input.texts["kind"] ?? [String](repeating: "", count: x.count)
  let kept = (0..<min(x.count, min(y.count, kinds.count))).filter { row in
    x[row] != nil && y[row] != nil && (!input.has("weight") || (weight[row] ?? -1) >= 0)
  }
  let pattern = PointPattern(
    x: kept.map { x.values[$0] }, y: kept.map { y.values[$0] },
    weights: input.has("weight") ? kept.map { weight.values[$0] } : nil, kinds: kept.map { kinds[$0] })
  let left = x.count - kept.count
  return (pattern, left > 0 ? ["\(left) rows without coordinates or a weight are left out"] : [])
}

/// A sentence for each of `wanted` that none of `kinds` is.
private func absent(_ wanted: [String], _ kinds: [String], _ noun: String) -> [String] {
  let known = Set(kinds)
  let list = known.sorted().prefix(8).map { "\"\($0)\"" }.joined(separator: ", ")
  return Set(wanted).subtracting(known).sorted().map {
    "missing: no \(noun) is of the kind \"\($0)\", but of \(list)\(known.count > 8 ? " …" : "")"
  }
}

/// A curve and its four bands, which are nowhere where the curve is not.
private func banded(_ curve: [Double?], _ draws: [[Double]]) -> [KernelValues] {
  let band = SimulatedBand(draws, count: curve.count)
  return [KernelOutput.column(curve)]
    + [band.low, band.high, band.globalLow, band.globalHigh].map { side in
      KernelOutput.column(zip(curve, side).map { $0 == nil ? nil : $1 })
    }
}

/// `steps` distances, equally spaced up to `to`.
private func radii(_ input: KernelInput) -> [Double] {
  let steps = max(1, input.whole("steps", default: 10))
  return (1...steps).map { input.number("to", default: 1) * Double($0) / Double(steps) }
}
