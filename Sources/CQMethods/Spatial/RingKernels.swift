import CQColumns

/// Kernels of what lies around places: rings, marked neighbours, catchments, segregation next door.
let ringKernels: [Kernel] = [
  Kernel(
    "correlogram", .table, operands: [.init("place", .text), .init("value")],
    options: [
      .init("step", .number(0...20_100)), .init("steps", .whole(1...500)), .init("cumulative", .truth),
      .init("permutations", .whole(0...99_999)), .init("seed", .whole(0...1e15)),
    ],
    columns: [
      .init("from_km"), .init("to_km"), .init("pairs", .count), .init("moran"), .init("expected"), .init("z"),
      .init("p"), .init("p_sim"),
    ], dropsGaps: false, workCells: { rows, _ in rows * rows }
  ) { input in
    var output = KernelOutput(columns: (0..<8).map { _ in KernelValues([]) })
    guard Set(input.rows).count == input.rows.count, let geometry = try input.geometry?() else {
      output.notes.append(Neighbourhood.missingNote(input))
      return output
    }
    let points = PlaceOutlines(input.rows, geometry).centroids
    let values = input.values("value")
    let used = points.indices.filter { points[$0] != nil && values[$0] != nil }
    if used.count < points.count {
      output.notes.append(
        "\(points.count - used.count) of \(points.count) places lack a number or an outline: left out")
    }
    let step = input.number("step", default: 100)
    let rings = try Correlogram.moran(
      used.map { values.values[$0] }, at: used.compactMap { points[$0] },
      bounds: (1...max(1, input.whole("steps", default: 10))).map { step * Double($0) },
      isCumulative: input.truth("cumulative"), permutations: input.whole("permutations"),
      seed: UInt64(max(0, input.whole("seed", default: 1))), checkpoint: input.checkpoint)
    for ring in rings {
      let random = ring.moran?.randomisation
      let numbers: [Double?] = [
        ring.from, ring.to, Double(ring.pairs), ring.moran?.i, ring.moran?.expected, random?.z, random?.p,
        ring.moran?.permutation?.p,
      ]
      for (column, number) in numbers.enumerated() { output.columns[column].append(number) }
    }
    let empty = rings.count { $0.pairs == 0 }
    if empty > 0 { output.notes.append("\(empty) rings hold no pair of places") }
    if used.count >= 4, rings.contains(where: { $0.pairs > 0 && $0.moran == nil }) {
      output.notes.append("missing: all values are equal")
    }
    if used.count < 4 { output.notes.append("missing: spatial statistics need at least 4 places") }
    return output
  },
  Kernel(
    "local_join_count", .map, operands: [.init("of")],
    options: Neighbourhood.options + [.init("permutations", .whole(0...99_999)), .init("seed", .whole(0...1e15))],
    columns: [.init("", .count), .init("p_sim")]
  ) { input in
    guard let neighbourhood = try Neighbourhood.of(input) else {
      let none = KernelOutput.column(input.rows.map { _ in nil })
      return KernelOutput(columns: [none, none], notes: [Neighbourhood.missingNote(input)])
    }
    let joins = try LocalJoinCounts(
      input.values("of").values.map { $0 != 0 }, weights: neighbourhood.weights,
      permutations: input.whole("permutations"), seed: UInt64(max(0, input.whole("seed", default: 1))),
      checkpoint: input.checkpoint)
    return KernelOutput(
      columns: [KernelValues(joins.counts), KernelOutput.column(joins.p)],
      notes: neighbourhood.notes
        + (joins.p.contains { $0 == nil } ? ["p_sim is of marked places with a marked neighbour only"] : []))
  },
  Kernel(
    "catchment_access", .map, operands: [.init("of"), .init("demand")],
    options: [
      .init("km", .number(0...20_100)), .init("decay", .text(Catchments.Decay.allCases.map(\.rawValue))),
    ], dropsGaps: false, workCells: { rows, _ in rows * rows }
  ) { input in
    guard let geometry = try input.geometry?() else {
      return KernelOutput(
        columns: [KernelOutput.column(input.rows.map { _ in nil })], notes: [Neighbourhood.missingNote(input)])
    }
    let points = PlaceOutlines(input.rows, geometry).centroids
    let (supply, demand) = (input.values("of"), input.values("demand"))
    // What is not there is no supply; a place whose people are not known can't be shared with.
    let used = points.indices.filter { points[$0] != nil && demand[$0].map { $0 >= 0 } ?? false }
    let distances = used.compactMap { points[$0] }.map { one in
      used.compactMap { points[$0] }.map { one.distance(to: $0) }
    }
    let access = Catchments.access(
      supply: used.map { max(0, supply[$0] ?? 0) }, demand: used.map { demand.values[$0] },
      distances: Matrix(rows: distances), radius: input.number("km", default: 50),
      decay: Catchments.Decay(rawValue: input.text("decay")) ?? .step)
    var column = input.rows.map { _ in nil as Double? }
    for (position, place) in used.enumerated() { column[place] = access[position] }
    var notes: [String] = []
    if used.count < points.count {
      notes.append("\(points.count - used.count) of \(points.count) places lack people or an outline: left out")
    }
    let hidden = used.count { supply.states[$0] == .withheld }
    if hidden > 0 { notes.append("\(hidden) withheld numbers of supply count as 0") }
    return KernelOutput(columns: [KernelOutput.column(column)], notes: notes)
  },
  Kernel(
    "spatial_segregation", .vector, operands: [.init("of", isPart: true), .init("total")],
    options: Neighbourhood.options
  ) { input in
    guard let neighbourhood = try Neighbourhood.of(input) else {
      return KernelOutput([], notes: [Neighbourhood.missingNote(input)])
    }
    let (group, total) = (input.values("of").values, input.values("total").values)
    let others = zip(total, group).map { $0 - $1 }
    guard group.allSatisfy({ $0 >= 0 }), others.allSatisfy({ $0 >= -1e-9 * (total.max() ?? 0) }) else {
      return KernelOutput(nil, notes: ["missing: the group must be a part of the total in every place"])
    }
    let found = Segregation.spatialDissimilarity(group, others.map { max(0, $0) }, weights: neighbourhood.weights)
    return KernelOutput(
      found, notes: neighbourhood.notes + (found == nil ? ["missing: the group or all others have nobody"] : []))
  },
  Kernel(
    "multigroup_segregation", .table,
    operands: [.init("place", .text), .init("group", .text), .init("value"), .init("year", .text, isOptional: true)],
    columns: [.init("", .members(of: "year")), .init("measure", .text), .init("value")], dropsGaps: false
  ) { input in
    let (places, groups) = (input.texts["place"] ?? [], input.texts["group"] ?? [])
    let years = input.texts["year"]
    let values = input.values("value")
    var order: [String] = []
    for year in years ?? places.map({ _ in "" }) where !order.contains(year) { order.append(year) }
    var output = KernelOutput(
      columns: [KernelValues([])], texts: (0..<(years == nil ? 1 : 2)).map { _ in [] })
    let names = MultigroupSegregation(Matrix(rows: [[1, 0], [0, 1]]))?.all.map(\.name) ?? []
    for year in order {
      try input.checkpoint()
      let rows = places.indices.filter { (years?[$0] ?? "") == year && $0 < values.count }
      let table = CrossTable(
        rows.map { places[$0] }, rows.map { groups[$0] },
        KernelValues(rows.map { values.values[$0] }, rows.map { values.states[$0] }))
      for note in table.notes where !output.notes.contains(note) { output.notes.append(note) }
      let found = MultigroupSegregation(table.matrix)
      if found == nil { output.notes.append("missing: needs two groups with members, and no negative number") }
      for (index, name) in names.enumerated() {
        if years != nil { output.texts[0].append(year) }
        output.texts[years == nil ? 0 : 1].append(name)
        output.columns[0].append(found?.all[index].value)
      }
    }
    return output
  },
]
