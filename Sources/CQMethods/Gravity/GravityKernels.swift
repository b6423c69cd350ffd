/// Verbs of trade areas and flows.
let gravityKernels: [Kernel] = [
  Kernel(
    "huff", .table,
    operands: [
      .init("origin", .text), .init("destination", .text), .init("attraction"), .init("distance"),
      .init("demand", isOptional: true),
    ],
    options: [
      .init("exponent", .number(0...10)), .init("decay", .number(-10...0)),
      .init("form", .text(["power", "exponential", "logistic"])), .init("least", .number(0...20_100)),
      .init("middle", .number(0...1e9)),
    ],
    columns: [
      .init("origin", .members(of: "origin")), .init("destination", .members(of: "destination")),
      .init("probability", .percent), .init("customers"),
    ]
  ) { input in
    let gaps = input.gaps(["attraction", "distance"])
    let (origins, destinations) = (input.texts["origin"] ?? [], input.texts["destination"] ?? [])
    let rate = input.number("decay", default: -2)
    let decay: DistanceDecay =
      switch input.text("form") {
      case "exponential": .exponential(rate)
      case "logistic": .logistic(rate, middle: input.number("middle"))
      default: .power(rate)
      }
    var rowsOfOrigin: [String: [Int]] = [:]
    for row in gaps.kept { rowsOfOrigin[origins[row], default: []].append(row) }
    var (parts, undefined) = ([Int: Double](), 0)
    for rows in rowsOfOrigin.values {
      let attraction = rows.map { max(0, input.values("attraction").values[$0]) }
      let distances = Matrix(rows: [rows.map { max(0, input.values("distance").values[$0]) }])
      let shares = TradeAreas.huff(
        attraction: attraction, distances: distances, exponent: input.number("exponent", default: 1), decay: decay,
        leastDistance: input.number("least"))[0]
      guard let shares else {
        undefined += 1
        continue
      }
      for (row, share) in zip(rows, shares) { parts[row] = share }
    }
    var output = KernelOutput(columns: [KernelValues([]), KernelValues([])], texts: [[], []], notes: gaps.notes)
    for row in gaps.kept {
      output.texts[0].append(origins[row])
      output.texts[1].append(destinations[row])
      output.columns[0].append(parts[row])
      let demand = input.has("demand") ? input.values("demand")[row] : nil
      output.columns[1].append(parts[row].flatMap { part in demand.map { $0 * part } })
    }
    if undefined > 0 {
      output.notes.append(
        "\(undefined) origins have no shares: nothing attracts, or a distance is 0 (least: says what counts instead)")
    }
    return output
  },
  Kernel(
    "gravity", .table,
    operands: [.init("flow"), .init("origin_mass"), .init("destination_mass"), .init("distance")],
    options: [.init("method", .text(["ppml", "ols"]))],
    columns: [.init("term", .text), .init("estimate"), .init("se"), .init("t"), .init("p")]
  ) { input in
    let gaps = input.gaps(["flow", "origin_mass", "destination_mass", "distance"])
    let column = { (name: String) in gaps.kept.map { input.values(name).values[$0] } }
    let (flow, origin, destination, distance) = (
      column("flow"), column("origin_mass"), column("destination_mass"), column("distance")
    )
    let flows = flow.indices.map { row in
      GravityModel.Flow(
        flow: flow[row], origin: origin[row], destination: destination[row], distance: distance[row])
    }
    let terms = ["constant", "ln origin_mass", "ln destination_mass", "ln distance"]
    if input.text("method", default: "ppml") == "ols" {
      guard let (fit, omitted) = GravityModel.leastSquares(flows) else { return noGravity(gaps.notes) }
      return KernelOutput(
        columns: [
          KernelOutput.column(fit.coefficients), KernelOutput.column(fit.standardErrors),
          KernelOutput.column((0..<4).map(fit.tValue)), KernelOutput.column((0..<4).map(fit.pValue)),
        ], texts: [terms],
        notes: gaps.notes + ["R² = \(shown(fit.rSquared)), \(fit.residuals.count) flows"]
          + (omitted > 0
            ? [
              "\(omitted) flows that are 0 or lack a mass or a distance above 0 are left out (method:ppml keeps zeros)"
            ] : []))
    }
    guard let fit = GravityModel.poisson(flows) else { return noGravity(gaps.notes) }
    let z = (0..<4).map(fit.zValue)
    return KernelOutput(
      columns: [
        KernelOutput.column(fit.coefficients), KernelOutput.column(fit.standardErrors), KernelOutput.column(z),
        KernelOutput.column(z.map { $0.map(Distribution.normalTwoSided) }),
      ], texts: [terms],
      notes: gaps.notes + [
        "pseudo-R² = \(shown(fit.pseudoRSquared)), \(flows.count - fit.omittedCount) flows, robust standard errors"
      ]
        + (fit.omittedCount > 0 ? ["\(fit.omittedCount) flows without masses and a distance above 0 are left out"] : [])
    )
  },
  Kernel(
    "doubly_constrained", .table,
    operands: [
      .init("origin", .text), .init("destination", .text), .init("sent"), .init("received"), .init("distance"),
    ],
    options: [.init("decay", .number(-10...0)), .init("form", .text(["power", "exponential"]))],
    columns: [
      .init("origin", .members(of: "origin")), .init("destination", .members(of: "destination")), .init("flow"),
    ]
  ) { input in
    let gaps = input.gaps(["sent", "received", "distance"])
    let (origins, destinations) = (input.texts["origin"] ?? [], input.texts["destination"] ?? [])
    func positions(_ names: [String]) -> (names: [String], position: [String: Int]) {
      var (list, position) = ([String](), [String: Int]())
      for row in gaps.kept where position[names[row]] == nil {
        position[names[row]] = list.count
        list.append(names[row])
      }
      return (list, position)
    }
    let (from, to) = (positions(origins), positions(destinations))
    var impedance = Matrix(rowCount: from.names.count, columnCount: to.names.count)
    var (sent, received) = (
      [Double](repeating: 0, count: from.names.count), [Double](repeating: 0, count: to.names.count)
    )
    let decay: DistanceDecay =
      input.text("form") == "exponential"
      ? .exponential(input.number("decay")) : .power(input.number("decay", default: -1))
    for row in gaps.kept {
      guard let origin = from.position[origins[row]], let destination = to.position[destinations[row]] else { continue }
      impedance[origin, destination] = decay.factor(input.values("distance").values[row]) ?? 0
      sent[origin] = input.values("sent").values[row]
      received[destination] = input.values("received").values[row]
    }
    let result = GravityModel.doublyConstrained(origins: sent, destinations: received, impedance: impedance)
    var output = KernelOutput(columns: [KernelValues([])], texts: [[], []], notes: gaps.notes)
    output.notes.append(
      result.map { "balanced in \($0.iterations) rounds" }
        ?? "missing: what is sent and what is received differ in total, or distances of 0 make the totals impossible")
    for origin in from.names.indices {
      for destination in to.names.indices {
        output.texts[0].append(from.names[origin])
        output.texts[1].append(to.names[destination])
        output.columns[0].append(result.map { $0.flows[origin, destination] })
      }
    }
    return output
  },
]

private func noGravity(_ notes: [String]) -> KernelOutput {
  KernelOutput(
    columns: [KernelValues([]), KernelValues([]), KernelValues([]), KernelValues([])], texts: [[]],
    notes: notes + ["no estimate: too few flows, or a mass or distance is the same everywhere"])
}
