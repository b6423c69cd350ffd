/// Kernels of distance between the centres of places.
let distanceKernels: [Kernel] = [
  Kernel("distance", .map, operands: [.init("of")], options: [.init("with", .member)], dropsGaps: false) { input in
    let none = KernelOutput.column(input.rows.map { _ in nil })
    guard let geometry = try input.geometry?() else {
      return KernelOutput(columns: [none], notes: [Neighbourhood.missingNote(input)])
    }
    let points = PlaceOutlines(input.rows, geometry).centroids
    guard let place = input.position("with", in: input.rows), let centre = points[place] else {
      return KernelOutput(
        columns: [none], notes: ["the place to measure from is not in the base area, or has no outline"])
    }
    return KernelOutput(columns: [KernelOutput.column(points.map { $0.map { centre.distance(to: $0) } })])
  },
  Kernel(
    "market_potential", .map, operands: [.init("of")],
    options: [
      .init("decay", .number(-10...0)), .init("exponent", .number(0...10)), .init("self", .truth),
      .init("form", .text(["power", "exponential"])), .init("km", .number(0...20_100)),
    ]
  ) { input in
    let none = KernelOutput.column(input.rows.map { _ in nil })
    guard let geometry = try input.geometry?() else {
      return KernelOutput(columns: [none], notes: [Neighbourhood.missingNote(input)])
    }
    let outlines = PlaceOutlines(input.rows, geometry)
    let masses = input.values("of").values
    let decay: DistanceDecay =
      input.text("form") == "exponential"
      ? .exponential(input.number("decay")) : .power(input.number("decay", default: -1))
    let limit = input.number("km")
    let exponent = input.number("exponent", default: 1)
    var sums: [Double?] = []
    for (place, centre) in outlines.centroids.enumerated() {
      try input.checkpoint()
      guard let centre else {
        sums.append(nil)
        continue
      }
      var (used, distances) = ([Double](), [Double]())
      for (other, point) in outlines.centroids.enumerated() {
        guard let point, other != place || input.truth("self", default: true) else { continue }
        // The mean distance within a place, taken as a disc: half its radius is the usual choice (½ √(area / π)).
        let distance = other == place ? outlines.innerDistance(place, geometry) : centre.distance(to: point)
        if limit > 0, distance > limit { continue }
        used.append(masses[other])
        distances.append(distance)
      }
      sums.append(
        TradeAreas.potential(masses: used, distances: Matrix(rows: [distances]), exponent: exponent, decay: decay)[0])
    }
    let unknown = outlines.centroids.count { $0 == nil }
    let notes = unknown > 0 ? ["\(unknown) of \(input.rows.count) places have no outlines: left out"] : []
    return KernelOutput(columns: [KernelOutput.column(sums)], notes: notes)
  },
  Kernel(
    "distances", .table, operands: [.init("place", .text)],
    options: [.init("km", .number(0...20_100))],
    columns: [
      .init("from", .members(of: "place")), .init("to", .members(of: "place")), .init("km"),
    ], workCells: { rows, _ in rows * rows }
  ) { input in
    let names = input.texts["place"] ?? []
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []])
    guard let geometry = try input.geometry?() else {
      output.notes.append(Neighbourhood.missingNote(input))
      return output
    }
    let points = PlaceOutlines(input.rows, geometry).centroids
    let limit = input.number("km")
    for (first, from) in points.enumerated() where first < names.count {
      try input.checkpoint()
      for (second, to) in points.enumerated() where second != first && second < names.count {
        guard let from, let to else { continue }
        let distance = from.distance(to: to)
        if limit > 0, distance > limit { continue }
        output.texts[0].append(names[first])
        output.texts[1].append(names[second])
        output.columns[0].append(distance)
      }
    }
    let unknown = points.count { $0 == nil }
    if unknown > 0 { output.notes.append("\(unknown) of \(points.count) places have no outlines: left out") }
    return output
  },
  Kernel(
    "neighbour_pairs", .table, operands: [.init("place", .text)],
    options: Neighbourhood.options + [SpatialWeights.transformOption],
    columns: [
      .init("from", .members(of: "place")), .init("to", .members(of: "place")), .init("weight"),
    ], workCells: { rows, _ in rows * 8 }
  ) { input in
    let names = input.texts["place"] ?? []
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []])
    guard let neighbourhood = try Neighbourhood.of(input) else {
      output.notes.append(Neighbourhood.missingNote(input))
      return output
    }
    let weights = neighbourhood.weights.transformed(input.transform)
    for place in 0..<min(weights.count, names.count) {
      for entry in weights.row(place) {
        output.texts[0].append(names[place])
        output.texts[1].append(names[weights.neighbours[entry]])
        output.columns[0].append(weights.values[entry])
      }
    }
    output.notes += neighbourhood.notes
    return output
  },
]
