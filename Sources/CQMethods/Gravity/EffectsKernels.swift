#if canImport(Glibc)
  import Glibc
#endif

/// Gravity with effects of places.
let gravityEffectsKernels: [Kernel] = [
  Kernel(
    "gravity_effects", .table,
    operands: [
      .init("flow"), .init("origin", .text), .init("destination", .text), .init("distance"),
      .init("control", isOptional: true), .init("mass", isOptional: true),
    ],
    options: [.init("effects", .text(["both", "origin", "destination"]))],
    columns: [.init("term", .text), .init("estimate"), .init("se"), .init("z"), .init("p")], dropsGaps: false
  ) { input in
    let given = input.gaps(["flow", "distance", "control", "mass"])
    let positive = { (name: String, row: Int) in !input.has(name) || input.values(name).values[row] > 0 }
    let kept = given.kept.filter {
      input.values("flow").values[$0] >= 0 && positive("distance", $0) && positive("mass", $0)
    }
    var notes = given.notes
    if kept.count < given.kept.count {
      notes.append(
        "\(given.kept.count - kept.count) flows that are negative or lack a distance or mass above 0 are left out")
    }
    var terms = ["ln distance"]
    if input.has("mass") { terms.append("ln mass") }
    if input.has("control") { terms.append("control") }
    let rows = kept.map { row in
      [log(input.values("distance").values[row])]
        + (input.has("mass") ? [log(input.values("mass").values[row])] : [])
        + (input.has("control") ? [input.values("control").values[row]] : [])
    }
    let chosen = input.text("effects", default: "both")
    let kinds = [("origin", "destination"), ("destination", "origin")].filter { $0.1 != chosen }.map(\.0)
    let effects = kinds.map { kind in
      var numbers: [String: Int] = [:]
      return kept.map { row -> Int in
        let name = input.texts[kind]?[row] ?? ""
        let number = numbers[name] ?? numbers.count
        numbers[name] = number
        return number
      }
    }
    let flows = kept.map { input.values("flow").values[$0] }
    guard !rows.isEmpty,
      let fit = try FixedEffectsGravity(
        flows, effects: effects, regressors: Matrix(rows: rows), checkpoint: input.checkpoint)
    else {
      return KernelOutput(
        columns: (0..<4).map { _ in KernelValues([]) }, texts: [[]],
        notes: notes + ["no estimate: too few flows, or a term is the same but for the effects"])
    }
    let z = terms.indices.map(fit.zValue)
    let left = kept.count - fit.used.count
    notes.append(
      "\(fit.used.count) flows, effects of \(kinds.joined(separator: "s and "))s (\(fit.effectCount)), robust standard errors"
    )
    if left > 0 { notes.append("\(left) flows of places that send or receive nothing are left out") }
    return KernelOutput(
      columns: [
        KernelOutput.column(fit.coefficients), KernelOutput.column(fit.standardErrors), KernelOutput.column(z),
        KernelOutput.column(z.map { $0.map(Distribution.normalTwoSided) }),
      ], texts: [terms], notes: notes)
  }
]
