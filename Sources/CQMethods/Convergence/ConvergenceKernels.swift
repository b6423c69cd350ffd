/// Kernels of convergence among the members of `over:` from one year to another.
let convergenceKernels: [Kernel] = [
  Kernel(
    "sigma_convergence", .vector, operands: [.init("start"), .init("end")],
    options: [.init("measure", .text(["log", "variation"]))],
    columns: [.init(), .init("start"), .init("end"), .init("f"), .init("p")]
  ) { input in
    guard
      let sigma = SigmaConvergence(
        start: input.values("start").values, end: input.values("end").values,
        measure: input.text("measure") == "variation" ? .variation : .logDeviation)
    else { return KernelOutput([], notes: ["missing: a value is not above 0, or there are fewer than two places"]) }
    return KernelOutput([sigma.ratio, sigma.start, sigma.end, sigma.fValue, sigma.pValue])
  },
  Kernel(
    "beta_convergence", .vector,
    operands: [
      .init("start"), .init("end"), .init("years"), .init("control", isOptional: true),
      .init("control2", isOptional: true), .init("control3", isOptional: true),
    ],
    columns: [
      .init(), .init("se"), .init("t"), .init("p"), .init("alpha"), .init("r2"), .init("speed", .percent),
      .init("half_life"), .init("places", .count, isExact: true),
    ]
  ) { input in
    let controls = ["control", "control2", "control3"].filter(input.has).map { input.values($0).values }
    guard
      let beta = BetaConvergence(
        start: input.values("start").values, end: input.values("end").values,
        years: input.values("years").values.first ?? 0, controls: controls)
    else {
      return KernelOutput([], notes: ["missing: too few places with values above 0, or a control repeats another one"])
    }
    var notes: [String] = []
    if beta.omittedCount > 0 { notes.append("\(beta.omittedCount) places without a value above 0 are left out") }
    if beta.speed == nil { notes.append("no speed of convergence: places drift apart (beta is not below 0)") }
    let regression = beta.regression
    return KernelOutput(
      [
        beta.beta, regression.standardErrors[1], regression.tValue(1), regression.pValue(1), beta.alpha,
        regression.rSquared, beta.speed, beta.halfLife, Double(regression.residuals.count),
      ], notes: notes)
  },
  Kernel(
    "rank_mobility", .vector, operands: [.init("start"), .init("end")],
    options: [.init("group", .text(["state", "country"]))],
    columns: [.init(), .init("p"), .init("gamma"), .init("theta")]
  ) { input in
    let (start, end) = (input.values("start").values, input.values("end").values)
    guard let tau = Order.kendallTau(start, end) else {
      return KernelOutput([], notes: ["missing: there are fewer than two places, or all values of a year are equal"])
    }
    var numbers: [String: Int] = [:]
    let groups = input.rows.map { row -> Int in
      let group = input.text("group") == "country" ? row.country : row.country + row.stateCode
      let number = numbers[group, default: numbers.count]
      numbers[group] = number
      return number
    }
    return KernelOutput([
      tau.tau, tau.p, GammaConvergence.index(start: start, end: end),
      RankMobility.theta(start: start, end: end, groups: groups),
    ])
  },
  Kernel(
    "trend", .vector, operands: [.init("of"), .init("on")],
    columns: [.init(), .init("intercept"), .init("se"), .init("t"), .init("p"), .init("r2")]
  ) { input in
    let x = input.values("on").values
    guard let fit = LeastSquares(input.values("of").values, on: Matrix(rows: x.map { [1, $0] })) else {
      return KernelOutput([], notes: ["missing: a trend needs at least three different points"])
    }
    return KernelOutput([
      fit.coefficients[1], fit.coefficients[0], fit.standardErrors[1], fit.tValue(1), fit.pValue(1), fit.rSquared,
    ])
  },
  Kernel(
    "concordance", .table, operands: [.init("place", .text), .init("year", .text), .init("value")],
    columns: [
      .init("w"), .init("chi2"), .init("p"), .init("places", .count, isExact: true),
      .init("years", .count, isExact: true),
    ]
  ) { input in
    let panel = Panel(input)
    let complete = panel.values.indices.filter { panel.values[$0].allSatisfy { $0 != nil } }
    var notes = panel.notes
    if complete.count < panel.values.count {
      notes.append("\(panel.values.count - complete.count) places without a value in every year are left out")
    }
    let columns = panel.years.indices.map { year in complete.compactMap { panel.values[$0][year] } }
    let result = GammaConvergence.concordance(columns)
    return KernelOutput(
      [result?.w, result?.chiSquare, result?.p, Double(complete.count), Double(panel.years.count)], notes: notes)
  },
  Kernel(
    "convergence_clubs", .table, operands: [.init("place", .text), .init("year", .text), .init("value")],
    options: [.init("skipped", .number(0...0.9))],
    columns: [
      .init("", .members(of: "place")), .init("club", .count), .init("size", .count), .init("relative"),
      .init("slope"), .init("t"),
    ], dropsGaps: false
  ) { input in
    let panel = Panel(input)
    var output = KernelOutput(columns: (0..<5).map { _ in KernelValues([]) }, texts: [[]], notes: panel.notes)
    let complete = panel.values.indices.filter { panel.values[$0].allSatisfy { ($0 ?? 0) > 0 } }
    if complete.count < panel.values.count {
      output.notes.append(
        "\(panel.values.count - complete.count) places without a value above 0 in every year are left out")
    }
    guard complete.count > 1 else {
      output.notes.append("missing: there are no two places to compare")
      return output
    }
    let values = Matrix(rows: complete.map { panel.values[$0].compactMap { $0 } })
    let skipped = input.number("skipped", default: 0.3)
    guard let all = ClubConvergence.test(values, members: Array(complete.indices), skipped: skipped) else {
      output.notes.append(
        "missing: the test needs four years after the first part is left out (here \(panel.years.count) years in all), and places that differ"
      )
      return output
    }
    output.notes.append(
      "all places together: t \(all.t.short), slope \(all.slope.short): they \(all.t > -1.65 ? "converge" : "do not converge")"
    )
    let found = try ClubConvergence.clubs(values, skipped: skipped, checkpoint: input.checkpoint)
    if !found.rest.isEmpty {
      output.notes.append("\(found.rest.count) places converge with nobody: club 0, without a test")
    }
    let last = values.columnCount - 1
    let mean = (0..<values.rowCount).reduce(0) { $0 + values[$1, last] } / Double(values.rowCount)
    for (number, club) in (found.clubs + (found.rest.isEmpty ? [] : [found.rest])).enumerated() {
      let isClub = number < found.clubs.count
      let test = ClubConvergence.test(values, members: club, skipped: skipped)
      for place in club {
        output.texts[0].append(panel.places[complete[place]])
        output.columns[0].append(isClub ? Double(number + 1) : 0)
        output.columns[1].append(Double(club.count))
        output.columns[2].append(values[place, last] / mean)
        output.columns[3].append(isClub ? test?.slope : nil)
        output.columns[4].append(isClub ? test?.t : nil)
      }
    }
    return output
  },
]

/// Values of places by year, out of a long table.
struct Panel {
  /// In the order of the table.
  let places: [String]
  /// Sorted.
  let years: [String]
  /// One row per place.
  let values: [[Double?]]
  let notes: [String]

  init(_ input: KernelInput) {
    let (placeNames, yearNames) = (input.texts["place"] ?? [], input.texts["year"] ?? [])
    var (position, places) = ([String: Int](), [String]())
    for name in placeNames where position[name] == nil {
      position[name] = places.count
      places.append(name)
    }
    let years = Set(yearNames).sorted()
    let column = Dictionary(uniqueKeysWithValues: years.enumerated().map { ($0.element, $0.offset) })
    var values = [[Double?]](repeating: [Double?](repeating: nil, count: years.count), count: places.count)
    var repeated = 0
    for row in placeNames.indices {
      guard let place = position[placeNames[row]], row < yearNames.count, let year = column[yearNames[row]] else {
        continue
      }
      if values[place][year] != nil { repeated += 1 }
      values[place][year] = input.values("value")[row]
    }
    self.places = places
    self.years = years
    self.values = values
    notes = repeated > 0 ? ["\(repeated) rows repeat a place and year: the last one counts"] : []
  }
}
